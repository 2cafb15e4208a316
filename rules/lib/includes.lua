-- Files that others include with "<".
local function base(path) return #path < 1000 and path:match("([^/:]*)$") or path end

-- What the product itself brings; a site does not keep it beside its own files, and no channel or table stands in it.
local shipped = { ["internet.rules"] = true, ["maximum.dat"] = true }

return {
  base = base,
  is_shipped = function(path) return shipped[base(path)] == true end,

  -- Whether all channels are known: imta.cnf as a whole, or what msconfig shows of all of them.
  has_channels = function(config) return config.is_whole or index(config.channels, "l") ~= nil end,

  -- Whether files of this kind ("imta.cnf", "mappings") have parts that were not read, so that what is missed may stand there.
  are_open = function(config, kind)
    for _, include in each(config.include) do
      if include.file_kind == kind and not include.is_read and include.path and not shipped[base(include.path)] then return true end
    end
    return false
  end,
}
