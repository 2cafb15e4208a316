-- ics.conf of Calendar Server: how it is written, and what keeps its databases sound.
local restart = "; then restart Calendar Server"

local function is_off(p)
  local value = p and p.value and p.value:lower()
  return value == "no" or value == "n" or value == "0" or value == "off" or value == "false"
end

local function active(config, name)
  local p = index(config.parameters, name)
  if p and not p.is_comment then return p end
  return nil
end

local function is_on(p) return p ~= nil and p.flag == true end

local function ics_file(config)
  for _, file in each(config.file) do
    if file.kind == "ics.conf" then return file end
  end
  return nil
end

check "ics.key-not-lowercase" {
  title    = "a parameter has capitals in its name",
  severity = "error", over = "parameter", needs = { "ics.conf" },
  why      = "names are in lower case only; one with capitals is another name, which nobody reads",
  fix      = "write the name in lower case" .. restart,
  cites    = "[doc I1] Calendar Server 6 Administration Guide, appendix E",
  bad      = "Service.http.port = \"80\"",
  good     = "service.http.port = \"80\"",
  test     = function(p)
    if p.has_capitals and not p.is_comment then found(p, "the name " .. text(p.name) .. " has capitals") end
  end,
}

-- Mistakes of form that the parser finds; those of quotation marks are with the parameter.
local forms = { ["no-value"] = true, ["text-after-value"] = true, ["no-option"] = true }

check "ics.value-not-quoted" {
  title    = "a value is not in double quotes",
  severity = "error", over = "config", needs = { "ics.conf" },
  why      = "the value of a parameter, also one of several parts, stands in one pair of double quotes",
  fix      = "write name = \"value\"" .. restart,
  cites    = "[doc I1] Calendar Server 6 Administration Guide, appendix E",
  bad      = "service.http.port = 80",
  good     = "service.http.port = \"80\"",
  test     = function(config)
    for _, fault in each(config.fault) do
      if fault.file_kind == "ics.conf" and forms[fault.kind] then
        found(fault, text(fault.says) .. (fault.text and " (" .. text(fault.text) .. ")" or ""))
      end
    end
    for _, p in each(config.parameter) do
      if not p.is_comment and p.name and p.value then
        if p.quotes == "open" then
          found(p, "the value of " .. text(p.name) .. " has no closing quotation mark")
        elseif p.quotes == "double" and p.value:find('"', 1, true) then
          found(p, "the value of " .. text(p.name) .. " has more than one pair of quotation marks")
        elseif p.quotes == "single" or p.quotes == "none" then
          found(p, "the value of " .. text(p.name) .. " is " .. (p.quotes == "single" and "in single quotes" or "not in double quotes"))
        end
      end
    end
  end,
}

check "ics.duplicate-key" {
  title    = "a parameter is set twice",
  severity = "warning", over = "parameter", needs = { "ics.conf" },
  why      = "the last one holds; whoever changes the other wonders why nothing happens",
  fix      = "keep one of them, or make the earlier one a comment with `!`" .. restart,
  cites    = "[doc I1] Calendar Server 6 Administration Guide, appendix E",
  bad      = "caldb.calmaster = \"a@example.com\"\ncaldb.calmaster = \"b@example.com\"",
  good     = "!!caldb.calmaster = \"a@example.com\"\ncaldb.calmaster = \"b@example.com\"",
  test     = function(p)
    if p.repeated and not p.is_comment then found(p, text(p.name) .. " is set a second time, and this is the one that holds") end
  end,
}

-- What was meant by a name that nobody knows, or nil.
local function meant(p, config)
  if p.misprint_of then return p.misprint_of end
  if p.def or not p.name then return nil end
  local names = config.option_names and index(config.option_names, "ics.conf")
  local name = near(p.name, names):match("did you mean ([^?]*)%?")
  return name and name:gsub("%d", "") ~= p.name:gsub("%d", "") and name or nil
end

check "ics.misspelt-parameter" {
  title    = "a parameter has a misspelt name, or quotation marks of a word processor",
  severity = "warning", over = "parameter", needs = { "ics.conf" },
  why      = "Calendar Server ignores a name that it does not know, and the default stays in force; guides print some names wrongly",
  fix      = "correct the line" .. restart,
  cites    = "[doc I1] Calendar Server 6 Administration Guide, appendix E; [inferred] from its misprints",
  bad      = "caldb.berkeley.circularlogging = \"no\"",
  good     = "caldb.berkeleydb.circularlogging = \"no\"",
  test     = function(p, config)
    if p.is_comment or p.has_capitals then return end
    local name = meant(p, config)
    if name then
      found(p, text(p.name) .. " is no parameter; did you mean " .. name .. "?")
    elseif p.quotes == "typographic" then
      found(p, "the value of " .. text(p.name) .. " is in typographic quotation marks, not in double quotes")
    end
  end,
}

