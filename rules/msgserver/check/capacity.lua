-- How much goes through: processes, threads, connections.

local restart = "; then imsimta restart job_controller"

local many = 1000 -- connections to the outside that are worth a thought
local too_many = 2000 -- and that firewalls and descriptors seldom bear
local threads_most = 100 -- of one process; more has a check of its own (chanopt.max-client-threads-range)
local per_thread = 600 -- messages that a thread sends in an hour

local function first(list)
  return list and list[1]
end

-- Processes of a channel, nil where the limit of its pool is not known.
local function processes(ch, config)
  local maxjobs = ch.set.maxjobs and tonumber(ch.set.maxjobs.arg) or 100
  local pool = first(config.pool)
  local limit = cnf.job_limit(config, ch.pool or pool and pool.name)
  return limit and math.min(maxjobs, limit)
end

local function threads(ch)
  local options = ch.options
  if ch.name:find("^ims%-ms") then return cnf.number(options and options.DELIVER_THREADS, 15) end
  if ch.is_tcp or ch.is_smtp or ch.is_lmtp then return cnf.number(options and options.MAX_CLIENT_THREADS, 10) end
  return 1
end

local function severity_of(connections)
  return connections > too_many and "warning" or "info"
end

-- Connections, or deliveries at once.
local function capacity(ch, config)
  local n, each_has = processes(ch, config), threads(ch)
  return n and each_has and n * each_has
end

local function sends(ch)
  return (ch.is_tcp or ch.name:find("^ims%-ms")) and not ch.set.slave
end

-- The most that a pool may do at once: its processes go to the channels with the most threads.
local function capacity_of_pool(config, limit, members)
  local left, sum = limit, 0
  table.sort(members, function(a, b) return a.threads > b.threads end)
  for _, member in ipairs(members) do
    local n = math.min(left, member.processes)
    sum, left = sum + n * member.threads, left - n
  end
  return sum
end

