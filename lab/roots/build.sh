#!/bin/sh
# Builds Debian 12 root directories as real servers would have them, to be probed.
#
#   build.sh BASE OUT [ROOT...]     (as root)
#
# BASE is a cached minimal Debian 12; debootstrap makes it when it is missing. OUT gets one directory per
# ROOT (all when none is named): the states default, hardened and misconfigured of a server without network services but sshd, and, as
# SET-STATE, of the three sets of services below. What was configured in them, and what an
# assessment must therefore say, stands in tests/data/roots/*.yaml.
#
# Packages are installed once for each set and copied for each state. A root is built again only when its scripts, its packages or the base changed.
# Only Debian's packages are downloaded; nothing is started: policy-rc.d forbids it, and no service manager runs in a chroot.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=debian.sh
. "$here/debian.sh"
STATES='default hardened misconfigured'
SETS='office edge legacy'

say() {
    printf '%s\n' "$*"
}

# packages NAME: what is installed for 'server' (all roots), for a set, or for one state of the server without services.
packages() {
    case $1 in
        server) printf '%s' 'systemd systemd-sysv libpam-systemd dbus openssh-server rsyslog cron at sudo nftables netbase procps iproute2' ;;
        default) ;;
        hardened) printf '%s' 'libpam-pwquality chrony' ;;
        misconfigured) printf '%s' 'libpam-pwquality xinetd inetutils-telnetd systemd-timesyncd' ;;
        office) printf '%s' 'apache2 postfix bind9 vsftpd snmpd nfs-kernel-server samba chrony autofs' ;;
        edge) printf '%s' 'nginx exim4-daemon-light proftpd-core proftpd-mod-crypto ntpsec tftpd-hpa xinetd rpcbind ufw' ;;
        legacy) printf '%s' 'sendmail-bin sendmail-cf pure-ftpd openbsd-inetd inetutils-telnetd talkd fingerd rsh-redone-server nis iptables-persistent systemd-timesyncd' ;;
    esac
}

# every_root: the names of all roots.
every_root() {
    for state in $STATES; do
        say "$state"
        for set in $SETS; do
            say "$set-$state"
        done
    done
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

# digest BASE WORDS [FILE...]: changes whenever what is made of them must be made again.
digest() {
    status=$1/var/lib/dpkg/status words=$2
    shift 2
    {
        cat "$here/debian.sh" "$status" "$@"
        say "$words"
    } | sha256sum | cut -d ' ' -f 1
}

# installed BASE OUT NAME FROM: the directory OUT/.NAME is a copy of FROM with the packages of NAME.
installed() {
    tree=$2/.$3
    packed=$(digest "$1" "$(packages server) $(packages "$3")")
    [ "$(cat "$tree.digest" 2>/dev/null)" = "$packed" ] && return 0
    say "installing the packages of $3"
    rm -rf "$tree" "$tree.digest"
    cp -a --reflink=auto "$4" "$tree"
    # shellcheck disable=SC2046 # a list of words
    install_packages "$tree" $(packages "$3")
    say "$packed" >"$tree.digest"
}

# build BASE OUT ROOT
build() {
    target=$2/$3 state=${3##*-} set=
    [ "$state" = "$3" ] || set=${3%-*}
    scripts="$here/states/common.sh $here/states/$3.sh"
    # As the packages come: the same script for every set.
    [ "$set-$state" = "$set-default" ] && scripts="$here/states/common.sh $here/states/default.sh"
    # shellcheck disable=SC2086 # a list of files
    wanted=$(digest "$1" "$3 $(packages server) $(packages "$set") $(packages "$state")" $scripts)
    if [ -d "$target" ] && [ "$(cat "$target.digest" 2>/dev/null)" = "$wanted" ]; then
        say "$3: up to date in $target"
        return 0
    fi
    installed "$1" "$2" server "$1"
    [ -z "$set" ] || installed "$1" "$2" "$set" "$2/.server"
    rm -rf "$target" "$target.part" "$target.part.log" "$target.digest"
    cp -a --reflink=auto "$2/.${set:-server}" "$target.part"
    # shellcheck disable=SC2046 # a list of words
    [ -n "$set" ] || [ -z "$(packages "$state")" ] || install_packages "$target.part" $(packages "$state")
    # shellcheck disable=SC2086 # a list of files
    { say "ROOT=debian12-$3" && cat $scripts; } | in_root "$target.part" /bin/sh -eu >"$target.part.log" 2>&1 || {
        tail -n 5 "$target.part.log" >&2
        fail "configuring $3 failed; the half-made root is $target.part"
    }
    rm -rf "$target.part/var/lib/apt/lists" # 80 MB that no test looks at
    mv "$target.part" "$target"
    say "$wanted" >"$target.digest"
    rm -f "$target.part.log"
    say "$3: built in $target"
}

[ $# -ge 2 ] || fail 'usage: build.sh BASE OUT [ROOT...]'
[ "$(id -u)" -eq 0 ] || fail 'owners, modes and device files need root; run it as root'
base=$1 out=$2
shift 2
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(every_root)
for name in "$@"; do
    every_root | grep -qxF -e "$name" || fail "there is no root '$name'; the roots are: $(every_root | tr '\n' ' ')"
done
mkdir -p "$out" "$(dirname "$base")"
# Tests that run side by side want the same roots; one builds them, the others find them built.
exec 9>"$out/.lock"
flock --timeout 900 9 || fail "another build in $out did not end within 900 seconds"
make_base "$base"
for name in "$@"; do
    build "$base" "$out" "$name"
done
say "done: $* in $out"
