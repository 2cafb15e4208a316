-- One channel that does not work: stopped, without a pool, without a program, without a configuration, with one worker, with one bad message.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function works(ch) return ch.kind ~= "hold" end
local function queued(ch) return ch.files - ch.held end
local function untried(ch) return ch.untried end
local function last_try(ch) return ch.last_attempt end

---------------------------------------------------------------- findings

finding "channel.stopped-by-tool" {
  title = "the queue tool says that the channel is stopped",
  scope = "channel", group = "tools", leak = says_itself, where = works,
  test  = function(ch) return ch.stopped end,
  says  = "the queue tool says that the channel is stopped",
  cites = "domain/msgserver-queue 4.7: qm stop survives restarts",
}

finding "channel.no-job-though-files" {
  title = "no job runs for the channel while jobs run for others",
  scope = "channel", group = "tools", leak = "rarely", where = works,
  test  = function(ch)
    return ch.untried_over_30min >= thresholds.few_attempts and ch.jobs == 0 and ch.host.jobs_running > 0
  end,
  says  = function(ch) return "no job runs for it while " .. num(ch.host.jobs_running) .. " jobs run for other channels" end,
  cites = "field cases, J: only this channel",
}

finding "channel.siblings-go-on" {
  title = "other channels go on while its untried files wait",
  scope = "channel", group = "log-others", leak = "usually", where = works,
  test  = function(ch)
    return ch.untried_over_30min >= thresholds.few_attempts and ch.host.last_dequeue < thresholds.silence_s
  end,
  says  = function(ch) return "other channels go on: the last attempt anywhere was " .. dur(ch.host.last_dequeue) .. " ago" end,
  cites = "catalogue of diagnoses: siblings fine",
}

finding "channel.pool-undefined" {
  title = "its pool is not in job_controller.cnf",
  scope = "channel", group = "configuration", leak = says_itself, where = works,
  test  = function(ch) return not ch.pool_defined end,
  says  = function(ch) return "its pool " .. text(value(ch, "pool", "?")) .. " is not in job_controller.cnf" end,
  cites = "domain/msgserver-config 0: requests for an unknown pool are ignored",
}

finding "channel.no-program" {
  title = "the channel has no program that can be run",
  scope = "channel", group = "configuration", leak = says_itself, where = works,
  test  = function(ch) return any { function() return not ch.master_defined end, function() return ch.master_missing end } end,
  says  = "job_controller.cnf has no program for it, or the program is not there",
  cites = "field case D7; domain/msgserver-config 1.6",
}

finding "channel.program-fails-to-start" {
  title = "the job controller's log says that its program could not be started",
  scope = "channel", group = "server-logs", leak = says_itself, where = works,
  test  = function(ch)
    return ch.host.jc_start_failures:count(ch.name) > 0
      or (known(ch, "master_program") and ch.host.jc_start_failures:count(ch.master_program) > 0)
  end,
  says  = "the job controller's log says that its program could not be started",
  cites = "field case D7",
}

finding "channel.no-process-of-its-program" {
  title = "no process of its program is there though files wait",
  scope = "channel", group = "processes", leak = "sometimes", where = works,
  test  = function(ch) return ch.untried_over_30min >= thresholds.few_attempts and ch.workers == 0 end,
  says  = "no process of its program is there",
  cites = "field case D7",
}

finding "channel.not-configured" {
  title = "the configuration has no channel of this name",
  scope = "channel", group = "configuration", leak = says_itself,
  test  = function(ch) return ch.files > 0 and not ch.configured end,
  says  = function(ch) return "its folder holds " .. num(ch.files) .. " files, but imta.cnf has no channel of this name" end,
  cites = "domain/msgserver-queue 1.4: orphaned queue",
}

finding "channel.one-worker" {
  title = "one job at most may run for the channel",
  scope = "channel", group = "configuration-jobs", leak = "often", where = function(ch) return ch.kind == "process" end,
  test  = function(ch) return ch.jobs_max == 1 end,
  says  = "one job at most may run for it",
  cites = "catalogue of diagnoses: channel.single-threaded",
}

