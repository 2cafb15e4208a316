-- The recoveries of csdb, in the order of the cookbook (domain/calendar-db 5 and 7): stop and copy first, tests last.
local root = "root, or the server's user (icsuser); the whole set of steps is typed in one shell"

---------------------------------------------------------------- what must not be done in the present state

local function names(list)
  return table.concat(list, ", ")
end

-- What came after the logs were removed is a sequence of its own, which begins at 1: among the logs of a backup it makes recovery fail.
local function logs_are_gone(h)
  return known(h, "cal_logs_removed") and h.cal_logs_removed or known(h, "csdb_lsn_ahead") and h.csdb_lsn_ahead > 0
    or known(h, "csdb_log_restarted") and h.csdb_log_restarted or known(h, "csdb_logs") and h.csdb_logs == 0
    or known(h, "cal_messages") and csdb.has(h, "lsn_ahead")
end

-- Logs that a recovery would need are not there or not good.
local function why_logs_stop_recovery(h)
  if logs_are_gone(h) then
    return "transaction logs are gone: recovery without them ends with status 0 and repairs nothing, and daemons that start then write on top of it. Delete no __db.* and no log.* either"
  end
  if known(h, "csdb_log_gaps") and h.csdb_log_gaps > 0 or known(h, "csdb_log_bad_headers") and h.csdb_log_bad_headers > 0
    or known(h, "cal_messages") and csdb.has(h, "log_damage", "log_missing", "lsn_mismatch", "recovery_failed") then
    return "the sequence of the transaction logs is broken: recovery stops there. Put the missing log back first"
  end
  if known(h, "csdb_log_newest_headless") and h.csdb_log_newest_headless or known(h, "cal_messages") and csdb.has(h, "log_header") then
    return "the newest log has no header: recovery fails until that one file is set aside"
  end
  return nil
end

-- The logs of the live database, which a backup needs to come up to now.
local function add_logs(x, from, to, archive)
  if logs_are_gone(x.host) then
    return {
      { "Compare the numbers of the logs: those of csdb were removed or begin anew, and what begins anew (log.0000000001) is of another sequence and must not be added", command("ls %s %s", from, to) },
      { "Add only logs of csdb whose numbers go on without a gap where those of the backup end; where there are none, leave this out: what was entered since the backup is lost",
        command("cp -p %s/log.NUMBER %s", from, to) },
    }
  end
  local steps = { { "Add the logs of the damaged database that are not applied yet, the open one included", command("cp -p %s/log.* %s", from, to) } }
  if archive then steps[2] = { "Where archives are kept: complete the newest one with them", command("cp -p %s/log.* %s", from, archive .. "/NEWEST/") } end
  return steps
end

local function why_no_recovery(h)
  local bad = csdb.survey(h)
  if #bad > 0 then
    return "pages are damaged (" .. names(bad) .. "): recovery repairs transactions, not pages, and ends with status 0 all the same. Stop, copy, and restore"
  end
  if known(h, "cal_messages") and csdb.has(h, table.unpack(csdb.damage_classes)) then
    return "messages tell of damaged pages: recovery repairs transactions, not pages. Verify a copy first, then restore"
  end
  local why = why_logs_stop_recovery(h)
  if why then return why end
  if known(h, "cal_regions_removed") and h.cal_regions_removed then
    return "region files were removed before recovery had run: a normal recovery of this folder would fix the loss. Bring the changes back from a snapshot and the logs first"
  end
  if known(h, "csdb_region_version", "csdb_bdb_version") and h.csdb_region_version ~= h.csdb_bdb_version then
    return "the regions are of another version of the library: recover with the library that made them"
  end
  return nil
end

