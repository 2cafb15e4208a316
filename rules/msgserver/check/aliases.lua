-- The file of aliases.
local reload = "; then `imsimta cnbuild` and `imsimta reload`"

check "alias.space-before-colon" {
  title    = "blanks stand between the name of an alias and its colon",
  severity = "error", over = "fault", needs = { "aliases" },
  why      = "the name of an alias ends with the colon that follows it at once; otherwise the line is no alias",
  fix      = "write name: address" .. reload,
  cites    = "[doc W7] alias file format",
  bad      = "postmaster : root@example.com",
  good     = "postmaster: root@example.com",
  test     = function(fault)
    if fault.file_kind ~= "aliases" then return end
    if fault.kind == "space-before-colon" then
      found(fault, "blanks stand between " .. text(fault.text or "") .. " and its colon")
    elseif fault.kind == "alias-without-colon" then
      found(fault, "no colon follows the name of the alias " .. text(fault.text or ""))
    end
  end,
}

check "alias.continuation-not-after-comma" {
  title    = "a line of an alias is not continued behind a comma",
  severity = "error", over = "fault", needs = { "aliases" },
  why      = "the `\\` that continues an alias has to follow a comma, and a comma at the end of a line needs it; otherwise addresses are lost",
  fix      = "end the line with `,\\`" .. reload,
  cites    = "[doc W7] alias file format",
  bad      = "staff: b@example.com\\\n , c@example.com",
  good     = "staff: b@example.com,\\\n c@example.com",
  test     = function(fault)
    if fault.file_kind ~= "aliases" then return end
    if fault.kind == "continuation-not-after-comma" then
      found(fault, "the `\\` does not follow a comma")
    elseif fault.kind == "comma-without-continuation" then
      found(fault, "the line before ends with a comma and without `\\`, so this one is no part of the alias")
    end
  end,
}

check "alias.duplicate" {
  title    = "an alias is there twice",
  severity = "error", over = "alias", needs = { "aliases" },
  why      = "names of aliases are unique without case; a second one keeps the configuration from being loaded",
  fix      = "put the addresses of both into one alias" .. reload,
  cites    = "[doc T1] Administration Guide 6.3, 26.4.1 (duplicate aliases found)",
  bad      = "postmaster: root@example.com\nPostmaster: admin@example.com",
  good     = "postmaster: root@example.com, admin@example.com",
  test     = function(alias)
    if alias.repeated then found(alias, "there is an alias " .. text(alias.as_written or alias.name) .. " already") end
  end,
}

check "alias.empty-expansion" {
  title    = "an alias stands for nothing, or for what is no address",
  severity = "error", over = "alias", needs = { "aliases" },
  why      = "an alias without a usable address keeps the configuration from being loaded",
  fix      = "write the address that is meant behind the colon, or remove the line" .. reload,
  cites    = "[doc T1, T5] Administration Guide 6.3, 26.4.1 (no equivalence addresses, bad equivalence for alias)",
  bad      = "staff:",
  good     = "staff: s@example.com",
  test     = function(alias, config)
    if not alias.name then return end
    for _, address in each(alias.addresses) do
      local is_routed = address.text and address.text:find("^<?@[^:]+:") -- @relay:user@host
      if address.kind == "address" and not address.is_valid and not is_routed then
        for _, fault in each(config.fault) do -- a line that is continued in a wrong way
          if fault.file_kind == "aliases" and fault.kind == "continuation-not-after-comma" and not address.text then return end
        end
        found(address, address.text and text(address.text) .. ", an address of the alias " .. text(alias.name) .. ", is none"
          or "an address of the alias " .. text(alias.name) .. " is empty")
        return
      end
    end
    if not alias.value and count(alias.addresses) == 0 then
      found(alias, "no address stands behind the alias " .. text(alias.as_written or alias.name))
    end
  end,
}

check "alias.no-postmaster" {
  title    = "there is no alias for the postmaster",
  severity = "warning", over = "config", needs = { "aliases" },
  why      = "notifications go to the postmaster, and complaints of others do; an address that does not exist returns them, or makes them loop",
  fix      = "add an alias such as  postmaster: admin@example.com  (or an entry of the directory that has this address)" .. reload,
  cites    = "[doc A5] Administration Reference 6.3, alias file",
  bad      = "root: admin@mail.example.com",
  good     = "postmaster: admin@mail.example.com",
  test     = function(config)
    if not access.is_read_whole(config, "aliases") or count(config.alias) == 0 then return end
    local first
    for _, alias in each(config.alias) do
      if not alias.name or alias.name == "postmaster" or alias.name:find("^postmaster@") or alias.name:find("^%*") then return end
      first = first or alias
    end
    for _, fault in each(config.fault) do -- a line that was not understood may be the one
      if fault.file_kind == "aliases" and fault.text and fault.text:lower():find("^postmaster") then return end
    end
    found(first, "no alias is named postmaster" .. near("postmaster", config.aliases):gsub("; did you mean (.*)%?", " (but one %1)"))
  end,
}

check "alias.too-long" {
  title    = "the name or an address of an alias is longer than the product reads",
  severity = "error", over = "alias", needs = { "aliases" },
  why      = "names have at most 128 characters (64 in 5.x), addresses 256 (252)",
  fix      = "shorten it, or use an entry of the directory" .. reload,
  cites    = "[doc W7] alias file format",
  bad      = "a name of 200 characters: s@example.com",
  good     = "staff: s@example.com",
  test     = function(alias, config)
    local is_old = before(config, "6.0")
    local longest, address_longest = is_old and 64 or 128, is_old and 252 or 256
    if #(alias.name or "") > longest then
      found(alias, "the name has " .. num(#alias.name) .. " characters, at most " .. num(longest) .. " are read")
    end
    for _, address in each(alias.addresses) do
      if address.kind == "address" and #(address.text or "") > address_longest then
        found(address, "an address of " .. text(alias.name) .. " has " .. num(#address.text) .. " characters, at most " .. num(address_longest) .. " are read")
      end
    end
  end,
}
