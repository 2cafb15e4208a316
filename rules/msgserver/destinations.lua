-- Destinations that do not take our mail: unreachable, slow, limiting, blocking, rejecting, broken in their protocol or their TLS.
-- Our own store hosts stand in lmtp.lua, what hosts do ordinarily in normal_hosts.lua.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function share4(d, ...) return d.failures_4h:share(...) end

-- A destination whose attempts say something: it was tried often enough.
local function tried(d) return d.failures_4h.total >= thresholds.few_attempts end

---------------------------------------------------------------- findings

finding "destination.all-connects-fail" {
  title = "every attempt of the last 4 hours failed to connect",
  scope = "destination", group = "log-connects", leak = "rarely",
  test  = function(d)
    return d.attempts_4h > 0 and d.connect_failed_4h == d.attempts_4h
  end,
  says  = function(d)
    local top = d.failures:top(1)[1]
    return "every attempt of the last 4 hours (or the latest one) failed to connect: " .. num(d.connect_failed_4h) .. " of "
      .. num(d.attempts_4h) .. ", mostly " .. text(top and top.name or "connect-failed")
  end,
  cites = "catalogue of diagnoses: unreachable or store-and-forward",
}

finding "destination.is-heavy" {
  title = "many or old messages wait for it",
  scope = "destination", group = "generations", leak = "rarely",
  test  = remote.is_heavy,
  says  = remote.weight,
  cites = "catalogue of diagnoses: unreachable or store-and-forward",
}

finding "destination.tool-says-delayed" {
  title = "qm messages counts nearly all messages for it as delayed",
  scope = "destination", group = "tools", leak = "sometimes",
  test  = function(d) return d.delayed >= thresholds.backlog_files and d.delayed >= thresholds.nearly_all * (d.active + d.delayed) end,
  says  = function(d) return "qm messages counts " .. num(d.delayed) .. " delayed and " .. num(d.active) .. " active messages for it" end,
  cites = "seed, part II; field case A1",
}

finding "destination.others-are-fine" {
  title = "other destinations of the channel take mail, this one does not",
  scope = "destination", group = "log-rates", leak = "often",
  test  = function(d)
    return d.channel.delivered_destinations_4h > d.channel.failing_destinations_4h and d.delivered_4h == 0
  end,
  says  = function(d)
    return num(d.channel.delivered_destinations_4h) .. " other destinations of the channel took mail in the last 4 hours, this one none"
  end,
  cites = "field case A1: other hosts show D lines in the same minutes",
}

finding "destination.resolves" {
  scope = "destination", group = "dns", leak = "usually",
  test  = function(d) return d.mx == "ok" or d.mx == "implicit" end,
  says  = "its name resolves",
  cites = "field case A1",
}

finding "destination.many-active-low-load" {
  title = "many messages for it are ready and not tried while the host is idle",
  scope = "destination", group = "tools", leak = "rarely",
  test  = function(d)
    return backlog.may_wait(d) and d.host.load1 < thresholds.idle_load_per_cpu * value(d.host, "cpus", 1)
      and any {
        function() return d.active >= thresholds.backlog_files end,
        function() return d.untried >= thresholds.backlog_files and d.channel.untried_over_30min >= thresholds.backlog_files end,
      }
  end,
  says  = function(d)
    return "many messages for it are ready and not tried (" .. num(value(d, "active", value(d, "untried", 0))) .. ") while the host is idle (load "
      .. num(d.host.load1) .. ")"
  end,
  cites = "seed, part I: a lot of active messages with a low load",
}

finding "destination.most-untried-is-for-it" {
  title = "most of the untried mail of the channel is for it",
  scope = "destination", group = "log-destinations", leak = "sometimes",
  test  = function(d)
    return backlog.may_wait(d) and d.untried >= thresholds.backlog_files and d.untried > thresholds.most * d.channel.untried
  end,
  says  = function(d) return num(d.untried) .. " of the " .. num(d.channel.untried) .. " untried messages are for it" end,
  cites = "seed, part I: other mail waits behind a slow host",
}

