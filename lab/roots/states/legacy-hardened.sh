# What old servers still have, switched off one way or the other: purged, masked, or a comment. sendmail is needed, and set as the guide wants.
identity "$ROOT"
person minji
warn

# U-19, U-21: gone. U-29: in inetd.conf still, but inetd is masked.
dpkg --purge fingerd rsh-redone-server
systemctl --quiet mask inetd.service openbsd-inetd.service
# U-10
chmod 600 /etc/inetd.conf
# U-20, U-60, U-61: enabled in /etc/rc?.d, and masked.
systemctl --quiet mask pure-ftpd.service
# U-27; U-28: Debian links NIS in /etc/rc?.d and leaves its units disabled, which is what counts.
systemctl --quiet mask rpcbind.service rpcbind.socket

# sendmail. U-31, U-32, U-68, U-70: made the way the package makes it.
sed -i 's/^`needmailhelo.*/`goaway,restrictqrun'"')dnl/" /etc/mail/sendmail.mc
echo "define(\`confSMTP_LOGIN_MSG', \`\$j Authorized use only; \$b')dnl" >>/etc/mail/sendmail.mc
m4 /etc/mail/sendmail.mc | put /etc/mail/sendmail.cf
printf '# Connect:0.0.0.0 RELAY\nConnect:10.111 RELAY\n' | put /etc/mail/access 640

# U-18
put /etc/iptables/rules.v4 640 <<'END'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
-A INPUT -s 10.111.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
END
sed 's/10.111.0.0\/16/fd00:111::\/64/' /etc/iptables/rules.v4 | put /etc/iptables/rules.v6 640

# U-65 (2026)
mkdir -p /etc/systemd/timesyncd.conf.d
printf '[Time]\nNTP=ntp1.example\n' | put /etc/systemd/timesyncd.conf.d/10-ntp.conf
