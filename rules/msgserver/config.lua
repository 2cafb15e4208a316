-- Configuration and installation: not compiled, wrong owners, limits, mixed versions, no throttle, changed defaults.

-- The leak of a finding that names its cause by itself: a text, a file or a process that hardly anything else explains.
local says_itself = thresholds.says_itself

---------------------------------------------------------------- findings

finding "host.configuration-newer-than-image" {
  title = "a configuration file is newer than the compiled image",
  scope = "host", group = "configuration", leak = says_itself,
  test  = function(h) return h.config_newer_by_s > thresholds.compile_soon_s and not value(h, "is_unified", false) end,
  says  = function(h) return "a configuration file is " .. dur(h.config_newer_by_s) .. " newer than the compiled image" end,
  cites = "domain/msgserver-queue 4.12: older image is stale",
}

finding "host.configuration-changed-lately" {
  title = "a configuration file was changed within the last week",
  scope = "host", group = "ages", leak = "sometimes",
  test  = function(h) return h.config_changed < thresholds.week_s end,
  says  = function(h) return "a configuration file was changed " .. dur(h.config_changed) .. " ago" end,
  cites = "domain/msgserver-queue 4.12",
}

finding "host.new-channel-gets-no-mail" {
  title = "a channel of the configuration gets no mail though it was made a while ago",
  scope = "host", group = "log-channels", leak = "rarely",
  where = function(h)
    for ch in h:each("channel") do if known(ch, "made", "arrived") then return true end end
    return false
  end,
  test  = function(h)
    for ch in h:each("channel") do
      if known(ch, "made", "arrived") and ch.made > thresholds.recent_s and ch.arrived == 0 then return true end
    end
    return false
  end,
  says  = "a channel that the configuration has got lately was given no mail",
  cites = "field case G7: new E lines go to the new channel where the rule works",
}

finding "host.permission-denied-for-many" {
  title = "`Permission denied` is logged for several users or channels",
  scope = "host", group = "server-logs-permission", leak = says_itself,
  test  = function(h) return h.permission_lines >= thresholds.few_attempts and h.permission_users >= thresholds.several_mailboxes end,
  says  = function(h) return num(h.permission_lines) .. " lines say `Permission denied`, for " .. num(h.permission_users) .. " different users or channels" end,
  cites = "catalogue of diagnoses: config.permissions",
}

finding "host.deliveries-denied" {
  title = "attempts fail for lack of permission",
  scope = "host", group = "attempt-texts", leak = "rarely",
  test  = function(h) return h.failures:count("permission") >= thresholds.few_attempts and h.failures:share("permission") > thresholds.some end,
  says  = function(h) return num(h.failures:count("permission")) .. " attempts failed for lack of permission" end,
  cites = "domain/msgserver-logs, row 71",
}

finding "host.too-few-descriptors" {
  title = "a server says at its start that it has too few file descriptors",
  scope = "host", group = "server-logs-starts", leak = says_itself,
  test  = function(h) return h.fd_limit_lines > 0 end,
  says  = "a server says at its start: `Not enough file descriptors to support N sessions per process`",
  cites = "field case C9",
}

finding "host.access-servers-missing" {
  title = "stored runs, imapd does not",
  scope = "host", group = "processes-store", leak = "rarely",
  where = function(h) return h.roles:has("store") end,
  test  = function(h) return h:process("stored").count > 0 and h:process("imapd").count == 0 end,
  says  = "stored runs, but imapd is not there",
  cites = "field case C9: imapd, popd and httpd do not start",
}

finding "host.descriptors-run-out" {
  title = "attempts or servers ran out of descriptors or memory",
  scope = "host", group = "attempt-texts", leak = "rarely",
  test  = function(h) return h.failures:count("resource") + h.server_errors:count("resource") >= thresholds.few_attempts end,
  says  = "attempts or servers ran out of descriptors or memory",
  cites = "domain/msgserver-logs, rows 56, 66",
}

finding "host.versions-differ" {
  title = "log lines say `version mismatch`",
  scope = "host", group = "server-logs-versions", leak = says_itself,
  test  = function(h) return h.version_mismatch_lines > 0 end,
  says  = function(h) return num(h.version_mismatch_lines) .. " lines say `version mismatch`" end,
  cites = "domain/msgserver-logs, row 164",
}

finding "host.initialization-fails" {
  title = "programs of the MTA fail in their initialization",
  scope = "host", group = "server-logs-versions", leak = "rarely",
  test  = function(h) return h.mm_init_lines > 0 end,
  says  = "programs of the MTA fail in their initialization",
  cites = "domain/msgserver-logs, rows 163, 165",
}

