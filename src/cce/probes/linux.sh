#!/bin/sh
# cce-fleet Linux probe: reads facts about this server's configuration and prints them as one framed
# document (docs/evidence-format.md). It never judges, and it writes no file, not even a temporary one:
# hence no here-document (bash keeps those in /tmp), everything goes through pipes and variables.
#
# Usage: sh linux.sh               this server, live
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

# --- awk library
# esc: the escapes of the format. In the input byte 0x01 stands for what awk cannot hold itself, and
# ESC[1] says for what: NUL in a text (old awks stop there), newline in a name of the walk.
# id: the number of a user or group. redact: values behind names that mean a secret.
LIB='
BEGIN {
  for (i = 1; i < 32; i++) ESC[sprintf("%c", i)] = sprintf("\\x%02x", i)
  ESC["\001"] = "\\x00"; ESC["\177"] = "\\x7f"; ESC["\t"] = "\\t"; ESC["\n"] = "\\n"; ESC["\\"] = "\\\\"
  WORD = "(password|passwd|passphrase|pass|pwd|pw|secret|bindpw|token|community|key|credentials?|bearer)"
  SPACED = WORD "[\"'"'"']?[ \t]*[=: \t][ \t]*"
  EQUALS = WORD "[\"'"'"']?[ \t]*=[ \t]*"
}
function esc(s,   i, c, out) {
  if (s !~ /[\001-\037\177\\]/) return s
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); out = out (c in ESC ? ESC[c] : c) }
  return out
}
function redact(s, names,   low, out, at) {
  gsub(/:\/\/[^\/@ \t]*@/, "://<redacted>@", s)
  low = tolower(s)
  while (match(low, names)) {
    at = RSTART + RLENGTH
    out = out substr(s, 1, at - 1)
    s = substr(s, at)
    if (match(s, /^("[^"]*"?|'"'"'[^'"'"']*'"'"'?|[^ \t;,]+)/)) { s = substr(s, RLENGTH + 1); out = out "<redacted>" }
    low = tolower(s)
  }
  return out s
}
function cut500(s) { return length(s) > 500 ? substr(s, 1, 500) "<shortened>" : s }
function safe(s, names,   more) { # redacted, at most 500 long, shortened visibly
  more = length(s) > 600
  s = redact(substr(s, 1, 600), names)
  return cut500(s) (more && length(s) <= 500 ? "<shortened>" : "")
}
function id(s) { # as the C library reads it: "+0" and " 0" are root too
  if (s !~ /^[ \t]*[-+]?[0-9]+$/) return ""
  s += 0
  if (s < 0) s += 4294967296
  return sprintf("%.0f", s > 4294967295 ? 4294967295 : s)
}
function trim(s) { sub(/^[ \t\r]+/, "", s); sub(/[ \t\r]+$/, "", s); return s }
'

# esc TEXT: sets ESC to TEXT with the escapes of the format.
esc() {
  case $1 in
  *[\\[:cntrl:]]*)
    ESC=$(printf '%s.' "$1" | awk "$LIB"'
      BEGIN { ESC["\001"] = "\\x01" } { printf "%s%s", sep, esc($0); sep = "\\n" }')
    ESC=${ESC%.} ;;
  *) ESC=$1 ;;
  esac
}

problem() { esc "$2"; printf 'problem\t%s\t%s\n' "$1" "$ESC"; }
meta() { esc "$2"; printf 'meta\t%s\t%s\n' "$1" "$ESC"; }

# --- paths
# resolve PATH: follows PATH through symbolic links the way the server itself would, so that an
# absolute link inside a root directory stays inside. Sets WHY (ok, absent, denied, error) and REAL,
# the path without any link, as the server sees it: $ROOT$REAL is what to open.
KNOWN_DIR=/ KNOWN_REAL='' DEAD=''
resolve() {
  todo=$1 REAL='' hops=0 WHY=ok
  case $todo in /*) ;; *) WHY=error; return ;; esac
  # Neighbours are asked for together: start at the directory found last.
  if [ "${todo%/*}" = "$KNOWN_DIR" ]; then
    REAL=$KNOWN_REAL todo=${todo##*/}
    case $todo in . | ..) REAL='' todo=$1 ;; esac
  fi
  while :; do
    while [ "${todo#/}" != "$todo" ]; do todo=${todo#/}; done
    [ -n "$todo" ] || break
    case $todo in
    */*) part=${todo%%/*} todo=${todo#*/} ;;
    *) part=$todo todo='' ;;
    esac
    case $part in
    .) continue ;;
    ..) REAL=${REAL%/*}; continue ;;
    esac
    at=$ROOT$REAL/$part
    case $DEAD in *"$NL$at$NL"*) WHY=error; return ;; esac
    if [ -L "$at" ]; then
      hops=$((hops + 1))
      [ "$hops" -le 40 ] || { WHY=error; return; }
      link=$(readlink "$at" && echo .) || { WHY=error; return; }
      link=${link%"$NL".}
      case $link in /*) REAL='' ;; esac
      todo=$link/$todo
    elif [ -e "$at" ]; then
      REAL=$REAL/$part
    elif [ -d "$ROOT$REAL/" ] && [ ! -x "$ROOT$REAL/" ]; then
      WHY=denied; return
    else
      WHY=absent; return
    fi
  done
  if [ "$hops" = 0 ] && [ "$REAL" = "$1" ]; then KNOWN_DIR=${1%/*} KNOWN_REAL=${REAL%/*}; fi
}

# --- file: owner, mode, type
# files PATH …: one stat for all that exist. stat prints no names, so a name cannot forge anything;
# when a file vanished in between, the counts differ and each is asked alone.
files() {
  shown=''
  for path in "$@"; do
    shift
    resolve "$path"
    esc "$path"
    if [ "$WHY" = ok ]; then
      shown=$shown$ESC$NL
      set -- "$@" "${ROOT}${REAL:-/}"
    else
      printf 'file\t%s\t%s\n' "$ESC" "$WHY"
    fi
  done
  [ $# -gt 0 ] || return 0
  { printf '%s\n' "$shown"; stat -c '%F:%a:%u:%g:%s' "$@" 2>/dev/null; } | pair_stat && return
  for path in "$@"; do
    one=${shown%%"$NL"*}
    shown=${shown#*"$NL"}
    { printf '%s\n\n' "$one"; stat -c '%F:%a:%u:%g:%s' "$path" 2>/dev/null; } | pair_stat ||
      printf 'file\t%s\terror\n' "$one"
  done
}
pair_stat() {
  awk -F: '
    !stats && $0 == "" { stats = 1; next }
    !stats { name[++names] = $0; next }
    { line[++lines] = $0 }
    END {
      if (lines != names) exit 1
      for (i = 1; i <= names; i++) {
        split(line[i], s, ":")
        y = substr(s[1], 1, 2)
        y = y == "re" ? "f" : y == "fi" ? "p" : y == "sy" ? "l" : substr(y, 1, 1) # d c b s
        print "file\t" name[i] "\tok\t" y "\t" s[2] "\t" s[3] "\t" s[4] "\t" s[5]
      }
    }'
}

# --- dir: names
# directory DIR: the dir record; the shell's glob sorts.
directory() {
  resolve "$1"
  esc "$1"
  shown=$ESC
  real=$ROOT$REAL
  if [ "$WHY" = ok ]; then
    if [ ! -d "$real" ]; then WHY=error
    elif ! { [ -r "$real" ] && [ -x "$real" ]; }; then WHY=denied; fi
  fi
  names='' count=0
  for entry in "$real"/.[!.]* "$real"/..?* "$real"/*; do
    if [ "$WHY" != ok ] || ! exists "$entry"; then continue; fi
    count=$((count + 1))
    [ "$count" -le 500 ] || { WHY="cut"; break; }
    esc "${entry##*/}"
    names=$names$TAB$ESC
  done
  printf 'dir\t%s\t%s%s\n' "$shown" "$WHY" "$names"
}
# in_directory FUNCTION DIR PATTERN ARGUMENT …: FUNCTION path ARGUMENT … for each entry that matches.
in_directory() {
  call=$1 dir=$2 pattern=$3
  shift 3
  resolve "$dir"
  [ "$WHY" = ok ] && [ -d "$ROOT$REAL" ] || return 0
  count=0
  for entry in "$ROOT$REAL"/*; do
    count=$((count + 1))
    if [ "$count" -gt 500 ]; then problem "$dir" "more than 500 entries"; return; fi # its dir record is cut
    # shellcheck disable=SC2254 # it is a pattern
    case ${entry##*/} in
    $pattern) exists "$entry" && "$call" "$dir/${entry##*/}" "$@" ;;
    esac
  done
}

