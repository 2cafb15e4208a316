-- configutil and its like: names, the watch over disk and processes, debugging, what runs when.

-- Whether one name may be a misspelling of the other: the same number of words, and none that differs is a short one (imap, imta) or only
-- longer at its end (alias, aliases).
local function is_misspelling(name, other)
  if name:gsub("%.", "") == other:gsub("%.", "") then return true end
  local mine, theirs = {}, {}
  for word in name:gmatch("[^.]+") do table.insert(mine, word) end
  for word in other:gmatch("[^.]+") do table.insert(theirs, word) end
  if #mine ~= #theirs then return false end
  for i = 1, #mine do
    local a, b = mine[i], theirs[i]
    if a ~= b then
      if #a < 5 or #b < 5 or a:gsub("%d", "") == b:gsub("%d", "") then return false end
      if #a - #b > 1 and a:sub(1, #b) == b then return false end
      if #b - #a > 1 and b:sub(1, #a) == a then return false end
    end
  end
  return true
end

check "configutil.unknown-parameter" {
  title    = "a parameter has a misspelt name",
  severity = "warning", over = "config", needs = { "configutil" },
  why      = "`configutil -l` and edited files are held against no schema, so a misspelt name is kept and the setting is lost without a word",
  fix      = "set the right name, and delete the wrong one with `configutil -d`",
  cites    = "[doc K1] Administration Reference, configutil",
  bad      = "store.overquotstatus = on",
  good     = "local.store.overquotastatus = on",
  test     = function(config)
    local names, plain, full = config.option_names and index(config.option_names, "configutil"), {}, {}
    if not names then return end
    for _, name in each(names) do
      local bare = name:gsub("^local%.", "")
      table.insert(plain, bare)
      full[bare] = name
    end
    for _, one in each(config.setting) do
      if one.misprint_of then
        found(one, (one.as_written or one.name) .. " is no parameter; did you mean " .. one.misprint_of .. "?")
      elseif not one.def and not one.renamed and #one.name <= 200 then -- longer ones resemble none
        local bare = one.name:gsub("^local%.", ""):gsub(";.*$", "")
        local meant = near(bare, plain):match("did you mean ([^?]*)%?")
        if meant and is_misspelling(bare, meant) then
          found(one, (one.as_written or one.name) .. " is no parameter; did you mean " .. full[meant] .. "?")
        end
      end
    end
  end,
}

check "store.disk-threshold" {
  title    = "the store does not watch its disk, or too early",
  severity = "warning", over = "config", needs = { "configutil" },
  why      = "a store that runs into a full disk may be damaged; one that stops deliveries too early makes queues",
  fix      = "switch checkdiskusage on and set diskusagethreshold to 95 to 99",
  cites    = "[recall] local.store.checkdiskusage, local.store.diskusagethreshold",
  bad      = "local.store.checkdiskusage = off",
  good     = "local.store.checkdiskusage = on\nlocal.store.diskusagethreshold = 99",
  test     = function(config)
    local watch, threshold = setting.get(config, "local.store.checkdiskusage"), setting.get(config, "local.store.diskusagethreshold")
    if setting.is_off(watch) then
      found(watch, "checkdiskusage is off: the store does not stop deliveries before its disk is full")
    elseif threshold and threshold.number and (threshold.number < 80 or threshold.number > 99) then
      found(threshold, "diskusagethreshold is " .. num(threshold.number) .. " %: " .. (threshold.number > 99 and "deliveries do not stop before the disk is full"
        or "deliveries stop long before the disk is full"))
    end
  end,
}

check "store.debug-log-level" {
  title    = "debugging was left on",
  severity = "warning", over = "setting", needs = { "configutil" },
  why      = "it fills the disk of the logs and makes the servers slow",
  fix      = "set the log level to Notice, delete the switches for debugging (`configutil -d`), and restart the service",
  cites    = "[seen R1, R2] scripts for debugging leave them",
  bad      = "logfile.imta.loglevel = Debug",
  good     = "logfile.imta.loglevel = Notice",
  test     = function(one)
    if one.is_overridden or not one.value then return end
    local last = one.name:match("([^.]+)$")
    if last == "loglevel" and one.value:lower() == "debug" then
      found(one, (one.as_written or one.name) .. " is Debug")
    elseif last == "ldaptrace" and one.number and one.number > 0 then
      found(one, (one.as_written or one.name) .. " is on")
    elseif last == "debugkeys" and one.value ~= "0" then
      found(one, (one.as_written or one.name) .. " is set (" .. text(one.value) .. ")")
    end
  end,
}

