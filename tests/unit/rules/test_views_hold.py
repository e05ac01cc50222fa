"""Whatever stands in the files, a view raises nothing but Unread, and a rule always answers."""

# ruff: noqa: E501 - fragments by the parser they are for

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cce.benchmarks import load
from cce.evidence.model import Unread
from cce.evidence.views import (
    firewall,
    pam,
    quality,
    search_path,
    services,
    shell,
    sshd,
    wrappers,
)
from cce.evidence.views import settings as files
from cce.judge import judge
from cce.verdict import Verdict
from evidence_samples import evidence, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.evidence.model import Evidence

#: Fragments that mean something to one of the parsers, and noise between them.
WORDS = st.sampled_from(
    [
        "Include", "/etc/ssh/sshd_config", "*", "[", "Match", "all", "User", "root", "PermitRootLogin", "yes", '"',
        "auth", "password", "@include", "include", "common-auth", "substack", "[success=1", "default=die]",
        "pam_unix.so", "pam_pwquality.so", "pam_faillock.so", "pam_wheel.so", "minlen=", "deny=-99999999999999", "conf=",
        "PATH=", "$PATH", "${PATH", "${PATH:+", "pathmunge", "set path = (", "TMOUT=", "readonly", "umask", "u=rwx,",
        "g=", ".", "source", "$i", ":", "::", ";", "=", "#", "{", "}", "~/", "\x00", "\udcff", "한글", "9" * 40,
        "table", "chain", "input", "type filter hook input", "policy drop;", "jump", "drop", "accept", "-A INPUT",
        "-P INPUT DROP", "-j", "*filter", "ip saddr", "ALL:", "sshd", "service", "telnet", "disable = no", "tcp", "*:23",
        "LISTEN",
    ]
)  # fmt: skip
LINE = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=8).map(" ".join)
CONTENT = st.lists(LINE, max_size=8).map("\n".join)
PATHS = (
    "/etc/ssh/sshd_config", "/etc/pam.d/passwd", "/etc/pam.d/sshd", "/etc/pam.d/su", "/etc/pam.d/common-auth",
    "/etc/security/pwquality.conf", "/etc/security/faillock.conf", "/etc/login.defs", "/etc/profile",
    "/etc/profile.d/a.sh", "/etc/bashrc", "/etc/hosts.allow", "/etc/hosts.deny", "/etc/inetd.conf",
    "/etc/xinetd.d/telnet", "/etc/nftables.conf", "/root/.bashrc",
)  # fmt: skip
COMMANDS = ("sshd -T", "nft list ruleset", "iptables -S", "ss -lntu", "root PATH", "root umask", "ufw status")

VIEWS: dict[str, Callable[[Evidence], object]] = {
    "sshd": lambda e: (sshd.effective(e, "permitrootlogin"), sshd.directives(e, "permitrootlogin")),
    "pam": lambda e: [pam.stack(e, s, k) for s in ("passwd", "sshd", "su") for k in ("auth", "password")],
    "quality": quality.password_stacks,
    "settings": lambda e: (files.login_defs(e), files.faillock_conf(e), files.pwquality_conf(e)),
    "shell": lambda e: (shell.system(e), shell.of_root(e), shell.csh(e), shell.csh_of_root(e)),
    "search path": lambda e: search_path.built((*shell.system(e), *shell.of_root(e))),
    "services": lambda e: (
        list(services.inetd_uses(e, "telnet")),
        list(services.listening(e, "tcp", (23,))),
    ),
    "wrappers": wrappers.wrappers,
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@given(
    contents=st.dictionaries(st.sampled_from(PATHS), CONTENT),
    outputs=st.dictionaries(st.sampled_from(COMMANDS), CONTENT),
)
@settings(max_examples=60, deadline=None)
def test_a_view_raises_nothing_but_unread(
    view: Callable[[Evidence], object], contents: dict[str, str], outputs: dict[str, str]
) -> None:
    with contextlib.suppress(Unread):
        view(evidence(texts=contents, commands=outputs))


@given(content=CONTENT)
@settings(max_examples=100, deadline=None)
def test_a_rule_set_of_any_text_is_read(content: str) -> None:
    for read in (firewall.from_nft, firewall.from_iptables):
        assert "x" == read("x", text("x", content)).source


@given(
    contents=st.dictionaries(st.sampled_from(PATHS), CONTENT, min_size=3),
    outputs=st.dictionaries(st.sampled_from(COMMANDS), CONTENT),
    unread=st.dictionaries(
        st.tuples(st.just("text"), st.sampled_from(PATHS)),
        st.sampled_from(["denied", "cut", "special", "error"]),
    ),
)
@settings(max_examples=60, deadline=None)
def test_every_item_gets_a_verdict_with_a_reason_in_both_languages(
    contents: dict[str, str], outputs: dict[str, str], unread: dict[tuple[str, str], str]
) -> None:
    got = judge(evidence(texts=contents, commands=outputs, unread=unread), load("kisa-2021"))

    assert len(load("kisa-2021").items) == len(got)
    assert all(v.reason.ko and v.reason.en and v.verdict in Verdict for v in got)
    assert all(check.reason.ko and check.reason.en for v in got for check in v.checks)


def test_without_any_evidence_no_item_is_good() -> None:
    nothing = evidence()
    object.__setattr__(nothing, "statuses", {})
    object.__setattr__(nothing, "units", {})

    assert {Verdict.ERROR} == {v.verdict for v in judge(nothing, load("kisa-2021"))}
