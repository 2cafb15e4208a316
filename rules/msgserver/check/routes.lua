-- Rewrite rules together: their order, what no rule covers, where the names of this host lead.
local REBUILD = ", then `imsimta cnbuild` and `imsimta restart smtp`"

check "rewrite.source-rule-after-general" {
  title    = "a rule with a condition stands behind one without",
  severity = "warning", over = "rule.shadowed",
  why      = "rules of one pattern are tried in their order, and the one without a condition always applies: what stands behind it is never reached",
  fix      = "move the rule with the condition before the general one" .. REBUILD,
  cites    = "[doc P8] PMDF System Manager's Guide, rewrite rules",
  bad      = ".  $U%$H@tcp-daemon, and below it .  $U%$H@tcp_b-daemon$Mprocess_dsn",
  good     = ".  $U%$H@tcp_b-daemon$Mprocess_dsn, and below it .  $U%$H@tcp-daemon",
  hides    = { "security.internal-ip-rule-missing" },
  test     = function(shadowed)
    if shadowed.is_same or not shadowed.rule or not shadowed.rule.is_conditional then return end
    local by = shadowed.by and shadowed.by.template and " (" .. text(shadowed.by.template) .. ")" or ""
    found(shadowed, "the rule is never reached: one above it for " .. text(shadowed.pattern) .. by .. " has no condition")
  end,
}

check "rewrite.duplicate-rule" {
  title    = "a rewrite rule has no effect",
  severity = "info", over = "rule.shadowed",
  why      = "of two rules for one pattern without a condition the second is never reached",
  fix      = "delete one of the two" .. REBUILD,
  cites    = "[inferred] from [doc P8] PMDF System Manager's Guide, rewrite rules",
  bad      = "example.com  $U%$D@tcp-daemon twice",
  good     = "example.com  $U%$D@tcp-daemon once",
  test     = function(shadowed)
    if shadowed.is_same then
      found(shadowed, "the same rule for " .. text(shadowed.pattern) .. " stands further up")
    elseif shadowed.rule and not shadowed.rule.is_conditional then
      found(shadowed, "the rule is never reached: another one for " .. text(shadowed.pattern) .. " stands further up")
    end
  end,
}

-- Domains that nearly every site writes to. A rule for one of them stands for rules for all.
local FOREIGN = { ".com", ".net", ".org", ".edu", "*", "*.*" }

local function has_rule(config, pattern) return index(config.rules, pattern) ~= nil end

-- The place for what is said of all rules: the first one.
local function first(list) return list and list[1] end

local function includes_shipped(config)
  for _, include in each(config.include) do
    if include.file_kind == "imta.cnf" and include.path and includes.is_shipped(include.path) then return true end
  end
  return false
end

check "rewrite.no-default-route" {
  title    = "no rule leads to the rest of the world",
  severity = "warning", over = "config", needs = { "imta.cnf" },
  why      = "a domain that no rule covers is refused as illegal, so no mail leaves for anybody outside",
  fix      = "add .  $U%$H@tcp-daemon as the last rule, or include internet.rules" .. REBUILD,
  cites    = "[inferred] from [doc S8] SIMS 4.0 Reference, sample configuration",
  bad      = "rules for the own domains only",
  good     = "rules for the own domains, and .  $U%$H@tcp-daemon",
  test     = function(config)
    local place = first(config.rule)
    if not place or not config.channels or not index(config.channels, "l") then return end
    if has_rule(config, ".") or includes.are_open(config, "imta.cnf") or includes_shipped(config) then return end
    for _, domain in ipairs(FOREIGN) do
      if has_rule(config, domain) then return end
    end
    local any = index(config.rules, "$*")
    if any then
      for _, control in each(any.controls) do
        if control.letter == "V" then any = nil end -- it is for domains of the directory only
      end
      if any then return end
    end
    found(place, "no rule covers domains of others: there is neither a rule for \".\" nor internet.rules")
  end,
}

check "rewrite.no-domain-literal-rule" {
  title    = "no rule covers addresses with an IP address",
  severity = "info", over = "config", needs = { "imta.cnf" },
  why      = "mail to user@[192.0.2.5] is refused",
  fix      = "add []  $E$U%[$L]@tcp-daemon, if such mail shall go out" .. REBUILD,
  cites    = "[doc S8] SIMS 4.0 Reference, sample configuration",
  bad      = "no rule for []",
  good     = "[]  $E$U%[$L]@tcp-daemon",
  test     = function(config)
    local place = first(config.rule)
    if place and index(config.channels, "l") and not has_rule(config, "[]") and not includes.are_open(config, "imta.cnf") then
      found(place, "no rule is for [], so domain literals lead nowhere")
    end
  end,
}

-- ---- the names of this host ----

local LONG = 1000 -- no domain and no template is longer

-- A channel that asks the DNS where to go, so that it may be led back here.
local function goes_by_mx(channel)
  if not channel or not channel.is_tcp or channel.is_lmtp or not channel.is_smtp then return false end
  local set = channel.set
  return not (set.daemon or set.nomx or set.nodns)
end

-- The rule keeps the domain: "$U%$D@", "$U%$H$D@", or the pattern itself.
local function keeps_domain(rule)
  local template = rule.template or ""
  local domain = #template < LONG and template:match("%%([^@]*)@")
  return domain and (domain == "$D" or domain == "$d" or domain == "$H$D" or same_name(domain, rule.pattern))
end

local function setting(config, names)
  for _, name in ipairs(names) do
    local node = index(config.settings, name)
    if node and type(node.value) == "string" then return node.value:lower() end
  end
end