check "base.watcher-off" {
  title    = "nobody watches the processes",
  severity = "warning", over = "config", needs = { "configutil" },
  why      = "a Job Controller, Dispatcher or server that dies goes unnoticed",
  fix      = "switch local.watcher.enable (watcher.enable in the Unified Configuration) on, and `start-msg watcher`",
  cites    = "[recall] local.watcher.enable",
  bad      = "local.watcher.enable = 0",
  good     = "local.watcher.enable = 1",
  test     = function(config)
    for _, name in ipairs { "local.watcher.enable", "base.watcher.enable" } do
      local one = setting.get(config, name)
      if setting.is_off(one) then found(one, (one.as_written or one.name) .. " is off"); return end
    end
  end,
}

check "base.alarm-off" {
  title    = "nobody is told that a disk is full",
  severity = "info", over = "config", needs = { "configutil" },
  why      = "an interval of 0 switches the alarm off",
  fix      = "set alarm.diskavail.msgalarmstatinterval to 3600",
  cites    = "[doc K2] configutil parameters",
  bad      = "alarm.diskavail.msgalarmstatinterval = 0",
  good     = "alarm.diskavail.msgalarmstatinterval = 3600",
  test     = function(config)
    for _, one in each(config.setting) do
      if one.name:find("diskavail", 1, true) and one.name:find("statinterval", 1, true) and one.number == 0 and not one.is_overridden then
        found(one, (one.as_written or one.name) .. " is 0: there is no alarm for full disks")
      end
    end
  end,
}

-- Fields of a crontab line: name, lowest, highest.
local fields = { { "minute", 0, 59 }, { "hour", 0, 23 }, { "day", 1, 31 }, { "month", 1, 12 }, { "day of the week", 0, 6 } }

-- "*", "5", "1-5", "*/5", "1-5/2"; what is wrong with it, or nil.
local function wrong_item(item, low, high)
  local range, step = item
  if item:find("/", 1, true) then
    range, step = item:match("^([^/]*)/(%d+)$")
    if not range or tonumber(step) == 0 then return "is no step" end
  end
  if range == "*" then return nil end
  if range:find("^%a%a%a$") then return nil end -- names of days and months: nobody says that they do not work
  local first, last = range:match("^(%d+)%-(%d+)$")
  first = first or range:match("^%d+$")
  if not first then return "is no number, range or *" end
  first, last = tonumber(first), tonumber(last or first)
  if first < low or last > high then return "is not " .. num(low) .. " to " .. num(high) end
  if first > last then return "ends before it begins" end
  return nil
end

local function wrong_crontab(crontab)
  local n = 0
  for word in crontab:gmatch("[^%s]+") do
    n = n + 1
    local field = fields[n]
    if not field then return nil end
    if word:sub(1, 1) == "," or word:sub(-1) == "," or word:find(",,", 1, true) then return "the " .. field[1] .. " " .. text(word) .. " has an empty part" end
    for item in word:gmatch("[^,]+") do
      local says = wrong_item(item, field[2], field[3])
      if says then return "the " .. field[1] .. " " .. text(word) .. " " .. says end
    end
  end
  if n < #fields then return "there are " .. num(n) .. " fields of time where five are wanted" end
  return nil
end

check "schedule.bad-crontab" {
  title    = "a scheduled task has a time that cannot be read",
  severity = "error", over = "task", needs = { "configutil" },
  why      = "the scheduler does not run it: without the return job, say, old mail is never returned",
  fix      = "write minute hour day month weekday command, such as 30 0 * * * lib/return_job, and `refresh sched`",
  cites    = "[doc K4] Administration Guide 6.3, 4.6",
  bad      = "local.schedule.return_job = 30 24 * * * lib/return_job",
  good     = "local.schedule.return_job = 30 0 * * * lib/return_job",
  test     = function(task)
    if not task.crontab then return end
    local says = task.crontab:find("^@") and "the scheduler knows no " .. text(task.crontab) or wrong_crontab(task.crontab)
    if not says and not task.command then says = "there is no command behind the five fields of time" end
    if says then found(task, "the task " .. text(task.name) .. ": " .. says) end
  end,
}