finding "channel.works-at-its-limit" {
  title = "the channel passes as many messages as it ever did, and more wait",
  scope = "channel", group = "log-rates", leak = "rarely", where = function(ch) return ch.kind == "process" end,
  test  = function(ch)
    return backlog.untried(ch) and ch.attempts_1h > 0 and ch.last_attempt < thresholds.fresh_s
      and any { function() return ch.delivered_1h >= thresholds.most * ch.deliveries_peak_1h end, function() return ch.growing end }
  end,
  says  = function(ch) return num(ch.attempts_1h) .. " messages an hour pass, its best, while " .. num(ch.untried) .. " wait" end,
  cites = "field case H11: constant rate is the maximum of the stage",
}

finding "channel.worker-too-old" {
  title = "a process of its program is far older than its life limit",
  scope = "channel", group = "processes", leak = says_itself, where = works,
  test  = function(ch)
    local p = ch.host:process(ch.master_program)
    return p.over_life > 0 and any { function() return ch.files > 0 end, function() return ch.attempts_1h > 0 end }
  end,
  says  = function(ch)
    local p = ch.host:process(ch.master_program)
    return "a process of its program is " .. dur(p.oldest_s) .. " old, far beyond its life limit"
  end,
  cites = "field case A11",
}

finding "channel.old-worker-idle" {
  title = "the job of the old process has processed nothing",
  scope = "channel", group = "tools", leak = "sometimes", where = works,
  test  = function(ch) return ch.host:process(ch.master_program).over_life > 0 and ch.job_processed == 0 and ch.jobs > 0 end,
  says  = "its job has processed nothing",
  cites = "field case A11: no D lines from that process",
}

finding "channel.one-message-fails" {
  title = "one message fails at every try while all others pass",
  scope = "channel", group = "log-people", leak = "rarely", where = works,
  test  = function(ch) return ch.same_message_failures >= thresholds.few_attempts and ch.delivered >= thresholds.sample_attempts end,
  says  = function(ch) return "one message failed " .. num(ch.same_message_failures) .. " times while all others pass" end,
  cites = "catalogue of diagnoses: channel.message-specific-failure",
}

finding "channel.only-that-one-fails" {
  title = "hardly any other message of the channel fails",
  scope = "channel", group = "log-rates", leak = "sometimes", where = works,
  test  = function(ch)
    return ch.same_message_failures >= thresholds.few_attempts and ch.same_message_failures > thresholds.most * ch.failures.total
  end,
  says  = function(ch) return num(ch.same_message_failures) .. " of all " .. num(ch.failures.total) .. " failed attempts are those of one message" end,
  cites = "catalogue of diagnoses: all others of the channel flow",
}

finding "channel.its-program-crashes" {
  title = "the channel's program ends abnormally again and again",
  scope = "channel", group = "server-logs-exits", leak = "rarely", where = works,
  test  = function(ch)
    local p = ch.host:process(ch.master_program)
    return any { function() return p.crashes >= 2 end, function() return p.unended_starts >= thresholds.few_attempts end }
  end,
  says  = function(ch) return text(ch.master_program) .. " ended without an orderly end again and again" end,
  cites = "catalogue of diagnoses: kills its job at every try",
}

finding "channel.failures-are-local" {
  title = "the failures are not about a host or a mailbox",
  scope = "channel", group = "attempt-texts", leak = "rarely", where = works,
  test  = function(ch)
    return ch.failures.total > 0 and ch.failures:share("other", "content-rejected", "filter") > thresholds.most
  end,
  says  = "the failures are not about a host or a mailbox",
  cites = "catalogue of diagnoses",
}

finding "channel.retries-very-long" {
  title = "its retry and return times are far from the usual ones",
  scope = "channel", group = "configuration-retry", leak = "rarely",
  where = function(ch) return ch.kind == "smtp" or ch.kind == "lmtp" end,
  test  = function(ch)
    return ch.last_notice_s >= thresholds.notices_long_s or ch.last_notice_s <= thresholds.notices_short_s
      or ch.first_retry_s > thresholds.backoff_long_s
  end,
  says  = function(ch)
    return "mail is tried first after " .. dur(ch.first_retry_s) .. " and returned after " .. dur(ch.last_notice_s)
  end,
  cites = "field case G9; RFC 5321 4.5.4.1: give up after 4 to 5 days at least",
}

