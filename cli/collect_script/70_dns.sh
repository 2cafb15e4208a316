
# ---- DNS ----

# end_of FILE: its last lines, at most 4 MiB. The tail of old systems has no room for so much.
end_of() {
    end_kib=`size_kib "$1"`
    if [ "${end_kib:-0}" -gt 4096 ]; then
        # shellcheck disable=SC2086 # it is a command and the beginning of an option
        dd if="$1" bs=1024 skip="`expr "$end_kib" - 4096`" 2>/dev/null | ${tail_from}2
    else
        cat "$1"
    fi
}

# domains_of ACTIONS: domains of recipients in the MTA's log, the most frequent first; of those actions, or of messages that are "held".
domains_of() {
    $AWK -F"$tab" '$1 ~ /\.(HELD|held)$/ { sub(/.*\//, "", $1); print substr($1, 3, index($1, ".") - 3) }' \
        "$work/bundle/listings/queue.tsv" 2>/dev/null >"$work/held"
    (cd "$work/bundle/files" && find . -type f -name 'mail.log*' -print | sed 's/[^A-Za-z0-9_./-]/?/g' | while read file; do
        case $file in
            *\?*) ;;
            *) end_of "$file" ;;
        esac
    done) | $AWK '
        FILENAME == list { is_held[$1] = 1; next }
        actions == "held" {
            # The queue file, as LOG_FILENAME has it: ".../ZZf0L2cEpVZzA.00".
            n = split($0, part, "/")
            for (i = 2; i <= n; i++)
                if (index(part[i], ".") > 3 && is_held[substr(part[i], 3, index(part[i], ".") - 3)] == 1) break
            if (i > n) next
        }
        {
            text = ""
            at = index($0, " fa=\"")
            if (at > 0) {
                text = substr($0, at + 5)
                action = index($0, " ac=\"")
                a = substr($0, action + 5, 1)
                text = substr(text, 1, index(text, "\"") - 1)
            } else {
                a = ""
                for (i = 3; i < NF && a == ""; i++)
                    if ($i ~ /^[A-Z][A-Z]*$/ && length($i) <= 3 && $(i + 1) ~ /^[0-9][0-9]*$/) { a = substr($i, 1, 1); break }
                for (j = i + 2; j < NF; j++)
                    if (index($j, "rfc822;") > 0) { text = $(j + 1); break }
                if (text !~ /@/) text = $j
            }
            if (a == "" || (actions != "held" && index(actions, a) == 0)) next
            while (index(text, "@") > 0) text = substr(text, index(text, "@") + 1)
            if (text ~ /^[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z][A-Za-z0-9-]*$/ && text !~ /-daemon$/) print text
        }' actions="$1" list="$work/held" "$work/held" - | sort | uniq -c | sort -rn | $AWK '{ print $2 }'
}

# dns_command RESOLVER PORT NAME TYPE: sets words to what asks; none where the tool cannot.
dns_command() {
    words=
    case $asker in
        dig) words="dig @$1${2:+ -p $2} +time=3 +tries=1 $3 $4" ;;
        nslookup) words="nslookup -timeout=3 -retry=1${2:+ -port=$2} -type=$4 $3. $1" ;;
        host) words="host -W 3${2:+ -p $2} -t $4 $3. $1" ;;
        getent) [ "$4" = A ] && words="getent hosts $3." ;;
    esac
}

