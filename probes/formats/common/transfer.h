/*
 * probes/formats/common/transfer: text and files as mail carries them, decoded: base64, quoted-printable, format=flowed.
 *
 * Pure. Output in the arena, never longer than the input but for a NUL behind it. What is not of the coding stays as
 * it is (quoted-printable) or is left out (base64); there are no errors.
 */
#ifndef PROBES_FORMATS_COMMON_TRANSFER_H
#define PROBES_FORMATS_COMMON_TRANSFER_H

#include <stdbool.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct md_str md_transfer_base64(struct md_arena *arena, struct md_str text);
struct md_str md_transfer_quoted_printable(struct md_arena *arena, struct md_str text);
/* Whether text without a header that says so is quoted-printable: each "=" ends a line or stands for a byte that this
 * coding must write so, at least one of them is a "=" or a fold, and no line is longer than the coding allows. */
bool md_transfer_is_quoted_printable(struct md_str head);
/* Lines that end with a blank go on in the next one, of the same depth of quoting (RFC 3676). `deletes_blank`: DelSp=yes. */
struct md_str md_transfer_flowed(struct md_arena *arena, struct md_str text, bool deletes_blank);

#endif
