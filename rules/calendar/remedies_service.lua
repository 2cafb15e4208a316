-- Remedies that are no recovery of the database: daemons, disks, settings, backups, and what users are told.
local root = "root, or the server's user (icsuser)"

local function edit(x, words)
  return { words, command("vi %s", calendar.conf(x)) }
end

local function restart(x)
  return { { "Stop the calendar", calendar.tool(x, "stop-cal") }, { "Start it", calendar.tool(x, "start-cal") } }
end

-- Of a copy on another disk: a second one is made of it, since a file whose logs are not replayed may verify as bad, or a bad one as good.
local function verify_elsewhere(x)
  return {
    { "Make a second copy of that copy for the tools", "cp -Rp /otherdisk/csdb.SAVE /otherdisk/csdb.db_verify" },
    { "Replay the logs there", calendar.bdb(x, "db_recover -v -h %s", "/otherdisk/csdb.db_verify") },
    { "Verify every file of it", calendar.verify_all(x, "/otherdisk/csdb.db_verify") },
  }
end

remedy "calendar.free-space" {
  title = "Free space outside of csdb, then verify every file",
  steps = function(x)
    return calendar.join(calendar.stop(x), {
      { "See what fills the file system", command("df -k %s; ls -lt %s", calendar.csdb(x), calendar.logs(x)) },
      "Free space OUTSIDE of csdb: old server logs, copies of databases, cores. Nothing in csdb is touched, no log.* however old",
      { "Copy all of csdb to another disk", command("cp -Rp %s /otherdisk/csdb.SAVE", calendar.csdb(x)) },
      { "Start: recovery runs at the start", calendar.tool(x, "start-cal") },
    }, verify_elsewhere(x))
  end,
  needs = root, risk = "medium", restart = "the calendar",
  undo = "nothing to undo", verify = "df shows free space, no new error 28, every file verifies; else restore the hot backup",
  warnings = function(x) return calendar.warn("logs", "regions", "live") end,
  reference = "domain/calendar-db CAL-10", minutes = 30, risk_minutes = 5, cites = "domain/calendar-db CAL-10",
}

remedy "calendar.change-disk" {
  title = "Bring the database away from the bad disk",
  steps = function(x)
    return calendar.join({
      { "See what the system says of the device", "dmesg | tail -50; iostat -En" },
    }, calendar.stop(x), {
      { "Copy all of csdb to a good disk while it can still be read", command("cp -Rp %s /otherdisk/csdb.SAVE", calendar.csdb(x)) },
    }, verify_elsewhere(x), {
      "Let the disk be replaced; where a file did not verify, restore a backup onto the new one (calendar.restore-hot-backup)",
    })
  end,
  needs = root .. "; another disk", risk = "medium", restart = "the calendar",
  undo = "nothing to undo", verify = "no new I/O error, every file verifies",
  warnings = function(x) return calendar.warn("live", "logs", "part") end,
  reference = "domain/calendar-db 3.2", minutes = 60, risk_minutes = 10, cites = "domain/calendar-db 3.2: EIO hardware",
}

remedy "calendar.fix-ownership" {
  title = "Give the files back to the server's user",
  steps = function(x)
    return calendar.join(calendar.stop(x), { { "See who owns what", command("ls -l %s", calendar.csdb(x)) } }, calendar.own(x),
      { { "Start the calendar", calendar.tool(x, "start-cal") } })
  end,
  needs = "root; every process stopped", risk = "low", restart = "the calendar",
  undo = "nothing to undo", verify = "ls shows one owner, no new line says Permission denied, all daemons run",
  warnings = { "Run csdb and the db_ tools as the server's user, or set the owner right afterwards" },
  reference = "domain/calendar-db CAL-25", minutes = 10, risk_minutes = 0, cites = "domain/calendar-db CAL-25",
}

