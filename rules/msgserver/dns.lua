-- Names: theirs or ours. A failed look-up of one domain is its owner's matter; many unrelated ones that began together are our resolver's.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

---------------------------------------------------------------- findings about one destination

finding "destination.name-does-not-exist" {
  title = "attempts say that the name does not exist or takes no mail",
  scope = "destination", group = "attempt-texts", leak = "rarely",
  test  = function(d)
    return d.failures:count("dns-nonexistent") >= 1 and d.failures:share("dns-nonexistent") > thresholds.most and d.delivered == 0
  end,
  says  = function(d)
    return num(d.failures:count("dns-nonexistent")) .. " attempts say that the name does not exist or takes no mail"
  end,
  cites = "seed: Illegal host/domain name found",
}

finding "destination.dns-says-no-mail" {
  title = "DNS has no place to send its mail to",
  scope = "destination", group = "dns", leak = "rarely",
  test  = function(d) return d.mx == "nxdomain" or d.mx == "nodata" or d.mx == "null-mx" or d.mx == "unusable" end,
  says  = function(d)
    if d.mx == "null-mx" then return "DNS says that the domain takes no mail (null MX)" end
    if d.mx == "nodata" then return "DNS has neither MX nor address for it" end
    if d.mx == "unusable" then return "none of its MX names has an address" end
    return "DNS says that the name does not exist"
  end,
  cites = "domain/dns-and-store I.3, DNS-01, DNS-07, DNS-08, DNS-11",
}

finding "destination.returned-not-queued" {
  title = "messages were returned at once",
  scope = "destination", group = "attempt-codes", leak = "sometimes",
  test  = function(d) return d.returned >= 1 and d.returned >= d.deferred end,
  says  = function(d) return num(d.returned) .. " messages were returned at once (R entries)" end,
  cites = "domain/dns-and-store I.2",
}

finding "destination.lookups-fail" {
  title = "the name could not be looked up for the time being",
  scope = "destination", group = "attempt-texts", leak = "rarely",
  test  = function(d)
    return d.failures:count("dns-temporary") >= 1 and d.failures:share("dns-temporary") > thresholds.most
  end,
  says  = function(d) return num(d.failures:count("dns-temporary")) .. " attempts failed since the name could not be looked up for the time being" end,
  cites = "seed; domain/dns-and-store I.2",
}

finding "destination.dns-fails-now" {
  scope = "destination", group = "dns", leak = "rarely",
  test  = function(d) return d.mx == "failed" end,
  says  = "no resolver could answer for it (SERVFAIL, REFUSED or no answer)",
  cites = "domain/dns-and-store I.4, DNS-04",
}

finding "destination.controls-resolve" {
  scope = "destination", group = "dns-controls", leak = "usually",
  test  = function(d) return d.host.dns_controls_failed_share < thresholds.third end,
  says  = "names that must resolve do",
  cites = "domain/dns-and-store I.6",
}

finding "destination.resolves-now" {
  scope = "destination", group = "dns-again", leak = "rarely",
  test  = function(d)
    return (d.mx == "ok" or d.mx == "implicit")
      and d.failures:count("dns-temporary") + d.failures:count("dns-nonexistent") > 0
  end,
  says  = "the name resolves now, although attempts failed to look it up before",
  cites = "domain/dns-and-store DNS-31; field case A3",
}

finding "destination.few-domains-fail" {
  scope = "destination", group = "log-people", leak = "usually",
  test  = function(d) return d.host.dns_failing_share_4h < thresholds.third end,
  says  = "other domains are looked up without trouble",
  cites = "domain/dns-and-store I.6: a single domain points to theirs",
}

finding "destination.mx-leads-astray" {
  title = "its MX leads to an address that nothing can be sent to",
  scope = "destination", group = "dns-form", leak = says_itself,
  test  = function(d)
    return any { function() return d.mx_is_private end, function() return d.mx_is_self and not d.routed end }
  end,
  says  = function(d)
    if value(d, "mx_is_private", false) then return "its MX leads to a loopback or private address" end
    return "its MX is this host, but no rewrite rule takes the domain"
  end,
  cites = "domain/dns-and-store DNS-09, DNS-13, DNS-14",
}

finding "destination.mx-of-bad-form" {
  title = "its MX is an address or an alias",
  scope = "destination", group = "dns-form", leak = "sometimes",    -- most such domains get their mail all the same
  test  = function(d) return d.mx_bad_form end,
  says  = "its MX is an address or an alias instead of a host's name",
  cites = "domain/dns-and-store DNS-10, DNS-11",
}

