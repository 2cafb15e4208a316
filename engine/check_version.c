#include "engine/base/num.h"
#include "engine/check_priv.h"

#define PARTS 4
#define PART_MAX 9999

struct version {
    uint64_t part[PARTS]; /* what is not there is 0 */
};

/* "6.3" of "6.3-6.03"; returns what is left behind the numbers. */
static struct md_str read_version(struct md_str text, struct version *ret, bool *ret_is_one)
{
    size_t i;

    *ret = (struct version){{0}};
    *ret_is_one = false;
    for (i = 0; i < PARTS; i++) {
        struct md_str before = text;

        if ((i > 0 && !md_str_skip_prefix(&text, MD_LIT("."))) || md_num_u64(&text, PART_MAX, &ret->part[i]) != MD_OK) {
            text = before;
            break;
        }
        *ret_is_one = true;
    }
    return text;
}

bool md_checks_is_version(struct md_str text)
{
    struct version version;
    bool is_one;

    return read_version(text, &version, &is_one).n == 0 && is_one;
}

bool md_checks_compare_version(const struct md_node *tree, struct md_str version, int *ret)
{
    const struct md_node *node = md_node_get(tree, "version");
    struct version have, want;
    bool is_one;
    uint64_t number;
    size_t i;

    read_version(version, &want, &is_one);
    read_version(md_node_text(node, "text"), &have, &is_one);
    if (!is_one) {
        if (md_node_u64(md_node_get(node, "number"), &number) != MD_OK)
            return false;
        have.part[0] = number / 100;
        have.part[1] = number % 100;
    }
    *ret = 0;
    for (i = 0; i < PARTS && *ret == 0; i++)
        *ret = have.part[i] < want.part[i] ? -1 : have.part[i] > want.part[i];
    return true;
}
