-- The transaction logs of csdb, what surrounds them (disk, mount), and who has to apply them.

local says_itself = thresholds.says_itself
local here = calendar.has_csdb

-- Only backups lack space, as far as the disks tell.
local function backup_only(h)
  return known(h, "csdb_disk_pct", "cal_backup_disk_pct") and h.csdb_disk_pct < thresholds.disk_full_pct
           and h.cal_backup_disk_pct >= thresholds.disk_full_pct
end

local function is_not_local(h)
  return here(h) and any { function() return h.csdb_is_network_fs end, function() return h.csdb_copied_live end,
                           function() return h.cal_errnos:count("ESTALE") > 0 end }
end

-- Who makes the checkpoints: csadmind, from 6.3 on csstored. Where the version is not known, one of them.
local function checkpointers(h)
  if not known(h, "cal_version_num") then return { "csadmind", "csstored" } end
  return { h.cal_version_num >= thresholds.first_csstored_daemon and "csstored" or "csadmind" }
end

local function has_device_errors(h) return h.cal_errnos:count("EIO") + h.cal_errnos:count("EROFS") > 0 end
local function on_a_bad_device(h) return here(h) and has_device_errors(h) end

---------------------------------------------------------------- findings

finding "host.csdb-lsn-past-the-logs" {
  title = "database files refer to logs that are not there",
  scope = "host", group = "csdb-lsn", leak = says_itself, where = here,
  test  = function(h)
    return any { function() return h.csdb_lsn_ahead > 0 end, function() return h.csdb_log_restarted end, function() return h.csdb_logs == 0 end }
  end,
  says  = function(h)
    local n = value(h, "csdb_lsn_ahead", 0)
    if value(h, "csdb_logs", 1) == 0 then return "csdb holds no transaction log" end
    if n > 0 then return "pages of " .. num(n) .. " database files refer to a place past the end of the logs" end
    return "the logs begin with number 1 again though the database is older"
  end,
  cites = "domain/calendar-db CAL-06",
}

finding "host.csdb-lsn-messages" {
  title = "the library says that an LSN is past the end of the log",
  scope = "host", group = "server-logs-lsn", leak = says_itself, where = here,
  test  = function(h) return csdb.says(h, "lsn_ahead") end,
  says  = "messages say: LSN past end of log (the logs were removed, or a file was moved here from another environment)",
  cites = "domain/calendar-db 3.1",
}

finding "host.csdb-logs-were-removed" {
  title = "somebody removed transaction logs",
  scope = "host", group = "people-logs", leak = "rarely", where = here,
  test  = function(h) return h.cal_logs_removed end,
  says  = "somebody removed or moved transaction logs of csdb",
  cites = "domain/calendar-db CAL-06",
}

finding "host.csdb-log-is-missing" {
  title = "the library misses a log",
  scope = "host", group = "server-logs-missing", leak = says_itself,
  where = function(h) return here(h) and not (known(h, "cal_messages") and csdb.has(h, "log_damage")) end, -- it does not get further than that
  test  = function(h) return csdb.says(h, "log_missing") end,
  says  = "messages say that a transaction log is not there",
  cites = "domain/calendar-db 3.2: log_missing",
}

finding "host.csdb-log-gap" {
  title = "a number is missing in the sequence of logs",
  scope = "host", group = "csdb-log-gap", leak = says_itself, where = here,
  test  = function(h) return h.csdb_log_gaps > 0 end,
  says  = function(h)
    return "the sequence of the logs has " .. num(h.csdb_log_gaps) .. (h.csdb_log_gaps == 1 and " gap" or " gaps")
  end,
  cites = "domain/calendar-db CAL-07",
}

finding "host.csdb-log-foreign" {
  title = "a log within the sequence is damaged or of another environment",
  scope = "host", group = "csdb-log-headers", leak = says_itself, where = here,
  test  = function(h)
    return any { function() return h.csdb_log_bad_headers > 0 end,
                 function() return csdb.says(h, "log_header") and h.cal_log_named < h.csdb_log_last end }
  end,
  says  = "a log below the newest has no good header",
  cites = "domain/calendar-db CAL-07",
}

finding "host.csdb-log-damaged" {
  title = "the library says that a log is damaged",
  scope = "host", group = "server-logs-log", leak = says_itself, where = here,
  test  = function(h) return csdb.says(h, "log_damage", "recovery_failed") end,
  says  = "messages say that a transaction log is damaged, or that recovery failed at one",
  cites = "domain/calendar-db 3.2: log_damage",
}

