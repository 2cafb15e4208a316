-- What other hosts do that looks like a failure and is none: they put first tries off, they come back, single connections break.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

---------------------------------------------------------------- first tries refused

finding "destination.greylists" {
  title = "messages are put off at their first try only",
  scope = "destination", group = "attempt-texts", leak = "rarely",
  test  = function(d)
    return d.failures:share("greylisted", "smtp-4xx") > thresholds.most and d.first_try_deferred >= 2
      and d.repeat_deferred <= thresholds.third * d.first_try_deferred
  end,
  says  = function(d) return num(d.first_try_deferred) .. " messages were put off at their first try, " .. num(d.repeat_deferred) .. " more than once" end,
  cites = "field case H5",
}

finding "destination.accepts-later" {
  title = "messages that were put off are accepted at a later try",
  scope = "destination", group = "log-outcomes", leak = "rarely",
  test  = function(d) return d.greylisted_accepted >= 1 and d.greylisted_accepted >= thresholds.third * d.first_try_deferred end,
  says  = function(d) return num(d.greylisted_accepted) .. " of them were accepted at a later try" end,
  cites = "field case H5: exactly one Q, then D",
}

finding "destination.says-greylisting" {
  title = "the answers speak of greylisting",
  scope = "destination", group = "attempt-texts", leak = says_itself,
  test  = function(d) return d.failures:count("greylisted") >= 2 and d.failures:share("greylisted") > thresholds.most end,
  says  = function(d) return num(d.failures:count("greylisted")) .. " answers speak of greylisting" end,
  cites = "domain/msgserver-logs, table of failure texts, row 136",
}

cause "normal.greylisting" {
  title   = "The other side greylists: first tries are put off, later ones accepted",
  summary = "The host puts off mail of senders it does not know and accepts the next try",
  scope = "destination", where = remote.by_mx, benign = true, prior = "common",
  links = { ["destination.greylists"] = "nearly always", ["destination.accepts-later"] = "usually", ["destination.says-greylisting"] = "often" },
  urgency = "normal", if_nothing = "the messages are accepted at their next try",
  remedies = { { "queue.wait", "nearly always" } },
  messages = function(d) return d.files end,
  cites = "field case H5",
}

---------------------------------------------------------------- trouble that ended

finding "destination.works-again" {
  title = "failures ended and messages are delivered again",
  scope = "destination", group = "log-outcomes", leak = "rarely",
  test  = function(d)
    return d.deferred >= thresholds.few_attempts and d.delivered_1h > 0 and d.last_delivery < d.last_failure and d.failures_1h.total == 0
  end,
  says  = function(d) return "the last failure was " .. dur(d.last_failure) .. " ago, since then " .. num(d.delivered_1h) .. " messages were delivered" end,
  cites = "field case A5",
}

cause "normal.destination-recovered" {
  title   = "The destination works again",
  summary = "Failures ended and the backlog for it goes out",
  scope = "destination", where = remote.is_connected, benign = true, prior = "plausible",
  links = { ["destination.works-again"] = "nearly always", ["destination.some-mail-passes"] = "nearly always",
            ["destination.all-connects-fail"] = "rarely", ["destination.is-heavy"] = "sometimes" },
  urgency = "normal", if_nothing = "what waits goes out at its next scheduled retry",
  remedies = { { "queue.wait", "nearly always" } },
  messages = function(d) return d.files end,
  cites = "field case A5",
}

---------------------------------------------------------------- errors that are few

finding "destination.few-errors-among-deliveries" {
  title = "few connection errors stand against many deliveries",
  scope = "destination", group = "log-rates", leak = "rarely",
  test  = function(d)
    local bad = d.failures:count("connect-refused") + d.failures:count("connect-timeout") + d.failures:count("no-route")
      + d.failures:count("connect-failed") + d.failures:count("connection-lost")
    return bad >= thresholds.sporadic_errors and bad <= thresholds.some * d.delivered and d.last_delivery < d.last_failure + thresholds.recent_s
  end,
  says  = function(d) return num(d.deferred) .. " errors stand against " .. num(d.delivered) .. " deliveries" end,
  cites = "field case A7",
}

cause "normal.sporadic-network-error" {
  title   = "A few connection errors among many deliveries",
  summary = "Single connections failed; the messages were tried again and most mail passes",
  scope = "destination", where = remote.is_connected, benign = true, prior = "common",
  links = { ["destination.few-errors-among-deliveries"] = "nearly always", ["destination.some-mail-passes"] = "usually" },
  urgency = "normal", if_nothing = "the next try delivers them", remedies = {},
  messages = function(d) return d.files end,
  cites = "field case A7",
}
