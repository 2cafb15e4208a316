-- Options of option.dat and their meaning: logging, notifications, delivery.

local restart = "; then imsimta cnbuild and imsimta restart smtp"

-- ---- DELIVERY_OPTIONS

-- Names of the clauses, without the characters before them that say when they hold.
local function clauses(value)
  local names = {}
  for part in value:gmatch("[^,]+") do
    local name = part:match("^[^%w]*([%w_-]+)%s?=")
    if name then names[#names + 1] = name:lower() end
    if #names == 2 then break end
  end
  return names
end

local function lost_a_clause(config)
  for _, fault in each(config.fault) do
    if fault.kind == "clause-read-as-comment" then return true end
  end
  return false
end

check "option.delivery-options-order" {
  title    = "DELIVERY_OPTIONS does not begin with mailbox and members",
  severity = "error", over = "config", needs = { "option.dat" },
  why      = "the first two clauses have a meaning of their own, delivery to the mailbox and expansion of groups; with others in their place local delivery breaks",
  fix      = "begin with the clauses mailbox and members and put those of the site behind them" .. restart,
  cites    = "[doc W3] DELIVERY_OPTIONS",
  bad      = "DELIVERY_OPTIONS=vip=$M@vip-daemon,*mailbox=$M%$\\$2I$_+$2S@ims-ms-daemon",
  good     = "DELIVERY_OPTIONS=*mailbox=$M%$\\$2I$_+$2S@ims-ms-daemon,&members=*",
  test     = function(config)
    local option = config.options.DELIVERY_OPTIONS
    if not option or not option.value or #option.value > 4000 or lost_a_clause(config) then return end
    local names = clauses(option.value)
    if #names < 2 or (names[1] == "mailbox" and names[2] == "members") then return end
    found(option, "DELIVERY_OPTIONS begins with " .. text(names[1]) .. " and " .. text(names[2]) .. ", not with mailbox and members")
  end,
}

-- ---- RETURN_UNITS

local keywords = { "notices", "normalnotices", "urgentnotices", "nonurgentnotices" }

-- The last age of a keyword, as written.
local function last_age(keyword)
  local last
  for _, arg in each(keyword.args) do last = tonumber(arg.text) end
  return last
end

-- A channel whose ages, meant as days, are hours now: one that follows `defaults`, or tcp_local. Others may well give up after some hours.
local function channel_with_days(config)
  for _, ch in each(config.channels) do
    local keyword = ch.set.notices
    local last = keyword and last_age(keyword)
    if last and last < 24 and (keyword.on == "defaults" or ch.name == "tcp_local") then return ch, last end
  end
  return nil
end

-- "30 0 * * * lib/return_job" runs once a day.
local function is_hourly(crontab)
  local words = {}
  for word in crontab:gmatch("%S+") do words[#words + 1] = word end
  local hours = words[2]
  return not hours or hours == "*" or hours == "*/1" or hours == "0-23" or select(2, hours:gsub(",", ",")) >= 11
end

-- What runs the return job less than hourly.
local function slow_return_job(config)
  local task = index(config.tasks, "return_job")
  if task and task.is_enabled and task.crontab then return not is_hourly(task.crontab) and task end
  for _, section in each(config.section) do
    if section.type == "PERIODIC_JOB" and same_name(section.name, "return") then
      local every = tostring(section.set.TIME and section.set.TIME.value):match("/(.*)$") or ""
      local hours, minutes = every:match("^(%d+):(%d+)$")
      return hours and tonumber(hours) * 60 + tonumber(minutes) > 60 and section.set.TIME
    end
  end
  return nil
end

check "option.return-units-mismatch" {
  title    = "the ages of notices and RETURN_UNITS do not fit together",
  severity = "error", over = "config", needs = { "imta.cnf", "option.dat" },
  why      = "RETURN_UNITS=1 makes hours of the ages in notices, 0 days: mail is returned after a few hours, or kept for months; hours need a return job that runs each hour",
  fix      = "write the ages in the unit that RETURN_UNITS says and run the return job hourly for hours; then imsimta cnbuild and imsimta restart job_controller",
  cites    = "[doc W19] notices and RETURN_UNITS",
  bad      = "RETURN_UNITS=1 with notices 1 2 4 7",
  good     = "RETURN_UNITS=1 with notices 24 48 96 168",
  hides    = { "channel.notices-too-long" },
  test     = function(config)
    local option = config.options.RETURN_UNITS
    if option and option.number == 1 then
      local ch, last = channel_with_days(config)
      if ch then
        found(option, "RETURN_UNITS=1 means hours, and mail in " .. text(ch.name) .. " is returned after " .. num(last))
        return
      end
      local job = slow_return_job(config)
      if job then found(option, "RETURN_UNITS=1 means hours, and the return job (" .. text(job.value) .. ") does not run each hour") end
    elseif not option or option.number == 0 then
      for _, ch in each(config.channels) do
        for _, name in ipairs(keywords) do
          local keyword = index(ch.set, name)
          local last = keyword and last_age(keyword)
          if last and last > 60 then found(keyword, "the last age of " .. text(name) .. " is " .. num(last) .. " days; RETURN_UNITS is not 1") end
        end
      end
    end
  end,
}

-- ---- logging

check "option.log-connection-off" {
  title    = "connections are not logged",
  severity = "info", over = "config", needs = { "option.dat" },
  why      = "without the records of connections nothing tells why a destination is stuck",
  fix      = "set LOG_CONNECTION=3 (or 7) and SEPARATE_CONNECTION_LOG=1" .. restart,
  cites    = "[doc P26] LOG_CONNECTION; [seed]",
  bad      = "LOG_CONNECTION=0",
  good     = "LOG_CONNECTION=3",
  test     = function(config)
    local option = config.options.LOG_CONNECTION
    local at = option or cnf.place(config, "option.dat")
    if at and cnf.number(option, 0) == 0 then found(at, option and "LOG_CONNECTION is 0" or "LOG_CONNECTION is not set") end
  end,
}

check "option.log-ids-off" {
  title    = "records of the log cannot be put together",
  severity = "info", over = "config", needs = { "option.dat" },
  why      = "without ids of messages and processes the records of one message cannot be told from those of another",
  fix      = "set LOG_MESSAGE_ID=1 and LOG_PROCESS=1, and tell those whose programs read the log" .. restart,
  cites    = "[doc W35, W36] LOG_MESSAGE_ID, LOG_PROCESS",
  bad      = "LOG_MESSAGE_ID=0",
  good     = "LOG_MESSAGE_ID=1\nLOG_PROCESS=1",
  test     = function(config)
    if (cnf.number(config.options.LOG_FORMAT, 1) or 1) > 3 then return end -- XML and JSON have them
    local off = {}
    for _, name in ipairs({ "LOG_MESSAGE_ID", "LOG_PROCESS" }) do
      local option = index(config.options, name)
      if not cnf.is_on(option) and not cnf.is_misspelt(config.options, name) then off[#off + 1] = name end
    end
    local at = #off > 0 and (index(config.options, off[1]) or cnf.place(config, "option.dat"))
    if at then found(at, cnf.list(off) .. (#off > 1 and " are off" or " is off")) end
  end,
}

check "option.debug-on" {
  title    = "a debugging option is on",
  severity = "warning", over = "option", needs = { "option.dat" },
  why      = "debugging fills disks and slows the MTA",
  fix      = "remove the option when the diagnosis is done" .. restart,
  cites    = "[seen R1, R2] debugging sets, to be taken back",
  bad      = "MM_DEBUG=10",
  good     = "! MM_DEBUG=10",
  test     = function(option, config)
    if option.file_kind ~= "option.dat" or not option.name:find("_DEBUG$") or not option.number or option.number <= 0 then return end
    local last = index(config.options, option.name)
    if last and last.number == option.number then found(option, text(option.name) .. " is " .. num(option.number)) end
  end,
}

check "option.syslog-only-logging" {
  title    = "transactions go to syslog only",
  severity = "warning", over = "config", needs = { "option.dat" },
  why      = "a negative LOG_MESSAGES_SYSLOG turns mail.log_current off, and with it every later diagnosis",
  fix      = "make the value positive: syslog as well as the files" .. restart,
  cites    = "[doc L1] logging to syslog",
  bad      = "LOG_MESSAGES_SYSLOG=-20",
  good     = "LOG_MESSAGES_SYSLOG=20",
  test     = function(config)
    local option = config.options.LOG_MESSAGES_SYSLOG
    if option and option.number and option.number < 0 then found(option, "LOG_MESSAGES_SYSLOG is " .. num(option.number)) end
  end,
}

-- ---- limits

check "option.negative-mime-limit" {
  title    = "messages with many parts are held",
  severity = "info", over = "config", needs = { "option.dat" },
  why      = "where the limit is negative a message beyond it becomes .HELD and waits for somebody",
  fix      = "make sure that this is meant and somebody looks for held messages, or use a positive limit" .. restart,
  cites    = "[doc W4] why messages are held",
  bad      = "MAX_MIME_PARTS=-50",
  good     = "MAX_MIME_PARTS=500",
  test     = function(config)
    for _, name in ipairs({ "MAX_MIME_LEVELS", "MAX_MIME_PARTS" }) do
      local option = index(config.options, name)
      if option and option.number and option.number < 0 then found(option, text(name) .. " is " .. num(option.number)) end
    end
  end,
}

check "option.block-size-changed" {
  title    = "blocks are not of 1024 bytes",
  severity = "warning", over = "config", needs = { "option.dat" },
  why      = "all limits in blocks and the sizes in the log change their meaning, and a very small block may overflow them",
  fix      = "remove BLOCK_SIZE and count in blocks of 1024 bytes" .. restart,
  cites    = "[doc P24] BLOCK_SIZE",
  bad      = "BLOCK_SIZE=100",
  good     = "BLOCK_SIZE=1024",
  test     = function(config)
    local option = config.options.BLOCK_SIZE
    if option and option.number and option.number > 0 and option.number ~= 1024 then
      found(option, "BLOCK_SIZE is " .. num(option.number) .. ", not 1024")
    end
  end,
}

check "option.spamfilter-not-optional" {
  title    = "mail stops when the filter stops",
  severity = "warning", over = "option", needs = { "option.dat" },
  why      = "while the filter does not answer every message is refused for the time being (4xx)",
  fix      = "set SPAMFILTERn_OPTIONAL=1 (or -2, 2, as the release has it)" .. restart,
  cites    = "recalled from the description of SPAMFILTERn_OPTIONAL",
  bad      = "SPAMFILTER1_LIBRARY=/opt/site/lib/libfilter.so",
  good     = "SPAMFILTER1_LIBRARY=/opt/site/lib/libfilter.so\nSPAMFILTER1_OPTIONAL=1",
  test     = function(option, config)
    local number = option.file_kind == "option.dat" and option.name:match("^SPAMFILTER(%d*)_LIBRARY$")
    if not number or not option.value or option.repeated then return end
    local name = "SPAMFILTER" .. number .. "_OPTIONAL"
    local optional = index(config.options, name)
    if cnf.is_on(optional) then return end
    found(optional or option, optional and text(name) .. " is " .. text(optional.value or "empty") or text(option.name) .. " is set and " .. text(name) .. " is not")
  end,
}

local tables = {
  { name = "CHANNEL_TABLE_SIZE", what = "channels", of = "channels" },
  { name = "DOMAIN_HASH_SIZE", what = "rewrite rules", of = "rule" },
  { name = "ALIAS_HASH_SIZE", what = "aliases", of = "alias" },
}

check "option.table-size-5x" {
  title    = "a table of the compiled configuration is nearly full",
  severity = "info", over = "config", needs = { "option.dat" },
  why      = "up to 5.x these tables do not grow by themselves; when one is full cnbuild ends with \"no room in ...\"",
  fix      = "run imsimta cnbuild -noimage_file -maximum -option_file, then imsimta cnbuild, and restart",
  cites    = "[doc P27] sizes of tables; [doc W43]",
  bad      = "ALIAS_HASH_SIZE=1000 (with 900 aliases)",
  good     = "ALIAS_HASH_SIZE=5000",
  test     = function(config)
    if not before(config, "6.0") then return end
    for _, t in ipairs(tables) do
      local option, n = index(config.options, t.name), count(index(config, t.of))
      if option and option.number and option.number > 0 and n * 5 > option.number * 4 then
        found(option, "there are " .. num(n) .. " " .. t.what .. ", and " .. text(t.name) .. " is " .. num(option.number))
      end
    end
  end,
}
