# --- the walk over the file systems, one find for each
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
# known_to TABLE uid|gid NUMBER …: which of them the name service knows, and "exit:" with how that ended.
known_to() {
  table=$1 by=$2
  shift 2
  { limited 10 getent "$table" "$@" </dev/null; echo "exit:$?"; } | head -c 262144 | BY=$by awk -F: '
    /^exit:[0-9]+$/ { ended = $2; next }
    NF > 2 && $3 ~ /^[0-9]+$/ && ++known <= 600 { print ENVIRON["BY"] ":" $3 ":" substr($1, 1, 64) }
    { ended = "" }
    END { print "exit:" (ended == "" ? 255 : ended) }'
}
glob_quoted() { printf '%s' "$1" | sed 's/[][*?\\]/\\&/g'; }

# hits: what find printed (records end with 0x0a, names have 0x01 for a newline), then a line with how
# it ended, as hit and walk records; files of the same owner and mode share a record. Of unowned files the
# pairs of owners too.
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
  if (listed[$1] >= ($1 == "hidden" ? 60 : limit)) next
  listed[$1]++
  path = substr(path, length(prefix) + 1)
  alike = $1 "\t" $2 "\t" $3 "\t" $4 "\t" $5
  if (!(alike in paths)) order[++groups] = alike
  paths[alike] = paths[alike] "\t" (path == "" ? "/" : esc(path))
}
END {
  for (i = 1; i <= groups; i++) print "hit\t" order[i] paths[order[i]]
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
# Hidden names that programs of every server make.
HIDDEN_KNOWN='.bashrc .bash_* .profile .cshrc .tcshrc .zshrc .vimrc .viminfo .lesshst .wget-hsts .selected_editor .hushlogin
.sudo_as_admin_successful .ssh .gnupg .cache .config .local .git* .keep .placeholder .pwd.lock .updated .build-id
.package-lock.json .npmignore .eslint* .*.hmac ..1.gz'
HIDDEN_TMP='.X11-unix .ICE-unix .XIM-unix .font-unix .Test-unix'
FORMAT='\t%y\t%m\t%U\t%G\t%p\0'
walk() {
  if ! find /dev/null -prune -printf '' 2>/dev/null; then
    problem walk "this find has no -printf"
    for kind in suid world_writable open_directory unowned htaccess hidden hidden_name hidden_odd log_file dev_file hidden_dev; do printf 'walk\t%s\tfailed\t0\n' "$kind"; done
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
  IFS=" $NL"
  root_quoted=$(glob_quoted "$ROOT")
  for prune in $PRUNED; do set -- "$@" -path "$root_quoted$prune" -o; done
  uids=$(known uid /etc/passwd) || unowned=:failed
  gids=$(known gid /etc/group) || unowned=:failed
  [ -z "$unowned" ] || uids=-true gids=-true
  resolve /var/log
  logs=$(glob_quoted "$ROOT$REAL") logs_lost=''
  [ "$WHY" = ok ] || logs=/nonexistent logs_lost=:$WHY
  known='' known_tmp=''
  for name in $HIDDEN_KNOWN; do known="$known -o -name $name"; done
  for name in $HIDDEN_TMP; do known_tmp="$known_tmp -o -name $name"; done
  # shellcheck disable=SC2086 # tests made of digits
  set -- "$@" -false ')' -prune -o \
    '(' -type f '(' -perm -4000 -o -perm -2000 ')' -printf "suid$FORMAT" , \
    -type f -perm -0002 -printf "world_writable$FORMAT" , \
    -type f -name .htaccess -printf "htaccess$FORMAT" , \
    -type d -perm -0002 ! -perm -1000 -printf "open_directory$FORMAT" , \
    '(' ! '(' $uids ')' -o ! '(' $gids ')' ')' -printf "unowned$FORMAT" , \
    -path "$logs*" '(' -path "$logs" -o -path "$logs/*" -type f '(' ! -uid 0 -o -perm /7133 ')' ')' \
    -printf "log_file$FORMAT" , \
    -name '.?*' -path "$root_quoted/*" '(' \
    '(' -name '..*' -o -name '*[[:space:][:cntrl:]]*' ')' ! -name ..1.gz -printf "hidden_name$FORMAT" -o \
    -path "$root_quoted/.*/*" -o -path "$root_quoted/*/.*/*" -o -path "$root_quoted/dev/*" -o \
    '(' -path "$root_quoted/tmp/*" -o -path "$root_quoted/var/tmp/*" -o -type f -perm /7111 ')' \
    ! '(' -type d '(' -false $known_tmp ')' ')' -printf "hidden_odd$FORMAT" -o \
    -false $known $known_tmp -o -printf "hidden$FORMAT" ')' ')'
  IFS=" $TAB$NL"
  set +f
  export STARTS FOREIGN ROOT N KINDS
  N=$HITS
  KINDS="suid$lost world_writable$lost open_directory$lost htaccess$lost unowned${unowned:-$lost}"
  KINDS="$KINDS hidden$lost hidden_name$lost hidden_odd$lost log_file${logs_lost:-$lost}"
  find_all "$WALK_SECONDS" "$@" | awk "$LIB$HITS_OF" | known_after_all
  KINDS='dev_file hidden_dev'
  resolve /dev
  dev=$(glob_quoted "$ROOT$REAL")
  case $WHY in
  absent) for kind in $KINDS; do printf 'walk\t%s\tok\t0\n' "$kind"; done ;;
  ok)
    set -- "$ROOT$REAL"
    # A file system of its own: there the hidden names only.
    if [ "$MODE" = live ] && [ -d "$REAL/shm" ]; then set -- "$@" "$REAL/shm"; fi
    find_all 60 "$@" -xdev -type d '(' -path "$dev/mqueue" -o -path "$dev/hugepages" ')' -prune -o \
      '(' -type f ! -path "$dev/shm/*" -printf "dev_file$FORMAT" , -name '.?*' -printf "hidden_dev$FORMAT" ')' |
      awk "$LIB$HITS_OF" ;;
  *) for kind in $KINDS; do printf 'walk\t%s\t%s\t0\n' "$kind" "$WHY"; done ;;
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
    names=$(known_to passwd uid $uids; known_to group gid $gids)
    worst=0 # 2: not all are known
    for status in $(printf '%s\n' "$names" | sed -n 's/^exit://p'); do
      [ "$status" = 2 ] || [ "$status" -le "$worst" ] || worst=$status
    done
    { printf '%s\n' "$names" | sed '/^exit:/d'; ended "$worst"; } | outputs 'getent unowned' path
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

