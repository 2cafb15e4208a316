-- The rule base is run by engine/sandbox with this vocabulary and nothing else (docs/rules.md): `luacheck rules` finds every
-- name that is not part of it.
std = {
  read_globals = {
    -- what a topic file declares
    "finding", "cause", "remedy", "check", "question", "look", "symptom",
    -- ways on without a fact
    "known", "any", "all", "value", "failed", "scope_name",
    -- what checks have beside it (docs/checks.md)
    "found", "each", "count", "index", "near", "same_name", "at_least", "before",
    -- texts
    "pct", "num", "dur", "text", "command",
    -- what is left of the language
    "assert", "error", "ipairs", "next", "pairs", "select", "tonumber", "tostring", "type",
    math = { fields = { "abs", "ceil", "floor", "fmod", "huge", "log", "max", "maxinteger", "min", "mininteger", "pi", "sqrt",
                        "tointeger", "type" } },
    string = { fields = { "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse", "sub",
                          "upper" } },
    table = { fields = { "concat", "insert", "remove", "sort", "unpack" } },
  },
}
-- the files of rules/lib: their tables are visible under the files' names
for name in io.popen("ls rules/lib"):lines() do
  table.insert(std.read_globals, (name:gsub("%.lua$", "")))
end
max_line_length = false
unused_args = false    -- a predicate gets its handle whether it needs it or not
