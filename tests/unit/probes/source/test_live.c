/* The live source on a made-up installation. */
#include "tests/unit/md_test.h"

#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "probes/source/live.h"
#include "probes/source/msgserver_layout.h"
#include "probes/source/source.h"
#include "tests/unit/probes/bundle/files.h"

static void write_host(struct md_arena *arena, const char *root)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"opt/SUNWmsgsr/lib/job_controller", "\n"},
        {"opt/SUNWmsgsr/sbin/imsimta",
         "#!/bin/sh\necho \"args: $*\"\necho \"warning here\" >&2\n[ \"$1\" = version ] || exit 4\n"},
        {"var/opt/SUNWmsgsr/config/imta.cnf", "! x\n"},
        {"var/opt/SUNWmsgsr/config/imta.cnf.bak", "! old\n"},
        {"var/opt/SUNWmsgsr/config/imta_tailor",
         "! names\nIMTA_QUEUE=\"/disk2/queue/\"\nIMTA_LOG=/var/opt/SUNWmsgsr/log/\n"},
        {"var/opt/SUNWmsgsr/config/pidfile.store", "12 ready\n"},
        {"var/opt/SUNWmsgsr/log/mail.log_current", "x\n"},
        {"var/opt/SUNWmsgsr/log/mail.log", "x\n"},
        {"var/opt/SUNWmsgsr/log/mail.log_yesterday", "x\n"},
        {"var/opt/SUNWmsgsr/log/imta", "x\n"},
        {"var/opt/SUNWmsgsr/queue/decoy/ZZf0a1b2Cde34.00", "x\n"},
        {"var/opt/SUNWmsgsr/store/mboxlist/log.0000000012", "x\n"},
        {"var/opt/SUNWmsgsr/store/mboxlist/log.0000000013", "xyz\n"},
        {"var/opt/SUNWmsgsr/store/mboxlist/folder.db", "x\n"},
        {"disk2/queue/tcp_local/001/ZZf0a1b2Cde34.00", "x\n"},
        {"disk2/queue/tcp_local/001/ZYf0a1b2Cde35.00", "x\n"},
        {"disk2/queue/l/ZZf0a1b2Cde36.HELD", "x\n"},
        {"disk2/queue/l/stray", "x\n"},
        {"etc/resolv.conf", "nameserver 127.0.0.1\n"},
        {"etc/TIMEZONE", "# x\nTZ=America/New_York\n"},
    };

    for (size_t i = 0; i < MD_ROWS(files); i++)
        files_write(arena, root, files[i].name, md_str(files[i].text));
    assert_int_equal(chmod(md_arena_printf(arena, "%s/opt/SUNWmsgsr/sbin/imsimta", root), 0755), 0);
    /* Links as the product makes them: one leads out, two lead to the same folder. */
    assert_int_equal(symlink("/var/opt/SUNWmsgsr/config", md_arena_printf(arena, "%s/opt/SUNWmsgsr/config", root)), 0);
    assert_int_equal(symlink("../../var/opt/SUNWmsgsr", md_arena_printf(arena, "%s/opt/SUNWmsgsr/data", root)), 0);
    assert_int_equal(symlink("../../var/opt/SUNWmsgsr/log", md_arena_printf(arena, "%s/opt/SUNWmsgsr/log", root)), 0);
}

/* Everything below a folder may be read by anybody. */
static void open_all(struct md_arena *arena, const char *path)
{
    DIR *folder;
    struct dirent *entry;
    struct stat st;

    if (lstat(path, &st) != 0 || S_ISLNK(st.st_mode))
        return;
    assert_int_equal(chmod(path, 0755), 0);
    folder = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            open_all(arena, md_arena_printf(arena, "%s/%s", path, entry->d_name));
    if (folder != NULL)
        closedir(folder);
}

static void finds_the_installation(void **state)
{
    struct md_arena *arena = *state;
    const char *root = files_folder(arena);
    struct md_msgserver_layout layout;
    const char *const ways[] = {root, md_arena_printf(arena, "%s/opt/SUNWmsgsr/", root)};

    write_host(arena, root);
    for (size_t i = 0; i < 2; i++) {
        md_test_case(i, i == 0 ? "as a whole host" : "by its base");
        md_msgserver_layout_find(arena, ways[i], &layout);
        md_want_cstr("base", layout.base, md_arena_printf(arena, "%s/opt/SUNWmsgsr", root));
        md_want_cstr("prefix", layout.prefix, root);
        md_want_cstr("queue", layout.queue, md_arena_printf(arena, "%s/disk2/queue", root));
        md_want_int("one log folder, whatever its names", layout.log.n, 1);
        md_want_int("one configuration folder", layout.config.n, 1);
    }
    md_msgserver_layout_find(arena, md_arena_printf(arena, "%s/etc", root), &layout);
    md_want_true(layout.base == NULL);
    files_remove(root);
}

