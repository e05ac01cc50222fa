"""Every item has a remedy for every family, and no command is one that breaks a server."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest
import yaml

from cce import remedies as module
from cce.benchmarks import load
from cce.errors import BenchmarkError
from cce.remedies import FAMILIES, family_of, load_remedies, remedies_of
from cce.remedies.plan import Plan, advice, fitting, plan
from debian_roots import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from cce.benchmarks import Item
    from cce.remedies.kept import PlannedStep

WEB = [f"WEB-{n:02d}" for n in (4, 6, 7, 8, 9, 11, 12, 16)]
ITEMS = {(name, item.id): item for name in ("kisa-2021", "kisa-2026") for item in load(name).items}


def catalogue(edition: str) -> list[str]:
    text = (PROJECT / f"tests/data/catalogue-unix-{edition}.yaml").read_text("utf-8")
    return [row["id"] for row in yaml.safe_load(text)["items"]]


def item_of(remedy: module.Remedy) -> Item | None:
    """An item whose thresholds the remedy can be written with."""
    items = (ITEMS.get((name, item)) for name, ids in remedy.items.items() for item in ids)
    return next((item for item in items if item is not None), None)


PLANS = [plan(remedy, family, item_of(remedy)) for remedy in load_remedies() for family in FAMILIES]
ids = [f"{p.remedy.id}-{p.family}" for p in PLANS]


def commands(steps: tuple[PlannedStep, ...]) -> str:
    return "\n".join(step.run for step in steps if step.run)


def test_every_unix_item_of_both_editions_and_the_web_items_that_came_from_it_have_a_remedy() -> None:
    wanted = [("kisa-2021", i) for i in catalogue("2021")] + [("kisa-2026", i) for i in catalogue("2026")]
    wanted += [("kisa-2026", item) for item in WEB]

    assert [] == [key for key in wanted if not remedies_of(*key)]


def test_no_remedy_is_for_an_item_that_the_guide_does_not_have() -> None:
    known = {"kisa-2021": set(catalogue("2021")), "kisa-2026": {*catalogue("2026"), *WEB}}

    assert [] == [
        (remedy.id, item)
        for remedy in load_remedies()
        for name, items in remedy.items.items()
        for item in items
        if item not in known[name]
    ]


@pytest.mark.parametrize("key", ITEMS, ids="-".join)
def test_every_item_that_is_judged_gets_its_remedies_with_its_own_thresholds(key: tuple[str, str]) -> None:
    fit = fitting(key[0], ITEMS[key])
    written = [plan(r, family, ITEMS[key]) for r in fit for family in FAMILIES]

    assert written
    assert [] == re.findall(r"@[a-z]+@", "".join(f"{commands(p.steps)}{p.what}{p.breaks}" for p in written))
    assert [remedy.id for remedy in fit] == [short.id for short in advice(key[0], ITEMS[key])]


@pytest.mark.parametrize("key", [("kisa-2021", "U-08"), ("kisa-2026", "U-18")])
@pytest.mark.parametrize(
    ("mode", "groups", "command"),
    [
        (0o400, ("shadow",), "chown root /etc/shadow\nchmod 400 /etc/shadow"),
        (0o640, ("shadow",), "chown root:shadow /etc/shadow && chmod 640 /etc/shadow"),
        (0o640, (), "chown root:shadow /etc/shadow && chmod 640 /etc/shadow"),
        (0o440, ("auth",), "chown root:auth /etc/shadow && chmod 440 /etc/shadow"),
    ],
)
def test_the_group_of_shadow_is_the_one_that_the_item_lets_in(
    key: tuple[str, str], mode: int, groups: tuple[str, ...], command: str
) -> None:
    item = ITEMS[key]
    tailored = replace(item, params=item.params.model_copy(update={"mode": mode, "groups": groups}))

    (remedy,) = fitting(key[0], tailored)
    written = plan(remedy, "debian", tailored)

    assert command in commands(written.steps)
    assert "chown root:root /etc/shadow && chmod 640" not in commands(written.steps)
    assert ("there is nothing to do" in written.breaks.en) is bool(mode & 0o070)


@pytest.mark.parametrize(
    ("benchmark", "item", "mode"), [("kisa-2021", "U-09", "600"), ("kisa-2026", "U-19", "644")]
)
def test_the_mode_of_hosts_is_the_edition_s(benchmark: str, item: str, mode: str) -> None:
    (remedy,) = remedies_of(benchmark, item)

    written = plan(remedy, "debian", ITEMS[benchmark, item])

    assert f"chmod {mode} /etc/hosts" in commands(written.steps)
    assert "resolve" in commands(written.steps) or "name" in written.breaks.en


@pytest.mark.parametrize("written", PLANS, ids=ids)
def test_commands_are_valid_for_sh(written: Plan) -> None:
    for text in (commands(written.steps), commands(written.undo)):
        done = subprocess.run(
            ["sh", "-n"], input=text, capture_output=True, text=True, check=False, timeout=10
        )
        assert "" == done.stderr


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck here; .ci/run installs it")
@pytest.mark.parametrize("family", FAMILIES)
def test_shellcheck_finds_nothing_in_the_commands(family: str, tmp_path: Path) -> None:
    for written in (p for p in PLANS if p.family == family):
        settings = "\n".join(f"{entry.name}='{entry.example}'" for entry in written.remedy.inputs)
        script = tmp_path / f"{written.remedy.id}.sh"
        script.write_text(f"#!/bin/sh\n{settings}\n{commands(written.steps)}\n{commands(written.undo)}\n")
    scripts = sorted(tmp_path.iterdir())

    check = ["shellcheck", "-S", "warning", "-e", "SC2034", *scripts]
    done = subprocess.run(check, capture_output=True, text=True, check=False, timeout=120)

    assert "" == done.stdout


#: What breaks servers, and what nobody prints.
DANGEROUS = {
    "recursive modes or owners": r"\bch(mod|own|grp)\s+(-\w*R|--recursive)",
    "recursive removal": r"\brm\s+(-\w+\s+)*(-\w*[rR]|--recursive)",
    "removal by a search": r"\bfind\b.*(-delete|-exec\s+rm)|xargs.*\brm\b",
    "killing by name": r"\b(kill|pkill|killall|skill)\b",
    "stopping the way in": r"systemctl\s+(stop|disable|mask|restart)\s+(--now\s+)?(sshd?|amazon-ssm-agent)\b",
    "removing packages": r"\b(apt-get|apt|dnf|yum|zypper)\s+(-\S+\s+)*(remove|purge|erase|autoremove|rm)\b",
    "removing packages by hand": r"\b(rpm|dpkg)\s+(-e|-r|-P|--erase|--remove|--purge)\b",
    "locking root": r"\b(passwd\s+-l|usermod\s+(-L|--lock|-s|--shell)\b[^$\n]*)\s+root\b|chage\b.*\broot\b",
    "removing homes": r"\buserdel\s+(-\w*[rf]|--remove|--force)",
    "dropping the firewall": r"\bflush\s+ruleset\b|iptables\s+-(P\s+INPUT\s+DROP|F)",
    "closing units": r"chmod\s+\S+\s+/etc/systemd(/system)?(/?\s|/\*(?!\.conf)|/?$)",
    "switching protection off": r"\bsetenforce\s+0|\bufw\s+disable",
    "shutting down": r"(^|[;&|])\s*(systemctl\s+)?(reboot|shutdown|poweroff|halt)\b",
    "running the net": r"\b(curl|wget)\b.*\|\s*(ba)?sh",
    "writing devices": r"\b(mkfs|dd)\b",
    "answering for people": r"\s(-y|--yes|--assume-yes|--non-interactive)\b",
    "a password on the command line": r"chpasswd|--password[= ]+'|-A\s+\w+\s+-P\b",
    "world-writable": r"chmod\s+([0-7]?[0-7]{2}[2367]|[ugoa]*o[ugoa]*\+\w*w|a\+w)\b",
}  # fmt: skip


@pytest.mark.parametrize("name", DANGEROUS)
def test_no_remedy_prints_a_dangerous_command(name: str) -> None:
    found = [
        (written.remedy.id, match[0])
        for written in PLANS
        for match in re.finditer(DANGEROUS[name], commands((*written.steps, *written.undo)), re.MULTILINE)
    ]

    assert [] == found


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("recursive modes or owners", "chmod -R 600 /etc/systemd/"),
        ("recursive removal", "rm -rf /srv/data"),
        ("recursive removal", "rm -f -r x"),
        ("removal by a search", "find / -nouser -exec rm {} +"),
        ("killing by name", "pkill -9 in.telnetd"),
        ("stopping the way in", "systemctl stop sshd"),
        ("removing packages", "apt-get -y remove telnetd"),
        ("locking root", "usermod --shell /sbin/nologin root"),
        ("dropping the firewall", "iptables -P INPUT DROP"),
        ("closing units", "chmod 600 /etc/systemd/system"),
        ("world-writable", "chmod 1777 /srv"),
    ],
)
def test_the_patterns_know_what_they_are_for(name: str, command: str) -> None:
    assert re.search(DANGEROUS[name], command, re.MULTILINE)


def test_no_command_holds_a_tab_which_a_terminal_would_take_for_completion() -> None:
    assert [] == [p.remedy.id for p in PLANS if "\t" in commands((*p.steps, *p.undo))]


@pytest.mark.parametrize("written", PLANS, ids=ids)
def test_what_is_overwritten_was_kept_before(written: Plan) -> None:
    """A file that a command writes is one of those whose former contents the first step keeps."""
    kept = (*written.remedy.changes.of(written.family), "/etc/xinetd.d/*", "/etc/inetd.conf")
    text = "\n".join(step.run for step in written.steps if not step.live)
    targets = re.findall(r"(?<![0-9>])>>?\s*(/(?:etc|usr|root|srv|home)/[\w./-]+)", text)
    targets += re.findall(r"\bsed -i\b.*\s(/(?:etc|usr|root|srv)/[\w./-]+)(?:;|\)|$)", text, re.MULTILINE)
    loops = r"^for file in (.*?); do\n(.*?)^done"
    for loop in re.findall(loops, text.replace("\\\n", " "), re.MULTILINE | re.DOTALL):
        if re.search(r'sed -i|>>?\s*"\$file"', loop[1]):
            targets += loop[0].split()

    assert [] == [path for path in targets if not any(path == k or fnmatchcase(path, k) for k in kept)]


@pytest.mark.parametrize("written", PLANS, ids=ids)
def test_a_plan_does_something_and_has_a_way_back(written: Plan) -> None:
    assert written.steps
    assert written.undo
    inputs = {entry.name for entry in written.remedy.inputs}
    used = set(re.findall(r"\$\{?([a-z0-9_]+)", commands(written.steps)))
    assert inputs <= used, "a value is asked for that no command uses"


@pytest.mark.parametrize("remedy", load_remedies(), ids=lambda r: r.id)
def test_both_languages_say_something(remedy: module.Remedy) -> None:
    sentences = [remedy.what, remedy.breaks, *remedy.do, *remedy.undo, *remedy.inputs]

    assert [] == [s.en for s in sentences if not s.en.isascii()]
    assert [] == [
        s.ko for s in (remedy.what, remedy.breaks, *remedy.inputs) if not re.search("[가-힣]", s.ko)
    ]


@pytest.mark.parametrize(
    ("remedy", "words"),
    [
        ("hosts-mode", "look a name up"),
        ("shadow-mode", "shadow"),
        ("systemd-conf-mode", "does not boot"),
        ("host-access-limits", "security group"),
        ("account-lockout", "second root session"),
        ("root-remote-login", "keep this session"),
    ],
)
def test_what_may_break_is_said_plainly(remedy: str, words: str) -> None:
    (found,) = [r for r in load_remedies() if r.id == remedy]

    assert words in found.breaks.en


@pytest.mark.parametrize(
    ("meta", "family"),
    [
        ({"os.id": "debian"}, "debian"),
        ({"os.id": "ubuntu", "os.id_like": "debian"}, "debian"),
        ({"os.id": "linuxmint", "os.id_like": "ubuntu debian"}, "debian"),
        ({"os.id": "amzn", "os.id_like": "fedora"}, "rhel"),
        ({"os.id": "amzn", "os.id_like": "centos rhel fedora"}, "rhel"),
        ({"os.id": "sles", "os.id_like": "suse"}, "suse"),
        ({"os.id": "alpine"}, None),
        ({}, None),
    ],
)
def test_the_family_is_read_from_os_release(meta: dict[str, str], family: str | None) -> None:
    assert family == family_of(meta)


REMEDY = """\
remedies:
- id: x
  items: {kisa-2021: [U-01]}
  what: {ko: 가, en: a}
  breaks: {ko: 나, en: b}
  effect: now
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (REMEDY, "says nothing to do on debian"),
        (REMEDY + "  do: [{ko: 다, en: c, families: debian}]\n", "no way back on debian"),
        (
            REMEDY + "  changes: [/etc/x]\n  do: [{ko: 다, en: c, families: debian}]\n",
            "nothing to do on rhel",
        ),
        (REMEDY.replace("now", "soon"), "effect"),
        ("remedies: [", "flow node"),
    ],
)
def test_wrong_data_is_refused_with_its_file(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(module, "files", lambda _: tmp_path)
    load_remedies.cache_clear()
    try:
        with pytest.raises(BenchmarkError, match=rf"remedy file x.yaml is wrong(.|\n)*{message}"):
            load_remedies()
    finally:
        load_remedies.cache_clear()


def test_a_threshold_that_the_item_does_not_have_is_an_error_for_the_commands_and_left_out_of_reports() -> (
    None
):
    (remedy,) = remedies_of("kisa-2021", "U-09")
    other = ITEMS["kisa-2021", "U-44"]

    with pytest.raises(BenchmarkError, match=r"hosts-mode asks for unix\.file-permissions mode"):
        plan(remedy, "debian", other)
    with pytest.raises(BenchmarkError, match="hosts-mode"):
        plan(remedy, "debian", None)
    unfit = replace(other, data=other.data.model_copy(update={"id": "U-09"}))
    assert () == advice("kisa-2021", unfit)
