#!/bin/sh
# run.sh DBXC - `dbxc compile` beside a bare YAML event parse of the same file: time, memory, ratio.
# SIZES="1 100" measures those only.
cd "$(dirname "$0")/../.." || exit 2
dbxc=$1
here=build/bench
mkdir -p $here
${CC:-cc} -O2 -o $here/events tests/bench/events.c $(pkg-config --cflags --libs libfyaml) || exit 1
${CC:-cc} -O2 -o $here/measure tests/bench/measure.c || exit 1

# A bundle in $here/NAME, made once.
bundle() {
    [ -s "$here/$1/databricks.yml" ] && return
    mkdir -p "$here/$1"
    if command -v python3 >/dev/null 2>&1 && [ -f ../shared/tools/gen_bundle.py ]; then
        words=dab
        [ "$3" = cli ] || words=parameters
        python3 ../shared/tools/gen_bundle.py --jobs "$2" --dialect $words --out "$here/$1"
    else
        tests/bench/make_bundle.sh "$2" "$3" >"$here/$1/databricks.yml"
    fi
}

many_keys() {
    mkdir -p $here/keys
    awk 'BEGIN { print "bundle:\n  name: keys\nresources:\n  clusters:\n    one:\n      num_workers: 1\n      spark_conf:"
                 for (i = 0; i < 100000; i++) print "        key_" i ": value_" i }' >$here/keys/databricks.yml
}

row() {
    file=$here/$1/databricks.yml
    runs=$2
    "$dbxc" compile "$here/$1" >$here/out.json 2>$here/out.txt || {
        printf '%-16s does not compile: %s\n' "$1" "$(head -n 1 $here/out.txt)"
        return
    }
    size=$(wc -c <"$file")
    echo "$size" $($here/measure "$runs" $here/events "$file" -- "$dbxc" compile "$here/$1") | awk -v name="$1" '{
        printf "%-16s %8.2f MB | %9.2f %9.2f ms %8.1f MB | %9.2f %9.2f ms %8.1f MB | %5.2f %5.2f\n", name, $1 / 1e6,
               $2 / 1e3, $3 / 1e3, $4 / 1024, $5 / 1e3, $6 / 1e3, $7 / 1024, $5 / $2, $6 / $3 }'
}

# What checking costs: the passes that only report, beside all that `lint` and `compile` do, the least of some runs each.
checking() {
    for command in compile lint; do
        for run in 1 2 3 4 5 6 7; do
            "$dbxc" -v $command "$here/$1" 2>&1 >/dev/null | sed -n -E "s/^dbxc: ([a-z]+) +([0-9.]+) ms$/\1 \2/p"
        done | awk -v name="$1 $command" '
            !($1 in least) || $2 < least[$1] { least[$1] = $2 }
            END { for (pass in least) if (pass == "check" || pass == "limits") checks += least[pass]; else rest += least[pass]
                  printf "%-24s checks %8.2f ms, the other passes %8.2f ms: %.2f times as long with checks\n", name, checks, rest, (checks + rest) / rest }'
    done
}

echo "                             | events: least, middle, memory   | dbxc: least, middle, memory     | ratios"
for jobs in ${SIZES:-1 100 1000 10000}; do
    runs=7
    [ "$jobs" -gt 100 ] || runs=41
    for dialect in cli guide; do
        bundle "$dialect-$jobs" "$jobs" $dialect
        row "$dialect-$jobs" $runs
    done
done
if [ -z "$SIZES" ]; then
    many_keys
    row keys 7
    checking cli-1000
    checking guide-1000
fi
