/*
 * probes/source/utf16: text in UTF-16, as Windows saves what is pasted into a file, given as UTF-8: with its mark in
 * front, or the smaller half first and nothing but plain letters at the beginning.
 *
 * Halves of pairs that stand alone become U+FFFD; half of a unit at the end is dropped. Constant memory.
 */
#ifndef PROBES_SOURCE_UTF16_H
#define PROBES_SOURCE_UTF16_H

#include <stdbool.h>

#include "engine/base/str.h"
#include "probes/source/stream.h"

/* Whether a file begins so; of one without a mark MD_STREAM_HEAD bytes are looked at, sixteen at least. */
bool md_utf16_is(struct md_str head);
/* `head`: the first bytes (with the mark), which were read from `inner` already; copied. `inner` is stolen. */
struct md_stream *md_utf16_stream(struct md_stream *inner, struct md_str head);

#endif
