#include "probes/source/typography.h"

#include <string.h>

/* Length of a mark of printed text at `at`, and the plain one for it ('\0': none); 0: there is none. In Latin-1 the blank
 * that does not break is one byte, which in UTF-8 never follows a letter. */
static size_t typographic(struct md_str line, size_t at, char *ret)
{
    static const struct {
        const char *mark;
        char plain;
    } marks[] = {
        {"\xc2\xa0", ' '},      {"\xe2\x80\x89", ' '},  {"\xe2\x80\xaf", ' '},  {"\xc2\xad", '\0'},
        {"\xe2\x80\x8b", '\0'}, {"\xef\xbb\xbf", '\0'}, {"\xe2\x80\x90", '-'},  {"\xe2\x80\x91", '-'},
        {"\xe2\x80\x93", '-'},  {"\xe2\x80\x94", '-'},  {"\xe2\x80\x98", '\''}, {"\xe2\x80\x99", '\''},
        {"\xe2\x80\x9c", '"'},  {"\xe2\x80\x9d", '"'},
    };
    const struct md_str rest = md_str_from(line, at);

    if ((unsigned char)rest.p[0] < 0x80)
        return 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (md_str_has_prefix(rest, md_str(marks[i].mark))) {
            *ret = marks[i].plain;
            return strlen(marks[i].mark);
        }
    *ret = ' ';
    return rest.p[0] == '\xa0' && (at == 0 || (unsigned char)line.p[at - 1] < 0x80 || line.p[at - 1] == '\xa0');
}

bool md_typography_is(struct md_str line)
{
    char plain;

    for (size_t i = 0; i < line.n; i++)
        if (typographic(line, i, &plain) > 0)
            return true;
    return false;
}

size_t md_typography_plain(char *line, size_t n)
{
    struct md_str text = md_str_n(line, n);
    size_t to = 0;

    /* What was written lies before `from`; a byte before it is only asked for its being a letter or a blank. */
    for (size_t from = 0; from < n;) {
        char plain;
        size_t length = typographic(text, from, &plain);

        if (length == 0)
            line[to++] = line[from++];
        else if (plain != '\0')
            line[to++] = plain;
        from += length;
    }
    return to;
}
