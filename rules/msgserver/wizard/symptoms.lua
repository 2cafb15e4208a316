-- What an operator sees, in an operator's words, and how often each cause is seen that way. One of them is chosen, so what a cause has
-- in all of them together is about one. A cause that a symptom does not name is as likely as before.

---------------------------------------------------------------- outgoing mail

symptom "domain-does-not-leave" {
  says  = "mail to one domain (or to a few) does not leave",
  scope = "destination", name = "Which domain?",
  leak  = "rarely",
  causes = {
    ["destination.unreachable"] = "usually", ["destination.slow"] = "sometimes", ["destination.rate-limited"] = "usually",
    ["destination.reputation-block"] = "sometimes", ["destination.rejects"] = "sometimes", ["destination.tls-failure"] = "usually",
    ["destination.protocol-violation"] = "usually", ["destination.best-mx-dead"] = "sometimes", ["network.path-blocked"] = "often",
    ["dns.remote-broken"] = "usually", ["dns.transient"] = "often", ["dns.mx-points-astray"] = "usually", ["dns.mx-misconfigured"] = "often",
    ["dns.nonexistent-domain"] = "sometimes", ["dns.search-domain-trap"] = "sometimes", ["config.not-recompiled"] = "sometimes",
    ["normal.greylisting"] = "often", ["normal.destination-recovered"] = "often", ["normal.sporadic-network-error"] = "sometimes",
    ["normal.store-and-forward"] = "sometimes", ["normal.old-mail-stays-in-old-channel"] = "often",
  },
  cites = "seed, part II: Destination Host Problems; field cases A1, A9",
}

symptom "nothing-leaves" {
  says  = "no mail leaves for other hosts, or hardly any",
  leak  = "rarely",
  causes = {
    ["jobcontroller.not-running"] = "often", ["jobcontroller.hung"] = "often", ["dns.resolver-down"] = "usually",
    ["dns.mx-misconfigured"] = "sometimes", ["channel.stopped"] = "sometimes", ["destination.slow"] = "sometimes",
    ["config.version-mix"] = "sometimes", ["network.*"] = "sometimes",
  },
  cites = "field cases A15, D1, H13; seed, part I",
}

symptom "refused-by-others" {
  says  = "other providers refuse our mail (block list, reputation, limits)",
  scope = "destination", name = "Which domain?",
  leak  = "rarely",
  causes = {
    ["destination.reputation-block"] = "usually", ["destination.rejects"] = "sometimes", ["destination.rate-limited"] = "sometimes",
    ["spam.outbound-compromise"] = "sometimes",
  },
  cites = "field cases A9, H3",
}

symptom "mail-comes-back" {
  says  = "mail comes back: our senders get bounces or warnings",
  leak  = "sometimes",
  causes = {
    ["dns.nonexistent-domain"] = "often", ["destination.rejects"] = "often", ["dns.search-domain-trap"] = "often",
    ["config.notices-backoff"] = "often", ["jobcontroller.*"] = "rarely", ["dispatcher.*"] = "rarely", ["disk.*"] = "rarely",
    ["held.*"] = "rarely", ["performance.*"] = "rarely", ["store.stored-down"] = "rarely", ["ims-ms.master-hung"] = "rarely",
    ["channel.stopped"] = "rarely", ["normal.burst-draining"] = "rarely",
  },
  cites = "seed: Illegal host/domain name found; seed, part II: over quota; domain/dns-and-store I.2",
}

---------------------------------------------------------------- mail for the users here

symptom "users-get-no-mail" {
  says  = "local users (all or many of them) do not get new mail",
  leak  = "rarely",
  causes = {
    ["ims-ms.master-hung"] = "usually", ["ims-ms.master-not-starting"] = "usually", ["store.stored-down"] = "sometimes",
    ["store.deadlock"] = "often", ["store.io-error"] = "sometimes", ["store.partition-full"] = "often", ["store.overloaded"] = "sometimes",
    ["lmtp.backend-down"] = "usually", ["ims-ms.domain-over-quota"] = "often", ["config.permissions"] = "sometimes",
    ["jobcontroller.max-messages-exceeded"] = "sometimes", ["normal.recovery-in-progress"] = "sometimes",
    ["normal.stress-throttle"] = "sometimes",
  },
  cites = "seed, part II: Troubleshooting the ims-ms channel; field cases B13, C3, C5",
}

