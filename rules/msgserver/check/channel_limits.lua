-- Logging, debugging, sizes and other limits of channels.

local rebuild = "imsimta cnbuild, then imsimta restart smtp and imsimta restart job_controller"

check "channel.no-logging" {
  title    = "a channel writes nothing into the mail log",
  severity = "warning", over = "config", needs = { "imta.cnf" },
  why      = "without records in mail.log_current nobody can tell what became of a message",
  fix      = "put logging into the line of defaults, and take nologging away; " .. rebuild,
  cites    = "[seed, doc W34] logging comes before all troubleshooting",
  bad      = "defaults notices 1 2 4 7",
  good     = "defaults logging notices 1 2 4 7",
  test     = function(config)
    local first, n, has_defaults = nil, 0, not config.unified
    for _, block in each(config.block) do
      has_defaults = has_defaults or block.kind == "defaults" -- the Unified Configuration may be shown without them
    end
    for _, ch in each(config["notable_channel"]) do -- all without logging are among them
      local off = ch.set.nologging
      if off and not off.contradicts then
        found(off, "nologging" .. words.of_channel(off, ch), { scope = ch })
      elseif not off and not ch.set.logging then
        if words.lost(ch, { "logging", "nologging" }) then return end
        first, n = first or ch, n + 1
      end
    end
    if n == 0 or not has_defaults and n == count(config.channel) then return end
    local defaults = words.defaults_without(config, "logging")
    found(defaults or first, "the channel " .. text(first.name) .. (n > 1 and " (and " .. num(n - 1) .. " more)" or "") ..
      " has no logging, neither of its own nor by " .. (defaults and "this line of " or "") .. "defaults")
  end,
}

check "channel.debug-left-on" {
  title    = "a channel writes debug output",
  severity = "warning", over = "notable_channel",
  why      = "each job writes a large log file of its own, which costs disk space and time",
  fix      = "remove the keyword once the problem is found; " .. rebuild,
  cites    = "[doc P22] master_debug and slave_debug; left on in the field [seen R1]",
  bad      = "tcp_local smtp mx slave_debug",
  good     = "tcp_local smtp mx",
  test     = function(ch)
    for _, name in ipairs({ "master_debug", "slave_debug" }) do
      local debug_keyword = words.held(ch, name)
      if debug_keyword then found(debug_keyword, name .. words.of_channel(debug_keyword, ch) .. " is on") end
    end
  end,
}

check "channel.postmaster-flood" {
  title    = "the postmaster gets a copy of every notice",
  severity = "info", over = "notable_channel",
  why      = "one more message for each bounce: traffic, and a mailbox of the postmaster that fills up",
  fix      = "use nosendpost and nowarnpost, or errsendpost; " .. rebuild,
  cites    = "[doc W32] sendpost, copysendpost; a full mailbox in the field [seen B6]",
  bad      = "defaults sendpost warnpost",
  good     = "defaults nosendpost nowarnpost postheadonly",
  test     = function(ch)
    local keyword = words.held(ch, "sendpost") or words.held(ch, "warnpost") or ch.name == "tcp_local" and words.held(ch, "copysendpost")
    if keyword then found(keyword, keyword.name .. words.of_channel(keyword, ch) .. " sends the postmaster copies of notices") end
  end,
}

local function number_of(keyword)
  return keyword and keyword.arg and words.whole(keyword.arg)
end

check "channel.subdirs-low" {
  title    = "a busy queue has few directories",
  severity = "info", over = "channel",
  why      = "in directories of thousands of files each access is slow; a queue grows when a destination is down or quotas are generous",
  fix      = "raise subdirs (999 at most); " .. rebuild,
  cites    = "[doc W22, W5] subdirs",
  bad      = "tcp_local smtp mx nosubdirs",
  good     = "tcp_local smtp mx subdirs 50",
  test     = function(ch, config)
    local files = config.facts and config.facts.queue_files and index(config.facts.queue_files, ch.name)
    local none, keyword = words.held(ch, "nosubdirs"), ch.set.subdirs
    local directories = none and 1 or number_of(keyword) or 20
    if directories > 0 and type(files) == "number" and files / directories > 2000 then
      found(none or keyword or ch, num(files) .. " queue files of the channel " .. text(ch.name) .. " in " .. num(directories) .. " directories")
    elseif none and (ch.name == "tcp_local" or ch.name:match("^ims%-ms")) then
      found(none, "nosubdirs" .. words.of_channel(none, ch) .. " puts the whole queue into one directory")
    end
  end,
}

