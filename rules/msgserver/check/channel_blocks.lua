-- Blocks of channels: names and hosts.

local rebuild = "imsimta cnbuild, imsimta restart smtp and imsimta restart job_controller make it known"

check "channel.duplicate-name" {
  title    = "two blocks have the same channel name",
  severity = "warning", over = "block",
  why      = "a name is one queue directory and one set of jobs; what a second block of that name does is documented nowhere",
  fix      = "give the second channel a name and an official host of its own, or remove it; " .. rebuild,
  cites    = "domain notes 3.4 [inferred]; queue directories and jobs go by name",
  bad      = "two blocks that begin with tcp_slow",
  good     = "tcp_slow and tcp_bulk",
  test     = function(block)
    if block.kind ~= "channel" or not block.is_repeated then return end
    for _, host in each(block.hosts) do
      if host.is_of then return end -- a copy of the whole block: the host is what the product refuses
    end
    found(block, "a block above has the channel name " .. text(block.name) .. " already")
  end,
}

check "channel.duplicate-official-host" {
  title    = "two channels have the same host",
  severity = "error", over = "block",
  why      = "the MTA refuses such a configuration when it starts: \"duplicate host in channel table\"",
  fix      = "give each channel a host of its own, such as its name with -daemon behind it, and correct the rewrite rules; " .. rebuild,
  cites    = "[doc T1] Administration Guide 6.3, 26.4.1, mm_init errors",
  bad      = "tcp_slow smtp mx\ntcp-daemon",
  good     = "tcp_slow smtp mx\ntcp_slow-daemon",
  test     = function(block)
    if block.kind ~= "channel" then return end
    for _, host in each(block.hosts) do
      if host.is_of then
        found(host, "the host " .. text(host.name) .. " of the channel " .. text(block.name) .. " belongs to " ..
          (same_name(host.is_of, block.name) and "a block of the same name" or "the channel " .. text(host.is_of)) .. " above already")
        return
      end
    end
  end,
}

check "channel.no-official-host" {
  title    = "a channel has no official host",
  severity = "error", over = "fault",
  why      = "the second line of a block is the official host; without it the MTA stops with \"no official host name for channel\"",
  fix      = "write the official host in the line below the name, such as tcp_x-daemon; " .. rebuild,
  cites    = "[doc T5] Administration Guide 6 2005Q4, index of error messages",
  bad      = "tcp_x smtp mx\n\n",
  good     = "tcp_x smtp mx\ntcp_x-daemon\n\n",
  test     = function(fault, config)
    if fault.kind ~= "no-official-host" then return end
    if fault.text and index(config.keyword_names, fault.text:lower()) then
      found(fault, "the keyword " .. text(fault.text) .. " begins a line as if it were a channel; does the line above lack its \"\\\"?")
    else
      found(fault, "no line with the official host follows that of the channel " .. (fault.text and text(fault.text) or ""))
    end
  end,
}

check "channel.official-host-too-long" {
  title    = "an official host is too long",
  severity = "error", over = "block",
  why      = "an official host has 128 octets at most: \"official host name is too long\"",
  fix      = "put a short name there, lead the long one to it with a rewrite rule ($U%$D@short) and turn it back with the REVERSE mapping; " ..
    rebuild,
  cites    = "[doc T2] Administration Guide 6.3, 26.4.1.12",
  bad      = "a host of 140 letters",
  good     = "newt, and the rewrite rule: long.example.com $U%$D@newt",
  test     = function(block)
    for i, host in each(block.hosts) do
      if i == 1 and host.name and #host.name > 128 then
        found(host, "the official host of the channel " .. text(block.name) .. " has " .. num(#host.name) .. " characters, 128 are allowed")
      end
    end
  end,
}

-- "ims-ms" has a character that site-made names must not have.
local function is_valid(name)
  return #name <= 32 and name:match("^[a-z0-9_$]+$") ~= nil or name:match("^ims%-ms[a-z0-9_$-]*$") ~= nil
end

check "channel.invalid-name" {
  title    = "a channel has a name with characters that are not allowed",
  severity = "error", over = "block",
  why      = "the name becomes a directory below the queue and selects the section of the Job Controller; it consists of at most 32 lower-case " ..
    "letters, digits, _ and $",
  fix      = "rename the channel once its queue is empty, here and where it is named (rewrite rules, mappings, option file); " .. rebuild,
  cites    = "[doc P10] PMDF System Manager's Guide, names of channels",
  bad      = "TCP-Slow smtp mx",
  good     = "tcp_slow smtp mx",
  test     = function(block)
    if block.kind ~= "channel" or is_valid(block.name) then return end
    found(block, "the channel name " .. text(block.name) ..
      (#block.name > 32 and " has " .. num(#block.name) .. " characters, 32 are allowed"
        or " has characters other than lower-case letters, digits, _ and $"))
  end,
}

check "channel.prefix-not-tcp" {
  title    = "an SMTP channel is not called tcp_...",
  severity = "warning", over = "notable_channel",
  why      = "the section [CHANNEL=tcp_*] of the Job Controller does not match the name, so no program would deliver the messages of the channel",
  fix      = "call it tcp_ and something, or give it a section [CHANNEL=...] with its master_command in job_controller.cnf; " .. rebuild,
  cites    = "[doc G1, J2] Administration Guide 6.3, 10.4.8; default configuration of the Job Controller",
  bad      = "slowhosts smtp mx\nslowhosts-daemon",
  good     = "tcp_slowhosts smtp mx\ntcp_slowhosts-daemon",
  test     = function(ch)
    local smtp = ch.is_smtp or ch.is_lmtp
    if not smtp or ch.is_tcp or ch.is_stock or ch.class or not is_valid(ch.name) then return end
    found(ch, "the SMTP channel " .. text(ch.name) .. " has no name that begins with tcp_, and no section of the Job Controller is its own")
  end,
}

-- Something outside of the rules that leads to the channel: the table of delivery options, the services of the dispatcher.
local function is_led_to(ch, config)
  local options = index(config.options, "DELIVERY_OPTIONS")
  for _, host in each(ch.hosts) do
    if options and options.value and options.value:lower():find(host.name:lower(), 1, true) then return true end
  end
  for _, service in each(config.service) do
    local parameter = service.set.PARAMETER
    if parameter and parameter.value and parameter.value:lower():find(ch.name, 1, true) then return true end
  end
  return false
end

check "channel.unreferenced" {
  title    = "nothing leads to a channel",
  severity = "info", over = "channel",
  why      = "no rewrite rule, delivery option, mapping or keyword names the channel, so no message gets there; often the rule for a new channel " ..
    "was forgotten",
  fix      = "add the rewrite rules that lead to its host ($U%$D@host), or remove the block; " .. rebuild,
  cites    = "[seed] a channel of its own for a slow destination needs its rule",
  bad      = "tcp_slow smtp mx\ntcp_slow-daemon, and no rule",
  good     = "slow.example $U%$D@tcp_slow-daemon",
  test     = function(ch, config)
    if ch.is_referenced or ch.is_stock or count(config.rules) == 0 then return end
    for _, include in each(config.include) do
      if not include.is_read then return end
    end
    if not is_led_to(ch, config) then found(ch, "nothing leads to the channel " .. text(ch.name)) end
  end,
}
