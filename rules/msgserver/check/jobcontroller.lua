-- Options of the Job Controller.

local restart = "; then imsimta restart job_controller"

local function queue_files(config)
  local sum
  for _, n in each(config.facts and config.facts.queue_files) do sum = (sum or 0) + n end
  return sum
end

check "jobcontroller.max-messages-too-low" {
  title    = "the Job Controller may know too few messages",
  severity = "warning", over = "config", needs = { "job_controller.cnf" },
  why      = "messages beyond max_messages are not scheduled until the queue is looked through again",
  fix      = "raise max_messages; imsimta cache -change -global -max_messages=n does it without a restart, which would lose the retry times",
  cites    = "[doc G4] messages on disk and in memory; [seed]",
  bad      = "max_messages=20000",
  good     = "max_messages=200000",
  test     = function(config)
    local option, files = config.jc.MAX_MESSAGES, queue_files(config)
    local most = cnf.number(option, 100000)
    local at = option or cnf.place(config, "job_controller.cnf")
    if not most or most < 1 or not at then return end
    if files and files * 1.2 > most then
      found(at, "max_messages is " .. num(most) .. ", and " .. num(files) .. " messages are queued")
    elseif option and most < 100000 then
      found(at, "max_messages is " .. num(most) .. ", less than the default of 100000")
    end
  end,
}

check "jobcontroller.max-messages-too-high" {
  title    = "the Job Controller may know very many messages",
  severity = "info", over = "config", needs = { "job_controller.cnf" },
  why      = "each message costs memory (200 to 500 bytes), and after a start all of them are read again",
  fix      = "set a moderate value, say 500000, and rather empty the queue" .. restart,
  cites    = "[doc G4] rebuilding after a start; the memory is inferred",
  bad      = "max_messages=50000000",
  good     = "max_messages=500000",
  test     = function(config)
    local option = config.jc.MAX_MESSAGES
    if option and option.number and option.number > 2000000 then found(option, "max_messages is " .. num(option.number)) end
  end,
}

local function stands_in_a_section(config, name)
  for _, option in each(config.option) do
    if option.name == name and option.file_kind == "job_controller.cnf" then return true end
  end
  return false
end

local function uses_old_syntax(config)
  for _, section in each(config.section) do
    if section.type == "QUEUE" then return true end
  end
  return false
end

check "jobcontroller.secret-default" {
  title    = "the secret of the Job Controller is no secret",
  severity = "error", over = "config", needs = { "job_controller.cnf" },
  why      = "whoever knows the secret can give orders to the Job Controller; the sample in the manual has one that is printed for everybody",
  fix      = "set a secret of this host, of 8 characters or more" .. restart,
  cites    = "[doc J1] the sample",
  bad      = "secret=never mind",
  good     = "secret=Xk-29-different-per-site",
  test     = function(config)
    local option = config.jc.SECRET
    if not option then
      -- A Unified Configuration may not show it.
      if config.unified or cnf.has_gaps(config, "job_controller.cnf") or stands_in_a_section(config, "SECRET") or uses_old_syntax(config) then return end
      local at = cnf.place(config, "job_controller.cnf")
      if at then found(at, "job_controller.cnf sets no secret") end
      return
    end
    local value = option.value and tostring(option.value)
    if not value then
      if not config.unified then found(option, "the secret is empty") end
    elseif value:lower():gsub("[^%a]", "") == "nevermind" then
      found(option, "the secret is the one of the sample in the manual")
    elseif #value < 8 then
      found(option, "the secret is shorter than 8 characters")
    end
  end,
}

