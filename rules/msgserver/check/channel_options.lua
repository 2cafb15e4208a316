-- Option files of channels, and the options groups of the Unified Configuration.
local inbound = "; then `imsimta restart smtp`"

local function of_channel(option) return option.file_kind == "channel_option" and option.name ~= nil and option.value ~= nil end
local function label(option) return option.name .. "=" .. text(option.value) end

check "chanopt.orphan-file" {
  title    = "an option file belongs to no channel",
  severity = "warning", over = "file", needs = { "imta.cnf" },
  why      = "options are read from a file named after the channel; one of another name is never read",
  fix      = "rename the file to that of the channel (tcp_local_option), or remove it",
  cites    = "[doc A9] Administration Reference, SMTP channel option files",
  bad      = "tcp-local_option",
  good     = "tcp_local_option",
  test     = function(file, config)
    local name = file.kind == "channel_option" and file.base and file.base:match("^(.+)_option$")
    if not name or config.unified or count(config.channels) == 0 or index(config.channels, name:lower()) then return end
    if not access.is_read_whole(config, "imta.cnf") then return end
    for _, ch in each(config.channels) do
      if same_name(ch.name, name) then return end -- capitals in the channel block are the mistake
    end
    found(file, "no channel is named " .. text(name) .. near(name, config.channels) .. ", so this file is never read")
  end,
}

-- What the server decides before it knows who the client is.
local function is_of_server(name)
  return name:find("^ALLOW_") or name:find("^REJECT_") or name:find("^BANNER_") or name:find("^DISABLE_")
end

check "chanopt.inbound-option-on-switched-channel" {
  title    = "an option of the server stands with a channel that mail is only switched to",
  severity = "warning", over = "option",
  why      = "the server reads the options of the channel that its port belongs to (tcp_local for 25, tcp_submit for 587), not of the one that a client is switched to",
  fix      = "move it to tcp_local_option or tcp_submit_option" .. inbound,
  cites    = "[doc W13] channel options; [doc G27] Administration Guide 6.3, 12.4.1, sees this less strictly",
  bad      = "tcp_auth_option: ALLOW_RECIPIENTS_PER_TRANSACTION=500",
  good     = "tcp_submit_option: ALLOW_RECIPIENTS_PER_TRANSACTION=500",
  test     = function(option, config)
    if not of_channel(option) or not is_of_server(option.name) then return end
    if option.channel ~= "tcp_intranet" and option.channel ~= "tcp_auth" then return end
    for _, service in each(config.service) do
      local parameter = service.set and service.set.PARAMETER
      if parameter and parameter.value and parameter.value:lower():find("channel=" .. option.channel, 1, true) then return end
    end
    found(option, label(option) .. " has no effect with " .. option.channel .. ", to which clients are only switched")
  end,
}

check "chanopt.max-client-threads-range" {
  title    = "a client program has no or very many threads",
  severity = "warning", over = "option",
  why      = "each thread takes memory and descriptors of its process; many messages at once are better spread over processes",
  fix      = "set MAX_CLIENT_THREADS to 10 to 50, and then allow more processes (maxjobs, job_limit); it holds from the next start of a client on",
  cites    = "[seen B2, B3] the default is 10",
  bad      = "MAX_CLIENT_THREADS=500",
  good     = "MAX_CLIENT_THREADS=30",
  test     = function(option)
    if not of_channel(option) or option.name ~= "MAX_CLIENT_THREADS" or not option.number then return end
    if option.number < 1 or option.number > 100 then found(option, label(option) .. " is not 1 to 100") end
  end,
}

check "chanopt.recipients-too-low" {
  title    = "senders have to send a message several times to reach all recipients",
  severity = "warning", over = "option",
  why      = "servers of others count on at least 100 recipients of a message (RFC 5321); those beyond the limit get 452 and are tried again later",
  fix      = "set ALLOW_RECIPIENTS_PER_TRANSACTION to 128" .. inbound,
  cites    = "[inferred] RFC 5321, 4.5.3.1.8",
  bad      = "ALLOW_RECIPIENTS_PER_TRANSACTION=5",
  good     = "ALLOW_RECIPIENTS_PER_TRANSACTION=128",
  test     = function(option)
    if not of_channel(option) or option.name ~= "ALLOW_RECIPIENTS_PER_TRANSACTION" or not option.number then return end
    if option.number > 0 and option.number < 100 then found(option, label(option) .. " is less than 100") end
  end,
}

check "chanopt.timeouts-too-long" {
  title    = "a thread may wait more than an hour for a dead host",
  severity = "info", over = "option",
  why      = "threads that wait for dead hosts deliver nothing: processes are there, the host is idle, and the queue grows",
  fix      = "set it to 10 minutes",
  cites    = "[seed] active processes and a low load",
  bad      = "STATUS_DATA_RECEIVE_TIME=600",
  good     = "STATUS_DATA_RECEIVE_TIME=10",
  test     = function(option)
    local minutes = of_channel(option) and tonumber(option.value)
    if not minutes or minutes <= 60 then return end
    if option.name:find("_RECEIVE_TIME$") or option.name:find("^STATUS_.*_TIME$") then
      found(option, label(option) .. " are " .. dur(minutes * 60))
    end
  end,
}

check "chanopt.timeouts-too-short" {
  title    = "a connection is given up while the other host still takes the message",
  severity = "warning", over = "option",
  why      = "the other host has accepted the message when we hang up, so it is sent again: recipients get it twice",
  fix      = "set STATUS_DATA_RECEIVE_TIME to 10 minutes",
  cites    = "[inferred] RFC 5321, 4.5.3.2.6 wants 10 minutes",
  bad      = "STATUS_DATA_RECEIVE_TIME=1",
  good     = "STATUS_DATA_RECEIVE_TIME=10",
  test     = function(option)
    local minutes = of_channel(option) and option.name == "STATUS_DATA_RECEIVE_TIME" and tonumber(option.value)
    if minutes and minutes >= 0 and minutes < 5 then found(option, label(option) .. " is less than 5 minutes") end
  end,
}
