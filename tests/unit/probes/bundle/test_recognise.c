#include "tests/unit/md_test.h"

#include "probes/bundle/recognise.h"
#include "probes/source/stream.h"

#define XMLDECL "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define LOG_LINE                                                                                                       \
    "16-Feb-2007 14:54:13.72 tcp_local    ims-ms       EE 1 amy@example.com rfc822;bob@example.org "                   \
    "bob@ims-ms-daemon\n"
#define CO_LINE "28-Feb-2007 11:50:59.10 tcp_local    +            O TCP|192.0.2.10|25|198.51.100.7|1244 SMTP\n"
#define NSLOG_LINE "[04/Sep/2007:09:05:05 +0200] mail1 ims_master[5101]: General Notice: shutting down\n"
#define CAL_LINE "[31/May/2007:04:12:09 -0700] cal1 csadmind[4711]: General Error: caldb: ics50events.db: not there\n"
#define QUEUE_FILE                                                                                                     \
    "u;JDOE\nc;tcp_intranet\ns;mail.example.com\nm;jdoe@example.com\nj;rfc822\nf;rsmith@example.net\nrsmith@mx1."      \
    "example.net\n"                                                                                                    \
    "Boundary_(ID_aBcDeFgHiJkLmNoPqRsTuV)\nFrom: J Doe "                                                               \
    "<jdoe@example.com>\n\n[POOL=DEFAULT]\njob_limit=10\nIMTA_QUEUE=/x\n"