# files_of DIR …: the file records of what stands in them, in few calls.
files_of() {
  for dir in "$@"; do
    shift
    resolve "$dir"
    if [ "$WHY" != ok ] || [ ! -d "$ROOT$REAL" ]; then continue; fi
    count=0
    for entry in "$ROOT$REAL"/*; do
      count=$((count + 1))
      [ "$count" -le 500 ] || break # its dir record is cut
      exists "$entry" && set -- "$@" "$dir/${entry##*/}"
    done
  done
  files "$@"
}

# --- text: the lines that rules need
# contents REAL BYTES: the file with NUL as 0x01, then a line of one 0x01: read to the end (or to BYTES).
contents() {
  { limited 10 head -c "$(($2 + 1))" "$ROOT$1" 2>/dev/null && printf '\n\000\n'; } | tr '\000' '\001'
}
# readable PATH: sets WHY as for text. What is no regular file is never opened: a FIFO would block,
# a device could do anything.
readable() {
  resolve "$1"
  [ "$WHY" = ok ] || return
  if [ -d "$ROOT$REAL" ]; then WHY=error
  elif [ ! -f "$ROOT$REAL" ]; then WHY=special
  elif [ ! -r "$ROOT$REAL" ]; then WHY=denied
  fi
  [ "$WHY" = ok ]
}
# Classes of text: conf (comments and blanks left out), joined (the same, continued lines as one), sshd, pam
# and proftpd (the same, and "+name" for what they include), start (of shell code only statements about PATH, TMOUT, umask, autologout and sourced
# files, other assignments without their value), plus (lines with + as +).
TEXT='
BEGIN {
  path = ENVIRON["P"]; class = ENVIRON["C"]; limit = ENVIRON["N"] + 0
  names = class == "pam" || class == "start" ? EQUALS : SPACED # "password" is a type of PAM line, ":" stands in PATH
  KEYWORD = "^[ \t]*(([^ \t]*\\)|if|then|else|elif|do|while|!|[{]|[(])[ \t]*)*"
  # Of configurations that may hold passwords without a name for them, only these lines.
  ONLY["proftpd"] = "^(<\\/?anonymous|(rootlogin|useftpusers|include|displaylogin|displayconnect|serverident)[ \t])"
  ABOUT = "(^|[^a-z_])(path|tmout|umask|autologout|pathmunge)([^a-z_]|$)"
  SETS = KEYWORD "(export|declare|typeset|readonly|setenv|set|unset|local|umask|pathmunge|case|test|\\[|[A-Za-z_][A-Za-z0-9_]*=)"
  SOURCES = KEYWORD "(source|[.])[ \t]+[^ \t]"
}
function put(s) { print "line\t" path "\t" number "\t" esc(safe(s, names)) }
function wanted_only(s,   out, name) {
  while (match(s, /[A-Za-z_][A-Za-z0-9_]*=/)) {
    name = tolower(substr(s, RSTART, RLENGTH - 1))
    out = out substr(s, 1, RSTART + RLENGTH - 1)
    s = substr(s, RSTART + RLENGTH)
    if (!match(s, /^("[^"]*"?|'"'[^']*'?"'|[^ \t]+)/)) continue
    out = out (name ~ /^(path|tmout|umask|autologout)$/ ? substr(s, 1, RLENGTH) : "<redacted>")
    s = substr(s, RLENGTH + 1)
  }
  return out s
}
function statements(s,   n, part, i, out, more) {
  more = length(s) > 4000
  s = substr(s, 1, 4000)
  sub(/[ \t]#.*/, "", s)
  n = split(s, part, /[;&|]+/)
  for (i = 1; i <= n; i++)
    if (part[i] ~ SOURCES || (tolower(part[i]) ~ ABOUT && part[i] ~ SETS))
      out = out (out == "" ? "" : "; ") wanted_only(trim(part[i]))
  return out (more ? "<shortened>" : "")
}
function one(s,   n, w, i) {
  s = trim(s)
  if (class == "pam") sub(/[ \t]*#.*/, "", s)
  if (s == "" || s ~ /^#/) return
  if (class == "plus") { if (index(s, "+")) print "line\t" path "\t" number "\t+"; return }
  if (class == "start") { s = statements(s); if (s != "") put(s); return }
  if (class in ONLY && tolower(s) !~ ONLY[class]) return
  put(s)
  if (class !~ /^(sshd|pam|proftpd)$/) return
  n = split(substr(s, 1, 4000), w, /[ \t=]+/)
  if (class == "sshd" && tolower(w[1]) == "match") print "+match"
  if (class != "pam" && tolower(w[1]) == "include")
    for (i = 2; i <= n; i++) { gsub(/"/, "", w[i]); if (w[i] != "") print "+" w[i] }
  if (class == "pam" && w[1] == "@include" && n > 1) print "+" w[2]
  if (class == "pam" && (w[2] == "include" || w[2] == "substack") && n > 2) print "+" w[3]
}
{
  bytes += length($0) + 1
  last = $0
  if ($0 == "\001") next
  if (joined == "") number = NR
  if (class ~ /^(pam|joined)$/ && length(joined) < 4096 && sub(/\\$/, "")) { joined = joined $0 " "; next }
  one(joined $0)
  joined = ""
}
END {
  if (joined != "") one(joined)
  print "text\t" path "\t" (last != "\001" ? "error" : bytes - 3 > limit ? "cut" : "ok")
}'
text_failed() { esc "$1"; printf 'text\t%s\t%s\n' "$ESC" "$2"; }
# text PATH CLASS
text() {
  if readable "$1"; then
    esc "$1"
    contents "$REAL" "$TEXT_BYTES" | P=$ESC C=$2 N=$TEXT_BYTES awk "$LIB$TEXT"
  else
    text_failed "$1" "$WHY"
  fi
}
texts() { # CLASS PATH …
  class=$1
  shift
  for path in "$@"; do text "$path" "$class"; done
}

# including CLASS BASE PATH …: the texts and everything they include, each once. A queue, because
# sh has no local variables to recurse with.
MATCH=''
including() {
  class=$1 base=$2
  shift 2
  queue='' done_=$NL
  for path in "$@"; do enqueue "$path"; done
  while [ -n "$queue" ]; do
    path=${queue%%"$NL"*}
    queue=${queue#*"$NL"}
    case $path in /*) ;; *) path=$base/$path ;; esac
    case $done_ in *"$NL$path$NL"*) continue ;; esac
    done_=$done_$path$NL
    if [ "${#done_}" -gt 16000 ]; then problem include "too many included files, from $path"; return; fi
    case $path in
    *[*?[]*/*) text_failed "$path" error ;; # a pattern among the directories
    *[*?[]*) in_directory enqueue "${path%/*}" "${path##*/}" ;;
    *) include_one "$path" ;;
    esac
  done
}
enqueue() {
  case $1 in
  *"$NL"*) text_failed "$1" error ;; # the queue cannot hold such a name
  *) queue=$queue$1$NL ;;
  esac
}
include_one() {
  found=$(text "$1" "$class")
  set -f
  IFS=$NL
  for found_line in $found; do
    case $found_line in
    +match) MATCH=yes ;;
    +*) queue=$queue${found_line#+}$NL ;;
    *) printf '%s\n' "$found_line" ;;
    esac
  done
  IFS=" $TAB$NL"
  set +f
}

