"""What the probe reads of FTP servers, Samba and login banners, under dash, bash and busybox."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cce.evidence.model import Unread
from cce.evidence.views import ftp, proftpd, samba

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cce.evidence.model import Evidence
    from hostile_root import Printed

SHELLS = ("dash", "bash", "busybox sh")
FILES = {
    "etc/passwd": "root:x:0:0::/root:/bin/sh\n",
    "etc/ssh/sshd_config": 'Banner "/etc/our banner"\nBanner /etc/ours\nInclude /etc/ssh/more\n',
    "etc/ssh/more": "Match User a\nBanner /etc/hashes\n",
    "etc/ours": "# Authorized users only \x1b[2J\n\n" + "x\n" * 60,
    "etc/hashes": "minji:$6$salt$HashOfMinji:1::::::\n-----BEGIN RSA PRIVATE KEY-----\n" + "QUJD" * 20 + "\n",
    "etc/motd": "\n##### WARNING #####\n",
    "etc/motd.d/a": "from a drop-in\n",
    "etc/issue.d/b.issue": "issue drop-in\n",
    "etc/issue.d/b.txt": "no issue\n",
    "etc/vsftpd/vsftpd.conf": "ssl_enable=NO\nbanner_file=/etc/ours\nuser_sub_token=SecretToken\n",
    "etc/vsftpd/second.conf": "anonymous_enable=YES\n",
    "etc/vsftpd/bad name$(id).conf": "listen=YES\n",
    "usr/lib/systemd/system/vsftpd@.service": "[Unit]\n[Install]\nWantedBy=multi-user.target\n",
    "etc/pure-ftpd/conf/FortunesFile": "/etc/fortunes\n",
    "etc/fortunes": "be careful\n",
    "etc/proftpd/proftpd.conf": (
        "Include /etc/proftpd/modules.conf\nInclude /etc/proftpd/conf.d/\nSQLConnectInfo db u SqlPassword\n"
        "DisplayConnect /etc/connect\nInclude /etc/proftpd/proftpd.conf\n"
    ),
    "etc/proftpd/modules.conf": "LoadModule mod_tls.c\nLoadModule mod_ban.c\n",
    "etc/proftpd/conf.d/tls.conf": "<IfModule mod_tls.c>\nTLSEngine on\nTLSRequired on\n</IfModule>\n",
    "etc/connect": "hello\n",
    "etc/sysconfig/proftpd": 'PROFTPD_OPTIONS="-DTLS"\nTOKEN=Sysconfig-DToken\n',
    "etc/samba/smb.conf": (
        "[global]\n  Map To \\\n Guest = bad user\n; guest ok = yes\nldap admin dn = cn=SmbAdmin\n"
        "usershare allow guests = yes\ninclude = /etc/samba/with blank.conf\n[pub]\npath = /srv\n"
    ),
    "etc/samba/with blank.conf": "[two]\npath = /srv\nGuestOK = yes\n",
    "var/lib/samba/usershares/u": "#VERSION 2\npath=/srv/u\ncomment=UserComment\nguest_ok=y\n",
}
SECRETS = (
    b"HashOfMinji",
    b"PRIVATE KEY",
    b"QUJDQUJD",
    b"SecretToken",
    b"SqlPassword",
    b"Sysconfig-DToken",
    b"SmbAdmin",
)


@pytest.fixture(scope="module")
def shares_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shares")
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    os.mkfifo(root / "etc/issue.net")
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "vsftpd@second.service").symlink_to("/usr/lib/systemd/system/vsftpd@.service")
    return root


@pytest.fixture(scope="module", params=SHELLS)
def shares(request: pytest.FixtureRequest, probe: Callable[..., Printed], shares_root: Path) -> Printed:
    """What the probe says about that root, under each shell."""
    return probe(shares_root, shell=request.param)


def texts(evidence: Evidence, path: str) -> list[str]:
    return [line.text for line in evidence.lines(path) or ()]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_leaves_the_server(shares: Printed, secret: bytes) -> None:
    assert secret not in shares.records


def test_a_banner_keeps_what_looks_like_a_comment_and_is_bounded(shares: Printed) -> None:
    ours = texts(shares.evidence, "/etc/ours")

    assert ("# Authorized users only \x1b[2J", 40) == (ours[0], len(ours))
    assert ["##### WARNING #####"] == texts(shares.evidence, "/etc/motd")
    assert ["from a drop-in"] == texts(shares.evidence, "/etc/motd.d/a")
    assert ["issue drop-in"] == texts(shares.evidence, "/etc/issue.d/b.issue")


def test_a_file_that_is_named_as_a_banner_and_holds_hashes_and_keys_is_redacted(shares: Printed) -> None:
    assert ["<redacted>"] * 3 == texts(shares.evidence, "/etc/hashes")


def test_files_that_servers_name_are_read(shares: Printed) -> None:
    assert ["be careful"] == texts(shares.evidence, "/etc/fortunes")
    assert ["hello"] == texts(shares.evidence, "/etc/connect")


def test_a_fifo_is_never_opened(shares: Printed) -> None:
    with pytest.raises(Unread, match="special"):
        shares.evidence.lines("/etc/issue.net")


def test_an_instance_of_vsftpd_is_found_by_its_configuration(shares: Printed) -> None:
    assert "enabled" == shares.evidence.units["vsftpd@second.service"].state
    assert ["vsftpd@second.service"] == [
        name for name in shares.evidence.units if "@" in name and "vsftpd" in name
    ]


def test_vsftpds_configurations_in_use_are_those_of_its_units(shares: Printed) -> None:
    with pytest.raises(Unread, match="vsftpd@bad"):
        ftp.vsftpd(shares.evidence)  # such a name is no unit that the probe asks for


def test_proftpds_directories_are_included_and_itself_is_not(shares: Printed) -> None:
    lines = [*FILES["etc/proftpd/proftpd.conf"].splitlines()]

    assert [lines[0], lines[1], *lines[3:]] == texts(shares.evidence, "/etc/proftpd/proftpd.conf")
    assert ["LoadModule mod_tls.c"] == texts(shares.evidence, "/etc/proftpd/modules.conf")
    assert 4 == len(texts(shares.evidence, "/etc/proftpd/conf.d/tls.conf"))
    with pytest.raises(Unread, match="by itself"):
        proftpd.servers(shares.evidence)


def test_samba_is_read_with_its_includes_and_users_shares(shares: Printed) -> None:
    conf = samba.read(shares.evidence)

    assert "bad user" == conf.globals.value("maptoguest")
    assert ["two"] == [share.name for share, _ in samba.guests(conf)]
    assert ["/var/lib/samba/usershares/u"] == [
        line.source for line in samba.user_shares(shares.evidence, conf)
    ]


def test_what_the_format_promises_is_there_on_a_server_with_nothing(
    probe: Callable[..., Printed], tmp_path: Path
) -> None:
    statuses = probe(tmp_path).evidence.statuses

    assert [] == [
        key
        for key in [
            *(("dir", d) for d in ("/etc/vsftpd", "/etc/pure-ftpd/conf", "/etc/motd.d", "/etc/issue.d")),
            *(("text", f"/etc/{n}") for n in ("motd", "issue", "issue.net", "ftpwelcome", "samba/smb.conf")),
            *(("text", f"/etc/{n}") for n in ("vsftpd.conf", "proftpd.conf", "pure-ftpd/conf/TLS")),
            ("text", "/run/motd.dynamic"),
            ("text", "/etc/sysconfig/proftpd"),
        ]
        if key not in statuses
    ]
