# --- tables: passwd, shadow, group reduced to what no one can log in with
TABLE='
BEGIN { path = ENVIRON["P"]; limit = ENVIRON["N"] + 0 }
function number(s) { return s ~ /^-?[0-9]+$/ ? s : "" }
# A hash is named by its crypt(5) prefix, and only by a known one: an unknown could be the password.
function scheme(s,   p) {
  if (s ~ /^\$/) { split(s, p, "$"); return p[2] ~ /^(1|2|2a|2b|2x|2y|3|5|6|7|y|gy|md5|sha1)$/ ? p[2] : "other" }
  return s ~ /^_[.\/0-9A-Za-z]+$/ && length(s) == 20 ? "bsdi" : s ~ /^[.\/0-9A-Za-z]+$/ && length(s) == 13 ? "des" : "other"
}
function skip() { print "problem\t" path "\tline " NR " is malformed; the system ignores it" }
END { print "table\t" path "\t" (last != "\001" ? "error" : bytes - 3 > limit ? "cut" : "ok") }
{ bytes += length($0) + 1; last = $0 }
$0 == "\001" || /^[ \t]*(#|$)/ { next }'
PASSWD='
NF < 7 || id($3) == "" || id($4) == "" { skip(); next }
{
  password = $2 == "" ? "empty" : $2 == "x" ? "x" : $2 ~ /^[*!]/ ? "locked" : "hash:" scheme($2)
  print "account\t" NR "\t" esc($1) "\t" id($3) "\t" id($4) "\t" esc($6) "\t" esc($7) "\t" password
}'
SHADOW='
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
      texts plus "$bare/.rhosts" "$bare/.shosts"
    done
    files "$@"
    read_texts
  }
}

