-- Mail that waits in front of a full mailbox: over quota, whose quota, and what is only left over from one.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function is_store(ch) return ch.kind == "store" end
local function is_unified(x) return value(x.host, "is_unified", false) end

-- The command that sets a store parameter on this version.
local function set_parameter(x, legacy, unified, new)
  if is_unified(x) then return "msconfig set " .. unified .. " " .. new end
  return "configutil -o " .. legacy .. " -v " .. new
end

---------------------------------------------------------------- findings

finding "channel.failures-over-quota" {
  title = "most failed attempts say that the user is over quota",
  scope = "channel", group = "attempt-texts", leak = says_itself, where = is_store,
  test  = function(ch)
    return ch.failures.total >= thresholds.few_attempts and ch.failures:share("over-quota") > thresholds.most
  end,
  says  = function(ch)
    return pct(ch.failures:share("over-quota")) .. " of the failed attempts say that the user is over quota"
  end,
  cites = "seed, part II: Troubleshooting the ims-ms channel",
}

finding "channel.history-over-quota" {
  title = "most attempts in the histories of queued messages say over quota",
  scope = "channel", group = "envelopes", leak = says_itself, where = is_store,
  test  = function(ch) return ch.history:share("over-quota") > thresholds.most end,
  says  = function(ch)
    return pct(ch.history:share("over-quota")) .. " of the attempts in the histories of queued messages say over quota"
  end,
  cites = "seed, part II: qm history shows over quota",
}

finding "channel.mostly-retried" {
  title = "most message files were tried before",
  scope = "channel", group = "generations", leak = "sometimes",
  test  = function(ch)
    return ch.files - ch.held >= thresholds.few_attempts and ch.retried > thresholds.most * (ch.files - ch.held)
  end,
  says  = function(ch)
    return num(ch.retried) .. " of " .. num(ch.files - ch.held) .. " message files were tried before (their names do not begin with ZZ)"
  end,
  cites = "seed, part II: non-ZZ, non-.HELD files",
}

finding "channel.over-quota-few-mailboxes" {
  title = "the over-quota attempts are for few mailboxes",
  scope = "channel", group = "log-people", leak = "sometimes", where = is_store,
  test  = function(ch)
    return ch.over_quota_mailboxes >= 1 and ch.failures:count("over-quota") >= 2 * ch.over_quota_mailboxes
  end,
  says  = function(ch)
    return num(ch.failures:count("over-quota")) .. " attempts failed for only " .. num(ch.over_quota_mailboxes) .. " mailboxes that are over quota"
  end,
  cites = "field case B1: recipients few and repeated",
}

finding "channel.others-get-mail" {
  title = "messages of this channel were delivered in the last hours",
  scope = "channel", group = "log-rates", leak = "often",
  test  = function(ch) return ch.delivered_4h >= thresholds.few_attempts and ch.last_delivery < thresholds.recent_s end,
  says  = function(ch)
    return num(ch.delivered_4h) .. " messages of this channel were delivered in the last 4 hours, the last one "
      .. dur(ch.last_delivery) .. " ago"
  end,
  cites = "field case B1: new ZZ files vanish within seconds",
}

-- Domains that mail is addressed to here; the host's own name is none of them.
local function hosted_domains(host)
  local n = 0
  for name in host.own_domains:each() do
    if name ~= value(host, "name", "") then n = n + 1 end
  end
  return n
end

finding "channel.over-quota-one-domain" {
  title = "all mailboxes that are over quota belong to one domain",
  scope = "channel", group = "log-domains", leak = "rarely", where = is_store,
  test  = function(ch)
    return ch.over_quota_mailboxes >= thresholds.few_attempts and ch.over_quota_domains.distinct == 1
      and hosted_domains(ch.host) > 1
  end,
  says  = function(ch)
    return "all " .. num(ch.over_quota_mailboxes) .. " mailboxes that are over quota belong to " .. text(ch.over_quota_domains:top(1)[1].name)
  end,
  cites = "field cases, look-alikes: do all stuck users share a domain and have free personal quota?",
}

finding "channel.over-quota-domain-gets-nothing" {
  title = "nobody of the domain that is over quota gets mail",
  scope = "channel", group = "log-outcomes", leak = says_itself, where = is_store,
  test  = function(ch)
    return ch.over_quota_mailboxes >= thresholds.top_ten and ch.over_quota_domains.distinct == 1
      and ch.over_quota_domains_delivered == 0 and ch.delivered >= thresholds.sample_attempts
  end,
  says  = function(ch)
    return "nothing was delivered to anybody of " .. text(ch.over_quota_domains:top(1)[1].name) .. " since, while others get their mail"
  end,
  cites = "domain/dns-and-store SQ-07: all users of one domain",
}

