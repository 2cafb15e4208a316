
# ---- the bundle being made ----

# json TEXT: escaped; what is not plain ASCII becomes a question mark.
json() {
    case $1 in
        *[!A-Za-z0-9\ /._:,@+=-]*) ;;
        *)
            printf '%s\n' "$1"
            return 0
            ;;
    esac
    {
        printf '%s' "$1" | tr -c '[ -~]' '[?*]'
        echo
    } | sed 's/\\/\\\\/g
s/"/\\"/g'
}

note() {
    printf '"%s"\n' "`json "$*"`" >>"$work/notes"
}

partial() {
    printf '"%s"\n' "`json "$*"`" >>"$work/partial"
    note "$*"
}

# size_kib FILE: in KiB, rounded up; numbers of expr have 32 bits on old systems.
size_kib() {
    ls -lnd "$1" 2>/dev/null | $AWK '{ printf "%d\n", ($5 + 1023) / 1024; exit }'
}

# free_kib FOLDER: what may still be written there; what is not said is plenty.
free_kib() {
    df -k "$1" 2>/dev/null | $AWK 'NR > 1 { for (i = 1; i <= NF; i++) word[++n] = $i }
        END { for (i = 2; i <= n; i++) if (substr(word[i], length(word[i]), 1) == "%") { print word[i - 1]; exit } }'
}

used_kib=0
reserve_kib=20480

# Up to where used_kib may grow before it is looked again how much of the disk is free.
free_to_kib=0

# may_take KIB: whether the limit and the disk allow it.
may_take() {
    then_kib=`expr "$used_kib" + "$1"`
    [ "$then_kib" -le "$limit_kib" ] || return 1
    [ "$then_kib" -gt "$free_to_kib" ] || return 0
    room_kib
    [ "$1" -le "$room" ] || return 1
    free_to_kib=`expr "$used_kib" + "$room" / 4`
    return 0
}

room_kib() {
    room=`expr "$limit_kib" - "$used_kib"`
    free=`free_kib "$work"`
    if is_number "$free" && [ "`expr "$free" - "$reserve_kib"`" -lt "$room" ]; then
        room=`expr "$free" - "$reserve_kib"`
    fi
    [ "$room" -gt 0 ] || room=0
}

is_plain_name() {
    case $1 in
        *[!A-Za-z0-9._-]*) ;;
        *) return 0 ;;
    esac
    case $1 in
        *\\* | *"$tab"* | *"$nl"*) return 1 ;;
    esac
    [ -z "`printf '%s' "$1" | tr -d '[ -~]' | tr -d '[\200-\377]'`" ]
}

# list_folder FOLDER DEPTH: path, size, time, mode, owner, group and type of what is in it, a line each.
list_folder() {
    case $teller in
        perl) list_with_perl "$1" "$2" ;;
        find)
            # What has an odd name is left out, and said to be.
            (cd "$1" && find . -mindepth 1 -maxdepth "$2" -name '*[[:cntrl:]\\]*' -prune -fprintf /dev/stderr 'odd\n' -o -mindepth 1 \
                -printf '%P\t%s\t%T@\t%m\t%u\t%g\t%y\n') | sed "s/\(${tab}[0-9]*\.[0-9][0-9][0-9][0-9][0-9][0-9]\)[0-9]*/\1/"
            ;;
        *) list_with_ls "$1" "$2" ;;
    esac
}

list_with_perl() {
    perl -e "$times_of"'
my ($root, $depth) = @ARGV;
my (%user, %group);
sub esc { my $s = shift; $s =~ s/([\x00-\x1f\x7f\\])/sprintf("\\x%02X", ord($1))/ge; return $s; }
my @todo = ([$root, "", 1]);
while (@todo) {
    my ($path, $name, $level) = @{pop @todo};
    unless (opendir(DIR, $path)) { print STDERR "$path: cannot be read\n"; next; }
    my @names = readdir(DIR);
    closedir(DIR);
    foreach my $n (@names) {
        next if $n eq "." || $n eq "..";
        my @st = times_of("$path/$n");
        next unless @st;
        lstat("$path/$n");
        my $time = $st[9] == int($st[9]) ? sprintf("%d", $st[9]) : sprintf("%.6f", $st[9]);
        my $t = -l _ ? "l" : -d _ ? "d" : -f _ ? "f" : "o";
        $user{$st[4]} = getpwuid($st[4]) || $st[4] unless defined $user{$st[4]};
        $group{$st[5]} = getgrgid($st[5]) || $st[5] unless defined $group{$st[5]};
        printf("%s\t%s\t%s\t%o\t%s\t%s\t%s\n", esc("$name$n"), $st[7], $time, $st[2] & 07777, $user{$st[4]}, $group{$st[5]}, $t);
        push @todo, ["$path/$n", "$name$n/", $level + 1] if $t eq "d" && $level < $depth;
    }
}' "$1" "$2"
}

