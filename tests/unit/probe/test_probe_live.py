"""The live probe: commands, units, mounts and owners, with the server's programs played by scripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cce.evidence.model import Unread
from cce.evidence.records import read
from played_server import Server, run

SYSTEMCTL = r"""
shift # show
for unit; do
    case $unit in -p | LoadState | UnitFileState | ActiveState) continue ;; esac
    case $unit in
    ssh.service) set -- loaded enabled active ;;
    sshd.service) set -- loaded enabled active ;;
    telnet.socket) set -- masked masked inactive ;;
    rsyslog.service) set -- loaded disabled failed ;;
    xinetd.service) set -- not-found '' active ;;
    nftables.service) set -- loaded static activating ;;
    inetd.service) set -- loaded generated active ;;
    *) set -- not-found '' inactive ;;
    esac
    printf 'LoadState=%s\nActiveState=%s\nUnitFileState=%s\n\n' "$1" "$3" "$2"
done
"""


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_units_as_systemctl_has_them_in_one_call(server: Server) -> None:
    server.systemd = "true"
    calls = server.data / "calls"
    server.program("systemctl", f"echo x >>{calls}\n{SYSTEMCTL}")
    units = server.evidence().units

    assert "x\n" == calls.read_text()
    expected = {
        "ssh.service": ("enabled", "active"),
        "sshd.service": ("enabled", "active"),
        "telnet.socket": ("masked", "inactive"),
        "rsyslog.service": ("disabled", "failed"),
        "xinetd.service": ("disabled", "active"),  # its file is gone, it still runs
        "nftables.service": ("static", "active"),
        "inetd.service": ("disabled", "active"),  # made from another program's init script
        "ufw.service": ("absent", "inactive"),
    }

    assert expected == {name: (units[name].state, units[name].active) for name in expected}
    assert {"systemctl"} == {unit.read_by for unit in units.values()}


@pytest.mark.parametrize("script", ["exit 1", "echo LoadState=loaded", "exec sleep 30"])
def test_a_broken_systemctl_is_a_problem_and_files_are_read(server: Server, script: str) -> None:
    server.systemd = "true"
    server.program("systemctl", script)
    evidence = server.evidence()

    assert {"files"} == {unit.read_by for unit in evidence.units.values()}
    assert "units" in {problem.section for problem in evidence.problems}


def test_sshd_shows_only_keys_that_rules_read(server: Server) -> None:
    keys = r"permitrootlogin no\nhostkey /etc/k\nPort 22\nauthorizedkeyscommand /x s3cr3t\n"
    server.program("sshd", f"printf '{keys}'")
    output = server.evidence().command("sshd -T")

    assert output is not None
    assert ["permitrootlogin no", "Port 22"] == [line.text for line in output.lines]


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("echo 'Missing privilege separation directory: /run/sshd' >&2; exit 255", "error"),
        ("echo 'permitrootlogin no'; exec sleep 30", "timeout"),
        ("i=0; while [ $i -lt 500 ]; do echo port $i; i=$((i + 1)); done", "cut"),
        ("printf 'permitrootlogin no\\n\\0010\\n'; exit 1", "error"),  # a forged exit status
    ],
)
def test_a_command_that_failed_is_unread(server: Server, script: str, status: str) -> None:
    server.program("sshd", script)
    evidence = server.evidence()
    with pytest.raises(Unread) as unread:
        evidence.command("sshd -T")

    assert status == unread.value.why
    assert "sshd -T" in {problem.section for problem in evidence.problems}


def test_owners_that_the_name_service_knows_are_not_unknown(server: Server) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    for name, owner in (("directory-user", 51001), ("nobody-knows", 51002), ("also", 51001)):
        path = server.data / name
        path.write_text("")
        os.chown(path, owner, 0)
    asked = server.mountinfo.with_name("asked")
    server.program(
        "getent",
        f'echo "$*" >>{asked}\ncase $*\nin passwd*51001*) echo ldap:x:51001:0::/:/bin/sh ;;\n'
        "group*) echo root:x:0: ;;\nesac\nexit 2",
    )
    evidence = server.evidence()
    walk = evidence.walk("unowned")
    known = evidence.command("getent unowned")

    assert ([str(server.data / "nobody-knows")], 1) == ([hit.path for hit in walk.hits], walk.total)
    assert known is not None
    assert ["uid:51001:ldap", "gid:0:root"] == [line.text for line in known.lines]
    assert 2 == len(asked.read_text().splitlines())  # once for all users, once for all groups


def test_programs_that_are_not_installed_are_absent(server: Server) -> None:
    line = f"PATH={server.programs}"
    script = server.script().replace(f"{line}:/usr/sbin:/usr/bin:/sbin:/bin", line)
    for directory in ("/usr/bin", "/bin"):
        for path in Path(directory).iterdir():
            link = server.programs / path.name
            if path.name not in {"ss", "nft", "ufw"} and not link.is_symlink():
                link.symlink_to(path)

    assert read(run(script)).command("ufw status") is None


@pytest.mark.parametrize(
    ("lines", "plan"),
    [
        (["8:1 / / rw - ext4 x rw", "8:2 / /home rw - xfs x rw"], {"start /", "start /home"}),
        (["0:5 / /proc rw - proc x rw", "8:1 / / rw - ext4 x rw"], {"start /"}),
        (["8:1 / / rw - ext4 x rw", "0:9 / /net rw - nfs4 x rw"], {"start /", "foreign /net"}),
        (["8:1 / / rw - ext4 x rw", "0:9 / /tmp rw - tmpfs x rw"], {"start /", "start /tmp"}),
        (["8:1 / / rw - ext4 x rw", "0:9 / /run rw - tmpfs x rw"], {"start /"}),
        # bind mounts: of a part that is walked anyway, and of itself
        (["8:1 / / rw - ext4 x rw", "8:1 /home /srv/h rw - ext4 x rw"], {"start /", "prune /srv/h"}),
        (["8:1 / / rw - ext4 x rw", "8:1 /srv /srv rw - ext4 x rw"], {"start /"}),
        # of a part that another mount hides: seen only here
        (
            ["8:1 / / rw - ext4 x rw", "8:2 / /home rw - ext4 x rw", "8:1 /home /old rw - ext4 x rw"],
            {"start /", "start /home"},
        ),
        (["8:2 / /d rw - ext4 x rw", "8:2 / /e rw - ext4 x rw"], {"start /d", "prune /e"}),
        (
            ["0:30 /@ / rw - btrfs x rw", "0:30 /@home /home rw - btrfs x rw"],
            {"start /", "start /home"},
        ),
        (
            [
                "0:40 / / rw - overlay x rw",
                "8:1 /v /data rw - ext4 x rw",
                "0:41 / /var/lib/docker/overlay2/m rw - overlay x rw",
                "8:9 / /var/lib/kubelet/pods/x rw - ext4 x rw",
            ],
            {"start /", "start /data"},
        ),
        (
            ["8:1 / / rw - ext4 x rw", r"8:3 / /mnt/a\040b rw shared:1 master:2 - ext4 x rw"],
            {"start /", "start /mnt/a b"},
        ),
        (["8:1 / / rw - ext4 x rw", r"8:3 / /mnt/a\012start rw - ext4 x rw"], {"start /", "lost"}),
    ],
)
def test_each_local_file_system_is_walked_once(server: Server, lines: list[str], plan: set[str]) -> None:
    assert plan == server.mounts(*lines)


def test_a_mount_that_does_not_answer_is_kept_away_from(server: Server) -> None:
    server.mountinfo.write_text(f"1 0 8:1 / {server.data} rw - ext4 x rw\n2 0 0:9 / /root rw - nfs4 x rw\n")
    server.program("stat", 'case $1 in -f) exec sleep 30 ;; esac\nexec /usr/bin/stat "$@"')
    script = server.script().replace("limited 5 ", "limited 1 ")
    evidence = read(run(script))
    with pytest.raises(Unread, match="error"):
        evidence.file("/root/.profile")

    assert ("mounts", "no answer from /root") in {(p.section, p.reason) for p in evidence.problems}


def test_the_daemon_that_keeps_the_time_is_asked_and_timedatectl_only_without_one(server: Server) -> None:
    server.program("timedatectl", "echo NTPSynchronized=yes")
    no_systemd = server.evidence()
    server.systemd = "true"
    server.program("systemctl", SYSTEMCTL)
    alone = server.evidence().command("timedatectl show -p NTPSynchronized")
    server.program("chronyc", "echo '#* PHC0 0 3 377 7 +1ns[ +2ns] +/- 1us'")
    both = server.evidence()
    sources = both.command("chronyc -n sources")

    assert alone is not None
    assert sources is not None
    assert ["NTPSynchronized=yes"] == [line.text for line in alone.lines]
    assert ["#* PHC0 0 3 377 7 +1ns[ +2ns] +/- 1us"] == [line.text for line in sources.lines]
    for evidence in (no_systemd, both):
        with pytest.raises(Unread, match="skipped"):
            evidence.command("timedatectl show -p NTPSynchronized")


RULESET = """# Warning: table ip filter is managed by iptables-nft, do not touch!
table ip filter {
	chain INPUT {
		type filter hook input priority filter; policy drop;
		xt match "conntrack" accept
	}
}
table inet own {
	chain input {
		type filter hook input priority filter; policy drop;
	}
}"""


@pytest.mark.parametrize(("iptables", "tables"), [(True, ["inet own"]), (False, ["ip filter", "inet own"])])
def test_what_iptables_keeps_in_nft_is_printed_once(
    server: Server,
    iptables: bool,  # noqa: FBT001 - the case
    tables: list[str],
) -> None:
    server.program("nft", f"cat <<'END'\n{RULESET}\nEND")
    script = server.script()
    if iptables:
        server.program("iptables", "echo '-P INPUT DROP'")
    else:
        script = script.replace("if have iptables;", "if false;")
    output = read(run(script)).command("nft list ruleset")

    assert output is not None
    assert tables == [line.text.split(" {")[0][6:] for line in output.lines if line.text.startswith("table")]
