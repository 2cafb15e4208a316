-- The job controller and its workers: not there, hung, blind to files, short of workers, starved pools, missing periodic jobs.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function queued(ch) return ch.files - ch.held end
local function works(ch) return ch.kind ~= "hold" end
local jc = "job_controller"

-- Processes that work for the channel: the job controller's word; else those that logged in the last hour (some have ended since) or those of
-- its program (which other channels may share), whichever are fewer.
local function workers(ch)
  if known(ch, "jobs") then return ch.jobs end
  if known(ch, "workers_1h", "workers") then return math.min(ch.workers_1h, ch.workers) end
  if known(ch, "workers_1h") then return ch.workers_1h end
  return ch.workers
end

---------------------------------------------------------------- findings about a channel

finding "channel.mostly-untried" {
  title = "most files were never tried",
  scope = "channel", group = "generations", leak = "rarely", where = works,
  test  = function(ch)
    return ch.untried >= thresholds.few_attempts and ch.untried > thresholds.most * queued(ch)
      and ch.oldest_untried_s > thresholds.fresh_s
  end,
  says  = function(ch)
    return num(ch.untried) .. " of " .. num(queued(ch)) .. " files were never tried (ZZ), the oldest for " .. dur(ch.oldest_untried_s)
  end,
  cites = "domain/msgserver-queue 2.2: nearly all ZZ, growing",
}

finding "channel.untried-old" {
  title = "untried files are older than half an hour",
  scope = "channel", group = "ages", leak = "rarely", where = works,
  test  = function(ch) return ch.untried_over_30min >= thresholds.few_attempts end,
  says  = function(ch) return num(ch.untried_over_30min) .. " untried files are older than half an hour" end,
  cites = "domain/msgserver-queue 6.6",
}

finding "channel.nothing-tried" {
  title = "files wait and the channel tries nothing",
  scope = "channel", group = "log-rates", leak = "rarely", where = works,
  test  = function(ch)
    return queued(ch) >= thresholds.few_attempts and silence.of_channel(ch, thresholds.silence_s)
      and (ch.untried_over_30min > 0 or ch.overdue > 0)
  end,
  says  = function(ch) return "files wait, and the channel has logged no attempt " .. silence.time(ch, "last_attempt") end,
  cites = "field cases, look-alikes: are there Q/D lines in the last hour?",
}

finding "channel.silent-among-others" {
  title = "this channel tries nothing while others go on",
  scope = "channel", group = "log-rates", leak = "rarely", where = works,
  test  = function(ch)
    return ch.untried_over_30min >= thresholds.few_attempts and silence.of_channel(ch, thresholds.silence_s)
      and not silence.of_host(ch.host, thresholds.silence_s)
  end,
  says  = function(ch)
    return "this channel has tried nothing " .. silence.time(ch, "last_attempt") .. " while others go on (last attempt anywhere " .. dur(ch.host.last_dequeue) .. " ago)"
  end,
  cites = "field cases, J: only this channel",
}

finding "channel.growing" {
  title = "more messages arrive than leave",
  scope = "channel", group = "log-slope", leak = "sometimes", where = function(ch) return works(ch) and backlog.is_beyond_ordinary(ch) end,
  test  = function(ch) return ch.growing end,
  says  = function(ch) return num(ch.arrived_per_h) .. " messages an hour arrive and " .. num(ch.left_per_h) .. " leave" end,
  cites = "field case H25",
}

finding "channel.overdue" {
  title = "the scheduled retry of most tried files is overdue",
  scope = "channel", group = "ages", leak = "rarely", where = function(ch) return works(ch) and ch.retried >= thresholds.few_attempts end,
  test  = function(ch) return ch.overdue >= thresholds.few_attempts and ch.overdue > thresholds.most * ch.retried end,
  says  = function(ch) return "the scheduled retry of " .. num(ch.overdue) .. " tried files is overdue" end,
  cites = "domain/msgserver-queue 6.4: far fewer attempts than the age predicts",
}

---------------------------------------------------------------- findings about the host

