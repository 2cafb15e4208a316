-- What only people know: what they did, what other hosts see, what a connection by hand shows.

local function not_hold(ch) return ch.kind ~= "hold" end
local function is_dead(d) return d.port25_here == "refused" or d.port25_here == "silent" end

---------------------------------------------------------------- findings about the host

finding "host.others-suffer-too" {
  title = "other mail hosts of the site have the same trouble",
  scope = "host", group = "people-others", leak = "rarely",
  test  = function(h) return h.others_affected end,
  says  = "other mail hosts of the site have the same trouble, so it is something they share",
  cites = "field cases H13, F5: three gateways, one resolver",
}

finding "host.logins-fail" {
  title = "users cannot log in or read their mail",
  scope = "host", group = "people-users", leak = "rarely",
  test  = function(h) return h.logins_fail end,
  says  = "users cannot log in or read their mail",
  cites = "field cases C5, C9, F5",
}

finding "database.logins-fail" {
  title = "users cannot log in or read their mail",
  scope = "database", group = "people-users", leak = "rarely",
  test  = function(d) return d.host.logins_fail end,
  says  = "users cannot log in or read their mail",
  cites = "domain/dns-and-store SB-06, SL-05",
}

finding "host.mailing-is-announced" {
  title = "a mailing that somebody announced runs now",
  scope = "host", group = "people-mailing", leak = "rarely",
  test  = function(h) return h.mailing_announced end,
  says  = "a mailing that somebody announced runs now",
  cites = "field cases, look-alikes: one user with known recipients",
}

-- A change in progress is not proof: other changes are made every week.
finding "host.network-was-changed" {
  title = "the network was changed within the last week",
  scope = "host", group = "people-network", leak = "sometimes",
  test  = function(h) return h.network_changed < thresholds.week_s end,
  says  = function(h) return "the network was changed " .. dur(h.network_changed) .. " ago" end,
  cites = "field case H13; field case A7: firewalls in path",
}

finding "host.files-made-by-root" {
  title = "files of the product were restored or made as root",
  scope = "host", group = "people-files", leak = "rarely",
  test  = function(h) return h.files_made_by_root end,
  says  = "files of the product were restored, copied or made by a tool that ran as root",
  cites = "catalogue of diagnoses: config.permissions; field case B13",
}

---------------------------------------------------------------- findings about a channel

finding "channel.files-were-moved" {
  title = "queue files were moved, renamed or restored by hand",
  scope = "channel", group = "people-files", leak = "rarely", where = not_hold,
  test  = function(ch) return ch.files_moved end,
  says  = "queue files of it were moved, renamed or restored by hand",
  cites = "field case D3",
}

finding "channel.held-on-purpose" {
  title = "an operator or a filter held the messages on purpose",
  scope = "channel", group = "people-held", leak = "rarely", where = not_hold,
  test  = function(ch) return ch.held_on_purpose end,
  says  = "an operator or a filter held them on purpose",
  cites = "field case E7",
}

---------------------------------------------------------------- findings about a destination

finding "destination.dead-by-hand" {
  title = "its port 25 does not answer this host",
  scope = "destination", group = "people-port", leak = "rarely",
  test  = is_dead,
  says  = function(d) return "port 25 of its MX " .. (d.port25_here == "refused" and "refuses the connection" or "does not answer") .. " when it is tried by hand" end,
  cites = "seed, part II: Destination Host Problems",
}

finding "destination.turns-away-by-hand" {
  title = "its port 25 turns this host away at once",
  scope = "destination", group = "people-port", leak = "rarely",
  test  = function(d) return d.port25_here == "turned-away" end,
  says  = "port 25 of its MX turns this host away before anything is sent",
  cites = "field cases A9, H3",
}

finding "destination.greets-by-hand" {
  title = "its port 25 greets this host",
  scope = "destination", group = "people-port", leak = "usually",
  test  = function(d) return d.port25_here == "greets" end,
  says  = "port 25 of its MX greets this host",
  cites = "field cases, J: connect is good",
}

finding "destination.dead-for-others-too" {
  title = "its port 25 does not answer hosts of other networks either",
  scope = "destination", group = "people-elsewhere", leak = "rarely",
  test  = function(d) return d.port25_elsewhere == "silent" end,
  says  = "hosts of other networks get no answer either: it is the other side",
  cites = "seed, part II: check the status of that remote domain",
}

finding "destination.answers-others" {
  title = "its port 25 answers other networks but not this host",
  scope = "destination", group = "people-elsewhere", leak = "rarely",
  test  = function(d) return is_dead(d) and d.port25_elsewhere == "answers" end,
  says  = "a host of another network gets an answer at the same time: something between this host and it stops the connection",
  cites = "field case A7: firewalls in path",
}

finding "destination.network-was-changed" {
  title = "the network was changed within the last week",
  scope = "destination", group = "people-network", leak = "sometimes",
  test  = function(d) return d.host.network_changed < thresholds.week_s end,
  says  = function(d) return "the network was changed " .. dur(d.host.network_changed) .. " ago" end,
  cites = "field case H13; field case A7: firewalls in path",
}

---------------------------------------------------------------- a cause that only such answers tell from a dead host

cause "network.path-blocked" {
  title   = "Something on the way stops connections to a destination",
  summary = "The host answers other networks and not this one: a firewall, a route or a list on the way",
  scope = "destination", where = remote.is_connected, prior = "rare",
  links = { ["destination.dead-by-hand"] = "nearly always", ["destination.answers-others"] = "nearly always", ["destination.network-was-changed"] = "often",
            ["destination.all-connects-fail"] = "nearly always", ["destination.is-heavy"] = "usually", ["destination.others-are-fine"] = "often",
            ["destination.resolves"] = "nearly always", ["destination.tool-says-delayed"] = "nearly always" },
  never = { "destination.dead-for-others-too", "destination.greets-by-hand", "destination.works-again", "destination.some-mail-passes" },
  urgency = "act", if_nothing = remote.waits,
  remedies = { { "network.open-path", "usually" } },
  since = function(d) return d.first_failure end, messages = function(d) return d.files end,
  cites = "field case A7: firewalls in path; domain/msgserver-logs 5.1",
}

remedy "network.open-path" {
  title = "Have the way to the destination opened",
  steps = function(x)
    return {
      { "Note the address that is tried", command("dig %s MX", x.name) },
      "Note what a connection to its port 25 shows from this host and from a host of another network, each with the time",
      "Give both to the people of the firewall and ask what drops connections from this host to that address and port, and what was changed when it began",
      "Ask the destination's owner as well whether this host's address is on a list of their firewall",
      { "When it is open, push the channel once", command("imsimta submit %s", x.channel.name) },
    }
  end,
  needs = "the people of the network", risk = "low", restart = "none", undo = "nothing to undo on this host",
  verify = "port 25 of the destination greets this host; the next retry delivers", reference = "field case A7",
  minutes = 30, risk_minutes = 1, cites = "field case A7",
}
