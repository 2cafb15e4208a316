-- Normal states. Internet mail is store and forward: most queues that people worry about are healthy, and saying so with evidence is
-- half of the work. Each of these is a benign cause: it explains findings and so shields the faults from them.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function queued(ch) return ch.files - ch.held end

---------------------------------------------------------------- what a run falls back to

cause "queue.healthy" {
  title   = "The queues are healthy",
  summary = "Nothing here needs attention: queues are empty or at their ordinary size, and what should run runs",
  scope = "host", benign = true, prior = "common",
  links = {}, urgency = "normal",
  if_nothing = "nothing happens",
  remedies = {},
  cites = "seed, part I: When is a message queue having a problem?",
}

---------------------------------------------------------------- store and forward

finding "channel.waiting-for-retry" {
  title = "nearly all tried messages wait for their next scheduled retry",
  scope = "channel", group = "ages", leak = "sometimes",
  test  = function(ch) return ch.retried > 0 and ch.waiting >= thresholds.nearly_all * ch.retried end,
  says  = function(ch)
    return num(ch.waiting) .. " of " .. num(ch.retried) .. " tried messages wait for their next scheduled retry, which has not come yet"
  end,
  cites = "field case D15: now - last try < backoff step for its generation",
}

finding "channel.tool-says-delayed" {
  title = "qm messages counts nearly all messages as delayed",
  scope = "channel", group = "tools", leak = "sometimes",
  test  = function(ch) return ch.delayed > 0 and ch.delayed >= thresholds.nearly_all * (ch.active + ch.delayed) end,
  says  = function(ch)
    return "qm messages counts " .. num(ch.delayed) .. " delayed and " .. num(ch.active) .. " active messages"
  end,
  cites = "seed, part II: active and delayed messages",
}

finding "channel.remote-hosts-fail" {
  title = "most failed attempts are troubles of the other side",
  scope = "channel", group = "attempt-texts", leak = "sometimes",
  where = function(ch) return ch.kind == "smtp" or ch.kind == "lmtp" end,
  test  = function(ch)
    return ch.failures:share("connect-refused", "connect-timeout", "no-route", "connect-failed", "host-skipped", "connection-lost",
      "peer-busy", "smtp-4xx", "greylisted", "rate-limited", "dns-temporary", "over-quota-remote", "blocklisted", "tls", "protocol")
      > thresholds.most
  end,
  says  = function(ch)
    local top = ch.failures:top(1)[1]
    return "most failed attempts are troubles of the other side (" .. text(top.name) .. ": " .. num(top.count) .. ")"
  end,
  cites = "seed, part I: destination host problems",
}

cause "normal.store-and-forward" {
  title   = "Messages wait for their next scheduled retry",
  summary = function(ch)
    return num(value(ch, "waiting", value(ch, "retried", 0))) .. " messages wait for hosts that are not available now; they are tried again by schedule"
  end,
  scope = "channel", benign = true, prior = "common",
  where = function(ch) return backlog.may_wait(ch) and (ch.kind == "smtp" or ch.kind == "lmtp") end,
  links = {
    ["channel.waiting-for-retry"] = "nearly always", ["channel.mostly-retried"] = "usually", ["channel.tool-says-delayed"] = "usually",
    ["channel.remote-hosts-fail"] = "usually", ["channel.others-get-mail"] = "usually",
  },
  never = { "channel.nothing-tried" },
  urgency = "normal",
  if_nothing = function(ch)
    return "they are tried again by schedule; first warning to a sender in " .. dur(ch.until_warning_s) .. ", first bounce in " .. dur(ch.until_bounce_s)
  end,
  remedies = { { "queue.wait", "usually" } },
  messages = function(ch) return ch.retried end,
  since = function(ch) return ch.oldest_s end,
  cites = "seed, part I; field case D15",
}

---------------------------------------------------------------- a burst that drains

finding "channel.drains" {
  title = "more messages leave than arrive",
  scope = "channel", group = "log-slope", leak = "rarely",
  test  = function(ch)
    return backlog.has(ch) and ch.left_per_h > ch.arrived_per_h and ch.drained_in_s < thresholds.day_s
  end,
  says  = function(ch)
    return num(ch.left_per_h) .. " messages an hour leave and " .. num(ch.arrived_per_h) .. " arrive: empty in about " .. dur(ch.drained_in_s)
  end,
  cites = "field case F1",
}

