
# ---- the queue ----

# list_to NAME ROOT DEPTH: a listing of the bundle, and its line for the manifest.
list_to() {
    listing=listings/$1
    room_kib
    complete=true
    list_folder "$2" "$3" 2>"$work/unread" | limited "$room" >"$work/bundle/$listing" || complete=false
    kib=`size_kib "$work/bundle/$listing"`
    [ -s "$work/unread" ] && complete=false
    if [ "${kib:-0}" -ge "$room" ]; then
        complete=false
        # The last line may be broken off.
        sed '$d' "$work/bundle/$listing" >"$work/cut" && mv "$work/cut" "$work/bundle/$listing"
        partial "$2: its listing is longer than there is room for"
    fi
    [ $complete = false ] && note "$2: not all of it could be listed"
    used_kib=`expr $used_kib + "${kib:-0}"`
    printf '{"root": "%s", "file": "%s", "complete": %s}\n' "`json "\`original "$2"\`"`" "$listing" $complete >>"$work/listings"
}

# pick FOLDER QUOTA LEFT: names of queue files, those that were tried before others. In the order of the folder, which is
# that of a program that reads it.
pick() {
    { ls -f "$1" 2>/dev/null || ls "$1"; } | $AWK '
        NR > look || taken >= left + 0 || tried >= quota + 0 { exit }
        length($0) < 11 || length($0) > 60 { next }
        /^[0-9A-Z][0-9A-Z][0-9A-Za-z_]*\.([0-9A-Za-z][0-9A-Za-z]|HELD|held)$/ {
            if (substr($0, 1, 2) != "ZZ" || $0 ~ /\.(HELD|held)$/) tried++
            else if (untried < int(quota / 10) + 1) untried++
            else next
            print
            taken++
        }' look="$SAMPLE_LOOK" quota="$2" left="$3" -
}

ctrl_a2=`printf '\001\001'`
ctrl_a5=`printf '\001\001\001\001\001'`

# without_message: of a queue file on standard input the envelope, Received fields and the history behind the message. Nothing of
# the message itself: what is not surely one of these is left out, and of what is no queue file nothing is written.
without_message() {
    tr -d '\015' | $AWK '
        state == 0 {
            size += length($0) + 1
            if (size > 131072) { bad = 1; exit }
            envelope[n++] = $0
            if ($0 == t2 || index($0, "Boundary_(ID_") == 1) {
                end = $0
                if ($0 == t2) end = t5
                state = 1
                next
            }
            if ($0 ~ /^[A-Za-z0-9];/) { if (substr($0, 1, 1) == "m") sender = 1; next }
            # A recipient: an address or a name, not a line of text.
            if ($0 == "" || $0 ~ /[\001-\010\013-\037]/ || ($0 ~ /[ \t]/ && index($0, "@") == 0)) { bad = 1; exit }
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
        END {
            if (bad || state == 0 || (sender == 0 && recipients == 0)) exit
            for (i = 0; i < n; i++) print envelope[i]
            for (i = 0; i < fields; i++) print field[i]
            if (header || found) print ""
            if (found) {
                print end
                for (i = 0; i < h && history[i] == ""; i++) { }
                # Only a history begins with a date.
                if (i < h && history[i] ~ /^[ \t]*([A-Z][a-z][a-z], *)?[0-9][0-9]? [A-Z][a-z][a-z] [0-9][0-9][0-9][0-9] [0-9][0-9]:[0-9][0-9]/)
                    for (; i < h; i++) print history[i]
            }
        }' t2="$ctrl_a2" t5="$ctrl_a5" -
}

# sample_folder FOLDER QUOTA: appends the names of what was taken to $work/sampled.
sample_folder() {
    from=$1
    pick "$from" "$2" `expr "$SAMPLE_PER_CHANNEL" - $n_taken` >"$work/pick"
    [ -s "$work/pick" ] || return 0
    to=`original "$from"`
    below=$work/bundle/files$to
    cd "$from" || return 0
    sed 's,^,./,' "$work/pick" | xargs ls -lnd 2>/dev/null | $AWK '/^-/ { printf "%.0f %s\n", $5, substr($9, 3) }' >"$work/sizes"
    n=`wc -l <"$work/sizes"`
    n_taken=`expr $n_taken + $n`
    mkdir -p "$below" || die "cannot write to $work"
    while read size name; do
        # Beginning and end of what is large: the message between them is not wanted.
        case $size in
            ???????*) dd if="./$name" bs=4096 count=32 ;;
            *)
                if [ "$size" -le 163840 ]; then
                    dd if="./$name" bs=4096 count=41
                else
                    dd if="./$name" bs=4096 count=32
                    echo
                    dd if="./$name" bs=4096 skip=`expr "$size" / 4096 - 8` count=16
                fi
                ;;
        esac 2>/dev/null | without_message >"$below/$name"
        if [ -s "$below/$name" ]; then
            printf '%s\n' "$to/$name" >>"$work/sampled"
        else
            rm -f "$below/$name"
        fi
    done <"$work/sizes"
    cd /
}

# sample_queue: bounded samples of every channel.
sample_queue() {
    n_channels=0
    for channel in "$queue"/*; do
        [ -d "$channel" ] || continue
        [ -h "$channel" ] && continue
        is_plain_name "$channel" || continue
        n_channels=`expr $n_channels + 1`
        [ $n_channels -gt "$SAMPLE_CHANNELS" ] && break
        may_take 1024 || break
        n_taken=0
        sample_folder "$channel" "$SAMPLE_PER_CHANNEL"
        folders=0
        for below_channel in "$channel"/*/; do
            [ -d "$below_channel" ] && folders=`expr $folders + 1`
        done
        [ $folders -gt 0 ] || continue
        for below_channel in "$channel"/*; do
            [ -d "$below_channel" ] || continue
            [ -h "$below_channel" ] && continue
            is_plain_name "$below_channel" || continue
            [ $n_taken -ge "$SAMPLE_PER_CHANNEL" ] && break
            sample_folder "$below_channel" `expr "$SAMPLE_PER_CHANNEL" / $folders + 1`
        done
    done
    [ -f "$work/sampled" ] || return 0
    # Their times are in the listing of the queue already.
    root_there=`original "$queue"`
    $AWK -F"$tab" 'first == 0 { first = 1; file = FILENAME }
        FILENAME == file { is_taken[$0] = 1; next }
        is_taken[root "/" $1] == 1 { print "files" root "/" $0 }' root="$root_there" "$work/sampled" "$work/bundle/listings/queue.tsv" \
        >>"$work/bundle/listings/files.tsv"
    kib=`du -sk "$work/bundle/files$root_there" | $AWK '{ print $1; exit }'`
    used_kib=`expr $used_kib + "${kib:-0}"`
}
