"""The bytes of a DNS question and of its answer (RFC 1035), as far as addresses need them."""

from __future__ import annotations

import struct
from ipaddress import ip_address
from typing import Final

from cce.doctor.model import Answer

A: Final = 1
AAAA: Final = 28

_HEADER: Final = struct.Struct("!HHHHHH")
_RECORD: Final = struct.Struct("!HHIH")
_RECURSION: Final = 0x0100
_RESPONSE: Final = 0x8000
_RCODE: Final = 0x000F
_NXDOMAIN: Final = 3
_POINTER: Final = 0xC0
_LENGTHS: Final = {A: 4, AAAA: 16}


class MalformedError(ValueError):
    """The bytes are no answer to the question."""


def question(name: str, kind: int, ident: int) -> bytes:
    """A recursive question for the records of one kind.

    Raises
    ------
    MalformedError
        When the name is none of DNS.
    """
    labels = name.rstrip(".").encode("ascii", "replace").split(b".")
    if not all(0 < len(label) < 64 for label in labels):  # noqa: PLR2004 - RFC 1035, 2.3.4
        message = f"no DNS name: {name!r}"
        raise MalformedError(message)
    encoded = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return _HEADER.pack(ident, _RECURSION, 1, 0, 0, 0) + encoded + struct.pack("!HH", kind, 1)


def answer(data: bytes, kind: int, ident: int) -> Answer:
    """What the bytes say of the addresses of that kind.

    Raises
    ------
    MalformedError
        When they are cut short or answer something else.
    """
    try:
        got, flags, questions, answers, _, _ = _HEADER.unpack_from(data)
        if got != ident or not flags & _RESPONSE:
            message = "an answer to another question"
            raise MalformedError(message)
        code = flags & _RCODE
        if code:
            return Answer("nxdomain" if code == _NXDOMAIN else "failed")
        at = _HEADER.size
        for _ in range(questions):
            at = _after_name(data, at) + 4
        addresses = _addresses(data, at, answers, kind)
    except (struct.error, IndexError) as error:
        message = f"cut short: {error}"
        raise MalformedError(message) from error
    return Answer("ok" if addresses else "nodata", tuple(addresses))


def _addresses(data: bytes, at: int, count: int, kind: int) -> list[str]:
    found = []
    for _ in range(count):
        at = _after_name(data, at)
        this, _, _, length = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        value = data[at : at + length]
        if this == kind and len(value) == _LENGTHS[kind]:
            found.append(str(ip_address(value)))
        at += length
    return found


def _after_name(data: bytes, at: int) -> int:
    """Where a name ends: at its empty label, or at a pointer, which is never followed."""
    while True:
        length = data[at]
        if length & _POINTER == _POINTER:
            return at + 2
        at += 1 + length
        if not length:
            return at