symptom "user-gets-no-mail" {
  says  = "one user (or a few) does not get new mail",
  scope = "mailbox", name = "Which user (the mail address)?",
  leak  = "rarely",
  causes = {
    ["ims-ms.mailbox-locked"] = "usually", ["ims-ms.orphan-lock"] = "often", ["ims-ms.mailbox-corrupt"] = "usually",
    ["ims-ms.mailbox-index-limit"] = "usually", ["ims-ms.missing-mailhost-entry"] = "often", ["ims-ms.quota-leftover-status"] = "often",
    ["ims-ms.over-quota"] = "often", ["lmtp.backend-busy"] = "often", ["held.loop-user-forward"] = "sometimes",
    ["store.io-error"] = "sometimes", ["normal.mailbox-busy"] = "sometimes", ["normal.quota-overdraft"] = "often",
    ["normal.hold-channel"] = "sometimes",
  },
  cites = "seed, part II: IMAP_MAILBOX_LOCKED, IMAP_QUOTA_EXCEEDED; field cases B1, B7, B9, B15",
}

symptom "users-cannot-log-in" {
  says  = "users cannot log in or read their mail",
  leak  = "rarely",
  causes = {
    ["store.stored-down"] = "often", ["store.database-corrupt"] = "often", ["store.deadlock"] = "sometimes", ["config.fd-limit"] = "often",
    ["ldap.unreachable"] = "often", ["ldap.failover-slow"] = "sometimes", ["normal.recovery-in-progress"] = "sometimes",
  },
  cites = "field cases C5, C9, F5; domain/dns-and-store II.1",
}

---------------------------------------------------------------- the door

symptom "nothing-comes-in" {
  says  = "no mail comes in: clients or other hosts cannot send to us",
  leak  = "rarely",
  causes = {
    ["dispatcher.not-running"] = "usually", ["dispatcher.hung"] = "usually", ["tls.init-failure"] = "usually",
    ["dns.reverse-lookup-slow"] = "often", ["disk.queue-full"] = "sometimes", ["ldap.unreachable"] = "sometimes",
  },
  cites = "field cases D13, G5, H23; domain/msgserver-logs 2.3",
}

---------------------------------------------------------------- queues

symptom "queue-grows" {
  says  = "the queue is growing, or larger than usual",
  leak  = "sometimes",
  causes = {
    ["jobcontroller.max-messages-exceeded"] = "often", ["jobcontroller.too-few-workers"] = "often", ["channel.single-threaded"] = "often",
    ["channel.message-specific-failure"] = "rarely", ["backscatter.dsn-flood"] = "usually", ["local.bulk-sender"] = "often",
    ["destination.slow"] = "often", ["ims-ms.quota-grace-too-long"] = "often", ["store.overloaded"] = "often",
    ["spamfilter.unresponsive"] = "often", ["held.*"] = "rarely", ["dispatcher.*"] = "rarely", ["tls.init-failure"] = "rarely",
    ["disk.log-growth"] = "rarely", ["disk.spool-leftovers"] = "rarely", ["config.fd-limit"] = "rarely", ["destination.rejects"] = "rarely",
    ["dns.nonexistent-domain"] = "rarely", ["normal.store-and-forward"] = "often", ["normal.burst-draining"] = "often",
    ["normal.double-counting"] = "often", ["normal.stress-throttle"] = "often", ["normal.recovery-in-progress"] = "often",
  },
  cites = "seed, part I: I'm noticing a build-up of messages in my queues, should I be worried about it",
}

symptom "channel-stuck" {
  says  = "one channel is stuck while the others work",
  scope = "channel", name = "Which channel?",
  leak  = "rarely",
  causes = {
    ["channel.stopped"] = "usually", ["channel.undefined-pool"] = "often", ["channel.master-program-broken"] = "often",
    ["channel.orphaned-queue"] = "often", ["channel.single-threaded"] = "sometimes", ["channel.stale-worker"] = "often",
    ["channel.message-specific-failure"] = "often", ["jobcontroller.pool-starved"] = "often", ["jobcontroller.cache-unsynced"] = "often",
    ["jobcontroller.too-few-workers"] = "sometimes", ["list.expansion-slow"] = "sometimes", ["dns.mx-misconfigured"] = "sometimes",
    ["loop.alias-recursion"] = "sometimes", ["normal.delivery-window"] = "often", ["normal.list-expansion"] = "often",
    ["normal.old-mail-stays-in-old-channel"] = "sometimes",
  },
  cites = "field cases, J: only this channel; field cases D7, D11, A11",
}

