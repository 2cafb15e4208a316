#include "tests/unit/md_test.h"

#include "engine/base/num.h"
#include "probes/bundle/redact.h"

static const unsigned char key[32] = "thirty-two bytes that are no key";

/* The whole text, in chunks of `chunk` bytes. */
static struct md_str redact(struct md_arena *arena, struct md_redactor *redactor, enum md_item_kind kind,
                            struct md_str text, size_t chunk)
{
    struct md_redaction *redaction = md_redaction_new(redactor, kind, md_str(""));
    struct md_buf out = {0};
    struct md_str made;

    for (size_t at = 0; at < text.n; at += chunk)
        md_redaction_feed(redaction, md_str_sub(text, at, chunk), &out);
    md_redaction_end(&redaction, &out);
    made = md_arena_str(arena, md_str_n(out.p, out.n));
    md_buf_free(&out);
    return made;
}

static bool is_pseudonym(const char *p)
{
    static const char alphabet[] = "bcdfghjkmnpqrstvwxz2345679";

    if (strchr("uhpstcd", *p) == NULL)
        return false;
    for (size_t i = 1; i < 10; i++)
        if (p[i] == '\0' || strchr(alphabet, p[i]) == NULL)
            return false;
    return !md_is_alnum(p[10]);
}

/* Pseudonyms as "u1", "h2" in the order of their letters' first appearance, so that a table can say what comes out. */
static struct md_str numbered(struct md_arena *arena, struct md_str text)
{
    const char *seen[100];
    size_t n_seen = 0;
    struct md_buf out = {0};
    struct md_str made;

    for (const char *p = text.p; p < text.p + text.n;) {
        const struct md_str front = md_str_n(text.p, (size_t)(p - text.p));
        size_t i = 0, rank = 0;

        if ((front.n > 0 && md_is_alnum(p[-1]) && !md_str_has_suffix(front, MD_LIT("40")) &&
             !md_str_has_suffix(front, MD_LIT("003c"))) ||
            !is_pseudonym(p)) {
            md_buf_add(&out, md_str_n(p++, 1));
            continue;
        }
        while (i < n_seen && strncmp(seen[i], p, 10) != 0)
            i++;
        if (i == n_seen && n_seen < 100)
            seen[n_seen++] = p;
        for (size_t k = 0; k <= i; k++)
            rank += seen[k][0] == *p;
        md_buf_printf(&out, "%c%zu", *p, rank);
        p += 10;
    }
    made = md_arena_str(arena, md_str_n(out.p, out.n));
    md_buf_free(&out);
    return made;
}

#define ENTRY "24-Nov-2026 00:30:13.53 tcp_local    ims-ms       "

