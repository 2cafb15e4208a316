"""What stands in for the world while the collecting script runs: who asks a resolver, and who listens on a port of this host."""
import socket
import threading

# dig, nslookup or host by its name, over the made-up resolver.
ASKER = r'''#!%(perl)s
use strict; use Socket;
my ($tool) = $0 =~ m,([^/]*)$,; my ($port, $kind, $server, @words) = (53, "A", undef);
while (defined(my $word = shift @ARGV)) {
    if ($word =~ /^\@(.*)/) { $server = $1 }
    elsif ($word eq "-p") { $port = shift @ARGV }
    elsif ($word eq "-t") { $kind = shift @ARGV }
    elsif ($word eq "-W") { shift @ARGV }
    elsif ($word =~ /^-port=(.*)/) { $port = $1 }
    elsif ($word =~ /^-type=(.*)/) { $kind = $1 }
    elsif ($word !~ /^[+-]/) { push @words, $word }
}
my $name = shift @words; $name =~ s/\.$//;
if ($tool eq "dig") { $kind = shift @words } else { $server = shift @words }
my %%code = (A => 1, MX => 15, AAAA => 28);
my $labels = join("", map { chr(length($_)) . $_ } split(/\./, $name)) . "\0";
socket(my $s, PF_INET, SOCK_DGRAM, 0) or die; my $m = "";
send($s, pack("n6", 7, 0x100, 1, 0, 0, 0) . $labels . pack("n2", $code{$kind}, 1), 0, sockaddr_in($port, inet_aton($server)));
my $in = ""; vec($in, fileno($s), 1) = 1;
recv($s, $m, 4096, 0) if select($in, undef, undef, 1);
my $status = $m eq "" ? "TIMEOUT" : {0 => "NOERROR", 2 => "SERVFAIL", 3 => "NXDOMAIN"}->{ord(substr($m, 3)) & 15};
my $data;
if ($m ne "" && unpack("n", substr($m, 6, 2))) {
    $data = substr($m, 12 + length($labels) + 4 + 12);
    if ($kind eq "MX") { $data = substr($data, 2); my @l; while (my $n = ord($data)) { push @l, substr($data, 1, $n); $data = substr($data, $n + 1) } $data = join(".", @l) }
    else { $data = inet_ntoa(substr($data, 0, 4)) }
}
# As in a resolv.conf of this test, so that answers are told by resolver.
my $shown = "$server:$port#$port";
if ($tool eq "dig") {
    print "\n; <<>> DiG 9.18 <<>> \@$server:$port $name $kind\n";
    if ($m eq "") { print ";; connection timed out; no servers could be reached\n"; exit 9 }
    print ";; ->>HEADER<<- opcode: QUERY, status: $status, id: 7\n;; flags: qr rd ra; QUERY: 1\n\n;; QUESTION SECTION:\n;$name.\t\tIN\t$kind\n\n";
    print ";; ANSWER SECTION:\n$name.\t3600\tIN\t$kind\t", ($kind eq "MX" ? "10 $data." : $data), "\n" if defined $data;
    print "\n;; Query time: 8 msec\n;; SERVER: $shown($server)\n";
} elsif ($tool eq "nslookup") {
    if ($m eq "") { print ";; connection timed out; no servers could be reached\n\n"; exit 1 }
    print "Server:\t\t$server:$port\nAddress:\t$shown\n\n";
    if ($status ne "NOERROR") { print "** server can't find $name: $status\n\n"; exit 1 }
    if (!defined $data) { print "*** Can't find $name: No answer\n\n"; exit 1 }
    print "Non-authoritative answer:\n", ($kind eq "MX" ? "$name\tmail exchanger = 10 $data.\n" : "Name:\t$name\nAddress: $data\n"), "\n";
} else {
    if ($m eq "") { print ";; connection timed out; no servers could be reached\n"; exit 1 }
    print "Using domain server:\nName: $server\nAddress: $shown\nAliases: \n\n";
    if ($status ne "NOERROR") { print "Host $name not found: ", ord(substr($m, 3)) & 15, "($status)\n"; exit 1 }
    print defined $data ? ($kind eq "MX" ? "$name mail is handled by 10 $data.\n" : "$name has address $data\n") : "$name has no $kind record\n";
}
'''


class Listener:
    """A local port that greets, or that takes connections and says nothing."""

    def __init__(self, line):
        self.line, self.socket = line, socket.socket()

    def __enter__(self):
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(5)
        threading.Thread(target=self.serve, daemon=True).start()
        return self.socket.getsockname()[1]

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        kept = []
        while True:
            try:
                kept.append(self.socket.accept()[0])
            except OSError:
                return
            kept[-1].sendall(self.line)
