-- The environment of the database while its files are good: panics, locks, regions, libraries.

local says_itself = thresholds.says_itself
local here = calendar.has_csdb

local function panics(h) return csdb.says(h, "panic_generic", "panic_cause", "needs_recovery") end

-- A panic and nothing that explains it: no damaged file, no log or library that does not fit.
local function only_panics(h)
  if not panics(h) or csdb.is_damaged(h) then return false end
  if known(h, "cal_messages") and csdb.has_other_cause(h) then return false end
  return true
end

-- Ages: `first` happened at most `within` seconds before `second`. What comes after it by a moment of the clock counts, too.
local function shortly_before(first, second, within)
  local gap = csdb.before(first, second)
  return gap >= -thresholds.clock_slack_s and gap <= within
end

-- Unknown where no log was read: then it takes part.
local function runs_out(h) return here(h) and csdb.says(h, "lock_limits") end

---------------------------------------------------------------- findings

finding "host.csdb-panicked" {
  title = "the environment panicked or wants recovery, and no message says why",
  scope = "host", group = "server-logs-panic", leak = says_itself, where = here,
  test  = only_panics,
  says  = function(h)
    local n = known(h, "cal_messages") and h.cal_messages:count("panic_generic") + h.cal_messages:count("panic_cause") or 0
    return (n > 0 and num(n) .. " messages say that the environment panicked" or "messages say that the environment has to be recovered")
             .. "; no other message explains it"
  end,
  cites = "domain/calendar-db 3.1: fatal region error detected; run recovery",
}

finding "host.csdb-region-panicked" {
  title = "the region says that the environment panicked",
  scope = "host", group = "csdb-region", leak = says_itself, where = here,
  test  = function(h)
    return any { function() return h.csdb_region_panic end, function() return h.cal_stat_panic end }
  end,
  says  = "the region of the environment carries the mark of a panic",
  cites = "domain/calendar-db 4.3: panic flag; db_stat -e",
}

finding "host.csdb-needs-recovery" {
  title = "the library says that recovery is needed, or that a process died in it",
  scope = "host", group = "server-logs-recovery", leak = "rarely", where = here,
  test  = function(h) return csdb.says(h, "needs_recovery", "dead_process") end,
  says  = "the library says that recovery is needed, or that a process died within it",
  cites = "domain/calendar-db 3.2: needs_recovery, dead_process",
}

finding "host.csdb-files-good" {
  title = "the files that were looked into are good",
  scope = "host", group = "csdb-files", leak = "usually", where = here,
  test  = csdb.is_intact,
  says  = function(h)
    local _, seen = csdb.survey(h)
    return num(seen) .. " database files were looked into, all of them good"
  end,
  cites = "domain/calendar-db CAL-01: all db_verify pass",
}

finding "host.calendar-crashed-before-panic" {
  title = "a daemon or the host crashed just before the panic",
  scope = "host", group = "server-logs-crash", leak = "rarely", where = here,
  test  = function(h)
    return any { function() return shortly_before(h.cal_crash, h.cal_panic, thresholds.soon_after_s) end,
                 function() return shortly_before(h.boot, h.cal_panic, thresholds.soon_after_s) end }
  end,
  says  = "a daemon or the host crashed, or was stopped hard, just before the panic",
  cites = "domain/calendar-db CAL-01",
}

finding "host.csdb-tool-ran-while-up" {
  title = "a database tool ran in csdb while daemons were up",
  scope = "host", group = "server-logs-tools", leak = "rarely", where = here,
  test  = function(h) return h.cal_tool_run < thresholds.week_s end,
  says  = function(h) return "a database tool ran in csdb " .. dur(h.cal_tool_run) .. " ago, while daemons were up" end,
  cites = "domain/calendar-db 4.3: db_recover while a daemon has the environment open",
}

finding "host.csdb-tool-ran-before-panic" {
  title = "a database tool ran in csdb minutes before the panic",
  scope = "host", group = "server-logs-tool-time", leak = says_itself, where = here,
  test  = function(h) return shortly_before(h.cal_tool_run, h.cal_panic, thresholds.at_once_s) end,
  says  = "the panic came within minutes of that",
  cites = "domain/calendar-db CAL-23: panic seconds after an administrator ran csdb or db_recover",
}

