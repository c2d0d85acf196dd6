#!/bin/sh
# needs.sh [test] - sees to it that the libraries are there; installs what is missing where that is allowed.
#
# NEEDS_INSTALL=no: nothing is installed. What the tests can do without is tried for once.
modules="libfyaml libcjson libpcre2-8"
packages="pkg-config libfyaml-dev libcjson-dev libpcre2-dev"
tried=$(dirname "$0")/../build/.extras
if [ "${1:-}" = test ]; then
    modules="$modules cmocka"
    packages="$packages libcmocka-dev"
fi

there() { command -v pkg-config >/dev/null 2>&1 && pkg-config --exists $modules 2>/dev/null; }
extras() {
    command -v pre-commit >/dev/null 2>&1 || echo pre-commit
    python3 -c 'import jsonschema' 2>/dev/null || echo python3-jsonschema
    python3 -c 'import yaml' 2>/dev/null || echo python3-yaml
}
done_with() { [ "$1" != test ] || [ -e "$tried" ]; }
there && done_with "${1:-}" && exit 0

# Two of us may be asked at once by a parallel make: the second waits, then finds all in place.
if [ -z "${NEEDS_LOCKED:-}" ] && command -v flock >/dev/null 2>&1; then
    NEEDS_LOCKED=1 exec flock "$0" "$0" "$@"
fi

root=no
if [ "${NEEDS_INSTALL:-}" = no ] || ! command -v apt-get >/dev/null 2>&1; then
    :
elif [ "$(id -u)" = 0 ]; then
    root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    root="sudo -n"
fi
# install PACKAGE...: false when that is not allowed or fails.
install() {
    [ "$root" != no ] || return 1
    echo "installing $*" >&2
    install="$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $*"
    $install >&2 || { $root apt-get update -q >&2; $install >&2; }
}

there || install $packages
if ! there; then
    echo "libraries are missing; please install them, then run make again:" >&2
    echo "    sudo apt-get install $packages" >&2
    exit 1
fi
if ! done_with "${1:-}"; then
    mkdir -p "$(dirname "$tried")"
    : >"$tried"
    missing=$(extras)
    [ -z "$missing" ] || install $missing || echo "some tests are skipped: there is no" $missing >&2
fi
exit 0
