-- Keywords of channels as they are written: known, with their arguments, without contradiction.

local rebuild = "then imsimta cnbuild and imsimta restart smtp, and imsimta restart job_controller where it is about jobs, pools or retries"

-- Keywords whose argument is a list: what does not fit into it is told by the check of the list.
local lists = {
  notices = "%d", urgentnotices = "%d", normalnotices = "%d", nonurgentnotices = "%d",
  backoff = "%d", urgentbackoff = "%d", normalbackoff = "%d", nonurgentbackoff = "%d", ipbackoff = "%d",
  nameservers = "[.:]", defaulthost = "",
}

check "channel.unknown-keyword" {
  title    = "a word is no channel keyword",
  severity = "error", over = "keyword.doubtful",
  why      = "the product takes a word that it does not know for the name of a group that a process must belong to in order to enqueue: the setting " ..
    "that was meant is lost, and access may be denied; only imsimta test -rewrite shows it",
  fix      = "correct the spelling; " .. rebuild,
  cites    = "[doc A4, P3] Administration Reference 6 2005Q4, Channel Configuration Keywords",
  bad      = "tcp_local smtp mx threadeph 20",
  good     = "tcp_local smtp mx threaddepth 20",
  test     = function(kw, config)
    if kw.is_known or kw.is_value or kw.name == "\\" then return end
    local like = near(kw.name, config.keyword_names)
    local def = kw.behind and index(config.keyword_names, kw.behind)
    if like == "" then
      -- msconfig refuses what is no keyword, so in its output the word is one that this table lacks
      if kw.from == "unified" then return end
      local form = kw.behind and lists[kw.behind]
      if form and kw.name:find(form) then return end
      -- the official host, which a "\\" drew into this line: that it is missing is told
      local ch = kw.channel and kw.name:find("[.-]") and index(config.channels, kw.channel)
      if ch and not ch.official_host then return end
      -- the value of a misspelt keyword, or the rest of a text without quotation marks
      if kw.after_unknown and (kw.name == "router" or index(config.channels, kw.name) or def and def.args == "text") then return end
    end
    if like == "" and def and def.args == "text" then
      found(kw, "the word " .. text(kw.as_written or kw.name) .. " behind " .. kw.behind .. " and its argument is no keyword; a text of more than one " ..
        "word stands in quotation marks")
    else
      found(kw, "nobody knows the keyword " .. text(kw.as_written or kw.name) .. like)
    end
  end,
}

check "channel.keyword-missing-argument" {
  title    = "a keyword lacks its argument",
  severity = "error", over = "keyword.doubtful",
  why      = "each keyword has a fixed number of arguments; where one is missing the product takes the next word for it, which is lost as well",
  fix      = "write the value behind the keyword; " .. rebuild,
  cites    = "[doc A4, C3] Administration Reference 6 2005Q4, Channel Configuration Keywords",
  bad      = "tcp_x smtp maxjobs pool SMTP_POOL",
  good     = "tcp_x smtp maxjobs 7 pool SMTP_POOL",
  test     = function(kw)
    if kw.is_short then found(kw, "the keyword " .. kw.name .. " lacks its argument") end
  end,
}

-- Ranges that no manual that was read gives.
local recalled = { port = true, missingrecipientpolicy = true }

check "channel.keyword-argument-out-of-range" {
  title    = "the argument of a keyword is none that it takes",
  severity = "error", over = "keyword.doubtful",
  why      = "the keyword takes numbers of a certain range; what the product makes of others is documented nowhere",
  fix      = "write a value within the range; " .. rebuild,
  cites    = "[doc W22, G2, G3, G15, C3] subdirs, maxjobs, threaddepth, expandlimit, limits of blocks",
  bad      = "tcp_local smtp subdirs 5000",
  good     = "tcp_local smtp subdirs 50",
  test     = function(kw)
    local def = kw.def
    if not def or def.args ~= "int" or lists[kw.name] then return end
    for _, arg in each(kw.args) do
      local n = words.whole(arg.text)
      if not n then
        found(arg, "the argument of " .. kw.name .. " is a number, not " .. text(arg.text))
      elseif def.low and n < def.low or def.high and n > def.high then
        local range = def.high and "from " .. num(def.low) .. " to " .. num(def.high) or "of at least " .. num(def.low)
        found(arg, kw.name .. " takes a number " .. range .. ", not " .. text(arg.text),
          { severity = recalled[kw.name] and "warning" or "error" })
      end
    end
  end,
}

