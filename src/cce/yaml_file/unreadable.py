"""Files that are no YAML: in which line, why, and what to do about it."""

from __future__ import annotations

import codecs
from typing import Final

import yaml

#: A line of a file, from 1, and what is wrong there with its remedy.
Wrong = tuple[int, str]

_LAYOUT: Final = (
    "see that the line is indented with blanks as its neighbours, that quotes and brackets close, and that a "
    "text with ': ' or ' #' stands in quotes"
)
#: Blanks that YAML does not indent by.
_BLANKS: Final = {"\t": "a tab", "\u00a0": "a no-break space", "\u3000": "a wide blank"}
#: What editors and input methods write in place of what YAML reads.
_LOOKING_ALIKE: Final = {
    "\uff1a": ("a wide colon", "':' and a blank"),
    "\uff0c": ("a wide comma", "','"),
    **dict.fromkeys("\u201c\u201d\u201e", ("a typographic quote", "'\"'")),
    **dict.fromkeys("\u2018\u2019", ("a typographic quote", '"\'"')),
}


def of_bytes(body: bytes, error: UnicodeDecodeError) -> Wrong:
    """Why bytes are no text in UTF-8."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 1, "this is UTF-16; save the file as UTF-8"
    if b"\0" in body:
        return 1, "this is no text but data of a program; see that it is the right file"
    return body.count(b"\n", 0, error.start) + 1, "this is not UTF-8; save the file as UTF-8"


def of_text(text: str, error: yaml.YAMLError) -> Wrong:
    """Why a text is no YAML."""
    if isinstance(error, yaml.reader.ReaderError):
        return _of_character(text, error)
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    number = mark.line if mark else 0
    said = getattr(error, "problem", None) or str(error)
    if "another document" in said:
        return number + 1, "this is no YAML: a second document begins here; take --- and what follows it out"
    if begun and begun.line != number:
        said += f", in what begins in line {begun.line + 1}"
    lines = text.split("\n")
    return number + 1, f"this is no YAML: {said}; {_remedy(lines, number)}"


def _of_character(text: str, error: yaml.reader.ReaderError) -> Wrong:
    # The reader counts bytes or characters, as it was made; the first such character is the one.
    at = text.find(chr(error.character)) if isinstance(error.character, int) else -1
    line = text.count("\n", 0, at) + 1 if at >= 0 else 1
    named = f"U+{error.character:04X}" if at >= 0 else "a character"
    return line, f"this is no YAML: {named} may not stand in it; take it out"


def _remedy(lines: list[str], number: int) -> str:
    line = lines[min(number, len(lines) - 1)]
    # A blank that is none joins a line to the one before, so that the next one is found wrong.
    for at in (number, number - 1):
        for blank, name in _BLANKS.items():
            if 0 <= at < len(lines) and blank in lines[at]:
                return (
                    f"there is {name} in {'this line' if at == number else 'the line before'}; write blanks"
                )
    for character, (name, instead) in _LOOKING_ALIKE.items():
        if character in line:
            return f"{_LAYOUT}; there is {name} in this line, where YAML wants {instead}"
    return _LAYOUT
