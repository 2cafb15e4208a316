
# ---- commands ----

n_commands=0

# wait_for SECONDS FILE...: until all files are there. It looks often in the beginning, as most things are done at once.
wait_for() {
    seconds=$1
    shift
    waited=0
    while :; do
        are_there=yes
        for f in "$@"; do
            [ -s "$f" ] || are_there=no
        done
        [ $are_there = yes ] && return 0
        # In tenths of a second.
        [ "$waited" -ge "${seconds}0" ] && return 1
        if [ "$waited" -lt 20 ] && [ "$sleep_short" = 0.1 ]; then
            sleep 0.1
            waited=`expr "$waited" + 1`
        else
            sleep 1
            waited=`expr "$waited" + 10`
        fi
    done
}

# limited KIB FILE TOLD: its input to a file, at most so much of it; goes on reading, so that nobody is stopped by it. TOLD: a file for
# what dd says. A pipe gives as much at a time as was written, so that dd is asked again for what is lacking, until it saw the end.
limited() {
    : >"$2"
    limited_status=0
    while :; do
        limited_has=`size_kib "$2"`
        limited_kib=`expr "$1" - "${limited_has:-$1}"`
        [ "$limited_kib" -gt 0 ] || break
        dd bs=1024 count="$limited_kib" 2>"$3" >>"$2"
        limited_status=$?
        [ $limited_status -eq 0 ] || break
        case `sed 1q "$3"` in
            0+0*) break ;;
        esac
    done
    rm -f "$3"
    cat >/dev/null
    return $limited_status
}

# run KIND PROGRAM NAME [ARGUMENT...]: runs it with an empty input and environment, and records what came of it.
run() {
    kind=$1
    path=$2
    shift
    shift
    n_commands=`expr "$n_commands" + 1`
    number=$n_commands
    [ "$number" -lt 10 ] && number=0$number
    out=$work/bundle/commands/$number.out
    err=$work/bundle/commands/$number.err
    rm -f "$work/rc"
    room_kib
    [ "$room" -gt "$COMMAND_KIB" ] && room=$COMMAND_KIB
    started=`date -u '+%Y-%m-%dT%H:%M:%SZ'`
    words=
    for word in "$@"; do
        words="$words, \"`json "$word"`\""
    done
    words=`expr "$words" : ', \(.*\)'`
    shift
    (
        cd /
        {
            if [ -n "$caller_zone" ]; then
                env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C TZ="$caller_zone" "$path" ${1+"$@"} 2>"$work/err"
            else
                env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C "$path" ${1+"$@"} 2>"$work/err"
            fi
            echo $? >"$work/rc.new"
        } | limited "$room" "$out" "$work/dd.$number"
        dd if="$work/err" of="$err" bs=1024 count=64
        mv "$work/rc.new" "$work/rc"
    ) </dev/null >/dev/null 2>&1 &
    running=$!
    status=
    if wait_for "$COMMAND_SECONDS" "$work/rc"; then
        code=`cat "$work/rc"`
        running=
    else
        code=null
        status=', "status": "timeout"'
        note "the command did not end in time: $words"
        if may_kill "`last_part "$path"`"; then
            kill_tree TERM "$running"
            wait_for "$GRACE_SECONDS" "$work/rc" || kill_tree KILL "$running"
            wait_for 1 "$work/rc"
        else
            # Left alone, as it holds locks of the store; what it printed so far counts.
            mv "$out" "$out.so-far"
            cat "$out.so-far" >"$out"
            rm -f "$out.so-far"
        fi
        running=
    fi
    [ -f "$out" ] || : >"$out"
    [ -f "$err" ] || : >"$err"
    kib=`size_kib "$out"`
    used_kib=`expr "$used_kib" + "${kib:-0}"`
    [ "${kib:-0}" -ge "$room" ] && partial "the command printed more than is kept: $words"
    case $kind in
        configutil | msconfig) mask_file "$out" ;;
    esac
    printf '{"argv": [%s], "exit": %s, "stdout": "commands/%s.out", "stderr": "commands/%s.err", "started": "%s", "ms": 0, "kind": "%s"%s}\n' \
        "$words" "$code" "$number" "$number" "$started" "$kind" "$status" >>"$work/commands"
    rm -f "$work/rc" "$work/rc.new" "$work/err"
}

# command_of COST OWNER KIND NAME [ARGUMENT...]: runs a command of the table, if it is there and may run.
command_of() {
    cost=$1
    owner=$2
    kind=$3
    shift
    shift
    shift
    if [ "$cost" = expensive ] && [ "$allow_expensive" = no ]; then
        note "not run, because it is expensive (-x): $*"
        return 0
    fi
    if [ "$owner" = product ]; then
        product_command "$1"
    else
        system_command "$1"
    fi
    if [ -z "$program" ]; then
        note "no such command: $1"
        return 0
    fi
    case " $late_programs " in
        *" $1 "*" $1 "*)
            note "not run, because it did not end in time twice: $*"
            return 0
            ;;
    esac
    say "  $*"
    program_name=$1
    if [ "$kind" = ps ]; then
        run ps "$program" "$@"
        # A process table has a place of its own.
        mv "$out" "$work/bundle/processes.txt"
        rm -f "$err"
        sed '$d' "$work/commands" >"$work/commands.new"
        mv "$work/commands.new" "$work/commands"
    else
        run "$kind" "$program" "$@"
    fi
    [ "$code" = null ] && late_programs="$late_programs $program_name "
    return 0
}
late_programs=
