"""What the probe finds of daemons that units of other names start, under dash, bash and busybox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hostile_root import Printed

SHELLS = ("dash", "bash", "busybox sh")
INSTALL = "\n[Install]\nWantedBy=multi-user.target\n"
FILES = {
    "etc/systemd/system/files.service": f"[Service]\nExecStart=-/opt/x/sbin/vsftpd /etc/other.conf{INSTALL}",
    "etc/systemd/system/off.service": f"[Service]\nExecStart=/usr/sbin/proftpd{INSTALL}",
    "etc/systemd/system/shell.service": f"[Service]\nExecStart=/bin/sh -c 'exec /sbin/in.telnetd'{INSTALL}",
    "etc/systemd/system/remote.socket": "[Socket]\nListenStream=23\n[Install]\nWantedBy=sockets.target\n",
    "etc/systemd/system/remote@.service": "[Service]\nExecStart=-/usr/sbin/in.telnetd\n",
    "etc/systemd/system/stop.service": f"[Service]\nExecStart=/x\nExecStop=/sbin/nginx -s stop{INSTALL}",
    "etc/systemd/system/docker.service": f"[Service]\nExecStart=/usr/bin/docker run nginx -v /nginx{INSTALL}",
    "etc/systemd/system/vsftpd.service": f"[Service]\nExecStart=/usr/sbin/vsftpd{INSTALL}",
    "etc/systemd/system/bad name.service": f"[Service]\nExecStart=/usr/sbin/vsftpd{INSTALL}",
    "opt/linked.service": f"[Service]\nExecStart=/usr/sbin/snmpd -f{INSTALL}",
    "etc/init.d/web": "#!/bin/sh\n# /usr/sbin/vsftpd\n/usr/local/apache2/bin/apachectl start\n",
    "etc/rc.local": "#!/bin/sh\n#/usr/sbin/named\n/usr/sbin/xfingerd &\n/usr/sbin/in.tftpd -l\n",
}


@pytest.fixture(scope="module", params=SHELLS)
def printed(
    request: pytest.FixtureRequest, probe: Callable[..., Printed], tmp_path_factory: pytest.TempPathFactory
) -> Printed:
    """What the probe says about a root with such units, under each shell."""
    root: Path = tmp_path_factory.mktemp("units")
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    (root / "etc/rc.local").chmod(0o755)
    (root / "usr/lib/systemd/system").mkdir(parents=True)
    units = root / "etc/systemd/system"
    (units / "linked.service").symlink_to("/opt/linked.service")
    (units / "multi-user.target.wants").mkdir()
    for name in ("files", "shell", "linked", "stop", "docker", "vsftpd"):
        (units / "multi-user.target.wants" / f"{name}.service").symlink_to(f"../{name}.service")
    (units / "sockets.target.wants").mkdir()
    (units / "sockets.target.wants/remote.socket").symlink_to("../remote.socket")
    for level in ("rc3.d", "rc5.d"):
        (root / "etc" / level).mkdir()
        (root / "etc" / level / "S20web").symlink_to("../init.d/web")
    return probe(root, shell=request.param)


def test_daemons_are_found_behind_units_of_any_name(printed: Printed) -> None:
    found = {u.name: (u.state, *sorted(u.programs)) for u in printed.evidence.units.values() if u.programs}

    assert found == {
        "files.service": ("enabled", "vsftpd"),
        "off.service": ("disabled", "proftpd"),
        "shell.service": ("enabled", "telnetd"),
        "remote.socket": ("enabled", "telnetd"),
        "linked.service": ("enabled", "snmpd"),
        "web.service": ("enabled", "apachectl"),
        "rc-local.service": ("enabled", "tftpd", "xfingerd"),
    }


def test_a_unit_of_ours_has_its_name_alone(printed: Printed) -> None:
    assert printed.evidence.units["vsftpd.service"].programs == ()
