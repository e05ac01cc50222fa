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
