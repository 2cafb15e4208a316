#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "probes/bundle/hosts.h"
#include "tests/unit/probes/bundle/files.h"

#define FILES_MAX 8

/* Texts that say of which host they are, and one that a host has once. */
#define UNAME(host) "SunOS " host " 5.10 Generic_142900-13 sun4u sparc SUNW,Sun-Fire-V240\n"
#define CNF                                                                                                            \
    "! MTA configuration\n\ndefaults logging notices 1 2 4 7\n\nl nox_env_to\nlocalhost\n\ntcp_local smtp "            \
    "mx\ntcp-daemon\n"
#define MANIFEST "{ \"schema\": \"mtadoctor.bundle/1\", \"created\": \"2026-11-24T08:00:00Z\" }\n"

struct file {
    const char *name, *text;
};

static void hosts_are_parted_on_evidence_only(void **state)
{
    static const struct {
        const char *says;
        struct file files[FILES_MAX];
        const char *want; /* folders, parted by '|' */
        bool complains;
    } cases[] = {
        {"nothing says so", {{"a/imta.cnf", CNF}, {"b/notes.txt", "x\n"}}, "", false},
        {"two bundles", {{"x/manifest.json", MANIFEST}, {"y/manifest.json", MANIFEST}}, "x|y", false},
        {"called as hosts are, with what a host has once",
         {{"mta1/imta.cnf", CNF}, {"mta2/imta.cnf", CNF}},
         "mta1|mta2",
         false},
        {"a saved copy is no host", {{"config/imta.cnf", CNF}, {"old/imta.cnf", CNF}}, "", false},
        {"nor is a day", {{"2026-11-24/imta.cnf", CNF}, {"2026-11-25/imta.cnf", CNF}}, "", false},
        {"different hosts by uname",
         {{"one/imta.cnf", CNF},
          {"one/uname.txt", UNAME("mta1")},
          {"two/imta.cnf", CNF},
          {"two/uname.txt", UNAME("mta2")}},
         "one|two",
         false},
        {"one host by uname",
         {{"one/imta.cnf", CNF}, {"one/uname.txt", UNAME("mta1")}, {"two/uname.txt", UNAME("mta1")}},
         "",
         false},
        {"by kind and then by host",
         {{"config/mta1/imta.cnf", CNF},
          {"config/mta2/imta.cnf", CNF},
          {"logs/mta1/uname.txt", UNAME("mta1")},
          {"logs/mta2/uname.txt", UNAME("mta2")}},
         "2",
         false},
        {"below a common folder",
         {{"case/sent/mta1/imta.cnf", CNF}, {"case/sent/mta2/imta.cnf", CNF}},
         "case/sent/mta1|case/sent/mta2",
         false},
        {"what is of neither",
         {{"mta1/imta.cnf", CNF}, {"mta2/imta.cnf", CNF}, {"job_controller.cnf", "[POOL=X]\njob_limit=1\n"}},
         "mta1|mta2",
         true},
        {"what is of all",
         {{"mta1/imta.cnf", CNF},
          {"mta2/imta.cnf", CNF},
          {"dig.txt", "; <<>> DiG 9.18 <<>> example.net MX\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; "
                      "ANSWER SECTION:\nexample.net. 3600 IN MX 10 mx1.example.net.\n"}},
         "2",
         false},
    };
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const char *folder = files_folder(*state), *text = "";
        const struct md_source_options options = {.at = MD_TIME_NONE};
        struct md_diags *diags = md_diags_new(*state);
        const struct md_host_part *parts;
        struct md_pack *pack;
        size_t n, n_members = 0;

        md_test_case(i, cases[i].says);
        for (size_t k = 0; k < FILES_MAX && cases[i].files[k].name != NULL; k++)
            files_write(*state, folder, cases[i].files[k].name, md_str(cases[i].files[k].text));
        md_want_int("open", md_pack_open_directory(*state, folder, &options, diags, &pack), MD_OK);
        n = md_hosts_find(*state, pack, &options, diags, &parts);
        for (size_t k = 0; k < n; k++) {
            text = md_arena_printf(*state, "%s%s%s", text, k > 0 ? "|" : "", parts[k].folder);
            n_members += parts[k].n_members;
            for (size_t m = 0; m < parts[k].n_members; m++)
                md_want_true(parts[k].members[m] < pack->n &&
                             (m == 0 || parts[k].members[m] > parts[k].members[m - 1]));
        }
        if (cases[i].want[0] == '2')
            md_want_int("hosts", n, 2);
        else
            md_want_cstr("hosts", text, cases[i].want);
        md_want_true(n > 1 || n_members == pack->n);
        md_want_true(files_complained(diags, "which of the 2 hosts") == cases[i].complains);
        md_pack_close(pack);
        files_remove(folder);
    }
}

static void a_host_is_called_as_it_says_itself(void **state)
{
    const char *folder = files_folder(*state);
    const struct md_source_options options = {.at = MD_TIME_NONE};
    struct md_diags *diags = md_diags_new(*state);
    const struct md_host_part *parts;
    struct md_pack *pack;

    files_write(*state, folder, "left/imta.cnf", MD_LIT(CNF));
    files_write(*state, folder, "left/uname.txt", MD_LIT(UNAME("mta7")));
    files_write(*state, folder, "right/imta.cnf", MD_LIT(CNF));
    files_write(*state, folder, "right/uname.txt", MD_LIT(UNAME("mta8")));
    md_want_int("open", md_pack_open_directory(*state, folder, &options, diags, &pack), MD_OK);
    md_want_int("hosts", md_hosts_find(*state, pack, &options, diags, &parts), 2);
    md_want_cstr("hint", parts[0].hint, "mta7");
    md_want_cstr("hint", parts[1].hint, "mta8");
    md_want_str("top", parts[1].top, "right/");
    md_pack_close(pack);
    files_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(hosts_are_parted_on_evidence_only),
                                       MD_TEST(a_host_is_called_as_it_says_itself)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