check "ics.unknown-parameter" {
  title    = "a parameter is in none of the lists",
  severity = "info", over = "parameter", needs = { "ics.conf" },
  why      = "Calendar Server ignores what it does not know, so the line may have no effect",
  fix      = "look it up in the guide of the version, or remove the line",
  cites    = "[inferred] the lists of the guides are not complete",
  bad      = "local.site.flag = \"1\"",
  good     = "service.http.port = \"80\"",
  test     = function(p, config)
    if p.is_comment or p.has_capitals or p.def or not p.name or meant(p, config) then return end
    found(p, text(p.name) .. " is in none of the lists of parameters")
  end,
}

local backups = { "hotbackup", "archive" }

-- Somebody meant to set it, with a mistake that is told elsewhere.
local function is_meant(config, part)
  for _, p in each(config.parameter) do
    if not p.is_comment and p.name then
      local lower = p.name:lower()
      if lower:find(part, 1, true) and (p.has_capitals or meant(p, config)) then return true end
      if lower:find(part, 1, true) and p.quotes ~= "double" then return true end
    end
  end
  return false
end

check "ics.backup-not-configured" {
  title    = "the calendar databases are not backed up",
  severity = "warning", over = "file", needs = { "ics.conf" },
  why      = "without a backup a damaged database can only be rebuilt by `csdb rebuild`, with losses; one without a path is written to whatever folder is current",
  fix      = "set caldb.berkeleydb.hotbackup.enable and .archive.enable to \"yes\", and the path of both" .. restart,
  cites    = "[doc acacz] Calendar Server 6 Administration Guide, automatic backups",
  bad      = "caldb.berkeleydb.hotbackup.enable = \"yes\"",
  good     = "caldb.berkeleydb.hotbackup.enable = \"yes\"\ncaldb.berkeleydb.hotbackup.path = \"/backup/cal/hot\"",
  test     = function(file, config)
    if file.kind ~= "ics.conf" then return end
    local is_enabled = false
    for _, kind in ipairs(backups) do
      local enable, path = active(config, "caldb.berkeleydb." .. kind .. ".enable"), active(config, "caldb.berkeleydb." .. kind .. ".path")
      if is_on(enable) then
        is_enabled = true
        if not (path and path.value) and not is_meant(config, kind .. ".path") then
          found(enable, kind .. " is enabled and has no path", { severity = "error" })
        end
      end
    end
    if is_enabled or is_meant(config, "hotbackup.enable") or is_meant(config, "archive.enable") then return end
    found(active(config, "caldb.berkeleydb.hotbackup.enable") or active(config, "caldb.berkeleydb.archive.enable") or file,
          "neither hotbackup nor archive is enabled")
  end,
}

-- "/a//b/./" -> "/a/b"; nil for a path that is not absolute.
local function plain_path(path)
  if not path or path:sub(1, 1) ~= "/" then return nil end
  path = (path .. "/"):gsub("/%./", "/"):gsub("/+", "/")
  return path
end

