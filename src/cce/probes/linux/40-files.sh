# --- file: owner, mode, type
# files PATH …: one stat for all that exist. stat prints no names, so a name cannot forge anything;
# when a file vanished in between, the counts differ and each is asked alone. WITH_TIME=:%Y adds the time
# of the last change. On a live server the kernel follows the links.
WITH_TIME=''
files() {
  shown=''
  for path in "$@"; do
    shift
    case $MODE$DEAD$path in
    live/*) if [ -e "$path" ]; then WHY=ok REAL=$path; else resolve "$path"; fi ;;
    *) resolve "$path" ;;
    esac
    esc "$path"
    if [ "$WHY" = ok ]; then
      shown=$shown$ESC$NL
      set -- "$@" "${ROOT}${REAL:-/}"
    else
      printf 'file\t%s\t%s\n' "$ESC" "$WHY"
    fi
  done
  [ $# -gt 0 ] || return 0
  { printf '%s\n' "$shown"; stat -L -c "%F:%a:%u:%g:%s$WITH_TIME" "$@" 2>/dev/null; } | pair_stat && return
  for path in "$@"; do
    one=${shown%%"$NL"*}
    shown=${shown#*"$NL"}
    { printf '%s\n\n' "$one"; stat -L -c "%F:%a:%u:%g:%s$WITH_TIME" "$path" 2>/dev/null; } | pair_stat ||
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
        print "file\t" name[i] "\tok\t" y "\t" s[2] "\t" s[3] "\t" s[4] "\t" s[5] (s[6] ~ /^[0-9]+$/ ? "\t" s[6] : "")
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

