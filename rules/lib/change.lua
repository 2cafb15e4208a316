-- Where a change of the configuration is made, and what makes it take effect: by files, or by msconfig where Unified Configuration is in use.
local function is_unified(x) return value(x.host, "is_unified", false) end

return {
  is_unified = is_unified,

  -- "In imta.cnf, " or "With `msconfig edit rewrite`, ": `part` is rewrite or channels.
  place = function(x, part)
    return is_unified(x) and "with `msconfig edit " .. part .. "`" or "in imta.cnf"
  end,

  -- The job limit of a pool.
  pool = function(x, pool, limit)
    if is_unified(x) then
      return { "Define the pool", command("msconfig set job_controller.job_pool:%s.job_limit %s", pool, limit) }
    end
    return "Add the pool to job_controller.cnf:  [POOL=" .. pool .. "]  job_limit=" .. num(limit)
  end,

  -- Compiles, and restarts the SMTP servers only: the job controller would lose the order of its queue.
  compile = function(x)
    return { "Compile the configuration (where a compiled one is in use)", command("imsimta cnbuild") },
           { "Restart the SMTP servers; the job controller keeps its queue, do not restart it", command("imsimta restart dispatcher") }
  end,

  -- The job controller reads its pools and channels only at its start.
  job_controller = function(x)
    return { "In a quiet hour with a small queue let the job controller read its file; until then the old limits hold",
             command("imsimta restart job_controller") }
  end,
}
