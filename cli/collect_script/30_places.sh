
# ---- where things are ----

# real_path FOLDER: without links, empty where there is no such folder.
real_path() {
    (cd "$1" 2>/dev/null && { /bin/pwd 2>/dev/null || pwd; })
}

is_base() {
    [ -d "$1" ] || return 1
    [ -x "$1" ] || return 0
    for sign in $SIGNS; do
        [ -f "$1/$sign" ] && return 0
        [ -d "$1/$sign" ] && return 0
    done
    return 1
}

# find_usual PREFIX: sets base and base_rest, its path without the prefix.
find_usual() {
    for place in $BASES; do
        if is_base "$1$place"; then
            base=$1$place
            base_rest=$place
            return 0
        fi
    done
    for place in $SERVER_ROOTS; do
        find_instance "$1$place" && {
            base_rest=$place/`last_part "$base"`
            return 0
        }
    done
    return 1
}

# find_instance SERVER_ROOT: the first one by name.
find_instance() {
    for place in "$1"/msg-*; do
        if is_base "$place"; then
            base=$place
            return 0
        fi
    done
    return 1
}

last_part() {
    printf '%s\n' "$1" | sed 's,/*$,,
s,.*/,,'
}

# add_folder LIST FOLDER: appends it to the list in the variable LIST, unless it is there under this or another name.
add_folder() {
    list_name=$1
    new=$2
    [ -d "$new" ] || return 0
    real=`real_path "$new"`
    have_it=
    eval "have_it=\$${list_name}_real"
    case "$nl$have_it$nl" in
        *"$nl$real$nl"*) [ -n "$real" ] && return 0 ;;
    esac
    eval "${list_name}_real=\$${list_name}_real\$nl\$real
$list_name=\$$list_name\$nl\$new"
}

# add_below LIST FOLDER NAME...
add_below() {
    below_list=$1
    below_folder=$2
    shift
    shift
    for below in "$@"; do
        add_folder "$below_list" "$below_folder/$below"
    done
}

# tailored KEY: the folder that imta_tailor gives, below the prefix; sets found.
tailored() {
    found=
    [ -n "$tailor" ] || return 0
    found=`dd if="$tailor" bs=65536 count=1 2>/dev/null | tr -d '\015' |
        sed -n "/^[!#;]/d
s/^[ $tab]*\([A-Za-z_]*\)[ $tab]*=[ $tab]*/\1=/p" |
        $AWK '{
            at = index($0, "=")
            name = substr($0, 1, at - 1)
            same = length(name) == length(key)
            for (i = 1; i <= length(name) && same; i++) {
                a = index(upper, substr(name, i, 1)); if (a == 0) a = index(lower, substr(name, i, 1))
                if (a != index(upper, substr(key, i, 1))) same = 0
            }
            if (same) print substr($0, at + 1)
        }' upper=ABCDEFGHIJKLMNOPQRSTUVWXYZ_ lower=abcdefghijklmnopqrstuvwxyz_ key="$1" - |
        sed "s/[ $tab]*\$//
s/^\"\(.*\)\"\$/\1/
s/^'\(.*\)'\$/\1/
s,\(.\)/*\$,\1," | sed -n '/^\//p'`
    paths=$found
    found=
    IFS=$nl
    set -f
    for path in $paths; do
        if [ -z "$found" ] && [ -d "$prefix$path" ]; then
            found=$prefix$path
        fi
    done
    set +f
    IFS=$plain_ifs
}

prefix=
base=
base_rest=
if [ -z "$root" ]; then
    find_usual ""
