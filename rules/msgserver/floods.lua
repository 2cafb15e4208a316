-- Too much mail: bounces of spam, compromised accounts, floods from outside, replies to replies, a mass mailing of one's own.

local function smtp(ch) return ch.kind == "smtp" end

-- Share of bounces: of what is queued, or where the log names no queue files of what was put off.
local function empty_share(ch)
  if known(ch, "stuck_empty_sender_share") then return ch.stuck_empty_sender_share end
  return ch.deferred_empty_sender_share
end

---------------------------------------------------------------- findings

finding "channel.senders-empty" {
  title = "most queued messages have an empty sender",
  scope = "channel", group = "log-people", leak = "rarely", where = smtp,
  test  = function(ch) return backlog.has(ch) and empty_share(ch) > thresholds.most end,
  says  = function(ch)
    return pct(empty_share(ch)) .. (known(ch, "stuck_empty_sender_share") and " of the queued messages" or " of the attempts that were put off")
      .. " have an empty sender: they are bounces"
  end,
  cites = "seed, part II: non-delivery notifications for spam",
}

finding "channel.sample-senders-empty" {
  title = "most of the envelopes that were read have an empty sender",
  scope = "channel", group = "envelopes", leak = "rarely", where = smtp,
  test  = function(ch) return backlog.has(ch) and ch.sample_empty_sender_share > thresholds.most end,
  says  = function(ch) return pct(ch.sample_empty_sender_share) .. " of the " .. num(ch.sampled) .. " envelopes that were read have an empty sender" end,
  cites = "seed, part II: use dir, read and history",
}

finding "channel.made-here" {
  title = "most of the queued messages were made by this host itself",
  scope = "channel", group = "log-sources", leak = "rarely", where = smtp,
  test  = function(ch) return ch.stuck_from_process_share > thresholds.most end,
  says  = function(ch) return pct(ch.stuck_from_process_share) .. " of them were made by this host itself (process channel)" end,
  cites = "field cases, look-alikes: source channel process",
}

finding "channel.many-unlikely-domains" {
  title = "the queued messages go to many different domains",
  scope = "channel", group = "log-destinations", leak = "often", where = smtp,
  test  = function(ch)
    return backlog.has(ch) and ch.stuck_destinations.distinct >= thresholds.many_domains
      and ch.stuck_destinations:top_share(thresholds.top_few) < thresholds.most
  end,
  says  = function(ch) return "they go to " .. num(ch.stuck_destinations.distinct) .. " different domains" end,
  cites = "catalogue of diagnoses: many unlikely domains",
}

finding "host.makes-many-bounces" {
  title = "this host makes many notifications",
  scope = "channel", group = "log-rates", leak = "rarely", where = smtp,
  test  = function(ch) return ch.host.bounces_made >= thresholds.flood_messages and ch.host.empty_sender_share > thresholds.third end,
  says  = function(ch) return num(ch.host.bounces_made) .. " notifications were made by this host" end,
  cites = "field case B5",
}

finding "host.one-submitter" {
  title = "most of the outgoing mail comes from one sender, more than usual",
  scope = "host", group = "log-submitter", leak = "rarely",
  test  = function(h)
    -- an inner host that relays all mail of a site is no news: only what is unusual for it, or piles up, counts
    return h.arrived >= thresholds.flood_messages and h.top_submitter_share > thresholds.most and any {
      function() return not h.top_submitter_is_usual end, function() return h.arrivals_ratio > thresholds.burst_ratio end,
      function() return h.queue_untried >= thresholds.big_backlog_files end,
    }
  end,
  says  = function(h) return pct(h.top_submitter_share) .. " of the outgoing mail comes from one sender, " .. text(h.top_submitter) end,
  cites = "field cases F3, H1",
}

finding "host.submitter-reaches-strangers" {
  title = "the busiest sender writes to many different domains",
  scope = "host", group = "log-destinations", leak = "sometimes",
  test  = function(h) return h.top_submitter_share > thresholds.third and h.top_submitter_domains >= thresholds.many_domains end,
  says  = function(h) return "it writes to " .. num(h.top_submitter_domains) .. " different domains" end,
  cites = "field case H1: recipients unrelated",
}

