#!/bin/sh
# golden.sh DBXC - every golden/<case>/ says what it promises.
#
#     args          the command line after dbxc, run in the case's folder; quoting as in a shell
#     env           variables to set, NAME=VALUE a line (optional); stdin: what is read there (optional)
#     want.json     standard output, to the byte; no such file: nothing
#     want.txt      standard error, to the byte; no such file: nothing
#     want.status   the exit status, when it is not 0 with a want.json, or 1 without
#
# CASE=pattern picks some. UPDATE=1 writes what is said now, to be read as a diff.
cd "$(dirname "$0")/../golden" || exit 2
dbxc=$1
case $dbxc in /*) ;; *) dbxc=$(cd .. && pwd)/$dbxc ;; esac
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
: >"$out/none"
for name in $(env | sed -n 's/^\(DBXC_[^=]*\)=.*/\1/p; s/^\(BUNDLE_[^=]*\)=.*/\1/p; s/^\(DATABRICKS_[^=]*\)=.*/\1/p'); do
    unset "$name"
done
unset FORCE_COLOR COLUMNS
export TERM=dumb
passed=0 failed=0

run() {
    input=/dev/null
    [ -f "$1/stdin" ] && input=stdin
    (
        cd "$1" || exit 99
        if [ -f env ]; then
            while IFS= read -r line; do export "${line?}"; done <env
        fi
        eval "exec \"\$dbxc\" $(cat args)" <$input
    ) >"$out/json" 2>"$out/txt"
    status=$?
}

# keep WANTED SAID: what was said is what is wanted from now on.
keep() { if [ -s "$2" ]; then cmp -s "$2" "$1" || cp "$2" "$1"; else rm -f "$1"; fi; }

# same WANTED SAID: compares, shows how they differ.
same() {
    want=$1
    [ -f "$want" ] || want=$out/none
    cmp -s "$want" "$2" && return 0
    diff -u --label "golden/$1" --label "said" "$want" "$2" | head -n 60
    return 1
}

for args in ${CASE:-*}/args; do
    name=${args%/args}
    if [ ! -f "$args" ]; then
        echo "golden/$name: no such case"
        failed=$((failed + 1))
        continue
    fi
    run "$name"
    if [ -n "$UPDATE" ] && [ $status -lt 10 ]; then
        keep "$name/want.json" "$out/json"
        keep "$name/want.txt" "$out/txt"
        usual=1
        [ -f "$name/want.json" ] && usual=0
        if [ $status = $usual ]; then rm -f "$name/want.status"; else echo $status >"$name/want.status"; fi
    fi
    wanted=1
    [ -f "$name/want.json" ] && wanted=0
    [ -f "$name/want.status" ] && read -r wanted <"$name/want.status"
    good=true
    same "$name/want.json" "$out/json" || good=false
    same "$name/want.txt" "$out/txt" || good=false
    [ "$status" = "$wanted" ] || { echo "golden/$name: exit status $status, wanted $wanted"; good=false; }
    if $good; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