-- What no rebuild can read is lost by it.
local function why_no_rebuild(h)
  local wanted = { ["ics50events.db"] = true, ["ics50todos.db"] = true, ["ics50recurring.db"] = true, ["csdb"] = true }
  local bad = csdb.survey(h, wanted)
  if #bad > 0 then
    return "a rebuild makes everything from events and tasks, and these are damaged (" .. names(bad) .. "): what it cannot read would be gone. Restore, or salvage first and rebuild the result"
  end
  if value(h:database("ics50events.db"), "is_old_format", false) or known(h, "cal_messages") and csdb.has(h, "old_format") then
    return "the files are of an older release: they must be migrated, never rebuilt"
  end
  return nil
end

-- Automatic backups came with csstored, in 6.x.
local function why_before_csstored(h)
  if value(h, "cal_version_num", 602) < thresholds.first_calendar_sbin then
    return "Calendar Server 5 makes none by itself. Where there is a csbackup of the whole database, restore that: stop the calendar, copy csdb, csrestore -f database FOLDER"
  end
end

local function why_no_hot_backup(h)
  if not known(h, "cal_hot_copies") and why_before_csstored(h) then return why_before_csstored(h) end
  if known(h, "cal_hot_copies") and h.cal_hot_copies == 0 then return "there is no hot backup" end
  if known(h, "cal_backup_configured", "cal_hotbackup_on") and not h.cal_hotbackup_on and not known(h, "cal_hot_copies") then
    return "no hot backups are made here (caldb.berkeleydb.hotbackup.enable)"
  end
  if known(h, "cal_hot_verified", "cal_hot_copies") and h.cal_hot_verified == "no" and h.cal_hot_copies == 1 then
    return "the only hot backup did not pass its verification: it would bring the damage back"
  end
  if known(h, "cal_hot_complete", "cal_hot_copies") and not h.cal_hot_complete and h.cal_hot_copies == 1 then
    return "the only hot backup is not complete: files and logs form one set"
  end
  return nil
end

local function why_no_archive(h)
  if not known(h, "cal_archive_copies") and why_before_csstored(h) then return why_before_csstored(h) end
  if known(h, "cal_archive_copies") and h.cal_archive_copies == 0 then return "there is no archive" end
  if known(h, "cal_archive_on") and not h.cal_archive_on and not known(h, "cal_archive_copies") then
    return "no archives are made here (caldb.berkeleydb.archive.enable)"
  end
  return nil
end

local function backup_warnings(h)
  local list = calendar.warn("live", "part", "logs", "regions", "status")
  if known(h, "cal_hot_newest") and h.cal_hot_newest > thresholds.backup_stale_s then
    table.insert(list, 1, "The newest hot backup is " .. dur(h.cal_hot_newest) .. " old: with its logs gone, all that was entered since is lost")
  end
  if known(h, "cal_hot_verified") and h.cal_hot_verified == "no" then
    table.insert(list, 1, "The newest hot backup did not pass its verification: begin with the one before it")
  end
  return list
end

---------------------------------------------------------------- recoveries

remedy "calendar.restart-clean" {
  title = "Stop everything, let normal recovery run, start",
  steps = function(x)
    local logs = calendar.logs(x)
    return calendar.join({
      { "If a process hangs, gather what it can tell first: a restart destroys it", command("ps -ef; netstat -an; tail -100 %s/admin.log", logs) },
      "Of each process that hangs: its stack (pstack PID), or all of it at once with cscapture -i (Solaris; it stops processes for a moment)",
    }, calendar.freeze(x), {
      { "Let normal recovery replay the logs; it discards the regions by itself", calendar.bdb(x, "db_recover -v -h %s", calendar.csdb(x)) },
      { "No region may be left now; move one that is left out of the way only after recovery has ended without a complaint", command("ls %s", calendar.csdb(x)) },
    }, calendar.own(x), calendar.start(x))
  end,
  needs = root .. "; every process of the calendar stopped; as much free space as csdb takes", risk = "medium", restart = "the calendar",
  undo = "put csdb.SAVE back while everything is stopped",
  verify = "no new PANIC, cstool ping answers, users see what they entered last",
  warnings = function(x) return calendar.warn("live", "regions", "logs", "evidence", "status") end,
  withheld = function(x) return why_no_recovery(x.host) end,
  reference = "domain/calendar-db 7: P0, P1", minutes = 30, risk_minutes = 5, cites = "domain/calendar-db S1, CAL-01, CAL-12",
}