---------------------------------------------------------------- findings about our resolver

finding "host.many-domains-fail-lookups" {
  title = "many unrelated domains fail by name look-up",
  scope = "host", group = "attempt-texts", leak = "rarely",
  test  = function(h)
    return h.dns_failing_destinations_4h >= thresholds.dns_many_domains and h.dns_failing_share_4h > thresholds.dns_many_share
  end,
  says  = function(h)
    return num(h.dns_failing_destinations_4h) .. " unrelated domains (" .. pct(h.dns_failing_share_4h) .. " of those tried) fail by name look-up"
  end,
  cites = "domain/dns-and-store I.6: more than about 20 % of distinct domains",
}

finding "host.lookups-began-together" {
  title = "the domains that fail by name look-up began to fail together",
  scope = "host", group = "log-onset", leak = "sometimes",
  test  = function(h)
    return h.dns_failing_destinations_4h >= thresholds.dns_many_domains and h.dns_onset_spread_s < thresholds.attempts_window_s
  end,
  says  = function(h)
    return "they began to fail together, within " .. dur(h.dns_onset_spread_s) .. ", " .. dur(h.dns_onset) .. " ago"
  end,
  cites = "domain/dns-and-store I.6: began in the same minute",
}

finding "host.names-fail-still" {
  title = "most failures of the last hour are name look-ups of many domains",
  scope = "host", group = "attempt-texts-now", leak = "rarely",
  test  = function(h)
    return h.dns_failing_destinations_4h >= thresholds.dns_many_domains and h.failures_1h.total >= thresholds.few_attempts
      and h.failures_1h:share("dns-temporary") > thresholds.most
  end,
  says  = function(h) return pct(h.failures_1h:share("dns-temporary")) .. " of all failures of the last hour are name look-ups" end,
  cites = "field case A15: the server's resolver fails although the system's tools answer",
}

finding "host.controls-fail" {
  title = "names that must resolve were not answered",
  scope = "host", group = "dns", leak = says_itself,
  test  = function(h) return h.dns_controls_failed_share > thresholds.most end,
  says  = function(h) return pct(h.dns_controls_failed_share) .. " of the names that must resolve were not answered" end,
  cites = "domain/dns-and-store I.6, DNS-20",
}

finding "host.stuck-names-unanswered" {
  title = "the stuck destinations were not answered by any resolver",
  scope = "host", group = "dns", leak = "rarely",
  test  = function(h) return h.dns_asked >= thresholds.few_attempts and h.dns_stuck_failed_share > thresholds.most end,
  says  = function(h) return pct(h.dns_stuck_failed_share) .. " of the stuck destinations were not answered by any resolver" end,
  cites = "domain/dns-and-store DNS-20",
}

finding "host.all-resolvers-dead" {
  title = "no configured resolver answered anything",
  scope = "host", group = "dns", leak = says_itself,
  test  = function(h) return h.dns_resolvers > 0 and h.dns_resolvers_dead == h.dns_resolvers end,
  says  = function(h) return "none of the " .. num(h.dns_resolvers) .. " configured resolvers answered anything" end,
  cites = "domain/dns-and-store DNS-20",
}

finding "host.first-resolver-dead" {
  scope = "host", group = "dns-first", leak = says_itself,
  test  = function(h)
    return any { function() return h.dns_first_dead end,
                 function() return h.dns_slow_ms >= thresholds.resolver_slow_ms and h.dns_resolvers_dead < h.dns_resolvers end }
  end,
  says  = "the first resolver does not answer, or only slowly; another one does",
  cites = "domain/dns-and-store DNS-21",
}

finding "host.deliveries-wait-for-names" {
  title = "deliveries to most destinations take long",
  scope = "host", group = "log-times", leak = "rarely",
  test  = function(h)
    local told, slow = 0, 0
    for ch in h:each("channel") do
      for d in ch:each("destination") do
        if known(d, "seconds_per_delivery") then
          told = told + 1
          if d.seconds_per_delivery >= thresholds.banner_slow_s then slow = slow + 1 end
        end
      end
    end
    return told >= thresholds.several_mailboxes and slow > thresholds.most * told
  end,
  says  = "deliveries to most destinations take seconds longer than the dialogue needs",
  cites = "domain/dns-and-store DNS-21: every look-up costs the time-out",
}

