# Every item of kisa-2021 in 계정관리 and 파일 및 디렉터리 관리 meets its criterion. Beside the settings that count stand
# some that only look wrong: an older value that a drop-in overrides, a commented one.
identity debian12-hardened
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

# U-03, U-56
lock_failed_logins
put /usr/share/pam-configs/umask <<'END'
Name: Set the umask of every session
Default: yes
Priority: 0
Session-Type: Additional
Session:
	optional	pam_umask.so
END
pam-auth-update --package --enable umask
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
for path in /usr/bin/newgrp /usr/sbin/unix_chkpwd /usr/bin/at /usr/bin/chfn /usr/bin/chsh /usr/bin/gpasswd; do
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
