#!/bin/sh
# Builds Debian 12 root directories as real servers would have them, to be probed.
#
#   build.sh BASE OUT [STATE...]     (as root)
#
# BASE is a cached minimal Debian 12; debootstrap makes it when it is missing. OUT gets one directory per
# STATE: default, hardened, misconfigured (all three when none is named). What was configured in them, and what an
# assessment must therefore say, stands in tests/data/roots/*.yaml.
#
# A state is built again only when its script, this one or the base changed. Only Debian's packages are downloaded; nothing is
# started: policy-rc.d forbids it, and no service manager runs in a chroot.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=debian.sh
. "$here/debian.sh"
STATES='default hardened misconfigured'
# What a Debian server has beside the minimal system.
SERVER='systemd systemd-sysv libpam-systemd dbus openssh-server rsyslog cron at sudo nftables netbase procps iproute2'

say() {
    printf '%s\n' "$*"
}

# packages STATE: what that state installs beside SERVER.
packages() {
    case $1 in
        default) ;;
        hardened) printf '%s' 'libpam-pwquality' ;;
        misconfigured) printf '%s' 'libpam-pwquality xinetd inetutils-telnetd' ;;
        *) fail "there is no state '$1'; the states are: $STATES" ;;
    esac
}

make_base() {
    [ -e "$1/etc/debian_version" ] && return 0
    command -v debootstrap >/dev/null ||
        fail "$1 holds no Debian and debootstrap is missing; install the package debootstrap, or name a base"
    say "making the base in $1 (about 30 seconds)"
    rm -rf "$1.part"
    timeout "$LIMIT" debootstrap --variant=minbase bookworm "$1.part" >"$1.log" 2>&1 ||
        fail "debootstrap failed or took more than $LIMIT seconds; its output is in $1.log"
    mv "$1.part" "$1"
}

# digest BASE STATE: changes whenever the state must be built again.
digest() {
    {
        cat "$here/build.sh" "$here/debian.sh" "$here/states/$2.sh" "$here/states/common.sh" "$1/var/lib/dpkg/status"
    } | sha256sum | cut -d ' ' -f 1
}

# server_root BASE OUT: the packages that all states share, installed once.
server_root() {
    server=$2/.server
    [ "$(cat "$server.digest" 2>/dev/null)" = "$(digest "$1" common)" ] && return 0
    say 'installing the packages of a server'
    rm -rf "$server" "$server.digest"
    cp -a "$1" "$server"
    # shellcheck disable=SC2086 # a list of words
    install_packages "$server" $SERVER
    digest "$1" common >"$server.digest"
}

# build BASE OUT STATE
build() {
    target=$2/$3
    if [ -d "$target" ] && [ "$(cat "$target.digest" 2>/dev/null)" = "$(digest "$1" "$3")" ]; then
        say "$3: up to date in $target"
        return 0
    fi
    server_root "$1" "$2"
    rm -rf "$target" "$target.part" "$target.part.log" "$target.digest"
    cp -a "$2/.server" "$target.part"
    extra=$(packages "$3")
    # shellcheck disable=SC2086 # a list of words
    [ -z "$extra" ] || install_packages "$target.part" $extra
    cat "$here/states/common.sh" "$here/states/$3.sh" | in_root "$target.part" /bin/sh -eu ||
        fail "configuring $3 failed; the half-made root is $target.part"
    rm -rf "$target.part/var/lib/apt/lists" # 80 MB that no test looks at
    mv "$target.part" "$target"
    digest "$1" "$3" >"$target.digest"
    rm -f "$target.part.log"
    say "$3: built in $target"
}

[ $# -ge 2 ] || fail 'usage: build.sh BASE OUT [STATE...]'
[ "$(id -u)" -eq 0 ] || fail 'owners, modes and device files need root; run it as root'
base=$1 out=$2
shift 2
[ $# -gt 0 ] || set -- default hardened misconfigured
for state in "$@"; do
    packages "$state" >/dev/null
done
mkdir -p "$out" "$(dirname "$base")"
# Tests that run side by side want the same roots; one builds them, the others find them built.
exec 9>"$out/.lock"
flock --timeout 900 9 || fail "another build in $out did not end within 900 seconds"
make_base "$base"
for state in "$@"; do
    build "$base" "$out" "$state"
done
say "done: $* in $out"
