-- The message store under the queue: stored, its database, partitions, disks, backups.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function store_role(h) return h.roles:has("store") end
local db = "mboxlist"

-- Channels into the store of which the facts named are known.
local function store_channels(h, ...)
  local list = {}
  for ch in h:each("channel") do
    if known(ch, "kind", ...) and ch.kind == "store" then list[#list + 1] = ch end
  end
  return list
end

local function any_store_channel(h, ...) return #store_channels(h, ...) > 0 end

-- Files wait, mail comes, and (nearly) nothing goes in.
local function stands_still(h)
  for _, ch in ipairs(store_channels(h, "untried_over_30min", "arrived_1h", "delivered_1h")) do
    if ch.untried_over_30min >= thresholds.few_attempts and ch.delivered_1h <= thresholds.few_attempts then return true end
    if ch.arrived_1h >= thresholds.sample_attempts and ch.delivered_1h <= thresholds.some * ch.arrived_1h then return true end
  end
  return false
end

local function knows_stand_still(h) return any_store_channel(h, "untried_over_30min", "arrived_1h", "delivered_1h") end

local function server_crashed(h)
  local seen = false
  for _, name in ipairs { "stored", "imapd", "popd", "mshttpd", "ims_master" } do
    local p = h:process(name)
    if known(p, "crashes") then
      seen = true
      if p.crashes > 0 then return true end
    end
  end
  if seen then return false end
  return h:process("stored").crashes > 0
end

---------------------------------------------------------------- findings: stored and the database

finding "host.no-stored" {
  title = "no stored process is there",
  scope = "host", group = "processes-store", where = store_role,
  leak  = says_itself,    -- no store works without it
  test  = function(h) return h:process("stored").count == 0 end,
  says  = "no stored process is there",
  cites = "domain/msgserver-queue 5.1",
}

finding "host.store-servers-missing" {
  title = "stored and imapd are both missing",
  scope = "host", group = "processes-store", leak = "rarely", where = store_role,
  test  = function(h) return h:process("stored").count == 0 and h:process("imapd").count == 0 end,
  says  = "imapd is missing too: without stored nothing else of the store starts",
  cites = "field case C5",
}

finding "host.store-unavailable-errors" {
  title = "deliveries say that the store is not available",
  scope = "host", group = "attempt-texts", leak = "rarely", where = store_role,
  test  = function(h) return h.failures_1h:count("store-unavailable") + h.failures_1h:count("store-database") >= thresholds.few_attempts end,
  says  = function(h) return num(h.failures_1h:count("store-unavailable") + h.failures_1h:count("store-database")) .. " deliveries of the last hour say that the store is not available" end,
  cites = "domain/msgserver-logs 4: IMAP_SERVER_UNAVAILABLE",
}

finding "host.store-stands-still" {
  title = "deliveries into the store nearly stand still while mail for it comes",
  scope = "host", group = "log-attempts", leak = "rarely", where = knows_stand_still,
  test  = stands_still,
  says  = "deliveries into the store nearly stand still while mail for it comes",
  cites = "field cases C3, C5",
}

finding "database.no-checkpoint" {
  title = "the last checkpoint is older than five minutes",
  scope = "database", group = "ages", leak = says_itself,
  test  = function(d) return d.checkpoint > thresholds.checkpoint_late_s end,
  says  = function(d) return "the last checkpoint was " .. dur(d.checkpoint) .. " ago (every minute is usual)" end,
  cites = "domain/msgserver-queue 5.2: stored.ckp",
}

finding "database.logs-pile-up" {
  title = "transaction logs of the mailbox list pile up",
  scope = "database", group = "disk", leak = "rarely",
  test  = function(d) return d.log_files > thresholds.database_logs end,
  says  = function(d) return num(d.log_files) .. " transaction logs lie in the mailbox list's folder" end,
  cites = "domain/dns-and-store II.2: more than two or three log files",
}

finding "database.complains-of-its-logs" {
  title = "server log lines complain of many transaction logs of the mailbox list",
  scope = "database", group = "server-logs-checkpoint", leak = says_itself,
  test  = function(d) return d.log_lines > 0 end,
  says  = function(d) return num(d.log_lines) .. " server log lines complain of the transaction logs of the mailbox list or of its checkpoint" end,
  cites = "domain/msgserver-queue 5.3: msprobe counts the mboxlist log files",
}

finding "database.says-ready" {
  title = "stored says that it is ready",
  scope = "database", group = "tools-state", leak = "usually",
  test  = function(d) return d.state == "ready" end,
  says  = "stored says that it is ready",
  cites = "field cases, look-alikes",
}

finding "database.recovers" {
  title = "stored is still recovering after its start",
  scope = "database", group = "tools-state", leak = "rarely",
  test  = function(d) return recovery.of_stored(d) < thresholds.recovery_s end,
  says  = function(d) return "stored has been recovering for " .. dur(recovery.of_stored(d)) end,
  cites = "domain/dns-and-store SB-02",
}

finding "database.panics" {
  title = "log lines speak of a panic or demand recovery of the database",
  scope = "database", group = "server-logs-damage", leak = says_itself,
  test  = function(d) return d.panic_lines > 0 end,
  says  = function(d) return num(d.panic_lines) .. " lines speak of a panic or demand recovery of the database" end,
  cites = "domain/msgserver-logs 2.3: DB_RUNRECOVERY",
}

finding "database.was-recovered" {
  title = "the database was recovered from a snapshot or its logs were removed",
  scope = "database", group = "server-logs-damage", leak = "rarely",
  test  = function(d) return d.recovered_lines > 0 end,
  says  = "the database was recovered from a snapshot or its extra logs were removed: `Run reconstruct -m`",
  cites = "domain/dns-and-store SB-04, SB-05",
}

finding "database.locks-wait" {
  title = "many lock waits or deadlocks are counted in the database",
  scope = "database", group = "tools", leak = "rarely",
  test  = function(d)
    return any { function() return d.deadlocks >= thresholds.few_attempts end, function() return d.lock_lines >= thresholds.few_attempts end,
                 function() return d.lock_waits >= thresholds.lock_waits end }
  end,
  says  = "many lock waits or deadlocks are counted in the database",
  cites = "domain/dns-and-store SL-05",
}

finding "database.deliveries-hang" {
  title = "deliveries into the store nearly stand still",
  scope = "database", group = "log-rates", leak = "rarely",
  where = function(d) return knows_stand_still(d.host) end,
  test  = function(d) return stands_still(d.host) end,
  says  = "deliveries into the store nearly stand still",
  cites = "catalogue of diagnoses: store.deadlock",
}

finding "database.deliveries-name-it" {
  title = "deliveries fail with an error of the database",
  scope = "database", group = "attempt-texts", leak = "rarely",
  test  = function(d) return d.host.failures:count("store-database") > 0 end,
  says  = function(d) return num(d.host.failures:count("store-database")) .. " deliveries failed with an error of the mailbox list's database" end,
  cites = "domain/msgserver-logs, rows 36, 48 to 53",
}

finding "database.servers-crash" {
  title = "a store server ended abnormally",
  scope = "database", group = "server-logs-exits", leak = "rarely",
  test  = function(d) return server_crashed(d.host) end,
  says  = "the watcher logged that a store server ended abnormally",
  cites = "domain/dns-and-store II.1: if any daemon crashes; domain/msgserver-queue 5.3",
}

finding "host.database-cache-small" {
  title = "few look-ups are answered from the database cache",
  scope = "host", group = "tools", leak = "rarely",
  test  = function(h) return h:database(db).cache_hit_pct < thresholds.cache_hit_pct end,
  says  = function(h) return "only " .. num(h:database(db).cache_hit_pct) .. " % of the look-ups are answered from the database cache" end,
  cites = "field case C11",
}

finding "host.store-without-damage-texts" {
  title = "no line speaks of damage to the store",
  scope = "host", group = "server-logs-damage", leak = "usually",
  test  = function(h)
    local d = h:database(db)
    return d.panic_lines == 0 and d.recovered_lines == 0 and h.disk_error_lines == 0
  end,
  says  = "no line speaks of damage to the store",
  cites = "field case C11",
}

finding "host.store-server-crashes" {
  title = "a store server ended abnormally",
  scope = "host", group = "server-logs-exits", leak = "rarely", where = store_role,
  test  = server_crashed,
  says  = "the watcher logged that a store server ended abnormally",
  cites = "field case C11: core of imapd or ims_master",
}

---------------------------------------------------------------- findings: partitions and disks

finding "partition.full" {
  title = "the store's file system is full",
  scope = "partition", group = "disk", leak = says_itself, where = function(p) return p.holds_store end,
  test  = function(p)
    return any { function() return p.used_pct >= thresholds.disk_full_pct end, function() return p.inodes_pct >= thresholds.disk_full_pct end }
  end,
  says  = function(p) return "the file system is " .. num(value(p, "used_pct", value(p, "inodes_pct", 100))) .. " % full" end,
  cites = "domain/dns-and-store SD-01, SD-03; field case C1",
}

finding "partition.locked" {
  title = "the server's log says that a partition was locked or has no space",
  scope = "partition", group = "server-logs", leak = "rarely", where = function(p) return p.holds_store end,
  test  = function(p) return p.host.partition_locked_lines + p.host.disk_full_lines > 0 end,
  says  = "the server's log says that a partition was locked or that there is no space left",
  cites = "domain/dns-and-store II.6",
}

finding "partition.store-says-full" {
  title = "deliveries fail for lack of space",
  scope = "partition", group = "attempt-texts", leak = "rarely", where = function(p) return p.holds_store end,
  test  = function(p) return p.host.failures_1h:count("disk-full") > 0 and not value(p, "holds_queue", false) end,
  says  = function(p) return num(p.host.failures_1h:count("disk-full")) .. " deliveries of the last hour failed for lack of space" end,
  cites = "domain/msgserver-logs 4: IMAP_NOSPACE",
}

finding "partition.io-errors" {
  title = "deliveries to several mailboxes end in System I/O errors",
  scope = "partition", group = "attempt-texts", leak = "rarely", where = function(p) return p.holds_store end,
  test  = function(p)
    local boxes = 0
    for ch in p.host:each("channel") do
      for box in ch:each("mailbox") do
        if known(box, "failures") and box.failures:count("store-io") > 0 and box.failures:count("mailbox-limit") == 0
          and not (known(box, "store_errors") and box.store_errors:count("mailbox-limit") > 0) then boxes = boxes + 1 end
      end
    end
    return boxes >= thresholds.several_mailboxes
  end,
  says  = "deliveries to several mailboxes end in System I/O errors",
  cites = "seed, part II: IMAP_IOERROR; domain/dns-and-store SD-04",
}

finding "partition.store-logs-io-errors" {
  title = "the store logs input or output errors for several mailboxes",
  scope = "partition", group = "server-logs", leak = "rarely", where = function(p) return p.holds_store end,
  test  = function(p)
    if known(p, "store_io_mailboxes") then return p.store_io_mailboxes >= thresholds.several_mailboxes end
    return p.host.server_errors:count("store-io") >= thresholds.few_attempts
  end,
  says  = "the store logs input or output errors for several mailboxes",
  cites = "domain/msgserver-logs 2.3",
}

finding "partition.device-errors" {
  title = "a device reports errors",
  scope = "partition", group = "system-log", leak = "rarely", where = function(p) return p.holds_store end,
  test  = function(p) return p.host.disk_error_lines > 0 end,
  says  = function(p) return num(p.host.disk_error_lines) .. " lines report errors of a device" end,
  cites = "field cases, J: disk errors in the system log",
}

finding "host.one-device-slow" {
  title = "one device answers slowly, or its array is being rebuilt",
  scope = "host", group = "people", leak = says_itself,
  test  = function(h) return h.slow_devices >= 1 end,
  says  = "one device answers slowly, or its array is being rebuilt",
  cites = "field case H17",
}

finding "host.backup-runs" {
  title = "a backup of the store runs",
  scope = "host", group = "processes", leak = "sometimes",
  test  = function(h) return h:process("imsbackup").count > 0 end,
  says  = "a backup of the store runs",
  cites = "field case H17; domain/dns-and-store II.7",
}

finding "host.stalls-at-the-same-minute" {
  title = "deliveries into the store stand still at the same time of day",
  scope = "host", group = "log-times", leak = says_itself, -- ten minutes without a delivery at one time of two days
  where = function(h) return any_store_channel(h, "stall_minutes") end,
  test  = function(h)
    for _, ch in ipairs(store_channels(h, "stall_minutes")) do
      if ch.stall_minutes.n > 0 then return true end
    end
    return false
  end,
  says  = "deliveries into the store stand still at the same time of day",
  cites = "field case C7",
}

finding "host.snapshots-coincide" {
  title = "two snapshots or backups are scheduled for the same time",
  scope = "host", group = "configuration", leak = says_itself,
  test  = function(h) return h.snapshot_clashes > 0 end,
  says  = "two snapshots, or a snapshot and a backup, are scheduled for the same time",
  cites = "field case C7",
}

finding "host.slow-store-deliveries" {
  title = "deliveries into the store go on at less than half of the usual rate",
  scope = "host", group = "log-rates", leak = "rarely",
  where = function(h) return any_store_channel(h, "untried", "delivered_1h", "deliveries_usual_1h") end,
  test  = function(h)
    for _, ch in ipairs(store_channels(h, "untried", "delivered_1h", "deliveries_usual_1h")) do
      if backlog.untried(ch) and ch.delivered_1h > thresholds.few_attempts
        and ch.delivered_1h < thresholds.most * ch.deliveries_usual_1h then
        return true
      end
    end
    return false
  end,
  says  = "deliveries into the store go on, at less than half of the usual rate, while untried files wait",
  cites = "field cases C11, H17: the queue still moves",
}

---------------------------------------------------------------- causes

cause "store.stored-down" {
  title   = "stored is not running",
  summary = "The store's supervisor is not there; no store server and no delivery into the store works without it",
  scope = "host", where = store_role, prior = "plausible", about = { process = "stored" },
  -- where start-msg gave up at stored, what starts after it is missing as well
  links = { ["host.no-stored"] = "nearly always", ["host.store-servers-missing"] = "usually", ["host.store-unavailable-errors"] = "often",
            ["host.store-stands-still"] = "usually", ["host.no-job-controller"] = "sometimes", ["host.no-dispatcher"] = "sometimes",
            ["host.no-scheduler"] = "sometimes", ["host.nothing-arrives"] = "sometimes", ["host.nothing-tried"] = "sometimes",
            ["host.all-channels-silent"] = "sometimes",
            ["database.no-checkpoint"] = "nearly always", ["database.deliveries-hang"] = "usually",
            ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.no-master"] = "often",
            ["channel.store-gets-nothing"] = "often", ["channel.nothing-tried"] = "often", ["channel.master-fails-to-start"] = "often",
            ["channel.silent-among-others"] = "often",
            ["host.logins-fail"] = "nearly always", ["database.logins-fail"] = "nearly always" },
  brings = { ["ims-ms.master-not-starting"] = "usually", ["ims-ms.master-hung"] = "often", ["channel.stopped"] = "often", ["store.checkpoint-stalled"] = "usually",
             ["jobcontroller.not-running"] = "sometimes", ["dispatcher.not-running"] = "sometimes" },
  urgency = "act", if_nothing = "nobody can read mail and none is delivered to local users",
  remedies = { { "store.restart-services", "usually" }, { "store.check", "often" } },
  cites = "field case C5; domain/dns-and-store SB-01",
}

cause "store.checkpoint-stalled" {
  title   = "The store's database is not checkpointed",
  summary = "stored says ready but makes no checkpoints; transaction logs pile up",
  scope = "database", prior = "common",
  links = { ["database.no-checkpoint"] = "nearly always", ["database.logs-pile-up"] = "usually", ["database.says-ready"] = "usually",
            ["database.complains-of-its-logs"] = "often" },
  never = { "database.recovers" },
  urgency = "act", if_nothing = "the log files fill the disk; a later recovery takes long",
  remedies = { { "store.restart-services", "usually" } },
  since = function(d) return d.checkpoint end, cites = "domain/dns-and-store SB-03",
}

cause "store.database-corrupt" {
  title   = "The mailbox list's database is damaged",
  summary = "The database reported a panic or demands recovery",
  scope = "database", prior = "plausible",
  links = { ["database.panics"] = "nearly always", ["database.was-recovered"] = "sometimes", ["database.deliveries-hang"] = "often",
            ["database.deliveries-name-it"] = "sometimes", ["database.servers-crash"] = "usually", ["database.no-checkpoint"] = "often",
            ["database.logins-fail"] = "usually" },
  brings = { ["ims-ms.master-hung"] = "often", ["ims-ms.master-not-starting"] = "often", ["store.checkpoint-stalled"] = "often" },
  urgency = "act", if_nothing = "store servers fail one after another",
  remedies = { { "store.recover-database", "usually" } },
  cites = "domain/dns-and-store SB-06",
}

cause "store.deadlock" {
  title   = "The store's database is in a deadlock",
  summary = "Lock waits rise between living processes; deliveries and logins hang",
  scope = "database", prior = "plausible",
  links = { ["database.locks-wait"] = "nearly always", ["database.deliveries-hang"] = "usually", ["database.no-checkpoint"] = "often",
            ["database.says-ready"] = "usually", ["database.logs-pile-up"] = "sometimes",
            ["database.logins-fail"] = "usually" },
  brings = { ["ims-ms.master-hung"] = "usually", ["store.checkpoint-stalled"] = "often" },
  urgency = "act", if_nothing = "deliveries and logins stay stuck",
  remedies = { { "store.restart-services", "usually" } },
  cites = "domain/dns-and-store SL-05",
}

cause "store.overloaded" {
  title   = "The store is slow on all partitions",
  summary = "Deliveries into the store go on, but slowly; the database cache is small for the database",
  scope = "host", where = store_role, prior = "uncommon",
  links = { ["host.database-cache-small"] = "usually", ["host.slow-store-deliveries"] = "nearly always",
            ["host.store-without-damage-texts"] = "nearly always", ["host.store-server-crashes"] = "sometimes",
            ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.growing"] = "usually",
            ["channel.slow-constant-rate"] = "usually", ["channel.store-says-stress"] = "often" },
  brings = { ["jobcontroller.too-few-workers"] = "often" },
  urgency = "act", if_nothing = "mail for local users is late at busy hours",
  remedies = { { "store.tune", "often" }, { "performance.investigate", "often" } },
  cites = "field case C11; domain/dns-and-store SB-09",
}

cause "store.io-error" {
  title   = "The store's disk returns errors",
  summary = "Several mailboxes of one partition fail with input or output errors: the storage, not the mailboxes",
  scope = "partition", where = function(p) return p.holds_store end, prior = "uncommon",
  links = { ["partition.io-errors"] = "nearly always", ["partition.store-logs-io-errors"] = "usually", ["partition.device-errors"] = "usually" },
  never = { "partition.full" },
  brings = { ["ims-ms.mailbox-corrupt"] = "often" },
  urgency = "act", if_nothing = "mail for these users waits; the damage may spread",
  remedies = { { "disk.check", "usually" }, { "mailbox.reconstruct", "sometimes" } },
  cites = "seed, part II: IMAP_IOERROR; domain/dns-and-store SD-04",
}

cause "store.partition-full" {
  title   = "A partition of the store is full",
  summary = "The partition is full or above its threshold and locked: mail for its users waits in the queue",
  scope = "partition", where = function(p) return p.holds_store end, prior = "plausible",
  links = { ["partition.full"] = "nearly always", ["partition.locked"] = "often", ["partition.store-says-full"] = "often", ["partition.io-errors"] = "sometimes" },
  urgency = "act", if_nothing = "nobody with a mailbox on it gets mail; a disk full to the end damages mailboxes",
  remedies = { { "disk.free-space", "nearly always" } },
  cites = "field case C1; domain/dns-and-store SD-01",
}

cause "store.disk-degraded" {
  title   = "A disk of the store is degraded or being read by a backup",
  summary = "One device is slow; deliveries still move",
  scope = "host", where = store_role, prior = "rare",
  links = { ["host.one-device-slow"] = "nearly always", ["host.slow-store-deliveries"] = "nearly always", ["host.backup-runs"] = "sometimes",
            ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.growing"] = "often",
            ["channel.slow-constant-rate"] = "usually", ["channel.store-says-stress"] = "often" },
  brings = { ["jobcontroller.too-few-workers"] = "often" },
  urgency = "act", if_nothing = "the backlog itself keeps the disk slow",
  remedies = { { "disk.check", "often" }, { "backup.move-window", "often" }, { "channel.stop", "sometimes" } },
  cites = "field case H17",
}

cause "store.snapshot-clash" {
  title   = "Two snapshots or a backup run at the same time",
  summary = "Deliveries into the store stand still at the same minute each day",
  scope = "host", where = store_role, prior = "rare",
  links = { ["host.snapshots-coincide"] = "usually", ["host.stalls-at-the-same-minute"] = "nearly always" },
  urgency = "watch", if_nothing = "it happens again at the same time; a restored copy may be inconsistent",
  remedies = { { "backup.move-window", "usually" } },
  cites = "field case C7",
}

---------------------------------------------------------------- remedies

-- Behind LMTP the store is another host: what is known of this one says nothing about it.
local function is_elsewhere(x) return scope_name(x) == "destination" end

remedy "store.restart-services" {
  title = "Stop and start all store servers together",
  steps = function(x)
    if is_elsewhere(x) then
      return {
        "Log in to the store host " .. text(x.name) .. "; nothing of this is done on the relay. See that the host is up and that its dispatcher offers LMTP",
        { "Stop its store servers in good order; see that imapd, popd and mshttpd end too", command("stop-msg store") },
        { "Start them; stored comes first and recovers the database", command("start-msg store") },
        { "Start its LMTP server, if that alone is missing", command("imsimta restart dispatcher") },
      }
    end
    return {
      { "Keep the log of this moment first", places.line(x, "cp -p %s/log/default /var/tmp/default.saved") },
      { "Stop the store servers in good order; see that imapd, popd and mshttpd end too", command("stop-msg store") },
      { "Start them; stored comes first and recovers the database", command("start-msg store") },
      { "Wait until its state is ready before the other servers are judged", places.stored_state(x) },
    }
  end,
  needs = "root; users are logged out for minutes", risk = "medium", restart = "all store servers", undo = "nothing to undo",
  verify = "the state is ready, stored.ckp is touched every minute, the channel delivers",
  withheld = function(x)
    if is_elsewhere(x) then return nil end
    local d = x.host:database(db)
    if known(d, "state", "state_since") and d.state == "init" and d.state_since < thresholds.recovery_s then
      return "stored is recovering now: interrupting it makes it begin again"
    end
    for p in x.host:each("partition") do
      if known(p, "holds_store", "used_pct") and p.holds_store and p.used_pct >= thresholds.disk_full_pct then
        return "the store's file system is full: free space first, recovery needs some"
      end
    end
  end,
  warnings = { "Never SIGKILL a store server; if one crashed, restart all of them, not only that one" },
  reference = "Administration Guide: if any server daemon crashes, stop all and restart all", minutes = 15, risk_minutes = 10,
  cites = "field case C3; domain/dns-and-store II.1",
}

remedy "store.check" {
  title = "Read what the store says before anything is started",
  steps = function(x)
    return {
      { "Read the newest lines of log/default and log/imta for Error and Critical", places.newest_logs(x) },
      { "Ask for the state of the database", places.database_state(x) },
      { "Look at space and inodes", command("df -k") },
      "Look at owner and mode of the store's folders: files of root after a tool was run as root stop everything",
    }
  end,
  needs = "root or the mail user", risk = "low", restart = "none", undo = "nothing to undo", verify = "the reason is named in the log",
  reference = "domain/dns-and-store SB-01", minutes = 10, risk_minutes = 0, cites = "field cases B13, C5",
}

remedy "store.recover-database" {
  title = "Let the store recover its database, from a copy if need be",
  steps = function(x)
    local list = {
      { "Stop everything that uses the store", command("stop-msg") },
      { "Keep a copy of the database as it is now", places.line(x, "cp -rp %s/data/store/mboxlist /var/tmp/mboxlist.saved") },
      { "Start: stored recovers by itself, at worst from a snapshot", command("start-msg") },
      { "Then bring the list in step with the partitions", command("reconstruct -m") },
      { "And the quota", command("reconstruct -q") },
    }
    return list
  end,
  needs = "root; five times the size of the database free; users logged out", risk = "high", restart = "everything",
  undo = "put the saved mboxlist folder back while everything is stopped",
  verify = "no new panic line, stored.ckp is touched every minute, users see their folders",
  withheld = function(x)
    if known(x.host, "disk_error_lines") and x.host.disk_error_lines > 0 then return "a device reports errors: repair the storage first" end
    local d = x.host:database(db)
    if known(d, "state", "state_since") and d.state == "init" and d.state_since < thresholds.recovery_s then
      return "stored is recovering now: wait for it"
    end
  end,
  warnings = { "Do not remove region files (__db.*) or logs by hand, and do not run `stored -R`, before there is a copy" },
  reference = "Administration Guide: message store recovery", minutes = 60, risk_minutes = 30, cites = "domain/dns-and-store II.2, SB-06",
}

remedy "store.tune" {
  title = "Give the store's database a larger cache and a fast folder for its regions",
  steps = function(x)
    if value(x.host, "is_unified", false) then
      return { { "See the cache", command("msconfig show store.dbcachesize") }, { "Raise it (bytes)", command("msconfig set store.dbcachesize %s", thresholds.dbcache_bytes) },
               { "Put its temporary files on a memory file system", "msconfig set store.dbtmpdir /tmp/mboxlist" }, { "Restart the store", command("stop-msg store") },
               { "and start it", command("start-msg store") } }
    end
    return { { "See the cache", command("configutil -o store.dbcachesize") }, { "Raise it (bytes)", command("configutil -o store.dbcachesize -v %s", thresholds.dbcache_bytes) },
             { "Put its temporary files on a memory file system", "configutil -o store.dbtmpdir -v /tmp/mboxlist" }, { "Restart the store", command("stop-msg store") },
             { "and start it", command("start-msg store") } }
  end,
  needs = "free memory", risk = "medium", restart = "all store servers", undo = "set the old values again",
  verify = "deliveries per hour rise, input and output on the mailbox list's folder fall", reference = "domain/dns-and-store SB-09",
  minutes = 30, risk_minutes = 10, cites = "field case C11",
}

remedy "backup.move-window" {
  title = "Move the backup or snapshot to another time",
  steps = function()
    return {
      "List what runs when: the schedule of the product (local.schedule.*) and the crontabs of root and of the mail user",
      "Leave at least half an hour between the database's snapshot and a file system snapshot; keep backups out of busy hours and apart from imexpire",
      "If one runs now and hurts, end it with SIGTERM and wait; never SIGKILL",
    }
  end,
  needs = "the backup's owner", risk = "low", restart = "none", undo = "move it back", verify = "no busy mailboxes and no stall at that time tomorrow",
  reference = "field case C7", minutes = 15, risk_minutes = 1, cites = "field cases C7, H17; domain/dns-and-store II.7",
}

remedy "disk.check" {
  title = "Check the storage before anything is repaired on it",
  steps = function()
    return {
      "Read the system's log (dmesg, /var/adm/messages, /var/log/messages) for errors of the device and of the array",
      { "See whether a file system went read-only or is full", command("df -k") },
      "Have the storage repaired; save what can be saved first",
      "Only on a sound device check the mailboxes (reconstruct -n)",
    }
  end,
  needs = "root", risk = "low", restart = "none", undo = "nothing to undo", verify = "no new errors in the system's log",
  reference = "domain/dns-and-store SD-04", minutes = 60, risk_minutes = 5, cites = "domain/dns-and-store SD-04; field case H19",
}
