#!/bin/bash
# precommit.sh DBXC - the hooks of .pre-commit-hooks.yaml under the real pre-commit, in a scratch repository. Nothing is fetched.
here=$(realpath "$(dirname "$0")/..") || exit 2
DBXC=$(realpath "${1:-build/dbxc}") || exit 2
export DBXC
if ! command -v pre-commit >/dev/null || ! command -v git >/dev/null; then
    echo "skipped: there is no pre-commit (or no git)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
for name in $(compgen -e | grep -E '^(GIT|BUNDLE|DATABRICKS)_'); do unset "$name"; done
export HOME=$work PRE_COMMIT_HOME=$work/cache PRE_COMMIT_COLOR=never
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.com
export GIT_ALLOW_PROTOCOL=file HTTPS_PROXY=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9
passed=0 failed=0

ok() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "failed: $1"; printf '%s\n' "$out" | sed 's/^/    /'; }

# The hooks as a repository of their own, as users name it.
mkdir -p "$work/dbxc/compiler/driver" "$work/project"
cp "$here/.pre-commit-hooks.yaml" "$work/dbxc"
cp "$here/compiler/driver/hook" "$work/dbxc/compiler/driver"
(cd "$work/dbxc" && git init -q && git add -A && git commit -qm hooks) || exit 2
rev=$(git -C "$work/dbxc" rev-parse HEAD)
cd "$work/project" && git init -q || exit 2

job() { printf 'resources: {jobs: {%s: {name: %s, tasks: [{task_key: t, existing_cluster_id: c, notebook_task: {notebook_path: /Workspace/n}}]}}}\n' "$1" "$1"; }
config() { printf 'repos:\n  - repo: file://%s\n    rev: %s\n    hooks:\n%s\n' "$work/dbxc" "$rev" "$1" >.pre-commit-config.yaml; }

# commit NAME: what is there, as one commit; the hooks' words in $out.
commit() { git add -A && out=$(git commit -m "$1" 2>&1); }
passes() { if commit "$1" && [[ $out != *"(no files to check)"* || -n ${2:-} ]]; then ok; else fail "$1: the commit was to pass, and to be looked at"; fi; }
# blocked NAME TEXT: the commit does not come to be, and TEXT is said.
blocked() {
    if commit "$1"; then fail "$1: the commit was to be blocked"; elif [[ $out != *"$2"* ]]; then fail "$1: '$2' was to be said"; else ok; fi
    git reset -q --hard
    git clean -qfd
}

config '      - id: dbxc-compile'
mkdir -p etl/resources etl/src shared .github/workflows
{ echo 'bundle: {name: etl}'; echo 'include: [resources/*.yml]'; echo 'includes: [../shared/clusters.yml]'; } >etl/databricks.yml
job load >etl/resources/load.yml
echo 'print("{unclosed: [")' >etl/src/main.py
echo 'job_clusters: [{job_cluster_key: small, new_cluster: {spark_version: 15.4.x-scala2.12, node_type_id: m5.large, num_workers: 1}}]' >shared/clusters.yml
echo 'on: push' >.github/workflows/ci.yml
echo '{"a": [1, 2]}' >notes.json
out=$(pre-commit install 2>&1) && ok || fail "pre-commit install"
passes "a good bundle, and files that are of none"
echo 'on: [push, pull_request]' >.github/workflows/ci.yml
passes "a file of no bundle alone"
echo 'x = 1' >>etl/src/main.py
passes "source code alone" unseen
out=$("$DBXC" compile --check --skip-strays etl/src/main.py 2>&1) && ok || fail "source code by mistake"
sed -i 's/existing_cluster_id: c/job_cluster_key: none/' etl/resources/load.yml
blocked "an included file that is broken" "etl/resources/load.yml:1:"
sed -i 's/num_workers: 1/num_workers: many/' shared/clusters.yml
echo 'job_clusters: {' >>shared/clusters.yml
blocked "a shared file above which there is no bundle" "shared/clusters.yml:2:"
echo 'resources: [' >>etl/databricks.yml
blocked "a root file that is broken" "yaml-syntax"
job extra | sed 's/notebook_task/notebok_task/' >etl/resources/extra.yml
out=$(git log --oneline | wc -l)
[ "$out" = 3 ] && ok || fail "three commits came to be"
git clean -qfd

config '      - {id: dbxc-lint, args: [--fail-on, warning]}'
passes "the other hook" unseen
job load | sed 's/name: load/name: load, max_retries: 3/' >etl/resources/load.yml
blocked "a warning, for lint --fail-on warning" "[unknown-field]"
job load | sed 's/name: load/name: load, max_retries: 3/; s/$/ # dbxc: ignore[unknown-field] soon/' >etl/resources/load.yml
passes "a warning that is ignored"

# How the hook comes to its dbxc.
mkdir -p "$work/bin"
ln -s "$DBXC" "$work/bin/dbxc"
out=$(env -u DBXC PATH="$work/bin:$PATH" "$work/dbxc/compiler/driver/hook" compile --check etl 2>&1) && ok || fail "dbxc on the PATH"
out=$(env -u DBXC PATH=/usr/bin:/bin "$work/dbxc/compiler/driver/hook" compile --check etl 2>&1) && fail "there is nothing to build" || ok
[[ $out = *"install it"* ]] && ok || fail "what to do is said"

echo "$passed passed, $failed failed"
[ $failed = 0 ]
