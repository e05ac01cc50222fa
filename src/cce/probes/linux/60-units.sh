# --- units
UNIT_DIRS='/etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system'
UNITS='ssh.service sshd.service ssh.socket sshd.socket telnet.socket inetd.service openbsd-inetd.service
inetutils-inetd.service xinetd.service rlogin.socket rsh.socket rexec.socket nftables.service iptables.service
netfilter-persistent.service firewalld.service ufw.service rsyslog.service syslog-ng.service
finger.socket cfingerd.service vsftpd.service vsftpd.socket vsftpd.target proftpd.service proftpd.socket pure-ftpd.service
nfs-server.service nfs-kernel-server.service nfs.service nfs-mountd.service nfs-ganesha.service rpc-statd.service smbd.service smb.service samba.service samba-ad-dc.service
rpcbind.service rpcbind.socket rpc-rquotad.service rstatd.service rusersd.service autofs.service
ypserv.service ypbind.service ypxfrd.service yppasswdd.service nis.service tftp.socket tftp.service tftpd-hpa.service
atftpd.service talk.socket ntalk.socket snmpd.service cron.service crond.service atd.service
sendmail.service postfix.service postfix@-.service exim4.service exim.service opensmtpd.service named.service bind9.service
named-chroot.service apache2.service httpd.service nginx.service systemd-journald.service
sysklogd.service inetutils-syslogd.service apt-daily-upgrade.timer dnf-automatic.timer yum-cron.service
chrony.service chronyd.service ntp.service ntpd.service ntpsec.service openntpd.service systemd-timesyncd.service'

