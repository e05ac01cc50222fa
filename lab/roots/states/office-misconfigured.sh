# A fault for every item of these services, where a checker that reads one file does not look. tests/data/roots/office-misconfigured.yaml lists them.
identity "$ROOT"
person minji

# Apache. U-71: apache2.conf says it well, and conf-enabled/security.conf, read later, says OS and On.
sed -i -e '1i ServerTokens Prod\nServerSignature Off\nLimitRequestBody 5000000' -e 's/Options Indexes FollowSymLinks/Options None/' \
    -e 's/Options FollowSymLinks/Options None/' /etc/apache2/apache2.conf
# U-35, U-37, U-38, U-40: only in one of two virtual hosts.
mkdir -p /srv/intranet/manual /srv/files
echo 'manual' | put /srv/intranet/manual/index.html
put /etc/apache2/sites-available/intranet.conf <<'END'
<VirtualHost *:80>
    ServerName intranet.example
    DocumentRoot /srv/intranet
    LimitRequestBody 0
    <Directory /srv/intranet>
        Options +Indexes
        AllowOverride None
        Require all granted
    </Directory>
</VirtualHost>
END
a2ensite --quiet intranet
# U-39: only in a file of conf-enabled.
put /etc/apache2/conf-available/links.conf <<'END'
Alias /files /srv/files
<Directory /srv/files>
    Options FollowSymLinks
    Require all granted
</Directory>
END
a2enconf --quiet links
# U-36: Debian's Apache does not start with the User root, but it does with the Group root, which apache2.conf takes from this variable.
echo 'export APACHE_RUN_GROUP=root' >>/etc/apache2/envvars

# Postfix. U-31: main.cf is well, one service of master.cf is not. U-70: the last value counts. U-32: postsuper is as Debian ships it.
cat >>/etc/postfix/master.cf <<'END'
submission inet n - y - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_relay_restrictions=permit
END
cat >>/etc/postfix/main.cf <<'END'
disable_vrfy_command = yes
disable_vrfy_command = no
END

# BIND. U-34: the options are well, one zone of an included file is not. U-51 (2026)
put /etc/bind/named.conf.options <<'END'
options {
	directory "/var/cache/bind";
	allow-transfer { none; };
	allow-update { none; };
};
END
mkdir -p /etc/bind/zones.d
put /etc/bind/zones.d/lab.conf <<'END'
zone "lab.example" {
	type master;
	file "/etc/bind/db.local";
	allow-transfer { any; };
};
END
put /etc/bind/named.conf.local <<'END'
include "/etc/bind/zones.d/lab.conf";
zone "dyn.example" { type master; file "/var/lib/bind/db.dyn"; allow-update { any; }; };
END

# vsftpd. U-20 and, under 2026, U-54: the last value counts. U-62, U-63: 604 < 640. U-64. U-56 (2026): the list lets all in.
cat >>/etc/vsftpd.conf <<'END'
anonymous_enable=NO
anonymous_enable=YES
ssl_enable=YES
ssl_enable=NO
#ftpd_banner=Authorized use only
tcp_wrappers=YES
END
usermod --shell /bin/bash ftp
sed -i 's/^root$/#root/' /etc/ftpusers
chmod 604 /etc/ftpusers

# SNMP. U-67 and, under 2026, U-59, U-60, U-61: only in a file that the main one includes.
put /etc/snmp/snmpd.conf 600 <<'END'
agentaddress udp:161,udp6:161
#rocommunity public default
rouser monitor authpriv
includeDir /etc/snmp/snmpd.conf.d
END
printf 'rocommunity InventedHash7 10.111.0.5\nrocommunity public\n' | put /etc/snmp/snmpd.conf.d/monitor.conf 600

# NFS. U-25: only in exports.d. U-69: the group may write.
mkdir -p /etc/exports.d /srv/backup
echo '/srv/backup 10.111.0.0/24(ro,sync)' | put /etc/exports 664
echo '/srv/backup *(rw,no_root_squash,anonuid=0)' | put /etc/exports.d/backup.exports
# U-27: the service is disabled, its socket is not.
systemctl --quiet disable rpcbind.service 2>/dev/null
systemctl --quiet enable rpcbind.socket

# Samba. U-35 (2026): only in an included file.
sed -i -e 's/^ *map to guest = .*/   map to guest = never/' -e 's/^ *usershare allow guests = .*/   usershare allow guests = no/' /etc/samba/smb.conf
printf '[global]\n   include = /etc/samba/shares.conf\n' >>/etc/samba/smb.conf
printf '[public]\n   path = /srv/files\n   public = yes\n' | put /etc/samba/shares.conf

# chrony. U-65 (2026): no source; files of sources.d that do not end in .sources are not read.
sed -i 's/^pool /#pool /' /etc/chrony/chrony.conf
echo 'server ntp1.example iburst' | put /etc/chrony/sources.d/office.source
