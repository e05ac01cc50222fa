# --- packages: which versions of the programs that items ask about are installed
PACKAGES='openssh-server sendmail sendmail-bin postfix exim4 exim4-daemon-light exim4-daemon-heavy exim bind9 bind bind9.16 bind9.18
apache2 httpd nginx vsftpd proftpd-core pure-ftpd samba snmpd net-snmp'
DPKG_BYTES=67108864
packages() {
  if readable /var/lib/dpkg/status; then
    contents "$REAL" "$DPKG_BYTES" | NAMES=$PACKAGES N=$DPKG_BYTES awk "$LIB"'
      BEGIN { n = split(ENVIRON["NAMES"], w, /[ \n]+/); for (i = 1; i <= n; i++) wanted[w[i]] = 1 }
      { bytes += length($0) + 1; last = $0 }
      /^Package: / { name = $2; installed = 0 }
      /^Status: / { installed = $NF == "installed" }
      /^Version: / && name in wanted && installed { print "package\t" esc(name) "\t" esc(cut500($2)) }
      END { print "packages\tdpkg\t" (last != "\001" ? "error" : bytes - 3 > ENVIRON["N"] + 0 ? "cut" : "ok") }'
  elif [ "$WHY" != absent ]; then
    printf 'packages\tdpkg\t%s\n' "$WHY"
  elif have rpm && [ "$MODE" = live ]; then
    # shellcheck disable=SC2086 # a list of names
    { limited 20 rpm -q --qf '%{NAME}\t%{VERSION}-%{RELEASE}\n' $PACKAGES </dev/null 2>/dev/null; echo "exit $?"; } |
      head -c 65536 | NAMES=$PACKAGES awk -F '\t' "$LIB"'
      BEGIN { n = split(ENVIRON["NAMES"], w, /[ \n]+/); for (i = 1; i <= n; i++) wanted[w[i]] = 1 }
      NF == 2 && $1 in wanted { print "package\t" $1 "\t" esc(cut500($2)) }
      /^exit [0-9]+$/ { status = substr($0, 6) }
      END { print "packages\trpm\t" (status == "" || status >= 124 ? "timeout" : "ok") }'
  else # the rpm of this machine is not that of the root directory
    for path in /var/lib/rpm /usr/lib/sysimage/rpm; do
      resolve "$path"
      [ "$WHY" = ok ] && { printf 'packages\trpm\tskipped\n'; return; }
    done
    printf 'packages\tnone\tabsent\n'
  fi
}
