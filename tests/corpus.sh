#!/bin/sh
# corpus.sh DBXC - the checks kept beside this repository: the guide's bundles, and what the Databricks CLI makes of others.
cd "$(dirname "$0")/.." || exit 2
dbxc=$1
tools=../shared/tools
passed=0 failed=0 skipped=0

# Adds up what a check of theirs says last; shows what failed.
ask() {
    said=$(timeout 550 "$@" 2>&1)
    status=$?
    last=$(echo "$said" | grep -E '^[0-9]+ (passed|agree), [0-9]+ (failed|differ)' | tail -n 1)
    good=$(echo "$last" | sed -n -E 's/^([0-9]+) .*/\1/p')
    bad=$(echo "$last" | sed -n -E 's/^[0-9]+ [a-z]+, ([0-9]+) .*/\1/p')
    passed=$((passed + ${good:-0}))
    if [ -z "$good" ] || { [ $status != 0 ] && [ "${bad:-0}" = 0 ]; }; then
        bad=1
        echo "$said" | tail -n 20
    fi
    failed=$((failed + ${bad:-0}))
    [ "${bad:-0}" = 0 ] || echo "$said" | grep -v '^ok ' | head -n 40
}

if ! command -v python3 >/dev/null 2>&1 || ! python3 -c 'import json' 2>/dev/null; then
    echo "skipped: there is no python3"
    skipped=1
elif [ ! -f $tools/check_guide.py ]; then
    echo "skipped: there is no $tools/check_guide.py"
    skipped=1
else
    ask python3 $tools/check_guide.py "$dbxc"
    # Thousands of compilations: once, against the plain program.
    case $dbxc in
    *asan*) ;;
    *) [ ! -f tests/corpus/differences.tsv ] ||
        ask python3 $tools/check_expected.py --dbxc "$dbxc" --allow tests/corpus/differences.tsv ../shared/corpus ../shared/probes ;;
    esac
    ask python3 -B tests/corpus/findings.py "$dbxc" tests/corpus/findings.tsv ../shared/corpus
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
