# A fault for every item of these services, where a checker that reads one file does not look. tests/data/roots/edge-misconfigured.yaml lists them.
identity "$ROOT"
person minji

# nginx. U-35, U-37: only in an included location. U-39 keeps nginx's default. U-71, U-40: the server wins over http. U-38, U-41: nginx's own page.
put /etc/nginx/conf.d/hardening.conf <<'END'
server_tokens off;
autoindex off;
client_max_body_size 5m;
END
put /etc/nginx/snippets/files.conf <<'END'
location /files {
	alias /srv/files/;
	autoindex on;
}
END
mkdir -p /srv/files
put /etc/nginx/sites-available/default <<'END'
server {
	listen 80 default_server;
	root /usr/share/nginx/html;
	server_tokens on;
	client_max_body_size 0;
	include snippets/files.conf;
}
END
# U-36
sed -i 's/^user .*/#user www-data;\nuser root;/' /etc/nginx/nginx.conf

# exim. U-31: nobody in update-exim4.conf.conf, everybody in a macro. U-32, U-70
sed -i -e "s/^dc_eximconfig_configtype=.*/dc_eximconfig_configtype='internet'/" -e "s/^dc_local_interfaces=.*/dc_local_interfaces=''/" \
    /etc/exim4/update-exim4.conf.conf
put /etc/exim4/exim4.conf.localmacros <<'END'
MAIN_RELAY_NETS = *
prod_requires_admin = false
acl_smtp_vrfy = accept
acl_smtp_expn = accept
END
update-exim4.conf

# ProFTPD. U-60, U-61: its service is disabled, its socket is not. U-20, U-64: in a file of conf.d. U-62, U-63: 606 < 640
sed -i 's/^ServerType.*/ServerType inetd/' /etc/proftpd/proftpd.conf
systemctl --quiet disable proftpd.service 2>/dev/null
systemctl --quiet enable proftpd.socket
put /etc/proftpd/conf.d/partners.conf <<'END'
RootLogin on
UseFtpUsers off
<Anonymous ~ftp>
  User ftp
  Group nogroup
</Anonymous>
END
usermod --shell /bin/bash ftp
chmod 606 /etc/ftpusers

# xinetd. Files need not be named after what they offer, and a service without a word about disable is on.
# U-19, U-21, U-23, U-27, U-29; U-60 and, under 2026, U-52
put /etc/xinetd.d/lab <<'END'
service finger
{
	socket_type	= stream
	wait		= no
	user		= nobody
	server		= /usr/sbin/in.fingerd
}
service exec
{
	socket_type	= stream
	wait		= no
	user		= root
	server		= /usr/sbin/in.rexecd
	disable		= no
}
service telnet
{
	socket_type	= stream
	wait		= no
	user		= root
	server		= /usr/sbin/in.telnetd
}
service rquotad
{
	type		= RPC
	socket_type	= dgram
	wait		= yes
	user		= root
	server		= /usr/sbin/rpc.rquotad
	rpc_version	= 1-2
}
service tftp
{
	socket_type	= dgram
	wait		= yes
	user		= root
	server		= /usr/sbin/in.tftpd
	disable		= no
}
service chargen
{
	type		= INTERNAL
	id		= chargen-lab
	socket_type	= dgram
	wait		= yes
	user		= root
}
END
# U-29: tftp's own service is off.
systemctl --quiet mask tftpd-hpa.service
# U-10: 622 > 600, and 466 < 600
chmod 622 /etc/xinetd.d/lab
chmod 466 /etc/xinetd.conf

# U-18: good rules, not loaded.
sed -i '/^### RULES ###/a \
\
### tuple ### allow tcp 22 0.0.0.0/0 any 10.111.0.0/16 in\
-A ufw-user-input -p tcp --dport 22 -s 10.111.0.0/16 -j ACCEPT' /etc/ufw/user.rules

# U-65 (2026): the servers are named, the service is off.
systemctl --quiet disable ntpsec.service 2>/dev/null
