# Read by build.sh into a shell inside the root directory, before the state's own script. Never run it elsewhere: what
# follows changes /etc. A chroot of build.sh has its variable set and no /proc.
if [ "${CCE_LAB_ROOT:-}" != building ] || [ -e /proc/self ]; then
    echo 'this belongs inside a root directory that build.sh makes' >&2
    exit 2
fi

# Invented hashes: recordings are searched for this word, which must never leave a server.
# shellcheck disable=SC2016 # dollars are part of a hash
HASH='$6$invented$InventedHashInventedHashInventedHashInventedHashInventedHashInventedHashInventedHashIn'

# identity NAME: what the installer would have written, under an invented name.
identity() {
    printf '%s\n' "$1" >/etc/hostname
    printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s.example\t%s\n' "$1" "$1" >/etc/hosts
    chmod 644 /etc/hosts
    # Mail servers took the name of the machine that built the packages' tree.
    [ ! -e /etc/postfix/main.cf ] || postconf -e "myhostname = $1.example" "mydestination = \$myhostname, localhost"
    [ ! -e /etc/exim4/update-exim4.conf.conf ] || sed -i "s/^dc_other_hostnames=.*/dc_other_hostnames='$1'/" /etc/exim4/update-exim4.conf.conf
    [ ! -e /etc/mail/local-host-names ] || printf 'localhost\n%s.example\n' "$1" >/etc/mail/local-host-names
    usermod --password "$HASH" root
}

# person NAME [OPTION...]: an ordinary user as adduser makes one, with a password.
person() {
    name=$1
    shift
    useradd --create-home --shell /bin/bash --key HOME_MODE=0700 --password "$HASH" "$@" "$name"
}

# put FILE [MODE]: standard input becomes the file.
put() {
    cat >"$1"
    chmod "${2:-644}" "$1"
}

# lock_failed_logins: pam_faillock, the way Debian's pam-auth-update does it.
lock_failed_logins() {
    put /usr/share/pam-configs/faillock_notify <<'END'
Name: Count failed logins and forget them after a good one
Default: yes
Priority: 1024
Auth-Type: Primary
Auth:
	requisite	pam_faillock.so preauth
Account-Type: Primary
Account:
	required	pam_faillock.so
END
    put /usr/share/pam-configs/faillock <<'END'
Name: Lock an account after failed logins
Default: yes
Priority: 0
Auth-Type: Primary
Auth:
	[default=die]	pam_faillock.so authfail
	sufficient	pam_faillock.so authsucc
END
    pam-auth-update --package --enable faillock faillock_notify
}

# warn: everybody who logs in reads a warning first.
warn() {
    for name in issue issue.net motd; do
        echo 'Authorized use only. All activity is logged and will be reported.' | put "/etc/$name"
    done
    rm -f /etc/update-motd.d/*
    echo 'Banner /etc/issue.net' | put /etc/ssh/sshd_config.d/20-banner.conf
}
