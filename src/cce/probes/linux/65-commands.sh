# --- commands: effective values, live only
# Classes of output: all, path (nothing is redacted), sshd (only keys that rules read), nft (without the tables that
# iptables keeps in it, and prints itself).
OUTPUT='
BEGIN { name = ENVIRON["P"]; class = ENVIRON["C"]; limit = ENVIRON["N"] + 0
  SSHD = "^(permitrootlogin|port|passwordauthentication|permitemptypasswords|usepam|clientaliveinterval|clientalivecountmax|banner|protocol|loglevel|maxauthtries|x11forwarding|ignorerhosts|hostbasedauthentication|allowusers|allowgroups|denyusers|denygroups)$" }
function one(s,   w) {
  if (index(s, "Missing privilege separation directory")) missing = s
  if (class == "nft" && s ~ /^# Warning: table .* is managed by iptables-nft/) { managed = 1; return }
  if (managed) { if (s ~ /^}/) managed = 0; return }
  s = trim(s)
  if (s == "") return
  split(s, w, /[ \t]+/)
  if (class == "sshd" && tolower(w[1]) !~ SSHD) return
  if (++printed > limit) return
  print "output\t" name "\t" (NR - 1) "\t" esc(class == "path" ? s : safe(s, SPACED))
}
NR > 1 { one(before) }
{ before = $0; bytes += length($0) + 1 }
END {
  status = substr(before, 2) + 0
  if (before !~ /^\001[0-9]+$/) { result = bytes > ENVIRON["B"] + 0 ? "cut" : "error"; status = 255 }
  else result = status == 0 ? (printed > limit ? "cut" : "ok") : status == 124 || status == 137 ? "timeout" : "error"
  print "command\t" name "\t" result "\t" status
  if (result != "ok") print "problem\t" name "\t" (missing != "" ? "Missing privilege separation directory" : \
    printed > limit ? printed " lines, " limit " shown" : status == 255 ? "no end was seen" : "exit status " status)
}'
# outputs NAME CLASS: the records of what stands on standard input; ended STATUS is its last line. What prints
# without an end, be it a single line, is stopped.
OUTPUT_BYTES=1048576
outputs() { head -c "$OUTPUT_BYTES" | tr '\000' '\001' | P=$1 C=$2 N=400 B=$((OUTPUT_BYTES - 1)) awk "$LIB$OUTPUT"; }
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
  for name in 'nft list ruleset' 'iptables -S' 'ip6tables -S' 'firewall-cmd --list-all-zones' 'ufw status' 'ss -lntu' 'sshd -T' \
    'root PATH' 'root umask' 'getent unowned'; do
    # shellcheck disable=SC2086 # a command of ours in words
    case $MODE:$name in
    root:*) printf 'command\t%s\tskipped\t0\n' "$name" ;;
    *sshd*) run "$name" sshd $name ${MATCH:+-C user=root,host=localhost,addr=127.0.0.1} ;;
    *:root* | *getent*) ;;
    *:nft*) if have iptables; then run "$name" nft $name; else run "$name" all $name; fi ;;
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
  # What start files print is lost; what they leave running keeps descriptor 3 open, so its end is not
  # waited for (mawk would, for a full buffer).
  answer=$(umask 022; {
    limited 10 env -i HOME=/root USER=root LOGNAME=root SHELL="$shell" TERM=dumb HISTFILE=/dev/null \
      PATH="${first:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" \
      "$shell" -l -c 'printf ":cce:PATH:%s\n:cce:umask:%s\n" "$PATH" "$(umask)" >&3' </dev/null 3>&1 >/dev/null 2>&1
    printf '\n:cce:status:%s\n' "$?"
  } | sed '/^:cce:status:/q')
  status=${answer##*:}
  case $status:$answer in 0:*:cce:umask:*) ;; 0:*) status=255 ;; esac # a start file ended it
  for what in PATH umask; do
    { printf '%s\n' "$answer" | sed -n "s/^:cce:$what://p" | tail -n 1; ended "$status"; } | outputs "root $what" path
  done
}

