#include "engine/base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/calendar.h"
#include "engine/base/num.h"
#include "engine/base/time.h"
#include "engine/base/zone_tzif.h"

#define FILE_MAX ((size_t)256 * 1024)
#define NAME_MAX_BYTES 100
#define LOCAL_MAX (INT64_MAX / 2)
#define STEPS_MAX 8 /* segments that a local time may lie away from the first guess */

struct md_zone {
    const char *name;
    struct md_tzif tzif;
};

/* A stretch of time with one offset: [from, until) in seconds UTC. */
struct segment {
    int64_t from, until;
    int32_t offset_s;
};

static const struct md_zone utc = {.name = "UTC"};

const struct md_zone *md_zone_utc(void)
{
    return &utc;
}

const struct md_zone *md_zone_fixed(struct md_arena *arena, int32_t offset_s)
{
    struct md_zone *zone;
    int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;

    if (offset_s == 0)
        return &utc;
    zone = md_arena_alloc(arena, sizeof *zone);
    zone->name = md_arena_printf(arena, "%c%02d:%02d", offset_s < 0 ? '-' : '+', (int)minutes / 60, (int)minutes % 60);
    zone->tzif.first_offset_s = offset_s;
    return zone;
}

const char *md_zone_name(const struct md_zone *zone)
{
    return zone->name;
}

enum md_status md_zone_parse(struct md_arena *arena, struct md_str name, struct md_str tzif, const struct md_zone **ret)
{
    struct md_zone *zone = md_arena_alloc(arena, sizeof *zone);
    enum md_status st = md_tzif_parse(arena, tzif, &zone->tzif);

    if (st < 0)
        return st;
    zone->name = md_arena_cstr(arena, name);
    *ret = zone;
    return MD_OK;
}

/* "+02:00", "-0500", "+02" */
static bool parse_offset(struct md_str s, int32_t *ret_s)
{
    bool is_west = md_str_skip_prefix(&s, MD_LIT("-"));
    struct md_str hours, minutes;
    uint64_t h, m = 0;

    if (!is_west && !md_str_skip_prefix(&s, MD_LIT("+")))
        return false;
    hours = md_str_sub(s, 0, 2);
    minutes = md_str_from(s, 2);
    (void)md_str_skip_prefix(&minutes, MD_LIT(":"));
    if (hours.n != 2 || md_num_all_u64(hours, 23, &h) < 0)
        return false;
    if (s.n > 2 && (minutes.n != 2 || md_num_all_u64(minutes, 59, &m) < 0))
        return false;
    *ret_s = (int32_t)(h * 3600 + m * 60) * (is_west ? -1 : 1);
    return true;
}

/* Parts of letters, digits and "_-+", separated by single slashes, so the name cannot lead out of the database. A comma
 * and a dot are for POSIX rules, which are never looked up as files. */
static bool is_name(struct md_str name)
{
    char before = '/';
    size_t i;

    if (name.n == 0 || name.n > NAME_MAX_BYTES)
        return false;
    for (i = 0; i < name.n; i++) {
        if (name.p[i] == '/' ? before == '/' : !md_is_alnum(name.p[i]) && strchr("_-+", name.p[i]) == NULL)
            return false;
        before = name.p[i];
    }
    return before != '/' && name.p[0] != '-' && name.p[0] != '+' && memchr(name.p, '\0', name.n) == NULL;
}

static enum md_status status_of_errno(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR: return MD_NOT_FOUND;
    case EACCES: return MD_NO_ACCESS;
    default: return MD_IO;
    }
}

static enum md_status read_file(struct md_arena *arena, const char *path, struct md_str *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    enum md_status st = MD_OK;
    struct stat info;
    size_t size = 0;
    ssize_t got;
    char *bytes;

    if (fd < 0)
        return status_of_errno();
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size < 0 || info.st_size > (off_t)FILE_MAX) {
        close(fd);
        return MD_NOT_FOUND;
    }
    bytes = md_arena_alloc(arena, (size_t)info.st_size);
    while (size < (size_t)info.st_size) {
        got = read(fd, bytes + size, (size_t)info.st_size - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            st = got < 0 ? MD_IO : MD_OK;
            break;
        }
        size += (size_t)got;
    }
    close(fd);
    *ret = md_str_n(bytes, size);
    return st;
}