finding "host.no-job-controller" {
  scope = "host", group = "processes-job-controller", leak = says_itself,
  test  = function(h) return h:process(jc).count == 0 end,
  says  = "no job_controller process is there",
  cites = "domain/msgserver-queue 5.1: no job_controller, queues grow",
}

finding "host.job-controller-exited" {
  scope = "host", group = "server-logs", leak = "rarely",
  test  = function(h) return h:process(jc).crashes > 0 end,
  says  = "the watcher logged that job_controller exited abnormally",
  cites = "domain/msgserver-queue 5.3",
}

finding "host.nothing-tried" {
  title = "no channel tries anything though files wait",
  scope = "host", group = "log-attempts", leak = "rarely",
  test  = function(h) return silence.of_host(h, thresholds.silence_s) and h.queue_files - h.queue_held >= thresholds.few_attempts end,
  says  = function(h)
    return "no channel has tried anything " .. silence.time(h, "last_dequeue") .. ", though " .. num(h.queue_files - h.queue_held) .. " files wait"
  end,
  cites = "field cases, J: E only, on all channels",
}

finding "host.still-arriving" {
  title = "mail still arrives",
  scope = "host", group = "log-arrivals", leak = "usually",
  test  = function(h) return h.last_enqueue < thresholds.recent_s and h.arrived_1h > 0 end,
  says  = function(h) return "mail still arrives: " .. num(h.arrived_1h) .. " messages in the last hour" end,
  cites = "field cases, J",
}

finding "host.all-channels-silent" {
  scope = "host", group = "ages", leak = "rarely",
  test  = function(h)
    local with, waiting = 0, 0
    for ch in h:each("channel") do
      if known(ch, "kind", "untried", "untried_over_30min") and ch.kind ~= "hold" and ch.untried > 0 then
        with = with + 1
        if ch.untried_over_30min > 0 then waiting = waiting + 1 end
      end
    end
    return with >= 2 and waiting == with
  end,
  says  = "every channel with files holds some that were not tried for half an hour",
  cites = "domain/msgserver-queue 6.6",
}

finding "host.job-controller-there" {
  scope = "host", group = "processes-job-controller", leak = "nearly always",
  test  = function(h) return h:process(jc).count >= 1 end,
  says  = "a job_controller process is there",
  cites = "field case D5",
}

finding "host.job-controller-mute" {
  scope = "host", group = "tools", leak = "rarely",
  test  = function(h)
    return any {
      function() return not h.jc_answers end,
      function() return failed("msgserver.commands", "no answer in time") and h:process(jc).count >= 1 end,
    }
  end,
  says  = "commands to the job controller get no answer",
  cites = "field case D5: qm jobs and cache view time out",
}

finding "host.more-files-than-max-messages" {
  title = "more files are on disk than the job controller keeps in memory",
  scope = "host", group = "generations-limit", leak = says_itself,
  test  = function(h) return h.queue_files - h.queue_held > h.jc_max_messages end,
  says  = function(h)
    return num(h.queue_files - h.queue_held) .. " files are on disk, the job controller keeps at most " .. num(h.jc_max_messages) .. " in memory"
  end,
  cites = "seed, part II: greater than 100,000",
}

finding "host.knows-its-maximum" {
  title = "the job controller knows as many messages as its limit allows",
  scope = "host", group = "tools", leak = "rarely",
  test  = function(h) return h.jc_known >= thresholds.nearly_all * h.jc_max_messages end,
  says  = function(h) return "it knows " .. num(h.jc_known) .. " messages, which is its limit" end,
  cites = "field cases, J",
}

finding "host.old-untried-though-jobs-run" {
  scope = "host", group = "ages", leak = "rarely",
  test  = function(h)
    local n = 0
    for ch in h:each("channel") do
      if known(ch, "untried_over_4h") then n = n + ch.untried_over_4h end
    end
    return n >= thresholds.backlog_files and h.last_dequeue < thresholds.silence_s
  end,
  says  = "many files were never tried for hours although jobs run",
  cites = "domain/msgserver-queue 6.3: thousands of old ZZ files never touched",
}

