# --- paths
# resolve PATH: follows PATH through symbolic links the way the server itself would, so that an
# absolute link inside a root directory stays inside. Sets WHY (ok, absent, denied, error) and REAL,
# the path without any link, as the server sees it: $ROOT$REAL is what to open.
KNOWN_DIR=/ KNOWN_REAL='' DEAD='' LINKS=$NL
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
      linked "$at" || { WHY=error; return; }
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
# linked PATH: sets link to where a symbolic link points; /lib is asked for with every unit, so it is remembered.
linked() {
  case $1 in
  *[[:cntrl:]]*) ;; # what is remembered are lines with a tab
  *)
    case $LINKS in *"$NL$1$TAB"*) link=${LINKS#*"$NL$1$TAB"} link=${link%%"$NL"*}; return ;; esac ;;
  esac
  link=$(readlink "$1" && echo .) || return
  link=${link%"$NL".}
  case $1$link in *[[:cntrl:]]*) return 0 ;; esac
  [ "${#LINKS}" -gt 8000 ] || LINKS=$LINKS$1$TAB$link$NL
}

