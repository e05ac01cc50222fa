"""Sentences in Korean and in English, and text from servers made visible."""

from __future__ import annotations

from typing import Final, NamedTuple

_NAMED: Final = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


class Text(NamedTuple):
    """The same sentence in both languages of every report.

    Examples
    --------
    >>> Text(ko="소유자가 root가 아님", en="The owner is not root.").en
    'The owner is not root.'
    """

    ko: str
    en: str


def visible(text: str) -> str:
    r"""Replace every character that is not seen as itself by its escape.

    Control characters move the cursor, bidi controls reorder what is read, zero-width ones and odd spaces
    make two names look the same; none of them is printable to Unicode.

    Examples
    --------
    >>> visible("a\x1b[31m\u202eb")
    'a\\x1b[31m\\u202eb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(char: str) -> str:
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code < 0x100:  # noqa: PLR2004 - what two hexadecimal digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - four digits