# Programs of services that items ask about, which units of any name may start.
DAEMONS='(in[.])?(u?telnetd|[cx]?fingerd|vsftpd|proftpd|pure-ftpd[a-z-]*|(wu-|b)?ftpd|rshd|rlogind|rexecd|ganesha[.]nfsd|smbd|automount|rpc[.](rstatd|rusersd|rwalld|sprayd|cmsd|ttdbserverd|sadmind|ypxfrd|yppasswdd)|ypserv|ypbind|a?tftpd|n?talkd|snmpd|named|apachectl|apache2ctl|apache2|httpd|nginx|lighttpd|caddy)'
RUNS=$NL
unit() { # NAME STATE ACTIVE HOW
  program=${RUNS#*"$NL$1$TAB"}
  [ "$program" = "$RUNS" ] && program='' || program=$TAB${program%%"$NL"*}
  printf 'unit\t%s\t%s\t%s\t%s%s\n' "$@" "$program"
}
# other_units: units that are not ours, init scripts and rc.local, where they start one of DAEMONS. Sets RUNS
# (a line "unit program" for each) and adds them to UNITS; a service by template is that of its socket.
other_units() {
  set --
  known=" $(printf '%s' "$UNITS" | tr '\n' ' ') "
  for dir in $UNIT_DIRS /etc/init.d /etc; do
    resolve "$dir"
    [ "$WHY" = ok ] || continue
    case $dir in
    /etc) [ -x "$ROOT/etc/rc.local" ] && resolve /etc/rc.local && [ -f "$ROOT$REAL" ] && set -- "$@" "$ROOT$REAL"; continue ;;
    /etc/init.d) end='' ;;
    *) end=.service ;;
    esac
    top=$ROOT$REAL
    for unit in "$top"/*"$end"; do
      name=${unit##*/}
      case $name$known in *"$NL"* | *[!A-Za-z0-9@._-]*"$known" | "$name"*" ${name%.service}.service "*) continue ;; esac
      if [ -L "$unit" ]; then
        [ "$dir" = /etc/systemd/system ] || continue
        resolve "$dir/$name"
        case $WHY:$REAL in ok:*/"$name") unit=$ROOT$REAL ;; *) continue ;; esac
      fi
      [ -f "$unit" ] && set -- "$@" "$unit"
    done
  done
  [ $# -gt 0 ] || return 0
  for found in $(limited 10 grep -E "(^|[^#]*[/ \"'=$TAB])$DAEMONS([ $TAB;\"'&)]|\$)" /dev/null "$@" </dev/null 2>/dev/null |
    sed -nE "/^[^:]*[.]service:/{
      /:[ $TAB]*ExecStart[ $TAB]*=/!d
      s#^([^:]*/)?([^:/]*):[^=]*=[ $TAB]*[-@:+!|]*([^ $TAB]*/)?$DAEMONS([ $TAB].*)?\$#\\2:\\5#p
      t
    }
    s#^([^:]*/)?([^:/]*):([^\#]*bin/)$DAEMONS([^a-z0-9./-].*)?\$#\\2:\\5#p" | sort -u); do
    program=${found#*:} name=${found%%:*}
    case $name in
    rc.local) name=rc-local.service ;;
    *@.service) name=${name%@.service}.socket ;;
    *.service) ;;
    *) name=$name.service ;;
    esac
    case $known in *" $name "*) continue ;; esac
    case $RUNS in
    *"$NL$name$TAB"*) RUNS=${RUNS%%"$NL$name$TAB"*}$NL$name$TAB$program,${RUNS#*"$NL$name$TAB"} ;;
    *) RUNS=$RUNS$name$TAB$program$NL UNITS="$UNITS $name" ;;
    esac
    unit=${name%.service}.socket
    for dir in $UNIT_DIRS; do
      case $known$RUNS in *" $unit "* | *"$NL$unit$TAB"*) continue ;; esac
      resolve "$dir/$unit"
      [ "$WHY" != ok ] || RUNS=$RUNS$unit$TAB$program$NL UNITS="$UNITS $unit"
    done
  done
}
units() {
  more=$(vsftpd_instances)
  UNITS=$UNITS${more:+ $more}
  other_units
  if [ "$INIT" = running ] && have systemctl; then
    # shellcheck disable=SC2086 # a list of names
    shown=$(limited 10 systemctl show -p LoadState -p UnitFileState -p ActiveState $UNITS 2>/dev/null | head -c 262144 | UNITS=$UNITS awk '
      BEGIN { n = split(ENVIRON["UNITS"], unit, /[ \n]+/); u = 1 }
      function done(   s, a) {
        a = active ~ /^(active|activating|reloading|refreshing)$/ ? "active" : \
          active ~ /^(inactive|failed)$/ ? active : active == "deactivating" ? "inactive" : "unknown"
        s = file ~ /^enabled/ ? "enabled" : file ~ /^(disabled|linked|indirect|alias)/ ? "disabled" : \
          file ~ /^(static|transient)/ ? "static" : file ~ /^masked/ || load == "masked" ? "masked" : "files"
        # A unit whose file is gone may still run: it is there, and not started at boot.
        if (load == "not-found") s = a == "active" ? "disabled" : "absent"
        out = out unit[u++] "\t" s "\t" a "\n"
        load = file = active = ""
      }
      { value = substr($0, index($0, "=") + 1) }
      /^LoadState=/ { load = value; some = 1 }
      /^UnitFileState=/ { file = value }
      /^ActiveState=/ { active = value }
      $0 == "" && some { done(); some = 0 }
      END { if (some) done(); if (u == n + 1) printf "%s", out }')
    if [ -n "$shown" ]; then
      # "files": systemd made it from an init script; whether it starts at boot stands in rc?.d.
      printf '%s\n' "$shown" | while IFS=$TAB read -r name state active; do
        if [ "$state" = files ]; then unit_state "$name"; state=$STATE; fi
        # One that only an init script of another name provides, as xinetd's does inetd.
        if [ "$state:$active" = absent:active ]; then state=disabled; fi
        unit "$name" "$state" "$active" systemctl
      done
      return
    fi
    problem units "systemctl answers nothing; read from files"
  fi
  running=''
  [ "$MODE" = root ] || running=$(daemons)
  # /lib is /usr/lib on most systems; asked once, not for each unit.
  UNIT_DIRS='/etc/systemd/system /run/systemd/system /usr/lib/systemd/system'
  resolve /lib
  [ "$REAL" = /usr/lib ] || UNIT_DIRS="$UNIT_DIRS /lib/systemd/system"
  installable
  alone='' claimed=''
  for name in $UNITS; do
    unit_state "$name"
    unit_active "$name" "$running"
    if [ "$STATE:$ACTIVE" = absent:active ]; then alone="$alone $name:$program"; continue; fi
    [ "$ACTIVE" != active ] || claimed="$claimed $program "
    unit "$name" "$STATE" "$ACTIVE" files
  done
  # A program that no unit of ours with a file starts was started by hand: it is there all the same.
  for name in $alone; do
    case $claimed in
    *" ${name#*:} "*) unit "${name%:*}" absent inactive files ;;
    *) unit "${name%:*}" disabled active files ;;
    esac
  done
}
# unit_state NAME: sets STATE from the unit files and the links that enable them, or the init scripts.
unit_state() {
  # Systemd starts rc.local where it may be executed.
  if [ "$1" = rc-local.service ]; then STATE=enabled; return; fi
  STATE=absent names=$1
  for dir in $UNIT_DIRS; do
    resolve "$dir"
    case $WHY in ok) ;; absent) continue ;; *) STATE=unknown; return ;; esac
    unit=$ROOT$REAL/$1
    if [ -L "$unit" ]; then
      link=$(readlink "$unit")
      case ${link##*/} in
      null) STATE=masked; return ;;
      "$1") ;;
      *) names="$1 ${link##*/}" ;; # an alias: the links name the unit behind it
      esac
    fi
    resolve "$dir/$1"
    case $WHY:$1 in absent:vsftpd@*) resolve "$dir/vsftpd@.service" ;; esac
    [ "$WHY" = absent ] && continue
    if [ "$WHY" != ok ]; then STATE=unknown; return; fi
    if [ ! -s "$ROOT$REAL" ]; then STATE=masked; return; fi
    STATE=static
    if [ "$names" != "$1" ] && [ "$dir" = /etc/systemd/system ]; then STATE=enabled; fi
    break
  done
  [ "$STATE" != absent ] || { init_script "${1%.service}"; return; }
  unit_file=$REAL
  for dir in $UNIT_DIRS; do
    resolve "$dir"
    [ "$WHY" = ok ] || continue
    for wants in "$ROOT$REAL"/*.wants "$ROOT$REAL"/*.requires; do
      [ -L "$wants" ] && continue
      for unit in $names; do
        if exists "$wants/$unit"; then STATE=enabled; fi
      done
    done
  done
  [ "$STATE" = static ] && [ -f "$ROOT$unit_file" ] || return 0
  case $INSTALLABLE in *"$NL$ROOT$unit_file$NL"*) STATE=disabled; return ;; esac
  case $LOOKED_INTO in *"$NL$ROOT$unit_file$NL"*) return ;; esac
  contents "$unit_file" 65536 | grep '^\[Install]' >/dev/null && STATE=disabled
}
# installable: which of our unit files can be enabled, asked in one go.
INSTALLABLE='' LOOKED_INTO=''
installable() {
  set --
  for dir in $UNIT_DIRS; do
    resolve "$dir"
    [ "$WHY" = ok ] || continue
    for name in $UNITS; do
      unit=$ROOT$REAL/$name
      if [ -f "$unit" ] && [ ! -L "$unit" ]; then set -- "$@" "$unit"; LOOKED_INTO=$LOOKED_INTO$NL$unit; fi
    done
  done
  [ $# -gt 0 ] || return 0
  INSTALLABLE=$NL$(limited 10 grep -l '^\[Install]' "$@" </dev/null 2>/dev/null)$NL LOOKED_INTO=$LOOKED_INTO$NL
}
init_script() {
  resolve "/etc/init.d/$1"
  [ "$WHY" = ok ] && [ -f "$ROOT$REAL" ] || return 0
  STATE=disabled
  for dir in /etc/rc2.d /etc/rc3.d /etc/rc4.d /etc/rc5.d /etc/rc.d/rc3.d /etc/rc.d/rc5.d; do
    resolve "$dir"
    [ "$WHY" = ok ] || continue
    for link in "$ROOT$REAL"/S[0-9][0-9]"$1"; do
      if exists "$link"; then STATE=enabled; fi
    done
  done
}
# daemons: which programs behind our units run, where no service manager can say. Only those of our
# own PID namespace: a host also sees the processes of its containers.
daemons() {
  own=$(readlink /proc/self/ns/pid)
  for comm in /proc/[0-9]*/comm; do
    { read -r program <"$comm"; } 2>/dev/null || continue
    case $program in
    sshd | inetd | inetutils-inetd | xinetd | in.telnetd | telnetd | rsyslogd | syslogd | syslog-ng | firewalld | *ftpd | rpcbind | \
      automount | ypserv | ypbind | snmpd | cron | crond | atd | sendmail | sendmail-mta | exim4 | exim | named | apache2 | httpd | nginx | \
      rpc.* | cfingerd | in.fingerd | master | smbd | samba | chronyd | ntpd | systemd-timesyn)
      own_process "${comm%/comm}" && printf ' %s ' "${program%-mta}" ;;
    esac
  done
}
# own_process DIR: whether it is of our PID namespace and no zombie, which containers often keep. The link
# ns/pid of a daemon of another user is closed to root of a container; NSpid (a number for each namespace
# from ours on) is not, where the kernel has it.
own_process() {
  { while read -r key value inner; do
    case $key$value in
    State:[ZX]) return 1 ;;
    NSpid:*) [ -z "$inner" ]; return ;;
    esac
  done <"$1/status"; } 2>/dev/null
  [ "$(readlink "$1/ns/pid")" = "$own" ]
}
# unit_active NAME RUNNING: sets ACTIVE; unknown where nothing can be seen running.
unit_active() {
  ACTIVE=unknown
  [ "$MODE" = live ] || return 0
  case $1 in
  ssh.service | sshd.service) program=sshd ;;
  inetd.service | openbsd-inetd.service) program=inetd ;;
  inetutils-inetd.service | xinetd.service | rsyslog.service | syslog-ng.service | firewalld.service)
    program=${1%.service}
    [ "$program" != rsyslog ] || program=rsyslogd ;;
  telnet.socket) program=telnetd ;;
  bind9.service | named-chroot.service) program=named ;;
  postfix.service) program=master ;;
  chrony.service | chronyd.service) program=chronyd ;;
  ntp.service | ntpd.service | ntpsec.service | openntpd.service) program=ntpd ;;
  systemd-timesyncd.service) program=systemd-timesyn ;; # the kernel holds 15 characters
  sendmail.service) program=sendmail ;;
  tftp.service | tftpd-hpa.service) program=tftpd ;;
  autofs.service) program=automount ;;
  smbd.service | smb.service) program=smbd ;;
  samba.service | samba-ad-dc.service) program=samba ;;
  nfs-mountd.service | rpc-statd.service | rpc-rquotad.service) program=rpc.${1#*-} program=${program%.service} ;;
  sysklogd.service | inetutils-syslogd.service) program=syslogd ;;
  rstatd.service | rusersd.service | ypxfrd.service | yppasswdd.service) program=rpc.${1%.service} ;;
  cfingerd.service | vsftpd.service | proftpd.service | pure-ftpd.service | rpcbind.service | ypserv.service | \
    ypbind.service | atftpd.service | snmpd.service | cron.service | crond.service | atd.service | exim4.service | \
    exim.service | named.service | apache2.service | httpd.service | nginx.service) program=${1%.service} ;;
  *) return 0 ;;
  esac
  ACTIVE=inactive
  case $2 in *" $program "* | *" in.$program "*) ACTIVE=active ;; esac
}

