-- Which clients count as our own: INTERNAL_IP, PORT_ACCESS, and the rules and keywords that lead to tcp_intranet.
local reload = "; then `imsimta cnbuild` and `imsimta reload`"

local function table_of(config, name)
  return access.is_read_whole(config, "mappings") and index(config.tables, name) or nil
end

local function is_unconditional(entry)
  return not entry.continues and not entry.may_fail
end

check "security.internal-ip-too-wide" {
  title    = "INTERNAL_IP takes strangers for our own hosts",
  severity = "error", over = "table", needs = { "mappings" },
  why      = "a client that INTERNAL_IP accepts may relay, so one that accepts everybody is an open relay",
  fix      = "list the networks of the site and end the table with  *  $N" .. reload,
  cites    = "[doc G10] Administration Guide 6.3, 18.6",
  bad      = "  127.0.0.1  $Y\n  *  $Y",
  good     = "  $(192.0.2.0/24)  $Y\n  127.0.0.1  $Y\n  *  $N",
  test     = function(table, config)
    if table.name ~= "INTERNAL_IP" or table.repeated then return end
    local last, has_end
    for _, entry in each(table.entries) do
      last = entry
      local pattern = entry.pattern or ""
      local yes = entry.flags and entry.flags.Y and not entry.flags.N
      if entry.is_catch_all or not pattern:find("[^*%%.]") then has_end = true end
      if yes and is_unconditional(entry) then
        if entry.prefix and entry.prefix.is_valid and entry.prefix.bits < 8 then
          found(entry, "INTERNAL_IP accepts " .. text(pattern) .. ", which is " .. (entry.prefix.bits == 0 and "every client" or "more than any site has"))
        elseif entry.is_catch_all or (pattern:find("*", 1, true) and not pattern:find("[^*%%.]")) then
          found(entry, "INTERNAL_IP accepts every client (" .. text(pattern) .. ")")
        end
      end
    end
    if last and not has_end and access.is_read_whole(config, "mappings") then
      found(last, "INTERNAL_IP does not end with an entry that refuses all others (*  $N)")
    end
  end,
}

-- Whether an entry accepts this host, at least perhaps.
local function accepts_loopback(entry)
  if entry.flags and entry.flags.N and not entry.may_fail then return false end
  local prefix = entry.prefix
  if prefix then
    if not prefix.is_valid then return true end
    local size = 2 ^ (32 - prefix.bits)
    return math.floor(prefix.address / size) == math.floor(2130706433 / size) -- 127.0.0.1
  end
  return access.matches(entry.pattern, "127.0.0.1") ~= false
end

check "security.internal-ip-host-missing" {
  title    = "INTERNAL_IP does not have the host itself",
  severity = "warning", over = "table", needs = { "mappings" },
  why      = "programs of this host that send by SMTP (webmail, calendars, scripts) are taken for strangers, and their mail is refused",
  fix      = "add the entry  127.0.0.1  $Y  before the last one" .. reload,
  cites    = "[doc G10] Administration Guide 6.3, 18.6",
  bad      = "  $(192.0.2.0/24)  $Y\n  *  $N",
  good     = "  $(192.0.2.0/24)  $Y\n  127.0.0.1  $Y\n  *  $N",
  test     = function(table, config)
    if table.name ~= "INTERNAL_IP" or table.repeated or not access.is_read_whole(config, "mappings") then return end
    for _, entry in each(table.entries) do
      if accepts_loopback(entry) then return end
    end
    found(table, "INTERNAL_IP does not accept 127.0.0.1")
  end,
}

