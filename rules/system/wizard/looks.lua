-- What to look at in the system under the mail server: disks, load, network, names.

look "system.disks" {
  title = "How full the file systems are",
  items = { "df" },
  gives = { "host.queue_fs_used_pct", "host.queue_fs_avail", "host.log_fs_used_pct", "partition.used_pct", "partition.avail", "partition.holds_*" },
  how   = function(h) return { { "Show all file systems and their use", "df -k" } } end,
  safe  = "it reads counts of the file systems",
  asks  = function(h) return "How full are the disks?" end,
  minutes = 0.7, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "domain/dns-and-store II.6; field cases C1, G5",
}

look "system.inodes" {
  title = "Inodes of the file systems",
  items = { "df-inodes" },
  gives = { "host.queue_fs_inodes_pct", "partition.inodes_pct" },
  how   = function(h)
    return { { "Linux", "df -i" }, { "Solaris, UFS", "df -o i" } }
  end,
  safe  = "it reads counts of the file systems",
  asks  = function(h) return "Are inodes left?" end,
  minutes = 0.7, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/dns-and-store II.6, SD-03",
}

look "system.load" {
  title = "The load of the machine",
  items = { "uptime", "cpus" },
  gives = { "host.load1", "host.load15", "host.cpus" },
  how   = function(h)
    return { { "Show the load", "uptime" }, { "Count the processors (Solaris)", "psrinfo" }, { "Or on Linux", "nproc" } }
  end,
  safe  = "it reads counters of the system",
  asks  = function(h) return "How loaded is the machine, and how many processors has it?" end,
  minutes = 0.7, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.2,
  cites = "seed, part I: high system loads",
}

look "system.network" {
  title = "Statistics of the network",
  items = { "netstat" },
  gives = { "host.retransmit_pct" },
  how   = function(h) return { { "Show the counts of all protocols", "netstat -s" } } end,
  safe  = "it reads counters of the system",
  asks  = function(h) return "Does the network lose packets?" end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "field case H7",
}

look "system.log" {
  title = "The system's log",
  items = { "system-log" },
  gives = { "host.disk_error_lines", "host.killed_lines" },
  how   = function(h)
    return { { "Solaris", "tail -500 /var/adm/messages" }, { "Linux", "tail -500 /var/log/messages" } }
  end,
  safe  = "it reads a log file",
  asks  = function(h) return "Does the system's log report errors of disks, or killed programs?" end,
  minutes = 1, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/dns-and-store SD-04; field case H19",
}

look "dns.destination" {
  title = "What DNS says of the stuck domains",
  items = { "dig" },
  gives = { "destination.mx", "destination.mx_*", "destination.resolves_on_some_only", "channel.held_domain_is_ours", "host.dns_asked", "host.dns_stuck_failed_share" },
  how   = function(h)
    return { { "Ask for the MX of each domain that is stuck (with the dot: no search list)", "dig <domain>. MX" },
             { "And for the addresses of the hosts that it names", "dig <MX host>. A" },
             { "Where there is no dig", "nslookup -type=mx <domain>." } }
  end,
  safe  = "it asks the name server that the mail server asks all day",
  asks  = function(h) return "Does the name of the domain that is stuck resolve, and where does its MX lead?" end,
  minutes = 1.5, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "seed: check the MX by hand; domain/dns-and-store I.5",
}

look "dns.resolver" {
  title = "Whether our name servers answer",
  items = { "dig", "resolv-conf" },
  gives = { "host.dns_controls", "host.dns_controls_failed_share", "host.dns_resolvers", "host.dns_resolvers_dead", "host.dns_first_dead", "host.dns_slow_ms" },
  how   = function(h)
    return { { "Show which name servers are asked", "cat /etc/resolv.conf" },
             { "Ask each of them for names that must resolve", "dig @<name server> example.com MX" },
             { "And for another one", "dig @<name server> iana.org MX" } }
  end,
  safe  = "it asks the name servers for well-known names",
  asks  = function(h) return "Do the name servers of this host answer for names that must resolve, and how fast?" end,
  minutes = 2, load_minutes = 0, risk_minutes = 0, annoyance_minutes = 0.3,
  cites = "domain/dns-and-store I.6, DNS-20, DNS-21",
}
