# Libraries of others, as imported targets: their headers count as system headers, so their warnings are not ours.

find_package(PkgConfig REQUIRED)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.10)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat>=2.4)
pkg_search_module(LUA REQUIRED IMPORTED_TARGET lua5.4 lua-5.4 lua54)
pkg_check_modules(EDIT IMPORTED_TARGET libedit)      # without it the wizard's prompt has no line editing
pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)    # only for tests

# Rules that are compiled at build time can be read only by the Lua that compiled them, so the program takes that one along. A static
# Lua is not everywhere: then the shared one, and rules are compiled at every start.
find_library(MD_LUA_ARCHIVE NAMES liblua5.4.a liblua-5.4.a liblua54.a HINTS ${LUA_LIBDIR} ${LUA_LIBRARY_DIRS})
option(MD_STATIC_LUA "Take a copy of Lua along, where there is a static one" ON)
add_library(md_lua INTERFACE)
if(MD_LUA_ARCHIVE AND MD_STATIC_LUA)
  set(MD_LUA_IS_STATIC ON)
  target_include_directories(md_lua SYSTEM INTERFACE ${LUA_INCLUDE_DIRS})
  target_link_libraries(md_lua INTERFACE "${MD_LUA_ARCHIVE}" m ${CMAKE_DL_LIBS})
else()
  set(MD_LUA_IS_STATIC OFF)
  target_link_libraries(md_lua INTERFACE PkgConfig::LUA)
endif()
