#!/bin/bash
# cli.sh DBXC - the command line: statuses, what goes where, files whole or untouched.
dbxc=$(realpath "${1:-build/dbxc}") || exit 2
docs=$(realpath "$(dirname "$0")/../docs/commands.md")
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
unset "${!DBXC_@}" "${!BUNDLE_@}" "${!DATABRICKS_@}" NO_COLOR FORCE_COLOR COLUMNS
passed=0 failed=0 skipped=0

fail() {
    failed=$((failed + 1))
    printf 'failed: %s\n' "$1"
    [ -z "$2" ] || printf '%s\n' "$2" | sed 's/^/    /'
}
ok() { passed=$((passed + 1)); }

# run STATUS NAME COMMAND...: standard output in $out, standard error in $err.
run() {
    local want=$1 name=$2 status
    shift 2
    "$@" >"$work/.out" 2>"$work/.err" </dev/null
    status=$?
    out=$(cat "$work/.out") err=$(cat "$work/.err")
    if [ $status = "$want" ]; then ok; else fail "$name: status $status, not $want" "$out$err"; fi
}
# says NAME TEXT WHERE: WHERE holds TEXT.
says() { if [[ $3 == *"$2"* ]]; then ok; else fail "$1: '$2' is not in it" "$3"; fi; }
silent() { if [ -z "$2" ]; then ok; else fail "$1: something was said" "$2"; fi; }
is() { if [ "$2" = "$3" ]; then ok; else fail "$1: '$3', not '$2'"; fi; }

job() { printf 'bundle: {name: %s}\nresources: {jobs: {%s: {name: %s, tasks: [{task_key: t, existing_cluster_id: c, notebook_task: {notebook_path: /n}}]}}}\n' "$1" "$2" "$2"; }

mkdir -p good/sub/deeper broken two other targets nothing
job good load >good/databricks.yml
touch good/sub/part.yml
job other clean >other/bundle.yaml
job two a >two/databricks.yml
job two a >two/bundle.yml
{ job broken x; echo 'resources: ['; } >broken/databricks.yml
{ job many load; echo 'targets: {dev: {}, prod: {default: true}}'; } >targets/databricks.yml
{ job warned load; echo 'misspelt: 1'; } >nothing/warned.yml

