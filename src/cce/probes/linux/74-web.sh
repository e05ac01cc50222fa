# --- web servers: the files, what they include, and what is delivered with them
web_read() { # CLASS PATH …
  class=$1 names=''
  shift
  for path in "$@"; do
    shift
    # The kernel follows links as well, where nothing hangs and no root directory is to be kept in.
    if [ -z "$ROOT$DEAD" ] && [ -f "$path" ] && [ -r "$path" ]; then REAL=$path; else readable "$path" ||
      { text_failed "$path" "$WHY"; continue; }; fi
    esc "$path"
    names=$names$ESC$NL
    set -- "$@" "$ROOT$REAL"
  done
  [ $# -gt 0 ] || return 0
  NAMES=$names SIZES=$(stat -L -c %s "$@" 2>/dev/null) C=$class N=$TEXT_BYTES VARS=$VARS BASE=$BASE \
    timeout -s KILL 20 awk "$LIB$WEB" "$@" </dev/null
}
# web_follow CLASS PATH …: the texts and, round by round, what they include, each once.
web_follow() {
  follow=$1
  shift
  SEEN=$NL$1$NL
  while [ $# -gt 0 ]; do
    found=$(web_read "$follow" "$@")
    printf '%s\n' "$found" | sed '/^+/d'
    INCLUDED=''
    set -f
    IFS=$NL
    for asked in $(printf '%s\n' "$found" | sed -n 's/^+//p'); do
      IFS=" $TAB$NL"
      set +f
      case $asked in
      v*) VARS=$VARS${asked#v}$NL ;;
      b*) BASE=${asked#b} ;;
      i*) web_expand "${asked#i}" ;;
      *) case $NL$ROOTS in *"$NL$asked$NL"*) ;; *) ROOTS=$ROOTS$asked$NL ;; esac ;;
      esac
    done
    set -f
    IFS=$NL
    # shellcheck disable=SC2086 # one path a line
    set -- $INCLUDED
    IFS=" $TAB$NL"
    set +f
  done
}
web_expand() { # PATH: adds the files that an Include means to INCLUDED
  dir=$1 pattern='*'
  case $1 in
  *'${'* | *[*?[]*/*) text_failed "$1" error; return ;; # no variable of ours; a pattern among the directories
  *[*?[]*) dir=${1%/*} pattern=${1##*/} ;;
  *)
    resolve "$1"
    if [ "$WHY" = ok ] && [ -d "$ROOT$REAL" ]; then directory "$1"; else web_want "$1"; return; fi ;;
  esac
  case $pattern in '[^'*) pattern="[!${pattern#??}" ;; esac
  resolve "$dir"
  case $WHY in ok) ;; absent) return ;; *) text_failed "$1" "$WHY"; return ;; esac
  for entry in "$ROOT$REAL"/*; do
    # shellcheck disable=SC2254 # it is a pattern
    case ${entry##*/} in $pattern) exists "$entry" && web_want "${dir%/}/${entry##*/}" ;; esac
  done
}
web_want() {
  case $1 in *"$NL"*) text_failed "$1" error; return ;; esac
  case $SEEN in *"$NL$1$NL"*) return ;; esac
  SEEN=$SEEN$1$NL
  if [ "${#SEEN}" -gt 60000 ]; then text_failed "$1" "cut"; else INCLUDED=$INCLUDED$1$NL; fi
}
web_records() {
  VARS="APACHE_CONFDIR=/etc/apache2$NL" ROOTS="r/var/www/html${NL}r/usr/share/nginx/html$NL" SERVED='' BASE='' any=''
  for main in /etc/apache2/apache2.conf /etc/apache2/httpd.conf /etc/httpd/conf/httpd.conf \
    /usr/local/apache2/conf/httpd.conf /usr/local/apache/conf/httpd.conf /etc/nginx/nginx.conf /usr/local/nginx/conf/nginx.conf; do
    resolve "$main"
    if [ "$WHY" != ok ]; then text_failed "$main" "$WHY"; continue; fi
    any=yes BASE=${main%/*}
    case $main in
    */nginx.conf) web_follow nginx "$main" ;;
    *)
      BASE=${BASE%/conf} env=$BASE/envvars
      set -- "$main"
      case $main in
      /etc/httpd/*) env=/etc/sysconfig/httpd ;;
      /etc/apache2/httpd.conf)
        env=/etc/sysconfig/apache2
        for name in loadmodule global include; do set -- "$@" "/etc/apache2/sysconfig.d/$name.conf"; done ;;
      esac
      web_follow env "$env"
      web_follow apache "$@" ;;
    esac
  done
  if [ "$MODE" = root ]; then printf 'command\tss -lntp\tskipped\t0\n'
  else run 'ss -lntp' path ss -lntp '( sport = :80 or sport = :443 )'; fi
  [ -z "$any" ] || web_pages
}
# web_pages: what is delivered with the servers, below their document roots and where packages put it.
web_pages() {
  count=0 pages=''
  set -- /usr/share/httpd/manual /usr/share/apache2/manual /usr/share/doc/apache2-doc/manual /var/www/manual \
    /usr/local/apache2/manual /usr/local/apache2/htdocs/manual /usr/local/apache/htdocs/manual /etc/httpd/htdocs/manual
  for dir in /usr/lib /var/www /srv/www /usr/local/apache2 /usr/local/apache; do
    set -- "$@" "$dir/cgi-bin/test-cgi" "$dir/cgi-bin/printenv"
  done
  set -f
  IFS=$NL
  for root in $ROOTS; do
    IFS=" $TAB$NL"
    count=$((count + 1))
    [ "$count" -le 60 ] || break
    dir=${root#?}
    while [ "$dir" != "${dir%/}" ]; do dir=${dir%/}; done
    resolve "$dir"
    [ -n "$dir" ] || continue
    [ "$WHY" != ok ] || SERVED=$SERVED$REAL$TAB$dir$NL
    case $root in
    r*)
      set -- "$@" "$dir/manual" "$dir/index.nginx-debian.html"
      pages=$pages$dir/index.html$NL ;;
    esac
  done
  files "$@"
  IFS=$NL
  # shellcheck disable=SC2086 # one path a line
  web_read page $pages
  IFS=" $TAB$NL"
  set +f
}
# web_access WALK: .htaccess files that the walk found below what is served, by the names Apache has for them.
web_access() {
  [ -n "$SERVED" ] || return 0
  set -f
  IFS=$NL
  # shellcheck disable=SC2046 # one path a line; names with escapes are no paths
  set -- $(printf '%s\n' "$1" | SERVED=$SERVED awk -F '\t' '
    BEGIN { n = split(ENVIRON["SERVED"], top, "\n") }
    $1 == "hit" && $2 == "htaccess" {
      for (f = 7; f <= NF; f++) for (i = 1; i < n; i++) {
        split(top[i], w, "\t"); at = length(w[1])
        if (substr($f, 1, at + 1) == w[1] "/") path = w[2] substr($f, at + 1)
        else if (index(w[2] "/", substr($f, 1, length($f) - 9)) == 1) path = $f # above it counts as well
        else continue
        if (!seen[path]++) print path
      }
    }')
  IFS=" $TAB$NL"
  set +f
  for path in "$@"; do
    shift
    case $path in *\\*) printf 'text\t%s\terror\n' "$path" ;; *) set -- "$@" "$path" ;; esac
  done
  web_read apache "$@"
}
