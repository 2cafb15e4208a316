-- Rewrite rules one by one: their form, and what they name.
local REBUILD = ", then `imsimta cnbuild` and `imsimta restart smtp`"

check "rewrite.missing-template" {
  title    = "a rewrite rule has no template",
  severity = "error", over = "rule.faulty",
  why      = "a rewrite rule is a pattern and a template with blanks between them",
  fix      = "write the template behind the pattern, or delete the line" .. REBUILD,
  cites    = "[doc A8] Administration Reference 6.3, structure of rewrite rules",
  bad      = "example.com",
  good     = "example.com  $U%$D@tcp-daemon",
  test     = function(fault)
    if fault.what == "no-template" then
      found(fault, "the rule for " .. text(fault.sequence or "") .. " has no template")
    end
  end,
}

check "rewrite.space-in-template" {
  title    = "a rewrite rule has a blank inside its template",
  severity = "error", over = "rule.faulty",
  why      = "a blank ends the template, so what follows it is lost and the rule leads elsewhere or nowhere",
  fix      = "take the blank out of the template" .. REBUILD,
  cites    = "[doc A8] Administration Reference 6.3, structure of rewrite rules",
  bad      = "example.com  $U@ tcp-daemon",
  good     = "example.com  $U@tcp-daemon",
  test     = function(fault)
    if fault.what == "blanks" then
      found(fault, text(fault.sequence or "something") .. " stands behind a blank, where the template has ended")
    end
  end,
}

check "rewrite.unknown-control-sequence" {
  title    = "a template holds a sequence that nobody knows",
  severity = "warning", over = "rule.faulty",
  why      = "the rule fails, or puts something else into the address than was meant",
  fix      = "correct the sequence; $U is the local part, $D the domain, $H the host" .. REBUILD,
  cites    = "[inferred] from [doc G8] Administration Guide 6, table 11-4",
  bad      = "example.com  $K@tcp-daemon",
  good     = "example.com  $U@tcp-daemon",
  hides    = { "rewrite.template-without-user" },
  test     = function(fault)
    if fault.what == "unknown-sequence" then
      found(fault, text(fault.sequence or "") .. " is no sequence of rewrite rules")
    end
  end,
}

check "rewrite.template-without-user" {
  title    = "a template drops the local part",
  severity = "warning", over = "rule.faulty",
  why      = "the rewritten address has nothing before its domain, so mail for all users of the domain is refused or goes to one place",
  fix      = "begin the template with $U" .. REBUILD,
  cites    = "[inferred] from [doc G7] Administration Guide 6, templates of rewrite rules",
  bad      = "old.example.com  %new.example.com@tcp-daemon",
  good     = "old.example.com  $U%new.example.com@tcp-daemon",
  test     = function(fault)
    if fault.what == "no-user" then
      found(fault, "the template has neither $U nor another local part")
    end
  end,
}

-- A tag that is lost because a channel has lost its host (that is found there), or because there is no local channel.
local function is_of_torn(tag, channel)
  local name = (channel.name or ""):lower()
  return name == "l" or tag == name .. "-daemon" or (name == "tcp_local" and tag == "tcp-daemon")
end

-- Hosts of all channels as candidates for what was meant, and whether the tag belongs to a mistake that is found elsewhere. Where there
-- are very many channels that is not worth the time.
local function hosts(tag, config)
  local list = {}
  if not index(config.channels, "l") and config.is_whole and not tag:find("-daemon", 1, true) then return list, true end
  if count(config.channel) > 1000 or count(config["rule.unresolved"]) > 1000 then return list, false end
  for _, channel in each(config.channel) do
    if not channel.official_host and is_of_torn(tag, channel) then return list, true end
    for _, host in each(channel.hosts) do
      if host.name then table.insert(list, host.name) end
    end
  end
  return list, false
end

check "rewrite.unreachable-channel" {
  title    = "a rewrite rule leads to no channel",
  severity = "error", over = "rule.unresolved", needs = { "imta.cnf" },
  why      = "what stands behind the last @ of a template must be a host of a channel; otherwise mail for the domain is refused as unknown or illegal",
  fix      = "correct the tag, or define a channel with this host" .. REBUILD,
  cites    = "[doc G7] Administration Guide 6, templates of rewrite rules",
  bad      = ".edu  $U%$H$D@tcp_edu-daemon",
  good     = ".edu  $U%$H$D@tcp-daemon",
  test     = function(lost, config)
    if lost.is_channel_name or lost.is_again or not lost.tag then return end
    if config.unified or not includes.has_channels(config) then return end -- there unified.reference-dangling tells it
    local candidates, is_known = hosts(lost.tag:lower(), config)
    local hint = near(lost.tag, candidates)
    if is_known or (hint == "" and includes.are_open(config, "imta.cnf")) then return end
    local others = lost.others and " (" .. num(lost.others) .. " more rules lead there)" or ""
    found(lost, "no channel has the host " .. text(lost.tag) .. hint .. others)
  end,
}

check "rewrite.tag-is-channel-name" {
  title    = "a rewrite rule names a channel where its host belongs",
  severity = "warning", over = "rule.unresolved", needs = { "imta.cnf" },
  why      = "templates lead to a channel by its official host, the second line of its block; its name leads nowhere",
  fix      = "write the official host of the channel behind the @" .. REBUILD,
  cites    = "[doc G7] Administration Guide 6, templates of rewrite rules",
  bad      = ".edu  $U%$H$D@tcp_local",
  good     = ".edu  $U%$H$D@tcp-daemon",
  test     = function(lost)
    if not lost.is_channel_name then return end
    local host = lost.official_host and ", its host is " .. text(lost.official_host) or ""
    found(lost, text(lost.tag) .. " is the name of a channel and no host" .. host)
  end,
}

