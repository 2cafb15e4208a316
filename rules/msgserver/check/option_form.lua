-- Options of all files by their form: names, places, values.

local option_files = { "option.dat", "job_controller.cnf", "dispatcher.cnf", "channel_option", "imta_tailor" }
local where = {
  ["option.dat"] = "option.dat", ["job_controller.cnf"] = "job_controller.cnf", ["dispatcher.cnf"] = "dispatcher.cnf",
  channel_option = "the option file of its channel (tcp_local_option)", imta_tailor = "imta_tailor",
}
local restart = "; then restart what reads the file (option.dat: imsimta cnbuild and imsimta restart smtp)"

-- Another file whose table has the option.
local function home_of(option, config)
  for _, kind in ipairs(option_files) do
    if kind ~= option.file_kind and index(index(config.option_names, kind), option.name) then return kind end
  end
  return nil
end

-- Without the words that both begin with: LOG_ENQ is not LOG_DEQ, which differs in two letters of three.
local function strip(name, other)
  while true do
    local word, rest = name:match("^([^_]*_)(.+)$")
    if not word or other:sub(1, #word) ~= word then return name, other end
    name, other = rest, other:sub(#word + 1)
  end
end

-- Numbered names ("STRING_POOL_SIZE_3") are relatives, no misprints of each other.
local function misprint(option, names)
  local says = near(option.name, names)
  local meant = says:match("mean (.+)%?$")
  if not meant or meant:gsub("%d", "") == option.name:gsub("%d", "") then return "" end
  local a, b = strip(option.name, meant)
  a, b = strip(a:reverse(), b:reverse())
  return near(a, { b }) ~= "" and says or ""
end

-- In a Unified Configuration names are checked by msconfig.
local function is_unknown(option, config)
  return not option.def and not config.unified and index(config.option_names, option.file_kind) ~= nil
end

check "option.wrong-file" {
  title    = "an option stands in a file that does not have it",
  severity = "error", over = "option",
  why      = "each option is read from one file only: those of the SMTP client from the channel's option file, those of the Job Controller from job_controller.cnf",
  fix      = "move the line to the file that has the option" .. restart,
  cites    = "[doc A11] SMTP channel option files; [doc A7] Job Controller; [seed]",
  bad      = "MAX_CLIENT_THREADS=30 (in option.dat)",
  good     = "MAX_CLIENT_THREADS=30 (in tcp_local_option)",
  hides    = { "option.unknown" },
  test     = function(option, config)
    if not is_unknown(option, config) or option.file_kind == "imta_tailor" then return end
    local home = home_of(option, config)
    if home then found(option, text(option.name) .. " belongs into " .. where[home] .. " and does nothing here") end
  end,
}

check "option.unknown" {
  title    = "nobody knows an option of this name",
  severity = "warning", over = "config",
  why      = "the product passes over names that it does not know and lines that are no options, so the setting is lost without a word",
  fix      = "correct the name" .. restart,
  cites    = "inferred from the tables of options in the reference manuals [doc A2, A7, D1, A11]",
  bad      = "MAX_LOCAL_RECIEVED_LINES=10",
  good     = "MAX_LOCAL_RECEIVED_LINES=10",
  test     = function(config)
    for _, fault in each(config.fault) do
      if where[fault.file_kind] and (fault.kind == "no-option" or fault.kind == "bad-section") then
        found(fault, fault.kind == "no-option" and "this line is no option, section or comment" or "a section is written [TYPE=name]")
      end
    end
    for _, option in each(config.option) do
      if is_unknown(option, config) and (option.file_kind == "imta_tailor" or not home_of(option, config)) then
        local says = misprint(option, index(config.option_names, option.file_kind))
        if says ~= "" then
          found(option, "there is no option " .. text(option.name) .. says)
        elseif option.file_kind ~= "imta_tailor" then
          found(option, "no table of options knows " .. text(option.name), { severity = "info" })
        end
      end
    end
  end,
}

check "option.duplicate" {
  title    = "an option is set twice, to different values",
  severity = "warning", over = "option",
  why      = "the last one holds, and somebody who reads the first is misled",
  fix      = "keep one of the lines" .. restart,
  cites    = "inferred; [doc D1] for the exception, DNS_VERIFY_DOMAIN",
  bad      = "LOG_CONNECTION=0\nLOG_CONNECTION=3",
  good     = "LOG_CONNECTION=3",
  test     = function(option)
    local earlier = option.repeated
    -- These add up.
    if not earlier or option.name == "DNS_VERIFY_DOMAIN" or option.name == "PARAMETER" then return end
    if earlier.value == option.value or (earlier.number and earlier.number == option.number) then return end
    found(option, text(option.name) .. " was " .. text(earlier.value or "empty") .. " before and is " .. text(option.value or "empty") .. " here")
  end,
}

-- ---- values

local function is_whole(value)
  return value:match("^[+-]?%d+$") ~= nil
end

local function is_float(value)
  return value:match("^[+-]?%d+%.?%d*$") ~= nil or value:match("^%.%d+$") ~= nil
end

-- "1,2,3", "1 2 3"; before a port an address may stand.
local function is_ints(value)
  for item in value:gmatch("[^%s,]+") do
    local digits = item:match("^.*:(%d+)$") or item
    if not is_whole(digits) then return false end
  end
  return true
end

local function ports_out_of_range(value)
  for item in value:gmatch("[^%s,]+") do
    local port = tonumber(item:match("(%d+)$"))
    if port and (port < 1 or port > 65535) then return item end
  end
  return nil
end

-- Dotted numbers, of which each is at most 255; what looks like no such address is not judged.
local function is_address(value)
  if not value:match("^[%d.]+$") then return true end
  local n = 0
  for part in value:gmatch("%d+") do
    n = n + 1
    if tonumber(part) > 255 then return false end
  end
  return n == 4
end

local forms = {
  int = { is = function(value, option) return option.number ~= nil end, says = "a whole number" },
  bitmask = { is = function(value, option) return option.number ~= nil end, says = "a whole number" },
  bool = { is = function(value) return cnf.flag(value) ~= nil end, says = "0 or 1" },
  float = { is = function(value) return is_float(value) end, says = "a number" },
  ints = { is = function(value) return is_ints(value) end, says = "a list of whole numbers" },
  ip = { is = function(value) return is_address(value) end, says = "an IP address" },
}

local function values_of(def)
  local values = {}
  for _, value in each(def.values) do values[#values + 1] = tostring(value) end
  return values
end

local function is_among(value, values)
  for _, other in ipairs(values) do
    if other == value then return true end
  end
  return false
end

-- What is wrong with a value, nil: nothing.
local function fault_of(option, value)
  local def = option.def
  local form = forms[def.name == "TCP_PORT" and "ints" or def.type]
  if form and not form.is(value, option) then return "must be " .. form.says end
  local values = values_of(def)
  if #values > 0 and not is_among(tostring(option.number or value), values) then return "must be one of " .. table.concat(values, ", ") end
  if (def.name == "PORT" or def.name == "TLS_PORT") and ports_out_of_range(value) then return "must be 1 to 65535" end
  -- The port of the Job Controller has a check of its own; DEBUG=-1 is all there is.
  if not option.number or def.name == "TCP_PORT" or (def.type ~= "int" and def.type ~= "bitmask") then return nil end
  if def.low and option.number < def.low then return "must be at least " .. num(def.low) end
  if def.high and option.number > def.high then return "must be at most " .. num(def.high) end
  return nil
end

-- The server of a service takes mail in by the channel that its PARAMETER names.
local function unknown_channel(option, config)
  if option.file_kind ~= "dispatcher.cnf" or option.name ~= "PARAMETER" then return nil end
  local word, channel = tostring(option.value or ""):match("^(%a+)=(%S+)$")
  if not word or not same_name(word, "CHANNEL") then return nil end
  if not config.read["imta.cnf"] or count(config.channels) == 0 or cnf.has_gaps(config, "imta.cnf") then return nil end
  return not index(config.channels, channel:lower()) and channel or nil
end

check "option.bad-value" {
  title    = "the value of an option is of the wrong form or out of its range",
  severity = "error", over = "option",
  why      = "outside of the documented form the default is used, or the program does not start",
  fix      = "give a value of the documented form" .. restart,
  cites    = "[doc W19] RETURN_UNITS; [doc P23] HISTORY_TO_RETURN; [doc A2] base%value; for the others the table of the option; where the range is not documented it is a warning",
  bad      = "RETURN_UNITS=hours",
  good     = "RETURN_UNITS=1",
  test     = function(option, config)
    local def = option.def
    local channel = unknown_channel(option, config)
    if channel then
      found(option, text(option.name) .. " names the channel " .. text(channel) .. ", which is defined nowhere" .. near(channel, config.channels), { severity = "warning" })
      return
    end
    if not def or not def.type or def.is_elsewhere then return end
    local value = option.value and tostring(option.value)
    if not value and not forms[def.type] then return end -- an empty text may be meant
    local says = value and fault_of(option, value) or not value and "has no value"
    if not says then return end
    local is_sure = def.tag == "doc" or def.tag == "seen"
    -- Later releases add bits, and some switches got more positions.
    if value and option.number and (def.type == "bitmask" or def.type == "bool") then is_sure = false end
    -- Nothing for "no limit" may be meant.
    if option.number == 0 and def.low == 1 then is_sure = false end
    local severity = is_sure and "error" or "warning"
    if value then
      found(option, text(option.name) .. " is " .. text(value) .. " and " .. says, { severity = severity })
    else
      found(option, text(option.name) .. " " .. says, { severity = severity })
    end
  end,
}

check "option.value-too-long" {
  title    = "the value of an option is longer than the MTA reads",
  severity = "error", over = "option", needs = { "option.dat" },
  why      = "what stands right of the = may have 1024 characters from 6.2p8 on and 256 before, continued lines joined; the rest is lost",
  fix      = "shorten the value; then imsimta cnbuild and imsimta restart smtp",
  cites    = "[doc W8] option values in legacy configuration",
  bad      = "DELIVERY_OPTIONS= ... 1500 characters",
  good     = "DELIVERY_OPTIONS= ... at most 1024 characters",
  test     = function(option, config)
    if option.file_kind ~= "option.dat" or config.unified or not option.value then return end
    local length, most = #tostring(option.value), before(config, "6.2") and 256 or 1024
    if length > most then
      found(option, "the value of " .. text(option.name) .. " has " .. num(length) .. " characters, more than " .. num(most))
    end
  end,
}

check "option.comment-swallows-continuation" {
  title    = "a continued line is taken for a comment",
  severity = "error", over = "fault",
  why      = "a line that begins with #, ! or ; is a comment even where the line before it ends with a backslash, so this part of the value is lost",
  fix      = "begin the continued line with a blank; then imsimta cnbuild and imsimta restart smtp",
  cites    = "[doc G6] option file; [doc W3] DELIVERY_OPTIONS",
  bad      = "DELIVERY_OPTIONS=*mailbox=x,\\\n#hold=y",
  good     = "DELIVERY_OPTIONS=*mailbox=x,\\\n #hold=y",
  test     = function(fault)
    if fault.kind == "clause-read-as-comment" then
      found(fault, "this line goes on with the value above but begins like a comment, so it is passed over")
    end
  end,
}
