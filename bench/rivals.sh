#!/bin/sh
# Makes the root directory that bench/speed.py measures on, with the rivals installed in it (as root):
#
#   rivals.sh ROOT BENCH
#
# ROOT is the `default` root of lab/roots/build.sh. BENCH becomes a copy of it with Lynis and OpenSCAP from Debian 12 and
# the SCAP content of trixie: Debian 12's own has no content for Debian 12. Only Debian's packages are downloaded; nothing is started.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../lab/roots/debian.sh
. "$here/../lab/roots/debian.sh"

[ $# -eq 2 ] || fail 'usage: rivals.sh ROOT BENCH'
[ "$(id -u)" -eq 0 ] || fail 'a root directory needs root; run it as root'
[ -e "$1/etc/debian_version" ] || fail "$1 holds no Debian; make it with lab/roots/build.sh"
if [ -e "$2/usr/share/xml/scap/ssg/content/ssg-debian12-ds.xml" ]; then
    printf '%s\n' "up to date: $2"
    exit 0
fi
rm -rf "$2" "$2.part"
mkdir -p "$(dirname "$2")"
cp -a "$1" "$2.part"
# A kernel as a server has: without one OpenSCAP takes the root for a container and most rules do not apply.
install_packages "$2.part" linux-image-cloud-amd64 logrotate lynis openscap-scanner
cp /etc/resolv.conf "$2.part/etc/resolv.conf"
# Only this one package of trixie; its list is gone again before anything is measured.
printf 'deb http://deb.debian.org/debian trixie main\n' >"$2.part/etc/apt/sources.list.d/trixie.list"
{
    in_root "$2.part" apt-get update &&
        in_root "$2.part" sh -c 'cd /tmp && apt-get download ssg-debian/trixie && dpkg -x ssg-debian_*.deb / && rm ssg-debian_*.deb'
} >"$2.part.log" 2>&1 || fail "the SCAP content of trixie could not be had; see $2.part.log"
rm -rf "$2.part/etc/apt/sources.list.d/trixie.list" "$2.part/var/lib/apt/lists"
printf 'nameserver 10.111.0.2\n' >"$2.part/etc/resolv.conf"
mv "$2.part" "$2"
printf '%s\n' "made: $2"