check "security.switchchannel-missing" {
  title    = "clients of our own stay in the channel of strangers",
  severity = "warning", over = "config", needs = { "mappings", "imta.cnf" },
  why      = "only with switchchannel on tcp_local does mail of internal clients move to tcp_intranet; otherwise what refuses relaying refuses them, too",
  fix      = "put switchchannel on tcp_local (and allowswitchchannel on tcp_intranet), then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc G24] Administration Guide 6.3, 12.4.3.8",
  bad      = "tcp_local smtp mx",
  good     = "tcp_local smtp mx switchchannel",
  test     = function(config)
    local channel, intranet = index(config.channels, "tcp_local"), index(config.channels, "tcp_intranet")
    if not channel or not intranet or channel.set.switchchannel or not table_of(config, "INTERNAL_IP") then return end
    if not access.takes_mail_of_strangers(config) then return end
    for _, service in each(config.service) do -- a server of its own for them
      local parameter = service.set and service.set.PARAMETER
      if parameter and parameter.value and parameter.value:lower():find("channel=tcp_intranet", 1, true) then return end
    end
    local other = channel.set.noswitchchannel or channel.set.allowswitchchannel
    found(channel, "tcp_local has " .. (other and other.from == "channel" and other.name or "no switchchannel")
      .. ", so mail of internal clients does not move to tcp_intranet", { scope = channel })
  end,
}

check "security.internal-ip-rule-missing" {
  title    = "no rewrite rule asks INTERNAL_IP",
  severity = "warning", over = "config", needs = { "mappings", "imta.cnf" },
  why      = "the address of an internal client is never rewritten to tcp_intranet, so the client is taken for a stranger and its mail refused",
  fix      = "add before the other rule for []:  [] $E$R${INTERNAL_IP,$L}$U%[$L]@tcp_intranet-daemon  , then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[recall] imta.cnf as installed",
  bad      = "[]  $E$U%[$L]@tcp-daemon",
  good     = "[]  $E$R${INTERNAL_IP,$L}$U%[$L]@tcp_intranet-daemon\n[]  $E$U%[$L]@tcp-daemon",
  test     = function(config)
    local general, late = index(config.rules, "[]"), nil
    if config.unified or not general or not index(config.channels, "tcp_intranet") or not access.takes_mail_of_strangers(config) then return end
    if not table_of(config, "INTERNAL_IP") or not access.is_read_whole(config, "imta.cnf") then return end
    for _, asked in each(config["rule.with_mapping"]) do
      local rule = asked.rule
      if rule and rule.pattern == "[]" and rule.channel ~= "tcp_local" then
        if not asked.is_defined then return end -- a misspelt name is a mistake of its own
        if (rule.position or 0) <= (general.position or 0) or (general.template or ""):find("%$[{%[|MNQCmnqc]") then return end
        late = rule
      end
    end
    if late then
      found(late, "the rule for [] that asks INTERNAL_IP stands behind one for [] that matches always")
    else
      found(general, "no rule for [] asks INTERNAL_IP and leads to tcp_intranet")
    end
  end,
}

-- An entry that some clients get, but not all: its address is written out.
local function accepts_some(entry)
  if entry.is_catch_all or (entry.flags and (entry.flags.N or entry.flags.F)) then return false end
  for _, field in each(entry.fields) do
    if field.text and field.text:find("[%d$]") and not same_name(field.text, "25") and not field.text:find("^%d+$") then return true end
  end
  return false
end

local function is_everybody(entry)
  if entry.is_catch_all then return true end
  for _, field in each(entry.fields) do
    if field.text and field.text ~= "*" and not same_name(field.text, "TCP") then return false end
  end
  return count(entry.fields) > 1
end

check "security.port-access-catchall-reject" {
  title    = "PORT_ACCESS refuses every connection",
  severity = "error", over = "table", needs = { "mappings" },
  why      = "a template with $N or $F closes the connection, here that of every client that nothing before it accepted",
  fix      = "write  *  $YEXTERNAL , then `imsimta cnbuild` and `imsimta restart dispatcher`",
  cites    = "[doc M2] Administration Guide 6.3, 18.3.4",
  bad      = "  *  $N500$ no",
  good     = "  *  $YEXTERNAL",
  test     = function(table)
    if table.name ~= "PORT_ACCESS" then return end
    for _, entry in each(table.entries) do
      if accepts_some(entry) then return end -- a list of who may connect
      local flags = entry.flags
      if flags and (flags.N or flags.F) and is_unconditional(entry) and is_everybody(entry) then
        found(entry, "the entry " .. text(entry.pattern) .. " of PORT_ACCESS closes every connection that comes to it")
        return
      end
    end
  end,
}
