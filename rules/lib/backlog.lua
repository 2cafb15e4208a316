-- Where mail piles up.
return {
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
