#!/bin/bash
# rules.sh DBXC - every rule has a page, and every page's examples do what it says.
#
# A page has its rule's level, a bad example that gives exactly the findings it is marked with
# (`# <- rule` at the end of the guilty line) and a good one that gives none. An example is one
# databricks.yml, or several files, each after a line of its own:
#
#     # file: NAME            a file of that name
#     # bytes: NAME           the same, in which \0NNN is the byte of that octal number
#     # link: NAME -> TARGET  a symbolic link
#     # $ dbxc ARGUMENTS      the command, when it is not `dbxc compile`; NAME=VALUE before dbxc sets a variable
cd "$(dirname "$0")/.." || exit 2
dbxc=$1
[[ $dbxc = /* ]] || dbxc=$PWD/$dbxc
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
for name in $(compgen -e | grep -E '^(DBXC|BUNDLE|DATABRICKS)_'); do unset "$name"; done
passed=0 failed=0

bad() { failed=$((failed + 1)); echo "docs/rules/$rule.md: $1"; shift; [ $# = 0 ] || printf '%s\n' "$@" | sed 's/^/    /'; }

# Lays the example under "## $1" out in $out/here; the command's arguments are in $arguments, variables for it in $settings.
lay_out() {
    local heading=$1 line file='' kind=file inside='' section='' first=''
    rm -rf "$out/here"
    mkdir "$out/here"
    arguments=compile settings=''
    while IFS= read -r line; do
        if [[ -z $inside ]]; then
            [[ $line = '## '* ]] && section=${line#'## '}
            [[ $line = '```yaml' && $section = "$heading" ]] && inside=1
            continue
        fi
        case $line in
        '```') return 0 ;;
        '# $ dbxc '* | '# $ '[A-Z]*=*' dbxc '*)
            settings=${line#'# $ '} arguments=${line#*dbxc } first=$line
            settings=${settings%%dbxc *}
            continue ;;
        '# link: '*) line=${line#'# link: '}; ln -s "${line#* -> }" "$out/here/${line%% -> *}"; continue ;;
        '# file: '*) file=${line#'# file: '} kind=file ;;
        '# bytes: '*) file=${line#'# bytes: '} kind=bytes ;;
        esac
        if [[ -z $file ]]; then
            file=databricks.yml
            [[ -z $first ]] || printf '%s\n' "$first" >"$out/here/$file"
        fi
        if [[ $line = '# file: '* || $line = '# bytes: '* ]]; then
            [[ $file != */* ]] || mkdir -p "$out/here/${file%/*}"
            rm -f "$out/here/$file"
        fi
        if [[ $kind = bytes ]]; then printf '%b\n' "$line"; else printf '%s\n' "$line"; fi >>"$out/here/$file"
    done <"docs/rules/$rule.md"
    return 1
}

# The findings of the example, as FILE:LINE RULE, sorted.
told() {
    (cd "$out/here" && eval "exec env $settings \"\$dbxc\" $arguments" </dev/null) >"$out/json" 2>"$out/txt"
    status=$?
    [[ $arguments != lint* ]] || cat "$out/json" >>"$out/txt"       # its findings are its result
    LC_ALL=C sed -n -E 's/^([^ ]+):([0-9]+):[0-9]+: (error|warning|note): .*\[([a-z0-9-]+)\]$/\1:\2 \4/p' "$out/txt" | LC_ALL=C sort -u
}

marked() {
    (cd "$out/here" && LC_ALL=C grep -raEn '# <- [a-z0-9-]+$' .) |
        LC_ALL=C sed -E 's/^\.\/([^:]+):([0-9]+):.*# <- ([a-z0-9-]+)$/\1:\2 \3/' | LC_ALL=C sort -u
}

check_page() {
    local want got
    [ "$(sed -n 1p "docs/rules/$rule.md")" = "# $rule" ] || { bad "the title is not '# $rule'"; return; }
    grep -qx "Level: $level\." "docs/rules/$rule.md" || { bad "the page does not say 'Level: $level.'"; return; }
    [ -n "$dbxc" ] || return
    lay_out Bad || { bad "there is no bad example"; return; }
    told >"$out/told"
    want=$(marked) got=$(cat "$out/told")
    [[ $want = *" $rule"* ]] || { bad "the bad example marks no line with '# <- $rule'"; return; }
    [ "$want" = "$got" ] || { bad "the bad example is marked" "$want" "and gives (exit status $status)" "$(cat "$out/txt")"; return; }
    lay_out Good || { bad "there is no good example"; return; }
    told >"$out/told"
    [ "$status" = 0 ] && [ ! -s "$out/txt" ] || { bad "the good example gives (exit status $status)" "$(cat "$out/txt")"; return; }
    passed=$((passed + 1))
}

rows=$(sed -n -E 's/^(FINDING|RULE|ADVICE)\([A-Z0-9_]+, *"([a-z0-9-]+)", *([A-Z]+),.*/\2 \3/p' grammar/rules.def)
while read -r rule level; do
    level=${level,,}
    if [ -f "docs/rules/$rule.md" ]; then check_page; else bad "there is no such page"; fi
done <<<"$rows"
if docs/rules.sh | diff -u docs/rules/README.md - >"$out/index"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "docs/rules/README.md is not as grammar/rules.def wants it: docs/rules.sh >docs/rules/README.md"
    head -n 20 "$out/index"
fi
for page in docs/rules/*.md; do
    rule=$(basename "$page" .md)
    [ "$rule" != README ] || continue
    grep -q "^$rule " <<<"$rows" || bad "grammar/rules.def has no such rule"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