finding "host.submitter-is-refused" {
  title = "much of the busiest sender's mail is refused",
  scope = "host", group = "attempt-texts", leak = "rarely",
  test  = function(h) return h.top_submitter_share > thresholds.third and h.top_submitter_user_unknown_share > thresholds.third end,
  says  = function(h) return pct(h.top_submitter_user_unknown_share) .. " of its mail is refused: unknown users or policy" end,
  cites = "field case F3: unknown recipients ratio",
}

finding "host.submitter-is-new" {
  scope = "host", group = "log-history", leak = "sometimes",
  test  = function(h) return h.top_submitter_share > thresholds.third and not h.top_submitter_is_usual end,
  says  = "it did not send like that before",
  cites = "field case F3: hour of day",
}

finding "host.submitter-is-usual" {
  scope = "host", group = "log-history", leak = "sometimes",
  test  = function(h) return h.top_submitter_share > thresholds.third and h.top_submitter_is_usual end,
  says  = "it sends such mailings from time to time",
  cites = "field cases, look-alikes: one user with known recipients",
}

finding "host.submitter-is-accepted" {
  scope = "host", group = "attempt-texts", leak = "sometimes",
  test  = function(h)
    return h.arrived >= thresholds.flood_messages and h.top_submitter_share > thresholds.most and h.top_submitter_user_unknown_share < thresholds.some
  end,
  says  = "its recipients take the mail",
  cites = "field cases, look-alikes",
}

finding "host.arrivals-far-above-usual" {
  title = "far more mail than usual arrived in the last hour",
  scope = "host", group = "log-rates", leak = "rarely",
  test  = function(h) return h.arrived_1h >= thresholds.flood_messages and h.arrivals_ratio >= thresholds.flood_ratio end,
  says  = function(h) return num(h.arrived_1h) .. " messages arrived in the last hour, " .. num(h.arrivals_ratio) .. " times the usual" end,
  cites = "field case F1",
}

finding "host.flood-from-outside" {
  title = "far more mail than usual came from outside hosts in the last hour",
  scope = "host", group = "log-sources", leak = "rarely",
  test  = function(h)
    -- what is over drains by itself
    return h.outside_arrivals_1h >= thresholds.flood_messages and h.outside_arrivals_ratio >= thresholds.flood_ratio
      and (not known(h, "outside_arrivals_now_ratio") or h.outside_arrivals_now_ratio >= thresholds.burst_ratio)
  end,
  says  = function(h) return num(h.outside_arrivals_1h) .. " of them came from outside hosts" end,
  cites = "field case H7",
}

finding "host.few-recipients-get-it-all" {
  title = "five addresses get most of the last hour's mail",
  scope = "host", group = "log-people", leak = "rarely",
  test  = function(h) return h.arrived_1h >= thresholds.flood_messages and h.recipients_top_share > thresholds.most end,
  says  = function(h) return "five addresses get " .. pct(h.recipients_top_share) .. " of the last hour's mail" end,
  cites = "field cases, J: few addresses",
}

finding "host.replies-among-few" {
  scope = "host", group = "log-pairs", leak = "rarely",
  test  = function(h) return h.senders.total >= thresholds.flood_messages and h.senders:top_share(thresholds.storm_people) > thresholds.most and h.recipients_top_share > thresholds.most end,
  says  = "few senders write to few recipients",
  cites = "catalogue of diagnoses: list.reply-storm",
}

finding "host.mass-mailing-queued" {
  title = "very many messages wait for their first try",
  scope = "host", group = "generations", leak = "rarely",
  test  = function(h) return h.queue_untried >= thresholds.big_backlog_files end,
  says  = function(h) return num(h.queue_untried) .. " messages wait for their first try" end,
  cites = "field case D1",
}

finding "channel.list-waits-for-hours" {
  title = "few messages have waited in the channel for more than 4 hours",
  scope = "channel", group = "ages", leak = "rarely", where = function(ch) return ch.kind == "process" end,
  test  = function(ch) return ch.untried_over_4h > 0 and ch.files - ch.held < thresholds.backlog_files end,
  says  = function(ch) return num(ch.untried_over_4h) .. " messages have waited in it for more than 4 hours" end,
  cites = "field cases, J: few files, many recipients, hours",
}

