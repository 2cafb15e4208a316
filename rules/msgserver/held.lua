-- Held mail and loops. The folder decides first: in `hold` it is a user's status; elsewhere many Received lines mean a loop, few a policy.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function not_hold(ch) return ch.kind ~= "hold" end
local function held(ch) return ch.held end
local function since(ch) return ch.held_oldest_s end

---------------------------------------------------------------- findings

finding "channel.has-held-files" {
  title = "files are held (.HELD)",
  scope = "channel", group = "generations", leak = "sometimes", where = not_hold,
  test  = function(ch) return ch.held >= thresholds.held_files end,
  says  = function(ch) return num(ch.held) .. " files are held (.HELD)" end,
  cites = "seed, part II: What are .HELD messages?",
}

finding "channel.held-flood" {
  title = "more files are held than a limit or an operator makes",
  scope = "channel", group = "generations", leak = "rarely", where = not_hold,
  test  = function(ch) return ch.held >= thresholds.held_flood end,
  says  = function(ch) return "so many held files (" .. num(ch.held) .. ") are hardly the work of a limit or of an operator" end,
  cites = "field cases, I.3: only .HELD grow, other folders",
}

finding "channel.held-one-domain" {
  title = "nearly all held messages are for one domain",
  scope = "channel", group = "held-people", leak = "sometimes", where = not_hold,
  test  = function(ch) return ch.held >= 2 and ch.held_domains.total > 0 and ch.held_domains:top_share(1) >= thresholds.nearly_all end,
  says  = function(ch) return "nearly all of them are for one domain, " .. text(ch.held_domains:top(1)[1].name) end,
  cites = "field cases, J: one domain",
}

finding "channel.held-domain-comes-here" {
  title = "the MX of the held mail's domain is this host, and no rule is known to take it",
  scope = "channel", group = "dns", leak = says_itself, where = not_hold,
  test  = function(ch)
    if ch.held == 0 or (known(ch, "held_domain_routed") and ch.held_domain_routed) then return false end
    return ch.held_domain_is_ours
  end,
  says  = function(ch)
    return "the MX of " .. text(value(ch, "held_domain_top", "that domain")) .. " is this host, so its mail comes back here when it is sent out"
  end,
  cites = "field cases, J: whose MX is this host",
}

finding "channel.held-domain-has-no-rule" {
  title = "no rewrite rule takes the held mail's domain",
  scope = "channel", group = "configuration", leak = "often", where = not_hold,
  test  = function(ch) return ch.held > 0 and not ch.held_domain_routed end,
  says  = function(ch) return "no rewrite rule takes " .. text(value(ch, "held_domain_top", "that domain")) .. " as ours" end,
  cites = "field cases, J: no rule for it",
}

finding "channel.held-without-loopcheck" {
  title = "mail is held, and nothing notices when this host talks to itself",
  scope = "channel", group = "configuration-loopcheck", leak = "sometimes", where = not_hold,
  test  = function(ch) return ch.held > 0 and not ch.loopcheck end,
  says  = "loopcheck is off, so mail that comes back to this host goes round until it is held",
  cites = "seed, part II: the loopcheck keyword",
}

finding "channel.held-many-recipients" {
  title = "the held messages are for many recipients",
  scope = "channel", group = "held-people", leak = "sometimes", where = not_hold,
  test  = function(ch) return ch.held_recipients.distinct >= thresholds.held_many_recipients end,
  says  = function(ch) return "they are for " .. num(ch.held_recipients.distinct) .. " different recipients" end,
  cites = "field cases, look-alikes: one user or all users",
}

finding "channel.held-one-recipient" {
  title = "the held messages are for one recipient or two",
  scope = "channel", group = "held-people", leak = "sometimes", where = not_hold,
  test  = function(ch)
    return ch.held >= 2 and ch.held_recipients.distinct >= 1 and ch.held_recipients.distinct <= thresholds.held_few_recipients
      and ch.held_recipients:top_share(thresholds.held_few_recipients) >= thresholds.nearly_all
  end,
  says  = function(ch) return "they are for one recipient or two" end,
  cites = "field case E3",
}

finding "channel.held-many-received" {
  title = "a held message has more Received lines than an ordinary path makes",
  scope = "channel", group = "envelopes", leak = "rarely", where = not_hold,
  test  = function(ch) return ch.held_received >= thresholds.received_many end,
  says  = function(ch) return "a held message has " .. num(ch.held_received) .. " Received lines" end,
  cites = "domain/msgserver-logs 5.5: only loops show many Received lines",
}

finding "channel.held-received-ours" {
  scope = "channel", group = "envelopes", leak = "rarely", where = not_hold,
  test  = function(ch) return ch.held_received > 0 and ch.held_received_own >= thresholds.nearly_all * (ch.held_received - 1) and ch.held_received >= thresholds.few_attempts end,
  says  = "its Received lines are all by this host",
  cites = "field cases, J",
}

