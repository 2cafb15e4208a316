-- Which files there are, who may read and write them, what they include.

local REQUIRED = {
  { base = "imta.cnf" },
  { base = "mappings", tailor = "IMTA_MAPPING_FILE" },
  { base = "aliases", tailor = "IMTA_ALIAS_FILE" },
  { base = "job_controller.cnf", tailor = "IMTA_JBC_CONFIG_FILE" },
  { base = "dispatcher.cnf", tailor = "IMTA_DISPATCHER_CONFIG" },
  { base = "imta_tailor" },
}
-- Of the six so many must be there before one speaks of a directory in which others are missing.
local ENOUGH = 4

local COMPILED = { ["imta.cnf"] = true, ["option.dat"] = true, mappings = true, aliases = true, conversions = true }

local function folder(path) return #path < 1000 and path:match("^(.*[/:])[^/:]*$") or "" end

-- imta_tailor may send the MTA to another place, which is none of this directory.
local function is_elsewhere(file, config)
  local option = file.tailor and index(config.tailor, file.tailor)
  local path = option and option.value
  if not path then return false end
  if includes.base(path) ~= file.base then return true end
  local main, tables = index(config.tailor, "IMTA_CONFIG_FILE"), index(config.tailor, "IMTA_TABLE")
  local here = folder(path)
  if here == "" or here:upper() == "IMTA_TABLE:" then return false end
  if main and main.value then return folder(main.value) ~= here end
  if tables and tables.value then return tables.value ~= here end
  return false
end

check "file.missing-required" {
  title    = "a file that the MTA needs is missing",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "the MTA does not come up without these files; without job_controller.cnf the Job Controller does not start and nothing is delivered",
  fix      = "take the file from a backup or from another host of the same role, or let `configure` make it again",
  cites    = "[doc A1] Reference Manual 5.2, chapter 5; [doc P12] PMDF System Manager's Guide, Job Controller",
  bad      = "a configuration directory without job_controller.cnf",
  good     = "imta.cnf, mappings, aliases, job_controller.cnf, dispatcher.cnf and\nimta_tailor side by side",
  test     = function(config)
    if not config.is_whole or config.unified then return end
    local n, place = 0, nil
    local function is_here(file) return config.read[file.base] or index(config.unreadable, file.base) end
    for _, file in ipairs(REQUIRED) do
      if is_here(file) then n = n + 1 end
    end
    if n < ENOUGH or n == #REQUIRED then return end
    for _, file in each(config.file) do
      if file.kind == "imta.cnf" and file.base == "imta.cnf" then
        place = file
        break
      end
    end
    for _, file in ipairs(REQUIRED) do
      if place and not is_here(file) and not is_elsewhere(file, config) then
        -- Those who keep their own files only often leave out what the installer writes.
        found(place, "there is no " .. file.base .. " beside this file", { severity = file.base == "imta_tailor" and "info" or "error" })
      end
    end
  end,
}

local SPLICES = { ["imta.cnf"] = true, mappings = true, aliases = true, ["dispatcher.cnf"] = true }

-- Names of the files that were read; a misspelt path is near one of them.
local function names(config)
  local list = {}
  for _, file in each(config.file) do
    if file.base then table.insert(list, file.base) end
  end
  return list
end

-- Whether the path leads into the directory that is looked at: only then is it known that the file is missing.
local function leads_here(path, config)
  local here = folder(path)
  local option = index(config.tailor, "IMTA_TABLE")
  if here:upper() == "IMTA_TABLE:" then return true end
  if option and option.value then return option.value == here end
  return here:match("/config/$") ~= nil
end

check "file.include-missing" {
  title    = "an included file is not there",
  severity = "error", over = "include",
  why      = "the MTA stops reading its configuration at an include file that it cannot open, and none of its programs starts with the new configuration",
  fix      = "correct the path or put the file there, then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc T1] Administration Guide 6.3, 26.4.1",
  bad      = "</opt/msg/config/internet.rulez",
  good     = "<IMTA_TABLE:internet.rules",
  test     = function(include, config)
    local path = include.path
    if not path or include.is_read or not include.is_absolute or not SPLICES[include.file_kind] then return end
    if not config.is_whole or config.unified or index(config.unreadable, includes.base(path)) then return end
    for _, fault in each(config.fault) do -- few: it is not read because it is too deep
      if fault.kind == "include-too-deep" and fault.text == path then return end
    end
    local base, is_here = includes.base(path), leads_here(path, config)
    local hint = is_here and near(base, names(config)) or ""
    if hint == "" then hint = near(base, { "internet.rules" }) end
    if includes.is_shipped(path) then
      found(include, "the file " .. text(path) .. " is not here, so what it holds is not checked", {
        severity = "info",
        fix = "put a copy of the product's file beside the others if it shall be checked, too; on the host itself it must be there",
      })
    elseif hint ~= "" or is_here then
      found(include, "the file " .. text(path) .. " is not there" .. hint)
    end
  end,
}

