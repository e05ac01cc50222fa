# --- paths
# resolve PATH: follows PATH through symbolic links the way the server itself would, so that an
# absolute link inside a root directory stays inside. Sets WHY (ok, absent, denied, error) and REAL,
# the path without any link, as the server sees it: $ROOT$REAL is what to open.
KNOWN_DIR=/ KNOWN_REAL='' DEAD=''
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
      link=$(readlink "$at" && echo .) || { WHY=error; return; }
      link=${link%"$NL".}
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