finding "host.stuck-names-without-mx" {
  title = "most stuck destinations have an address but no MX",
  scope = "host", group = "dns-stuck", leak = "rarely",
  test  = function(h)
    local asked, implicit = 0, 0
    for ch in h:each("channel") do
      for d in ch:each("destination") do
        if known(d, "mx") then
          asked = asked + 1
          if d.mx == "implicit" then implicit = implicit + 1 end
        end
      end
    end
    return asked >= thresholds.several_mailboxes and implicit > thresholds.most * asked
  end,
  says  = "most stuck destinations have an address but no MX, as names completed by a search domain have",
  cites = "domain/dns-and-store DNS-25",
}

finding "host.names-resolve-by-search-list" {
  scope = "host", group = "dns-search", leak = says_itself,
  test  = function(h) return h.dns_search_trap end,
  says  = "a name that must not exist resolves through the search list or a wildcard",
  cites = "domain/dns-and-store DNS-25, DNS-26",
}

finding "channel.names-with-mx-fail" {
  title = "domains that have an MX fail by name look-up",
  scope = "channel", group = "dns", leak = "rarely", where = function(ch) return ch.reaches_outside end,
  test  = function(ch)
    local n = 0
    for d in ch:each("destination") do
      if known(d, "mx") and d.mx == "ok"
        and d.failures:count("dns-nonexistent") + d.failures:count("dns-temporary") > thresholds.most * d.failures.total then n = n + 1 end
    end
    return n >= 2
  end,
  says  = "domains that have an MX fail by name look-up",
  cites = "field cases, J: MX exists, A does not",
}

finding "channel.name-failures" {
  title = "most failures of the channel are name look-ups",
  scope = "channel", group = "attempt-texts", leak = "rarely", where = function(ch) return ch.reaches_outside end,
  test  = function(ch) return ch.failures.total >= thresholds.few_attempts and ch.failures:share("dns-nonexistent", "dns-temporary") > thresholds.most end,
  says  = function(ch) return pct(ch.failures:share("dns-nonexistent", "dns-temporary")) .. " of the failures of the channel are name look-ups" end,
  cites = "domain/dns-and-store I.7",
}

finding "channel.mx-keyword-wrong" {
  scope = "channel", group = "configuration", leak = says_itself,
  where = function(ch) return ch.reaches_outside end,
  test  = function(ch) return ch.mx_keyword == "nomx" and not known(ch, "smarthost") end,
  says  = "the channel delivers to the Internet with nomx: domains that have only an MX cannot be reached",
  cites = "domain/dns-and-store I.7",
}

---------------------------------------------------------------- causes

local function d_files(d) return d.files end
local function d_since(d) return d.first_failure end

cause "dns.nonexistent-domain" {
  title   = "A recipient domain does not exist or takes no mail",
  summary = function(d) return "the name " .. text(d.name) .. " has no place in DNS to send mail to; such mail is returned, nothing is wrong here" end,
  scope = "destination", where = remote.by_mx, prior = "common",
  links = { ["destination.name-does-not-exist"] = "nearly always", ["destination.dns-says-no-mail"] = "nearly always",
            ["destination.returned-not-queued"] = "usually", ["destination.controls-resolve"] = "nearly always" },
  never = { "destination.resolves" },
  urgency = "normal", if_nothing = "senders get their mail back",
  remedies = { { "destination.contact-owner", "sometimes" }, { "queue.delete-or-return", "often" }, { "dns.no-workarounds", "rarely" } },
  since = d_since, messages = function(d) return d.returned + value(d, "files", 0) end,
  cites = "seed: Illegal host/domain name found; domain/dns-and-store DNS-01",
}

cause "dns.remote-broken" {
  title   = "The name servers of a recipient domain are broken",
  summary = "Its name cannot be looked up while other names can: its owner's servers fail",
  scope = "destination", where = remote.by_mx, prior = "plausible",
  links = { ["destination.lookups-fail"] = "nearly always", ["destination.dns-fails-now"] = "nearly always",
            ["destination.controls-resolve"] = "nearly always", ["destination.few-domains-fail"] = "nearly always", ["destination.is-heavy"] = "sometimes",
            ["destination.others-are-fine"] = "usually", ["destination.tool-says-delayed"] = "usually" },
  never = { "destination.resolves", "destination.dns-says-no-mail" },
  urgency = "watch", if_nothing = "mail for it is tried again and returned at the last age of `notices`",
  remedies = { { "queue.wait", "usually" }, { "destination.contact-owner", "often" }, { "dns.no-workarounds", "rarely" } },
  since = d_since, messages = d_files,
  cites = "domain/dns-and-store DNS-04, DNS-05, DNS-18",
}

