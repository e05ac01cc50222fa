# --- DNS, SNMP, time: texts reduced to the statements that rules read
# named.conf: its statements, one a line, a zone as one; without comments and what no rule reads, hence
# without keys. A long one goes on in the next line. The mode of a block: 0 nothing of it is kept, 1 the
# statements of KEEP, 2 everything.
# snmpd.conf: who may ask for what; a community only as the facts that rules read of it, a user without
# passphrases. A word never holds a blank: what stands where is as snmpd counts.
# time: where chrony.conf, ntp.conf, openntpd's ntpd.conf and timesyncd.conf say the time comes from.
TEXT=$TEXT'
BEGIN {
  KEEP = "^(acl|options|view|zone|include|type|in-view|directory|version|allow-(transfer|update|new-zones)|" \
    "update-policy|blackhole|listen-on(-v6)?|catalog-zones)$"
}
function row(n, s) { print "line\t" path "\t" n "\t" esc(cut500(s)) }
function reduced(s) {
  if (length(s) > 16384) row(at, "<shortened>")
  else if (class == "snmp") snmp(s)
  else if (class == "time") time(trim(s))
  else { if (at == 1) { deep = inside = 0; mode[0] = fresh = 1 } named(s) }
}
function flush() { if (out != "") row(from, out); out = "" }
function add(t) {
  if (before == "secret" && t !~ /^[{};]$/) t = "<redacted>"
  before = tolower(t)
  if (out == "") from = at
  out = out (out == "" || t == ";" ? "" : " ") t
  if (length(out) > 400) flush()
}
function ended() { if (mode[deep] == 1 && !(deep && first[deep - 1] == "zone")) flush() }
function token(t) {
  if (t == "{") {
    if (kept[deep]) add(t)
    mode[deep + 1] = !kept[deep] ? 0 : mode[deep] == 1 && first[deep] ~ /^(options|view|zone)$/ ? 1 : 2
    kept[++deep] = 0
    fresh = 1
    ended()
    return
  }
  if (t == "}") { if (deep) deep--; fresh = 0 }
  if (fresh) {
    first[deep] = tolower(t)
    kept[deep] = mode[deep] == 2 || (mode[deep] == 1 && first[deep] ~ KEEP)
  } else if (mode[deep] == 1 && first[deep] == "include" && t != ";") included(t)
  if (kept[deep]) add(t)
  fresh = t == ";"
  if (fresh) ended()
}
function included(t) { gsub(/"/, "", t); if (t !~ /[\001-\037]/) print "+" t }
function named(s) {
  while (s != "") {
    if (inside == "*") {
      if (!match(s, /\*\//)) return
      s = substr(s, RSTART + 2); inside = 0
    } else if (inside) { # a string, perhaps begun lines before
      if (!match(s, /^([^"\\]|\\.)*"/)) { word = word s "\n"; return }
      token(word substr(s, 1, RLENGTH)); s = substr(s, RLENGTH + 1); inside = 0
    } else if (s ~ /^(#|\/\/)/) return
    else if (s ~ /^\/\*/) { inside = "*"; s = substr(s, 3) }
    else if (s ~ /^"/) { inside = word = "\""; s = substr(s, 2) }
    else if (match(s, /^[ \t\r\f]+/)) s = substr(s, RLENGTH + 1)
    else if (match(s, /^[{};]/) || match(s, /^([^ \t\r\f{};"#\/]|\/[^ \t\r\f{};"#\/*])+/) || match(s, /^./)) {
      token(substr(s, 1, RLENGTH)); s = substr(s, RLENGTH + 1)
    } else return
  }
}
function words(s,   n, w) {
  split("", W)
  while (match(s, /^[ \t\r]*[^ \t\r]/)) {
    s = substr(s, RLENGTH)
    if (!match(s, /^("([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047)/)) match(s, /^([^ \t\r\\]|\\.|\\$)+/)
    w = substr(s, 1, RLENGTH)
    s = substr(s, RLENGTH + 1)
    if (w ~ /^["\047]/) w = substr(w, 2, length(w) - 2)
    gsub(/\\/, "", w)
    gsub(/[ \t]/, "_", w)
    if (n || w !~ /^\[.*\]$/) W[++n] = w
  }
  return n + 0
}
function community(i,   w) {
  w = W[i]
  if (tolower(w) ~ /^(public|private)$/) w = tolower(w)
  else w = "length=" length(w) (w ~ /[A-Za-z]/ ? ",letters" : "") (w ~ /[0-9]/ ? ",digits" : "") (w ~ /[^A-Za-z0-9]/ ? ",special" : "")
  W[i] = "<community:" w ">"
  return i
}
# A community that stands where a host belongs does not get out either.
function host(i) { if (i in W && W[i] !~ /^(default|localhost|!?[0-9A-Fa-f:.\/]+|.+[.:].+)$/) W[i] = "<name>" }
function snmp(s,   n, d, i) {
  n = words(s)
  d = tolower(W[1])
  if (!n || d ~ /^#/) return
  if (d ~ /^(r[ow]community6?|trapcommunity)$/) { host(3); if (n > 1) community(2) }
  else if (d ~ /^com2sec(6|unix)?$/) {
    i = W[2] !~ /^-Cn/ ? 4 : W[2] == "-Cn" ? 6 : 5
    host(i - 1)
    n = n < i ? 1 : community(i)
  } else if (d == "authcommunity") { host(4); if (n < 3) n = 1; else community(3) }
  else if (d ~ /^(trap2?sink|informsink)$/) { host(2); if (n > 2) n = community(3) }
  else if (d == "trapsess") {
    for (i = 2; i < n && W[i] !~ /^-c/; i++);
    n = 1
    if (W[i] ~ /^-c/) { W[2] = W[i] == "-c" ? W[i + 1] : substr(W[i], 3); n = community(2) }
  } else if (d == "createuser") { if (W[2] == "-e") W[2] = W[4]; n = 2 }
  else if (d == "usmuser") n = 1
  else if (d !~ /^(r[ow]user|authuser|access|agentaddress|include(file|dir))$/) return
  s = W[1]
  for (i = 2; i <= n; i++) s = s " " (W[i] == "" ? "\"\"" : W[i])
  row(at, s)
  s = path
  if (d == "includefile") { if (W[2] ~ /^\// || !sub(/[^\/]*$/, "", s)) s = ""; print "+" s W[2] }
  if (d == "includedir") print "+" W[2] "/*.conf"
}
function time(s,   n, w, d, i) {
  n = split(s, w, /[ \t]+/)
  d = tolower(w[1])
  if (d !~ /^(servers?|pool|peer|refclock|sensor|include(file)?|confdir|sourcedir|\[.*\]|(fallback)?ntp(=.*)?)$/) return
  row(at, s)
  if (d ~ /^include/) print "+" w[2]
  if (d ~ /dir$/) for (i = 2; i <= n; i++) print "+" w[i] (d == "confdir" ? "/*.conf" : "/*.sources")
}'

name_records() {
  including named /etc /etc/named.conf /etc/bind/named.conf
  chroot=/var/named/chroot
  readable $chroot/etc/named.conf || text_failed $chroot/etc/named.conf "$WHY"
  if [ "$WHY" = ok ]; then
    outside=$ROOT ROOT=$ROOT$chroot KNOWN_DIR=/ KNOWN_REAL=''
    including named /etc /etc/named.conf | sed "s|^\([a-z]*$TAB\)/|\1$chroot/|"
    ROOT=$outside KNOWN_DIR=/ KNOWN_REAL=''
  fi
  including snmp /etc/snmp /etc/snmp/snmpd.conf /etc/snmp/snmpd.local.conf /usr/share/snmp/snmpd.conf \
    /usr/share/snmp/snmpd.local.conf /var/lib/snmp/snmpd.conf /var/lib/net-snmp/snmpd.conf
  including time /etc /etc/chrony.conf /etc/chrony/chrony.conf /etc/ntp.conf /etc/ntpsec/ntp.conf \
    /etc/openntpd/ntpd.conf /etc/ntpd.conf /etc/systemd/timesyncd.conf
  for dir_ in /etc /run /usr/local/lib /usr/lib; do
    dir_=$dir_/systemd/timesyncd.conf.d
    directory $dir_
    in_directory text $dir_ '*.conf' time
  done
  # Asking timedatectl starts a service of systemd: only where no other program knows.
  for name in 'chronyc -n sources' 'ntpq -pn' 'timedatectl show -p NTPSynchronized'; do
    case $MODE:$INIT:$name in
    root:* | live:[!r]*:tim*) WHY=skipped ;;
    *:tim*) WHY=skipped; have chronyc || have ntpq || WHY=ok ;;
    *) WHY=ok ;;
    esac
    # shellcheck disable=SC2086 # a command of ours in words
    if [ "$WHY" = ok ]; then run "$name" all $name; else printf 'command\t%s\tskipped\t0\n' "$name"; fi
  done
}
