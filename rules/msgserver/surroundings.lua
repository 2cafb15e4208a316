-- What the MTA leans on: the directory, filters, disks, the machine itself.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

---------------------------------------------------------------- findings: the directory

finding "host.directory-unreachable" {
  title = "log lines say that the directory cannot be contacted",
  scope = "host", group = "directory-lines", leak = says_itself,
  test  = function(h) return h.ldap_unreachable >= 2 end,
  says  = function(h) return num(h.ldap_unreachable) .. " lines say that the directory cannot be contacted" end,
  cites = "domain/msgserver-logs, row 158",
}

finding "host.directory-times-out" {
  title = "look-ups in the directory time out or find it busy",
  scope = "host", group = "directory-lines", leak = "rarely",
  test  = function(h) return h.ldap_timeouts >= thresholds.few_attempts end,
  says  = function(h) return num(h.ldap_timeouts) .. " look-ups in the directory timed out or found it busy" end,
  cites = "domain/msgserver-logs, row 159",
}

finding "host.lookup-failures-at-the-door" {
  title = "messages were put off with a look-up failure of our own",
  scope = "host", group = "attempt-texts", leak = says_itself,
  test  = function(h) return h.refused:count("ldap") + h.failures:count("ldap") >= thresholds.few_attempts end,
  says  = function(h)
    return num(h.refused:count("ldap") + h.failures:count("ldap")) .. " messages were put off with a temporary look-up failure of our own"
  end,
  cites = "field case F5",
}

finding "host.reprocess-fills" {
  scope = "host", group = "generations", leak = "rarely",
  test  = function(h)
    for ch in h:each("channel") do
      if known(ch, "kind", "files", "held") and ch.kind == "process" and backlog.has(ch) then return true end
    end
    return false
  end,
  says  = "the reprocessing channels fill",
  cites = "field case F5",
}

finding "host.pauses-of-three-minutes" {
  title = "work pauses for about three minutes again and again",
  scope = "host", group = "log-pauses", leak = "rarely",
  test  = function(h) return h.ldap_pause_s >= thresholds.failover_low_s and h.ldap_pause_s <= thresholds.failover_high_s end,
  says  = function(h) return "work pauses for about " .. dur(h.ldap_pause_s) .. " again and again: the connect time-out of the system" end,
  cites = "field case G1",
}

finding "host.two-directory-hosts" {
  scope = "host", group = "configuration", leak = "often",
  test  = function(h) return h.ldap_hosts >= 2 and not value(h, "ldap_connect_timeout_set", false) end,
  says  = "two directory hosts are configured and no connect time-out is set",
  cites = "field case G1",
}

---------------------------------------------------------------- findings: filters

finding "host.filter-fails" {
  title = "messages met a filter or scanner that failed",
  scope = "host", group = "attempt-texts", leak = says_itself,
  test  = function(h) return h.refused:count("filter") + h.failures:count("filter") >= thresholds.few_attempts end,
  says  = function(h) return num(h.refused:count("filter") + h.failures:count("filter")) .. " messages met a filter or scanner that failed" end,
  cites = "domain/msgserver-logs 5.6",
}

finding "host.filter-logs-errors" {
  title = "server log lines speak of a filter or scanner that failed",
  scope = "host", group = "server-logs", leak = "rarely",
  test  = function(h) return h.filter_lines >= thresholds.few_attempts end,
  says  = function(h) return num(h.filter_lines) .. " server log lines speak of a filter or scanner that failed" end,
  cites = "domain/msgserver-logs, row 169",
}

---------------------------------------------------------------- findings: disks

finding "host.queue-disk-full" {
  title = "the queue's file system is full",
  scope = "host", group = "disk", leak = says_itself,
  test  = function(h)
    return any { function() return h.queue_fs_used_pct >= thresholds.disk_full_pct end, function() return h.queue_fs_inodes_pct >= thresholds.disk_full_pct end }
  end,
  says  = function(h)
    if value(h, "queue_fs_used_pct", 0) >= thresholds.disk_full_pct then
      return "the queue's file system is " .. num(h.queue_fs_used_pct) .. " % full"
    end
    return num(h.queue_fs_inodes_pct) .. " % of the inodes of the queue's file system are used"
  end,
  cites = "field case G5",
}