# ask TYPE FILE: about the names in a file, of each resolver, all at once. Not in a pipe, where what it counts would be lost.
ask() {
    type=$1
    wanted=$2
    for resolver in $resolvers; do
        port=
        case $resolver in
            *:*:*) ;;
            *:*)
                port=`expr "$resolver" : '.*:\(.*\)'`
                resolver=`expr "$resolver" : '\(.*\):'`
                ;;
        esac
        # shellcheck disable=SC2013 # names have no blanks
        for name in `cat "$wanted"`; do
            dns_command "$resolver" "$port" "$name" "$type"
            case "$nl$asked" in
                *"$nl$words$nl"*) continue ;;
            esac
            asked=$asked$words$nl
            [ -n "$words" ] || continue
            n_asked=`expr "$n_asked" + 1`
            answer=$work/bundle/commands/dns$n_asked.out
            # shellcheck disable=SC2086,SC2121 # they are words, of plain characters; the first is for shells that know no --
            set x $words
            shift
            shift
            ("$asker_path" "$@" >"$answer" 2>&1; echo end >"$answer.end") </dev/null &
            running="$running $!"
            late="$late dns$n_asked.end"
            argv=\"$asker\"
            for word in "$@"; do
                argv="$argv, \"$word\""
            done
            printf '{"argv": [%s], "exit": null, "stdout": "commands/dns%s.out", "stderr": null, "started": "%s", "ms": 0, "kind": "dig"}\n' \
                "$argv" "$n_asked" "$created" >>"$work/commands"
            case $n_asked in
                *[05]0) settle ;;
            esac
        done
    done
    settle
}

# settle: waits for the questions that are under way.
settle() {
    # shellcheck disable=SC2086 # names without blanks, unlike those of the folder; and numbers
    [ -n "$late" ] && { (cd "$work/bundle/commands" && wait_for 15 $late) || kill_tree KILL $running; }
    running=
    late=
    rm -f "$work"/bundle/commands/dns*.end
}

# answers_of TYPE: what the answers so far say, a line "NAME VALUE" each, in the words of dig, nslookup and host. TYPE: MX, A or NXDOMAIN.
answers_of() {
    cat "$work"/bundle/commands/dns*.out /dev/null 2>/dev/null | $AWK '
        { gsub(/\r/, "") }
        /^;.*status: / || /^Server:/ || /^Using domain server/ { question = ""; is_nx = index($0, "NXDOMAIN") > 0; name = "" }
        /^;[^; ].*[ \t]IN[ \t]/ { question = substr($1, 2); if (is_nx && type == "NXDOMAIN") print question; next }
        type == "NXDOMAIN" && /NXDOMAIN|[Nn]on-existent/ && / (can.t find|not found)/ {
            word = $0; sub(/.*can.t find /, "", word); sub(/^Host /, "", word); sub(/[: ].*/, "", word); print word; next
        }
        $3 == "IN" && $4 == type && type == "MX" { print $1, $6; next }
        $3 == "IN" && $4 == type { print $1, $5; next }
        $4 == "IN" && $5 == type && type == "MX" { print $1, $7; next }
        type == "MX" && /mail exchanger = / { print $1, $NF; next }
        type == "MX" && / mail is handled / { print $1, $NF; next }
        type == "A" && / has address / { print $1, $NF; next }
        type == "A" && /^Name:/ { name = $2; next }
        type == "A" && /^Address/ && name != "" { print name, $2; next }' type="$1" - |
        sed 's/\.$//
s/\. / /'
}

exchanges() {
    answers_of MX | $AWK '$2 ~ /^[A-Za-z0-9][A-Za-z0-9._-]*$/ { print $2 }' | sort -u | sed 100q
}

# without LIST: names on standard input that are not in the list.
without() {
    $AWK 'FILENAME == list { is_there[$1] = 1; next }
        is_there[$1] == "" && NF == 1' list="$1" "$1" -
}

