# --- web servers
web_records() { :; }
