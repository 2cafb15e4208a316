-- Where things lie and what tools are called on this version. nil where that is not known: a step then stands without a command.
-- 5.x lies below a server root that each site chose, 6.x on Solaris in /opt/SUNWmsgsr, 7 and 8 in /opt/sun/comms/messaging64.
local function version(x) return value(x.host, "version_num", 0) end

local function base(x)
  if version(x) >= 700 then return "/opt/sun/comms/messaging64" end
  if version(x) >= 600 then return "/opt/SUNWmsgsr" end
  return nil
end

-- `format` with the base in place of each %s.
local function line(x, format)
  local root = base(x)
  return root and (format:gsub("%%s", root)) or nil
end

-- Folders below the base. 5.x: below the instance, which each site named; where the version is not known only the folder's name is.
local folders = {
  queue  = { "data/queue", "imta/queue" },
  log    = { "log", "log/imta" },
  config = { "config", "imta/config" },
  store  = { "data/store", "store" },
}

return {
  line = line,

  -- A folder of the product by its name (queue, log, config, store); a person fills in what is in < >.
  folder = function(x, name)
    local root = base(x)
    if root then return root .. "/" .. folders[name][1] end
    if version(x) >= 500 then return "<server-root>/msg-<instance>/" .. folders[name][2] end
    return "<" .. name .. " folder>"
  end,

  -- A tool of the product with its arguments: tools lie in sbin in 6.x, in bin from 7 on, in the instance's folder in 5.x.
  tool = function(x, words)
    local root = base(x)
    if not root then return words end
    return root .. (version(x) >= 700 and "/bin/" or "/sbin/") .. words
  end,

  -- Whether this version has what came with `first` and went with `last` (both by version_num; nil: no end). True where it is not known.
  has = function(x, first, last)
    return version(x) == 0 or version(x) >= first and (last == nil or version(x) < last)
  end,

  -- The newest logs of the programs first.
  newest_logs = function(x) return line(x, "ls -lt %s/log") end,

  -- The file that says in which state stored is.
  stored_state = function(x)
    return line(x, version(x) >= 603 and "cat %s/data/proc/store" or "cat %s/config/pidfile.store")
  end,

  -- State of the store's database: imcheck came with 6.3.
  database_state = function(x)
    if version(x) >= 603 then return command("imcheck -s") end
    return line(x, "%s/lib/stored -t -v")
  end,

  -- Sessions can be listed from 6.0 on, and ended from 6.3 on.
  lists_sessions = function(x) return version(x) == 0 or version(x) >= 600 end,
  ends_sessions = function(x) return version(x) >= 603 end,
}