static const struct {
    const char *says, *name, *text, *want;
} files[] = {
    /* every kind, by name or content */
    {"a transaction log", "mail.log_current", LOG_LINE, "mail-log"},
    {"one under another name", "today.txt", LOG_LINE LOG_LINE, "mail-log"},
    {"a rotated and compressed name", "mail.log_yesterday.3.gz", LOG_LINE, "mail-log"},
    {"one in XML", "m.log",
     "<en ts=\"2007-02-26T14:38:16.70\" sc=\"tcp_local\" dc=\"\" ac=\"Q\" sz=\"0\"/>\n<co "
     "ts=\"2007-02-26T14:38:17.70\" ac=\"O\"/>\n",
     "mail-log"},
    {"one in JSON", "m.log", "{\"ts\":\"2020-02-26T14:38:16.70\",\"sc\":\"tcp_local\",\"ac\":\"Q\"}\n", "mail-log"},
    {"lines that grep found", "found.txt", "mail.log_current:" LOG_LINE "mail.log_yesterday:" LOG_LINE, "mail-log"},
    {"an old log with upper-case months and no fraction", "x",
     "20-JAN-1998 13:11:05 l            tcp_local    E 1 a@b.c rfc822;d@e.f d@e.f\n", "mail-log"},
    {"a program that holds words of everything", "messages.txt", "\177ELF\002\001\001\n" NSLOG_LINE LOG_LINE, "other"},
    {"df of HP-UX", "a.txt", "/home (/dev/vg00/lvol5 ) :    19608 total allocated Kb\n  8216 free allocated Kb\n",
     "df"},
    {"plain df of Solaris", "a.txt", "/var               (/dev/dsk/c0t0d0s3 ): 4096 blocks   812 files\n", "df"},
    {"bdf", "a.txt", "Filesystem          kbytes    used   avail %used Mounted on\n/dev/vg00/lvol3 5 3 2 62% /\n",
     "df"},
    {"df of AIX with the mount point in the middle", "a.txt",
     "Filesystem    512-blocks Mounted on       Free %Used    Iused %Iused\n", "df"},
    {"df in another language", "a.txt",
     "Dateisystem    1K-Bloecke Benutzt Verf. Verw% Eingeh. auf\n/dev/sda3 20511312 5013816  14432532   26% /var\n",
     "df"},
    {"what grep left of df", "a.txt", "/dev/dsk/c0t0d0s3    20646121 6193836 14245824    31%    /var\n", "df"},
    {"an empty current log stays one", "mail.log_current", "", "mail-log"},
    {"a log full of garbage stays one by its name", "mail.log_current", "\001\002\003 garbage\n\xff\xfe\n", "mail-log"},
    {"a connection log", "connection.log_current", CO_LINE, "connection-log"},
    {"connections alone", "c.txt", CO_LINE CO_LINE, "connection-log"},
    {"connections among messages are a transaction log", "c.txt", CO_LINE LOG_LINE CO_LINE, "mail-log"},
    {"a server log", "imta", NSLOG_LINE, "nslog"},
    {"a rolled server log", "imap.12.1795422060", NSLOG_LINE, "nslog"},
    {"a server log of 5.x without brackets", "default",
     "02/May/1998:17:37:32 -0700 host stored[12]: General Notice: x\n", "nslog"},
    {"a watcher log", "watcher",
     "watcher process 2201 started at Tue Sep  4 06:00:11 2007\nStarting imap server ..... 2303\n", "watcher-log"},
    {"a watcher log by content", "w.txt",
     "watcher process 2201 started at Tue Sep  4 06:00:11 2007\nWatched 'imapd' process 2204 exited abnormally\n",
     "watcher-log"},
    {"a job controller log", "job_controller.log-0AB12", "error: bind failed\n", "job-controller-log"},
    {"a job controller log in the form of the server logs", "job_controller.log-0AB12", NSLOG_LINE,
     "job-controller-log"},
    {"a dispatcher log", "dispatcher.log-1X", "Address already in use\n", "dispatcher-log"},
    {"a debug log", "tcp_local_master.log-0ZZ9", "13:11:05.12: Debug output enabled, system mail1\n", "mta-debug-log"},
    {"a debug log by content", "x.txt", "13:11:05.12: Debug output enabled, system mail1\n13:11:05.13: os_smtp_open\n",
     "mta-debug-log"},
    {"imta.cnf", "imta.cnf", "! nothing\n", "imta-cnf"},
    {"imta.cnf in a file of another name", "cnf.txt",
     "example.com $U%$D@tcp_local-daemon\n.example.com $U%$H$D@tcp_local-daemon\n\nl viaaliasrequired\n", "imta-cnf"},
    {"imta.cnf with the host before it", "mail1-imta.cnf", "x\n", "imta-cnf"},
    {"rewrite rules that are included", "internet.rules", ".com $U%$H$D@TCP-DAEMON\n", "mta-rules"},
    {"the compiled configuration", "config_data", "\001\002\n", "config-image"},
    {"option.dat", "option.dat", "LOG_FORMAT=3\n", "option-dat"},
    {"option.dat by content", "opt.txt", "! options\nLOG_MESSAGE_ID=1\nMAX_NOTIFYS = 2\n", "option-dat"},
    {"job_controller.cnf", "job_controller.cnf", "tcp_port=27442\n", "job-controller-cnf"},
    {"job_controller.cnf by content", "jc.txt", "tcp_port=27442\n[POOL=DEFAULT]\njob_limit=10\n", "job-controller-cnf"},
    {"dispatcher.cnf by content", "d.txt", "MIN_PROCS=1\n[SERVICE=SMTP]\nPORT=25\n", "dispatcher-cnf"},
    {"imta_tailor by content", "tailor.txt", "IMTA_QUEUE=/var/q/\nIMTA_LOG=/var/log/\n", "imta-tailor"},
    {"mappings by content", "m.txt", "PORT_ACCESS\n\n  *|*|*|*|*  $C$|INTERNAL_IP;$3|$Y$E\n  * $YEXTERNAL\n",
     "mappings"},
    {"aliases", "aliases", "postmaster: root@example.com\n", "aliases"},
    {"conversions", "config/conversions", "in-chan=tcp_local; in-type=text;\n parameter-copy=*\n", "conversions"},
    {"a recipe of msconfig", "site.rcp", "set_option(\"mta.log_connection\", \"7\");\n", "recipe"},
    {"ics.conf of the calendar", "config/ics.conf", "! x\nlocal.hostname = \"cal1\"\n", "ics-conf"},
    {"a saved copy is not what the server reads", "ics.conf.bak", "local.hostname = \"cal1\"\n", "other"},
    {"a channel option file", "tcp_local_option", "MAX_CLIENT_THREADS=10\n", "channel-option"},
    {"Unified Configuration", "config.xml", XMLDECL "<configlib/>\n", "config-xml"},
    {"Unified Configuration by content", "c.xml", XMLDECL "<configlib version=\"1.0\"><group/></configlib>\n",
     "config-xml"},
    {"stored settings", "msg.conf", "local.hostname = mail1\n", "msg-conf"},
    {"a queue file", "ZZf0a1b2Cde34.00", QUEUE_FILE, "queue-file"},
    {"a queue file of the old form", "x.txt", "m;a@b.c\nd@e.f\n\001\001\nSubject: x\n\nbody\n\001\001\001\001\001\n",
     "queue-file"},
    {"a pid file", "pidfile.store", "2202 ready\n", "pid-file"},
    {"a pid file of 6.3", "data/proc/store", "2202\nready\n", "pid-file"},
    {"the checkpoint mark of stored", "stored.ckp", "", "pid-file"},
    {"a listing in tabs", "queue.tsv",
     "tcp_local/001/ZZf0a1b2Cde34.00\t2113\t1795501576\nims-ms/ZYf0a1b2Cde35.00\t12\t1795501577\n", "listing"},
    {"ls -lR", "q.txt",
     "/var/opt/SUNWmsgsr/queue/l:\ntotal 2\n-rw-rw----   1 mailsrv  mail  6210 Nov 24 02:10 ZZf0a1b2Cde34.00\n",
     "listing"},
    {"find -ls", "q.txt", "  1234    4 -rw-rw----   1 mailsrv  mail  6210 Nov 24 02:10 /q/queue/l/ZZf0a1b2Cde34.00\n",
     "listing"},
    {"bare paths", "q.txt", "/q/queue/tcp_local/001/ZZf0a1b2Cde34.00\n/q/queue/tcp_local/002/ZXf0a1b2Cde35.HELD\n",
     "listing"},
    {"imsimta version", "v.txt",
     "Oracle Communications Messaging Server 8.0.2.3.20180621 64bit (built Jun 21 2018)\nlibimta.so 8.0.2.3\n",
     "imsimta-version"},
    {"imsimta version of 5.2", "v.txt",
     "iPlanet Messaging Server 5.2 Patch 2 (built Jul 14 2004)\nlibimta.so 5.2 Patch 2\nSunOS mail1 5.8\n",
     "imsimta-version"},
    {"imsimta process", "p.txt",
     "USER      PID S VSZ    RSS   STIME    TIME     COMMAND\nmailsrv  4410 S 18420  9372  03:10:07  0:00  "
     "/l/dispatcher\n",
     "imsimta-process"},
    {"configutil", "c.txt", "local.hostname = mail1\nstore.partition.primary.path = /s\nservice.imap.port = 143\n",
     "configutil"},
    {"msconfig", "c.txt",
     "role.channel:ims-ms.notices = 1 7 14\nrole.job_controller.tcp_ports = 27442\ninstance.base.hostname = m\n",
     "msconfig"},
    {"counters", "c.txt",
     "Channel                Messages   Recipients Blocks\n---------------------- ---------- ---------- "
     "----------\ntcp_intranet\n",
     "counters"},
    {"qm messages", "x", "host                             active messages  delayed messages\nexample.com   18   61\n",
     "qm-messages"},
    {"qm jobs", "x", "channel tcp_local\n        job 5177\n          host mx.example.net\n       1 ACTIVE CHANNELS\n",
     "qm-jobs"},
    {"qm summarize", "x", "                              Messages\nChannel               Queued   Size (Mb)   Oldest\n",
     "qm-summarize"},
    {"qm directory", "x",
     "Tue, 04 Sep 2007 10:15:02 +0200 (CEST)\nData gathered from the queue directory tree\n\nChannel: ims-ms   Size "
     "Queued since\n   1 "
     "ZZ0A1B200C03DEFG.00   1 04-Sep-2007 08:41:10\n",
     "qm-directory"},
    {"qm history", "x",
     "Message id: 1\nFilename: /q/ims-ms/ZYx.00\nFri, 21 Nov 2014 19:17:37 +0000 (GMT)\nOver quota\n", "qm-history"},
    {"replies of qm", "x", "%QM-I-DELETED, deleted the message file\n", "qm-status"},
    {"qm top by its name", "imsimta qm top.txt", "  12 make money fast\n", "qm-top"},
    {"imquotacheck by its name", "imquotacheck-v.out", "jdoe 5 4\n", "imquotacheck"},
    {"imsconnutil by its name", "imsconnutil.txt", "jdoe 3\n", "imsconnutil"},
    {"mboxutil", "x", "    msgs    Kbytes last msg         partition   quotaroot    mailbox\n", "mboxutil"},
    {"imcheck", "x", "-----\nName: user/jdoe\nVersion: 102\nExists: 37\n", "imcheck"},
    {"stored by its name", "stored-t-v.txt", "stored is running\n", "stored-status"},
    {"test -rewrite", "x", "forward channel            = ims-ms\nchannel official host = x\nchannel description =\n",
     "test-rewrite"},
    {"counterutil", "x", "Listing registry (/d/counter)\nnumobjects = 11\n", "counterutil"},
    {"ps of Solaris", "x",
     "     UID   PID  PPID   C    STIME TTY         TIME CMD\n    root     1     0   0   Oct 14 ?  0:07 /sbin/init\n",
     "ps"},
    {"ps of Linux", "x",
     "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot 1 0 0 1 1 ? Ss 1 0 init\n", "ps"},
    {"ps without its heading", "x",
     " mailsrv 6573 1 0 Nov 12 ? 1:51 /o/lib/job_controller\n mailsrv 6574 1 0 Nov 12 ? 1:58 /o/lib/dispatcher\n",
     "ps"},
    {"df of Solaris", "x", "Filesystem            kbytes    used   avail capacity  Mounted on\n/dev/a 1 1 0 50% /\n",
     "df"},
    {"df of Linux", "x", "Filesystem     1K-blocks     Used Available Use% Mounted on\n", "df"},
    {"df -i of Linux", "x", "Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n", "df-inodes"},
    {"df -o i of Solaris", "x", "Filesystem             iused   ifree  %iused  Mounted on\n", "df-inodes"},
    {"uptime", "x", "  3:12am  up 41 day(s),  2:10,  1 user,  load average: 0.31, 0.28, 0.30\n", "uptime"},
    {"date", "x", "Tue Nov 24 03:12:00 EST 2026\n", "date"},
    {"date of another locale", "x", "Tuesday, November 24, 2026 at 3:12:00 AM EST\n", "date"},
    {"processors by the name of the file", "proc/cpuinfo", "processor\t: 0\nmodel name\t: Xeon\n", "cpus"},
    {"psrinfo", "x", "0\ton-line   since 11/20/2006 03:12:00\n1\ton-line   since 11/20/2006 03:12:00\n", "cpus"},
    {"lscpu", "x", "Architecture:        x86_64\nCPU(s):              8\n", "cpus"},
    {"prtconf", "x", "System Configuration:  Sun Microsystems  sun4u\nMemory size: 4096 Megabytes\n", "cpus"},
    {"mpstat by its name", "mpstat.txt", "CPU minf mjf xcal  intr ithr  csw\n  0    1   0    0   345  134  200\n",
     "cpus"},
    {"nproc by its name", "nproc.txt", "4\n", "cpus"},
    {"our greeting", "x",
     "Trying 127.0.0.1...\nConnected to localhost.\nEscape character is '^]'.\n220 mail1 -- Server ESMTP\n",
     "greeting"},
    {"netstat by its name", "netstat-s.txt", "IPv4 ipForwarding = 1\n", "netstat"},
    {"resolv.conf", "etc/resolv.conf", "search example.com\n", "resolv-conf"},
    {"resolv.conf by content", "r.txt", "nameserver 192.0.2.53\nnameserver 192.0.2.54\n", "resolv-conf"},
    {"nsswitch.conf by content", "n.txt", "passwd: files\nhosts: files dns\n", "nsswitch-conf"},
    {"the hosts file by content", "h.txt", "127.0.0.1 localhost\n192.0.2.1 mail1\n", "hosts-file"},
    {"dig", "x", "\n; <<>> DiG 9.18 <<>> mx example.net\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR\n", "dig"},
    {"host", "x", "example.net mail is handled by 10 mx.example.net.\n", "dig"},
    {"nslookup", "x", "Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\n** server can't find x.invalid: NXDOMAIN\n",
     "dig"},
    {"the system's log", "messages",
     "Nov 24 03:12:00 mail1 ufs: [ID 845546 kern.notice] NOTICE: alloc: /var: file system full\n", "system-log"},
    {"a bundle's answers", "dns.json", "{\"schema\": \"mtadoctor.dns/1\", \"answers\": []}", "dns-answers"},
    {"recorded facts", "x.json", "{\"schema\": \"mtadoctor.facts/1\", \"facts\": []}", "facts"},
    {"a manifest", "manifest.json", "{\"schema\": \"mtadoctor.bundle/1\"}", "manifest"},

    /* Calendar Server */
    {"a calendar log", "logs/admin.log", CAL_LINE, "calendar-log"},
    {"a rolled one", "admin.log.8.1180620000", CAL_LINE, "calendar-log"},
    {"one under another name", "excerpt.txt", CAL_LINE CAL_LINE, "calendar-log"},
    {"the notification server's lines in a calendar log", "x",
     "[31/May/2007:04:12:09 -0700] cal1 enpd[4]: General Notice: x\n" CAL_LINE, "calendar-log"},
    {"an empty calendar log", "dwp.log", "", "calendar-log"},
    {"http.log of another server", "http.log", "192.0.2.1 - - [31/May/2007:04:12:09 -0700] \"GET /\" 200 1\n", "other"},
    {"what start-cal said", "start.log", "Starting csadmind ... failed\n", "calendar-start"},
    {"a notice by mail", "mail.txt", "To: root\nSubject: Calendar Server: csstored\n\nbackup is off\n",
     "calendar-notice"},
    {"library messages alone", "x.txt", "ics50events.db: illegal page type or format\nPANIC: Invalid argument\n",
     "calendar-text"},
    {"numbered library messages", "x.txt", "BDB0060 PANIC: fatal region error detected; run recovery\n",
     "calendar-text"},
    {"the version of the database", "csdb/ics50caldb.conf", "calendar_version=3.0\n", "caldb-conf"},
    {"a database file that is empty", "csdb/ics50events.db", "", "csdb-file"},
    {"a transaction log by its name", "csdb/log.0000000012", "x", "csdb-log"},
    {"a region by its name", "csdb/__db.003", "x", "csdb-region"},
    {"csdb version by its name", "csdb-version.txt", "csdb 6.3\n", "csdb-version"},
    {"csdb check by its name", "csdb check.out", "calid amy has no properties\n", "csdb-check"},
    {"csdb rebuild", "x", "Scanning events database...\n1204 events scanned\n", "csdb-rebuild"},
    {"csdb list by its name", "csdb_list.txt", "ics50events.db\n", "csdb-list"},
    {"csdb recover by its name", "csdb-recover.txt", "done\n", "csdb-recover"},
    {"db_verify", "x", "db_verify: Page 5: bad page number 17\ndb_verify: x.db: DB_VERIFY_BAD: bad\n", "db-verify"},
    {"db_verify of a good file", "x", "BDB5105 Verification of ics50todos.db succeeded.\n", "db-verify"},
    {"db_stat of locks", "x", "Locks grouped by lockers:\nLocker   Mode      Count Status  -- Object --\n", "db-stat"},
    {"db_recover", "x", "Finding last valid log LSN: file: 1 offset 28\nRecovery starting from [1][28]\n",
     "db-recover"},
    {"db_archive by its name", "db_archive.txt", "log.0000000001\n", "db-archive"},
    {"db_dump", "x", "VERSION=3\nformat=bytevalue\ntype=btree\nHEADER=END\n 61\n 62\n", "db-dump"},
    {"cstool by its name", "cstool-ping-http.txt", "http is alive\n", "cstool"},
    {"csschedule by its name", "csschedule-list.txt", "0 entries\n", "csschedule"},
    {"dbrig by its name", "dbrig.txt", "alarm 1\n", "dbrig"},
    {"cscal by its name", "cscal-list.txt", "amy: owner=amy\n", "cscal"},
    {"cscomponents by its name", "cscomponents.txt", "event 1\n", "cscomponents"},
    {"cscapture", "Summary", "Version Detected: 6.3\nServer Setup:\nCSHTTPD running 1 out of 2 processes!\n",
     "cscapture"},
    {"pstack", "x", "4711:\t/opt/SUNWics5/cal/lib/csadmind\n ff1a2b3c poll (1, 2) + 14\n", "pstack"},
    {"mount of Linux", "x", "nas:/export on /var/opt type nfs (rw,hard)\n", "mount"},
    {"a part of ics.conf", "x",
     "service.http.port = \"80\"\nlogfile.loglevel = \"NOTICE\"\ncaldb.cld.type = \"local\"\n", "ics-conf"},
    {"a process table of a calendar host without its heading", "x",
     "icsuser  4711     1   0 May 30 ?  0:12 /opt/SUNWics5/cal/lib/csadmind\n", "ps"},
    {"what was typed", "home/.sh_history", "cd csdb\nrm __db.*\n", "shell-history"},
    {"a saved copy of a database file", "ics50events.db.bak", "x", "other"},

    /* what must not be confused */
    {"a queue file is no configuration, whatever its text says", "x.txt", QUEUE_FILE, "queue-file"},
    {"a queue file under the name of a configuration file", "option.dat", QUEUE_FILE, "queue-file"},
    {"a server log that quotes a configuration", "x",
     NSLOG_LINE "[04/Sep/2007:09:05:06 +0200] m stored[1]: Store Error: [POOL=DEFAULT] IMTA_QUEUE=\n", "nslog"},
    {"a transaction log under the name of a configuration file", "mappings", LOG_LINE LOG_LINE, "mail-log"},
    {"a syslog called mail.log", "mail.log", "Nov 24 03:12:00 mail1 postfix/smtp[123]: 4ABC: to=<a@b.c>, status=sent\n",
     "system-log"},
    {"a log that tells of ps is no process table", "x",
     NSLOG_LINE "[04/Sep/2007:09:05:06 +0200] m msprobe[1]: General Notice: USER PID S VSZ RSS STIME TIME COMMAND\n",
     "nslog"},
    {"settings that speak of quota are no quota report", "x",
     "store.defaultmailboxquota = -1\nstore.quotaenforcement = on user name usage\n", "configutil"},
    {"a listing of configuration files is a listing", "x",
     "total 4\n-rw-r--r-- 1 m m 12 Nov 24 02:10 imta.cnf\n-rw-r--r-- 1 m m 12 Nov 24 02:10 option.dat\n", "listing"},
    {"a listing saved as aliases", "aliases",
     "total 4\n-rw-r--r-- 1 m m 12 Nov 24 02:10 imta.cnf\n-rw-r--r-- 1 m m 12 Nov 24 02:10 option.dat\n", "listing"},
    {"an older copy is not the configuration", "imta.cnf.bak", "x $U%$D@y\n", "other"},
    {"a dated copy neither", "option.dat.20260101", "LOG_FORMAT=3\n", "other"},
    {"a mail is no queue file", "mail.eml", "Received: from a by b\nSubject: Boundary_(ID_x)\n\n--Boundary_(ID_x)\n",
     "other"},
    {"prose is nothing", "readme.txt", "Hello,\n\nour queue is full, please help.\nThe log is attached.\n", "other"},
    {"a shell script is nothing", "run.sh", "#!/bin/sh\n# df -k is run by cron\necho hello\n", "other"},
    {"top shows only the busiest processes", "top.txt",
     "   PID USER      PR  NI    VIRT    RES    SHR S  %CPU %MEM     TIME+ COMMAND\n", "other"},
    {"some JSON is nothing", "x.json", "{\"a\": 1}\n", "other"},
    {"some XML is nothing", "x.xml", "<html><body>config</body></html>\n", "other"},
    {"nothing is nothing", "x", "", "other"},
    {"an archive is not opened", "logs.zip", "PK\003\004 mail.log_current", "other"},
    {"a picture is nothing", "x.png", "\x89PNG\r\n\x1a\n\1\2\3\4\n", "other"},
    {"default of some other program", "default", "FOO=bar\n", "other"},
    {"CR LF is tolerated", "x.txt",
     "Filesystem            kbytes    used   avail capacity  Mounted on\r\n/dev/a 1 1 0 50% /\r\n", "df"},
    {"quote marks are seen through", "x.txt",
     "> Filesystem            kbytes    used   avail capacity  Mounted on\n> /dev/a 1 1 0 50% /\n", "df"},
};

