-- Single mailboxes that do not take mail: locked, left locked, damaged, too large, not in the directory.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

local function files(box) return box.files end
local function since(box) return box.first_failure end
local function one() return 1 end
local function is_store(box) return box.channel.kind == "store" end

-- What ends in an answer about the mailbox itself, not about its quota or a lock.
local own_classes = { "mailbox-format", "mailbox-limit", "mailbox-missing", "store-io" }

---------------------------------------------------------------- findings

finding "mailbox.busy-for-long" {
  title = "one message met the busy mailbox at several tries in a row",
  scope = "mailbox", group = "attempt-texts", leak = "rarely",
  test  = function(box)
    return box.failures:count("mailbox-busy") >= thresholds.busy_generations
      and box.busy_generations >= thresholds.busy_generations
  end,
  says  = function(box)
    return "one message met the busy mailbox at " .. num(box.busy_generations) .. " tries in a row without a delivery between"
  end,
  cites = "catalogue of diagnoses: three or more generations; field case B9",
}

finding "mailbox.busy-without-a-delivery" {
  title = "the mailbox was found busy and got no mail in the last 4 hours",
  scope = "mailbox", group = "log-rates", leak = "rarely",
  test  = function(box)
    return box.failures_4h:count("mailbox-busy") >= thresholds.busy_generations and box.delivered_4h == 0
      and box.failures_4h:share("mailbox-busy") > thresholds.most
  end,
  says  = function(box)
    return num(box.failures_4h:count("mailbox-busy")) .. " attempts of the last 4 hours found it busy, none succeeded"
  end,
  cites = "field case B9",
}

finding "mailbox.retried-fast" {
  title = "its messages are retried after minutes, as the busy answer asks for",
  scope = "mailbox", group = "ages", leak = "sometimes",
  test  = function(box) return box.failures:share("mailbox-busy") > thresholds.most and box.failures:count("mailbox-busy") >= thresholds.busy_generations and box.retry_gap_s < thresholds.fresh_s end,
  says  = function(box) return "its messages are retried every " .. dur(box.retry_gap_s) end,
  cites = "field case B9: generation drops fast",
}

finding "mailbox.session-open" {
  title = "a session is open on the mailbox",
  scope = "mailbox", group = "tools", leak = "sometimes",
  test  = function(box) return box.sessions >= 1 end,
  says  = function(box) return num(box.sessions) .. " sessions are open on it" end,
  cites = "domain/dns-and-store SL-03",
}

finding "mailbox.nobody-holds-it" {
  title = "no session is open on the busy mailbox",
  scope = "mailbox", group = "tools", leak = "often",
  test  = function(box) return box.sessions == 0 and box.failures:count("mailbox-busy") > 0 end,
  says  = "no session is open on it",
  cites = "field case B9; domain/dns-and-store SL-02",
}

finding "mailbox.store-tool-runs" {
  title = "a backup, reconstruct or expire runs in the store",
  scope = "mailbox", group = "processes", leak = "rarely",
  test  = function(box)
    return any {
      function() return box.host:process("imsbackup").count > 0 end, function() return box.host:process("reconstruct").count > 0 end,
      function() return box.host:process("imexpire").count > 0 end,
    }
  end,
  says  = "a backup, reconstruct or expire runs in the store",
  cites = "domain/dns-and-store SL-04, II.7",
}

finding "mailbox.something-was-killed" {
  title = "a store program was killed or ended abnormally",
  scope = "mailbox", group = "server-logs-exits", leak = "rarely",
  test  = function(box)
    return any {
      function() return box.host.killed_lines > 0 end,
      function()
        for _, p in ipairs { "imapd", "popd", "mshttpd", "ims_master", "stored" } do
          if known(box.host:process(p), "crashes") and box.host:process(p).crashes > 0 then return true end
        end
        return false
      end,
    }
  end,
  says  = "a store program ended abnormally before",
  cites = "field case C3",
}

finding "mailbox.invalid-format" {
  title = "attempts say that the mailbox has an invalid format",
  scope = "mailbox", group = "attempt-texts", leak = says_itself,
  test  = function(box) return box.failures:count("mailbox-format") >= 1 and box.failures:share("mailbox-format") > thresholds.third end,
  says  = function(box) return num(box.failures:count("mailbox-format")) .. " attempts say that the mailbox has an invalid format" end,
  cites = "seed, part II: IMAP_MAILBOX_BADFORMAT, IMAP_MAILBOX_NOTSUPPORTED",
}