static const struct {
    const char *says;
    enum md_item_kind kind;
    const char *in, *want;
} lines[] = {
    /* addresses */
    {"an entry of the log, and relations in it", MD_ITEM_MAIL_LOG,
     ENTRY "EE 42 amy@example.net rfc822;bob@example.com bob@ims-ms-daemon /q/ims-ms/006/ZZf0b.00 "
           "<0FKRY43XWYH6L@example.net>",
     ENTRY "EE 42 u1@h1.net rfc822;u2@h1.com u2@ims-ms-daemon /q/ims-ms/006/ZZf0b.00 <u3@h1.net>"},
    {"counted fields are counted again", MD_ITEM_MAIL_LOG,
     ENTRY "E 4 15:amy@example.com 22:rfc822;bob@example.org 17:bob@ims-ms-daemon 0: 9:TCP|1|2|3",
     ENTRY "E 4 25:u1@h1.com 32:rfc822;u2@h1.org 24:u2@ims-ms-daemon 0: 9:TCP|1|2|3"},
    {"the user of a counted entry", MD_ITEM_MAIL_LOG,
     ENTRY "EESA 4 15:amy@example.com 15:bob@example.org 4:*amy 4:*jim 0:",
     ENTRY "EESA 4 25:u1@h1.com 25:u2@h1.org 11:*u1 11:*u3 0:"},
    {"letter case does not count", MD_ITEM_OTHER, "AMY@Example.COM amy@example.com", "u1@h1.com u1@h1.com"},
    {"a folder behind a plus", MD_ITEM_OTHER, "amy+lists@example.com amy@example.com", "u1+u2@h1.com u1@h1.com"},
    {"roles of mail stay", MD_ITEM_OTHER, "postmaster@example.com MAILER-DAEMON@example.com",
     "postmaster@h1.com MAILER-DAEMON@h1.com"},
    {"a route", MD_ITEM_OTHER, "@store1.example.com:amy+x@ims-ms-daemon", "@h1.h2.com:u1+u2@ims-ms-daemon"},
    {"a percent hack", MD_ITEM_OTHER, "amy%example.com@gw.example.net", "u1%h1.com@h2.h1.net"},
    {"behind a key", MD_ITEM_OTHER, "from=amy@example.com prvs=0123ab=amy@example.com",
     "from=u1@h1.com prvs=u2=u1@h1.com"},
    {"signs of other encodings", MD_ITEM_OTHER,
     "amy%40example.com amy=40example.com amy&#64;example.com amy@example.com",
     "u1%40h1.com u1=40h1.com u1&#64;h1.com u1@h1.com"},
    {"forty of something", MD_ITEM_OTHER, "maxjobs=40 x%40y limit=400", "maxjobs=40 x%40y limit=400"},
    {"of XML", MD_ITEM_MAIL_LOG,
     "<en ac=\"E\" so=\"amy@example.com\" mi=\"&lt;0FKRY43XWYH6L@example.com&gt;\" us=\"amy\"/>",
     "<en ac=\"E\" so=\"u1@h1.com\" mi=\"&lt;u2@h1.com&gt;\" us=\"u1\"/>"},
    {"a queue file's name that holds the name of a secret", MD_ITEM_MAIL_LOG,
     "<en fi=\"/q/l/ZZf0PaP0pWDRO.00\" mi=\"&lt;0FKRY43XWYH6L@example.com>\" di=\"Connection refused\"/>",
     "<en fi=\"/q/l/ZZf0PaP0pWDRO.00\" mi=\"&lt;u1@h1.com>\" di=\"Connection refused\"/>"},
    {"of JSON", MD_ITEM_MAIL_LOG,
     "{\"so\":\"amy@example.com\",\"mi\":\"\\u003c0FKRY43XWYH6L@example.com\\u003e\",\"us\":\"*amy\"}",
     "{\"so\":\"u1@h1.com\",\"mi\":\"\\u003cu2@h1.com\\u003e\",\"us\":\"*u1\"}"},
    {"a name in quotes", MD_ITEM_OTHER, "<\"amy smith\"@example.com>", "<\"u1\"@h1.com>"},
    {"blanks and quotes of a mailer", MD_ITEM_OTHER,
     "amy@example.com\xc2\xa0 example.com\xc2\xa0x \xe2\x80\x9c"
     "amy@example.com\xe2\x80\x9d",
     "u1@h1.com  h1.com x \"u1@h1.com\""},
    {"an attachment in base64", MD_ITEM_OTHER,
     "YW15QGV4YW1wbGUuY29tIHdyaXRlcyB0byBib2JAZXhhbXBsZS5jb20gYWJv\ndXQgaXQu\nworks",
     "(60 bytes left out)\n(8 bytes left out)\nworks"},
    {"a literal", MD_ITEM_OTHER, "amy@[127.0.0.1]", "u1@[127.0.0.1]"},
    /* hosts */
    {"below a domain that was learned, inside a sentence", MD_ITEM_OTHER,
     "amy@corp.acme\nsmtp;550 mx7.corp.acme says no to mail.log_current of hub.corp.acme.",
     "u1@h1.h2\nsmtp;550 h3.h1.h2 says no to mail.log_current of h4.h1.h2."},
    {"top levels of countries", MD_ITEM_OTHER, "mx.foo.co.uk mx.foo.de", "h1.h2.co.uk h1.h2.de"},
    {"names of files, settings, versions and times are no hosts", MD_ITEM_OTHER,
     "store.quotagraceperiod mail.log_current imta.cnf tcp_local libexec.so.1 6.3-1.04 4.7.1 14:54:13.72 ZZf0b.00 "
     "a.out e.g. x.HELD",
     "store.quotagraceperiod mail.log_current imta.cnf tcp_local libexec.so.1 6.3-1.04 4.7.1 14:54:13.72 ZZf0b.00 "
     "a.out e.g. x.HELD"},
    {"a sentence without a blank", MD_ITEM_OTHER, "try again later.It may work", "try again later.It may work"},
    {"hosts that say nothing", MD_ITEM_OTHER, "localhost tcp_intranet-daemon localhost.localdomain ims-ms-daemon",
     "localhost tcp_intranet-daemon localhost.localdomain ims-ms-daemon"},
    {"rewrite rules", MD_ITEM_IMTA_CNF,
     "$*  $A$E$F$U%$H$V$H@mail1.example.com\n.example.com  $U%$H$D@tcp_intranet-daemon\nims-ms-daemon  "
     "$U%ims-ms-daemon@ims-ms-daemon\nprocess  $U%process.mail1.example.com@process-daemon\nhub7  "
     "$U@hub7.example.com\n",
     "$*  $A$E$F$U%$H$V$H@h1.h2.com\n.h2.com  $U%$H$D@tcp_intranet-daemon\nims-ms-daemon  "
     "$U%ims-ms-daemon@ims-ms-daemon\nprocess  $U%process.h1.h2.com@process-daemon\nh3  $U@h3.h2.com\n"},
    {"the host of a server log, everywhere", MD_ITEM_NSLOG,
     "[24/Nov/2026:03:21:00 -0500] hub7 imapd[12]: General Notice: hub7 is up\n",
     "[24/Nov/2026:03:21:00 -0500] h1 imapd[12]: General Notice: h1 is up\n"},
    {"a common name only where it is a host", MD_ITEM_NSLOG,
     "[24/Nov/2026:03:21:00 -0500] mail imapd[12]: General Notice: mail is up\n",
     "[24/Nov/2026:03:21:00 -0500] h1 imapd[12]: General Notice: mail is up\n"},
    {"a prompt", MD_ITEM_OTHER, "hub7# uname -a\nSunOS hub7 5.10 Generic\nroot@hub7:/# df -k\n",
     "h1# uname -a\nSunOS h1 5.10 Generic\nroot@h1:/# df -k\n"},
    {"a file of hosts", MD_ITEM_HOSTS_FILE, "127.0.0.1 localhost\n127.0.0.2 hub7.example.com hub7 loghost # x\n",
     "127.0.0.1 localhost\n127.0.0.2 h1.h2.com h1 loghost # x\n"},
    {"a search list", MD_ITEM_RESOLV_CONF, "search example.com acme\n", "search h1.com h2\n"},
    {"settings of hosts", MD_ITEM_CONFIGUTIL, "local.hostname = hub7\nlocal.ugldaphost = \"ldap7 ldap8.example.com\"\n",
     "local.hostname = h1\nlocal.ugldaphost = \"h2 h3.h4.com\"\n"},
    {"components in a directory", MD_ITEM_OTHER, "uid=amy,ou=people,o=example.com,o=internet\ndc=example,dc=com",
     "uid=u1,ou=people,o=h1.com,o=internet\ndc=h1,dc=com"},
    {"channels that are called like a host", MD_ITEM_OTHER,
     "hub7# uname -a\ntcp_hub7 tcp_hub7-daemon tcp_hub7_option\n",
     "h1# uname -a\ntcp_hub7 tcp_hub7-daemon tcp_hub7_option\n"},
    /* users */
    {"mailboxes", MD_ITEM_NSLOG, "Store Information:append:amy:user/amy/Offers:659:<m1@example.com>",
     "Store Information:append:u1:user/u1/u2:659:<u3@h1.com>"},
    {"a mailbox and its folders", MD_ITEM_OTHER, "user/amy/INBOX user/amy@example.com user/%U",
     "user/u1/INBOX user/u1@h1.com user/%U"},
    {"a path of the store", MD_ITEM_OTHER, "/store/partition/primary/=user/3a/51/=amy/=Offers/00/1.msg",
     "/store/partition/primary/=user/3a/51/=u1/=u2/00/1.msg"},
    {"logins", MD_ITEM_NSLOG,
     "Account Notice: badlogin: [127.0.0.1:40718] plaintext amy authentication failure\nAccount Information: login "
     "[127.0.0.1:4] amy plaintext\n",
     "Account Notice: badlogin: [127.0.0.1:40718] plaintext u1 authentication failure\nAccount Information: login "
     "[127.0.0.1:4] u1 plaintext\n"},
    {"an original recipient without a domain", MD_ITEM_MAIL_LOG,
     ENTRY "VEA 0 a@b.example rfc822;bob bob@ims-ms-daemon *amy",
     ENTRY "VEA 0 u1@h1.example rfc822;u2 u2@ims-ms-daemon *u3"},
    {"a user that was learned, in another place", MD_ITEM_OTHER, "amy@ims-ms-daemon\nquota of amy is full\n",
     "u1@ims-ms-daemon\nquota of u1 is full\n"},
    {"a user called like a word of the product", MD_ITEM_OTHER, "quota@ims-ms-daemon\nover quota\n",
     "u1@ims-ms-daemon\nover quota\n"},
    {"owners", MD_ITEM_OTHER,
     "-rw-r--r--   1 amy      staff   6210 Nov 24 02:10 x\n-rw-r--r--   1 mailsrv  mail   6210 Nov 24 02:10 x\n",
     "-rw-r--r--   1 u1      staff   6210 Nov 24 02:10 x\n-rw-r--r--   1 mailsrv  mail   6210 Nov 24 02:10 x\n"},
    {"a process table", MD_ITEM_PS, "UID  PID  CMD\namy  12  vi\nroot  1 /sbin/init\n",
     "UID  PID  CMD\nu1  12  vi\nroot  1 /sbin/init\n"},
    {"quotas", MD_ITEM_IMQUOTACHECK, " 51200  49000  95%  amy\n", " 51200  49000  95%  u1\n"},
    {"names of persons", MD_ITEM_QUEUE_FILE,
     "m;amy@example.com\nBoundary_(ID_a)\nFrom: \"Amy Smith\" <amy@example.com>\n"
     "To: bob@example.com (Bob Jones)\nX-Secret-Project: Icarus\nSubject: the plan\n\nDear Bob\nBoundary_(ID_a)\n",
     "m;u1@h1.com\nBoundary_(ID_a)\nFrom: \"p1\" <u1@h1.com>\nTo: u2@h1.com (p2)\nSubject: t1\n\nBoundary_(ID_a)\n"},
    {"an attribute of a person", MD_ITEM_OTHER, "cn=Amy Smith,ou=people,o=isp", "cn=p1,ou=people,o=isp"},
    /* secrets */
    {"options", MD_ITEM_JOB_CONTROLLER_CNF, "tcp_port=27442\nsecret=s3cr3tw0rd\nsecret=never mind\n",
     "tcp_port=27442\nsecret=s1\nsecret=never mind\n"},
    {"configutil", MD_ITEM_CONFIGUTIL,
     "local.ugldapbindcred = pass word\nstore.x.passwordexpiry = 30\nsasl.plaintextpassword = yes\n",
     "local.ugldapbindcred = s1\nstore.x.passwordexpiry = 30\nsasl.plaintextpassword = yes\n"},
    {"ics.conf", MD_ITEM_ICS_CONF,
     "local.authldapbindcred = \"hush\"\nlocal.enduseradmincred=\"hush\"\nservice.siteadmin.cred = \"tell\"\n",
     "local.authldapbindcred = \"s1\"\nlocal.enduseradmincred=\"s1\"\nservice.siteadmin.cred = \"s2\"\n"},
    {"files of the calendar's database are no hosts", MD_ITEM_CALENDAR_LOG,
     "[31/May/2007:04:12:08 -0700] h csadmind[1]: General Error: ics50events.db: bad\n",
     "[31/May/2007:04:12:08 -0700] h1 csadmind[1]: General Error: ics50events.db: bad\n"},
    {"msconfig", MD_ITEM_MSCONFIG,
     "set base.ugldapbindcred hush\nrole.base.proxyadminpass:x = 1\nbase.sslpassword = \"hush\"\n",
     "set base.ugldapbindcred s1\nrole.base.proxyadminpass:x = 1\nbase.sslpassword = \"s1\"\n"},
    {"a recipe", MD_ITEM_RECIPE, "set_option(\"base.ugldapbindcred\", \"hush\");\n",
     "set_option(\"base.ugldapbindcred\", \"s1\");\n"},
    {"XML", MD_ITEM_CONFIG_XML,
     "<ugldapbindcred>hush</ugldapbindcred><option name=\"sslpassword\" v=\"1\">tell</option>\n",
     "<ugldapbindcred>s1</ugldapbindcred><option name=\"sslpassword\" v=\"1\">s2</option>\n"},
    {"JSON", MD_ITEM_OTHER, "{\"password\": \"hush\", \"port\": 1}\n", "{\"password\": \"s1\", \"port\": 1}\n"},
    {"a secret in another place", MD_ITEM_OTHER, "secret=s3cr3tw0rd\n/bin/x s3cr3tw0rd\n", "secret=s1\n/bin/x s1\n"},
    {"in an address of a resource", MD_ITEM_OTHER, "ldap://amy:hush@example.com/x", "ldap://u1:s1@h1.com/x"},
    {"a command", MD_ITEM_OTHER, "ldapsearch -D \"cn=directory manager\" -w hush -b o=isp",
     "ldapsearch -D \"cn=directory manager\" -w s1 -b o=isp"},
    {"what a client said", MD_ITEM_MTA_DEBUG_LOG, "Received : \"AUTH PLAIN AGFteQBodXNo\"",
     "Received : \"AUTH PLAIN s1\""},
    {"sentences about passwords", MD_ITEM_NSLOG,
     "535 5.7.8 Bad username or password (Authentication failed).\nPassword expired for this account\n",
     "535 5.7.8 Bad username or password (Authentication failed).\nPassword expired for this account\n"},
    {"a private key", MD_ITEM_OTHER, "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nx\n",
     "-----BEGIN PRIVATE KEY-----\n(private key)\n-----END PRIVATE KEY-----\nx\n"},
    /* IP addresses that are none */
    {"versions", MD_ITEM_OTHER, "Messaging Server 7.0.5.29 (built Jul 1 2013)\nversion 8.0.2.3\n",
     "Messaging Server 7.0.5.29 (built Jul 1 2013)\nversion 8.0.2.3\n"},
    {"addresses that say nothing", MD_ITEM_OTHER, "127.0.0.1 0.0.0.0 255.255.255.0 ::1 224.0.0.1",
     "127.0.0.1 0.0.0.0 255.255.255.0 ::1 224.0.0.1"},
    {"words with colons", MD_ITEM_OTHER, "md::x 12:34:56 00:14:4f:aa:bb:cc Foo::Bar",
     "md::x 12:34:56 00:14:4f:aa:bb:cc Foo::Bar"},
    {"line ends stay", MD_ITEM_OTHER, "a\r\n\r\nb\nc", "a\r\n\r\nb\nc"},
};