local function ports(option)
  local list = {}
  for port in tostring(option and option.value or ""):gmatch("%d+") do list[#list + 1] = tonumber(port) end
  return list
end

-- Both listen on all addresses or on the same one.
local function may_share(a, b)
  return a == nil or b == nil or a.value == b.value
end

check "jobcontroller.port-conflict" {
  title    = "the Job Controller listens on a port that is taken or is none",
  severity = "error", over = "config", needs = { "job_controller.cnf" },
  why      = "whichever starts second cannot listen there: no jobs, or no mail from outside",
  fix      = "set tcp_port=27442, or another free port" .. restart,
  cites    = "[doc J1, D2] ports of both; [doc T3] port binding failures",
  bad      = "tcp_port=25",
  good     = "tcp_port=27442",
  test     = function(config)
    local option = config.jc.TCP_PORT
    local port = cnf.number(option, 27442)
    if not port then return end
    if port < 1 or port > 65535 then
      found(option, "tcp_port is " .. num(port) .. ", which is no port")
      return
    end
    for _, service in each(config.service) do
      local address = service.set.INTERFACE_ADDRESS or config.dispatcher.INTERFACE_ADDRESS
      for _, name in ipairs({ "PORT", "TLS_PORT" }) do
        local other = index(service.set, name)
        for _, taken in ipairs(ports(other)) do
          if taken == port and may_share(address, config.jc.INTERFACE_ADDRESS) then
            found(option or other, "the Job Controller and the service " .. text(service.name) .. " both listen on port " .. num(port))
            return
          end
        end
      end
    end
  end,
}

check "jobcontroller.ims-life-missing" {
  title    = "ims_master ends and begins again very often",
  severity = "info", over = "class", needs = { "job_controller.cnf" },
  why      = "as shipped ims_master lives for 14400 s or 20000 requests; with the general limits it is started again all the time, which does no harm and fills logs",
  fix      = "set max_life_age=14400 and max_life_conns=20000 in the section" .. restart,
  cites    = "[doc J2] shipped configuration; [seed]",
  bad      = "[CHANNEL=ims-ms*]\nmaster_command=IMTA_BIN:ims_master",
  good     = "[CHANNEL=ims-ms*]\nmaster_command=IMTA_BIN:ims_master\nmax_life_age=14400\nmax_life_conns=20000",
  test     = function(class, config)
    if not class.pattern or not class.pattern:lower():find("^ims%-ms") then return end
    if count(config.channels) > 0 then
      local is_used = false
      for name, _ in each(config.channels) do is_used = is_used or name:find("^ims%-ms") ~= nil end
      if not is_used then return end
    end
    local missing = {}
    if not class.set.MAX_LIFE_AGE then missing[1] = "max_life_age" end
    if not class.set.MAX_LIFE_CONNS then missing[#missing + 1] = "max_life_conns" end
    if #missing > 0 then found(class, "the section " .. text(class.pattern) .. " does not set " .. cnf.list(missing)) end
  end,
}

check "jobcontroller.anon-host-on-tcp" {
  title    = "messages to the Internet are not sorted by host",
  severity = "warning", over = "class", needs = { "job_controller.cnf" },
  why      = "the vendor's samples set anon_host=0 for tcp_*, so that messages are sorted by destination and one connection takes several",
  fix      = "set anon_host=0 in the section" .. restart,
  cites    = "[doc J1] the sample; the meaning is recalled",
  bad      = "[CHANNEL=tcp_*]\nanon_host=1",
  good     = "[CHANNEL=tcp_*]\nanon_host=0",
  test     = function(class)
    local option = class.set.ANON_HOST
    if class.pattern and class.pattern:lower():find("^tcp_") and option and option.number and option.number ~= 0 then
      found(option, "anon_host is " .. num(option.number) .. " for " .. text(class.pattern))
    end
  end,
}

check "jobcontroller.debug-on" {
  title    = "the Job Controller writes debugging output",
  severity = "warning", over = "config", needs = { "job_controller.cnf" },
  why      = "it writes a file at each run, which fills the disk of the logs",
  fix      = "set debug=0" .. restart .. "; imsimta cache -change -global -debug=0 at once",
  cites    = "[doc A7] DEBUG; [seen R1]",
  bad      = "debug=10",
  good     = "debug=0",
  test     = function(config)
    local option = config.jc.DEBUG
    if option and option.number and option.number ~= 0 then found(option, "debug is " .. num(option.number)) end
  end,
}

-- Prefixes of the product's own folders, with those of imta_tailor.
local folders = { "IMTA_BIN", "IMTA_EXE", "IMTA_LIB", "IMTA_ROOT", "IMTA_COM", "IMTA_LIBUTIL", "IMTA_LOCAL" }

check "jobcontroller.command-not-executable" {
  title    = "the program of a channel is not to be found",
  severity = "error", over = "option", needs = { "job_controller.cnf" },
  why      = "a channel does nothing when its program is absent or cannot be run",
  fix      = "correct the path (IMTA_BIN:tcp_smtp_client)" .. restart,
  cites    = "[doc S10] channel programs; [doc J2]",
  bad      = "master_command=IMTA_BNI:tcp_smtp_client",
  good     = "master_command=IMTA_BIN:tcp_smtp_client",
  test     = function(option, config)
    if option.file_kind ~= "job_controller.cnf" or not option.value then return end
    if option.name ~= "MASTER_COMMAND" and option.name ~= "SLAVE_COMMAND" then return end
    local value = tostring(option.value)
    local prefix = value:sub(1, 40):match("^([%w_]+):")
    if prefix and not index(config.tailor, prefix:upper()) then
      -- Only a misprint is certain: releases have prefixes that are not listed here.
      local says = near(prefix:upper(), folders)
      if says ~= "" then found(option, "nothing is called " .. text(prefix) .. ":" .. says) end
    end
  end,
}
