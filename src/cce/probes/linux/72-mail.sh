# --- mail servers: of their configurations the settings that rules read, and no other
# Classes: main.cf (of each wanted parameter, and of those that its value names, the setting that counts),
# networks (of the tables that mynetworks names the addresses), master.cf (the SMTP servers), sendmail.cf,
# access (what may relay), exim (macros and conditions resolved as exim does it), dc (of Debian's exim).
MAIL='
BEGIN {
  path = ENVIRON["P"]; class = ENVIRON["C"]; limit = ENVIRON["N"] + 0
  PARAMETER = "^(mynetworks_style|relay_domains|mydestination|virtual_(alias|mailbox)_domains|disable_vrfy_command|smtpd_banner|inet_interfaces|compatibility_level|multi_instance_directories|mua_.*|.*net(work)?s|.*_restrictions)$"
  OPTION = "^(hide[ \t]+)?((no_|not_)?(prod|queue_list)_requires_admin|acl_smtp_(rcpt|vrfy|expn)|local_interfaces|smtp_banner|hostlist|domainlist)([ \t=]|$)"
  VERB = "^(accept|defer|deny|discard|drop|require|warn)([ \t]|$)"
  ASIDE = "^((log_)?message|logwrite|log_reject_target|control|set|(add|remove)_header|delay|continue)[ \t=]"
}
function put(s) {
  print "line\t" path "\t" number "\t" esc(redact(substr(s, 1, 4000), EQUALS)) (length(s) > 4000 ? "<shortened>" : "")
}
function parameters(   i, j, n, s, w, more) { # a banner is prose: only what stands behind $ is a name
  do {
    more = 0
    for (i = 1; i <= settings; i++) if (name[i] in wanted && last_of[name[i]] == i && !(i in shown)) {
      shown[i] = more = 1
      number = line_of[i]
      put(text[i])
      s = substr(text[i], 1, 4000)
      if (name[i] == "smtpd_banner") { gsub(/[$][({]?/, "$", s); n = split(s, w, "$"); for (j = 1; j <= n; j++) sub(/[^A-Za-z0-9_].*/, "", w[j]) }
      else n = split(s, w, /[^A-Za-z0-9_]+/)
      for (; n; n--) wanted[w[n]] = 1
    }
  } while (more && ++passes < 10)
}
function cf(s) {
  if (s ~ /^S/) ruleset = tolower(s)
  if (tolower(s) ~ /^o[ \t]+(priv|daemonp|smtpg)/ || s ~ /^Op|^Kaccess|^[FC](R|[{]R[}])/ ||
    (ruleset ~ /check_rcpt/ && s ~ /^R\$\*[ \t]+\$#error/) || (ruleset ~ /relay_ok/ && s ~ /^R<\?>.*\$=w.*RELAY.*FROM/)) put(s)
}
function expand(s,   i, at, out) { # each macro in the order of the definitions, and not again in its own text
  found = 0
  for (i = 1; i <= macros && length(s) < 8000; i++) {
    for (out = ""; (at = index(s, macro[i])) && length(out) < 8000; found = 1) {
      out = out substr(s, 1, at - 1) meaning[macro[i]]
      s = substr(s, at + length(macro[i]))
    }
    s = out s
  }
  return s
}
function physical(s,   k) { # a line of the file: a condition, a macro, or part of a logical line
  if (s ~ /^[.]([ei]|el)[fsnl]/ && match(s, /^[.][a-z]+/)) {
    k = substr(s, 1, RLENGTH)
    expand(substr(s, RLENGTH + 1))
    if (k ~ /^[.]ifn?def$/) { depth++; ever[depth] = taken[depth] = k == (found ? ".ifdef" : ".ifndef"); off += !taken[depth]; return "" }
    if (k ~ /^[.]e(lifn?def|lse|ndif)$/ && depth) {
      off -= !taken[depth]
      if (k == ".endif") { depth--; return "" }
      taken[depth] = !ever[depth] && (k == ".else" || k == (found ? ".elifdef" : ".elifndef"))
      ever[depth] += taken[depth]
      off += !taken[depth]
      return ""
    }
  }
  if (off) return ""
  if (joined != "" || !match(s, /^[A-Z][A-Za-z0-9_]*[ \t]*==?/)) return expand(s)
  k = substr(s, 1, RLENGTH)
  s = trim(expand(substr(s, RLENGTH + 1)))
  sub(/[ \t]*=+$/, "", k)
  if (!(k in meaning)) macro[++macros] = k
  if (macros > 500) many = 1
  meaning[k] = s
  return ""
}
function exim(s,   k, verb) {
  if (s ~ /^begin[ \t]/) { section = trim(substr(s, 6)); return }
  if (section == "" && s ~ OPTION) {
    put(s)
    if (s ~ /acl_smtp_/) { k = trim(substr(s, index(s, "=") + 1)); gsub(/"/, "", k); need[k] = 1 }
  }
  if (section == "acl" && s ~ /^[A-Za-z0-9_]+[ \t]*:$/) {
    k = s
    sub(/[ \t]*:$/, "", k)
    if (inside = k in need) put("acl " k)
  } else if (s ~ /^[.]include/) {
    if (section == "" || (section == "acl" && inside)) put(s)
  } else if (section == "acl" && inside) {
    verb = match(s, VERB) ? substr(s, 1, RLENGTH) : ""
    s = trim(substr(s, length(verb) + 1))
    s = trim(trim(verb) " " (s ~ ASIDE ? "" : s))
    if (s != "") put(cut500(s))
  }
}
function logical(s,   at) {
  if (class == "sendmail.cf") cf(s)
  else if (class == "exim") exim(s)
  else if (class == "master.cf") { if (s ~ /^([^ \t]+[ \t]+)(unix-dgram|unix|inet|fifo|pass)[ \t].*[ \t]smtpd([ \t]|$)/) put(s) }
  else if (class == "access") { if (tolower(s) ~ /^[^ \t#]+[ \t]+relay$/) put(s) }
  else if (class == "networks") { if (match(s, /^!?[][0-9a-fA-F.:]+(\/[0-9.]+)?/) && substr(s, 1, RLENGTH) ~ /[.:]/) put(substr(s, 1, RLENGTH)) }
  else if (class == "dc") { if (s ~ /^dc_(relay_nets|relay_domains|local_interfaces|eximconfig_configtype)=/) put(s) }
  else if ((at = index(s, "="))) {
    if (settings >= 5000) { many = 1; return }
    name[++settings] = trim(substr(s, 1, at - 1))
    last_of[name[settings]] = settings
    if (name[settings] ~ PARAMETER) wanted[name[settings]] = 1
    text[settings] = s; line_of[settings] = number
  }
}
{ bytes += length($0) + 1; last = s = $0 }
s == "\001" || s ~ /^[ \t]*$/ || (class != "sendmail.cf" && s ~ /^[ \t]*#/) { next }
class == "exim" {
  if (joined == "") number = NR
  s = physical(trim(s))
  more = sub(/\\$/, "", s)
  joined = joined s
  if (!more || length(joined) > 8000) { if (joined != "") exim(joined); joined = "" }
  next
}
class ~ /f$/ && s ~ /^[ \t]/ && joined != "" { if (length(joined) < 20000) joined = joined " " trim(s); next }
{ if (joined != "") logical(joined); joined = trim(s); number = NR }
END {
  if (joined != "") logical(joined)
  parameters()
  print "text\t" path "\t" (last != "\001" ? "error" : bytes - 3 > limit || many ? "cut" : "ok")
}'
mail_text() { # CLASS PATH …
  class=$1
  shift
  for path in "$@"; do
    if readable "$path"; then
      esc "$path"
      contents "$REAL" "$TEXT_BYTES" | P=$ESC C=$class N=$TEXT_BYTES awk "$LIB$MAIL"
    else
      text_failed "$path" "$WHY"
    fi
  done
}
networks_of() { # RECORDS: the tables that their values of mynetworks and the like name
  set -f
  IFS=" ,$NL" count=0
  for path in $(printf '%s\n' "$1" | sed -n 's/^line[^=]*net[^=]*s *=//p'); do
    path=${path#!}
    case ${path#*:} in
    /*) count=$((count + 1))
      [ "$count" -gt 10 ] || mail_text networks "${path#*:}" ;;
    esac
  done
  IFS=" $TAB$NL"
  set +f
}
mail_records() {
  postfix=$(mail_text main.cf /etc/postfix/main.cf)
  printf '%s\n' "$postfix"
  case $postfix in line*) networks_of "$postfix" ;; esac
  mail_text master.cf /etc/postfix/master.cf
  mail_text sendmail.cf /etc/mail/sendmail.cf /etc/sendmail.cf
  mail_text access /etc/mail/access
  texts conf /etc/mail/relay-domains
  mail_text exim /etc/exim4/exim4.conf /var/lib/exim4/config.autogenerated /etc/exim/exim.conf
  mail_text dc /etc/exim4/update-exim4.conf.conf
}
