/*
 * probes/source/archive_lib: libarchive, loaded when the first archive or compressed file is opened.
 *
 * It brings a dozen libraries along, those of ICU, XML and C++ among them. To load them at the start took half of the time of
 * a diagnosis from gathered facts, and most runs open no archive. Where the platform is not known to allow it, the library
 * is linked as any other.
 *
 * Ownership  static, never unloaded. Threads: none, as all of the source.
 */
#ifndef PROBES_SOURCE_ARCHIVE_LIB_H
#define PROBES_SOURCE_ARCHIVE_LIB_H

#include <archive.h>
#include <archive_entry.h>

/* What we call, without "archive_" before it. */
#define MD_ARCHIVE_FUNCTIONS(X)                                                                                        \
    X(entry_filetype)                                                                                                  \
    X(entry_free)                                                                                                      \
    X(entry_hardlink)                                                                                                  \
    X(entry_is_encrypted)                                                                                              \
    X(entry_mtime)                                                                                                     \
    X(entry_mtime_is_set)                                                                                              \
    X(entry_new)                                                                                                       \
    X(entry_pathname)                                                                                                  \
    X(entry_pathname_utf8)                                                                                             \
    X(entry_set_filetype)                                                                                              \
    X(entry_set_mtime)                                                                                                 \
    X(entry_set_pathname)                                                                                              \
    X(entry_set_perm)                                                                                                  \
    X(entry_set_size)                                                                                                  \
    X(error_string)                                                                                                    \
    X(filter_bytes)                                                                                                    \
    X(read_data)                                                                                                       \
    X(read_data_block)                                                                                                 \
    X(read_free)                                                                                                       \
    X(read_new)                                                                                                        \
    X(read_next_header)                                                                                                \
    X(read_open)                                                                                                       \
    X(read_open_fd)                                                                                                    \
    X(read_open_filename)                                                                                              \
    X(read_set_option)                                                                                                 \
    X(read_support_filter_bzip2)                                                                                       \
    X(read_support_filter_compress)                                                                                    \
    X(read_support_filter_gzip)                                                                                        \
    X(read_support_filter_lz4)                                                                                         \
    X(read_support_filter_lzip)                                                                                        \
    X(read_support_filter_lzma)                                                                                        \
    X(read_support_filter_xz)                                                                                          \
    X(read_support_filter_zstd)                                                                                        \
    X(read_support_format_7zip)                                                                                        \
    X(read_support_format_cpio)                                                                                        \
    X(read_support_format_empty)                                                                                       \
    X(read_support_format_raw)                                                                                         \
    X(read_support_format_tar)                                                                                         \
    X(read_support_format_zip)                                                                                         \
    X(set_error)                                                                                                       \
    X(write_add_filter_bzip2)                                                                                          \
    X(write_add_filter_gzip)                                                                                           \
    X(write_add_filter_none)                                                                                           \
    X(write_add_filter_xz)                                                                                             \
    X(write_add_filter_zstd)                                                                                           \
    X(write_close)                                                                                                     \
    X(write_data)                                                                                                      \
    X(write_finish_entry)                                                                                              \
    X(write_free)                                                                                                      \
    X(write_header)                                                                                                    \
    X(write_new)                                                                                                       \
    X(write_open)                                                                                                      \
    X(write_set_bytes_in_last_block)                                                                                   \
    X(write_set_filter_option)                                                                                         \
    X(write_set_format_gnutar)                                                                                         \
    X(write_set_format_raw)                                                                                            \
    X(write_set_format_zip)

struct md_archive_lib {
#define MD_ARCHIVE_MEMBER(name) __typeof__(archive_##name) *(name);
    MD_ARCHIVE_FUNCTIONS(MD_ARCHIVE_MEMBER)
#undef MD_ARCHIVE_MEMBER
};

/* NULL: it is not installed, or lacks a function. */
const struct md_archive_lib *md_archive_lib(void);

#endif
