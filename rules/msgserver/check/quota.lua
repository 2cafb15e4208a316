-- Quotas: what is enforced, when users are told, and what happens to their mail.

local function on(config, name) return setting.is_on(setting.get(config, name)) end
local function off(config, name) return setting.is_off(setting.get(config, name)) end

-- Somebody wrote a name of overquotastatus that means nothing here: the setting, and whether it is a misspelling.
local function wrong_status(config)
  local right = setting.name(config, "local.store.overquotastatus", "store.overquotastatus")
  for _, one in each(config.setting) do
    if one.name ~= right and one.name:find("quot", 1, true) and not one.is_overridden then
      if one.renamed == right then return one, false end
      if not one.def and near(one.name:gsub("^local%.", ""), { "store.overquotastatus" }) ~= "" then return one, true end
      if one.name == "store.overquotastatus" or one.name == "local.store.overquotastatus" then return one, false end
    end
  end
  return nil
end

check "quota.overquotastatus-wrong-name" {
  title    = "overquotastatus is set under a name that has no effect",
  severity = "error", over = "config", needs = { "configutil" },
  since    = "6.0",
  why      = "guides print the parameter with and without `local.`, and only one of the two is in force; mail for users over quota goes on being queued",
  fix      = "set local.store.overquotastatus (in the Unified Configuration store.overquotastatus), delete the other name with `configutil -d`, "
             .. "and verify with `configutil -o local.store.overquotastatus`",
  cites    = "[doc Q1] Administration Guide 6.3, 20.8.4.4; [doc Q2] the same of 6 2005Q4; [doc W1]",
  bad      = "store.overquotastatus = on",
  good     = "local.store.overquotastatus = on",
  test     = function(config)
    local one, is_misspelt = wrong_status(config)
    local right = setting.name(config, "local.store.overquotastatus", "store.overquotastatus")
    if not one or setting.get(config, right) then return end
    found(one, (one.as_written or one.name) .. (is_misspelt and " is no parameter" or " has no effect in this configuration") .. "; " .. right .. " is meant")
  end,
}

check "quota.enforced-without-grace" {
  title    = "mail for users over quota is queued only to be returned at once",
  severity = "warning", over = "config", needs = { "configutil" },
  why      = "with a grace period of 0 each message for a user over quota is accepted, queued, and returned to a sender who may be forged",
  fix      = "let the MTA refuse such mail when it comes (overquotastatus on), or give a grace period such as 120 hours",
  cites    = "[seed] playbook for full mailboxes; [doc Q6] Administration Guide 6.3, 20.8.4.5",
  bad      = "store.quotaenforcement = on\nstore.quotagraceperiod = 0",
  good     = "store.quotaenforcement = on\nlocal.store.overquotastatus = on",
  test     = function(config)
    local grace = setting.get(config, "store.quotagraceperiod")
    if not grace or grace.number ~= 0 or not on(config, "store.quotaenforcement") or on(config, "local.store.overquotastatus") then return end
    if wrong_status(config) then return end
    found(grace, "quotas are enforced with a grace period of 0 and without overquotastatus: mail for full mailboxes is queued and then returned")
  end,
}

check "quota.grace-unset-long" {
  title    = "the grace period is longer than mail may wait",
  severity = "info", over = "config", needs = { "configutil", "imta.cnf" },
  why      = "whichever ends first returns the message; a grace period beyond the last of the notices never applies",
  fix      = "set store.quotagraceperiod to fewer hours than the last value of notices of ims-ms",
  cites    = "[doc Q6] Administration Guide 6.3, 20.8.4.5",
  bad      = "store.quotagraceperiod = 1000   (and notices 1 2 4 7)",
  good     = "store.quotagraceperiod = 120",
  test     = function(config)
    local grace, channel = setting.get(config, "store.quotagraceperiod"), index(config.channels, "ims-ms")
    local last
    for _, notice in each(channel and channel.notices) do last = notice.seconds or last end
    if not grace or not grace.number or not last or last == 0 or grace.number * 3600 <= last then return end
    -- A day or so: days that RETURN_UNITS turned into hours, which option.return-units-mismatch tells.
    local units = index(config.options, "RETURN_UNITS")
    if units and units.number == 1 and last <= 60 * 3600 then return end
    found(grace, "the grace period of " .. num(grace.number) .. " hours is longer than mail stays in ims-ms (" .. dur(last) .. ")")
  end,
}