finding "channel.drains-for-days" {
  title = "the untried backlog falls so slowly that it lasts for days",
  scope = "channel", group = "log-slope", leak = "rarely",
  test  = function(ch)
    return backlog.untried(ch) and ch.left_per_h > ch.arrived_per_h and ch.drained_in_s >= thresholds.day_s
  end,
  says  = function(ch)
    return num(ch.left_per_h) .. " messages an hour leave and " .. num(ch.arrived_per_h) .. " arrive: the backlog lasts for another " .. dur(ch.drained_in_s)
  end,
  cites = "field case D1: empties only while new mail keeps coming",
}

finding "channel.delivers-at-its-best" {
  title = "deliveries run near the highest rate that was seen",
  scope = "channel", group = "log-rates", leak = "rarely",
  test  = function(ch)
    return backlog.has(ch) and ch.delivered_1h >= thresholds.flood_messages
      and ch.delivered_1h >= thresholds.most * ch.deliveries_peak_1h
  end,
  says  = function(ch)
    return num(ch.delivered_1h) .. " deliveries in the last hour, the most in any hour was " .. num(ch.deliveries_peak_1h)
  end,
  cites = "field case F1: D rate at its usual maximum",
}

finding "channel.burst-came" {
  scope = "channel", group = "log-arrivals", leak = "rarely",
  test  = function(ch)
    return backlog.has(ch)
      and (known(ch.host, "arrivals_burst_ended") and ch.host.arrivals_burst_ended < thresholds.day_s
        or ch.arrived_1h >= thresholds.flood_messages and ch.arrived_1h > thresholds.burst_ratio * ch.arrivals_usual_1h)
  end,
  says  = "a burst of arrivals came before the backlog",
  cites = "field cases F1, F7",
}

cause "normal.burst-draining" {
  title   = "A burst of mail came and the queue drains",
  summary = function(ch) return "the backlog goes down by itself and is gone in about " .. dur(ch.drained_in_s) end,
  scope = "channel", benign = true, prior = "common",
  where = function(ch) return not ch.growing and ch.left_per_h >= ch.arrived_per_h end,
  links = {
    ["channel.drains"] = "nearly always", ["channel.delivers-at-its-best"] = "often", ["channel.burst-came"] = "usually",
    ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.growing"] = "rarely", ["channel.others-get-mail"] = "usually",
  },
  never = { "channel.nothing-tried" },
  urgency = function(ch) if ch.growing then return "watch" end return "normal" end, usual_urgency = "normal",
  if_nothing = function(ch) return "the queue is empty in about " .. dur(ch.drained_in_s) end,
  remedies = { { "queue.wait", "nearly always" } },
  messages = function(ch) return ch.untried end,
  since = function(ch) return ch.oldest_untried_s end,
  cites = "field cases F1, F7, D1",
}

---------------------------------------------------------------- busy mailboxes

finding "channel.some-mailboxes-busy" {
  title = "attempts met a busy mailbox",
  scope = "channel", group = "attempt-texts", leak = "rarely",
  where = function(ch) return ch.kind == "store" or ch.kind == "lmtp" end,
  test  = function(ch) return ch.failures:count("mailbox-busy") > 0 end,
  says  = function(ch) return num(ch.failures:count("mailbox-busy")) .. " attempts met a busy mailbox" end,
  cites = "seed, part II: IMAP_MAILBOX_LOCKED",
}

finding "channel.busy-recovers" {
  title = "most attempts that met a busy mailbox were followed by a delivery",
  scope = "channel", group = "log-outcomes", leak = "rarely",
  where = function(ch) return ch.kind == "store" or ch.kind == "lmtp" end,
  test  = function(ch)
    local busy = ch.failures:count("mailbox-busy")
    return busy > 0 and ch.busy_recovered >= thresholds.most * busy
  end,
  says  = function(ch) return num(ch.busy_recovered) .. " of them were followed by a delivery to the same mailbox" end,
  cites = "field case A17",
}

