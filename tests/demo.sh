#!/bin/sh
# demo.sh DBXC - the orchestrator of README.md, compiled in both run modes.
cd "$(dirname "$0")/.." || exit 2
dbxc=$1
bundle=golden/05-orchestrator/orchestrator

say() { printf '\n\033[1m%s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi; }

show() {
    say "\$ dbxc $*"
    "$dbxc" "$@"
}

say "One bundle: a cluster, and a job that prepares, runs three pipelines, and finishes."
cat $bundle/databricks.yml
say "Compiled: the requests that make it so. Nothing was sent, nothing was asked."
show compile $bundle
for mode in parallel sequential; do
    say "\$ dbxc compile $bundle --run-mode $mode"
    printf 'runs in this order:  '
    "$dbxc" compile $bundle --run-mode $mode | tests/order.sh
done
say "A mistake is told at its place:"
broken=$(mktemp -d) || exit 2
trap 'rm -rf "$broken"' EXIT
cp -r golden/05-orchestrator/. "$broken"
sed 's/^          - run_pipelineB$/          - run_pipelinB/' $bundle/databricks.yml >"$broken/orchestrator/databricks.yml"
case $dbxc in /*) ;; *) dbxc=$PWD/$dbxc ;; esac
(cd "$broken" && "$dbxc" compile orchestrator)
say "exit status $?"
exit 0