# --- tables: passwd, shadow, group reduced to what no one can log in with
TABLE='
BEGIN { path = ENVIRON["P"]; limit = ENVIRON["N"] + 0 }
function number(s) { return s ~ /^-?[0-9]+$/ ? s : "" }
function skip() { print "problem\t" path "\tline " NR " is malformed; the system ignores it" }
END { print "table\t" path "\t" (last != "\001" ? "error" : bytes - 3 > limit ? "cut" : "ok") }
{ bytes += length($0) + 1; last = $0 }
$0 == "\001" || /^[ \t]*(#|$)/ { next }'
PASSWD='
NF < 7 || id($3) == "" || id($4) == "" { skip(); next }
{
  password = $2 == "" ? "empty" : $2 == "x" ? "x" : $2 ~ /^[*!]/ ? "locked" : "hash"
  print "account\t" NR "\t" esc($1) "\t" id($3) "\t" id($4) "\t" esc($6) "\t" esc($7) "\t" password
}'
# A hash is named by its crypt(5) prefix, and only by a known one: an unknown could be the password.
SHADOW='
function scheme(s,   p) {
  if (s ~ /^\$/) { split(s, p, "$"); return p[2] ~ /^(1|2|2a|2b|2x|2y|3|5|6|7|y|gy|md5|sha1)$/ ? p[2] : "other" }
  return s ~ /^_[.\/0-9A-Za-z]+$/ && length(s) == 20 ? "bsdi" : s ~ /^[.\/0-9A-Za-z]+$/ && length(s) == 13 ? "des" : "other"
}
NF < 2 { skip(); next }
{
  bare = $2
  sub(/^!+/, "", bare)
  kind = ""
  if ($2 == "") state = "empty"
  else if (bare == "" || bare ~ /^\*/ || bare == "x") state = "none"
  else { state = $2 ~ /^!/ ? "locked" : "set"; kind = scheme(bare) }
  print "shadow\t" NR "\t" esc($1) "\t" state "\t" kind "\t" number($3) "\t" number($4) "\t" number($5)
}'
GROUP='
NF < 3 || id($3) == "" { skip(); next }
{ print "group\t" NR "\t" esc($1) "\t" id($3) "\t" esc($4) }'
table() { # PATH PROGRAM
  if readable "$1"; then
    contents "$REAL" "$TABLE_BYTES" | P=$1 N=$TABLE_BYTES awk -F: "$LIB$TABLE$2"
  else
    printf 'table\t%s\t%s\n' "$1" "$WHY"
  fi
}

passwd() { readable /etc/passwd && contents "$REAL" "$TABLE_BYTES" | awk -F: "$1"; } # AWK
homes() { passwd 'NF > 6 && $6 != "" && !seen[$6]++ { print $6 }'; } # each once, one per line
home_records() {
  homes | {
    set --
    while IFS= read -r home; do
      bare=${home%"${home##*[!/]}"} # without slashes at its end
      set -- "$@" "$home"
      for name in $HOME_FILES; do set -- "$@" "$bare/$name"; done
      if [ $# -gt 150 ]; then files "$@"; set --; fi
    done
    files "$@"
  }
  homes | while IFS= read -r home; do
    bare=${home%"${home##*[!/]}"}
    texts plus "$bare/.rhosts" "$bare/.shosts"
  done
}

# --- units
UNIT_DIRS='/etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system'
UNITS='ssh.service sshd.service ssh.socket sshd.socket telnet.socket inetd.service openbsd-inetd.service
inetutils-inetd.service xinetd.service rlogin.socket rsh.socket rexec.socket nftables.service iptables.service
netfilter-persistent.service firewalld.service ufw.service rsyslog.service syslog-ng.service
finger.socket cfingerd.service vsftpd.service vsftpd.socket proftpd.service proftpd.socket pure-ftpd.service
nfs-server.service nfs-kernel-server.service nfs.service nfs-mountd.service nfs-ganesha.service rpc-statd.service
rpcbind.service rpcbind.socket rpc-rquotad.service rstatd.service rusersd.service autofs.service
ypserv.service ypbind.service ypxfrd.service yppasswdd.service nis.service tftp.socket tftp.service tftpd-hpa.service
atftpd.service talk.socket ntalk.socket snmpd.service cron.service crond.service atd.service
sendmail.service postfix.service postfix@-.service exim4.service exim.service named.service bind9.service
named-chroot.service apache2.service httpd.service nginx.service systemd-journald.service'

unit() { printf 'unit\t%s\t%s\t%s\t%s\n' "$@"; }
units() {
  if [ "$INIT" = running ] && have systemctl; then
    # shellcheck disable=SC2086 # a list of names
    shown=$(limited 10 systemctl show -p LoadState -p UnitFileState -p ActiveState $UNITS 2>/dev/null | UNITS=$UNITS awk '
      BEGIN { n = split(ENVIRON["UNITS"], unit, /[ \n]+/); u = 1 }
      function done(   s, a) {
        a = active ~ /^(active|activating|reloading|refreshing)$/ ? "active" : \
          active ~ /^(inactive|failed)$/ ? active : active == "deactivating" ? "inactive" : "unknown"
        s = file ~ /^enabled/ ? "enabled" : file ~ /^(disabled|linked|indirect|alias)/ ? "disabled" : \
          file ~ /^(static|transient)/ ? "static" : file ~ /^masked/ || load == "masked" ? "masked" : "files"
        # A unit whose file is gone may still run: it is there, and not started at boot.
        if (load == "not-found") s = a == "active" ? "disabled" : "absent"
        out = out unit[u++] "\t" s "\t" a "\n"
        load = file = active = ""
      }
      { value = substr($0, index($0, "=") + 1) }
      /^LoadState=/ { load = value; some = 1 }
      /^UnitFileState=/ { file = value }
      /^ActiveState=/ { active = value }
      $0 == "" && some { done(); some = 0 }
      END { if (some) done(); if (u == n + 1) printf "%s", out }')
    if [ -n "$shown" ]; then
      # "files": systemd made it from an init script; whether it starts at boot stands in rc?.d.
      printf '%s\n' "$shown" | while IFS=$TAB read -r name state active; do
        if [ "$state" = files ]; then unit_state "$name"; state=$STATE; fi
        unit "$name" "$state" "$active" systemctl
      done
      return
    fi
    problem units "systemctl answers nothing; read from files"
  fi
  running=''
  [ "$MODE" = root ] || running=$(daemons)
  # /lib is /usr/lib on most systems; asked once, not for each unit.
  UNIT_DIRS='/etc/systemd/system /run/systemd/system /usr/lib/systemd/system'
  resolve /lib
  [ "$REAL" = /usr/lib ] || UNIT_DIRS="$UNIT_DIRS /lib/systemd/system"
  for name in $UNITS; do
    unit_state "$name"
    unit_active "$name" "$running"
    if [ "$STATE" = absent ] && [ "$ACTIVE" = active ]; then STATE=disabled; fi
    unit "$name" "$STATE" "$ACTIVE" files
  done
}
# unit_state NAME: sets STATE from the unit files and the links that enable them, or the init scripts.
unit_state() {
  STATE=absent names=$1
  for dir in $UNIT_DIRS; do
    resolve "$dir"
    [ "$WHY" = ok ] || continue
    unit=$ROOT$REAL/$1
    if [ -L "$unit" ]; then
      link=$(readlink "$unit")
      case ${link##*/} in
      null) STATE=masked; return ;;
      "$1") ;;
      *) names="$1 ${link##*/}" ;; # an alias: the links name the unit behind it
      esac
    fi
    resolve "$dir/$1"
    [ "$WHY" = absent ] && continue
    if [ "$WHY" != ok ]; then STATE=unknown; return; fi
    if [ ! -s "$ROOT$REAL" ]; then STATE=masked; return; fi
    STATE=static
    if [ "$names" != "$1" ] && [ "$dir" = /etc/systemd/system ]; then STATE=enabled; fi
    break
  done
  [ "$STATE" != absent ] || { init_script "${1%.service}"; return; }
  unit_file=$REAL
  for dir in $UNIT_DIRS; do
    resolve "$dir"
    [ "$WHY" = ok ] || continue
    for wants in "$ROOT$REAL"/*.wants "$ROOT$REAL"/*.requires; do
      [ -L "$wants" ] && continue
      for unit in $names; do
        if exists "$wants/$unit"; then STATE=enabled; fi
      done
    done
  done
  [ "$STATE" = static ] && [ -f "$ROOT$unit_file" ] || return 0
  contents "$unit_file" 65536 | grep '^\[Install]' >/dev/null && STATE=disabled
}
init_script() {
  resolve "/etc/init.d/$1"
  [ "$WHY" = ok ] && [ -f "$ROOT$REAL" ] || return 0
  STATE=disabled
  for dir in /etc/rc2.d /etc/rc3.d /etc/rc4.d /etc/rc5.d /etc/rc.d/rc3.d /etc/rc.d/rc5.d; do
    resolve "$dir"
    [ "$WHY" = ok ] || continue
    for link in "$ROOT$REAL"/S[0-9][0-9]"$1"; do
      if exists "$link"; then STATE=enabled; fi
    done
  done
}
# daemons: which programs behind our units run, where no service manager can say. Only those of our
# own PID namespace: a host also sees the processes of its containers.
daemons() {
  own=$(readlink /proc/self/ns/pid)
  for comm in /proc/[0-9]*/comm; do
    { read -r program <"$comm"; } 2>/dev/null || continue
    case $program in
    sshd | inetd | inetutils-inetd | xinetd | in.telnetd | telnetd | rsyslogd | syslog-ng | firewalld | *ftpd | rpcbind | \
      automount | ypserv | ypbind | snmpd | cron | crond | atd | sendmail | exim4 | exim | named | apache2 | httpd | nginx | \
      rpc.* | cfingerd | in.fingerd | master)
      pid=${comm#/proc/}
      [ "$(readlink "/proc/${pid%/comm}/ns/pid")" = "$own" ] && printf ' %s ' "$program" ;;
    esac
  done
}
# unit_active NAME RUNNING: sets ACTIVE; unknown where nothing can be seen running.
unit_active() {
  ACTIVE=unknown
  [ "$MODE" = live ] || return 0
  case $1 in
  ssh.service | sshd.service) program=sshd ;;
  inetd.service | openbsd-inetd.service) program=inetd ;;
  inetutils-inetd.service | xinetd.service | rsyslog.service | syslog-ng.service | firewalld.service)
    program=${1%.service}
    [ "$program" != rsyslog ] || program=rsyslogd ;;
  telnet.socket) program=telnetd ;;
  bind9.service | named-chroot.service) program=named ;;
  postfix.service) program=master ;;
  sendmail.service) program=sendmail ;;
  tftp.service | tftpd-hpa.service) program=tftpd ;;
  autofs.service) program=automount ;;
  nfs-mountd.service | rpc-statd.service | rpc-rquotad.service) program=rpc.${1#*-} program=${program%.service} ;;
  rstatd.service | rusersd.service | ypxfrd.service | yppasswdd.service) program=rpc.${1%.service} ;;
  cfingerd.service | vsftpd.service | proftpd.service | pure-ftpd.service | rpcbind.service | ypserv.service | \
    ypbind.service | atftpd.service | snmpd.service | cron.service | crond.service | atd.service | exim4.service | \
    exim.service | named.service | apache2.service | httpd.service | nginx.service) program=${1%.service} ;;
  *) return 0 ;;
  esac
  ACTIVE=inactive
  case $2 in *" $program "* | *" in.$program "*) ACTIVE=active ;; esac
}

