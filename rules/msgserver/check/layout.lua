-- imta.cnf as a whole: blank lines, the order of its blocks.
local REBUILD = ", then `imsimta cnbuild`, `imsimta restart smtp` and `imsimta restart job_controller`"

check "imta.leading-blank-line" {
  title    = "imta.cnf begins with a blank line",
  severity = "error", over = "fault",
  why      = "the first blank line ends the rewrite rules, so here there are none, and every rule below is read as a channel",
  fix      = "delete the line" .. REBUILD,
  cites    = "[doc T1] Administration Guide 6.3, 26.4.1; [doc A3] Administration Reference 6.3, imta.cnf",
  bad      = "a blank line before the first rewrite rule",
  good     = "example.com  $U%$D@tcp-daemon on the first line",
  test     = function(fault)
    if fault.kind == "leading-blank-line" then
      found(fault, "the file begins with a blank line, which ends the rewrite rules before the first of them")
    end
  end,
}

check "imta.blank-line-in-rewrites" {
  title    = "a blank line stands between rewrite rules",
  severity = "error", over = "fault",
  why      = "the first blank line ends the rewrite rules; what follows is read as channels, and the MTA complains of duplicate hosts in the channel table",
  fix      = "replace the blank line by one with \"!\"" .. REBUILD,
  cites    = "[doc T1] Administration Guide 6.3, 26.4.1",
  bad      = "two rewrite rules with a blank line between them",
  good     = "two rewrite rules with \"!\" on the line between them",
  test     = function(fault)
    if fault.kind == "rule-after-blank-line" then
      found(fault, "the rewrite rule for " .. text(fault.text or "") .. " stands behind a blank line, which ended the rewrite rules")
    end
  end,
}

check "imta.missing-blank-line" {
  title    = "no blank line stands before a channel",
  severity = "error", over = "fault",
  why      = "only a blank line ends the rewrite rules or a channel; without it the next channel is read as a rule, or as hosts of the one before",
  fix      = "insert a blank line before this one" .. REBUILD,
  cites    = "[doc A3] Administration Reference 6.3, imta.cnf; [doc P2] PMDF System Manager's Guide, the configuration file",
  bad      = "tcp-daemon, and on the next line ims-ms defragment",
  good     = "tcp-daemon, a blank line, ims-ms defragment",
  test     = function(fault)
    if fault.kind == "missing-blank-line" then
      found(fault, "no blank line stands before " .. text(fault.text or "this block"))
    elseif fault.kind == "blanks-in-empty-line" and fault.file_kind == "imta.cnf" then
      found(fault, "the line is not empty: it holds blanks, and may not end what stands before it", {
        severity = "warning",
        fix = "take the blanks out of the line" .. REBUILD,
      })
    end
  end,
}

check "imta.blank-line-inside-block" {
  title    = "a blank line parts a channel from its official host",
  severity = "error", over = "fault",
  why      = "the blank line ends the channel before it has an official host, and the host is read as a channel of its own",
  fix      = "delete the blank line" .. REBUILD,
  cites    = "[doc T5] Administration Guide 6, index of error messages",
  bad      = "tcp_slow smtp mx, a blank line, tcp_slow-daemon",
  good     = "tcp_slow smtp mx, on the next line tcp_slow-daemon",
  hides    = { "channel.no-official-host" },
  test     = function(fault)
    if fault.kind == "blank-line-in-block" then
      found(fault, "a blank line stands between the channel and its host " .. text(fault.text or ""))
    end
  end,
}

check "imta.comment-used-as-separator" {
  title    = "only a comment stands between two channels",
  severity = "error", over = "fault",
  why      = "a comment is no blank line: the second channel is read as hosts of the first",
  fix      = "insert an empty line beside the comment" .. REBUILD,
  cites    = "[doc A3] Administration Reference 6.3, imta.cnf",
  bad      = "tcp-daemon, then \"!\", then process",
  good     = "tcp-daemon, an empty line, process",
  test     = function(fault)
    if fault.kind == "comment-as-separator" then
      found(fault, "only a comment, no empty line, stands before " .. text(fault.text or "this channel"))
    end
  end,
}

check "imta.first-channel-not-local" {
  title    = "the first channel is not the local one",
  severity = "error", over = "config", needs = { "imta.cnf" },
  why      = "the local channel l must be the first one; only `defaults` may stand before it",
  fix      = "move the block of l before all other channels" .. REBUILD,
  cites    = "[doc P6] PMDF System Manager's Guide, channel definitions",
  bad      = "defaults, tcp_local, l",
  good     = "defaults, l, tcp_local",
  test     = function(config)
    if config.unified then return end
    local has_local = index(config.channels, "l") ~= nil
    if not has_local and (not config.is_whole or includes.are_open(config, "imta.cnf")) then return end
    for _, block in each(config.block) do
      if block.kind == "channel" then
        local name = block.name or ""
        if name:lower() ~= "l" then
          found(block, "the first channel is " .. text(name) ..
                (has_local and ", not the local channel l, which stands further down" or ", and there is no local channel l"))
        end
        return
      end
    end
  end,
}

check "imta.defaults-after-channels" {
  title    = "defaults stand behind channels",
  severity = "info", over = "config", needs = { "imta.cnf" },
  why      = "`defaults` hold for the channels below them; those above have none of it, and may lack logging or notices",
  fix      = "move the line before the first channel, if it is meant for all of them" .. REBUILD,
  cites    = "[doc C1] Administration Guide 6.3, 12.1",
  bad      = "l and its host, and then defaults logging",
  good     = "defaults logging, and then l and its host",
  test     = function(config)
    if config.unified then return end
    local channel
    for _, block in each(config.block) do
      if block.kind == "channel" then
        channel = channel or block.name
      elseif block.kind == "defaults" and channel then
        found(block, "these defaults do not hold for the channels above, from " .. text(channel) .. " on")
      end
    end
  end,
}

check "imta.defaults-block-has-hosts" {
  title    = "lines follow the defaults in their block",
  severity = "info", over = "fault",
  why      = "lines that follow `defaults` are passed over up to the next blank line; probably that is missing",
  fix      = "insert a blank line behind the defaults" .. REBUILD,
  cites    = "[doc C1] Administration Guide 6.3, 12.1",
  bad      = "defaults logging, and on the next line l subdirs 20",
  good     = "defaults logging, a blank line, l subdirs 20",
  test     = function(fault)
    if fault.kind == "defaults-with-hosts" then
      found(fault, "the line " .. text(fault.text or "") .. " belongs to the block of `defaults` and is passed over")
    end
  end,
}
