-- What to look at in the message store: sessions, quota, the mailbox list's database.

look "store.sessions" {
  title = "Who has a mailbox open",
  items = { "imsconnutil" },
  gives = { "mailbox.sessions" },
  how   = function(h)
    if not places.lists_sessions(h) then return {} end
    return { { "List the sessions by user, as root", places.tool(h, "imsconnutil -c") } }
  end,
  safe  = "it lists sessions and ends none",
  asks  = function(h) return "Who has a mailbox open now?" end,
  minutes = 1, load_minutes = 0.2, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/msgserver-queue 4.1, 4.11; domain/dns-and-store II.5",
}

look "store.quota" {
  title = "Usage and quota of all users",
  items = { "imquotacheck" },
  gives = { "mailbox.quota_pct", "host.over_quota_users" },
  how   = function(h)
    local tool = places.has(h, 600) and "imquotacheck" or "quotacheck"
    return { { "List usage against quota; use neither -n (it sends mail) nor -f", places.tool(h, tool) } }
  end,
  safe  = "without -n and -f it only reads; for a large store it takes a while and loads the database",
  asks  = function(h) return "Who uses how much of their quota?" end,
  minutes = 3, load_minutes = 3, risk_minutes = 0.5, annoyance_minutes = 1, consent = true,
  cites = "domain/msgserver-queue 4.11; domain/dns-and-store II.4",
}

look "store.database" {
  title = "Counts of the mailbox list's database",
  items = { "imcheck" },
  gives = { "database.deadlocks", "database.lock_waits", "database.cache_hit_pct", "database.log_files" },
  how   = function(h)
    if not places.has(h, 603) then return {} end
    return { { "Show the database's statistics (6.3 and later; -s only, never -n)", places.tool(h, "imcheck -s") } }
  end,
  safe  = "it reads counters of the database",
  asks  = function(h) return "How is the mailbox list's database: locks, deadlocks, cache, logs?" end,
  minutes = 1.5, load_minutes = 0.3, risk_minutes = 0.1, annoyance_minutes = 0.3,
  cites = "domain/msgserver-queue 4.1, 4.11",
}

look "store.state" {
  title = "State of stored and the time of the last checkpoint",
  items = { "listing", "pid-file", "stored-status" },
  gives = { "database.checkpoint", "database.log_files", "database.state", "database.state_since" },
  after = { "processes" }, -- a state file outlives its process
  how   = function(h)
    local config, store = places.folder(h, "config"), places.folder(h, "store")
    local list = { { "List the checkpoint's stamp and the database's logs", "ls -l " .. config .. "/stored.ckp " .. store .. "/mboxlist" },
                   { "Say when that was", "date" } }
    list[#list + 1] = { "Show what stored says of itself", places.stored_state(h) or "cat <config folder>/pidfile.store" }
    if not places.has(h, 603) then
      list[#list + 1] = { "And what it answers", places.line(h, "%s/lib/stored -t -v") or "stored -t -v" }
    end
    return list
  end,
  safe  = "it lists names and times and reads a state file",
  asks  = function(h) return "Is stored ready, and when did it make its last checkpoint?" end,
  minutes = 1.5, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/msgserver-queue 5.2; domain/dns-and-store II.1",
}