finding "host.csdb-log-sequence" {
  title = "logs and pages do not belong together",
  scope = "host", group = "server-logs-sequence", leak = says_itself, where = here,
  test  = function(h) return csdb.says(h, "lsn_mismatch") end,
  says  = "messages say: log sequence error (logs and pages are not of one set)",
  cites = "domain/calendar-db 3.1",
}

finding "host.csdb-newest-log-headless" {
  title = "the newest log has no header",
  scope = "host", group = "csdb-log-newest", leak = says_itself, where = here,
  test  = function(h) return h.csdb_log_newest_headless end,
  says  = "the log with the highest number has no header; the others have theirs",
  cites = "domain/calendar-db CAL-08: Using Recovery on Journaling Filesystems",
}

finding "host.csdb-log-header-messages" {
  title = "the library finds no header in a log, and no older log is named",
  scope = "host", group = "server-logs-log-header", leak = says_itself, where = here,
  test  = function(h)
    if not csdb.says(h, "log_header") then return false end
    return not known(h, "cal_log_named", "csdb_log_last") or h.cal_log_named >= h.csdb_log_last
  end,
  says  = function(h)
    return "messages say that " .. (known(h, "cal_log_named") and "log " .. num(h.cal_log_named) or "a log") .. " has no header (magic number)"
  end,
  cites = "domain/calendar-db 3.1: magic number X, not 40988",
}

finding "host.calendar-host-crashed" {
  title = "the host or a daemon crashed in the last week",
  scope = "host", group = "server-logs-crash", leak = "sometimes", where = here,
  test  = function(h) return h.cal_crash < thresholds.week_s end,
  says  = function(h) return "the host or a daemon crashed " .. dur(h.cal_crash) .. " ago" end,
  cites = "domain/calendar-db CAL-08",
}

finding "host.csdb-logs-pile-up" {
  title = "many transaction logs lie in csdb though applied ones should be removed",
  scope = "host", group = "csdb-log-count", leak = "rarely",
  where = here,
  -- where archives are kept and logs are not removed, many are by design
  test  = function(h) return h.csdb_logs > thresholds.calendar_logs and not (known(h, "cal_circular") and not h.cal_circular) end,
  says  = function(h) return num(h.csdb_logs) .. " transaction logs lie in csdb" end,
  cites = "domain/calendar-db CAL-09: more than one or two",
}

finding "host.csdb-checkpoint-late" {
  title = "the last checkpoint is long ago",
  scope = "host", group = "tools-checkpoint", leak = says_itself, where = here,
  test  = function(h) return h.cal_last_checkpoint > thresholds.calendar_checkpoint_late_s end,
  says  = function(h) return "the last checkpoint was " .. dur(h.cal_last_checkpoint) .. " ago (one each minute is usual)" end,
  cites = "domain/calendar-db 4.3: older than ten times the interval",
}

finding "host.calendar-warns-of-logs" {
  title = "csmonitor or csstored warns of several transaction logs",
  scope = "host", group = "server-logs-checkpoint", leak = "rarely", where = here,
  test  = function(h) return h.cal_checkpoint_warnings > 0 end,
  says  = function(h) return num(h.cal_checkpoint_warnings) .. " warnings speak of more than one transaction log" end,
  cites = "domain/calendar-db 4.2: csmonitor",
}

finding "host.calendar-checkpointer-missing" {
  title = "the daemon that makes checkpoints is not there, while others run",
  scope = "host", group = "processes-checkpoint", leak = "rarely",
  where = function(h) return here(h) and not csdb.refuses(h) end,
  test  = function(h)
    for _, name in ipairs(checkpointers(h)) do
      if h:process(name).count > 0 then return false end
    end
    return h.cal_running > 0
  end,
  says  = function(h) return "of the daemons that make checkpoints (" .. table.concat(checkpointers(h), " or ") .. ") none runs" end,
  cites = "domain/calendar-db CAL-09; 1.3",
}

finding "host.csdb-disk-full" {
  title = "the file system of csdb is full",
  scope = "host", group = "disk", leak = says_itself, where = here,
  test  = function(h)
    return any { function() return h.csdb_disk_pct >= thresholds.disk_full_pct end, function() return h.csdb_disk_avail == 0 end }
  end,
  says  = function(h) return "the file system of csdb is " .. (known(h, "csdb_disk_pct") and num(h.csdb_disk_pct) .. " % " or "") .. "full" end,
  cites = "domain/calendar-db CAL-10",
}

finding "host.csdb-no-space-messages" {
  title = "writes to the database fail for lack of space",
  scope = "host", group = "server-logs-space", leak = says_itself, where = here,
  test  = function(h) return h.cal_errnos:count("ENOSPC") > 0 and not backup_only(h) end,
  says  = function(h) return num(h.cal_errnos:count("ENOSPC")) .. " lines about the database say: No space left on device" end,
  cites = "domain/calendar-db 3.1: error 28",
}

