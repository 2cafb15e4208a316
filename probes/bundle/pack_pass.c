/* A large member of an archive, read by passing over the archive again. */
#include "probes/bundle/pack_door.h"

struct md_pack_pass {
    struct md_pack_door door;
    const struct md_member *inside; /* the archive that it goes over; NULL: the pack itself */
    size_t next;                    /* ordinal of the next member */
    uint64_t at;                    /* bytes of the members before it */
};

struct member_stream {
    struct md_stream base;
    struct md_pack *pack;
    struct md_pack_pass *pass;
    const char *block;
    size_t block_n;
    uint64_t left; /* of what the index says, which may have stopped at a limit */
    bool has_failed;
};

static void free_pass(struct md_pack_pass *pass)
{
    if (pass == NULL)
        return;
    md_pack_door_close(&pass->door);
    free(pass);
}

/* Closing a pass over an archive inside leaves the one over the archive around it idle. */
void md_pack_archive_close(struct md_pack *pack)
{
    struct md_pack_pass *pass;

    while ((pass = pack->idle) != NULL) {
        pack->idle = NULL;
        free_pass(pass);
    }
}

/* The idle pass if it has not come to the member yet, else a new one. */
static enum md_status take_pass(struct md_pack *pack, const struct md_member *member, struct md_pack_pass **ret)
{
    struct md_pack_pass *pass = pack->idle;
    enum md_status status;

    if (pass != NULL && pass->inside == member->inside && pass->next <= member->ordinal) {
        pack->idle = NULL;
    } else {
        pass = md_xcalloc(1, sizeof *pass);
        pass->inside = member->inside;
        status = md_pack_door_open(pack, member->inside, &pass->door);
        if (status < 0) {
            free(pass);
            return status;
        }
    }
    status = md_pack_pass_over(pack, member->start - pass->at);
    if (status < 0) {
        free_pass(pass);
        return status;
    }
    *ret = pass;
    return MD_OK;
}

static ptrdiff_t member_read(struct md_stream *stream, void *buffer, size_t size)
{
    struct member_stream *self = (struct member_stream *)stream;
    size_t n;

    if (self->left == 0)
        return 0;
    while (self->block_n == 0) {
        const void *block;
        la_int64_t offset;
        int result = md_archive_lib()->read_data_block(self->pass->door.archive, &block, &self->block_n, &offset);

        if (result == ARCHIVE_EOF)
            return 0;
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            self->has_failed = true;
            return MD_BAD_INPUT;
        }
        self->block = block;
    }
    n = self->block_n < size ? self->block_n : size;
    n = n < self->left ? n : (size_t)self->left;
    memcpy(buffer, self->block, n);
    self->block += n;
    self->block_n -= n;
    self->left -= n;
    return (ptrdiff_t)n;
}

static void member_close(struct md_stream *stream)
{
    struct member_stream *self = (struct member_stream *)stream;

    if (self->has_failed) {
        free_pass(self->pass);
    } else {
        md_pack_archive_close(self->pack);
        self->pack->idle = self->pass;
    }
    free(self);
}

enum md_status md_pack_archive_stream(struct md_pack *pack, const struct md_member *member, struct md_stream **ret)
{
    struct member_stream *self;
    struct archive_entry *entry;
    struct md_pack_pass *pass;
    enum md_status status = take_pass(pack, member, &pass);

    if (status < 0)
        return status;
    for (; pass->next <= member->ordinal; pass->next++) {
        int result = md_archive_next_header(pass->door.archive, &entry);

        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            free_pass(pass);
            return MD_BAD_INPUT;
        }
    }
    pass->at = member->start + member->size;
    self = md_xcalloc(1, sizeof *self);
    self->base = (struct md_stream){.read = member_read, .close = member_close};
    self->pack = pack;
    self->pass = pass;
    self->left = member->size;
    *ret = &self->base;
    return MD_OK;
}