finding "channel.retry-times-show" {
  title = "mail is tried very often, or returned very soon, by these times",
  scope = "channel", group = "generations", leak = "rarely",
  where = function(ch) return ch.kind == "smtp" or ch.kind == "lmtp" end,
  test  = function(ch)
    return any {
      function()
        return ch.last_notice_s >= thresholds.notices_long_s and ch.retried >= thresholds.backlog_files and ch.attempts_mean > thresholds.attempts_many
      end,
      function() return ch.last_notice_s <= thresholds.notices_short_s and ch.failures:count("expired") >= thresholds.sample_attempts end,
    }
  end,
  says  = function(ch)
    if ch.last_notice_s <= thresholds.notices_short_s then
      return num(ch.failures:count("expired")) .. " messages were returned after only " .. dur(ch.last_notice_s)
    end
    return "each of " .. num(ch.retried) .. " tried messages was tried " .. num(ch.attempts_mean) .. " times on average"
  end,
  cites = "field case G9: Q per message greater than 10; RFC 5321 4.5.4.1",
}

finding "channel.attempts-mostly-fail" {
  title = "most attempts of the last hour fail",
  scope = "channel", group = "log-rates", leak = "sometimes",
  where = function(ch) return ch.kind == "smtp" or ch.kind == "lmtp" end,
  test  = function(ch) return ch.attempts_1h >= thresholds.sample_attempts and ch.deferred_1h > thresholds.most * ch.attempts_1h end,
  says  = function(ch) return num(ch.deferred_1h) .. " of " .. num(ch.attempts_1h) .. " attempts of the last hour failed" end,
  cites = "field case G9: retry load itself uses the workers",
}

finding "channel.not-logged" {
  title = "the channel has no `logging` keyword",
  scope = "channel", group = "configuration-logging", leak = says_itself,     -- on a channel that holds mail
  test  = function(ch) return not ch.logging and queued(ch) >= thresholds.few_attempts end,
  says  = "the channel has no `logging` keyword",
  cites = "seed, part II: Before you begin",
}

finding "channel.no-entries" {
  title = "the transaction log has no attempt of the channel although it holds files",
  scope = "channel", group = "log-channels", leak = says_itself, -- a retry is due at least every 16 hours
  test  = function(ch)
    if ch.host.log_span_s < thresholds.day_s or queued(ch) == 0 then return false end
    -- others may log what they put into it
    return not ch.logged or ch.retried >= thresholds.few_attempts and ch.attempts_1h == 0 and not known(ch, "last_attempt")
  end,
  says  = "the transaction log has no attempt of it although it holds files",
  cites = "domain/msgserver-logs 1.1",
}

---------------------------------------------------------------- causes

cause "channel.stopped" {
  title   = "A channel was stopped",
  summary = function(ch) return "only " .. text(ch.name) .. " stands still: " .. num(ch.untried) .. " messages were never tried while other channels go on" end,
  scope = "channel", where = works, prior = "plausible",
  links = { ["channel.stopped-by-tool"] = "often", ["channel.no-job-though-files"] = "nearly always", ["channel.silent-among-others"] = "nearly always",
            ["channel.siblings-go-on"] = "nearly always", ["channel.mostly-untried"] = "usually", ["channel.untried-old"] = "nearly always",
            ["channel.nothing-tried"] = "nearly always", ["channel.growing"] = "usually", ["channel.overdue"] = "sometimes",
            -- idle workers end soon, unless siblings share the program
            ["channel.no-process-of-its-program"] = "usually" },
  never = { "channel.pool-undefined", "channel.no-program", "channel.not-configured", "channel.pool-full-of-others", "channel.master-fails-to-start" },
  urgency = "act", if_nothing = "its mail waits for ever: the stop survives every restart",
  remedies = { { "channel.start", "nearly always" } },
  since = last_try, messages = untried, cites = "domain/msgserver-queue 4.7; catalogue of diagnoses",
}

cause "channel.undefined-pool" {
  title   = "The channel's pool does not exist",
  summary = function(ch) return "requests for the pool " .. text(value(ch, "pool", "?")) .. " are ignored, so nothing is delivered" end,
  scope = "channel", where = works, prior = "uncommon",
  links = { ["channel.pool-undefined"] = "nearly always", ["channel.no-job-though-files"] = "nearly always", ["channel.silent-among-others"] = "nearly always",
            ["channel.siblings-go-on"] = "nearly always", ["channel.mostly-untried"] = "nearly always", ["channel.untried-old"] = "nearly always",
            ["channel.nothing-tried"] = "nearly always", ["channel.growing"] = "usually", ["channel.no-process-of-its-program"] = "sometimes" },
  urgency = "act", if_nothing = "its mail waits until the configuration is corrected",
  remedies = { { "channel.fix-pool", "nearly always" } },
  since = last_try, messages = untried, cites = "domain/msgserver-config 0",
}

