check "channel.pool-undefined" {
  title    = "a channel uses a pool that nobody defined",
  severity = "error", over = "channel", needs = { "job_controller.cnf" },
  why      = "the Job Controller ignores requests for a pool that it does not know, so the messages of the channel stay in the queue",
  fix      = "correct the name, or add the section [POOL=...] with a job_limit to job_controller.cnf, and restart the Job Controller",
  cites    = "[doc G1] Administration Guide 6.3, 10.4.8",
  bad      = "tcp_slow smtp mx pool SLOW_POOL",
  good     = "tcp_slow smtp mx pool SMTP_POOL",
  hides    = { "channel.pool-name-too-long" },
  test     = function(ch, config)
    local pool = ch.set.pool
    -- Without any pool that is the mistake (jobcontroller.no-pool).
    if pool and pool.arg and count(config.pools) > 0 and not index(config.pools, pool.arg:upper()) then
      found(pool, "the pool " .. text(pool.arg) .. " is defined nowhere" .. near(pool.arg, config.pools))
    end
  end,
}