cause "dns.transient" {
  title   = "A name look-up failed for a while and works now",
  summary = "The name could not be looked up during a run, which then skipped the host; it resolves now",
  scope = "destination", where = remote.by_mx, prior = "plausible",
  links = { ["destination.lookups-fail"] = "nearly always", ["destination.resolves-now"] = "nearly always", ["destination.resolves"] = "nearly always",
            ["destination.few-domains-fail"] = "nearly always", ["destination.host-was-skipped"] = "often", ["destination.some-mail-passes"] = "often" },
  never = { "destination.dns-fails-now" },
  urgency = "normal", if_nothing = "the next run delivers the mail",
  remedies = { { "queue.wait", "nearly always" }, { "dns.no-workarounds", "rarely" } },
  since = d_since, messages = d_files,
  cites = "seed; field case A3; domain/dns-and-store DNS-31",
}

finding "destination.host-was-skipped" {
  title = "messages were put off since the host had failed before in the same run",
  scope = "destination", group = "attempt-texts", leak = "rarely",
  test  = function(d) return d.failures:count("host-skipped") > 0 and d.delivered_ever > 0 end,
  says  = function(d) return num(d.failures:count("host-skipped")) .. " messages were put off since the host had failed before in the same run" end,
  cites = "seed: skipping this host",
}

cause "dns.resolver-down" {
  title   = "Our name resolver does not work",
  summary = function(h) return "look-ups of unrelated names fail together: this host's resolver, not the destinations" end,
  scope = "host", prior = "plausible",
  links = {
    ["host.many-domains-fail-lookups"] = "nearly always", ["host.lookups-began-together"] = "usually", ["host.names-fail-still"] = "nearly always",
    -- the server's own resolver may fail where the system's tools are answered
    ["host.controls-fail"] = "usually", ["host.stuck-names-unanswered"] = "usually", ["host.all-resolvers-dead"] = "often",
    ["destination.lookups-fail"] = "nearly always", ["destination.dns-fails-now"] = "nearly always", ["destination.all-connects-fail"] = "often",
    ["destination.is-heavy"] = "often", ["channel.remote-hosts-fail"] = "usually", ["channel.mostly-retried"] = "often",
    ["channel.name-failures"] = "nearly always", ["channel.growing"] = "usually",
    ["host.others-suffer-too"] = "usually", ["host.network-was-changed"] = "often",
  },
  brings = { ["dns.remote-broken"] = "nearly always", ["dns.transient"] = "often", ["destination.unreachable"] = "often", ["dns.resolver-slow"] = "usually" },
  urgency = "act", if_nothing = "nothing leaves for other hosts; senders are warned at the first age of `notices`",
  remedies = { { "dns.fix-resolver", "usually" }, { "dns.no-workarounds", "rarely" } },
  since = function(h) return h.dns_onset end,
  messages = function(h) return h.failures:count("dns-temporary") end,
  cites = "domain/dns-and-store DNS-20; field cases A15, H13",
}

cause "dns.resolver-slow" {
  title   = "The first name resolver is dead or slow",
  summary = "Every look-up first waits for a resolver that does not answer",
  scope = "host", prior = "plausible",
  links = { ["host.first-resolver-dead"] = "nearly always", ["host.deliveries-wait-for-names"] = "often",
            ["destination.deliveries-take-long"] = "often",
            ["host.others-suffer-too"] = "often" },
  never = { "host.all-resolvers-dead" },
  urgency = "watch", if_nothing = "each delivery takes seconds longer than it should",
  remedies = { { "dns.fix-resolver", "usually" } },
  cites = "domain/dns-and-store DNS-21",
}

cause "dns.search-domain-trap" {
  title   = "Wrong names resolve through the search list",
  summary = "A name that does not exist is completed with a search domain or a wildcard: mail for dead domains goes to the wrong host",
  scope = "host", prior = "uncommon",
  links = { ["host.names-resolve-by-search-list"] = "nearly always", ["host.stuck-names-without-mx"] = "usually", ["destination.resolves"] = "nearly always",
            ["destination.all-connects-fail"] = "often", ["channel.remote-hosts-fail"] = "often",
            ["destination.dead-by-hand"] = "often" },
  urgency = "act", if_nothing = "mail for mistyped domains is delivered to the wrong place or loops",
  remedies = { { "dns.fix-resolver", "usually" } },
  cites = "domain/dns-and-store DNS-25",
}