finding "mailbox.store-says-corrupted" {
  title = "the store's log says that the mailbox is damaged",
  scope = "mailbox", group = "server-logs", leak = says_itself,
  test  = function(box) return box.store_errors:count("mailbox-format") >= 1 end,
  says  = function(box) return "the store logged " .. num(box.store_errors:count("mailbox-format")) .. " times that it is damaged" end,
  cites = "domain/msgserver-logs 2.3: Mailbox corrupted, Needs reconstruct",
}

finding "mailbox.io-errors" {
  title = "attempts end in a System I/O error",
  scope = "mailbox", group = "attempt-texts", leak = "rarely",
  test  = function(box) return box.failures:count("store-io") >= 1 and box.failures:share("store-io") > thresholds.third end,
  says  = function(box) return num(box.failures:count("store-io")) .. " attempts ended in a System I/O error" end,
  cites = "seed, part II: IMAP_IOERROR",
}

finding "mailbox.file-too-large" {
  title = "the store says `File too large` for its index or cache",
  scope = "mailbox", group = "server-logs", leak = says_itself,
  test  = function(box)
    return any { function() return box.store_errors:count("mailbox-limit") >= 1 end, function() return box.failures:count("mailbox-limit") >= 1 end }
  end,
  says  = "the store says `File too large` for its index or cache",
  cites = "field case B15",
}

finding "mailbox.alone-with-it" {
  title = "only one or two mailboxes get I/O errors",
  scope = "mailbox", group = "log-people", leak = "sometimes",
  test  = function(box)
    local n = 0
    for other in box.channel:each("mailbox") do
      if known(other, "failures") and other.failures:count("store-io") > 0 then n = n + 1 end
    end
    return box.failures:count("store-io") > 0 and n < thresholds.several_mailboxes
  end,
  says  = "hardly any other mailbox gets I/O errors",
  cites = "field case B15: one mailbox",
}

finding "mailbox.partition-has-room" {
  title = "the store's file systems have room",
  scope = "mailbox", group = "disk", leak = "usually",
  where = function(box)
    for p in box.host:each("partition") do
      if known(p, "holds_store", "used_pct") and p.holds_store then return true end
    end
    return false
  end,
  test  = function(box)
    for p in box.host:each("partition") do
      if known(p, "holds_store", "used_pct") and p.holds_store and p.used_pct >= thresholds.disk_full_pct then return false end
    end
    return true
  end,
  says  = "the store's file systems have room",
  cites = "field case B15",
}

finding "mailbox.missing" {
  title = "attempts say that the mailbox does not exist or was moved",
  scope = "mailbox", group = "attempt-texts", leak = says_itself,
  test  = function(box) return box.failures:count("mailbox-missing") >= 2 and box.failures:share("mailbox-missing") > thresholds.most end,
  says  = function(box) return num(box.failures:count("mailbox-missing")) .. " attempts say that it does not exist or moved to another server" end,
  cites = "catalogue of diagnoses: ims-ms.missing-mailhost-entry",
}

finding "mailbox.gets-nothing-else" {
  title = "nothing is delivered to the mailbox while it gives such answers",
  scope = "mailbox", group = "log-rates", leak = "sometimes",
  test  = function(box)
    local n = 0
    for _, class in ipairs(own_classes) do n = n + box.failures_4h:count(class) end
    return n > 0 and box.delivered_4h == 0
  end,
  says  = "no message was delivered to it in the last 4 hours",
  cites = "field case B15: a single user stops getting mail",
}

finding "mailbox.directory-knows-the-user" {
  title = "the directory knows the user as active",
  scope = "mailbox", group = "people", leak = "sometimes",
  test  = function(box) return box.status == "active" and box.failures:count("mailbox-missing") > 0 end,
  says  = "the directory has the user, as active",
  cites = "catalogue of diagnoses: users who exist; domain/dns-and-store SM-06",
}

---------------------------------------------------------------- causes

cause "ims-ms.mailbox-locked" {
  title   = "A mailbox stays busy: a session or a backup holds it",
  summary = function(box) return "mail for " .. text(box.name) .. " finds the mailbox locked again and again" end,
  scope = "mailbox", prior = "common",
  links = { ["mailbox.busy-for-long"] = "nearly always", ["mailbox.busy-without-a-delivery"] = "nearly always", ["mailbox.retried-fast"] = "usually",
            ["mailbox.session-open"] = "usually", ["mailbox.store-tool-runs"] = "often" },
  urgency = "watch", if_nothing = "the user's mail waits until the holder ends; it is returned at the last age of `notices`",
  remedies = { { "mailbox.find-session", "usually" }, { "backup.move-window", "sometimes" } },
  since = since, messages = files, mailboxes = one, cites = "field case B9; seed, part II",
}

