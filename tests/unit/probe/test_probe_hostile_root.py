"""What a server's owner, or its attacker, can put in the probe's way; under dash, bash and busybox."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cce.evidence.model import Unread
from cce.evidence.records import read
from cce.probes import linux_probe
from hostile_root import FORGED, SECRETS, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from hostile_root import Printed


def texts(printed: Printed, path: str) -> list[str] | None:
    lines = printed.evidence.lines(path)
    return None if lines is None else [line.text for line in lines]


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_no_secret_leaves_the_server(hostile: Printed, name: str) -> None:
    assert SECRETS[name].encode() not in hostile.records


def test_password_fields_are_reduced_to_their_state(hostile: Printed) -> None:
    assert {
        "root": "x",
        "toor": "hash",
        "daemon": "locked",
        "nologin": "locked",
        "alice": "empty",
        "tab": "x",
        "relative": "x",
        "bytes\\xff": "x",
    } == {row.name.partition("\t")[0]: row.password for row in hostile.evidence.accounts}


def test_a_hash_in_passwd_is_named_by_a_known_scheme_alone(hostile: Printed) -> None:
    schemes = {row.name: row.scheme for row in hostile.evidence.accounts if row.scheme}

    assert {"toor": "other"} == schemes


def test_shadow_is_reduced_to_state_and_known_scheme(hostile: Printed) -> None:
    assert [
        ("root", "set", "y", 0, 99999),
        ("toor", "set", "other", 0, None),
        ("daemon", "none", "", 0, 99999),
        ("nologin", "none", "", None, None),
        ("alice", "empty", "", 1, 90),
        ("des", "set", "des", 0, -1),
        ("locked", "locked", "6", 0, 99999),
    ] == [(r.name, r.state, r.scheme, r.minimum, r.maximum) for r in hostile.evidence.shadow or ()]


def test_a_signed_uid_is_read_as_the_system_reads_it(hostile: Printed) -> None:
    assert ["root", "toor"] == [row.name for row in hostile.evidence.accounts if row.uid == 0]


def test_malformed_lines_of_passwd_are_said_to_be_there(hostile: Printed) -> None:
    assert [
        ("/etc/passwd", "line 5 is malformed; the system ignores it"),
        ("/etc/passwd", "line 11 is malformed; the system ignores it"),
    ] == [(p.section, p.reason) for p in hostile.evidence.problems if p.section == "/etc/passwd"]


def test_group_members_are_read_and_its_password_is_not(hostile: Printed) -> None:
    assert ("alice", "root") == {g.name: g.members for g in hostile.evidence.groups}["wheel"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/etc/inetd.conf", "special"),  # a FIFO would block for ever
        ("/etc/hosts.deny", "cut"),  # 1 GB
        ("/etc/environment", "error"),  # a loop of links
        ("/etc/hosts.equiv", None),  # a link to a file outside, which the root does not have
        ("/etc/nftables.conf", None),
        ("/etc/security/pwquality.conf", None),  # a dangling link
        ("/etc/ufw/ufw.conf", None),
    ],
)
def test_what_cannot_be_read_is_said_and_never_opened(
    hostile: Printed, path: str, status: str | None
) -> None:
    if status is None:
        assert hostile.evidence.lines(path) is None
        return
    with pytest.raises(Unread) as unread:
        hostile.evidence.lines(path)

    assert status == unread.value.why


def test_an_absolute_link_is_followed_inside_the_root(hostile: Printed) -> None:
    assert ["umask 077"] == texts(hostile, "/etc/bash.bashrc")
    assert ("/etc/xinetd.d/telnet",) == hostile.evidence.directory("/etc/xinetd.d")
    assert "disable = no" in (texts(hostile, "/etc/xinetd.d/telnet") or [])


def test_contents_that_look_like_a_frame_are_contents(hostile: Printed) -> None:
    lines = texts(hostile, "/etc/securetty")

    assert lines is not None
    assert FORGED.splitlines()[0] in lines
    assert "text\t/etc/securetty\tabsent" in lines
    assert "forged" != hostile.evidence.probe_version


def test_control_bytes_and_broken_utf8_come_through_as_what_they_are(hostile: Printed) -> None:
    assert ["ALL: \x00nul \x1b[31mred \\xff\\xfe back\\slash\ttab\x7f"] == texts(hostile, "/etc/hosts.allow")


def test_a_long_line_is_shortened_visibly(hostile: Printed) -> None:
    (line,) = texts(hostile, "/etc/profile.d/long.sh") or []

    assert line.endswith("yyy<shortened>")
    assert 500 + len("<shortened>") == len(line)


def test_comments_blanks_and_line_ends_are_left_out_and_numbers_kept(hostile: Printed) -> None:
    lines = hostile.evidence.lines("/etc/login.defs")

    assert [(2, "PASS_MAX_DAYS\t90"), (4, "UMASK 027")] == [(x.number, x.text) for x in lines or ()]


def test_start_files_show_statements_that_rules_need_without_other_values(hostile: Printed) -> None:
    assert [
        "export API_TOKEN=<redacted> PATH=/usr/bin:/opt/token:. OTHER=<redacted>",
        '[ -z "$TMOUT" ]; TMOUT=600; export TMOUT',
        "then umask 002; else umask 022",
        "do . $i",
        "set path = ( . /usr/bin )",
    ] == texts(hostile, "/etc/profile")


def test_pam_lines_are_joined_and_includes_followed(hostile: Printed) -> None:
    (line,) = hostile.evidence.lines("/etc/pam.d/common-password") or ()

    assert (1, "password requisite pam_pwquality.so minlen=8     ucredit=-1") == (line.number, line.text)
    assert ["auth required pam_wheel.so use_uid"] == texts(hostile, "/etc/pam.d/house")
    assert "auth required pam_ldap.so bindpw=<redacted> x=1" in (texts(hostile, "/etc/pam.d/login") or [])


def test_sshd_includes_are_followed_once_also_in_a_circle(hostile: Printed) -> None:
    assert ["Port 22", "Include /etc/ssh/sshd_config"] == texts(hostile, "/etc/ssh/sshd_config.d/10.conf")
    assert ["Match User bob", "PermitRootLogin yes"] == texts(hostile, "/etc/ssh/extra.conf")
    with pytest.raises(Unread):  # a name that the queue of includes cannot hold
        hostile.evidence.lines("/etc/ssh/sshd_config.d/nl\nline\tx\t1\tforged.conf")


def test_rhosts_shows_only_plus_signs(hostile: Printed) -> None:
    lines = hostile.evidence.lines("/home/alice/.rhosts")

    assert [(2, "+")] == [(line.number, line.text) for line in lines or ()]


def test_file_types_and_modes(hostile: Printed) -> None:
    stats = {path: hostile.evidence.file(path) for path in ("/etc/inetd.conf", "/etc/hosts.lpd", "/bin/su")}
    su = stats["/bin/su"]

    assert ["p", "s", "f"] == [stat.kind if stat else "absent" for stat in stats.values()]
    assert su is not None
    assert 0o4755 == su.mode


@pytest.mark.parametrize(("home", "mode"), [("/home/o\tdd\x1b\\", 0o666), ("/home/b\\xff", 0o600)])
def test_homes_with_odd_names_are_looked_into(hostile: Printed, home: str, mode: int) -> None:
    stat = hostile.evidence.file(f"{home}/.profile")

    assert stat is not None
    assert mode == stat.mode


def test_a_home_is_named_as_passwd_names_it(hostile: Printed) -> None:
    assert hostile.evidence.file("/home/alice/") is not None
    assert hostile.evidence.file("/home/alice/.rhosts") is not None
    assert hostile.evidence.file("/nonexistent") is None
    with pytest.raises(Unread):
        hostile.evidence.file("home/relative")


def test_names_of_files_cannot_forge_a_hit(hostile: Printed) -> None:
    walk = hostile.evidence.walk("world_writable")
    paths = {hit.path for hit in walk.hits}

    assert {
        "/srv/open",
        "/srv/line\nhit\tsuid\tf\t4755\t0\t0\t/forged",
        f"/srv/{FORGED.splitlines()[0]}",
        "/srv/xinetd/telnet",
        "/home/alice/.rhosts",
        "/home/o\tdd\x1b\\/.profile",
    } == paths
    assert (6, "ok") == (walk.total, walk.status)


def test_the_walk_finds_set_id_files_but_not_in_container_layers(hostile: Printed) -> None:
    # 0x01 stands for the newline on its way through tr, so the byte itself is shown as 0x02.
    assert {"/usr/bin/su": 0o4755, "/srv/esc\x1b[31m\\n\x02": 0o2755} == {
        hit.path: hit.mode for hit in hostile.evidence.walk("suid").hits
    }


def test_regular_files_below_dev_are_found(hostile: Printed) -> None:
    assert ["/dev/hidden"] == [hit.path for hit in hostile.evidence.walk("dev_file").hits]


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("ssh.service", "enabled"),
        ("sshd.service", "enabled"),
        ("rsyslog.service", "disabled"),
        ("telnet.socket", "masked"),
        ("rsh.socket", "static"),
        ("xinetd.service", "enabled"),
        ("inetutils-inetd.service", "disabled"),
        ("syslog-ng.service", "absent"),
    ],
)
def test_units_are_read_from_files(hostile: Printed, name: str, state: str) -> None:
    unit = hostile.evidence.units[name]

    assert (state, "unknown", "files") == (unit.state, unit.active, unit.read_by)


def test_commands_are_skipped_in_a_root_directory(hostile: Printed) -> None:
    with pytest.raises(Unread) as unread:
        hostile.evidence.command("sshd -T")

    assert "skipped" == unread.value.why


def test_meta_describes_the_root_not_the_host(hostile: Printed) -> None:
    meta = hostile.evidence.meta

    assert ("root", "victim", "debian", "12", "Deb\x1bian \\o/", "systemd") == (
        meta["mode"],
        meta["hostname"],
        meta["os.id"],
        meta["os.version_id"],
        meta["os.pretty"],
        meta["init"],
    )


def test_all_that_the_format_promises_is_there(hostile: Printed) -> None:
    missing = [
        key
        for key in [
            *(("file", path) for path in ("/etc/gshadow", "/etc/security", "/etc/syslog-ng/syslog-ng.conf")),
            *(("file", f"/root/{name}") for name in (".kshrc", ".exrc", ".zprofile", ".shosts")),
            ("dir", "/etc/security/pwquality.conf.d"),
            ("text", "/etc/security/pwhistory.conf"),
            ("text", "/etc/pam.d/postlogin"),
            ("text", "/root/.zshrc"),
            ("text", "/etc/firewalld/firewalld.conf"),
            ("command", "getent unowned"),
            ("table", "/etc/group"),
        ]
        if key not in hostile.evidence.statuses
    ]

    assert [] == missing


def test_the_probe_writes_nothing(probe: Callable[..., Printed], hostile_root: Path) -> None:
    def listing() -> list[tuple[str, int, int, int]]:
        found = []
        for top, directories, names in os.walk(hostile_root):
            for name in [".", *directories, *names]:
                path = os.path.join(top, name)  # noqa: PTH118 - names that are no text
                stat = os.lstat(path)
                found.append((path, stat.st_mode, stat.st_mtime_ns, stat.st_size))
        return sorted(found)

    before, temporary = listing(), sorted(os.listdir("/var/tmp"))  # noqa: PTH208, S108
    probe(hostile_root)

    assert before == listing()
    assert temporary == sorted(os.listdir("/var/tmp"))  # noqa: PTH208, S108


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away and make devices")
def test_unknown_owners_by_the_roots_own_tables(probe: Callable[..., Printed], tmp_path: Path) -> None:
    root = tmp_path
    (root / "etc").mkdir()
    (root / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\na:x:5:5::/a:/bin/sh\nb:x:6:5::/b:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\ng:x:5:\n")
    for name, uid, gid in [("known", 6, 5), ("user", 7, 5), ("group", 5, 1), ("both", 4711, 4711)]:
        (root / name).write_text("")
        os.chown(root / name, uid, gid)
    (root / "link").symlink_to("nowhere")
    os.chown(root / "link", 4712, 0, follow_symlinks=False)
    os.mknod(root / "etc/securetty", 0o20644, os.makedev(1, 9))
    walk = probe(root).evidence.walk("unowned")
    with pytest.raises(Unread, match="special"):
        probe(root).evidence.lines("/etc/securetty")

    assert {("/user", "f"), ("/group", "f"), ("/both", "f"), ("/link", "l")} == {
        (hit.path, hit.kind) for hit in walk.hits
    }
    assert 4 == walk.total


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user to give its rights up for")
def test_denied_is_not_absent() -> None:
    script = linux_probe()
    with tempfile.TemporaryDirectory() as directory:  # pytest's are closed to other users
        root = Path(directory)
        root.chmod(0o755)
        write(root / "etc/passwd", "root:x:0:0::/:/bin/sh\n")
        write(root / "etc/shadow", "root:*:1::::::\n", 0)
        (root / "etc/security").mkdir(mode=0)
        done = subprocess.run(
            ["sh", "-c", script, "probe", "--root", directory],
            capture_output=True,
            user=65534,
            group=65534,
            extra_groups=[],
            check=False,
            env={},
        )
    evidence = read(done.stdout.decode())

    for ask in (
        lambda: evidence.shadow,
        lambda: evidence.lines("/etc/security/faillock.conf"),
        lambda: evidence.walk("suid").require_complete(),
    ):
        with pytest.raises(Unread, match="denied"):
            ask()
