#!/bin/sh
# mistakes.sh DBXC [ARGUMENTS...] - plants mistakes in the golden cases, and in the bundles kept beside this repository where they are.
cd "$(dirname "$0")/.." || exit 2
dbxc=$1
shift
python=/usr/bin/python3                 # Debian's, which has Debian's modules; else whichever there is
$python -c 'import yaml' 2>/dev/null || python=python3
if ! $python -c 'import yaml' 2>/dev/null; then
    echo "skipped: python3 has no module yaml (Debian: python3-yaml)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
corpus=
[ ! -d ../shared/corpus ] || corpus=../shared/corpus
exec $python -B tests/mistakes/plant.py "$dbxc" --excused tests/mistakes/excused.tsv "$@" golden $corpus
