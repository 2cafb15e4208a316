-- Who may send to where: the access tables. An open relay is found before its first spammer finds it.
local reload = "; then `imsimta cnbuild` and `imsimta reload`"

-- An entry that was meant to refuse but has a mistake that another check tells: wrong number of fields, a channel that is not there.
local function has_broken_refusal(config)
  for _, name in ipairs { "ORIG_SEND_ACCESS", "SEND_ACCESS" } do
    local table = index(config.tables, name)
    for _, entry in each(table and table.entries) do
      if entry.flags and entry.flags.N then
        if (entry.probes or 0) ~= 3 and not entry.pattern:find("*", 1, true) then return true end
        for _, channel in each(entry.channels) do
          if not index(config.channels, channel.name) and near(channel.name, { "tcp_local" }) ~= "" then return true end
        end
      end
    end
  end
  for _, fault in each(config.fault) do
    if fault.file_kind == "mappings" and (fault.kind == "unindented-entry" or fault.kind == "entry-outside-table")
       and (fault.text or ""):lower():find("tcp_local", 1, true) then return true end
  end
  -- A misspelt name of the table is a mistake of its own, but nobody else tells it.
  return false
end

local function place(config)
  local orig = index(config.tables, "ORIG_SEND_ACCESS")
  if orig then return orig end
  for _, table in each(config.tables) do
    if near("ORIG_SEND_ACCESS", { table.name }) ~= "" then return table end
  end
  for _, file in each(config.file) do
    if file.kind == "mappings" then return file end
  end
  return index(config.channels, "tcp_local")
end

check "security.orig-send-access-missing" {
  title    = "nothing keeps strangers from relaying",
  severity = "error", over = "config", needs = { "mappings", "imta.cnf" },
  why      = "without an entry that refuses mail from tcp_local to tcp_local the host passes on mail from anybody to anywhere: an open relay",
  fix      = "add to ORIG_SEND_ACCESS:  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted" .. reload,
  cites    = "[doc M3] Administration Guide 6.2, 18.3 (SEND_ACCESS and ORIG_SEND_ACCESS)",
  bad      = "(no ORIG_SEND_ACCESS)",
  good     = "  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
  test     = function(config)
    local channel = access.takes_mail_of_strangers(config)
    if not channel or not access.is_read_whole(config, "mappings") then return end
    if access.refusal(config, "tcp_local", "tcp_local") or has_broken_refusal(config) then return end
    local orig = index(config.tables, "ORIG_SEND_ACCESS")
    local says = orig and "no entry of ORIG_SEND_ACCESS refuses mail from tcp_local to tcp_local: this is an open relay"
                 or "there is no ORIG_SEND_ACCESS" .. near("ORIG_SEND_ACCESS", config.tables):gsub("; did you mean (.*)%?", " (but a table %1)")
                    .. ", so nothing refuses mail from tcp_local to tcp_local: this is an open relay"
    found(place(config), says, { scope = channel })
  end,
}

check "security.relay-rule-shadowed" {
  title    = "an entry lets strangers relay before the one that refuses it",
  severity = "error", over = "config", needs = { "mappings", "imta.cnf" },
  why      = "entries are tried in their order and the first that matches decides, so the refusal that keeps the host from being an open relay is never reached",
  fix      = "move the entry that refuses above the one that accepts, or make that one narrower" .. reload,
  cites    = "[doc W16] order of entries; [doc M3] Administration Guide 6.2, 18.3",
  bad      = "  *|*|*|*  $Y\n  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
  good     = "  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted\n  *|*|*|*  $Y",
  test     = function(config)
    local channel = access.takes_mail_of_strangers(config)
    local refusal = channel and access.refusal(config, "tcp_local", "tcp_local")
    if not refusal or refusal == "unclear" or not refusal.accepted then return end
    found(refusal.accepted, "the entry " .. text(refusal.accepted.pattern) .. " accepts mail from tcp_local to tcp_local before "
      .. text(refusal.entry.pattern) .. " refuses it: this is an open relay", { scope = channel })
  end,
}

check "security.send-access-instead-of-orig" {
  title    = "relaying is refused in SEND_ACCESS",
  severity = "info", over = "config", needs = { "mappings", "imta.cnf" },
  why      = "SEND_ACCESS looks at addresses after lists and forwarding were expanded, so it also refuses what they send out",
  fix      = "move the entry to ORIG_SEND_ACCESS" .. reload,
  cites    = "[doc M3] Administration Guide 6.2, 18.3",
  bad      = "SEND_ACCESS\n\n  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
  good     = "ORIG_SEND_ACCESS\n\n  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
  test     = function(config)
    local refusal = access.refusal(config, "tcp_local", "tcp_local")
    if refusal and refusal ~= "unclear" and refusal.table == "SEND_ACCESS" and not refusal.accepted then
      found(refusal.entry, "SEND_ACCESS refuses relaying, ORIG_SEND_ACCESS does not: mail that lists and forwarding send out is refused, too")
    end
  end,
}

local stock = { tcp_local = true, tcp_intranet = true, tcp_submit = true, tcp_auth = true, tcp_tas = true }

-- Whether mail for domains of others leaves by this channel: rules of the Internet lead to it, or one for a domain that is not ours,
-- and the channel asks the DNS where that goes.
local function leads_outside(channel)
  if channel.is_internet_facing then return true end
  return channel.is_foreign_target and channel.set.mx and not channel.set.daemon