local BY_SOURCE = { M = true, N = true }
local BY_DESTINATION = { Q = true, C = true }

-- Names of channels; a host is told as what it is.
local function unknown_channel(control, letters, config)
  if not letters[control.letter] or control.is_channel or control.is_tag or not control.arg then return end
  if #control.arg > 200 or not includes.has_channels(config) then return end
  if control.arg:lower():find("%-daemon$") or control.arg:find("[$*%%]") then return end
  local hint = count(config.channels) <= 1000 and near(control.arg, config.channels) or ""
  if hint == "" and includes.are_open(config, "imta.cnf") then return end
  found(control, "there is no channel " .. text(control.arg) .. " for $" .. control.letter .. hint)
end

check "rewrite.unknown-source-channel" {
  title    = "a rule asks for a source channel that is not there",
  severity = "error", over = "rule.with_channel", needs = { "imta.cnf" },
  why      = "with $M the rule never applies, with $N always: routing by the source channel silently does nothing",
  fix      = "correct the name of the channel, or define it" .. REBUILD,
  cites    = "[doc G8] Administration Guide 6, table 11-4",
  bad      = ".  $U%$H@tcp_bounce-daemon$Mproces_dsn",
  good     = ".  $U%$H@tcp_bounce-daemon$Mprocess_dsn",
  test     = function(control, config) unknown_channel(control, BY_SOURCE, config) end,
}

check "rewrite.unknown-destination-channel" {
  title    = "a rule asks for a destination channel that is not there",
  severity = "error", over = "rule.with_channel", needs = { "imta.cnf" },
  why      = "with $Q the rule never applies, with $C always",
  fix      = "correct the name of the channel, or define it" .. REBUILD,
  cites    = "[doc P8] PMDF System Manager's Guide, rewrite rules",
  bad      = ".com  $U%$H$D@tcp-daemon$Qtcp_locall",
  good     = ".com  $U%$H$D@tcp-daemon$Qtcp_local",
  test     = function(control, config) unknown_channel(control, BY_DESTINATION, config) end,
}

check "rewrite.channel-arg-is-tag" {
  title    = "a condition on a channel names a host",
  severity = "warning", over = "rule.with_channel", needs = { "imta.cnf" },
  why      = "$M, $N, $Q and $C compare with names of channels; with a host they never match",
  fix      = "write the name of the channel, the first word of its block" .. REBUILD,
  cites    = "[doc G8] Administration Guide 6, table 11-4",
  bad      = ".  $U%$H@tcp_bounce-daemon$Mprocess-daemon",
  good     = ".  $U%$H@tcp_bounce-daemon$Mprocess",
  test     = function(control)
    if control.is_channel or not control.arg or #control.arg > 200 then return end
    if not control.is_tag and not control.arg:lower():find("%-daemon$") then return end
    local name = control.channel and ", its channel is " .. text(control.channel) or ""
    found(control, text(control.arg) .. " behind $" .. control.letter .. " is a host and no channel" .. name)
  end,
}

check "rewrite.dest-control-for-routing" {
  title    = "a route is made to depend on the destination channel",
  severity = "warning", over = "rule.with_channel", needs = { "imta.cnf" },
  why      = "$Q and $C are passed over while the recipient's address is rewritten, for its channel is what that is to find out; the rule applies to all mail",
  fix      = "use $M or $N (the source channel), or give the rule a pattern of its own" .. REBUILD,
  cites    = "[doc G31] Administration Guide 6.3, 11.6.11; [doc W49] Technical Reference wiki, rewrite rules",
  bad      = ".  $U%$H@tcp_bounce-daemon$Qtcp_local before .  $U%$H@tcp-daemon",
  good     = ".  $U%$H@tcp_bounce-daemon$Mprocess_dsn before .  $U%$H@tcp-daemon",
  test     = function(control)
    if not BY_DESTINATION[control.letter] or not control.is_channel then return end
    local rule, other = control.rule, control.general_tag
    if not rule or not rule.tag or not other or rule.only_header or same_name(rule.tag, other) then return end
    found(control, "$" .. control.letter .. text(control.arg) .. " is to lead to " .. text(rule.tag) .. " instead of " ..
          text(other) .. ", but destination channels are not known yet where routes are chosen")
  end,
}

check "rewrite.unknown-mapping" {
  title    = "a template asks a mapping table that is not there",
  severity = "error", over = "rule.with_mapping", needs = { "mappings" },
  why      = "${TABLE,...} looks its text up in that table of the mappings; without the table the rule never applies",
  fix      = "correct the name, or add the table to the mappings" .. REBUILD,
  cites    = "[doc G8] Administration Guide 6, table 11-4",
  bad      = "[]  $E$R${INTERNL_IP,$L}$U%[$L]@tcp_intranet-daemon",
  good     = "[]  $E$R${INTERNAL_IP,$L}$U%[$L]@tcp_intranet-daemon",
  test     = function(probe, config)
    if probe.is_defined or probe.is_again or not probe.table then return end
    local hint = near(probe.table, config.tables)
    if hint == "" and includes.are_open(config, "mappings") then return end
    local others = probe.others and " (" .. num(probe.others) .. " more rules ask it)" or ""
    found(probe, "there is no mapping table " .. text(probe.table) .. hint .. others)
  end,
}
