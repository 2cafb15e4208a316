/* Shared by df.c (tables) and df_paragraph.c. */
#ifndef PROBES_FORMATS_SYSTEM_DF_PRIV_H
#define PROBES_FORMATS_SYSTEM_DF_PRIV_H

#include "probes/formats/system/df.h"

/* What the lines of a paragraph have said so far. */
struct md_df_paragraph {
    unsigned known; /* bits of enum md_df_figure */
    uint64_t figures[8];
    bool is_unit_unknown; /* of blocks */
};
/* "/var (/dev/vg00/lvol8 ) : ..." begins one; what stands behind the colon is read, too. */
bool md_df_paragraph_begins(struct md_str line, struct md_df_paragraph *self, struct md_df_row *ret);
/* A further line of it. */
void md_df_paragraph_goes_on(struct md_str line, struct md_df_paragraph *self, struct md_df_row *row);
/* Works out the shares that are not printed. `has_used`: row->used is known. */
void md_df_row_shares(struct md_df_row *row, bool has_used);

#endif
