"""The one form of dates that ``x-nhn-date`` may have."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

#: ``datetime.fromisoformat`` alone also takes week dates, fractions, the basic form and dates without a zone.
_FORM: Final = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)


@lru_cache(maxsize=256)  # the requests of one second have the same
def parse(text: str) -> datetime | None:
    """Read ``YYYY-MM-DDThh:mm:ss`` with ``Z`` or ``±hh:mm``; ``None`` for everything else.

    Examples
    --------
    >>> parse("2021-02-23T00:00:00+09:00").isoformat()
    '2021-02-23T00:00:00+09:00'
    >>> parse("2021-02-23T00:00:00")
    """
    if not _FORM.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # 30 February
        return None


def written(moment: datetime) -> str:
    """A moment as a client writes it, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
