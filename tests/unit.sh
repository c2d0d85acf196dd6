#!/bin/sh
# unit.sh BUILD - runs every unit test program in BUILD/tests/unit; shows what fails.
cd "$(dirname "$0")/.." || exit 2
export CMOCKA_MESSAGE_OUTPUT=TAP
out=$(mktemp) || exit 2
trap 'rm -f "$out"' EXIT
passed=0 failed=0 skipped=0
for source in tests/unit/test_*.c; do
    [ -f "$source" ] || continue
    name=$(basename "$source" .c)
    timeout 300 "$1/tests/unit/$name" >"$out" 2>&1
    status=$?
    good=$(grep -c '^ok ' "$out")
    left=$(grep -c '# SKIP' "$out")                     # cmocka writes "not ok 3 # SKIP name"
    bad=$(grep '^not ok ' "$out" | grep -vc '# SKIP')
    [ "$left" = 0 ] || grep '# SKIP' "$out" | sed 's/.*# SKIP */skipped: /'
    [ $status = 0 ] || [ "$bad" -gt 0 ] || bad=1
    [ "$good" -gt 0 ] || [ "$bad" -gt 0 ] || { echo "$name ran no test"; bad=1; }
    [ "$bad" = 0 ] || { echo "--- $name, exit status $status"; grep -v '^ok ' "$out" | head -n 80; }
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
done
echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
[ $failed = 0 ]
