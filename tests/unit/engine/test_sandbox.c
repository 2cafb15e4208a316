#include "tests/unit/md_test.h"

#include <lauxlib.h>

#include "engine/base/time.h"
#include "engine/sandbox.h"

#include <time.h>

struct script {
    const char *path;
    struct md_str text;
    bool is_true; /* what it returned */
};

static int run_script(lua_State *L)
{
    struct script *script = lua_touserdata(L, 1);

    md_sandbox_compile(L, script->path, script->text, (struct md_str){0});
    lua_call(L, 0, 1);
    script->is_true = lua_toboolean(L, -1);
    return 1;
}

static enum md_call run(struct md_sandbox *sandbox, const struct md_budget *budget, const char *text, bool *ret_is_true)
{
    struct script script = {"things/box.lua", md_str(text), false};
    enum md_call call = md_sandbox_run(sandbox, budget, run_script, &script);

    if (ret_is_true != NULL)
        *ret_is_true = script.is_true;
    return call;
}

static double seconds(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void hostile_rules_end_in_time_and_are_told_apart(void **state)
{
    static const struct {
        const char *says, *text;
        enum md_call want;
        const char *message; /* part of it */
    } cases[] = {
        {"an endless loop ends", "while true do end", MD_CALL_INSTRUCTIONS, "does not end"},
        {"an endless recursion ends", "local function f() return 1 + f() end return f()", MD_CALL_MEMORY, ""},
        {"pcall cannot be used to survive", "pcall(function() while true do end end)", MD_CALL_BLOCKED, "pcall"},
        {"nor can a coroutine", "coroutine.wrap(function() while true do end end)()", MD_CALL_BLOCKED, "coroutine"},
        {"many optional items are refused", "return ('a'):rep(26):find(('a?'):rep(26) .. ('a'):rep(26))",
         MD_CALL_RULE_ERROR, "too long"},
        {"four unbounded items are refused", "return ('a'):rep(150):find('.-.-.-.-b')", MD_CALL_RULE_ERROR, "too long"},
        {"three unbounded items are refused in match", "return ('a'):match('^.-.-.-b')", MD_CALL_RULE_ERROR,
         "too long"},
        {"they are refused in gsub", "return ('a'):gsub('.-.-b', '')", MD_CALL_RULE_ERROR, "too long"},
        {"they are refused in gmatch", "return ('a'):gmatch('.-.-b')", MD_CALL_RULE_ERROR, "too long"},
        {"an item hidden behind a set is seen", "return ('a'):match('[]a]*[^]]*b')", MD_CALL_RULE_ERROR, "too long"},
        {"balanced items count", "return ('a'):match('%b()%b()')", MD_CALL_RULE_ERROR, "too long"},
        {"patterns are refused on long texts", "return ('a'):rep(5000):find('b')", MD_CALL_RULE_ERROR, "4096 bytes"},
        {"long repetition is refused", "return ('x'):rep(2^30)", MD_CALL_RULE_ERROR, "string.rep"},
        {"so is that of a separator", "return ('x'):rep(1000, ('y'):rep(1000))", MD_CALL_RULE_ERROR, "string.rep"},
        {"a text that doubles ends", "local s = 'x' while true do s = s .. s end", MD_CALL_MEMORY, "memory"},
        {"a table that grows ends", "local t = {} while true do t[#t + 1] = {} end", MD_CALL_MEMORY, "memory"},
        {"a slow search in a loop ends", "local s = ('a'):rep(4000) for i = 1, 1e6 do s:find('.-b') end", MD_CALL_TIME,
         "longer"},
        {"a slow iterator ends", "local s = ('a'):rep(4000) for i = 1, 1e6 do for _ in s:gmatch('[ab]-c') do end end",
         MD_CALL_TIME, "longer"},
        {"a table as error is no text", "error({})", MD_CALL_RULE_ERROR, "no text"},
        {"nil as error is nothing", "error()", MD_CALL_RULE_ERROR, "raised nothing"},
        {"an error has its own words", "error('the box is too small')", MD_CALL_RULE_ERROR, "the box is too small"},
        {"a syntax error is a rule error", "return return", MD_CALL_RULE_ERROR, "near 'return'"},
        {"bytecode is refused", "\x1bLua", MD_CALL_RULE_ERROR, "binary chunk"},
        {"a global cannot be made", "thing = 1", MD_CALL_RULE_ERROR, "thing is assigned"},
        {"a misspelt name is told", "return thnig.size", MD_CALL_RULE_ERROR, "no name thnig"},
        {"the library is read-only", "string.find = nil", MD_CALL_RULE_ERROR, "read-only"},
        {"also for the functions of tables", "table.insert(math, 1)", MD_CALL_RULE_ERROR, "read-only"},
        {"dump is blocked as a function", "return string.dump(function() end)", MD_CALL_BLOCKED, "string.dump"},
        {"dump is blocked as a method", "return ('x'):dump()", MD_CALL_BLOCKED, "string.dump"},
        {"files are out of reach", "return io.open('/etc/passwd')", MD_CALL_BLOCKED, "io"},
        {"so is the clock", "return os.time()", MD_CALL_BLOCKED, "os"},
        {"so are metatables", "return setmetatable({}, {})", MD_CALL_BLOCKED, "setmetatable"},
        {"so is loading", "return load('return 1')", MD_CALL_BLOCKED, "load"},
        {"so are random numbers", "return math.random()", MD_CALL_RULE_ERROR, "nil"},
        {"addresses do not get into texts", "return string.format('%s', {})", MD_CALL_RULE_ERROR, "formatted"},
        {"moving a million slots is not there", "return table.move({}, 1, 1e9, 2)", MD_CALL_RULE_ERROR, "nil"},
    };
    struct md_sandbox *sandbox = md_sandbox_new();
    struct md_budget budget = {4 * 1024 * 1024, 5 * 1000 * 1000, 300 * 1000};
    size_t i;

    (void)state;
    for (i = 0; i < MD_ROWS(cases); i++) {
        double began = seconds();
        enum md_call got = run(sandbox, &budget, cases[i].text, NULL);

        md_test_case(i, cases[i].says);
        md_want_int("outcome", got, cases[i].want);
        if (md_str_find(md_str(md_sandbox_says(sandbox)), md_str(cases[i].message)) < 0)
            md_want_cstr("message", md_sandbox_says(sandbox), cases[i].message);
        md_want_true(seconds() - began < 3);
        md_want_int("stack", lua_gettop(md_sandbox_lua(sandbox)), 0);
    }
    md_want_true(md_str_find(md_str(md_sandbox_blocked_names(sandbox)), MD_LIT("pcall")) >= 0);
    md_sandbox_free(&sandbox);
}

static void plain_rules_work(void **state)
{
    static const struct {
        const char *says, *text;
    } cases[] = {
        {"methods of texts", "return ('abc'):upper() == 'ABC' and ('a,b'):find(',', 1, true) == 2"},
        {"an anchored pattern", "return ('key = value'):match('^(%w+)%s*=') == 'key'"},
        {"an iterator over words", "local n = 0 for w in ('a b c'):gmatch('%a+') do n = n + 1 end return n == 3"},
        {"replacing by a function", "return ('a b'):gsub('%a', function(c) return c .. c end) == 'aa bb'"},
        {"a repetition within the cap", "return #('ab'):rep(1000) == 2000 and ('a'):rep(-1) == ''"},
        {"sorting", "local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return t[1] == 3"},
        {"keys in a fixed order", "local s = '' for k in pairs({b = 1, a = 1, [2] = 1, [1] = 1, [true] = 1}) do s = s "
                                  ".. tostring(k) end return s == '12abtrue'"},
        {"a key that is removed on the way is left out",
         "local t, s = {a = 1, b = 1, c = 1}, '' for k in pairs(t) do s = s .. k t.b = nil end return s == 'ac'"},
        {"the library is listed as any table", "local n = 0 for k in pairs(utf8) do n = n + 1 end return n == 3"},
        {"formats", "return string.format('%5.1f|%s|%d', 1.25, 'x', 3) == '  1.2|x|3'"},
        {"a table has no address", "return tostring({}) == 'table' and tostring(1 == nil) == 'false'"},
        {"numbers", "return math.max(1, math.floor(2.5)) == 2 and tonumber('0x10') == 16"},
    };
    struct md_sandbox *sandbox = md_sandbox_new();
    bool is_true;
    size_t i;

    (void)state;
    for (i = 0; i < MD_ROWS(cases); i++) {
        enum md_call got = run(sandbox, &md_budget_call, cases[i].text, &is_true);

        md_test_case(i, cases[i].says);
        if (got != MD_CALL_OK)
            md_want_cstr("message", md_sandbox_says(sandbox), "");
        md_want_true(is_true);
    }
    md_sandbox_free(&sandbox);
}

static void an_error_has_its_place(void **state)
{
    static const struct {
        const char *says, *text;
        unsigned line;
    } cases[] = {
        {"a raised error is where it was raised", "local x = 1\nlocal y = 2\nerror('no')", 3},
        {"a syntax error is where it stands", "local x = 1\nlocal = 2", 2},
        {"an error in a library function is where it was called", "\n\n\nreturn ('x'):rep('y')", 4},
        {"a misspelt name is where it stands", "return 1,\n  nonsense", 2},
        {"a limit is where it was reached", "local x\nwhile true do\nx = 1\nend", 3},
    };
    struct md_sandbox *sandbox = md_sandbox_new();
    size_t i;

    (void)state;
    for (i = 0; i < MD_ROWS(cases); i++) {
        struct md_loc loc;

        md_test_case(i, cases[i].says);
        md_want_true(run(sandbox, &md_budget_call, cases[i].text, NULL) != MD_CALL_OK);
        loc = md_sandbox_place(sandbox);
        md_want_cstr("file", loc.file, "rules/things/box.lua");
        if (i == 4)
            md_want_true(loc.line >= 2 && loc.line <= 4);
        else
            md_want_int("line", loc.line, cases[i].line);
        md_want_true(strstr(md_sandbox_says(sandbox), "rules/") == NULL);
    }
    md_sandbox_free(&sandbox);
}

static int abandoning(lua_State *L)
{
    md_sandbox_abandon(L);
}

static int trying(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushboolean(L, md_sandbox_try(L, 0, 0));
    return 1;
}

static int install(lua_State *L)
{
    lua_pushcfunction(L, abandoning);
    md_sandbox_set_global(L, "abandon");
    lua_pushcfunction(L, trying);
    md_sandbox_set_global(L, "try");
    return 0;
}

static void abandonment_is_caught_by_C_alone(void **state)
{
    struct md_sandbox *sandbox = md_sandbox_new();
    bool is_true;

    (void)state;
    md_test_case(0, "abandonment");
    md_want_int("install", md_sandbox_run(sandbox, &md_budget_call, install, NULL), MD_CALL_OK);
    md_want_int("bare", run(sandbox, &md_budget_call, "abandon() return true", NULL), MD_CALL_ABANDONED);
    md_want_int("caught", run(sandbox, &md_budget_call, "return not try(abandon)", &is_true), MD_CALL_OK);
    md_want_true(is_true);
    md_want_int("not abandoned", run(sandbox, &md_budget_call, "return try(function() end)", &is_true), MD_CALL_OK);
    md_want_true(is_true);
    md_want_int("other errors go through", run(sandbox, &md_budget_call, "try(function()\nerror('oh')\nend)", NULL),
                MD_CALL_RULE_ERROR);
    md_want_cstr("their text", md_sandbox_says(sandbox), "oh");
    md_want_int("their place", md_sandbox_place(sandbox).line, 2);
    md_want_int("limits go through",
                run(sandbox, &md_budget_call, "try(function() while true do end end) return true", NULL),
                MD_CALL_INSTRUCTIONS);
    md_want_int("memory goes through",
                run(sandbox, &md_budget_call,
                    "try(function() local s = 'x' while true do s = s .. s end end) return true", NULL),
                MD_CALL_MEMORY);
    md_sandbox_free(&sandbox);
}

static void every_allocation_may_fail(void **state)
{
    static const char text[] = "local t = {} for i = 1, 20 do t[i] = ('x'):rep(i) .. i end\n"
                               "local s = table.concat(t) for k in pairs({a = 1, b = 2}) do s = s .. k end\n"
                               "return #s:gsub('x', 'yy') > 20 and try(function() local f = {} return f end)";
    struct md_sandbox *sandbox = md_sandbox_new();
    enum md_call call = MD_CALL_MEMORY;
    bool is_true = false;
    uint64_t n;

    (void)state;
    md_test_case(0, "the n-th allocation fails");
    md_want_int("install", md_sandbox_run(sandbox, &md_budget_call, install, NULL), MD_CALL_OK);
    for (n = 1; n < 10000 && call == MD_CALL_MEMORY; n++) {
        md_sandbox_fail_allocation(sandbox, n);
        call = run(sandbox, &md_budget_call, text, &is_true);
        md_want_int("stack", lua_gettop(md_sandbox_lua(sandbox)), 0);
    }
    md_sandbox_fail_allocation(sandbox, 0);
    md_want_int("at last it works", call, MD_CALL_OK);
    md_want_true(is_true && n > 20);
    md_sandbox_free(&sandbox);
}

static void budgets_are_per_run(void **state)
{
    struct md_sandbox *sandbox = md_sandbox_new();
    struct md_budget budget = {1024 * 1024, 100 * 1000, 1000 * 1000};
    int i;

    (void)state;
    for (i = 0; i < 200; i++) {
        md_test_case((size_t)i, "a run that stays within its budget");
        md_want_int(
            "outcome",
            run(sandbox, &budget, "local t = {} for i = 1, 15000 do t[i] = i end return #('x'):rep(60000)", NULL),
            MD_CALL_OK);
    }
    md_want_true(md_sandbox_bytes(sandbox) < (size_t)128 * 1024 * 1024);
    md_sandbox_free(&sandbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(hostile_rules_end_in_time_and_are_told_apart),
        MD_TEST(plain_rules_work),
        MD_TEST(an_error_has_its_place),
        MD_TEST(abandonment_is_caught_by_C_alone),
        MD_TEST(every_allocation_may_fail),
        MD_TEST(budgets_are_per_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