finding "host.csdb-writes-fail" {
  title = "pages cannot be written, or checkpoints fail",
  scope = "host", group = "server-logs-writes", leak = "rarely", where = here,
  test  = function(h) return csdb.says(h, "checkpoint_failed", "io_error") end,
  says  = "messages say that pages could not be written, or that a checkpoint failed",
  cites = "domain/calendar-db 3.2: checkpoint_failed, io_error",
}

finding "host.csdb-device-errors" {
  title = "the device or the file system of csdb returns errors",
  scope = "host", group = "server-logs-device", leak = says_itself, where = here,
  test  = has_device_errors,
  says  = function(h)
    return "lines about the database say: " .. (h.cal_errnos:count("EIO") > 0 and "I/O error" or "Read-only file system")
  end,
  cites = "domain/calendar-db 3.2: io_error; EIO hardware, EROFS read-only file system",
}

finding "host.csdb-on-network" {
  title = "csdb lies on a network file system",
  scope = "host", group = "disk-type", leak = says_itself, where = here,
  test  = function(h) return h.csdb_is_network_fs end,
  says  = function(h) return "csdb lies on a network file system" .. (known(h, "csdb_fs_type") and " (" .. text(h.csdb_fs_type) .. ")" or "") end,
  cites = "domain/calendar-db 2.2, rule 9",
}

finding "host.csdb-copied-live" {
  title = "the database was copied while it was in use",
  scope = "host", group = "csdb-copy", leak = says_itself, where = here,
  test  = function(h) return h.csdb_copied_live end,
  says  = "the database was put together from a copy that was taken while it was in use",
  cites = "domain/calendar-db CAL-24",
}

finding "host.csdb-stale-handles" {
  title = "file handles of the database go stale",
  scope = "host", group = "server-logs-stale", leak = says_itself, where = here,
  test  = function(h) return h.cal_errnos:count("ESTALE") > 0 end,
  says  = "lines about the database say: Stale NFS file handle",
  cites = "domain/calendar-db CAL-24",
}

---------------------------------------------------------------- causes

-- What a set of logs that does not fit does to the rest.
local consequences = { ["calendar.panic-data-intact"] = "usually", ["calendar.partial-start"] = "often", ["calendar.csstored-down"] = "sometimes",
                       ["calendar.snapshot-verify-failed"] = "sometimes" }

-- What the libraries' files and messages show of it, where they were read; else it may be.
local function may_lack_logs(h)
  return here(h) and any { function() return h.cal_logs_removed end, function() return h.csdb_lsn_ahead > 0 end, function() return h.csdb_log_restarted end,
                           function() return h.csdb_logs == 0 end, function() return csdb.says(h, "lsn_ahead", "log_missing") end }
end

cause "calendar.logs-removed" {
  title   = "Transaction logs were removed",
  summary = "The files refer to logs that are gone, so the environment refuses them; the pages themselves are usually good",
  scope = "host", where = may_lack_logs, prior = "plausible",
  links = { ["host.csdb-lsn-past-the-logs"] = "usually", ["host.csdb-lsn-messages"] = "usually",
            ["host.csdb-logs-were-removed"] = "usually", ["host.csdb-log-is-missing"] = "sometimes", ["host.csdb-files-good"] = "nearly always",
            ["host.csdb-log-sequence"] = "rarely" },
  brings = consequences,
  urgency = "act", if_nothing = "the database cannot be opened; what was written since the last checkpoint may be lost",
  remedies = { { "calendar.restore-hot-backup", "usually" }, { "calendar.restore-archive", "often" }, { "calendar.salvage", "often" },
               { "calendar.restart-clean", "rarely" } },
  since = function(h) return h.cal_first_cause_at end,
  cites = "domain/calendar-db CAL-06, S2",
}

cause "calendar.log-gap" {
  title   = "A transaction log is missing in the sequence, or is not of it",
  summary = "Recovery stops at the gap or at the foreign log; the missing one may be in a backup",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-log-gap"] = "usually", ["host.csdb-log-foreign"] = "often", ["host.csdb-log-damaged"] = "usually",
            ["host.csdb-log-is-missing"] = "often", ["host.csdb-log-sequence"] = "sometimes", ["host.csdb-logs-were-removed"] = "often",
            ["host.csdb-files-good"] = "usually" },
  brings = consequences,
  urgency = "act", if_nothing = "no recovery gets past that log",
  remedies = { { "calendar.return-log", "usually" }, { "calendar.restore-hot-backup", "often" }, { "calendar.recover-until", "sometimes" },
               { "calendar.restart-clean", "rarely" } },
  since = function(h) return h.cal_first_cause_at end,
  cites = "domain/calendar-db CAL-07",
}

