#!/bin/bash
# replay.sh BUILD - hands every saved input to its fuzz target: none may crash, leak or hang.
cd "$(dirname "$0")/.." || exit 2
shopt -s nullglob
passed=0 failed=0
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    name=${name#fuzz_}
    program=$1/tests/fuzz/replay_$name
    inputs=(tests/fuzz/corpus/"$name"/*)
    # All at once, which is fast; one by one only to find out which it was.
    if timeout 300 "$program" "${inputs[@]}" >/dev/null 2>&1; then
        passed=$((passed + ${#inputs[@]}))
        continue
    fi
    for input in "${inputs[@]}"; do
        timeout 20 "$program" "$input" >/dev/null 2>&1
        status=$?
        if [ $status = 0 ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "$program $input: exit status $status"
        fi
    done
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
