-- How channels speak SMTP: to whom, by which records, through which hosts.

local rebuild = "imsimta cnbuild, then imsimta restart smtp and imsimta restart job_controller"

check "channel.smtp-missing-on-tcp" {
  title    = "a tcp_ channel does not speak SMTP",
  severity = "error", over = "notable_channel",
  why      = "without smtp (or lmtp) a channel has nosmtp, so the client does not work, and single_sys is lost as well",
  fix      = "add smtp to the line of the channel; " .. rebuild,
  cites    = "[doc W23] reference of the Unified Configuration, single_sys and its defaults",
  bad      = "tcp_slow mx pool SLOW_POOL",
  good     = "tcp_slow smtp mx pool SLOW_POOL",
  test     = function(ch, config)
    if config.unified and not ch.official_host then return end -- not all of the channel was shown
    if not ch.is_tcp or ch.is_smtp or ch.is_lmtp or words.lost(ch, { "smtp", "smtp_crlf", "smtp_crorlf", "lmtp" }) then return end
    if ch.set.nosmtp and ch.set.nosmtp.contradicts then return end
    -- a program of the site's own behind that name
    local command = ch.class and ch.class.set.MASTER_COMMAND
    if command and command.value and not command.value:lower():find("smtp", 1, true) then return end
    found(ch, "the channel " .. text(ch.name) .. " has neither smtp nor lmtp")
  end,
}

-- A channel of which all mail goes to one host.
local function has_one_host(ch) return ch.set.daemon ~= nil or words.lost(ch, { "daemon" }) end

check "channel.multiple-on-mx" {
  title    = "a channel puts recipients at different hosts into one file",
  severity = "warning", over = "notable_channel",
  why      = "the client serves one remote host in a transaction; with multiple the hosts of one message are mixed in one queue file",
  fix      = "use single_sys, the default of SMTP channels; " .. rebuild,
  cites    = "[doc W23, P18] single, single_sys and multiple",
  bad      = "tcp_local smtp mx multiple",
  good     = "tcp_local smtp mx single_sys",
  test     = function(ch, config)
    if has_one_host(ch) or not (ch.is_smtp or ch.is_lmtp) then return end
    local multiple = words.held(ch, "multiple")
    if multiple then
      found(multiple, "multiple" .. words.of_channel(multiple, ch) .. " where mail goes to many hosts")
    elseif ch.is_lmtp and ch.is_rewrite_target and before(config, "7.0") and not (ch.set.single or ch.set.single_sys or ch.set.multiple)
      and not words.lost(ch, { "single", "single_sys" }) then
      found(ch, "the channel " .. text(ch.name) .. " speaks LMTP without single_sys, which became the default in 7.0")
    end
  end,
}

check "channel.nomx-on-internet" {
  title    = "a channel to the Internet does not look for MX records",
  severity = "warning", over = "notable_channel",
  why      = "domains that have MX records only cannot be reached, and mail for the others goes to the wrong host",
  fix      = "use mx; nomx is for channels whose host is given by daemon; " .. rebuild,
  cites    = "[doc W29] reference of the Unified Configuration, mx and nomx",
  bad      = "tcp_local smtp nomx",
  good     = "tcp_local smtp mx",
  test     = function(ch)
    local nomx = ch.is_internet_facing and ch.is_rewrite_target and not has_one_host(ch) and words.held(ch, "nomx", "nodns")
    if nomx then found(nomx, nomx.name .. words.of_channel(nomx, ch) .. ", which leads to the Internet") end
  end,
}

local function is_address(host) return host:match("^%[.+%]$") ~= nil end

check "channel.daemon-with-mx" {
  title    = "a channel to one host looks for its MX records",
  severity = "info", over = "notable_channel",
  why      = "the MX records of the host may name another one, or this one: then mail goes round in circles",
  fix      = "use nomx, or give the address in brackets; " .. rebuild,
  cites    = "domain notes 3.4 [inferred]",
  bad      = "tcp_relay smtp mx daemon relay.example.com",
  good     = "tcp_relay smtp nomx daemon relay.example.com",
  test     = function(ch)
    local daemon = ch.set.daemon
    if not daemon or not daemon.arg or is_address(daemon.arg) or same_name(daemon.arg, "router") then return end
    local mx = ch.set.mx or ch.set.randommx or ch.set.nonrandommx
    if mx then found(daemon, "daemon " .. text(daemon.arg) .. " together with " .. mx.name) end
  end,
}

check "channel.daemon-low-threading" {
  title    = "a channel to one host rarely opens a second connection",
  severity = "warning", over = "notable_channel",
  why      = "all its mail has one destination, for which one thread is started per threaddepth messages: a backlog is worked off by few connections",
  fix      = "set threaddepth 10 or lower on the channel; " .. rebuild,
  cites    = "[doc G3, P31] Administration Guide 6.3, 12.5.8; 128 as default of 5.x [seen B2]",
  bad      = "tcp_relay smtp daemon relay.example.com threaddepth 128",
  good     = "tcp_relay smtp daemon relay.example.com threaddepth 10",
  test     = function(ch, config)
    local options = ch.options and ch.options.MAX_CLIENT_THREADS
    if not ch.set.daemon or not ch.set.daemon.arg or not ch.is_smtp or options and (options.number or 0) > 10 then return end
    local depth = ch.set.threaddepth
    local n = depth and depth.arg and words.whole(depth.arg)
    if n and n > 20 then
      found(depth, "threaddepth " .. num(n) .. words.of_channel(depth, ch) .. ", which sends all its mail to one host")
    elseif not depth and before(config, "6.0") and not words.lost(ch, { "threaddepth" }) then
      found(ch, "the channel " .. text(ch.name) .. " sends all its mail to one host with the threaddepth of 5.x, 128", { severity = "info" })
    end
  end,
}

