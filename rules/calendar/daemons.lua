-- The daemons of the calendar: who is missing, who dies at what, and who may not read the files.

local says_itself = thresholds.says_itself
local here = calendar.has_csdb

-- Where the library refuses the environment, nobody wonders that a daemon is not there.
local function may_run(h) return here(h) and not csdb.refuses(h) end

-- csadmind ended abnormally, or starts again and again.
local function csadmind_dies(h)
  local p = h:process("csadmind")
  return any { function() return p.crashes > 0 end, function() return p.starts_1h >= thresholds.calendar_starts end,
               function() return not csdb.refuses(h) and p.count == 0 and h.cal_running > 0 end }
end

local function has_session_errors(h) return here(h) and h.cal_session_errors > 0 end

---------------------------------------------------------------- findings: csadmind and its queues

finding "host.csadmind-dies" {
  title = "csadmind dies, or is missing while others run",
  scope = "host", group = "processes-csadmind", leak = says_itself, where = here,
  test  = csadmind_dies,
  says  = "csadmind ended abnormally, starts again and again, or is missing while others run",
  cites = "domain/calendar-db CAL-14, CAL-15",
}

finding "host.calendar-gse-errors" {
  title = "csadmind logs errors of the group scheduling engine",
  scope = "host", group = "server-logs-gse", leak = "rarely", where = here,
  test  = function(h) return h.cal_gse_errors > 0 end,
  says  = function(h) return num(h.cal_gse_errors) .. " lines of csadmind are errors of the group scheduling engine" end,
  cites = "domain/calendar-db CAL-14",
}

finding "host.calendar-gse-in-stack" {
  title = "csadmind's stack ends in the group scheduling engine",
  scope = "host", group = "tools-stack-gse", leak = says_itself, where = here,
  test  = function(h) return h.cal_stack:count("gse") > 0 end,
  says  = "the stack of csadmind ends in functions of the group scheduling engine",
  cites = "domain/calendar-db CAL-14: GSE functions in pstack",
}

finding "host.calendar-gse-queue-stands" {
  title = "entries wait in the group scheduling queue while csadmind is gone",
  scope = "host", group = "tools-gse", leak = "rarely", where = here,
  test  = function(h) return h.cal_gse_entries > 0 and csadmind_dies(h) end,
  says  = function(h) return num(h.cal_gse_entries) .. " entries wait in the group scheduling queue" end,
  cites = "domain/calendar-db CAL-14: csschedule list",
}

finding "host.calendar-alarm-errors" {
  title = "csadmind logs errors about an alarm",
  scope = "host", group = "server-logs-alarm", leak = "rarely", where = here,
  test  = function(h) return h.cal_alarm_errors > 0 end,
  says  = function(h) return num(h.cal_alarm_errors) .. " lines of csadmind are errors about an alarm" end,
  cites = "domain/calendar-db CAL-15",
}

finding "host.calendar-alarm-in-stack" {
  title = "csadmind's stack ends in the dispatch of alarms",
  scope = "host", group = "tools-stack-alarm", leak = says_itself, where = here,
  test  = function(h) return h.cal_stack:count("alarm") > 0 end,
  says  = "the stack of csadmind ends in the dispatch of alarms",
  cites = "domain/calendar-db CAL-15: alarm functions in trace",
}

finding "host.calendar-alarm-queue-stops" {
  title = "dbrig stops at one entry of the alarm queue",
  scope = "host", group = "tools-alarm", leak = says_itself, where = here,
  test  = function(h) return h.cal_alarm_queue_stops end,
  says  = "dbrig stops at one entry of the alarm queue",
  cites = "domain/calendar-db CAL-15",
}

finding "host.calendar-alarm-file-good" {
  title = "the file of alarms is good",
  scope = "host", group = "csdb-file-alarms", leak = "usually", where = here,
  test  = function(h)
    local is = csdb.damage(h:database("ics50alarms.db"))
    if is == nil then return h:database("ics50alarms.db").verify == "ok" end
    return not is
  end,
  says  = "ics50alarms.db itself is good",
  cites = "domain/calendar-db CAL-15 against CAL-16",
}

finding "host.calendar-no-reminders" {
  title = "reminders do not come",
  scope = "host", group = "people-reminders", leak = "rarely", where = here,
  test  = function(h) return h.cal_reminders_missing end,
  says  = "reminders of events do not come",
  cites = "domain/calendar-db CAL-15",
}

---------------------------------------------------------------- findings: csstored, start

