/* Archives. */
#include "probes/bundle/pack_door.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/base/display.h"
#include "engine/base/time.h"

#define BYTES_MAX (UINT64_C(1) << 42) /* 4 TiB of members */
#define NAMES_MAX ((size_t)64 << 20)  /* bytes of all names */
#define SECONDS_MAX 600               /* that reading an archive over may take */
#define COMPLAINTS_MAX 40             /* of one kind are listed by name */
#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number

enum trouble { NAMELESS, DOTS, DEEP, LINK, SPECIAL, SECRET, TWICE, DOUBT, TROUBLES };

static const char *const trouble_says[TROUBLES] = {
    [NAMELESS] = "a name that cannot be read",
    [DOTS] = "a name with \"..\" is not read",
    [DEEP] = "a name of more than " TEXT(MD_PACK_NAME_MAX) " bytes or " TEXT(MD_PACK_DEPTH_MAX) " folders is not read",
    [LINK] = "a link in an archive is not followed",
    [SPECIAL] = "a device or pipe in an archive is not read",
    [SECRET] = "an encrypted member cannot be read",
    [TWICE] = "the name occurs twice in the archive; the last one is read",
    [DOUBT] = "its check sum or size is not what the archive says: it may be damaged",
};

struct indexing {
    struct md_pack *pack;
    const struct md_pack_door *door;
    struct archive *archive; /* of the door */
    const struct md_source_options *options;
    struct md_diags *diags;
    const struct md_member *inside; /* the member that is the archive, or NULL */
    const char *path;               /* of the archive, for messages */
    uint64_t bytes;                 /* of members, so far */
    uint64_t file_size;
    size_t troubles[TROUBLES];
    char *buffer;      /* MD_PACK_HELD_EACH and one byte */
    double until;      /* as `seconds` counts */
    const char *limit; /* why nothing more is read, or NULL */
};

static void trouble(struct indexing *self, enum trouble what, struct md_str name)
{
    if (++self->troubles[what] > COMPLAINTS_MAX)
        return;
    if (self->inside != NULL && !md_str_has_prefix(name, self->inside->name))
        name = md_str(md_arena_printf(self->pack->arena, "%.*s/%.*s", MD_STR_ARG(self->inside->name),
                                      MD_STR_ARG(md_str_sub(name, 0, MD_PACK_NAME_MAX))));
    md_diags_add(self->diags, what == LINK || what == SPECIAL ? MD_NOTE : MD_WARNING,
                 (struct md_loc){md_display_max(self->pack->arena, name, 300), 0, 0}, "%s", trouble_says[what]);
}

/* Strips "/" and "./" in front and "/" at the end. */
static bool clean_name(struct indexing *self, struct md_str *name, bool *ret_is_absolute)
{
    struct md_str whole = *name, rest, part;
    size_t depth = 0;

    *ret_is_absolute = name->n > 0 && *name->p == '/';
    while (md_str_skip_prefix(name, MD_LIT("/")) || md_str_skip_prefix(name, MD_LIT("./")))
        ;
    while (name->n > 0 && name->p[name->n - 1] == '/')
        name->n--;
    if (name->n == 0 || md_str_is(*name, "."))
        return false;
    for (rest = *name; md_str_split(&rest, '/', &part); depth++)
        if (md_str_is(part, "..")) {
            trouble(self, DOTS, whole);
            return false;
        }
    if (depth > MD_PACK_DEPTH_MAX || name->n >= MD_PACK_NAME_MAX) {
        trouble(self, DEEP, whole);
        return false;
    }
    return true;
}

static double seconds(void)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Whether one of the limits of all of the archive is reached; says which. */
static bool is_too_much(struct indexing *self)
{
    la_int64_t read = md_archive_lib()->filter_bytes(self->archive, -1);
    uint64_t taken = read > 0 ? (uint64_t)read : 1;

    /* Members of a zip may overlap, so that the same bytes are read again and again. */
    if (self->file_size > 0 && taken > self->file_size)
        taken = self->file_size;
    if (self->pack->unpacked > BYTES_MAX)
        self->limit =
            md_arena_printf(self->pack->arena, "the archive unpacks to more than %" PRIu64 " GiB", BYTES_MAX >> 30);
    else if (self->bytes > MD_STREAM_BOMB_BYTES && self->bytes / MD_STREAM_BOMB_RATIO > taken)
        self->limit =
            md_arena_printf(self->pack->arena,
                            "the archive unpacks to more than %d times its size (%" PRIu64 " MiB of %" PRIu64 " KiB)",
                            MD_STREAM_BOMB_RATIO, self->bytes >> 20, taken >> 10);
    else if (self->pack->names > NAMES_MAX)
        self->limit =
            md_arena_printf(self->pack->arena, "the names in the archive take more than %zu MiB", NAMES_MAX >> 20);
    else if (seconds() > self->until)
        self->limit =
            md_arena_printf(self->pack->arena, "reading the archive took more than %.3g s",
                            self->options->archive_seconds > 0 ? self->options->archive_seconds : SECONDS_MAX);
    return self->limit != NULL;
}

