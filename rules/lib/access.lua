-- What the entries of an access mapping make of a probe, as far as their text says it. For checks of a configuration; reads no facts.

-- Whether a pattern with "*" matches the text: its pieces stand there one behind the other, the first at the begin, the last at the end.
local function glob(pattern, name)
  local p, n = 1, 1
  while true do
    local star = pattern:find("*", p, true)
    local piece = pattern:sub(p, (star or #pattern + 1) - 1)
    if not star then
      local at = #name - #piece + 1
      return at >= n and (p > 1 or at == 1) and name:sub(at) == piece
    elseif p == 1 then
      if name:sub(1, #piece) ~= piece then return false end
      n = #piece + 1
    elseif piece ~= "" then
      local _, last = name:find(piece, n, true)
      if not last then return false end
      n = last + 1
    end
    p = star + 1
  end
end

-- The same with "%" for one character; every way back is to the last "*", so it ends soon.
local function glob_of_characters(pattern, name)
  local p, n, star, retry = 1, 1, nil, nil
  while n <= #name do
    local c = pattern:sub(p, p)
    if c == "*" then
      star, retry = p, n
      p = p + 1
    elseif c ~= "" and (c == "%" or c == name:sub(n, n)) then
      p, n = p + 1, n + 1
    elseif star then
      retry = retry + 1
      p, n = star + 1, retry
    else
      return false
    end
  end
  while pattern:sub(p, p) == "*" do p = p + 1 end
  return p > #pattern
end

-- true, false, or nil where the pattern says more than can be seen here. Both in lower case.
local function matches(pattern, probe)
  if not pattern then return false end
  if pattern == "*" then return true end
  pattern = pattern:lower():gsub("%$_%*", "*")
  local special = pattern:find("[*%%$]")
  if special and pattern:sub(1, special - 1) ~= probe:sub(1, special - 1) then return false end
  if not special then return pattern == probe end
  if pattern:find("$", 1, true) then return nil end
  return (pattern:find("%", 1, true) and glob_of_characters or glob)(pattern, probe)
end

-- Nobody has these addresses, so that an entry for certain senders or recipients does not match.
local from, to = "a7@sender.invalid", "b8@recipient.invalid"
local connection = "tcp|192.0.2.251|25|198.51.100.251|40001|smtp/sender.invalid|mail|"

-- Tables that may refuse a recipient, and what stands before "source|from|destination|to" in their probes.
local tables = { { "ORIG_SEND_ACCESS", "" }, { "SEND_ACCESS", "" }, { "ORIG_MAIL_ACCESS", connection }, { "MAIL_ACCESS", connection } }

-- Goes through a table as the product does. Returns the entry that refuses (or nil), an earlier one that accepts without a condition (or
-- nil), and whether something may refuse that cannot be seen into.
local function walk(entries, probe)
  local accepted, unclear
  for _, entry in each(entries) do
    local match = matches(entry.pattern, probe)
    local refuses = entry.flags and entry.flags.N
    if match == nil then
      unclear = unclear or refuses or entry.may_fail
    elseif match then
      if refuses then return entry, accepted, unclear end
      if entry.may_fail then
        unclear = unclear or not (entry.flags and entry.flags.Y)
      elseif not entry.continues then
        accepted = accepted or entry
      end
    end
  end
  return nil, accepted, unclear
end

-- Who refuses mail that came from anywhere by channel `source` and would leave to anywhere by `target`: { entry, table, accepted }, or nil.
-- "unclear" where that cannot be seen.
local function refusal(config, source, target)
  local first, unclear
  for _, known in ipairs(tables) do
    local node = index(config.tables, known[1])
    if node then
      local entry, accepted, hidden = walk(node.entries, known[2] .. source .. "|" .. from .. "|" .. target .. "|" .. to)
      unclear = unclear or hidden
      if entry then
        local one = { entry = entry, table = known[1], accepted = accepted }
        if not accepted then return one end
        first = first or one
      end
    end
  end
  return first or (unclear and "unclear") or nil
end

-- An included file that was not read may hold what is looked for.
local function is_read_whole(config, kind)
  if not config.read[kind] then return false end
  for _, include in each(config.include) do
    if include.file_kind == kind and not include.is_read then return false end
  end
  return true
end

-- Whether mail of strangers comes in by tcp_local at all: there is such a channel, it does not insist on a password, and a server that is
-- known to listen speaks SMTP.
local function takes_mail_of_strangers(config)
  local channel = index(config.channels, "tcp_local")
  if not channel or channel.set.mustsaslserver or channel.set.mustsasl or channel.set.slave then return nil end
  if not config.read["dispatcher.cnf"] or count(config.service) == 0 then return channel end
  for _, service in each(config.service) do
    local image = service.set and service.set.IMAGE
    if not image or not image.value or not image.value:lower():find("lmtp", 1, true) then return channel end
  end
  return nil
end

return { takes_mail_of_strangers = takes_mail_of_strangers, glob = glob, matches = matches, refusal = refusal, is_read_whole = is_read_whole }
