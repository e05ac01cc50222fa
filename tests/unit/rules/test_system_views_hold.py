"""Whatever stands in syslog's and the journal's files, their views raise nothing but Unread."""

# ruff: noqa: E501 - fragments by the parser they are for

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from cce.benchmarks import load
from cce.evidence.model import Unread
from cce.evidence.views import journal, release, selectors, syslog
from cce.judge import judge_item
from evidence_samples import evidence

WORDS = st.sampled_from(
    [
        "$IncludeConfig", "/etc/rsyslog.d/*.conf", "include(file=", "/etc/rsyslog.d/a.conf", "[", "$RuleSet", "if",
        "then", "else", "prifilt(", "$syslogfacility-text", "==", "action(", "ruleset(", "type=", '"omfile"', "file=",
        '"', "'", "(", ")", "{", "}", "stop", "~", "&", "call", "*.*", "authpriv.none;", "mail.!=info,", "cron.*",
        ":msg,", ":omusrmsg:*", ":ommysql:", "@host", "-/var/log/x", "/dev/console", "|/x", "?t", ">", "^", "*",
        "Storage=", "persistent", "MaxLevelStore=", "²", "9" * 40, "\x00", "\udcff", "한글", "#", ";", ",", ".",
    ]
)  # fmt: skip
CONTENT = st.lists(st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=8).map(" ".join), max_size=8).map(
    "\n".join
)
PATHS = st.sampled_from(
    [
        *("/etc/rsyslog.conf", "/etc/rsyslog.d/a.conf", "/etc/rsyslog.d/b.conf", "/etc/syslog.conf"),
        *(
            "/etc/systemd/journald.conf",
            "/etc/systemd/journald.conf.d/a.conf",
            "/etc/syslog-ng/syslog-ng.conf",
        ),
    ]
)
UNITS = st.dictionaries(
    st.sampled_from(["rsyslog.service", "sysklogd.service", "syslog-ng.service", "systemd-journald.service"]),
    st.sampled_from(["enabled active", "enabled unknown", "static active", "masked inactive"]),
)


@given(contents=st.dictionaries(PATHS, CONTENT))
@settings(max_examples=200, deadline=None)
def test_a_view_raises_nothing_but_unread(contents: dict[str, str]) -> None:
    server = evidence(texts=contents)
    for path in ("/etc/rsyslog.conf", "/etc/syslog.conf"):
        with contextlib.suppress(Unread):
            found = syslog.routes(server, path)
            syslog.kept(found)
            syslog.shown(found)
    with contextlib.suppress(Unread):
        _ = journal.journal(server).kept


@given(text=st.one_of(CONTENT, st.text()))
@settings(max_examples=200, deadline=None)
def test_a_selector_is_read_or_is_none(text: str) -> None:
    assert all(0 < bits < 256 for bits in (selectors.selected(text) or {}).values())


@given(meta=st.dictionaries(st.sampled_from(["os.id", "os.version_id", "finished"]), st.text(max_size=30)))
@settings(max_examples=100, deadline=None)
def test_any_release_and_any_time_is_read(meta: dict[str, str]) -> None:
    server = evidence(meta=meta)
    release.support(server)
    release.read_on(server)


@given(contents=st.dictionaries(PATHS, CONTENT), units=UNITS)
@settings(max_examples=100, deadline=None)
def test_every_item_gets_a_verdict_with_a_reason_in_both_languages(
    contents: dict[str, str], units: dict[str, str]
) -> None:
    server = evidence(texts=contents, units=units)
    items = [i for i in load("kisa-2021").items if i.id in {"U-42", "U-43", "U-59", "U-72"}]
    verdicts = [judge_item(server, item) for item in items]

    assert 4 == len(verdicts)
    assert all(v.reason.ko and v.reason.en for v in verdicts)
