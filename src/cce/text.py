"""A sentence in Korean and in English."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """The same sentence in both languages of every report.

    Examples
    --------
    >>> Text(ko="소유자가 root가 아님", en="The owner is not root.").en
    'The owner is not root.'
    """

    ko: str
    en: str
