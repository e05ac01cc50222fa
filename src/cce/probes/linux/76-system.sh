# --- logging, patches, sudo, start scripts
# With the time of their last change: logs, and what package managers write. Names without / are of /var/log.
DATED='syslog messages auth.log secure cron cron.log maillog mail.log mail kern.log sulog sudo.log wtmp btmp lastlog
faillog journal dnf.rpm.log yum.log /var/log/audit/audit.log /var/log/apt/history.log /var/log/zypp/history
/var/lib/dpkg/status /var/lib/rpm/Packages /var/lib/rpm/rpmdb.sqlite /usr/lib/sysimage/rpm/Packages.db
/usr/lib/sysimage/rpm/rpmdb.sqlite /run/reboot-required'
ROTATED='rsyslog syslog syslog-ng wtmp btmp'
JOURNALD='/etc/systemd/journald.conf.d /run/systemd/journald.conf.d /usr/lib/systemd/journald.conf.d'

system_records() {
  WITH_TIME=:%Y
  set --
  for name in $DATED; do
    case $name in /*) set -- "$@" "$name" ;; *) set -- "$@" "/var/log/$name" ;; esac
  done
  files "$@"
  WITH_TIME=''
  directory /lib/modules
  for name in $JOURNALD; do
    directory "$name"
    in_directory text "$name" '*.conf' journald
  done
  texts journald /etc/systemd/journald.conf
  including rsyslog '' /etc/rsyslog.conf /etc/syslog.conf
  including syslog-ng /etc/syslog-ng /etc/syslog-ng/syslog-ng.conf
  texts logrotate /etc/logrotate.conf
  for name in $ROTATED; do text "/etc/logrotate.d/$name" logrotate; done
  texts conf /var/lib/update-notifier/updates-available /run/reboot-required.pkgs /etc/apt/apt.conf.d/20auto-upgrades
  start_scripts
}
# start_scripts: what stands behind the start scripts' names, as hits of the kind start_script. Those of
# the same owner and mode share a record; a link to a script of /etc/init.d says nothing new.
start_scripts() {
  state=ok
  set --
  for dir in /etc/init.d /etc/rc.d "$ROOT"/etc/rc?.d /etc/systemd/system; do
    dir=${dir#"$ROOT"}
    resolve "$dir"
    [ "$WHY" != absent ] || continue
    [ "$WHY" = ok ] || { state=$WHY; continue; }
    top=$ROOT$REAL
    if [ "$dir" = /etc/init.d ]; then init=$top; fi
    [ -r "$top" ] || state=denied
    for entry in "$top"/* "$top"/*/*; do
      if [ ! -L "$entry" ] && [ ! -e "$entry" ]; then continue; fi
      name=${entry##*/}
      case $entry in
      "$top"/*/*) if [ -L "${entry%/*}" ]; then continue; fi ;;
      esac
      # shellcheck disable=SC3013 # dash, bash and busybox have -ef
      if [ "$dir" != /etc/init.d ] && [ "$entry" -ef "${init:-}/${name#[SK][0-9][0-9]}" ]; then continue; fi
      if [ $# -ge 2000 ]; then state="cut"; break 2; fi
      set -- "$@" "$dir${entry#"$top"}"
    done
  done
  if exists "$ROOT/etc/rc.local"; then set -- "$@" /etc/rc.local; fi
  files "$@" | STATE=$state awk -F '\t' '
    $3 == "ok" {
      alike = $4 "\t" $5 "\t" $6 "\t" $7
      if (!(alike in paths)) order[++kinds] = alike
      paths[alike] = paths[alike] "\t" $2; total++
    }
    $3 != "ok" && $3 != "absent" { worst = $3 } # what a link without an end would start is nothing
    END {
      for (i = 1; i <= kinds; i++) print "hit\tstart_script\t" order[i] paths[order[i]]
      state = ENVIRON["STATE"]
      print "walk\tstart_script\t" (state == "ok" && worst != "" ? worst : state) "\t" (total + 0)
    }'
}
