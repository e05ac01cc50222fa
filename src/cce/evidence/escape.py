r"""The escapes of the fields of a record: ``\\``, ``\t``, ``\n`` and ``\xHH``."""

from __future__ import annotations

import re
from typing import Final

from cce.errors import EvidenceError

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\\]")
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-f]{2})|(.?))", re.DOTALL)
_SHORT: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n"}
_LONG: Final = {"\\": "\\", "t": "\t", "n": "\n"}


def escape(text: str) -> str:
    """``text`` as a field of a record: no TAB, newline or other control character is left in it."""
    return _CONTROL.sub(lambda found: _SHORT.get(found[0], f"\\x{ord(found[0]):02x}"), text)


def unescape(field: str) -> str:
    """The text behind a field of a record; the inverse of :func:`escape`.

    Raises
    ------
    EvidenceError
        When a backslash introduces none of the escapes.
    """
    return _ESCAPE.sub(_character, field) if "\\" in field else field


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    try:
        return _LONG[found[2]]
    except KeyError as error:
        message = f"\\{found[2]} is no escape of the evidence format"
        raise EvidenceError(message) from error


def decode(records: bytes) -> str:
    r"""Records as text; a byte that is no UTF-8 becomes an escaped ``\xHH``, four characters to read.

    A control byte comes back as the character it is, so the two are not taken for one another by
    anything but the eye.
    """
    try:
        return records.decode("utf-8")
    except UnicodeDecodeError:
        text = records.decode("utf-8", "surrogateescape")
        return re.sub("[\udc80-\udcff]", lambda found: f"\\\\x{ord(found[0]) - 0xDC00:02x}", text)
