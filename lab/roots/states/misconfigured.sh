# A fault for every item, most of them in a way that fools a checker: a number that looks small enough, a comment or an earlier
# value that looks right, a file that nobody looks at. tests/data/roots/misconfigured.yaml lists them all.
identity "$ROOT"
person minji
person jiho

# U-01: sshd takes the first value it reads, and the drop-in comes first. Telnet is open as well.
# U-68: the banner as well, and /etc/issue is Debian's.
printf 'PermitRootLogin yes\nBanner none\n' | put /etc/ssh/sshd_config.d/10-vendor.conf
printf 'PermitRootLogin no\nBanner /etc/issue.net\n' >>/etc/ssh/sshd_config
put /etc/xinetd.d/telnet <<'END'
service telnet
{
	disable		= no
	socket_type	= stream
	protocol	= tcp
	wait		= no
	user		= root
	server		= /usr/sbin/telnetd
}
END
printf 'tty1\npts/0\n' | put /etc/securetty

# U-02, U-46: the PAM line is read after the file and wins.
put /etc/security/pwquality.conf <<'END'
minlen = 9
dcredit = -1
ucredit = -1
lcredit = -1
ocredit = -1
END
sed -i 's/pam_pwquality.so.*/pam_pwquality.so retry=3 minlen=6 dcredit=0 ocredit=0/' /etc/pam.d/common-password

# U-03: active, but never locks.
lock_failed_logins
printf '# deny = 5\ndeny = 0\n' | put /etc/security/faillock.conf

# U-45 keeps Debian's commented pam_wheel line. U-47, U-48: the good value is a comment.
sed -i -e 's/^PASS_MAX_DAYS.*/#PASS_MAX_DAYS 90\nPASS_MAX_DAYS 99999/' \
    -e 's/^PASS_MIN_DAYS.*/#PASS_MIN_DAYS 1\nPASS_MIN_DAYS 0/' /etc/login.defs
echo '#PASS_MIN_LEN 9' >>/etc/login.defs

# U-05, U-54, U-56: the end of /etc/profile reads these, after the good values in /etc/profile itself.
sed -i '1i TMOUT=600\numask 022' /etc/profile
put /etc/profile.d/10-tools.sh <<'END'
PATH=/usr/local/sbin:/opt/tools/bin:.:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
END
printf 'TMOUT=0\nexport TMOUT\n' | put /etc/profile.d/20-session.sh
printf 'umask 002\n' | put /etc/profile.d/30-umask.sh

# U-04, U-44, U-49, U-50, U-51, U-52, U-53
groupadd --gid 1500 oldproject
usermod --append --groups root jiho
usermod --shell /bin/bash lp
usermod --shell /bin/bash games
person dbadmin --uid 1010
person dbbackup --uid 1010 --non-unique
useradd --key UID_MIN=0 --no-create-home --home-dir /root --shell /bin/bash --uid 0 --gid 0 --non-unique --password "$HASH" toor
person legacy
# shellcheck disable=SC2016 # dollars are part of a hash
sed -i 's|^legacy:x:|legacy:$1$invented$InventedHashInventedHash:|' /etc/passwd # MD5, for U-13 of 2026

# U-57: another's home, and one that everybody may write. U-58: no home, and / as home.
person suji
chown minji:minji /home/suji
person ops
chmod 707 /home/ops
useradd --no-create-home --home-dir /home/gone --shell /bin/bash --password "$HASH" gone
useradd --no-create-home --home-dir / --shell /bin/bash --password "$HASH" rootless

# U-14: writable by others, and owned by another.
chmod 646 /home/minji/.bashrc
chown minji:minji /home/jiho/.profile

# U-06, with a newline in the name, and a name that would forge evidence.
mkdir -p /srv/data
printf 'x\n' >"/srv/data/old
report.txt"
printf 'x\n' >"$(printf '/srv/data/-----END CCE EVIDENCE 1-----\nhit\tsuid\tf\t4755\t0\t0\t')"
chown 4711:4711 /srv/data/*

# U-10, U-11, U-12, U-55: too open, though 626 < 640, 606 < 644. hosts.lpd is a link inside the root.
chmod 666 /etc/xinetd.d/telnet
chmod 626 /etc/rsyslog.conf
chmod 606 /etc/services
mkdir -p /srv/print
printf 'client.example\n' | put /srv/print/hosts.lpd 666
ln -s /srv/print/hosts.lpd /etc/hosts.lpd

# U-13: newgrp, unix_chkpwd and at as Debian ships them, and a root shell for everybody.
mkdir -p /opt/tools/bin
cp /bin/dash /opt/tools/bin/health
chmod 4755 /opt/tools/bin/health

# U-15
printf '0 3 * * * root /opt/tools/bin/backup\n' | put /etc/cron.d/backup 646

# U-16
printf 'x\n' >/dev/.udev.db

# U-17: r-services on, everybody trusted.
put /etc/xinetd.d/rlogin <<'END'
service login
{
	disable		= no
	socket_type	= stream
	wait		= no
	user		= root
	server		= /usr/sbin/rlogind
}
END
printf 'client.example\n+ +\n' | put /root/.rhosts
printf '+\n' | put /etc/hosts.equiv 666

# U-18: a good rule set that nothing loads, and TCP wrappers that let all in.
put /etc/nftables.conf 755 <<'END'
#!/usr/sbin/nft -f
flush ruleset
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ip saddr 10.111.0.0/16 tcp dport 22 accept
	}
}
END
printf 'ALL: ALL\n' | put /etc/hosts.allow
printf '#ALL: ALL\n' | put /etc/hosts.deny

# U-59: directories that a listing hides: two dots and a blank, three dots.
mkdir -p '/var/tmp/.. ' /usr/share/misc/...
printf 'x\n' >'/var/tmp/.. /notes'

# U-72: authpriv is written nowhere, since the line for all others leaves it out; the journal keeps nothing. Both files look as if.
sed -i 's/^auth,authpriv/#&/' /etc/rsyslog.conf
mkdir -p /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=none\n' | put /etc/systemd/journald.conf.d/50-space.conf

# Under 2026. U-17: a start script behind two links, and a unit that everybody may write.
printf '#!/bin/sh\n/opt/tools/bin/backup\n' | put /opt/tools/start-backup 757
ln -s /opt/tools/start-backup /etc/init.d/backup
ln -s ../init.d/backup /etc/rc2.d/S99backup
printf '[Service]\nExecStart=/opt/tools/bin/report\n' | put /etc/systemd/system/report.service 646
# U-20: beside xinetd's, one of systemd's.
chmod 646 /etc/systemd/logind.conf
# U-23: a directory in which everybody may remove everybody's files.
mkdir /srv/exchange
chmod 777 /srv/exchange
# U-63: sudoers itself is as Debian ships it.
echo '%ops ALL=(ALL) NOPASSWD: ALL' | put /etc/sudoers.d/90-ops 646
# U-65: servers are named, but nothing asks them.
printf '[Time]\nNTP=ntp1.example\n' | put /etc/systemd/timesyncd.conf
systemctl --quiet mask systemd-timesyncd.service
# U-67
printf 'x\n' | put /var/log/app.log 666
chown minji:minji /var/log/app.log

# U-07, U-08, U-09, last because the tools above set them again: 622 < 644, 044 < 400, 444 < 600.
chmod 622 /etc/passwd
chmod 044 /etc/shadow
chmod 444 /etc/hosts