finding "host.no-space-at-the-door" {
  title = "messages were refused at our door for lack of space",
  scope = "host", group = "attempt-texts", leak = says_itself,
  test  = function(h) return h.refused:count("disk-full") >= thresholds.few_attempts end,
  says  = function(h) return num(h.refused:count("disk-full")) .. " messages were refused at our door for lack of space (452 4.3.1)" end,
  cites = "field case G5: SMTP 452",
}

finding "host.no-space-in-logs" {
  title = "server log lines say that no space is left",
  scope = "host", group = "server-logs", leak = "rarely",
  test  = function(h) return h.disk_full_lines > 0 end,
  says  = function(h) return num(h.disk_full_lines) .. " server log lines say that no space is left" end,
  cites = "domain/msgserver-logs 2.3",
}

finding "host.log-disk-tight" {
  title = "the file system of the logs is nearly full",
  scope = "host", group = "disk", leak = "rarely",
  test  = function(h) return h.log_fs_used_pct >= thresholds.disk_tight_pct end,
  says  = function(h) return "the file system of the logs is " .. num(h.log_fs_used_pct) .. " % full" end,
  cites = "catalogue of diagnoses: disk.log-growth",
}

finding "host.logs-are-huge" {
  title = "the transaction logs are huge",
  scope = "host", group = "log-size", leak = "rarely",
  test  = function(h) return h.log_bytes >= thresholds.log_huge_bytes end,
  says  = function(h) return "the transaction logs take " .. num(h.log_bytes / thresholds.mebibyte) .. " MiB; the cumulative mail.log is never trimmed by the MTA" end,
  cites = "domain/msgserver-logs 0: mail.log can eat the disk",
}

finding "host.spool-leftovers" {
  title = "left-over files lie below spool folders",
  scope = "host", group = "generations", leak = says_itself,
  test  = function(h) return h.spool_leftovers >= thresholds.few_attempts end,
  says  = function(h) return num(h.spool_leftovers) .. " left-over files lie below spool folders" end,
  cites = "field case G3",
}

finding "host.spool-takes-the-room" {
  title = "left-over spool files take much room",
  scope = "host", group = "spool", leak = says_itself,
  test  = function(h)
    return h.spool_leftovers >= thresholds.few_attempts and any {
      function() return h.spool_leftover_bytes >= thresholds.spool_huge_bytes end, function() return h.spool_leftover_bytes > h.queue_fs_avail end,
    }
  end,
  says  = function(h) return "they take " .. num(h.spool_leftover_bytes / thresholds.mebibyte) .. " MiB of the queue's file system" end,
  cites = "field case G3",
}

finding "host.queue-disk-tight-counts-low" {
  scope = "host", group = "disk", leak = "rarely",
  test  = function(h) return h.queue_fs_used_pct >= thresholds.disk_tight_pct and h.queue_files < thresholds.big_backlog_files end,
  says  = "the queue's file system fills although few messages are queued",
  cites = "field case G3",
}

---------------------------------------------------------------- findings: the machine

finding "host.load-high" {
  title = "the load is high and has been for a while",
  scope = "host", group = "load", leak = "rarely",
  test  = function(h)
    local load = math.min(h.load1, h.load15)
    if load <= thresholds.load_per_cpu then return false end     -- not even for one processor
    if not known(h, "cpus") and load > thresholds.load_unmistakable then return true end
    return load > thresholds.load_per_cpu * h.cpus
  end,
  says  = function(h)
    return "the load is " .. num(h.load1) .. " (" .. num(h.load15) .. " over fifteen minutes)"
      .. (known(h, "cpus") and ", for " .. num(h.cpus) .. (h.cpus == 1 and " processor" or " processors") or "")
  end,
  cites = "seed, part I: high system loads",
}

finding "host.processes-flat-out" {
  title = "processes of the product run flat out",
  scope = "host", group = "processes", leak = "rarely",
  test  = function(h) return h.busy_processes >= thresholds.several_mailboxes end,
  says  = function(h) return num(h.busy_processes) .. " processes of the product run flat out" end,
  cites = "seed, part I: processes running flat out",
}