finding "host.one-client-without-bound" {
  title = "one client sends most of a burst of arrivals",
  scope = "host", group = "log-clients", leak = says_itself,
  test  = function(h)
    return h.arrived >= thresholds.flood_messages and h.source_systems:top_share(1) > thresholds.most and h.arrivals_ratio > thresholds.burst_ratio
  end,
  says  = function(h) return "one client sends " .. pct(h.source_systems:top_share(1)) .. " of all arrivals" end,
  cites = "catalogue of diagnoses: config.throttle-missing",
}

finding "host.no-limits-set" {
  title = "no connection or recipient limit is configured",
  scope = "host", group = "configuration", leak = "often",
  test  = function(h) return not h.connection_limits end,
  says  = "no connection or recipient limit is configured",
  cites = "catalogue of diagnoses: config.throttle-missing",
}

finding "host.default-threaddepth-changed" {
  title = "the default of threaddepth changed with this release and is not set",
  scope = "host", group = "configuration", leak = "sometimes",    -- of every 6.2 and 6.3 that does not set it
  test  = function(h) return h.upgrade_changed_threaddepth end,
  says  = "the default of threaddepth changed with this release (128 to 10) and is not set",
  cites = "domain/msgserver-queue 6.4",
}

finding "host.upgraded-lately" {
  title = "the product was upgraded within the last week",
  scope = "host", group = "log-starts", leak = says_itself,
  test  = function(h) return h.upgraded < thresholds.week_s end,
  says  = function(h) return "the product was upgraded " .. dur(h.upgraded) .. " ago" end,
  cites = "catalogue of diagnoses: performance.post-upgrade-shift",
}

---------------------------------------------------------------- causes

cause "config.not-recompiled" {
  title   = "The configuration was changed but not compiled",
  summary = "The MTA still works by the compiled image, which is older than its sources",
  scope = "host", prior = "uncommon",
  links = { ["host.configuration-newer-than-image"] = "nearly always", ["host.configuration-changed-lately"] = "nearly always",
            ["host.new-channel-gets-no-mail"] = "often" },
  urgency = "watch", if_nothing = "the change has no effect until the configuration is compiled",
  remedies = { { "config.recompile", "nearly always" } },
  since = function(h) return h.config_changed end, cites = "domain/msgserver-queue 4.12; domain/msgserver-config 4.3",
}

cause "config.permissions" {
  title   = "Files have the wrong owner or mode",
  summary = "`Permission denied` for many users or channels: since a restore or a tool that was run as root",
  scope = "host", prior = "uncommon",
  links = { ["host.permission-denied-for-many"] = "nearly always", ["host.deliveries-denied"] = "usually",
            ["host.files-made-by-root"] = "usually" },
  urgency = "act", if_nothing = "deliveries go on failing",
  remedies = { { "config.fix-permissions", "usually" } },
  messages = function(h) return h.failures:count("permission") end, cites = "catalogue of diagnoses; domain/dns-and-store SD-06",
}

cause "config.fd-limit" {
  title   = "Servers do not start for lack of file descriptors",
  summary = "The limit of descriptors is too low for the sessions that are configured",
  scope = "host", prior = "uncommon",
  links = { ["host.too-few-descriptors"] = "nearly always", ["host.access-servers-missing"] = "usually", ["host.descriptors-run-out"] = "sometimes",
            ["host.logins-fail"] = "usually", ["database.logins-fail"] = "usually" },
  urgency = "act", if_nothing = "users cannot read mail; delivery may go on",
  remedies = { { "config.raise-limits", "usually" } },
  cites = "field case C9",
}

cause "config.version-mix" {
  title   = "Programs and compiled configuration come from different builds",
  summary = "`version mismatch` since a patch: the MTA's programs stop",
  scope = "host", prior = "rare",
  links = { ["host.versions-differ"] = "nearly always", ["host.initialization-fails"] = "often", ["host.upgraded-lately"] = "usually",
            ["host.no-job-controller"] = "sometimes", ["host.no-dispatcher"] = "sometimes", ["host.nothing-tried"] = "often",
            ["host.nothing-arrives"] = "sometimes", ["host.all-channels-silent"] = "often", ["host.configuration-newer-than-image"] = "rarely",
            ["channel.mostly-untried"] = "often", ["channel.untried-old"] = "often", ["channel.nothing-tried"] = "often", ["channel.growing"] = "often" },
  brings = { ["jobcontroller.not-running"] = "often", ["dispatcher.not-running"] = "often", ["ims-ms.master-not-starting"] = "often" },
  urgency = "act", if_nothing = "channel programs stop at their start",
  remedies = { { "config.recompile", "usually" }, { "store.recover-database", "sometimes" } },
  cites = "domain/msgserver-queue 4.12",
}

