-- Words of a configuration, for checks: what was meant by a misspelt one, numbers, durations. Reads no facts.

-- The word of `names` that is near, nil where none is.
local function meant(word, names)
  return near(word, names):match("mean (.+)%?$")
end

-- Seconds of an ISO 8601 duration ("PT30M", in any letter case) and whether it speaks of months or years; nil where it is none.
local units = {
  date = { Y = { 1, 31536000 }, M = { 2, 2592000 }, W = { 3, 604800 }, D = { 4, 86400 } },
  time = { H = { 5, 3600 }, M = { 6, 60 }, S = { 7, 1 } },
}
local function duration(s)
  s = s:upper()
  if #s > 40 or not s:match("^P") then return nil end
  local at, part, rank, seconds, has_months = 2, "date", 0, 0, false
  while at <= #s do
    if s:sub(at, at) == "T" and part == "date" then
      part, at = "time", at + 1
    end
    local n, unit = s:match("^(%d+)(%u)", at)
    local known = unit and units[part][unit]
    if not known or known[1] <= rank then return nil end
    rank, at = known[1], at + #n + 1
    seconds = seconds + tonumber(n) * known[2]
    has_months = has_months or known[1] <= 2
  end
  if rank == 0 then return nil end
  return seconds, has_months
end

return {
  meant = meant,
  duration = duration,

  -- A whole number, nil for any other text.
  whole = function(s)
    return s:match("^[+-]?%d+$") and #s < 16 and tonumber(s) or nil
  end,

  -- Whether a word of a channel's line that nobody knows was probably meant for one of these keywords: the misspelt word is the mistake then,
  -- and not what its loss leads to.
  lost = function(ch, names)
    for _, word in each(ch.unknown) do
      if near(word, names) ~= "" then return true end
    end
    return false
  end,

  -- What holds on a channel of these keywords, of which the last is taken that is set; nil where another word of the same line speaks against
  -- it, which is told by itself.
  held = function(ch, ...)
    for _, name in ipairs({ ... }) do
      local keyword = ch.set[name]
      if keyword then return not keyword.contradicts and keyword or nil end
    end
    return nil
  end,

  -- " of the channel X" for a keyword of its own line; what stands in defaults is told once, without the channels.
  of_channel = function(keyword, ch)
    return keyword.from == "defaults" and "" or " of the channel " .. text(ch.name)
  end,

  -- The first line of defaults, where none of them has this keyword.
  defaults_without = function(config, name)
    local first
    for _, block in each(config.block) do
      if block.kind == "defaults" then
        first = first or block
        for _, keyword in each(block.keywords) do
          if keyword.name == name then return nil end
        end
      end
    end
    return first
  end,

  -- All channels were read: no include that may hold some is missing, and of the Unified Configuration not just a part was shown.
  has_all_channels = function(config)
    if config.unified and not index(config.channels, "l") then return false end
    for _, include in each(config.include) do
      if include.file_kind == "imta.cnf" and not include.is_read and not include.path:lower():find("rules", 1, true) then return false end
    end
    return true
  end,
}
