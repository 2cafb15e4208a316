
# ---- what only the host itself can say: its programs, its ports ----

# command_output KIND: what the commands of a kind printed.
command_output() {
    sed -n 's,.*"stdout": "\([^"]*\)".*"kind": "'"$1"'".*,\1,p' "$work/commands" 2>/dev/null | while read shown; do
        cat "$work/bundle/$shown"
    done
}

# settings NAME: values of an option of the job controller, from its file or from msconfig.
settings() {
    {
        each_of "$config_folders" print_config job_controller.cnf
        command_output msconfig | sed -n '/job_controller/p'
    } | tr -d '\015' | sed -n "/^[!#;]/d
s/^.*[^A-Za-z_]$1[ $tab]*=[ $tab]*\"*\([^ $tab\"]*\).*/\1/p
s/^$1[ $tab]*=[ $tab]*\"*\([^ $tab\"]*\).*/\1/p"
}

# print_config NAME FOLDER
print_config() {
    [ -f "$2/$1" ] && dd if="$2/$1" bs=65536 count=64 2>/dev/null
}

# may_run FILE: whether anybody may.
may_run() {
    [ -f "$1" ] || return 1
    case `ls -ldL "$1" 2>/dev/null` in
        -??[xs]* | -?????[xs]* | -????????[xt]*) return 0 ;;
    esac
    return 1
}

# look_for PROGRAM: as the configuration names it. One that is missing says nothing where no program is in its folder: then only some
# files of a host were copied.
look_for() {
    case $1 in
        /*) program=$prefix$1 ;;
        */*) return 0 ;;
        *) product_command "$1" ;;
    esac
    result=unfit
    if [ -z "$program" ]; then
        return 0
    elif may_run "$program"; then
        result=ok
    elif [ -f "$program" ] || [ -d "$program" ]; then
        :
    else
        result=
        for beside in "`printf '%s\n' "$program" | sed 's,/[^/]*$,,'`"/*; do
            may_run "$beside" && result=missing && break
        done
    fi
    [ -n "$result" ] && printf '{"program": "%s", "result": "%s"}\n' "`json "$1"`" "$result" >>"$work/programs"
}

# look_for_programs: those that deliver mail. A name below IMTA_BIN is looked for in the folder that imta_tailor gives, and without it.
look_for_programs() {
    tailored IMTA_BIN
    folder_of_programs=`printf '%s\n' "$paths" | sed -n '$p'`
    for word in `settings '[Mm][Aa][Ss][Tt][Ee][Rr]_[Cc][Oo][Mm][Mm][Aa][Nn][Dd]' | sort -u | sed 's/[^A-Za-z0-9_.:/+-].*//' | sed 200q`; do
        case $word in
            [Nn][Uu][Ll][Ll]) ;;
            *:*)
                name=`expr "$word" : '.*:\(.*\)'`
                look_for "$name"
                [ -n "$folder_of_programs" ] && look_for "$folder_of_programs/$name"
                ;;
            *) look_for "$word" ;;
        esac
    done
}

# What connects to a port of this host, sends nothing and shows what comes.
DOOR_PERL='use Socket; my ($port, $s) = @ARGV; $| = 1; my ($c, $n, $text) = ("", 0, "");
my $clock = eval { require Time::HiRes; 1 } ? \&Time::HiRes::time : sub { time }; my $begin = &$clock();
$SIG{ALRM} = sub { print "timed out\n" unless $text; exit 2 }; alarm 2;
socket(S, PF_INET, SOCK_STREAM, getprotobyname("tcp")) or exit 3;
connect(S, sockaddr_in($port, INADDR_LOOPBACK)) or do { print "$!\n"; exit 1 };
print $text = "Connected to 127.0.0.1.\n"; exit 0 unless $s; alarm $s;
while ($n++ < 1024 && sysread(S, $c, 1)) { $text = $c eq "\n" ? "" : $text . $c; print $c; last if $c eq "\n" }
printf "\nafter %.3f s\n", &$clock() - $begin;'
DOOR_BASH='exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1; echo "Connected to 127.0.0.1."; [ "$2" = 0 ] && exit 0
read -t "$2" -r line <&3 && printf "%s\n" "$line" && exit 0; [ $? -gt 128 ] || echo closed'