finding "channel.held-hosts-alternate" {
  scope = "channel", group = "envelopes", leak = "rarely", where = not_hold,
  test  = function(ch) return ch.held_hosts_alternate end,
  says  = "its Received lines alternate between two hosts",
  cites = "field cases E3, E5",
}

finding "channel.held-few-received" {
  title = "a held message has few Received lines",
  scope = "channel", group = "envelopes", leak = says_itself, where = not_hold,
  test  = function(ch) return ch.held > 0 and ch.held_received < thresholds.received_few end,
  says  = function(ch) return "a held message has only " .. num(ch.held_received) .. " Received lines" end,
  cites = "field case E7",
}

finding "channel.held-over-limit" {
  title = "a held message has more recipients than holdlimit allows",
  scope = "channel", group = "configuration", leak = says_itself, where = not_hold,
  test  = function(ch) return ch.held > 0 and ch.holdlimit > 0 and ch.held_recipients_max > ch.holdlimit end,
  says  = function(ch) return "a held message has " .. num(ch.held_recipients_max) .. " recipients, holdlimit is " .. num(ch.holdlimit) end,
  cites = "field case E7",
}

finding "channel.held-few-files" {
  title = "only few files are held",
  scope = "channel", group = "generations", leak = "sometimes", where = not_hold,
  test  = function(ch) return ch.held >= 1 and ch.held < thresholds.held_flood end,
  says  = function(ch) return "only " .. num(ch.held) .. " files are held" end,
  cites = "field case E7",
}

local function is_pair_busy(h)
  return h.pair_top_count >= thresholds.pair_messages and h.pair_top_share > thresholds.third
    and h.pair_top_ids >= thresholds.most * math.min(h.pair_top_count, thresholds.backlog_files)
end

finding "host.pair-over-and-over" {
  title = "one pair of addresses makes much of the last hour's mail, each message with a new id",
  scope = "host", group = "log-pairs", leak = "rarely",
  test  = is_pair_busy,
  says  = function(h)
    return num(h.pair_top_count) .. " messages of the last hour (" .. pct(h.pair_top_share) .. ") go between one pair of addresses, each with a new id"
  end,
  cites = "field cases, J: same addresses at a constant interval, new ids",
}

finding "host.pair-makes-the-flood" {
  title = "far more mail than usual arrives, and one pair of addresses makes much of it",
  scope = "host", group = "log-pairs", leak = says_itself,
  test  = function(h) return is_pair_busy(h) and h.arrivals_ratio > thresholds.burst_ratio end,
  says  = function(h) return "that pair makes the last hour " .. num(h.arrivals_ratio) .. " times as busy as usual" end,
  cites = "field case H21: two addresses make up nearly all",
}

finding "host.nothing-held" {
  scope = "host", group = "generations", leak = "nearly always",
  test  = function(h) return h.queue_held == 0 end,
  says  = "nothing is held",
  cites = "catalogue of diagnoses: loop.undetected",
}

finding "host.same-recipients-come-back" {
  scope = "host", group = "log-people", leak = "rarely",
  test  = function(h)
    for ch in h:each("channel") do
      if known(ch, "kind", "arrived_1h", "stuck_recipients") and ch.kind == "process" and ch.arrived_1h >= thresholds.backlog_files
        and ch.stuck_recipients.total > 0 and ch.stuck_recipients:top_share(thresholds.top_few) > thresholds.most then return true end
    end
    return false
  end,
  says  = "the reprocess channel fills with the same few recipients",
  cites = "catalogue of diagnoses: loop.alias-recursion",
}

finding "host.alias-expands-to-itself" {
  scope = "host", group = "server-logs", leak = says_itself,
  test  = function(h) return h.alias_recursion_lines > 0 end,
  says  = "a line says that an alias expands to itself",
  cites = "catalogue of diagnoses: loop.alias-recursion",
}

---------------------------------------------------------------- causes

-- Neither ends a loop that is there: what mends it comes first.
local loop_remedies = { { "loop.loopcheck", "rarely" }, { "held.release", "rarely" } }
local function loop_with(first) return { first, loop_remedies[1], loop_remedies[2] } end
local held_forever = "held mail is neither delivered nor returned until somebody releases it"

