-- Loops: how they are noticed, and what makes them.

local restart = "; then imsimta cnbuild and imsimta restart smtp"

-- name, default, greatest sensible value
local limits = {
  { name = "MAX_LOCAL_RECEIVED_LINES", default = 10, most = 20 },
  { name = "MAX_RECEIVED_LINES", default = 50, most = 100 },
  { name = "MAX_TOTAL_RECEIVED_LINES", default = 100, most = 200 },
  { name = "MAX_MR_RECEIVED_LINES", default = 20, most = 40 },
  { name = "MAX_X400_RECEIVED_LINES", default = 50, most = 100 },
}

check "loop.no-loopcheck" {
  title    = "a channel that sends by SMTP does not look out for loops",
  severity = "warning", over = "channel", needs = { "imta.cnf" },
  why      = "without loopcheck a loop is noticed only when MAX_LOCAL_RECEIVED_LINES is reached; with it the message is returned at once",
  fix      = "add loopcheck to the channel" .. restart,
  cites    = "[doc W30] loopcheck; [seed] troubleshooting of loops; [doc W52] on by default in the Unified Configuration",
  bad      = "tcp_local smtp mx",
  good     = "tcp_local smtp mx loopcheck",
  test     = function(ch)
    local set = ch.set
    if not ch.is_smtp or ch.is_lmtp or set.loopcheck or set.slave then return end
    if ch.is_internet_facing then
      found(set.noloopcheck or ch, text(ch.name) .. " sends to the Internet and has no loopcheck")
    else
      found(set.noloopcheck or ch, text(ch.name) .. " has no loopcheck", { severity = "info" })
    end
  end,
}

check "loop.threshold-raised" {
  title    = "a message may pass very often before it counts as looping",
  severity = "warning", over = "config", needs = { "option.dat" },
  why      = "a message that loops is sent as many times as the limit says, so each loop multiplies the traffic by it",
  fix      = "return to the default (MAX_LOCAL_RECEIVED_LINES 10, MAX_RECEIVED_LINES 50, MAX_TOTAL_RECEIVED_LINES 100, MAX_MR_RECEIVED_LINES 20, MAX_X400_RECEIVED_LINES 50)" .. restart,
  cites    = "[doc P1] Received: lines and .HELD; the bounds are twice the defaults",
  bad      = "MAX_LOCAL_RECEIVED_LINES=200",
  good     = "MAX_LOCAL_RECEIVED_LINES=10",
  test     = function(config)
    for _, limit in ipairs(limits) do
      local option = index(config.options, limit.name)
      if option and option.number and option.number > limit.most then
        found(option, text(limit.name) .. " is " .. num(option.number) .. "; the default is " .. num(limit.default))
      end
    end
  end,
}

check "loop.threshold-too-low" {
  title    = "a message counts as looping after very few hops",
  severity = "warning", over = "config", needs = { "option.dat" },
  why      = "mail that passes conversion, process or reprocess gets a Received: line each time, so sound mail would be held (.HELD)",
  fix      = "return to the default (MAX_LOCAL_RECEIVED_LINES 10, MAX_RECEIVED_LINES 50)" .. restart,
  cites    = "[doc W44] names in Received: lines; the consequence is inferred",
  bad      = "MAX_LOCAL_RECEIVED_LINES=1",
  good     = "MAX_LOCAL_RECEIVED_LINES=10",
  hides    = { "loop.threshold-inconsistent" },
  test     = function(config)
    for name, least in pairs({ MAX_LOCAL_RECEIVED_LINES = 3, MAX_RECEIVED_LINES = 20 }) do
      local option = index(config.options, name)
      if option and option.number and option.number >= 1 and option.number < least then
        found(option, text(name) .. " is only " .. num(option.number))
      end
    end
  end,
}

check "loop.threshold-inconsistent" {
  title    = "limits of Received: lines contradict each other",
  severity = "warning", over = "config", needs = { "option.dat" },
  why      = "the lines that name this host are some of all Received: lines, and those are some of the total: an inner limit that is larger never comes to bear, and loops are seen late",
  fix      = "set MAX_LOCAL_RECEIVED_LINES <= MAX_RECEIVED_LINES <= MAX_TOTAL_RECEIVED_LINES (10, 50, 100)" .. restart,
  cites    = "[doc P1] what each limit counts; the consequence is inferred",
  bad      = "MAX_LOCAL_RECEIVED_LINES=60\nMAX_RECEIVED_LINES=50",
  good     = "MAX_LOCAL_RECEIVED_LINES=10\nMAX_RECEIVED_LINES=50",
  hides    = { "loop.threshold-raised" },
  test     = function(config)
    for i = 1, 2 do
      local inner, outer = index(config.options, limits[i].name), index(config.options, limits[i + 1].name)
      -- One that is out of line with a default is too high or too low by itself.
      if inner and outer and inner.number and outer.number and inner.number > outer.number then
        local at = inner.number == limits[i].default and outer or inner
        found(at, text(limits[i].name) .. " is " .. num(inner.number) .. ", more than " .. text(limits[i + 1].name) .. " with " .. num(outer.number))
      end
    end
  end,
}

