#!/bin/sh
# rules.sh - docs/rules/README.md: the rules by what they are about, from grammar/rules.def.
cd "$(dirname "$0")/.." || exit 2
cat <<'TOP'
# Rules

Every finding that dbxc can make, as `grammar/rules.def` has them; made by `docs/rules.sh`. A page says what is wrong, shows
it, and shows the cure: `dbxc explain RULE` prints it. How a rule is switched off or given another level is in
[commands.md](../commands.md#passing-findings-over). What `lint` alone looks at is marked with a star.
TOP
sed -n -E '
    s/^\/\* ---- (.*) \*\/$/section\t\1/p
    s/^(FINDING|RULE|ADVICE)\([A-Z0-9_]+, *"([a-z0-9-]+)", *([A-Z]+),.*, *"(.*)"\)$/\1\t\2\t\3\t\4/p
' grammar/rules.def | awk -F '\t' '
    $1 == "section" { title = toupper(substr($2, 1, 1)) substr($2, 2); next }
    title != "" { print "\n## " title "\n\n| rule | level | what is wrong |\n|---|---|---|"; title = "" }
    { print "| [" $2 "](" $2 ".md) | " tolower($3) ($1 == "ADVICE" ? " *" : "") " | " $4 " |" }'
