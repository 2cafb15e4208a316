-- Whose channels bring mail to hosts of others: what ails such a host, or its name, concerns no other channel.
return {
  -- A channel that connects to the host of the recipient or to one of our own store hosts.
  is_connected = function(d) return d.channel.kind == "smtp" or d.channel.kind == "lmtp" or d.channel.kind == "other" end,

  -- One that finds the host by its MX. (An LMTP channel is told its hosts.)
  by_mx = function(d) return d.channel.kind == "smtp" or d.channel.kind == "other" end,
}