finding "channel.directory-slow-there" {
  scope = "channel", group = "server-logs", leak = "rarely", where = function(ch) return ch.kind == "process" end,
  test  = function(ch) return ch.host.ldap_timeouts > 0 end,
  says  = "look-ups in the directory time out",
  cites = "seed, part I: slow directory response, common for big mailing lists",
}

---------------------------------------------------------------- causes

cause "backscatter.dsn-flood" {
  title   = "Bounces of spam fill the queue",
  summary = function(ch) return "most of " .. num(ch.files) .. " queued messages are notifications with an empty sender to domains that do not take them" end,
  scope = "channel", where = smtp, prior = "plausible",
  links = { ["channel.senders-empty"] = "nearly always", ["channel.sample-senders-empty"] = "nearly always", ["channel.made-here"] = "usually",
            ["channel.many-unlikely-domains"] = "usually", ["host.makes-many-bounces"] = "often", ["channel.mostly-retried"] = "often",
            ["channel.mostly-untried"] = "sometimes", ["channel.untried-old"] = "sometimes", ["channel.growing"] = "often", ["channel.remote-hosts-fail"] = "usually",
            ["destination.all-connects-fail"] = "often", ["destination.is-heavy"] = "sometimes",
            ["destination.dead-by-hand"] = "often" },
  brings = { ["destination.unreachable"] = "sometimes" },
  urgency = "act", if_nothing = "they hold delivery threads and hide other mail until the last age of `notices`",
  remedies = { { "notification.separate-channel", "usually" }, { "spam.stop-source", "often" }, { "queue.delete-or-return", "usually" } },
  since = function(ch) return ch.first_failure end,
  messages = function(ch) return ch.files * empty_share(ch) end,
  cites = "seed, part II: Troubleshooting TCP channels, step 4; field case B5",
}

cause "spam.outbound-compromise" {
  title   = "An account or host of ours sends spam",
  summary = function(h) return text(value(h, "top_submitter", "one sender")) .. " sends most of the outgoing mail, to unrelated recipients" end,
  scope = "host", prior = "plausible",
  links = { ["host.one-submitter"] = "nearly always", ["host.submitter-reaches-strangers"] = "nearly always", ["host.submitter-is-refused"] = "usually",
            ["host.submitter-is-new"] = "usually", ["host.arrivals-far-above-usual"] = "usually", ["host.mass-mailing-queued"] = "often",
            ["host.one-client-without-bound"] = "often", ["host.load-high"] = "often", ["host.processes-flat-out"] = "sometimes",
            ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.growing"] = "usually", ["channel.many-unlikely-domains"] = "usually",
            ["destination.blocks-us"] = "usually", ["host.several-providers-block"] = "usually", ["destination.limits-rate"] = "often",
            ["destination.refuses-for-good"] = "often" },
  brings = { ["destination.reputation-block"] = "usually", ["destination.rate-limited"] = "often", ["config.throttle-missing"] = "often",
             ["performance.saturated"] = "often" },
  urgency = "act", if_nothing = "providers put this host on their lists; the queue itself becomes the outage",
  remedies = { { "spam.stop-source", "nearly always" } },
  messages = function(h) return h.arrived * h.top_submitter_share end,
  cites = "field cases F3, H1",
}

cause "spam.inbound-flood" {
  title   = "A flood of mail comes from outside",
  summary = function(h) return num(h.outside_arrivals_1h) .. " messages an hour come from outside, far above the usual" end,
  scope = "host", prior = "plausible",
  links = { ["host.flood-from-outside"] = "nearly always", ["host.arrivals-far-above-usual"] = "nearly always", ["host.mass-mailing-queued"] = "often",
            ["host.one-client-without-bound"] = "sometimes", ["host.few-recipients-get-it-all"] = "sometimes",
            ["host.load-high"] = "often", ["host.processes-flat-out"] = "often",
            ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.growing"] = "usually",
            ["host.others-suffer-too"] = "often" },
  brings = { ["performance.saturated"] = "often", ["config.throttle-missing"] = "often" },
  urgency = "act", if_nothing = "mail is late while it lasts; the queue drains afterwards",
  remedies = { { "spam.block-source", "usually" } },
  messages = function(h) return h.outside_arrivals_1h end,
  cites = "field cases F1, H7",
}

