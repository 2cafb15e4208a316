-- Other hosts that our mail goes to: which channels reach them, how much waits for one, what becomes of it.

-- The host that all its mail goes to: the one its attempts fail at, or the one that is set for the whole channel.
local function hop(d)
  if known(d, "next_hop") then return d.next_hop end
  return d.channel.smarthost
end

-- What was tried and waits at its next hop, where several destinations share one; else nothing.
local function tried_at_hop(d)
  if known(d, "hop_destinations", "hop_tried") and d.hop_destinations >= 2 then return d.hop_tried end
  if known(d.channel, "smarthost", "retried") then return d.channel.retried end
  return 0
end

local function shares_hop(d) return tried_at_hop(d) > value(d, "files", 0) end

-- How much waits for it. Where the log does not name queue files, the tool's count or the failed attempts of the day stand for it.
local function is_heavy(d)
  if known(d, "files") then
    local tried = d.files - value(d, "untried", 0)    -- mail that was never tried says nothing about the destination
    return any {
      function() return tried >= thresholds.unreachable_files and d.share >= thresholds.unreachable_share end,
      function()
        return tried >= thresholds.unreachable_old_files and d.oldest_s > thresholds.most * d.channel.last_notice_s
      end,
      function()
        local n = tried_at_hop(d)
        return n >= thresholds.unreachable_files and n >= thresholds.unreachable_share * (d.channel.files - d.channel.held)
      end,
    }
  end
  if known(d, "delayed", "active") then
    local n = d.delayed + d.active
    return n >= thresholds.unreachable_files and n >= thresholds.unreachable_share * d.channel.files
  end
  return d.deferred >= thresholds.unreachable_files
end

-- The same in words.
local function weight(d)
  if shares_hop(d) then
    return num(tried_at_hop(d)) .. " messages wait for destinations behind the same host" .. (known(d, "next_hop") and ", " .. text(d.next_hop) or "")
  end
  if known(d, "files") then
    return num(d.files) .. " messages wait for it" .. (known(d, "share") and ", " .. pct(d.share) .. " of the channel" or "")
      .. (known(d, "oldest_s") and ", the oldest for " .. dur(d.oldest_s) or "")
  end
  if known(d, "delayed", "active") then return num(d.delayed + d.active) .. " messages wait for it" end
  return num(d.deferred) .. " attempts for it were put off in the window"
end

-- What becomes of it if nobody does anything.
local function waits(d)
  if known(d.channel, "last_notice_s") and known(d, "oldest_s") then
    return "mail for it is returned " .. dur(d.channel.last_notice_s) .. " after submission; the oldest has waited for " .. dur(d.oldest_s)
  end
  return "mail for it is tried again by schedule and returned at the last age of `notices`"
end

return {
  hop = hop, is_heavy = is_heavy, weight = weight, waits = waits,

  -- What ails such a host, or its name, concerns only channels that bring mail there.
  -- A channel that connects to the host of the recipient or to one of our own store hosts.
  is_connected = function(d) return d.channel.kind == "smtp" or d.channel.kind == "lmtp" or d.channel.kind == "other" end,

  -- One that finds the host by its MX. (An LMTP channel is told its hosts.)
  by_mx = function(d) return d.channel.kind == "smtp" or d.channel.kind == "other" end,
}
