# --- FTP, Samba, banners
share_records() { :; }
