-- dispatcher.cnf: how many servers, on which ports, with what.

local restart = "; then imsimta restart dispatcher"

local function is_server(service)
  return not same_name(service.name, "DISPATCHER") and cnf.flag(service.set.ENABLE and service.set.ENABLE.value or "1") ~= false
end

-- An option as it holds for a service, or before all of them where `service` is nil.
local function effective(config, service, name)
  return service and index(service.set, name) or index(config.dispatcher, name)
end

-- Calls `test` for the global part and for each service that has one of the options itself: what it inherits was looked at there.
local function each_level(config, names, test)
  test(nil)
  for _, service in each(config.service) do
    local has_own = false
    for _, name in ipairs(names) do has_own = has_own or index(service.set, name) ~= nil end
    if has_own and is_server(service) then test(service) end
  end
end

local function at_service(service)
  return service and " in the service " .. text(service.name) or ""
end

-- Of two options that do not fit together the one that stands in the service.
local function own_of(service, a, b)
  if service and index(service.set, b.name) and not index(service.set, a.name) then return b end
  return a
end

local function min_over_max(config, min, max)
  each_level(config, { min, max }, function(service)
    local low, high = effective(config, service, min), effective(config, service, max)
    if low and high and low.number and high.number and low.number > high.number then
      found(own_of(service, low, high), text(min) .. " is " .. num(low.number) .. " and " .. text(max) .. " " .. num(high.number) .. at_service(service))
    end
  end)
end

check "dispatcher.min-gt-max-procs" {
  title    = "there are to be more servers at least than at most",
  severity = "error", over = "config", needs = { "dispatcher.cnf" },
  why      = "MIN_PROCS is the floor and MAX_PROCS the ceiling of the number of server processes",
  fix      = "set MIN_PROCS to 1 and MAX_PROCS to 5 or so" .. restart,
  cites    = "[doc D3] server processes",
  bad      = "MIN_PROCS=5\nMAX_PROCS=2",
  good     = "MIN_PROCS=1\nMAX_PROCS=5",
  hides    = { "dispatcher.shutdown-ge-procs" },
  test     = function(config) min_over_max(config, "MIN_PROCS", "MAX_PROCS") end,
}

check "dispatcher.min-gt-max-conns" {
  title    = "a server is busy enough only beyond what it may take",
  severity = "error", over = "config", needs = { "dispatcher.cnf" },
  why      = "another server is started when the others have MIN_CONNS connections; beyond MAX_CONNS they never get there",
  fix      = "set MIN_CONNS to 5 and MAX_CONNS to 20 or so" .. restart,
  cites    = "[doc D3] connections of a server",
  bad      = "MIN_CONNS=30\nMAX_CONNS=20",
  good     = "MIN_CONNS=5\nMAX_CONNS=20",
  hides    = { "dispatcher.life-conns-too-low" },
  test     = function(config) min_over_max(config, "MIN_CONNS", "MAX_CONNS") end,
}

-- ---- ports