remedy "calendar.read-only" {
  title = "Let users read on while you work: read-only mode",
  steps = function(x)
    return {
      { "Stop the calendar", calendar.tool(x, "stop-cal") },
      { "Copy all of csdb as it is", command("cp -Rp %s %s", calendar.csdb(x), calendar.csdb(x) .. ".SAVE") },
      { "Add as the last line: caldb.berkeleydb.readonly=\"yes\"", command("vi %s", calendar.conf(x)) },
      { "Start the calendar, and see that it can read", calendar.tool(x, "start-cal") },
      "Work on copies only; take the line out again when the restored database is in its place",
    }
  end,
  needs = root, risk = "low", restart = "the calendar",
  undo = "take the line out of ics.conf and restart", verify = "users can read, and changes are refused",
  warnings = function(x) return calendar.warn("live", "only") end,
  withheld = function(x)
    for d in x.host:each("database") do
      if csdb.of_csdb(d) and (known(d, "meta_ok") and not d.meta_ok or known(d, "empty") and d.empty or known(d, "missing") and d.missing) then
        return text(d.name) .. " cannot be read at all: the service has to go down until it is restored"
      end
    end
  end,
  reference = "domain/calendar-db 7: P1r", minutes = 10, risk_minutes = 0, cites = "domain/calendar-db 5: decision 2",
}

remedy "calendar.restore-hot-backup" {
  title = "Restore the newest hot backup that verifies",
  steps = function(x)
    local new, saved, hot = calendar.beside(x, "recoverydb"), calendar.csdb(x) .. ".SAVE", calendar.hot(x)
    return calendar.join(calendar.freeze(x), calendar.classify(x), {
      { "Find the newest hot backup: its folder is called NEWEST in what follows", command("ls -lt %s", hot) },
      { "Make a folder to recover in", command("mkdir %s", new) },
      { "Put all of the hot backup there, files and logs", command("cp -p %s/* %s", hot .. "/NEWEST", new) },
    }, add_logs(x, saved, new, calendar.archive(x)), {
      { "Apply the logs (catastrophic recovery)", calendar.bdb(x, "db_recover -c -v -h %s", new) },
      "Leave log.* in place: they are needed from Berkeley DB 4.2 on",
    }, calendar.accept(x, new), {
      "If any of the three tests fails: empty the folder and take the hot backup before it, then the next, and so on; then the archives",
    }, calendar.swap(x, new), {
      { "Make the result the new snapshot", command("cp -Rp %s/* %s", calendar.csdb(x), hot .. "/NEWEST/") },
    }, calendar.start(x), calendar.after(x))
  end,
  needs = root .. "; a hot backup; free space for three times csdb", risk = "medium", restart = "the calendar",
  undo = "put csdb.SAVE back while everything is stopped", verify = "recover, verify and list pass, and the numbers of entries are those expected",
  warnings = function(x) return backup_warnings(x.host) end,
  withheld = function(x) return why_no_hot_backup(x.host) end,
  reference = "domain/calendar-db 7: P2", minutes = 90, risk_minutes = 20, cites = "domain/calendar-db 5: decisions 4 and 5",
}