static void hides_what_it_knows(void **state)
{
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(lines); i++) {
        struct md_str text = md_str(lines[i].in), want = md_str(lines[i].want);

        md_test_case(i, lines[i].says);
        for (size_t chunk = 1; chunk < 3000; chunk = chunk * 7 + 1) {
            struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);

            md_redactor_learn(redactor, lines[i].kind, md_str(""), text);
            md_want_str("text", numbered(arena, redact(arena, redactor, lines[i].kind, text, chunk)), want.p);
        }
    }
}

/* One text through both passes. */
static struct md_str once(struct md_arena *arena, struct md_redactor *redactor, const char *text)
{
    md_redactor_learn(redactor, MD_ITEM_OTHER, md_str(""), md_str(text));
    return redact(arena, redactor, MD_ITEM_OTHER, md_str(text), 4096);
}

/* Four octets at the front. */
static void octets(struct md_str text, uint64_t ret[4])
{
    for (size_t i = 0; i < 4; i++) {
        if (md_num_u64(&text, 255, &ret[i]) != MD_OK)
            fail_msg("no address: %s", text.p);
        md_str_skip_prefix(&text, MD_LIT("."));
    }
}

static unsigned common_bits(struct md_str a, struct md_str b)
{
    uint64_t x[4], y[4];
    unsigned bits = 0;

    octets(a, x);
    octets(b, y);
    while (bits < 32 && (x[bits / 8] >> (7 - bits % 8) & 1U) == (y[bits / 8] >> (7 - bits % 8) & 1U))
        bits++;
    return bits;
}

