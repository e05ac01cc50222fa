# --- mail servers
mail_records() { :; }