/* Keeps the last MD_PACK_TAIL bytes of a stream. */
struct tail {
    char bytes[2 * MD_PACK_TAIL];
    size_t n;
};

static void keep_tail(struct tail *tail, const char *p, size_t n)
{
    if (n >= MD_PACK_TAIL) {
        memcpy(tail->bytes, p + n - MD_PACK_TAIL, MD_PACK_TAIL);
        tail->n = MD_PACK_TAIL;
        return;
    }
    if (tail->n + n > sizeof tail->bytes) {
        memmove(tail->bytes, tail->bytes + tail->n - MD_PACK_TAIL, MD_PACK_TAIL);
        tail->n = MD_PACK_TAIL;
    }
    memcpy(tail->bytes + tail->n, p, n);
    tail->n += n;
}

/* Keeps what is in the buffer: all of the member if it is small and there is room, else its ends. */
static void keep(struct indexing *self, struct md_member *member, size_t kept, const struct tail *tail)
{
    bool has_room = self->pack->ends < MD_PACK_ENDS_ALL;
    size_t most = has_room ? MD_PACK_HEAD : MD_PACK_HEAD_LEAST;

    if (kept == member->size && self->pack->held + kept <= MD_PACK_HELD_ALL) {
        self->pack->held += kept;
    } else {
        kept = kept < most ? kept : most;
        self->pack->ends += kept;
    }
    member->head = md_arena_str(self->pack->arena, md_str_n(self->buffer, kept));
    member->is_held = kept == member->size;
    if (!member->is_held && has_room) {
        size_t cut = tail->n > MD_PACK_TAIL ? tail->n - MD_PACK_TAIL : 0;

        member->tail = md_arena_str(self->pack->arena, md_str_n(tail->bytes + cut, tail->n - cut));
        self->pack->ends += tail->n - cut;
    }
}

/* Reads a member over: whole where it is small, else its ends. */
static enum md_status read_member(struct indexing *self, struct md_member *member)
{
    struct tail tail = {.n = 0};
    uint64_t size = 0;
    size_t kept = 0;
    const void *block;
    size_t n;
    la_int64_t offset;
    int result;
    enum md_status status = MD_OK;
    bool is_doubtful = false;

    while ((result = md_archive_lib()->read_data_block(self->archive, &block, &n, &offset)) == ARCHIVE_OK ||
           result == ARCHIVE_WARN) {
        is_doubtful |= result == ARCHIVE_WARN;
        if (n == 0)
            continue;
        size += n;
        self->bytes += n;
        self->pack->unpacked += n;
        if (kept < MD_PACK_HELD_EACH) {
            size_t part = n < MD_PACK_HELD_EACH - kept ? n : MD_PACK_HELD_EACH - kept;

            memcpy(self->buffer + kept, block, part);
            kept += part;
        }
        keep_tail(&tail, block, n);
        if (self->options->interrupted != NULL && *self->options->interrupted != 0) {
            status = MD_INTERRUPTED;
            break;
        }
        if (is_too_much(self)) {
            status = MD_LIMIT;
            break;
        }
        if (self->options->progress != NULL)
            self->options->progress(self->options->progress_ctx, "reading the archive",
                                    (uint64_t)md_archive_lib()->filter_bytes(self->archive, -1), self->file_size);
    }
    if (is_doubtful)
        trouble(self, DOUBT, member->name);
    if (status == MD_OK && result != ARCHIVE_EOF)
        status = MD_BAD_INPUT;
    /* A member that breaks off is good for what was read. */
    member->size = size;
    keep(self, member, kept, &tail);
    return status;
}

static enum md_status index_entry(struct indexing *self, struct archive_entry *entry, size_t ordinal)
{
    const char *raw = md_archive_lib()->entry_pathname(entry);
    struct md_str name;
    struct md_member *member;
    bool is_absolute;
    mode_t type = md_archive_lib()->entry_filetype(entry);

    if (raw == NULL) /* not of this locale's character set */
        raw = md_archive_lib()->entry_pathname_utf8(entry);
    if (raw == NULL) {
        trouble(self, NAMELESS, md_str(self->path));
        return MD_OK;
    }
    name = md_str(raw);
    if (!clean_name(self, &name, &is_absolute))
        return MD_OK;
    if (md_archive_lib()->entry_hardlink(entry) != NULL || type == AE_IFLNK) {
        trouble(self, LINK, name);
        return MD_OK;
    }
    if (type != AE_IFREG && type != AE_IFDIR) {
        trouble(self, SPECIAL, name);
        return MD_OK;
    }
    if (self->inside != NULL)
        name =
            md_str(md_arena_printf(self->pack->arena, "%.*s/%.*s", MD_STR_ARG(self->inside->name), MD_STR_ARG(name)));
    self->pack->names += name.n;
    if (is_too_much(self))
        return MD_LIMIT;
    member = md_pack_add(self->pack, name);
    member->is_dir = type == AE_IFDIR;
    member->is_absolute = is_absolute;
    member->inside = self->inside;
    member->ordinal = ordinal;
    member->start = self->bytes;
    if (md_archive_lib()->entry_mtime_is_set(entry)) {
        la_int64_t seconds = (la_int64_t)md_archive_lib()->entry_mtime(entry);

        if (seconds > 0 && seconds < INT64_C(253402300800))
            member->mtime = seconds * MD_SECOND;
    }
    if (member->is_dir)
        return MD_OK;
    if (md_archive_lib()->entry_is_encrypted(entry)) {
        trouble(self, SECRET, name);
        member->status = MD_UNSUPPORTED;
        return MD_OK;
    }
    return read_member(self, member);
}