static void keeps_kinds_and_subnets_of_addresses(void **state)
{
    static const struct {
        const char *says, *a, *b;
        unsigned common;
        const char *begins; /* of what a becomes, or NULL */
    } pairs[] = {
        {"neighbours", "198.51.100.24", "198.51.100.25", 31, NULL},
        {"one subnet", "198.51.100.1", "198.51.100.200", 24, NULL},
        {"different nets", "198.51.100.1", "198.51.104.1", 20, NULL},
        {"private ones stay private", "10.1.2.3", "10.200.2.3", 8, "10."},
        {"and of their kind", "192.168.3.4", "192.168.3.5", 31, "192.168."},
        {"twelve bits of the third kind", "172.16.0.1", "172.31.0.1", 12, NULL},
        {"link-local ones", "169.254.3.4", "169.254.7.4", 21, "169.254."},
        {"public and private are told apart from the same bit on", "192.168.0.1", "192.0.2.1", 8, "192.168."},
    };
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(pairs); i++) {
        struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);
        struct md_str a = once(arena, redactor, pairs[i].a), b = once(arena, redactor, pairs[i].b);

        md_test_case(i, pairs[i].says);
        md_want_int("common bits", common_bits(a, b), pairs[i].common);
        md_want_true(!md_str_is(a, pairs[i].a) && !md_str_is(b, pairs[i].b));
        md_want_true(pairs[i].begins == NULL || md_str_has_prefix(a, md_str(pairs[i].begins)));
    }
}

