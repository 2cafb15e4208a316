-- Channels that keywords name: for notifications, expansion, fragments, authenticated senders.

local rebuild = "imsimta cnbuild, then imsimta restart smtp and imsimta restart job_controller"

-- Of a keyword that names a channel: the name and the channel; nothing where the name is missing.
local function target(kw, name, config)
  if kw.name ~= name or not kw.arg then return nil end
  return kw.arg:lower(), index(config.channels, kw.arg:lower())
end

-- Reports names that are no channel's, each once: often several keywords name a channel that is gone.
local function tell_missing(config, severities)
  local missing, order = {}, {}
  if not words.has_all_channels(config) then return end
  for _, kw in each(config["keyword.naming"]) do
    local severity = severities[kw.name]
    local wanted, channel
    if severity then wanted, channel = target(kw, kw.name, config) end
    if wanted and not channel then
      local key = kw.name .. " " .. wanted
      if missing[key] then
        missing[key].n = missing[key].n + 1
      else
        missing[key] = { kw = kw, n = 1 }
        order[#order + 1] = key
      end
    end
  end
  for _, key in ipairs(order) do
    local kw, n = missing[key].kw, missing[key].n
    local like = words.meant(kw.arg, config.channels)
    if not same_name(like, kw.arg) then -- else the channel's own letters are the mistake
      found(kw, kw.name .. " names the channel " .. text(kw.arg) .. ", which is defined nowhere" .. (n > 1 and " (" .. num(n) .. " times)" or "") ..
        (like and "; did you mean " .. text(like) .. "?" or ""), { severity = severities[kw.name], scope = kw })
    end
  end
end

check "channel.expandlimit-on-forbidden" {
  title    = "a channel that expands addresses defers their expansion",
  severity = "error", over = "notable_channel",
  why      = "on l, process and reprocess channels the results of expandlimit are unpredictable: mail may go round in circles",
  fix      = "set expandlimit on the SMTP channels only, not in defaults; " .. rebuild,
  cites    = "[doc G15] Administration Guide 6.3, 12.5.9",
  bad      = "reprocess expandlimit 10",
  good     = "tcp_local smtp mx expandlimit 50",
  test     = function(ch)
    local limit = ch.set.expandlimit
    if limit and (ch.name == "l" or ch.name:match("^r?e?process$") or ch.name:match("^r?e?process_")) then
      found(limit, limit.from == "defaults" and "expandlimit in defaults holds for l, process and reprocess as well"
        or "expandlimit on the channel " .. text(ch.name))
    end
  end,
}

check "channel.expandchannel-not-process" {
  title    = "addresses are expanded in a channel that is not meant for it",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "only process and reprocess channels can do it; what others do is unpredictable",
  fix      = "name reprocess, or a channel process_... or reprocess_... that is there; " .. rebuild,
  cites    = "[doc G15] Administration Guide 6.3, 12.5.9",
  bad      = "tcp_local smtp mx expandlimit 50 expandchannel tcp_local",
  good     = "tcp_local smtp mx expandlimit 50 expandchannel reprocess",
  test     = function(config)
    tell_missing(config, { expandchannel = "error" })
    for _, kw in each(config["keyword.naming"]) do
      local wanted, channel = target(kw, "expandchannel", config)
      if channel and not (wanted:match("^process") or wanted:match("^reprocess")) then
        found(kw, "expandchannel names " .. text(kw.arg) .. ", which is no process or reprocess channel", { scope = kw })
      end
    end
  end,
}

check "channel.notificationchannel-missing" {
  title    = "notifications are to go to a channel that is not there",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "the product takes process instead and says nothing",
  fix      = "define the channel (process_dsn with process_dsn-daemon on the second line), or correct the name; " .. rebuild,
  cites    = "[doc G26] Administration Guide 6 2005Q4, overriding the process channel",
  bad      = "tcp_local smtp mx notificationchannel process_dsn, and no such block",
  good     = "process_dsn\nprocess_dsn-daemon",
  test     = function(config) tell_missing(config, { notificationchannel = "error" }) end,
}

check "channel.dispositionchannel-missing" {
  title    = "disposition notices are to go to a channel that is not there",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "the product takes process instead and says nothing",
  fix      = "define the channel, or correct the name; " .. rebuild,
  cites    = "[doc G26] Administration Guide 6 2005Q4, overriding the process channel",
  bad      = "tcp_local smtp mx dispositionchannel process_mdm, and no such block",
  good     = "tcp_local smtp mx dispositionchannel process_mdn, with a block process_mdn",
  test     = function(config) tell_missing(config, { dispositionchannel = "error" }) end,
}

check "channel.notificationchannel-not-process" {
  title    = "notifications go to a channel that is no process channel",
  severity = "warning", over = "keyword.naming",
  why      = "notifications need a process channel, in which their addresses are rewritten; an SMTP channel sends them as they are",
  fix      = "define process_dsn with process_dsn-daemon on its second line and name that; " .. rebuild,
  cites    = "[doc W31] reference of the Unified Configuration, notificationchannel",
  bad      = "tcp_local smtp mx notificationchannel tcp_local",
  good     = "tcp_local smtp mx notificationchannel process_dsn",
  test     = function(kw, config)
    local wanted, channel = target(kw, "notificationchannel", config)
    if channel and not wanted:match("^process") then
      found(kw, "notificationchannel names " .. text(kw.arg) .. ", which is no process channel")
    end
  end,
}

check "channel.notification-not-separated" {
  title    = "notifications have a channel but leave through that of other mail",
  severity = "warning", over = "keyword.naming",
  why      = "notifications that cannot be delivered still stand in the queue of ordinary mail: the rewrite rule that leads them to a channel of their " ..
    "own is missing",
  fix      = "put the rule . $U%$H@tcp_dsn-daemon$Mprocess_dsn before the general one, with a channel tcp_dsn in a small pool; " .. rebuild,
  cites    = "[seed] notifications in channels of their own",
  bad      = "tcp_local smtp mx notificationchannel process_dsn\n(and no rule with $Mprocess_dsn)",
  good     = ". $U%$H@tcp_dsn-daemon$Mprocess_dsn",
  test     = function(kw, config)
    local wanted, channel = target(kw, "notificationchannel", config)
    if not channel or not wanted:match("^process_") or count(config.rules) == 0 then return end
    for _, include in each(config.include) do
      if include.file_kind == "imta.cnf" and not include.is_read and not include.path:find("internet.rules", 1, true) then return end
    end
    local shared = nil
    for _, with in each(config["rule.with_channel"]) do
      -- a misspelt name or tag is told where it stands
      if with.letter == "M" and (not with.is_channel or same_name(with.arg, wanted) and not with.rule.channel) then return end
      if with.letter == "M" and same_name(with.arg, wanted) then
        local general = index(config.rules, with.rule.pattern)
        local ordinary = with.general_tag or general and general.tag
        if not same_name(ordinary, with.rule.tag) and with.rule.channel ~= "tcp_local" then return end
        shared = with.rule.channel
      end
    end
    if shared then
      found(kw, "the rule with $M" .. text(kw.arg) .. " leads notifications to " .. text(shared) .. ", the channel of ordinary mail", { severity = "info" })
    else
      found(kw, "no rewrite rule with $M" .. text(kw.arg) .. " leads the notifications to a channel of their own")
    end
  end,
}

check "channel.defragment-without-channel" {
  title    = "fragments are to be put together, but the channel for it is not there",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "without a channel called defragment the keyword has no effect",
  fix      = "add the block defragment with defragment-daemon on its second line, and rewrite rules for it; " .. rebuild,
  cites    = "[doc W26] reference of the Unified Configuration, defragment",
  bad      = "ims-ms defragment subdirs 20, and no block defragment",
  good     = "defragment\ndefragment-daemon",
  test     = function(config)
    if index(config.channels, "defragment") or not words.has_all_channels(config) then return end
    for _, ch in each(config["notable_channel"]) do
      local keyword = words.held(ch, "defragment")
      if keyword then
        found(keyword, "no channel is called defragment" .. near("defragment", config.channels))
        return
      end
    end
  end,
}

check "channel.switch-target-missing" {
  title    = "senders are to be switched to a channel that is not there",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "senders who have authenticated stay in the channel they came by, where they get \"Relaying not permitted\"",
  fix      = "define the channel (tcp_auth with mustsaslserver), or correct the name; " .. rebuild,
  cites    = "[doc P19, M3] saslswitchchannel and tlsswitchchannel",
  bad      = "tcp_local smtp mx saslswitchchannel tcp_auht",
  good     = "tcp_local smtp mx saslswitchchannel tcp_auth",
  test     = function(config)
    -- what happens with a wrong alternatechannel is documented nowhere
    tell_missing(config, { saslswitchchannel = "error", tlsswitchchannel = "error", alternatechannel = "warning" })
  end,
}