finding "host.csdb-locks-of-the-dead" {
  title = "a process that is gone holds locks",
  scope = "host", group = "tools-locks", leak = says_itself, where = here,
  test  = function(h) return h.cal_locks_dead > 0 end,
  says  = function(h) return num(h.cal_locks_dead) .. " locks are held by a process that is gone" end,
  cites = "domain/calendar-db 4.3: a HELD lock whose pid is gone; CAL-12",
}

finding "host.calendar-hangs" {
  title = "requests hang or services do not answer",
  scope = "host", group = "people-hang", leak = "rarely", where = here,
  test  = function(h)
    return any { function() return h.cal_users_wait end, function() return h.cal_ping_failed.n > 0 and h.cal_running > 0 end }
  end,
  says  = "requests hang, or services do not answer though their processes are there",
  cites = "domain/calendar-db CAL-12, CAL-13",
}

finding "host.calendar-waits-in-locks" {
  title = "a daemon's stack waits for a lock of the database",
  scope = "host", group = "tools-stack", leak = "rarely", where = here,
  test  = function(h) return h.cal_stack:count("lock") > 0 end,
  says  = "the stack of a daemon waits for a lock of the database",
  cites = "domain/calendar-db CAL-12: pstack",
}

finding "host.csdb-locks-wait" {
  title = "several locks are waited for",
  scope = "host", group = "tools-lock-waits", leak = "rarely", where = here,
  test  = function(h) return h.cal_lock_waits >= thresholds.calendar_lock_waits end,
  says  = function(h) return num(h.cal_lock_waits) .. " locks are waited for" end,
  cites = "domain/calendar-db CAL-13",
}

finding "host.csdb-lockers-live" {
  title = "locks are held by living processes only",
  scope = "host", group = "tools-lock-holders", leak = "often",
  where = function(h) return here(h) and known(h, "cal_lock_waits") end,
  test  = function(h) return h.cal_locks_dead == 0 end,
  says  = "all holders of locks are alive",
  cites = "domain/calendar-db CAL-13: live pids on both sides",
}

finding "host.csdb-deadlocks" {
  title = "many deadlocks are logged or counted",
  scope = "host", group = "server-logs-deadlock", leak = "rarely", where = here,
  test  = function(h)
    return any { function() return h.cal_messages:count("deadlock") >= thresholds.calendar_deadlocks end,
                 function() return h.cal_deadlocks >= thresholds.calendar_deadlocks end }
  end,
  says  = "many deadlocks are logged or counted",
  cites = "domain/calendar-db 3.1: normal if rare",
}

finding "host.calendar-no-deadlock-search" {
  title = "deadlocks are not searched for (local.caldb.deadlock.autodetect)",
  scope = "host", group = "configuration-deadlock", leak = "usually", where = here,
  test  = function(h) return not h.cal_deadlock_autodetect end,
  says  = "local.caldb.deadlock.autodetect is off",
  cites = "domain/calendar-db 2.2",
}

finding "host.csdb-out-of-locks" {
  title = "the library runs out of locks, mutexes or cache",
  scope = "host", group = "server-logs-limits", leak = says_itself, where = here,
  test  = function(h) return csdb.says(h, "lock_limits") end,
  says  = "messages say that locks, mutexes or the cache run out",
  cites = "domain/calendar-db 3.2: lock_limits",
}

finding "host.calendar-cache-small" {
  title = "the shared cache is of the small default size",
  scope = "host", group = "configuration-cache", leak = "often", where = here,
  test  = function(h) return h.cal_mempool_mb <= thresholds.calendar_mempool_mb end,
  says  = function(h) return "the shared cache has " .. num(h.cal_mempool_mb) .. " MiB" end,
  cites = "domain/calendar-db 2.2: far too small for a big site",
}

finding "host.csdb-library-differs" {
  title = "the regions were made by another version of the library",
  scope = "host", group = "csdb-region-version", leak = says_itself, where = here,
  test  = function(h) return h.csdb_region_version ~= h.csdb_bdb_version end,
  says  = function(h) return "the regions are of version " .. text(h.csdb_region_version) .. " of the library, the files of " .. text(h.csdb_bdb_version) end,
  cites = "domain/calendar-db CAL-26",
}

