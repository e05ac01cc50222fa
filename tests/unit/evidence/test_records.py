"""The records: strict where something could be forged or lost, lenient to what a newer probe adds."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.errors import EvidenceError
from cce.evidence.escape import decode, escape, unescape
from cce.evidence.frame import frame
from cce.evidence.model import Evidence, FileStat, Hit, Problem, Unit, Unread
from cce.evidence.records import parse, read


def document(*records: str) -> bytes:
    rows = ["cce\t1\t1.0.0", *records]
    return "\n".join([*rows, f"end\t{len(rows)}", ""]).encode()


@given(text=st.text())
def test_a_field_comes_back(text: str) -> None:
    field = escape(text)

    assert text == unescape(field)
    assert not any(ord(character) < 0x20 or character == "\x7f" for character in field)


@given(records=st.binary())
def test_arbitrary_bytes_are_evidence_or_an_evidence_error(records: bytes) -> None:
    with suppress(EvidenceError):
        assert isinstance(parse(records), Evidence)


_TRICKY = ["ok", "absent", "0", "1", "-1", "644", "9" * 30, "\\", "\\x1", "²"]
_WORD = st.text(max_size=8) | st.sampled_from(_TRICKY)
_KINDS = st.sampled_from(
    [
        *("cce", "meta", "file", "dir", "text", "line", "command", "output", "unit", "table"),
        *("account", "shadow", "group", "walk", "hit", "problem", "end", "new"),
    ]
)


@given(rows=st.lists(st.tuples(_KINDS, st.lists(_WORD, max_size=8)), max_size=12))
def test_arbitrary_records_are_evidence_or_an_evidence_error(rows: list[tuple[str, list[str]]]) -> None:
    with suppress(EvidenceError):
        assert isinstance(parse(document(*("\t".join([kind, *fields]) for kind, fields in rows))), Evidence)


def test_everything_that_the_format_has_is_parsed() -> None:
    evidence = read(
        frame(
            document(
                "meta\thostname\tweb-1",
                "table\t/etc/passwd\tok",
                "account\t1\troot\t0\t0\t/root\t/bin/sh\tx",
                "account\t2\ttoor\t0\t0\t/root\t/bin/sh\tempty",
                "account\t3\thash\t5\t5\t/\t/bin/sh\thash:gy",
                "account\t4\told\t6\t6\t/\t/bin/sh\thash",
                "table\t/etc/group\tok",
                "group\t1\troot\t0\t",
                "group\t2\twheel\t10\ta,b",
                "table\t/etc/shadow\tok",
                "shadow\t1\troot\tset\ty\t19000\t\t-1",
                "file\t/etc/x\tok\tf\t4755\t0\t77\t12",
                "file\t/etc/y\tabsent",
                "dir\t/etc/d/\tok\tb\ta\\nb",
                "line\t/etc/t\t3\tone\\ttwo",
                "text\t/etc/t\tok",
                "output\tsshd -T\t1\tport 22",
                "command\tsshd -T\tok\t0",
                "unit\tssh.service\tenabled\tactive\tsystemctl",
                "hit\tsuid\tf\t4755\t0\t0\t/bin/su\t/bin/a\\nb",
                "file\t/var/log/x\tok\tf\t640\t0\t0\t12\t1700000000",
                "walk\tsuid\tcut\t300",
                "problem\tunits\tsomething",
                "future\tkind\tof\trecord",
            )
        )
    )
    walk = evidence.walk("suid")
    output = evidence.command("sshd -T")
    lines = evidence.lines("/etc/t")

    assert "web-1" == evidence.meta["hostname"]
    assert FileStat("/etc/x", "f", 0o4755, 0, 77, "root", "77", 12) == evidence.file("/etc/x")
    assert evidence.file("/etc/y") is None
    assert ("/etc/d/a\nb", "/etc/d/b") == evidence.directory("/etc/d/")
    assert lines is not None
    assert [("/etc/t:3", "one\ttwo")] == [(line.where, line.text) for line in lines]
    assert output is not None
    assert [("sshd -T:1", "port 22")] == [(line.where, line.text) for line in output.lines]
    assert Unit("ssh.service", "enabled", "active", "systemctl") == evidence.unit("ssh.service")
    assert (300, (Hit("f", 0o4755, 0, 0, "/bin/su"), Hit("f", 0o4755, 0, 0, "/bin/a\nb"))) == (
        walk.total,
        walk.hits,
    )
    assert FileStat("/var/log/x", "f", 0o640, 0, 0, "root", "root", 12, 1_700_000_000) == evidence.file(
        "/var/log/x"
    )
    assert (19000, None, -1) == (
        evidence.shadow_rows[0].last_change,
        evidence.shadow_rows[0].minimum,
        evidence.shadow_rows[0].maximum,
    )
    assert [("x", ""), ("empty", ""), ("hash", "gy"), ("hash", "")] == [
        (account.password, account.scheme) for account in evidence.accounts
    ]
    assert [(), ("a", "b")] == [group.members for group in evidence.groups]
    assert (Problem("units", "something"),) == evidence.problems


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (b"", "first record"),
        (b"\n", "first record"),
        (b"meta\ta\tb\nend\t1\n", "first record"),
        (b"cce\t2\t9\nend\t1\n", "schema version '2', this program reads 1"),
        (b"cce\t1\t1.0\nmeta\ta\tb\n", "is not `end`: the probe did not finish"),
        (b"cce\t1\t1.0\nmeta\ta\tb\nend\t7\n", "holds 2 records, its last one says '7'"),
        (b"cce\t1\t1.0\nend\t1", "does not end"),
        (document("file\t/x\tok\tf\t999\t0\t0\t1"), r"record 2 of the evidence \(file\) .* no mode"),
        (document("file\t/x\tok\tf\t644\t0\t0\t1\t2\t3"), "too many values"),
        (document("file\t/x\tok\tf\t644\t0\t0\t1\t-2"), "no number"),
        (document("hit\tsuid\tf\t644\t0\t0"), "not enough values"),
        (document("meta\ta\tb", "hit\tsuid\tf\t644\t0\t-1\t/x"), "record 3 .*no number"),
        (document("line\t/x\t١\tarabic digit"), "no number"),
        (document("walk\tsuid\tok\t" + "9" * 19), "no number"),
        (document("text\t/x\tfine"), "'fine' is no status"),
        (document("text\t/x"), r"record 2 .*not enough values"),
        (document("unit\ta\tb\tc\td\te\tf"), r"record 2 .*too many values"),
        (document("meta\ta\\q\tb"), r"\\q is no escape"),
        (document("meta\ta\tb\\"), "is no escape"),
    ],
)
def test_the_reason_names_the_record(records: bytes, says: str) -> None:
    with pytest.raises(EvidenceError, match=says):
        parse(records)


def test_bytes_that_are_no_utf8_are_shown() -> None:
    evidence = parse(document("meta\ta\tx@y").replace(b"@", b"\xff\xc3"))

    assert "x\\xff\\xc3y" == evidence.meta["a"]
    assert "é\\\\xff" == decode("é".encode() + b"\xff")


def test_only_what_was_printed_is_read() -> None:
    evidence = parse(document("text\t/a\tdenied", "line\t/b\t1\tx", "hit\tsuid\tf\t644\t0\t0\t/x"))
    for ask in (
        lambda: evidence.lines("/a"),
        lambda: evidence.lines("/b"),  # lines without a status: it was not read to its end
        lambda: evidence.walk("suid"),
        lambda: evidence.unit("ssh.service"),
        lambda: evidence.file("/a"),
        lambda: evidence.accounts,
    ):
        with pytest.raises(Unread):
            ask()


def test_a_servers_document_is_parsed_within_five_milliseconds() -> None:
    rows = [f"file\t/home/u{n}/.profile\tok\tf\t644\t{n}\t{n}\t80" for n in range(300)]
    rows += [f"line\t/etc/pam.d/x{n % 9}\t{n}\tauth required pam_x.so" for n in range(300)]
    records = document(*rows)
    best = min(_seconds(records) for _ in range(5))

    assert best < 0.005


def _seconds(records: bytes) -> float:
    started = time.perf_counter()
    parse(records)
    return time.perf_counter() - started