finding "destination.holds-the-workers" {
  scope = "destination", group = "jobs", leak = "rarely",
  test  = function(d)
    return backlog.may_wait(d) and d.channel.job_hosts.total >= 2 and d.channel.job_hosts:share(d.name) > thresholds.most
  end,
  says  = function(d) return "most delivery jobs of the channel work at this host" end,
  cites = "seed, part I: all delivery threads stuck; field case H15",
}

finding "destination.hangs-in-dialogue" {
  title = "most failures come in the middle of the dialogue",
  scope = "destination", group = "attempt-texts", leak = "rarely",
  test  = function(d) return tried(d) and share4(d, "peer-busy", "connection-lost") > thresholds.most end,
  says  = function(d) return pct(share4(d, "peer-busy", "connection-lost")) .. " of the failures of the last 4 hours came in the middle of the dialogue or as time-outs after connecting" end,
  cites = "field case H15: sessions without progress",
}

finding "destination.limits-rate" {
  title = "attempts were refused by a limit",
  scope = "destination", group = "attempt-texts", leak = says_itself,
  test  = function(d)
    return d.failures:count("rate-limited") >= thresholds.few_attempts and d.failures:share("rate-limited") > thresholds.third
  end,
  says  = function(d) return num(d.failures:count("rate-limited")) .. " attempts were refused by a limit (too many connections or messages)" end,
  cites = "field case A9",
}

finding "destination.some-mail-passes" {
  title = "some mail passes while other mail is put off",
  scope = "destination", group = "log-rates", leak = "often",
  test  = function(d) return d.delivered > 0 and d.deferred > 0 and d.last_delivery < thresholds.attempts_window_s end,
  says  = function(d) return num(d.delivered) .. " messages passed and " .. num(d.deferred) .. " were put off in the same time" end,
  cites = "field case A9: successes and deferrals interleaved for the same host",
}

finding "destination.blocks-us" {
  title = "answers name a block list or our reputation",
  scope = "destination", group = "attempt-texts", leak = says_itself,
  test  = function(d)
    local n = d.failures:count("blocklisted") + d.failures:count("access-denied") + d.failures:count("sender-rejected")
    return d.failures:count("blocklisted") >= 2 and n > thresholds.third * d.failures.total
  end,
  says  = function(d) return num(d.failures:count("blocklisted")) .. " answers name a block list or our reputation" end,
  cites = "field case H3",
}

finding "host.several-providers-block" {
  title = "several destinations refuse us for our reputation",
  scope = "destination", group = "log-people", leak = "rarely",
  test  = function(d) return d.host.policy_blocked_destinations >= 2 and d.failures:count("blocklisted") > 0 end,
  says  = function(d) return num(d.host.policy_blocked_destinations) .. " destinations refuse for the same reason" end,
  cites = "field case H3; catalogue of diagnoses: many providers at once",
}

-- Unknown and disabled users are single recipients' matter: any large destination has some of them.
local function refusals(d)
  local n = 0
  for _, class in ipairs { "smtp-5xx", "access-denied", "content-rejected", "size-limit", "sender-rejected", "recipient-limit", "protocol", "domain-unknown", "auth" } do
    n = n + d.failures:count(class)
  end
  return math.min(n, d.returned)
end

finding "destination.refuses-for-good" {
  title = "messages were refused for good and returned",
  scope = "destination", group = "attempt-codes", leak = says_itself,
  test  = function(d)
    return refusals(d) >= thresholds.few_attempts and d.returned > d.deferred and refusals(d) >= thresholds.some * (d.returned + d.delivered)
  end,
  says  = function(d)
    local top = d.failures:top(1)[1]
    return num(d.returned) .. " messages were refused for good and returned, mostly " .. text(top and top.name or "smtp-5xx")
  end,
  cites = "catalogue of diagnoses: destination.rejects",
}

finding "destination.tls-fails" {
  title = "attempts failed in TLS",
  scope = "destination", group = "attempt-texts", leak = says_itself,      -- such words mean nothing else
  test  = function(d) return d.failures:count("tls") >= 2 and d.failures:share("tls") > thresholds.third end,
  says  = function(d) return num(d.failures:count("tls")) .. " attempts failed in TLS" end,
  cites = "catalogue of diagnoses: destination.tls-failure",
}

