-- How long something has tried nothing. The log may hold no attempt at all: then the time that it covers says so.
return {
  -- No attempt of the channel for longer than `s`.
  of_channel = function(ch, s)
    if known(ch, "last_attempt") then return ch.last_attempt > s end
    return ch.attempts_1h == 0 and ch.host.log_span_s > thresholds.recent_s
  end,

  -- The same of all channels.
  of_host = function(h, s)
    if known(h, "last_dequeue") then return h.last_dequeue > s end
    return h.tried_channels_1h == 0 and h.log_span_s > thresholds.recent_s
  end,

  -- "for 3 h", "for as long as the log goes back".
  time = function(x, field)
    if known(x, field) then return "for " .. dur(x[field]) end
    return "for as long as the log goes back (" .. dur(x.host.log_span_s) .. ")"
  end,
}