remedy "calendar.move-local" {
  title = "Move the database to a local disk, from a backup that was made by the product",
  steps = function(x)
    return calendar.join({
      { "Make a backup with the product's own tool", calendar.tool(x, "csbackup -f database %s", calendar.beside(x, "csbackup")) },
    }, calendar.freeze(x), {
      "Make a folder on a local disk, owned by the server's user",
      { "Restore the backup into it (caldb.berkeleydb.homedir.path must name it by then)", calendar.tool(x, "csrestore database %s", calendar.beside(x, "csbackup")) },
      edit(x, "Set caldb.berkeleydb.homedir.path to that folder, as the last line"),
    }, calendar.start(x))
  end,
  needs = root .. "; a local disk with room", risk = "medium", restart = "the calendar",
  undo = "set the old path and restart", verify = "df shows a local file system, every file verifies",
  warnings = function(x) return calendar.warn("copy", "part", "live") end,
  reference = "domain/calendar-db CAL-24; 4.2", minutes = 90, risk_minutes = 10, cites = "domain/calendar-db 2.2, rule 9",
}

remedy "calendar.break-deadlock" {
  title = "Stop, start, and let deadlocks be searched for",
  steps = function(x)
    return {
      { "Keep what the processes can tell", calendar.bdb(x, "db_stat -Co -h %s", calendar.csdb(x)) },
      { "And their stacks, for each pid of csadmind and cshttpd", "pstack PID" },
      { "Stop the calendar", calendar.tool(x, "stop-cal") },
      edit(x, "Add as the last line: local.caldb.deadlock.autodetect=\"yes\""),
      { "Start the calendar", calendar.tool(x, "start-cal") },
    }
  end,
  needs = root, risk = "low", restart = "the calendar",
  undo = "take the line out again and restart", verify = "requests are answered; db_stat shows no lock that waits for long",
  warnings = function(x) return calendar.warn("evidence", "regions") end,
  reference = "domain/calendar-db CAL-13", minutes = 15, risk_minutes = 0, cites = "domain/calendar-db CAL-13",
}

remedy "calendar.enlarge-regions" {
  title = "Enlarge the regions: they get their size when they are made",
  steps = function(x)
    local mb = value(x.host, "cal_mempool_mb", thresholds.calendar_mempool_mb)
    return calendar.join({
      edit(x, "Raise caldb.berkeleydb.mempoolsizemb (now " .. num(mb) .. "), say to " .. num(thresholds.calendar_mempool_enough_mb)
                .. ", and lower caldb.berkeleydb.maxthreads"),
    }, calendar.freeze(x), {
      { "Let normal recovery discard the old regions", calendar.bdb(x, "db_recover -v -h %s", calendar.csdb(x)) },
    }, calendar.own(x), calendar.start(x))
  end,
  needs = root .. "; memory for the cache", risk = "medium", restart = "the calendar",
  undo = "set the old values and do the same again", verify = "no new message about locks, mutexes or memory at busy hours",
  warnings = function(x) return calendar.warn("regions", "live", "logs") end,
  reference = "domain/calendar-db CAL-32", minutes = 30, risk_minutes = 5, cites = "domain/calendar-db CAL-32",
}

remedy "calendar.match-library" {
  title = "Recover with the library that made the environment, then use only the shipped tools",
  steps = function(x)
    return calendar.join(calendar.freeze(x), {
      { "Look for db_ tools of other packages that may have been used", "find / -name 'db*_recover' -type f" },
      { "Recover with the tool of the version that the message calls the environment's (the old one), before any region is touched",
        "OLD_TOOLS/db_recover -v -h " .. calendar.csdb(x) },
      { "From then on only with the shipped tools and their library", calendar.bdb(x, "db_verify -V") },
    }, calendar.own(x), calendar.start(x))
  end,
  needs = root .. "; the tools of the version that made the regions", risk = "medium", restart = "the calendar",
  undo = "put csdb.SAVE back while everything is stopped", verify = "no message speaks of a version, all daemons run",
  warnings = function(x) return calendar.warn("regions", "live", "logs") end,
  reference = "domain/calendar-db CAL-26", minutes = 60, risk_minutes = 15, cites = "domain/calendar-db CAL-26",
}

