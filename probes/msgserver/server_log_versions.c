/* Which versions the programs named at their starts, and when that changed. */
#include "engine/base/time.h"
#include "probes/formats/msgserver/version.h"
#include "probes/msgserver/server_log_tally.h"

void md_log_versions_add(struct md_arena *arena, struct md_log_program *program, struct md_str text, int64_t at,
                         const struct md_item *item, uint32_t line)
{
    struct md_version version;
    struct md_log_version *own = NULL;

    if (at == MD_TIME_NONE || !md_version_find(text, &version))
        return;
    for (size_t i = 0; i < program->n_versions && own == NULL; i++)
        if (md_str_eq(program->versions[i].build, version.build))
            own = &program->versions[i];
    if (own == NULL) {
        if (program->n_versions == MD_LOG_VERSIONS_MAX)
            return;
        own = &program->versions[program->n_versions++];
        *own = (struct md_log_version){md_arena_str(arena, version.build), at, at, item, line};
    }
    if (at > own->last)
        own->last = at;
    if (at < own->first) { /* the logs are not always read in their order */
        own->first = at;
        own->item = item;
        own->line = line;
    }
}

static const struct md_log_version *present(const struct md_log_program *program)
{
    const struct md_log_version *newest = &program->versions[0];

    for (size_t i = 1; i < program->n_versions; i++)
        if (program->versions[i].last > newest->last)
            newest = &program->versions[i];
    return newest;
}

bool md_log_versions_changed(const struct md_log_tally *tally, struct md_log_version *ret, bool *ret_any)
{
    bool is_changed = false, is_any = false;

    for (size_t p = 0; p < md_program_count(); p++) {
        const struct md_log_program *program = &tally->programs[p];
        const struct md_log_version *now = present(program);

        is_any |= program->n_versions > 0;
        for (size_t i = 0; i < program->n_versions; i++) {
            if (program->versions[i].first >= now->first || (is_changed && ret->first >= now->first))
                continue;
            *ret = *now;
            is_changed = true;
        }
    }
    if (ret_any != NULL)
        *ret_any = is_any;
    return is_changed;
}
