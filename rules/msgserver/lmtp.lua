-- Store hosts of this site that are reached by LMTP: they are down, or put mail off for single mailboxes.

local function d_files(d) return d.files end
local function d_since(d) return d.first_failure end

-- Every destination of an LMTP channel is one: it says whose host it is, not what ails it.
finding "destination.is-own-store" {
  scope = "destination", group = "configuration", leak = "nearly always",
  where = function(d) return d.channel.kind == "lmtp" or known(d, "is_own_store") end,
  test  = function(d) return d.channel.kind == "lmtp" or d.is_own_store end,
  says  = "it is a store host of this site, reached by LMTP",
  cites = "field cases, look-alikes: one of our own mailhosts",
}

finding "destination.store-busy" {
  title = "the store host puts off mail for single mailboxes",
  scope = "destination", group = "attempt-texts", leak = "rarely",
  test  = function(d)
    return d.channel.kind == "lmtp" and d.failures.total >= thresholds.few_attempts
      and d.failures:share("mailbox-busy", "over-quota-remote", "over-quota") > thresholds.most
  end,
  says  = function(d)
    return "the store host answers for single mailboxes: " .. num(d.failures:count("mailbox-busy")) .. " busy, "
      .. num(d.failures:count("over-quota-remote")) .. " over quota"
  end,
  cites = "field case A17",
}

finding "destination.store-busy-again" {
  title = "the same messages are put off by the store host again and again",
  scope = "destination", group = "log-outcomes", leak = "rarely",
  test  = function(d)
    return d.channel.kind == "lmtp" and backlog.may_wait(d) and d.files - d.untried >= thresholds.few_attempts and d.channel.attempts_mean >= thresholds.busy_generations
  end,
  says  = function(d) return "its messages were put off " .. num(d.channel.attempts_mean) .. " times on average" end,
  cites = "field case A17: a busy mailbox takes the mail minutes later",
}

cause "lmtp.backend-down" {
  title   = "A store host does not answer LMTP",
  summary = function(d) return remote.weight(d) .. "; it is a store host of our own and cannot be connected to" end,
  scope = "destination", where = function(d) return d.channel.kind == "lmtp" end, prior = "plausible",
  links = { ["destination.all-connects-fail"] = "nearly always", ["destination.is-own-store"] = "nearly always", ["destination.is-heavy"] = "usually",
            ["destination.dead-by-hand"] = "nearly always" },
  never = { "destination.works-again", "destination.greets-by-hand" },
  urgency = "act", if_nothing = "nobody with a mailbox on that host gets mail",
  remedies = { { "store.restart-services", "often" } },
  since = d_since, messages = d_files,
  cites = "field cases, look-alikes; catalogue of diagnoses",
}

cause "lmtp.backend-busy" {
  title   = "A store host puts mail off for single mailboxes",
  summary = "The store host answers, but mailboxes there are busy or over quota",
  scope = "destination", where = function(d) return d.channel.kind == "lmtp" end, prior = "plausible",
  links = { ["destination.store-busy"] = "nearly always", ["destination.store-busy-again"] = "nearly always", ["destination.is-own-store"] = "nearly always",
            ["destination.full-mailboxes-there"] = "often", ["destination.is-heavy"] = "sometimes", ["destination.some-mail-passes"] = "usually" },
  never = { "destination.all-connects-fail" },
  urgency = "watch", if_nothing = remote.waits,
  remedies = { { "quota.inform-users", "often" }, { "mailbox.find-session", "often" } },
  since = d_since, messages = d_files,
  cites = "field case A17; catalogue of diagnoses",
}
