# --- FTP, Samba, banners
# vsftpd_instances: the units that run vsftpd with the other configurations of its directory.
vsftpd_instances() { in_directory vsftpd_instance /etc/vsftpd '*.conf'; }
vsftpd_instance() {
  instance=${1##*/}
  instance=${instance%.conf}
  case $instance in
  '' | vsftpd | *[!A-Za-z0-9._-]*) ;; # the main one; nobody calls a unit so
  *) [ "$count" -gt 20 ] || printf '%s ' "vsftpd@$instance.service" ;;
  esac
}
share_records() {
  for dir_ in /etc/vsftpd /etc/pure-ftpd/conf /var/lib/samba/usershares /etc/motd.d /etc/issue.d; do directory "$dir_"; done
  including vsftpd /etc/vsftpd /etc/vsftpd.conf /etc/vsftpd/vsftpd.conf '/etc/vsftpd/*.conf'
  including pure /etc/pure-ftpd /etc/pure-ftpd/pure-ftpd.conf
  including value /etc/pure-ftpd/conf NoAnonymous MinUID TLS FortunesFile
  including proftpd /etc/proftpd /etc/proftpd/proftpd.conf /etc/proftpd.conf
  including samba /etc/samba /etc/samba/smb.conf
  texts options /etc/default/proftpd /etc/sysconfig/proftpd
  in_directory text /var/lib/samba/usershares '*' usershare
  texts banner /etc/motd /etc/issue /etc/issue.net /etc/ftpwelcome /run/motd.dynamic
  in_directory text /etc/motd.d '*' banner
  in_directory text /etc/issue.d '*.issue' banner
  queue=$BANNERS named=0
  while [ -n "$queue" ]; do
    path=${queue%%"$NL"*}
    queue=${queue#*"$NL"}
    case $path in '' | /etc/motd | /etc/issue | /etc/issue.net | /etc/ftpwelcome | /run/motd.dynamic) continue ;; esac
    named=$((named + 1))
    if [ "$named" -gt 20 ]; then problem banner "more than 20 files are named"; return; fi
    text "$path" banner
  done
}