local function relation(a, b)
  if a == b then return "the same folder as" end
  if a:sub(1, #b) == b then return "inside" end
  if b:sub(1, #a) == a then return "above" end
  return nil
end

check "ics.backup-same-disk" {
  title    = "a backup of the calendar databases lies in their folder, or in that of the other backup",
  severity = "error", over = "config", needs = { "ics.conf" },
  why      = "hot backup, archive and database have to be different folders, none inside another; a full or broken disk takes all of them",
  fix      = "give the backup a folder of its own, on another disk" .. restart,
  cites    = "[doc acacz] Calendar Server 6 Administration Guide, automatic backups",
  bad      = "caldb.berkeleydb.hotbackup.path = \"/var/opt/SUNWics5/csdb/hot\"",
  good     = "caldb.berkeleydb.hotbackup.path = \"/backup/cal/hot\"",
  test     = function(config)
    local home = active(config, "caldb.berkeleydb.homedir.path")
    local homes
    if home and home.value and home.value ~= "." then
      homes = { plain_path(home.value) }
    else
      homes = { "/var/opt/SUNWics5/csdb/", "/var/opt/sun/calendar/csdb/" } -- of Solaris and of Linux
    end
    local hot, archive = active(config, "caldb.berkeleydb.hotbackup.path"), active(config, "caldb.berkeleydb.archive.path")
    local is_told = false
    for _, p in ipairs { hot or false, archive or false } do
      local path = p and plain_path(p.value)
      for _, folder in ipairs(homes) do
        local says = path and relation(path, folder)
        if says then
          found(p, text(p.value) .. " is " .. says .. " the folder of the databases, " .. text(folder))
          is_told = true
        end
      end
    end
    local a, b = plain_path(hot and hot.value), plain_path(archive and archive.value)
    local says = a and b and relation(b, a)
    if says then found(archive, text(archive.value) .. " is " .. says .. " the folder of the hot backup, " .. text(hot.value)) end
    local seen = config.facts and config.facts.csdb
    if seen and seen.backup_same_disk and hot and hot.value and not is_told then
      found(hot, text(hot.value) .. " is on the file system of the databases", { severity = "warning" })
    end
  end,
}

check "ics.readonly-left-on" {
  title    = "the calendar databases are read-only",
  severity = "warning", over = "config", needs = { "ics.conf" },
  why      = "nothing can be added, changed or deleted; it is meant for the time of a repair",
  fix      = "remove the line" .. restart,
  cites    = "[doc acamq] Calendar Server 6 Administration Guide, read-only mode",
  bad      = "caldb.berkeleydb.readonly = \"yes\"",
  good     = "caldb.berkeleydb.readonly = \"no\"",
  test     = function(config)
    local p = active(config, "caldb.berkeleydb.readonly")
    if is_on(p) then found(p, "caldb.berkeleydb.readonly is on") end
  end,
}

-- A value that takes away what keeps the databases sound: what is said of it.
local switches = {
  { "service.admin.checkpoint", "warning", "nobody makes checkpoints: logs pile up, and a recovery takes long" },
  { "service.admin.deadlock", "warning", "nobody breaks deadlocks of the databases" },
  { "local.store.enable", "error", "csstored does not run, which looks after the databases and their backups" },
  { "local.caldb.deadlock.autodetect", "info", "db_deadlock does not watch the databases" },
  { "service.admin.diskusage", "info", "nobody watches the disk of the databases" },
}

check "ics.dangerous-value" {
  title    = "a value takes away what keeps the calendar databases sound",
  severity = "warning", over = "config", needs = { "ics.conf" },
  why      = "checkpoints, the removal of logs, the watch for deadlocks and csstored keep the databases sound and small",
  fix      = "set the documented value, or remove the line" .. restart,
  cites    = "[doc acarx, acarm] Calendar Server 6 Administration Guide, configuration parameters; [doc RN5] Release Notes",
  bad      = "caldb.berkeleydb.circularlogging = \"no\"",
  good     = "caldb.berkeleydb.circularlogging = \"yes\"",
  test     = function(config)
    local circular = active(config, "caldb.berkeleydb.circularlogging")
    if is_off(circular) and not is_on(active(config, "caldb.berkeleydb.hotbackup.enable")) and not is_on(active(config, "caldb.berkeleydb.archive.enable")) then
      found(circular, "caldb.berkeleydb.circularlogging is off and there is no automatic backup: logs are never removed", { severity = "error" })
    end
    for _, switch in ipairs(switches) do
      local p = active(config, switch[1])
      if is_off(p) then found(p, switch[1] .. " is off: " .. switch[3], { severity = switch[2] }) end
    end
    local store = active(config, "service.store.enable")
    if is_off(store) and at_least(config, "6.3") then found(store, "service.store.enable is off: csstored does not run", { severity = "error" }) end
    local port = active(config, "service.admin.port")
    if port and port.value and port.value ~= "0" then found(port, "service.admin.port is set, which the server does itself") end
    local master = active(config, "caldb.calmaster")
    if master and (not master.value or master.value:find("^%s*$")) then found(master, "caldb.calmaster is empty: nobody is told of problems", { severity = "info" }) end
    local seen = config.facts and config.facts.csdb
    if seen and seen.is_network then
      local home = active(config, "caldb.berkeleydb.homedir.path") or ics_file(config)
      found(home, "the databases are on a network file system" .. (seen.fs_type and " (" .. text(seen.fs_type) .. ")" or "")
        .. ", on which the library cannot lock them nor share its regions", { severity = "error", fix = "move the folder of the databases to a local disk while all is stopped" .. restart })
    end
    for _, p in each(config.parameter) do
      if not p.is_comment and p.name and p.value and p.name:find("^caldb%.dwp%.server%.") and (p.name:find("%.ip$") or p.name:find("%.default$")) and p.value:find("^%d[%d.]+$") then
        found(p, text(p.name) .. " is an address (" .. text(p.value) .. "); the full name of the host is wanted")
      end
    end
  end,
}
