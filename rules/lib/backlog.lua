-- Where mail piles up, and whether it does.

-- What the site, or an hour of the channel's arrivals, says is ordinary is no backlog.
local function is_beyond_ordinary(ch) return not known(ch, "beyond_ordinary") or ch.beyond_ordinary end

return {
  -- Enough messages wait in a channel to speak of a backlog.
  has = function(ch) return ch.files - ch.held >= thresholds.backlog_files and is_beyond_ordinary(ch) end,

  -- More waits than is ordinary, even if it is few: where little arrives, little is much.
  is_beyond_ordinary = function(ch)
    local n = ch.files - ch.held
    if known(ch, "beyond_ordinary") then return ch.beyond_ordinary and n >= thresholds.few_attempts end
    return n >= thresholds.backlog_files
  end,

  -- False only where it is known that nothing waits: what delays messages cannot be at work in an empty queue, and nobody need be asked.
  may_wait = function(x)
    return value(x, "files", 1) > 0 and (scope_name(x) == "channel" or value(x.channel, "files", 1) > 0)
  end,

  -- Enough of them were never tried.
  untried = function(ch) return ch.untried >= thresholds.backlog_files and is_beyond_ordinary(ch) end,

  -- The channel with the most untried mail; `usual` where no channel has any.
  busiest = function(h, usual)
    local name, most = usual, 0
    for ch in h:each("channel") do
      local n = value(ch, "untried", 0)
      if n > most then name, most = ch.name, n end
    end
    return name
  end,
}
