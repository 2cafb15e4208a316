/*
 * engine/base/bug: our own mistakes, never bad input.
 *
 * MD_BUG        prints source file, line and a message to standard error and aborts
 * MD_MUST_CHECK marks a function whose result the caller may not ignore
 * MD_PRINTF     lets the compiler check a format where it can
 */
#ifndef ENGINE_BASE_BUG_H
#define ENGINE_BASE_BUG_H

#if defined(__GNUC__) || defined(__clang__)
#define MD_MUST_CHECK __attribute__((warn_unused_result))
#define MD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define MD_MUST_CHECK
#define MD_PRINTF(fmt, args)
#endif

#define MD_BUG(...) md_bug(__FILE__, __LINE__, __VA_ARGS__)

_Noreturn void md_bug(const char *file, int line, const char *fmt, ...) MD_PRINTF(3, 4);

#endif
