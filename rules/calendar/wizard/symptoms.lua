-- What an operator of the calendar sees, in an operator's words, and how often each cause is seen that way. One of them is chosen, so what a
-- cause has in all of them together is about one. A cause that a symptom does not name is as likely as before.

symptom "calendar-is-down" {
  says  = "users cannot log in to the calendar, or it is down",
  leak  = "rarely",
  causes = {
    ["calendar.panic-data-intact"] = "often", ["calendar.tools-run-while-up"] = "often", ["calendar.csstored-down"] = "usually",
    ["calendar.partial-start"] = "usually", ["calendar.library-mismatch"] = "often", ["calendar.metadata-corrupt"] = "often",
    ["calendar.logs-removed"] = "often", ["calendar.log-gap"] = "often", ["calendar.newest-log-headless"] = "usually",
    ["calendar.wrong-owner"] = "often", ["calendar.old-release-data"] = "usually", ["calendar.session-database"] = "usually",
    ["calendar.disk-full"] = "sometimes", ["calendar.page-corrupt"] = "sometimes", ["calendar.file-truncated"] = "sometimes",
    ["calendar.orphan-lock"] = "sometimes", ["calendar.not-this-product"] = "sometimes",
  },
  cites = "domain/calendar-db 5: S1, S5",
}

symptom "events-are-missing" {
  says  = "events or tasks are missing",
  leak  = "rarely",
  causes = {
    ["calendar.silent-hole"] = "usually", ["calendar.changes-lost"] = "usually", ["calendar.file-truncated"] = "sometimes",
    ["calendar.components-out-of-step"] = "usually", ["calendar.recurring-chain-broken"] = "usually", ["calendar.restore-unchecked"] = "sometimes",
    ["calendar.salvage-scrambled"] = "often", ["calendar.page-corrupt"] = "sometimes", ["calendar.backend-unreachable"] = "sometimes",
  },
  cites = "domain/calendar-db CAL-05, CAL-38",
}

symptom "calendar-of-a-user-is-gone" {
  says  = "one user's calendar is gone, or those of a few users",
  leak  = "rarely",
  causes = {
    ["calendar.ldap-cache-stale"] = "usually", ["calendar.backend-unreachable"] = "often", ["calendar.components-out-of-step"] = "sometimes",
  },
  cites = "domain/calendar-db CAL-28, CAL-29",
}

symptom "reminders-do-not-come" {
  says  = "reminders do not come",
  leak  = "rarely",
  causes = {
    ["calendar.alarm-database-corrupt"] = "usually", ["calendar.alarm-poison-entry"] = "usually", ["calendar.gse-poison-entry"] = "sometimes",
    ["calendar.checkpoint-dead"] = "sometimes", ["calendar.partial-start"] = "rarely",
  },
  cites = "domain/calendar-db CAL-15, CAL-16",
}

symptom "invitations-do-not-arrive" {
  says  = "invitations are not delivered",
  leak  = "rarely",
  causes = { ["calendar.gse-poison-entry"] = "often", ["calendar.checkpoint-dead"] = "sometimes" },
  cites = "domain/calendar-db CAL-14",
}

symptom "calendar-is-slow" {
  says  = "the calendar is slow or hangs",
  leak  = "rarely",
  causes = {
    ["calendar.orphan-lock"] = "usually", ["calendar.deadlock"] = "usually", ["calendar.regions-too-small"] = "often",
    ["calendar.checkpoint-dead"] = "sometimes", ["calendar.database-on-nfs"] = "sometimes", ["calendar.deletelog-bloated"] = "sometimes",
    ["calendar.device-errors"] = "sometimes",
  },
  cites = "domain/calendar-db CAL-12, CAL-13",
}