# can_open SHELL: whether it knows /dev/tcp. Nobody listens on port 1, or somebody does.
can_open() {
    have "$1" || return 1
    case `"$1" -c 'exec 3<>/dev/tcp/127.0.0.1/1' 2>&1 </dev/null` in
        '' | *[Rr]efused*) return 0 ;;
    esac
    return 1
}

find_door() {
    door=
    if have perl && perl -e 'use Socket; exit 0' 2>/dev/null; then
        door=perl
    elif can_open bash; then
        door=bash
    elif have telnet; then
        door=telnet
    elif have nc; then
        door=nc
    fi
}

# open_door PORT SECONDS: prints "Connected ..." or "... refused", and the line that comes.
open_door() {
    case $door in
        perl) perl -e "$DOOR_PERL" "$1" "$2" ;;
        bash) bash -c "$DOOR_BASH" bash "$1" "$2" ;;
        telnet) sleep "`expr "$2" + 1`" | telnet 127.0.0.1 "$1" ;;
        nc) sleep "`expr "$2" + 1`" | nc -v 127.0.0.1 "$1" ;;
    esac
}

# try_port PORT SECONDS: sets result and, where it greets, line; and seconds.
try_port() {
    rm -f "$work/door" "$work/door.end"
    begin=`date '+%H %M %S'`
    (open_door "$1" "$2" </dev/null >"$work/door" 2>&1; echo end >"$work/door.end") &
    running=$!
    rounds=0
    most=`expr "$2" + 3`
    [ "$sleep_short" = 0.1 ] && most=`expr "$most" \* 10`
    result=
    line=
    while [ "$rounds" -lt "$most" ]; do
        is_over=no
        [ -f "$work/door.end" ] && is_over=yes
        case `cat "$work/door" 2>/dev/null` in
            *[Rr]efused*) result=missing ;;
            *Connected* | *open* | *succeeded* | *"$nl"[2-5][0-9][0-9]* | [2-5][0-9][0-9]*) result=ok ;;
            *timed\ out*) result=timeout ;;
        esac
        [ "$2" -gt 0 ] && line=`sed -n '/^[2-5][0-9][0-9]/p' "$work/door" | sed 1q | tr -d '\015'`
        [ -n "$line" ] && result=ok
        [ $is_over = yes ] || [ -n "$line" ] || [ "$result" = missing ] && break
        [ "$2" -eq 0 ] && [ -n "$result" ] && break
        rounds=`expr "$rounds" + 1`
        sleep "$sleep_short"
    done
    end=`date '+%H %M %S'`
    seconds=`say "$begin $end" | $AWK '{ s = ($4 - $1) * 3600 + ($5 - $2) * 60 + $6 - $3; if (s < 0) s += 86400; print s }'`
    exact=`sed -n 's/^after \([0-9.]*\) s$/\1/p' "$work/door"`
    [ -n "$exact" ] && seconds=$exact
    [ -f "$work/door.end" ] || kill_tree TERM "$running"
    running=
    # Some nc say nothing of a connection.
    [ -n "$result" ] || [ "$rounds" -lt "$most" ] || [ "$door" = nc ] || result=timeout
}

# try_ports: those of the job controller and of the SMTP server. Where a folder stands for another host, its ports are not here.
try_ports() {
    [ -z "$prefix" ] || return 0
    find_door
    if [ -z "$door" ]; then
        note "local ports were not tried: no perl, bash, telnet or nc"
        return 0
    fi
    port=`settings '[Tt][Cc][Pp]_[Pp][Oo][Rr][Tt][Ss]*' | sed -n '/^[0-9][0-9]*$/p' | sed -n '$p'`
    port=${port:-$CONTROLLER_PORT}
    try_port "$port" 0
    if [ -n "$result" ]; then
        printf '{"port": %s, "result": "%s"}\n' "$port" $result >>"$work/ports"
    else
        note "whether port $port of this host answers could not be told ($door)"
    fi
    try_port 25 "$GREETING_SECONDS"
    # Accepted, and not a word: what took the connection is busy, or says nothing at once.
    if [ "$result" = ok ] && [ -z "$line" ]; then
        case $seconds in
            [5-9]* | [1-9][0-9]*) result=timeout ;;
        esac
    fi
    [ -n "$result" ] &&
        printf '{"port": 25, "result": "%s", "line": "%s", "s": %s}\n' $result "`json "$line"`" "$seconds" >>"$work/greetings"
    [ -n "$result" ] || note "what answers at port 25 of this host could not be told ($door)"
}