remedy "calendar.migrate-data" {
  title = "Migrate the database to this release, on a copy",
  steps = function(x)
    return calendar.join(calendar.freeze(x), {
      { "See which version the files are of", command("cat %s/ics50caldb.conf", calendar.csdb(x)) },
      { "And which one this server wants", calendar.tool(x, "csdb version") },
      "Run the migration tool of each step between the two (cs5migrate, ics2migrate, csmig ... as the installation guide of this release says) on the copy, and put the result in place",
    }, calendar.own(x), calendar.start(x))
  end,
  needs = root .. "; the migration tools of the releases between", risk = "high", restart = "the calendar",
  undo = "put csdb.SAVE back while everything is stopped", verify = "csdb version agrees with ics50caldb.conf, the server starts",
  warnings = { "Never run csdb rebuild on files of an older release: only the migration tool knows them" },
  reference = "domain/calendar-db CAL-27", minutes = 240, risk_minutes = 30, cites = "domain/calendar-db CAL-27",
}

remedy "calendar.restart-checkpointer" {
  title = "Stop at once, and start with the daemon that makes checkpoints",
  steps = function(x)
    local name = calendar.version(x) >= thresholds.first_csstored_daemon and "csstored" or "csadmind"
    return calendar.join(calendar.freeze(x), {
      { "Start the calendar: the logs are applied now, which may take a while", calendar.tool(x, "start-cal") },
      { "See that " .. name .. " runs, and that the logs become fewer", command("ps -ef | grep %s; ls -l %s", name, calendar.csdb(x)) },
      "If " .. name .. " does not stay up: an entry of the GSE or alarm queue may kill csadmind, or csstored is switched off; treat that first",
    })
  end,
  needs = root, risk = "medium", restart = "the calendar",
  undo = "nothing to undo", verify = "one or two logs are left after some minutes, db_stat -t shows a checkpoint each minute",
  warnings = function(x) return calendar.warn("csadmind", "logs", "regions") end,
  reference = "domain/calendar-db CAL-09", minutes = 20, risk_minutes = 5, cites = "domain/calendar-db CAL-09",
}

remedy "calendar.drain-queue" {
  title = "Take the entry that kills csadmind out of the group scheduling queue",
  steps = function(x)
    return {
      { "Keep the trace: a core of csadmind, or its stack", "pstack PID" },
      { "Show the first entry: csadmind takes them in order", calendar.tool(x, "csschedule -c 1 list") },
      { "Delete that entry and no other", calendar.tool(x, "csschedule -c 1 delete") },
      { "Remove the event that it points to, by its calendar and uid", calendar.tool(x, "cscomponents -v list CALID") },
      { "Start what is down", calendar.tool(x, "start-cal") },
      { "See that csadmind stays, and that the queue gets shorter", calendar.tool(x, "csschedule -v list") },
    }
  end,
  needs = root, risk = "medium", restart = "the calendar",
  undo = "the event can be entered again by its organizer", verify = "csadmind stays up, the queue runs empty, transaction logs become fewer",
  warnings = function(x) return calendar.warn("csadmind", "logs") end,
  reference = "domain/calendar-db CAL-14", minutes = 30, risk_minutes = 5, cites = "domain/calendar-db CAL-14",
}

remedy "calendar.remove-alarm" {
  title = "Remove the alarm that kills csadmind",
  steps = function(x)
    return {
      { "Keep the trace: a core of csadmind, or its stack", "pstack PID" },
      { "List the alarm queue: it stops at the bad entry", calendar.tool(x, "dbrig") },
      { "Remove the event or the alarm that it belongs to", calendar.tool(x, "cscomponents -v list CALID") },
      { "Start what is down, and see that csadmind stays", calendar.tool(x, "start-cal") },
    }
  end,
  needs = root, risk = "medium", restart = "the calendar",
  undo = "the event can be entered again by its organizer", verify = "dbrig lists the queue to its end, reminders come",
  warnings = function(x) return calendar.warn("csadmind", "logs") end,
  reference = "domain/calendar-db CAL-15", minutes = 30, risk_minutes = 5, cites = "domain/calendar-db CAL-15",
}

