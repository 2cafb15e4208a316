-- How long stored has been recovering.
return {
  -- Seconds, or no end of them where it is not: since its state file says so, else since it was started.
  of_stored = function(db)
    if db.state ~= "init" then return math.huge end
    if known(db, "state_since") then return db.state_since end
    return db.host:process("stored").newest_s
  end,
}
