-- What to look at on a calendar host. A step of a look only reads; what must be done on a copy says so, and makes none.

local function csdb(h) return calendar.csdb(h) end
local function log(h, name) return calendar.logs(h) .. "/" .. name end
local function applies(h, steps) return calendar.has_csdb(h) and steps or {} end
local function copy(h) return csdb(h) .. ".db_verify" end
local reads_a_copy = "it reads a copy; never give it csdb itself while a daemon is up"

look "calendar.version" {
  title = "The version of the calendar",
  items = { "csdb-version", "caldb-conf" },
  gives = { "host.cal_version*", "host.cal_uses_csdb", "database.is_old_format" },
  how   = function(h)
    return { { "Ask for the version of the database and its tools", calendar.tool(h, "csdb version") },
             { "And see what the database says of itself", command("cat %s/ics50caldb.conf", csdb(h)) } }
  end,
  safe  = "it shows versions",
  asks  = function(h) return "Which version of Calendar Server is it, and of which release are its files?" end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "domain/calendar-db 1.4, 4.1",
}

look "calendar.listing" {
  title = "The files of csdb with owners, sizes and times",
  items = { "listing" },
  gives = { "host.csdb_seen", "host.csdb_missing", "host.csdb_owner", "host.csdb_foreign_owner", "host.csdb_logs", "host.csdb_log_first", "host.csdb_log_last",
            "host.csdb_log_gaps", "host.csdb_log_bytes", "host.csdb_log_newest", "host.csdb_log_oldest", "host.csdb_regions", "host.csdb_region_made",
            "database.bytes", "database.modified", "database.empty", "database.missing", "database.share" },
  how   = function(h) return applies(h, { { "List the folder of the database", command("ls -l %s", csdb(h)) } }) end,
  safe  = "it lists names, owners, sizes and times",
  asks  = function(h) return "What lies in csdb? Please list it with owners, sizes and times." end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "domain/calendar-db 1.2, 8",
}

look "calendar.processes" {
  title = "The process table",
  items = { "ps" },
  gives = { "calendar.processes" },
  how   = function(h) return { { "List all processes (the whole table: that something is missing counts, too)", "ps -ef" } } end,
  safe  = "it lists processes",
  asks  = function(h) return "Which processes run? Please show the whole process table." end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/calendar-db 1.3",
}