# ---- which bundle
run 0 "a folder" "$dbxc" compile good;                says "a folder" '"name": "good"' "$out"
run 0 "a root file" "$dbxc" compile good/databricks.yml; says "a root file" '"name": "good"' "$out"
run 0 "any file of it" "$dbxc" compile good/sub/part.yml; says "any file" '"name": "good"' "$out"
run 0 "a folder below" "$dbxc" compile good/sub/deeper; says "a folder below" '"name": "good"' "$out"
run 0 "files of one bundle" "$dbxc" compile good good/databricks.yml good/sub/part.yml
if [[ $out == *'"bundles"'* ]]; then fail "files of one bundle are one"; else ok; fi
run 0 "several bundles" "$dbxc" compile other good;   says "several bundles" '"bundles"' "$out"
if [[ $out == *'"other"'*'"good"'* ]]; then ok; else fail "bundles come in the order of the call" "$out"; fi
run 0 "--bundle" "$dbxc" compile other good --bundle good; says "--bundle" '"name": "good"' "$out"
if [[ $out == *'"bundles"'* ]]; then fail "one bundle that is left has the single form"; else ok; fi
run 2 "--bundle unknown" "$dbxc" compile other good --bundle goood; says "--bundle unknown" "did you mean 'good'" "$err"
run 1 "two roots" "$dbxc" compile two;                says "two roots" "databricks.yml and bundle.yml" "$err"
run 2 "no bundle" "$dbxc" compile nothing;            says "no bundle" "no bundle found" "$err"; silent "no bundle" "$out"
run 3 "no such path" "$dbxc" compile missing;         says "no such path" "missing: No such file" "$err"
run 3 "no such path beside a good one" "$dbxc" compile good missing; silent "no result" "$out"
cd good/sub/deeper || exit 2
run 0 "search upwards" "$dbxc" compile;               says "search upwards" '"name": "good"' "$out"
cd "$work" || exit 2
run 0 "DATABRICKS_BUNDLE_ROOT" env DATABRICKS_BUNDLE_ROOT=other "$dbxc" compile; says "root by environment" '"name": "other"' "$out"
run 2 "DATABRICKS_BUNDLE_ROOT without a root" env DATABRICKS_BUNDLE_ROOT=nothing "$dbxc" compile
run 2 "DATABRICKS_BUNDLE_ROOT empty" env DATABRICKS_BUNDLE_ROOT= "$dbxc" compile
run 0 "BUNDLE_ROOT, its old name" env BUNDLE_ROOT=other "$dbxc" compile; says "root by the old name" '"name": "other"' "$out"
run 2 "the old name beside the new" env DATABRICKS_BUNDLE_ROOT=good/databricks.yml BUNDLE_ROOT=other "$dbxc" compile
says "no folder" "which is no folder" "$err"
mkdir -p good/inner/deep && job inner near >good/inner/bundle.yml
cd good/inner/deep || exit 2
run 0 "the nearest root" "$dbxc" compile;             says "the nearest root" '"name": "inner"' "$out"
cd "$work" && rm -r good/inner || exit 2
mkdir 'odd[1]' && job odd load >'odd[1]/databricks.yml'
run 1 "a folder that looks like a pattern" "$dbxc" compile 'odd[1]'; says "the folder" "[root-folder]" "$err"
run 0 "PATH before the environment" env DATABRICKS_BUNDLE_ROOT=other "$dbxc" compile good; says "PATH wins" '"name": "good"' "$out"
out=$("$dbxc" compile - <good/databricks.yml);        is "standard input" 0 $?; says "standard input" '"name": "good"' "$out"
err=$(echo 'a: [' | "$dbxc" compile - 2>&1);          is "wrong standard input" 1 $?; says "its name" "<stdin>:" "$err"

# ---- statuses and where things go
run 1 "errors" "$dbxc" compile broken;                silent "no result with errors" "$out"; says "errors" "databricks.yml:" "$err"
says "closing line" " error" "$(tail -n 1 <<<"$err")"
run 1 "errors, quiet" "$dbxc" compile -q broken
if [[ $(tail -n 1 <<<"$err") =~ ^[0-9]+\ error ]]; then fail "quiet has no closing line" "$err"; else ok; fi
run 0 "nothing wrong" "$dbxc" compile good;           silent "nothing wrong" "$err"
run 0 "--check" "$dbxc" compile --check good;         silent "--check" "$out$err"
warned() { "$dbxc" "$@" - <nothing/warned.yml; }
run 0 "a warning" warned compile;                     says "a warning" "1 warning" "$err"
run 1 "a warning, strict" warned compile --strict;    silent "strict gives no result" "$out"
run 0 "lint" "$dbxc" lint good;                       silent "lint of a good one" "$out$err"
run 1 "lint of a broken one" "$dbxc" lint broken;     says "lint" "error: " "$out"
run 0 "lint --exit-zero" "$dbxc" lint --exit-zero broken
run 1 "lint --fail-on" warned lint --fail-on warning
run 0 "lint, a warning" warned lint
run 2 "unknown command" "$dbxc" compil good;          says "unknown command" "did you mean 'compile'" "$err"
run 2 "unknown option" "$dbxc" compile --outdir x;    says "unknown option" "did you mean '--out-dir'" "$err"
run 2 "--var without =" "$dbxc" compile good --var x
mkdir bytes && printf 'variables: {v: {default: a}}\n' | cat - good/databricks.yml >bytes/databricks.yml
run 1 "--var that is no text" "$dbxc" compile bytes --var v=a$'\xff'; says "--var that is no text" "--var:1:4: error: the byte 0xFF is not UTF-8" "$err"
run 1 "a variable of the environment that is no text" env BUNDLE_VAR_v=$'\xff' "$dbxc" compile bytes
run 0 "one that is not asked for" env BUNDLE_VAR_w=$'\xff' "$dbxc" compile bytes
mkdir caf$'\xe9' && cp broken/databricks.yml caf$'\xe9'
run 1 "a folder's name that is no text" "$dbxc" lint --format json caf$'\xe9'; says "a folder's name that is no text" "\"caf�/databricks.yml" "$out"
run 3 "--var of a missing file" "$dbxc" compile good --var x=@missing
run 3 "--var-file missing" "$dbxc" compile good --var-file missing
run 1 "an unknown target" "$dbxc" compile targets -t pord
run 2 "no command" "$dbxc";                           silent "no command" "$out"; says "no command" "usage:" "$err"
run 0 "help" "$dbxc" help;                            says "help" "usage:" "$out"; silent "help" "$err"
run 0 "help of a command" "$dbxc" help lint;          says "help lint" "--fail-on" "$out"
run 2 "help of no command" "$dbxc" help nope
run 0 "--help" "$dbxc" compile --help;                says "--help" "examples:" "$out"
run 0 "--version" "$dbxc" --version;                  is "version" "$out" "$("$dbxc" version)"
run 0 "passes" "$dbxc" passes;                        says "passes" "runmode " "$out"

