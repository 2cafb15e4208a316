-- Calendar Server: where things lie on this version, the tools, and the steps that recoveries share (domain/calendar-db 1.1 and 7).
local function version(x) return value(x.host, "cal_version_num", 602) end

-- The packages of Linux lie below another folder; ics.conf names it where the paths are those of the installation.
local function is_linux(x)
  for _, path in ipairs { "cal_csdb_path", "cal_hotbackup_path", "cal_archive_path" } do
    if value(x.host, path, ""):find("/opt/sun/calendar", 1, true) then return true end
  end
  return false
end

local function below(x, solaris, linux) return is_linux(x) and linux or solaris end
local function var(x) return below(x, "/var/opt/SUNWics5", "/var/opt/sun/calendar") end
local function base(x) return below(x, "/opt/SUNWics5/cal", "/opt/sun/calendar/cal") end
-- 5.x keeps its utilities, and its configuration below them, in bin; 6.x in sbin.
local function programs(x) return base(x) .. (version(x) < thresholds.first_calendar_sbin and "/bin" or "/sbin") end
local function tools(x) return version(x) < thresholds.first_calendar_sbin and programs(x) or base(x) .. "/tools/unsupported/bin" end

local function path_or(x, fact, otherwise)
  local path = value(x.host, fact, "")
  return path:sub(1, 1) == "/" and path or otherwise
end

local function csdb(x) return path_or(x, "cal_csdb_path", var(x) .. "/csdb") end
local function logs(x) return var(x) .. "/logs" end
local function hot(x) return path_or(x, "cal_hotbackup_path", "HOTBACKUP") end
local function archive(x) return path_or(x, "cal_archive_path", "ARCHIVE") end
local function conf(x)
  if version(x) < thresholds.first_calendar_sbin then return programs(x) .. "/config/ics.conf" end
  return below(x, "/etc/opt/SUNWics5/config/ics.conf", "/etc/opt/sun/calendar/config/ics.conf")
end

-- The folder in which csdb lies: copies go beside it.
local function beside(x, name) return csdb(x):match("^(.*)/[^/]*$") .. "/" .. name end

-- A utility of the product: it must be started from its own folder.
local function tool(x, format, ...) return command("cd %s && ./" .. format, programs(x), ...) end

-- A tool of Berkeley DB as it was shipped, with its own library: another version of it spoils the regions.
local function bdb(x, format, ...)
  return command("cd %s && LD_LIBRARY_PATH=%s ./" .. format, tools(x), base(x) .. "/lib", ...)
end