cause "normal.mailbox-busy" {
  title   = "Mailboxes are busy now and then",
  summary = "A few deliveries met a mailbox in use; they are retried after short delays and succeed",
  scope = "channel", benign = true, prior = "common",
  where = function(ch) return ch.kind == "store" or ch.kind == "lmtp" end,
  links = { ["channel.some-mailboxes-busy"] = "nearly always", ["channel.busy-recovers"] = "nearly always", ["channel.others-get-mail"] = "usually" },
  urgency = "normal", if_nothing = "the messages are delivered within minutes",
  remedies = { { "queue.wait", "nearly always" } },
  messages = function(ch) return ch.retried end,
  cites = "seed, part II; field case A17",
}

---------------------------------------------------------------- programs that come and go

finding "host.ims-master-turns-over" {
  title = "ims_master started several times and ended in good order",
  scope = "host", group = "server-logs", leak = "sometimes",
  test  = function(h)
    local p = h:process("ims_master")
    return p.starts >= thresholds.turnover_starts and p.orderly_ends >= thresholds.nearly_all * (p.starts - 1)
  end,
  says  = function(h)
    local p = h:process("ims_master")
    return "ims_master started " .. num(p.starts) .. " times and ended in good order " .. num(p.orderly_ends) .. " times"
  end,
  cites = "seed, part II: More about the ims_master process",
}

finding "host.ims-master-turns-over-often" {
  title = "ims_master starts so often that people ask",
  scope = "host", group = "server-log-rates", leak = "rarely",
  test  = function(h)
    local p = h:process("ims_master")
    return any {
      function() return p.starts >= thresholds.turnover_often_day end,
      function() return p.starts_1h >= thresholds.turnover_often_hour end,
    }
  end,
  says  = function(h) return "that is often: " .. num(value(h:process("ims_master"), "starts_1h", 0)) .. " starts in the last hour alone" end,
  cites = "seed, part II: gaps from seconds to 15 minutes; field case B11",
}

finding "host.ims-master-without-errors" {
  scope = "host", group = "server-log-levels", leak = "often",
  test  = function(h) local p = h:process("ims_master") return p.starts > 0 and p.errors == 0 end,
  says  = "its starts and ends are Notices; it logged no Error and no Critical line",
  cites = "seed, part II",
}

cause "normal.master-turnover" {
  title   = "ims_master ends and starts again: normal turnover",
  summary = "Channel programs end when they are idle or old, and the job controller starts new ones when there is work",
  scope = "host", benign = true, prior = "plausible", about = { process = "ims_master" },
  links = { ["host.ims-master-turns-over"] = "nearly always", ["host.ims-master-turns-over-often"] = "often", ["host.ims-master-without-errors"] = "usually" },
  urgency = "normal", if_nothing = "nothing happens", remedies = {},
  cites = "seed, part II; field case B11",
}

---------------------------------------------------------------- the hold channel

finding "channel.hold-has-mail" {
  title = "files lie in the hold channel",
  scope = "channel", group = "generations", leak = says_itself, where = function(ch) return ch.kind == "hold" end,
  test  = function(ch) return ch.files > 0 end,
  says  = function(ch) return num(ch.files) .. " files lie in the hold channel" end,
  cites = "seed, part II: What are .HELD messages?",
}

cause "normal.hold-channel" {
  title   = "Mail is held for users who are being moved",
  summary = function(ch) return num(ch.files) .. " messages lie on the hold channel until their users are released" end,
  scope = "channel", benign = true, prior = "common", where = function(ch) return ch.kind == "hold" end,
  links = { ["channel.hold-has-mail"] = "nearly always" },
  urgency = function(ch)
    if ch.held_oldest_s > thresholds.hold_long_s then return "watch" end
    return "normal"
  end, usual_urgency = "normal",
  if_nothing = "held mail never ages out: it stays until somebody releases it",
  remedies = { { "hold.process-held", "nearly always" } },
  messages = function(ch) return ch.files end, since = function(ch) return ch.held_oldest_s end,
  cites = "seed, part II; field case E1",
}

---------------------------------------------------------------- other waiting that is meant

finding "channel.outside-its-window" {
  scope = "channel", group = "configuration", leak = says_itself,
  test  = function(ch) return ch.window_closed and queued(ch) > 0 end,
  says  = "the channel has delivery times and it is not one of them now",
  cites = "domain/msgserver-queue 6.2: delivery windows",
}

