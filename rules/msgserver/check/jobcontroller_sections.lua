-- Sections of job_controller.cnf: pools, channels, jobs.

local restart = "; then imsimta restart job_controller"

-- ---- programs of channels

-- No program is started for these: they are emptied by others, or never.
local function needs_no_program(ch)
  return ch.name == "filter_discard" or ch.name == "hold" or ch.name == "l" or ch.set.slave ~= nil
end

local function must_have_program(ch)
  if ch.name == "1" or ch.name == "i" then return false end -- a misspelt l, which imta.first-channel-not-local tells
  return (ch.is_tcp or ch.is_target) and not needs_no_program(ch)
end

local function command_of(class, config)
  local option = class.set.MASTER_COMMAND or config.jc.MASTER_COMMAND
  return option and option.value and not same_name(option.value, "NULL") and option.value or nil
end

-- A class of this form, so that "tcp_*" is there at all.
local function has_class(config, stem)
  for _, class in each(config.class) do
    if class.is_wildcard and class.pattern:lower():sub(1, #stem) == stem then return true end
  end
  return false
end

local function patterns(config)
  local names = {}
  for _, class in each(config.class) do names[#names + 1] = class.pattern end
  return names
end

-- "[CHANEL=ims-ms*]": what it holds is told to be out of place, and its channels have a section all the same.
local function has_misspelt_section(config, channel)
  for _, section in each(config.section) do
    if section.file_kind == "job_controller.cnf" and section.type and not same_name(section.type, "CHANNEL")
       and near(section.type, { "CHANNEL" }) ~= "" and access.glob((section.name or ""):lower(), channel) then return true end
  end
  return false
end

-- Channels that no section fits.
local function orphans(config)
  local list = {}
  for _, ch in each(config.channels) do
    if must_have_program(ch) and not ch.class and not has_misspelt_section(config, ch.name) then list[#list + 1] = ch end
  end
  return list
end

-- Whether a channel that needs a program gets this section.
local function serves(class, config)
  for _, ch in each(config.channels) do
    if ch.class and ch.class.pattern == class.pattern and must_have_program(ch) then return true end
  end
  return false
end

-- A misspelt "tcp_*" leaves several channels without a section, and is one mistake: the class that was meant, which fits nothing.
local function misspelt_wildcard(config, list)
  local n = 0
  for _, ch in ipairs(list) do n = n + (ch.is_tcp and 1 or 0) end
  if n < 2 or has_class(config, "tcp_") then return nil end
  for _, class in each(config.class) do
    if class.is_wildcard and near(class.pattern, { "tcp_*" }) ~= "" then return class end
  end
  return nil
end

check "jobcontroller.tcp-no-master-command" {
  title    = "no program delivers the messages of a channel",
  severity = "error", over = "config", needs = { "job_controller.cnf", "imta.cnf" },
  why      = "the master_command of the section that fits a channel is what empties its queue; without one nothing is delivered",
  fix      = "add a section [CHANNEL=...] with a master_command to job_controller.cnf" .. restart,
  cites    = "[doc J2] sections of channels; [seed]",
  bad      = "[CHANNEL=tcp_local] alone, where imta.cnf has tcp_slow",
  good     = "[CHANNEL=tcp_*]\nmaster_command=IMTA_BIN:tcp_smtp_client",
  hides    = { "jobcontroller.channel-undefined" },
  test     = function(config)
    if cnf.has_gaps(config, "job_controller.cnf") then return end
    if count(config.class) == 0 then
      local at = not config.unified and cnf.place(config, "job_controller.cnf")
      if at then found(at, "no section [CHANNEL=...] says which programs deliver") end
      return
    end
    local list = orphans(config)
    local wildcard = misspelt_wildcard(config, list)
    if wildcard then
      found(wildcard, "the section " .. text(wildcard.pattern) .. " fits no channel" .. near(wildcard.pattern, { "tcp_*" }))
    end
    -- Several channels tcp_... without a section lack the one [CHANNEL=tcp_*], which is one mistake.
    local tcp = {}
    for _, ch in ipairs(list) do
      if ch.is_tcp and not wildcard then tcp[#tcp + 1] = ch.name end
    end
    local is_told = wildcard or #tcp > 1
    if #tcp > 1 then
      found(index(config.channels, tcp[1]), "no section of job_controller.cnf fits the channels " .. cnf.list(tcp))
    end
    for _, ch in ipairs(list) do
      if not (is_told and ch.is_tcp) then
        found(ch, "no section of job_controller.cnf fits the channel " .. text(ch.name) .. near(ch.name, patterns(config)), { scope = ch })
      end
    end
    for _, class in each(config.class) do
      if class.pattern and not command_of(class, config) and serves(class, config) then
        found(class.set.MASTER_COMMAND or class, "the section " .. text(class.pattern) .. " has no master_command")
      end
    end
  end,
}

check "jobcontroller.channel-undefined" {
  title    = "a section is for a channel that is not there",
  severity = "info", over = "class", needs = { "job_controller.cnf", "imta.cnf" },
  why      = "it is left over, or its name is misspelt and the channel that was meant gets another section or none",
  fix      = "correct the name, or remove the section" .. restart,
  cites    = "inferred from [doc J2] sections of channels",
  bad      = "[CHANNEL=tcp_slwo]",
  good     = "[CHANNEL=tcp_slow]",
  test     = function(class, config)
    if class.is_wildcard or not class.pattern or index(config.channels, class.pattern:lower()) then return end
    -- Where a channel lacks its section, that is the mistake, and said there.
    local names = {}
    for _, ch in ipairs(orphans(config)) do names[#names + 1] = ch.name end
    if near(class.pattern, names) ~= "" then return end
    found(class, "there is no channel " .. text(class.pattern) .. near(class.pattern, config.channels))
  end,
}

check "jobcontroller.duplicate-section" {
  title    = "a section of job_controller.cnf is there twice",
  severity = "warning", over = "section",
  why      = "which of the two holds is not documented",
  fix      = "merge the sections" .. restart,
  cites    = "inferred",
  bad      = "[POOL=SMTP_POOL] twice",
  good     = "[POOL=SMTP_POOL]",
  test     = function(section)
    cnf.tell_repeated(section, "job_controller.cnf")
  end,
}

-- ---- pools

local function is_pool_section(pool)
  return pool.type == "POOL"
end

check "jobcontroller.no-pool" {
  title    = "job_controller.cnf defines no pool",
  severity = "error", over = "config", needs = { "job_controller.cnf" },
  why      = "every channel runs in a pool, and one that names none in the first: without any no job is started",
  fix      = "add [POOL=DEFAULT] with a job_limit as the first section" .. restart,
  cites    = "[doc G1] pools",
  bad      = "[CHANNEL=tcp_*] without any [POOL=...]",
  good     = "[POOL=DEFAULT]\njob_limit=10",
  test     = function(config)
    if config.unified or count(config.pool) > 0 or cnf.has_gaps(config, "job_controller.cnf") then return end
    local at = cnf.place(config, "job_controller.cnf")
    if at then found(at, "job_controller.cnf has no section [POOL=...]") end
  end,
}

local function first_pool(config)
  return config.pool[1]
end

local function somebody_has_no_pool(config)
  if count(config.channels) == 0 then return true end
  for _, ch in each(config.channels) do
    if not ch.set.pool and not ch.set.queue then return true end
  end
  return false
end

check "jobcontroller.default-pool-not-first" {
  title    = "the first pool is not DEFAULT",
  severity = "warning", over = "config", needs = { "job_controller.cnf" },
  why      = "channels without a pool run in the first one of the file: a new pool at its top takes them all",
  fix      = "let [POOL=DEFAULT] be the first" .. restart,
  cites    = "[doc G1] the first pool is the default",
  bad      = "[POOL=SLOW_POOL]\njob_limit=2\n[POOL=DEFAULT]\njob_limit=10",
  good     = "[POOL=DEFAULT]\njob_limit=10\n[POOL=SLOW_POOL]\njob_limit=2",
  test     = function(config)
    -- A Unified Configuration has no order.
    if config.unified or cnf.has_gaps(config, "job_controller.cnf") or count(config.pool) < 2 then return end
    local first = first_pool(config)
    if not is_pool_section(first) or first.name == "DEFAULT" or not somebody_has_no_pool(config) then return end
    found(first, "the first pool is " .. text(first.name) .. ", so channels without a pool run there" .. near(first.name, { "DEFAULT" }))
  end,
}

check "jobcontroller.job-limit-missing" {
  title    = "a pool may run no process",
  severity = "warning", over = "pool",
  why      = "a channel gets as many processes as the lesser of maxjobs and job_limit of its pool, so 0 is none; what holds where it is not set is not documented",
  fix      = "set job_limit in the section of the pool" .. restart,
  cites    = "[doc G2] processes of a channel; the default is not known",
  bad      = "[POOL=IMS_POOL]",
  good     = "[POOL=IMS_POOL]\njob_limit=2",
  test     = function(pool, config)
    if not is_pool_section(pool) then return end
    local limit = pool.set.JOB_LIMIT or config.jc.JOB_LIMIT
    if not limit then
      if cnf.is_misspelt(pool.set, "JOB_LIMIT") then return end
      found(pool, "the pool " .. text(pool.name) .. " has no job_limit")
    elseif limit.number == 0 then
      found(limit, "the job_limit is 0, so nothing runs in " .. (limit.section and text(pool.name) or "the pools"), { severity = "error" })
    end
  end,
}

check "jobcontroller.job-limit-one-smtp" {
  title    = "one process serves the Internet",
  severity = "warning", over = "config", needs = { "job_controller.cnf", "imta.cnf" },
  why      = "with a job_limit of 1 all mail to the Internet waits for one process; the sample in the manual has it, and it is no value for production",
  fix      = "set job_limit to 10 or so" .. restart .. ", or imsimta cache -change -channel=tcp_local -job_limit=10 until then",
  cites    = "[doc J1] the sample",
  bad      = "[POOL=SMTP_POOL]\njob_limit=1",
  good     = "[POOL=SMTP_POOL]\njob_limit=10",
  test     = function(config)
    local ch = config.channels.tcp_local
    local pool = ch and ch.pool and index(config.pools, ch.pool)
    local limit = pool and (pool.set.JOB_LIMIT or config.jc.JOB_LIMIT)
    if limit and limit.number == 1 then found(limit, "the pool " .. text(pool.name) .. " of tcp_local has a job_limit of 1") end
  end,
}

check "jobcontroller.pool-unused" {
  title    = "no channel uses a pool",
  severity = "info", over = "config", needs = { "job_controller.cnf", "imta.cnf" },
  why      = "it is left over, or the channel that it was made for has no pool keyword and runs in the first pool",
  fix      = "give the channel its pool, or remove the section" .. restart,
  cites    = "inferred from [doc G1] pools",
  bad      = "[POOL=SLOW_POOL], which no channel names",
  good     = "tcp_slow smtp mx pool SLOW_POOL",
  test     = function(config)
    if count(config.channels) == 0 then return end
    local used = {}
    for _, ch in each(config.channels) do
      if ch.pool then
        -- A channel with a misspelt pool is the mistake.
        if not index(config.pools, ch.pool) then return end
        used[ch.pool] = true
      end
    end
    local first = first_pool(config)
    for _, pool in each(config.pools) do
      if is_pool_section(pool) and not used[pool.name] and pool.name ~= first.name and pool.name ~= "DEFAULT" then
        found(pool, "no channel uses the pool " .. text(pool.name))
      end
    end
  end,
}

-- ---- what belongs elsewhere, and what is of the past

check "jobcontroller.option-in-wrong-section" {
  title    = "an option stands in a section that does not have it",
  severity = "warning", over = "option",
  why      = "max_messages and its like hold only before the first section, job_limit only in a pool, master_command only for a channel; elsewhere the line does nothing",
  fix      = "move the line" .. restart,
  cites    = "[doc A7] Job Controller configuration; [seen B1]",
  bad      = "[POOL=DEFAULT]\nmax_messages=200000",
  good     = "max_messages=200000\n[POOL=DEFAULT]",
  test     = function(option)
    local def = option.def
    if option.file_kind ~= "job_controller.cnf" or not def or not def.is_elsewhere then return end
    if option.section_type == "QUEUE" then return end
    if option.section_type then
      found(option, text(option.name) .. " does nothing in the section " .. text(option.section_type) .. "=" .. text(option.section or "")
            .. near(option.section_type, { "CHANNEL", "POOL", "PERIODIC_JOB" }))
    else
      found(option, text(option.name) .. " does nothing before the first section")
    end
  end,
}

local old_options = { CAPACITY = "job_limit", UDP_PORT = "tcp_port", ARGS = "the master_command" }

check "jobcontroller.legacy-queue-syntax" {
  title    = "job_controller.cnf is written as before 5.2",
  severity = "error", over = "config", needs = { "job_controller.cnf" },
  why      = "[QUEUE=...], CAPACITY, UDP_PORT and ARGS gave way to pools and TCP_PORT; what they say is not heard",
  fix      = "write [POOL=name] with job_limit, and tcp_port" .. restart,
  cites    = "[doc S2, P11] the older syntax",
  bad      = "[QUEUE=DEFAULT]\ncapacity=200",
  good     = "[POOL=DEFAULT]\njob_limit=10",
  hides    = { "version.renamed-parameter", "jobcontroller.option-in-wrong-section" },
  test     = function(config)
    if before(config, "5.2") then return end
    local has_pools = false
    for _, section in each(config.section) do has_pools = has_pools or section.type == "POOL" end
    -- Without a version the older syntax may be right.
    local options = { severity = (at_least(config, "5.2") or has_pools) and "error" or "warning" }
    for _, section in each(config.section) do
      if section.type == "QUEUE" and section.file_kind == "job_controller.cnf" then
        found(section, "[QUEUE=" .. text(section.name) .. "] is of the time before pools", options)
      end
    end
    for _, option in each(config.option) do
      local new = option.file_kind == "job_controller.cnf" and option.section_type ~= "QUEUE" and old_options[option.name]
      if new then found(option, text(option.name) .. " is of the time before pools; now " .. new .. " says it", options) end
    end
  end,
}

check "jobcontroller.periodic-job-deprecated" {
  title    = "a periodic job stands in job_controller.cnf",
  severity = "info", over = "section", since = "6.0",
  why      = "from 6.0 on local.schedule.* starts such jobs; where both do, the job runs twice",
  fix      = "move the job to local.schedule.NAME (configutil, then refresh sched) and remove the section" .. restart,
  cites    = "[doc A7] PERIODIC_JOB is deprecated",
  bad      = "[PERIODIC_JOB=return]",
  good     = "local.schedule.return_job = 30 0 * * * lib/return_job",
  test     = function(section, config)
    if section.type ~= "PERIODIC_JOB" or not at_least(config, "6.0") then return end
    local name = tostring(section.name):lower()
    local task = index(config.tasks, name) or index(config.tasks, name .. "_job")
    local says = task and task.is_enabled and task.crontab and ", and local.schedule." .. task.name .. " starts it, too" or ""
    found(section, "the job " .. text(section.name) .. " is started from job_controller.cnf" .. says)
  end,
}

local function has_periodic_return(config)
  for _, section in each(config.section) do
    if section.type == "PERIODIC_JOB" and tostring(section.name):lower():find("^return") then return true end
  end
  return false
end

local function is_switched_off(config, name)
  local setting = index(config.settings, name)
  return setting and setting.value and cnf.flag(setting.value) == false and setting
end

check "jobcontroller.no-return-job" {
  title    = "nothing runs the return job",
  severity = "error", over = "config", needs = { "job_controller.cnf" },
  why      = "the return job warns about and returns old mail and rolls mail.log over: without it undeliverable mail stays for ever",
  fix      = "set local.schedule.return_job (schedule.task:return_job.crontab) to \"30 0 * * * lib/return_job\"; then refresh sched",
  cites    = "[doc W15] tasks of the scheduler; [doc W34] mail.log",
  bad      = "no local.schedule.return_job and no [PERIODIC_JOB=return]",
  good     = "local.schedule.return_job = 30 0 * * * lib/return_job",
  test     = function(config)
    if has_periodic_return(config) or cnf.has_gaps(config, "job_controller.cnf") then return end
    if is_switched_off(config, "local.imta.enable") then return end
    if not config.unified and not config.read.configutil then
      -- Up to 5.x there is no other place for it.
      local at = before(config, "6.0") and cnf.place(config, "job_controller.cnf")
      if at then found(at, "there is no [PERIODIC_JOB=return]") end
      return
    end
    local off = is_switched_off(config, "local.sched.enable")
    if off then
      found(off, "the scheduler is off, and with it the return job")
      return
    end
    local task = index(config.tasks, "return_job")
    if task and not task.is_enabled then
      found(task, "the return job is switched off")
    elseif task and not task.crontab then
      found(task, "the return job has no times")
    elseif not task then
      -- A part of what there is says nothing of what is missing.
      local neighbour = index(config.tasks, "purge") or index(config.tasks, "expire")
      local misspelt = near("return_job", config.tasks)
      if neighbour or misspelt ~= "" then
        found(neighbour or cnf.place(config, "configutil"), "the return job is not scheduled")
      end
    end
  end,
}