check "loop.held-not-reported" {
  title    = "nobody is told when a message is held for looping",
  severity = "info", over = "config", needs = { "option.dat" },
  why      = "the Job Controller does not see .HELD files; unless syslog tells, nobody notices them",
  fix      = "set HELD_SNDOPR=1 and watch the system's log" .. restart,
  cites    = "[doc P1] HELD_SNDOPR",
  bad      = "HELD_SNDOPR=0",
  good     = "HELD_SNDOPR=1",
  test     = function(config)
    local option = config.options.HELD_SNDOPR
    if cnf.is_on(option) then return end
    local at = option or cnf.place(config, "option.dat")
    if at then found(at, option and "HELD_SNDOPR is off" or "HELD_SNDOPR is not set") end
  end,
}

check "loop.received-domain-differs" {
  title    = "Received: lines carry another name than the local host's",
  severity = "warning", over = "config", needs = { "option.dat", "imta.cnf" },
  why      = "MAX_LOCAL_RECEIVED_LINES counts the lines with the official host of channel l; with another name in them it never fires, and only MAX_RECEIVED_LINES stops a loop",
  fix      = "remove RECEIVED_DOMAIN or set it to the official host of channel l" .. restart,
  cites    = "[doc W44] RECEIVED_DOMAIN; [doc P1] what the limit counts; the consequence is inferred",
  bad      = "RECEIVED_DOMAIN=mx.example.org",
  good     = "RECEIVED_DOMAIN=mail.example.com",
  test     = function(config)
    local option, l = config.options.RECEIVED_DOMAIN, config.channels.l
    local host = l and l.official_host
    -- The line is searched for the name, so a longer one that ends with it will do.
    if option and option.value and host and not tostring(option.value):lower():find(host:lower(), 1, true) then
      found(option, "RECEIVED_DOMAIN is " .. text(option.value) .. ", the official host of l is " .. text(host) .. near(option.value, { host }))
    end
  end,
}

-- The alias that an address leads to: by its whole text, or by what is before "@" where the rest is this host.
local function alias_of(config, address, hosts)
  local name = address:lower()
  local at = index(config.aliases, name)
  if at then return at end
  local sign = name:find("@", 1, true)
  if sign and hosts[name:sub(sign + 1)] then return index(config.aliases, name:sub(1, sign - 1)) end
  return nil
end

local function next_aliases(config, alias, hosts)
  local names, seen = {}, {}
  for _, address in each(alias.addresses) do
    local to = address.kind == "address" and address.text and alias_of(config, address.text, hosts)
    if to and to.name and not seen[to.name] then
      seen[to.name] = true
      names[#names + 1] = to.name
    end
  end
  return names
end

check "loop.alias-cycle" {
  title    = "aliases lead back to themselves",
  severity = "warning", over = "config", needs = { "aliases" },
  why      = "an address in the circle is expanded until the depth of aliases is exhausted, and mail to it fails or loops",
  fix      = "let one of the aliases end at a mailbox or at another host; then imsimta cnbuild and imsimta reload",
  cites    = "inferred from the expansion of aliases [doc A5]",
  bad      = "a: b\nb: a",
  good     = "a: b\nb: c@example.com",
  test     = function(config)
    local hosts, l = {}, config.channels.l
    for _, host in each(l and l.hosts) do
      if host.name then hosts[host.name:lower()] = true end
    end
    -- Depth first; "open" is on the way at hand.
    local state = {}
    for _, start in each(config.alias) do
      if start.name and not state[start.name] then
        local path = { { alias = start, names = next_aliases(config, start, hosts), at = 0 } }
        state[start.name] = "open"
        while #path > 0 do
          local top = path[#path]
          top.at = top.at + 1
          local name = top.names[top.at]
          if not name then
            state[top.alias.name] = "done"
            path[#path] = nil
          elseif state[name] == "open" then
            -- One that keeps a copy for itself is no circle.
            if name ~= top.alias.name then
              local begin, names = #path, {}
              while path[begin].alias.name ~= name do begin = begin - 1 end
              for i = begin, #path do names[#names + 1] = #names < 4 and text(path[i].alias.name) or "" end
              found(top.alias, "the alias " .. text(top.alias.name) .. " leads back to " .. text(name) .. " (" .. cnf.list(names) .. ")")
            end
          elseif not state[name] then
            local alias = index(config.aliases, name)
            state[name] = "open"
            path[#path + 1] = { alias = alias, names = next_aliases(config, alias, hosts), at = 0 }
          end
        end
      end
    end
  end,
}

check "loop.noreceived" {
  title    = "a channel leaves out Received: lines",
  severity = "info", over = "channel", needs = { "imta.cnf" },
  why      = "loops are recognised by Received: lines; where they are not written the counting starts too late",
  fix      = "remove the keyword" .. restart,
  cites    = "inferred from [doc P1], loops are counted by Received: lines",
  bad      = "tcp_local smtp mx noreceivedfrom",
  good     = "tcp_local smtp mx",
  test     = function(ch)
    if not ch.is_tcp then return end
    local keyword = ch.set.noreceivedfrom or ch.set.noreceivedfor
    if keyword then found(keyword, text(keyword.name) .. " weakens the recognition of loops") end
  end,
}