cause "config.throttle-missing" {
  title   = "One client sends without bound and nothing limits it",
  summary = "A single client makes most of the arrivals, and no limit is configured",
  scope = "host", prior = "rare",
  links = { ["host.one-client-without-bound"] = "nearly always", ["host.no-limits-set"] = "nearly always", ["host.arrivals-far-above-usual"] = "usually",
            ["host.mass-mailing-queued"] = "sometimes", ["channel.growing"] = "often", ["channel.mostly-untried"] = "sometimes",
            ["channel.untried-old"] = "sometimes" },
  urgency = "watch", if_nothing = "the next burst of that client fills the queue again",
  remedies = { { "config.add-throttle", "usually" }, { "spam.block-source", "sometimes" } },
  cites = "catalogue of diagnoses",
}

cause "performance.post-upgrade-shift" {
  title   = "Queue sizes and process counts differ since the upgrade; throughput does not",
  summary = "A changed default (threaddepth 128 to 10) starts workers earlier",
  scope = "host", benign = true, prior = "rare",
  links = { ["host.default-threaddepth-changed"] = "nearly always", ["host.upgraded-lately"] = "nearly always" },
  urgency = "normal", if_nothing = "nothing happens",
  remedies = { { "performance.investigate", "sometimes" } },
  cites = "catalogue of diagnoses; domain/msgserver-queue 6.4",
}

---------------------------------------------------------------- remedies

remedy "config.recompile" {
  title = "Compile the configuration and let the servers read it",
  steps = function(x)
    return {
      { "Check it first: an address that must work shows its channel and every syntax error", command("imsimta test -rewrite -noimage postmaster@example.com") },
      { "Compile it", command("imsimta cnbuild") },
      { "Restart the SMTP servers", command("imsimta restart dispatcher") },
    }
  end,
  needs = "root or the mail user", risk = "low", restart = "imsimta cnbuild, imsimta restart dispatcher",
  undo = "put the old files back and compile again", verify = "the compiled image is newer than its sources; no version mismatch in the logs",
  warnings = { "A change of job_controller.cnf needs a restart of the job controller: with a large queue wait for a quiet hour" },
  reference = "Administration Guide: compiled configuration version mismatch", minutes = 5, risk_minutes = 2, cites = "domain/msgserver-config 4.3",
}

remedy "config.fix-permissions" {
  title = "Give the files back to the mail user",
  steps = function(x)
    return {
      { "See who owns what", places.line(x, "ls -lLd %s/data/queue %s/data/store %s/config %s/log") },
      "Compare with a folder that works; the mail user is IMTA_USER in imta_tailor (mailsrv, inetuser)",
      "Give back what belongs to it with chown -R on exactly those folders; MTA configuration files must be readable by everybody",
    }
  end,
  needs = "root", risk = "medium", restart = "none", undo = "note the old owners first (ls -lR)",
  verify = "no new `Permission denied`", reference = "domain/dns-and-store SD-06", minutes = 20, risk_minutes = 5, cites = "domain/dns-and-store SD-06",
}

remedy "config.raise-limits" {
  title = "Raise the limit of descriptors where the servers are started",
  steps = function()
    return {
      "Put `ulimit -n` with the number that the log recommends into the start environment (the script or service that runs start-msg), and raise the hard limit of the system",
      { "Start the servers from that environment", command("start-msg") },
      "Or configure fewer sessions per process",
    }
  end,
  needs = "root", risk = "low", restart = "the servers that did not start", undo = "set the old limit again",
  verify = "imapd, popd and mshttpd stay up; no such line in their logs", reference = "field case C9", minutes = 15, risk_minutes = 2, cites = "field case C9",
}

remedy "config.add-throttle" {
  title = "Limit what one client may send",
  steps = function(x)
    return {
      "Set a limit of connections per client in PORT_ACCESS (conn_throttle or metermaid, by version) and ALLOW_RECIPIENTS_PER_TRANSACTION in the channel's option file",
      { "Let the servers read it", value(x.host, "version_num", 603) >= 600 and command("imsimta reload") or command("imsimta refresh") },
    }
  end,
  needs = "root; write access to the configuration", risk = "low", restart = "imsimta cnbuild, reload of the mappings",
  undo = "take the limit out again", verify = "the client gets 4xx above its limit", reference = "catalogue of diagnoses",
  minutes = 30, risk_minutes = 5, cites = "catalogue of diagnoses",
}
