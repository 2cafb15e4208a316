
# ---- what is taken ----

host=`uname -n`
limit_kib=`expr "$limit_mib" \* 1024`
created=`date -u '+%Y-%m-%dT%H:%M:%SZ'`
stamp=`date -u '+%Y%m%dT%H%M%SZ'`

pack=
suffix=.tar
if have gzip; then
    pack=gzip
    suffix=.tar.gz
elif have compress; then
    pack='compress -c'
    suffix=.tar.Z
fi

# Where to: a folder, a file, or the folder where we are.
case $output in
    '' | /*) ;;
    *) output=`pwd`/$output ;;
esac
[ -n "$output" ] || output=`pwd`
[ -d "$output" ] && output=$output/mtadoctor-`printf '%s' "$host" | tr -c 'A-Za-z0-9._-' '_'`-$stamp$suffix
case $output in
    *.tar) pack= ;;
    *.tar.gz | *.tgz) [ "$suffix" = .tar.gz ] || die "$output: there is no gzip; name it $suffix" ;;
esac
target_folder=`printf '%s\n' "$output" | sed 's,/[^/]*$,,'`
[ -n "$target_folder" ] || target_folder=/
[ -d "$target_folder" ] || die "$target_folder: there is no such folder"
target_real=`real_path "$target_folder"`
[ -n "$target_real" ] || die "$target_folder: may not be entered"
case $target_real in
    *\\* | *"$nl"*) die "$target_folder: has a name that is too odd to write to" ;;
esac
[ -f "$output" ] || [ -h "$output" ] && die "$output: is there already"

# The bundle must not be what fills the queue or the store, or what the server reads.
IFS=$nl
for folder in "$base" "$data" "$queue" "$calendar_csdb" "$calendar_logs" "$calendar_hot" "$calendar_archive" $config_folders $log_folders $proc_folders; do
    [ -d "$folder" ] || continue
    real=`real_path "$folder"`
    [ -n "$real" ] || continue
    # A copy of a whole host may lie below a folder of its own; its top is no folder of the product.
    case $target_real/ in
        "$real"/*) die "$target_folder: is a folder of the mail system; choose another with -o" ;;
    esac
done
IFS=$plain_ifs

kib_of() {
    [ -d "$1" ] || return 0
    du -sk "$1/." 2>/dev/null | $AWK '{ print $1; exit }'
}

say_size() {
    say "$1 $2 (`kib_of "$2"` KiB)"
}

each_of() {
    each_list=$1
    shift
    IFS=$nl
    for each_folder in $each_list; do
        IFS=$plain_ifs
        "$@" "$each_folder"
        IFS=$nl
    done
    IFS=$plain_ifs
}

say "Support bundle of $host for mtadoctor; nothing is changed on this host. It takes:"
each_of "$config_folders" say "  configuration in"
each_of "$log_folders" say_size "  logs in"
[ -n "$queue" ] && say "  names, sizes and times of what is queued in $queue; of some messages in each channel the envelope, never the message"
[ -n "$calendar_conf" ] && say "  of Calendar Server $calendar_conf, logs, names, sizes and times of the databases and their backups, never a database"
say "  outputs of commands (imsimta, ps, df ...; each for $COMMAND_SECONDS s at most), DNS answers"
say "At most $limit_mib MiB before packing, to $output"
if [ "$must_ask" = yes ] && [ -t 0 ]; then
    printf 'Go on? [y/n] '
    read answer
    case $answer in
        [yY]*) ;;
        *)
            say "Nothing was done."
            exit 1
            ;;
    esac
fi

work=$target_real/.mtadoctor-collect.$$
mkdir "$work" || {
    work=
    die "$target_folder: cannot be written to"
}
trap clean_up 0
trap interrupted 1 2 13 15
# A file that may not grow any more.
case $system in
    Linux) trap interrupted 25 ;;
    SunOS) trap interrupted 31 ;;
esac
mkdir "$work/bundle" "$work/bundle/files" "$work/bundle/listings" "$work/bundle/commands" || die "cannot write to $work"
: >"$work/bundle/listings/files.tsv"
may_take 2048 || die "$target_folder: not enough free space"

is_recent() {
    [ -z "$hours" ] && return 0
    [ -n "`find "./$1" -prune -newer "$work/since" -print 2>/dev/null`" ]
}

# A file as old as -s says, to compare with.
if [ -n "$hours" ]; then
    since=
    [ "$teller" = perl ] && perl -e 'my $t = time - 3600 * $ARGV[0]; open(F, ">$ARGV[1]") && close(F); utime($t, $t, $ARGV[1]) == 1 or exit 1' \
        "$hours" "$work/since" && since=yes
    [ -z "$since" ] && touch -d "$hours hours ago" "$work/since" 2>/dev/null && since=yes
    if [ -z "$since" ]; then
        note "-s has no effect: no tool of this host can count back $hours hours"
        hours=
    fi
fi

# take_folder FOLDER TEST KIB MASK: the files whose names pass the test; each KIB at most.
take_folder() {
    source_folder=$1
    there=`original "$source_folder"`
    if go_to "$source_folder" && [ -r . ]; then :; else
        note "$there: may not be read by this user"
        cd /
        return 0
    fi
    n_files=0
    for entry in *; do
        $2 "$entry" || continue
        n_files=`expr "$n_files" + 1`
        [ "$n_files" -gt "$FOLDER_FILES" ] && break
        copy_file "$entry" "$there" "$3" "$4"
    done
    cd /
    add_stats "$source_folder" "$there"
}

# take_one FILE KIB MASK
take_one() {
    [ -f "$1" ] || return 0
    one=$1
    folder_of_one=`printf '%s\n' "$one" | sed 's,/[^/]*$,,'`
    go_to "$folder_of_one" || return 0
    copy_file "`last_part "$one"`" "`original "$folder_of_one"`" "$2" "$3"
    cd /
    add_stats "$folder_of_one" "`original "$folder_of_one"`"
}

# take_image FILE: of the compiled configuration only the time counts, so an empty file stands for it.
take_image() {
    [ -f "$1" ] || return 0
    one=$1
    folder_of_one=`printf '%s\n' "$one" | sed 's,/[^/]*$,,'`
    there=`original "$folder_of_one"`
    mkdir -p "$work/bundle/files$there" && : >"$work/bundle/files$there/`last_part "$one"`"
    last_part "$one" >"$work/taken"
    add_stats "$folder_of_one" "$there"
}

is_pid_name() {
    case $1 in
        ????????????????????????????????*) return 1 ;;
    esac
    return 0
}

take_config() { take_folder "$1" is_config_name 8192 yes; }
take_proc() { take_folder "$1" is_pid_name 64 no; }
take_command_image() { take_image "$1/config_data"; }
log_kib() {
    room_kib
    room=`expr "$room" - "$room" / 8`
}
is_current_log() {
    case $1 in
        *_current) is_recent "$1" ;;
        *) return 1 ;;
    esac
}
is_recent_log() {
    case $1 in
        *_current) return 1 ;;
    esac
    is_log_name "$1" && is_recent "$1"
}
take_current_logs() {
    log_kib
    take_folder "$1" is_current_log "$room" no
}
take_logs() {
    log_kib
    take_folder "$1" is_recent_log "$room" no
}

say "configuration"
each_of "$config_folders" take_config
for below in $IMAGES; do
    [ -n "$base" ] && take_image "$base/$below"
done
each_of "$proc_folders" take_proc
each_of "$command_folders" take_command_image
say "commands"
all_commands
if [ -n "$base" ]; then
    say "programs, local ports"
    look_for_programs
    try_ports
fi
if [ -n "$queue" ]; then
    say "queue"
    list_to queue.tsv "$queue" 8
    sample_queue
fi
[ -n "$store_folder" ] && list_to mboxlist.tsv "$store_folder" 1
if [ -n "$calendar_conf" ]; then
    say "Calendar Server"
    take_calendar
fi
say "logs"
each_of "$log_folders" take_current_logs
each_of "$log_folders" take_logs
for file in $SYSTEM_FILES; do
    take_one "$etc$file" 8192 no
done
if [ -n "$base" ]; then
    say "DNS"
    ask_dns
fi

# ---- manifest, packing ----

# list_of FILE: its lines, with commas between.
list_of() {
    [ -f "$1" ] && sed '$!s/$/,/' "$1"
}

products=
if [ -n "$base" ]; then
    there=`original "$base"`
    there=`json "$there"`
    products="{\"name\": \"msgserver\", \"version\": null, \"root\": \"$there\"}"
fi
if [ -n "$calendar_conf" ]; then
    [ -n "$products" ] && products="$products, "
    products="$products{\"name\": \"calendar\", \"version\": null, \"root\": null}"
fi
zone_json=null
[ -n "$zone" ] && zone_json="\"$zone\""
{
    printf '{"schema": "mtadoctor.bundle/1", "created": "%s", "timezone": %s, "host": "%s",\n' "$created" "$zone_json" "`json "$host"`"
    printf '"tool": {"name": "collect.sh", "version": "%s"}, "recorded": true,\n' "$VERSION"
    printf '"products": [%s],\n"commands": [\n' "$products"
    list_of "$work/commands"
    printf '],\n"listings": [\n'
    list_of "$work/listings"
    printf '],\n"asked": {"ports": [\n'
    list_of "$work/ports"
    printf '], "greetings": [\n'
    list_of "$work/greetings"
    printf '], "programs": [\n'
    list_of "$work/programs"
    printf ']},\n"partial": [\n'
    list_of "$work/partial"
    printf '],\n"notes": [\n'
    list_of "$work/notes"
    printf '],\n"redactions": {"policy": "none", "counts": {}}}\n'
} >"$work/bundle/manifest.json" || die "cannot write to $work"

say "packing"
packed=$work/packed
go_to "$work" || die "cannot enter $work"
if [ -n "$pack" ]; then
    { tar cf - bundle || echo failed >"$work/failed"; } | $pack >"$packed" || echo failed >"$work/failed"
else
    tar cf "$packed" bundle || echo failed >"$work/failed"
fi
[ -f "$work/failed" ] && die "$target_folder: the bundle could not be written (is the disk full?)"
[ -f "$output" ] || [ -h "$output" ] && die "$output: is there already"
mv "$packed" "$output" || die "$output: cannot be written"
clean_up
trap 0 1 2 13 15
say ""
say "Written: $output"
if [ "$must_mask" = no ]; then
    say "It holds PASSWORDS of the configuration, and addresses and names of hosts as they are."
else
    [ "$has_masked" = yes ] && say "Passwords in the configuration were masked where they could be told."
    say "It is NOT redacted: it holds mail addresses, names of hosts and whatever else stands in the logs."
fi
say "Before it leaves your hands, where mtadoctor runs:  mtadoctor collect --from BUNDLE -o REDACTED"
exit 0