/* Of equal names the last stays. */
static void drop_duplicates(struct indexing *self)
{
    struct md_pack *pack = self->pack;
    size_t kept = 0;

    md_pack_sort(pack);
    for (size_t i = 0; i < pack->n; i++) {
        if (i + 1 < pack->n && md_str_eq(pack->members[i].name, pack->members[i + 1].name)) {
            if (!pack->members[i].is_dir)
                trouble(self, TWICE, pack->members[i].name);
            continue;
        }
        pack->members[kept++] = pack->members[i];
    }
    pack->n = kept;
}

static enum md_status index_all(struct indexing *self)
{
    enum md_status status = MD_OK;
    struct archive_entry *entry;
    size_t ordinal = 0;
    bool is_whole = false;

    while (status == MD_OK) {
        int result = md_archive_next_header(self->archive, &entry);

        is_whole = result == ARCHIVE_EOF;
        if (is_whole)
            break;
        if (result == ARCHIVE_FATAL || result == ARCHIVE_FAILED || result == ARCHIVE_RETRY) {
            if (ordinal == 0)
                return MD_BAD_INPUT;
            md_diags_add(self->diags, MD_WARNING, (struct md_loc){self->path, 0, 0},
                         "the archive is cut off or damaged after %zu entries; what comes before is used", ordinal);
            break;
        }
        if (ordinal >= MD_PACK_MEMBERS_MAX || self->pack->n >= MD_PACK_MEMBERS_MAX) {
            md_diags_add(self->diags, MD_WARNING, (struct md_loc){self->path, 0, 0},
                         "the archive has more than %d entries; the rest is not looked at", MD_PACK_MEMBERS_MAX);
            break;
        }
        status = index_entry(self, entry, ordinal++);
    }
    if (status == MD_LIMIT)
        md_diags_add(self->diags, MD_WARNING, (struct md_loc){self->path, 0, 0}, "%s; the rest is not looked at",
                     self->limit);
    if (status == MD_BAD_INPUT)
        md_diags_add(self->diags, MD_WARNING, (struct md_loc){self->path, 0, 0},
                     "the archive is cut off or damaged inside entry %zu; what was readable is used", ordinal);
    if (is_whole)
        md_pack_zip_compare(self->door, self->inside != NULL && self->inside->is_held ? self->inside->head : md_str(""),
                            ordinal, self->path, self->diags);
    return MD_OK;
}

/* All of an archive: the members of a pack that is one, or more members of a pack that holds one. */
static enum md_status add_archive(struct indexing *self)
{
    struct md_pack_door door;
    enum md_status status = md_pack_door_open(self->pack, self->inside, &door);
    struct stat st;

    if (status < 0)
        return status;
    if (door.fd >= 0 && fstat(door.fd, &st) == 0 && st.st_size > 0)
        self->file_size = (uint64_t)st.st_size;
    else if (self->inside != NULL && self->inside->size != UINT64_MAX)
        self->file_size = self->inside->size;
    self->until = seconds() + (self->options->archive_seconds > 0 ? self->options->archive_seconds : SECONDS_MAX);
    self->door = &door;
    self->archive = door.archive;
    self->buffer = md_xcalloc(MD_PACK_HELD_EACH + 1, 1);
    if ((status = index_all(self)) == MD_OK)
        drop_duplicates(self);
    free(self->buffer);
    self->door = NULL;
    md_pack_door_close(&door);
    return status;
}

enum md_status md_pack_open_archive(struct md_arena *arena, const char *path, const struct md_source_options *options,
                                    struct md_diags *diags, struct md_pack **ret)
{
    struct indexing self = {.options = options, .diags = diags};
    enum md_status status;

    self.pack = md_arena_alloc(arena, sizeof *self.pack);
    self.pack->arena = arena;
    self.pack->path = self.path = md_arena_cstr(arena, md_str(path));
    self.pack->is_archive = true;
    self.pack->fd = -1;
    status = add_archive(&self);
    if (status == MD_OK)
        *ret = self.pack;
    return status;
}

enum md_status md_pack_index_inside(struct md_pack *pack, const struct md_member *archive,
                                    const struct md_source_options *options, struct md_diags *diags)
{
    struct indexing self = {.pack = pack, .options = options, .diags = diags, .inside = archive};

    self.path = md_display_max(pack->arena, archive->name, 300);
    return add_archive(&self);
}