remedy "calendar.enable-csstored" {
  title = "Switch csstored on and restart everything that depends on it",
  steps = function(x)
    return {
      edit(x, "Take local.store.enable and service.store.enable out, or set local.store.enable=\"y\" as the last line"),
      { "Read why it ended, if it was on", command("tail -100 %s/store.log", calendar.logs(x)) },
      { "Stop the calendar: what depends on csstored must be started after it", calendar.tool(x, "stop-cal") },
      { "Start it", calendar.tool(x, "start-cal") },
      { "See that csstored stays", "ps -ef | grep csstored" },
    }
  end,
  needs = root, risk = "low", restart = "the calendar",
  undo = "set it off again and restart", verify = "csstored and the others run, the next snapshot is made",
  reference = "domain/calendar-db CAL-22", minutes = 10, risk_minutes = 0, cites = "domain/calendar-db CAL-22: required from 6.3 on",
}

remedy "calendar.start-once" {
  title = "Stop all services, end what is left over, start once",
  steps = function(x)
    return calendar.join(calendar.stop(x), {
      { "Start once", calendar.tool(x, "start-cal") },
      { "Read what came up and what did not", command("tail -40 %s/start.log", calendar.logs(x)) },
    })
  end,
  needs = root, risk = "low", restart = "the calendar",
  undo = "nothing to undo", verify = "all daemons that should run run, and each only from this start",
  warnings = function(x) return calendar.warn("regions", "live") end,
  reference = "domain/calendar-db CAL-37", minutes = 10, risk_minutes = 0, cites = "domain/calendar-db CAL-37; 1.3",
}

local function set_cache_aside(x)
  return command("mv %s/ldap_cache %s && mkdir %s/ldap_cache && chown icsuser:icsgroup %s/ldap_cache", calendar.csdb(x), calendar.beside(x, "ldap_cache.old"), calendar.csdb(x),
                 calendar.csdb(x))
end

remedy "calendar.delete-session-database" {
  title = "Throw the database of sessions, statistics or the cache away: a start makes it anew",
  steps = function(x)
    return calendar.join(calendar.stop(x), {
      { "Delete the session database, if the messages name session/, and nothing else: -t says which", calendar.tool(x, "csdb -t sessdb delete") },
      { "The statistics database, if they name counter/", calendar.tool(x, "csdb -t statdb delete") },
      { "A cache, if they name ldap_cache/ (the same for cld_cache/): set its files aside, and only those", set_cache_aside(x) },
      { "Start the calendar", calendar.tool(x, "start-cal") },
    })
  end,
  needs = root .. "; every process stopped", risk = "low", restart = "the calendar",
  undo = "nothing to undo: sessions and counters are lost, users log in again", verify = "users log in, no new error names session/ or counter/",
  warnings = { "Without -t csdb deletes all groups, the calendars among them: type it as it stands" },
  reference = "domain/calendar-db CAL-31; 4.1", minutes = 10, risk_minutes = 2, cites = "domain/calendar-db CAL-31",
}

