
# ---- where things of Calendar Server are ----

# ics_value NAME: the last value that ics.conf has for it; as everywhere, the dots of a name may stand for anything.
ics_value() {
    tr -d '\015' <"$calendar_conf" 2>/dev/null | sed -n "s/^[ $tab]*$1[ $tab]*=[ $tab]*\"\([^\"]*\)\".*/\1/p" | sed -n '$p'
}

# calendar_folder NAME BELOW: sets found to the folder that ics.conf names, else to the one below the usual places of data.
calendar_folder() {
    found=
    path=`ics_value "$1" | sed 's,\(.\)/*$,\1,'`
    case $path in
        /?*) [ -d "$prefix$path" ] && found=$prefix$path ;;
    esac
    for place in $CALENDAR_DATA; do
        [ -n "$2" ] && [ -z "$found" ] && [ -d "$prefix$place/$2" ] && found=$prefix$place/$2
    done
}

calendar_csdb=
calendar_logs=
calendar_hot=
calendar_archive=
if [ -n "$calendar_conf" ]; then
    calendar_folder caldb.berkeleydb.homedir.path csdb
    calendar_csdb=$found
    calendar_folder logfile.logdir logs
    calendar_logs=$found
    calendar_folder caldb.berkeleydb.hotbackup.path ''
    calendar_hot=$found
    calendar_folder caldb.berkeleydb.archive.path ''
    calendar_archive=$found
fi

is_calendar_log() {
    case $1 in
        *.log | *.log.[0-9]*) is_recent "$1" ;;
        *) return 1 ;;
    esac
}

# Databases hold what users wrote: of them only names, sizes and times are taken.
take_calendar() {
    take_one "$calendar_conf" 8192 yes
    if [ -n "$calendar_csdb" ]; then
        list_to csdb.tsv "$calendar_csdb" 1
        take_one "$calendar_csdb/ics50caldb.conf" 64 no
        take_one "$calendar_csdb/caldb.conf" 64 no
    fi
    [ -n "$calendar_hot" ] && list_to hotbackup.tsv "$calendar_hot" 2
    [ -n "$calendar_archive" ] && list_to archive.tsv "$calendar_archive" 2
    for log_folder in "$calendar_logs" "$calendar_csdb"; do
        [ -n "$log_folder" ] || continue
        log_kib
        take_folder "$log_folder" is_calendar_log "$room" no
    done
}
