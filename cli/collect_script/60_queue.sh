
# ---- the queue ----

# list_to NAME ROOT DEPTH: a listing of the bundle, and its line for the manifest.
list_to() {
    listing=listings/$1
    room_kib
    complete=true
    list_folder "$2" "$3" 2>"$work/unread" | limited "$room" "$work/bundle/$listing" "$work/dd" || complete=false
    kib=`size_kib "$work/bundle/$listing"`
    [ -s "$work/unread" ] && complete=false
    if [ "${kib:-0}" -ge "$room" ]; then
        complete=false
        # The last line may be broken off.
        sed '$d' "$work/bundle/$listing" >"$work/cut" && mv "$work/cut" "$work/bundle/$listing"
        partial "$2: its listing is longer than there is room for"
    fi
    [ "$complete" = false ] && note "$2: not all of it could be listed"
    used_kib=`expr "$used_kib" + "${kib:-0}"`
    listed_root=`original "$2"`
    printf '{"root": "%s", "file": "%s", "complete": %s}\n' "`json "$listed_root"`" "$listing" "$complete" >>"$work/listings"
}

# pick: paths below the queue's folder of a bounded sample, those that were tried before others: of each channel what lies in its own
# folder, then of each folder below it a share. In the order of the folders, which is that of a program that reads them.
pick() {
    find . -type f -print 2>/dev/null | $AWK -F/ '
        first == 0 { first = 1; file = FILENAME }
        FILENAME == file {
            # The listing: how many folders a channel has.
            n = split($0, column, "\t")
            if (column[n] == "d" && NF == 2 && $2 !~ /^\./) below[$1]++
            next
        }
        NF < 3 || NF > 4 || $1 != "." || $2 ~ /^\./ || $0 !~ /^[ -~]*$/ || $0 ~ /\\/ { next }
        NF == 4 && $3 ~ /^\./ { next }
        {
            folder = $2; quota = most + 0
            if (NF == 4) {
                folder = $2 "/" $3
                quota = 1 + most
                if (below[$2] > 1) quota = 1 + int(most / below[$2])
            }
            if (++looked[folder] > look + 0 || tried[folder] >= quota || length($NF) < 11 || length($NF) > 60) next
        }
        $NF ~ /^[0-9A-Z][0-9A-Z][0-9A-Za-z_]*\.([0-9A-Za-z][0-9A-Za-z]|HELD|held)$/ {
            if (substr($NF, 1, 2) != "ZZ" || $NF ~ /\.(HELD|held)$/) tried[folder]++
            else if (untried[folder] < int(quota / 10) + 1) untried[folder]++
            else next
            printf "%s\t%s\t%07d\t%s\n", $2, substr(folder, length($2) + 2), NR, substr($0, 3)
        }' look="$SAMPLE_LOOK" most="$SAMPLE_PER_CHANNEL" "$work/bundle/listings/queue.tsv" - | sort | $AWK -F"$tab" '
        $1 != channel { channel = $1; taken = 0; channels++ }
        channels > most_channels + 0 { exit }
        taken++ < most + 0 { print $4 }' most="$SAMPLE_PER_CHANNEL" most_channels="$SAMPLE_CHANNELS" -
}

ctrl_a2=`printf '\001\001'`
ctrl_a5=`printf '\001\001\001\001\001'`

# as_words: lines as words for xargs.
as_words() {
    sed 's/[^A-Za-z0-9/._-]/\\&/g'
}

# queue_stream: the sampled files of the queue, in whose folder we are, a line with $mark before each. Small ones come as they are, of
# large ones the beginning and the end: the message between them is not wanted.
queue_stream() {
    as_words <"$work/small" | sed "s,.*,$mark_word ./&," | xargs cat 2>/dev/null
    while read skip name; do
        cat "$work/mark"
        dd if="./$name" bs=4096 count=32 2>/dev/null
        echo
        dd if="./$name" bs=4096 skip="$skip" count=16 2>/dev/null
    done <"$work/large"
}

