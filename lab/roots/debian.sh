# shellcheck shell=sh
# Debian packages in a root directory, without starting anything. Read by the scripts that build roots and images.
LIMIT=600 # seconds, for each step that downloads

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 2
}

# install_packages ROOT PACKAGE...
install_packages() {
    root=$1
    shift
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    # Without /proc it fails, and with it the scripts of packages that stop their daemon (sendmail's).
    mv "$root/sbin/start-stop-daemon" "$root/sbin/start-stop-daemon.real"
    printf '#!/bin/sh\n' >"$root/sbin/start-stop-daemon"
    chmod 755 "$root/sbin/start-stop-daemon"
    {
        in_root "$root" apt-get update &&
            in_root "$root" apt-get install --yes --no-install-recommends \
                -o Dpkg::Options::=--force-unsafe-io "$@" &&
            in_root "$root" apt-get clean
    } >"$root.log" 2>&1 || {
        tail -n 5 "$root.log" >&2
        fail "installing $* failed or took more than $LIMIT seconds; the end of its output is above"
    }
    mv "$root/sbin/start-stop-daemon.real" "$root/sbin/start-stop-daemon"
    rm -f "$root/usr/sbin/policy-rc.d"
    # The name server of the machine that built it is nobody's business.
    printf 'nameserver 10.111.0.2\n' >"$root/etc/resolv.conf"
}

in_root() {
    root=$1
    shift
    timeout "$LIMIT" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        CCE_LAB_ROOT=building chroot "$root" "$@"
}