cause "ims-ms.orphan-lock" {
  title   = "A lock was left behind on a mailbox",
  summary = function(box) return "mail for " .. text(box.name) .. " finds the mailbox locked, and nobody holds it: a store program was killed" end,
  scope = "mailbox", where = is_store, prior = "plausible",
  links = { ["mailbox.busy-for-long"] = "nearly always", ["mailbox.busy-without-a-delivery"] = "nearly always", ["mailbox.retried-fast"] = "usually",
            ["mailbox.nobody-holds-it"] = "nearly always", ["mailbox.something-was-killed"] = "usually" },
  never = { "mailbox.session-open" },
  urgency = "act", if_nothing = "the lock does not go away by itself",
  remedies = { { "mailbox.find-session", "sometimes" }, { "store.restart-services", "usually" } },
  since = since, messages = files, mailboxes = one, cites = "field cases B9, C3; domain/dns-and-store SL-02",
}

cause "ims-ms.mailbox-corrupt" {
  title   = "A mailbox is damaged",
  summary = function(box) return "mail for " .. text(box.name) .. " cannot be stored: its index or cache is damaged" end,
  scope = "mailbox", where = is_store, prior = "plausible",
  links = { ["mailbox.invalid-format"] = "nearly always", ["mailbox.store-says-corrupted"] = "usually", ["mailbox.gets-nothing-else"] = "nearly always" },
  urgency = "act", if_nothing = "the user gets no mail; it is returned at the last age of `notices`",
  remedies = { { "mailbox.reconstruct", "usually" } },
  since = since, messages = files, mailboxes = one, cites = "seed, part II: the mailbox is most likely corrupted; field case H19",
}

cause "ims-ms.mailbox-index-limit" {
  title   = "A folder has outgrown its index",
  summary = function(box) return "the index or cache of a folder of " .. text(box.name) .. " is near 2 GB: it takes no more messages" end,
  scope = "mailbox", where = is_store, prior = "plausible",
  links = { ["mailbox.file-too-large"] = "nearly always", ["mailbox.io-errors"] = "usually", ["mailbox.partition-has-room"] = "nearly always",
            ["mailbox.alone-with-it"] = "nearly always", ["mailbox.gets-nothing-else"] = "nearly always" },
  urgency = "act", if_nothing = "the user gets no mail",
  remedies = { { "mailbox.split", "usually" } },
  since = since, messages = files, mailboxes = one, cites = "field case B15",
}

cause "ims-ms.missing-mailhost-entry" {
  title   = "The store does not know a mailbox that exists in the directory",
  summary = "The user's entry has no mailHost or names another store",
  scope = "mailbox", prior = "plausible",
  links = { ["mailbox.missing"] = "nearly always", ["mailbox.gets-nothing-else"] = "nearly always", ["mailbox.directory-knows-the-user"] = "usually" },
  urgency = "watch", if_nothing = "senders get bounces for this user",
  remedies = { { "ldap.fix-entry", "usually" } },
  since = since, messages = files, mailboxes = one, cites = "catalogue of diagnoses; domain/dns-and-store SM-06",
}

---------------------------------------------------------------- remedies

