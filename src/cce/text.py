"""Sentences in Korean and in English, and text from servers made visible."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

#: After a final consonant and after a vowel.
Particle = Literal["은/는", "이/가", "을/를", "과/와", "으로/로"]

#: The digits read with a final consonant: 영 일 삼 육 칠 팔.
_DIGITS: Final = {"0": "*", "1": "ㄹ", "3": "*", "6": "*", "7": "ㄹ", "8": "ㄹ"}
#: Latin letters at the end of a word that is read as one; ``root`` (루트) ends in a vowel.
_LETTERS: Final = {"l": "ㄹ", "m": "*", "n": "*"}
#: Words that end so are read otherwise than their last letter: 아웃 (``TMOUT``), 링.
_ENDINGS: Final = ("out", "ng")
_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8

_UNSPOKEN: Final = "'\"`.,:;!?)]}>/*-_ "
_BRACKETS: Final = re.compile(r"\([^()]*\)\Z")

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


def with_particle(word: str, particle: Particle) -> str:
    """Put the form of a Korean particle after a word that its last sound asks for.

    What stands in brackets at the end and punctuation are not spoken. Digits count as they are read in
    Korean, Latin words by their last letters. What has no reading takes the form after a vowel.

    Examples
    --------
    >>> with_particle("TMOUT", "이/가"), with_particle("8", "으로/로"), with_particle("계정(ftp)", "은/는")
    ('TMOUT이', '8로', '계정(ftp)은')
    """
    after_consonant, after_vowel = particle.split("/")
    final = _final(_BRACKETS.sub("", word) or word)
    takes_vowel = not final or (final == "ㄹ" and particle == "으로/로")
    return f"{word}{after_vowel if takes_vowel else after_consonant}"


def _final(word: str) -> str:
    """The final consonant of what is spoken last: ``ㄹ``, ``*`` for any other, empty for a vowel."""
    spoken = word.rstrip(_UNSPOKEN)
    last = spoken[-1:]
    if last and _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        final = (ord(last) - _FIRST_SYLLABLE) % _FINALS
        return "" if not final else "ㄹ" if final == _RIEUL else "*"
    if spoken.lower().endswith(_ENDINGS):
        return "*"
    return _DIGITS.get(last) or _LETTERS.get(last.lower(), "")
