# --- everything in order
HOME_FILES='.profile .kshrc .cshrc .tcshrc .bashrc .bash_profile .bash_login .bash_logout .login .exrc .netrc .zshrc
.zprofile .rhosts .shosts'
FIXED_FILES='/etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/hosts /etc/inetd.conf /etc/xinetd.conf /etc/syslog.conf
/etc/rsyslog.conf /etc/syslog-ng/syslog-ng.conf /etc/services /etc/hosts.lpd /etc/hosts.equiv /bin/su /usr/bin/su
/usr/sbin/sshd /etc/security /usr/bin/crontab /etc/crontab /etc/cron.allow /etc/cron.deny /usr/bin/at /etc/at.allow
/etc/at.deny /etc/exports /usr/sbin/postsuper /usr/sbin/exiqgrep /etc/sudoers /etc/profile'
FILES_OF='/etc/xinetd.d /etc/rsyslog.d /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly
/var/spool/cron /var/spool/cron/crontabs /etc/sudoers.d /etc/systemd /etc/profile.d'
FTP_LISTS='/etc/ftpusers /etc/ftpd/ftpusers /etc/vsftpd.ftpusers /etc/vsftpd/ftpusers /etc/vsftpd.user_list
/etc/vsftpd/user_list'
PAM='login sshd su su-l passwd remote common-auth common-account common-password common-session
common-session-noninteractive system-auth password-auth postlogin other vsftpd ftp'

# metas: who this is. INIT is "running" where systemd answers.
metas() {
  meta mode "$MODE"
  meta euid "$(id -u)"
  INIT=none
  if [ "$MODE" = live ]; then
    meta hostname "$(uname -n)"
    meta kernel "$(uname -r)"
    if [ -d /run/systemd/system ]; then INIT=running
    elif read -r program </proc/1/comm && [ "$program" = init ]; then INIT=other; fi
  else
    readable /etc/hostname && meta hostname "$(contents "$REAL" 256 | sed -n 1p)"
    for path in /usr/lib/systemd/systemd /lib/systemd/systemd /sbin/init; do
      resolve "$path"
      [ "$WHY" = ok ] || continue
      INIT=other
      case $path in */systemd) INIT=systemd; break ;; esac
    done
  fi
  case $INIT in running) meta init systemd ;; *) meta init "$INIT" ;; esac
  path=/etc/os-release
  readable "$path" || readable /usr/lib/os-release || { problem os-release "$WHY"; return; }
  contents "$REAL" 16384 | awk "$LIB"'
    BEGIN { key["ID"] = "id"; key["ID_LIKE"] = "id_like"; key["VERSION_ID"] = "version_id"; key["PRETTY_NAME"] = "pretty" }
    { at = index($0, "="); name = substr($0, 1, at - 1) }
    name in key { value = cut500(trim(substr($0, at + 1))); gsub(/^["'"'"']|["'"'"']$/, "", value)
      print "meta\tos." key[name] "\t" esc(value); delete key[name] }'
}
collect() {
  printf 'cce\t1\t%s\n' "$VERSION"
  meta started "$(date +%s)"
  metas
  DEAD=$(dead_mounts)
  [ -z "$DEAD" ] || problem mounts "no answer from $DEAD"
  # Without /etc or /usr (not mounted, or no system at all) nothing that would stand there is known to be absent.
  for top in /etc /usr; do
    resolve "$top"
    if [ "$WHY" = absent ]; then problem root "there is no $top"; DEAD=$DEAD$NL$ROOT$top; fi
  done
  [ -z "$DEAD" ] || DEAD=$NL$DEAD$NL
  # Both at once: the walk's records wait in the pipe until the others are printed.
  walk | {
    exec 3<&0 </dev/null
    records
    walked=$(cat <&3)
    printf '%s\n' "$walked"
    web_access "$walked"
  }
  meta finished "$(date +%s)"
}
records() {
  table /etc/passwd "$PASSWD"
  table /etc/shadow "$SHADOW"
  table /etc/group "$GROUP"
  # shellcheck disable=SC2086 # lists of names without blanks, here and below
  files $FIXED_FILES $FTP_LISTS
  # shellcheck disable=SC2086
  files_of $FILES_OF
  for dir_ in $FILES_OF /etc/pam.d /etc/ssh/sshd_config.d /etc/security/pwquality.conf.d \
    /etc/exports.d; do directory "$dir_"; done
  home_records
  pam_files=''
  for name in $PAM; do pam_files="$pam_files /etc/pam.d/$name"; done
  # shellcheck disable=SC2086
  including pam /etc/pam.d $pam_files
  texts conf /etc/security/pwquality.conf /etc/security/faillock.conf /etc/security/pwhistory.conf /etc/login.defs \
    /etc/securetty /etc/xinetd.conf /etc/hosts.allow /etc/hosts.deny /etc/inetd.conf /etc/cron.allow /etc/cron.deny /etc/at.allow \
    /etc/at.deny
  # shellcheck disable=SC2086
  texts conf $FTP_LISTS
  texts joined /etc/exports
  in_directory text /etc/exports.d '*.exports' joined
  in_directory text /etc/security/pwquality.conf.d '*.conf' conf
  in_directory text /etc/xinetd.d '*' conf
  texts plus /etc/hosts.equiv
  home=$(passwd '$1 == "root" { print $6; exit }')
  home=${home%"${home##*[!/]}"}
  set -- /etc/profile /etc/bashrc /etc/bash.bashrc /etc/environment /etc/csh.cshrc /etc/csh.login /etc/profile.local /etc/bash.bashrc.local
  for name in .profile .bash_profile .bash_login .bashrc .bash_aliases .cshrc .tcshrc .login .zshrc; do set -- "$@" "$home/$name"; done
  including start / "$@" '/etc/profile.d/*'
  texts conf /etc/nftables.conf /etc/iptables/rules.v4 /etc/iptables/rules.v6 /etc/sysconfig/iptables \
    /etc/ufw/ufw.conf /etc/ufw/user.rules /etc/firewalld/firewalld.conf
  in_directory text /etc/firewalld/zones '*.xml' conf
  including sshd /etc/ssh /etc/ssh/sshd_config
  units
  packages
  mail_records
  name_records
  web_records
  share_records
  system_records
  read_texts
  commands
}

