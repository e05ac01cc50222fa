"""Text from servers made safe to show: file names and file contents are an attacker's to choose."""

from __future__ import annotations

import json
from typing import Final

from cce.text import visible


def visible_value(text: str) -> str:
    """Make a value that was read visible: as :func:`visible`, but TAB, which files align with, is a blank."""
    return visible(text.replace("\t", " "))


#: A cell that begins with one of these is a formula to Excel, LibreOffice or Google Sheets.
_FORMULA: Final = tuple("=+-@\t\r\n|%＝＋－＠")

#: Excel holds 32,767 characters in a cell and drops the rest silently.
CELL_LIMIT: Final = 32_000


def cell(text: str) -> str:
    """Make ``text`` safe as a spreadsheet cell: visible, not a formula, not longer than a cell holds.

    A cell that would be read as a formula gets an apostrophe in front, which spreadsheets take as
    "this is text".
    """
    shown = visible(text)
    if len(shown) > CELL_LIMIT:
        shown = f"{shown[:CELL_LIMIT]} … ({len(shown) - CELL_LIMIT} more characters)"
    is_formula = text.startswith(_FORMULA) or shown.lstrip().startswith(_FORMULA)
    return f"'{shown}" if is_formula else shown


def to_json(value: object, *, indent: int | None = 2) -> str:
    r"""Write JSON readable as UTF-8, with hidden characters as ``\uXXXX`` so that a terminal shows them.

    The values stay exactly what they are: a JSON reader gets every character back.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if all(line.isprintable() for line in text.split("\n")):
        return text
    # json escaped C0 itself, so the line feeds left are the layout's.
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