# --- commands: effective values, live only
# Classes of output: all, path (nothing is redacted), sshd (only keys that rules read).
OUTPUT='
BEGIN { name = ENVIRON["P"]; class = ENVIRON["C"]; limit = ENVIRON["N"] + 0
  SSHD = "^(permitrootlogin|port|passwordauthentication|permitemptypasswords|usepam|clientaliveinterval|clientalivecountmax|banner|protocol|loglevel|maxauthtries|x11forwarding|ignorerhosts|hostbasedauthentication|allowusers|allowgroups|denyusers|denygroups)$" }
function one(s,   w) {
  if (index(s, "Missing privilege separation directory")) missing = s
  s = trim(s)
  if (s == "") return
  split(s, w, /[ \t]+/)
  if (class == "sshd" && tolower(w[1]) !~ SSHD) return
  if (++printed > limit) return
  print "output\t" name "\t" (NR - 1) "\t" esc(class == "path" ? s : safe(s, SPACED))
}
NR > 1 { one(before) }
{ before = $0 }
END {
  status = substr(before, 2) + 0
  if (before !~ /^\001[0-9]+$/) { result = "error"; status = 255 }
  else result = status == 0 ? (printed > limit ? "cut" : "ok") : status == 124 || status == 137 ? "timeout" : "error"
  print "command\t" name "\t" result "\t" status
  if (result != "ok") print "problem\t" name "\t" (missing != "" ? "Missing privilege separation directory" : \
    result == "cut" ? printed " lines, " limit " shown" : "exit status " status)
}'
# outputs NAME CLASS: the records of what stands on standard input; ended STATUS is its last line.
outputs() { tr '\000' '\001' | P=$1 C=$2 N=400 awk "$LIB$OUTPUT"; }
ended() { printf '\n\000%s\n' "$1"; }
run() { # NAME CLASS PROGRAM ARGUMENT …
  run_name=$1 run_class=$2
  shift 2
  if ! have "$1"; then printf 'command\t%s\tabsent\t127\n' "$run_name"; return; fi
  program=$(command -v "$1") # sshd wants to be called by its full path
  shift
  {
    # Only sshd says on standard error what is wrong, and only its output is filtered by keys.
    if [ "$run_class" = sshd ]; then exec 2>&1; fi
    limited 10 "$program" "$@" </dev/null
    ended $?
  } | outputs "$run_name" "$run_class"
}
commands() {
  for name in 'nft list ruleset' 'iptables -S' 'firewall-cmd --list-all-zones' 'ufw status' 'ss -lntu' 'sshd -T' \
    'root PATH' 'root umask' 'getent unowned'; do
    # shellcheck disable=SC2086 # a command of ours in words
    case $MODE:$name in
    root:*) printf 'command\t%s\tskipped\t0\n' "$name" ;;
    *sshd*) run "$name" sshd $name ${MATCH:+-C user=root,host=localhost,addr=127.0.0.1} ;;
    *:root* | *getent*) ;;
    *) run "$name" all $name ;;
    esac
  done
  [ "$MODE" = root ] || login_shell
}
# login_shell: PATH and umask as root gets them: root's shell as a login shell, with the little that
# login itself sets (umask 022 unless something says otherwise). What the start files print before is not ours, only the marked lines are.
login_shell() {
  shell=$(passwd '$1 == "root" { print ($7 == "" ? "/bin/sh" : $7); exit }')
  WHY=ok
  case ${shell##*/} in sh | bash | dash | ksh | ksh93 | mksh | zsh) [ -x "$shell" ] || WHY=absent ;; *) WHY=skipped ;; esac
  [ "$(id -u)" = 0 ] || WHY=skipped
  if [ "$WHY" != ok ]; then
    for what in PATH umask; do printf 'command\troot %s\t%s\t0\n' "$what" "$WHY"; done
    return
  fi
  first=$(cat /etc/environment /etc/login.defs 2>/dev/null | awk '
    /^[ \t]*PATH=/ { sub(/^[^=]*=/, ""); gsub(/"/, ""); env = $0 }
    $1 == "ENV_SUPATH" { sub(/^[^=]*PATH=/, ""); defs = $0 }
    END { print env != "" ? env : defs }')
  answer=$(umask 022; limited 10 env -i HOME=/root USER=root LOGNAME=root SHELL="$shell" TERM=dumb HISTFILE=/dev/null \
    PATH="${first:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" \
    "$shell" -l -c 'printf "\n:cce:PATH:%s\n:cce:umask:%s\n" "$PATH" "$(umask)"' </dev/null 2>/dev/null)
  status=$?
  for what in PATH umask; do
    { printf '%s\n' "$answer" | sed -n "s/^:cce:$what://p" | tail -n 1; ended "$status"; } | outputs "root $what" path
  done
}

# --- the walk over the file systems
# dead_mounts: network and FUSE mounts that do not answer; resolve keeps away, or it would hang there.
dead_mounts() {
  [ "$MODE" = live ] || return 0
  mounts | sed -n 's/^foreign //p' | while IFS= read -r mount; do
    limited 5 stat -f "$mount" </dev/null >/dev/null 2>&1 || printf '%s\n' "$mount"
  done
}
PRUNED='/proc /sys /var/lib/docker /var/lib/containerd /var/lib/containers /var/lib/kubelet'
# mounts: from mountinfo, "start DIR" for each local file system, "prune DIR" for a bind mount of a part
# that is walked elsewhere, "foreign DIR" for what belongs to others (network, FUSE).
mounts() {
  PRUNED=$PRUNED awk '
  BEGIN { FOREIGN = "^(fuse|nfs|cifs|smb|9p|ceph|gluster|lustre|afs|autofs)" }
  function plain(s,   at, out) { # \040 and the like
    while (match(s, /\\[0-7][0-7][0-7]/)) {
      at = substr(s, RSTART + 1, 3)
      out = out substr(s, 1, RSTART - 1) sprintf("%c", substr(at, 1, 1) * 64 + substr(at, 2, 1) * 8 + substr(at, 3, 1))
      s = substr(s, RSTART + RLENGTH)
    }
    return out s
  }
  function below(dir, top) { return dir == top || top == "/" || index(dir, top "/") == 1 }
  function owner(dir, but,   m, best) { # the mount that dir is on
    for (m in top) if (m != but && below(dir, m) && length(m) > length(best)) best = m
    return best
  }
  function local_(m) {
    if (type[m] ~ /^(ext[234]|xfs|btrfs|zfs|jfs|f2fs|reiserfs|bcachefs)$/) return 1
    if (m == "/") return type[m] !~ FOREIGN
    return type[m] == "tmpfs" && m ~ /^\/(tmp|var|home|root|srv|opt|usr|etc)(\/|$)/ && m !~ /^\/var\/(run|lock)(\/|$)/
  }
  function visit(m,   i, j, alias, p) {
    for (i = 1; i <= pruned; i++) if (below(m, cut[i])) return
    p = owner(m, m)
    for (j in walked) if (dev[j] == dev[m] && below(root[m], root[j])) {
      alias = root[m] == root[j] ? j : (j == "/" ? "" : j) substr(root[m], root[j] == "/" ? 1 : length(root[j]) + 1)
      if (alias == m) { walked[m] = 1; return } # mounted on itself: find goes in
      if (owner(alias, "") == j) { print "prune " m; return }
    }
    # find goes on into the same device; btrfs subvolumes look so here, but not to find.
    if (type[m] == "btrfs" || !(p in walked) || dev[p] != dev[m]) print "start " m
    walked[m] = 1
  }
  {
    for (i = 7; i < NF; i++) if ($i == "-") break
    m = plain($5)
    if (index(m, "\n")) { print "lost"; next }
    top[m] = 1; dev[m] = $3; root[m] = plain($4); type[m] = $(i + 1)
  }
  END {
    pruned = split(ENVIRON["PRUNED"], cut, " ")
    for (m in top) {
      if (length(m) > longest) longest = length(m)
      if (type[m] ~ FOREIGN) print "foreign " m
    }
    # The shortest first: parents before children.
    for (i = 1; i <= longest; i++) for (m in top) if (length(m) == i && local_(m)) visit(m)
  }' /proc/self/mountinfo
}
# known uid|gid TABLE: find's test for an owner that the server's own table has, as ranges. (-nouser
# would ask the name service for every file, and in a root directory the wrong table.) 0 comes first.
known() {
  readable "$2" || return 1
  contents "$REAL" "$TABLE_BYTES" | awk -F: "$LIB"'
    id($3) != "" { print id($3) }
    { last = $0; bytes += length($0) + 1 }
    END { if (last != "\001" || bytes > '"$TABLE_BYTES"') print -1 }' | sort -n -u | awk -v "by=-$1" '
    function range(   t) {
      if (from == to) t = by " " from
      else if (from == 0) t = by " -" (to + 1)
      else t = "( " by " +" (from - 1) " " by " -" (to + 1) " )"
      out = out (out == "" ? "" : " -o ") t
    }
    $1 < 0 { bad = 1; exit }
    NR > 1 && $1 == to + 1 { to = $1; next }
    NR > 1 { range() }
    { from = to = $1 }
    END { if (NR && !bad) { range(); print out } else exit 1 }'
}
glob_quoted() { printf '%s' "$1" | sed 's/[][*?\\]/\\&/g'; }

# hits: what find printed (records end with 0x0a, names have 0x01 for a newline), then a line with how
# it ended, as hit and walk records; of unowned files the pairs of owners too.
HITS_OF='
BEGIN {
  FS = "\t"; ESC["\001"] = "\\n"; limit = ENVIRON["N"] + 0; prefix = ENVIRON["ROOT"]
  kinds = split(ENVIRON["KINDS"], kind, " ")
  n = split(ENVIRON["STARTS"], s, "\n"); for (i = 1; i <= n; i++) start[s[i]] = 1
}
$1 == "ended" { why = $2; next }
{
  at = length($1 $2 $3 $4 $5) + 6
  path = substr($0, at)
  # A mount point shows up in the file system it stands in and as the start of its own.
  if (path in start && twice[$1, path]++) next
  total[$1]++
  # Of each pair of unknown owners the first few: getent may know some of them after all.
  if ($1 == "unowned" && (!(($4, $5) in pair) && ++pairs > 500 || ++pair[$4, $5] > 40)) next
  if (listed[$1] >= limit) next
  listed[$1]++
  path = substr(path, length(prefix) + 1)
  print "hit\t" $1 "\t" $2 "\t" $3 "\t" $4 "\t" $5 "\t" (path == "" ? "/" : esc(path))
}
END {
  for (p in pair) { split(p, w, SUBSEP); print "pair\t" w[1] "\t" w[2] "\t" pair[p] }
  for (k = 1; k <= kinds; k++) {
    split(kind[k], w, ":")
    status = w[2] != "" ? w[2] : why == "" ? "failed" : why
    if (status == "ok" && listed[w[1]] < total[w[1]]) status = "cut"
    print "walk\t" w[1] "\t" status "\t" (total[w[1]] + 0)
  }
}'
# find_all SECONDS ARGUMENT …: runs find and says how it ended. Its errors are counted in the inner
# pipe; files that vanish meanwhile and mount points of others are none.
find_all() {
  seconds=$1
  shift
  {
    ended=$({ { limited "$seconds" find "$@" 2>&3; echo "exit $?" >&3; } | tr '\001\n\000' '\002\001\n' >&4; } 3>&1 | awk '
      BEGIN { n = split(ENVIRON["FOREIGN"], f, "\n"); for (i = 1; i <= n; i++) foreign[f[i]] = 1 }
      /^exit [0-9]+$/ { status = $2; next }
      { name = $0; sub(/^find: .?/, "", name); sub(/.?: [^:]*$/, "", name) }
      name in foreign || /No such file or directory$/ { forgiven++; next }
      /Permission denied$/ { denied++; next }
      { other++ }
      END {
        if (status >= 124) print "timeout"
        else if (status == "" || other || (status && !denied && !forgiven)) print "failed"
        else print (denied ? "denied" : "ok")
      }')
    printf 'ended\t%s\n' "$ended"
  } 4>&1
}
FORMAT='\t%y\t%m\t%U\t%G\t%p\0'
walk() {
  if ! find /dev/null -prune -printf '' 2>/dev/null; then
    problem walk "this find has no -printf"
    for kind in suid world_writable unowned dev_file; do printf 'walk\t%s\tfailed\t0\n' "$kind"; done
    [ "$MODE" = root ] || printf 'command\tgetent unowned\tskipped\t0\n'
    return
  fi
  if [ "$MODE" = root ]; then plan="start ${ROOT:-/}"; else plan=$(mounts); fi
  STARTS='' FOREIGN='' prunes='' lost='' unowned=''
  case $ROOT in *"$NL"*) plan=lost ;; esac
  set -f
  IFS=$NL
  for step in $plan; do
    case $step in
    'start '*) [ -d "${step#start }" ] && STARTS=$STARTS${step#start }$NL ;; # a mounted file is seen from its parent
    'prune '*) prunes=$prunes${step#prune }$NL ;;
    'foreign '*) FOREIGN=$FOREIGN${step#foreign }$NL ;;
    *) lost=:failed ;; # a mount whose name cannot be told
    esac
  done
  [ -n "$STARTS" ] || lost=:failed
  # shellcheck disable=SC2086 # one word for each line
  set -- ${STARTS:-/nonexistent} -ignore_readdir_race -xdev -type d '('
  for prune in $prunes; do set -- "$@" -path "$(glob_quoted "$prune")" -o; done
  IFS=' '
  root_quoted=$(glob_quoted "$ROOT")
  for prune in $PRUNED; do set -- "$@" -path "$root_quoted$prune" -o; done
  uids=$(known uid /etc/passwd) || unowned=:failed
  gids=$(known gid /etc/group) || unowned=:failed
  [ -z "$unowned" ] || uids=-true gids=-true
  # shellcheck disable=SC2086 # tests made of digits
  set -- "$@" -false ')' -prune -o \
    '(' -type f '(' -perm -4000 -o -perm -2000 ')' -printf "suid$FORMAT" , \
    -type f -perm -0002 -printf "world_writable$FORMAT" , \
    '(' ! '(' $uids ')' -o ! '(' $gids ')' ')' -printf "unowned$FORMAT" ')'
  IFS=" $TAB$NL"
  set +f
  export STARTS FOREIGN ROOT N KINDS
  N=$HITS
  KINDS="suid$lost world_writable$lost unowned${unowned:-$lost}"
  find_all "$WALK_SECONDS" "$@" | awk "$LIB$HITS_OF" | known_after_all
  KINDS=dev_file
  resolve /dev
  dev=$(glob_quoted "$ROOT$REAL")
  case $WHY in
  absent) printf 'walk\tdev_file\tok\t0\n' ;;
  ok) find_all 60 "$ROOT$REAL" -xdev -type d '(' -path "$dev/shm" -o -path "$dev/mqueue" -o -path "$dev/hugepages" ')' -prune \
    -o -type f -printf "dev_file$FORMAT" | awk "$LIB$HITS_OF" ;;
  *) printf 'walk\tdev_file\t%s\t0\n' "$WHY" ;;
  esac
}
# known_after_all: drops unowned hits whose owners the name service (LDAP, SSSD) knows, and asks it for
# each unknown number once, not for each file.
unknown() { awk -v "c=$1" '$1 == "pair" && !seen[$c]++ && ++n <= 200 { print $c }'; }
known_after_all() {
  found=$(cat)
  uids=$(printf '%s\n' "$found" | unknown 2)
  gids=$(printf '%s\n' "$found" | unknown 3)
  names=''
  if [ "$MODE" = root ]; then :
  elif [ -z "$uids" ]; then
    printf 'command\tgetent unowned\tok\t0\n'
  elif ! have getent; then
    printf 'command\tgetent unowned\tabsent\t127\n'
  else
    # shellcheck disable=SC2086 # numbers
    users=$(limited 10 getent passwd $uids </dev/null)
    status=$?
    # shellcheck disable=SC2086
    groups=$(limited 10 getent group $gids </dev/null)
    worst=$?
    [ "$worst" -gt "$status" ] || worst=$status
    [ "$worst" != 2 ] || worst=0 # not all are known
    names=$(printf '%s\n' "$users" | awk -F: 'NF > 2 { print "uid:" $3 ":" $1 }'
      printf '%s\n' "$groups" | awk -F: 'NF > 2 { print "gid:" $3 ":" $1 }')
    { printf '%s\n' "$names"; ended "$worst"; } | outputs 'getent unowned' path
  fi
  printf '%s\n' "$found" | NAMES=$names awk -F '\t' '
    BEGIN { n = split(ENVIRON["NAMES"], line, "\n")
      for (i = 1; i <= n; i++) { split(line[i], w, ":"); if (w[1] == "uid") user[w[2]] = 1; else group[w[2]] = 1 } }
    { line[NR] = $0 }
    $1 == "pair" && $2 in user && $3 in group { less += $4 }
    END {
      for (i = 1; i <= NR; i++) {
        split(line[i], w, "\t")
        if (w[1] == "pair" || (w[1] == "hit" && w[2] == "unowned" && w[5] in user && w[6] in group)) continue
        if (w[1] == "walk" && w[2] == "unowned") line[i] = w[1] "\t" w[2] "\t" w[3] "\t" w[4] - less
        print line[i]
      }
    }'
}