finding "destination.speaks-malformed" {
  title = "attempts connected and got a malformed dialogue",
  scope = "destination", group = "attempt-texts", leak = says_itself,      -- such words mean nothing else
  test  = function(d) return d.failures:count("protocol") >= 2 and d.failures:share("protocol") > thresholds.third end,
  says  = function(d) return num(d.failures:count("protocol")) .. " attempts connected and then got a malformed dialogue" end,
  cites = "domain/msgserver-logs 5.1: Zero length SMTP status line",
}

finding "destination.best-mx-is-dead" {
  scope = "destination", group = "mx-attempts", leak = says_itself,      -- the definition, seen in the attempts
  test  = function(d) return d.best_mx_dead end,
  says  = "the best MX does not answer, another one takes the mail",
  cites = "domain/dns-and-store DNS-12",
}

finding "destination.full-mailboxes-there" {
  title = "most failures are full mailboxes at the other side",
  scope = "destination", group = "attempt-texts", leak = "sometimes",
  test  = function(d) return tried(d) and share4(d, "over-quota-remote") > thresholds.most end,
  says  = function(d) return pct(share4(d, "over-quota-remote")) .. " of the failures are full mailboxes at the other side" end,
  cites = "domain/msgserver-logs, table of failure texts, row 124",
}

finding "destination.fails-one-way" {
  title = "it answers, and all failures of the last 4 hours are of one kind",
  scope = "destination", group = "log-shape", leak = "sometimes",
  test  = function(d)
    local top = tried(d) and d.failures_4h:top(1)[1]
    return top and d.connect_failed_4h == 0 and d.delivered_4h == 0 and top.count >= thresholds.nearly_all * d.failures_4h.total or false
  end,
  says  = function(d)
    return "it answers, and all failures of the last 4 hours are of one kind (" .. text(d.failures_4h:top(1)[1].name) .. ")"
  end,
  cites = "field cases, J: connects, then malformed answers; policy text, connect is good",
}

finding "destination.has-a-backup" {
  title = "it has more than one MX host",
  scope = "destination", group = "mx-hosts", leak = "often",
  test  = function(d) return d.mx_hosts >= 2 end,
  says  = function(d) return "it has " .. num(d.mx_hosts) .. " MX hosts" end,
  cites = "domain/dns-and-store DNS-12",
}

finding "destination.deliveries-take-long" {
  title = "each delivery to it takes long",
  scope = "destination", group = "log-times", leak = "rarely",
  test  = function(d) return d.seconds_per_delivery >= thresholds.delivery_slow_s end,
  says  = function(d) return "a delivery to it takes " .. dur(d.seconds_per_delivery) end,
  cites = "domain/dns-and-store DNS-12: deliveries slow, threads busy",
}

---------------------------------------------------------------- causes

local function d_files(d) return d.files end
local function d_since(d) return d.first_failure end
cause "destination.unreachable" {
  title   = "A destination cannot be reached",
  summary = function(d) return remote.weight(d) .. "; the host cannot be connected to. Other mail is not held up" end,
  scope = "destination", where = remote.by_mx, prior = "common",
  links = {
    ["destination.all-connects-fail"] = "nearly always", ["destination.is-heavy"] = "nearly always",
    ["destination.others-are-fine"] = "usually", ["destination.resolves"] = "nearly always", ["destination.tool-says-delayed"] = "nearly always",
    ["destination.dead-by-hand"] = "nearly always", ["destination.dead-for-others-too"] = "usually",
  },
  never = { "destination.works-again", "destination.some-mail-passes", "destination.fails-one-way", "destination.mx-leads-astray", "destination.greets-by-hand" },
  merge = remote.hop,
  urgency = function(d)
    -- the oldest is returned within hours: somebody must decide now, unless the host is known for it
    if d.channel.last_notice_s - d.oldest_s < thresholds.bounce_soon_s and d.files >= thresholds.big_backlog_files and not value(d, "is_known_slow", false) then
      return "act"
    end
    return "watch"
  end, usual_urgency = "watch",
  if_nothing = remote.waits,
  remedies = { { "queue.wait", "usually" }, { "destination.contact-owner", "often" }, { "destination.new-channel", "often" },
               { "queue.delete-or-return", "sometimes" } },
  since = d_since, messages = d_files,
  cites = "seed, part II: Destination Host Problems; field case A1",
}

