#!/bin/bash
# all.sh BUILD... - every suite against every build; the last line sums them up.
cd "$(dirname "$0")/.." || exit 2
export LSAN_OPTIONS="suppressions=$PWD/tests/leaks.txt:print_suppressions=0"
export ASAN_OPTIONS="detect_stack_use_after_return=1:allocator_may_return_null=1"
export UBSAN_OPTIONS="print_stacktrace=1"
passed=0 failed=0 skipped=0

# suite NAME COMMAND...: its last line says N passed, N failed[, N skipped].
suite() {
    local name=$1 out status last
    shift
    out=$(timeout 900 "$@" 2>&1)
    status=$?
    last=$(tail -n 1 <<<"$out")
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2])) skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
        [ $status = 0 ] || [ "${BASH_REMATCH[2]}" != 0 ] || failed=$((failed + 1))
        [ "$out" = "$last" ] || sed '$d' <<<"$out"
    else
        failed=$((failed + 1))
        last="did not end properly, exit status $status"
        tail -n 40 <<<"$out"
    fi
    printf '%-24s %s\n' "$name" "$last"
}

for build; do
    suite "$build unit" tests/unit.sh "$build"
    suite "$build golden" tests/golden.sh "$build/dbxc"
    suite "$build corpus" tests/corpus.sh "$build/dbxc"
    suite "$build rules" tests/rules.sh "$build/dbxc"
    suite "$build layers" tests/layers.sh "$build/dbxc"
    suite "$build docs" tests/docs.sh "$build/dbxc"
    [ ! -x tests/cli.sh ] || suite "$build cli" tests/cli.sh "$build/dbxc"
    suite "$build reports" tests/reports.sh "$build/dbxc"
    suite "$build pre-commit" tests/precommit.sh "$build/dbxc"
    suite "$build fuzz corpus" tests/replay.sh "$build"
    case $build in                      # thousands of calls: once, of the plain program
    *asan*) ;;
    *) suite "$build mistakes" tests/mistakes.sh "$build/dbxc" ;;
    esac
done
if [ $skipped = 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
[ $failed = 0 ]