cause "dns.mx-misconfigured" {
  title   = "A channel to the Internet does not use MX records",
  summary = "The channel's keywords forbid MX look-ups: domains that have only an MX cannot be reached",
  scope = "channel", prior = "rare",
  links = { ["channel.mx-keyword-wrong"] = "nearly always", ["channel.name-failures"] = "usually", ["channel.names-with-mx-fail"] = "usually",
            ["channel.remote-hosts-fail"] = "sometimes", ["channel.mostly-retried"] = "often",
            ["destination.name-does-not-exist"] = "usually", ["destination.lookups-fail"] = "often", ["destination.resolves-now"] = "usually" },
  brings = { ["dns.transient"] = "usually", ["dns.nonexistent-domain"] = "often" },
  urgency = "act", if_nothing = "mail to such domains is returned at the last age of `notices`",
  remedies = { { "channel.fix-routing", "usually" } },
  messages = function(ch) return ch.retried end,
  cites = "domain/dns-and-store I.7; catalogue of diagnoses",
}

cause "dns.mx-points-astray" {
  title   = "The MX of a destination leads nowhere useful",
  summary = "Its MX is a private or loopback address, an alias or an address: its owner's mistake",
  scope = "destination", where = remote.by_mx, prior = "uncommon",
  links = { ["destination.mx-leads-astray"] = "nearly always", ["destination.mx-of-bad-form"] = "sometimes", ["destination.all-connects-fail"] = "nearly always", ["destination.is-heavy"] = "often",
            ["destination.others-are-fine"] = "usually", ["destination.resolves"] = "usually", ["destination.tool-says-delayed"] = "usually",
            ["destination.dead-by-hand"] = "nearly always", ["destination.dead-for-others-too"] = "nearly always" },
  never = { "destination.works-again" },
  brings = { ["destination.unreachable"] = "usually" },
  urgency = "watch", if_nothing = "mail for it is returned at the last age of `notices`",
  remedies = { { "destination.contact-owner", "often" }, { "queue.delete-or-return", "often" }, { "dns.no-workarounds", "rarely" } },
  since = d_since, messages = d_files,
  cites = "domain/dns-and-store DNS-09 to DNS-15",
}

---------------------------------------------------------------- remedies

remedy "dns.fix-resolver" {
  title = "Repair or replace the name resolver",
  steps = function(x)
    return {
      { "Ask each configured resolver by itself for a name that must resolve", "for r in $(awk '/^nameserver/ {print $2}' /etc/resolv.conf); do echo $r; dig @$r example.com MX +time=3 +tries=1; done" },
      "Restart the resolver that is yours, or put one that answers first in /etc/resolv.conf; remove search lists that complete foreign names",
      "If a channel has its own `nameservers` keyword, correct it there too and compile the configuration",
      { "When names resolve again, push the channel once instead of waiting for its schedule", command("imsimta submit %s", "tcp_local") },
    }
  end,
  needs = "root on this host or the resolver's administrator", risk = "low", restart = "none of the mail server",
  undo = "put the old resolv.conf back", verify = "each resolver answers, the channel logs D entries again and the backlog falls",
  reference = "seed; field case H13", minutes = 20, risk_minutes = 2, cites = "domain/dns-and-store DNS-20, DNS-21",
}

remedy "dns.no-workarounds" {
  title = "Leave the mail configuration alone",
  steps = function()
    return { "Do not add hosts entries, rewrite rules, `daemon` or `lastresort` for a name that does not resolve: mending DNS is less work and such rules are forgotten" }
  end,
  needs = "nothing", risk = "low", restart = "none", undo = "nothing to undo", verify = "the name resolves and the next run delivers",
  reference = "seed: fancy configuration workarounds are more work than fixing the real problem", minutes = 1, risk_minutes = 0,
  cites = "seed; domain/dns-and-store I.1",
}

remedy "channel.fix-routing" {
  title = "Let the channel use MX records",
  steps = function(x)
    return {
      (change.is_unified(x) and "With `msconfig edit channels`" or "In imta.cnf") .. ", on the line of the channel " .. text(x.name) .. ", put `mx` in place of `nomx` (or set the smarthost with `daemon` if all its mail goes to one host)",
      { "Check how an address is routed before compiling", command("imsimta test -rewrite -noimage user@example.com") },
      { "Compile the configuration", command("imsimta cnbuild") },
      { "Restart the SMTP servers", command("imsimta restart dispatcher") },
    }
  end,
  needs = "root; write access to the configuration", risk = "medium", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "put the old keyword back", verify = "new attempts reach the MX hosts of the domains", reference = "domain/dns-and-store I.7",
  minutes = 15, risk_minutes = 5, cites = "domain/dns-and-store I.7",
}
