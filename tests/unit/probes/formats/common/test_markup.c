#include "tests/unit/md_test.h"

#include "probes/formats/common/markup.h"

static void gives_the_text(void **state)
{
    static const struct {
        const char *says, *in, *want;
        bool is_rtf;
    } cases[] = {
        {"preformatted text keeps its lines and blanks",
         "<html><head><style>p { x }</style></head><body>\n<pre>a   b\nc &lt;d&gt; &amp;</pre></body></html>",
         "a   b\nc <d> &\n", false},
        {"lines of paragraphs", "<div>mail1#   df</div><p>x<br>y</p>", "mail1# df\nx\ny\n", false},
        {"the rows of a table", "<table><tr><td>a</td><td>1</td></tr><tr><td>b</td></tr></table>", "a 1\nb\n", false},
        {"numbers of characters", "<p>&#60;&#x3E;&#252;&nbsp;.</p>", "<>\xc3\xbc .\n", false},
        {"no entity", "<p>a & b &c; &</p>", "a & b &c; &\n", false},
        {"an address in angles is no tag", "<p>1 < 2", "1 < 2", false},
        {"scripts and comments", "<p>a<script>if (1 < 2) x</script><!-- no -->b", "ab", false},
        {"what breaks off in a tag", "<p>a<b", "a", false},
        {"paragraphs of RTF", "{\\rtf1\\ansi{\\fonttbl{\\f0 Courier;}}\\f0\\fs20 mail1# df\\par\nx\\tab y\\line z}",
         "mail1# df\nx\ty\nz", true},
        {"characters of RTF", "{\\rtf1 a\\'fc\\{b\\}\\\\c\\~d{\\*\\generator x;}}", "a\xfc{b}\\c d", true},
        {"RTF that breaks off", "{\\rtf1 a\\'f", "af", true},
        {"more ends than beginnings", "{\\rtf1 a}}}b", "ab", true},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_str in = md_str(cases[i].in);

        md_test_case(i, cases[i].says);
        md_want_int("HTML", md_markup_is_html(in), !cases[i].is_rtf);
        md_want_int("RTF", md_markup_is_rtf(in), cases[i].is_rtf);
        md_want_str("text", cases[i].is_rtf ? md_markup_rtf(*state, in) : md_markup_html(*state, in), cases[i].want);
    }
    md_want_true(!md_markup_is_html(md_str("<?xml version=\"1.0\"?>\n<configlib/>")));
    md_want_true(!md_markup_is_html(md_str("<en ts=\"2007-02-26T14:38:16.70\"/>")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(gives_the_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
