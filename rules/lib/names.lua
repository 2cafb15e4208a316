-- Names of people and things as other tools want them.
return {
  -- The uid of a mailbox's owner: the address that is queued may have a folder behind a +.
  user = function(box) return box.name:match("^([^@+]+)") or box.name end,
}