-- An address in figures.
local function is_ip(s)
  if s:find(":", 1, true) then return s:match("^[%x:.]+$") ~= nil end
  local n = 0
  for part in (s .. "."):gmatch("(%d+)%.") do
    if #part > 3 or tonumber(part) > 255 then return false end
    n = n + 1
  end
  return n == 4 and s:match("^[%d.]+$") ~= nil and not s:find("..", 1, true)
end

check "channel.nameservers-literal" {
  title    = "a name server is given by a name",
  severity = "error", over = "keyword.list",
  why      = "nameservers takes addresses; a name would have to be looked up first, and lookups that fail hold all mail of the channel",
  fix      = "write the addresses of the servers, separated by blanks; " .. rebuild,
  cites    = "[doc W29] reference of the Unified Configuration, nameservers",
  bad      = "tcp_local smtp mx nameservers ns1.example.com",
  good     = "tcp_local smtp mx nameservers 192.0.2.53",
  test     = function(kw)
    if kw.name ~= "nameservers" then return end
    for _, arg in each(kw.args) do
      if not is_ip(arg.text) then found(arg, "nameservers takes addresses, not " .. text(arg.text)) end
    end
    if kw.rest and kw.rest.text:find("[.:]") then found(kw.rest, "nameservers takes addresses, not " .. text(kw.rest.text)) end
  end,
}

check "channel.slave-only-outbound" {
  title    = "a channel that mail is led to is only a slave",
  severity = "error", over = "notable_channel",
  why      = "slave means that only the other side starts transfers: no delivery is ever tried, and the messages stay in the queue",
  fix      = "remove slave (bidirectional is the default); " .. rebuild,
  cites    = "[doc P16] PMDF System Manager's Guide, bidirectional, master, slave",
  bad      = "tcp_out smtp mx slave, with: partner.example $U%$D@tcp_out-daemon",
  good     = "tcp_out smtp mx",
  test     = function(ch)
    local slave = ch.is_rewrite_target and words.held(ch, "slave")
    if slave then found(slave, "slave" .. words.of_channel(slave, ch) .. ", which rewrite rules lead to") end
  end,
}

check "channel.daemon-argument" {
  title    = "the host of daemon is no full name",
  severity = "warning", over = "keyword.naming",
  why      = "what is neither a full name nor an address in brackets makes the channel connect to its own official host, such as tcp_x-daemon, " ..
    "which nobody can resolve",
  fix      = "write the full name of the next host, its address in brackets, or router with the next host on the second line; " .. rebuild,
  cites    = "[doc W54] reference of the Unified Configuration, daemon",
  bad      = "tcp_partner smtp nomx daemon mx1\ntcp_partner-daemon",
  good     = "tcp_partner smtp nomx daemon mx1.partner.example\ntcp_partner-daemon",
  test     = function(kw)
    local arg = kw.name == "daemon" and kw.arg
    if arg and not arg:find(".", 1, true) and not is_address(arg) and not same_name(arg, "router") then
      found(kw, "daemon takes a full host name or [address], not " .. text(arg) .. near(arg, { "router" }))
    end
  end,
}

check "channel.daemon-router-pseudo-host" {
  title    = "a router channel has an official host that is no host",
  severity = "warning", over = "notable_channel",
  why      = "with daemon router the channel connects to its official host; a made-up name cannot be resolved, so every delivery fails and the queue grows",
  fix      = "put the real next host on the second line, or its name behind daemon; " .. rebuild,
  cites    = "[doc W54] reference of the Unified Configuration, daemon; the failing deliveries are [inferred]",
  bad      = "tcp_fw smtp nomx daemon router\ntcp_fw-daemon",
  good     = "tcp_fw smtp nomx daemon router\nfw.example.com",
  test     = function(ch)
    local daemon, host = ch.set.daemon, ch.official_host
    if daemon and host and same_name(daemon.arg, "router") and not is_address(host)
      and (not host:find(".", 1, true) or host:lower():match("%-daemon$")) then
      found(daemon, "daemon router connects to the official host " .. text(host) .. ", which is no real name")
    end
  end,
}

check "channel.musttls-outbound" {
  title    = "a channel to the Internet insists on TLS",
  severity = "warning", over = "notable_channel",
  why      = "hosts that offer no TLS never get their mail: it is deferred until it is returned",
  fix      = "use maytlsclient, and a channel of its own for the partners that must have TLS; " .. rebuild,
  cites    = "domain notes 3.4 [inferred], [doc G23] names of the keywords",
  bad      = "tcp_local smtp mx musttlsclient",
  good     = "tcp_local smtp mx maytlsclient",
  test     = function(ch)
    local tls = ch.is_internet_facing and ch.is_rewrite_target and not has_one_host(ch) and words.held(ch, "musttlsclient", "musttls")
    if tls then found(tls, tls.name .. words.of_channel(tls, ch) .. ", which leads to the Internet") end
  end,
}

check "channel.ident-enabled" {
  title    = "every sender is asked for its name by the ident protocol",
  severity = "info", over = "notable_channel",
  why      = "a host that does not answer such a question stalls the connection for one or two minutes",
  fix      = "use identnone or identnonenumeric; " .. rebuild,
  cites    = "[doc S9, P32] identtcp and its time-outs",
  bad      = "tcp_local smtp mx identtcp",
  good     = "tcp_local smtp mx identnonenumeric",
  test     = function(ch)
    local ident = ch.name == "tcp_local" and words.held(ch, "identtcp", "identtcplimited", "identtcpnumeric", "identtcpsymbolic")
    if ident then found(ident, ident.name .. " on the channel that the Internet connects to") end
  end,
}