remedy "calendar.configure-backup" {
  title = "Take a backup now, and see that there is one every day",
  steps = function(x)
    if calendar.version(x) < thresholds.first_calendar_sbin then
      return {
        { "Take a backup now; the server may be up", calendar.tool(x, "csbackup -f database %s", calendar.beside(x, "csbackup")) },
        "Calendar Server 5 makes no backups by itself: let cron run csbackup every day, in turn into folders on another disk than csdb",
        "Look into the folder from time to time: it must hold ics50caldb.conf (or caldb.conf) and all files",
      }
    end
    return calendar.join({
      { "Take a backup now; the server may be up", calendar.tool(x, "csbackup -f database %s", calendar.beside(x, "csbackup")) },
      "Make two folders on other disks than csdb, one for hot backups, one for archives, owned by the server's user",
      edit(x, "Set caldb.berkeleydb.hotbackup.enable=\"yes\" and caldb.berkeleydb.hotbackup.path, caldb.berkeleydb.archive.enable=\"yes\" and caldb.berkeleydb.archive.path, and caldb.calmaster to who is told of failures"),
    }, restart(x), {
      { "A day later: see that both are there and were verified", command("tail -50 %s/store.log", calendar.logs(x)) },
    })
  end,
  needs = root .. "; disks with room for some copies of csdb", risk = "low", restart = "the calendar",
  undo = "take the lines out again and restart", verify = "each folder holds a new snapshot, store.log says that it verified",
  warnings = function(x) return calendar.warn("folders", "copy") end,
  reference = "domain/calendar-db 2.2, CAL-21", minutes = 30, risk_minutes = 0, cites = "domain/calendar-db CAL-21",
}

remedy "calendar.extend-backup-disk" {
  title = "Give the backups room",
  steps = function(x)
    return calendar.join({
      { "See what fills it", command("df -k %s %s; ls -lt %s %s", calendar.hot(x), calendar.archive(x), calendar.hot(x), calendar.archive(x)) },
      "Extend the disk, or move whole old snapshots elsewhere: files and logs of a snapshot together, never the newest that verified",
      edit(x, "Or lower caldb.berkeleydb.hotbackup.maxdays and caldb.berkeleydb.archive.maxdays"),
    }, restart(x), { { "See that the next snapshot is made and verified", command("tail -50 %s/store.log", calendar.logs(x)) } })
  end,
  needs = root, risk = "low", restart = "the calendar (csstored)",
  undo = "nothing to undo", verify = "store.log says that a snapshot was made and verified",
  warnings = function(x) return calendar.warn("part", "folders") end,
  reference = "domain/calendar-db CAL-11", minutes = 30, risk_minutes = 0, cites = "domain/calendar-db CAL-11",
}

remedy "calendar.mend-backups" {
  title = "Find out why no backup was made lately, and take one now",
  steps = function(x)
    return {
      { "Take a backup now; the server may be up", calendar.tool(x, "csbackup -f database %s", calendar.beside(x, "csbackup")) },
      { "Read what csstored says", command("tail -100 %s/store.log", calendar.logs(x)) },
      { "See that csstored runs", "ps -ef | grep csstored" },
      { "See that the backups have room", command("df -k %s %s", calendar.hot(x), calendar.archive(x)) },
    }
  end,
  needs = root, risk = "low", restart = "none", undo = "nothing to undo", verify = "a new snapshot is made and verified within a day",
  warnings = function(x) return calendar.warn("copy") end,
  reference = "domain/calendar-db 4.2: csstored cycle", minutes = 20, risk_minutes = 0, cites = "domain/calendar-db CAL-11",
}

remedy "calendar.purge-deletelog" {
  title = "Let the delete log be purged",
  steps = function(x)
    return calendar.join({
      edit(x, "Set service.admin.purge.deletelog=\"yes\" and the interval and age that go with it (service.admin.purge.deletelog.interval, .beforetime)"),
    }, restart(x), {
      { "Or purge it once by hand", calendar.tool(x, "cspurge -v -e -1 -s 0") },
      { "See that it shrinks, or stops growing", command("ls -l %s", calendar.csdb(x)) },
    })
  end,
  needs = root, risk = "low", restart = "the calendar",
  undo = "take the lines out again and restart", verify = "ics50deletelog.db does not grow any more",
  withheld = function(x)
    if csdb.damage(x.host:database("ics50deletelog.db")) then return "the delete log itself is damaged: rebuild it instead" end
  end,
  reference = "domain/calendar-db CAL-19", minutes = 20, risk_minutes = 0, cites = "domain/calendar-db CAL-19",
}