local function has_csstored_daemon(h) return here(h) and calendar.version(h) >= thresholds.first_csstored_daemon end

-- Others that use the databases. Where all of them are gone, too, csstored is no cause but one of those that something else ended.
local function others_run(h)
  for _, name in ipairs { "csadmind", "cshttpd", "csdwpd" } do
    if value(h:process(name), "count", 0) > 0 then return true end
  end
  return false
end

finding "host.no-csstored" {
  title = "csstored does not run while others that need it do",
  scope = "host", group = "processes-csstored", leak = says_itself,
  where = function(h) return has_csstored_daemon(h) and not csdb.refuses(h) end,
  test  = function(h)
    if known(h, "cal_absent") and h.cal_absent:has("csstored") then return others_run(h) end
    return h:process("csstored").count == 0 and others_run(h)
  end,
  says  = "csstored, which manages all databases from 6.3 on, does not run",
  cites = "domain/calendar-db 1.3, CAL-22",
}

finding "host.csstored-disabled" {
  title = "csstored is switched off in ics.conf",
  scope = "host", group = "configuration-csstored", leak = says_itself, where = has_csstored_daemon,
  test  = function(h) return not h.cal_store_enabled end,
  says  = "local.store.enable or service.store.enable is off",
  cites = "domain/calendar-db 2.2, rule 10",
}

finding "host.calendar-starts-in-part" {
  title = "at the last start only a part of the services came up",
  scope = "host", group = "server-logs-start", leak = says_itself, where = here,
  test  = function(h) return h.cal_start_partial end,
  says  = "the last start brought up only a part of the services",
  cites = "domain/calendar-db CAL-37: start.log",
}

finding "host.calendar-left-over-children" {
  title = "daemons of an earlier start are left over",
  scope = "host", group = "processes-leftover", leak = says_itself, where = here,
  test  = function(h) return h.cal_leftover > 0 end,
  says  = function(h) return num(h.cal_leftover) .. (h.cal_leftover == 1 and " process is" or " processes are") .. " left over from an earlier start" end,
  cites = "domain/calendar-db CAL-37",
}