# ---- the result
run 0 "--job" "$dbxc" compile good --job load;        says "--job" '"task_key": "t"' "$out"
if [[ $out == '{'$'\n''  "name": "load"'* ]]; then ok; else fail "--job gives the bare body" "$out"; fi
run 2 "--job unknown" "$dbxc" compile good --job laod; says "--job unknown" "did you mean 'load'" "$err"
run 0 "--all-targets" "$dbxc" compile targets --all-targets
if [[ $out == *'"targets": {'*'"dev": {'*'"prod": {'* ]]; then ok; else fail "--all-targets" "$out"; fi
run 0 "a target" "$dbxc" compile targets -t dev;      says "a target" '"target": "dev"' "$out"
run 0 "--after" "$dbxc" compile good --after include; says "--after" '"task_key": "t"' "$out"
run 2 "--after unknown" "$dbxc" compile good --after inclde; says "--after unknown" "did you mean 'include'" "$err"
run 2 "--check and -o" "$dbxc" compile good --check -o x
"$dbxc" compile good >one && "$dbxc" compile good >same && cmp -s one same && ok || fail "the same input gives the same bytes"
[ "$(tail -c 1 one | od -An -c | tr -d ' ')" = '\n' ] && ok || fail "the result ends its last line"

# ---- files
run 0 "-o" "$dbxc" compile good -o result.json;       silent "-o" "$out$err"
cmp -s one result.json && ok || fail "-o writes what would be printed"
echo before >kept
run 1 "-o with an error" "$dbxc" compile broken -o kept; is "-o with an error" before "$(cat kept)"
run 3 "-o into no folder" "$dbxc" compile good -o missing/x
run 3 "-o onto a folder" "$dbxc" compile good -o other
run 0 "-o -" "$dbxc" compile good -o -;               says "-o -" '"good"' "$out"
ln -s result.json link
run 0 "-o through a link" "$dbxc" compile other -o link; [ -L link ] && ok || fail "a link stays one"
says "through a link" '"other"' "$(cat result.json)"
is "nothing is left behind" "" "$(find . -maxdepth 1 -name '*.??????' ! -name '*.json')"
run 0 "--out-dir" "$dbxc" compile good --out-dir a/b; is "--out-dir" "a/b/jobs/load.json" "$(find a -type f)"
"$dbxc" compile good --job load | cmp -s - a/b/jobs/load.json && ok || fail "--out-dir writes bare bodies"
run 0 "--out-dir, bundles" "$dbxc" compile good other --out-dir c
is "a folder for each bundle" "c/good/jobs/load.json c/other/jobs/clean.json" "$(find c -type f | sort | tr '\n' ' ' | sed 's/ $//')"
run 0 "--out-dir, targets" "$dbxc" compile targets --all-targets --out-dir d
is "a folder for each target" "d/dev/jobs/load.json d/prod/jobs/load.json" "$(find d -type f | sort | tr '\n' ' ' | sed 's/ $//')"
mkdir slash && job slash '"../x"' >slash/databricks.yml
run 2 "--out-dir, a key that leads out" "$dbxc" compile slash --out-dir e
[ -e e ] && fail "nothing is written" "$(find e)" || ok
if [ -e /dev/full ]; then
    run 3 "a full disk" sh -c '"$0" compile good >/dev/full' "$dbxc"; says "a full disk" "No space left" "$err"
    run 3 "a full disk, help" sh -c '"$0" help >/dev/full' "$dbxc"
    run 3 "a full disk, -o" "$dbxc" compile good -o /dev/full
