-- Damage of a file of csdb: what its bytes, db_verify and the library's messages say of it. Messages and tools that name no file are
-- those of the instance "csdb".

-- The leak of a finding that names its cause by itself: a message of the library, or bytes that cannot be so.
local says_itself = thresholds.says_itself

local function here(d) return csdb.of_csdb(d) and calendar.has_csdb(d) end
local function plain(d) return here(d) and csdb.is_plain(d) end

-- Of a file whose first page is none, or that is empty or not there, nobody knows what its pages should be.
local function readable(d)
  return plain(d) and value(d, "meta_ok", true) and not value(d, "empty", false) and not value(d, "missing", false)
end

local function verify_finds(class)
  return function(d) return d.verify_classes:count(class) > 0 end
end

local function message(class)
  return function(d) return d.messages:count(class) > 0 end
end

local function file(d) return d.name == "csdb" and "a file of csdb" or text(d.name) end

---------------------------------------------------------------- findings: pages

finding "database.bad-pages" {
  title = "pages of the file are garbage",
  scope = "database", group = "file-pages", leak = says_itself, where = readable,
  test  = function(d)
    return any { function() return d.pages_bad > 0 end, function() return d.checksum_bad > 0 end }
  end,
  says  = function(d) return num(value(d, "pages_bad", 0) + value(d, "checksum_bad", 0)) .. " pages of " .. file(d) .. " cannot be pages of it" end,
  cites = "domain/calendar-db 4.3: the cheap probe; CAL-02",
}

finding "database.page-messages" {
  title = "the library complains of a page of this file",
  scope = "database", group = "server-logs-page", leak = says_itself, where = plain,
  test  = message "page_damage",
  says  = function(d)
    local n = d.messages:count("page_damage")
    return num(n) .. (n == 1 and " message of the library says" or " messages of the library say") .. " that a page of " .. file(d) .. " is garbage"
  end,
  cites = "domain/calendar-db 3.1: illegal page type or format; checksum error",
}

finding "database.tree-messages" {
  title = "the library complains of the order of keys or pages in this file",
  scope = "database", group = "server-logs-tree", leak = says_itself, where = plain,
  test  = message "tree_logic",
  says  = function(d) return "messages say that keys or pages of " .. file(d) .. " are out of order" end,
  cites = "domain/calendar-db 3.2: tree_logic",
}

finding "database.verify-fails" {
  title = "db_verify of this file, or of its copy, fails",
  scope = "database", group = "tools-verify", leak = says_itself, where = plain,
  test  = function(d) return d.verify == "failed" end,
  says  = function(d) return "db_verify says that " .. file(d) .. " is not good" end,
  cites = "domain/calendar-db 3.1: DB_VERIFY_BAD",
}

finding "database.verify-finds-bad-pages" {
  title = "db_verify finds bad pages in this file",
  scope = "database", group = "tools-verify-page", leak = says_itself, where = plain,
  test  = function(d) return verify_finds("page_damage")(d) or verify_finds("tree_logic")(d) end,
  says  = "db_verify finds pages of a wrong number or type, or keys out of order",
  cites = "domain/calendar-db 3.1: bad page number, bad page type",
}

---------------------------------------------------------------- findings: the first page

finding "database.meta-bad" {
  title = "the file is missing, empty, or its first page no meta page",
  scope = "database", group = "file-meta", leak = says_itself, where = plain,
  test  = function(d)
    return known(d, "missing") and d.missing or known(d, "empty") and d.empty or not d.meta_ok
  end,
  says  = function(d)
    if value(d, "missing", false) then return file(d) .. " is not there" end
    return value(d, "empty", false) and file(d) .. " is empty" or "the first page of " .. file(d) .. " is no meta page of Berkeley DB"
  end,
  cites = "domain/calendar-db 4.3: magic number at offset 12; CAL-03",
}

finding "database.meta-messages" {
  title = "the library does not know the format of this file",
  scope = "database", group = "server-logs-meta", leak = says_itself, where = function(d) return plain(d) and not (known(d, "missing") and d.missing) end,
  test  = message "meta_damage",
  says  = function(d) return "messages say of " .. file(d) .. ": unexpected file type or format" end,
  cites = "domain/calendar-db 3.1: fop_read_meta, __db_meta_setup",
}

