-- What the product's own tools say. Only what reads: nothing here starts, stops, releases or synchronizes anything.

look "processes" {
  title = "The process table",
  items = { "ps", "imsimta-process", "proc" },
  gives = { "msgserver.processes" },
  how   = function(h)
    return { { "List all processes (the whole table: that something is missing counts, too)", "ps -ef" },
             { "If that is not possible, those of the MTA", places.tool(h, "imsimta process") } }
  end,
  safe  = "it lists processes",
  asks  = function(h) return "Which processes run? Please show the whole process table." end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/msgserver-queue 5.1, 5.5; seed, part II: check that the ims_master process is running",
}

look "tools.jobs" {
  title = "The jobs that deliver now",
  items = { "qm-jobs" },
  gives = { "channel.jobs", "channel.job_*", "host.jobs_running", "host.jc_answers" },
  after = { "configuration" }, -- which channels share a pool
  how   = function(h)
    if not places.has(h, 603) then return {} end
    return { { "Ask the job controller what it does (6.3 and later)", places.tool(h, "imsimta qm jobs") } }
  end,
  safe  = "it asks the job controller once; nothing is changed",
  asks  = function(h) return "Which jobs deliver now, and at which hosts are they?" end,
  minutes = 1, load_minutes = 0.2, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/msgserver-queue 4.5; seed, part II: imsimta qm jobs",
}

look "tools.messages" {
  title = "Active and delayed messages by host",
  items = { "qm-messages" },
  gives = { "channel.active", "channel.delayed", "channel.known", "destination.active", "destination.delayed", "host.jc_answers" },
  how   = function(h)
    if not places.has(h, 600, 603) then return {} end
    local channel = backlog.busiest(h, "tcp_local")
    return { { "Count the messages by host: ready now, or waiting for their retry (6.0 to 6.2); a channel must be named",
               places.tool(h, command("imsimta qm messages %s", channel) or "imsimta qm messages <channel>") } }
  end,
  safe  = "it asks the job controller once; the vendor recommends it instead of summarize",
  asks  = function(h) return "How many messages wait for which host, and are they delayed or ready?" end,
  minutes = 1, load_minutes = 0.2, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/msgserver-queue 4.4; seed, part II: imsimta qm messages",
}

look "tools.summary" {
  title = "How many messages of each channel the job controller knows",
  items = { "qm-summarize" },
  gives = { "host.jc_known", "host.jc_answers", "channel.known" },
  how   = function(h)
    return { { "Ask the job controller's memory, not the disk", places.tool(h, "imsimta qm summarize -database -noheading -notrailing") } }
  end,
  safe  = "it changes nothing; with a large backlog it costs the job controller time, so do not repeat it",
  asks  = function(h) return "How many messages does the job controller know of each channel?" end,
  minutes = 2, load_minutes = 2, risk_minutes = 0.5, annoyance_minutes = 0.5, consent = true,
  cites = "domain/msgserver-queue 4.6; seed, part II: it can greatly impact your system if you have a large backlog",
}

look "tools.top" {
  title = "The most frequent destinations of a channel",
  items = { "qm-top" },
  gives = { "channel.stuck_destinations", "channel.stuck_recipients", "channel.stuck_senders", "destination.files", "destination.share" },
  how   = function(h)
    local channel = backlog.busiest(h, "<channel>")
    return { { "Count the queued messages by domain; already tried ones are enough",
               places.tool(h, command("imsimta qm top -domain_to -ignore_zz -top=20 %s", channel) or "imsimta qm top -domain_to -ignore_zz -top=20 <channel>") } }
  end,
  safe  = "it changes nothing, but it opens every message file of the channel: with a large backlog it loads the disk",
  asks  = function(h) return "Whom do most of the queued messages go to?" end,
  minutes = 4, load_minutes = 4, risk_minutes = 0.5, annoyance_minutes = 1, consent = true,
  cites = "domain/msgserver-queue 4.7; seed, part II: in 5.2 use top -to or top -domain_to",
}

look "tools.greeting" {
  title = "How this host greets a client",
  items = { "greeting" },
  gives = { "host.dispatcher_banner", "host.banner_delay_s" },
  how   = function(h)
    return { { "Connect to the SMTP port of this host, wait for its first line, leave with `quit`", "telnet localhost 25" } }
  end,
  safe  = "it connects as any client does; no message is sent",
  asks  = function(h) return "Does port 25 of this host answer, and with which line?" end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "domain/msgserver-queue 5.4; field cases D13, H23",
}

look "logs.servers" {
  title = "The logs of store, deliveries and servers",
  items = { "nslog", "dispatcher-log" },
  gives = { "host.server_errors*", "host.ldap_*", "host.fd_limit_lines", "host.permission_*", "host.version_mismatch_lines", "host.tls_init_lines",
            "host.mm_init_lines", "host.filter_lines", "host.disk_full_lines", "host.partition_locked_lines", "host.alias_recursion_lines",
            "host.stress_notices", "host.upgraded", "process.log_last", "process.starts", "process.starts_1h", "process.orderly_ends",
            "process.unended_starts", "process.errors", "process.errors_1h", "process.error_classes", "process.init_errors", "process.last_start",
            "partition.store_io_*", "database.lock_lines", "database.panic_lines", "database.recovered_lines", "database.log_lines",
            "mailbox.store_errors" },
  how   = function(h)
    local log = places.folder(h, "log")
    return { { "Give the path of the log folder, or show the end of the log of deliveries into the store", "tail -3000 " .. log .. "/imta" },
             { "And that of the store and its servers", "tail -3000 " .. log .. "/default" } }
  end,
  safe  = "it reads log files",
  asks  = function(h) return "What do the server logs of the last day say (imta, default, imap)?" end,
  minutes = 3, load_minutes = 0.2, risk_minutes = 0, annoyance_minutes = 0.5,
  cites = "domain/msgserver-logs 0, 2.3, 2.4; seed, part II: errors in its log file",
}

look "logs.watcher" {
  title = "The log of the watcher",
  items = { "watcher-log" },
  gives = { "process.crashes", "process.last_exit", "host.watcher_exits", "host.killed_lines" },
  how   = function(h)
    if not places.has(h, 600) then return {} end
    return { { "Show what the watcher saw end", "tail -200 " .. places.folder(h, "log") .. "/watcher" } }
  end,
  safe  = "it reads a log file",
  asks  = function(h) return "Did programs end abnormally? The watcher's log says so." end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "domain/msgserver-queue 5.3; domain/msgserver-logs 2.6",
}

look "logs.job-controller" {
  title = "The log of the job controller",
  items = { "job-controller-log" },
  gives = { "host.jc_start_failures", "host.jc_log_errors", "host.stress_notices" },
  how   = function(h)
    local log = places.folder(h, "log")
    return { { "See which is the newest", "ls -lt " .. log .. "/job_controller.log*" },
             { "Show its end", "tail -500 " .. log .. "/job_controller.log-<the newest>" } }
  end,
  safe  = "it reads a log file",
  asks  = function(h) return "Does the job controller's newest log complain of a program or of the store?" end,
  minutes = 2, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "domain/msgserver-logs 3.2; field case D7",
}
