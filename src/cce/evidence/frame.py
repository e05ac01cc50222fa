"""The frame around the records on a probe's standard output (docs/evidence-format.md)."""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import re
import zlib
from typing import Final

from cce.errors import EvidenceError
from cce.text import Text

#: The version of the evidence format this package reads and writes.
SCHEMA: Final = 1

#: Records may not grow beyond this when decompressed: a few kilobytes can claim to be gigabytes.
MAX_RECORDS: Final = 8 * 1024 * 1024

_BEGIN: Final = re.compile(
    r"^-----BEGIN CCE EVIDENCE (?P<schema>\d{1,9}) (?P<encoding>gzip\+base64|base64)"
    r" bytes=(?P<size>\d{1,12}) sha256=(?P<digest>[0-9a-f]{64})-----\r?$",
    re.MULTILINE,
)
_ANY_BEGIN: Final = re.compile(r"^-----BEGIN CCE EVIDENCE (\S{1,20})", re.MULTILINE)
_END: Final = re.compile(r"^-----END CCE EVIDENCE \d{1,9}-----\r?$", re.MULTILINE)


def frame(records: bytes, *, compress: bool = True) -> str:
    """Frame ``records`` as the probe prints them; the twin of :func:`unframe`.

    Parameters
    ----------
    records
        The records, one per line.
    compress
        Whether the server has gzip.
    """
    packed = gzip.compress(records, compresslevel=9, mtime=0) if compress else records
    encoding = "gzip+base64" if compress else "base64"
    text = base64.b64encode(packed).decode("ascii")
    lines = "\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    digest = hashlib.sha256(records).hexdigest()
    begin = f"-----BEGIN CCE EVIDENCE {SCHEMA} {encoding} bytes={len(records)} sha256={digest}-----"
    return f"{begin}\n{lines}\n-----END CCE EVIDENCE {SCHEMA}-----\n"


def unframe(stdout: str) -> bytes:
    """The records in the last complete frame on a probe's standard output.

    Parameters
    ----------
    stdout
        All that the probe printed, or what Run Command kept of it.

    Raises
    ------
    EvidenceError
        When there is no complete frame, or it does not hold what its first line says; the message
        names which.
    """
    found = _last_complete(stdout)
    if found is None:
        why = _why_none(stdout)
        raise EvidenceError(why.en, why.ko)
    begin, body = found
    if int(begin["schema"]) != SCHEMA:
        other = _other_schema(begin["schema"])
        raise EvidenceError(other.en, other.ko)
    records = _decode(body, compressed=begin["encoding"] != "base64")
    if len(records) != int(begin["size"]):
        message = (
            f"the evidence is {len(records)} bytes long, its frame says {begin['size']}; run the probe again"
        )
        raise EvidenceError(message)
    if hashlib.sha256(records).hexdigest() != begin["digest"]:
        raise EvidenceError("the checksum of the evidence does not match its frame; run the probe again")
    return records


def _last_complete(stdout: str) -> tuple[re.Match[str], str] | None:
    """The last begin line that an end line follows before the next begin line, and what is between."""
    begins = list(_BEGIN.finditer(stdout))
    if not begins:
        return None
    limits = [*(begin.start() for begin in begins[1:]), len(stdout)]
    for begin, limit in zip(reversed(begins), reversed(limits), strict=True):
        if end := _END.search(stdout, begin.end(), limit):
            return begin, stdout[begin.end() : end.start()]
    return None


def _why_none(stdout: str) -> Text:
    if not stdout.strip():
        return Text(
            "수집기가 아무것도 출력하지 않음",
            "the probe printed nothing; look at its standard error and exit status",
        )
    begin = _ANY_BEGIN.search(stdout)
    if begin is None:
        shown = repr(stdout.strip()[:60])
        return Text(
            f"수집기의 출력이 증적이 아님: {shown}",
            f"what the probe printed is no evidence: it begins {shown}",
        )
    if begin[1].isdigit() and int(begin[1]) != SCHEMA:
        return _other_schema(begin[1])
    if _BEGIN.search(stdout) is None:
        return Text(
            "증적의 첫 줄이 손상됨", "the first line of the evidence's frame is damaged; run the probe again"
        )
    return Text(
        "증적이 중간에 끊김(출력이 잘렸거나 수집기가 중단됨)",
        "the evidence ends in the middle: it has a beginning and no end (output cut, or the probe died)",
    )


def _other_schema(schema: str) -> Text:
    return Text(
        f"증적의 스키마 버전이 {schema}(이 프로그램은 {SCHEMA})",
        f"the evidence has schema version {schema}, this program reads {SCHEMA}; update the older of the two",
    )


def _decode(body: str, *, compressed: bool) -> bytes:
    if len(body) > 2 * MAX_RECORDS:
        raise EvidenceError(_too_big())
    try:
        packed = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        message = f"the evidence is not valid base64 ({error}); run the probe again"
        raise EvidenceError(message) from error
    if compressed:
        return _decompress(packed)
    if len(packed) > MAX_RECORDS:
        raise EvidenceError(_too_big())
    return packed


def _decompress(packed: bytes) -> bytes:
    stream = zlib.decompressobj(wbits=31)  # 31: with a gzip header
    try:
        records = stream.decompress(packed, MAX_RECORDS + 1)
    except zlib.error as error:
        message = f"the evidence is not valid gzip ({error}); run the probe again"
        raise EvidenceError(message) from error
    if len(records) > MAX_RECORDS:
        raise EvidenceError(_too_big())
    if not stream.eof:
        raise EvidenceError("the compressed evidence ends in the middle; run the probe again")
    return records


def _too_big() -> str:
    return f"the evidence is larger than {MAX_RECORDS} bytes; no server's configuration is"
