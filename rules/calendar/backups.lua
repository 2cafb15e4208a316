-- Backups of csdb, restores and rebuilds: what failed, what was never set up, what was not checked.

local says_itself = thresholds.says_itself
local here = calendar.has_csdb

-- Instances that a cause makes sense for: where the facts that are known show nothing of it, it takes no part; where none are known, it does.
local function is_old(h)
  if known(h, "cal_hot_newest") then return h.cal_hot_newest > thresholds.backup_stale_s end
  return h.cal_backup_newest > thresholds.backup_stale_s
end

local function lacks_backup_space(h)
  return here(h) and any { function() return h.cal_backup_disk_pct >= thresholds.disk_full_pct end, function() return h.cal_backup_errors > 0 end }
end

local function has_old_backups(h) return here(h) and any { function() return is_old(h) end } end

local function has_failed_snapshot(h)
  return here(h) and any { function() return h.cal_snapshot_failed < thresholds.week_s end, function() return h.cal_hot_verified == "no" end }
end

-- A front end alone has no calendars of its own.
local function has_calendars(h)
  if not known(h, "cal_roles") or h.cal_roles.n == 0 then return true end
  for role in h.cal_roles:each() do
    if text(role) ~= "frontend" then return true end
  end
  return not (known(h, "cal_cld_directory") and h.cal_cld_directory)
end

local function lacks_backups(h)
  return here(h) and has_calendars(h) and any { function() return not h.cal_backup_configured end, function() return h.cal_backup_notices > 0 end }
end

local function has_complaints(h) return here(h) and h.cal_check_lines > 0 end
-- A recovery that failed is no restore that was left unchecked.
local function was_recovered(h) return here(h) and h.cal_recovered < thresholds.week_s and not value(h, "cal_recover_failed", false) end

-- db_verify was run on a file: somebody looks for damage, and what it says counts.
local function was_verified(h)
  for d in h:each("database") do
    if known(d, "verify") then return true end
  end
  return false
end

---------------------------------------------------------------- findings

finding "host.calendar-backup-disk-full" {
  title = "the file system of the backups is full",
  scope = "host", group = "disk-backup", leak = says_itself, where = here,
  test  = function(h) return h.cal_backup_disk_pct >= thresholds.disk_full_pct end,
  says  = function(h) return "the file system of the backups is " .. num(h.cal_backup_disk_pct) .. " % full" end,
  cites = "domain/calendar-db CAL-11",
}

finding "host.calendar-backups-fail" {
  title = "csstored logs that backups fail",
  scope = "host", group = "server-logs-backup", leak = "rarely", where = here,
  test  = function(h) return h.cal_backup_errors > 0 end,
  says  = function(h) return num(h.cal_backup_errors) .. " lines of csstored say that a backup failed" end,
  cites = "domain/calendar-db CAL-11",
}

finding "host.calendar-backups-old" {
  title = "the newest hot backup is older than two days",
  scope = "host", group = "backup-age", leak = says_itself, where = here,
  test  = is_old,
  says  = function(h)
    return "the newest backup is " .. dur(known(h, "cal_hot_newest") and h.cal_hot_newest or h.cal_backup_newest) .. " old"
  end,
  cites = "domain/calendar-db CAL-11: older than twice the interval",
}

finding "host.calendar-snapshot-failed" {
  title = "the newest snapshot did not pass its verification",
  scope = "host", group = "server-logs-snapshot", leak = says_itself, where = here,
  test  = function(h)
    if known(h, "cal_snapshot_ok") and h.cal_snapshot_ok < h.cal_snapshot_failed then return false end
    return h.cal_snapshot_failed < thresholds.week_s
  end,
  says  = function(h) return "the verification of a snapshot failed " .. dur(h.cal_snapshot_failed) .. " ago, and none passed since" end,
  cites = "domain/calendar-db CAL-20",
}

finding "host.calendar-hot-backup-unverified" {
  title = "the newest hot backup is marked as not verified",
  scope = "host", group = "backup-verified", leak = says_itself, where = here,
  test  = function(h) return h.cal_hot_verified == "no" end,
  says  = "the newest hot backup did not pass its verification",
  cites = "domain/calendar-db CAL-20",
}