remedy "calendar.import-series" {
  title = "Import the affected series from users' own exports",
  steps = function(x)
    return {
      { "Export the calendar as it is first", calendar.tool(x, "csexport -c CALID calendar FILE") },
      { "Import the series from what the user kept", calendar.tool(x, "csimport -c CALID calendar FILE") },
    }
  end,
  needs = root .. "; an export of the user", risk = "low", restart = "none", undo = "import the export of the step before",
  verify = "the series are whole", reference = "domain/calendar-db 4.2", minutes = 60, risk_minutes = 0, cites = "domain/calendar-db CAL-18",
}

remedy "calendar.purge-resurrected" {
  title = "Tell users, and delete what came back",
  steps = function(x)
    return {
      "Tell users that entries deleted since the oldest copy are there again",
      { "List a calendar's entries, to delete those that do not belong there", calendar.tool(x, "cscomponents -v list CALID") },
    }
  end,
  needs = root, risk = "low", restart = "none", undo = "none: keep an export of the calendar first", verify = "users see what they expect",
  reference = "domain/calendar-db CAL-33", minutes = 60, risk_minutes = 0, cites = "domain/calendar-db CAL-33: expected price",
}

remedy "calendar.leave-read-only" {
  title = "Leave read-only mode",
  steps = function(x)
    return calendar.join({
      "See first that nobody works on the database at this moment: the mode may be on for a purpose",
      edit(x, "Take caldb.berkeleydb.readonly out; the last line that sets it counts"),
    }, restart(x))
  end,
  needs = root, risk = "low", restart = "the calendar", undo = "set it to yes again and restart", verify = "a change is stored",
  withheld = function(x)
    if csdb.is_damaged(x.host) then return "files of the database are damaged: each change made now is harder to bring into the restored one" end
  end,
  reference = "domain/calendar-db CAL-30", minutes = 5, risk_minutes = 0, cites = "domain/calendar-db CAL-30",
}

remedy "calendar.fix-dwp" {
  title = "Set the way from front end to back end right",
  steps = function(x)
    return calendar.join({
      { "On the back end: see that csdwpd runs", "ps -ef | grep csdwpd" },
      { "On both: compare the port, and name each back end by its full host name, not by an address",
        command("egrep 'caldb.dwp|service.dwp' %s", calendar.conf(x)) },
      edit(x, "Correct caldb.dwp.server.HOST.ip, caldb.dwp.server.default and service.dwp.port"),
    }, restart(x))
  end,
  needs = root, risk = "low", restart = "the calendar", undo = "set the old values and restart", verify = "users of that back end see their calendars",
  warnings = { "Restore and rebuild nothing: the database of the back end was not touched" },
  reference = "domain/calendar-db CAL-28", minutes = 20, risk_minutes = 0, cites = "domain/calendar-db CAL-28: bug 6542989",
}

remedy "calendar.empty-ldap-cache" {
  title = "Empty the LDAP cache",
  steps = function(x)
    return {
      { "Stop the calendar", calendar.tool(x, "stop-cal") },
      { "Set the files of the cache aside, and only those of ldap_cache", set_cache_aside(x) },
      { "Start the calendar", calendar.tool(x, "start-cal") },
    }
  end,
  needs = root, risk = "low", restart = "the calendar", undo = "nothing to undo: the cache fills again", verify = "these users see their calendars",
  warnings = { "Restore and rebuild nothing: the database was not touched" },
  reference = "domain/calendar-db CAL-29", minutes = 10, risk_minutes = 0, cites = "domain/calendar-db 2.2: the cache never expires by itself",
}

remedy "calendar.other-database" {
  title = "Use the recovery of MySQL or Oracle Database; nothing of csdb applies",
  steps = function(x)
    return {
      { "See that the calendar server is of version 7 or later", "davadmin version" },
      "Stop here with csdb, db_recover and the rest: there is no Berkeley DB. Ask who runs the MySQL or Oracle database for its own backup and recovery",
    }
  end,
  needs = "the administrator of that database", risk = "low", restart = "none", undo = "nothing to undo", verify = "the database's own checks pass",
  reference = "domain/calendar-db 1.4", minutes = 15, risk_minutes = 0, cites = "domain/calendar-db CAL-35",
}
