-- How lines are written: their length, what goes on over their end, what is a comment.

-- What a physical line may hold; of other files nobody says.
local function limit(line, config)
  local kind = line.file_kind
  if kind == "imta.cnf" or kind == "conversions" then return 252 end
  if kind == "aliases" then return 1024 end
  if kind == "mappings" then return before(config, "6.0") and 252 or 4096 end
  return nil
end

check "file.line-too-long" {
  title    = "a line is longer than the MTA reads",
  severity = "warning", over = "long_line",
  why      = "what lies beyond the length of a physical line is cut off or refused",
  fix      = "break the line with \"\\\" at its end and go on in the next one, then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc A1] Reference Manual 5.2, chapter 5; [doc A5] Administration Reference 6.3, alias file; [doc G5] Administration Guide 6.3, 10.3.1",
  bad      = "a line of tcp_local with 400 characters",
  good     = "the same over two lines, the first of which ends with \"\\\"",
  test     = function(line, config)
    local most = limit(line, config)
    if most and not line.is_comment and line.length > most then
      found(line, "the line has " .. num(line.length) .. " characters, " .. num(most) .. " are read")
    end
  end,
}

-- The MTA's own files; what commands print and XML are no files of lines.
local OF_MTA = {
  ["imta.cnf"] = true, ["option.dat"] = true, ["job_controller.cnf"] = true, ["dispatcher.cnf"] = true, mappings = true,
  aliases = true, conversions = true, imta_tailor = true, channel_option = true,
}

check "file.dangling-continuation" {
  title    = "a line goes on where nothing follows",
  severity = "error", over = "fault",
  why      = "\"\\\" at the end of a line joins the next one to it; a blank line that shall end a block or a table is swallowed, and what follows with it",
  fix      = "take the \"\\\" away or write what it announces, then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc W5] Technical Reference wiki, ims-ms channel configuration; [doc G5] Administration Guide 6.3, 10.3.1; [doc A3] Administration Reference 6.3, imta.cnf",
  bad      = "tcp_local smtp mx \\, then a blank line",
  good     = "tcp_local smtp mx, then tcp-daemon",
  hides    = { "file.line-too-long" },
  test     = function(fault)
    if not OF_MTA[fault.file_kind] then return end
    if fault.kind == "dangling-continuation" then
      found(fault, "the line ends with \"\\\", but no line follows that it could go on in")
    elseif fault.kind == "missing-continuation" then
      found(fault, "the line begins with the keyword " .. text(fault.text or "") .. ", but the line above does not end with \"\\\"", {
        fix = "put \"\\\" at the end of the line above, then `imsimta cnbuild` and `imsimta restart smtp`",
      })
    elseif fault.kind == "blank-after-backslash" then
      found(fault, "blanks follow the \"\\\" at the end of the line, so it does not go on in the next one", {
        severity = "warning",
        fix = "take the blanks at the end of the line away, then `imsimta cnbuild` and `imsimta restart smtp`",
      })
    end
  end,
}

check "file.crlf-or-nonascii" {
  title    = "a file is no plain text of the MTA",
  severity = "warning", over = "fault",
  why      = "the files are ASCII with LF line ends; a line that holds a CR is not empty, so blocks and tables do not end where they seem to",
  fix      = "convert the file (`tr -d '\\015'`), write other characters in comments only, then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc A1] Reference Manual 5.2, chapter 5; [inferred] what a CR does",
  bad      = "lines that end with CR LF",
  good     = "lines that end with LF",
  test     = function(fault)
    if not OF_MTA[fault.file_kind] then return end
    if fault.kind == "carriage-returns" then
      found(fault, "lines of this file end with CR LF")
    elseif fault.kind == "strange-bytes" then
      found(fault, "the line holds bytes that are no printable ASCII characters")
    end
  end,
}

local ONLY_BANG = { ["imta.cnf"] = true, mappings = true, aliases = true }

check "file.misspelt-comment" {
  title    = "a comment is none",
  severity = "warning", over = "fault",
  why      = "in this file only \"!\" in the first column begins a comment; such a line is taken for a rule, a host, a table or an alias",
  fix      = "begin the line with \"!\" in the first column, then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc P6] PMDF System Manager's Guide, channel definitions",
  bad      = "# old rule",
  good     = "! old rule",
  test     = function(fault)
    if fault.kind == "misspelt-comment" and ONLY_BANG[fault.file_kind] then
      found(fault, "the line " .. text(fault.text or "") .. " is no comment: only \"!\" in the first column begins one")
    end
  end,
}