static void keeps_networks_patterns_and_reversed_addresses_related(void **state)
{
    struct md_arena *arena = *state;
    struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);
    struct md_str address = once(arena, redactor, "198.51.100.24"), net = once(arena, redactor, "198.51.100.0/24"),
                  pattern = once(arena, redactor, "198.51.100.*"),
                  port = once(arena, redactor, "198.51.100.24.25 x ESTABLISHED"),
                  zone = once(arena, redactor, "24.100.51.198.zen.spamhaus.org"), six;
    uint64_t q[4];
    const char *want;

    octets(address, q);
    want = md_arena_printf(arena, "%d.%d.%d.0/24", (int)q[0], (int)q[1], (int)q[2]);
    md_want_str("network", net, want);
    want = md_arena_printf(arena, "%d.%d.%d.*", (int)q[0], (int)q[1], (int)q[2]);
    md_want_str("pattern", pattern, want);
    want = md_arena_printf(arena, "%d.%d.%d.%d.25 x ESTABLISHED", (int)q[0], (int)q[1], (int)q[2], (int)q[3]);
    md_want_str("with a port", port, want);
    want = md_arena_printf(arena, "%d.%d.%d.%d.zen.spamhaus.org", (int)q[3], (int)q[2], (int)q[1], (int)q[0]);
    md_want_str("reversed", zone, want);
    six = once(arena, redactor, "2001:db8::25");
    md_want_true(!md_str_is(six, "2001:db8::25") && md_str_find_char(six, ':') > 0);
    md_want_true(md_str_has_prefix(once(arena, redactor, "fe80::1"), MD_LIT("fe")));
    md_want_true(md_str_has_prefix(once(arena, redactor, "::ffff:198.51.100.24"), MD_LIT("::ffff:")));
}