remedy "calendar.restore-archive" {
  title = "Restore an archive and its logs",
  steps = function(x)
    local new, saved, archive = calendar.beside(x, "recoverydb"), calendar.csdb(x) .. ".SAVE", calendar.archive(x)
    return calendar.join(calendar.freeze(x), {
      { "Find the newest archive: its folder is called NEWEST in what follows", command("ls -lt %s", archive) },
      { "Make a folder to recover in", command("mkdir %s", new) },
      { "Put the snapshot and its logs there", command("cp -p %s/* %s", archive .. "/NEWEST", new) },
    }, add_logs(x, saved, new), {
      { "Apply the logs (catastrophic recovery)", calendar.bdb(x, "db_recover -c -v -h %s", new) },
    }, calendar.accept(x, new), {
      "If any of the three tests fails: empty the folder and take the archive before it, and so on",
    }, calendar.swap(x, new), calendar.start(x), calendar.after(x))
  end,
  needs = root .. "; an archive; free space for three times csdb", risk = "medium", restart = "the calendar",
  undo = "put csdb.SAVE back while everything is stopped", verify = "recover, verify and list pass, and the numbers of entries are those expected",
  warnings = function(x) return calendar.warn("live", "part", "logs", "regions", "status") end,
  withheld = function(x) return why_no_archive(x.host) end,
  reference = "domain/calendar-db 7: P3", minutes = 120, risk_minutes = 40, cites = "domain/calendar-db 5: decision 6",
}

