#!/bin/bash
# docs.sh DBXC - what the documents show compiles, and what they link to is there.
#
# An example of docs/language.md that begins with `bundle:` is a whole bundle: it must lint without error. It is one
# databricks.yml; a line `# file: NAME` begins another file, named from the bundle's folder.
cd "$(dirname "$0")/.." || exit 2
dbxc=$1
[[ $dbxc = /* ]] || dbxc=$PWD/$dbxc
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
for name in $(compgen -e | grep -E '^(DBXC|BUNDLE|DATABRICKS)_'); do unset "$name"; done
passed=0 failed=0

bad() { failed=$((failed + 1)); echo "$1"; shift; [ $# = 0 ] || printf '%s\n' "$@" | sed 's/^/    /'; }

# The example on standard input as files; its bundle is $out/N/bundle.
lay_out() {
    local line file=databricks.yml here=$out/$1/bundle
    mkdir -p "$here"
    while IFS= read -r line; do
        if [[ $line = '# file: '* ]]; then
            file=${line#'# file: '}
            mkdir -p "$here/$(dirname "$file")"
        else
            printf '%s\n' "$line" >>"$here/$file"
        fi
    done
}

# Each example in a file of its own, named by its line.
awk -v out="$out" '
    /^```/ { if (inside) { inside = 0; close(file) } else if (/^```yaml$/) { inside = 1; fresh = 1 } next }
    inside && fresh { fresh = 0; take = /^bundle:/; file = out "/" NR ".example" }
    inside && take { print >file }' docs/language.md
for example in "$out"/*.example; do
    at=$(basename "$example" .example)
    lay_out "$at" <"$example"
    if said=$("$dbxc" lint --all-targets "$out/$at/bundle" 2>&1); then
        passed=$((passed + 1))
    else
        bad "docs/language.md:$at: the example has errors" "$said"
    fi
done

# ---- links
# The anchors of a page's headings, made once.
anchors() {
    local file=$out/anchors/$1
    if [ ! -f "$file" ]; then
        mkdir -p "$(dirname "$file")"
        sed -n -E 's/^#+ //p' "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g' >"$file"
    fi
    cat "$file"
}

for page in README.md docs/*.md docs/rules/*.md grammar/*.md; do
    folder=$(dirname "$page")
    dead=
    while IFS= read -r link; do
        path=${link%%#*}
        if [ -z "$path" ]; then path=$page; else path=$(realpath -m --relative-to=. "$folder/$path"); fi
        if [ ! -e "$path" ]; then
            dead+="$link leads nowhere"$'\n'
        elif [[ $link = *#* ]] && ! anchors "$path" | grep -qxF -- "${link#*#}"; then
            dead+="$link: $path has no such heading"$'\n'
        fi
    done < <(awk '/^```/ { code = !code } !code' "$page" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(//; s/\)$//' | grep -vE '^[a-z]+:')
    if [ -z "$dead" ]; then passed=$((passed + 1)); else bad "$page" "${dead%$'\n'}"; fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