symptom "database-errors" {
  says  = "error messages speak of the database (panic, recovery, page, log)",
  leak  = "rarely",
  causes = {
    ["calendar.panic-data-intact"] = "often", ["calendar.tools-run-while-up"] = "often", ["calendar.page-corrupt"] = "often",
    ["calendar.metadata-corrupt"] = "often", ["calendar.file-truncated"] = "often", ["calendar.logs-removed"] = "often",
    ["calendar.log-gap"] = "often", ["calendar.newest-log-headless"] = "sometimes", ["calendar.library-mismatch"] = "often",
    ["calendar.database-on-nfs"] = "often", ["calendar.regions-too-small"] = "often", ["calendar.device-errors"] = "often",
    ["calendar.disk-full"] = "sometimes", ["calendar.old-release-data"] = "sometimes", ["calendar.session-database"] = "sometimes",
  },
  cites = "domain/calendar-db 3",
}

symptom "changes-are-refused" {
  says  = "changes are refused: nothing can be entered",
  leak  = "rarely",
  causes = {
    ["calendar.read-only-left-on"] = "nearly always", ["calendar.disk-full"] = "often", ["calendar.wrong-owner"] = "sometimes",
    ["calendar.device-errors"] = "sometimes",
  },
  cites = "domain/calendar-db CAL-10, CAL-30",
}

symptom "backup-failed" {
  says  = "a backup failed, is old, or a message says that none is configured",
  leak  = "rarely",
  causes = {
    ["calendar.backup-disk-full"] = "nearly always", ["calendar.snapshot-verify-failed"] = "nearly always", ["calendar.backup-stale"] = "nearly always",
    ["calendar.backup-never-configured"] = "nearly always", ["calendar.csstored-down"] = "sometimes", ["calendar.silent-hole"] = "sometimes",
  },
  cites = "domain/calendar-db CAL-11, CAL-20, CAL-21",
}

symptom "transaction-logs-pile-up" {
  says  = "transaction logs (log.*) pile up, or the disk of the database fills",
  leak  = "rarely",
  causes = {
    ["calendar.checkpoint-dead"] = "often", ["calendar.disk-full"] = "sometimes", ["calendar.deletelog-bloated"] = "often",
    ["calendar.gse-poison-entry"] = "sometimes", ["calendar.csstored-down"] = "sometimes",
  },
  cites = "domain/calendar-db CAL-09",
}

symptom "deleted-events-came-back" {
  says  = "deleted events came back",
  leak  = "rarely",
  causes = { ["calendar.rebuild-resurrected"] = "nearly always", ["calendar.deletelog-bloated"] = "sometimes" },
  cites = "domain/calendar-db CAL-19, CAL-33",
}

symptom "just-restored" {
  says  = "the database was restored, rebuilt or salvaged: is it good now?",
  leak  = "rarely",
  causes = {
    ["calendar.restore-unchecked"] = "usually", ["calendar.salvage-scrambled"] = "often", ["calendar.changes-lost"] = "sometimes",
    ["calendar.read-only-left-on"] = "sometimes", ["calendar.database-on-nfs"] = "sometimes", ["calendar.wrong-owner"] = "sometimes",
    ["calendar.recurring-chain-broken"] = "sometimes",
  },
  cites = "domain/calendar-db CAL-34, CAL-36",
}

symptom "csdb-since-an-upgrade" {
  says  = "the database does not work since an upgrade, a patch or a move",
  leak  = "rarely",
  causes = {
    ["calendar.library-mismatch"] = "often", ["calendar.old-release-data"] = "sometimes", ["calendar.not-this-product"] = "usually",
    ["calendar.database-on-nfs"] = "sometimes", ["calendar.wrong-owner"] = "sometimes",
  },
  cites = "domain/calendar-db CAL-26, CAL-27, CAL-35",
}

symptom "just-checking-the-calendar" {
  says  = "nothing is wrong, I am just checking",
  leak  = "often",
  causes = {
    -- who has a fault that hurts does not say so
    ["*"] = "rarely", ["calendar.healthy"] = "usually", ["calendar.backup-*"] = "often", ["calendar.deletelog-bloated"] = "sometimes",
    ["calendar.checkpoint-dead"] = "sometimes", ["calendar.restore-unchecked"] = "sometimes",
  },
  cites = "issue 6: no false alarm on a busy healthy environment",
}

---------------------------------------------------------------- another server

symptom "mail" {
  says    = "it is not about the calendar but about mail (Messaging Server)",
  product = "msgserver", leak = "rarely", causes = {},
  cites   = "issue 6: the second product",
}