symptom "held-messages" {
  says  = "messages are held (.HELD files)",
  scope = "channel", name = "In which channel's folder?",
  leak  = "rarely",
  causes = { ["held.*"] = "usually", ["normal.hold-channel"] = "often" },
  cites = "seed, part II: What are .HELD messages?; field cases E1 to E7",
}

symptom "old-mail-stays" {
  says  = "old messages stay in the queue and are never returned",
  leak  = "rarely",
  causes = {
    ["jobcontroller.periodic-jobs-missing"] = "often", ["ims-ms.quota-grace-too-long"] = "sometimes", ["config.notices-backoff"] = "sometimes",
    ["channel.orphaned-queue"] = "sometimes", ["jobcontroller.cache-unsynced"] = "sometimes",
    ["jobcontroller.max-messages-exceeded"] = "sometimes", ["normal.hold-channel"] = "sometimes",
    ["normal.old-mail-stays-in-old-channel"] = "sometimes",
  },
  cites = "field cases B1, D3, D9, G7",
}

symptom "mail-is-late" {
  says  = "mail arrives, but hours late",
  leak  = "rarely",
  causes = {
    ["jobcontroller.too-few-workers"] = "sometimes", ["jobcontroller.max-messages-exceeded"] = "sometimes",
    ["channel.single-threaded"] = "sometimes", ["list.expansion-slow"] = "often", ["destination.slow"] = "sometimes",
    ["destination.best-mx-dead"] = "often", ["dns.resolver-slow"] = "often", ["dns.transient"] = "sometimes", ["ldap.slow"] = "sometimes",
    ["store.overloaded"] = "sometimes", ["store.snapshot-clash"] = "sometimes", ["performance.saturated"] = "sometimes",
    ["spam.inbound-flood"] = "sometimes", ["local.bulk-sender"] = "sometimes", ["network.packet-loss"] = "often",
    ["spamfilter.unresponsive"] = "sometimes", ["normal.greylisting"] = "sometimes", ["normal.burst-draining"] = "sometimes",
    ["normal.multi-recipient-retry"] = "sometimes",
  },
  cites = "field cases A13, C11, D1, H5, H11",
}

symptom "flood" {
  says  = "far more mail than usual: spam, a mailing, the same message over and over",
  leak  = "rarely",
  causes = {
    ["spam.outbound-compromise"] = "often", ["spam.inbound-flood"] = "often", ["list.reply-storm"] = "often",
    ["local.bulk-sender"] = "sometimes", ["loop.undetected"] = "often", ["loop.alias-recursion"] = "often",
    ["backscatter.dsn-flood"] = "sometimes", ["config.throttle-missing"] = "often", ["normal.burst-draining"] = "sometimes",
    ["normal.double-counting"] = "sometimes",
  },
  cites = "field cases B5, F1, F3, H1, H21",
}

---------------------------------------------------------------- the host

symptom "server-slow" {
  says  = "the server is slow (high load, slow logins or sending)",
  leak  = "rarely",
  causes = {
    ["performance.saturated"] = "often", ["store.overloaded"] = "sometimes", ["store.disk-degraded"] = "often",
    ["store.snapshot-clash"] = "often", ["store.deadlock"] = "sometimes", ["ldap.slow"] = "often", ["ldap.failover-slow"] = "often",
    ["dns.reverse-lookup-slow"] = "sometimes", ["network.packet-loss"] = "sometimes", ["spam.*"] = "sometimes", ["loop.*"] = "sometimes",
    ["list.reply-storm"] = "sometimes", ["config.throttle-missing"] = "sometimes", ["normal.stress-throttle"] = "sometimes",
    ["normal.recovery-in-progress"] = "sometimes",
  },
  cites = "seed, part I: high system loads; field cases C7, C11, G1, H17",
}

symptom "disk-fills" {
  says  = "a disk is full, or fills up",
  leak  = "rarely",
  causes = {
    ["disk.queue-full"] = "often", ["disk.log-growth"] = "usually", ["disk.spool-leftovers"] = "usually", ["store.partition-full"] = "sometimes",
    ["store.checkpoint-stalled"] = "sometimes", ["jobcontroller.periodic-jobs-missing"] = "sometimes", ["loop.*"] = "sometimes",
  },
  cites = "field cases C1, G3, G5; domain/msgserver-logs 0: mail.log can eat the disk",
}

