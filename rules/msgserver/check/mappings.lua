-- Mapping tables: what does not fit together.
local reload = "; then `imsimta cnbuild` and `imsimta reload` (a change of PORT_ACCESS: `imsimta restart dispatcher`)"

check "mapping.duplicate-table" {
  title    = "a mapping table is there twice",
  severity = "error", over = "table", needs = { "mappings" },
  why      = "names of mapping tables are unique; a second table of the same name keeps the configuration from being loaded",
  fix      = "put the entries of both into one table" .. reload,
  cites    = "[doc P4] PMDF System Manager's Guide 5.2; [doc T1] Administration Guide 6.3, 26.4.1 (duplicate mapping name found)",
  bad      = "ORIG_SEND_ACCESS\n\n  ...\n\nORIG_SEND_ACCESS\n\n  ...",
  good     = "ORIG_SEND_ACCESS\n\n  ...",
  test     = function(table)
    if table.repeated then found(table, "a table " .. text(table.name) .. " is there already") end
  end,
}

check "mapping.entry-too-long" {
  title    = "an entry of a mapping table is longer than the product reads",
  severity = "error", over = "entry", needs = { "mappings" },
  why      = "patterns of more than 256 and templates of more than 1024 characters are not read (252 each in 5.x)",
  fix      = "split the entry, or move a part of it to a table of its own and name that with `$|TABLE;argument|`" .. reload,
  cites    = "[doc G5] Administration Guide 6.3, 10.3.1; [doc P4] PMDF System Manager's Guide 5.2",
  bad      = "  a pattern of 300 characters  $Y",
  good     = "  two patterns of 150 characters  $Y",
  test     = function(entry, config)
    local is_old = before(config, "6.0")
    local longest = { pattern = is_old and 252 or 256, template = is_old and 252 or 1024 }
    for _, column in ipairs { "pattern", "template" } do
      local length = #(entry[column] or "")
      if length > longest[column] then
        found(entry, "the " .. column .. " has " .. num(length) .. " characters, at most " .. num(longest[column]) .. " are read")
        return
      end
    end
  end,
}

check "mapping.nested-table-missing" {
  title    = "an entry asks a mapping table that is not there",
  severity = "warning", over = "entry", needs = { "mappings" },
  why      = "asking a table that does not exist fails, so the entry never matches; of INTERNAL_IP it makes every host an external one",
  fix      = "correct the name, or add the table" .. reload,
  cites    = "[inferred] from the rules for nested look-ups",
  bad      = "  *|*|*|*|*  $C$|INTERNALIP;$3|$Y$E",
  good     = "  *|*|*|*|*  $C$|INTERNAL_IP;$3|$Y$E",
  test     = function(entry, config)
    for _, nested in each(entry.nested) do
      if not index(config.tables, nested.name) and access.is_read_whole(config, "mappings") then
        found(nested, "there is no mapping table " .. text(nested.name) .. near(nested.name, config.tables))
      end
    end
  end,
}

-- Tables that the product itself asks.
local ASKED = {
  "INTERNAL_IP", "PORT_ACCESS", "ORIG_SEND_ACCESS", "SEND_ACCESS", "ORIG_MAIL_ACCESS", "MAIL_ACCESS", "FROM_ACCESS", "IP_ACCESS", "CONVERSIONS",
  "REVERSE", "FORWARD", "LOG_ACTION", "NOTIFICATION_LANGUAGE", "DISPOSITION_LANGUAGE", "COMMENT_STRINGS", "PERSONAL_NAMES", "AUTH_REWRITE",
}

-- A table of the site's own is named by an entry of another one.
local function is_named(name, config)
  for _, entry in each(config.entry) do
    for _, nested in each(entry.nested) do
      if same_name(nested.name, name) then return true end
    end
  end
end

check "mapping.misspelt-table" {
  title    = "nothing asks a mapping table whose name is nearly that of one of the product's",
  severity = "warning", over = "table", needs = { "mappings" },
  why      = "the product asks its tables by fixed names, so what a misspelt one says does not hold, and nothing complains of it",
  fix      = "correct the name of the table" .. reload,
  cites    = "[doc G10, M2, M3] names of the tables; that others are not asked is inferred",
  bad      = "PORT_ACCES\n\n  ...",
  good     = "PORT_ACCESS\n\n  ...",
  test     = function(table, config)
    local meant = words.meant(table.name, ASKED)
    if not meant or index(config.tables, meant) or is_named(table.name, config) then return end
    -- Of these two what is missing is said where it is missed.
    if meant == "INTERNAL_IP" or meant == "ORIG_SEND_ACCESS" then return end
    found(table, "nothing asks a mapping table " .. text(table.name) .. near(table.name, ASKED))
  end,
}

-- Whether an entry decides whatever is probed, so that nothing behind it is looked at.
local function decides_all(entry)
  return entry.is_catch_all and not entry.continues and not entry.may_fail
end