finding "database.verify-finds-bad-meta" {
  title = "db_verify does not find a meta page in this file",
  scope = "database", group = "tools-verify-meta", leak = says_itself, where = plain,
  test  = verify_finds "meta_damage",
  says  = "db_verify finds no meta page: bad magic number",
  cites = "domain/calendar-db 3.1: Page 0: bad magic number 0",
}

---------------------------------------------------------------- findings: the size

finding "database.size-odd" {
  title = "the size of the file is no multiple of its page size",
  scope = "database", group = "file-size", leak = says_itself, where = readable,
  test  = function(d) return not d.multiple_ok end,
  says  = function(d) return "the size of " .. file(d) .. " is no multiple of its page size" end,
  cites = "domain/calendar-db 4.3: file length must be a multiple of the page size",
}

finding "database.shorter-than-its-pages" {
  title = "the file ends before its last page",
  scope = "database", group = "file-last-page", leak = says_itself, where = readable,
  test  = function(d) return not d.last_page_ok end,
  says  = function(d) return "the size of " .. file(d) .. " does not agree with the last page number of its first page" end,
  cites = "domain/calendar-db 4.3: last page number at offset 32",
}

finding "database.size-messages" {
  title = "the library complains of the size of this file",
  scope = "database", group = "server-logs-size", leak = says_itself, where = plain,
  test  = message "truncated",
  says  = function(d) return "messages say that " .. file(d) .. " ends too early" end,
  cites = "domain/calendar-db 3.2: truncated",
}

finding "database.verify-finds-wrong-size" {
  title = "db_verify says that the size of this file is wrong",
  scope = "database", group = "tools-verify-size", leak = says_itself, where = plain,
  test  = verify_finds "truncated",
  says  = "db_verify says: file size not a multiple of the pagesize, or last_pgno is not correct",
  cites = "domain/calendar-db 3.1",
}

---------------------------------------------------------------- findings: holes

finding "database.zeroed-pages" {
  title = "pages within the file are zeroed",
  scope = "database", group = "file-zeroed", leak = says_itself, where = readable,
  test  = function(d) return d.pages_zeroed > 0 end,
  says  = function(d) return num(d.pages_zeroed) .. " pages of " .. file(d) .. " that the tree needs hold nothing but zeros" end,
  cites = "domain/calendar-db CAL-05: lost write",
}

finding "database.verify-finds-zeroed-pages" {
  title = "db_verify finds zeroed pages in this file",
  scope = "database", group = "tools-verify-zeroed", leak = says_itself, where = plain,
  test  = verify_finds "page_zeroed",
  says  = "db_verify finds pages of zeros only",
  cites = "domain/calendar-db 3.1: totally zeroed page",
}

finding "database.is-quiet" {
  title = "no message of the library complains of this file",
  scope = "database", group = "server-logs-quiet", leak = "often", where = plain,
  test  = function(d)
    if known(d, "messages") and d.messages.total > 0 then return false end
    return not csdb.has(d, "page_damage", "meta_damage", "truncated", "tree_logic", "page_zeroed")
  end,
  says  = function(d) return "no message of the library complains of " .. file(d) end,
  cites = "domain/calendar-db CAL-05: no error in the logs",
}

finding "database.events-of-a-range-are-missed" {
  title = "users miss events of a range of dates or calendars",
  scope = "database", group = "people-missing", leak = "rarely",
  where = function(d) return here(d) and csdb.primary[d.name] == true end,
  test  = function(d) return d.host.cal_events_missing == "from-a-date" end,
  says  = "users miss events of a range of dates or calendars",
  cites = "domain/calendar-db CAL-05: reads stop early with not found",
}

---------------------------------------------------------------- findings: files with a role of their own

local function only(name)
  return function(d) return here(d) and d.name == name end
end

local alarms, recurring, deletelog = only "ics50alarms.db", only "ics50recurring.db", only "ics50deletelog.db"

local function lost_series(d)
  local now, before = d.host.cal_rebuild_counts:count("recurring"), d.host.cal_snapshot_counts:count("recurring")
  return d.host.cal_rebuild_counts:count("events") > 0 and before > 0 and now < thresholds.counts_far_below * before
end