static void keeps_what_is_to_be_kept(void **state)
{
    struct md_arena *arena = *state;
    struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);

    md_redactor_keep(redactor, md_str(".example.com"));
    md_redactor_keep(redactor, md_str("mx.example.net"));
    md_redactor_keep(redactor, md_str("198.51.100.24"));
    md_redactor_keep(redactor, md_str("help@example.org"));
    md_want_str("kept",
                numbered(arena, once(arena, redactor,
                                     "a.b.example.com example.com mx.example.net mx2.example.net 198.51.100.24 "
                                     "help@example.org amy@example.org")),
                "a.b.example.com example.com mx.example.net h1.h2.net 198.51.100.24 help@example.org u1@h2.org");
}

static void is_strict_where_it_is_asked_to_be(void **state)
{
    struct md_arena *arena = *state;
    struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_STRICT, key);
    struct md_str text = md_str("! Jim's relay, call 555\nx.de y.com\n");

    md_redactor_learn(redactor, MD_ITEM_IMTA_CNF, md_str(""), text);
    md_want_str("strict", numbered(arena, redact(arena, redactor, MD_ITEM_IMTA_CNF, text, 9)),
                "! (comment)\nh1.h2 h3.com\n");
    redactor = md_redactor_new(arena, MD_REDACT_NONE, key);
    md_want_str("none", once(arena, redactor, "amy@example.com"), "amy@example.com");
}

static void depends_on_the_key_and_on_nothing_else(void **state)
{
    static const unsigned char other[32] = {1};
    struct md_arena *arena = *state;
    struct md_redactor *one = md_redactor_new(arena, MD_REDACT_DEFAULT, key),
                       *two = md_redactor_new(arena, MD_REDACT_DEFAULT, key),
                       *third = md_redactor_new(arena, MD_REDACT_DEFAULT, other);
    struct md_str a = once(arena, one, "amy@example.com"), b;

    (void)once(arena, two, "bob@example.org 198.51.100.24");
    b = once(arena, two, "amy@example.com");
    md_want_str_n("the same key", a, b);
    b = once(arena, third, "amy@example.com");
    md_want_true(!md_str_eq(a, b));
    b = once(arena, third, md_arena_cstr(arena, a));
    md_want_true(!md_str_eq(a, b));
    md_want_str("redacted twice", numbered(arena, b), "u1@h1.com");
}