cause "held.loop-own-name-unknown" {
  title   = "Mail for a domain of ours loops: we do not know the name as ours",
  summary = function(ch)
    return "mail for " .. text(value(ch, "held_domain_top", "one domain")) .. " comes to this host, which sends it out again: its MX points here, but no rule takes the domain"
  end,
  scope = "channel", where = not_hold, prior = "plausible",
  links = { ["channel.has-held-files"] = "nearly always", ["channel.held-flood"] = "often", ["channel.held-few-files"] = "sometimes",
            ["channel.held-one-domain"] = "nearly always", ["channel.held-domain-comes-here"] = "nearly always",
            ["channel.held-domain-has-no-rule"] = "nearly always", ["channel.held-many-recipients"] = "often", ["channel.held-one-recipient"] = "sometimes",
            ["channel.held-many-received"] = "nearly always", ["channel.held-received-ours"] = "usually",
            ["channel.held-without-loopcheck"] = "sometimes" },
  never = { "channel.held-few-received" },
  urgency = "act", if_nothing = held_forever,
  remedies = loop_with { "loop.accept-domain", "usually" },
  since = since, messages = held, cites = "field cases, J; domain/dns-and-store DNS-14",
}

cause "held.loop-routing" {
  title   = "Two systems each think that the other one is responsible",
  summary = "Mail of many recipients goes back and forth between two hosts until it is held",
  scope = "channel", where = not_hold, prior = "plausible",
  links = { ["channel.has-held-files"] = "nearly always", ["channel.held-flood"] = "often", ["channel.held-few-files"] = "sometimes",
            ["channel.held-hosts-alternate"] = "usually", ["channel.held-many-recipients"] = "nearly always", ["channel.held-one-domain"] = "often",
            ["channel.held-many-received"] = "nearly always" },
  never = { "channel.held-few-received" },
  urgency = "act", if_nothing = held_forever,
  remedies = loop_with { "loop.fix-routing", "usually" },
  since = since, messages = held, cites = "field case E5",
}

cause "held.loop-user-forward" {
  title   = "Two accounts forward to each other",
  summary = "Mail of one recipient goes back and forth between two accounts until it is held",
  scope = "channel", where = not_hold, prior = "plausible",
  links = { ["channel.has-held-files"] = "nearly always", ["channel.held-flood"] = "sometimes", ["channel.held-few-files"] = "often",
            ["channel.held-one-recipient"] = "nearly always", ["channel.held-hosts-alternate"] = "usually",
            ["channel.held-many-received"] = "nearly always", ["channel.held-one-domain"] = "usually" },
  never = { "channel.held-few-received", "channel.held-many-recipients", "channel.held-domain-comes-here" },
  urgency = "act", if_nothing = held_forever,
  remedies = { { "loop.fix-forward", "usually" }, { "held.release", "rarely" } },
  since = since, messages = held, mailboxes = function() return 1 end, cites = "field case E3",
}

cause "held.policy" {
  title   = "Messages were set aside by a limit, a filter or an operator",
  summary = "Held messages with few Received lines: no loop; somebody or something wanted them looked at",
  scope = "channel", where = not_hold, prior = "plausible",
  links = { ["channel.has-held-files"] = "nearly always", ["channel.held-flood"] = "rarely", ["channel.held-few-received"] = "nearly always",
            ["channel.held-over-limit"] = "often", ["channel.held-few-files"] = "usually", ["channel.held-many-recipients"] = "often",
            ["channel.held-on-purpose"] = "usually" },
  never = { "channel.held-many-received" },
  urgency = "watch", if_nothing = held_forever,
  remedies = { { "held.release", "usually" } },
  since = since, messages = held, cites = "field case E7",
}

cause "loop.undetected" {
  title   = "Mail goes in circles without being noticed",
  summary = function(h) return "the same pair of addresses answers itself over and over: " .. text(value(h, "pair_top", "two addresses")) end,
  scope = "host", prior = "rare",
  links = { ["host.pair-over-and-over"] = "nearly always", ["host.pair-makes-the-flood"] = "usually", ["host.nothing-held"] = "usually", ["host.arrivals-far-above-usual"] = "usually",
            ["host.few-recipients-get-it-all"] = "usually", ["host.replies-among-few"] = "usually", ["host.flood-from-outside"] = "often",
            ["host.one-client-without-bound"] = "often", ["host.one-submitter"] = "often", ["host.submitter-is-new"] = "often",
            ["host.load-high"] = "often", ["host.mass-mailing-queued"] = "often",
            ["channel.growing"] = "often", ["channel.mostly-untried"] = "sometimes", ["channel.untried-old"] = "often" },
  brings = { ["performance.saturated"] = "often" },
  urgency = "act", if_nothing = "traffic and log grow until a disk is full",
  remedies = { { "channel.stop", "often" }, { "loop.fix-routing", "often" } },
  messages = function(h) return h.pair_top_count end, cites = "field case H21",
}

