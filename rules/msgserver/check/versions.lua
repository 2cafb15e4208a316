-- What the version at hand does not know yet, or no longer.

check "version.keyword-too-new" {
  title    = "a channel keyword is newer than the product",
  severity = "error", over = "keyword", needs = { "imta.cnf" },
  why      = "a keyword that the version does not know is taken for the name of a group whose members alone may use the channel",
  fix      = "remove the keyword, or upgrade; then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc W31, W21, W28, W29] channel keywords by version; [doc A4] Administration Reference, channel keywords",
  bad      = "tcp_local smtp mx notificationchannel process_dsn   (5.2)",
  good     = "tcp_local smtp mx notificationchannel process_dsn   (6.2)",
  test     = function(keyword, config)
    local since = keyword.def and keyword.def.since
    if since and before(config, since) then
      found(keyword, text(keyword.name) .. " is there from " .. since .. " on, and this is " .. config.version.text,
            { scope = keyword.channel and index(config.channels, keyword.channel) or nil })
    end
  end,
}

-- Values that came later than their option.
local newer_values = {
  { "LOG_FORMAT", 4, "6.3" },
  { "LOG_FORMAT", 5, "8.0" },
}

check "version.option-too-new" {
  title    = "an option, a value of one or a mapping table is newer than the product",
  severity = "warning", over = "config",
  why      = "what a version does not know it ignores",
  fix      = "use what the version has, or upgrade; then `imsimta cnbuild` and `imsimta restart smtp`",
  cites    = "[doc W35, W36, W37, W38, W39] logging options; [doc N1] Release Notes, new features of the MTA; [doc M4] IP_ACCESS",
  bad      = "LOG_FORMAT=4   (6.1)",
  good     = "LOG_FORMAT=4   (6.3)",
  test     = function(config)
    if not config.version then return end
    local function too_new(node, what, since)
      found(node, what .. " is there from " .. since .. " on, and this is " .. config.version.text)
    end
    for _, option in each(config.option) do
      local since = option.def and option.def.since
      if since and before(config, since) then
        too_new(option, option.name, since)
      elseif option.file_kind == "option.dat" and option.number then
        for _, newer in ipairs(newer_values) do
          if option.name == newer[1] and option.number == newer[2] and before(config, newer[3]) then
            too_new(option, option.name .. "=" .. num(newer[2]), newer[3])
          end
        end
      end
    end
    for _, one in each(config.setting) do
      local since = one.def and not one.renamed and one.def.since
      if since and one.source == "configutil" and before(config, since) then too_new(one, one.name, since) end
    end
    local ip_access = index(config.tables, "IP_ACCESS")
    if ip_access and before(config, "6.3") then too_new(ip_access, "the mapping table IP_ACCESS", "6.3") end
  end,
}

check "version.renamed-parameter" {
  title    = "a parameter has the name that it has elsewhere",
  severity = "warning", over = "config",
  why      = "the product ignores a name that belongs to another version, or to the other kind of configuration",
  fix      = "set the name that this version has, and delete the other one; for imta.cnf then `imsimta cnbuild` and `imsimta restart job_controller`",
  cites    = "[doc A7] Administration Reference, Job Controller; [doc S2] SIMS reference; [doc K3, W1, W18] names of the Unified Configuration",
  bad      = "tcp_slow smtp mx queue SLOW",
  good     = "tcp_slow smtp mx pool SLOW_POOL",
  test     = function(config)
    for _, one in each(config.setting) do
      -- Of names without a type it is only known that they are there.
      if one.renamed and one.def and one.def.type and not one.has_own_check and not index(config.settings, one.renamed) then
        found(one, text(one.as_written or one.name) .. " is called " .. text(one.renamed) .. " here")
      end
    end
    for _, channel in each(config.channels) do
      local queue = channel.set and channel.set.queue
      if queue and not channel.set.pool and at_least(config, "5.1") then
        found(queue, "the keyword queue is called pool from 5.1 on", { scope = channel })
      end
    end
  end,
}