# --- everything in order
HOME_FILES='.profile .kshrc .cshrc .tcshrc .bashrc .bash_profile .bash_login .bash_logout .login .exrc .netrc .zshrc
.zprofile .rhosts .shosts'
FIXED_FILES='/etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/hosts /etc/inetd.conf /etc/xinetd.conf /etc/syslog.conf
/etc/rsyslog.conf /etc/syslog-ng/syslog-ng.conf /etc/services /etc/hosts.lpd /etc/hosts.equiv /bin/su /usr/bin/su
/usr/sbin/sshd /etc/security /usr/bin/crontab /etc/crontab /etc/cron.allow /etc/cron.deny /usr/bin/at /etc/at.allow
/etc/at.deny /etc/exports /usr/sbin/postsuper'
FILES_OF='/etc/xinetd.d /etc/rsyslog.d /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly
/var/spool/cron /var/spool/cron/crontabs'
FTP_LISTS='/etc/ftpusers /etc/ftpd/ftpusers /etc/vsftpd.ftpusers /etc/vsftpd/ftpusers /etc/vsftpd.user_list
/etc/vsftpd/user_list'
PAM='login sshd su su-l passwd remote common-auth common-account common-password common-session
common-session-noninteractive system-auth password-auth postlogin other vsftpd'