finding "channel.files-unknown-to-controller" {
  title = "files are on disk that the job controller does not know",
  scope = "channel", group = "tools", leak = says_itself, where = works,
  test  = function(ch) return queued(ch) > ch.known + thresholds.few_attempts and ch.known < thresholds.nearly_all * queued(ch) end,
  says  = function(ch) return num(queued(ch)) .. " files are on disk, the job controller knows " .. num(ch.known) end,
  cites = "field case D3",
}

finding "channel.released-by-hand" {
  title = "files have names as after a release by hand",
  scope = "channel", group = "generations", leak = "rarely", where = works,
  test  = function(ch) return ch.hand_released > 0 end,
  says  = function(ch) return num(ch.hand_released) .. " files have names as after a release by hand (.02 and above)" end,
  cites = "domain/msgserver-queue 2.1: renamed to a two-digit number",
}

finding "channel.below-max-messages" {
  scope = "channel", group = "configuration", leak = "usually", where = works,
  test  = function(ch) return ch.host.queue_files < ch.host.jc_max_messages end,
  says  = "the whole queue is below MAX_MESSAGES",
  cites = "field cases, look-alikes",
}

finding "channel.slow-constant-rate" {
  title = "deliveries go on slowly while many untried files wait",
  scope = "channel", group = "log-rates", leak = "rarely", where = works,
  test  = function(ch)
    return backlog.untried(ch) and ch.delivered_1h > 0 and ch.last_delivery < thresholds.fresh_s
      and ch.untried > ch.delivered_1h and ch.deferred_1h < ch.delivered_1h
  end,
  says  = function(ch)
    return num(ch.delivered_1h) .. " deliveries in the last hour go on while " .. num(ch.untried) .. " untried files wait"
  end,
  cites = "field cases A13, D1",
}

finding "channel.few-workers" {
  title = "only one or two processes work for the channel",
  scope = "channel", group = "processes", leak = "sometimes", where = works,
  test  = function(ch)
    return backlog.untried(ch)
      and workers(ch) >= 1 and workers(ch) <= thresholds.few_workers
  end,
  says  = function(ch) return "processes that work for the channel: " .. num(workers(ch)) end,
  cites = "field case D1",
}

finding "channel.host-is-idle" {
  title = "the host is idle while untried mail waits",
  scope = "channel", group = "load", leak = "often",
  test  = function(ch) return backlog.untried(ch) and ch.host.load1 < thresholds.idle_load_per_cpu * value(ch.host, "cpus", 1) end,
  says  = function(ch) return "the host is idle (load " .. num(ch.host.load1) .. ")" end,
  cites = "field case A13",
}

finding "channel.pool-full-of-others" {
  title = "all jobs of its pool run for other channels",
  scope = "channel", group = "pool", leak = says_itself, where = works,
  test  = function(ch)
    if ch.untried < thresholds.few_attempts or ch.jobs > 0 then return false end
    local used = 0
    for other in ch.host:each("channel") do
      if other.name ~= ch.name and ch.pool_shared_with:has(other.name) and known(other, "jobs") then used = used + other.jobs end
    end
    return used >= ch.pool_limit
  end,
  says  = function(ch) return "all " .. num(ch.pool_limit) .. " jobs of its pool " .. text(ch.pool) .. " run for other channels" end,
  cites = "field case D11",
}

finding "channel.shares-a-pool" {
  title = "it shares its pool with other channels",
  scope = "channel", group = "configuration", leak = "usually", where = works,
  test  = function(ch) return ch.pool_shared_with.n > 0 end,
  says  = function(ch) return "it shares the pool " .. text(ch.pool) .. " with " .. num(ch.pool_shared_with.n) .. " other channels" end,
  cites = "field case D11",
}