cause "calendar.newest-log-headless" {
  title   = "The newest transaction log has no header",
  summary = "The host crashed while the log was being created: it holds nothing, and it keeps recovery from running",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-newest-log-headless"] = "nearly always", ["host.csdb-log-header-messages"] = "nearly always", ["host.csdb-log-damaged"] = "often", ["host.calendar-host-crashed"] = "often",
            ["host.csdb-files-good"] = "usually" },
  never = { "host.csdb-log-foreign" },
  brings = { ["calendar.panic-data-intact"] = "usually", ["calendar.partial-start"] = "often", ["calendar.log-gap"] = "sometimes" },
  urgency = "act", if_nothing = "recovery and start fail at this log",
  remedies = { { "calendar.set-log-aside", "usually" }, { "calendar.restore-hot-backup", "often" }, { "calendar.restart-clean", "rarely" } },
  since = function(h) return h.cal_first_cause_at end,
  cites = "domain/calendar-db CAL-08",
}

cause "calendar.checkpoint-dead" {
  title   = "Nothing makes checkpoints: transaction logs pile up",
  summary = "The logs are no longer applied to the files; the longer it goes on, the worse a crash will be",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-logs-pile-up"] = "usually", ["host.csdb-checkpoint-late"] = "usually", ["host.calendar-warns-of-logs"] = "often",
            ["host.calendar-checkpointer-missing"] = "often" },
  urgency = "act", if_nothing = "the logs fill the disk, and recovery after a crash gets longer and less certain",
  remedies = { { "calendar.restart-checkpointer", "usually" } },
  cites = "domain/calendar-db CAL-09",
}

cause "calendar.disk-full" {
  title   = "The file system of the database is full",
  summary = "Writes and checkpoints fail; pages that could not be written wait in the cache",
  scope = "host", where = here, prior = "plausible",
  links = { ["host.csdb-disk-full"] = "usually", ["host.csdb-no-space-messages"] = "nearly always", ["host.csdb-writes-fail"] = "usually",
            ["host.csdb-logs-pile-up"] = "sometimes", ["database.page-messages"] = "sometimes" },
  brings = { ["calendar.panic-data-intact"] = "usually", ["calendar.checkpoint-dead"] = "often", ["calendar.backup-disk-full"] = "often",
             ["calendar.snapshot-verify-failed"] = "sometimes", ["calendar.csstored-down"] = "sometimes", ["calendar.partial-start"] = "sometimes" },
  urgency = "act", if_nothing = "no change can be stored, and files may be damaged",
  remedies = { { "calendar.free-space", "nearly always" }, { "calendar.restore-hot-backup", "rarely" } },
  since = function(h) return h.cal_first_cause_at end,
  cites = "domain/calendar-db CAL-10",
}

cause "calendar.database-on-nfs" {
  title   = "The database lies on a network file system, or came from a live copy",
  summary = "Berkeley DB allows neither: locks and the order of writes do not hold there, and a copy of a database in use is of no one moment",
  scope = "host", where = is_not_local, prior = "plausible",
  links = { ["host.csdb-on-network"] = "often", ["host.csdb-copied-live"] = "often", ["host.csdb-stale-handles"] = "sometimes",
            ["host.csdb-log-sequence"] = "often" },
  brings = { ["calendar.panic-data-intact"] = "often", ["calendar.log-gap"] = "sometimes", ["calendar.logs-removed"] = "sometimes" },
  urgency = "act", if_nothing = "sooner or later the database is damaged",
  remedies = { { "calendar.move-local", "usually" }, { "calendar.restore-hot-backup", "sometimes" } },
  cites = "domain/calendar-db CAL-24",
}

cause "calendar.device-errors" {
  title   = "The disk of the database returns errors",
  summary = "The device, or its file system, refuses reads or writes: nothing that is done to the database lasts before it is mended",
  scope = "host", where = on_a_bad_device, prior = "plausible",
  links = { ["host.csdb-device-errors"] = "nearly always", ["host.csdb-writes-fail"] = "usually", ["database.page-messages"] = "sometimes" },
  brings = { ["calendar.panic-data-intact"] = "usually", ["calendar.partial-start"] = "sometimes" },
  urgency = "act", if_nothing = "more pages are lost",
  remedies = { { "calendar.change-disk", "usually" } },
  since = function(h) return h.cal_first_cause_at end,
  cites = "domain/calendar-db 3.2; section 6: causes listed by the vendor, hardware among them",
}