finding "channel.over-quota-under-own-quota" {
  scope = "channel", group = "tools", leak = "rarely", where = is_store,
  test  = function(ch)
    local over, under = 0, 0
    for box in ch:each("mailbox") do
      if known(box, "quota_pct") and box.failures:count("over-quota") > 0 then
        if box.quota_pct >= thresholds.quota_full_pct then over = over + 1 else under = under + 1 end
      end
    end
    if over + under == 0 then return ch.host.over_quota_users == 0 and ch.failures:count("over-quota") > 0 end
    return under > over
  end,
  says  = "most of the users that are refused as over quota use less than their own quota",
  cites = "domain/dns-and-store SQ-06, SQ-07; field case B7",
}

finding "mailbox.quota-not-enforced" {
  scope = "mailbox", group = "configuration", leak = "rarely",
  test  = function(box) return not box.host.quota_enforced end,
  says  = "quota enforcement is off (store.quotaenforcement)",
  cites = "field case B7",
}

finding "mailbox.refused-as-over-quota" {
  title = "attempts were refused as over quota",
  scope = "mailbox", group = "attempt-texts", leak = "rarely",
  test  = function(box) return box.failures:count("over-quota") > 0 and box.failures:share("over-quota") > thresholds.most end,
  says  = function(box) return num(box.failures:count("over-quota")) .. " attempts were refused as over quota" end,
  cites = "seed, part II",
}

finding "mailbox.under-quota" {
  title = "the mailbox uses less than its quota",
  scope = "mailbox", group = "tools", leak = "rarely",
  test  = function(box) return box.quota_pct < thresholds.quota_full_pct and box.failures:count("over-quota") > 0 end,
  says  = function(box) return "the mailbox uses only " .. num(box.quota_pct) .. " % of its quota" end,
  cites = "field case B7; domain/dns-and-store SQ-06",
}

finding "mailbox.status-over-quota" {
  scope = "mailbox", group = "people", leak = says_itself,
  test  = function(box) return box.status == "overquota" end,
  says  = "the directory still calls the user over quota (mailUserStatus)",
  cites = "domain/dns-and-store II.4, SQ-06",
}

finding "mailbox.one-message-beyond-quota" {
  title = "usage is one message above the quota, and overdraft is on",
  scope = "mailbox", group = "tools", leak = "rarely",
  test  = function(box) return box.host.quota_overdraft and box.quota_pct >= thresholds.quota_full_pct and box.quota_pct < thresholds.overdraft_pct end,
  says  = function(box) return "usage is " .. num(box.quota_pct) .. " % of the quota and overdraft is on: one message may go over" end,
  cites = "field case B3",
}

finding "channel.quota-kept-long" {
  title = "mail for full mailboxes is kept for weeks",
  scope = "channel", group = "configuration", leak = "often", where = is_store,      -- the installed configuration keeps ims-ms mail for 28 days
  test  = function(ch) return ch.last_notice_s >= thresholds.quota_long_s end,
  says  = function(ch) return "mail for full mailboxes is kept for " .. dur(ch.last_notice_s) .. " (notices)" end,
  cites = "seed, part II; field case B1",
}

finding "channel.oldest-over-grace" {
  title = "over-quota mail is older than two weeks",
  scope = "channel", group = "ages", leak = "rarely", where = is_store,
  test  = function(ch)
    return all {
      function() return ch.oldest_s > thresholds.quota_old_s end,
      function() return ch.failures:count("over-quota") > thresholds.most * ch.failures.total end,
    }
  end,
  says  = function(ch) return "over-quota mail is as old as " .. dur(ch.oldest_s) end,
  cites = "domain/dns-and-store II.4: store.quotagraceperiod, 120 hours",
}

---------------------------------------------------------------- causes

local quota_remedies = {
  { "quota.inform-users", "often" }, { "quota.raise", "usually" }, { "quota.shorten-grace", "usually" },
  { "quota.enforce-before-enqueue", "usually" },
}

local function first_bounce(ch)
  if known(ch, "until_warning_s", "until_bounce_s") then
    return "first warning to a sender in " .. dur(ch.until_warning_s) .. ", first bounce in " .. dur(ch.until_bounce_s)
  end
  return "senders are warned and mail is returned at the ages that `notices` of the channel gives"
end

local function quota_urgency(ch)
  if ch.files > thresholds.most * ch.host.jc_max_messages then return "act" end
  return "watch"
end