# without_message NAMES: of the queue files on standard input (queue_stream) the envelope, Received fields and the history behind the
# message, each to a file of its name in the current folder; prints the names. Nothing of the message itself: what is not surely one of
# these is left out, and of what is no queue file nothing is written. One awk for all of them, as a process for each takes minutes.
without_message() {
    # Old awks break off lines at zero bytes.
    tr -d '\015' | tr '\000' '\002' | $fold_lines | $AWK '
        function finish(    i, line) {
            if (at == 0 || bad || state == 0 || (sender == 0 && recipients == 0)) return
            line = name[at]
            for (i = 0; i < n; i++) print envelope[i] >line
            for (i = 0; i < fields; i++) print field[i] >line
            if (header || found) print "" >line
            if (found) {
                print end >line
                while (h > 0 && history[h - 1] == "") h--
                for (i = 0; i < h && history[i] == ""; i++) { }
                # Only a history begins with a date.
                if (i < h && history[i] ~ /^[ \t]*([A-Z][a-z][a-z], *)?[0-9][0-9]? [A-Z][a-z][a-z] [0-9][0-9][0-9][0-9] [0-9][0-9]:[0-9][0-9]/)
                    for (; i < h; i++) print history[i] >line
            }
            close(line)
            print line
        }
        first == 0 { first = 1; file = FILENAME }
        FILENAME == file { name[++n_names] = $0; next }
        $0 == mark {
            finish()
            at++
            state = bad = size = n = sender = recipients = found = header = fields = h = keep = 0
            # A message that holds the mark would be taken for two.
            if (at > n_names) exit
            next
        }
        at == 0 || bad { next }
        state == 0 {
            size += length($0) + 1
            if (size > 131072) { bad = 1; next }
            envelope[n++] = $0
            if ($0 == t2 || index($0, "Boundary_(ID_") == 1) {
                end = $0
                if ($0 == t2) end = t5
                state = 1
                next
            }
            if ($0 ~ /^[A-Za-z0-9];/) { if (substr($0, 1, 1) == "m") sender = 1; next }
            # A recipient: an address or a name, not a line of text.
            if ($0 == "" || $0 ~ /[\001-\010\013-\037]/ || ($0 ~ /[ \t]/ && index($0, "@") == 0)) { bad = 1; next }
            recipients++
            next
        }
        $0 == end { found = 1; h = 0; state = 3; next }
        state == 1 {
            if ($0 == "") { state = 2; header = 1; next }
            if ($0 ~ /^[ \t]/) { if (keep && fields < 2000) field[fields++] = $0; next }
            keep = 0
            if ($0 ~ /^[Rr][Ee][Cc][Ee][Ii][Vv][Ee][Dd]:/) keep = 1
            if (keep && fields < 2000) field[fields++] = $0
            next
        }
        state == 3 { if (h < 1000) history[h++] = substr($0, 1, 1000) }
        END { if (at == n_names) finish() }' t2="$ctrl_a2" t5="$ctrl_a5" mark="$mark" "$1" -
}

sample_queue() {
    may_take 4096 || {
        note "no room for samples of the queue"
        return 0
    }
    go_to "$queue" || return 0
    pick >"$work/pick"
    there=`original "$queue"`
    below=$work/bundle/files$there
    # By the listing: what fits in 40 blocks of 4 KiB is small.
    $AWK -F"$tab" 'first == 0 { first = 1; file = FILENAME }
        FILENAME == file { if ($2 + 0 > 163840) size[$1] = $2; next }
        size[$1] == "" { print; next }
        { printf "%d %s\n", int(size[$1] / 4096) - 8, $1 >large }' large="$work/large" "$work/bundle/listings/queue.tsv" "$work/pick" >"$work/small"
    [ -f "$work/large" ] || : >"$work/large"
    { cat "$work/small"; sed 's/[0-9]* //' "$work/large"; } >"$work/names"
    if [ -s "$work/names" ] && mkdir -p "$below"; then
        (cd "$below" && sed 's,/[^/]*$,,' "$work/names" | sort -u | as_words | xargs mkdir -p)
        mark=mtadoctor.`{ date; ps -ef; } 2>/dev/null | cksum | tr -d ' '`.$$
        printf '\n%s\n' "$mark" >"$work/mark"
        mark_word=`printf '%s\n' "$work/mark" | as_words | sed 's/[&,\\\\]/\\\\&/g'`
        queue_stream | (cd "$below" && without_message "$work/names") >"$work/sampled"
        # Their times are in the listing of the queue already.
        $AWK -F"$tab" 'first == 0 { first = 1; file = FILENAME }
            FILENAME == file { is_taken[$0] = 1; next }
            is_taken[$1] == 1 { sub(/\..*/, "", $3); $1 = root $1; print }' OFS="$tab" root="files$there/" "$work/sampled" "$work/bundle/listings/queue.tsv" \
            >>"$work/bundle/listings/files.tsv"
        kib=`du -sk "$below" | $AWK '{ print $1; exit }'`
        used_kib=`expr "$used_kib" + "${kib:-0}"`
    fi
    cd /
}
