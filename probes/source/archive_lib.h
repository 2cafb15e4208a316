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

#include <sys/types.h>

#include <archive.h>
#include <archive_entry.h>

/* What we call: type, name without "archive_" before it, parameters. Written out, since not every compiler has `typeof`; one that has
 * looks that they are those of libarchive (archive_lib.c). */
#define MD_ARCHIVE_FUNCTIONS(X)                                                                                        \
    X(mode_t, entry_filetype, (struct archive_entry *))                                                                \
    X(void, entry_free, (struct archive_entry *))                                                                      \
    X(const char *, entry_hardlink, (struct archive_entry *))                                                          \
    X(int, entry_is_encrypted, (struct archive_entry *))                                                               \
    X(time_t, entry_mtime, (struct archive_entry *))                                                                   \
    X(int, entry_mtime_is_set, (struct archive_entry *))                                                               \
    X(struct archive_entry *, entry_new, (void))                                                                       \
    X(const char *, entry_pathname, (struct archive_entry *))                                                          \
    X(const char *, entry_pathname_utf8, (struct archive_entry *))                                                     \
    X(void, entry_set_filetype, (struct archive_entry *, unsigned int))                                                \
    X(void, entry_set_mtime, (struct archive_entry *, time_t, long))                                                   \
    X(void, entry_set_pathname, (struct archive_entry *, const char *))                                                \
    X(void, entry_set_perm, (struct archive_entry *, mode_t))                                                          \
    X(void, entry_set_size, (struct archive_entry *, la_int64_t))                                                      \
    X(const char *, error_string, (struct archive *))                                                                  \
    X(la_int64_t, filter_bytes, (struct archive *, int))                                                               \
    X(la_ssize_t, read_data, (struct archive *, void *, size_t))                                                       \
    X(int, read_data_block, (struct archive *, const void **, size_t *, la_int64_t *))                                 \
    X(int, read_free, (struct archive *))                                                                              \
    X(struct archive *, read_new, (void))                                                                              \
    X(int, read_next_header, (struct archive *, struct archive_entry **))                                              \
    X(int, read_open,                                                                                                  \
      (struct archive *, void *, archive_open_callback *, archive_read_callback *, archive_close_callback *))          \
    X(int, read_open_fd, (struct archive *, int, size_t))                                                              \
    X(int, read_open_filename, (struct archive *, const char *, size_t))                                               \
    X(int, read_open_memory, (struct archive *, const void *, size_t))                                                 \
    X(int, read_set_option, (struct archive *, const char *, const char *, const char *))                              \
    X(int, read_support_filter_bzip2, (struct archive *))                                                              \
    X(int, read_support_filter_compress, (struct archive *))                                                           \
    X(int, read_support_filter_gzip, (struct archive *))                                                               \
    X(int, read_support_filter_lz4, (struct archive *))                                                                \
    X(int, read_support_filter_lzip, (struct archive *))                                                               \
    X(int, read_support_filter_lzma, (struct archive *))                                                               \
    X(int, read_support_filter_xz, (struct archive *))                                                                 \
    X(int, read_support_filter_zstd, (struct archive *))                                                               \
    X(int, read_support_format_7zip, (struct archive *))                                                               \
    X(int, read_support_format_cpio, (struct archive *))                                                               \
    X(int, read_support_format_empty, (struct archive *))                                                              \
    X(int, read_support_format_raw, (struct archive *))                                                                \
    X(int, read_support_format_tar, (struct archive *))                                                                \
    X(int, read_support_format_zip, (struct archive *))                                                                \
    X(void, set_error, (struct archive *, int, const char *, ...))                                                     \
    X(int, write_add_filter_bzip2, (struct archive *))                                                                 \
    X(int, write_add_filter_gzip, (struct archive *))                                                                  \
    X(int, write_add_filter_none, (struct archive *))                                                                  \
    X(int, write_add_filter_xz, (struct archive *))                                                                    \
    X(int, write_add_filter_zstd, (struct archive *))                                                                  \
    X(int, write_close, (struct archive *))                                                                            \
    X(la_ssize_t, write_data, (struct archive *, const void *, size_t))                                                \
    X(int, write_finish_entry, (struct archive *))                                                                     \
    X(int, write_free, (struct archive *))                                                                             \
    X(int, write_header, (struct archive *, struct archive_entry *))                                                   \
    X(struct archive *, write_new, (void))                                                                             \
    X(int, write_open,                                                                                                 \
      (struct archive *, void *, archive_open_callback *, archive_write_callback *, archive_close_callback *))         \
    X(int, write_set_bytes_in_last_block, (struct archive *, int))                                                     \
    X(int, write_set_filter_option, (struct archive *, const char *, const char *, const char *))                      \
    X(int, write_set_format_gnutar, (struct archive *))                                                                \
    X(int, write_set_format_raw, (struct archive *))                                                                   \
    X(int, write_set_format_zip, (struct archive *))

struct md_archive_lib {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a name and a list of parameters are declared with it */
#define MD_ARCHIVE_MEMBER(type, name, parameters) type(*(name)) parameters;
    MD_ARCHIVE_FUNCTIONS(MD_ARCHIVE_MEMBER)
#undef MD_ARCHIVE_MEMBER
};

/* NULL: it is not installed, or lacks a function. */
const struct md_archive_lib *md_archive_lib(void);
/* read_next_header, and that names which do not say their character set are bytes. Both take UTF-8 for the character set of the locale
 * whatever it is: libarchive gives no name at all where that lacks a letter of it, and asks for it once per archive. */
int md_archive_next_header(struct archive *archive, struct archive_entry **ret);
void md_archive_names_are_bytes(struct archive *archive);

#endif
