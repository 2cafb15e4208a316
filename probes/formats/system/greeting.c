#include "probes/formats/system/greeting.h"

#include <stdbool.h>

struct md_str md_greeting_code(struct md_str line)
{
    bool is_code = line.n >= 3 && line.p[0] >= '2' && line.p[0] <= '5' && md_is_digit(line.p[1]) &&
                   md_is_digit(line.p[2]) && (line.n == 3 || line.p[3] == ' ' || line.p[3] == '-');

    return md_str_sub(line, 0, is_code ? 3 : 0);
}

/* "Trying 127.0.0.1..." and "Connected to localhost." name the peer. */
static bool read_peer(struct md_str line, const char *lead, struct md_str *ret)
{
    if (!md_str_skip_prefix(&line, md_str(lead)))
        return false;
    line = md_str_next_word(&line);
    while (line.n > 0 && line.p[line.n - 1] == '.')
        line.n--;
    *ret = line;
    return line.n > 0;
}

static bool is_refusal(struct md_str line)
{
    return md_str_find_nocase(line, MD_LIT("connection refused")) >= 0;
}

enum md_status md_greeting_parse(struct md_str text, struct md_greeting *ret)
{
    struct md_greeting greeting = {.outcome = MD_GREETING_SILENT};
    bool is_connected = false;
    uint32_t number = 0;
    struct md_str line;

    while (md_str_next_line(&text, &line)) {
        struct md_str peer;

        number++;
        line = md_str_trim(line);
        if (read_peer(line, "Trying ", &peer)) {
            greeting.peer = peer;
            continue;
        }
        if (read_peer(line, "Connected to ", &peer)) {
            greeting.peer = greeting.peer.n > 0 ? greeting.peer : peer;
            greeting.line = number;
            is_connected = true;
            continue;
        }
        if (is_refusal(line)) {
            greeting.outcome = MD_GREETING_REFUSED;
            greeting.line = number;
            *ret = greeting;
            return MD_OK;
        }
        greeting.code = md_greeting_code(line);
        if (greeting.code.n > 0) {
            greeting.outcome = MD_GREETING_CODE;
            greeting.line = number;
            *ret = greeting;
            return MD_OK;
        }
    }
    *ret = greeting;
    return is_connected ? MD_OK : MD_NOT_FOUND;
}
