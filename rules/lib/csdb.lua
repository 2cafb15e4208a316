-- What the facts say about csdb as a whole: which class of library message began the trouble, and whether a file is damaged.

-- Files that nothing else can be made from again.
local primary = { ["ics50events.db"] = true, ["ics50todos.db"] = true }
-- Files that have a diagnosis of their own whatever is wrong in them.
local special = { ["ics50alarms.db"] = true, ["ics50recurring.db"] = true, ["ics50deletelog.db"] = true }
-- A damage of the pages of a file, as messages and db_verify tell it.
local damage_classes = { "page_damage", "page_zeroed", "meta_damage", "truncated", "tree_logic" }
-- Something about the logs, or about what surrounds the environment, that a panic is only the consequence of.
local other_causes = { "lsn_ahead", "lsn_mismatch", "log_missing", "log_damage", "log_header", "log_version", "recovery_failed", "checkpoint_failed", "io_error",
                       "env_mismatch", "old_format", "lock_limits" }

local function has(x, ...)
  local messages = x.host.cal_messages
  for _, class in ipairs { ... } do
    if messages:count(class) > 0 then return true end
  end
  return false
end

-- What keeps daemons from opening the environment at all.
local refusals = { "panic_generic", "panic_cause", "needs_recovery", "lsn_ahead", "lsn_mismatch", "log_missing", "log_damage", "log_header", "log_version",
                   "recovery_failed", "env_mismatch", "old_format", "meta_damage", "page_damage", "truncated" }

-- The logs say so, or the first cause that a person or a log names is of this class.
local function says(x, ...)
  local classes = { ... }
  return any {
    function() return has(x, table.unpack(classes)) end,
    function()
      local first = x.host.cal_first_cause
      for _, class in ipairs(classes) do
        if first == class then return true end
      end
      return false
    end,
  }
end

-- What the bytes of a file say: damaged, good, or nil where nobody read them. The size alone does not make a file good.
local function bytes_say(d)
  local seen = false
  for _, fact in ipairs { "pages_bad", "pages_zeroed", "checksum_bad" } do
    if known(d, fact) then
      seen = true
      if d[fact] > 0 then return true end
    end
  end
  for _, fact in ipairs { "meta_ok", "multiple_ok", "last_page_ok" } do
    if known(d, fact) and not d[fact] then return true end
  end
  if known(d, "empty") and d.empty or known(d, "missing") and d.missing then return true end
  if seen then return false end
  return nil
end

local function complains(classes)
  for _, class in ipairs(damage_classes) do
    if classes:count(class) > 0 then return true end
  end
  return false
end

-- Whether this file is damaged: true, false, or nil where nothing tells. Its bytes, db_verify, or a message that names it.
local function damage(d)
  local bytes = bytes_say(d)
  if bytes then return true end
  if known(d, "verify") and d.verify == "failed" then return true end
  for _, fact in ipairs { "verify_classes", "messages" } do
    if known(d, fact) and complains(d[fact]) then return true end
  end
  if bytes == false or known(d, "verify") then return false end
  return nil
end

local function of_csdb(d) return d.name:match("^ics50.*%.db$") ~= nil or d.name == "csdb" end

-- Damaged files, and how many were looked into.
local function survey(h, wanted)
  local bad, seen = {}, 0
  for d in h:each("database") do
    if of_csdb(d) and (not wanted or wanted[d.name]) then
      local is = damage(d)
      if is ~= nil then seen = seen + 1 end
      if is then bad[#bad + 1] = d.name end
    end
  end
  return bad, seen
end

return {
  has = has, says = says, damage = damage, survey = survey, of_csdb = of_csdb, primary = primary, special = special,
  damage_classes = damage_classes,

  -- Unknown where nobody read the file.
  has_bad_bytes = function(d)
    local bytes = bytes_say(d)
    if bytes == nil then return d.pages_bad > 0 end
    return bytes
  end,

  has_bad_messages = function(d) return complains(d.messages) end,

  is_plain = function(d) return of_csdb(d) and not special[d.name] end,

  -- A file is damaged, as far as anything tells.
  is_damaged = function(h) return #survey(h) > 0 or (known(h, "cal_messages") and has(h, table.unpack(damage_classes))) end,

  -- Files were looked into, and all of them are good. Unknown where nobody looked.
  is_intact = function(h)
    local bad, seen = survey(h)
    if #bad > 0 then return false end
    if seen > 0 then return true end
    return h:database("ics50events.db").verify == "ok"
  end,

  -- A message that explains a panic stands in the logs.
  has_other_cause = function(h)
    return has(h, table.unpack(other_causes)) or has(h, table.unpack(damage_classes))
  end,

  -- The library refuses the environment. That daemons end, or do not come up, is its consequence then and tells nothing of its own.
  refuses = function(h)
    return value(h, "csdb_region_panic", false) or (known(h, "cal_messages") and has(h, table.unpack(refusals)))
  end,

  -- Seconds from the first event to the second, both given by their ages.
  before = function(first, second) return first - second end,
}
