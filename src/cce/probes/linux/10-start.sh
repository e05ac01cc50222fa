#!/bin/sh
# cce-fleet Linux probe: reads facts about this server's configuration and prints them as one framed
# document (docs/evidence-format.md). It never judges, and it writes no file, not even a temporary one:
# hence no here-document (bash keeps those in /tmp), everything goes through pipes and variables.
#
# Usage, where linux.sh is what `cce probe` prints:
#        sh linux.sh               this server, live
#        sh linux.sh --root DIR    a root directory (image, chroot, mounted disk); runs nothing of it
# Environment: CCE_ROOT as --root, CCE_BUDGET characters of output, CCE_WALK_SECONDS for the file walk
#
# POSIX sh (dash, bash, busybox). Text of the server only ever is data: in quoted variables, through
# pipes, or in the environment of awk (-v would interpret backslashes); it is never evaluated.
# Two closing braces never stand together: an SSM document would read them as its own.
# shellcheck disable=SC2016 # the code in single quotes is awk's

set -u
VERSION=1.0.0
unalias -a
unset GZIP GREP_OPTIONS POSIXLY_CORRECT BASH_ENV ENV CDPATH TZ TMPDIR
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
IFS=' 	
'
NL='
'
TAB='	'
umask 077

ROOT=${CCE_ROOT:-}
case ${1:-} in
'') ;;
--root)
  ROOT=${2:-}
  if [ -z "$ROOT" ]; then echo "linux.sh: --root needs a directory" >&2; exit 2; fi ;;
*) echo "linux.sh: unknown argument; usage: sh linux.sh [--root DIR]" >&2; exit 2 ;;
esac
MODE=live
if [ -n "$ROOT" ]; then
  MODE=root
  ROOT=$(CDPATH='' cd -- "$ROOT" 2>/dev/null && pwd -P && echo .) ||
    { echo "linux.sh: the root directory cannot be entered" >&2; exit 2; }
  ROOT=${ROOT%"$NL".}
  ROOT=${ROOT%/}
fi
cd / || exit 2

BUDGET=${CCE_BUDGET:-24000}
WALK_SECONDS=${CCE_WALK_SECONDS:-300}
case $BUDGET$WALK_SECONDS in *[!0-9]*) echo "linux.sh: CCE_BUDGET and CCE_WALK_SECONDS are numbers" >&2; exit 2 ;; esac
TEXT_BYTES=262144   # of one text; more is status cut
TABLE_BYTES=2097152 # of passwd, shadow, group: 30,000 accounts
HITS=200            # listed of one kind of the walk; all are counted

# The server's own work goes first.
renice -n 19 $$ >/dev/null 2>&1
ionice -c 3 -p $$ >/dev/null 2>&1

for tool in awk base64 find head sed sha256sum sort stat timeout tr wc; do
  command -v "$tool" >/dev/null || { echo "linux.sh: this server has no $tool" >&2; exit 3; }
done

exists() { [ -e "$1" ] || [ -L "$1" ]; } # or dangles
have() { command -v "$1" >/dev/null 2>&1; }
limited() { timeout -s KILL "$@"; } # seconds, command …