static void finds_an_instance_of_5x(void **state)
{
    struct md_arena *arena = *state;
    const char *root = files_folder(arena);
    struct md_msgserver_layout layout;

    files_write(arena, root, "msg-b/imta/config/imta.cnf", md_str("x\n"));
    files_write(arena, root, "msg-a/imta/config/imta.cnf", md_str("x\n"));
    files_write(arena, root, "msg-a/imta/queue/l/ZZ01ABCDEFGHIJ10K15L.00", md_str("x\n"));
    files_write(arena, root, "msg-a/log/imta/mail.log_current", md_str("x\n"));
    md_msgserver_layout_find(arena, root, &layout);
    md_want_cstr("base", layout.base, md_arena_printf(arena, "%s/msg-a", root));
    md_want_cstr("queue", layout.queue, md_arena_printf(arena, "%s/msg-a/imta/queue", root));
    md_want_int("log folders", layout.log.n, 2);
    files_remove(root);
}

static bool count(void *ctx, const struct md_dir_entry *entry)
{
    size_t *n = ctx;

    *n += !entry->is_dir && entry->mtime != MD_TIME_NONE;
    return true;
}

static void a_program_that_hangs_is_asked_twice(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *root = files_folder(arena);
    const struct md_source_options options = {.root = root, .at = MD_TIME_NONE, .command_seconds = 0.2};
    static const char *const channels[] = {"tcp_local", "ims-ms", "process"};
    const enum md_status wanted[] = {MD_TIMEOUT, MD_TIMEOUT, MD_TIMEOUT};
    struct md_source *source;
    const struct md_item *item;
    char text[100];
    struct md_str ran = {text, 0};
    FILE *f;

    write_host(arena, root);
    files_write(arena, root, "opt/SUNWmsgsr/sbin/imsimta",
                md_str(md_arena_printf(arena, "#!/bin/sh\necho x >>%s/ran\nexec sleep 20\n", root)));
    assert_int_equal(chmod(md_arena_printf(arena, "%s/opt/SUNWmsgsr/sbin/imsimta", root), 0755), 0);
    assert_int_equal(md_source_open_live(&options, diags, &source), MD_OK);
    for (size_t i = 0; i < MD_ROWS(channels); i++) {
        const char *const argv[] = {"imsimta", "qm", "messages", channels[i], NULL};

        md_test_case(i, channels[i]);
        assert_int_equal(md_source_command(source, MD_ITEM_QM_MESSAGES, argv, &item), MD_OK);
        md_want_int("status", item->status, wanted[i]);
    }
    f = fopen(md_arena_printf(arena, "%s/ran", root), "re");
    assert_non_null(f);
    ran.n = fread(text, 1, sizeof text, f);
    fclose(f);
    md_want_str("it was run", ran, "x\nx\n");
    md_want_int("problems", md_diags_count(diags), 3);
    md_source_free(&source);
}

