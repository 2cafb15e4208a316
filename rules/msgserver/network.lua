-- The network between this host and all others.

finding "host.unrelated-hosts-time-out" {
  title = "unrelated destinations lost connections although each also took mail",
  scope = "host", group = "attempt-texts", leak = "rarely",
  test  = function(h) return h.connect_failing_networks_4h >= thresholds.unrelated_hosts end,
  says  = function(h)
    return num(h.connect_failing_networks_4h) .. " unrelated destinations lost connections in the last 4 hours although each also took mail"
  end,
  cites = "field case H7",
}

finding "host.segments-sent-again" {
  title = "many TCP segments were sent again",
  scope = "host", group = "network", leak = "rarely",
  test  = function(h) return h.retransmit_pct >= thresholds.retransmit_pct end,
  says  = function(h) return num(h.retransmit_pct) .. " % of all TCP segments were sent again" end,
  cites = "field case H7: netstat -s",
}

finding "host.connections-break" {
  title = "most failures of the last hour are connections that broke or timed out",
  scope = "host", group = "attempt-texts", leak = "sometimes",
  test  = function(h)
    return h.failures_1h.total >= thresholds.sample_attempts and h.failures_1h:share("connection-lost", "connect-timeout") > thresholds.most
  end,
  says  = function(h) return pct(h.failures_1h:share("connection-lost", "connect-timeout")) .. " of the failures of the last hour are connections that broke or timed out" end,
  cites = "field case H7: large messages cut off in DATA",
}

cause "network.packet-loss" {
  title   = "The network loses packets",
  summary = "Unrelated hosts time out at random and TCP segments are sent again",
  scope = "host", prior = "uncommon",
  links = { ["host.unrelated-hosts-time-out"] = "nearly always", ["host.segments-sent-again"] = "nearly always", ["host.connections-break"] = "usually",
            ["destination.hangs-in-dialogue"] = "often", ["destination.deliveries-take-long"] = "often", ["destination.few-errors-among-deliveries"] = "often",
            ["channel.remote-hosts-fail"] = "often",
            ["host.others-suffer-too"] = "often", ["host.network-was-changed"] = "often", ["destination.dead-by-hand"] = "sometimes" },
  urgency = "act", if_nothing = "deliveries stay slow and large messages fail again and again",
  remedies = { { "network.check-path", "usually" } },
  cites = "field case H7",
}

remedy "network.check-path" {
  title = "Check the network path of this host",
  steps = function()
    return {
      { "Count the segments that were sent again, twice, ten minutes apart", command("netstat -s") },
      "Look at the interface's errors and at duplex and MTU on both ends of the cable",
      "Ask the network people for losses between this host and its router or firewall",
    }
  end,
  needs = "nothing", risk = "low", restart = "none", undo = "nothing to undo", verify = "retransmissions fall, time-outs to unrelated hosts end",
  reference = "field case H7", minutes = 60, risk_minutes = 0, cites = "field case H7",
}