# metas: who this is. INIT is "running" where systemd answers.
metas() {
  meta mode "$MODE"
  meta euid "$(id -u)"
  INIT=none
  if [ "$MODE" = live ]; then
    meta hostname "$(uname -n)"
    meta kernel "$(uname -r)"
    if [ -d /run/systemd/system ]; then INIT=running
    elif read -r program </proc/1/comm && [ "$program" = init ]; then INIT=other; fi
  else
    readable /etc/hostname && meta hostname "$(contents "$REAL" 256 | sed -n 1p)"
    for path in /usr/lib/systemd/systemd /lib/systemd/systemd /sbin/init; do
      resolve "$path"
      [ "$WHY" = ok ] || continue
      INIT=other
      case $path in */systemd) INIT=systemd; break ;; esac
    done
  fi
  case $INIT in running) meta init systemd ;; *) meta init "$INIT" ;; esac
  path=/etc/os-release
  readable "$path" || readable /usr/lib/os-release || { problem os-release "$WHY"; return; }
  contents "$REAL" 16384 | awk "$LIB"'
    BEGIN { key["ID"] = "id"; key["ID_LIKE"] = "id_like"; key["VERSION_ID"] = "version_id"; key["PRETTY_NAME"] = "pretty" }
    { at = index($0, "="); name = substr($0, 1, at - 1) }
    name in key { value = cut500(trim(substr($0, at + 1))); gsub(/^["'"'"']|["'"'"']$/, "", value)
      print "meta\tos." key[name] "\t" esc(value); delete key[name] }'
}
collect() {
  printf 'cce\t1\t%s\n' "$VERSION"
  meta started "$(date +%s)"
  metas
  DEAD=$(dead_mounts)
  if [ -n "$DEAD" ]; then
    problem mounts "no answer from $DEAD"
    DEAD=$NL$DEAD$NL
  fi
  table /etc/passwd "$PASSWD"
  table /etc/shadow "$SHADOW"
  table /etc/group "$GROUP"
  # shellcheck disable=SC2086 # lists of names without blanks, here and below
  files $FIXED_FILES $FTP_LISTS
  # shellcheck disable=SC2086
  files_of $FILES_OF
  for dir_ in $FILES_OF /etc/pam.d /etc/ssh/sshd_config.d /etc/profile.d /etc/security/pwquality.conf.d \
    /etc/exports.d; do directory "$dir_"; done
  home_records
  pam_files=''
  for name in $PAM; do pam_files="$pam_files /etc/pam.d/$name"; done
  # shellcheck disable=SC2086
  including pam /etc/pam.d $pam_files
  texts conf /etc/security/pwquality.conf /etc/security/faillock.conf /etc/security/pwhistory.conf /etc/login.defs \
    /etc/securetty /etc/hosts.allow /etc/hosts.deny /etc/inetd.conf /etc/cron.allow /etc/cron.deny /etc/at.allow \
    /etc/at.deny /etc/vsftpd.conf /etc/vsftpd/vsftpd.conf /etc/pure-ftpd/pure-ftpd.conf /etc/pure-ftpd/conf/NoAnonymous \
    /etc/pure-ftpd/conf/MinUID
  # shellcheck disable=SC2086
  texts conf $FTP_LISTS
  texts joined /etc/exports
  in_directory text /etc/exports.d '*.exports' joined
  including proftpd /etc/proftpd /etc/proftpd/proftpd.conf /etc/proftpd.conf
  in_directory text /etc/security/pwquality.conf.d '*.conf' conf
  in_directory text /etc/xinetd.d '*' conf
  texts plus /etc/hosts.equiv
  texts start /etc/profile /etc/bashrc /etc/bash.bashrc /etc/environment /etc/csh.cshrc /etc/csh.login
  in_directory text /etc/profile.d '*' start
  home=$(passwd '$1 == "root" { print $6; exit }')
  home=${home%"${home##*[!/]}"}
  for name in .profile .bash_profile .bash_login .bashrc .cshrc .tcshrc .login .zshrc; do text "$home/$name" start; done
  texts conf /etc/nftables.conf /etc/iptables/rules.v4 /etc/iptables/rules.v6 /etc/sysconfig/iptables \
    /etc/ufw/ufw.conf /etc/ufw/user.rules /etc/firewalld/firewalld.conf
  in_directory text /etc/firewalld/zones '*.xml' conf
  including sshd /etc/ssh /etc/ssh/sshd_config
  units
  commands
  walk
  meta finished "$(date +%s)"
}