cause "list.reply-storm" {
  title   = "Replies to replies: a storm among few addresses",
  summary = "Auto-replies or answers to all circulate among few addresses",
  scope = "host", prior = "uncommon",
  links = { ["host.few-recipients-get-it-all"] = "nearly always", ["host.replies-among-few"] = "nearly always", ["host.arrivals-far-above-usual"] = "usually",
            ["host.mass-mailing-queued"] = "sometimes", ["host.flood-from-outside"] = "sometimes", ["host.load-high"] = "sometimes",
            ["channel.growing"] = "usually", ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often" },
  brings = { ["performance.saturated"] = "often" },
  urgency = "act", if_nothing = "it goes on by itself and grows",
  remedies = { { "list.stop-storm", "usually" } },
  messages = function(h) return h.arrived_1h end,
  cites = "catalogue of diagnoses; field case H21",
}

cause "local.bulk-sender" {
  title   = "A legitimate sender of ours queued a mass mailing",
  summary = function(h) return text(value(h, "top_submitter", "one sender")) .. " sent a mailing; its recipients take it and the queue drains" end,
  scope = "host", prior = "plausible",
  links = { ["host.one-submitter"] = "nearly always", ["host.submitter-is-accepted"] = "nearly always", ["host.submitter-is-usual"] = "often",
            ["host.submitter-is-new"] = "often", ["host.submitter-reaches-strangers"] = "often", ["host.one-client-without-bound"] = "often",
            ["host.mass-mailing-queued"] = "usually", ["host.arrivals-far-above-usual"] = "usually",
            ["channel.mostly-untried"] = "usually", ["channel.untried-old"] = "often", ["channel.growing"] = "often",
            ["host.mailing-is-announced"] = "usually" },
  never = { "host.submitter-is-refused" },
  brings = { ["config.throttle-missing"] = "often" },
  urgency = "watch", if_nothing = "other mail waits behind the mailing for a while",
  remedies = { { "queue.wait", "usually" }, { "channel.own-pool", "often" } },
  messages = function(h) return h.queue_untried end,
  cites = "catalogue of diagnoses; field cases, look-alikes",
}

cause "list.expansion-slow" {
  title   = "The expansion of a list takes hours",
  summary = "Few messages with many recipients stay in the reprocessing channel: their members are looked up slowly, or one worker expands all",
  scope = "channel", where = function(ch) return ch.kind == "process" end, prior = "uncommon",
  links = { ["channel.list-waits-for-hours"] = "nearly always", ["channel.few-files-many-recipients"] = "nearly always",
            ["channel.directory-slow-there"] = "often", ["channel.one-worker"] = "usually", ["channel.untried-old"] = "often", ["channel.mostly-untried"] = "often" },
  urgency = "act", if_nothing = "mail to the list is hours late",
  remedies = { { "ldap.fix", "often" }, { "channel.more-threads", "often" } },
  messages = function(ch) return ch.files end, cites = "seed, part I; catalogue of diagnoses",
}

---------------------------------------------------------------- remedies

local function has_notification_keywords(x) return value(x.host, "version_num", 603) >= thresholds.first_notificationchannel end

remedy "notification.separate-channel" {
  title = "Send notifications through a channel of their own",
  steps = function(x)
    local made_by = has_notification_keywords(x) and "process_dsn" or "process"
    return {
      has_notification_keywords(x)
        and "On the incoming channels add  notificationchannel process_dsn dispositionchannel process_dsn, and a channel block:  process_dsn  /  process-dsn-daemon  ("
          .. change.place(x, "channels") .. ")"
        or "This release has no notificationchannel keyword: notifications are made by the channel `process`, so the rule below goes by that",
      "Add a rewrite rule for this source only, above the rule for `.`:  .  $U%$H@tcp-dsn-daemon$M" .. made_by .. "  (" .. change.place(x, "rewrite") .. ")",
      "Add the channel:  tcp_dsn smtp mx single_sys subdirs 20 maxjobs 1 pool DSN_POOL notices 1 2  /  tcp-dsn-daemon  (" .. change.place(x, "channels") .. ")",
      change.pool(x, "DSN_POOL", 1),
      change.job_controller(x),
      change.compile(x),
    }
  end,
  needs = "root; write access to the configuration", risk = "medium", restart = "imsimta cnbuild, imsimta restart dispatcher, later the job controller",
  undo = "take the keywords, rule, channel and pool out again", verify = "new notifications (empty sender) are enqueued to tcp_dsn, other mail keeps its channel",
  warnings = { "It takes only future notifications; those that are queued stay in their channel",
               "Until the job controller knows the pool the new channel delivers nothing: its notifications wait" },
  reference = "seed, part II: notificationchannel, dispositionchannel, source-channel-specific rewrite rules", minutes = 40, risk_minutes = 10, cites = "seed, part II",
}

remedy "spam.stop-source" {
  title = "Stop the source of the spam",
  steps = function(x)
    local who = scope_name(x) == "host" and value(x, "top_submitter", nil) or nil
    local address = who and who:find("@", 1, true) and who or nil
    local ch = scope_name(x) == "channel" and x.name or "tcp_local"
    return {
      { "See what it sends: its newest entries in the log", who and command("grep -F %s mail.log_current", who) or nil },
      "If it is an account: change its password, end its sessions, set it inactive until its owner is reached",
      "If it is a host: block it in PORT_ACCESS; if it is mail from outside to unknown users: refuse unknown users at RCPT TO instead of bouncing later",
      { "Stop the outgoing channel while you clean it", command("imsimta qm stop %s", ch) },
      { "Set the sender's mail in the queue aside (addresses shorter than 24 characters need -min_length)",
        address and command("imsimta qclean -from=%s -min_length=%s -hold %s", address, tostring(#address), ch) or nil },
      { "Start the channel again", command("imsimta qm start %s", ch) },
    }
  end,
  needs = "root; authority over the account", risk = "medium", restart = "none", undo = "set the account active again; release what was held wrongly",
  verify = "no new entries of that sender; the queue falls; refusals by policy become fewer",
  warnings = { "`qclean` reads every message file: costly on a large backlog, yet cheaper than being listed",
               "Do not send the queue over another relay before it is clean: that one is listed next" },
  reference = "field cases F3, H1, H3", minutes = 45, risk_minutes = 10, cites = "field cases F3, H1, H3",
}

remedy "spam.block-source" {
  title = "Turn the source away at the door",
  steps = function(x)
    return {
      "Take the top addresses of the source from the log (the fact host.source_systems)",
      "Add them to PORT_ACCESS in the mappings above its last line, for example:  TCP|*|25|203.0.113.5|*  $N500$ Too$ much$ mail  ("
        .. (change.is_unified(x) and "with `msconfig edit mappings`" or "in the mappings file") .. ")",
      change.compile(x),
    }
  end,
  needs = "root; write access to the mappings", risk = "medium", restart = "imsimta cnbuild, imsimta restart dispatcher: PORT_ACCESS is read at its start",
  undo = "take the entries out again",
  verify = "X records for these addresses, arrivals fall to the usual", warnings = { "Do not block a provider's shared relays for one of its users" },
  reference = "field cases F1, H7", minutes = 15, risk_minutes = 5, cites = "field case H7",
}

remedy "list.stop-storm" {
  title = "Stop the list or the auto-reply",
  steps = function(h)
    local ch = backlog.busiest(h, "ims-ms")
    return {
      "Find the address that all mail goes to or comes from" .. (known(h, "senders") and h.senders.total > 0
        and ": " .. text(h.senders:top(1)[1].name) .. " sends most" or " (`mtadoctor facts` lists host.senders)"),
      "Close the list for posting, or switch the auto-reply off; let replies to replies be dropped (Sieve: stop on Auto-Submitted, Precedence)",
      { "Stop the channel of the storm while you empty it", command("imsimta qm stop %s", ch) },
      { "Start it again", command("imsimta qm start %s", ch) },
    }
  end,
  needs = "authority over the list", risk = "low", restart = "none", undo = "open the list again", verify = "arrivals fall to the usual",
  warnings = { "A channel that was stopped stays so over restarts: do not forget to start it" },
  reference = "field case H21", minutes = 15, risk_minutes = 3, cites = "field case H21",
}
