#!/bin/sh
# fuzz.sh SECONDS TARGET.c... - lets libFuzzer loose on each target; what it finds goes to build/fuzz/found.
cd "$(dirname "$0")/.." || exit 2
seconds=$1
shift
if ! command -v clang >/dev/null 2>&1; then
    echo "skipped: there is no clang"
    exit 0
fi
export LSAN_OPTIONS="suppressions=$PWD/tests/leaks.txt:print_suppressions=0"
status=0
for source; do
    name=$(basename "$source" .c)
    program=build/fuzz/tests/fuzz/$name
    make --no-print-directory FUZZER=1 "$program" || exit 1
    grown=build/fuzz/corpus/$name
    saved=tests/fuzz/corpus/${name#fuzz_}
    mkdir -p build/fuzz/found "$grown"
    [ -d "$saved" ] || saved=
    echo "--- $name, $seconds seconds"
    "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=6144 -artifact_prefix="build/fuzz/found/$name-" \
        -print_final_stats=1 "$grown" $saved 2>&1 | tail -n 12
    ls build/fuzz/found/"$name"-* 2>/dev/null && status=1
done
exit $status
