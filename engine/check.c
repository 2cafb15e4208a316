#include "engine/check.h"

#include "engine/base/sha256.h"
#include "engine/check_priv.h"

static const char *const severities[] = {
    [MD_CHECK_INFO] = "info", [MD_CHECK_WARNING] = "warning", [MD_CHECK_ERROR] = "error"};

const char *md_check_severity_name(enum md_check_severity severity)
{
    return severities[severity];
}

bool md_check_severity_parse(struct md_str name, enum md_check_severity *ret)
{
    size_t i;

    for (i = 0; i < sizeof severities / sizeof *severities; i++) {
        if (md_str_is(name, severities[i])) {
            *ret = (enum md_check_severity)i;
            return true;
        }
    }
    return false;
}

size_t md_checks_count(const struct md_checks *checks)
{
    return checks->n;
}

const struct md_check *md_checks_at(const struct md_checks *checks, size_t i)
{
    return i < checks->n ? &checks->items[i]->pub : NULL;
}

const struct md_check *md_checks_find(const struct md_checks *checks, struct md_str id)
{
    const struct check *check = md_map_find(checks->ids, 0, id);

    return check != NULL ? &check->pub : NULL;
}

/* Cases and what they begin with change no result. */
static bool is_of_hash(const char *path)
{
    return !md_str_has_suffix(md_str(path), MD_LIT(".checks.yaml")) &&
           md_str_find(md_str(path), MD_LIT("check/base/")) < 0;
}

const char *md_checks_hash(const struct md_checks *checks)
{
    /* Filled in when it is asked for, though the checks are constant. */
    char *hash = ((struct md_checks *)(uintptr_t)checks)->hash;
    static const char prefix[] = "sha256:";
    struct md_sha256 sum;
    size_t i;

    if (hash[0] != '\0')
        return hash;
    md_sha256_init(&sum);
    for (i = 0; i < checks->n_files; i++) {
        const struct md_rule_file *file = &checks->files[i];

        if (!is_of_hash(file->path))
            continue;
        md_sha256_add(&sum, md_str_n(file->path, strlen(file->path) + 1));
        md_sha256_add(&sum, file->text);
        md_sha256_add(&sum, md_str_n("", 1));
    }
    memcpy(hash, prefix, sizeof prefix - 1);
    md_sha256_hex(&sum, hash + sizeof prefix - 1);
    return hash;
}

void md_checks_free(struct md_checks **checks)
{
    struct md_arena *arena;

    if (*checks == NULL)
        return;
    md_sandbox_free(&(*checks)->sandbox);
    md_arena_free(&(*checks)->scratch);
    arena = (*checks)->arena;
    md_arena_free(&arena);
    *checks = NULL;
}