cause "channel.master-program-broken" {
  title   = "The channel's program does not start",
  summary = "The program that delivers for this channel is missing, not executable or not configured",
  scope = "channel", where = function(ch) return ch.kind ~= "hold" and ch.kind ~= "store" end, prior = "uncommon",
  links = { ["channel.no-program"] = "usually", ["channel.program-fails-to-start"] = "usually", ["channel.no-process-of-its-program"] = "nearly always",
            ["channel.no-job-though-files"] = "nearly always", ["channel.silent-among-others"] = "nearly always", ["channel.siblings-go-on"] = "nearly always",
            ["channel.mostly-untried"] = "nearly always", ["channel.untried-old"] = "nearly always", ["channel.nothing-tried"] = "nearly always",
            ["channel.growing"] = "usually" },
  never = { "channel.pool-undefined", "channel.pool-full-of-others", "channel.stopped-by-tool" },
  urgency = "act", if_nothing = "its mail waits until the program runs",
  remedies = { { "channel.check-master", "usually" } },
  since = last_try, messages = untried, cites = "field case D7",
}

cause "channel.orphaned-queue" {
  title   = "Mail lies in the folder of a channel that is not configured",
  summary = function(ch) return num(ch.files) .. " files lie in " .. text(ch.name) .. ", a channel that the configuration no longer has: nothing will deliver them" end,
  scope = "channel", prior = "uncommon",
  links = { ["channel.not-configured"] = "nearly always", ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.nothing-tried"] = "nearly always",
            ["channel.silent-among-others"] = "usually", ["channel.no-entries"] = "usually", ["channel.overdue"] = "often", ["channel.no-job-though-files"] = "usually",
            ["channel.siblings-go-on"] = "nearly always", ["channel.no-process-of-its-program"] = "often" },
  brings = { ["logging.disabled"] = "often", ["channel.undefined-pool"] = "often", ["channel.master-program-broken"] = "often" },
  urgency = "act", if_nothing = "these messages are never delivered and never returned",
  remedies = { { "channel.restore-or-move", "nearly always" } },
  messages = function(ch) return ch.files end, cites = "domain/msgserver-queue 1.4",
}

cause "channel.single-threaded" {
  title   = "One worker is the bottleneck of this channel",
  summary = "All mail passes one worker of a conversion, filter or reprocessing channel, and it is at its limit",
  scope = "channel", where = function(ch) return ch.kind == "process" end, prior = "uncommon",
  links = { ["channel.one-worker"] = "nearly always", ["channel.works-at-its-limit"] = "nearly always", ["channel.mostly-untried"] = "usually",
            ["channel.untried-old"] = "usually", ["channel.growing"] = "usually", ["channel.others-get-mail"] = "usually",
            ["channel.slow-constant-rate"] = "usually", ["channel.few-workers"] = "usually" },
  never = { "channel.nothing-tried" },
  urgency = "watch", if_nothing = "the backlog follows the load of the day",
  remedies = { { "channel.more-threads", "usually" } },
  messages = untried, cites = "field case H11",
}

cause "channel.stale-worker" {
  title   = "An old worker holds a slot and does nothing",
  summary = "A channel program outlived its limits and keeps a place in the pool",
  scope = "channel", where = works, prior = "uncommon", merge = function(ch) return ch.master_program end,
  links = { ["channel.worker-too-old"] = "nearly always", ["channel.old-worker-idle"] = "usually", ["channel.untried-old"] = "often", ["channel.mostly-untried"] = "often",
            ["channel.slow-constant-rate"] = "often", ["channel.few-workers"] = "often", ["channel.growing"] = "often" },
  brings = { ["jobcontroller.too-few-workers"] = "often" },
  never = { "channel.master-silent" },
  urgency = "watch", if_nothing = "fewer workers deliver than are configured",
  remedies = { { "process.investigate-hang", "often" }, { "jobcontroller.restart", "usually" } },
  messages = untried, cites = "field case A11",
}

