-- imta_tailor: where things are.

-- Those that are surely directories.
local FOLDERS = {
  "IMTA_ROOT", "IMTA_QUEUE", "IMTA_LOG", "IMTA_TABLE", "IMTA_BIN", "IMTA_EXE", "IMTA_LIB", "IMTA_COM", "IMTA_TMP", "IMTA_SCRATCH",
}

check "tailor.path-without-slash" {
  title    = "a directory in imta_tailor does not end with a slash",
  severity = "error", over = "config", needs = { "imta_tailor" },
  why      = "these values are put before the names of files as they are: without the slash the last directory melts into the name behind it",
  fix      = "add the slash, then `imsimta cnbuild` and restart the MTA (`stop-msg` and `start-msg`)",
  cites    = "[doc A10] Administration Reference 6.3, tailor file",
  bad      = "IMTA_QUEUE=/var/opt/SUNWmsgsr/queue",
  good     = "IMTA_QUEUE=/var/opt/SUNWmsgsr/queue/",
  test     = function(config)
    for _, name in ipairs(FOLDERS) do
      local option = index(config.tailor, name)
      local value = option and option.value
      if type(value) == "string" and #value < 1000 and not value:find("[/:]$") and value:find("[/:]") then
        found(option, name .. " names the directory " .. text(value) .. " without a slash at its end")
      end
    end
  end,
}

check "tailor.queue-on-mount-root" {
  title    = "the queue is the top of a file system",
  severity = "warning", over = "config", needs = { "imta_tailor" },
  why      = "the top directory of a file system holds things of others (lost+found, snapshots), and nothing but files of the MTA may lie in the queue",
  fix      = "stop the MTA, move the queue into a directory below the mount point, set IMTA_QUEUE to that, `imsimta cnbuild`, start the MTA",
  cites    = "[doc G13] Administration Guide 6.3, 8.5.2",
  bad      = "IMTA_QUEUE=/queue/ where /queue is a mount point",
  good     = "IMTA_QUEUE=/queue/imta/",
  test     = function(config)
    local option, mounts = index(config.tailor, "IMTA_QUEUE"), config.facts and config.facts.mounts
    local path = option and option.value
    if mounts and type(path) == "string" and #path < 1000 and path:find("^/.*/$") and #path > 1 and index(mounts, path:sub(1, -2)) then
      found(option, "the queue directory " .. text(path) .. " is the top of a file system")
    end
  end,
}