local function join(...)
  local all = {}
  for _, steps in ipairs { ... } do
    for _, step in ipairs(steps) do all[#all + 1] = step end
  end
  return all
end

local files = "alarms calprops deletelog events gse journals recurring todos"

local function verify_all(x, folder)
  return command("cd %s && LD_LIBRARY_PATH=%s && export LD_LIBRARY_PATH && for f in " .. files
                   .. "; do ./db_verify -h %s ics50$f.db; echo $f rc=$?; done", tools(x), base(x) .. "/lib", folder)
end

local function stop(x)
  return {
    { "Stop the calendar", tool(x, "stop-cal") },
    { "See that none of its processes is left (csstored and children of a daemon, too); end what is left over by its number, and go on only when nothing is",
      "ps -ef | egrep 'enpd|csstored|csnotifyd|csadmind|csdwpd|cshttpd|watcher'" },
  }
end

local function freeze(x)
  return join({
    { "Make a private folder for what the tools print, in the shell that you go on with; go on only if it was made",
      command("WORK=%s.$$; (umask 077; mkdir \"$WORK\")", beside(x, "work")) },
  }, stop(x), {
    { "See that the disk holds as much again as csdb", command("df -k %s", csdb(x)) },
    { "Copy all of csdb as it is: files, logs (log.*), regions and ics50caldb.conf; without this copy nothing else is allowed",
      command("cp -Rp %s %s", csdb(x), csdb(x) .. ".SAVE") },
    { "Keep the logs of the server and of its tools", command("cp -p %s/*.log %s/admin.log \"$WORK\"", logs(x), csdb(x)) },
  })
end

-- What is damaged, seen on a second copy: never on csdb itself.
local function classify(x)
  local copy = csdb(x) .. ".db_verify"
  return {
    { "Make a second copy for the tools", command("cp -Rp %s %s", csdb(x), copy) },
    { "Replay the logs there first: without that a verification may call a good file bad, or a bad one good",
      bdb(x, "db_recover -v -h %s", copy) },
    { "Verify every file of that copy", verify_all(x, copy) },
    { "Look for entries that contradict one another", tool(x, "csdb check %s > \"$WORK/check.out\" 2>&1", copy) },
  }
end

-- The three tests that a recovered folder must pass: recover came before, then verify and list.
local function accept(x, folder)
  local copy = folder .. ".db_verify"
  return {
    "First test: recovery ended without a complaint (exit status 0 is needed and is not enough; `No log files found` is no success)",
    { "Second test: every file verifies, on a copy of it", command("cp -Rp %s %s", folder, copy) },
    { "All of them say that they are good (rc=0)", verify_all(x, copy) },
    { "Third test: its entries are listed to the end, and their number is what you expect", tool(x, "csdb -v list %s > \"$WORK/list.out\" 2>&1", folder) },
  }
end

local function owner(x) return value(x.host, "csdb_owner", "icsuser") end

local function own(x)
  local user = owner(x)
  if user == "root" then user = "icsuser" end
  return { { "Give the files to the server's user", command("chown -R %s:icsgroup %s", user, csdb(x)) } }
end

local function start(x)
  local steps = { { "Start the calendar", tool(x, "start-cal") } }
  if version(x) >= thresholds.first_csstored_daemon then steps[#steps + 1] = { "csstored first: the others need it", "ps -ef | grep csstored" } end
  steps[#steps + 1] = { "Look for a new PANIC, for an hour", command("tail -f %s/admin.log %s/http.log %s/store.log", logs(x), logs(x), logs(x)) }
  return steps
end

local caches = "If csdb held the folders cld_cache or ldap_cache: copy these two over from what was moved away"

-- Puts a tested folder in the place of csdb.
local function swap(x, folder)
  return join({ { "Put it in the place of csdb, which is kept", command("mv %s %s && mv %s %s", csdb(x), csdb(x) .. ".BAD", folder, csdb(x)) }, caches }, own(x))
end

local function after(x)
  return {
    { "Take a backup of the recovered database", tool(x, "csbackup -f database %s", beside(x, "csbackup")) },
    "See that the next snapshot verifies (store.log), and write down what the cause was",
  }
end

local never = {
  live = "Never run csdb, db_recover or db_verify on csdb while any daemon is up, csstored and left-over children included",
  logs = "Never delete or move log.* in csdb, however old, not even on a full disk: the database may be beyond recovery then",
  regions = "Never delete __db.* while a process is attached, nor before a normal recovery has run: committed changes would be lost without any error",
  part = "Never restore single .db files: files and logs of a backup form one set",
  only = "Never rebuild or salvage the only copy; csdb without a folder works in the current one, and -q does not ask",
  status = "Exit status 0 of db_recover or db_load proves nothing: verify, list, and compare the numbers",
  copy = "A copy of csdb that was taken with cp, tar or a snapshot while the calendar ran is no backup",
  evidence = "A restart destroys what the hung process could tell: gather it first",
  csadmind = "Do not leave the server running without csadmind: nothing is checkpointed then",
  folders = "Hot backup and archive must have folders of their own",
}

local function warn(...)
  local list = {}
  for _, name in ipairs { ... } do list[#list + 1] = never[name] end
  return list
end

return {
  version = version, csdb = csdb, logs = logs, hot = hot, archive = archive, conf = conf, beside = beside, var = var,
  tool = tool, bdb = bdb, join = join, stop = stop, freeze = freeze, classify = classify, accept = accept, own = own, start = start,
  swap = swap, caches = caches, verify_all = verify_all, after = after, warn = warn, base = base,

  -- This version keeps its calendars in csdb (where that is not known, it does).
  has_csdb = function(x)
    return value(x.host, "cal_uses_csdb", true) and version(x) < thresholds.first_without_csdb
  end,
}