cause "normal.delivery-window" {
  title   = "The channel runs only at certain times",
  summary = "Mail of this channel waits for its delivery time",
  scope = "channel", benign = true, prior = "uncommon",
  links = { ["channel.outside-its-window"] = "nearly always", ["channel.mostly-untried"] = "usually", ["channel.untried-old"] = "usually",
            ["channel.nothing-tried"] = "nearly always", ["channel.silent-among-others"] = "nearly always", ["channel.growing"] = "usually",
            ["channel.no-job-though-files"] = "nearly always", ["channel.siblings-go-on"] = "nearly always", ["channel.no-process-of-its-program"] = "often" },
  never = { "channel.stopped-by-tool" },
  urgency = "normal", if_nothing = "the messages leave when the delivery time begins",
  remedies = { { "queue.wait", "nearly always" } },
  messages = function(ch) return ch.files end,
  cites = "field cases, look-alikes: clock window",
}

finding "channel.few-files-many-recipients" {
  title = "its messages have very many recipients",
  scope = "channel", group = "log-people", leak = "rarely", where = function(ch) return ch.kind == "process" end,
  test  = function(ch) return queued(ch) > 0 and ch.recipients_per_message >= thresholds.list_recipients end,
  says  = function(ch) return "its messages have " .. num(ch.recipients_per_message) .. " recipients on average" end,
  cites = "field cases, J: list expansion",
}

finding "channel.members-leave" {
  title = "far more messages come out of it than went in",
  scope = "channel", group = "log-sources", leak = says_itself, where = function(ch) return ch.kind == "process" end,   -- only an expansion does that
  test  = function(ch)
    return ch.submitted_1h >= thresholds.list_recipients and ch.submitted_1h >= thresholds.top_ten * (ch.delivered_1h + queued(ch))
  end,
  says  = function(ch) return num(ch.submitted_1h) .. " messages came out of it in the last hour, made of " .. num(ch.delivered_1h + queued(ch)) end,
  cites = "field cases, J: few files, many recipients",
}

finding "channel.list-in-work" {
  title = "its few messages came a short time ago and are worked at",
  scope = "channel", group = "ages", leak = "sometimes", where = function(ch) return ch.kind == "process" end,
  test  = function(ch)
    return queued(ch) > 0 and queued(ch) < thresholds.backlog_files and ch.untried_over_30min == 0 and any {
      function() return ch.submitted_1h > 0 end, function() return ch.last_attempt < thresholds.fresh_s end,
    }
  end,
  says  = function(ch) return num(queued(ch)) .. " messages lie in it, none for half an hour, and it works" end,
  cites = "field cases, J: for minutes",
}

cause "normal.list-expansion" {
  title   = "A large list is being expanded",
  summary = "Few messages with very many recipients are being expanded; this takes minutes",
  scope = "channel", benign = true, prior = "plausible", where = function(ch) return ch.kind == "process" end,
  links = { ["channel.few-files-many-recipients"] = "often", ["channel.members-leave"] = "often", ["channel.list-in-work"] = "nearly always", ["channel.others-get-mail"] = "usually" },
  never = { "channel.untried-old" },
  urgency = "normal", if_nothing = "the expansion ends by itself",
  remedies = { { "queue.wait", "nearly always" } },
  messages = function(ch) return ch.files end,
  cites = "field cases, J",
}

finding "channel.store-says-stress" {
  title = "notices say that the store is under stress",
  scope = "channel", group = "server-logs", leak = says_itself, where = function(ch) return ch.kind == "store" end,
  test  = function(ch) return ch.host.stress_notices > 0 end,
  says  = function(ch) return num(ch.host.stress_notices) .. " notices say that the store is under stress" end,
  cites = "field cases, J: job controller notices of a stressed store",
}

cause "normal.stress-throttle" {
  title   = "The job controller spares a store under stress",
  summary = "Fewer ims_master jobs run while the store reports stress; mail goes on slowly",
  scope = "channel", benign = true, prior = "plausible", where = function(ch) return ch.kind == "store" end,
  links = { ["channel.store-says-stress"] = "nearly always", ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often",
            ["channel.others-get-mail"] = "usually" },
  never = { "channel.nothing-tried" },
  urgency = function(ch) if ch.growing then return "watch" end return "normal" end, usual_urgency = "normal",
  if_nothing = "delivery speeds up when the stress ends",
  remedies = { { "queue.wait", "usually" }, { "performance.investigate", "often" } },
  messages = function(ch) return ch.files end,
  cites = "field cases, look-alikes",
}

