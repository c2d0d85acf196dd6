#!/bin/sh
# order.sh < JSON - the order in which a job's tasks run: prepare → [a, b] → finalize. Reads what dbxc prints.
awk '
# Each word of the JSON that matters, in turn: a list of edges opens and closes, tasks are named.
function word(w) {
    if (w ~ /^"depends_on"/) { edges = 1; return }
    if (w == "]") { edges = 0; return }
    if (w !~ /^"task_key"/) return
    gsub(/^"task_key"[ \t]*:[ \t]*"|"$/, "", w)
    if (edges) waits[n] = waits[n] " " w
    else { task[++n] = w; number[w] = n }
}
# The step of a task: one later than the last of those it waits for.
function step(i,   before, k, most, s) {
    if (i in steps) return steps[i]
    steps[i] = 1
    most = 0
    k = split(waits[i], before, " ")
    while (k > 0) { s = step(number[before[k--]]); if (s > most) most = s }
    return steps[i] = most + 1
}
{
    while (match($0, /"depends_on"|"task_key"[ \t]*:[ \t]*"[^"]*"|\]/)) {
        word(substr($0, RSTART, RLENGTH))
        $0 = substr($0, RSTART + RLENGTH)
    }
}
END {
    for (i = 1; i <= n; i++) {
        s = step(i)
        if (s > last) last = s
        at[s] = at[s] (at[s] == "" ? "" : ", ") task[i]
        if (at[s] ~ /, /) several[s] = 1
    }
    for (s = 1; s <= last; s++)
        printf "%s%s", (s > 1 ? " → " : ""), (several[s] ? "[" at[s] "]" : at[s])
    print ""
}'
