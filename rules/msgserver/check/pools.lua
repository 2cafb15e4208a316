-- Pools of the Job Controller, and how many processes of them a channel may take.

local restart = "and restart the Job Controller (imsimta cnbuild; imsimta restart job_controller)"

check "channel.pool-undefined" {
  title    = "a channel uses a pool that nobody defined",
  severity = "error", over = "config", needs = { "job_controller.cnf" },
  why      = "the Job Controller ignores requests for a pool that it does not know, so the messages of the channel stay in the queue",
  fix      = "correct the name, or add the section [POOL=...] with a job_limit to job_controller.cnf, " .. restart,
  cites    = "[doc G1] Administration Guide 6.3, 10.4.8",
  bad      = "tcp_slow smtp mx pool SLOW_POOL",
  good     = "tcp_slow smtp mx pool SMTP_POOL",
  hides    = { "channel.pool-name-too-long" },
  test     = function(config)
    if count(config.pools) == 0 then return end -- that is the mistake (jobcontroller.no-pool)
    local missing, order = {}, {}
    for _, ch in each(config.channel) do
      local pool = ch.set.pool
      local name = pool and pool.arg
      if name and not missing[name] and #name <= 40 and not index(config.pools, name:upper()) then -- far too long a name is told as such
        missing[name] = { pool = pool, ch = ch, n = 0 }
        order[#order + 1] = name
      end
      if name and missing[name] then missing[name].n = missing[name].n + 1 end
    end
    for _, name in ipairs(order) do
      local first = missing[name]
      found(first.pool, "the pool " .. text(name) .. (first.n > 1 and " of " .. num(first.n) .. " channels" or "") .. " is defined nowhere" ..
        near(name, config.pools), { scope = first.ch })
    end
  end,
}

check "channel.pool-name-too-long" {
  title    = "the name of a pool is too long",
  severity = "error", over = "keyword.doubtful",
  why      = "a name of a pool has at most 12 characters",
  fix      = "shorten it here and in the section [POOL=...] of job_controller.cnf, " .. restart,
  cites    = "[doc G14] Administration Guide 6.3, 12.5.4",
  bad      = "tcp_slow smtp mx pool SLOW_DESTINATIONS",
  good     = "tcp_slow smtp mx pool SLOW_POOL",
  test     = function(kw, config)
    if kw.name ~= "pool" or not kw.arg or #kw.arg <= 12 or #kw.arg > 40 then return end
    found(kw, "the pool name " .. text(kw.arg) .. " has " .. num(#kw.arg) .. " characters, 12 are allowed",
      { severity = at_least(config, "7.0") and "warning" or "error" }) -- later manuals that give the limit were not read
  end,
}

check "channel.no-pool" {
  title    = "a busy channel has no pool of its choice",
  severity = "info", over = "notable_channel", needs = { "job_controller.cnf" },
  why      = "the channel falls into the first pool of job_controller.cnf, where it competes with conversions and notifications",
  fix      = "add the keyword pool with the pool that is meant, " .. restart,
  cites    = "[doc G1] Administration Guide 6.3, 10.4.8",
  bad      = "tcp_local smtp mx",
  good     = "tcp_local smtp mx pool SMTP_POOL",
  test     = function(ch)
    if not ch.set.pool and (ch.is_tcp or ch.name:match("^ims%-ms")) and not words.lost(ch, { "pool" }) then
      found(ch, "the channel " .. text(ch.name) .. " names no pool" .. (ch.pool and ", so it uses the first one, " .. text(ch.pool) or ""))
    end
  end,
}

local function limit_of(config, pool)
  local section = pool and index(config.pools, pool)
  local limit = section and section.set.JOB_LIMIT
  return limit and limit.number
end

-- The maxjobs of a channel that somebody wrote.
local function maxjobs_of(ch)
  local keyword = ch.set.maxjobs
  return keyword and keyword.arg and words.whole(keyword.arg), keyword
end

check "channel.new-channel-in-shared-pool" {
  title    = "a site-made channel takes processes from tcp_local",
  severity = "warning", over = "config", needs = { "imta.cnf", "job_controller.cnf" },
  why      = "channels of one pool share its job_limit: jobs that wait for slow hosts leave tcp_local with fewer processes than its maxjobs promises",
  fix      = "give the channel a pool of its own with a small job_limit, or raise the job_limit of the pool to the sum of maxjobs, " .. restart,
  cites    = "[doc J5] Administration Guide 6 2005Q4, job_controller.cnf: ten channels in a pool of ten have one process each",
  bad      = "tcp_slow smtp mx maxjobs 7 pool SMTP_POOL\n(with tcp_local there and job_limit=10)",
  good     = "tcp_slow smtp mx maxjobs 4 pool SLOW_POOL",
  test     = function(config)
    local main = index(config.channels, "tcp_local")
    local limit = main and limit_of(config, main.pool)
    local sum = main and maxjobs_of(main)
    if not limit or not sum or sum > limit then return end
    for _, ch in each(config.channel) do
      local jobs = ch.is_tcp and not ch.is_stock and same_name(ch.pool, main.pool) and maxjobs_of(ch)
      if jobs then
        sum = sum + jobs
        if sum > limit and jobs <= limit then -- more than the pool has is another mistake
          found(ch.set.pool and ch.set.pool.from ~= "defaults" and ch.set.pool or ch, "the channel " .. text(ch.name) .. " shares the pool " ..
            text(main.pool) .. " with tcp_local: maxjobs add up to " .. num(sum) .. ", job_limit is " .. num(limit))
          return
        end
      end
    end
  end,
}

-- Of each pool the channel that asks for most; `wants(jobs, limit)` decides. Only keywords of its own line, as defaults fit no pool in particular.
local function greediest(config, wants)
  local by_pool, order = {}, {}
  local limits = {}
  for name in each(config.pools) do limits[name] = limit_of(config, name) end
  for _, ch in each(config.channel) do
    local jobs, keyword = maxjobs_of(ch)
    local pool = jobs and ch.pool
    local limit = pool and limits[pool]
    if limit and limit > 0 and wants(jobs, limit) and keyword.from ~= "defaults" then
      local worst = by_pool[pool]
      if not worst then order[#order + 1] = pool end
      if not worst or jobs > worst.jobs then by_pool[pool] = { ch = ch, jobs = jobs, keyword = keyword, limit = limit } end
    end
  end
  return by_pool, order
end

check "channel.maxjobs-exceeds-pool" {
  title    = "a channel may never have the processes that it asks for",
  severity = "warning", over = "config", needs = { "job_controller.cnf" },
  why      = "the number of processes of a channel is the smaller one of its maxjobs and the job_limit of its pool",
  fix      = "raise job_limit or lower maxjobs, " .. restart,
  cites    = "[doc G2] Administration Guide 6.3, 12.5.5",
  bad      = "tcp_local smtp mx maxjobs 60 pool SMTP_POOL, with job_limit=10",
  good     = "tcp_local smtp mx maxjobs 7 pool SMTP_POOL, with job_limit=10",
  test     = function(config)
    local by_pool, order = greediest(config, function(jobs, limit) return jobs > limit end)
    for _, name in ipairs(order) do
      local worst = by_pool[name]
      found(worst.keyword, "maxjobs " .. num(worst.jobs) .. " of the channel " .. text(worst.ch.name) .. " is more than the job_limit of its pool " ..
        text(name) .. ", " .. num(worst.limit), { scope = worst.ch })
    end
  end,
}

check "channel.maxjobs-monopolises-pool" {
  title    = "a channel may take all processes of a shared pool",
  severity = "info", over = "config", needs = { "job_controller.cnf" },
  why      = "while its jobs wait for a slow host, the other channels of the pool have none",
  fix      = "keep maxjobs below job_limit, as installed 7 of 10, " .. restart,
  cites    = "[doc G2] Administration Guide 6.3, 12.5.5; the starvation is [inferred]",
  bad      = "tcp_local smtp mx maxjobs 10 pool SMTP_POOL, with job_limit=10",
  good     = "tcp_local smtp mx maxjobs 7 pool SMTP_POOL, with job_limit=10",
  test     = function(config)
    local by_pool, order = greediest(config, function(jobs, limit) return jobs == limit end)
    local users = {}
    for _, ch in each(#order > 0 and config.channel or nil) do
      if ch.pool then users[ch.pool] = (users[ch.pool] or 0) + 1 end
    end
    for _, name in ipairs(order) do
      local worst = by_pool[name]
      if users[name] > 1 then
        found(worst.keyword, "maxjobs of the channel " .. text(worst.ch.name) .. " is the whole job_limit of the pool " .. text(name) .. ", which " ..
          num(users[name]) .. " channels share", { scope = worst.ch })
      end
    end
  end,
}