cause "loop.alias-recursion" {
  title   = "An alias or list expands to itself",
  summary = "The reprocess channel fills with the same recipients again and again; nothing is held yet",
  scope = "host", prior = "rare",
  links = { ["host.same-recipients-come-back"] = "nearly always", ["host.alias-expands-to-itself"] = "often", ["host.nothing-held"] = "usually",
            ["host.few-recipients-get-it-all"] = "often", ["host.arrivals-far-above-usual"] = "often", ["host.mass-mailing-queued"] = "often",
            ["host.reprocess-fills"] = "usually", ["host.load-high"] = "often",
            ["channel.growing"] = "often", ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.works-at-its-limit"] = "often" },
  brings = { ["channel.single-threaded"] = "usually", ["performance.saturated"] = "often" },
  urgency = "act", if_nothing = "reprocess fills the queue's disk",
  remedies = { { "loop.fix-forward", "usually" }, { "channel.stop", "often" } },
  cites = "catalogue of diagnoses",
}

---------------------------------------------------------------- remedies

remedy "loop.accept-domain" {
  title = "Tell the MTA that the domain is ours, or take it off our MX",
  steps = function(ch)
    local domain = value(ch, "held_domain_top", "newdomain.example")
    return {
      { "See how the domain is routed now", command("imsimta test -rewrite user@%s", domain) },
      "If the domain is hosted here: add a rewrite rule for " .. text(domain) .. " like the one of your main domain (" .. change.place(ch, "rewrite")
        .. "), or create the hosted domain in the directory",
      "If it is not ours: have its owner take this host out of its MX records",
      change.compile(ch),
    }
  end,
  needs = "root; to know whose domain it is", risk = "medium", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "take the rule out again", verify = "test -rewrite leads to the local store; a test message is delivered and not held",
  reference = "domain/dns-and-store DNS-14", minutes = 20, risk_minutes = 5, cites = "domain/dns-and-store DNS-14",
}

remedy "loop.loopcheck" {
  title = "Let the MTA notice at once when it talks to itself",
  steps = function(ch)
    return {
      "Put `loopcheck` on the channel " .. text(scope_name(ch) == "channel" and ch.name or "tcp_local") .. " (" .. change.place(ch, "channels") .. ")",
      change.compile(ch),
    }
  end,
  needs = "root; write access to the configuration", risk = "low", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "take the keyword out again", verify = "a message that comes back to this host is refused at once instead of being held after many rounds",
  warnings = { "It notices only a host that talks to itself, not a loop over a second host; it ends no loop that is there" },
  reference = "seed, part II: the loopcheck keyword", minutes = 5, risk_minutes = 1, cites = "seed, part II",
}

remedy "loop.fix-routing" {
  title = "Decide which system is responsible and correct the other",
  steps = function(x)
    return {
      { "Ask this host where it sends the address", command("imsimta test -rewrite user@%s", scope_name(x) == "channel" and value(x, "held_domain_top", "example.com") or "example.com") },
      "Ask the other system the same; one of the two must stop sending it back (mailRoutingHosts, mailHost, smarthost, default route)",
      change.compile(x),
    }
  end,
  needs = "access to both systems", risk = "medium", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "put the old route back", verify = "a test message to such an address arrives or is refused, and is not held",
  reference = "field case E5", minutes = 30, risk_minutes = 10, cites = "field case E5",
}

remedy "loop.fix-forward" {
  title = "Break one of the forwards that make the circle",
  steps = function()
    return {
      "Find the addresses in the Received lines and envelopes of a held message, or in the channel that fills",
      "Take the forward out of one of them (mailForwardingAddress, a Sieve filter, the alias file, or at the other site)",
      "Only then release what is held: it is held again otherwise",
    }
  end,
  needs = "write access to the directory or the users' help", risk = "low", restart = "none", undo = "set the forward again",
  verify = "a message to the address arrives once", reference = "field case E3", minutes = 15, risk_minutes = 1, cites = "field case E3",
}

remedy "held.release" {
  title = "Release the held messages, after the cause is mended",
  steps = function(ch)
    if value(ch.host, "version_num", 603) < 600 then
      return {
        "Read a held file first: envelope, header and Received lines",
        { "See what is held", command("find queue/%s -name '*.HELD'", ch.name) },
        "Rename those that are good from .HELD to a number other than .00, for example .06; move what is worthless to another folder",
        { "Tell the job controller", command("imsimta cache -sync") },
        { "Push the channel", command("imsimta submit %s", ch.name) },
      }
    end
    return {
      { "Start the queue tool; the next commands are typed at its prompt", command("imsimta qm") },
      { "List what is held", command("directory -held %s", ch.name) },
      { "Look at one: envelope, header and history", "read 1" },
      { "Release by number, a few at first", "release 1-5" },
      { "What is worthless is returned or deleted instead", "return 6-9" },
    }
  end,
  needs = "root or the mail user; the loop is broken, or the message was looked at", risk = "medium", restart = "none",
  undo = "`hold` with the same numbers", verify = "the released messages leave and no new .HELD file appears",
  warnings = { "Released too early they loop again and come back as .HELD" },
  reference = "seed, part II: the command is called release", minutes = 10, risk_minutes = 3, cites = "seed, part II; field case E1",
}
