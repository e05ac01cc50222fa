# --- logging, sudo, start scripts
system_records() { :; }