finding "host.csdb-library-messages" {
  title = "the library says that its version, or the log's, does not fit",
  scope = "host", group = "server-logs-version", leak = says_itself, where = here,
  test  = function(h) return csdb.says(h, "env_mismatch", "log_version") end,
  says  = "messages say that the version of the library does not fit the environment or its logs",
  cites = "domain/calendar-db 3.1: Program version ... doesn't match environment version",
}

finding "host.calendar-changed-lately" {
  title = "the product or its library was changed shortly before",
  scope = "host", group = "people-upgrade", leak = "rarely", where = here,
  test  = function(h) return h.cal_upgraded end,
  says  = "the product, its library or the host was changed shortly before",
  cites = "domain/calendar-db CAL-26, CAL-27",
}

finding "host.csdb-regions-newer-than-crash" {
  title = "the regions were made after the crash, without a recovery",
  scope = "host", group = "csdb-region-age", leak = says_itself, where = here,
  test  = function(h)
    if h.cal_crash > thresholds.week_s or h.csdb_region_made > h.cal_crash then return false end
    if known(h, "cal_recovered") and h.cal_recovered <= h.cal_crash then return false end
    return not csdb.has(h, "recovery_ok")
  end,
  says  = function(h) return "the regions were made anew after the crash (" .. dur(h.csdb_region_made) .. " ago), and no recovery is seen between" end,
  cites = "domain/calendar-db CAL-38",
}

finding "host.csdb-logs-from-before-crash" {
  title = "transaction logs from before the crash still lie in csdb",
  scope = "host", group = "csdb-log-age", leak = "sometimes",
  where = function(h) return here(h) and h.cal_crash < thresholds.week_s end,
  test  = function(h) return h.csdb_log_oldest >= h.cal_crash end,
  says  = "transaction logs from before the crash still lie in csdb: they were not applied",
  cites = "domain/calendar-db CAL-38: log.N present that reach back before the crash",
}

finding "host.csdb-regions-removed" {
  title = "region files were removed before recovery had run",
  scope = "host", group = "people-regions", leak = says_itself, where = here,
  test  = function(h) return h.cal_regions_removed end,
  says  = "somebody removed the region files (__db.*) before recovery had run",
  cites = "domain/calendar-db P1, CAL-38",
}

finding "host.calendar-last-events-missed" {
  title = "users miss what they entered last before the crash",
  scope = "host", group = "people-missing", leak = "rarely", where = here,
  test  = function(h) return h.cal_events_missing == "since-crash" end,
  says  = "users miss what they entered last before the crash",
  cites = "domain/calendar-db CAL-38",
}

finding "host.csdb-complains-of-nothing" {
  title = "no message of the library complains",
  scope = "host", group = "server-logs-quiet", leak = "usually", where = here,
  test  = function(h) return not csdb.has_other_cause(h) and not csdb.has(h, "panic_generic", "panic_cause") end,
  says  = "no message of the library complains of anything",
  cites = "domain/calendar-db CAL-38: verify ok, no errors",
}

---------------------------------------------------------------- causes

cause "calendar.panic-data-intact" {
  title   = "The database environment panicked; the data is intact",
  summary = "A process died while it held the environment, so every other one gets DB_RUNRECOVERY. A clean stop, normal recovery and start cure it; nothing has to be restored",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-panicked"] = "nearly always", ["host.csdb-region-panicked"] = "usually", ["host.csdb-files-good"] = "nearly always",
            ["host.calendar-crashed-before-panic"] = "often", ["host.csdb-needs-recovery"] = "sometimes", ["host.calendar-hangs"] = "often" },
  brings = { ["calendar.partial-start"] = "sometimes" },
  urgency = "act", if_nothing = "no daemon can use the database until recovery has run",
  remedies = { { "calendar.restart-clean", "nearly always" } },
  since = function(h) return h.cal_panic end,
  cites = "domain/calendar-db CAL-01, S1",
}

cause "calendar.tools-run-while-up" {
  title   = "A database tool was run while the calendar was up",
  summary = "csdb or a db_ tool recovered the environment under the daemons' feet: they panic, the files are good",
  scope = "host", where = here, prior = "uncommon",
  links = { ["host.csdb-panicked"] = "often", ["host.csdb-region-panicked"] = "often", ["host.csdb-tool-ran-while-up"] = "nearly always",
            ["host.csdb-tool-ran-before-panic"] = "nearly always", ["host.csdb-files-good"] = "nearly always" },
  brings = { ["calendar.panic-data-intact"] = "usually", ["calendar.partial-start"] = "sometimes" },
  urgency = "act", if_nothing = "no daemon can use the database, and each further run does more harm",
  remedies = { { "calendar.restart-clean", "nearly always" } },
  since = function(h) return h.cal_tool_run end,
  cites = "domain/calendar-db CAL-23",
}