else
    case $root in
        /*) ;;
        *) root=`pwd`/$root ;;
    esac
    root=`printf '%s\n' "$root" | sed 's,\(.\)/*$,\1,'`
    [ -d "$root" ] || die "$root: there is no such folder"
    if is_base "$root"; then
        base=$root
        base_rest=$root
        for place in $BASES; do
            case $root in
                *"$place")
                    prefix=`printf '%s\n' "$root" | sed "s,$place\\$,,"`
                    base_rest=$place
                    break
                    ;;
            esac
        done
    elif find_usual "$root"; then
        prefix=$root
    elif find_instance "$root"; then
        base_rest=$base
    fi
fi

# find_calendar PREFIX: sets calendar_conf to the ics.conf of a Calendar Server.
find_calendar() {
    for place in $CALENDAR_CONFIG; do
        [ -z "$calendar_conf" ] && [ -f "$1$place/ics.conf" ] && calendar_conf=$1$place/ics.conf
    done
}

calendar_conf=
find_calendar "$prefix"
if [ -z "$base" ] && [ -z "$calendar_conf" ] && [ -n "$root" ]; then
    find_calendar "$root"
    [ -n "$calendar_conf" ] && prefix=$root
    for place in "$root/ics.conf" "$root/config/ics.conf" "$root/bin/config/ics.conf"; do
        [ -z "$calendar_conf" ] && [ -f "$place" ] && calendar_conf=$place
    done
fi
[ -n "$base$calendar_conf" ] ||
    die "neither Messaging Server nor Calendar Server was found; -r DIR says where it is installed (looked in: $BASES $SERVER_ROOTS $CALENDAR_CONFIG)"

data=
queue=
store_folder=
tailor=
config_folders=
log_folders=
command_folders=
proc_folders=
# shellcheck disable=SC2034 # by add_folder
{
    config_folders_real=
    log_folders_real=
    command_folders_real=
    proc_folders_real=
}
find_mail_folders() {
    data=$prefix/var$base_rest
    # shellcheck disable=SC2086
    add_below config_folders "$base" $CONFIG_BELOW
    add_folder config_folders "$data/config"
    IFS=$nl
    for folder in $config_folders; do
        [ -z "$tailor" ] && [ -f "$folder/imta_tailor" ] && tailor=$folder/imta_tailor
    done
    IFS=$plain_ifs
    tailored IMTA_TABLE
    [ -n "$found" ] && add_folder config_folders "$found"
    tailored IMTA_LOG
    [ -n "$found" ] && add_folder log_folders "$found"
    # shellcheck disable=SC2086
    add_below log_folders "$base" $LOG_BELOW
    add_folder log_folders "$data/log"
    # shellcheck disable=SC2086
    add_below command_folders "$base" $COMMANDS_BELOW
    # shellcheck disable=SC2086
    add_below proc_folders "$base" $PROC_BELOW
    add_folder proc_folders "$data/proc"
    tailored IMTA_QUEUE
    queue=$found
    for below in $QUEUE_BELOW; do
        [ -z "$queue" ] && [ -d "$base/$below" ] && queue=$base/$below
    done
    [ -z "$queue" ] && [ -d "$data/queue" ] && queue=$data/queue
    for below in $STORE_BELOW; do
        [ -z "$store_folder" ] && [ -d "$base/$below" ] && store_folder=$base/$below
    done
    [ -z "$store_folder" ] && [ -d "$data/store/mboxlist" ] && store_folder=$data/store/mboxlist
}
[ -n "$base" ] && find_mail_folders
etc=
[ -d "$prefix/etc" ] && etc=$prefix

# original PATH: its path on the host that it stands for.
original() {
    if [ -z "$prefix" ]; then
        printf '%s\n' "$1"
    else
        printf '%s\n' "$1" | cut -c"`expr "$prefix" : '.*' + 1`"-
    fi
}

# product_command NAME: sets program to its path, or to nothing.
product_command() {
    program=
    IFS=$nl
    for folder in $command_folders; do
        [ -z "$program" ] && [ -f "$folder/$1" ] && program=$folder/$1
    done
    IFS=$plain_ifs
}

system_command() {
    program=
    for top in "$prefix" ""; do
        for folder in $PROGRAMS; do
            [ -z "$program" ] && [ -f "$top$folder/$1" ] && [ -x "$top$folder/$1" ] && program=$top$folder/$1
        done
    done
}

# The zone of the host's logs, as its files say; one that is named nowhere is left to what reads the bundle.
zone=`ls -l "$etc/etc/localtime" 2>/dev/null | sed -n 's,.* -> .*zoneinfo/,,p'`
[ -z "$zone" ] && [ -f "$etc/etc/timezone" ] && zone=`sed 1q "$etc/etc/timezone"`
for setting in default/init:TZ TIMEZONE:TZ sysconfig/clock:ZONE; do
    file=$etc/etc/`expr "$setting" : '\(.*\):'`
    [ -z "$zone" ] && [ -f "$file" ] &&
        zone=`sed -n "s/^[ $tab]*\`expr "$setting" : '.*:\(.*\)'\`=[\"']*\([^\"' ]*\).*/\1/p" "$file" | sed -n '$p'`
done
case $zone in
    *[!A-Za-z0-9_+/-]*) zone= ;;
esac