cause "channel.message-specific-failure" {
  title   = "One message fails at every try",
  summary = "All other mail of the channel flows: this message, or its content, is the trouble",
  scope = "channel", where = works, prior = "uncommon",
  links = { ["channel.one-message-fails"] = "nearly always", ["channel.failures-are-local"] = "usually", ["channel.only-that-one-fails"] = "usually",
            ["channel.its-program-crashes"] = "sometimes", ["channel.others-get-mail"] = "usually" },
  urgency = "watch", if_nothing = "it is tried until it is returned",
  remedies = { { "queue.hold-message", "usually" }, { "support.collect-bundle", "often" } },
  messages = function() return 1 end, cites = "catalogue of diagnoses",
}

cause "config.notices-backoff" {
  title   = "Retry times keep dead mail for weeks, or give up too soon",
  summary = function(ch) return "the channel keeps mail for " .. dur(ch.last_notice_s) .. "; retries of dead mail fill the workers' time" end,
  scope = "channel", where = function(ch) return ch.kind == "smtp" or ch.kind == "lmtp" end, prior = "rare",
  links = { ["channel.retries-very-long"] = "nearly always", ["channel.retry-times-show"] = "usually", ["channel.attempts-mostly-fail"] = "usually", ["channel.mostly-retried"] = "usually" },
  urgency = "watch", if_nothing = "the standing population of dead mail stays large",
  remedies = { { "channel.fix-retry", "usually" } },
  messages = function(ch) return ch.retried end, cites = "field case G9",
}

cause "logging.disabled" {
  title   = "Nothing is logged for the channel, so causes cannot be told",
  summary = "The transaction log has no entries of this channel",
  scope = "channel", prior = "rare",
  links = { ["channel.not-logged"] = "nearly always", ["channel.no-entries"] = "nearly always" },
  urgency = "watch", if_nothing = "the next question about this channel cannot be answered either",
  remedies = { { "logging.enable", "nearly always" } },
  cites = "seed, part II: Before you begin",
}

---------------------------------------------------------------- remedies