static void reads_and_runs(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *root = files_folder(arena);
    const struct md_source_options options = {.root = root, .at = MD_TIME_NONE};
    static const char *const messages[] = {"imsimta", "qm", "messages", "tcp_local", NULL};
    static const char *const intrusive[] = {"imsimta", "cache", "-sync", NULL}, *const option[] = {"imsimta", "qm",
                                                                                                   "messages", "-x",
                                                                                                   NULL};
    struct md_source *source;
    const struct md_item *const *items;
    const struct md_item *item;
    struct md_str text;
    size_t n = 0;

    write_host(arena, root);
    assert_int_equal(md_source_open_live(&options, diags, &source), MD_OK);
    md_want_cstr("zone", md_source_zone(source), "America/New_York");
    md_want_true(md_source_now(source, NULL) > 0);
    md_want_int("logs", md_source_items(source, MD_ITEM_MAIL_LOG, &items), 3);
    md_want_cstr("the cumulative one first", items[0]->base, "mail.log");
    md_want_cstr("the current one last", items[2]->base, "mail.log_current");
    md_want_int("one configuration, no copy of it", md_source_items(source, MD_ITEM_IMTA_CNF, &items), 1);
    md_want_cstr("its path on the host", items[0]->path, "/opt/SUNWmsgsr/data/config/imta.cnf");
    md_want_int("pid file", md_source_items(source, MD_ITEM_PID_FILE, &items), 1);
    md_want_int("queue", md_source_items(source, MD_ITEM_QUEUE_TREE, &items), 1);
    md_want_cstr("its root", items[0]->root, "/disk2/queue");
    md_want_int("walk", md_source_walk(source, items[0], diags, count, &n), MD_OK);
    md_want_int("files with their times", n, 4);
    md_want_int("sampled queue files", md_source_items(source, MD_ITEM_QUEUE_FILE, &items), 3);

    md_want_int("a listing of the store's database", md_source_items(source, MD_ITEM_LISTING, &items), 1);
    md_want_cstr("its root", items[0]->root, "/opt/SUNWmsgsr/data/store/mboxlist");
    n = 0;
    md_want_int("walk", md_source_walk(source, items[0], diags, count, &n), MD_OK);
    md_want_int("its files with their times", n, 3);

    md_want_int("version", md_source_items(source, MD_ITEM_IMSIMTA_VERSION, &items), 1);
    md_want_int("read", md_source_read_all(source, items[0], arena, 100, &text), MD_OK);
    md_want_str("output", text, "args: version\n");
    md_want_int("exit", items[0]->exit_code, 0);
    md_want_int("asked again it is not run again", md_source_items(source, MD_ITEM_IMSIMTA_VERSION, &items), 1);
    md_want_int("an expensive one", md_source_items(source, MD_ITEM_QM_SUMMARIZE, &items), 1);
    md_want_int("is not run without leave", items[0]->status, MD_UNSUPPORTED);
    md_want_int("one with an argument", md_source_command(source, MD_ITEM_QM_MESSAGES, messages, &item), MD_OK);
    md_want_int("its exit", item->exit_code, 4);
    md_want_int("an intrusive one", md_source_command(source, MD_ITEM_OTHER, intrusive, &item), MD_UNSUPPORTED);
    md_want_int("an option for an argument", md_source_command(source, MD_ITEM_QM_MESSAGES, option, &item),
                MD_UNSUPPORTED);
    md_want_true(md_source_items(source, MD_ITEM_PS, &items) == 1);
    md_want_true(files_complained(diags, "ended with status 4: warning here"));
    md_want_int("a port of a host that a folder stands for", md_source_connect_local(source, 1), MD_UNSUPPORTED);
    md_source_free(&source);
    files_remove(root);
}

/* A port of the loopback; the child serves one client and ends. */
static uint16_t serve_once(const char *greeting, pid_t *ret_child)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t n = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
    *ret_child = fork();
    assert_true(*ret_child >= 0);
    if (*ret_child == 0) {
        int client = accept(fd, NULL, NULL);

        if (client >= 0 && write(client, greeting, strlen(greeting)) >= 0)
            close(client);
        _exit(0);
    }
    close(fd);
    return ntohs(address.sin_port);
}

static void asks_local_ports(void **state)
{
    static const struct {
        const char *says, *sent, *want;
    } cases[] = {
        {"a greeting", "220 mail1 ESMTP\r\n", "220 mail1 ESMTP"},
        {"only its first line is read", "220-mail1\r\n220 more\r\n", "220-mail1"},
        {"closed in the middle of the line", "421 bu", "421 bu"},
        {"closed without a word", "", ""},
    };
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *root = files_folder(arena);
    const struct md_source_options options = {.root = root, .at = 7};
    struct md_source *source;
    struct md_str got;
    double seconds;

    files_write(arena, root, "msg-a/imta/config/imta.cnf", md_str("x\n"));
    assert_int_equal(md_source_open_live(&options, diags, &source), MD_OK);
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        pid_t child;
        uint16_t port = serve_once(cases[i].sent, &child);

        md_test_case(i, cases[i].says);
        md_want_int("status", md_source_greeting(source, port, arena, &got, &seconds), MD_OK);
        md_want_str("line", got, cases[i].want);
        md_want_true(seconds >= 0 && seconds < MD_SOURCE_GREETING_S);
        md_want_true(waitpid(child, NULL, 0) == child);
        md_want_int("nobody listens any more", md_source_greeting(source, port, arena, &got, &seconds), MD_NOT_FOUND);
        md_want_int("nor is there a connection", md_source_connect_local(source, port), MD_NOT_FOUND);
    }
    md_source_free(&source);
    files_remove(root);
}

