"""Programs of a live server that hang, or print without an end: bounded, unread, and the rest is judged."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from cce.evidence.model import Unread
from cce.evidence.records import read
from cce.judge import judge
from cce.verdict import Verdict
from played_server import Server, run

if TYPE_CHECKING:
    from pathlib import Path

    from cce.evidence.model import Evidence

COMMANDS = {
    "nft": "nft list ruleset",
    "iptables": "iptables -S",
    "firewall-cmd": "firewall-cmd --list-all-zones",
    "ufw": "ufw status",
    "ss": "ss -lntu",
    "sshd": "sshd -T",
    "chronyc": "chronyc -n sources",
    "ntpq": "ntpq -pn",
}
HANGS = {
    "sleeps": "exec sleep 30",
    "its child sleeps": "sleep 30; echo done",
    "prints first": "echo LoadState=loaded; exec sleep 30",
}
ENDLESS = {
    "lines": "exec yes x",
    "a line": "exec tr '\\000' x </dev/zero",
    "zero bytes": "exec cat /dev/zero",
    "empty lines, and will not stop": "trap '' PIPE; while :; do echo; done",
}


SECONDS = re.compile(r'limited \d+ ("\$program"|systemctl|rpm|getent)')


def impatient(server: Server) -> Evidence:
    """What the probe says when no program has more than a moment, and packages are known to rpm."""
    script = server.script().replace("/var/lib/dpkg/status", "/nowhere")
    return read(run(SECONDS.sub(r"limited 0.2 \1", script)))


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.mark.parametrize("script", [*HANGS.values(), *ENDLESS.values()], ids=[*HANGS, *ENDLESS])
def test_what_does_not_end_is_unread_and_the_rest_is_judged(server: Server, script: str) -> None:
    server.systemd = "true"
    for name in (*COMMANDS, "systemctl", "rpm"):
        server.program(name, script)
    evidence = impatient(server)
    whys = set()
    for name in COMMANDS.values():
        with pytest.raises(Unread) as unread:
            evidence.command(name)
        whys.add(unread.value.why)
    verdicts = {v.item: v.verdict for v in judge(evidence, load("kisa-2021"))}

    assert whys <= ({"timeout"} if script in HANGS.values() else {"timeout", "cut", "error"})
    assert {"files"} == {unit.read_by for unit in evidence.units.values()}
    with pytest.raises(Unread, match="timeout"):
        evidence.package("postfix")
    assert Verdict.ERROR == verdicts["U-18"]  # what limits who may connect
    assert Verdict.ERROR not in {verdicts[item] for item in ("U-07", "U-08", "U-15")}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("script", [*HANGS.values(), *ENDLESS.values()], ids=[*HANGS, *ENDLESS])
def test_a_name_service_that_does_not_end_leaves_owners_unknown(server: Server, script: str) -> None:
    path = server.data / "file"
    path.write_text("")
    os.chown(path, 51001, 0)
    server.program("getent", script)
    evidence = impatient(server)

    assert [str(path)] == [hit.path for hit in evidence.walk("unowned").hits]
    with pytest.raises(Unread):
        evidence.command("getent unowned")


def logged_in(server: Server, profile: str) -> tuple[str, ...]:
    """What the probe says of root's PATH with this start file."""
    for name in (".profile", ".bash_profile", ".zprofile"):
        (server.data / name).write_text(profile)
    evidence = read(run(server.script().replace("HOME=/root ", f"HOME={server.data} ")))
    output = evidence.command("root PATH")
    return tuple(line.text for line in output.lines) if output else ()


@pytest.mark.skipif(os.geteuid() != 0, reason="root's login shell is asked by root only")
class TestRootsLogin:
    def test_what_its_start_files_print_is_lost(self, server: Server) -> None:
        noise = "PATH=/opt/x:$PATH\necho ':cce:PATH:/forged'\nyes | head -n 100000\nprintf 'no newline'\n"

        assert ["/opt/x"] == [path.partition(":")[0] for path in logged_in(server, noise)]

    @pytest.mark.parametrize("profile", ["sleep 30", "yes", "cat /dev/zero", "exec 3>&-", "exit 0"])
    def test_one_that_does_not_come_to_an_end_is_unread(self, server: Server, profile: str) -> None:
        with pytest.raises(Unread):
            logged_in(server, profile)

    def test_what_it_leaves_running_is_not_waited_for(self, server: Server) -> None:
        noted = server.data / "pid"
        try:
            path = logged_in(server, f"PATH=/opt/x:$PATH\nsleep 300 &\necho $! >{noted}\n")
        finally:
            os.kill(int(noted.read_text()), signal.SIGTERM)

        assert ["/opt/x"] == [p.partition(":")[0] for p in path]