remedy "mailbox.find-session" {
  title = "Find who holds the mailbox and end that properly",
  steps = function(x)
    local who = scope_name(x) == "mailbox" and names.user(x) or nil
    local list = {}
    if places.lists_sessions(x) then
      list[1] = { "List the user's sessions", who and command("imsconnutil -c -s imap -u %s", who) or command("imsconnutil -c") }
    else
      list[1] = "Look for the user's open sessions in the logs of imapd and popd: this version has no tool that lists them"
    end
    if known(x.host, "userlist_enabled") and not x.host.userlist_enabled then
      list[#list + 1] = "Sessions are not recorded here: local.imap.enableuserlist and local.http.enableuserlist must be 1 for that"
    end
    if places.ends_sessions(x) then
      list[#list + 1] = { "Disconnect them", who and command("imsconnutil -k -u %s", who) or nil }
    end
    list[#list + 1] = { "Look for a backup or reconstruct that works on it", command("ps -ef") }
    list[#list + 1] = "End such a tool with SIGTERM and wait; never SIGKILL: it leaves the lock behind"
    return list
  end,
  needs = "root", risk = "low", restart = "none", undo = "the user logs in again", verify = "the next retry, minutes later, delivers",
  warnings = { "SIGKILL on a store program leaves a lock that only a restart of all store servers clears" },
  reference = "Administration Reference, imsconnutil; field case C3", minutes = 10, risk_minutes = 2, cites = "domain/dns-and-store II.5",
}

-- Why a repair of mailboxes must wait, or nil.
local function repair_must_wait(x)
  local h = x.host
  local db = h:database("mboxlist")
  if known(db, "state") and db.state == "init" then return "stored is still recovering: wait until its state is `ready`" end
  for p in h:each("partition") do
    if known(p, "holds_store", "used_pct") and p.holds_store and p.used_pct >= thresholds.disk_full_pct then
      return "the store's file system " .. text(p.name) .. " is full: free space first, the repair needs some and fails without"
    end
  end
  if known(h, "disk_error_lines") and h.disk_error_lines > 0 then
    return "a device reports errors: repair the storage first, reconstruct on a bad disk makes it worse"
  end
  if known(h:process("stored"), "count") and h:process("stored").count == 0 then return "stored is not running: reconstruct needs it" end
end

remedy "mailbox.reconstruct" {
  title = "Check the mailbox, then reconstruct it",
  steps = function(x)
    if scope_name(x) ~= "mailbox" then
      return {
        { "Check the mailboxes of the partition without changing them", command("reconstruct -n -r -p %s", "primary") },
        "Reconstruct those it names, one by one, as for a single mailbox",
      }
    end
    local box = "user/" .. names.user(x)
    return {
      { "Check only", command("reconstruct -n %s", box .. "/INBOX") },
      { "Repair the mailbox and all its folders", command("reconstruct -r %s", box) },
      { "If it is still refused, force it", command("reconstruct -f %s", box .. "/INBOX") },
      { "Let the channel try again at once", command("imsimta submit %s", x.channel.name) },
    }
  end,
  needs = "stored running, free space in the partition, the mail user's rights; the user logged out is better", risk = "medium", restart = "none",
  undo = "nothing to undo: messages are preserved; back up the folder first if you can",
  verify = "reconstruct -n finds nothing more, the messages for the user leave, no new `Mailbox corrupted` line",
  withheld = repair_must_wait,
  warnings = { "A mailbox that is damaged again after two clean repairs points at the file system" },
  reference = "seed, part II: reconstruct; Administration Guide", minutes = 15, risk_minutes = 10, cites = "seed, part II; domain/dns-and-store II.3",
}

remedy "mailbox.split" {
  title = "Move the oversized folder aside",
  steps = function(x)
    local box = scope_name(x) == "mailbox" and "user/" .. names.user(x) or nil
    return {
      { "See how large the folders are", box and command("mboxutil -l -p %s", box .. "/*") or nil },
      { "Rename the folder, so that a new one begins empty", box and command("mboxutil -r %s %s", box .. "/INBOX", box .. "/archive-1") or nil },
      value(x.host, "is_unified", false) and { "Limit it for the future", "msconfig set store.maxmessages 500000" }
        or { "Limit it for the future", "configutil -o local.store.maxmessages -v 500000" },
    }
  end,
  needs = "the mail user's rights; the user logged out", risk = "medium", restart = "none", undo = "rename it back (after deleting mail in it)",
  verify = "new mail is delivered; no more `File too large`", withheld = repair_must_wait,
  reference = "Administration Guide: mailbox overflow", minutes = 20, risk_minutes = 5, cites = "field case B15",
}

remedy "ldap.fix-entry" {
  title = "Correct the user's directory entry",
  steps = function(x)
    return {
      scope_name(x) == "mailbox"
        and { "Look at the entry; <base> is where the users are in your directory",
              command("ldapsearch -b <base> uid=%s mailHost mailUserStatus mailMessageStore", names.user(x)) }
        or "Look at the entry",
      "Set mailHost to the store that holds the mailbox, mailUserStatus to active",
      { "If the mailbox lies in the store but the list does not know it", command("reconstruct -m") },
    }
  end,
  needs = "write access to the directory", risk = "low", restart = "none", undo = "set the old value again", verify = "a test message arrives",
  reference = "catalogue of diagnoses", minutes = 15, risk_minutes = 2, cites = "domain/dns-and-store SM-06, SI-03",
}