look "calendar.logs" {
  title = "The logs of the daemons and of the tools",
  items = { "calendar-log", "calendar-text" },
  gives = { "calendar.logs" },
  how   = function(h)
    local list = {}
    for _, name in ipairs { "admin.log", "http.log", "store.log" } do
      list[#list + 1] = { "The newest lines of " .. name, command("tail -500 %s", log(h, name)) }
    end
    list[#list + 1] = { "The tools write an admin.log of their own, in csdb", command("tail -200 %s/admin.log", csdb(h)) }
    return applies(h, list)
  end,
  safe  = "it reads log files",
  asks  = function(h) return "What do the logs say of the database? Begin before the first line with PANIC: the first complaint counts." end,
  minutes = 3, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.5,
  cites = "domain/calendar-db 3: look for the FIRST different message",
}

look "calendar.start" {
  title = "What the last start said",
  items = { "calendar-start" },
  gives = { "host.cal_start_partial", "host.cal_last_start" },
  how   = function(h) return applies(h, { { "Read the log of starts", command("tail -60 %s", log(h, "start.log")) } }) end,
  safe  = "it reads a log file",
  asks  = function(h) return "What came up at the last start?" end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "domain/calendar-db CAL-37",
}

look "calendar.configuration" {
  title = "The configuration (ics.conf)",
  items = { "ics-conf" },
  gives = { "calendar.config" },
  how   = function(h)
    return applies(h, { { "Show it; lines with passwords may be left out", command("cat %s", calendar.conf(h)) } })
  end,
  safe  = "it reads a configuration file; secrets in it are not kept",
  asks  = function(h) return "How is the calendar configured? Please show its ics.conf." end,
  minutes = 2, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.5,
  cites = "domain/calendar-db 2",
}

look "calendar.disks" {
  title = "How full the file systems are, and which lie on the network",
  items = { "df", "mount" },
  gives = { "host.csdb_disk_*", "host.csdb_fs_type", "host.csdb_is_network_fs", "host.csdb_backup_same_disk", "host.cal_backup_disk_pct" },
  how   = function(h) return { { "Show all file systems and their use", "df -k" }, { "And their types", "cat /etc/mnttab; cat /proc/mounts" } } end,
  safe  = "it reads counts of the file systems",
  asks  = function(h) return "How full are the disks, and does csdb lie on one of this host?" end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "domain/calendar-db CAL-10, CAL-11, CAL-24",
}

look "calendar.verify" {
  title = "db_verify of every file, on a copy",
  items = { "db-verify" },
  gives = { "database.verify", "database.verify_classes" },
  after = { "calendar.listing" },
  how   = function(h)
    return applies(h, {
      "This needs a copy of csdb that was taken while the calendar was stopped, and in which recovery has run (calendar.verify-copy says how). If there is none: do it at a time when the calendar may be stopped",
      { "Verify each file of the copy, and keep all that is said", calendar.bdb(h, "db_verify -h %s ics50events.db", copy(h)) },
      { "The next, and so on through alarms, calprops, deletelog, gse, recurring", calendar.bdb(h, "db_verify -h %s ics50todos.db", copy(h)) },
    })
  end,
  safe  = reads_a_copy,
  asks  = function(h) return "Are the files good? Please verify each file of a copy." end,
  minutes = 20, load_minutes = 2, risk_minutes = 1, annoyance_minutes = 2, consent = true,
  cites = "domain/calendar-db 7: P0b",
}

look "calendar.check" {
  title = "csdb check, on a copy",
  items = { "csdb-check" },
  gives = { "host.cal_check_lines" },
  after = { "calendar.verify" },
  how   = function(h)
    return applies(h, { "This needs a copy, too",
                        { "Look for entries that contradict one another", calendar.tool(h, "csdb check %s", copy(h)) } })
  end,
  safe  = reads_a_copy,
  asks  = function(h) return "Do calendars and their entries fit one another?" end,
  minutes = 10, load_minutes = 2, risk_minutes = 1, annoyance_minutes = 1, consent = true,
  cites = "domain/calendar-db 4.1",
}

look "calendar.environment" {
  title = "Locks, transactions and the panic value of the environment",
  items = { "db-stat" },
  gives = { "host.cal_stat_panic", "host.cal_last_checkpoint", "host.cal_active_txn", "host.cal_locks_dead", "host.cal_lock_waits", "host.cal_deadlocks" },
  how   = function(h)
    return applies(h, {
      "Use the shipped db_stat with its own library and no other: it joins the environment",
      { "The environment", calendar.bdb(h, "db_stat -e -h %s", csdb(h)) },
      { "Transactions and the last checkpoint", calendar.bdb(h, "db_stat -t -h %s", csdb(h)) },
      { "Locks by locker and by object", calendar.bdb(h, "db_stat -Co -h %s", csdb(h)) },
      { "And who is alive", "ps -ef" },
    })
  end,
  safe  = "it reads counters; since it joins the environment it must be the library's own version",
  asks  = function(h) return "Who holds locks, and when was the last checkpoint?" end,
  minutes = 3, load_minutes = 0.1, risk_minutes = 0.5, annoyance_minutes = 0.5,
  cites = "domain/calendar-db 4.3",
}

look "calendar.stack" {
  title = "The stack of csadmind",
  items = { "pstack" },
  gives = { "host.cal_stack" },
  after = { "calendar.processes" },
  how   = function(h) return applies(h, { { "Show it, with the number of csadmind from ps, or of its core", "pstack <pid>" } }) end,
  safe  = "it stops the process for a moment and reads its stack",
  asks  = function(h) return "Where does csadmind hang, or where did it die?" end,
  minutes = 2, load_minutes = 0, risk_minutes = 0.2, annoyance_minutes = 0.5,
  cites = "domain/calendar-db CAL-12, CAL-14, CAL-15",
}

look "calendar.queues" {
  title = "The queues of csadmind: group scheduling and alarms",
  items = { "csschedule", "dbrig" },
  gives = { "host.cal_gse_entries", "host.cal_alarm_queue_stops" },
  how   = function(h)
    return applies(h, { { "List the group scheduling queue", calendar.tool(h, "csschedule list") },
                        { "List the alarm queue; does it come to its end?", calendar.tool(h, "dbrig") } })
  end,
  safe  = "they list entries",
  asks  = function(h) return "Do the queues of csadmind stand at one entry?" end,
  minutes = 2, load_minutes = 0.2, risk_minutes = 0.2, annoyance_minutes = 0.5,
  cites = "domain/calendar-db CAL-14, CAL-15",
}

look "calendar.ping" {
  title = "Which services answer",
  items = { "cstool" },
  gives = { "host.cal_ping_failed" },
  how   = function(h)
    return applies(h, { { "Ask csadmind", calendar.tool(h, "cstool ping admin") }, { "And cshttpd", calendar.tool(h, "cstool ping http") } })
  end,
  safe  = "it asks the services for an answer",
  asks  = function(h) return "Which services answer?" end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/calendar-db 1.3",
}

look "calendar.backups" {
  title = "The backups: how many, how old, what is in them",
  items = { "listing" },
  gives = { "calendar.backups" },
  how   = function(h)
    return applies(h, { { "List the hot backups", command("ls -lR %s", calendar.hot(h)) }, { "And the archives", command("ls -lR %s", calendar.archive(h)) } })
  end,
  safe  = "it lists names, sizes and times",
  asks  = function(h) return "Which backups are there, and of when?" end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/calendar-db 4.2",
}

look "calendar.salvaged" {
  title = "Keys of a salvaged file against the pairs of its dump",
  items = { "db-stat", "db-dump" },
  gives = { "database.keys", "database.dump_pairs" },
  how   = function(h)
    return applies(h, { { "Count the keys of the new file", calendar.bdb(h, "db_stat -d <salvaged file>") },
                        { "Count the data lines of its dump: two are one pair", "grep -c '^ ' <dump>" } })
  end,
  safe  = "it reads a salvaged copy",
  asks  = function(h) return "Was a file dumped and loaded again? Then show how many keys it has, and how many lines its dump." end,
  minutes = 3, load_minutes = 0.2, risk_minutes = 0, annoyance_minutes = 1, consent = true,
  cites = "domain/calendar-db 4.3: do not rely on an error",
}

look "calendar.counts" {
  title = "How many entries a rebuild scanned, and how many a snapshot holds",
  items = { "csdb-rebuild", "csdb-list" },
  gives = { "host.cal_rebuild_counts", "host.cal_snapshot_counts" },
  how   = function(h)
    return applies(h, { { "What was captured of a rebuild", "tail -40 <rebuild.out>" }, { "And of the list of a snapshot", "tail -20 <list.out>" } })
  end,
  safe  = "it reads what was captured before",
  asks  = function(h) return "Was the database rebuilt or a snapshot listed? Then show what was said." end,
  minutes = 2, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.5, consent = true,
  cites = "domain/calendar-db 4.1",
}