finding "host.calendar-daemons-missing" {
  title = "some daemons that must run are missing, others run",
  scope = "host", group = "processes-missing", leak = says_itself, where = may_run,
  test  = function(h) return h.cal_absent.n > 0 and h.cal_running > 0 end,
  says  = function(h)
    local names = {}
    for name in h.cal_absent:each() do names[#names + 1] = name end
    return table.concat(names, ", ") .. " should run and " .. (#names == 1 and "does" or "do") .. " not"
  end,
  cites = "domain/calendar-db CAL-37; 1.3",
}

---------------------------------------------------------------- findings: owner, session database

finding "host.csdb-foreign-owner" {
  title = "files of csdb belong to another user than the rest",
  scope = "host", group = "csdb-owner", leak = says_itself, where = here,
  test  = function(h) return h.csdb_foreign_owner > 0 end,
  says  = function(h) return num(h.csdb_foreign_owner) .. " files of csdb belong to another user than the server's" end,
  cites = "domain/calendar-db CAL-25",
}

finding "host.csdb-permission-denied" {
  title = "the daemons may not open files of the database",
  scope = "host", group = "server-logs-permission", leak = says_itself, where = here,
  test  = function(h)
    return any { function() return h.cal_permission_lines > 0 end, function() return h.cal_errnos:count("EACCES") > 0 end }
  end,
  says  = "lines say of files of the database: Permission denied",
  cites = "domain/calendar-db 3.2: io_error with EACCES",
}

finding "host.calendar-session-errors" {
  title = "database errors name a database of sessions, statistics or a cache",
  scope = "host", group = "server-logs-session", leak = says_itself, where = here,
  test  = function(h) return h.cal_session_errors > 0 end,
  says  = function(h) return num(h.cal_session_errors) .. " database errors name files below session/, counter/, ldap_cache/ or cld_cache/" end,
  cites = "domain/calendar-db CAL-31",
}

---------------------------------------------------------------- causes

cause "calendar.gse-poison-entry" {
  title   = "An entry of the group scheduling queue kills csadmind",
  summary = "csadmind dies at one entry of the GSE queue each time it starts; without it nothing is checkpointed",
  scope = "host", where = here, prior = "plausible", about = { process = "csadmind" },
  links = { ["host.calendar-gse-in-stack"] = "usually", ["host.csadmind-dies"] = "nearly always", ["host.calendar-gse-errors"] = "often",
            ["host.calendar-gse-queue-stands"] = "usually" },
  brings = { ["calendar.checkpoint-dead"] = "usually", ["calendar.partial-start"] = "often", ["calendar.panic-data-intact"] = "sometimes" },
  urgency = "act", if_nothing = "invitations are not delivered, reminders do not come, and transaction logs pile up",
  remedies = { { "calendar.drain-queue", "usually" } },
  cites = "domain/calendar-db CAL-14",
}

cause "calendar.alarm-poison-entry" {
  title   = "An entry of the alarm queue kills csadmind",
  summary = "csadmind dies at one alarm each time it comes to it; the file of alarms itself is good",
  scope = "host", where = here, prior = "plausible", about = { process = "csadmind" },
  links = { ["host.calendar-alarm-in-stack"] = "usually", ["host.csadmind-dies"] = "nearly always", ["host.calendar-alarm-errors"] = "often",
            ["host.calendar-alarm-queue-stops"] = "usually", ["host.calendar-no-reminders"] = "usually", ["host.calendar-alarm-file-good"] = "nearly always" },
  brings = { ["calendar.checkpoint-dead"] = "usually", ["calendar.partial-start"] = "often", ["calendar.panic-data-intact"] = "sometimes" },
  urgency = "act", if_nothing = "reminders do not come, and transaction logs pile up",
  remedies = { { "calendar.remove-alarm", "usually" }, { "calendar.rebuild-alarms", "often" } },
  cites = "domain/calendar-db CAL-15",
}

cause "calendar.csstored-down" {
  title   = "csstored is off or has died",
  summary = "From 6.3 on csstored manages all databases: the other daemons refuse to work without it",
  scope = "host", where = has_csstored_daemon, prior = "plausible", about = { process = "csstored" },
  links = { ["host.no-csstored"] = "nearly always", ["host.csstored-disabled"] = "often", ["host.calendar-daemons-missing"] = "nearly always",
            ["host.calendar-checkpointer-missing"] = "nearly always" },
  brings = { ["calendar.partial-start"] = "usually", ["calendar.checkpoint-dead"] = "usually", ["calendar.backup-stale"] = "usually" },
  urgency = "act", if_nothing = "the calendar does not work, no backup is made",
  remedies = { { "calendar.enable-csstored", "usually" } },
  cites = "domain/calendar-db CAL-22",
}

cause "calendar.partial-start" {
  title   = "Only a part of the calendar's daemons came up",
  summary = "Some services run and others do not, or children of an earlier start hold the database: it looks like a damaged database and is none",
  scope = "host", where = here, prior = "uncommon",
  links = { ["host.calendar-starts-in-part"] = "usually", ["host.calendar-left-over-children"] = "usually", ["host.calendar-daemons-missing"] = "usually" },
  urgency = "act", if_nothing = "services stay down, and left-over processes hold locks of the database",
  remedies = { { "calendar.start-once", "usually" } },
  cites = "domain/calendar-db CAL-37",
}

cause "calendar.wrong-owner" {
  title   = "Files of the database belong to the wrong user",
  summary = "A tool was run as root: the server's user may not write the files that it made. The data is not damaged",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-foreign-owner"] = "nearly always", ["host.csdb-permission-denied"] = "usually", ["host.calendar-daemons-missing"] = "sometimes",
            ["host.calendar-starts-in-part"] = "sometimes", ["host.csdb-writes-fail"] = "sometimes", ["host.csadmind-dies"] = "rarely" },
  brings = { ["calendar.partial-start"] = "usually", ["calendar.csstored-down"] = "often", ["calendar.checkpoint-dead"] = "sometimes",
             ["calendar.panic-data-intact"] = "sometimes" },
  urgency = "act", if_nothing = "daemons end at their start",
  remedies = { { "calendar.fix-ownership", "nearly always" } },
  cites = "domain/calendar-db CAL-25, S0",
}

cause "calendar.session-database" {
  title   = "A database of sessions, statistics or a cache is broken, the calendars are not",
  summary = "These databases can be thrown away: they are made again at the next start",
  scope = "host", where = has_session_errors, prior = "plausible",
  links = { ["host.calendar-session-errors"] = "nearly always", ["host.csdb-files-good"] = "usually", ["host.csdb-complains-of-nothing"] = "nearly always" },
  urgency = "act", if_nothing = "logins fail or are lost",
  remedies = { { "calendar.delete-session-database", "nearly always" } },
  cites = "domain/calendar-db CAL-31, S0",
}