check "quota.overquota-queues" {
  title    = "mail for users over quota fills the queue",
  severity = "warning", over = "config", needs = { "configutil" },
  why      = "without overquotastatus mail for full mailboxes is queued until the grace period is over; it is what most often fills ims-ms",
  fix      = "switch local.store.overquotastatus on (6.0 and later; store.overquotastatus in the Unified Configuration), or shorten the grace period",
  cites    = "[seed] playbook for full mailboxes",
  bad      = "local.store.overquotastatus = 0   (and 30000 messages queued)",
  good     = "local.store.overquotastatus = 1",
  test     = function(config)
    local facts, enforced = config.facts, setting.get(config, "store.quotaenforcement")
    if not facts or not setting.is_on(enforced) or on(config, "local.store.overquotastatus") or wrong_status(config) then return end
    local files, mailboxes = index(facts.queue_files, "ims-ms"), index(facts.over_quota_mailboxes, "ims-ms")
    if not files or not mailboxes or files < thresholds.big_backlog_files or mailboxes < thresholds.several_mailboxes then return end
    found(setting.get(config, "local.store.overquotastatus") or enforced, num(files) .. " messages are queued in ims-ms, among them those for "
      .. num(mailboxes) .. " mailboxes over quota, and overquotastatus is off")
  end,
}

check "quota.overquotastatus-without-enforcement" {
  title    = "users are refused mail by a quota that is not enforced",
  severity = "error", over = "config", needs = { "configutil" },
  why      = "enforcement and status are separate; users who are marked as over quota stay so, and their mail goes on being refused",
  fix      = "switch store.quotaenforcement on, or overquotastatus off and set mailUserStatus of the users who are marked back to active",
  cites    = "[doc Q1] Administration Guide 6.3, 20.8.4.4",
  bad      = "local.store.overquotastatus = on\nstore.quotaenforcement = off",
  good     = "local.store.overquotastatus = on\nstore.quotaenforcement = on",
  test     = function(config)
    if on(config, "local.store.overquotastatus") and off(config, "store.quotaenforcement") then
      found(setting.get(config, "store.quotaenforcement"), "overquotastatus is on and store.quotaenforcement is off")
    end
  end,
}

check "quota.overdraft-disables-warning" {
  title    = "users are not warned before they are over quota",
  severity = "info", over = "config", needs = { "configutil" },
  why      = "with quotaoverdraft (which overquotastatus switches on) store.quotawarn does not count: users are told when it is too late",
  fix      = "accept it, or switch quotaoverdraft and overquotastatus off",
  cites    = "[doc W18, Q7] store.quotaoverdraft, store.quotawarn",
  bad      = "local.store.quotaoverdraft = 1\nstore.quotawarn = 80",
  good     = "local.store.quotaoverdraft = 0\nstore.quotawarn = 90",
  test     = function(config)
    local warn = setting.get(config, "store.quotawarn")
    if not warn or not warn.number or warn.number < 0 or warn.number >= 100 then return end
    if on(config, "local.store.quotaoverdraft") or on(config, "local.store.overquotastatus") then
      local which = on(config, "local.store.quotaoverdraft") and "quotaoverdraft" or "overquotastatus"
      found(warn, which .. " is on, so users are not warned at " .. num(warn.number) .. " % of their quota")
    end
  end,
}

-- The texts that users over quota get, in any language.
local function messages(config)
  local all = {}
  for _, one in each(config.setting) do
    if one.name:find("quotaexceededmsg", 1, true) and not one.name:find("interval", 1, true) and not one.is_overridden
       and (one.value or one.is_suppressed) then
      table.insert(all, one)
    end
  end
  return all
end