# In the zone UTC so that times can be counted: to the second or better with $full_time, else to the minute.
list_with_ls() {
    recursion=R
    [ "$2" -eq 1 ] && recursion=
    # shellcheck disable=SC2086 # none, or one option
    (cd "$1" && TZ=UTC0 ls -lnA$quietly$recursion $full_time .) | $AWK '
        NR == 1 { split(today, now, " ") }
        /^\.\/.*:$/ { folder = substr($0, 3, length($0) - 3) "/"; next }
        /^[-dlpsbcD][-rwxsStTlL]/ && NF >= 9 {
            type = substr($1, 1, 1)
            if (type == "b" || type == "c") next
            name = $9
            if (NF > 9) {
                # The name is what follows eight fields, whatever blanks it has.
                at = 1
                for (field = 1; field <= 8; field++) {
                    while (substr($0, at, 1) == " ") at++
                    while (substr($0, at, 1) != " ") at++
                }
                name = substr($0, at + 1)
            }
            if (type == "l" && index(name, " -> ") > 0) name = substr(name, 1, index(name, " -> ") - 1)
            hour = 0; minute = 0; second = 0; part = ""
            if (split($6, date, "-") == 3) {
                year = date[1] + 0; month = date[2] + 0; day = date[3] + 0
                split($7, clock, ":"); hour = clock[1]; minute = clock[2]; second = substr(clock[3], 1, 2)
                part = substr(clock[3], 3, 7)
            } else {
                month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $6) + 2) / 3
                day = $7 + 0
                year = $8 + 0
                if (index($8, ":") > 0) {
                    split($8, clock, ":"); hour = clock[1]; minute = clock[2]
                    year = now[1] + 0
                    if (month * 31 + day > now[2] * 31 + now[3] + 1) year = year - 1
                }
            }
            y = year; m = month
            if (m <= 2) { y = y - 1; m = m + 12 }
            days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + day - 719469
            mode = 0
            for (i = 2; i <= 10; i++) {
                c = substr($1, i, 1)
                bit = 0
                if (c != "-" && c != "S" && c != "T" && c != "l" && c != "L") bit = 1
                mode = mode * 2 + bit
            }
            if (type == "-") type = "f"
            printf "%s%s\t%s\t%.0f%s\t%d%d%d\t%s\t%s\t%s\n", folder, name, $5, days * 86400 + hour * 3600 + minute * 60 + second, part,
                int(mode / 64), int(mode / 8) % 8, mode % 8, $3, $4, type
        }' today="`date -u '+%Y %m %d'`" -
}