finding "host.calendar-no-backup-configured" {
  title = "no automatic backup is configured",
  scope = "host", group = "configuration-backup", leak = says_itself, where = here,
  test  = function(h) return not h.cal_backup_configured end,
  says  = "neither hot backup nor archive is enabled and has a path",
  cites = "domain/calendar-db 2.2, rules 3 and 5",
}

finding "host.calendar-backup-notices" {
  title = "a daily notice says that no backup is configured",
  scope = "host", group = "server-logs-notice", leak = says_itself, where = here,
  test  = function(h) return h.cal_backup_notices > 0 end,
  says  = "a notice to the administrator says that no backup is configured",
  cites = "domain/calendar-db CAL-21: 24-hourly notice",
}

finding "host.calendar-no-backups" {
  title = "there is no backup",
  scope = "host", group = "backup-copies", leak = "rarely", where = here,
  test  = function(h)
    return all { function() return h.cal_hot_copies == 0 end, function() return value(h, "cal_archive_copies", 0) == 0 end }
  end,
  says  = "there is neither a hot backup nor an archive",
  cites = "domain/calendar-db CAL-21",
}

finding "host.csdb-was-recovered" {
  title = "the database was recovered or restored lately",
  scope = "host", group = "tools-recover", leak = "rarely", where = here,
  test  = was_recovered,
  says  = function(h) return "the database was recovered " .. dur(h.cal_recovered) .. " ago" end,
  cites = "domain/calendar-db CAL-34",
}

finding "host.csdb-recovery-unchecked" {
  title = "after the recovery the files were not verified, or the entries not counted",
  scope = "host", group = "tools-acceptance", leak = says_itself,
  where = function(h) return here(h) and known(h, "cal_recovered") end,
  test  = function(h)
    if value(h, "cal_verified_after_recover", false) then
      return not h.cal_listed_after_recover and not (known(h, "cal_last_start") and h.cal_last_start > h.cal_recovered)
    end
    return not h.cal_verified_after_recover and not was_verified(h)
  end,
  says  = function(h)
    if value(h, "cal_verified_after_recover", false) then return "the server was started after it, and the entries were not listed and counted" end
    return "no file was verified after it"
  end,
  cites = "domain/calendar-db 4.3: exit status 0 proves nothing; CAL-34",
}

finding "host.calendar-fewer-events-than-snapshot" {
  title = "there are far fewer entries than the snapshot holds",
  scope = "host", group = "tools-counts", leak = "rarely", where = here,
  test  = function(h)
    local now, before = h.cal_rebuild_counts:count("events"), h.cal_snapshot_counts:count("events")
    return now > 0 and before > 0 and now < thresholds.counts_far_below * before
  end,
  says  = function(h)
    return num(h.cal_rebuild_counts:count("events")) .. " events are there, the snapshot holds " .. num(h.cal_snapshot_counts:count("events"))
  end,
  cites = "domain/calendar-db CAL-34: counts differ from snapshot",
}

finding "host.calendar-check-complains" {
  title = "csdb check complains",
  scope = "host", group = "tools-check", leak = says_itself, where = here,
  test  = function(h) return h.cal_check_lines > 0 and not csdb.is_damaged(h) end,
  says  = function(h) return "csdb check prints " .. num(h.cal_check_lines) .. " complaints" end,
  cites = "domain/calendar-db CAL-17, S3",
}

finding "host.calendar-deleted-came-back" {
  title = "deleted entries are there again",
  scope = "host", group = "people-deleted", leak = "rarely", where = here,
  test  = function(h) return h.cal_deleted_came_back end,
  says  = "entries are there again that had been deleted",
  cites = "domain/calendar-db CAL-33",
}

finding "host.calendar-rebuilt-from-several" {
  title = "the database was rebuilt from several copies",
  scope = "host", group = "tools-rebuild", leak = says_itself, where = here,
  test  = function(h) return h.cal_rebuild_copies > 1 end,
  says  = function(h) return "it was rebuilt from " .. num(h.cal_rebuild_copies) .. " copies" end,
  cites = "domain/calendar-db 4.1: deleted components come back",
}

---------------------------------------------------------------- causes

