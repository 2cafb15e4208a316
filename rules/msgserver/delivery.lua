-- ims_master, the program that delivers into the store of this host: hung, or unable to start.

local function is_store(ch) return ch.kind == "store" end
local function master(ch) return ch.host:process("ims_master") end
local function waiting(ch) return ch.untried_over_30min >= thresholds.few_attempts end

finding "channel.master-alive" {
  title = "an ims_master process is there",
  scope = "channel", group = "processes", leak = "usually", where = is_store,
  test  = function(ch) return master(ch).count >= 1 end,
  says  = function(ch) return "ims_master is there (processes: " .. num(master(ch).count) .. (known(master(ch), "oldest_s") and ", the oldest for " .. dur(master(ch).oldest_s) or "") .. ")" end,
  cites = "seed, part II: check that the ims_master process is running",
}

finding "channel.master-outlived" {
  title = "ims_master is older than its life limit allows",
  scope = "channel", group = "processes", leak = "rarely", where = is_store,
  test  = function(ch) return waiting(ch) and master(ch).count >= 1 and master(ch).oldest_s > thresholds.hang_silence_s + value(ch.host, "jc_max_life_s", thresholds.default_life_s) end,
  says  = function(ch) return "it is older (" .. dur(master(ch).oldest_s) .. ") than its life limit allows, without ending" end,
  cites = "domain/msgserver-queue 5.5: alive far beyond max_life_age",
}

finding "channel.master-silent" {
  title = "the log of ims_master has stopped",
  scope = "channel", group = "server-logs", leak = "sometimes", where = is_store,
  test  = function(ch) return waiting(ch) and master(ch).log_last > thresholds.hang_silence_s end,
  says  = function(ch) return "its log has no line for " .. dur(master(ch).log_last) end,
  cites = "seed, part II: errors in its log file; the process could be hung",
}

finding "channel.store-gets-nothing" {
  title = "mail for the store still arrives, but nothing is tried",
  scope = "channel", group = "log-rates", leak = "rarely", where = is_store,
  test  = function(ch)
    return waiting(ch) and silence.of_channel(ch, thresholds.hang_silence_s) and ch.arrived_1h > 0
  end,
  says  = function(ch)
    return "mail for the store still arrives (" .. num(ch.arrived_1h) .. " in the last hour), but nothing was tried " .. silence.time(ch, "last_attempt")
  end,
  cites = "field cases, J: process alive, no D at all",
}

finding "channel.no-master" {
  scope = "channel", group = "processes", leak = "sometimes", where = is_store,
  test  = function(ch) return waiting(ch) and master(ch).count == 0 end,
  says  = "files wait and no ims_master process is there",
  cites = "catalogue of diagnoses: ims-ms.master-not-starting",
}

finding "channel.master-fails-to-start" {
  title = "ims_master logs errors at its start or ends without order",
  scope = "channel", group = "server-logs", leak = "rarely", where = is_store,
  test  = function(ch)
    return master(ch).init_errors > 0 or (master(ch).unended_starts >= thresholds.few_attempts and master(ch).errors > 0)
  end,
  says  = function(ch)
    return "its log has " .. num(value(master(ch), "init_errors", 0)) .. " errors at the start and " .. num(value(master(ch), "unended_starts", 0))
      .. " starts without an orderly end"
  end,
  cites = "field case B13",
}

finding "channel.master-starts-often" {
  title = "ims_master starts over and over and delivers nothing",
  scope = "channel", group = "server-logs", leak = "rarely", where = is_store,
  test  = function(ch) return waiting(ch) and master(ch).starts_1h >= thresholds.start_storm and ch.delivered_1h == 0 end,
  says  = function(ch) return "it started " .. num(master(ch).starts_1h) .. " times in the last hour and delivered nothing" end,
  cites = "field case B13: starts every few seconds",
}

finding "channel.smtp-goes-on" {
  title = "other channels deliver",
  scope = "channel", group = "log-others", leak = "usually", where = is_store,
  test  = function(ch) return not silence.of_host(ch.host, thresholds.fresh_s) end,
  says  = function(ch) return "other channels deliver (last attempt anywhere " .. dur(ch.host.last_dequeue) .. " ago): the job controller works" end,
  cites = "catalogue of diagnoses: job controller fine",
}

cause "ims-ms.master-hung" {
  title   = "ims_master hangs",
  summary = "The program that delivers into the store is there but does nothing: untried mail of all users piles up",
  scope = "channel", where = is_store, prior = "plausible", about = { process = "ims_master" },
  links = {
    ["channel.master-alive"] = "nearly always", ["channel.master-outlived"] = "usually", ["channel.master-silent"] = "nearly always",
    ["channel.store-gets-nothing"] = "nearly always", ["channel.mostly-untried"] = "usually", ["channel.untried-old"] = "nearly always",
    ["channel.nothing-tried"] = "nearly always", ["channel.silent-among-others"] = "nearly always", ["channel.growing"] = "usually",
    ["channel.smtp-goes-on"] = "nearly always",
  },
  never = { "channel.no-master" },
  urgency = "act", if_nothing = "no local user gets mail",
  remedies = { { "process.investigate-hang", "often" }, { "jobcontroller.restart", "often" }, { "store.restart-services", "often" } },
  since = function(ch) return ch.last_attempt end, messages = function(ch) return ch.untried end,
  cites = "seed, part II: the ims_master process could be hung",
}

cause "ims-ms.master-not-starting" {
  title   = "ims_master cannot start",
  summary = "No delivery into the store begins: the program ends at its start, so every file stays untried",
  scope = "channel", where = is_store, prior = "uncommon", about = { process = "ims_master" },
  links = {
    ["channel.no-master"] = "usually", ["channel.master-fails-to-start"] = "nearly always", ["channel.master-starts-often"] = "often",
    ["channel.store-gets-nothing"] = "nearly always", ["channel.mostly-untried"] = "nearly always", ["channel.untried-old"] = "nearly always",
    ["channel.nothing-tried"] = "nearly always", ["channel.silent-among-others"] = "nearly always", ["channel.growing"] = "usually",
    ["channel.smtp-goes-on"] = "nearly always",
  },
  never = { "channel.master-outlived" },
  urgency = "act", if_nothing = "no local user gets mail",
  remedies = { { "channel.check-master", "usually" }, { "store.check", "often" } },
  since = function(ch) return ch.last_attempt end, messages = function(ch) return ch.untried end,
  cites = "field case B13",
}
