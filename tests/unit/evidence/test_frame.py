"""The frame: what of a probe's output is evidence, and what is said of the rest."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.errors import EvidenceError
from cce.evidence.frame import MAX_RECORDS, frame, unframe

RECORDS = b"cce\t1\t1.0\nend\t1\n"


def framed_by_hand(packed: bytes, *, size: int, digest: str, encoding: str = "gzip+base64") -> str:
    body = base64.b64encode(packed).decode()
    begin = f"-----BEGIN CCE EVIDENCE 1 {encoding} bytes={size} sha256={digest}-----"
    return f"{begin}\n{body}\n-----END CCE EVIDENCE 1-----\n"


def digest(records: bytes) -> str:
    return hashlib.sha256(records).hexdigest()


@given(records=st.binary(max_size=4000), compress=st.booleans(), noise=st.text(max_size=50))
def test_what_is_framed_comes_back(records: bytes, compress: bool, noise: str) -> None:  # noqa: FBT001
    assert records == unframe(f"{noise}\n{frame(records, compress=compress)}{noise}")


@given(stdout=st.text())
def test_any_output_is_records_or_an_evidence_error(stdout: str) -> None:
    with suppress(EvidenceError):
        assert isinstance(unframe(stdout), bytes)


@given(data=st.data())
def test_a_damaged_frame_is_never_other_records(data: st.DataObject) -> None:
    text = frame(RECORDS)
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.characters(max_codepoint=0x2FF))
    try:
        records = unframe(text[:at] + new + text[at + 1 :])
    except EvidenceError:
        return

    assert RECORDS == records


def test_lines_are_short_enough_for_every_terminal() -> None:
    body = frame(bytes(range(256)) * 8, compress=False).splitlines()[1:-1]

    assert 76 == max(len(line) for line in body)


def test_the_last_complete_frame_wins() -> None:
    first, second = frame(b"first"), frame(b"second")

    assert b"second" == unframe(first + second)
    assert b"first" == unframe(first + second[:120])


def test_line_ends_of_windows_do_not_matter() -> None:
    assert RECORDS == unframe(frame(RECORDS).replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("stdout", "says"),
    [
        ("", "printed nothing"),
        (" \n\n", "printed nothing"),
        ("sh: 1: cannot fork\n", "no evidence: it begins 'sh: 1: cannot fork'"),
        (frame(RECORDS)[:150], "ends in the middle"),
        (frame(RECORDS).replace("bytes=", "octets="), "first line of the evidence's frame is damaged"),
        (frame(RECORDS).replace("EVIDENCE 1", "EVIDENCE 2"), "schema version 2, this program reads 1"),
        ("-----BEGIN CCE EVIDENCE 7 zstd size=1-----\nx\n", "schema version 7, this program reads 1"),
        (frame(RECORDS).replace("bytes=", "bytes=1"), "its frame says 1"),
        (re.sub("sha256=.{4}", "sha256=0000", frame(RECORDS)), "checksum"),
        (framed_by_hand(gzip.compress(b"x")[:-6], size=1, digest=digest(b"x")), "compressed evidence ends"),
        (framed_by_hand(b"not gzip", size=1, digest=digest(b"x")), "not valid gzip"),
        (frame(RECORDS).replace("\nH4sI", "\n!!!!"), "not valid base64"),
    ],
)
def test_the_reason_is_precise(stdout: str, says: str) -> None:
    with pytest.raises(EvidenceError, match=re.escape(says)):
        unframe(stdout)


@pytest.mark.parametrize("encoding", ["gzip+base64", "base64"])
def test_a_bomb_is_refused_without_unpacking_it(encoding: str) -> None:
    zeros = bytes(MAX_RECORDS + 1)
    packed = gzip.compress(zeros) if encoding != "base64" else zeros
    bomb = framed_by_hand(packed, size=len(zeros), digest=digest(zeros), encoding=encoding)
    with pytest.raises(EvidenceError, match="larger than"):
        unframe(bomb)


def test_ten_megabytes_of_garbage_are_said_to_be_garbage() -> None:
    with pytest.raises(EvidenceError, match="no evidence"):
        unframe("x" * 10_000_000)