-- What these files can have without being damaged: then it is not asked whether they are.
local function has_another_sign(d)
  if d.name == "ics50deletelog.db" then return known(d, "share") and d.share > thresholds.most end
  return d.name == "ics50recurring.db" and known(d.host, "cal_rebuild_counts", "cal_snapshot_counts") and lost_series(d)
end

local function may_be_damaged(d)
  return here(d) and csdb.special[d.name] == true and (csdb.damage(d) or not has_another_sign(d))
end

local function is_not_damaged(name)
  return function(d) return here(d) and d.name == name and not csdb.damage(d) end
end

finding "database.is-damaged" {
  title = "the bytes of this file, or messages that name it, tell of damage",
  scope = "database", group = "file-damage", leak = says_itself, where = may_be_damaged,
  test  = function(d)
    return any { function() return csdb.has_bad_bytes(d) end, function() return csdb.has_bad_messages(d) end }
  end,
  says  = function(d) return "the bytes of " .. file(d) .. ", or messages that name it, tell of damage" end,
  cites = "domain/calendar-db 4.3: the cheap probe; 3.1",
}

finding "database.verify-finds-damage" {
  title = "db_verify does not call this file good",
  scope = "database", group = "tools-verify", leak = says_itself, where = may_be_damaged,
  test  = function(d) return d.verify == "failed" end,
  says  = function(d) return "db_verify says that " .. file(d) .. " is not good" end,
  cites = "domain/calendar-db CAL-16, CAL-19: verify bad only there",
}

finding "database.other-files-are-good" {
  title = "the other files that were looked into are good",
  scope = "database", group = "tools-others", leak = "often", where = alarms,
  test  = function(d)
    local bad, seen = csdb.survey(d.host)
    for _, name in ipairs(bad) do
      if name ~= d.name then return false end
    end
    if seen < 2 then return d.host:database("ics50events.db").verify == "ok" end
    return true
  end,
  says  = "the other files that were looked into are good",
  cites = "domain/calendar-db CAL-16, CAL-19: verify bad only there",
}

finding "database.reminders-missed" {
  title = "reminders do not come",
  scope = "database", group = "people-reminders", leak = "rarely", where = alarms,
  test  = function(d) return d.host.cal_reminders_missing end,
  says  = "reminders of events do not come",
  cites = "domain/calendar-db CAL-16",
}

finding "database.fewer-series-than-before" {
  title = "a rebuild found far fewer recurring entries than a snapshot holds",
  scope = "database", group = "tools-counts", leak = says_itself, where = is_not_damaged "ics50recurring.db",
  test  = lost_series,
  says  = function(d)
    return num(d.host.cal_rebuild_counts:count("recurring")) .. " recurring entries were scanned where a snapshot holds "
             .. num(d.host.cal_snapshot_counts:count("recurring"))
  end,
  cites = "domain/calendar-db CAL-18",
}

finding "database.outgrows-the-others" {
  title = "the delete log is larger than all other files together",
  scope = "database", group = "file-share", leak = says_itself, where = is_not_damaged "ics50deletelog.db",
  test  = function(d) return d.share > thresholds.most end,
  says  = function(d) return "the delete log makes " .. pct(d.share) .. " of the bytes of all files" end,
  cites = "domain/calendar-db CAL-19",
}

finding "database.fewer-keys-than-its-dump" {
  title = "the loaded file has far fewer keys than its dump has pairs",
  scope = "database", group = "tools-counts", leak = says_itself, where = here,
  test  = function(d) return d.dump_pairs > 0 and d.keys < thresholds.counts_far_below * d.dump_pairs end,
  says  = function(d) return file(d) .. " has " .. num(d.keys) .. " keys, its dump " .. num(d.dump_pairs) .. " pairs" end,
  cites = "domain/calendar-db 4.3: 2,983 keys became 3",
}

finding "database.old-format" {
  title = "the file is of the format of an older release",
  scope = "database", group = "file-format", leak = says_itself, where = here,
  test  = function(d)
    return any { function() return d.is_old_format end, function() return d.messages:count("old_format") > 0 end }
  end,
  says  = function(d) return file(d) .. " is of the format of an older release" end,
  cites = "domain/calendar-db CAL-27: DB_OLD_VERSION",
}

