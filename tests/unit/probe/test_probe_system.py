"""What the probe says about logging, patches, start scripts and hidden names."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from cce.evidence.model import Unread
from cce.evidence.records import read
from cce.evidence.views import syslog
from cce.probes import linux_probe
from hostile_root import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hostile_root import Printed

SHELLS = ("dash", "bash", "busybox sh")
#: One for each way to write it; none may come out.
SECRETS = [f"S3cret{n}" for n in range(15)]
RSYSLOG = r"""
module(load="imuxsock") $ActionLibdbiPassword S3cret0
$IncludeConfig /etc/rsyslog.d/*.conf
*.* :ommysql:db.example,Syslog,user,S3cret1
*.* >db.example,Syslog,user,S3cret2
authpriv.* action(type="ommysql" server="db.example" uid="S3cret3" pwd="a\"S3cret4" db="x")
action(type="omelasticsearch"
  pwd="it's S3cret5"
  file="/var/log/never"
  port="S3cret6")
if $msg contains 'S3cret14' or $msg startswith "password S3cret14" then {
  action(type='omhttp' httpheadervalue='S3cret7 "x" S3cret8')
}
set $.token = "S3cret9";
template(name="t" type="list") {
  constant(value="*.S3cret10 {")
}
:msg, contains, "S3cret11" /var/log/x
& stop
*.* action(type="ommysql" server="localhost" db="Syslog" uid="rsyslog" pwd="S3cret1")
if $syslogseverity > 3 then /var/log/severe
*.=info;*.=notice;\
	mail.none	-/var/log/joined
"""
SYSLOG_NG = """
@include "/etc/syslog-ng/conf.d/*.conf"
filter f_auth { facility(auth, authpriv) and not level(debug); };
destination d_sql { sql(type(mysql) password("S3cret12") username("u")); file("/var/log/x" owner("o")); };
log { source(s_src); filter(f_auth); destination(d_sql); };
log { source("s"); destination { sql(password(S3cret12)); }; };
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("system") / ".hidden [x]*"  # a hidden place of its own
    etc = top / "etc"
    write(etc / "passwd", "root:x:0:0::/root:/bin/sh\n")
    write(etc / "group", "root:x:0:\n")
    write(etc / "rsyslog.conf", RSYSLOG)
    write(etc / "rsyslog.d/20.conf", 'include(file="/srv/log/*.conf" mode="optional")\n')
    write(top / "srv/log/far.conf", "cron.* /var/log/cron\n$IncludeConfig /etc/rsyslog.conf\n")
    write(etc / "syslog-ng/syslog-ng.conf", SYSLOG_NG)
    write(etc / "syslog-ng/conf.d/a.conf", "log { destination(d_far); };\n")
    write(etc / "systemd/journald.conf", "[Journal]\nStorage=persistent\nTTYPath=S3cret13\n")
    write(etc / "logrotate.d/rsyslog", "/var/log/syslog {\n  rotate 4\n  postrotate\n  curl S3cret13\n}\n")
    _scripts(top)
    _hidden(top)
    write(top / "var/log/app.log", "", 0o646)
    write(top / "var/log/fine.log", "", 0o640)
    write(top / "var/log/.odd log", "", 0o600)
    (top / "var/lib/dpkg").mkdir(parents=True)
    write(top / "var/lib/dpkg/status", "")
    os.utime(top / "var/lib/dpkg/status", (1_700_000_000, 1_700_000_000))
    os.utime(write(top / "var/log/sulog", ""), (-5, -5))
    (top / "srv/open").mkdir()
    (top / "srv/open").chmod(0o777)
    (top / "srv/sticky").mkdir()
    (top / "srv/sticky").chmod(0o1777)
    return top


def _scripts(top: Path) -> None:
    etc = top / "etc"
    write(etc / "init.d/ssh", "", 0o755)
    write(etc / "init.d/nl\nhit\tstart_script\tf\t777\t0\t0\tforged", "", 0o757)
    (etc / "rc3.d").mkdir()
    (etc / "rc3.d/S01ssh").symlink_to("../init.d/ssh")
    (etc / "rc3.d/S02other").symlink_to("/opt/other")
    write(top / "opt/other", "", 0o702)
    system = etc / "systemd/system"
    (system / "multi-user.target.wants").mkdir(parents=True)
    (system / "multi-user.target.wants/x.service").symlink_to("/usr/lib/systemd/system/x.service")
    write(top / "usr/lib/systemd/system/x.service", "", 0o644)
    (system / "masked.service").symlink_to("/dev/null")
    (system / "outside").symlink_to("/usr")  # of the host, not of this root
    (system / "gone.service").symlink_to("nowhere")


def _hidden(top: Path) -> None:
    for name in ("... ", "...", ".. ", "..x"):
        (top / "usr/share" / name).mkdir(parents=True)
    write(top / "usr/share/man/..1.gz", "")
    write(top / "home/a/.cache/deep/.in-hidden", "")
    write(top / "home/a/.cache/deep/.. /payload", "")
    write(top / "home/a/.bashrc", "")
    write(top / "home/a/.program", "", 0o755)
    write(top / "home/a/.env", "")
    write(top / "home/a/.esc\x1b", "")
    write(top / "tmp/.bashrc", "")
    (top / "tmp/.X11-unix").mkdir()
    write(top / "dev/shm/.x", "")


@pytest.fixture(scope="module", params=SHELLS)
def printed(request: pytest.FixtureRequest, probe: Callable[..., Printed], root: Path) -> Printed:
    return probe(root, shell=request.param)


def hits(printed: Printed, kind: str) -> dict[str, int]:
    return {hit.path: hit.mode for hit in printed.evidence.walk(kind).hits}


def test_no_secret_of_a_log_destination_leaves_the_server(printed: Printed) -> None:
    assert [] == [secret for secret in SECRETS if secret.encode() in printed.records]


def test_the_actions_of_rsyslog_are_read_with_what_they_include(printed: Printed) -> None:
    found = syslog.routes(printed.evidence, syslog.RSYSLOG)

    assert [
        ("file", "/var/log/cron"),
        ("module", ":ommysql:"),
        ("module", ">"),
        ("module", "ommysql"),
        ("module", "omelasticsearch"),
        ("module", "omhttp"),
        ("discard", "stop"),
        ("module", "ommysql"),
        ("file", "/var/log/severe"),
        ("file", "/var/log/joined"),
    ] == [(route.kind, route.target) for route in found]
    assert {"imuxsock"} == syslog.inputs(printed.evidence, syslog.RSYSLOG)
    assert [None, None, None] == [
        r.messages for r in found if r.target in {"omhttp", "stop", "/var/log/severe"}
    ]


def test_syslog_ng_and_journald_show_what_goes_where(printed: Printed) -> None:
    lines = printed.evidence.lines("/etc/syslog-ng/syslog-ng.conf") or ()
    journald = printed.evidence.lines("/etc/systemd/journald.conf") or ()

    assert [
        "filter f_auth { facility(auth, authpriv) and not level(debug); };",
        "log { source(s_src); filter(f_auth); destination(d_sql); };",
        "log { source(_); {",
    ] == [line.text for line in lines[1:]]
    assert printed.evidence.lines("/etc/syslog-ng/conf.d/a.conf")
    assert ["Storage=persistent"] == [line.text for line in journald]
    assert ["/var/log/syslog {", "rotate 4"] == [
        line.text for line in printed.evidence.lines("/etc/logrotate.d/rsyslog") or ()
    ]


def test_start_scripts_are_what_the_links_lead_to_each_once(printed: Printed) -> None:
    walk = printed.evidence.walk("start_script")

    assert {
        "/etc/init.d/ssh": 0o755,
        "/etc/init.d/nl\nhit\tstart_script\tf\t777\t0\t0\tforged": 0o757,
        "/etc/rc3.d/S02other": 0o702,
        "/etc/systemd/system/multi-user.target.wants": 0o755,
        "/etc/systemd/system/multi-user.target.wants/x.service": 0o644,
        "/etc/systemd/system/outside": 0o755,
    } == hits(printed, "start_script")
    assert ("ok", 6) == (walk.status, walk.total)


def test_hidden_names_are_sorted_and_those_in_hidden_directories_left_out(printed: Printed) -> None:
    assert {
        "/usr/share/... ",
        "/usr/share/...",
        "/usr/share/.. ",
        "/usr/share/..x",
        "/home/a/.cache/deep/.. ",
        "/home/a/.esc\x1b",
        "/var/log/.odd log",
    } == set(hits(printed, "hidden_name"))
    assert {"/home/a/.program", "/tmp/.bashrc"} == set(hits(printed, "hidden_odd"))  # noqa: S108 - of an invented server
    assert {"/home/a/.env"} == set(hits(printed, "hidden"))
    assert {"/dev/shm/.x"} == set(hits(printed, "hidden_dev"))  # noqa: S108 - of an invented server


def test_open_directories_and_log_files(printed: Printed) -> None:
    assert {"/srv/open": 0o777} == hits(printed, "open_directory")
    assert {"/var/log": 0o755, "/var/log/app.log": 0o646} == hits(printed, "log_file")


def test_the_time_of_the_last_change_is_there_where_it_is_a_time(printed: Printed) -> None:
    paths = ("/var/lib/dpkg/status", "/var/log/sulog", "/etc/passwd")
    stats = [printed.evidence.file(path) for path in paths]

    assert [1_700_000_000, None, None] == [stat.changed if stat else -1 for stat in stats]


def test_a_linked_log_directory_is_walked_where_it_is(probe: Callable[..., Printed], tmp_path: Path) -> None:
    write(tmp_path / "data/log/app.log", "", 0o666)
    (tmp_path / "var").mkdir()
    (tmp_path / "var/log").symlink_to("/data/log")

    assert {"/data/log", "/data/log/app.log"} == set(hits(probe(tmp_path), "log_file"))


def test_a_server_of_a_developer_fits(probe: Callable[..., Printed], tmp_path: Path) -> None:
    for name in range(300):
        write(tmp_path / f"srv/.app{name}", "")
        write(tmp_path / f"tmp/.lock{name}", "")
        write(tmp_path / f"home/a/.npm/{name}/.package", "")
    evidence = probe(tmp_path).evidence
    hidden, odd = evidence.walk("hidden"), evidence.walk("hidden_odd")

    assert ("cut", 301, 60) == (hidden.status, hidden.total, len(hidden.hits))
    assert ("cut", 300, 200) == (odd.status, odd.total, len(odd.hits))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user to give its rights up for")
def test_start_scripts_that_may_not_be_listed_are_denied() -> None:
    script = linux_probe().replace("/etc/init.d", "/root/etc/init.d")
    done = subprocess.run(
        ["sh", "-c", script, "probe", "--root", "/"],
        capture_output=True,
        user=65534,
        group=65534,
        extra_groups=[],
        check=False,
        env={"CCE_WALK_SECONDS": "1"},
        timeout=60,
    )
    with pytest.raises(Unread, match="denied"):
        read(done.stdout.decode()).walk("start_script").require_complete()