cause "calendar.orphan-lock" {
  title   = "A dead process holds locks of the database",
  summary = "Requests wait for a lock whose holder is gone; only recovery of the environment frees it",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-locks-of-the-dead"] = "nearly always", ["host.calendar-hangs"] = "usually", ["host.calendar-waits-in-locks"] = "usually",
            ["host.csdb-locks-wait"] = "often", ["host.csdb-needs-recovery"] = "often", ["host.csdb-out-of-locks"] = "sometimes" },
  never = { "host.csdb-lockers-live" },
  brings = { ["calendar.deadlock"] = "sometimes", ["calendar.checkpoint-dead"] = "sometimes", ["calendar.regions-too-small"] = "sometimes" },
  urgency = "act", if_nothing = "more and more requests hang until nothing is answered",
  remedies = { { "calendar.restart-clean", "nearly always" } },
  cites = "domain/calendar-db CAL-12",
}

cause "calendar.deadlock" {
  title   = "Processes of the calendar wait for each other",
  summary = "A deadlock between living processes is not broken: the search for deadlocks is off or does not run",
  scope = "host", where = here, prior = "uncommon",
  links = { ["host.csdb-locks-wait"] = "nearly always", ["host.csdb-lockers-live"] = "nearly always", ["host.calendar-hangs"] = "usually",
            ["host.csdb-deadlocks"] = "often", ["host.calendar-no-deadlock-search"] = "nearly always", ["host.calendar-waits-in-locks"] = "usually" },
  never = { "host.csdb-locks-of-the-dead" },
  brings = { ["calendar.checkpoint-dead"] = "sometimes" },
  urgency = "act", if_nothing = "the requests of these users hang for good",
  remedies = { { "calendar.break-deadlock", "usually" } },
  cites = "domain/calendar-db CAL-13",
}

cause "calendar.regions-too-small" {
  title   = "The regions of the database are too small for the load",
  summary = "Locks, mutexes or cache run out; the files are good",
  scope = "host", where = runs_out, prior = "plausible",
  links = { ["host.csdb-out-of-locks"] = "nearly always", ["host.calendar-cache-small"] = "usually", ["host.csdb-files-good"] = "nearly always",
            ["host.calendar-hangs"] = "sometimes" },
  never = { "host.csdb-locks-of-the-dead" },
  urgency = "act", if_nothing = "requests fail at busy hours",
  remedies = { { "calendar.enlarge-regions", "usually" } },
  cites = "domain/calendar-db CAL-32",
}

cause "calendar.library-mismatch" {
  title   = "The environment was made by another version of the library",
  summary = "Tools or an upgrade brought another Berkeley DB than the one that made the regions and logs; the files are good",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-library-messages"] = "nearly always", ["host.csdb-library-differs"] = "usually", ["host.calendar-changed-lately"] = "usually",
            ["host.csdb-files-good"] = "nearly always" },
  brings = { ["calendar.panic-data-intact"] = "sometimes", ["calendar.partial-start"] = "often", ["calendar.csstored-down"] = "sometimes" },
  urgency = "act", if_nothing = "daemons and tools refuse the environment",
  remedies = { { "calendar.match-library", "usually" } },
  cites = "domain/calendar-db CAL-26",
}

cause "calendar.changes-lost" {
  title   = "Committed changes are lost: regions were removed without recovery",
  summary = "After a crash the region files were removed before the logs had been replayed: the files verify, nothing complains, and the last changes are gone",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-regions-removed"] = "usually", ["host.csdb-regions-newer-than-crash"] = "usually", ["host.calendar-last-events-missed"] = "nearly always",
            ["host.csdb-logs-from-before-crash"] = "usually", ["host.csdb-files-good"] = "nearly always",
            ["host.csdb-complains-of-nothing"] = "nearly always" },
  urgency = "act", if_nothing = "each new write makes it harder to bring the lost changes back",
  remedies = { { "calendar.recover-until", "usually" }, { "calendar.restart-clean", "rarely" } },
  cites = "domain/calendar-db CAL-38, P1",
}
