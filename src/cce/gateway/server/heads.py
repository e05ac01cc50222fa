"""What the head of a request must be, beyond what the parser sees to.

llhttp refuses by itself: ``Transfer-Encoding`` beside ``Content-Length``, or with ``chunked`` twice; two
lengths, and lengths that are no number; lines that are folded or malformed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cce.gateway.refusal import Refusals

if TYPE_CHECKING:
    from collections.abc import Sequence

    Lines = Sequence[tuple[bytes, bytes]]

#: Bytes of the target and of all names and values.
HEAD_LIMIT: Final = 65_536

#: RFC 3986, 3.2.2 and 3.2.3: a name or an address, in brackets if it is IPv6, and a port. No user.
_HOST: Final = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]{0,5})?"
)


class HeadError(Exception):
    """A head that is refused. Never leaves the protocol: the parser calls back, and this is its way out."""

    def __init__(self, case: Refusals, reason: str) -> None:
        super().__init__(reason)
        self.case, self.reason = case, reason


def check(lines: Lines, version: str) -> None:
    """Let a head pass that means one thing only.

    Parameters
    ----------
    lines
        Names in lower case, and values.
    version
        Of HTTP, ``1.1``.

    Raises
    ------
    HeadError
        When there is not one host (RFC 9112, 3.2), or the body is in a form that is not ours (6.1).
    """
    hosts, codings = 0, []
    for name, value in lines:
        if name == b"host":
            hosts += 1
            if not _is_host(value):
                raise HeadError(Refusals.MALFORMED, "Host is no host")
        elif name == b"transfer-encoding":
            codings.append(value)
    if hosts != 1 and (hosts or version != "1.0"):
        raise HeadError(Refusals.MALFORMED, f"{hosts} lines of Host, where one must be")
    if codings:
        _check_codings(b",".join(codings), version)


def check_size(target: bytes, lines: Lines) -> None:
    """Let a head pass that is not too large.

    Raises
    ------
    HeadError
        When it is.
    """
    if len(target) + sum(len(name) + len(value) for name, value in lines) > HEAD_LIMIT:
        raise HeadError(Refusals.HEAD_TOO_LARGE, f"the head has more than {HEAD_LIMIT} bytes")


@lru_cache(maxsize=1024)
def _is_host(value: bytes) -> bool:
    return _HOST.fullmatch(value.strip()) is not None


def _check_codings(listed: bytes, version: str) -> None:
    codings = [each.strip().lower() for each in listed.split(b",")]
    if codings[-1] != b"chunked":
        raise HeadError(Refusals.MALFORMED, "the last transfer coding is not chunked")
    if any(each not in (b"chunked", b"") for each in codings):
        raise HeadError(Refusals.UNKNOWN_CODING, "a transfer coding before chunked")
    if codings != [b"chunked"]:
        raise HeadError(Refusals.MALFORMED, "Transfer-Encoding is not exactly chunked")
    if version == "1.0":
        raise HeadError(Refusals.MALFORMED, "Transfer-Encoding in HTTP/1.0, which has none")