check "channel.holdlimit-low" {
  title    = "ordinary mail to many recipients is held",
  severity = "warning", over = "notable_channel",
  why      = "a message with more recipients becomes a .HELD file, which waits until somebody releases it by hand",
  fix      = "raise holdlimit, or use recipientlimit, which makes the sender split the message; " .. rebuild,
  cites    = "[doc W4] holdlimit",
  bad      = "tcp_local smtp mx holdlimit 10",
  good     = "tcp_local smtp mx holdlimit 1000",
  test     = function(ch)
    local keyword = ch.set.holdlimit
    local n = number_of(keyword)
    if not n or n < 1 then return end
    local allowed = ch.options and ch.options.ALLOW_RECIPIENTS_PER_TRANSACTION
    if n < 50 then
      found(keyword, "holdlimit " .. num(n) .. words.of_channel(keyword, ch) .. " holds ordinary mail to a list")
    elseif allowed and allowed.number and n < allowed.number then
      found(keyword, "holdlimit " .. num(n) .. words.of_channel(keyword, ch) .. " is below ALLOW_RECIPIENTS_PER_TRANSACTION, " .. num(allowed.number))
    end
  end,
}

-- The largest message that comes in from the Internet, and what says so.
local function inbound_limit(config)
  local option, least, name = index(config.options, "BLOCK_LIMIT"), nil, nil
  local inbound = index(config.channels, "tcp_local")
  local source = inbound and number_of(inbound.set.sourceblocklimit)
  if option and option.number and option.number > 0 then least, name = option.number, "BLOCK_LIMIT" end
  if source and source > 0 and (not least or source < least) then least, name = source, "sourceblocklimit of the channel tcp_local" end
  return least, name
end

check "channel.size-limit-inconsistent" {
  title    = "messages are accepted that are too large to be delivered",
  severity = "warning", over = "notable_channel",
  why      = "what is accepted within the limit of the way in and exceeds that of the way out is returned, mostly to forged senders",
  fix      = "make both limits the same, that of the way in the smaller one; " .. rebuild,
  cites    = "domain notes 3.4 [inferred from doc W24]",
  bad      = "BLOCK_LIMIT=20480 in option.dat, and ims-ms blocklimit 5120",
  good     = "BLOCK_LIMIT=20480 in option.dat, and ims-ms blocklimit 20480",
  test     = function(ch, config)
    if not (ch.is_lmtp or ch.name:match("^ims%-ms") or ch.name == "tcp_intranet") then return end
    local keyword = words.held(ch, "blocklimit")
    local n = number_of(keyword)
    if not n or n < 1 then return end
    local least, name = inbound_limit(config)
    if least and n < least then
      found(keyword, "blocklimit " .. num(n) .. words.of_channel(keyword, ch) .. " is below " .. name .. ", " .. num(least))
    end
  end,
}

check "channel.maxblocks-fragmenting" {
  title    = "large messages are cut into fragments",
  severity = "info", over = "notable_channel",
  why      = "maxblocks and maxlines do not refuse a large message but send it in pieces, each a queue entry of its own, which few programs put together",
  fix      = "use blocklimit to refuse large messages; " .. rebuild,
  cites    = "[doc W25] maxblocks and maxlines",
  bad      = "tcp_local smtp mx maxblocks 500",
  good     = "tcp_local smtp mx blocklimit 20480",
  test     = function(ch)
    if not ch.is_internet_facing and not ch.name:match("^ims%-ms") then return end
    local keyword = ch.set.maxblocks or ch.set.maxlines
    if keyword then found(keyword, keyword.name .. words.of_channel(keyword, ch) .. " cuts large messages into fragments") end
  end,
}