check "file.include-too-deep" {
  title    = "files are included more than three levels deep",
  severity = "error", over = "fault",
  why      = "includes may be nested three levels deep; the MTA does not read what lies deeper, nor files that include each other",
  fix      = "put the lines of the inner file into the outer one, then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc A3] Administration Reference 6.3, imta.cnf; [doc A5] Administration Reference 6.3, alias file",
  bad      = "imta.cnf includes a.rules, this b.rules, this c.rules, and this d.rules",
  good     = "imta.cnf includes a.rules and b.rules",
  test     = function(fault)
    if fault.kind == "include-too-deep" then
      found(fault, "the file " .. text(fault.text or "") .. " is included at the fourth level")
    end
  end,
}

check "file.include-relative-path" {
  title    = "an included file has no full path",
  severity = "warning", over = "include",
  why      = "a full path is asked for; a relative one depends on the directory that each program happens to run in",
  fix      = "write the path from the root (/var/opt/SUNWmsgsr/config/...) or behind IMTA_TABLE:, then `imsimta cnbuild`",
  cites    = "[doc A3] Administration Reference 6.3, imta.cnf",
  bad      = "<internet.rules",
  good     = "</var/opt/SUNWmsgsr/config/internet.rules",
  test     = function(include)
    if include.path and not include.is_absolute and SPLICES[include.file_kind] then
      found(include, "the path " .. text(include.path) .. " is relative")
    end
  end,
}

local function has_bit(mode, bit) return mode // bit % 2 == 1 end
local function octal(mode) return string.format("%04o", mode) end

check "file.not-world-readable" {
  title    = "a file of the MTA cannot be read by everybody",
  severity = "error", over = "file",
  why      = "programs of the MTA that run under other users must read these files; where they cannot, the MTA fails in unexpected ways",
  fix      = "chmod o+r on this file (never on xpass.xml or on files with secrets); nothing must be restarted",
  cites    = "[doc A1] Reference Manual 5.2, chapter 5",
  bad      = "-rw------- imta.cnf",
  good     = "-rw-r--r-- imta.cnf",
  test     = function(file, config)
    if config.has_modes and file.mode and COMPILED[file.kind] and not has_bit(file.mode, 4) then
      found(file, "others may not read this file: its mode is " .. octal(file.mode))
    end
  end,
}

check "file.world-writable" {
  title    = "everybody may change a file of the configuration",
  severity = "warning", over = "file",
  why      = "anybody with a login could send mail another way, or name a program of his own that the Job Controller then runs",
  fix      = "chmod o-w on this file; nothing must be restarted",
  cites    = "[inferred] from what the files command",
  bad      = "-rw-rw-rw- mappings",
  good     = "-rw-r--r-- mappings",
  test     = function(file, config)
    if config.has_modes and file.mode and has_bit(file.mode, 2) then
      found(file, "everybody may write to this file: its mode is " .. octal(file.mode))
    end
  end,
}

check "file.compiled-config-stale" {
  title    = "the compiled configuration is older than its sources",
  severity = "warning", over = "config", needs = { "imta.cnf" },
  why      = "where a compiled configuration is in use the MTA looks at that alone, so the changes made since are not in force",
  fix      = "`imsimta cnbuild`, then `imsimta reload` for mappings and aliases, `imsimta restart smtp` for imta.cnf, option.dat and conversions",
  cites    = "[doc A6] Administration Reference 6.3, imsimta cnbuild; [doc T4] Administration Guide 6.3, 26.3",
  bad      = "imta.cnf of 10:15, config_data of 09:50",
  good     = "config_data is newer than all of its sources",
  test     = function(config)
    local newer = config.facts and config.facts.config_newer_by
    if not newer or newer <= 0 or config.unified then return end
    local newest, first
    for _, file in each(config.file) do
      if COMPILED[file.kind] then
        first = first or file
        if file.mtime and (not newest or file.mtime > newest.mtime) then newest = file end
      end
    end
    newest = newest or first
    if newest then
      found(newest, "the sources were changed " .. dur(newer) .. " after the compiled configuration (config_data) was made")
    end
  end,
}
