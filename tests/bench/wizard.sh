#!/bin/sh
# The wizard against a scripted person: share of right first diagnoses, questions, minutes, for three policies, with true answers and with one
# in ten wrong or not known; then the same for the cases of the rule base.
#
# usage: tests/bench/wizard.sh [BUILD_DIR [HOSTS [FOLDER ...]]]
#   HOSTS    made-up whole hosts (tests/generate): as many broken ones, and a third as many healthy ones
#   FOLDER   of cases as folders with `input` or `input.tar.gz`; ../shared/acceptance/msgserver is added where it is
# wanted: right first 95 % or more with a median of 7 questions or fewer, cheaper in all than both others; wrong and conclusive 5 % or less; a
# question within 50 ms
set -eu
build=${1:-build/release}
hosts=${2:-60}
[ $# -lt 2 ] || shift
[ $# -lt 1 ] || shift

cd "$(dirname "$0")/../.."
cmake --build "$build" --target wizard_bench mtadoctor >/dev/null
work=$(mktemp -d "${TMPDIR:-/tmp}/wizard.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM

mkdir "$work/facts" "$work/broken" "$work/healthy"
python3 tests/generate/make.py faulty "$hosts" "$work/broken" 7 >/dev/null
python3 tests/generate/make.py healthy $((hosts / 3)) "$work/healthy" 7 >/dev/null
[ ! -d ../shared/acceptance/msgserver ] || set -- "$@" ../shared/acceptance/msgserver

# --at and --timezone of a case that says them
set_at() {
    when=
    [ $# -ne 2 ] || when="--at $1 --timezone $2"
}

for folder in "$work/broken" "$work/healthy" "$@"; do
    for input in "$folder"/*/input "$folder"/*/input.tar.gz; do
        [ -e "$input" ] || continue
        name=$(basename "$folder")-$(basename "$(dirname "$input")")
        at=$(python3 -c "import json, sys; e = json.load(open(sys.argv[1])); print(e.get(\"at\", \"\"), e.get(\"timezone\", \"\"))" "$(dirname "$input")/expect.json" 2>/dev/null || true)
        # shellcheck disable=SC2086 # two words, or none
        set_at ${at}
        "$build/mtadoctor" facts "$input" --format json ${when:-} >"$work/facts/$name.json" 2>"$work/said" || {
            echo "$name: $(head -1 "$work/said")" >&2
            rm "$work/facts/$name.json"
        }
    done
done

echo "== whole hosts, true answers"
"$build/bench/wizard_bench" "$work"/facts/*.json
echo "== whole hosts, one answer in ten wrong or not known"
"$build/bench/wizard_bench" -e -n 3 -p value "$work"/facts/*.json | grep -v WRONG
echo "== cases of the rule base (few facts are known), true answers"
"$build/bench/wizard_bench" -c | grep -v WRONG