cause "destination.slow" {
  title   = "A slow destination holds the delivery threads",
  summary = "Delivery threads hang at one host while many messages are ready and the machine is idle; other mail waits behind",
  scope = "destination", prior = "plausible",
  where = function(d) return remote.by_mx(d) and backlog.may_wait(d) end,
  links = {
    ["destination.many-active-low-load"] = "nearly always", ["destination.holds-the-workers"] = "usually", ["destination.hangs-in-dialogue"] = "usually",
    ["destination.most-untried-is-for-it"] = "often", ["destination.is-heavy"] = "sometimes", ["destination.some-mail-passes"] = "usually", ["destination.deliveries-take-long"] = "usually",
    ["destination.resolves"] = "nearly always",
  },
  never = { "destination.all-connects-fail" },
  brings = { ["jobcontroller.too-few-workers"] = "often" },
  urgency = "act", if_nothing = "mail for everybody else on the channel waits behind it",
  remedies = { { "destination.new-channel", "usually" }, { "channel.more-threads", "usually" } },
  since = d_since, messages = d_files,
  cites = "seed, part I: destination host problems; field case H15",
}

cause "destination.rate-limited" {
  title   = "A destination limits how much it takes from us",
  summary = function(d) return "it refuses for the time being by a limit, yet takes some mail: " .. num(d.delivered) .. " passed, " .. num(d.deferred) .. " were put off" end,
  scope = "destination", where = remote.by_mx, prior = "plausible",
  links = { ["destination.limits-rate"] = "nearly always", ["destination.some-mail-passes"] = "nearly always", ["destination.is-heavy"] = "often",
            ["destination.resolves"] = "nearly always", ["destination.tool-says-delayed"] = "usually",
            ["destination.turns-away-by-hand"] = "sometimes", ["destination.greets-by-hand"] = "usually" },
  never = { "destination.all-connects-fail" },
  urgency = "watch", if_nothing = remote.waits,
  remedies = { { "destination.slow-down", "usually" }, { "destination.new-channel", "usually" } },
  since = d_since, messages = d_files,
  cites = "field case A9",
}

cause "destination.reputation-block" {
  title   = "A destination refuses us for our reputation",
  summary = "It answers at once and refuses by a block list or for complaints: look for spam that left through this host",
  scope = "destination", where = remote.by_mx, prior = "plausible",
  links = { ["destination.blocks-us"] = "nearly always", ["host.several-providers-block"] = "often", ["destination.is-heavy"] = "sometimes",
            ["destination.fails-one-way"] = "often", ["destination.refuses-for-good"] = "sometimes", ["destination.resolves"] = "nearly always",
            ["destination.tool-says-delayed"] = "often", ["destination.others-are-fine"] = "usually",
            ["destination.turns-away-by-hand"] = "often" },
  never = { "destination.all-connects-fail" },
  urgency = "act", if_nothing = "mail to it is put off or returned until the listing ends; other providers follow",
  remedies = { { "reputation.delist", "usually" }, { "spam.stop-source", "often" } },
  since = d_since, messages = d_files,
  cites = "field case H3",
}

cause "destination.rejects" {
  title   = "A destination refuses our mail for good",
  summary = "It refuses with permanent answers; the mail is returned and does not queue",
  scope = "destination", where = remote.by_mx, prior = "plausible",
  links = { ["destination.refuses-for-good"] = "nearly always", ["destination.returned-not-queued"] = "nearly always",
            ["destination.resolves"] = "nearly always",
            ["destination.greets-by-hand"] = "nearly always" },
  never = { "destination.all-connects-fail" },
  urgency = "normal", if_nothing = "senders get their mail back with the other side's reason",
  remedies = { { "destination.contact-owner", "often" } },
  since = d_since, messages = function(d) return d.returned end,
  cites = "catalogue of diagnoses",
}

