-- When deliveries are tried again, and when senders are told.

local rebuild = "imsimta cnbuild and imsimta restart job_controller"
local day, minute = 86400, 60
local notices_family = { notices = true, urgentnotices = true, normalnotices = true, nonurgentnotices = true }
local backoff_family = { backoff = true, urgentbackoff = true, normalbackoff = true, nonurgentbackoff = true }

-- The channels of the Unified Configuration as shown may leave out what is as installed.
local function shows_defaults(config)
  if not config.unified then return true end
  for _, block in each(config.block) do
    if block.kind == "defaults" then return true end
  end
  return false
end

check "channel.no-notices" {
  title    = "nothing says how long mail is kept",
  severity = "warning", over = "config", needs = { "imta.cnf" },
  why      = "the built-in ages are 3 6 9 12 days: mail that cannot be delivered is kept for twelve days and swells the queue",
  fix      = "put notices 1 2 4 7 into the line of defaults; " .. rebuild,
  cites    = "[doc P17] PMDF System Manager's Guide, notices",
  bad      = "defaults logging",
  good     = "defaults logging notices 1 2 4 7",
  test     = function(config)
    local l = index(config.channels, "l")
    if l and l.set.notices or not shows_defaults(config) then return end
    local without, n = nil, 0
    for _, ch in each(config.channel) do
      if not (ch.set.notices or ch.set.normalnotices) then
        if words.lost(ch, { "notices" }) then return end
        without, n = without or ch, n + 1
      end
    end
    if n == 0 then return end
    local defaults = words.defaults_without(config, "notices")
    found(defaults or without, "the channel " .. text(without.name) .. (n > 1 and " (and " .. num(n - 1) .. " more)" or "") ..
      " has no notices, neither of its own nor by " .. (defaults and "this line of " or "") .. "defaults")
  end,
}

check "channel.notices-not-increasing" {
  title    = "the ages of notices do not rise",
  severity = "error", over = "keyword.list",
  why      = "notices takes one to five whole numbers that rise, with blanks between them and nothing else; the last one is the age at which mail is returned",
  fix      = "sort the numbers, take commas out; " .. rebuild,
  cites    = "[doc W19] reference of the Unified Configuration, notices",
  bad      = "tcp_slow smtp mx notices 4 2 7",
  good     = "tcp_slow smtp mx notices 2 4 7",
  test     = function(kw)
    if kw.is_short or not notices_family[kw.name] then return end
    local last = 0
    for i, arg in each(kw.args) do
      local n = words.whole(arg.text)
      if i > 5 then
        found(arg, kw.name .. " takes one to five whole numbers; " .. text(arg.text) .. " is one more")
        return
      end
      if not n then
        found(arg, kw.name .. " takes one to five whole numbers with blanks between them, not " .. text(arg.text))
        return
      elseif n <= last then
        found(arg, last == 0 and kw.name .. " takes positive numbers, not " .. num(n)
          or "the numbers of " .. kw.name .. " rise; " .. num(n) .. " follows " .. num(last))
        return
      end
      last = n
    end
    if kw.rest and kw.rest.text:find("%d") then
      found(kw.rest, kw.name .. " takes one to five whole numbers with blanks between them" ..
        (words.whole(kw.rest.text) and "; " .. text(kw.rest.text) .. " is one more" or ", not " .. text(kw.rest.text)))
    end
  end,
}

-- The arguments as numbers, nil where they are not as they should be.
local function rising(kw)
  local list = {}
  for i, arg in each(kw.args) do
    local n = words.whole(arg.text)
    if not n or n <= (list[i - 1] or 0) then return nil end
    list[i] = n
  end
  return list
end

local function in_hours(config)
  local units = index(config.options, "RETURN_UNITS")
  return units and units.number == 1
end

