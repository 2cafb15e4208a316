-- What to look at in the queue folders and in the transaction log. Names, sizes, times and log lines: nothing is opened that is mail.

local function queue(h) return places.folder(h, "queue") end
local function log(h) return places.folder(h, "log") end

-- The base on Linux differs from that of Solaris in 6.x only.
local function linux(h)
  local version = value(h, "version_num", 0)
  return version >= 600 and version < 700 and " (on Linux below /opt/sun/messaging)" or ""
end

local only_names = "it lists names, sizes and times; no message is opened, changed or moved"
local only_reads = "it reads a log file; nothing is written, and no message is opened"

---------------------------------------------------------------- the queue

look "queue.names" {
  title = "The names of all queue files",
  items = { "listing" },
  gives = { "host.queue_files", "host.queue_untried", "host.queue_held", "host.spool_leftovers", "channel.kind", "channel.files",
            "channel.untried", "channel.retried", "channel.held", "channel.generations", "channel.attempts_*", "channel.hand_released" },
  how   = function(h)
    return { { "List the names of the queue files" .. linux(h) .. "; IMTA_QUEUE in config/imta_tailor says where they are", "find " .. queue(h) .. " -type f" } }
  end,
  safe  = only_names,
  asks  = function(h) return "Which files are in the queue? Their names alone tell what was tried, how often, and what is held." end,
  minutes = 2, load_minutes = 0.5, risk_minutes = 0, annoyance_minutes = 0.5,
  cites = "domain/msgserver-queue 4.2: names without stat are the cheapest census; 2.2",
}

look "queue.listing" {
  title = "A listing of the queue folders with sizes and times",
  items = { "listing", "queue-tree" },
  gives = { "msgserver.queue", "channel.ordinary", "channel.beyond_ordinary" },
  how   = function(h)
    return { { "List the queue with times" .. linux(h) .. "; IMTA_QUEUE in config/imta_tailor says where it is", "ls -lR " .. queue(h) },
             { "Say when that was", "date" } }
  end,
  safe  = only_names,
  asks  = function(h) return "Please list the queue folders with times, or give the path of the queue folder or of a saved listing." end,
  minutes = 3, load_minutes = 1, risk_minutes = 0, annoyance_minutes = 1,
  cites = "domain/msgserver-queue 1.3, 2.2, 2.5, 6.6; seed, part II: names that begin with ZZ",
}

---------------------------------------------------------------- the transaction log

look "log" {
  title = "The transaction log of the MTA",
  items = { "mail-log", "connection-log" },
  gives = { "msgserver.mail_log", "channel.ordinary", "channel.beyond_ordinary" },
  how   = function(h)
    return { { "The file of today is best; give its path, or run this and paste what it shows" .. linux(h), "tail -20000 " .. log(h) .. "/mail.log_current" },
             { "Where yesterday's is at hand, too, more can be compared", "ls -l " .. log(h) .. "/mail.log_yesterday" } }
  end,
  safe  = only_reads,
  asks  = function(h) return "Please show the last hours of mail.log_current: what arrived, what left, what failed and with which words." end,
  minutes = 3, load_minutes = 0.5, risk_minutes = 0, annoyance_minutes = 0.5,
  cites = "seed, part II: look in the mail.log_current file; domain/msgserver-logs 1",
}

look "log.destination" {
  title = "The log lines of one domain",
  items = { "mail-log" },
  gives = { "destination.attempts_4h", "destination.connect_failed_4h", "destination.delivered", "destination.delivered_4h", "destination.delivered_1h",
            "destination.delivered_ever", "destination.deferred", "destination.returned", "destination.failures", "destination.failures_4h",
            "destination.failures_1h", "destination.last_*", "destination.first_*", "destination.repeat_deferred", "destination.greylisted_accepted",
            "destination.next_hop", "destination.hops", "destination.port" },
  how   = function(h) return { { "The lines that name the domain that is stuck", "grep '<domain>' " .. log(h) .. "/mail.log_current" } } end,
  safe  = only_reads,
  asks  = function(h) return "Please show the log lines of the domain that its mail is stuck for." end,
  minutes = 1.5, load_minutes = 0.3, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "seed, part II: determine what has happened when you tried to send mail to that remote domain",
}

look "log.mailbox" {
  title = "The log lines of one mailbox",
  items = { "mail-log" },
  gives = { "mailbox.failures", "mailbox.failures_4h", "mailbox.delivered_4h", "mailbox.last_*", "mailbox.first_failure", "mailbox.attempts_max",
            "mailbox.retry_gap_s", "mailbox.busy_generations" },
  how   = function(h) return { { "The lines that name the user who gets no mail", "grep -i '<user>' " .. log(h) .. "/mail.log_current" } } end,
  safe  = only_reads,
  asks  = function(h) return "Please show the log lines of one user who gets no mail." end,
  minutes = 1.5, load_minutes = 0.3, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "seed, part II: Q status messages in the mail.log_current file pertaining to the ims-ms channel",
}

---------------------------------------------------------------- inside queue files

look "envelopes" {
  title = "Envelope and history of a few stuck or held messages",
  items = { "queue-file", "qm-history" },
  gives = { "msgserver.envelopes" },
  after = { "queue.listing" },
  how   = function(h)
    local channel = backlog.busiest(h, "<channel>")
    return { { "Start the queue tool and type the next lines at its prompt; they only read", places.tool(h, "imsimta qm") },
             { "List the messages of the channel", command("directory -nofile_info %s", channel) or "directory -nofile_info <channel>" },
             { "Show what became of three of them, by the numbers of the listing", "history 1-3" },
             "Or give the paths of a few queue files, of held ones (.HELD) where mail is held: envelope, history and Received lines are taken from them" }
  end,
  safe  = "it reads queue files and changes none; it shows senders and recipients, and of held files the Received lines, but never the text of a message",
  asks  = function(h) return "May a few stuck messages be looked into (envelope and history, not the text)?" end,
  minutes = 5, load_minutes = 1, risk_minutes = 0.5, annoyance_minutes = 3, consent = true,
  cites = "seed, part II: use the qm subcommands dir, read and history; domain/msgserver-queue 3, 4.7",
}
