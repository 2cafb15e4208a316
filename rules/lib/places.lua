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

return {
  line = line,

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