check "quota.notification-without-message" {
  title    = "users over quota are to be told, but there is no text",
  severity = "error", over = "config", needs = { "configutil" },
  why      = "without store.quotaexceededmsg no message is sent",
  fix      = "set store.quotaexceededmsg to headers, `$$` and a text: Subject: Mailbox full$$Please delete mail. [DISKUSAGE] of [QUOTA] are used.",
  cites    = "[doc Q3] Administration Guide 6.3, 20.8",
  bad      = "store.quotanotification = yes",
  good     = "store.quotanotification = yes\nstore.quotaexceededmsg = Subject: Mailbox full$$Please delete mail.",
  test     = function(config)
    local notify = setting.get(config, "store.quotanotification")
    if not setting.is_on(notify) or #messages(config) > 0 then return end
    for _, one in each(config.setting) do -- a misspelt name is a mistake of its own
      if not one.def and near(one.name, { "store.quotaexceededmsg" }) ~= "" then return end
    end
    found(notify, "store.quotanotification is on and there is no store.quotaexceededmsg")
  end,
}

check "quota.message-without-notification" {
  title    = "there is a text for users over quota, but nobody gets it",
  severity = "info", over = "config", needs = { "configutil" },
  why      = "store.quotanotification is off unless it is switched on",
  fix      = "switch store.quotanotification on",
  cites    = "[doc Q5] Administration Guide 6.3, table 20-7",
  bad      = "store.quotaexceededmsg = Subject: Full$$Please delete mail.",
  good     = "store.quotaexceededmsg = Subject: Full$$Please delete mail.\nstore.quotanotification = on",
  test     = function(config)
    local all = messages(config)
    local notify = index(config.settings, "store.quotanotification")
    if #all == 0 or (notify and not setting.is_off(notify)) then return end
    found(all[1], (all[1].as_written or all[1].name) .. " is set and store.quotanotification is " .. (notify and "off" or "not"))
  end,
}

local variables = { "ID", "DISKUSAGE", "NUMMSG", "PERCENT", "QUOTA", "MSGQUOTA" }

-- What is wrong with a text, or nil.
local function malformed(value)
  if value:find("$(cat", 1, true) or value:find("`", 1, true) then return nil end
  local head = ("$" .. value):lower():gsub("\\n", "$"):gsub("[\r\n]+", "$")
  if not head:find("$subject:", 1, true) then return "has no Subject: header" end
  if not value:find("$$", 1, true) and not value:find("\n\n", 1, true) and not value:find("\\n\\n", 1, true) then
    return "has no `$$` between its headers and its text"
  end
  for name in value:gmatch("%[(%u+)%]") do
    local is_known = false
    for _, known in ipairs(variables) do is_known = is_known or known == name end
    if not is_known and near(name, variables) ~= "" then return "names [" .. name .. "]" .. near(name, variables) end
  end
  return nil
end

check "quota.message-malformed" {
  title    = "the text for users over quota is no mail message",
  severity = "error", over = "setting", needs = { "configutil" },
  why      = "the value is a whole message: headers with a Subject, each line ended by `$`, then `$$`, then the text; of words in brackets "
             .. "[ID] [DISKUSAGE] [NUMMSG] [PERCENT] [QUOTA] [MSGQUOTA] are replaced",
  fix      = "write it as  Subject: Mailbox almost full$$Please delete mail. [DISKUSAGE] of [QUOTA] are used.",
  cites    = "[doc Q3] Administration Guide 6.3, 20.8",
  bad      = "store.quotaexceededmsg = You are over quota",
  good     = "store.quotaexceededmsg = Subject: Mailbox almost full$$Please delete mail.",
  test     = function(one)
    if not one.name:find("quotaexceededmsg", 1, true) or one.name:find("interval", 1, true) or one.name:find("quotaexceededmsgtext", 1, true) then return end
    if not one.value or one.is_suppressed or one.is_overridden then return end
    local says = malformed(one.value:sub(1, 4000))
    if says then found(one, (one.as_written or one.name) .. " " .. says) end
  end,
}

check "quota.warn-out-of-range" {
  title    = "the share of the quota at which users are warned is no percentage",
  severity = "error", over = "config", needs = { "configutil" },
  why      = "store.quotawarn is a percentage; 100 switches the warning off",
  fix      = "set store.quotawarn to a number below 100, such as 90",
  cites    = "[doc Q7] store.quotawarn",
  bad      = "store.quotawarn = 150",
  good     = "store.quotawarn = 90",
  test     = function(config)
    local warn = setting.get(config, "store.quotawarn")
    if not warn or not warn.number then return end
    if warn.number < 0 or warn.number > 100 then
      found(warn, "store.quotawarn is " .. num(warn.number) .. ", not 0 to 100 percent")
    elseif warn.number == 100 then
      found(warn, "store.quotawarn is 100: users are not warned before they are over quota", { severity = "info" })
    end
  end,
}

