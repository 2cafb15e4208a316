-- The door: the dispatcher and the SMTP servers that take mail in.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function accepts(h) return not (h.roles.n == 1 and h.roles:has("proxy")) end

finding "host.no-dispatcher" {
  title = "no dispatcher process is there",
  scope = "host", group = "processes-dispatcher", leak = says_itself,
  test  = function(h) return h:process("dispatcher").count == 0 end,
  says  = "no dispatcher process is there",
  cites = "domain/msgserver-queue 5.1",
}

finding "host.nothing-arrives" {
  title = "no message arrived for half an hour though many are usual",
  scope = "host", group = "log-rates", leak = "rarely",
  test  = function(h)
    return h.last_enqueue > thresholds.silence_s and h.arrivals_usual_1h >= thresholds.sample_attempts
  end,
  says  = function(h)
    return "the last message arrived " .. dur(h.last_enqueue) .. " ago; " .. num(h.arrivals_usual_1h) .. " an hour are usual"
  end,
  cites = "field case D13: zero E lines in a busy hour",
}

finding "host.queues-empty-out" {
  title = "the queues are nearly empty",
  scope = "host", group = "generations", leak = "often",
  test  = function(h) return h.queue_files - h.queue_held < thresholds.backlog_files end,
  says  = "the queues are nearly empty",
  cites = "field case D13",
}

finding "host.dispatcher-there" {
  title = "a dispatcher process is there",
  scope = "host", group = "processes-dispatcher", leak = "nearly always",
  test  = function(h) return h:process("dispatcher").count >= 1 end,
  says  = "a dispatcher process is there",
  cites = "field case H23",
}

finding "host.smtp-too-busy" {
  title = "port 25 accepts the connection, but answers 421 or nothing in time",
  scope = "host", group = "tools", leak = says_itself,
  test  = function(h) return h.dispatcher_banner == "421" or h.dispatcher_banner == "none" end,
  says  = function(h)
    return "port 25 accepts the connection, but " .. (h.dispatcher_banner == "none" and "no greeting comes in time" or "answers 421")
  end,
  cites = "field case H23",
}

finding "host.connections-refused" {
  title = "many connections were turned away while hardly anything arrives",
  scope = "host", group = "attempt-texts", leak = "rarely",
  test  = function(h) return h.connections_refused.total >= thresholds.flood_messages and h.arrived_1h < thresholds.some * h.arrivals_usual_1h end,
  says  = function(h) return num(h.connections_refused.total) .. " connections were turned away while hardly anything arrives" end,
  cites = "field case H23: connection count at its limit",
}

finding "host.tls-does-not-start" {
  title = "log lines say `TLS library initialization failure`",
  scope = "host", group = "server-logs-tls", leak = says_itself,
  test  = function(h) return h.tls_init_lines > 0 end,
  says  = function(h) return num(h.tls_init_lines) .. " lines or answers of ours say `TLS library initialization failure`" end,
  cites = "domain/msgserver-logs 2.3: 454 4.7.1",
}

finding "host.tls-refused-at-the-door" {
  title = "clients are turned away at our door for TLS",
  scope = "host", group = "attempt-texts", leak = "rarely",
  test  = function(h)
    return any { function() return h.refused:count("tls") >= thresholds.few_attempts end,
                 function() return h.connections_refused:count("tls") >= thresholds.few_attempts end }
  end,
  says  = "clients are turned away at our door for TLS, again and again",
  cites = "domain/msgserver-logs 2.3: 454 4.7.1",
}

finding "host.tls-refused-now" {
  title = "TLS at our door fails in the last hour",
  scope = "host", group = "log-rates", leak = "rarely",
  test  = function(h) return h.refused_1h:count("tls") >= thresholds.few_attempts end,
  says  = function(h) return num(h.refused_1h:count("tls")) .. " of them in the last hour" end,
  cites = "catalogue of diagnoses: tls.init-failure, to everybody",
}

finding "host.incoming-waits" {
  title = "a client waits many seconds for the greeting",
  scope = "host", group = "people", leak = says_itself,
  test  = function(h) return h.banner_delay_s >= thresholds.banner_slow_s end,
  says  = function(h) return "a client waits " .. dur(h.banner_delay_s) .. " for the greeting" end,
  cites = "catalogue of diagnoses: dns.reverse-lookup-slow",
}

finding "host.looks-up-clients" {
  title = "names of incoming clients are looked up",
  scope = "host", group = "configuration", leak = "often",
  test  = function(h) return h.reverse_lookups end,
  says  = "names of incoming clients are looked up (ident, forward check)",
  cites = "domain/dns-and-store I.7",
}

