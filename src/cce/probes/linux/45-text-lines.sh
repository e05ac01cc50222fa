# --- text: the lines of a file that rules need, by its class
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
# Classes of text: conf (comments and blanks left out), joined (the same, continued lines as one), sshd, pam, samba
# and proftpd (the same, and "+name" for what they include), vsftpd, pure and value (conf; as sshd and proftpd also
# "+=name" for the file of a banner), banner (the first lines, "#" begins no comment), start (of shell code only statements about PATH, TMOUT, umask, autologout and sourced
# files, other assignments without their value), plus (lines with + as +), rsyslog and syslog-ng (which messages
# go where, without what a destination logs in with; includes too), journald and logrotate (how long logs stay).
TEXT='
BEGIN {
  limit = ENVIRON["N"] + 0; end = "\001" ENVIRON["NONCE"]
  CONDITION = "^(if|else|and|or|not|then|[{}])"
  KEYWORD = "^[ \t]*(([^ \t]*\\)|if|then|else|elif|do|while|!|command|builtin|[{]|[(])[ \t]*)*"
  # Of configurations that may hold passwords without a name for them, only these lines.
  ONLY["proftpd"] = "^(<\\/?(anonymous|global|virtualhost|limit|if[a-z]+)|loadmodule[ \t]+mod_(tls|sftp|wrap2?)[.]|" \
    "(rootlogin|useftpusers|include|displaylogin|displayconnect|serverident|define|port|tlsengine|tlsrequired|sftpengine|" \
    "wrapengine|order|(allow|deny)(all|user|group|class)?)([ \t]|$))"
  ONLY["samba"] = "^(\\[|(guestok|public|guestonly|onlyguest|guestaccount|maptoguest|nullpasswords|restrictanonymous|" \
    "serverrole|available|path|directory|copy|include|config(file|backend)|registryshares|(in)?validusers|" \
    "usershare(allowguests|maxshares|path))=)"
  ONLY["vsftpd"] = "^((anonymous|local|userlist|ssl)_enable|userlist_(file|deny)|listen_port|pam_service_name|ftpd_banner|banner_file|tcp_wrappers|implicit_ssl|" \
    "allow_anon_ssl|force_(local|anon)_(logins|data)_ssl)="
  ONLY["pure"] = "^(noanonymous|minuid|tls|fortunesfile)[ \t]"
  ONLY["usershare"] = "^(path|guest_ok)="
  ONLY["options"] = "[ \"'"'"'=]-d[a-z_]"
  ONLY["rsyslog"] = "^([$](includeconfig|ruleset|modload)[ \t]|(include|action|ruleset|module)[ \t]*\\(|(if|else|and|or|not|then|call|stop)([ \t(]|$)|[]{})&:]|[a-z_.]+[ \t]*=[ \t]*[\"'"'"']|[*a-z0-9][*a-z0-9, \t]*[.])"
  ONLY["syslog-ng"] = "^(@include|log|filter|facility|level|and|or|not)[ \t({\"]"
  ONLY["journald"] = "^(storage|forwardtosyslog|maxlevelstore|maxretentionsec|systemmaxuse)[ \t]*="
  ONLY["logrotate"] = "^(/var/|rotate|hourly|daily|weekly|monthly|yearly|maxage)"
  ABOUT = "(^|[^a-z_])(path|tmout|umask|autologout|pathmunge)([^a-z_]|$)"
  SETS = KEYWORD "(export|declare|typeset|readonly|setenv|set|unset|local|umask|pathmunge|case|test|\\[|[A-Za-z_][A-Za-z0-9_]*[+]?=)"
  SOURCES = KEYWORD "(source|[.])[ \t]+[^ \t]"
}
function put(s) { print "line\t" path "\t" number "\t" esc(safe(s, names)) }
function wanted_only(s,   out, name, value) {
  while (match(s, /[A-Za-z_][A-Za-z0-9_]*[+]?=/)) {
    name = tolower(substr(s, RSTART, RLENGTH - 1))
    sub(/[+]$/, "", name)
    out = out substr(s, 1, RSTART + RLENGTH - 1)
    s = substr(s, RSTART + RLENGTH)
    if (!match(s, /^("[^"]*"?|'"'[^']*'?"'|[^ \t]+)/)) continue
    value = substr(s, 1, RLENGTH) # of a umask too: u=rwx,g=rx
    out = out (name ~ /^(path|tmout|umask|autologout)$/ || (name ~ /^[ugoa]+$/ && value ~ /^[rwxugoa,=]+$/) ? value : "<redacted>")
    s = substr(s, RLENGTH + 1)
  }
  return out s
}
function syslogged(s,   out, name, quote) { # of parameters those that name what and where, of modules but omusrmsg the name
  if (s ~ /^:/) { sub(/,.*/, "", s); return s }
  if (tolower(s) ~ /^([$]modload|module)/) { # its name, and whether it leaves the socket alone
    s = tolower(s)
    out = s ~ /syssock[.]use[ \t]*=[ \t]*["'"'"']off/ ? " syssock.use=\"off\"" : ""
    if (!match(s, /^[$]modload[ \t]+[a-z0-9_.]+|load[ \t]*=[ \t]*["'"'"'][a-z0-9_.]+/)) return ""
    s = substr(s, RSTART, RLENGTH)
    sub(/.*[^a-z0-9_.]/, "", s)
    return "module(load=\"" s "\"" out ")"
  }
  if (match(s, /:om[a-z0-9]*:/) && substr(s, RSTART, RLENGTH) != ":omusrmsg:") s = substr(s, 1, RSTART + RLENGTH - 1)
  if (s !~ CONDITION) sub(/[ \t]>.*/, " >", s)
  while (match(s, /[A-Za-z_.]+[ \t]*=[ \t]*["'"'"']/)) {
    out = out substr(s, 1, RSTART - 1)
    name = substr(s, RSTART, RLENGTH)
    quote = substr(name, RLENGTH)
    s = substr(s, RSTART + RLENGTH)
    if (quote == "\"") match(s, /^([^"\\]|\\.)*/)
    else match(s, /^([^'"'"'\\]|\\.)*/)
    if (tolower(name) ~ /^(type|file|dynafile|target|name|load|syssock.use)[ \t=]/) out = out name substr(s, 1, RLENGTH) quote
    s = substr(s, RLENGTH + 2)
  }
  s = out s
  if (s ~ CONDITION && tolower(s) !~ /syslogfacility|prifilt|=/) gsub(/"[^"]*"|'"'[^']*'"'/, "_", s)
  return s
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
function spaceless(s,   at) { # Samba reads "Guest OK" and "guestok" as the same name
  at = index(s, "=")
  if (at) { name = substr(s, 1, at); gsub(/[ \t]/, "", name); s = name substr(s, at + 1) }
  return s
}
function secretive(s,   n, w, i) {
  if (s ~ /[$][0-9a-z]+[$]|PRIVATE KEY/) return 1
  n = split(s, w, /[^A-Za-z0-9+\/]+/)
  for (i = 1; i <= n; i++) if (length(w[i]) >= 40) return 1
  return 0
}
function one(s,   n, w, i, key) {
  if (class ~ /^(named|snmp|time)$/) { reduced(s); return } # 73-names.sh
  s = trim(s)
  if (class == "pam") sub(/[ \t]*#.*/, "", s)
  if (class == "banner" && s != "") { # a hash or a key is no warning: the wrong file was named
    if (++shown <= 40) put(secretive(s) ? "<redacted>" : s)
    return
  }
  if (s == "" || s ~ /^#/ || (class == "samba" && s ~ /^;/)) return
  if (class == "plus") { if (index(s, "+")) print "line\t" path "\t" number "\t+"; return }
  if (class == "start") {
    s = statements(s)
    if (s != "") put(s)
    while (match(s, /(^|[ \t])([.]|source)[ \t]+["'"'"']?\/(etc|opt|usr\/local)\/[A-Za-z0-9_.\/-]+/)) {
      key = substr(s, RSTART, RLENGTH)
      s = substr(s, RSTART + RLENGTH)
      sub(/^[^\/]*/, "", key)
      print "+" key
    }
    return
  }
  key = tolower(class == "samba" ? spaceless(s) : s)
  if (class in ONLY && key !~ ONLY[class]) {
    if (class != "rsyslog") return
    gsub(/"([^"\\]|\\.)*"/, "", s); gsub(/[^{}]/, "", s) # where blocks begin and end
    if (s == "") return
  }
  if (class == "rsyslog") s = syslogged(substr(s, 1, 2000))
  if (class == "syslog-ng" && s !~ /^@/) { sub(/(destination|source)[ \t]*[{].*/, "{", s); gsub(/"[^"]*"|'"'[^']*'"'/, "_", s) }
  if (s == "") return
  put(s)
  if (class == "rsyslog" && match(tolower(s), /^([$]includeconfig[ \t]+|include.*file[ \t]*=[ \t]*["'"'"'])/)) {
    s = substr(s, RLENGTH + 1); sub(/["'"'"' \t;)].*/, "", s); if (s != "") print "+" s
  }
  if (class == "syslog-ng" && split(s, w, "\"") > 1 && s ~ /^@include/) print "+" w[2]
  if (class !~ /^(sshd|pam|proftpd|samba|vsftpd|pure|value)$/) return
  n = split(substr(s, 1, 4000), w, /[ \t=]+/)
  if (class == "samba") {
    if (key ~ /^(include|configfile)=/) print "+" trim(substr(s, index(s, "=") + 1))
    return
  }
  if (path ~ /\/FortunesFile$/) { print "+=" w[1]; return }
  if (class != "pam" && tolower(w[1]) ~ /^(banner|banner_file|displayconnect|displaylogin|fortunesfile)$/) {
    gsub(/"/, "", w[2])
    print "+=" w[2]
  }
  if (class == "sshd" && tolower(w[1]) == "match") print "+match"
  if (class != "pam" && tolower(w[1]) == "include")
    for (i = 2; i <= n; i++) { gsub(/"/, "", w[i]); if (w[i] != "") print "+" w[i] }
  if (class == "pam" && w[1] == "@include" && n > 1) print "+" w[2]
  if (class == "pam" && (w[2] == "include" || w[2] == "substack") && n > 2) print "+" w[3]
}
function begin(   w) {
  split(header[++file], w, "\t")
  class = w[1]; path = w[2]; joined = ""; bytes = at = shown = 0
  names = class == "rsyslog" ? "\001\001" : class ~ /^(pam|start|banner)$/ ? EQUALS : SPACED # "password" is a type of PAM line, ":" stands in PATH
}
function finish(status) {
  if (joined != "") one(joined)
  flush()
  print "text\t" path "\t" status
  if (file < files) begin(); else file++
}
!begun && $0 == "" { begun = 1; begin(); next }
!begun { header[++files] = $0; next }
$0 == end { finish(bytes - 1 > limit ? "cut" : "ok"); next }
$0 == end "!" { finish("error"); next }
{
  bytes += length($0) + 1
  at++
  if (joined == "") number = at
  if (class ~ /^(pam|joined|samba|rsyslog)$/ && length(joined) < 4096 && sub(/\\$/, "")) { joined = joined $0 " "; next }
  one(joined $0)
  joined = ""
}
END { while (begun && file <= files) finish("error") }'