else
    skipped=$((skipped + 3))
fi
run 3 "a closed standard output" sh -c '"$0" compile good >&-' "$dbxc"
run 0 "a reader that goes away" bash -c '{ "$0" compile good; echo $? >status; } | true; sleep 0.1; s=$(cat status); [ $s = 3 ] || [ $s = 0 ]' "$dbxc"

# ---- colour
red=$'\e['
run 1 "no colour into a file" "$dbxc" compile broken;                  [[ $err != *$red* ]] && ok || fail "no colour into a file"
run 1 "--color always" "$dbxc" compile --color always broken;          says "--color always" "$red" "$err"
run 1 "FORCE_COLOR" env FORCE_COLOR=1 "$dbxc" compile broken;          says "FORCE_COLOR" "$red" "$err"
run 1 "NO_COLOR" env NO_COLOR=1 FORCE_COLOR=1 "$dbxc" compile broken;  [[ $err != *$red* ]] && ok || fail "NO_COLOR"
run 1 "--color never" env FORCE_COLOR=1 "$dbxc" compile --color=never broken; [[ $err != *$red* ]] && ok || fail "--color never"

# ---- .dbxc.yml: the nearest, up to the top of the work tree
mkdir -p tree/.git tree/part/bundle/deeper plain/bundle
job a a | sed 's/name: a, tasks/name: a, misspelt: 1, tasks/' | tee tree/part/bundle/databricks.yml >plain/bundle/databricks.yml
touch tree/part/bundle/deeper/x.yml
told() { run "$1" "$2" "$dbxc" lint --format concise "$3"; }
echo 'rules: {unknown-field: error}' >.dbxc.yml
told 0 "above the work tree" tree/part/bundle;              says "above the work tree" "warning" "$out"
told 0 "above, and no work tree" plain/bundle;              says "above, and no work tree" "warning" "$out"
rm .dbxc.yml
echo 'rules: {unknown-field: error}' >tree/.dbxc.yml
told 1 "at the top of the work tree" tree/part/bundle/deeper/x.yml
echo 'rules: {unknown-field: off}' >tree/part/bundle/.dbxc.yml
told 0 "the nearest counts" tree/part/bundle;               silent "the nearest counts" "$out"
cp tree/part/bundle/.dbxc.yml plain/bundle
told 0 "in the bundle's folder" plain/bundle;               silent "in the bundle's folder" "$out"
echo 'fail-on: note' >plain/bundle/.dbxc.yml
told 1 "fail-on" plain/bundle
run 0 "fail-on of the command line" "$dbxc" lint --fail-on error plain/bundle
run 0 "compile knows no fail-on" "$dbxc" compile --check plain/bundle
echo 'rules: {unknown-field: error}' >plain/bundle/.dbxc.yml
run 1 "compile knows levels" "$dbxc" compile plain/bundle;  silent "no result with an error of the user's" "$out"
echo 'rules: [' >plain/bundle/.dbxc.yml
run 2 "a wrong .dbxc.yml" "$dbxc" compile plain/bundle;     says "a wrong .dbxc.yml" ".dbxc.yml:1:" "$err"
run 0 "select of the command line" "$dbxc" lint --select task-cycle --fail-on note tree/part/bundle
run 0 "strays" "$dbxc" lint --skip-strays nothing nothing/warned.yml; silent "strays" "$out$err"
run 2 "no PATH is no stray" sh -c 'cd nothing && "$0" lint --skip-strays' "$dbxc"
run 0 "explain" "$dbxc" explain;                            says "explain" "unknown-field " "$out"
run 3 "explain a value of no bundle" "$dbxc" explain --value a missing
run 1 "explain a value of a broken bundle" "$dbxc" explain --value resources broken

