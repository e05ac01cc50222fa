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

