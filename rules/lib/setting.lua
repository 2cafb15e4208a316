-- Values of configutil and of the Unified Configuration, by either name. For checks of a configuration; reads no facts.

local function get(config, name)
  local setting = index(config.settings, name)
  if setting and not setting.is_suppressed then return setting end
  return nil
end

return {
  get = get,

  -- Switched on, switched off; neither where it is not set, or not to be read.
  is_on = function(setting) return setting ~= nil and setting.number == 1 end,
  is_off = function(setting) return setting ~= nil and setting.number == 0 end,

  -- "local.store.overquotastatus" as this configuration calls it.
  name = function(config, legacy, unified) return config.unified and unified or legacy end,

  -- How to set it.
  command = function(config, legacy, unified, value)
    if config.unified then return "`msconfig set " .. unified .. " " .. value .. "`" end
    return "`configutil -o " .. legacy .. " -v " .. value .. "`"
  end,
}
