#!/bin/sh
# reports.sh DBXC - the forms of `lint` for machines, over all golden bundles, against tests/schema and against each other.
dbxc=$(realpath "${1:-build/dbxc}") || exit 2
cd "$(dirname "$0")/.." || exit 2
if ! python3 -c 'import jsonschema' 2>/dev/null; then
    echo "skipped: there is no python3-jsonschema"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
exec python3 tests/reports.py "$dbxc"