cause "destination.tls-failure" {
  title   = "Mail to a destination fails in TLS",
  summary = "Connections work, the encrypted session does not come up",
  scope = "destination", where = remote.is_connected, prior = "uncommon",
  links = { ["destination.tls-fails"] = "nearly always", ["destination.fails-one-way"] = "nearly always", ["destination.is-heavy"] = "often",
            ["destination.others-are-fine"] = "usually", ["destination.resolves"] = "nearly always", ["destination.tool-says-delayed"] = "usually",
            ["destination.greets-by-hand"] = "nearly always" },
  never = { "destination.all-connects-fail" },
  urgency = "watch", if_nothing = remote.waits,
  remedies = { { "tls.fix", "often" }, { "destination.contact-owner", "sometimes" } },
  since = d_since, messages = d_files,
  cites = "catalogue of diagnoses; domain/msgserver-logs, rows 151 to 155",
}

cause "destination.protocol-violation" {
  title   = "A destination, or a firewall before it, does not speak proper SMTP",
  summary = "It connects and then answers malformed or refuses plain commands",
  scope = "destination", where = remote.is_connected, prior = "uncommon",
  links = { ["destination.speaks-malformed"] = "nearly always", ["destination.fails-one-way"] = "nearly always", ["destination.is-heavy"] = "often",
            ["destination.others-are-fine"] = "usually", ["destination.resolves"] = "nearly always", ["destination.tool-says-delayed"] = "usually",
            ["destination.hangs-in-dialogue"] = "rarely",
            ["destination.greets-by-hand"] = "nearly always" },
  never = { "destination.all-connects-fail" },
  urgency = "watch", if_nothing = remote.waits,
  remedies = { { "channel.fix-protocol", "often" }, { "destination.contact-owner", "often" }, { "destination.new-channel", "sometimes" } },
  since = d_since, messages = d_files,
  cites = "domain/msgserver-logs 5.1, rows 89, 181",
}

cause "destination.best-mx-dead" {
  title   = "The best MX of a destination is dead, its backup takes the mail",
  summary = "Each delivery first waits for the dead host; mail passes, but slowly",
  scope = "destination", where = remote.by_mx, prior = "plausible",
  links = { ["destination.best-mx-is-dead"] = "nearly always", ["destination.has-a-backup"] = "nearly always", ["destination.some-mail-passes"] = "usually",
            ["destination.deliveries-take-long"] = "usually", ["destination.hangs-in-dialogue"] = "rarely", ["destination.resolves"] = "nearly always",
            ["destination.dead-by-hand"] = "nearly always", ["destination.dead-for-others-too"] = "usually" },
  never = { "destination.all-connects-fail" },
  urgency = "watch", if_nothing = "deliveries to it stay slow",
  remedies = { { "queue.wait", "usually" }, { "destination.new-channel", "often" } },
  since = d_since, messages = d_files,
  cites = "domain/dns-and-store DNS-12",
}

---------------------------------------------------------------- remedies

local function channel_of(x) return scope_name(x) == "channel" and x or x.channel end

local recompile = change.compile

