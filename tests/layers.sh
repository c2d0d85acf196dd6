#!/bin/sh
# layers.sh [DBXC] - who may include whom, which library stays behind which file, and that the compiler has no network.
cd "$(dirname "$0")/.." || exit 2
passed=0 failed=0

# holds TEXT COMMAND...: the command says nothing but where the rule is broken.
holds() {
    text=$1
    shift
    if found=$("$@") && [ -z "$found" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "broken: $text"
        echo "$found"
    fi
}

sources() { find grammar compiler runner -name '*.[ch]' 2>/dev/null | LC_ALL=C sort; }

arrows() {
    sources | xargs awk '
    BEGIN { may["grammar"] = " grammar ";               may["base"]   = may["grammar"] "base "
            may["syntax"]  = may["base"] "syntax ";     may["passes"] = may["syntax"] "passes "
            may["driver"]  = may["passes"] "driver ";   may["runner"] = may["base"] "runner " }
    FNR == 1 { n = split(FILENAME, part, "/"); here = part[n - 1] }
    /^#[ \t]*include[ \t]+"/ { split($0, quoted, "\""); n = split(quoted[2], part, "/")
            if (n != 2 || !index(may[here], " " part[1] " "))
                print FILENAME ":" FNR ": " here " includes " quoted[2] }'
}

# only HEADER FILE...: nobody else includes it.
only() {
    header=$1
    shift
    sources | xargs grep -l "^#[[:space:]]*include[[:space:]]*[<\"].*$header" | while read -r file; do
        case " $* " in *" $file "*) ;; *) echo "$file includes $header" ;; esac
    done
}

alone() { ls compiler/passes/*.h | grep -vE '/(pass|resolver|fitting)\.h$'; true; }
no_network() { ldd "$1" | grep -E 'libcurl|libssl|libgnutls'; true; }
no_sockets() { nm -D --undefined-only "$1" | grep -wE 'socket|connect|getaddrinfo'; true; }

holds "a file includes headers of its own layer and of those below, by \"layer/name.h\"" arrows
holds "passes have one header, and work that takes several files one more" alone
holds "passes/resolver.h is for those who resolve references" only 'passes/resolver\.h' \
    $(printf 'compiler/passes/%s.c ' resolve fill lookup builtin template reach)
holds "passes/fitting.h is for those who hold the tree against the tables" only 'passes/fitting\.h' \
    $(printf 'compiler/passes/%s.c ' schema fit limits words)
holds "libfyaml stays behind syntax/yaml.c" only 'libfyaml\.h' compiler/syntax/yaml.c
holds "PCRE2 stays behind syntax/ref.c and base/pattern.c" only 'pcre2\.h' compiler/syntax/ref.c compiler/base/pattern.c
holds "cJSON stays behind base/json.c and those who write JSON" only 'cJSON\.h' compiler/base/json.h \
    compiler/base/json.c compiler/passes/body.c compiler/passes/emit.c $(ls compiler/driver/*.c 2>/dev/null)
holds "only the runner knows libcurl" only 'curl\.h' $(ls runner/*.c 2>/dev/null)
if [ -n "${1:-}" ]; then
    holds "$1 is linked without a network library" no_network "$1"
    case $1 in
    *asan*) ;;                          # the sanitizer's own run-time may open sockets
    *) holds "$1 opens no socket" no_sockets "$1" ;;
    esac
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