finding "channel.partial-successes" {
  title = "attempts succeeded for some of the recipients (Z entries)",
  scope = "channel", group = "attempt-codes", leak = says_itself,      -- a Z entry means nothing else
  test  = function(ch) return ch.partial > 0 end,
  says  = function(ch) return num(ch.partial) .. " attempts succeeded for some recipients and were repeated at once for the rest (Z entries)" end,
  cites = "domain/msgserver-logs 1.3: Z",
}

cause "normal.multi-recipient-retry" {
  title   = "Some recipients were done, the rest is tried again at once",
  summary = "Messages with several recipients were delivered in part; the remainder goes on as a new file",
  scope = "channel", benign = true, prior = "plausible",
  where = function(ch) return known(ch, "partial") or backlog.may_wait(ch) end,      -- the log tells it of an empty queue, too
  links = { ["channel.partial-successes"] = "nearly always" },
  urgency = "normal", if_nothing = "the remaining recipients are served at the next tries",
  remedies = { { "queue.wait", "nearly always" } },
  messages = function(ch) return ch.partial end,
  cites = "domain/msgserver-logs 1.3: Z",
}

finding "channel.second-hop" {
  title = "many enqueue entries are hops through this channel",
  scope = "channel", group = "log-rates", leak = says_itself, where = function(ch) return ch.kind == "process" end,      -- the definition of a second hop
  test  = function(ch)
    return ch.host.double_hop_share > thresholds.third and ch.arrived > thresholds.backlog_files and queued(ch) < thresholds.backlog_files
  end,
  says  = function(ch) return "each message passes this channel on its way: " .. pct(ch.host.double_hop_share) .. " of all enqueue entries are such hops" end,
  cites = "field cases A19, F9",
}

cause "normal.double-counting" {
  title   = "Messages count twice because they pass a conversion or filter channel",
  summary = "Totals look doubled since every message is enqueued once more for its second hop",
  scope = "channel", benign = true, prior = "plausible", where = function(ch) return ch.kind == "process" end,
  links = { ["channel.second-hop"] = "nearly always" },
  urgency = "normal", if_nothing = "nothing happens; count deliveries at the final channels only", remedies = {},
  cites = "field cases A19, F9",
}

finding "channel.new-mail-goes-elsewhere" {
  scope = "channel", group = "log-destinations", leak = says_itself,      -- the definition: the stuck destinations have another channel now
  test  = function(ch) return ch.retried > 0 and ch.moved_destination end,
  says  = "new mail for the same destinations goes to another channel",
  cites = "field case G7",
}

cause "normal.old-mail-stays-in-old-channel" {
  title   = "Mail queued before the new channel was made stays where it is",
  summary = "Only new mail follows a new channel; what was queued before is tried from the old one",
  scope = "channel", benign = true, prior = "plausible",
  links = { ["channel.new-mail-goes-elsewhere"] = "nearly always", ["channel.mostly-retried"] = "usually" },
  urgency = "normal", if_nothing = "the old messages are delivered or returned from the old channel",
  remedies = { { "queue.wait", "usually" }, { "queue.delete-or-return", "often" } },
  messages = function(ch) return ch.retried end,
  cites = "seed, part II; field case G7",
}

---------------------------------------------------------------- recovering after a start

local function store_recovers(h)
  return recovery.of_stored(h:database("mboxlist")) < thresholds.recovery_s
end

local function job_controller_reads(h)
  return h:process("job_controller").oldest_s < thresholds.recovery_s and h.queue_files >= thresholds.big_backlog_files
end

finding "host.just-started" {
  title = "a service was started a short time ago and is still recovering",
  scope = "host", group = "tools", leak = says_itself,      -- the definition of a recovery
  test  = function(h) return any { function() return store_recovers(h) end, function() return job_controller_reads(h) end } end,
  says  = function(h)
    if known(h:database("mboxlist"), "state") and store_recovers(h) then
      return "stored says `init` since " .. dur(recovery.of_stored(h:database("mboxlist"))) .. ": it is still recovering"
    end
    return "the job controller started " .. dur(h:process("job_controller").oldest_s) .. " ago and still reads " .. num(h.queue_files) .. " files"
  end,
  cites = "domain/msgserver-queue 5.2: init while recovering, ready when up; 6.7: do not diagnose in the first minutes after a start",
}