remedy "destination.new-channel" {
  title = "Give the destination a channel of its own",
  steps = function(x)
    local name = scope_name(x) == "destination" and x.name or "bad.example"
    local list = {
      "Add, " .. change.place(x, "rewrite") .. " and above the rule for `.`, a rewrite rule for the domain, for example:  " .. text(name) .. "  $U%$D@tcp-slow-daemon",
      "Add, " .. change.place(x, "channels") .. ", the channel block:  tcp_slow smtp mx single_sys subdirs 20 pool SMTP_POOL maxjobs 2  and below it  tcp-slow-daemon"
        .. " (a pool that exists: requests for an unknown one are ignored)",
    }
    list[#list + 1], list[#list + 2] = recompile(x)
    list[#list + 1] = { "Check the route of an address there", command("imsimta test -rewrite %s", "user@" .. name) }
    list[#list + 1] = "Later give it a pool of its own, so that it cannot take the jobs of other channels (see channel.own-pool)"
    return list
  end,
  needs = "root; write access to the configuration", risk = "medium", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "take the rule out, then imsimta cnbuild; take the block out only when its queue is empty",
  verify = "imsimta test -rewrite of an address there names the new channel; new E entries go to it",
  warnings = { "Only future mail goes there: what is queued stays in the old channel and must wait, be returned or be deleted",
               "Do not restart the job controller for this: with a large queue it loses its order and takes long" },
  reference = "seed, part II: Destination Host Problems", minutes = 30, risk_minutes = 10, cites = "seed, part II",
}

remedy "destination.contact-owner" {
  title = "Tell the people who run the destination",
  steps = function(x)
    local name = scope_name(x) == "destination" and x.name or nil
    return {
      { "Find whom to write to", name and command("whois %s", name) or nil },
      "Send them the time, your address and the exact text of the failure, from an account elsewhere if yours cannot reach them",
    }
  end,
  needs = "nothing", risk = "low", restart = "none", undo = "nothing to undo", verify = "deliveries to it succeed",
  reference = "seed, part I: contact the administrator of a domain", minutes = 15, risk_minutes = 0, cites = "seed, part I",
}

remedy "destination.slow-down" {
  title = "Send to it more slowly",
  steps = function(x)
    local list = {
      "Give it a channel of its own (see destination.new-channel) with  maxjobs 1  and  backoff \"pt30m\"",
      "In that channel's option file (tcp_slow_option) set  MAX_CLIENT_THREADS=2",
      "Ask the provider for its limits, or for a higher one; look whether one sender uses them up",
    }
    list[#list + 1], list[#list + 2] = recompile(x)
    return list
  end,
  needs = "root; write access to the configuration", risk = "low", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "take the channel out again", verify = "the share of answers with a limit falls, the backlog falls over hours",
  warnings = { "More threads or forced retries make it worse: the limit never ends" },
  reference = "field case A9", minutes = 30, risk_minutes = 5, cites = "field case A9",
}

remedy "reputation.delist" {
  title = "Stop the cause, clean the queue, then ask to be taken off the list",
  steps = function(x)
    return {
      "Find the sender of the spam first (spam.stop-source): a delisting does not last while it goes on",
      { "Find the spam in the queue (and delete it, see queue.delete-or-return) before anything is sent by another route", command("imsimta qm top -from %s", channel_of(x).name) },
      "Ask the list or the provider named in the answers for removal, by the address in the text",
    }
  end,
  needs = "the cause is stopped", risk = "low", restart = "none", undo = "nothing to undo", verify = "the provider accepts again",
  warnings = { "Do not route around the block through another host: that host is listed next",
               "`qm top` reads the message files: it is costly on a large backlog" },
  reference = "field case H3", minutes = 120, risk_minutes = 10, cites = "field case H3",
}

remedy "channel.fix-protocol" {
  title = "Make the channel tolerate or avoid the peer's dialogue",
  steps = function(x)
    local list = {
      "If the text is `Zero length SMTP status line`, use smtp_crlf instead of smtp_crorlf (or smtp) on a channel of its own for this host",
      "If EHLO is answered 500 or 502, a firewall rewrites SMTP: switch that inspection off there, or use noehlo on that channel",
    }
    list[#list + 1], list[#list + 2] = recompile(x)
    return list
  end,
  needs = "root; write access to the configuration", risk = "medium", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "put the old keyword back", verify = "a test message to it is accepted", reference = "wiki and PMDF FAQ: Zero length SMTP status line",
  minutes = 20, risk_minutes = 5, cites = "domain/msgserver-logs 5.1",
}

remedy "tls.fix" {
  title = "Repair the certificates or the TLS settings",
  steps = function(x)
    return {
      "Look at the exact text: an expired or unknown certificate is its owner's to renew; a failure for every host is ours",
      { "Look at owner, mode and date of the certificate database in the configuration folder",
        value(x.host, "version_num", 603) >= 700 and "ls -l /opt/sun/comms/messaging*/config/*.db" or value(x.host, "version_num", 603) >= 600 and "ls -l /opt/SUNWmsgsr/config/*.db" or nil },
      "After certificates were changed, stop and start the dispatcher fully (a refresh is not enough)",
      "For one host only: a channel of its own without maytls",
    }
  end,
  needs = "root or the mail user", risk = "medium", restart = "stop and start of the dispatcher",
  undo = "put the old certificate files back", verify = "STARTTLS to port 25 of this host answers 220 and the failure text is gone",
  reference = "Administration Guide: TLS library initialization failure", minutes = 30, risk_minutes = 10, cites = "domain/msgserver-logs 2.3",
}