# mask: copies standard input without the values of what is called a password or the like.
mask() {
    sed "s/^\([^=<]*[Pp][Aa][Ss][Ss][WwPp][^=<]*=[ $tab]*\).*/\1MASKED/
s/^\([^=<]*[Ss][Ee][Cc][Rr][Ee][Tt][^=<]*=[ $tab]*\).*/\1MASKED/
s/^\([^=<]*[Cc][Rr][Ee][Dd][^=<]*=[ $tab]*\).*/\1MASKED/
s/\(name=\"[^\"]*[Pp][Aa][Ss][Ss][WwPp][^\"]*\"[^>]*[^/]>\)[^<]*/\1MASKED/g
s/\(name=\"[^\"]*[Ss][Ee][Cc][Rr][Ee][Tt][^\"]*\"[^>]*[^/]>\)[^<]*/\1MASKED/g
s/\(name=\"[^\"]*[Cc][Rr][Ee][Dd][^\"]*\"[^>]*[^/]>\)[^<]*/\1MASKED/g
s/\(name=\"[^\"]*[Pp][Aa][Ss][Ss][WwPp][^\"]*\"[^>]* value=\"\)[^\"]*/\1MASKED/g
s/\(name=\"[^\"]*[Cc][Rr][Ee][Dd][^\"]*\"[^>]* value=\"\)[^\"]*/\1MASKED/g
s/\(<[^>]*[Pp][Aa][Ss][Ss][WwPp][^> ]*>\)[^<]*/\1MASKED/g"
}

# mask_file FILE: where there is something to be masked; all else stays as it is, byte for byte.
mask_file() {
    [ "$must_mask" = yes ] || return 0
    $GREP_E -i 'passw|passph|secret|cred' "$1" >/dev/null 2>&1 || return 0
    mask <"$1" >"$work/masked" && mv "$work/masked" "$1" && has_masked=yes
}
has_masked=no

# leads_out NAME: whether it is a link to anything but a file beside it, in the current folder.
leads_out() {
    [ -h "./$1" ] || return 1
    target=`ls -ld "./$1" | sed -n 's,.* -> \([^/]*\)$,\1,p'`
    case $1 in
        *" -> "*) return 0 ;;
    esac
    [ -n "$target" ] && [ -f "./$target" ] || return 0
    [ -h "./$target" ]
}

# copy_file NAME FOLDER KIB MASK: a file of the current folder to files/FOLDER, its end where it is larger than KIB; MASK: yes, no.
copy_file() {
    name=$1
    to=$work/bundle/files$2
    [ -f "./$name" ] || return 1
    if is_plain_name "$name"; then :; else
        note "$2: a file with an odd name was left out"
        return 1
    fi
    if leads_out "$name"; then
        note "$2/$name: a link; what it leads to was not followed"
        return 1
    fi
    if [ -r "./$name" ]; then :; else
        note "$2/$name: may not be read by this user"
        return 1
    fi
    kib=`size_kib "./$name"`
    is_number "$kib" || return 1
    skip=0
    take=$kib
    if [ "$kib" -gt "$3" ]; then
        take=$3
        skip=`expr "$kib" - "$3"`
    fi
    if may_take "$take"; then :; else
        note "$2/$name: no room for its $kib KiB"
        return 1
    fi
    [ -d "$to" ] || mkdir -p "$to" || die "cannot write to $work"
    if [ "$skip" -eq 0 ]; then
        # What has no size (/proc) is read in pieces of any length.
        [ "$kib" -eq 0 ] && take=64
        dd if="./$name" of="$to/$name" bs=1024 count="$take" 2>/dev/null || is_lost=yes
    else
        # shellcheck disable=SC2086 # it is a command and the beginning of an option
        dd if="./$name" bs=1024 skip="$skip" count="$take" 2>/dev/null | ${tail_from}2 >"$to/$name" || is_lost=yes
        partial "$2/$name: only its last $take KiB of $kib"
    fi
    # It may have become a link meanwhile.
    leads_out "$name" && is_lost=yes
    if [ $is_lost = yes ]; then
        is_lost=no
        rm -f "$to/$name"
        note "$2/$name: could not be copied"
        return 1
    fi
    [ "$4" = yes ] && mask_file "$to/$name"
    used_kib=`expr "$used_kib" + "$take"`
    printf '%s\n' "$name" >>"$work/taken"
    return 0
}
is_lost=no

# add_stats FOLDER ORIGINAL: original times and owners of what was taken from a folder, to listings/files.tsv.
add_stats() {
    [ -f "$work/taken" ] || return 0
    list_folder "$1" 1 >"$work/list" 2>/dev/null
    $AWK -F"$tab" 'first == 0 { first = 1; file = FILENAME }
        FILENAME == file { is_taken[$0] = 1; next }
        is_taken[$1] == 1 && $7 != "d" { sub(/\..*/, "", $3); $1 = "files" folder "/" $1; print }' OFS="$tab" folder="$2" "$work/taken" "$work/list" \
        >>"$work/bundle/listings/files.tsv"
    rm -f "$work/taken" "$work/list"
}
