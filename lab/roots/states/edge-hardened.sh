# nginx, exim, ProFTPD, ntpsec, tftpd, xinetd, rpcbind and ufw as the guide wants them, beside settings that only look wrong.
identity "$ROOT"
person minji
warn

# nginx. U-35: what the server says wins over the http block. U-39, U-40, U-41, U-71; the old site is not enabled.
put /etc/nginx/conf.d/hardening.conf <<'END'
# server_tokens on;
server_tokens off;
autoindex on;
disable_symlinks on;
client_max_body_size 5m;
END
mkdir -p /srv/www/site
echo 'site' | put /srv/www/site/index.html
put /etc/nginx/sites-available/site <<'END'
server {
	listen 80 default_server;
	server_name www.example;
	root /srv/www/site;
	autoindex off;
	location / {
		# autoindex on;
		try_files $uri $uri/ =404;
	}
	location /images/ {
		alias /srv/www/images/;
	}
}
END
ln -s /etc/nginx/sites-available/site /etc/nginx/sites-enabled/site
rm /etc/nginx/sites-enabled/default
# U-38
rm -r /var/www/html /usr/share/nginx/html

# exim. U-31: it relays for the network inside, and for nobody else. U-32, U-68
sed -i -e "s/^dc_eximconfig_configtype=.*/dc_eximconfig_configtype='internet'/" -e "s/^dc_relay_nets=.*/dc_relay_nets='10.111.0.0\/16'/" \
    -e "s/^dc_local_interfaces=.*/dc_local_interfaces=''/" /etc/exim4/update-exim4.conf.conf
put /etc/exim4/exim4.conf.localmacros <<'END'
# MAIN_RELAY_NETS = *
smtp_banner = $smtp_active_hostname ESMTP Authorized use only
END
update-exim4.conf
chmod o-x /usr/sbin/exiqgrep

# ProFTPD. U-20: Debian's <Anonymous> is a comment. U-63, U-64, U-68, and under 2026 U-53, U-54, U-56
sed -i 's/^#LoadModule mod_tls.c/LoadModule mod_tls.c/' /etc/proftpd/modules.conf
put /etc/proftpd/conf.d/hardening.conf 640 <<'END'
#RootLogin on
RootLogin off
UseFtpUsers on
ServerIdent on "Authorized use only"
DisplayConnect /etc/issue.net
<IfModule mod_tls.c>
  TLSEngine on
  TLSRequired on
  TLSRSACertificateFile /etc/ssl/certs/ftp.pem
  TLSRSACertificateKeyFile /etc/ssl/private/ftp.key
</IfModule>
<Limit LOGIN>
  Order allow,deny
  Allow from 10.111.0.0/16
  DenyAll
</Limit>
END
chmod 640 /etc/ftpusers /etc/proftpd/proftpd.conf

# U-27, U-29: masked, though the links of their init scripts are still there.
systemctl --quiet mask rpcbind.service rpcbind.socket tftpd-hpa.service
# U-23: on in its file, but xinetd.conf says that none of these is started.
sed -i '0,/disable.*=.*yes/s//disable = no/' /etc/xinetd.d/echo
sed -i '/^{/a \	disabled = echo-stream echo-dgram' /etc/xinetd.conf
# U-10
chmod 600 /etc/xinetd.conf /etc/xinetd.d/*

# U-18
sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf
sed -i '/^### RULES ###/a \
\
### tuple ### allow tcp 22 0.0.0.0/0 any 10.111.0.0/16 in\
-A ufw-user-input -p tcp --dport 22 -s 10.111.0.0/16 -j ACCEPT' /etc/ufw/user.rules

# U-65 (2026)
sed -i -e '/^pool /d' /etc/ntpsec/ntp.conf
printf 'server ntp1.example iburst\nserver ntp2.example iburst\n' >>/etc/ntpsec/ntp.conf