static bool add_row(void *ctx, const char *class, struct md_str original, struct md_str pseudonym)
{
    struct md_buf *rows = ctx;

    md_buf_printf(rows, "%s %.*s;", class, MD_STR_ARG(original));
    return pseudonym.n > 0;
}

static void counts_and_tells_what_it_replaced(void **state)
{
    struct md_arena *arena = *state;
    struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);
    struct md_buf rows = {0};

    (void)once(arena, redactor, "Amy@example.com amy@example.com mx.example.com\nsecret=hushhush\n");
    md_want_true(md_redactor_map(redactor, add_row, &rows));
    md_want_cstr("map", rows.p, "host example.com;address amy@example.com;host mx.example.com;secret hushhush;");
    md_buf_free(&rows);
    for (size_t i = 0; md_redactor_class(i) != NULL; i++) {
        if (strcmp(md_redactor_class(i), "address") == 0)
            md_want_int("addresses", md_redactor_count(redactor, i), 2);
        if (strcmp(md_redactor_class(i), "secret") == 0)
            md_want_int("secrets", md_redactor_count(redactor, i), 1);
    }
    md_want_true(md_redactor_class(1000) == NULL);
}

static void finds_what_still_stands_there(void **state)
{
    static const struct {
        const char *says, *text;
        uint64_t want;
    } scans[] = {
        {"nothing", "all is well at h2.com, 6.3 and x.example.org", 0},
        {"an address, in any case", "<AMY@Example.com>", 3}, /* it, its user and its host */
        {"another sign", "amy%40example.com", 3},
        {"a host inside a longer name", "x.mx.example.com.txt", 1},
        {"a user", "dear amy,", 1},
        {"a longer word is another one", "amylase mxexample.com", 0},
        {"an IP address", "[198.51.100.24]:25", 1},
        {"a secret", "the word is hushhush", 1},
    };
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(scans); i++)
        for (size_t chunk = 1; chunk < 50; chunk += 13) {
            struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);
            struct md_diags *diags = md_diags_new(arena);
            struct md_leak_scan *scan;
            struct md_str text = md_str(scans[i].text);

            md_test_case(i, scans[i].says);
            (void)once(arena, redactor, "amy@example.com user/amy mx.example.com 198.51.100.24\nsecret=hushhush\n");
            scan = md_leak_scan_new(redactor, arena);
            for (size_t at = 0; at < text.n; at += chunk)
                md_leak_scan_feed(scan, md_str("a"), md_str_sub(text, at, chunk));
            md_want_int("leaks", md_leak_scan_end(&scan, diags), scans[i].want);
            md_want_true((md_diags_count(diags) > 0) == (scans[i].want > 0));
            for (size_t k = 0; k < md_diags_count(diags); k++)
                md_want_true(strstr(md_diags_at(diags, k)->what, "amy") == NULL);
        }
}

/* Of a log of mail what is no entry says nothing but shows scraps of names. */
static void hides_scraps_of_logs(void **state)
{
    static const struct {
        const char *says, *line;
        bool is_hidden;
    } scraps[] = {
        {"an entry", "24-Nov-2026 10:00:00.00 tcp_local ims-ms E 3 a@x.example rfc822;b@y.example b@ims-ms-daemon",
         false},
        {"an entry behind quote marks",
         "> 24-Nov-2026 10:00:00.00 tcp_local ims-ms E 3 a@x.example rfc822;b@y.example b@z", false},
        {"an entry of XML", "<en ts=\"2026-11-24T10:00:00.00\" ac=\"E\" sc=\"a\" dc=\"b\"/>", false},
        {"a declaration", "<?xml version=\"1.0\"?>", false},
        {"a blank line", "  ", false},
        {"the rest of a line that was cut in front", "e.edu user432@ims-ms-daemon /opt/queue", true},
        {"bytes of a damaged archive", "18-77.user5272etaexa7/i/op177.user5272etaexa7/i_local", true},
    };
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(scraps); i++) {
        struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);
        struct md_str text = md_str(md_arena_printf(arena, "%s\r\n", scraps[i].line));
        struct md_str made = redact(arena, redactor, MD_ITEM_MAIL_LOG, text, 7);

        md_test_case(i, scraps[i].says);
        md_want_true(md_redactor_hidden_lines(redactor) == (scraps[i].is_hidden ? 1 : 0));
        md_want_true((md_str_find(made, MD_LIT(" bytes left out)\r\n")) >= 0) == scraps[i].is_hidden);
        /* in other texts such a line is one like any */
        (void)redact(arena, redactor, MD_ITEM_NSLOG, text, 7);
        md_want_true(md_redactor_hidden_lines(redactor) == (scraps[i].is_hidden ? 1 : 0));
    }
}

