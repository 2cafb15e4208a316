-- The Unified Configuration: config.xml, recipes, sessions of msconfig, and what msconfig does not check.

check "unified.both-configurations" {
  title    = "text files stand beside a config.xml",
  severity = "warning", over = "file.ignored",
  why      = "with a config.xml the product does not look at the text files, so what is changed in them has no effect",
  fix      = "make the change with `msconfig set`, and move the text files away; or go back to them with `configure --noxml`",
  cites    = "[inferred] from [doc U2] Unified Configuration, commands",
  bad      = "(imta.cnf was edited after config.xml)",
  good     = "(the text files are archived)",
  test     = function(file, config)
    if file.kind ~= "imta.cnf" and file.kind ~= "option.dat" then return end
    local own
    for _, one in each(config.file) do
      if one.kind == "config.xml" and one.mtime then own = own or one end
    end
    if own and file.mtime then
      if file.mtime > own.mtime then
        found(file, text(file.base) .. " was changed after config.xml, and the product does not look at it")
      end
    elseif file.kind == "imta.cnf" then
      -- When it was changed is not known here.
      found(file, text(file.base) .. " stands beside a config.xml, and the product does not look at it", { severity = "info" })
    end
  end,
}

check "unified.hand-edited" {
  title    = "config.xml is damaged",
  severity = "warning", over = "fault", needs = { "config.xml" },
  why      = "msconfig writes config.xml; an error of form comes from an editor, and what stands behind it is not read",
  fix      = "take the last good one back (`msconfig history`, `msconfig revert`), and make changes with msconfig only",
  cites    = "[doc W2] Unified Configuration",
  bad      = "<role><mta>...</role>",
  good     = "<role><mta>...</mta></role>",
  test     = function(fault)
    if fault.file_kind == "config.xml" then found(fault, "config.xml is not as msconfig writes it: " .. text(fault.says)) end
  end,
}

check "unified.multi-arg-unquoted" {
  title    = "a value of several words has no quotation marks",
  severity = "error", over = "statement",
  why      = "an option takes one value; of several words without quotation marks only the first is taken, or none",
  fix      = "put the whole value in quotation marks",
  cites    = "[doc W6] Unified Configuration, channel keywords",
  bad      = "set channel:l.notices 1 2 4 7",
  good     = "set channel:l.notices \"1 2 4 7\"",
  test     = function(statement)
    if statement.is_split_value and not statement.is_function then
      found(statement, "the value of " .. text(statement.path) .. " has " .. num(statement.n_args) .. " words without quotation marks")
    end
  end,
}

check "unified.options-group-typo" {
  title    = "an option of a channel has a name that nobody knows",
  severity = "warning", over = "option",
  why      = "msconfig holds names in the options group of a channel against no schema; a misspelt one is kept and does nothing",
  fix      = "unset it and set the right name, then `msconfig write` (and `imsimta cnbuild` where a compiled configuration is in use)",
  cites    = "[doc W13] channel options in the Unified Configuration",
  bad      = "channel:tcp_local.options.MAX_CLIENT_THREAD = 30",
  good     = "channel:tcp_local.options.MAX_CLIENT_THREADS = 30",
  test     = function(option, config)
    if not config.unified or option.file_kind ~= "channel_option" or option.def or not option.name then return end
    local names = config.option_names and index(config.option_names, "channel_option")
    local meant = near(option.name, names)
    -- The table of names is not the whole list, so one that is like none is only a hint.
    found(option, text(option.as_written or option.name) .. " is no option of a channel that is known" .. meant, { severity = meant == "" and "info" or nil })
  end,
}

check "unified.unsaved-changes" {
  title    = "a session of msconfig ends with changes that were not written",
  severity = "info", over = "session",
  why      = "the prompt `msconfig#` says that there are changes; without `write` they are lost when the session ends",
  fix      = "enter `write`",
  cites    = "[doc W6] Unified Configuration",
  bad      = "msconfig# ",
  good     = "msconfig# write",
  test     = function(session)
    if session.unsaved then found(session.unsaved, "the session ends at msconfig#: its changes were not written") end
  end,
}

-- Keywords that name a channel which falls back to another where it does not exist.
local fall_back = { "notificationchannel", "dispositionchannel" }

check "unified.reference-dangling" {
  title    = "the Unified Configuration names something that is not there",
  severity = "error", over = "config",
  why      = "msconfig checks types, not whether a pool or channel exists: requests for an unknown pool are ignored and mail stays queued, an "
             .. "address that leads to no channel is refused, notifications go to the channel process",
  fix      = "correct the name, or define what it names (msconfig set job_controller.job_pool:NAME.job_limit 4), `msconfig write`, and "
             .. "`imsimta restart job_controller` for a pool, `imsimta cnbuild` and `imsimta restart smtp` for a channel",
  cites    = "[doc G1] Administration Guide 6.3, 10.4.8; [doc G7]; [doc G26] 12.10",
  bad      = "role.channel:tcp_slow.pool = SLOW_POOL",
  good     = "role.channel:tcp_slow.pool = SLOW_POOL\nrole.job_controller.job_pool:SLOW_POOL.job_limit = 4",
  hides    = { "channel.pool-undefined", "rewrite.unreachable-channel", "channel.notificationchannel-missing", "channel.dispositionchannel-missing" },
  test     = function(config)
    if not config.unified then return end
    for _, channel in each(config.channels) do
      local pool = channel.set and channel.set.pool
      if pool and pool.arg and count(config.pools) > 0 and not index(config.pools, pool.arg:upper()) then
        found(pool, "the pool " .. text(pool.arg) .. " of the channel " .. text(channel.name) .. " is defined nowhere" .. near(pool.arg, config.pools),
              { scope = channel })
      end
      for _, name in ipairs(fall_back) do
        local keyword = channel.set and channel.set[name]
        if keyword and keyword.arg and not index(config.channels, keyword.arg:lower()) then
          found(keyword, name .. " of " .. text(channel.name) .. " names a channel that is not there, " .. text(keyword.arg)
            .. near(keyword.arg, config.channels), { scope = channel })
        end
      end
    end
    local tags = {}
    for _, channel in each(config.channels) do
      if channel.official_host then table.insert(tags, channel.official_host) end
    end
    for _, rule in each(config["rule.unresolved"]) do
      if not rule.is_channel_name then -- that is told by rewrite.tag-is-channel-name
        found(rule, "the rule for " .. text(rule.pattern) .. " leads to " .. text(rule.tag) .. ", which is the host of no channel" .. near(rule.tag, tags))
      end
    end
  end,
}