finding "channel.pool-neighbour-is-busy" {
  scope = "channel", group = "log-others", leak = "sometimes", where = works,
  test  = function(ch)
    if ch.untried_over_30min < thresholds.few_attempts then return false end
    for other in ch.host:each("channel") do
      if other.name ~= ch.name and ch.pool_shared_with:has(other.name)
        and known(other, "attempts_1h", "untried") and other.attempts_1h > thresholds.flood_messages and other.untried > ch.untried then
        return true
      end
    end
    return false
  end,
  says  = "another channel of the same pool is flooded and works all the time",
  cites = "field case D11",
}

finding "host.files-outlive-notices" {
  scope = "host", group = "ages", leak = says_itself,
  test  = function(h)
    local n = 0
    for ch in h:each("channel") do
      if known(ch, "kind", "files_over_last_notice") and ch.kind ~= "hold" then n = n + ch.files_over_last_notice end
    end
    return n >= thresholds.few_attempts
  end,
  says  = "files are older than the last age of `notices` plus a day",
  cites = "domain/msgserver-queue 6.5",
}

finding "host.log-not-rolled" {
  title = "mail.log_current was not rolled over for more than a day",
  scope = "host", group = "log-span", leak = "rarely",
  test  = function(h) return h.log_current_span_s > thresholds.rolled_s end,
  says  = function(h) return "mail.log_current covers " .. dur(h.log_current_span_s) .. ": it was not rolled over" end,
  cites = "domain/msgserver-logs 1.10",
}

finding "host.no-warnings" {
  scope = "host", group = "attempt-codes", leak = "sometimes",
  test  = function(h)
    return h.log_span_s > thresholds.rolled_s and any {
      function() return h.warnings_or_returns == 0 end, function() return h.last_return_job > thresholds.rolled_s end }
  end,
  says  = "no warning and no return by age was made for more than a day",
  cites = "field case D9",
}

finding "host.return-job-not-scheduled" {
  scope = "host", group = "configuration", leak = says_itself,
  test  = function(h) return not h.return_job_scheduled end,
  says  = "the return job is not scheduled",
  cites = "field case D9",
}

finding "host.no-scheduler" {
  scope = "host", group = "processes-scheduler", leak = "rarely",
  test  = function(h) return h:process("imsched").count == 0 and h.version_num >= thresholds.first_imsched end,
  says  = "no imsched process is there",
  cites = "domain/msgserver-queue 5.1",
}

---------------------------------------------------------------- causes

local function untried(ch) return ch.untried end
local function last_try(ch) return ch.last_attempt end

cause "jobcontroller.not-running" {
  title   = "The job controller is not running",
  summary = "Nothing is delivered on any channel: the process that schedules deliveries is not there, while mail still arrives",
  scope = "host", prior = "plausible", about = { process = jc },
  links = {
    ["host.no-job-controller"] = "nearly always", ["host.nothing-tried"] = "nearly always", ["host.all-channels-silent"] = "usually",
    ["host.job-controller-exited"] = "often", ["host.still-arriving"] = "usually", ["host.job-controller-mute"] = "often",
    ["host.store-stands-still"] = "usually", ["database.deliveries-hang"] = "usually", ["channel.no-process-of-its-program"] = "often",
    ["channel.mostly-untried"] = "usually", ["channel.untried-old"] = "nearly always", ["channel.nothing-tried"] = "nearly always",
    ["channel.growing"] = "nearly always", ["channel.overdue"] = "usually",
  },
  never = { "host.job-controller-there" },
  brings = { ["channel.stopped"] = "usually", ["jobcontroller.hung"] = "usually", ["ims-ms.master-hung"] = "usually", ["ims-ms.master-not-starting"] = "usually",
             ["jobcontroller.periodic-jobs-missing"] = "often" },
  urgency = "act", if_nothing = "no mail is delivered until it is started; senders are warned at the first age of `notices`",
  remedies = { { "jobcontroller.restart", "nearly always" } },
  since = function(h) return h.last_dequeue end, messages = function(h) return h.queue_files - h.queue_held end,
  cites = "seed; domain/msgserver-queue 5.1",
}

