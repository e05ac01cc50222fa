"""The head of a backend's answer, read as strictly as the local server's parser (llhttp) reads it.

``http.client`` reads heads as e-mail: a bare LF ends a line, a line may go on in the next one, what is no
header is dropped, a type of several parts makes a defect, a connection that ends in the head makes an answer,
103 is one, and a hundred lines are too many. What works with a backend on a laptop must work on AWS, and what
two programs read in two ways is how answers are split.
"""

from __future__ import annotations

import re
from http.client import HTTPException
from typing import TYPE_CHECKING, Final, NamedTuple

from cce.gateway.relay import wire

if TYPE_CHECKING:
    from collections.abc import Callable

#: Versions as llhttp knows them.
_STATUS_LINE: Final = re.compile(rb"HTTP/(0\.9|1\.[01]|2\.0) ([0-9]{3})(?: ([^\r\n]*))?\r\n")
_KEEPING: Final = frozenset({b"1.1", b"2.0"})

_NAME: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_LENGTH: Final = re.compile(r"[0-9]{1,19}[ \t]*")

_SWITCHING: Final = 101


class Head(NamedTuple):
    """What stands before the body; names and values are octets as ``latin-1`` has them.

    Parameters
    ----------
    keeps
        Whether the connection stays, if ``Connection`` does not say otherwise: HTTP/1.1.
    """

    keeps: bool
    status: int
    reason: str
    lines: tuple[tuple[str, str], ...]

    def values(self, name: str) -> list[str]:
        """The elements of a list header, in small letters."""
        found = [value for each, value in self.lines if each.lower() == name]
        return [part.strip(" \t").lower() for value in found for part in value.split(",")]

    @property
    def bodiless(self) -> bool:
        """Whether nothing follows, whatever the head says."""
        return self.status in wire.BODILESS or self.status < wire.FIRST_FINAL

    @property
    def chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return bool(self.values("transfer-encoding"))

    @property
    def length(self) -> int | None:
        """Bytes of the body as the head says; ``None`` if it does not."""
        lengths = self.values("content-length")
        return int(lengths[0]) if lengths else None

    @property
    def closes(self) -> bool:
        """Whether the connection ends with the answer, though its end is known."""
        said = self.values("connection")
        return "close" in said or not (self.keeps or "keep-alive" in said)


def read_head(readline: Callable[[], bytes]) -> Head:
    """The head of the answer. Those of interim answers before it (100, 103) are passed over.

    Parameters
    ----------
    readline
        Gives the next line with its CR and LF, or raises.

    Raises
    ------
    HTTPException
        When it is none, is too long, or does not tell where the answer ends.
    """
    size = 0
    while True:
        line = readline()
        while line == b"\r\n":
            line = readline()
        found = _STATUS_LINE.fullmatch(line)
        if not found:
            raise HTTPException("the first line is no status of HTTP/1.1")
        lines: list[tuple[str, str]] = []
        while (line := readline()) != b"\r\n":
            lines.append(_header(line))
            size += sum(map(len, lines[-1]))
            if size > wire.HEAD_LIMIT:
                raise HTTPException(f"the head has more than {wire.HEAD_LIMIT} bytes")
        version, status, reason = found.groups(b"")
        head = Head(version in _KEEPING, int(status), reason.decode("latin-1"), tuple(lines))
        if head.status == _SWITCHING or head.status not in wire.INTERIM:
            _check_end(head)
            return head


def _header(line: bytes) -> tuple[str, str]:
    name, colon, value = line[:-2].partition(b":")
    value = value.lstrip(b" \t")
    if not (colon and _NAME.fullmatch(name) and _VALUE.fullmatch(value)):
        raise HTTPException("a line of the head is no header")
    return name.decode("latin-1"), value.decode("latin-1")


def _check_end(head: Head) -> None:
    """Refuse what can be read in two ways, or in none (RFC 9112, 6.3)."""
    codings, lengths = head.values("transfer-encoding"), head.values("content-length")
    if len(lengths) > 1 or (lengths and codings) or (codings and codings[-1] != "chunked"):
        raise HTTPException("the head does not tell where the answer ends")
    if lengths and not _LENGTH.fullmatch(lengths[0]):
        raise HTTPException("the length of the answer is no number")
