# --- DNS, SNMP, time
name_records() { :; }