cause "jobcontroller.hung" {
  title   = "The job controller hangs",
  summary = "Its process is there but nothing is tried on any channel and it does not answer",
  scope = "host", prior = "uncommon", about = { process = jc },
  links = {
    ["host.job-controller-mute"] = "nearly always", ["host.nothing-tried"] = "nearly always", ["host.all-channels-silent"] = "usually",
    ["host.job-controller-there"] = "nearly always", ["host.still-arriving"] = "usually",
    ["host.store-stands-still"] = "usually", ["database.deliveries-hang"] = "usually", ["channel.no-process-of-its-program"] = "often",
    ["channel.mostly-untried"] = "usually", ["channel.untried-old"] = "nearly always", ["channel.nothing-tried"] = "nearly always",
    ["channel.growing"] = "nearly always", ["channel.overdue"] = "usually",
  },
  never = { "host.no-job-controller" },
  brings = { ["channel.stopped"] = "usually", ["ims-ms.master-hung"] = "usually" },
  urgency = "act", if_nothing = "no mail is delivered",
  remedies = { { "process.investigate-hang", "often" }, { "jobcontroller.restart", "usually" } },
  since = function(h) return h.last_dequeue end, messages = function(h) return h.queue_files - h.queue_held end,
  cites = "field case D5",
}

cause "jobcontroller.max-messages-exceeded" {
  title   = "More messages are queued than the job controller can hold in memory",
  summary = function(h) return "only what is in memory is delivered; the rest of " .. num(h.queue_files) .. " files waits for a rescan" end,
  scope = "host", prior = "uncommon",
  links = { ["host.more-files-than-max-messages"] = "nearly always", ["host.knows-its-maximum"] = "nearly always",
            ["host.old-untried-though-jobs-run"] = "usually", ["channel.untried-old"] = "usually", ["channel.growing"] = "often",
            ["channel.files-unknown-to-controller"] = "nearly always" },
  brings = { ["jobcontroller.cache-unsynced"] = "nearly always" },
  urgency = "act", if_nothing = "messages are delivered late and out of order",
  remedies = { { "jobcontroller.raise-max-messages", "usually" } },
  messages = function(h) return h.queue_files - h.jc_max_messages end,
  cites = "seed, part II: Configuration Issues",
}

cause "jobcontroller.cache-unsynced" {
  title   = "Files lie in the queue that the job controller does not know",
  summary = "They were moved, restored or renamed by hand; the next synchronization within 4 hours finds them",
  scope = "channel", where = works, prior = "uncommon",
  links = { ["channel.files-unknown-to-controller"] = "nearly always", ["channel.untried-old"] = "usually", ["channel.released-by-hand"] = "sometimes",
            ["channel.below-max-messages"] = "nearly always",
            ["channel.files-were-moved"] = "usually" },
  urgency = "watch", if_nothing = "the cache is synchronized with the disk every 4 hours",
  remedies = { { "queue.cache-sync", "usually" } },
  messages = untried, cites = "field case D3",
}

cause "jobcontroller.pool-starved" {
  title   = "Other channels take all jobs of this channel's pool",
  summary = function(ch) return "no job is free for " .. text(ch.name) .. " in the pool it shares" end,
  scope = "channel", where = works, prior = "uncommon",
  links = { ["channel.pool-full-of-others"] = "nearly always", ["channel.shares-a-pool"] = "nearly always", ["channel.pool-neighbour-is-busy"] = "usually",
            ["channel.no-job-though-files"] = "nearly always", ["channel.siblings-go-on"] = "nearly always", ["channel.nothing-tried"] = "usually",
            ["channel.mostly-untried"] = "usually", ["channel.untried-old"] = "nearly always", ["channel.silent-among-others"] = "usually", ["channel.growing"] = "usually" },
  never = { "channel.stopped-by-tool", "channel.pool-undefined", "channel.no-program" },
  urgency = "act", if_nothing = "this channel waits until the other one is done",
  remedies = { { "channel.own-pool", "usually" }, { "jobcontroller.raise-job-limit", "often" } },
  since = last_try, messages = untried, cites = "field case D11; seed, part II",
}

