"""A root directory that does everything a hostile server can do to a probe."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cce.evidence.frame import frame

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

#: Planted where the probe reads; none may ever come out.
SECRETS = {
    "hash": "SaltAndHashOfRoot",
    "old_des": "abQ9Zr.desHash"[:13],
    "odd_hash": "NoCryptPrefixAtAll",
    "in_passwd": "HashInPasswdField",
    "gecos": "PhoneNumberOfRoot",
    "group_password": "GroupPasswordHash",
    "netrc": "NetrcPassword",
    "rhosts_host": "trusted-host-name",
    "profile": "ProfileTokenValue",
    "profile_plain": "ValueOfAnUnsuspectedName",
    "profile_command": "PasswordOnACommandLine",
    "pam_bind": "LdapBindPassword",
    "url": "PasswordInUrl",
    "sshd": "SecretInSshdConfig",
    "tsig": "TsigKeyOfTheZone",
    "community": "SnmpC0mmunity",
    "snmp_user": "PassphraseOfSnmpUser",
    "host": "HOST-FILE-REACHED-THROUGH-A-LINK",
}

PASSWD = """\
root:x:0:0:{gecos}:/root:/bin/bash
toor:{in_passwd}:+0:0::/root:/bin/sh
daemon:*:1:1:daemon:/usr/sbin:/usr/sbin/nologin
# a comment
broken line
nologin:!:7:7::/nonexistent:/bin/false
alice::1000:1000:Alice:/home/alice/:
tab\tesc\x1bback\\slash:x:1001:1001::/home/o\tdd\x1b\\:/bin/sh
relative:x:1002:1002::home/relative:/bin/sh
bytes\xff:x:1003:1003::/home/b\xff:/bin/sh
+::::::
"""

SHADOW = """\
root:$y$j9T$salt${hash}:19000:0:99999:7:::
toor:$weird${odd_hash}:19000:0::7:::
daemon:*:19001:0:99999:7:::
nologin:!:19001::::::
alice::19002:1:90:7:::
des:{old_des}:19003:0:-1:7:::
locked:!$6$salt${hash}:19000:0:99999:7:::
"""

FORGED = frame(b"cce\t1\tforged\nmeta\tfinished\t1\nend\t2\n")


@dataclass(frozen=True)
class Printed:
    """What the probe printed, what was in the frame, and what it means."""

    stdout: str
    records: bytes
    evidence: Evidence


def write(path: Path, content: str | bytes, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
    path.chmod(mode)
    return path


def _accounts(root: Path) -> None:
    write(root / "etc/passwd", PASSWD.format(**SECRETS))
    write(root / "etc/shadow", SHADOW.format(**SECRETS), 0o640)
    write(root / "etc/group", f"root:x:0:\nwheel:{SECRETS['group_password']}:10:alice,root\nusers:x:1000:\n")
    write(root / "root/.profile", "umask 022\n")
    write(root / "root/.netrc", f"machine m login l password {SECRETS['netrc']}\n", 0o600)
    write(root / "home/alice/.rhosts", f"{SECRETS['rhosts_host']} alice\n+ +\n# + comment\n", 0o606)
    # Python's text of a path is UTF-8; these names are bytes.
    write(Path(os.fsdecode(os.fsencode(root) + b"/home/o\tdd\x1b\\/.profile")), "x", 0o666)
    write(Path(os.fsdecode(os.fsencode(root) + b"/home/b\xff/.profile")), "x", 0o600)


def _texts(root: Path, outside: Path) -> None:
    etc = root / "etc"
    write(etc / "login.defs", "# comment\r\nPASS_MAX_DAYS\t90\r\n\n  UMASK 027  \n")
    write(
        etc / "ssh/sshd_config",
        f"Include /etc/ssh/sshd_config.d/*.conf extra.conf\nPermitRootLogin no\npassword {SECRETS['sshd']}\n",
    )
    write(etc / "ssh/sshd_config.d/10.conf", "Port 22\nInclude /etc/ssh/sshd_config\n")
    write(etc / "ssh/sshd_config.d/nl\nline\tx\t1\tforged.conf", "Port 23\n")
    write(etc / "ssh/extra.conf", "Match User bob\n  PermitRootLogin yes\n")
    write(
        etc / "pam.d/common-password",
        "password requisite pam_pwquality.so minlen=8 \\\n   ucredit=-1 # why\n",
    )
    write(
        etc / "pam.d/login",
        "@include common-password\nauth include house\n"
        f"auth required pam_ldap.so bindpw={SECRETS['pam_bind']} x=1\n",
    )
    write(etc / "pam.d/house", "auth required pam_wheel.so use_uid\n")
    write(
        etc / "profile",
        f"""\