# ---- what Git knows of the bundle
mkdir -p git/.git/refs/heads git/bundles/one
echo 'ref: refs/heads/main' >git/.git/HEAD
echo 0123456789abcdef0123456789abcdef01234567 >git/.git/refs/heads/main
printf '[remote "origin"]\n\turl = https://ada:secret@git.example.com/x.git\n' >git/.git/config
cat >git/bundles/one/databricks.yml <<'EOF'
bundle: {name: one}
targets: {plain: {}, other: {git: {branch: stable}}}
resources:
  jobs:
    show:
      name: "${bundle.git.branch} ${bundle.git.actual_branch} ${bundle.git.commit} ${bundle.git.origin_url} ${bundle.git.bundle_root_path}"
EOF
commit=0123456789abcdef0123456789abcdef01234567
run 0 "git" "$dbxc" compile git/bundles/one -t plain; says "git" "\"main main $commit https://git.example.com/x.git bundles/one\"" "$out"
run 0 "git, as written" "$dbxc" compile git/bundles/one -t other; says "git, as written" '"stable main ' "$out"
echo $commit >git/.git/HEAD
run 0 "git, detached" "$dbxc" compile git/bundles/one -t plain; says "git, detached" "\"  $commit " "$out"

# ---- pipes that nobody writes to: what dbxc comes upon by itself is not waited for
mkdir -p pipes/.git pipes/.databricks/bundle/default
job pipes a >pipes/databricks.yml
sed -i 's/name: a,/name: "x${bundle.git.branch}",/' pipes/databricks.yml
mkfifo pipes/.git/HEAD pipes/.git/config pipes/.dbxc.yml pipes/.databricks/bundle/default/variable-overrides.json
run 0 "pipes that are come upon" timeout 10 "$dbxc" lint pipes
rm pipes/.databricks/bundle/default/variable-overrides.json
truncate -s 600M pipes/.databricks/bundle/default/variable-overrides.json
run 3 "values that cannot be read" "$dbxc" compile pipes; says "values that cannot be read" "variable-overrides.json: cannot be read: File too large" "$err"
rm pipes/.databricks/bundle/default/variable-overrides.json
mkfifo pipes/more.yml
echo 'include: [more.yml]' >>pipes/databricks.yml
run 1 "a pipe that is included" timeout 10 "$dbxc" compile pipes; says "a pipe that is included" "more.yml cannot be read: it is a pipe or a device" "$err"

# ---- the page and the rows are one
for command in compile lint; do
    for option in $("$dbxc" help $command | grep -o -e '^  ...  *--[a-z-]*' | grep -o -e '--[a-z-]*'); do
        grep -q -e "$option" "$docs" && ok || fail "docs/commands.md does not tell of $option"
    done
done
for command in $("$dbxc" help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    grep -q "^| \`$command\` |" "$docs" && ok || fail "docs/commands.md does not tell of $command"
done

if [ $skipped = 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
[ $failed = 0 ]
