-- The conversion channel: its file and the mapping that leads to it.
local compile = "; then `imsimta cnbuild` and `imsimta restart smtp`"

local function clause(entry, name)
  for _, one in each(entry.clauses) do
    if one.name == name then return one end
  end
  return nil
end

check "conversion.missing-semicolon" {
  title    = "a clause of a conversion entry does not end with a semicolon",
  severity = "error", over = "fault", needs = { "conversions" },
  why      = "a line without a semicolon at its end ends the entry, so the clauses behind it belong to none",
  fix      = "end every line but the last of an entry with a semicolon" .. compile,
  cites    = "[doc C2] Administration Guide 6.3, 13.5.3",
  bad      = "in-type=text; in-subtype=html\n  command=\"/opt/site/bin/plain 'INPUT_FILE' 'OUTPUT_FILE'\"",
  good     = "in-type=text; in-subtype=html;\n  command=\"/opt/site/bin/plain 'INPUT_FILE' 'OUTPUT_FILE'\"",
  hides    = { "conversion.no-in-type" },
  test     = function(fault)
    if fault.file_kind ~= "conversions" then return end
    if fault.kind == "missing-semicolon" then
      found(fault, "a clause does not end with a semicolon, and the entry goes on")
    elseif fault.kind == "no-clause" then
      found(fault, fault.text and text(fault.text) .. " is no NAME=value" or "a part of the entry is no NAME=value")
    end
  end,
}

check "conversion.no-in-type" {
  title    = "a conversion entry names no type",
  severity = "warning", over = "conversion", needs = { "conversions" },
  why      = "in-type is what an entry is chosen by; without it the entry matches nothing",
  fix      = "add in-type=*; in-subtype=*; to the entry, or the type that is meant" .. compile,
  cites    = "[doc W14] conversion entries",
  bad      = "out-chan=ims-ms; command=\"/opt/site/bin/scan 'INPUT_FILE'\"",
  good     = "out-chan=ims-ms; in-type=*; in-subtype=*;\n  command=\"/opt/site/bin/scan 'INPUT_FILE'\"",
  test     = function(entry)
    if count(entry.clauses) == 0 or clause(entry, "in-type") then return end
    if clause(entry, "service-command") and not clause(entry, "command") then return end -- of SERVICE-CONVERSIONS: for whole messages
    local misspelt = ""
    for _, one in each(entry.clauses) do
      if misspelt == "" and one.name ~= "in-subtype" and one.name ~= "out-type" then misspelt = near("in-type", { one.name }) end
    end
    found(entry, "the entry has no in-type" .. misspelt)
  end,
}

-- An entry that sends mail through the conversion channel. "Yes", "YES,Channel=..."; "No" does not, and what is looked up may.
local function converts(entry)
  return entry.may_fail or (entry.template or ""):lower():find("yes", 1, true) ~= nil
end

check "conversion.mapping-missing" {
  title    = "the file of conversions and the mapping CONVERSIONS do not belong together",
  severity = "warning", over = "config", needs = { "mappings" },
  why      = "without an entry of CONVERSIONS no mail comes to the conversion channel, and without the file mail goes through it for nothing",
  fix      = "add to mappings a table CONVERSIONS with an entry such as  IN-CHAN=*;OUT-CHAN=ims-ms;CONVERT  Yes  , or remove what is not used"
             .. "; then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc M5] Administration Guide 6.2, 13.5",
  bad      = "(conversions has entries, mappings no CONVERSIONS)",
  good     = "CONVERSIONS\n\n  IN-CHAN=*;OUT-CHAN=ims-ms;CONVERT  Yes",
  test     = function(config)
    if not access.is_read_whole(config, "mappings") then return end
    local used, no
    for _, name in ipairs { "CONVERSIONS", "CONVERSION" } do
      local table = index(config.tables, name)
      for _, entry in each(table and table.entries) do
        if converts(entry) then used = used or entry else no = no or entry end
      end
    end
    if config.read.conversions then
      local first
      for _, entry in each(config.conversion) do
        if not clause(entry, "service-command") then first = first or entry end
      end
      if first and not used then
        found(no or first, no and "no entry of CONVERSIONS says Yes, so the entries of conversions are never used"
          or "there are conversions, and no table CONVERSIONS" .. near("CONVERSIONS", config.tables):gsub("; did you mean (.*)%?", " (but a table %1)")
             .. " sends mail to them")
      end
    elseif used and config.is_whole and not (config.tailor and config.tailor.IMTA_CONVERSION_FILE) then
      found(used, "the entry sends mail to the conversion channel, and there is no file conversions")
    end
  end,
}
