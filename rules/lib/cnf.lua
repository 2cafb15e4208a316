-- What checks of several files of a configuration ask alike. Nothing here reads facts.

-- 0/1, yes/no, on/off, true/false; nil: something else.
local flags = { ["1"] = true, yes = true, on = true, ["true"] = true, ["0"] = false, no = false, off = false, ["false"] = false }

local function flag(value)
  return flags[tostring(value):lower()]
end

return {
  flag = flag,

  -- Whether an option is there and switches something on.
  is_on = function(option)
    if not option then return false end
    if option.number then return option.number ~= 0 end
    return flag(option.value) == true
  end,

  -- Whether an option that is not there may stand there misspelt: another check tells that.
  is_misspelt = function(options, name)
    if index(options, name) then return false end
    for _, option in each(options) do
      if not option.def and near(option.name, { name }) ~= "" then return true end
    end
    return false
  end,

  -- The number of an option, or what holds where it is not set.
  number = function(option, default)
    if not option then return default end
    return option.number
  end,

  -- The place to speak of something that is not in a file: the file itself, or what stands for it in a Unified Configuration.
  place = function(config, kind)
    for _, file in each(config.file) do
      if file.kind == kind then return file end
    end
    for _, file in each(config.file) do
      if file.kind == "msconfig" or file.kind == "config.xml" then return file end
    end
    return nil
  end,

  -- A section of a file that is there twice. (job_controller.cnf, dispatcher.cnf)
  tell_repeated = function(section, file_kind)
    if section.file_kind == file_kind and section.repeated then
      found(section, "the section " .. text(section.type) .. "=" .. text(section.name) .. " was there before")
    end
  end,

  -- Some of the file was not read, so that nothing can be said of what is not there.
  has_gaps = function(config, kind)
    for _, include in each(config.include) do
      if include.file_kind == kind and not include.is_read then return true end
    end
    return false
  end,

  -- "a", "a and b", "a, b and 3 more"
  list = function(names)
    local n = #names
    if n > 4 then return table.concat(names, ", ", 1, 3) .. " and " .. num(n - 3) .. " more" end
    if n > 1 then return table.concat(names, ", ", 1, n - 1) .. " and " .. names[n] end
    return names[1]
  end,

  -- The limit of processes of a pool, nil where it is not known.
  job_limit = function(config, pool)
    local section = index(config.pools, pool)
    local limit = section and section.set.JOB_LIMIT or config.jc.JOB_LIMIT
    return section and limit and limit.number
  end,
}