static enum md_status load_file(struct md_arena *arena, struct md_str file, struct md_str name,
                                const struct md_zone **ret)
{
    static const char *const folders[] = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"};
    struct md_str bytes;
    enum md_status st = MD_NOT_FOUND;
    size_t i;

    for (i = 0; i < sizeof folders / sizeof *folders && st == MD_NOT_FOUND; i++)
        st = read_file(arena, md_arena_printf(arena, "%s/%.*s", folders[i], MD_STR_ARG(file)), &bytes);
    if (st < 0)
        return st;
    /* A file that is no zone ("zone.tab" is none by its dot, "posixrules" is one): there is no zone of that name. */
    return md_zone_parse(arena, name, bytes, ret) < 0 ? MD_NOT_FOUND : MD_OK;
}

/* Old names that newer systems keep in a package of their own, if at all. */
static struct md_str modern_name(struct md_str name)
{
    static const struct {
        const char *old, *modern;
    } names[] = {
        {"US/Eastern", "America/New_York"},
        {"US/Central", "America/Chicago"},
        {"US/Mountain", "America/Denver"},
        {"US/Pacific", "America/Los_Angeles"},
        {"US/Alaska", "America/Anchorage"},
        {"US/Hawaii", "Pacific/Honolulu"},
        {"US/Arizona", "America/Phoenix"},
        {"Canada/Eastern", "America/Toronto"},
        {"GB", "Europe/London"},
        {"Japan", "Asia/Tokyo"},
        {"Singapore", "Asia/Singapore"},
        {"Hongkong", "Asia/Hong_Kong"},
        {"Asia/Calcutta", "Asia/Kolkata"},
        {"Asia/Saigon", "Asia/Ho_Chi_Minh"},
        {"Europe/Kiev", "Europe/Kyiv"},
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is(name, names[i].old))
            return md_str(names[i].modern);
    return name;
}

enum md_status md_zone_load(struct md_arena *arena, struct md_str name, const struct md_zone **ret)
{
    struct md_tz_rule rule;
    struct md_zone *zone;
    int32_t offset_s;
    enum md_status st = MD_BAD_INPUT;

    if (md_str_is(name, "UTC") || md_str_is_nocase(name, "Z")) {
        *ret = &utc;
        return MD_OK;
    }
    if (parse_offset(name, &offset_s)) {
        *ret = md_zone_fixed(arena, offset_s);
        return MD_OK;
    }
    if (is_name(name)) {
        st = load_file(arena, name, name, ret);
        if (st == MD_NOT_FOUND)
            st = load_file(arena, modern_name(name), name, ret);
    }
    /* "EST5EDT" is a name in older databases and a rule everywhere. */
    if (st < 0 && name.n <= NAME_MAX_BYTES && md_tz_rule_parse(name, &rule) == MD_OK) {
        zone = md_arena_alloc(arena, sizeof *zone);
        zone->name = md_arena_cstr(arena, name);
        zone->tzif.first_offset_s = rule.standard_s;
        zone->tzif.has_rule = true;
        zone->tzif.rule = rule;
        *ret = zone;
        return MD_OK;
    }
    return st;
}

/* Narrows [from, until) by a change at `at` to `offset_s`. */
static void pass_change(struct segment *segment, int64_t utc_s, int64_t at, int32_t offset_s)
{
    if (at <= utc_s && at >= segment->from) {
        segment->from = at;
        segment->offset_s = offset_s;
    } else if (at > utc_s && at < segment->until) {
        segment->until = at;
    }
}

/* The stretch around an instant by the rule alone. */
static struct segment rule_segment(const struct md_tz_rule *rule, int64_t utc_s)
{
    struct segment segment = {INT64_MIN, INT64_MAX, rule->standard_s};
    int64_t year, begin, end;