check "mapping.unreachable-entry" {
  title    = "entries stand behind one that matches everything",
  severity = "warning", over = "table", needs = { "mappings" },
  why      = "the first entry that matches decides, so entries behind an unconditional `*` are never looked at",
  fix      = "move the entry with the pattern `*` to the end of its table" .. reload,
  cites    = "[doc W16] order of entries; [doc P4] PMDF System Manager's Guide 5.2",
  bad      = "  *  $N\n  127.0.0.1  $Y",
  good     = "  127.0.0.1  $Y\n  *  $N",
  test     = function(table)
    local decided
    for _, entry in each(table.entries) do
      if decided then
        found(entry, "the entry is never looked at: an earlier one with the pattern `*` decides everything in " .. text(table.name))
        return
      end
      if decides_all(entry) then
        -- One that lets everybody in, or nobody, is told by the checks of security.
        local flags = entry.flags or {}
        if table.name == "PORT_ACCESS" and (flags.N or flags.F) then return end
        if flags.Y and (table.name == "INTERNAL_IP" or (table.name:find("_ACCESS", 1, true) and table.name ~= "PORT_ACCESS")) then return end
        decided = true
      end
    end
  end,
}

-- Bars between the fields of a probe.
local bars = { SEND_ACCESS = 3, ORIG_SEND_ACCESS = 3, PORT_ACCESS = 4 }

check "mapping.probe-arity" {
  title    = "the pattern of an entry has not as many fields as what is probed",
  severity = "warning", over = "entry", needs = { "mappings" },
  why      = "a table is asked with a fixed number of fields; a pattern with another number can match nothing, unless a `*` stands for the rest",
  fix      = "write source|from|destination|to in (ORIG_)SEND_ACCESS, TCP|address|port|client|port in PORT_ACCESS and clauses such as "
             .. "IN-CHAN=x;OUT-CHAN=y;CONVERT in CONVERSIONS" .. reload,
  cites    = "[doc M2, M3] Administration Guide 6.3, 18.3; [doc A2] ACCESS_COUNTS",
  bad      = "  tcp_local|tcp_local  $NRelaying$ not$ permitted",
  good     = "  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
  test     = function(entry, config)
    local n, wanted, pattern = entry.probes or 0, bars[entry.table], entry.pattern
    if not pattern then return end
    if entry.prefix and not entry.prefix.is_valid then
      found(entry.prefix, "the network in " .. text(pattern) .. " is not four numbers up to 255 and at most 32 bits, so it never matches",
            { fix = "write $(192.0.2.0/24)" .. reload })
      return
    end
    if entry.table == "CONVERSIONS" then
      if n > 0 and not pattern:find(";", 1, true) then
        found(entry, "the pattern has " .. num(n + 1) .. " fields; CONVERSIONS is asked with IN-CHAN=...;OUT-CHAN=...;CONVERT")
      end
      return
    end
    if not wanted or n == wanted then return end
    local options = config.options
    local counts, orcpt = options and options.ACCESS_COUNTS, options and options.ACCESS_ORCPT
    if n > wanted and ((counts and counts.number ~= 0) or (orcpt and orcpt.number ~= 0) or not access.is_read_whole(config, "mappings")) then return end
    if n < wanted and pattern:gsub("%$%*", ""):find("[*${<]") then return end
    found(entry, "the pattern has " .. num(n + 1) .. (n == 0 and " field, " or " fields, ") .. entry.table .. " is asked with " .. num(wanted + 1)
      .. ", so it never matches")
  end,
}

-- Names with a meaning whether or not there is a channel; stock tables have them.
local reserved = { "l", "ims-ms", "ims-ms_*", "native", "pipe*", "hold", "process", "process_*", "reprocess", "conversion*", "defragment",
                   "filter_discard", "bitbucket", "bsmtp*", "sms*", "smime*", "autoreply" }

local function is_reserved(name)
  for _, pattern in ipairs(reserved) do
    if access.glob(pattern, name) then return true end
  end
  return false
end

local function has_in_capitals(config, name)
  for _, ch in each(config.channels) do
    if same_name(ch.name, name) then return true end
  end
  return false
end

check "mapping.unknown-channel-in-access" {
  title    = "an access table names a channel that is not there",
  severity = "warning", over = "entry", needs = { "mappings", "imta.cnf" },
  why      = "the entry never matches, so what it was to refuse or to convert is not",
  fix      = "correct the name of the channel" .. reload,
  cites    = "[inferred] the probe carries names of channels",
  bad      = "  tcp_locall|*|tcp_local|*  $NRelaying$ not$ permitted",
  good     = "  tcp_local|*|tcp_local|*  $NRelaying$ not$ permitted",
  test     = function(entry, config)
    for _, channel in each(entry.channels) do
      -- One in capitals here is a mistake of the channel block.
      if not index(config.channels, channel.name) and not has_in_capitals(config, channel.name) and not is_reserved(channel.name) and access.is_read_whole(config, "imta.cnf") then
        found(channel, "there is no channel " .. text(channel.name) .. near(channel.name, config.channels))
      end
    end
  end,
}