check "version.threaddepth-default-changed" {
  title    = "the default of threaddepth became smaller",
  severity = "info", over = "config", needs = { "imta.cnf" },
  why      = "the default went from 128 (5.x) to 10 (6.x): after an upgrade more connections are opened to one destination at a time",
  fix      = "set threaddepth on tcp_local, such as threaddepth 10; then `imsimta cnbuild` and `imsimta restart job_controller`",
  cites    = "[doc G3] Administration Guide 6.3, 12.5.8; [seen B2]",
  bad      = "tcp_local smtp mx",
  good     = "tcp_local smtp mx threaddepth 10",
  test     = function(config)
    local channel = index(config.channels, "tcp_local")
    if config.unified or not channel or channel.set.threaddepth or not at_least(config, "6.0") or not before(config, "7.0") then return end
    found(channel, "tcp_local has no threaddepth; the default was 128 in 5.x and is 10 now", { scope = channel })
  end,
}

-- Commands of old: what to look for, from which version on it is of no use, and what to type.
local commands = {
  { "imsimta qm messages", "6.3", "`imsimta qm messages` was replaced by `imsimta qm jobs`" },
  { "imsimta refresh", "6.0", "`imsimta refresh` stops everything and loses what the Job Controller knows of its queue; use cnbuild, reload and restart" },
  { "imsimta dirsync", "6.0", "there is no dirsync any more: the directory is asked directly" },
  { "imsimta process held", "5.0", "`imsimta process held` does not list held messages; use `imsimta qm directory -held`" },
  { "imsimta process_held", "5.0", "`imsimta process_held` is for the channel hold, not for .HELD files" },
}

check "version.removed-command" {
  title    = "a scheduled task uses a command that is no longer there",
  severity = "info", over = "config",
  why      = "the task does nothing, or harm",
  fix      = "put the current command into the schedule, then `refresh sched`",
  cites    = "[seed] queues by hand; [doc E1] imsimta refresh",
  bad      = "local.schedule.watch = 0 * * * * bin/imsimta qm messages tcp_local",
  good     = "local.schedule.watch = 0 * * * * bin/imsimta qm jobs",
  test     = function(config)
    local function look(node, line)
      line = (line or ""):gsub("%s+", " ")
      for _, command in ipairs(commands) do
        if line:find(command[1], 1, true) and at_least(config, command[2]) then found(node, command[3]) end
      end
    end
    for _, task in each(config.task) do look(task, task.command) end
    for _, section in each(config.section) do
      local command = section.type == "PERIODIC_JOB" and section.set and section.set.COMMAND
      if command then look(command, command.value) end
    end
  end,
}

-- Keywords that say whether the postmaster gets copies.
local copies = { "copysendpost", "errsendpost", "nosendpost", "sendpost", "copywarnpost", "errwarnpost", "nowarnpost", "warnpost" }

check "version.postmaster-default-changed" {
  title    = "whether the postmaster gets copies is left to the version",
  severity = "info", over = "config", needs = { "imta.cnf" },
  why      = "the built-in default went from copies to none, so an upgrade changes what the postmaster sees",
  fix      = "write it in the defaults line (nosendpost nowarnpost, say); then `imsimta cnbuild` and `imsimta restart job_controller`",
  cites    = "[doc W32, W33] sendpost and warnpost keywords",
  bad      = "defaults logging notices 1 2 4 7",
  good     = "defaults logging notices 1 2 4 7 nosendpost nowarnpost",
  test     = function(config)
    if config.unified or not config.is_whole then return end
    local first
    for _, channel in each(config.channels) do
      for _, name in ipairs(copies) do
        if channel.set[name] then return end
      end
      first = first or channel
    end
    if first then found(first, "no channel says whether the postmaster gets copies of notifications (sendpost, warnpost)") end
  end,
}