static void says_what_files_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < MD_ROWS(files); i++) {
        struct md_file_verdict verdict;

        md_test_case(i, files[i].says);
        md_recognise_file(md_str(files[i].name), md_str(files[i].text), strlen(files[i].text), &verdict);
        md_want_cstr("kind", md_item_kind_name(verdict.kind), files[i].want);
    }
}

/* Every kind that a file can be has a row above. */
static void knows_every_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++) {
        const char *name = md_item_kind_name((enum md_item_kind)kind);
        bool is_there = kind == MD_ITEM_QUEUE_TREE || kind == MD_ITEM_PROC_TREE;

        for (size_t i = 0; i < MD_ROWS(files) && !is_there; i++)
            is_there = strcmp(files[i].want, name) == 0;
        md_test_case((size_t)kind, name);
        md_want_true(is_there);
    }
}

static const struct {
    const char *says, *line, *want, *folder;
} command_rows[] = {
    {"with its folder", "/opt/SUNWmsgsr/sbin/imsimta version", "imsimta-version", ""},
    {"as another user", "sudo -u", "other", ""},
    {"through sudo", "sudo imsimta process", "imsimta-process", ""},
    {"abbreviated", "imsimta qm summ -nohead", "qm-summarize", ""},
    {"with options before the verb", "imsimta qm -maint dir -database -total", "qm-directory", ""},
    {"counters through qm", "imsimta qm counters show", "counters", ""},
    {"chips are no processors", "psrinfo -p", "other", ""},
    {"chips with their processors", "psrinfo -pv", "cpus", ""},
    {"one value of getconf", "getconf _NPROCESSORS_ONLN", "cpus", ""},
    {"another value of getconf", "getconf PAGESIZE", "other", ""},
    {"our SMTP server", "telnet localhost 25", "greeting", ""},
    {"another server", "telnet localhost 143", "other", ""},
    {"messages of a channel", "imsimta qm messages tcp_local", "qm-messages", ""},
    {"a filter keeps the kind", "configutil | grep quota", "configutil", ""},
    {"a process table of the product only", "ps -ef | grep msg", "ps", ""},
    {"a process table of one program is none", "ps -ef | grep imapd", "other", ""},
    {"inodes", "df -i", "df-inodes", ""},
    {"inodes of Solaris", "df -F ufs -o i", "df-inodes", ""},
    {"a listing with its folder", "ls -lR /var/opt/SUNWmsgsr/queue", "listing", "/var/opt/SUNWmsgsr/queue"},
    {"a listing of where one is", "cd /q/queue; ls -lR", "listing", "/q/queue"},
    {"find", "find /q/queue -type f -ls", "listing", "/q/queue"},
    {"a file that is shown", "cat /etc/resolv.conf", "resolv-conf", ""},
    {"a log that is shown", "tail -100 /l/mail.log_current", "mail-log", ""},
    {"stored without options is the daemon", "stored", "other", ""},
    {"Windows", "C:\\iPlanet\\Server5\\msg-mail1\\imsimta.exe version", "imsimta-version", ""},
    {"quoted words", "imsimta test -rewrite 'a b@c'", "test-rewrite", ""},
    {"a loop", "for f in events todos; do ./db_verify -h /tmp/c ics50$f.db; echo $f rc=$?; done", "db-verify", ""},
    {"removed by hand", "cd /var/opt/SUNWics5/csdb; rm -f __db.*", "shell-history", ""},
    {"removed, but no database", "rm -f admin.log core", "other", ""},
    {"with its environment", "LD_LIBRARY_PATH=/opt/SUNWics5/cal/lib ./db_verify -h /c x.db", "db-verify", ""},
    {"with its output elsewhere", "cd /s && ./csdb check /c > \"$WORK/check.out\" 2>&1", "csdb-check", ""},
    {"a database tool of another package", "db5.3_recover -v -h /tmp/c", "db-recover", ""},
    {"a verb of csdb", "cd /opt/SUNWics5/cal/sbin && ./csdb -v list /tmp/c", "csdb-list", ""},
    {"another verb of csdb", "csdb create", "other", ""},
    {"the processes of Calendar Server", "ps -ef | egrep 'enpd|csstored|csadmind'", "ps", ""},
    {"unknown", "frobnicate -v", "other", ""},
};

