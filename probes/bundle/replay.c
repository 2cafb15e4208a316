/* What only the host itself could say, as the manifest has it: the answers of ports, and which programs were there. */
#include "probes/bundle/recorded.h"

const struct md_replay_result md_replay_results[MD_REPLAY_RESULTS] = {
    {MD_OK, "ok"}, {MD_NOT_FOUND, "missing"}, {MD_TIMEOUT, "timeout"}, {MD_BAD_INPUT, "unfit"}};

static const struct md_node *answer(const struct md_source *source, const char *list, const char *key,
                                    struct md_str wanted)
{
    const struct md_node *all = md_node_get(md_node_get(source->manifest, "asked"), list);

    if (!source->is_first_hand || all == NULL || all->kind != MD_NODE_LIST)
        return NULL;
    for (const struct md_node *node = all->first; node != NULL; node = node->next)
        if (md_str_eq(md_node_text(node, key), wanted))
            return node;
    return NULL;
}

static const struct md_node *answer_of_port(const struct md_source *source, const char *list, uint16_t port)
{
    char text[8];
    size_t n = sizeof text;

    do {
        text[--n] = (char)('0' + port % 10);
        port /= 10;
    } while (port > 0);
    return answer(source, list, "port", md_str_n(text + n, sizeof text - n));
}

static enum md_status result_of(const struct md_node *node)
{
    struct md_str result = md_node_text(node, "result");

    for (size_t i = 0; node != NULL && i < MD_REPLAY_RESULTS; i++)
        if (md_str_is(result, md_replay_results[i].name))
            return md_replay_results[i].status;
    return MD_UNSUPPORTED;
}

enum md_status md_replay_connect(struct md_source *source, uint16_t port)
{
    return result_of(answer_of_port(source, "ports", port));
}

enum md_status md_replay_greeting(struct md_source *source, uint16_t port, struct md_arena *arena, struct md_str *ret,
                                  double *ret_s)
{
    const struct md_node *node = answer_of_port(source, "greetings", port);
    enum md_status status = result_of(node);

    if (status == MD_OK) {
        *ret = md_arena_str(arena, md_node_text(node, "line"));
        if (md_node_double(md_node_get(node, "s"), ret_s) < 0)
            return MD_UNSUPPORTED;
    }
    return status;
}

enum md_status md_replay_program(struct md_source *source, struct md_str program)
{
    return result_of(answer(source, "programs", "program", program));
}