check "capacity.outbound-connections" {
  title    = "a channel or a pool may open very many connections",
  severity = "warning", over = "config", needs = { "imta.cnf", "job_controller.cnf" },
  why      = "processes (the lesser of maxjobs and job_limit) times threads are connections, each with two descriptors and memory, and firewalls and receivers bear only so many",
  fix      = "lower one of maxjobs, job_limit and MAX_CLIENT_THREADS" .. restart,
  cites    = "[doc G2, G3] processes and threads; [seen B3] descriptors",
  bad      = "maxjobs 100, job_limit=100, MAX_CLIENT_THREADS=50",
  good     = "maxjobs 7, job_limit=10, MAX_CLIENT_THREADS=10",
  test     = function(config)
    local pools = {}
    for _, ch in each(config.channels) do
      local n = ch.is_tcp and sends(ch) and processes(ch, config)
      local each_has = n and threads(ch)
      if each_has and each_has > threads_most then
        pools[ch.pool or ""] = false
      elseif each_has and n * each_has > many then
        found(ch, text(ch.name) .. " may open " .. num(n * each_has) .. " connections (" .. num(n) .. " processes of " .. num(each_has) .. " threads)",
              { scope = ch, severity = severity_of(n * each_has) })
        pools[ch.pool or ""] = false
      elseif each_has and pools[ch.pool or ""] ~= false then
        local members = pools[ch.pool or ""] or {}
        members[#members + 1] = { processes = n, threads = each_has }
        pools[ch.pool or ""] = members
      end
    end
    for _, pool in each(config.pools) do
      local limit = pools[pool.name] and cnf.job_limit(config, pool.name)
      local sum = limit and capacity_of_pool(config, limit, pools[pool.name])
      if sum and sum > many then
        found(pool, "the channels of the pool " .. text(pool.name) .. " may open " .. num(sum) .. " connections together", { severity = severity_of(sum) })
      end
    end
  end,
}

check "capacity.outbound-too-small" {
  title    = "a channel gets more mail than it can send",
  severity = "warning", over = "config", needs = { "imta.cnf", "job_controller.cnf" },
  why      = "a thread sends some 600 messages in an hour; what comes beyond that waits",
  fix      = "raise job_limit, maxjobs or MAX_CLIENT_THREADS, or lower threaddepth, one step at a time" .. restart,
  cites    = "[seed] backlogs of performance; [seen B2]",
  bad      = "one process of 10 threads for 50000 messages in an hour",
  good     = "10 processes of 10 threads",
  test     = function(config)
    for name, arrived in each(config.facts and config.facts.arrived_1h) do
      local ch = index(config.channels, name)
      local most = ch and sends(ch) and capacity(ch, config)
      if most and arrived > most * per_thread then
        found(ch, text(name) .. " got " .. num(arrived) .. " messages in an hour and has " .. num(most) .. " threads", { scope = ch })
      end
    end
  end,
}

check "capacity.threaddepth-vs-backlog" {
  title    = "one destination uses few of the threads",
  severity = "info", over = "config", needs = { "imta.cnf", "job_controller.cnf" },
  why      = "another thread is asked for only when the messages for a host pass another multiple of threaddepth",
  fix      = "lower threaddepth of the channel; imsimta cache -change -channel=NAME -thread_depth=10 does it at once",
  cites    = "[doc G3] threaddepth",
  bad      = "threaddepth 128, with 200 messages for one host",
  good     = "threaddepth 10",
  test     = function(config)
    for _, destination in each(config.facts and config.facts.destinations) do
      local ch = index(config.channels, destination.channel)
      local keyword = ch and ch.is_tcp and ch.set.threaddepth
      local depth, files = keyword and tonumber(keyword.arg), destination.files or 0
      local most = depth and depth > 10 and files >= 100 and capacity(ch, config)
      if most and files / depth < most then
        found(keyword, "threaddepth " .. num(depth) .. " gives the " .. num(files) .. " messages for " .. text(destination.name) .. " " ..
              num(math.ceil(files / depth)) .. " of " .. num(most) .. " threads", { scope = ch })
      end
    end
  end,
}

check "capacity.stuck-destination" {
  title    = "one destination fills the channel to the Internet",
  severity = "info", over = "config", needs = { "imta.cnf" },
  why      = "messages that cannot be delivered take threads and time from all others in their channel",
  fix      = "send them through a channel of their own, with its own pool and a small maxjobs (tcp_slow), by a rewrite rule for the domain; then imsimta cnbuild and imsimta restart job_controller",
  cites    = "[seed] slow destinations",
  bad      = "slow.example reached by the rule \".\" alone",
  good     = "slow.example $U%$D@tcp_slow-daemon",
  test     = function(config)
    local ch = config.channels.tcp_local
    for _, destination in each(ch and config.facts and config.facts.destinations) do
      if destination.channel == "tcp_local" and not destination.is_routed and (destination.share_pct or 0) > 50 and (destination.oldest_s or 0) > 86400 then
        found(ch, text(destination.name) .. " has " .. num(destination.share_pct) .. " % of the messages in tcp_local, the oldest for " .. dur(destination.oldest_s), { scope = ch })
      end
    end
  end,
}

check "capacity.ims-threads" {
  title    = "there are more deliveries to the store at once than processors can do",
  severity = "info", over = "config", needs = { "imta.cnf", "job_controller.cnf" },
  why      = "ims-ms does not heed threaddepth and starts a thread for every five messages, up to job_limit times DELIVER_THREADS",
  fix      = "lower DELIVER_THREADS in ims-ms_option, or job_limit of its pool" .. restart,
  cites    = "[seen B4] threads of ims-ms",
  bad      = "job_limit=20, DELIVER_THREADS=60",
  good     = "job_limit=2, DELIVER_THREADS=15",
  test     = function(config)
    local cpus = config.facts and config.facts.cpus
    if not cpus then return end
    for name, ch in each(config.channels) do
      local most = name:find("^ims%-ms") and capacity(ch, config)
      if most and most > cpus * 8 then
        found(ch.options and ch.options.DELIVER_THREADS or ch,
              text(name) .. " delivers up to " .. num(most) .. " messages at once on " .. num(cpus) .. " processors", { scope = ch })
      end
    end
  end,
}

-- ---- the way in

local function takes(config, service)
  local conns = cnf.number(service.set.MAX_CONNS or config.dispatcher.MAX_CONNS, nil)
  local procs = cnf.number(service.set.MAX_PROCS or config.dispatcher.MAX_PROCS, nil)
  return conns, procs
end

check "capacity.dispatcher-total" {
  title    = "servers run out of descriptors",
  severity = "warning", over = "config", needs = { "dispatcher.cnf" },
  why      = "a service takes MAX_PROCS times MAX_CONNS connections, and each server needs descriptors for its MAX_CONNS; the log says that there were not enough",
  fix      = "lower MAX_CONNS and raise MAX_PROCS by as much, or raise the limit of descriptors; then imsimta restart dispatcher",
  cites    = "[doc B5] connections of a service",
  bad      = "MAX_CONNS=500 with 256 descriptors",
  good     = "MAX_CONNS=100, MAX_PROCS=20",
  test     = function(config)
    local lines = config.facts and config.facts.descriptor_lines or 0
    if lines == 0 then return end
    local worst, at
    for _, service in each(config.service) do
      local conns = takes(config, service)
      -- Fewer connections are not what a process runs out of descriptors by.
      if conns and conns > 100 and (not worst or conns > worst) then
        worst, at = conns, service.set.MAX_CONNS or config.dispatcher.MAX_CONNS
      end
    end
    if worst then found(at, "a server takes up to " .. num(worst) .. " connections, and the log says " .. num(lines) .. " times that descriptors ran out") end
  end,
}

check "capacity.inbound-exceeds-outbound" {
  title    = "far more mail may come in at once than go out",
  severity = "info", over = "config", needs = { "imta.cnf", "job_controller.cnf", "dispatcher.cnf" },
  why      = "where mail is taken much faster than it is delivered queues grow by design",
  fix      = "lower MAX_CONNS or MAX_PROCS, or raise job_limit, maxjobs and threads; restart what was changed (imsimta restart dispatcher, job_controller)",
  cites    = "inferred from [doc B5, G2]",
  bad      = "2000 connections in, 20 threads out",
  good     = "200 connections in, 100 threads out",
  test     = function(config)
    local inside, out, at = 0, 0, nil
    for _, service in each(config.service) do
      local conns, procs = takes(config, service)
      if conns and procs then inside, at = inside + conns * procs, at or service end
    end
    for _, ch in each(config.channels) do
      if sends(ch) then
        local most = capacity(ch, config)
        if not most then return end
        out = out + most
      end
    end
    if at and out > 0 and inside > 20 * out then
      found(at, num(inside) .. " connections may come in, and " .. num(out) .. " threads deliver")
    end
  end,
}

check "capacity.alias-cache" {
  title    = "the cache of directory entries is small for the users there are",
  severity = "info", over = "config", needs = { "option.dat" },
  why      = "every address that is not in the cache (1000 by default) costs a search in the directory while mail is accepted",
  fix      = "set ALIAS_ENTRY_CACHE_SIZE to the number of active users, 20000 say; then imsimta cnbuild and imsimta restart smtp",
  cites    = "[seed] slow directories; [seen B3]",
  bad      = "no ALIAS_ENTRY_CACHE_SIZE with 50000 users",
  good     = "ALIAS_ENTRY_CACHE_SIZE=20000",
  test     = function(config)
    local users = config.facts and config.facts.users or 0
    local at = cnf.place(config, "option.dat")
    if users > 1000 and at and not config.options.ALIAS_ENTRY_CACHE_SIZE then
      found(at, num(users) .. " users sent mail, and ALIAS_ENTRY_CACHE_SIZE is not set")
    end
  end,
}
