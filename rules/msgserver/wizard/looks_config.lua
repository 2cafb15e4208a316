-- What to look at in the configuration.

local function config(h) return places.folder(h, "config") end
local only_reads = "it reads configuration files; nothing is changed, and secrets in them are not kept"

look "configuration" {
  title = "The configuration of channels and jobs",
  items = { "imta-cnf", "job-controller-cnf", "option-dat", "dispatcher-cnf", "imta-tailor", "mappings", "channel-option", "config-xml", "msconfig" },
  gives = { "channel.configured", "channel.reaches_outside", "channel.pool", "channel.pool_defined", "channel.pool_limit", "channel.pool_shared_with",
            "channel.jobs_max", "channel.threads_max", "channel.threaddepth", "channel.last_notice_s", "channel.first_notice_s", "channel.first_retry_s",
            "channel.last_retry_s", "channel.until_*", "channel.logging", "channel.loopcheck", "channel.mx_keyword", "channel.smarthost",
            "channel.master_defined", "channel.master_program", "channel.window_closed", "channel.holdlimit", "channel.held_domain_routed", "destination.routed", "destination.is_own_store", "host.roles",
            "host.jc_max_messages", "host.jc_max_life_s", "host.pools", "host.connection_limits", "host.reverse_lookups", "host.own_domains",
            "host.upgrade_changed_threaddepth" },
  how   = function(h)
    if value(h, "is_unified", false) then
      return { { "Unified Configuration is in use: show all of it", places.tool(h, "msconfig show '*'") } }
    end
    return { { "Give the path of the configuration folder, or show its files one behind the other", "cat " .. config(h) .. "/imta.cnf" },
             { "The job controller's", "cat " .. config(h) .. "/job_controller.cnf" },
             { "The options of the MTA, if there are any", "cat " .. config(h) .. "/option.dat" } }
  end,
  safe  = only_reads,
  asks  = function(h) return "Please show how channels and jobs are configured." end,
  minutes = 3, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 1,
  cites = "domain/msgserver-config 1.0, 1.2, 1.6; seed, part II: Configuration Issues",
}

look "configuration.settings" {
  title = "The settings of store, directory and schedules",
  items = { "configutil", "msg-conf", "msconfig", "config-xml" },
  gives = { "host.quota_*", "host.overquota_status", "host.disk_check", "host.disk_threshold_pct", "host.dbcache_bytes", "host.ldap_hosts",
            "host.ldap_connect_timeout_set", "host.userlist_enabled", "host.autorestart", "host.snapshot_*", "host.return_job_scheduled",
            "host.expire_scheduled" },
  how   = function(h)
    if value(h, "is_unified", false) then
      return { { "Unified Configuration is in use: show all of it", places.tool(h, "msconfig show '*'") } }
    end
    return { { "Show the settings; lines with passwords may be left out", places.tool(h, "configutil") } }
  end,
  safe  = only_reads,
  asks  = function(h) return "Please show the settings of store, quota, directory and schedules." end,
  minutes = 2, load_minutes = 0, risk_minutes = 0.2, annoyance_minutes = 1,
  cites = "domain/msgserver-config 1.13, 1.14; domain/msgserver-queue 4.11",
}

look "configuration.times" {
  title = "The times of configuration files and of the compiled configuration",
  items = { "listing", "imta-cnf", "config-image" },
  gives = { "host.config_newer_by_s", "host.config_changed" },
  how   = function(h)
    if value(h, "is_unified", false) then return {} end
    return { { "List the configuration folder, the newest first", "ls -lt " .. config(h) },
             { "And the compiled configuration", "ls -l " .. (places.line(h, "%s/lib/config_data") or "<base>/lib/config_data") } }
  end,
  safe  = "it lists names and times of files",
  asks  = function(h) return "Was the configuration changed since it was compiled? Please list its files with their times." end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/msgserver-queue 4.12: only compare the times of the compiled image and its sources",
}
