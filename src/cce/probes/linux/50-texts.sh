# --- text: the files, a queue of them, and what they include
text_failed() { esc "$1"; printf 'text\t%s\t%s\n' "$ESC" "$2"; }
# texts CLASS PATH …: puts the texts into the queue that read_texts empties, all in one go: a process for each
# file and three more, instead of five for each. What cannot be read is said at once.
WANTED='' OPEN=''
texts() {
  class=$1
  shift
  for path in "$@"; do
    if ! readable "$path"; then text_failed "$path" "$WHY"; continue; fi
    case $ROOT$REAL in *"$NL"*) text_failed "$path" error; continue ;; esac # the queue cannot hold such a name
    esc "$path"
    WANTED=$WANTED$class$TAB$ESC$NL OPEN=$OPEN$ROOT$REAL$NL
    [ "${#OPEN}" -lt 60000 ] || read_texts
  done
}
text() { texts "$2" "$1"; } # PATH CLASS
# Between two files stands a line that nobody can know beforehand, so no content can pass for the next file.
NONCE=$(od -A n -N 16 -t x1 /dev/urandom 2>/dev/null | tr -d ' \n')
[ -n "$NONCE" ] || NONCE=$$.$(date +%s%N)
read_texts() {
  [ -n "$OPEN" ] || return 0
  set -f
  IFS=$NL
  # shellcheck disable=SC2086 # one word for each line
  set -- $OPEN
  IFS=" $TAB$NL"
  set +f
  {
    printf '%s\n' "$WANTED"
    NONCE=$NONCE N=$((TEXT_BYTES + 1)) limited 60 sh -c 'for file; do
      head -c "$N" "$file" 2>/dev/null && printf "\n\000%s\n" "$NONCE" || printf "\n\000%s!\n" "$NONCE"
    done' sh "$@"
  } | tr '\000' '\001' | NONCE=$NONCE N=$TEXT_BYTES awk "$LIB$TEXT"
  WANTED='' OPEN=''
}

# including CLASS BASE PATH …: the texts and everything they include, each once, in rounds: what one
# round includes is the next round's. (sh has no local variables to recurse with.)
MATCH='' BANNERS=$NL
including() {
  class=$1 base=$2
  shift 2
  queue='' done_=$NL
  for path in "$@"; do enqueue "$path"; done
  while [ -n "$queue" ]; do
    round=$queue queue=''
    set --
    while [ -n "$round" ]; do
      path=${round%%"$NL"*}
      round=${round#*"$NL"}
      case $path in /*) ;; *) path=$base/$path ;; esac
      case $done_ in *"$NL$path$NL"*) continue ;; esac
      done_=$done_$path$NL
      if [ "${#done_}" -gt 16000 ]; then problem include "too many included files, from $path"; round=''; break; fi
      case $path in
      *[*?[]*/*) text_failed "$path" error ;; # a pattern among the directories
      *[*?[]*) in_directory enqueue "${path%/*}" "${path##*/}" ;;
      *)
        if [ "$class" = proftpd ] && included_directory "$path"; then continue; fi
        set -- "$@" "$path" ;;
      esac
    done
    [ $# -gt 0 ] || continue
    found=$(WANTED='' OPEN=''; texts "$class" "$@"; read_texts)
    set -f
    IFS=$NL
    for found_line in $found; do
      case $found_line in
      +match) MATCH=yes ;;
      +=/*) case $BANNERS in *"$NL${found_line#+=}$NL"*) ;; *) BANNERS=$BANNERS${found_line#+=}$NL ;; esac ;;
      +=*) ;;
      +*) queue=$queue${found_line#+}$NL ;;
      *) printf '%s\n' "$found_line" ;;
      esac
    done
    IFS=" $TAB$NL"
    set +f
  done
}
enqueue() {
  case $1 in
  *"$NL"*) text_failed "$1" error ;; # the queue cannot hold such a name
  *) queue=$queue$1$NL ;;
  esac
}
# included_directory PATH: what proftpd includes by the name of a directory is all that stands in it.
included_directory() {
  resolve "$1"
  [ "$WHY" = ok ] && [ -d "$ROOT$REAL" ] || return 1
  directory "${1%/}"
  in_directory enqueue "${1%/}" '*'
  return 0 # also where nothing stands in it
}