/* What a user other than root sees; in a child, since the rest of the tests may need root. */
static void says_once_what_this_user_may_not_read(void **state)
{
    static const struct {
        const char *says, *closed, *first;
    } cases[] = {
        {"nothing is closed", NULL, NULL},
        {"a log", "var/opt/SUNWmsgsr/log/mail.log_current", "/log/mail.log_current"},
        {"the queue", "disk2/queue", "/disk2/queue"},
        {"what holds configuration and logs", "var/opt/SUNWmsgsr", "/opt/SUNWmsgsr/data"},
        {"the product itself", "opt/SUNWmsgsr", "/opt/SUNWmsgsr"},
        {"message files alone", "disk2/queue/l/ZZf0a1b2Cde36.HELD", "/disk2/queue/l/ZZf0a1b2Cde36.HELD"},
    };
    struct md_arena *arena = *state;

    if (geteuid() != 0)
        skip();
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const char *root = files_folder(arena);
        pid_t child;
        int ended;

        md_test_case(i, cases[i].says);
        write_host(arena, root);
        open_all(arena, root);
        if (cases[i].closed != NULL)
            assert_int_equal(chmod(md_arena_printf(arena, "%s/%s", root, cases[i].closed), 0700), 0);
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct md_diags *diags = md_diags_new(arena);
            const struct md_source_options options = {.root = root, .at = 7};
            const struct md_item *const *items;
            struct md_source *source;
            bool is_good =
                setgid(65534) == 0 && setuid(65534) == 0 && md_source_open_live(&options, diags, &source) == MD_OK;

            if (is_good) {
                (void)md_source_items(source, MD_ITEM_QUEUE_FILE, &items);
                is_good = md_diags_count(diags) == (cases[i].first != NULL) &&
                          (cases[i].first == NULL ||
                           (md_str_has_suffix(md_str(md_diags_at(diags, 0)->loc.file), md_str(cases[i].first)) &&
                            files_complained(diags, "run mtadoctor as root")));
            }
            _exit(is_good ? 0 : 1);
        }
        assert_true(waitpid(child, &ended, 0) == child);
        md_want_int("as it should", WIFEXITED(ended) ? WEXITSTATUS(ended) : -1, 0);
        files_remove(root);
    }
}

static void looks_for_programs(void **state)
{
    static const struct {
        const char *says, *program;
        enum md_status want;
    } cases[] = {
        {"by its name", "imsimta", MD_OK},
        {"by its path", "/opt/SUNWmsgsr/sbin/imsimta", MD_OK},
        {"missing beside others", "/opt/SUNWmsgsr/sbin/tcp_smtp_client", MD_NOT_FOUND},
        {"nobody may run it", "/opt/SUNWmsgsr/lib/job_controller", MD_BAD_INPUT},
        {"a folder", "/opt/SUNWmsgsr/sbin", MD_BAD_INPUT},
        {"of its folder there are only parts", "/opt/SUNWmsgsr/lib/ims_master", MD_UNSUPPORTED},
        {"its folder is not there", "/opt/other/lib/ims_master", MD_UNSUPPORTED},
        {"an unknown name", "ims_master", MD_UNSUPPORTED},
        {"nothing", "", MD_UNSUPPORTED},
    };
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *root = files_folder(arena);
    const struct md_source_options options = {.root = root, .at = 7};
    struct md_source *source;

    write_host(arena, root);
    assert_int_equal(md_source_open_live(&options, diags, &source), MD_OK);
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_int("status", md_source_program(source, md_str(cases[i].program)), cases[i].want);
    }
    md_source_free(&source);
    files_remove(root);
}

static void no_installation_is_no_error(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *root = files_folder(arena);
    const struct md_source_options options = {.root = root, .at = 7}, nowhere = {.root = "/nowhere/at/all", .at = 7};
    struct md_source *source;
    const struct md_item *const *items;

    assert_int_equal(md_source_open_live(&options, diags, &source), MD_OK);
    md_want_int("where it looked is said", md_diags_count(diags), 1);
    md_want_true(files_complained(diags, "/opt/SUNWmsgsr"));
    md_want_int("--at", md_source_now(source, NULL), 7);
    md_want_int("no queue", md_source_items(source, MD_ITEM_QUEUE_TREE, &items), 0);
    md_want_int("no command", md_source_items(source, MD_ITEM_IMSIMTA_VERSION, &items), 0);
    md_source_free(&source);
    assert_int_equal(md_source_open_live(&nowhere, diags, &source), MD_NOT_FOUND);
    md_want_int("which is said", md_diags_count(diags), 2);
    files_remove(root);
}

static void proc_stands_in_for_ps(void **state)
{
    struct md_str table = md_live_proc_table(*state);

    if (access("/proc/self/stat", R_OK) != 0)
        skip();
    md_want_true(md_str_has_prefix(table, MD_LIT("UID PID PPID TIME CMD\n")));
    md_want_true(md_str_find(table, md_str(md_arena_printf(*state, " %ld %ld ", (long)getpid(), (long)getppid()))) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(finds_the_installation),
                                       MD_TEST(finds_an_instance_of_5x),
                                       MD_TEST(a_program_that_hangs_is_asked_twice),
                                       MD_TEST(reads_and_runs),
                                       MD_TEST(no_installation_is_no_error),
                                       MD_TEST(proc_stands_in_for_ps),
                                       MD_TEST(asks_local_ports),
                                       MD_TEST(looks_for_programs),
                                       MD_TEST(says_once_what_this_user_may_not_read)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
