-- What looks like a damaged or lost database and is none, and the healthy state.

local says_itself = thresholds.says_itself
local here = calendar.has_csdb

-- Instances that a cause makes sense for: where the facts that are known show nothing of it, it takes no part; where none are known, it does.
local function is_read_only(h)
  return here(h) and any { function() return h.cal_readonly end, function() return h.cal_readonly_refusals > 0 end }
end

local function has_back_end_trouble(h)
  return here(h) and any { function() return h.cal_dwp_errors > 0 end, function() return h.cal_dwp_server_is_address end,
                           function() return h.cal_dwp_port_differs end }
end

---------------------------------------------------------------- findings

finding "host.calendar-without-csdb" {
  title = "this version has no csdb",
  scope = "host", group = "identity", leak = says_itself,
  test  = function(h)
    return any { function() return h.cal_version_num >= thresholds.first_without_csdb end, function() return not h.cal_uses_csdb end }
  end,
  says  = function(h)
    return "version " .. text(value(h, "cal_version", "7 or later")) .. " keeps its calendars in MySQL or Oracle Database"
  end,
  cites = "domain/calendar-db 1.4",
}

finding "host.calendar-read-only" {
  title = "read-only mode is on in ics.conf",
  scope = "host", group = "configuration-read-only", leak = says_itself, where = here,
  test  = function(h) return h.cal_readonly end,
  says  = "caldb.berkeleydb.readonly is on",
  cites = "domain/calendar-db 2.2, CAL-30",
}

finding "host.calendar-refuses-changes" {
  title = "changes are refused since the database is read-only",
  scope = "host", group = "server-logs-read-only", leak = "rarely", where = here,
  test  = function(h) return h.cal_readonly_refusals > 0 end,
  says  = function(h) return num(h.cal_readonly_refusals) .. " changes were refused since the database is read-only" end,
  cites = "domain/calendar-db CAL-30",
}

finding "host.calendar-back-end-errors" {
  title = "connections to a back end fail",
  scope = "host", group = "server-logs-dwp", leak = says_itself, where = here,
  test  = function(h) return h.cal_dwp_errors > 0 end,
  says  = function(h) return num(h.cal_dwp_errors) .. " lines speak of a back end that cannot be reached (DWP)" end,
  cites = "domain/calendar-db CAL-28",
}

finding "host.calendar-back-end-by-address" {
  title = "a back end is named by its address",
  scope = "host", group = "configuration-dwp", leak = says_itself, where = here,
  test  = function(h) return h.cal_dwp_server_is_address end,
  says  = "a caldb.dwp.server value is an address where a full host name is needed",
  cites = "domain/calendar-db 2.2: bug 6542989",
}

finding "host.calendar-back-end-ports-differ" {
  title = "front and back ends name different DWP ports",
  scope = "host", group = "configuration-dwp-port", leak = says_itself, where = here,
  test  = function(h) return h.cal_dwp_port_differs end,
  says  = "service.dwp.port differs between the hosts",
  cites = "domain/calendar-db 1.3: all hosts must agree",
}

finding "host.calendar-some-users-miss-all" {
  title = "one or a few users miss all of their entries",
  scope = "host", group = "people-missing", leak = "rarely", where = here,
  test  = function(h) return h.cal_events_missing == "of-one-user" end,
  says  = "one or a few users miss all of their entries",
  cites = "domain/calendar-db CAL-29",
}

finding "host.calendar-missed-are-there" {
  title = "the calendars that users miss are in the database",
  scope = "host", group = "people-listed", leak = "sometimes", where = here,
  test  = function(h) return h.cal_missing_is_listed end,
  says  = "cscal lists the calendars that users miss",
  cites = "domain/calendar-db CAL-29: db counts stable",
}

finding "host.calendar-ldap-cache-on" {
  title = "the LDAP data cache is on",
  scope = "host", group = "configuration-ldap-cache", leak = "sometimes", where = here,
  test  = function(h) return h.cal_ldap_cache_on end,
  says  = "the LDAP data cache is on, which never expires by itself",
  cites = "domain/calendar-db 2.2, CAL-29",
}

---------------------------------------------------------------- causes

cause "calendar.not-this-product" {
  title   = "This version of the calendar has no Berkeley DB",
  summary = "From version 7 on the calendars are in MySQL or Oracle Database: csdb and its recovery do not apply here",
  scope = "host", where = function(h) return not calendar.has_csdb(h) end, prior = "common",
  links = { ["host.calendar-without-csdb"] = "nearly always" },
  urgency = "watch", if_nothing = "nothing: what is told here is that the tools of csdb must not be used",
  remedies = { { "calendar.other-database", "often" } },
  cites = "domain/calendar-db 1.4, CAL-35",
}

cause "calendar.read-only-left-on" {
  title   = "Read-only mode was left on",
  summary = "Every change is refused since caldb.berkeleydb.readonly is on; unless somebody works on the database at this moment, nothing is damaged",
  scope = "host", where = is_read_only, prior = "plausible",
  links = { ["host.calendar-read-only"] = "nearly always", ["host.calendar-refuses-changes"] = "sometimes" },
  urgency = "act", if_nothing = "users can read and change nothing",
  remedies = { { "calendar.leave-read-only", "nearly always" } },
  cites = "domain/calendar-db CAL-30, S0",
}

cause "calendar.backend-unreachable" {
  title   = "A back end cannot be reached, which looks like lost calendars",
  summary = "The front end cannot talk to the back end (DWP); the database there is not touched",
  scope = "host", where = has_back_end_trouble, prior = "plausible",
  links = { ["host.calendar-back-end-errors"] = "nearly always", ["host.calendar-back-end-by-address"] = "often",
            ["host.calendar-back-end-ports-differ"] = "sometimes", ["host.calendar-some-users-miss-all"] = "often" },
  urgency = "act", if_nothing = "users of that back end see no calendars",
  remedies = { { "calendar.fix-dwp", "usually" } },
  cites = "domain/calendar-db CAL-28, S0",
}

cause "calendar.ldap-cache-stale" {
  title   = "The LDAP cache is stale, which looks like lost calendars",
  summary = "Some users' entries are remembered as they were; their calendars are in the database",
  scope = "host", where = here, prior = "uncommon",
  links = { ["host.calendar-some-users-miss-all"] = "nearly always", ["host.calendar-missed-are-there"] = "nearly always",
            ["host.calendar-ldap-cache-on"] = "nearly always", ["host.csdb-complains-of-nothing"] = "nearly always",
            ["host.csdb-files-good"] = "nearly always" },
  never = { "host.calendar-back-end-errors" },
  urgency = "act", if_nothing = "these users go on seeing old data: the cache does not expire",
  remedies = { { "calendar.empty-ldap-cache", "usually" } },
  cites = "domain/calendar-db CAL-29, S0",
}

cause "calendar.healthy" {
  title   = "The calendar and its database are healthy",
  summary = "Nothing here needs attention: what should run runs, the files are good as far as they were looked into, and no message complains",
  scope = "host", benign = true, prior = "common",
  links = {}, urgency = "normal",
  if_nothing = "nothing happens",
  remedies = {},
  cites = "issue 6; domain/calendar-db 5",
}
