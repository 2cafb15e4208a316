# md_embed_rules(<target> <folder>): the static library <target> with every *.lua and *.yaml under <folder> as text, see
# engine/embedded.h. The generator is a C program of one file; where the program holds its own copy of Lua, the generator
# compiles the rules with the same one.
function(md_embed_rules target folder)
  add_executable(md_embed "${PROJECT_SOURCE_DIR}/cmake/md_embed.c")
  if(MD_LUA_IS_STATIC AND NOT CMAKE_CROSSCOMPILING)
    target_compile_definitions(md_embed PRIVATE MD_EMBED_CODE)
    target_link_libraries(md_embed PRIVATE md_lua)
  endif()
  md_embed_texts(${target} "${folder}" rules "*.lua" "*.yaml")
endfunction()

# md_embed_texts(<target> <folder> <name> <pattern>...): the static library <target> with the files under <folder> that match, as
# md_embedded_<name>.
function(md_embed_texts target folder name)
  list(TRANSFORM ARGN PREPEND "${folder}/" OUTPUT_VARIABLE patterns)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${folder}" ${patterns})
  list(SORT files)    # by bytes
  list(JOIN files "\n" names)
  set(list "${CMAKE_CURRENT_BINARY_DIR}/${target}.list")
  file(CONFIGURE OUTPUT "${list}" CONTENT "${names}\n" @ONLY)
  list(TRANSFORM files PREPEND "${folder}/")
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${target}.c")
  add_custom_command(
    OUTPUT "${out}"
    COMMAND md_embed "${folder}" "${list}" "${out}" ${name}
    DEPENDS md_embed "${list}" ${files}
    COMMENT "Embedding the ${name}"
    VERBATIM)
  add_library(${target} STATIC "${out}")
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
  md_layer(${target} "${folder}")
endfunction()
