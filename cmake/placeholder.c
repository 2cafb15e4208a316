/* Stands for the sources of a folder that has none yet: see md_library() in cmake/MdLibrary.cmake. */
typedef int md_placeholder;
