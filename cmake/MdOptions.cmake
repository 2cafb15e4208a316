# The target md_options: how every file of ours is compiled. Linked PRIVATE, so nothing of it leaks to users of a library.

option(MD_WERROR "warnings are errors" OFF)
option(MD_HARDEN "what the compiler and linker offer against exploits" OFF)
option(MD_LTO "optimise across files at link time, where the compiler can" OFF)
option(MD_FUZZ "build tests/fuzz as libFuzzer targets (Clang only)" OFF)
set(MD_SANITIZE "" CACHE STRING "sanitizers as a list, for instance address;undefined")

if(MD_HARDEN AND MD_SANITIZE)
  message(FATAL_ERROR "MD_HARDEN and MD_SANITIZE exclude each other: _FORTIFY_SOURCE hides what a sanitizer looks for")
endif()

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(md_options INTERFACE)
target_compile_definitions(md_options INTERFACE _POSIX_C_SOURCE=200809L)
if(CMAKE_SYSTEM_NAME STREQUAL "SunOS")
  # Without it the headers of Solaris and illumos hide parts of POSIX as soon as a strict standard is asked for.
  target_compile_definitions(md_options INTERFACE __EXTENSIONS__)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
  target_compile_definitions(md_options INTERFACE _DARWIN_C_SOURCE)
endif()

if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options(md_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wimplicit-fallthrough
    -Wdouble-promotion -fno-common
    "SHELL:-include ${PROJECT_SOURCE_DIR}/engine/base/banned.h")
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_compile_options(md_options INTERFACE -Wlogical-op -Wduplicated-cond)
    if(NOT MD_SANITIZE)    # its instrumentation makes the warning see paths that nobody wrote
      target_compile_options(md_options INTERFACE -Wnull-dereference)
    endif()
  endif()
  # GCC zeroes structures of some hundred bytes by "rep stos", whose start alone takes longer than the stores would: of reading a log
  # that was 8 % of the time. The binary runs on the same processors with it and without.
  include(CheckCCompilerFlag)
  set(md_memset -mmemset-strategy=unrolled_loop:256:noalign,libcall:-1:noalign)
  check_c_compiler_flag(${md_memset} MD_HAS_MEMSET_STRATEGY)
  if(MD_HAS_MEMSET_STRATEGY)
    target_compile_options(md_options INTERFACE ${md_memset})
  endif()
  if(MD_WERROR)
    target_compile_options(md_options INTERFACE -Werror)
  endif()
endif()

# The steps of reading a log are small functions in several files: inlined across them it takes 3 % fewer instructions.
if(MD_LTO)
  include(CheckIPOSupported)
  check_ipo_supported(RESULT md_has_ipo OUTPUT md_ipo_says LANGUAGES C)
  if(md_has_ipo)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  else()
    message(STATUS "MD_LTO: not with this compiler: ${md_ipo_says}")
  endif()
endif()

# Sanitizers and hardening must be the same in all object files, so they are set for the whole tree.
if(MD_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "MD_FUZZ needs Clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(MD_SANITIZE)
  string(REPLACE ";" "," md_sanitizers "${MD_SANITIZE}")
  add_compile_options(-fsanitize=${md_sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${md_sanitizers})
endif()
if(MD_HARDEN AND CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES C)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
  check_c_compiler_flag(-fstack-clash-protection MD_HAS_STACK_CLASH)
  if(MD_HAS_STACK_CLASH)
    add_compile_options(-fstack-clash-protection)
  endif()
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 12)
    add_compile_options(-ftrivial-auto-var-init=zero)
  endif()
  if(NOT CMAKE_SYSTEM_NAME MATCHES "SunOS|Darwin")
    add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  endif()
endif()