cause "ims-ms.over-quota" {
  title   = "Mail waits because its recipients are over quota",
  summary = function(ch)
    return num(value(ch, "retried", ch.files)) .. " messages wait for mailboxes that are over quota; nothing is broken, other mail flows"
  end,
  scope = "channel", where = is_store, prior = "common",
  links = {
    ["channel.failures-over-quota"] = "nearly always", ["channel.history-over-quota"] = "nearly always",
    ["channel.mostly-retried"] = "usually", ["channel.over-quota-few-mailboxes"] = "usually", ["channel.others-get-mail"] = "usually",
  },
  urgency = quota_urgency, usual_urgency = "watch",
  if_nothing = first_bounce,
  remedies = quota_remedies,
  since = function(ch) return ch.first_failure end,
  messages = function(ch) return ch.retried end,
  mailboxes = function(ch) return ch.over_quota_mailboxes end,
  cites = "seed, part II: IMAP_QUOTA_EXCEEDED, the most common case; field case B1",
}

cause "ims-ms.domain-over-quota" {
  title   = "A whole domain is over its quota",
  summary = "Every user of one domain is refused although their own quotas are free: the domain's quota is used up",
  scope = "channel", where = is_store, prior = "uncommon",
  links = {
    ["channel.failures-over-quota"] = "nearly always", ["channel.history-over-quota"] = "nearly always",
    ["channel.mostly-retried"] = "usually", ["channel.over-quota-few-mailboxes"] = "usually", ["channel.others-get-mail"] = "usually",
    ["channel.over-quota-one-domain"] = "nearly always", ["channel.over-quota-domain-gets-nothing"] = "nearly always",
    ["channel.over-quota-under-own-quota"] = "usually",
  },
  urgency = "watch", if_nothing = first_bounce,
  remedies = { { "quota.raise", "usually" }, { "quota.inform-users", "often" } },
  brings = { ["ims-ms.over-quota"] = "nearly always" },
  since = function(ch) return ch.first_failure end,
  messages = function(ch) return ch.retried end,
  mailboxes = function(ch) return ch.over_quota_mailboxes end,
  cites = "domain/dns-and-store SQ-07",
}

cause "ims-ms.quota-grace-too-long" {
  title   = "Mail for full mailboxes is kept for weeks",
  summary = function(ch) return "over-quota mail is kept for " .. dur(ch.last_notice_s) .. " before it is returned" end,
  scope = "channel", where = is_store, prior = "plausible",
  links = {
    -- what fills the queue is over-quota mail itself; this one only adds that it stays too long
    ["channel.quota-kept-long"] = "nearly always", ["channel.oldest-over-grace"] = "nearly always",
  },
  urgency = "watch", if_nothing = first_bounce,
  remedies = { { "quota.shorten-grace", "usually" }, { "channel.fix-retry", "usually" } },
  since = function(ch) return ch.oldest_s end,
  messages = function(ch) return ch.retried end,
  mailboxes = function(ch) return ch.over_quota_mailboxes end,
  cites = "catalogue of diagnoses; field case B1, second cause",
}

cause "ims-ms.quota-leftover-status" {
  title   = "Refused as over quota although the quota is free or off",
  summary = "The user is refused as over quota, but usage is below the quota or enforcement is off: a status was left behind",
  scope = "mailbox", prior = "plausible",
  links = {
    ["mailbox.refused-as-over-quota"] = "nearly always", ["mailbox.under-quota"] = "usually",
    ["mailbox.quota-not-enforced"] = "often", ["mailbox.status-over-quota"] = "usually",
  },
  urgency = "act", if_nothing = "the user gets no mail although there is room; senders get bounces",
  remedies = { { "quota.reset-status", "nearly always" } },
  since = function(box) return box.first_failure end,
  messages = function(box) return box.files end, mailboxes = function() return 1 end,
  cites = "field case B7; domain/dns-and-store SQ-06",
}

cause "normal.quota-overdraft" {
  title   = "One message beyond the quota was accepted",
  summary = "Overdraft is on: the message that crosses the quota is accepted, later ones wait",
  scope = "mailbox", benign = true, prior = "plausible",
  links = { ["mailbox.refused-as-over-quota"] = "usually", ["mailbox.one-message-beyond-quota"] = "nearly always" },
  urgency = "normal", if_nothing = "the user's mail waits until there is room or the grace period ends",
  remedies = { { "quota.inform-users", "often" } },
  messages = function(box) return box.files end, mailboxes = function() return 1 end,
  cites = "field case B3",
}

---------------------------------------------------------------- remedies