check "quota.interval-units" {
  title    = "the time between two messages to a user over quota looks like hours",
  severity = "warning", over = "config", needs = { "configutil" },
  why      = "store.quotaexceededmsginterval counts days (the grace period counts hours)",
  fix      = "set store.quotaexceededmsginterval to days, such as 7",
  cites    = "[doc Q3] Administration Guide 6.3, 20.8; [doc N3] Messaging Server 4 schema",
  bad      = "store.quotaexceededmsginterval = 168",
  good     = "store.quotaexceededmsginterval = 7",
  test     = function(config)
    for _, name in ipairs { "store.quotaexceededmsginterval", "store.quotaexceedmsginterval" } do
      local one = setting.get(config, name)
      if one and one.number and (one.number < 1 or one.number > 30) then
        found(one, name .. " is " .. num(one.number) .. " days" .. (one.number >= 24 and one.number % 24 == 0
          and "; were hours meant (" .. num(one.number // 24) .. " days)?" or ""))
      end
    end
  end,
}

check "quota.grace-units" {
  title    = "the grace period does not look like hours",
  severity = "warning", over = "config", needs = { "configutil" },
  why      = "store.quotagraceperiod counts hours; a few hours are hardly a grace, and more than a month is longer than mail is kept",
  fix      = "set store.quotagraceperiod in hours: 120 are 5 days",
  cites    = "[doc Q6] Administration Guide 6.3, 20.8.4.5",
  bad      = "store.quotagraceperiod = 5",
  good     = "store.quotagraceperiod = 120",
  hides    = { "quota.grace-unset-long" },
  test     = function(config)
    local grace = setting.get(config, "store.quotagraceperiod")
    local n = grace and grace.number
    if not n or n == 0 then return end
    if n < 0 then
      found(grace, "store.quotagraceperiod is " .. num(n) .. " hours")
    elseif n < 24 then
      found(grace, "store.quotagraceperiod is " .. num(n) .. (n == 1 and " hour" or " hours") .. "; were days meant (" .. num(n * 24) .. " hours)?")
    elseif n > 720 then
      found(grace, "store.quotagraceperiod is " .. num(n) .. " hours, which is more than a month")
    end
  end,
}

check "quota.enforced-but-unlimited" {
  title    = "quotas are enforced, but users have none unless the directory says so",
  severity = "info", over = "config", needs = { "configutil" },
  why      = "without a default quota only users with a quota of their own in the directory are limited",
  fix      = "confirm it, or set store.defaultmailboxquota to bytes, such as 2000000000",
  cites    = "[doc Q5] Administration Guide 6.3, table 20-7",
  bad      = "store.quotaenforcement = on\nstore.defaultmailboxquota = -1",
  good     = "store.quotaenforcement = on\nstore.defaultmailboxquota = 2000000000",
  test     = function(config)
    local enforced = setting.get(config, "store.quotaenforcement")
    if not setting.is_on(enforced) then return end
    for _, name in ipairs { "store.defaultmailboxquota", "store.defaultmessagequota" } do
      local default = setting.get(config, name)
      if default and default.value ~= "-1" then return end
    end
    found(enforced, "quotas are enforced, and the default quota is unlimited")
  end,
}

check "quota.default-zero" {
  title    = "the default quota is 0: no mail is delivered",
  severity = "error", over = "config", needs = { "configutil" },
  why      = "a quota of 0 is full at once; unlimited is -1",
  fix      = "set it to -1 (no limit) or to a number",
  cites    = "[doc Q2] Administration Guide 6 2005Q4; [doc Q9] Schema Reference, mailQuota",
  bad      = "store.defaultmailboxquota = 0",
  good     = "store.defaultmailboxquota = -1",
  test     = function(config)
    for _, name in ipairs { "store.defaultmailboxquota", "store.defaultmessagequota" } do
      local default = setting.get(config, name)
      if default and default.number == 0 then found(default, name .. " is 0, so users without a quota of their own get no mail") end
    end
  end,
}