local function with_compile(ch, list)
  list[#list + 1], list[#list + 2] = change.compile(ch)
  return list
end

remedy "channel.start" {
  title = "Start the channel",
  steps = function(ch) return {
    "Ask who stopped it and why, before you start it",
    { "Start it", command("imsimta qm start %s", ch.name) },
    { "Push what waits", command("imsimta submit %s", ch.name) },
  } end,
  needs = "root or the mail user; the reason of the stop is gone", risk = "low", restart = "none",
  undo = "imsimta qm stop and the channel's name", verify = "mail.log_current gets D entries of the channel, its untried files become fewer",
  reference = "Administration Reference, imsimta qm", minutes = 5, risk_minutes = 0, cites = "domain/msgserver-queue 4.7",
}

remedy "channel.stop" {
  title = "Stop the channel for now",
  steps = function(x)
    local name = scope_name(x) == "channel" and x.name or backlog.busiest(x.host, "ims-ms")
    return {
      { "Stop its deliveries; mail is still accepted and waits", command("imsimta qm stop %s", name) },
      { "Start it again when the cause is mended", command("imsimta qm start %s", name) },
    }
  end,
  needs = "root or the mail user", risk = "low", restart = "none", undo = "imsimta qm start and the channel's name",
  verify = "no more attempts of the channel in mail.log_current",
  warnings = { "The stop survives restarts: write down that you did it" },
  reference = "Administration Reference, imsimta qm", minutes = 3, risk_minutes = 3, cites = "field cases H1, H17",
}

remedy "channel.fix-pool" {
  title = "Name a pool that exists, or define this one",
  steps = function(ch)
    local pool = value(ch, "pool", "?")
    local list = with_compile(ch, {
      "Either correct `pool " .. text(pool) .. "` on the line of " .. text(ch.name) .. ", " .. change.place(ch, "channels"),
      "Or define that pool:",
      change.pool(ch, pool, thresholds.pool_jobs),
    })
    list[#list + 1] = change.job_controller(ch)
    return list
  end,
  needs = "root; write access to the configuration", risk = "low", restart = "imsimta cnbuild; the job controller if its file was changed",
  undo = "put the old text back", verify = "a job starts for the channel; imsimta process shows its program",
  warnings = { "If job_controller.cnf was changed the job controller must be restarted: with a large queue choose a quiet hour" },
  reference = "domain/msgserver-config 0", minutes = 10, risk_minutes = 5, cites = "domain/msgserver-config 0",
}

remedy "channel.check-master" {
  title = "See why the channel's program does not run",
  steps = function(ch) return {
    "Find the program: master_command in the [CHANNEL=...] section of job_controller.cnf that fits " .. text(ch.name),
    "See that the file is there, is executable and finds its libraries (ldd)",
    "Read the newest job_controller.log and the program's own log (imta for ims_master) for the reason",
    { "Run the channel once by hand and read what it says", command("imsimta run %s", ch.name) },
  } end,
  needs = "root or the mail user", risk = "low", restart = "none", undo = "nothing to undo",
  verify = "a process of the program stays and D entries appear",
  warnings = { "`imsimta run` ignores the scheduled retry times: use it once, not in a loop" },
  reference = "field case D7", minutes = 15, risk_minutes = 1, cites = "field cases B13, D7",
}

remedy "channel.restore-or-move" {
  title = "Bring the channel back until its queue is empty",
  steps = function(ch)
    local list = with_compile(ch, {
      "Put the channel block of " .. text(ch.name) .. " back, " .. change.place(ch, "channels") .. " (from the old configuration), until its queue is empty",
    })
    list[#list + 1] = { "Let the job controller find the files", command("imsimta cache -sync") }
    list[#list + 1] = { "Push them", command("imsimta submit %s", ch.name) }
    return list
  end,
  needs = "root; write access to the configuration", risk = "medium", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "take the block out again", verify = "the folder is empty",
  warnings = { "Do not move queue files between folders by hand: their envelope names the channel's host" },
  reference = "domain/msgserver-queue 1.4", minutes = 20, risk_minutes = 10, cites = "domain/msgserver-queue 1.4",
}

remedy "channel.fix-retry" {
  title = "Set sensible times for retries and returns",
  steps = function(ch) return with_compile(ch, {
    "On the line of " .. text(ch.name) .. ", " .. change.place(ch, "channels") .. ", set for example:  notices 1 2 4 7  and  backoff \"pt30m\" \"pt1h\" \"pt2h\" \"pt4h\"",
    "For a known dead host do it on a channel of its own, never for everybody",
  }) end,
  needs = "root; write access to the configuration", risk = "low", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "put the old numbers back", verify = "imsimta test -rewrite shows the new notices; old mail is returned by the next return job",
  warnings = { "Shorter notices return mail sooner: tell the senders" },
  reference = "field case G9", minutes = 10, risk_minutes = 3, cites = "field case G9; domain/msgserver-queue 6.4",
}

remedy "logging.enable" {
  title = "Log the channel",
  steps = function(ch) return with_compile(ch, {
    "Put `logging` on the `defaults` line, or on the line of " .. text(scope_name(ch) == "channel" and ch.name or "the channel") .. ", " .. change.place(ch, "channels"),
    "Set LOG_MESSAGE_ID=1, LOG_FILENAME=1 and LOG_CONNECTION=3 (" .. (change.is_unified(ch) and "msconfig set mta.log_message_id and so on" or "option.dat")
      .. "), so that messages can be followed",
  }) end,
  needs = "root; write access to the configuration; room for the log", risk = "low", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "take the keyword out again", verify = "mail.log_current gets entries of the channel",
  reference = "seed, part II: Before you begin", minutes = 10, risk_minutes = 2, cites = "seed, part II",
}

remedy "queue.hold-message" {
  title = "Set the one bad message aside and keep it",
  steps = function(ch) return {
    { "Start the queue tool; the next commands are typed at its prompt", command("imsimta qm") },
    { "List the channel's messages", command("directory %s", ch.name) },
    { "See the history of the one that fails, by its number", "history 1" },
    { "Set it aside", "hold 1" },
  } end,
  needs = "root or the mail user", risk = "low", restart = "none", undo = "release it again in the same tool",
  verify = "the channel's jobs no longer fail", reference = "catalogue of diagnoses", minutes = 10, risk_minutes = 1, cites = "catalogue of diagnoses",
}