cause "jobcontroller.too-few-workers" {
  title   = "Too few workers deliver a backlog on an idle host",
  summary = function(ch) return "deliveries go on at a steady slow rate while " .. num(ch.untried) .. " files wait and the host is idle" end,
  scope = "channel", where = works, prior = "plausible",
  links = { ["channel.slow-constant-rate"] = "nearly always", ["channel.few-workers"] = "nearly always", ["channel.host-is-idle"] = "nearly always",
            ["channel.mostly-untried"] = "usually", ["channel.untried-old"] = "usually", ["channel.growing"] = "often", ["channel.drains-for-days"] = "often", ["channel.others-get-mail"] = "usually" },
  never = { "channel.nothing-tried", "channel.one-worker", "channel.files-unknown-to-controller" },
  urgency = "watch", if_nothing = function(ch) return "the backlog is gone in about " .. dur(ch.drained_in_s) end,
  remedies = { { "channel.more-threads", "usually" }, { "jobcontroller.raise-job-limit", "often" } },
  messages = untried, cites = "field cases A13, D1",
}

cause "jobcontroller.periodic-jobs-missing" {
  title   = "The return job does not run",
  summary = "Old messages are neither warned about nor returned, and the log is not rolled over",
  scope = "host", prior = "uncommon",
  links = { ["host.files-outlive-notices"] = "usually", ["host.log-not-rolled"] = "nearly always", ["host.no-warnings"] = "usually",
            ["host.return-job-not-scheduled"] = "often", ["host.no-scheduler"] = "often" },
  urgency = "act", if_nothing = "dead mail stays for ever, senders are never told, the log grows",
  remedies = { { "schedule.restore-return-job", "usually" } },
  since = function(h) return h.last_return_job end,
  cites = "field case D9",
}

---------------------------------------------------------------- remedies

