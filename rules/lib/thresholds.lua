-- Every number that a rule compares with, its meaning and where it comes from. Rules read `thresholds.<name>` and get the value.
-- source: "seed" the experts' playbook, "doc" vendor documentation, "field" reports of real cases, "convention" ours.
return {
  says_itself = { value = 0.01, means = "leak of a finding that names its cause by itself", source = "ranking: the least leak, no single fact is ever final" },
  -- shares
  most = { value = 0.5, means = "more than half", source = "convention" },
  nearly_all = { value = 0.9, means = "nine in ten", source = "convention" },
  some = { value = 0.1, means = "one in ten", source = "convention" },
  few = { value = 0.02, means = "one in fifty", source = "convention" },
  third = { value = 0.3, means = "about a third", source = "convention" },
  -- ages, seconds
  fresh_s = { value = 1800, means = "an untried file younger than this is on its way", source = "convention: first retry of a normal message is after 60 minutes" },
  recent_s = { value = 3600, means = "the last hour", source = "convention" },
  attempts_window_s = { value = 14400, means = "the last 4 hours: attempts that count for 'unreachable'", source = "convention of the catalogue of diagnoses" },
  stale_s = { value = 7200, means = "an untried file this old was not scheduled", source = "convention: twice the first step of the default backoff (doc)" },
  day_s = { value = 86400, means = "a day", source = "definition" },
  week_s = { value = 604800, means = "a week", source = "definition" },
  bounce_soon_s = { value = 43200, means = "mail is returned within half a day", source = "convention" },
  -- "unreachable" or "store and forward" (catalogue of diagnoses)
  unreachable_files = { value = 100, means = "messages for one destination that make it worth a diagnosis of its own ...", source = "convention of the catalogue of diagnoses" },
  unreachable_share = { value = 0.2, means = "... where they are also this share of the channel", source = "convention of the catalogue of diagnoses" },
  unreachable_old_files = { value = 10, means = "or so many messages older than half of the channel's last notices age", source = "convention of the catalogue of diagnoses" },
  -- backlogs
  backlog_files = { value = 100, means = "a channel with fewer files has no backlog to speak of", source = "convention" },
  big_backlog_files = { value = 1000, means = "a backlog that people ask about", source = "doc: more than 1000 files take a while to synchronize" },
  held_files = { value = 1, means = "held files that are worth a look", source = "doc: three reasons for .HELD" },
  default_max_messages = { value = 100000, means = "MAX_MESSAGES of the job controller unless configured", source = "seed: total over 100,000" },
  -- rates
  flood_ratio = { value = 5, means = "arrivals this many times the usual are a flood", source = "field" },
  burst_ratio = { value = 3, means = "arrivals this many times the usual are a burst", source = "field" },
  flood_messages = { value = 500, means = "fewer arrivals in an hour are no flood", source = "convention" },
  sample_attempts = { value = 20, means = "attempts needed before a share of them says something", source = "convention" },
  few_attempts = { value = 5, means = "fewer attempts are single events", source = "convention" },
  -- processes and system
  load_per_cpu = { value = 2, means = "load average per processor above which the host is saturated", source = "convention" },
  load_unmistakable = { value = 16, means = "load average that is high whatever the number of processors, as far as hosts of this product go", source = "convention: saturates eight processors" },
  idle_load_per_cpu = { value = 0.5, means = "load average per processor below which the host is idle", source = "convention" },
  disk_full_pct = { value = 98, means = "a file system is full", source = "doc: diskusagethreshold 99, with a margin" },
  disk_tight_pct = { value = 90, means = "a file system is nearly full", source = "doc: alarm.diskavail threshold of 10 %" },
  checkpoint_late_s = { value = 300, means = "stored.ckp older than this: no checkpoint (touched every minute)", source = "doc: stored monitoring" },
  database_logs = { value = 4, means = "more transaction logs than this pile up", source = "doc: more than two or three log files" },
  silence_s = { value = 1800, means = "nothing was tried on any channel for this long", source = "convention" },
  hang_silence_s = { value = 1200, means = "a program with work to do wrote nothing for this long", source = "convention" },
  resolver_slow_ms = { value = 2000, means = "a resolver that takes this long holds up every delivery", source = "doc: resolver time-out of 5 s per try" },
  -- quota
  quota_long_s = { value = 1209600, means = "two weeks: over-quota mail kept longer than this is kept long", source = "seed: notices of a week; field case B1" },
  quota_old_s = { value = 1209600, means = "over-quota mail that has waited longer than two weeks", source = "doc: store.quotagraceperiod of 120 hours; the catalogue of diagnoses says far older than 5 days" },
  quota_full_pct = { value = 100, means = "all of the quota is used", source = "definition" },
  overdraft_pct = { value = 115, means = "one message beyond the quota", source = "convention" },
  first_overquotastatus = { value = 600, means = "first version with overquotastatus (6.0)", source = "seed: for Messaging Server 6" },
  -- normal states
  turnover_starts = { value = 4, means = "starts of ims_master that people see as restarts", source = "seed: gaps from seconds to 15 minutes" },
  hold_long_s = { value = 1209600, means = "held mail older than two weeks may have been forgotten", source = "convention" },
  list_recipients = { value = 50, means = "recipients of one message that make it a large list", source = "convention" },
  recovery_s = { value = 900, means = "recovery after a start is over by then", source = "doc: about a minute, minutes where a snapshot is used" },
  -- network
  unrelated_hosts = { value = 5, means = "so many unrelated destinations do not fail by chance", source = "convention" },
  delivery_slow_s = { value = 20, means = "a delivery that takes longer waited for something", source = "convention: one dead address costs a connect time-out" },
  retransmit_pct = { value = 5, means = "percent of TCP segments sent again that is felt", source = "convention" },
  dns_many_domains = { value = 5, means = "so many unrelated domains do not fail by chance", source = "convention" },
  dns_many_share = { value = 0.2, means = "share of distinct domains that points to our resolver", source = "domain/dns-and-store I.6: about 20 %" },
  -- job controller
  default_life_s = { value = 3600, means = "MAX_LIFE_AGE of channel programs unless configured", source = "doc: job_controller.cnf" },
  first_imsched = { value = 600, means = "first version with the scheduler imsched (6.0)", source = "doc: processes by version" },
  pool_jobs = { value = 10, means = "job limit to begin with for a pool of its own", source = "doc: job_limit of the pools of an installation" },
  few_workers = { value = 2, means = "one or few workers", source = "field case D1" },
  rolled_s = { value = 93600, means = "26 hours: mail.log_current is rolled over every day", source = "doc: return job nightly, 00:30" },
  -- store
  start_storm = { value = 20, means = "starts in an hour that are no normal turnover when nothing is delivered", source = "field case B13: starts every few seconds" },
  busy_generations = { value = 3, means = "busy at so many tries in a row: the lock stays", source = "catalogue of diagnoses; seed: the error only repeats if the mailbox remains locked" },
  several_mailboxes = { value = 3, means = "so many mailboxes with one error: not the mailboxes", source = "convention" },
  lock_waits = { value = 1000, means = "lock waits that are felt", source = "convention" },
  cache_hit_pct = { value = 90, means = "percent of look-ups that a sufficient cache answers", source = "convention" },
  dbcache_bytes = { value = 268435456, means = "256 MiB: a cache to begin with", source = "convention" },
  -- configuration
  compile_soon_s = { value = 3600, means = "a change that was not compiled within this time was forgotten", source = "convention" },
  -- channels
  notices_long_s = { value = 1209600, means = "two weeks: mail to other hosts kept longer is kept long", source = "doc: default 12 days; RFC 5321: 4 to 5 days" },
  notices_short_s = { value = 86400, means = "a day: giving up so soon loses mail in an ordinary outage", source = "RFC 5321 4.5.4.1" },
  backoff_long_s = { value = 14400, means = "first retry later than 4 hours", source = "doc: first step 60 minutes for normal mail" },
  attempts_many = { value = 10, means = "attempts per message that point at dead mail", source = "field case G9" },
  banner_slow_s = { value = 5, means = "a greeting that takes longer is felt", source = "convention: one resolver time-out" },
  -- held mail, loops
  received_many = { value = 10, means = "Received lines that only a loop makes", source = "doc: MAX_LOCAL_RECEIVED_LINES 10" },
  received_few = { value = 8, means = "Received lines of an ordinary path", source = "convention" },
  held_many_recipients = { value = 5, means = "so many recipients: not one user's forward", source = "field cases, look-alikes" },
  held_few_recipients = { value = 2, means = "one recipient, or two that forward to each other", source = "field case E3" },
  held_flood = { value = 50, means = "more held files than a limit or an operator makes", source = "convention" },
  top_few = { value = 3, means = "the few largest", source = "convention" },
  top_ten = { value = 10, means = "the ten largest", source = "convention" },
  pair_messages = { value = 200, means = "messages an hour of one pair of addresses that no people write", source = "convention" },
  -- floods
  first_notificationchannel = { value = 602, means = "first version with notificationchannel and dispositionchannel (6.2)", source = "doc: reference of channel keywords" },
  many_domains = { value = 20, means = "so many different domains", source = "convention" },
  -- directory, disks
  failover_low_s = { value = 120, means = "pauses from two minutes ...", source = "field case G1: about 3 minutes" },
  failover_high_s = { value = 240, means = "... to four", source = "field case G1: about 3 minutes" },
  spool_huge_bytes = { value = 1073741824, means = "1 GiB of left-over spool files", source = "convention" },
  log_huge_bytes = { value = 2147483648, means = "2 GiB of transaction logs", source = "convention" },
  mebibyte = { value = 1048576, means = "bytes in a MiB", source = "definition" },
  sporadic_errors = { value = 5, means = "fewer connection errors than this need no word", source = "field case A7: a few times a day" },
  turnover_often_day = { value = 60, means = "starts a day that are more than a life of an hour explains twice over", source = "doc: max_life_age 3600 s" },
  turnover_often_hour = { value = 4, means = "starts an hour that people ask about", source = "seed: gaps from seconds to 15 minutes" },
}
