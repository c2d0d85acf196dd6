#!/bin/sh
# needs.sh [test] - sees to it that the libraries are there; installs what is missing where that is allowed.
modules="libfyaml libcjson libpcre2-8"
packages="pkg-config libfyaml-dev libcjson-dev libpcre2-dev"
if [ "${1:-}" = test ]; then
    modules="$modules cmocka"
    packages="$packages libcmocka-dev"
fi

there() { command -v pkg-config >/dev/null 2>&1 && pkg-config --exists $modules 2>/dev/null; }
there && exit 0

# Two of us may be asked at once by a parallel make: the second waits, then finds all in place.
if [ -z "${NEEDS_LOCKED:-}" ] && command -v flock >/dev/null 2>&1; then
    NEEDS_LOCKED=1 exec flock "$0" "$0" "$@"
fi

if [ "$(id -u)" = 0 ]; then
    root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    root="sudo -n"
else
    root=no
fi
if [ "$root" != no ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing $packages" >&2
    install="$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages"
    $install >&2 || { $root apt-get update -q >&2; $install >&2; }
    there && exit 0
fi

echo "libraries are missing; please install them, then run make again:" >&2
echo "    sudo apt-get install $packages" >&2
exit 1
