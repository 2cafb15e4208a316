#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/config_xml.h"

static struct md_config_xml *read_xml(void **state, const char *text)
{
    return md_config_xml_read(*state, "config.xml", md_str(text), 1);
}

static void every_shape_gives_the_same_path(void **state)
{
    static const struct {
        const char *says, *text;
    } cases[] = {
        {"elements", "<config><role><channel name=\"tcp_local\"><maxjobs>20</maxjobs></channel></role></config>"},
        {"a role with a name",
         "<config><role name=\"store\"><channel name=\"tcp_local\"><maxjobs>20</maxjobs></channel>"
         "</role></config>"},
        {"general elements", "<config><group name=\"role\"><group name=\"channel\" instance=\"tcp_local\">"
                             "<option name=\"maxjobs\" value=\"20\"/></group></group></config>"},
        {"text of a general element", "<x><channel id='tcp_local'><option name='maxjobs' type='int'> 20\n</option>"
                                      "</channel></x>"},
        {"whole paths", "<options><option path=\"role.channel:tcp_local.maxjobs\">20</option></options>"},
        {"whole paths as names", "<options><option name=\"role.channel:tcp_local.maxjobs\" value=\"20\"/></options>"},
        {"name spaces", "<m:config xmlns:m=\"urn:x\"><m:role><m:channel name=\"tcp_local\"><m:maxjobs>20</m:maxjobs>"
                        "</m:channel></m:role></m:config>"},
        {"wrappers", "<configuration><roles><role><channel name=\"tcp_local\"><maxjobs>20</maxjobs></channel></role>"
                     "</roles></configuration>"},
        {"no root of its own", "<role><channel name=\"tcp_local\"><maxjobs>20</maxjobs></channel></role>"},
        {"comments and a document type",
         "<?xml version=\"1.0\"?><!DOCTYPE config SYSTEM \"config.dtd\"><!-- a --><config>"
         "<channel name=\"tcp_local\"><maxjobs><!-- b -->20</maxjobs></channel></config>"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_config_xml *xml = read_xml(state, cases[i].text);
        const struct md_named_value *value;

        md_test_case(i, cases[i].says);
        md_want_int("faults", xml->faults.n, 0);
        md_want_int("values", xml->values.n, 1);
        value = md_values_find(&xml->values, md_str("channel:tcp_local.maxjobs"));
        md_want_true(value != NULL);
        md_want_str("value", value->value, "20");
        md_want_true(value->has_value && !value->is_instance);
    }
}

static void groups_options_and_instances(void **state)
{
    static const char text[] =
        "<config>\n"
        "  <role>\n"
        "    <channel name=\"tcp_local\">\n"
        "      <smtp/>\n"
        "      <options><MAX_CLIENT_THREADS>30</MAX_CLIENT_THREADS></options>\n"
        "    </channel>\n"
        "    <channel name=\"l\"></channel>\n"
        "    <mapping name=\"PORT_ACCESS\">\n"
        "      <rule>*|*|*|*|*  $C$|INTERNAL_IP;$3|$Y$E</rule>\n"
        "      <rule pattern=\"*\" template=\"$YEXTERNAL &amp; rest\"/>\n"
        "    </mapping>\n"
        "    <base><ugldapbindcred>(suppressed)</ugldapbindcred></base>\n"
        "  </role>\n"
        "  <instance name=\"ims\"><base><hostname>mail.example.com</hostname></base></instance>\n"
        "</config>\n";
    struct md_config_xml *xml = read_xml(state, text);
    const struct md_named_value *value;

    md_want_int("faults", xml->faults.n, 0);
    md_want_int("values", xml->values.n, 6);
    value = md_values_find(&xml->values, md_str("channel:tcp_local.smtp"));
    md_want_true(value != NULL && !value->has_value);
    value = md_values_find(&xml->values, md_str("channel:tcp_local.options.MAX_CLIENT_THREADS"));
    md_want_str("an option of a channel", value->value, "30");
    md_want_int("its line", value->loc.line, 5);
    md_want_int("its column", value->loc.column, 17);
    md_want_int("the line of its value", value->value_loc.line, 5);
    md_want_int("the column of its value", value->value_loc.column, 36);
    md_want_str("a rule keeps its blanks", xml->values.items[2].value, "*|*|*|*|*  $C$|INTERNAL_IP;$3|$Y$E");
    md_want_str("a rule of attributes", xml->values.items[3].value, "* $YEXTERNAL & rest");
    md_want_true(md_values_find(&xml->values, md_str("base.ugldapbindcred"))->is_suppressed);
    value = md_values_find(&xml->values, md_str("base.hostname"));
    md_want_true(value->is_instance);
    md_want_str("of the instance", value->value, "mail.example.com");
}

static void what_is_malformed_is_said_and_what_stands_before_counts(void **state)
{
    static const struct {
        const char *says, *text;
        enum md_cnf_fault_kind kind;
        unsigned line, values;
    } cases[] = {
        {"a tag that is not closed", "<config>\n<mta><enable>1</enable>\n</config>\n", MD_CNF_XML_MALFORMED, 3, 1},
        {"the end is missing", "<config>\n<mta><enable>1</enable>\n", MD_CNF_XML_MALFORMED, 3, 1},
        {"no XML", "msconfig> show\n", MD_CNF_XML_MALFORMED, 1, 0},
        {"nothing", "", MD_CNF_XML_MALFORMED, 1, 0},
        {"a bare ampersand", "<config><mta>\n<enable>1</enable>\n<id_domain>a & b</id_domain></mta></config>",
         MD_CNF_XML_MALFORMED, 3, 1},
        {"entities",
         "<!DOCTYPE c [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b \"&a;&a;&a;&a;\">]>\n<c><mta><x>&b;</x></mta></c>",
         MD_CNF_XML_ENTITIES, 2, 0},
        {"an outer entity", "<!DOCTYPE c [\n<!ENTITY a SYSTEM \"/etc/passwd\">]>\n<c><mta><x>&a;</x></mta></c>",
         MD_CNF_XML_ENTITIES, 2, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_config_xml *xml = read_xml(state, cases[i].text);

        md_test_case(i, cases[i].says);
        md_want_int("faults", xml->faults.n, 1);
        md_want_int("kind", xml->faults.items[0].kind, cases[i].kind);
        md_want_int("line", xml->faults.items[0].loc.line, cases[i].line);
        md_want_int("values", xml->values.n, cases[i].values);
    }
}

static void depth_and_names_are_bounded(void **state)
{
    size_t n = 200000, used = 0;
    char *text = md_arena_alloc(*state, n * 3 + 1);
    struct md_config_xml *xml;

    for (size_t i = 0; i < n; i++, used += 3)
        memcpy(text + used, "<a>", 3);
    xml = md_config_xml_read(*state, "x", md_str_n(text, used), 1);
    md_want_int("faults", xml->faults.n, 1);
    md_want_int("too deep", xml->faults.items[0].kind, MD_CNF_XML_TOO_DEEP);
    memcpy(text, "<c><b><a", 8);
    memset(text + 8, 'a', 2000);
    memcpy(text + 2008, "/></b></c>", 10);
    xml = md_config_xml_read(*state, "x", md_str_n(text, 2018), 1);
    md_want_int("a name that is too long is dropped", xml->values.n_dropped, 1);
    md_want_int("and is no value", xml->values.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(every_shape_gives_the_same_path),
        MD_TEST(groups_options_and_instances),
        MD_TEST(what_is_malformed_is_said_and_what_stands_before_counts),
        MD_TEST(depth_and_names_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