/* What looks like a version is not taken for an address, though it is one elsewhere: the scan finds it, and the line goes. */
static void hides_lines_with_leaks(void **state)
{
    static const char text[] = "connect from 192.0.2.7\nrelease 192.0.2.7 of it\r\nrelease 5.1 of it\n";
    struct md_arena *arena = *state;
    struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);
    struct md_str made = redact(arena, redactor, MD_ITEM_OTHER, md_str(text), 7);

    for (int round = 0; round < 2; round++) {
        struct md_leak_scan *scan = md_leak_scan_new(redactor, arena);

        md_leak_scan_feed(scan, md_str("a"), made);
        md_want_int("leaks", md_leak_scan_end(&scan, NULL), round == 0 ? 1 : 0);
        md_redactor_write_again(redactor);
        md_want_int("hidden", md_redactor_hidden_lines(redactor), 0);
        made = redact(arena, redactor, MD_ITEM_OTHER, md_str(text), 7);
        md_want_int("hidden", md_redactor_hidden_lines(redactor), 1);
        md_want_true(md_str_find(made, MD_LIT("\n(23 bytes left out)\r\nrelease 5.1 of it\n")) > 0);
    }
    /* facts are not made of lines */
    md_want_true(md_str_find(redact(arena, redactor, MD_ITEM_FACTS, md_str(text), 7), MD_LIT("192.0.2.7")) > 0);
}

static void bounds_long_lines(void **state)
{
    struct md_arena *arena = *state;
    struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);
    const size_t n = 3 * MD_REDACT_LINE_MAX;
    char *text = md_arena_alloc(arena, n + 100);
    struct md_str made;

    /* a word without an end, with an address in it */
    memset(text, 'x', n);
    memcpy(text + MD_REDACT_LINE_MAX - 5, "amy@example.com", 15);
    memcpy(text + n, " bob@example.com\n", 17);
    made = redact(arena, redactor, MD_ITEM_OTHER, md_str_n(text, n + 17), 1000);
    md_want_true(md_str_find(made, MD_LIT("example")) < 0 && made.n < 200);
    /* words */
    for (size_t i = 0; i < n; i += 20)
        memcpy(text + i, "amy@example.com xxx ", 20);
    made = redact(arena, redactor, MD_ITEM_OTHER, md_str_n(text, n), 1000);
    md_want_true(md_str_find(made, MD_LIT("example")) < 0 && made.n > n);
}

static void redacts_names_and_words(void **state)
{
    struct md_arena *arena = *state;
    struct md_redactor *redactor = md_redactor_new(arena, MD_REDACT_DEFAULT, key);

    md_redactor_learn(redactor, MD_ITEM_NSLOG, md_str(""),
                      md_str("[24/Nov/2026:03:21:00 -0500] hub7 imapd[12]: x\nhub7.example.com user/amy\n"));
    md_want_str(
        "a path",
        numbered(arena, md_redact_path(redactor, arena, md_str("bundle-hub7/mail.log_current.hub7.example.com.gz"))),
        "bundle-h1/mail.log_current.h1.h2.com.gz");
    md_want_str("a path of the store",
                numbered(arena, md_redact_path(redactor, arena, md_str("/p/=user/3a/51/=amy/00/1.msg"))),
                "/p/=user/3a/51/=u1/00/1.msg");
    md_want_str("a name", numbered(arena, md_redact_word(redactor, arena, md_str("mx.example.com"))), "h1.h2.com");
    md_want_str("an argument", md_redact_word(redactor, arena, md_str("-database")), "-database");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(hides_what_it_knows),
        MD_TEST(keeps_kinds_and_subnets_of_addresses),
        MD_TEST(keeps_networks_patterns_and_reversed_addresses_related),
        MD_TEST(keeps_what_is_to_be_kept),
        MD_TEST(is_strict_where_it_is_asked_to_be),
        MD_TEST(depends_on_the_key_and_on_nothing_else),
        MD_TEST(counts_and_tells_what_it_replaced),
        MD_TEST(finds_what_still_stands_there),
        MD_TEST(hides_scraps_of_logs),
        MD_TEST(hides_lines_with_leaks),
        MD_TEST(bounds_long_lines),
        MD_TEST(redacts_names_and_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