-- name -> what it is. Of channel l: its hosts are this host whatever the DNS says. The default domain may be at home elsewhere.
local function own_hosts(config)
  local names, list = {}, {}
  local local_channel = index(config.channels, "l")
  local function add(name, what)
    if type(name) ~= "string" or #name > LONG or not name:find(".", 1, true) or names[name:lower()] then return end
    names[name:lower()] = true
    table.insert(list, { name = name:lower(), what = what })
  end
  for _, host in each(local_channel and local_channel.hosts) do
    add(host.name, "a host of channel l")
    add(host.alias, "a host of channel l")
  end
  add(setting(config, { "local.hostname", "base.hostname" }), "the name of this host")
  return list
end

local function own_domains(config)
  local list = {}
  local domain = setting(config, { "service.defaultdomain", "base.defaultdomain", "local.defdomain" })
  local local_channel = index(config.channels, "l")
  if domain then list[domain] = true end
  local default = local_channel and local_channel.set.defaulthost
  for _, arg in each(default and default.args) do
    if arg.text then list[arg.text:lower()] = true end
  end
  return list
end

check "rewrite.local-domain-routed-out" {
  title    = "mail for this host itself is sent out",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "the MTA does not know the name as its own, asks the DNS for it and sends the mail to itself until it is held",
  fix      = "let the rule lead to the official host of channel l" .. REBUILD,
  cites    = "[doc H1] Administration Guide 6.3, messages .HELD due to looping; [doc P30] PMDF System Manager's Guide, looping mail",
  bad      = "mail.example.com  $U%$D@tcp-daemon",
  good     = "mail.example.com  $U%$D@mail.example.com",
  test     = function(config)
    local seen = {}
    -- Without mailboxes, own or behind LMTP, the domain may be at home elsewhere.
    local has_mailboxes = false
    for _, channel in each(config.channel) do
      has_mailboxes = has_mailboxes or channel.is_lmtp or (channel.name or ""):sub(1, 6) == "ims-ms"
    end
    local function look(name, what, only_internet)
      local rule = index(config.rules, name)
      if not rule or seen[name] or rule.is_conditional or not rule.channel or not keeps_domain(rule) then return end
      local channel = index(config.channels, rule.channel)
      if not goes_by_mx(channel) or (only_internet and not channel.is_internet_facing) then return end
      seen[name] = true
      found(rule, text(name) .. " is " .. what .. ", but its mail goes to the channel " .. text(rule.channel) .. ", which asks the DNS")
    end
    for _, host in ipairs(own_hosts(config)) do look(host.name, host.what, false) end
    for domain in pairs(has_mailboxes and own_domains(config) or {}) do look(domain, "the default domain", true) end
  end,
}

-- The rule that covers a name: its own, or one for a domain above it; those for top-level domains are for the rest of the world.
local function rule_for(config, name)
  local rule, dot = index(config.rules, name), name:find(".", 2, true)
  while not rule and dot do
    name = name:sub(dot)
    dot = name:find(".", 2, true)
    rule = dot and index(config.rules, name)
  end
  return rule
end

check "rewrite.own-name-missing" {
  title    = "no rule is for a name of this host",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "mail to a name under which the DNS leads here goes out again when no rule keeps it, and comes back until it is held",
  fix      = "add a rule that leads the name to the official host of channel l (example.net  $U%example.net@mail.example.com)" .. REBUILD,
  cites    = "[doc H1] Administration Guide 6.3, messages .HELD due to looping",
  bad      = "the MX of example.net is this host, and no rule is for example.net",
  good     = "example.net  $U%example.net@mail.example.com",
  test     = function(config)
    local place = first(config.rule)
    if not place or includes.are_open(config, "imta.cnf") then return end
    for name, waits_in in each(config.facts and config.facts.mx_is_here) do
      if goes_by_mx(index(config.channels, waits_in)) and not rule_for(config, name:lower()) then
        found(place, "the DNS leads mail for " .. text(name) .. " to this host, and no rule is for it")
      end
    end
    local channel = index(config.channels, "l")
    local host = channel and channel.official_host
    if config.unified or not host or #host > LONG or not host:find(".", 1, true) then return end
    host = host:lower()
    if index(config.rules, host) or index(config.rules, "*" .. (host:match("(%..+)$") or "")) then return end
    local above = rule_for(config, host) or index(config.rules, host:match("(%.[^.]+)$")) or index(config.rules, ".")
    local to = above and above.channel and index(config.channels, above.channel)
    if goes_by_mx(to) then
      -- With the directory a domain of this name may be found there.
      found(above, "no rule is for " .. text(host) .. ", the host of channel l, and this one sends its mail out",
            { severity = index(config.rules, "$*") and "warning" or "error" })
    end
  end,
}

check "rewrite.backup-mx-by-mx" {
  title    = "a host that is an MX itself delivers by MX",
  severity = "warning", over = "config", needs = { "imta.cnf" },
  why      = "for a domain that this host keeps mail for the look-up of its MX may give this host itself, and the mail goes round until it is held",
  fix      = "lead the domain to a channel of its own with `daemon` and the primary host, `nomx` and `loopcheck`" .. REBUILD,
  cites    = "[inferred] from [doc H1] Administration Guide 6.3, messages .HELD due to looping",
  bad      = "partner.example  $U%$D@tcp-daemon\n(where this host is an MX of partner.example)",
  good     = "partner.example  $U%$D@tcp_partner-daemon\n\ntcp_partner smtp nomx daemon mx1.partner.example\ntcp_partner-daemon",
  test     = function(config)
    for name, waits_in in each(config.facts and config.facts.mx_is_here) do
      local rule = rule_for(config, name:lower())
      if rule and rule.channel == waits_in and goes_by_mx(index(config.channels, waits_in)) and keeps_domain(rule) then
        found(rule, "this host is an MX of " .. text(name) .. ", and the channel " .. text(rule.channel) .. " looks for the MX of it")
      end
    end
  end,
}
