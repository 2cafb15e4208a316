-- Mistakes of form in mappings, which the parser finds.
local reload = "; then `imsimta cnbuild` and `imsimta reload` (a change of PORT_ACCESS: `imsimta restart dispatcher`)"

local function form(id, kinds, declaration)
  declaration.severity, declaration.over, declaration.needs = "error", "fault", { "mappings" }
  declaration.fix = declaration.fix .. reload
  declaration.test = function(fault)
    local says = fault.file_kind == "mappings" and kinds[fault.kind]
    if says then found(fault, says(text(fault.text or ""))) end
  end
  check(id)(declaration)
end

form("mapping.missing-blank-after-name", {
  ["no-blank-after-table-name"] = function(name) return "no blank line follows the table name " .. name end,
}, {
  title = "no blank line follows the name of a mapping table",
  why   = "the blank line after the name is part of the form of a mapping table; without it the entries are not read as its entries",
  fix   = "put an empty line between the name of the table and its first entry",
  cites = "[doc P4] PMDF System Manager's Guide 5.2; [doc G5] Administration Guide 6.3, 10.3.1",
  bad   = "INTERNAL_IP\n  127.0.0.1  $Y",
  good  = "INTERNAL_IP\n\n  127.0.0.1  $Y",
})

form("mapping.unindented-entry", {
  ["unindented-entry"] = function(what) return "the entry " .. what .. " begins in column 1, where names of tables stand" end,
  ["entry-outside-table"] = function(what) return what .. " stands before the name of the first table" end,
}, {
  title = "an entry of a mapping table is not indented",
  why   = "what begins in column 1 is read as the name of a table: the entry is lost, and so are those below it",
  fix   = "put blanks before the entry",
  cites = "[doc T1] Administration Guide 6.3, 26.4.1 (duplicate mapping name found, mapping name is too long)",
  bad   = "tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
  good  = "  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
})

form("mapping.blank-line-in-table", {
  ["blank-line-in-table"] = function(what) return "a blank line before this entry (" .. what .. ") ended its table" end,
}, {
  title = "a blank line stands inside a mapping table",
  why   = "a blank line ends the table, so the entries behind it are lost",
  fix   = "remove the blank line, or write a line with a `!` in column 1 in its place",
  cites = "[doc P4] PMDF System Manager's Guide 5.2",
  bad   = "  192.0.2.10  $Y\n\n  *  $N",
  good  = "  192.0.2.10  $Y\n  *  $N",
})

form("mapping.unquoted-space", {
  ["entry-with-blanks"] = function(what) return "the entry has a third column (" .. what .. "): a blank inside a column is written `$ `" end,
  ["entry-without-template"] = function(what) return "the entry " .. what .. " has a pattern and no template" end,
}, {
  title = "an entry of a mapping table does not have two columns",
  why   = "blanks part the pattern from the template; one that belongs to either of them has to be written with a dollar sign before it",
  fix   = "write `$ ` for each blank inside pattern or template",
  cites = "[doc P4] PMDF System Manager's Guide 5.2",
  bad   = "  tcp_local|*|tcp_local|*  $NRelaying not permitted",
  good  = "  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
})