# site_names: "host NAME" for names of this host, "domain NAME" for domains whose mail stays here, by the configuration of the MTA.
site_names() {
    each_of "$config_folders" print_config imta.cnf | $AWK '
        /^[!#]/ { next }
        /^[ \t]*$/ { blank = 1; is_local = 0; next }
        !blank && $1 ~ /\./ { pattern[n++] = $1; template[n - 1] = $2; next }
        is_local { print "host", $1; own = own "@" $1 " " }
        blank && !begun && $1 == "l" { is_local = begun = 1 }
        END {
            for (i = 0; i < n; i++) {
                at = index(template[i], "@")
                if (at == 0) continue
                tag = substr(template[i], at)
                if (index(own, tag " ") == 0 && tag !~ /^@(tcp_intranet|tcp_lmtp|ims-ms)/) continue
                sub(/^\./, "", pattern[i])
                if (pattern[i] ~ /^[A-Za-z0-9_-]+\.[A-Za-z0-9._-]+$/ && pattern[i] !~ /-daemon$/) print "domain", pattern[i]
            }
        }'
    command_output configutil | sed -n "s/^local.hostname *= *\"*\([A-Za-z0-9._-]*\).*/host \1/p
s/^service.defaultdomain *= *\"*\([A-Za-z0-9._-]*\).*/domain \1/p"
    say "host $host"
}

# What wrong names become by the search list.
ask_searched() {
    # shellcheck disable=SC2013 # words of a line
    for domain in `sed -n "s/^[ $tab]*search[ $tab]*//p
s/^[ $tab]*domain[ $tab]*//p" "$etc/etc/resolv.conf" | sed -n '$p' | sed 's/[#;].*//'`; do
        case $domain in
            *[!A-Za-z0-9._-]*) continue ;;
        esac
        say "$NEVER_MADE.$domain" >"$work/never"
        ask MX "$work/never"
        ask A "$work/never"
        answers_of NXDOMAIN | sort -u | sed "s/\$/.$domain/" | sed -n '/^[A-Za-z0-9._-]*$/p' | sed "/\\.$domain\\.$domain\$/d" | sed 40q >"$work/searched"
        ask MX "$work/searched"
    done
}

ask_dns() {
    asked=
    late=
    n_asked=0
    resolvers=`sed -n "s/^[ $tab]*nameserver[ $tab][ $tab]*\([0-9A-Fa-f.:]*\).*/\1/p" "$etc/etc/resolv.conf" 2>/dev/null | sed 3q`
    program=
    for asker in dig nslookup host getent; do
        [ -n "$program" ] || {
            system_command $asker
            found_asker=$asker
        }
    done
    asker=$found_asker
    asker_path=$program
    if [ -z "$resolvers" ] || [ -z "$asker_path" ]; then
        note "DNS was not asked: no resolv.conf, or no dig, nslookup, host or getent"
        return 0
    fi
    if [ "$asker" = getent ]; then
        # It asks whom the system asks, and tells nobody's absence from nobody's answer.
        resolvers=system
        note "of DNS only addresses are known: there is no dig, nslookup or host"
    fi
    site_names | sed -n '/\./p' >"$work/site"
    {
        sed -n 's/^domain //p' "$work/site" | sed 8q
        # More than mtadoctor asks for, as others may be the most frequent ones by what it counts.
        domains_of QRWKZ | sed "`expr 2 \* "$DNS_STUCK"`q"
        domains_of held | sed "${DNS_CONTROLS}q"
        domains_of D | sed "`expr 2 \* "$DNS_CONTROLS"`q"
        expr "$host" : '[^.]*\.\(.*\..*\)'
        for name in $DNS_PUBLIC; do
            say "$name"
        done
    } | sed -n '/[a-z]/p' | sort -u >"$work/domains"
    say "  $asker, for `wc -l <"$work/domains" | tr -d ' '` names"
    ask MX "$work/domains"
    exchanges >"$work/exchanges"
    answers_of MX >"$work/with-mx"
    {
        without "$work/with-mx" <"$work/domains"
        cat "$work/exchanges"
        sed -n 's/^host //p' "$work/site" | sed 16q
    } | sort -u >"$work/hosts"
    ask A "$work/hosts"
    answers_of A >"$work/with-a"
    without "$work/with-a" <"$work/exchanges" >"$work/without-a"
    ask AAAA "$work/without-a"
    ask_searched
}