finding "host.all-channels-slow" {
  scope = "host", group = "log-rates", leak = "rarely",
  test  = function(h)
    local n, slow = 0, 0
    for ch in h:each("channel") do
      if known(ch, "untried", "delivered_1h", "deliveries_usual_1h") and ch.deliveries_usual_1h >= thresholds.sample_attempts then
        n = n + 1
        if backlog.untried(ch) and ch.delivered_1h > 0 and ch.delivered_1h < ch.deliveries_usual_1h then slow = slow + 1 end
      end
    end
    return n >= 2 and slow >= 2
  end,
  says  = "several channels deliver less than usual while untried mail waits",
  cites = "catalogue of diagnoses: performance.saturated",
}

---------------------------------------------------------------- causes

local waiting_links = { ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.growing"] = "usually" }
local function with_waiting(links)
  for id, word in pairs(waiting_links) do links[id] = word end
  return links
end

cause "ldap.unreachable" {
  title   = "The directory cannot be reached",
  summary = "Look-ups fail: mail is put off at the door and reprocess fills; users cannot log in either",
  scope = "host", prior = "plausible",
  links = with_waiting { ["host.directory-unreachable"] = "nearly always", ["host.lookup-failures-at-the-door"] = "usually", ["host.reprocess-fills"] = "often",
            ["host.directory-times-out"] = "sometimes", ["host.nothing-arrives"] = "sometimes", ["host.initialization-fails"] = "sometimes",
            ["channel.master-fails-to-start"] = "sometimes", ["channel.directory-slow-there"] = "often",
            ["host.others-suffer-too"] = "usually", ["host.logins-fail"] = "nearly always", ["database.logins-fail"] = "nearly always" },
  brings = { ["list.expansion-slow"] = "often" },
  urgency = "act", if_nothing = "mail waits at the senders and in reprocess",
  remedies = { { "ldap.fix", "usually" } },
  messages = function(h) return h.refused:count("ldap") + h.failures:count("ldap") end, cites = "field case F5",
}

cause "ldap.slow" {
  title   = "The directory answers slowly",
  summary = "Look-ups time out or take seconds: submission is slow, lists and reprocess pile up",
  scope = "host", prior = "uncommon",
  links = with_waiting { ["host.directory-times-out"] = "nearly always", ["host.lookup-failures-at-the-door"] = "often", ["host.reprocess-fills"] = "usually",
            ["channel.directory-slow-there"] = "nearly always", ["channel.list-waits-for-hours"] = "often",
            ["host.others-suffer-too"] = "usually", ["host.logins-fail"] = "sometimes" },
  never = { "host.directory-unreachable" },
  brings = { ["list.expansion-slow"] = "often" },
  urgency = "act", if_nothing = "mail to lists is late",
  remedies = { { "ldap.fix", "usually" } },
  cites = "seed, part I: slow directory response; field case F5",
}

cause "ldap.failover-slow" {
  title   = "The first directory host is gone, and each try waits for it",
  summary = "Work pauses for the system's connect time-out, then goes on with the second directory host",
  scope = "host", prior = "rare",
  links = { ["host.pauses-of-three-minutes"] = "nearly always", ["host.two-directory-hosts"] = "nearly always", ["host.directory-unreachable"] = "usually",
            ["host.directory-times-out"] = "often", ["host.lookup-failures-at-the-door"] = "often", ["channel.directory-slow-there"] = "often",
            ["host.others-suffer-too"] = "often", ["host.logins-fail"] = "sometimes" },
  urgency = "act", if_nothing = "everything pauses for minutes again and again",
  remedies = { { "ldap.shorten-timeout", "usually" }, { "ldap.fix", "often" } },
  cites = "field case G1",
}

cause "spamfilter.unresponsive" {
  title   = "A filter or scanner does not answer",
  summary = "Mail waits at the filter, or is put off at the door",
  scope = "host", prior = "plausible",
  links = with_waiting { ["host.filter-fails"] = "nearly always", ["host.filter-logs-errors"] = "usually", ["host.reprocess-fills"] = "often",
            ["channel.works-at-its-limit"] = "often", ["channel.failures-are-local"] = "often" },
  brings = { ["channel.single-threaded"] = "often" },
  urgency = "act", if_nothing = "all mail that passes the filter is late",
  remedies = { { "filter.restart", "usually" } },
  messages = function(h) return h.refused:count("filter") + h.failures:count("filter") end, cites = "field case H9",
}

cause "disk.queue-full" {
  title   = "The file system of the queue is full",
  summary = "New mail is refused at the door, and deliveries fail where a queue file must be rewritten",
  scope = "host", prior = "plausible",
  links = with_waiting { ["host.queue-disk-full"] = "nearly always", ["host.no-space-at-the-door"] = "usually", ["host.no-space-in-logs"] = "often",
            ["host.nothing-arrives"] = "often", ["host.queue-disk-tight-counts-low"] = "often", ["host.log-disk-tight"] = "sometimes",
            ["host.nothing-tried"] = "sometimes",
            ["channel.mostly-retried"] = "sometimes", ["channel.overdue"] = "sometimes", ["channel.nothing-tried"] = "sometimes",
            ["partition.locked"] = "often", ["partition.full"] = "sometimes" },
  urgency = "act", if_nothing = "no mail is accepted until there is room",
  remedies = { { "disk.free-space", "nearly always" } },
  messages = function(h) return h.refused:count("disk-full") end, cites = "field case G5",
}

cause "disk.log-growth" {
  title   = "Logs fill their file system",
  summary = "The cumulative mail.log is never trimmed by the MTA and fills the disk",
  scope = "host", prior = "plausible",
  links = { ["host.log-disk-tight"] = "nearly always", ["host.logs-are-huge"] = "usually", ["host.no-space-in-logs"] = "sometimes",
            ["partition.locked"] = "sometimes" },
  urgency = "watch", if_nothing = "the disk is full one day; then mail is refused",
  remedies = { { "logging.rotate", "usually" }, { "disk.free-space", "often" } },
  cites = "domain/msgserver-logs 0; catalogue of diagnoses",
}

cause "disk.spool-leftovers" {
  title   = "Left-over spool files eat the queue's disk",
  summary = "Failed message data was kept below the spool folders and is never removed",
  scope = "host", prior = "rare",
  links = { ["host.spool-leftovers"] = "nearly always", ["host.spool-takes-the-room"] = "usually", ["host.queue-disk-tight-counts-low"] = "usually",
            ["host.queue-disk-full"] = "sometimes" },
  urgency = "watch", if_nothing = "the disk is full one day",
  remedies = { { "disk.free-space", "usually" } },
  cites = "field case G3",
}

cause "performance.saturated" {
  title   = "The machine cannot keep up",
  summary = "High load and processes that run flat out; all channels are slow",
  scope = "host", prior = "plausible",
  links = with_waiting { ["host.incoming-waits"] = "sometimes", ["host.load-high"] = "nearly always",
            ["host.processes-flat-out"] = "often", -- or they wait for the disks
            ["host.all-channels-slow"] = "usually",
            ["host.slow-store-deliveries"] = "often" },
  urgency = "act", if_nothing = "mail is late while the load lasts",
  remedies = { { "performance.investigate", "usually" } },
  messages = function(h) return h.queue_untried end, cites = "seed, part I: Performance problems",
}

---------------------------------------------------------------- remedies

remedy "ldap.fix" {
  title = "Bring the directory back, or make it fast",
  steps = function(x)
    local prefix = change.is_unified(x) and "base." or "local."
    return {
      { "Ask it from this host and see how long it takes; <ldaphost> and <base> are the values of " .. prefix .. "ugldaphost and " .. prefix .. "ugldapbasedn", "time ldapsearch -h <ldaphost> -b <base> uid=postmaster mail" },
      "Refused: start the directory server or correct its host and port in the configuration. Slow: look at its load, its indexes and at lists that ask broad questions",
      "Name two directory hosts in " .. prefix .. "ugldaphost",
    }
  end,
  needs = "the directory's administrator", risk = "low", restart = "none of the mail server", undo = "nothing to undo",
  verify = "the search takes milliseconds; reprocess empties by itself", reference = "field case F5", minutes = 30, risk_minutes = 2, cites = "field case F5",
}

remedy "ldap.shorten-timeout" {
  title = "Do not wait minutes for a dead directory host",
  steps = function(x)
    if value(x.host, "is_unified", false) then
      return { { "Wait seconds for a connection", "msconfig set base.ldapconnecttimeout 5" }, { "Look for the first host again only later", "msconfig set base.ldappoolrefreshinterval 15" },
               "Take the dead host out of base.ugldaphost until it is back",
               { "Restart the SMTP servers; other programs read it at their next start", command("imsimta restart dispatcher") } }
    end
    return { { "Wait seconds for a connection", "configutil -o local.ldapconnecttimeout -v 5" }, { "Look for the first host again only later", "configutil -o local.ldappoolrefreshinterval -v 15" },
             "Take the dead host out of local.ugldaphost until it is back",
             { "Restart the SMTP servers; other programs read it at their next start", command("imsimta restart dispatcher") } }
  end,
  needs = "root or the mail user", risk = "low", restart = "imsimta restart dispatcher", undo = "set the old values again",
  verify = "the pauses of three minutes are gone", reference = "field case G1", minutes = 10, risk_minutes = 2, cites = "field case G1",
}

remedy "filter.restart" {
  title = "Restart the filter, or go back to its last working state",
  steps = function()
    return {
      "See whether its port answers and what its own log says; undo an update or rule set that came just before the trouble",
      "Restart the filter's service",
      "If it cannot be mended soon: let mail pass without it (spamfilterN_optional) as long as your policy allows",
    }
  end,
  needs = "the filter's administrator", risk = "medium", restart = "the filter's service", undo = "switch the filter on again",
  verify = "mail passes; no more filter errors", reference = "field case H9", minutes = 20, risk_minutes = 5, cites = "field case H9",
}

remedy "disk.free-space" {
  title = "Free space, outside the queue first",
  steps = function(x)
    local list = { { "See what is full, and whether it is bytes or inodes", command("df -k") } }
    local on = scope_name(x) == "partition" and command("du -k %s | sort -n | tail", x.name)
    list[#list + 1] = on and { "Find what is large on it", on }
      or { "Find what is large on it; <mount point> stands at the end of the line of df that is full", "du -k <mount point> | sort -n | tail" }
    if scope_name(x) == "partition" then
      list[#list + 1] = { "Expire old mail by the rules that exist", command("imexpire") }
      list[#list + 1] = "Clean up expunged messages, move users to another partition or extend it; a locked partition unlocks itself below its threshold"
    else
      list[#list + 1] = "Move old logs (mail.log, *.log-*), core files and left-over spool files (*.data-failed) to another disk"
      list[#list + 1] = "Then let the channels deliver; never rm queue files: return or delete messages with imsimta qm"
    end
    return list
  end,
  needs = "root; another disk", risk = "medium", restart = "none", undo = "copy back what was moved",
  verify = "df shows room; mail is accepted and delivered again",
  warnings = { "Repairs and restarts on a full disk make damage: free space first" },
  reference = "field cases C1, G5", minutes = 20, risk_minutes = 5, cites = "field cases C1, G3, G5",
}

remedy "logging.rotate" {
  title = "Trim the transaction log",
  steps = function()
    return {
      "Move mail.log (the cumulative file, not mail.log_current) aside and compress it",
      "Put a daily_cleanup script in place that does so after the return job",
      { "Remove old logs of programs", command("imsimta purge") },
    }
  end,
  needs = "root or the mail user", risk = "low", restart = "none", undo = "copy the log back", verify = "df shows room and stays so",
  reference = "domain/msgserver-logs 1.10", minutes = 15, risk_minutes = 1, cites = "domain/msgserver-logs 1.10",
}

remedy "performance.investigate" {
  title = "Find what the machine is busy with",
  steps = function()
    return {
      { "Which processes use the processors", "prstat -s cpu -n 20 1 3    (Solaris; top -b -n 1 on Linux)" },
      { "Whether a disk is the limit", "iostat -xn 5 3" },
      "Compare arrivals with the usual: a flood is stopped at the door, not by tuning",
      "If it is the steady load: more memory for caches, another disk for the queue, another host",
    }
  end,
  needs = "nothing", risk = "low", restart = "none", undo = "nothing to undo", verify = "the load falls",
  reference = "seed, part I: Performance problems", minutes = 60, risk_minutes = 0, cites = "seed, part I",
}