cause "normal.recovery-in-progress" {
  title   = "A service is still recovering after its start",
  summary = "stored or the job controller was started a short time ago and has not finished its recovery",
  scope = "host", benign = true, prior = "plausible",
  links = { ["host.just-started"] = "nearly always", ["host.nothing-tried"] = "sometimes", ["host.all-channels-silent"] = "sometimes",
            ["host.store-unavailable-errors"] = "sometimes", ["host.old-untried-though-jobs-run"] = "sometimes",
            ["host.store-stands-still"] = "sometimes", ["database.recovers"] = "often", ["database.no-checkpoint"] = "often",
            ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.nothing-tried"] = "often", ["channel.overdue"] = "often",
            ["channel.files-unknown-to-controller"] = "usually", ["channel.store-gets-nothing"] = "often",
            ["host.logins-fail"] = "often", ["database.logins-fail"] = "often" },
  urgency = "watch", if_nothing = "it is over within minutes; a large queue takes longer",
  remedies = { { "queue.wait", "usually" } },
  messages = function(h) return h.queue_untried end,
  cites = "domain/dns-and-store SB-02; domain/msgserver-queue 6.7",
}

---------------------------------------------------------------- remedies of waiting

remedy "queue.wait" {
  title = "Leave it: the MTA tries again by itself",
  steps = function(x)
    local list = { "Do not restart anything and do not force retries: both make a backlog last longer" }
    if scope_name(x) ~= "host" then
      local ch = scope_name(x) == "channel" and x or x.channel
      local version = value(x.host, "version_num", 603)
      if version >= 603 then
        list[#list + 1] = { "Look again after the next retry", command("imsimta qm jobs") }
      elseif version >= 600 then
        list[#list + 1] = { "Look again after the next retry", command("imsimta qm messages %s", ch.name) }
      else
        list[#list + 1] = "Look again after the next retry: count the files in the folder of " .. text(ch.name) .. " (this version has no cheap command for it)"
      end
    else
      list[#list + 1] = { "Look again in a quarter of an hour", command("imsimta process") }
    end
    return list
  end,
  needs = "nothing", risk = "low", restart = "none", undo = "nothing to undo",
  verify = "the number of waiting messages falls, or stays as it was day over day",
  reference = "seed, part I", minutes = 1, risk_minutes = 0, cites = "seed, part I",
}

remedy "queue.delete-or-return" {
  title = "Return or delete the messages that will never be delivered",
  steps = function(x)
    local ch = scope_name(x) == "channel" and x or (scope_name(x) == "host" and nil) or x.channel
    local address = scope_name(x) == "destination" and x.name or nil
    return {
      { "Start the queue tool; the next commands are typed at its prompt", command("imsimta qm") },
      { "List the messages (this opens every file of the channel)",
        ch and (address and command("directory -to=*@%s %s", address, ch.name) or command("directory %s", ch.name)) or nil },
      { "Return the numbers of the listing to their senders with a reason", "return 1-20 \"destination does not exist\"" },
      { "Or delete them without a word (spam, bounces of spam)", "delete 1-20" },
    }
  end,
  needs = "root or the mail user; agreement that these messages are lost causes", risk = "medium", restart = "none",
  undo = "not possible: a deleted message is gone", verify = "the listing of the channel no longer shows them",
  warnings = { "`directory` with an address opens every file of the channel: on a large backlog it takes long and loads the disk" },
  reference = "Administration Reference, imsimta qm", minutes = 20, risk_minutes = 10, cites = "seed, part II: wait for or delete them",
}

remedy "hold.process-held" {
  title = "Release the held mail when the users are ready",
  steps = function(x)
    local list = {}
    if value(x.host, "version_num", 602) < 700 then
      list[#list + 1] = { "Release a user's mail when the move is done; <user> is the uid of who was moved", "imsimta process_held -uid=<user>" }
    end
    list[#list + 1] = { "By number: start the queue tool; the next two commands are typed at its prompt", command("imsimta qm") }
    list[#list + 1] = { "List what is held", command("directory -held %s", x.name) }
    list[#list + 1] = { "Release the numbers of the listing", "release 1-20" }
    return list
  end,
  needs = "the move of these users is finished, their status is active again", risk = "low", restart = "none",
  undo = "set the users' status to hold again for new mail", verify = "the hold channel is empty and the users find their mail",
  reference = "seed, part II: process_held", minutes = 10, risk_minutes = 1, cites = "seed, part II",
}
