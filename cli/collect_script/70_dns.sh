
# ---- DNS ----

# domains_of ACTIONS: domains of recipients in the MTA's log, the most frequent first.
domains_of() {
    find "$work/bundle/files" -type f -name 'mail.log*' -print | sed 's/[^A-Za-z0-9_./-]/?/g' | while read file; do
        case $file in
            *\?*) ;;
            *) tail -20000 "$file" ;;
        esac
    done | $AWK '
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
                    if (index($j, "rfc822;") == 1) { text = $(j + 1); break }
                if (text !~ /@/) text = $j
            }
            if (a == "" || index(actions, a) == 0) next
            while (index(text, "@") > 0) text = substr(text, index(text, "@") + 1)
            if (text ~ /^[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z][A-Za-z0-9-]*$/ && text !~ /-daemon$/) print text
        }' actions="$1" - | sort | uniq -c | sort -rn | $AWK '{ print $2 }'
}

# ask TYPE: about the names on standard input, of each resolver.
ask() {
    type=$1
    cat >"$work/names"
    for resolver in $resolvers; do
        port=
        case $resolver in
            *:*:*) ;;
            *:*)
                port=`expr "$resolver" : '.*:\(.*\)'`
                resolver=`expr "$resolver" : '\(.*\):'`
                ;;
        esac
        late=
        for name in `cat "$work/names"`; do
            case " $asked " in
                *" $resolver/$name/$type "*) continue ;;
            esac
            asked="$asked $resolver/$name/$type"
            n_asked=`expr $n_asked + 1`
            n_commands=`expr $n_commands + 1`
            answer=$work/bundle/commands/dns$n_commands.out
            words="\"dig\", \"@$resolver\", ${port:+\"-p\", \"$port\", }\"+time=3\", \"+tries=1\", \"$name\", \"$type\""
            # shellcheck disable=SC2086
            ("$dig" "@$resolver" ${port:+-p $port} +time=3 +tries=1 "$name" "$type" >"$answer" 2>&1
                echo $? >"$answer.rc") </dev/null &
            running="$running $!"
            late="$late $answer.rc"
            printf '{"argv": [%s], "exit": null, "stdout": "commands/dns%s.out", "stderr": null, "started": "%s", "ms": 0, "kind": "dig"}\n' \
                "$words" $n_commands "`date -u '+%Y-%m-%dT%H:%M:%SZ'`" >>"$work/commands"
            if [ `expr $n_asked % 10` -eq 0 ]; then
                settle
            fi
        done
        settle
    done
}

# settle: waits for the questions that are under way.
settle() {
    # shellcheck disable=SC2086
    [ -n "$late" ] && { wait_for 6 $late || for p in $running; do kill_tree "$p" KILL; done; }
    running=
    late=
    rm -f "$work"/bundle/commands/dns*.rc
}

exchanges() {
    $AWK '$3 == "IN" && $4 == "MX" && $6 != "." { print $6 }
        $4 == "IN" && $5 == "MX" && $7 != "." { print $7 }' "$work"/bundle/commands/dns*.out /dev/null |
        sed 's/\.$//' | $AWK '/^[A-Za-z0-9][A-Za-z0-9._-]*$/ && seen[$0] == 0 { seen[$0] = 1; print }' | sed 60q
}

ask_dns() {
    asked=
    n_asked=0
    resolvers=`sed -n "s/^[ $tab]*nameserver[ $tab][ $tab]*\([0-9A-Fa-f.:]*\).*/\1/p" "$etc/etc/resolv.conf" 2>/dev/null | sed 3q`
    system_command dig
    dig=$program
    [ -n "$resolvers" ] && [ -n "$dig" ] || {
        note "DNS was not asked: no resolv.conf, or no dig"
        return 0
    }
    {
        domains_of QRWKZ | sed "${DNS_STUCK}q"
        domains_of D | sed "${DNS_CONTROLS}q"
        hostname_domain=`expr "$host" : '[^.]*\.\(.*\..*\)'`
        say "$hostname_domain"
    } >"$work/domains"
    say "  dig, for `sort -u "$work/domains" | wc -l | tr -d ' '` names"
    sed '/^$/d' "$work/domains" | sort -u | ask MX
    { sed '/^$/d' "$work/domains"; exchanges; } | sort -u | ask A
}
