# Apache, Postfix, BIND, vsftpd, snmpd, NFS, Samba, chrony and autofs as the guide wants them, beside settings that only look wrong.
identity "$ROOT"
person minji
warn

# Apache. U-71: security.conf, read before, says OS and On. U-40: the limit is the server's.
put /etc/apache2/conf-available/zz-hardening.conf <<'END'
# ServerTokens Full
ServerTokens Prod
ServerSignature Off
LimitRequestBody 5000000
# Not loaded, and so without effect.
<IfModule mod_dav.c>
    <Directory /srv/www/dav>
        Options Indexes FollowSymLinks
    </Directory>
</IfModule>
END
# U-35, U-37, U-39, U-41: the last Options of a section counts. sites-available/old.conf is not enabled.
mkdir -p /srv/www/site
put /etc/apache2/sites-available/site.conf <<'END'
<VirtualHost *:80>
    ServerName www.example
    DocumentRoot /srv/www/site
    <Directory /srv/www/site>
        Options Indexes FollowSymLinks
        Options None
        AllowOverride AuthConfig
        Require all granted
    </Directory>
</VirtualHost>
END
put /etc/apache2/sites-available/old.conf <<'END'
<VirtualHost *:80>
    DocumentRoot /var/www/html
    <Directory /var/www/html>
        Options Indexes FollowSymLinks
        AllowOverride None
    </Directory>
</VirtualHost>
END
put /srv/www/site/.htaccess <<'END'
AuthType Basic
AuthName "Members"
AuthUserFile /etc/apache2/members
Require valid-user
END
echo 'site' | put /srv/www/site/index.html
printf 'minji:%s\n' "$HASH" | put /etc/apache2/members 640
chgrp www-data /etc/apache2/members
python3 - <<'END'
import re
path = "/etc/apache2/apache2.conf"
text = open(path).read()
text = re.sub(r"<Directory /(usr/share|var/www/)>.*?</Directory>\n", "", text, flags=re.DOTALL)
text = text.replace("\tOptions FollowSymLinks\n\tAllowOverride None", "\tOptions None\n\tAllowOverride AuthConfig")
open(path, "w").write(text)
END
a2enconf --quiet zz-hardening
a2disconf --quiet serve-cgi-bin
a2dismod --quiet --force autoindex alias status
a2ensite --quiet site
a2dissite --quiet 000-default
# U-38
rm -r /var/www/html

# Postfix. U-31: the last value of a name counts. U-32, U-70, U-68
cat >>/etc/postfix/main.cf <<'END'
mynetworks = 0.0.0.0/0
mynetworks = 127.0.0.0/8 [::1]/128 10.111.0.0/16
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
#disable_vrfy_command = no
disable_vrfy_command = yes
smtpd_banner = $myhostname ESMTP Authorized use only
END
chmod o-x /usr/sbin/postsuper

# BIND. U-34, U-51 (2026), U-68
put /etc/bind/named.conf.options <<'END'
options {
	directory "/var/cache/bind";
	version "Authorized use only";
	/* allow-transfer { any; }; */
	allow-transfer { none; };
	allow-query { 10.111.0.0/16; };
};
END
put /etc/bind/named.conf.local <<'END'
acl secondaries { 10.111.0.53; };
key "ddns" { algorithm hmac-sha256; secret "InventedHashInventedHash"; };
zone "office.example" {
	type master;
	file "/etc/bind/db.local";
	allow-transfer { secondaries; };
	allow-update { none; };	// allow-update { any; };
};
zone "dyn.example" {
	type master;
	file "/var/lib/bind/db.dyn";
	allow-update { key ddns; };
};
END

# vsftpd. U-20: the last value of a name counts. U-63, and under 2026 U-53, U-54, U-56
cat >>/etc/vsftpd.conf <<'END'
anonymous_enable=YES
anonymous_enable=NO
ssl_enable=YES
force_local_logins_ssl=YES
force_local_data_ssl=YES
ftpd_banner=Authorized use only
tcp_wrappers=YES
END
echo 'vsftpd: 10.111.0.0/255.255.0.0' | put /etc/hosts.allow
echo 'vsftpd: ALL' | put /etc/hosts.deny
chmod 640 /etc/ftpusers

# SNMP: version 3 only, on the loopback address only. The user's key was made from createUser at the first start.
put /etc/snmp/snmpd.conf 600 <<'END'
agentaddress 127.0.0.1
#rocommunity public default
view systemonly included .1.3.6.1.2.1.1
rouser monitor authpriv -V systemonly
END
mkdir -p /var/lib/snmp
echo 'createUser monitor SHA InventedHashOfASecret AES InventedHashOfAKey' | put /var/lib/snmp/snmpd.conf 600

# NFS. U-25, U-69: files of exports.d that do not end in .exports are not read.
mkdir -p /etc/exports.d /srv/share
echo '/srv/share *(rw,no_root_squash)' | put /etc/exports.d/old.exports.disabled
put /etc/exports <<'END'
# /srv/share *(rw)
/srv/share 10.111.0.0/24(ro,sync,root_squash,no_subtree_check)
END
# U-26, U-27: masked, though the links of their init scripts are still there. NFS version 4 needs no rpcbind.
systemctl --quiet mask autofs.service rpcbind.service rpcbind.socket rpc-statd.service

# Samba. U-35 (2026): the last value of a name counts.
sed -i -e 's/^ *map to guest = .*/   map to guest = bad user\n   map to guest = never/' -e 's/^ *usershare allow guests = .*/   usershare allow guests = no/' /etc/samba/smb.conf
cat >>/etc/samba/smb.conf <<'END'
[team]
   path = /srv/share
;  guest ok = yes
   guest ok = no
END

# chrony. U-65 (2026)
sed -i 's/^pool .*/server ntp1.example iburst\nserver ntp2.example iburst/' /etc/chrony/chrony.conf
