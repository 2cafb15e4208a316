#!/bin/sh
# Collects a support bundle of a Messaging Server host where mtadoctor cannot run. Read-only towards the mail system.
# Written by `mtadoctor collect --script`. For the Bourne shell of old Solaris and everything since, so it does without
# $(...), [ -e ], !, local, read -r, ${x#y} and without options that only some systems' tools have. There, a cd or a redirection
# that fails ends the script, functions and variables share their names, and "`f "a b"`" is two words.

usage() {
    cat <<'END'
usage: sh collect.sh [OPTION...]
  -o FILE|DIR  where to write the bundle (default: here; the name says host and time)
  -s HOURS     logs changed within so many hours only (default: all that fit)
  -l MIB       write at most so much, before it is packed (default: 200)
  -r DIR       where the product is installed, or what stands for / (default: the usual places)
  -x           also run commands that are expensive for a busy server
  -y           do not ask
  -S           leave passwords in the configuration as they are (default: plain ones are masked)
Afterwards `mtadoctor collect --from BUNDLE -o REDACTED` takes personal data out of it, anywhere.
END
}

umask 077
caller_zone=${TZ-}
LC_ALL=C
LANG=C
CDPATH=
export LC_ALL LANG
nl='
'
tab='	'
plain_ifs=" $tab$nl"
IFS=$plain_ifs
work=
running=

say() {
    printf '%s\n' "$*"
}

warn() {
    printf 'collect.sh: %s\n' "$*" >&2
}

# kill_tree SIGNAL PID...: processes that this script began, their children and theirs. A number that meanwhile is another process is left
# alone; where no ps tells that, only the processes themselves get it.
kill_tree() {
    signal=$1
    shift
    ps -ef 2>/dev/null | $AWK 'NR == 1 { is_fit = $2 == "PID" && $3 == "PPID" }
        NR > 1 { parent[$2] = $3; pid[NR] = $2; n = NR }
        END {
            n_tops = split(tops, top, " ")
            for (i = 1; i <= n_tops; i++) {
                if (!is_fit) print top[i]
                else if (parent[top[i]] == self) is_in[top[i]] = 1
            }
            for (round = 0; round < 4; round++)
                for (i = 2; i <= n; i++)
                    if (is_in[parent[pid[i]]] == 1) is_in[pid[i]] = 1
            for (i = 2; i <= n && is_fit; i++)
                if (is_in[pid[i]] == 1) print pid[i]
        }' tops="$*" self=$$ - >"$work/tree" 2>/dev/null
    # shellcheck disable=SC2046
    [ -s "$work/tree" ] && kill -"$signal" `cat "$work/tree"` 2>/dev/null
    return 0
}

# go_to FOLDER: cd, where that may fail.
go_to() {
    # shellcheck disable=SC2164 # callers look
    (cd "$1") 2>/dev/null && cd "$1"
}

# Its trap is taken back, as some shells forget the exit status when that runs.
clean_up() {
    trap '' 0
    cd /
    if [ -n "$running" ]; then
        # shellcheck disable=SC2086 # they are numbers
        kill_tree TERM $running
    fi
    [ -n "$work" ] && rm -rf "$work"
    work=
}

die() {
    warn "$*"
    clean_up
    exit 1
}

interrupted() {
    trap '' 1 2 13 15
    warn "interrupted; nothing is left"
    clean_up
    exit 1
}

is_number() {
    case $1 in
        '' | *[!0-9]* | ???????*) return 1 ;;
    esac
    return 0
}

output=
hours=
limit_mib=200
root=
allow_expensive=no
must_ask=yes
must_mask=yes
while [ $# -gt 0 ]; do
    case $1 in
        -o | -s | -l | -r)
            if [ $# -lt 2 ]; then
                usage >&2
                exit 2
            fi
            option=$1
            value=$2
            shift
            case $option in
                -o) output=$value ;;
                -s) hours=$value ;;
                -l) limit_mib=$value ;;
                -r) root=$value ;;
            esac
            ;;
        -x) allow_expensive=yes ;;
        -y) must_ask=no ;;
        -S) must_mask=no ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
    shift
done
is_number "${hours:-1}" || {
    warn "-s $hours: is a number of hours"
    exit 2
}
is_number "$limit_mib" || {
    warn "-l $limit_mib: is a number of MiB"
    exit 2
}

# have NAME: whether there is such a command.
have() {
    IFS=:
    for folder in $PATH; do
        if [ -n "$folder" ] && [ -f "$folder/$1" ] && [ -x "$folder/$1" ]; then
            IFS=$plain_ifs
            return 0
        fi
    done
    IFS=$plain_ifs
    return 1
}

for tool in awk sed tr dd ls cat mkdir rm mv printf expr date sleep tar uname df grep egrep tail wc; do
    have $tool || {
        PATH=$PATH:/usr/bin:/bin:/usr/sbin:/sbin
        export PATH
        break
    }
done
# An awk that can do what is asked of it here; the one of that name on old systems cannot.
is_fit_awk() {
    fit=`say 'x	ab c' | $1 -F"$tab" '
        function half(n,    i) { i = 2; return n / i }
        { line = substr($2, 1, 2); word[n++] = half(4294967298) }
        "a" line ~ /^[ \t]*(a+ *)?b[^c]?$/ && line !~ /[\001-\010]/ { close("/dev/null"); printf "%.0f%s\n", word[0], given; exit }' \
        given=! - 2>/dev/null`
    [ "$fit" = 2147483649! ]
}
AWK=
for candidate in nawk awk /usr/xpg4/bin/awk gawk mawk original-awk "busybox awk"; do
    [ -z "$AWK" ] && is_fit_awk "$candidate" && AWK=$candidate
done
[ -n "$AWK" ] || die "there is no awk that is fit for this"
# Lines of any length, where awk breaks off or refuses long ones: those of messages.
fold_lines=cat
case `dd if=/dev/zero bs=1000 count=40 2>/dev/null | tr '\000' x | $AWK '{ print length($0) }' 2>/dev/null` in
    40000) ;;
    *) have fold && fold_lines="fold -b -w 1000" ;;
esac
GREP_E="grep -E"
have egrep && GREP_E=egrep
tail_from="tail +"
case `printf 'a\nb\n' | tail -n +2 2>/dev/null` in
    b) tail_from="tail -n +" ;;
esac
# Who can tell the time of a file to the second, or better.
teller=ls
full_time=
if have perl && perl -e 'use Time::HiRes; @s = Time::HiRes::lstat("/"); exit(@s ? 0 : 1)' 2>/dev/null; then
    teller=perl
    times_of="use Time::HiRes; sub times_of { return Time::HiRes::lstat(shift); }"
elif have find && expr "`cd / && find . -prune -printf '%T@' 2>/dev/null`" : '[0-9]' >/dev/null; then
    teller=find
elif have perl && perl -e 'exit 0' 2>/dev/null; then
    teller=perl
    times_of="sub times_of { return lstat(shift); }"
else
    for full_time in --full-time -E ""; do
        case `ls -dln $full_time / 2>/dev/null` in
            *[0-9]-[0-9][0-9]-[0-9][0-9]\ [0-9][0-9]:[0-9][0-9]:[0-9]*) break ;;
        esac
    done
fi
# Whether ls shows names with newlines in one line.
quietly=
(cd / && ls -dq . >/dev/null 2>&1) && quietly=q
sleep_short=1
sleep 0.1 2>/dev/null && sleep_short=0.1
system=`uname -s`