remedy "jobcontroller.restart" {
  title = "Start the job controller again",
  steps = function(x)
    local h, list = x.host, {}
    if value(h:process(jc), "count", 0) > 0 then
      list[#list + 1] = { "It is still there: keep a picture of what it does first", known(h:process(jc), "pid") and command("pstack %s", h:process(jc).pid) or nil }
      list[#list + 1] = { "Restart it", command("imsimta restart job_controller") }
    else
      list[#list + 1] = { "See why it ended: read its newest log, job_controller.log-*, in the log folder",
                          value(x.host, "version_num", 603) < 700 and value(x.host, "version_num", 603) >= 600 and "ls -lt /opt/SUNWmsgsr/log" or nil }
      list[#list + 1] = { "Start it", value(h, "version_num", 603) >= 600 and command("start-msg job_controller") or command("imsimta start job_controller") }
    end
    list[#list + 1] = "Let it read the queue: with a large backlog this takes minutes, deliveries start slowly"
    return list
  end,
  needs = "root", risk = "medium", restart = "job controller", undo = "nothing to undo",
  verify = "imsimta process shows one job_controller, mail.log_current gets D entries on all channels",
  withheld = function(x)
    if known(x.host, "queue_fs_used_pct") and x.host.queue_fs_used_pct >= thresholds.disk_full_pct then
      return "the queue's file system is full: free space first, or it fails again"
    end
  end,
  warnings = { "A restart forgets the order of the queue; save its log and a stack trace first if it hangs" },
  reference = "wiki: Job Controller; domain/msgserver-queue 6.7", minutes = 10, risk_minutes = 10, cites = "domain/msgserver-queue 6.7",
}

remedy "jobcontroller.raise-max-messages" {
  title = "Raise MAX_MESSAGES",
  steps = function(x)
    local target = math.max(2 * thresholds.default_max_messages, 2 * value(x, "queue_files", thresholds.default_max_messages))
    local list = {}
    if value(x, "version_num", 602) >= 602 then
      list[#list + 1] = { "Raise it at once, without a restart", command("imsimta cache -change -global -max_messages=%s", target) }
    end
    if value(x, "is_unified", false) then
      list[#list + 1] = { "Keep it for the next start", command("msconfig set job_controller.max_cache_messages %s", target) }
    else
      list[#list + 1] = "Keep it for the next start: max_messages=" .. string.format("%d", target) .. " among the first lines of job_controller.cnf"
    end
    list[#list + 1] = { "Let it take in the files it does not know", command("imsimta cache -sync") }
    return list
  end,
  needs = "memory for the larger cache", risk = "low", restart = "none where cache -change exists (6.2 and later)",
  undo = "set the old value again", verify = "imsimta qm summarize -database counts as many messages as are on disk",
  warnings = { "A larger cache makes each rebuild longer" },
  reference = "seed, part II: Configuration Issues", minutes = 10, risk_minutes = 2, cites = "seed, part II; domain/msgserver-queue 6.3",
}

remedy "queue.cache-sync" {
  title = "Let the job controller read the queue folders again",
  steps = function(x)
    local ch = scope_name(x) == "channel" and x.name or nil
    return {
      { "Add what it does not know to its cache", command("imsimta cache -sync") },
      { "Then push the channel", ch and command("imsimta submit %s", ch) or nil },
    }
  end,
  needs = "root or the mail user", risk = "low", restart = "none", undo = "nothing to undo",
  verify = "the untried files of the channel become fewer within minutes",
  warnings = { "It opens every message file: with thousands of files it takes a while and loads the disk" },
  reference = "Administration Guide: MTA messages are not delivered", minutes = 10, risk_minutes = 2, cites = "field case D3",
}

remedy "jobcontroller.raise-job-limit" {
  title = "Allow more jobs",
  steps = function(x)
    return {
      "Raise job_limit of the pool " .. text(value(x, "pool", "of the channel")) .. (change.is_unified(x) and " (job_controller.job_pool)" or " in job_controller.cnf")
        .. ", and maxjobs of the channel " .. change.place(x, "channels") .. " (the lesser of both counts)",
      { "Try it at once without a restart", value(x.host, "version_num", 603) >= 602 and command("imsimta cache -change -channel=%s -job_limit=%s", x.name, 2 * value(x, "pool_limit", 5)) or nil },
      { "Compile the configuration", command("imsimta cnbuild") },
    }
  end,
  needs = "memory and descriptors for more processes", risk = "low", restart = "imsimta cnbuild; the job controller reads its file at its next start",
  undo = "set the old numbers again", verify = "more processes of the channel's program run, the backlog falls faster",
  reference = "seed, part II: Configuration Issues", minutes = 10, risk_minutes = 3, cites = "seed, part II; field case A13",
}

remedy "channel.own-pool" {
  title = "Give the channel a pool of its own",
  steps = function(x)
    local ch = scope_name(x) == "channel" and x.name or "tcp_local"
    return {
      change.pool(x, "OWN_POOL", 10),
      "Put  pool OWN_POOL  on the line of the channel " .. text(ch) .. " (" .. change.place(x, "channels") .. ")",
      { "Compile the configuration (where a compiled one is in use)", command("imsimta cnbuild") },
      change.job_controller(x),
    }
  end,
  needs = "root; write access to the configuration", risk = "medium", restart = "imsimta cnbuild, imsimta restart job_controller",
  undo = "put the old pool back", verify = "jobs run for the channel while the other one is busy",
  warnings = { "Restarting the job controller with a large queue loses its order and takes long: wait for a quiet hour",
               "Do not forget the pool: an unknown pool name silently stops the channel" },
  reference = "seed, part II: Configuration Issues", minutes = 20, risk_minutes = 10, cites = "seed, part II; field case D11",
}

remedy "channel.more-threads" {
  title = "Let more threads and processes deliver",
  steps = function(x)
    local ch = scope_name(x) == "destination" and x.channel or x
    return {
      "Lower threaddepth on the channel's line, " .. change.place(ch, "channels") .. " (now " .. num(value(ch, "threaddepth", 10)) .. "): a further thread is asked for each time so many messages wait",
      change.is_unified(ch) and { "Raise the threads of each process (10 unless set)", command("msconfig set channel:%s.options.MAX_CLIENT_THREADS 20", ch.name) }
        or "In its option file (" .. text(ch.name) .. "_option) raise MAX_CLIENT_THREADS (10 unless set)",
      { "Try a lower depth at once without a restart", value(ch.host, "version_num", 603) >= 602 and command("imsimta cache -change -channel=%s -thread_depth=%s", ch.name, 5) or nil },
      { "Compile the configuration", command("imsimta cnbuild") },
      { "Push what waits", command("imsimta submit %s", ch.name) },
    }
  end,
  needs = "a destination or store that can take more at once", risk = "low", restart = "imsimta cnbuild",
  undo = "set the old numbers again", verify = "more threads run, deliveries per hour rise",
  warnings = { "Against a destination that limits its clients, more threads make it worse" },
  reference = "seed, part II: max_client_threads and threaddepth", minutes = 15, risk_minutes = 3, cites = "seed, part II; field cases A13, D1",
}

remedy "schedule.restore-return-job" {
  title = "Schedule the return job again and run it",
  steps = function(x)
    local list, version = {}, value(x, "version_num", 603)
    if version < thresholds.first_imsched then
      list[#list + 1] = "See that job_controller.cnf has the section [PERIODIC_JOB=return] with its command and time, as the installed file had"
      list[#list + 1] = "The job controller reads it at its next start: choose a quiet hour with a small queue"
      return list
    end
    if value(x, "is_unified", false) then
      list[#list + 1] = { "See how it is scheduled", command("msconfig show schedule.task:return_job.crontab") }
      list[#list + 1] = { "Schedule it for every night", "msconfig set schedule.task:return_job.crontab \"30 0 * * * lib/return_job\"" }
    else
      list[#list + 1] = { "See how it is scheduled", command("configutil -o local.schedule.return_job") }
      list[#list + 1] = { "Schedule it for every night", "configutil -o local.schedule.return_job -v \"30 0 * * * lib/return_job\"" }
    end
    list[#list + 1] = { "See that the scheduler runs, and start it where it does not", command("start-msg sched") }
    list[#list + 1] = { "Let the scheduler read it", command("refresh sched") }
    list[#list + 1] = { "Run it once now, as the mail user: it warns about and returns what is too old (lib/return_job below the product's folder)",
                        version < 700 and "/opt/SUNWmsgsr/lib/return_job" or nil }
    return list
  end,
  needs = "root", risk = "low", restart = "scheduler", undo = "remove the schedule again",
  verify = "after half past midnight mail.log_current starts anew and old files are gone",
  warnings = { "The first run may return many old messages at once" },
  reference = "field case D9", minutes = 10, risk_minutes = 3, cites = "field case D9; domain/msgserver-queue 6.5",
}

remedy "process.investigate-hang" {
  title = "Keep a picture of the hung process before you end it",
  steps = function(x)
    -- Of a channel the program that hangs is known; of the host it may be any.
    local program = scope_name(x) == "channel" and (value(x, "kind", "") == "store" and "ims_master" or value(x, "master_program", nil))
    local pid = program and value(x.host:process(program), "pid", nil)
    return {
      { "Note its process number", command("imsimta process") },
      { "Keep its stack, twice, a minute apart (Solaris; `gdb -p` or `eu-stack -p` on Linux)"
          .. (pid and "; this is the number of the oldest" or "; <pid> is the number that you noted"), pid and command("pstack %d", pid) or "pstack <pid>" },
      { "See whether it uses the processor or waits", command("ps -ef") },
      "If it waits for the store, look at stored and at the file system first: ending it cures nothing then",
      "End it with SIGTERM and patience; never SIGKILL a program that works in the store: it leaves a lock that only a restart of the store servers clears",
    }
  end,
  needs = "root", risk = "low", restart = "none by itself", undo = "nothing to undo",
  verify = "two stacks that are equal show where it hangs",
  reference = "Administration Reference, chapter 1: do not use SIGKILL", minutes = 15, risk_minutes = 2, cites = "field cases C3, D5",
}