finding "host.resolver-is-slow" {
  title = "the resolver takes seconds to answer",
  scope = "host", group = "dns", leak = "rarely",
  test  = function(h) return h.dns_slow_ms >= thresholds.resolver_slow_ms end,
  says  = function(h) return "the resolver takes " .. num(h.dns_slow_ms) .. " ms" end,
  cites = "domain/dns-and-store DNS-21",
}

cause "dispatcher.not-running" {
  title   = "The dispatcher is not running",
  summary = "Nobody can send mail to this host: nothing listens on port 25, while the queues empty out",
  scope = "host", where = accepts, prior = "plausible", about = { process = "dispatcher" },
  links = { ["host.no-dispatcher"] = "nearly always", ["host.nothing-arrives"] = "usually", ["host.queues-empty-out"] = "usually" },
  never = { "host.dispatcher-there" },
  urgency = "act", if_nothing = "no mail comes in; the mail of others waits at their side",
  remedies = { { "dispatcher.restart", "nearly always" } },
  since = function(h) return h.last_enqueue end, cites = "field case D13",
}

cause "dispatcher.hung" {
  title   = "The dispatcher hangs or is at its connection limit",
  summary = "Its process is there and the port accepts, but clients get 421 or no greeting",
  scope = "host", where = accepts, prior = "uncommon", about = { process = "dispatcher" },
  links = { ["host.smtp-too-busy"] = "nearly always", ["host.nothing-arrives"] = "usually", ["host.connections-refused"] = "often",
            ["host.dispatcher-there"] = "nearly always", ["host.incoming-waits"] = "often" },
  never = { "host.no-dispatcher" },
  urgency = "act", if_nothing = "hardly any mail comes in",
  remedies = { { "process.investigate-hang", "often" }, { "dispatcher.restart", "usually" } },
  since = function(h) return h.last_enqueue end, cites = "field case H23",
}

cause "tls.init-failure" {
  title   = "Our SMTP server cannot start TLS",
  summary = "We answer everybody `454 4.7.1 TLS library initialization failure`: the certificate database cannot be read",
  scope = "host", prior = "uncommon",
  links = { ["host.tls-does-not-start"] = "nearly always", ["host.tls-refused-at-the-door"] = "usually", ["host.tls-refused-now"] = "usually" },
  urgency = "act", if_nothing = "clients that demand TLS cannot send",
  remedies = { { "tls.fix", "usually" }, { "dispatcher.restart", "often" } },
  cites = "domain/msgserver-logs 2.3",
}

cause "dns.reverse-lookup-slow" {
  title   = "Incoming connections wait for slow reverse look-ups",
  summary = "The greeting comes late since the names of clients are looked up and the resolver is slow; outgoing mail is fine",
  scope = "host", prior = "uncommon",
  links = { ["host.incoming-waits"] = "nearly always", ["host.looks-up-clients"] = "usually", ["host.resolver-is-slow"] = "usually",
            ["host.smtp-too-busy"] = "often", ["host.dispatcher-there"] = "nearly always" },
  urgency = "act", if_nothing = "clients give up before they are greeted",
  remedies = { { "dns.fix-resolver", "usually" }, { "dns.skip-reverse-lookup", "usually" } },
  cites = "catalogue of diagnoses",
}

remedy "dispatcher.restart" {
  title = "Start the dispatcher again",
  steps = function(x)
    return {
      { "See why it ended or hangs: read its newest log (dispatcher.log-*)", places.newest_logs(x) },
      { "Its socket lies in /tmp, which must be open to all with the sticky bit (mode 1777)", "ls -ld /tmp /tmp/.*dispatcher.socket" },
      value(x:process("dispatcher"), "count", 0) > 0 and { "Restart it", command("imsimta restart dispatcher") }
        or { "Start it", command("imsimta start dispatcher") },
      { "See that it listens", "telnet localhost 25" },
    }
  end,
  needs = "root", risk = "low", restart = "dispatcher and SMTP servers", undo = "nothing to undo",
  verify = "port 25 greets, E entries appear in mail.log_current",
  warnings = { "Sessions in progress are cut; their senders try again" },
  reference = "field case D13", minutes = 5, risk_minutes = 2, cites = "field case D13",
}

remedy "dns.skip-reverse-lookup" {
  title = "Do not look up the names of incoming clients",
  steps = function()
    return {
      "On the incoming channels in imta.cnf use identnonenumeric and forwardchecknone",
      { "Compile the configuration", command("imsimta cnbuild") },
      { "Restart the SMTP servers", command("imsimta restart dispatcher") },
    }
  end,
  needs = "root; no access rule may depend on client names", risk = "low", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "put the old keywords back", verify = "the greeting comes at once", reference = "domain/dns-and-store I.7",
  minutes = 10, risk_minutes = 3, cites = "domain/dns-and-store I.7",
}