check "channel.notices-too-long" {
  title    = "mail that cannot be delivered is kept for weeks",
  severity = "warning", over = "notable_channel",
  why      = "the last age decides how long mail is kept and so how large the queue becomes; after weeks the notice is of no use to the sender",
  fix      = "shorten the list, as installed 1 2 4 7; " .. rebuild,
  cites    = "domain notes 3.4 [inferred]; as installed only ims-ms keeps mail for 28 days [doc W5]",
  bad      = "tcp_slow smtp mx notices 7 14 30",
  good     = "tcp_slow smtp mx notices 1 2 4 7",
  test     = function(ch, config)
    if ch.is_lmtp or ch.name:match("^ims%-ms") then return end -- an owner may mend a full mailbox
    local most = in_hours(config) and 336 or 14
    for name in pairs(notices_family) do
      local kw = words.held(ch, name)
      local list = kw and rising(kw)
      if list and #list > 0 and list[#list] > most then
        found(kw, name .. words.of_channel(kw, ch) .. " ends at " .. num(list[#list]) .. (in_hours(config) and " hours" or " days"))
      end
    end
  end,
}

check "channel.notices-order" {
  title    = "notices of a priority stand before notices",
  severity = "warning", over = "keyword.doubtful",
  why      = "notices sets the ages of all priorities, so it takes back what stands before it",
  fix      = "put notices first and those of the priorities behind it; " .. rebuild,
  cites    = "[doc W19] reference of the Unified Configuration, notices",
  bad      = "tcp_slow smtp mx urgentnotices 1 2 notices 1 2 4 7",
  good     = "tcp_slow smtp mx notices 1 2 4 7 urgentnotices 1 2",
  test     = function(kw)
    local later = kw.replaced_by
    if later and later.name == "notices" and kw.name ~= "notices" and notices_family[kw.name] then
      found(kw, kw.name .. " stands before notices, which takes it back")
    end
  end,
}

check "channel.backoff-syntax" {
  title    = "a wait is no duration",
  severity = "error", over = "keyword.list",
  why      = "the waits are one to eight durations of ISO 8601: P, then years to days, then T and hours, minutes, seconds; msconfig wants capitals",
  fix      = "write pt30m for half an hour, p1d for a day; " .. rebuild,
  cites    = "[doc W9, G9] Administration Guide 6.3, 12.5.3; reference of the Unified Configuration, backoff",
  bad      = "tcp_slow smtp mx backoff 5m 10m",
  good     = "tcp_slow smtp mx backoff \"pt5m\" \"pt10m\" \"pt30m\"",
  test     = function(kw)
    if not backoff_family[kw.name] then return end
    for i, arg in each(kw.args) do
      if i > 8 then
        found(arg, kw.name .. " takes at most eight durations, " .. text(arg.text) .. " is one more")
        return
      elseif not words.duration(arg.text) then
        -- what follows is the rest of a list that went wrong with its first word
        found(arg, kw.name .. " takes durations like pt30m, not " .. text(arg.text))
        return
      elseif kw.from == "unified" and arg.text ~= arg.text:upper() then
        found(arg, kw.name .. " takes durations in capitals here, not " .. text(arg.text))
        return
      end
    end
    if kw.rest and kw.rest.text:find("%d") then
      found(kw.rest, kw.name .. (words.duration(kw.rest.text) and " takes at most eight durations, " .. text(kw.rest.text) .. " is one more"
        or " takes durations like pt30m, not " .. text(kw.rest.text)))
    end
  end,
}

check "channel.backoff-minutes-vs-months" {
  title    = "a wait is in months where minutes were meant",
  severity = "error", over = "keyword.list",
  why      = "M before the T is months, behind it minutes: P30M is two and a half years, and no second attempt is ever made",
  fix      = "put a T before the number: PT30M; " .. rebuild,
  cites    = "[doc W9] reference of the Unified Configuration, backoff",
  bad      = "tcp_slow smtp mx backoff \"P30M\"",
  good     = "tcp_slow smtp mx backoff \"PT30M\"",
  test     = function(kw)
    if not backoff_family[kw.name] then return end
    for _, arg in each(kw.args) do
      local _, has_months = words.duration(arg.text)
      if has_months then
        found(arg, text(arg.text) .. " is a wait of months" ..
          (arg.text:upper():match("^P%d+M$") and "; did you mean PT" .. arg.text:sub(2) .. "?" or ""))
        return
      end
    end
  end,
}

-- Seconds of all waits of a keyword; nil where one is wrong or in months.
local function waits(kw)
  local list = {}
  for i, arg in each(kw.args) do
    local seconds, has_months = words.duration(arg.text)
    if not seconds or has_months then return nil end
    list[i] = seconds
  end
  return #list > 0 and list or nil
end

check "channel.backoff-too-aggressive" {
  title    = "a channel to the Internet tries again too often",
  severity = "warning", over = "notable_channel",
  why      = "attempts for hosts that are down occupy the threads that mail for the others needs; the last wait repeats until the mail is returned",
  fix      = "begin with half an hour and let the waits grow, for example backoff \"pt30m\" \"pt1h\" \"pt2h\" \"pt4h\"; " .. rebuild,
  cites    = "domain notes 3.4 [inferred]; built-in waits of 60, 120, 120, 240 minutes [doc G9]",
  bad      = "tcp_local smtp mx backoff \"pt1m\"",
  good     = "tcp_local smtp mx backoff \"pt30m\" \"pt1h\" \"pt2h\" \"pt4h\"",
  test     = function(ch)
    if not ch.is_internet_facing or not ch.is_rewrite_target then return end
    for name in pairs(backoff_family) do
      local kw = ch.set[name]
      local list = kw and waits(kw)
      if list and (list[1] < minute or list[#list] < 10 * minute) then
        found(kw, name .. words.of_channel(kw, ch) .. (list[1] < minute and " begins with " .. dur(list[1]) or
          " ends with " .. dur(list[#list])) .. " between attempts")
      end
    end
  end,
}

check "channel.backoff-longer-than-notices" {
  title    = "mail is returned before it is tried again",
  severity = "error", over = "notable_channel",
  why      = "the first wait is not over when the last age of notices is reached",
  fix      = "shorten backoff, or lengthen notices; " .. rebuild,
  cites    = "[doc G9] Administration Guide 6.3, 12.5.3",
  bad      = "tcp_slow smtp mx notices 1 backoff \"p2d\"",
  good     = "tcp_slow smtp mx notices 1 2 4 7 backoff \"pt1h\" \"pt4h\"",
  test     = function(ch, config)
    local backoff, notices = ch.set.normalbackoff or ch.set.backoff, ch.set.normalnotices or ch.set.notices
    local list, ages = backoff and waits(backoff), notices and rising(notices)
    if not list or not ages or #ages == 0 then return end
    local last = ages[#ages]
    if in_hours(config) and last < 24 then return end -- days that are taken for hours are another mistake
    local keep = last * (in_hours(config) and 3600 or day)
    if list[1] < keep then return end
    local place = backoff.from == "defaults" and notices.from ~= "defaults" and notices or backoff
    found(place, "the first wait of " .. backoff.name .. ", " .. dur(list[1]) .. ", is not shorter than the last age of " .. notices.name .. ", " ..
      dur(keep) .. (backoff.from == "defaults" and notices.from == "defaults" and "" or ", on the channel " .. text(ch.name)))
  end,
}

check "channel.ims-ms-no-backoff" {
  title    = "the store channel tries again as slowly as the Internet does",
  severity = "info", over = "notable_channel",
  why      = "without backoff the first wait is an hour: mail for a mailbox that was locked or full for a moment waits so long",
  fix      = "add backoff \"pt5m\" \"pt10m\" \"pt30m\" \"pt1h\" \"pt2h\" \"pt4h\" as installed; " .. rebuild,
  cites    = "[doc W5] ims-ms channel as installed",
  bad      = "ims-ms defragment subdirs 20",
  good     = "ims-ms defragment subdirs 20 backoff \"pt5m\" \"pt10m\" \"pt30m\" \"pt1h\"",
  test     = function(ch)
    if ch.name:match("^ims%-ms") and not (ch.set.backoff or ch.set.normalbackoff) and not words.lost(ch, { "backoff" }) then
      found(ch, "the channel " .. text(ch.name) .. " has no backoff")
    end
  end,
}