remedy "calendar.rebuild" {
  title = "Rebuild the database on a copy",
  steps = function(x)
    local saved, from, to = calendar.csdb(x) .. ".SAVE", calendar.beside(x, "rebuild.in"), calendar.beside(x, "rebuild.out")
    return calendar.join({
      { "While the server still runs: let the group scheduling queue run empty (else rebuild with -g)", calendar.tool(x, "csschedule -v list") },
    }, calendar.freeze(x), {
      { "Take the check of a copy first", calendar.tool(x, "csdb check %s", saved) },
      { "Make two folders on a disk with room for three times csdb", command("mkdir %s %s", from, to) },
      { "Copy files and logs, and no region (__db.*)", command("cp -p %s/*.db %s/log.* %s/ics50caldb.conf %s", saved, saved, saved, from) },
      { "Rebuild; all of its output goes to a file", calendar.tool(x, "csdb rebuild %s %s > \"$WORK/rebuild.out\" 2>&1", from, to) },
      { "The last line must be: Calendar database has been rebuilt", "tail -1 \"$WORK/rebuild.out\"" },
      "Compare the numbers of events, tasks and recurring entries scanned with the last that you know",
    }, calendar.accept(x, to), {
      { "Set the old set aside as a whole: files, logs and regions", command("mv %s %s && mkdir %s", calendar.csdb(x), calendar.csdb(x) .. ".BAD", calendar.csdb(x)) },
      { "Put the new one in its place", command("cp -p %s/*.db %s/ics50caldb.conf %s", to, from, calendar.csdb(x)) },
      calendar.caches,
    }, calendar.own(x), calendar.start(x), calendar.after(x))
  end,
  needs = root .. "; events and tasks that verify; free space for five times csdb", risk = "medium", restart = "the calendar",
  undo = "put csdb.SAVE back while everything is stopped", verify = "csdb check of the result prints nothing",
  warnings = function(x)
    local list = calendar.warn("only", "live", "regions", "logs", "status")
    list[#list + 1] = "Several copies are rebuilt from the newest to the oldest; deleted entries come back then"
    return list
  end,
  withheld = function(x) return why_no_rebuild(x.host) end,
  reference = "domain/calendar-db 7: P4", minutes = 180, risk_minutes = 30, cites = "domain/calendar-db 5: decision 7",
}

remedy "calendar.salvage" {
  title = "Salvage what can be read from the bad files, then rebuild",
  steps = function(x)
    local saved, place, copy = calendar.csdb(x) .. ".SAVE", calendar.beside(x, "salvage"), calendar.beside(x, "salvage.check")
    -- Of messages that name no file: the one that is known to be bad, else the operator's to say.
    local name = scope_name(x) == "database" and x.name:match("^ics50.*%.db$") or csdb.survey(x.host)[1] or "ics50NAME.db"
    if not name:match("^ics50.*%.db$") then name = "ics50NAME.db" end
    return calendar.join(calendar.freeze(x), {
      { "Work in empty folders of your own", command("mkdir %s %s %s", place, copy, calendar.beside(x, "rebuild.out")) },
      { "For each bad file: dump it", calendar.bdb(x, "db_dump %s > %s", saved .. "/" .. name, place .. "/" .. name .. ".txt") },
      { "If that fails: dump what hangs together", calendar.bdb(x, "db_dump -r %s > %s", saved .. "/" .. name, place .. "/" .. name .. ".txt") },
      { "If that fails too: dump everything, deleted pairs included", calendar.bdb(x, "db_dump -R %s > %s", saved .. "/" .. name, place .. "/" .. name .. ".txt") },
      { "Load it into a new file, without an environment", calendar.bdb(x, "db_load %s < %s", place .. "/" .. name, place .. "/" .. name .. ".txt") },
      { "Verify it", calendar.bdb(x, "db_verify %s", place .. "/" .. name) },
      { "Compare its number of keys with half of the data lines of the dump: db_load with a line missing says nothing", calendar.bdb(x, "db_stat -d %s", place .. "/" .. name) },
      { "Put the good files of the saved copy beside it", command("cp -p %s/*.db %s/ics50caldb.conf %s", saved, saved, copy) },
      { "And the salvaged one over the bad one, there", command("cp -p %s %s", place .. "/" .. name, copy .. "/" .. name) },
      { "Rebuild that set: a dump brings deleted pairs back, and only a rebuild puts the rest in step",
        calendar.tool(x, "csdb rebuild %s %s > \"$WORK/rebuild.out\" 2>&1", copy, calendar.beside(x, "rebuild.out")) },
      { "The result needs the version of the database beside it", command("cp -p %s/ics50caldb.conf %s", copy, calendar.beside(x, "rebuild.out")) },
    }, calendar.accept(x, calendar.beside(x, "rebuild.out")), calendar.swap(x, calendar.beside(x, "rebuild.out")), calendar.start(x), calendar.after(x))
  end,
  needs = root .. "; no backup that verifies; free space for five times csdb", risk = "high", restart = "the calendar",
  undo = "put csdb.SAVE back while everything is stopped", verify = "the number of keys is what the dump has, and csdb check prints nothing",
  warnings = function(x)
    local list = calendar.warn("only", "live", "status", "logs")
    list[#list + 1] = "About one record in two hundred per lost page does not come back; the file's last resort is csrestore of the newest csbackup, or users' own exports"
    return list
  end,
  reference = "domain/calendar-db 7: P5", minutes = 300, risk_minutes = 60, cites = "domain/calendar-db 5: decision 8",
}

remedy "calendar.rebuild-alarms" {
  title = "Make the alarms again from events and tasks",
  steps = function(x)
    local saved, from, to = calendar.csdb(x) .. ".SAVE", calendar.beside(x, "rebuild.in"), calendar.beside(x, "rebuild.out")
    return calendar.join(calendar.freeze(x), {
      { "Work on a copy, without regions", command("mkdir %s %s && cp -p %s/*.db %s/log.* %s/ics50caldb.conf %s", from, to, saved, saved, saved, from) },
      { "Rebuild the alarms only; -V must go with -a", calendar.tool(x, "csdb rebuild -a -V %s %s > \"$WORK/rebuild.out\" 2>&1", from, to) },
      { "The last line must be: Calendar database has been rebuilt", "tail -1 \"$WORK/rebuild.out\"" },
      { "Verify the new file", calendar.bdb(x, "db_verify -h %s ics50alarms.db", to) },
      { "Put it in its place", command("cp -p %s/ics50alarms.db %s", to, calendar.csdb(x)) },
    }, calendar.own(x), calendar.start(x))
  end,
  needs = root .. "; events and tasks that verify", risk = "low", restart = "the calendar",
  undo = "put the old ics50alarms.db back while everything is stopped", verify = "reminders come",
  warnings = function(x) return calendar.warn("live", "only", "regions") end,
  withheld = function(x)
    local bad = csdb.survey(x.host, csdb.primary)
    if #bad > 0 then return "alarms are made from events and tasks, and these are damaged (" .. names(bad) .. "): restore first" end
  end,
  reference = "domain/calendar-db 7: P6", minutes = 45, risk_minutes = 5, cites = "domain/calendar-db 5: decision 9",
}

remedy "calendar.recover-until" {
  title = "Bring the lost changes back: a snapshot and all logs, up to the time of the crash",
  steps = function(x)
    local saved, new = calendar.csdb(x) .. ".SAVE", calendar.beside(x, "recoverydb")
    return calendar.join(calendar.freeze(x), {
      { "Make a folder to recover in", command("mkdir %s", new) },
      { "Put the .db files of the newest snapshot there that is older than the removal", command("cp -p %s/*.db %s/ics50caldb.conf %s", calendar.hot(x) .. "/NEWEST", calendar.hot(x) .. "/NEWEST", new) },
      { "And ALL logs, those of the snapshot and those of csdb", command("cp -p %s/log.* %s/log.* %s", calendar.hot(x) .. "/NEWEST", saved, new) },
      { "Recover up to a time between the crash and the removal; without -t it fails where later writes contradict the logs",
        calendar.bdb(x, "db_recover -c -v -t CCYYMMDDhhmm.SS -h %s", new) },
    }, calendar.accept(x, new), {
      "Export the entries that users made since from the saved copy (csexport, by calendar), to import them afterwards",
    }, calendar.swap(x, new), calendar.start(x), {
      { "Import what was exported, calendar by calendar", calendar.tool(x, "csimport -c CALID calendar FILE") },
    }, calendar.after(x))
  end,
  needs = root .. "; a snapshot from before, and unbroken logs from there on", risk = "high", restart = "the calendar",
  undo = "put csdb.SAVE back while everything is stopped", verify = "the missing entries are there, the three tests pass",
  warnings = function(x) return calendar.warn("regions", "logs", "live", "status") end,
  withheld = function(x)
    local h = x.host
    if known(h, "cal_hot_copies") and h.cal_hot_copies == 0 and value(h, "cal_archive_copies", 0) == 0 then
      return "there is no snapshot to begin with"
    end
  end,
  reference = "domain/calendar-db CAL-38", minutes = 180, risk_minutes = 40, cites = "domain/calendar-db CAL-38: db_recover -c -t brought all 500 events back",
}

remedy "calendar.return-log" {
  title = "Put the missing transaction log back",
  steps = function(x)
    local new = calendar.beside(x, "recoverydb")
    return calendar.join(calendar.freeze(x), {
      { "See which number is missing", command("ls -l %s", calendar.csdb(x)) },
      { "Look for it in the backups", command("find %s %s -name 'log.*'", calendar.hot(x), calendar.archive(x)) },
      { "Make a second copy to work in; the first one stays as it is", command("cp -Rp %s %s", calendar.csdb(x) .. ".SAVE", new) },
      { "Put the log into it, with the owner and time that it has", command("cp -p LOG %s", new) },
      { "Set a log that is not of this sequence aside in a folder of its own; never delete it", command("mkdir %s", calendar.beside(x, "foreign.logs")) },
      { "Recover the copy", calendar.bdb(x, "db_recover -c -v -h %s", new) },
    }, calendar.accept(x, new), {
      "If the log is nowhere: restore the newest backup, and recover up to the point before the gap",
    }, calendar.swap(x, new), calendar.start(x), calendar.after(x))
  end,
  needs = root .. "; the log itself, from a hot backup or an archive", risk = "medium", restart = "the calendar",
  undo = "put the files back as they were while everything is stopped", verify = "db_recover names no log, the three tests pass",
  warnings = function(x) return calendar.warn("logs", "live", "regions", "status") end,
  reference = "domain/calendar-db CAL-07", minutes = 60, risk_minutes = 15, cites = "domain/calendar-db CAL-07",
}

remedy "calendar.set-log-aside" {
  title = "Set the newest, empty log aside and recover",
  steps = function(x)
    local last = value(x.host, "csdb_log_last", value(x.host, "cal_log_named", 0))
    local name = last > 0 and string.format("log.%010.0f", last) or "log.NNNNNNNNNN"
    return calendar.join(calendar.freeze(x), {
      { "See that it is the log with the HIGHEST number that has no header; no other may be touched", command("ls -l %s", calendar.csdb(x)) },
      { "Rename it; do not delete it", command("mv %s %s", calendar.csdb(x) .. "/" .. name, calendar.beside(x, name .. ".headless")) },
      { "Recover", calendar.bdb(x, "db_recover -v -h %s", calendar.csdb(x)) },
      "If that fails: catastrophic recovery from a backup (calendar.restore-hot-backup)",
    }, calendar.accept(x, calendar.csdb(x)), calendar.own(x), calendar.start(x), calendar.after(x))
  end,
  needs = root .. "; every process stopped", risk = "medium", restart = "the calendar",
  undo = "rename it back while everything is stopped", verify = "db_recover ends without naming a log, the three tests pass",
  warnings = function(x) return calendar.warn("logs", "live", "regions", "status") end,
  withheld = function(x)
    if known(x.host, "csdb_log_gaps") and x.host.csdb_log_gaps > 0 then
      return "the sequence below it has a gap: put the missing log back first"
    end
  end,
  reference = "domain/calendar-db CAL-08", minutes = 45, risk_minutes = 10, cites = "domain/calendar-db CAL-08",
}

remedy "calendar.verify-copy" {
  title = "Verify the live database, on a copy",
  steps = function(x)
    return calendar.join(calendar.freeze(x), calendar.classify(x), {
      { "List its entries to the end, and compare their number with the last that you know", calendar.tool(x, "csdb -v list %s", calendar.csdb(x) .. ".db_verify") },
      "If a file fails: restore the hot backup of the day before. If all are good: start, and see that the next snapshot verifies",
      { "Start the calendar", calendar.tool(x, "start-cal") },
    })
  end,
  needs = root .. "; free space for twice csdb", risk = "low", restart = "the calendar",
  undo = "nothing to undo: only copies are looked into", verify = "db_verify of every file prints nothing and rc=0",
  warnings = function(x) return calendar.warn("live", "status") end,
  reference = "domain/calendar-db 7: P0, P0b", minutes = 45, risk_minutes = 5, cites = "domain/calendar-db CAL-20, CAL-34",
}

remedy "calendar.reload-dump" {
  title = "Mend the dump and load it again",
  steps = function(x)
    local place = calendar.beside(x, "salvage")
    local name = scope_name(x) == "database" and x.name or "ics50events.db"
    return {
      { "Take the scrambled file out of use before anything is built on it", command("mv %s %s", place .. "/" .. name, place .. "/" .. name .. ".scrambled") },
      { "Dump the bad file again", calendar.bdb(x, "db_dump -r %s > %s", calendar.csdb(x) .. ".SAVE/" .. name, place .. "/" .. name .. ".txt") },
      "Find the place where a key without data, or data without a key, stands (lines that begin with a blank come in pairs), and take out the odd one",
      { "Load it again", calendar.bdb(x, "db_load %s < %s", place .. "/" .. name, place .. "/" .. name .. ".txt") },
      { "The number of keys must be the number of pairs of the dump", calendar.bdb(x, "db_stat -d %s", place .. "/" .. name) },
    }
  end,
  needs = root .. "; the damaged file, kept", risk = "medium", restart = "none",
  undo = "load the dump once more", verify = "db_stat -d counts as many keys as the dump has pairs",
  warnings = function(x) return calendar.warn("status", "only") end,
  reference = "domain/calendar-db 4.3", minutes = 60, risk_minutes = 10, cites = "domain/calendar-db CAL-36",
}