symptom "process-trouble" {
  says  = "a process of the mail server is missing, hangs, or starts again and again",
  leak  = "rarely",
  causes = {
    ["jobcontroller.not-running"] = "sometimes", ["jobcontroller.hung"] = "sometimes", ["dispatcher.not-running"] = "often",
    ["dispatcher.hung"] = "sometimes", ["store.stored-down"] = "sometimes", ["ims-ms.master-not-starting"] = "sometimes",
    ["channel.stale-worker"] = "sometimes", ["config.fd-limit"] = "sometimes", ["config.version-mix"] = "sometimes",
    ["store.database-corrupt"] = "sometimes", ["normal.master-turnover"] = "usually", ["normal.recovery-in-progress"] = "sometimes",
  },
  cites = "seed, part II: More about the ims-master process; field cases B11, B13, D13",
}

symptom "errors-in-logs" {
  says  = "the server logs errors that nobody knows what to make of",
  leak  = "rarely",
  causes = {
    ["store.database-corrupt"] = "sometimes", ["store.io-error"] = "often", ["store.checkpoint-stalled"] = "often",
    ["config.permissions"] = "sometimes", ["config.fd-limit"] = "sometimes", ["tls.init-failure"] = "sometimes",
    ["spamfilter.unresponsive"] = "sometimes", ["ims-ms.mailbox-corrupt"] = "sometimes", ["ims-ms.mailbox-index-limit"] = "sometimes",
    ["ims-ms.missing-mailhost-entry"] = "sometimes", ["channel.message-specific-failure"] = "sometimes", ["normal.mailbox-busy"] = "often",
    ["normal.sporadic-network-error"] = "often", ["normal.master-turnover"] = "often", ["ldap.unreachable"] = "sometimes",
    ["ldap.slow"] = "sometimes", ["ldap.failover-slow"] = "sometimes",
  },
  cites = "domain/msgserver-logs 2.2, 2.3; field case A7",
}

symptom "since-a-change" {
  says  = "something does not work since a change, a patch or an upgrade",
  leak  = "rarely",
  causes = {
    ["config.not-recompiled"] = "often", ["config.version-mix"] = "often", ["config.permissions"] = "often",
    ["channel.undefined-pool"] = "sometimes", ["channel.master-program-broken"] = "sometimes", ["channel.orphaned-queue"] = "sometimes",
    ["dns.mx-misconfigured"] = "sometimes", ["held.loop-own-name-unknown"] = "sometimes", ["held.loop-routing"] = "sometimes",
    ["network.path-blocked"] = "sometimes", ["logging.disabled"] = "sometimes", ["normal.old-mail-stays-in-old-channel"] = "sometimes",
    ["performance.post-upgrade-shift"] = "often",
  },
  cites = "catalogue of diagnoses; field cases D7, G7; field case H13: a change in progress is not proof",
}

symptom "nothing-logged" {
  says  = "the log does not say what becomes of the mail",
  leak  = "rarely",
  causes = { ["logging.disabled"] = "often",   ["channel.orphaned-queue"] = "sometimes" },
  cites = "seed, part II: Before You Begin",
}

---------------------------------------------------------------- nothing

symptom "just-checking" {
  says  = "nothing is wrong, I am just checking",
  leak  = "often",
  causes = {
    -- who has a fault that hurts does not say so; what hurts nobody for the time being stays unnoticed
    ["*"] = "rarely", ["normal.*"] = "often", ["queue.*"] = "often", ["performance.post-upgrade-shift"] = "often", ["disk.log-growth"] = "sometimes", ["disk.spool-leftovers"] = "sometimes",
    ["logging.disabled"] = "sometimes", ["config.*"] = "sometimes", ["jobcontroller.periodic-jobs-missing"] = "sometimes",
    ["store.checkpoint-stalled"] = "sometimes", ["store.snapshot-clash"] = "sometimes", ["ims-ms.quota-grace-too-long"] = "sometimes",
    ["dns.nonexistent-domain"] = "sometimes", ["destination.rejects"] = "sometimes", ["destination.best-mx-dead"] = "sometimes",
    ["ims-ms.over-quota"] = "sometimes",
  },
  cites = "seed, part I: the build-up of messages is not necessarily a problem",
}

---------------------------------------------------------------- another server

symptom "calendar" {
  says    = "it is not about mail but about the calendar (Calendar Server)",
  product = "calendar", leak = "rarely", causes = {},
  cites   = "domain/calendar-db: the second product",
}