static void maps_commands(void **state)
{
    (void)state;
    for (size_t i = 0; i < MD_ROWS(command_rows); i++) {
        struct md_command_verdict verdict;

        md_test_case(i, command_rows[i].says);
        md_recognise_command(md_str(command_rows[i].line), &verdict);
        md_want_cstr("kind", md_item_kind_name(verdict.kind), command_rows[i].want);
        md_want_str("folder", verdict.folder, command_rows[i].folder);
    }
}

static const struct {
    const char *says, *line, *seen, *want; /* command, or NULL: no prompt */
} prompts[] = {
    {"a host and a hash", "mail1# imsimta version", "", "imsimta version"},
    {"a bare dollar", "$ df -k", "", "df -k"},
    {"a bare hash before a command", "# imsimta qm messages tcp_local", "", "imsimta qm messages tcp_local"},
    {"a bare hash before a search in a file", "# grep dwp /etc/opt/SUNWics5/config/ics.conf", "",
     "grep dwp /etc/opt/SUNWics5/config/ics.conf"},
    {"a bare hash before a number of a process", "# pstack 4711", "", "pstack 4711"},
    {"a bare hash before a core", "# pstack core.csadmind.4711", "", "pstack core.csadmind.4711"},
    {"a remark that begins like a command", "# mount options.", "", NULL},
    {"a remark that names a folder", "# df shows the fill of /var and others", "", NULL},
    {"root at a host", "root@mail1:/var/opt# ls -lR queue", "", "ls -lR queue"},
    {"Solaris", "root@mail1 # uptime", "", "uptime"},
    {"Red Hat", "[root@mail1 ~]# ps -ef", "", "ps -ef"},
    {"bash with a version", "bash-3.00$ configutil", "", "configutil"},
    {"a time stamp", "[03:12:00] root@mail1:~# date", "", "date"},
    {"the queue manager", "qm.maint> messages tcp_local", "", "messages tcp_local"},
    {"as the manual misprints it", "qm maint> dir ims-ms", "", "dir ims-ms"},
    {"the configuration tool", "msconfig> show channel:tcp_local", "", "show channel:tcp_local"},
    {"with unsaved changes", "msconfig# show *", "", "show *"},
    {"Windows", "C:\\iPlanet>imsimta version", "", "imsimta version"},
    {"an unknown command after a prompt seen before", "mail1# frob", "mail1#", "frob"},
    {"an unknown command after an unknown prompt", "mail1# frob", "", NULL},
    {"a tool of Calendar Server where one is", "# ./csdb check /tmp/c", "", "./csdb check /tmp/c"},
    {"a loop", "# for f in events todos; do ./db_verify -h /c ics50$f.db; echo $f rc=$?; done", "",
     "for f in events todos; do ./db_verify -h /c ics50$f.db; echo $f rc=$?; done"},
    {"the second line of a loop", "> do ./db_verify -h /c ics50$f.db; echo $f rc=$?; done", "",
     "do ./db_verify -h /c ics50$f.db; echo $f rc=$?; done"},
    {"regions removed", "# rm __db.*", "", "rm __db.*"},
    {"a wish", "> do it now", "", NULL},
    {"a comment that begins like a command", "# date of the last change", "", NULL},
    {"a comment", "# configutil is our friend", "", NULL},
    {"a price", "It costs $ 20", "", NULL},
    {"a quoted line", "> date", "", NULL},
    {"a heading", "==== df -k ====", "", "df -k"},
    {"a heading in stars", "*** imsimta process ***", "", "imsimta process"},
    {"a trace of the shell", "+ df -k", "", "df -k"},
    {"words before it", "Output of `imsimta qm jobs`:", "", "imsimta qm jobs"},
    {"a command alone on a line", "ps -ef", "", "ps -ef"},
    {"a sentence is no command", "host is down", "", NULL},
    {"a line of ls", "drwxrwx---  22 mailsrv  mail          512 Nov 12 00:12 hold", "", NULL},
    {"a setting whose value is called like a program", "caldb.berkeleydb.homedir.path=\"/var/opt/SUNWics5/csdb\"", "",
     NULL},
    {"a rewrite rule", "example.com             $U%$D@mail1.example.com", "", NULL},
    {"a row of df", "/dev/dsk/c0t0d0s0    20646121 6193836 14245824    31%    /", "", NULL},
    {"a line of a server log", NSLOG_LINE, "", NULL},
};

static void finds_prompts(void **state)
{
    (void)state;
    for (size_t i = 0; i < MD_ROWS(prompts); i++) {
        struct md_prompt prompt;
        bool is_prompt;

        md_test_case(i, prompts[i].says);
        is_prompt = md_recognise_prompt(md_str(prompts[i].line), md_str(prompts[i].seen), &prompt);
        md_want_int("a prompt", is_prompt, prompts[i].want != NULL);
        if (is_prompt)
            md_want_str("command", prompt.command, prompts[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(says_what_files_are), MD_TEST(knows_every_kind), MD_TEST(maps_commands),
                                       MD_TEST(finds_prompts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