    if (!rule->has_summer)
        return segment;
    /* The average year is close enough: the neighbours on both sides are looked at, too. */
    for (year = 1970 + md_floor_div(utc_s, 31556952) - 2; year <= 1970 + md_floor_div(utc_s, 31556952) + 2; year++) {
        md_tz_rule_year(rule, year, &begin, &end);
        /* Summer time all year round is written as ending when it begins again: the beginning counts. */
        pass_change(&segment, utc_s, end, rule->standard_s);
        pass_change(&segment, utc_s, begin, rule->summer_s);
    }
    return segment;
}

static struct segment segment_at(const struct md_zone *zone, int64_t utc_s)
{
    const struct md_tzif *tzif = &zone->tzif;
    struct segment segment = {INT64_MIN, INT64_MAX, tzif->first_offset_s};
    size_t low = 0, high = tzif->count, middle;
    struct segment by_rule;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (tzif->transitions[middle].at <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    /* `low` transitions are past. */
    if (low > 0) {
        segment.from = tzif->transitions[low - 1].at;
        segment.offset_s = tzif->transitions[low - 1].offset_s;
    }
    if (low < tzif->count) {
        segment.until = tzif->transitions[low].at;
    } else if (tzif->has_rule) {
        by_rule = rule_segment(&tzif->rule, utc_s);
        if (by_rule.from < segment.from)
            by_rule.from = segment.from;
        segment = by_rule;
    }
    return segment;
}

int32_t md_zone_offset_at(const struct md_zone *zone, int64_t at)
{
    return segment_at(zone, md_floor_div(at, MD_SECOND)).offset_s;
}

/* Local time at which the segment that follows takes over: a repeated hour belongs to the earlier one, a missing hour
 * too. */
static int64_t local_boundary(int64_t at, int32_t offset_before, int32_t offset_after)
{
    return at + (offset_before > offset_after ? offset_before : offset_after);
}

static int64_t local_from(const struct md_zone *zone, const struct segment *segment)
{
    if (segment->from == INT64_MIN)
        return INT64_MIN;
    return local_boundary(segment->from, segment_at(zone, segment->from - 1).offset_s, segment->offset_s);
}

static int64_t local_until(const struct md_zone *zone, const struct segment *segment)
{
    if (segment->until == INT64_MAX)
        return INT64_MAX;
    return local_boundary(segment->until, segment->offset_s, segment_at(zone, segment->until).offset_s);
}

static int64_t to_microseconds(int64_t s)
{
    if (s > INT64_MAX / MD_SECOND)
        return INT64_MAX;
    if (s < INT64_MIN / MD_SECOND)
        return INT64_MIN;
    return s * MD_SECOND;
}

int64_t md_zone_to_utc(const struct md_zone *zone, int64_t local, struct md_zone_cache *cache)
{
    int64_t local_s = md_floor_div(local, MD_SECOND);
    struct segment segment;
    int64_t from, until;
    int step;

    if (local < -LOCAL_MAX || local > LOCAL_MAX) /* MD_TIME_NONE, or no time of this world */
        return local;
    if (cache != NULL && cache->zone == zone && local >= cache->local_from && local < cache->local_until)
        return local - cache->offset_s * MD_SECOND;

    segment = segment_at(zone, local_s - segment_at(zone, local_s).offset_s);
    for (step = 0;; step++) {
        from = local_from(zone, &segment);
        until = local_until(zone, &segment);
        if (step == STEPS_MAX)
            break;
        if (local_s < from)
            segment = segment_at(zone, segment.from - 1);
        else if (local_s >= until)
            segment = segment_at(zone, segment.until);
        else
            break;
    }
    if (cache != NULL && local_s >= from && local_s < until) {
        cache->zone = zone;
        cache->local_from = to_microseconds(from);
        cache->local_until = to_microseconds(until);
        cache->offset_s = segment.offset_s;
    }
    return local - segment.offset_s * MD_SECOND;
}