remedy "quota.inform-users" {
  title = "Tell the users, or check that the server does",
  steps = function(x)
    local list = {
      { "List who is over quota", command("imquotacheck") },
      "Tell them to delete mail and to empty (expunge) the trash: deleted messages count until they are expunged",
    }
    if known(x.host, "quota_notification") and not x.host.quota_notification then
      list[#list + 1] = { "The server does not warn by itself: switch the notice on", set_parameter(x, "store.quotanotification", "store.quotanotification", "on") }
    end
    return list
  end,
  needs = "root or the mail user; a quiet hour for the list on a large store", risk = "low", restart = "none",
  undo = "nothing to undo", verify = "the users' usage falls below 100 % and their messages leave at the next retry",
  reference = "seed, part II: strategies for users who become over quota",
  minutes = 15, risk_minutes = 0, cites = "seed, part II",
}

remedy "quota.raise" {
  title = "Raise the quota of the users or of the domain",
  steps = function(x)
    local list = { "Raise mailQuota (or the domain's mailDomainDiskQuota) in the directory for those who need it" }
    if scope_name(x) == "mailbox" then
      list[#list + 1] = { "See the usage afterwards", command("imquotacheck -u %s", names.user(x)) }
    else
      list[#list + 1] = { "See the usage afterwards", command("imquotacheck") }
    end
    return list
  end,
  needs = "write access to the directory; free space on the store's partitions", risk = "low", restart = "none",
  undo = "set the old value again", verify = "new messages for them are delivered; queued ones leave at their next retry",
  reference = "seed, part II", minutes = 10, risk_minutes = 2, cites = "seed, part II; domain/dns-and-store II.4",
}

remedy "quota.shorten-grace" {
  title = "Shorten the time that mail waits for users over quota",
  steps = function(x)
    return {
      { "See what is set now", is_unified(x) and "msconfig show store.quotagraceperiod" or "configutil -o store.quotagraceperiod" },
      { "Return such mail at once (0), or set the hours that suit you", set_parameter(x, "store.quotagraceperiod", "store.quotagraceperiod", "0") },
      "The waiting messages are returned at their next attempt once the grace period of their mailbox is over",
    }
  end,
  needs = "agreement that senders get bounces earlier", risk = "medium", restart = "none",
  undo = "set the value that was shown in the first step",
  verify = "the tried files of the channel become fewer from one retry to the next",
  warnings = { "0 means no grace at all: each message for a full mailbox is returned to its sender at once" },
  reference = "seed, part II: store.quotagraceperiod", minutes = 10, risk_minutes = 5, cites = "seed, part II",
}

remedy "quota.enforce-before-enqueue" {
  title = "Refuse mail for full mailboxes before it is queued",
  steps = function(x)
    if value(x.host, "version_num", thresholds.first_overquotastatus) < thresholds.first_overquotastatus then
      return { "This version cannot: the parameter exists from Messaging Server 6 on. Shorten the grace period instead" }
    end
    return {
      { "See what is set now", is_unified(x) and "msconfig show store.overquotastatus" or "configutil -o local.store.overquotastatus" },
      { "Let the store mark users as over quota, so that the MTA refuses their mail at the door", set_parameter(x, "local.store.overquotastatus", "store.overquotastatus", "on") },
      { "Let the store servers read it", command("refresh store") },
    }
  end,
  needs = "Messaging Server 6 or later", risk = "medium", restart = "refresh of the store servers",
  undo = "set it back to off and put mailUserStatus of the marked users back to active",
  verify = "an over-quota user's new mail is refused at RCPT TO, and the channel's files become fewer",
  warnings = { "It implies overdraft: one message may go over the quota" },
  reference = "seed, part II; wiki: Overquotastatus option", minutes = 15, risk_minutes = 10,
  cites = "seed, part II; domain/dns-and-store II.4",
}

remedy "quota.reset-status" {
  title = "Put the user's status back to active and make the quota parameters agree",
  steps = function(x)
    return {
      "Set mailUserStatus (or mailDomainStatus) back to `active` in the directory",
      { "See that enforcement, notification and overquotastatus agree", is_unified(x) and "msconfig show store.*quota*" or "configutil -p store.quota" },
      { "If many users show a wrong usage, recount it (the servers may run)", command("reconstruct -q") },
    }
  end,
  withheld = function(x)
    if any { function() return x.host:database("mboxlist").state == "init" end } then
      return "stored is still recovering: wait until its state is `ready`"
    end
  end,
  needs = "write access to the directory", risk = "low", restart = "none", undo = "set the old status again",
  verify = "a test message to the user is delivered", reference = "Administration Guide, quota management",
  minutes = 15, risk_minutes = 2, cites = "field case B7; domain/dns-and-store SQ-05, SQ-06",
}