local filters = { filter = true, channelfilter = true, sourcefilter = true, destinationfilter = true, fileinto = true }

local function longest(kw, config)
  local def = kw.def
  if def.args == "word" or def.args == "channel" or def.args == "int" then return 40 end
  if filters[kw.name] and not before(config, "7.0") then return 1024 end
  return before(config, "6.0") and 252 or 256
end

check "channel.argument-too-long" {
  title    = "the argument of a keyword is too long",
  severity = "warning", over = "keyword.doubtful",
  why      = "most arguments have at most 40 characters, texts 256 (252 in 5.2), filters 1024 from 7 Update 5 on; longer ones are cut",
  fix      = "shorten it; " .. rebuild,
  cites    = "[doc W6] reference of the Unified Configuration, channel options",
  bad      = "pool A_POOL_WHOSE_NAME_TELLS_THE_WHOLE_STORY_OF_THE_SITE_SINCE_1999",
  good     = "pool SMTP_POOL",
  test     = function(kw, config)
    if not kw.def then return end
    for _, arg in each(kw.args) do
      local most = longest(kw, config)
      if #arg.text > most then
        found(arg, "the argument of " .. kw.name .. " has " .. num(#arg.text) .. " characters, " .. num(most) .. " are allowed")
      end
    end
  end,
}

check "channel.contradictory-keywords" {
  title    = "two keywords of a line exclude each other",
  severity = "warning", over = "keyword.doubtful",
  why      = "of keywords that exclude each other the last one holds, which need not be the one that was meant",
  fix      = "keep the one that is meant; " .. rebuild,
  cites    = "domain notes 2.1.1 [inferred]",
  bad      = "tcp_local smtp mx nomx",
  good     = "tcp_local smtp mx",
  hides    = { "loop.no-loopcheck" },
  test     = function(kw)
    if kw.contradicts then
      found(kw, kw.name .. " contradicts " .. kw.contradicts .. " on the same line" .. (kw.replaced_by and "" or "; " .. kw.name .. " holds"))
    end
  end,
}

local function arguments(kw)
  local all = {}
  for i, arg in each(kw.args) do all[i] = arg.text end
  return table.concat(all, " ")
end

check "channel.repeated-keyword" {
  title    = "a keyword is on a line twice with different arguments",
  severity = "warning", over = "keyword.doubtful",
  why      = "the last one holds, which need not be the one that was meant",
  fix      = "keep the one that is meant; " .. rebuild,
  cites    = "domain notes 3.4 [inferred]",
  bad      = "tcp_slow smtp mx maxjobs 2 maxjobs 10",
  good     = "tcp_slow smtp mx maxjobs 10",
  test     = function(kw)
    local later = kw.replaced_by
    if not later or later.name ~= kw.name or kw.is_short or later.is_short then return end
    local old, new = arguments(kw), arguments(later)
    if old ~= new then
      found(later, later.name .. " is on this line twice, with " .. text(old) .. " and " .. text(new) .. "; the last one holds")
    end
  end,
}

check "channel.overrides-default" {
  title    = "a channel changes what defaults set",
  severity = "info", over = "keyword.overriding",
  why      = "a reviewer may take the line of defaults for what holds everywhere; nologging, for example, hides a channel from the log",
  fix      = "nothing, if it is meant",
  cites    = "[doc C1] Administration Guide 6.3, 12.1",
  bad      = "defaults logging, and tcp_bulk smtp mx nologging",
  good     = "defaults logging, and tcp_bulk smtp mx",
  test     = function(kw)
    local old = kw.overrides
    if not old or kw.replaced_by then return end
    local one, other = old.name .. " " .. arguments(old), kw.name .. " " .. arguments(kw)
    if one ~= other then
      found(kw, text((other:gsub(" $", ""))) .. " takes the place of " .. text((one:gsub(" $", ""))) .. " in defaults")
    end
  end,
}