---------------------------------------------------------------- causes

local act = "act"

local recoveries = {
  { "calendar.read-only", "sometimes" }, { "calendar.restore-hot-backup", "usually" }, { "calendar.restore-archive", "often" },
  { "calendar.salvage", "sometimes" }, { "calendar.rebuild", "rarely" }, { "calendar.restart-clean", "rarely" },
}

-- What a panicked or refused file does to the rest; told with it, not beside it.
local consequences = { ["calendar.panic-data-intact"] = "usually", ["calendar.snapshot-verify-failed"] = "usually", ["calendar.csstored-down"] = "sometimes",
                       ["calendar.partial-start"] = "sometimes", ["calendar.read-only-left-on"] = "sometimes", ["calendar.components-out-of-step"] = "often" }

-- Old backups, or none, make every damage worse.
local function if_nothing(d)
  local age = value(d.host, "cal_backup_newest", 0)
  local tail = age > thresholds.backup_stale_s and "; the newest backup is " .. dur(age) .. " old already" or ""
  return "what is on the bad pages stays lost, and each change made from now on is harder to bring into a restored database" .. tail
end

cause "calendar.page-corrupt" {
  title   = "A database file of the calendar has garbage pages",
  summary = function(d) return "Pages of " .. file(d) .. " are damaged. Recovery repairs transactions, not pages: a backup is needed, else what is left is salvaged" end,
  scope = "database", where = plain, prior = "common",
  links = { ["database.bad-pages"] = "usually", ["database.page-messages"] = "often", ["database.verify-fails"] = "nearly always",
            ["database.verify-finds-bad-pages"] = "usually", ["database.tree-messages"] = "sometimes" },
  brings = consequences,
  urgency = act, if_nothing = if_nothing, remedies = recoveries,
  merge = function(d) return "csdb" end,
  since = function(d) return d.host.cal_first_cause_at end,
  cites = "domain/calendar-db CAL-02, S4",
}

cause "calendar.metadata-corrupt" {
  title   = "A database file of the calendar cannot be read at all",
  summary = function(d) return "The first page of " .. file(d) .. " is destroyed, or the file is empty: the service is down until it is restored" end,
  scope = "database", where = plain, prior = "common",
  links = { ["database.meta-bad"] = "nearly always", ["database.meta-messages"] = "often", ["database.verify-fails"] = "nearly always",
            ["database.verify-finds-bad-meta"] = "usually", ["database.verify-finds-bad-pages"] = "often", ["database.page-messages"] = "rarely",
            ["database.bad-pages"] = "often", ["database.size-odd"] = "sometimes", ["database.shorter-than-its-pages"] = "sometimes" },
  brings = consequences,
  urgency = act, if_nothing = "no daemon can open the database", remedies = recoveries,
  merge = function(d) return "csdb" end,
  since = function(d) return d.host.cal_first_cause_at end,
  cites = "domain/calendar-db CAL-03, S5",
}

cause "calendar.file-truncated" {
  title   = "A database file of the calendar is cut off",
  summary = function(d) return file(d) .. " ends before its last page, as after a file system check, a full disk or a copy that was interrupted" end,
  scope = "database", where = plain, prior = "plausible",
  links = { ["database.size-odd"] = "often", ["database.shorter-than-its-pages"] = "usually", ["database.size-messages"] = "often",
            ["database.verify-finds-wrong-size"] = "usually", ["database.verify-fails"] = "nearly always",
            ["database.verify-finds-bad-pages"] = "often", ["database.bad-pages"] = "sometimes", ["database.page-messages"] = "rarely" },
  brings = consequences,
  urgency = act, if_nothing = if_nothing, remedies = recoveries,
  merge = function(d) return "csdb" end,
  since = function(d) return d.host.cal_first_cause_at end,
  cites = "domain/calendar-db CAL-04, S4",
}