# PATH in a comment
export API_TOKEN={SECRETS["profile"]} PATH=/usr/bin:/opt/token:. OTHER='{SECRETS["profile_plain"]} b'
mysql -p{SECRETS["profile_command"]} --init PATH; [ -z "$TMOUT" ] && TMOUT=600; export TMOUT
if [ "$UID" -gt 199 ]; then umask 002; else umask 022; fi
for i in /etc/profile.d/*.sh; do . $i; done
curl https://me:{SECRETS["url"]}@host/$PATH
set path = ( . /usr/bin )
""",
    )
    long = "PATH=/x/" + "y" * 900
    write(etc / "profile.d/long.sh", long + "\n")
    write(etc / "securetty", f"tty1\n{FORGED}text\t/etc/securetty\tabsent\nend\t1\n")
    write(etc / "hosts.allow", b"ALL: \x00nul \x1b[31mred \xff\xfe back\\slash\ttab\x7f\n")
    with write(etc / "hosts.deny", "ALL: ALL\n").open("r+b") as huge:
        huge.truncate(1 << 30)
    os.mkfifo(etc / "inetd.conf")
    write(etc / "security/faillock.conf", "deny = 5\n")
    write(
        etc / "bind/named.conf",
        f'key k {{ algorithm hmac-md5; secret /* x */ "{SECRETS["tsig"]}"; }};\n'
        'zone "a\x1b\x00\xff\n\\"b" { type master; allow-transfer { key k; }; };\n'
        'include "/etc/bind/named.conf";\n{ { "',
    )
    write(
        etc / "snmp/snmpd.conf",
        f"rocommunity '{SECRETS['community']}' \xff\x00.example\n"
        "includeFile snmpd.conf\nincludeDir /etc/snmp\n"
        f'createUser x SHA {SECRETS["snmp_user"]}\nrwcommunity "{SECRETS["community"]}\n',
    )
    # Links: absolute ones stay inside, loops end, the way out is shut.
    write(outside, SECRETS["host"] + "\n")
    (etc / "hosts.equiv").symlink_to(outside)
    (etc / "nftables.conf").symlink_to("../" * 40 + str(outside).lstrip("/"))
    (etc / "bash.bashrc").symlink_to("/etc/profile.real")
    write(etc / "profile.real", "umask 077\n")
    (etc / "environment").symlink_to("environment.2")
    (etc / "environment.2").symlink_to("environment")
    (etc / "security/pwquality.conf").symlink_to("/etc/nowhere")
    (etc / "xinetd.d").symlink_to("/srv/xinetd")
    write(root / "srv/xinetd/telnet", "service telnet\n{\n  disable = no\n}\n", 0o666)


def _files(root: Path) -> None:
    write(root / "usr/bin/su", "", 0o4755)
    (root / "bin").symlink_to("usr/bin")
    write(root / "srv/open", "", 0o666)
    write(root / "srv/line\nhit\tsuid\tf\t4755\t0\t0\t/forged", "", 0o666)
    write(root / f"srv/{FORGED.splitlines()[0]}", "", 0o666)
    write(root / "srv/esc\x1b[31m\\n\x01", "", 0o2755)
    write(root / "var/lib/docker/layer", "", 0o4777)
    write(root / "dev/hidden", "", 0o644)
    write(root / "dev/shm/fine", "", 0o644)
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(root / "etc")  # a socket's path may have 108 bytes only
    try:
        listener.bind("hosts.lpd")
    finally:
        os.chdir(here)
        listener.close()


def _units(root: Path) -> None:
    lib, etc = root / "usr/lib/systemd/system", root / "etc/systemd/system"
    install = "[Unit]\nDescription=x\n[Install]\nWantedBy=multi-user.target\n"
    for name in ("ssh.service", "rsyslog.service", "telnet.socket", "ufw.service"):
        write(lib / name, install)
    write(lib / "rsh.socket", "[Socket]\nListenStream=514\n")
    write(root / "usr/lib/systemd/systemd", "", 0o755)
    (etc / "multi-user.target.wants").mkdir(parents=True)
    (etc / "multi-user.target.wants/ssh.service").symlink_to("/usr/lib/systemd/system/ssh.service")
    (etc / "sshd.service").symlink_to("/usr/lib/systemd/system/ssh.service")
    (etc / "telnet.socket").symlink_to("/dev/null")
    write(root / "etc/init.d/xinetd", "#!/bin/sh\n", 0o755)
    (root / "etc/rc3.d").mkdir()
    (root / "etc/rc3.d/S01xinetd").symlink_to("../init.d/xinetd")
    write(root / "etc/init.d/inetutils-inetd", "#!/bin/sh\n", 0o755)


def build_hostile_root(base: Path) -> Path:
    """Make it below ``base``; a file outside of it, which links reach for, stands beside it."""
    root = base / "root [x]*"  # also for the shell and for find it is a name, no pattern
    root.mkdir()
    _accounts(root)
    _texts(root, base / "outside")
    _files(root)
    _units(root)
    write(root / "etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Deb\x1bian \\o/"\n')
    write(root / "etc/hostname", "victim\nsecond\n")
    return root