end

-- The site says that anybody may send by this channel, as it must for domains that it is the backup MX of. Where rules of the Internet lead
-- there, too, that is no answer.
local function is_meant_to_relay(channel, config)
  if channel.is_internet_facing then return false end
  for _, name in ipairs { "ORIG_SEND_ACCESS", "SEND_ACCESS" } do
    local table = index(config.tables, name)
    for _, entry in each(table and table.entries) do
      if entry.flags and entry.flags.Y and entry.pattern:lower() == "tcp_local|*|" .. channel.name .. "|*" then return true end
    end
  end
  return false
end

check "security.new-tcp-channel-not-covered" {
  title    = "relaying by a channel that the site added is not refused",
  severity = "error", over = "channel", needs = { "mappings", "imta.cnf" },
  why      = "the tables are asked with the channel that mail would leave by, and only the pairs that are listed are refused; a channel made "
             .. "for some destinations opens relaying to them",
  fix      = "add to ORIG_SEND_ACCESS an entry that refuses mail from tcp_local to the channel" .. reload,
  cites    = "[doc M3] Administration Guide 6.2, 18.3",
  bad      = "  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
  good     = "  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted\n  tcp_local|*|tcp_slow|*  $NRelaying$ not$ permitted",
  test     = function(channel, config)
    if not channel.is_tcp or stock[channel.name] or channel.is_lmtp or channel.name:find("^tcp_lmtp") or channel.set.slave then return end
    if not leads_outside(channel) or not access.takes_mail_of_strangers(config) or not access.is_read_whole(config, "mappings") then return end
    local general = access.refusal(config, "tcp_local", "tcp_local")
    if not general or general == "unclear" or is_meant_to_relay(channel, config) then return end
    local refusal = access.refusal(config, "tcp_local", channel.name)
    if not refusal then
      found(channel, "mail for the outside leaves by " .. text(channel.name) .. ", and nothing refuses mail from tcp_local to it: strangers can relay",
            { fix = "add to " .. general.table .. ":  tcp_local|*|" .. channel.name .. "|*  $NRelaying$ not$ permitted"
                    .. (channel.is_internet_facing and "" or " (or $Y for domains that this host is the backup MX of)") .. reload })
    elseif refusal ~= "unclear" and refusal.accepted and not general.accepted then
      found(channel, "mail for the outside leaves by " .. text(channel.name) .. ", and " .. text(refusal.accepted.pattern) .. " accepts it from strangers")
    end
  end,
}

check "security.submit-without-auth" {
  title    = "a submission channel does not insist on a password",
  severity = "error", over = "channel", needs = { "imta.cnf" },
  why      = "mail that comes in by this channel may go anywhere, so whoever is let in without a password can relay",
  fix      = "put mustsaslserver on the channel, then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc P19] PMDF System Manager's Guide; [seen R1] scripts for debugging leave it",
  bad      = "tcp_submit submit smtp mx maysaslserver",
  good     = "tcp_submit submit smtp mx mustsaslserver",
  test     = function(channel)
    if channel.name ~= "tcp_submit" and channel.name ~= "tcp_auth" then return end
    if channel.set.mustsaslserver or channel.set.mustsasl then return end
    local weak = channel.set.maysaslserver or channel.set.maysasl or channel.set.nosaslserver or channel.set.nosasl
    if weak then
      found(weak, "the channel " .. text(channel.name) .. " has " .. weak.name .. " where mustsaslserver is wanted")
    else
      found(channel, "the channel " .. text(channel.name) .. " has no mustsaslserver")
    end
  end,
}

-- The option or the channel that says it.
check "security.expn-xadr-open" {
  title    = "the SMTP server tells strangers about addresses and channels",
  severity = "info", over = "config", needs = { "imta.cnf" },
  why      = "EXPN shows who is on a list; XADR, XCIR and XSTA show how mail is routed and what the server does",
  fix      = "put DISABLE_EXPAND=1, DISABLE_ADDRESS=1, DISABLE_CIRCUIT=1 and DISABLE_STATUS=1 into tcp_local_option, then `imsimta restart smtp`",
  cites    = "[doc S7] SIMS reference; [doc G27] Administration Guide 6.3, 12.4.1",
  bad      = "(no tcp_local_option)",
  good     = "DISABLE_EXPAND=1\nDISABLE_ADDRESS=1\nDISABLE_CIRCUIT=1\nDISABLE_STATUS=1",
  test     = function(config)
    local channel = index(config.channels, "tcp_local")
    if not channel or not (config.is_whole or config.unified or channel.options) or not access.takes_mail_of_strangers(config) then return end
    local open, at = {}, nil
    for _, name in ipairs { "DISABLE_EXPAND", "DISABLE_ADDRESS", "DISABLE_CIRCUIT", "DISABLE_STATUS" } do
      local option = index(channel.options, name)
      if option and option.number == 0 then at = at or option end
      if not option or option.number == 0 then table.insert(open, name) end
    end
    if #open > 0 then
      found(at or channel, "tcp_local answers EXPN, XADR, XCIR or XSTA to everybody (not set: " .. table.concat(open, ", ") .. ")", { scope = channel })
    end
  end,
}