local function ports(option)
  local list = {}
  for item in tostring(option and option.value or ""):gmatch("[^%s,]+") do
    list[#list + 1] = tonumber(item:match("(%d+)$"))
  end
  return list
end

local function listens_on(service, port)
  for _, name in ipairs({ "PORT", "TLS_PORT" }) do
    for _, own in ipairs(ports(index(service.set, name))) do
      if own == port then return true end
    end
  end
  return false
end

local function is_of_smtp(service)
  local name = service.name and service.name:upper() or ""
  local image = service.set.IMAGE and tostring(service.set.IMAGE.value) or ""
  return name:find("SMTP", 1, true) ~= nil or image:lower():find("smtp_server", 1, true) ~= nil
end

check "dispatcher.min-procs-zero-smtp" {
  title    = "no SMTP server may be running",
  severity = "info", over = "service", needs = { "dispatcher.cnf" },
  why      = "with MIN_PROCS=0 the first connection waits for a server to start; 1 makes sure that one is there",
  fix      = "set MIN_PROCS=1" .. restart,
  cites    = "[doc T3] troubleshooting of the Dispatcher",
  bad      = "MIN_PROCS=0",
  good     = "MIN_PROCS=1",
  test     = function(service, config)
    local option = effective(config, service, "MIN_PROCS")
    if is_server(service) and is_of_smtp(service) and option and option.number == 0 then found(option, "MIN_PROCS is 0 for SMTP") end
  end,
}

-- Mail comes in by other ways: LMTP of a back end, a proxy on this host in front of a server on another port.
local function has_other_entrance(config)
  local mmp = config.settings["local.mmp.enable"]
  if mmp and cnf.flag(mmp.value or "") == true then return true end
  for _, service in each(config.service) do
    if is_server(service) then
      if service.name:upper():find("LMTP", 1, true) then return true end
      for _, port in ipairs(ports(service.set.PORT)) do
        if port >= 1024 and is_of_smtp(service) then return true end
      end
      -- Its port is not shown, or the product's own.
      if config.unified and is_of_smtp(service) and not service.set.PORT and not service.name:upper():find("SUBMIT", 1, true) then return true end
    end
  end
  return false
end

check "dispatcher.no-smtp-service" {
  title    = "no service listens on port 25",
  severity = "error", over = "config", needs = { "dispatcher.cnf" },
  why      = "without a service on port 25 no mail comes in",
  fix      = "add [SERVICE=SMTP] with PORT=25 and an IMAGE" .. restart,
  cites    = "[doc T3] troubleshooting of the Dispatcher",
  bad      = "[SERVICE=SMTP_SUBMIT]\nPORT=587",
  good     = "[SERVICE=SMTP]\nPORT=25",
  test     = function(config)
    if cnf.has_gaps(config, "dispatcher.cnf") or (config.unified and count(config.service) == 0) then return end
    local smtp
    for _, service in each(config.service) do
      if is_server(service) then
        if listens_on(service, 25) then return end
        if not smtp and same_name(service.name, "SMTP") then smtp = service end
      end
    end
    if has_other_entrance(config) then return end
    local at = smtp and (smtp.set.PORT or smtp) or cnf.place(config, "dispatcher.cnf")
    if at then found(at, smtp and "the service SMTP does not listen on port 25" or "no service listens on port 25") end
  end,
}

check "dispatcher.duplicate-port" {
  title    = "two services listen on one port",
  severity = "error", over = "config", needs = { "dispatcher.cnf" },
  why      = "the second of them cannot listen there",
  fix      = "give each service a port of its own (SMTP 25, SMTP_SUBMIT 587)" .. restart,
  cites    = "[doc T3] port binding failures",
  bad      = "[SERVICE=SMTP]\nPORT=25\n[SERVICE=SMTP_SUBMIT]\nPORT=25",
  good     = "[SERVICE=SMTP]\nPORT=25\n[SERVICE=SMTP_SUBMIT]\nPORT=587",
  test     = function(config)
    local taken = {}
    for _, service in each(config.service) do
      local address = effective(config, service, "INTERFACE_ADDRESS")
      for _, name in ipairs(is_server(service) and { "PORT", "TLS_PORT" } or {}) do
        local option = index(service.set, name)
        for _, port in ipairs(ports(option)) do
          local key = num(port) .. " " .. (address and tostring(address.value) or "")
          local other = taken[key]
          if other then
            found(option, "port " .. num(port) .. " of the service " .. text(service.name) .. " is that of " .. text(other) .. ", too")
          else
            taken[key] = service.name
          end
        end
      end
    end
  end,
}

check "dispatcher.duplicate-service" {
  title    = "a service of dispatcher.cnf is there twice",
  severity = "warning", over = "section",
  why      = "which of the two holds is not documented",
  fix      = "merge the sections, or give the second service a name of its own" .. restart,
  cites    = "inferred",
  bad      = "[SERVICE=SMTP] twice",
  good     = "[SERVICE=SMTP]",
  test     = function(section)
    cnf.tell_repeated(section, "dispatcher.cnf")
  end,
}

-- ---- what a service is

check "dispatcher.missing-image" {
  title    = "a service does not say which program it is",
  severity = "error", over = "service", needs = { "dispatcher.cnf" },
  why      = "the Dispatcher starts the IMAGE of a service; before 7.0.5 there is no default, and later only for services of the product's own names",
  fix      = "add IMAGE=IMTA_BIN:tcp_smtp_server (LMTP: tcp_lmtp_server)" .. restart,
  cites    = "[doc W12] services of the Dispatcher",
  bad      = "[SERVICE=SMTP]\nPORT=25",
  good     = "[SERVICE=SMTP]\nPORT=25\nIMAGE=IMTA_BIN:tcp_smtp_server",
  test     = function(service, config)
    local image = effective(config, service, "IMAGE")
    if not is_server(service) or (image and image.value) then return end
    local name = service.name and service.name:upper() or ""
    local has_default = name:find("^SMTP") or name:find("^LMTP") or name:find("^SUBMIT")
    if has_default and (config.unified or at_least(config, "7.0")) then return end
    -- Of an unknown version nobody can say whether there is a default.
    local is_sure = not has_default or before(config, "7.0")
    found(image or service, "the service " .. text(service.name) .. " has no IMAGE", { severity = is_sure and "error" or "warning" })
  end,
}

check "dispatcher.shutdown-ge-procs" {
  title    = "all servers may be ending at once",
  severity = "warning", over = "config", needs = { "dispatcher.cnf" },
  why      = "servers that end take no connections; with MAX_SHUTDOWN as large as MAX_PROCS there may be a time without any that does",
  fix      = "set MAX_SHUTDOWN below MAX_PROCS (2 of 5)" .. restart,
  cites    = "[doc D2] MAX_SHUTDOWN; the consequence is inferred",
  bad      = "MAX_PROCS=2\nMAX_SHUTDOWN=2",
  good     = "MAX_PROCS=5\nMAX_SHUTDOWN=2",
  test     = function(config)
    each_level(config, { "MAX_SHUTDOWN", "MAX_PROCS" }, function(service)
      local ending, all = effective(config, service, "MAX_SHUTDOWN"), effective(config, service, "MAX_PROCS")
      -- A single server is always the last one.
      if ending and all and ending.number and all.number and all.number > 1 and ending.number >= all.number then
        found(own_of(service, ending, all), "MAX_SHUTDOWN is " .. num(ending.number) .. " and MAX_PROCS " .. num(all.number) .. at_service(service))
      end
    end)
  end,
}

check "dispatcher.backlog-too-small" {
  title    = "few connections may wait to be taken",
  severity = "info", over = "config", needs = { "dispatcher.cnf" },
  why      = "while the servers are busy connections beyond BACKLOG are refused; by default it is MAX_CONNS times MAX_PROCS",
  fix      = "remove BACKLOG, and let the kernel's limit be as large" .. restart,
  cites    = "[doc D1] BACKLOG; 128 is the least limit of usual kernels",
  bad      = "BACKLOG=5",
  good     = "BACKLOG=100",
  test     = function(config)
    each_level(config, { "BACKLOG" }, function(service)
      local option = effective(config, service, "BACKLOG")
      local conns = cnf.number(effective(config, service, "MAX_CONNS"), 10)
      local procs = cnf.number(effective(config, service, "MAX_PROCS"), 5)
      local least = conns and procs and math.min(conns * procs, 128)
      if option and option.number and least and option.number >= 5 and option.number < least then
        found(option, "BACKLOG is " .. num(option.number) .. ", and " .. num(conns * procs) .. " connections may come at once")
      end
    end)
  end,
}

check "dispatcher.too-many-dnsbl" {
  title    = "a service asks more than five block lists",
  severity = "error", over = "option", needs = { "dispatcher.cnf" },
  why      = "DNS_VERIFY_DOMAIN may stand five times in a service; each more is not looked at",
  fix      = "drop those that are needed least" .. restart,
  cites    = "[doc D1] DNS_VERIFY_DOMAIN",
  bad      = "DNS_VERIFY_DOMAIN= ... six times",
  good     = "DNS_VERIFY_DOMAIN= ... twice",
  test     = function(option)
    if option.name ~= "DNS_VERIFY_DOMAIN" then return end
    local n, earlier = 1, option.repeated
    while earlier and n <= 6 do
      n = n + 1
      earlier = earlier.repeated
    end
    if n == 6 then found(option, "this is the sixth DNS_VERIFY_DOMAIN" .. (option.section and " of the service " .. text(option.section) or "")) end
  end,
}

check "dispatcher.dnsbl-overridden" {
  title    = "block lists are never asked",
  severity = "info", over = "config", needs = { "dispatcher.cnf", "mappings" }, since = "6.0",
  why      = "DNS_VERIFY_DOMAIN is asked only where no entry of PORT_ACCESS fits, and an entry for everything always fits",
  fix      = "ask the lists from the mapping table (dns_verify), or remove the entry for everything; then imsimta cnbuild, imsimta reload" .. restart,
  cites    = "[doc M6] PORT_ACCESS and DNS_VERIFY_DOMAIN",
  bad      = "DNS_VERIFY_DOMAIN=rbl.example.net, where PORT_ACCESS has \"* $YEXTERNAL\"",
  good     = "no DNS_VERIFY_DOMAIN",
  test     = function(config)
    local takes_all = false
    local port_access = config.tables.PORT_ACCESS
    for _, entry in each(port_access and port_access.entries) do takes_all = takes_all or entry.is_catch_all end
    if not takes_all then return end
    for _, option in each(config.option) do
      if option.name == "DNS_VERIFY_DOMAIN" and option.file_kind == "dispatcher.cnf" then
        found(option, "PORT_ACCESS takes every connection, so the list " .. text(option.value or "") .. " is not asked")
        return
      end
    end
  end,
}

check "dispatcher.debug-on" {
  title    = "the Dispatcher writes debugging output",
  severity = "warning", over = "option", needs = { "dispatcher.cnf" },
  why      = "it writes much for each connection (-1 is everything), which fills the disk of the logs",
  fix      = "remove DEBUG or set it to 0" .. restart,
  cites    = "[doc D1] DEBUG; [seen R1]",
  bad      = "DEBUG=-1",
  good     = "DEBUG=0",
  test     = function(option)
    if option.file_kind == "dispatcher.cnf" and option.name == "DEBUG" and option.number and option.number ~= 0 then
      found(option, "DEBUG is " .. num(option.number))
    end
  end,
}

check "dispatcher.life-conns-too-low" {
  title    = "servers end after very few connections",
  severity = "warning", over = "config", needs = { "dispatcher.cnf" },
  why      = "a server that ends is started again and connects to the directory anew; with few connections each that happens all the time",
  fix      = "set MAX_LIFE_CONNS to 1000 or more" .. restart,
  cites    = "inferred; [seen B3] advises to raise it",
  bad      = "MAX_LIFE_CONNS=20",
  good     = "MAX_LIFE_CONNS=10000",
  test     = function(config)
    each_level(config, { "MAX_LIFE_CONNS", "MAX_CONNS" }, function(service)
      local life = effective(config, service, "MAX_LIFE_CONNS")
      local at_once = effective(config, service, "MAX_CONNS")
      if not life or not life.number or life.number < 1 then return end
      local conns = cnf.number(at_once, 10) or 10
      if life.number < 100 or life.number < conns * 3 then
        found(at_once and own_of(service, life, at_once) or life,
              "MAX_LIFE_CONNS is " .. num(life.number) .. ", and a server has up to " .. num(conns) .. " connections at once" .. at_service(service))
      end
    end)
  end,
}