cause "calendar.backup-disk-full" {
  title   = "The disk of the backups is full",
  summary = "csstored can make no backup any more: those that are there get older",
  scope = "host", where = lacks_backup_space, prior = "plausible",
  links = { ["host.calendar-backup-disk-full"] = "nearly always", ["host.calendar-backups-fail"] = "often", ["host.calendar-backups-old"] = "sometimes" },
  brings = { ["calendar.backup-stale"] = "usually" },
  urgency = "watch", if_nothing = "a damage of the database then costs all that was entered since the last backup",
  remedies = { { "calendar.extend-backup-disk", "usually" } },
  cites = "domain/calendar-db CAL-11",
}

cause "calendar.backup-stale" {
  title   = "The newest backup of the calendar is old",
  summary = "Backups were made once and are not made any more; nothing says yet why",
  scope = "host", where = has_old_backups, prior = "plausible",
  links = { ["host.calendar-backups-old"] = "nearly always", ["host.calendar-backups-fail"] = "sometimes" },
  urgency = "watch", if_nothing = "a damage of the database then costs all that was entered since the last backup",
  remedies = { { "calendar.mend-backups", "usually" } },
  cites = "domain/calendar-db 6: backup age above 48 hours raises the risk of any finding",
}

cause "calendar.snapshot-verify-failed" {
  title   = "A snapshot did not pass its verification",
  summary = "The copy of the live database is damaged: take the live database itself for damaged until its files verify",
  scope = "host", where = has_failed_snapshot, prior = "plausible",
  links = { ["host.calendar-snapshot-failed"] = "nearly always", ["host.calendar-hot-backup-unverified"] = "usually", ["host.calendar-backups-old"] = "rarely",
            ["host.calendar-backups-fail"] = "often" },
  brings = { ["calendar.backup-stale"] = "often" },
  urgency = "act", if_nothing = "changes go on into a database that is probably damaged, and older good snapshots are purged",
  remedies = { { "calendar.read-only", "often" }, { "calendar.verify-copy", "often" }, { "calendar.restore-hot-backup", "often" } },
  since = function(h) return h.cal_snapshot_failed end,
  cites = "domain/calendar-db CAL-20",
}

cause "calendar.backup-never-configured" {
  title   = "Automatic backups were never configured",
  summary = "The database has no hot backup and no archive: nothing but a rebuild is left when it is damaged",
  scope = "host", where = lacks_backups, prior = "plausible",
  links = { ["host.calendar-no-backup-configured"] = "nearly always", ["host.calendar-backup-notices"] = "often", ["host.calendar-no-backups"] = "usually" },
  urgency = "watch", if_nothing = "the first damage costs data",
  remedies = { { "calendar.configure-backup", "nearly always" } },
  cites = "domain/calendar-db CAL-21",
}

cause "calendar.components-out-of-step" {
  title   = "Calendars and their entries contradict one another",
  summary = "The files are good, their contents do not fit: events without a calendar, or calendars that nothing knows",
  scope = "host", where = has_complaints, prior = "plausible",
  links = { ["host.calendar-check-complains"] = "nearly always", ["host.csdb-files-good"] = "nearly always" },
  urgency = "act", if_nothing = "some events are never shown",
  remedies = { { "calendar.rebuild", "usually" } },
  cites = "domain/calendar-db CAL-17, S3",
}

cause "calendar.rebuild-resurrected" {
  title   = "A rebuild from several copies brought deleted entries back",
  summary = "That is its price: what was deleted between the copies is in the older ones. Nothing is damaged",
  scope = "host", where = here, prior = "uncommon",
  links = { ["host.calendar-deleted-came-back"] = "nearly always", ["host.calendar-rebuilt-from-several"] = "usually" },
  urgency = "watch", if_nothing = "users delete them again, one by one",
  remedies = { { "calendar.purge-resurrected", "often" } },
  cites = "domain/calendar-db CAL-33",
}

cause "calendar.restore-unchecked" {
  title   = "The database was recovered, but nobody checked the result",
  summary = "A recovery that ends without an error proves nothing: files must be verified, entries listed and counted",
  scope = "host", where = was_recovered, prior = "plausible",
  links = { ["host.csdb-was-recovered"] = "nearly always", ["host.csdb-recovery-unchecked"] = "nearly always",
            ["host.calendar-fewer-events-than-snapshot"] = "sometimes" },
  urgency = "act", if_nothing = "the server may run on a damaged or incomplete database",
  remedies = { { "calendar.verify-copy", "usually" } },
  since = function(h) return h.cal_recovered end,
  cites = "domain/calendar-db CAL-34",
}
