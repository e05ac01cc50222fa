# Every item of both editions that a machine can decide meets its criterion. Beside the settings that count stand
# some that only look wrong: an older value that a drop-in overrides, a commented one.
identity "$ROOT"
person minji
person jiho

# U-01: the first value wins, and Debian includes the drop-ins first.
echo 'PermitRootLogin no' | put /etc/ssh/sshd_config.d/10-hardening.conf
echo 'PermitRootLogin prohibit-password' >>/etc/ssh/sshd_config

# U-02, U-46
put /etc/security/pwquality.conf <<'END'
# minlen = 6
minlen = 9
dcredit = -1
ucredit = -1
lcredit = -1
ocredit = -1
enforce_for_root
END

# U-03, U-56, and the history that 2026 asks for in U-02
lock_failed_logins
put /usr/share/pam-configs/umask <<'END'
Name: Set the umask of every session
Default: yes
Priority: 0
Session-Type: Additional
Session:
	optional	pam_umask.so
END
put /usr/share/pam-configs/pwhistory <<'END'
Name: Refuse the last passwords
Default: yes
Priority: 512
Password-Type: Primary
Password:
	requisite	pam_pwhistory.so remember=4 enforce_for_root use_authtok
END
pam-auth-update --package --enable umask pwhistory
put /etc/security/faillock.conf <<'END'
# deny = 0
deny = 5
unlock_time = 600
END

# U-45
groupadd --system wheel
usermod --append --groups wheel minji
sed -i 's/^# auth       required   pam_wheel.so$/auth       required   pam_wheel.so use_uid/' /etc/pam.d/su

# U-46, U-47, U-48 and, for homes and PAM, U-56
sed -i -e 's/^PASS_MAX_DAYS.*/#PASS_MAX_DAYS 99999\nPASS_MAX_DAYS 90/' -e 's/^PASS_MIN_DAYS.*/PASS_MIN_DAYS 1/' \
    -e 's/^UMASK.*/UMASK 027/' /etc/login.defs
echo 'PASS_MIN_LEN 9' >>/etc/login.defs
for name in root minji jiho; do
    chage --maxdays 90 --mindays 1 "$name"
done

# U-54, U-56
put /etc/profile.d/50-session.sh <<'END'
# TMOUT=0
TMOUT=600
readonly TMOUT
export TMOUT
umask 027
END

# U-49, U-53: also sync, whose shell is a program.
for name in sync games lp news uucp proxy list irc; do
    userdel "$name"
done

# U-08, U-09, U-11, U-13
chown root:root /etc/shadow
chmod 400 /etc/shadow
chmod 600 /etc/hosts
chmod 640 /etc/rsyslog.conf
for path in /usr/bin/newgrp /usr/sbin/unix_chkpwd /usr/bin/chfn /usr/bin/chsh /usr/bin/gpasswd; do
    dpkg-statoverride --update --add root root 0755 "$path"
done

# U-18
put /etc/nftables.conf 755 <<'END'
#!/usr/sbin/nft -f
flush ruleset
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		iif lo accept
		ct state established,related accept
		ip saddr 10.111.0.0/16 tcp dport 22 accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
	}
	chain output {
		type filter hook output priority filter; policy accept;
	}
}
END
systemctl --quiet enable nftables.service

# U-22, U-65: cron's and at's files and commands are root's alone. The lists would be enough, and so would the modes.
for path in /usr/bin/crontab /usr/bin/at; do
    dpkg-statoverride --force-statoverride-add --update --add root root 0750 "$path"
done
chmod 600 /etc/crontab /etc/cron.d/*
chmod 700 /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly
find /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly -type f -exec chmod 700 {} +
for path in /etc/cron.allow /etc/at.allow; do
    echo root | put "$path" 640
done
rm /etc/at.deny

# U-68
warn

# Under 2026. U-20: only files; the directories must stay searchable.
chmod 600 /etc/systemd/*.conf
# U-63: 0440 is tighter than the 0640 that the guide names.
echo '%wheel ALL=(ALL) ALL' | put /etc/sudoers.d/10-wheel 440
# U-65: the servers stand in a file of sources.d. Not systemd-timesyncd: it does not run as root, and could not read a file of U-20.
sed -i 's/^pool /#pool /' /etc/chrony/chrony.conf
printf 'server ntp1.example iburst\nserver ntp2.example iburst\n' | put /etc/chrony/sources.d/servers.sources
# U-67: Debian lets the group utmp write who logged in; systemd-tmpfiles would set it again.
sed -e 's/0664/0644/' -e 's/0660/0600/' /usr/lib/tmpfiles.d/var.conf | put /etc/tmpfiles.d/var.conf
chmod 644 /var/log/wtmp /var/log/lastlog
chmod 600 /var/log/btmp