# --- the frame
if have gzip; then ENCODING='gzip+base64'; else ENCODING=base64; fi
pack() { if [ "$ENCODING" = base64 ]; then base64; else gzip -9 -n -c | base64; fi; }
unpack() { if [ "$ENCODING" = base64 ]; then base64 -d; else base64 -d | gzip -d -c; fi; }
# finish: adds the last record, but only to records that came to their end.
finish() { awk '{ print; last = $0 } END { if (last ~ /^meta\tfinished\t/) print "end\t" NR }'; }
framed() {
  size=$(printf '%s\n' "$1" | unpack | wc -c)
  sum=$(printf '%s\n' "$1" | unpack | sha256sum)
  printf '%s\n' "-----BEGIN CCE EVIDENCE 1 $ENCODING bytes=$((size)) sha256=${sum%% *}-----" "$1" '-----END CCE EVIDENCE 1-----'
}
# compact HITS OUTPUTS LINES FILES ROWS: the records with at most so many of each list; what lost some
# says so in its status, which stands behind the list.
compact() {
  MOST=$1 awk -F '\t' '
    BEGIN { split(ENVIRON["MOST"], most, " ") }
    function keep(key, limit) { if (++count[key] <= limit) print; else lost[key] = 1 }
    $1 == "hit" { keep("walk" $2, most[1]); next }
    $1 == "output" { keep("command" $2, most[2]); next }
    $1 == "line" { keep("text" $2, most[3]); next }
    $1 == "file" { keep("file", most[4]); next }
    $1 == "account" { keep("table/etc/passwd", most[5]); next }
    $1 == "shadow" { keep("table/etc/shadow", most[5]); next }
    $1 == "group" { keep("table/etc/group", most[5]); next }
    ($1 $2) in lost && $3 == "ok" { sub(/\tok/, "\tcut") }
    $1 == "text" && $2 ~ /\/[.].hosts$/ { keep("hosts", most[4]); next }
    $1 != "end"' | finish
}
full=$(collect 2>/dev/null | finish | pack)
room=$((BUDGET - 250)) # for the lines around it
if [ "${#full}" -gt "$room" ]; then
  for most in '60 150 300 99999 9999' '20 60 100 3500 9999' '20 60 100 1800 9999' '10 40 60 800 2000' '4 20 30 300 500' \
    '1 5 10 100 100' '0 0 0 40 0'; do
    short=$(printf '%s\n' "$full" | unpack | compact "$most" | pack)
    if [ "${#short}" -le "$room" ]; then framed "$short"; break; fi
  done
fi
framed "$full"
