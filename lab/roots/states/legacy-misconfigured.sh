# A fault for every item of these services, where a checker that reads one file does not look. tests/data/roots/legacy-misconfigured.yaml lists them.
identity "$ROOT"
person minji

# inetd. U-19, U-21, U-23, U-29 and, under 2026, U-52: an address before the service, blanks instead of tabs, a program that is not named after it.
put /etc/inetd.conf 602 <<'END'
#finger		stream	tcp	nowait	nobody	/usr/sbin/tcpd	/usr/sbin/in.fingerd
10.111.0.10:finger stream tcp nowait nobody /usr/sbin/tcpd /usr/sbin/in.fingerd
  telnet stream tcp nowait root /usr/sbin/tcpd /usr/sbin/telnetd
login stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.rlogind
echo dgram udp wait root internal
ntalk dgram udp wait nobody.tty /usr/sbin/in.ntalkd in.ntalkd
rstatd/2-4 dgram rpc/udp wait root /usr/sbin/rpc.rstatd rpc.rstatd
END
# U-17
printf '+ minji\n' | put /root/.rhosts

# U-28: the server is off, the client is not.
systemctl --quiet enable ypbind.service 2>/dev/null
# U-27: the service is masked, its socket is not. rstatd is in inetd.conf.
systemctl --quiet mask rpcbind.service

# pure-ftpd reads /etc/pure-ftpd/conf, one file for each setting; pure-ftpd.conf is read by nobody. U-20, U-63, U-64
printf 'NoAnonymous yes\nMinUID 1000\nTLS 2\n' | put /etc/pure-ftpd/pure-ftpd.conf
echo no | put /etc/pure-ftpd/conf/NoAnonymous
echo 0 | put /etc/pure-ftpd/conf/MinUID
sed -i 's/^root$/#root/' /etc/ftpusers
chown minji:minji /etc/ftpusers
chmod 600 /etc/ftpusers
# U-62
useradd --system --home-dir /srv/ftp --shell /bin/sh ftp

# sendmail. U-31: made of a .mc that relays for everybody. U-32, U-70: sendmail.mc says it well, and sendmail.cf, which counts, does not.
sed -i 's/^MAILER_DEFINITIONS/FEATURE(`promiscuous_relay'"')dnl\\n&/" /etc/mail/sendmail.mc
sed 's/,restrictqrun//' /etc/mail/sendmail.mc | m4 - | put /etc/mail/sendmail.cf
sed -i 's/^`needmailhelo.*/`goaway,restrictqrun'"')dnl/" /etc/mail/sendmail.mc

# U-18: good rules, which nothing loads.
put /etc/iptables/rules.v4 640 <<'END'
*filter
:INPUT DROP [0:0]
-A INPUT -s 10.111.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
END
systemctl --quiet disable netfilter-persistent.service 2>/dev/null

# U-65 (2026): the server is named, the service is masked.
printf '[Time]\nNTP=ntp1.example\n' | put /etc/systemd/timesyncd.conf
systemctl --quiet mask systemd-timesyncd.service