cause "calendar.silent-hole" {
  title   = "A page of the calendar's database is missing without a word",
  summary = function(d)
    return "A page of " .. file(d) .. " holds nothing but zeros: reads end there with `not found`, writes go on, and no log complains"
  end,
  scope = "database", where = plain, prior = "plausible",
  links = { ["database.zeroed-pages"] = "nearly always", ["database.verify-finds-zeroed-pages"] = "usually", ["database.verify-fails"] = "nearly always",
            ["database.verify-finds-bad-pages"] = "often", ["database.is-quiet"] = "usually", ["database.bad-pages"] = "rarely",
            ["database.events-of-a-range-are-missed"] = "usually" },
  brings = consequences,
  urgency = act, if_nothing = if_nothing, remedies = recoveries,
  merge = function(d) return "csdb" end,
  cites = "domain/calendar-db CAL-05, S4",
}

cause "calendar.alarm-database-corrupt" {
  title   = "The database of alarms is damaged",
  summary = "Only reminders are in it, and they can be made again from events and tasks",
  scope = "database", where = alarms, prior = "common",
  links = { ["database.is-damaged"] = "nearly always", ["database.verify-finds-damage"] = "nearly always", ["database.other-files-are-good"] = "often", ["database.reminders-missed"] = "often" },
  brings = { ["calendar.panic-data-intact"] = "usually", ["calendar.snapshot-verify-failed"] = "usually", ["calendar.alarm-poison-entry"] = "often" },
  urgency = act, if_nothing = "reminders do not come; csadmind may fail at them",
  remedies = { { "calendar.rebuild-alarms", "nearly always" }, { "calendar.restore-hot-backup", "often" } },
  cites = "domain/calendar-db CAL-16; section 5, decision 9",
}

cause "calendar.recurring-chain-broken" {
  title   = "Recurring events have lost their masters",
  summary = "The file of recurring events is damaged, or far smaller than it was: instances without a master are left",
  scope = "database", where = recurring, prior = "common",
  links = { ["database.is-damaged"] = "nearly always", ["database.verify-finds-damage"] = "nearly always", ["database.fewer-series-than-before"] = "nearly always" },
  brings = consequences,
  urgency = act, if_nothing = "series of events stay incomplete, and each change makes a restore harder",
  remedies = { { "calendar.read-only", "sometimes" }, { "calendar.restore-hot-backup", "usually" }, { "calendar.restore-archive", "often" },
               { "calendar.rebuild", "sometimes" }, { "calendar.import-series", "rarely" } },
  cites = "domain/calendar-db CAL-18",
}

cause "calendar.deletelog-bloated" {
  title   = "The delete log has grown beyond all measure, or is damaged",
  summary = "It only tells devices that synchronize what was deleted; events and tasks are not touched",
  scope = "database", where = deletelog, prior = "common",
  links = { ["database.outgrows-the-others"] = "nearly always", ["database.is-damaged"] = "nearly always", ["database.verify-finds-damage"] = "nearly always" },
  brings = { ["calendar.panic-data-intact"] = "often", ["calendar.snapshot-verify-failed"] = "often" },
  urgency = function(d) return csdb.damage(d) and "act" or "watch" end, usual_urgency = "watch",
  if_nothing = "devices that synchronize see deleted entries again; the database grows",
  remedies = { { "calendar.purge-deletelog", "usually" }, { "calendar.rebuild", "often" } },
  cites = "domain/calendar-db CAL-19",
}

cause "calendar.salvage-scrambled" {
  title   = "A salvaged file was loaded with keys and data mixed up",
  summary = function(d) return "A line was missing in the dump of " .. file(d) .. ": from there on keys and data have changed places, and db_load said nothing" end,
  scope = "database", where = here, prior = "plausible",
  links = { ["database.fewer-keys-than-its-dump"] = "nearly always" },
  urgency = act, if_nothing = "the file verifies and holds nonsense",
  remedies = { { "calendar.reload-dump", "usually" } },
  cites = "domain/calendar-db CAL-36",
}

cause "calendar.old-release-data" {
  title   = "The database is of an older release",
  summary = "The files have the format of an earlier version; they must be migrated, which no rebuild does",
  scope = "database", where = here, prior = "plausible",
  links = { ["database.old-format"] = "nearly always" },
  brings = { ["calendar.library-mismatch"] = "often", ["calendar.partial-start"] = "often" },
  urgency = act, if_nothing = "the server does not start with them",
  remedies = { { "calendar.migrate-data", "usually" }, { "calendar.rebuild", "rarely" } },
  merge = function(d) return "csdb" end,
  cites = "domain/calendar-db CAL-27",
}
