"""The one form of dates that ``x-nhn-date`` may have."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

#: ``datetime.fromisoformat`` also takes week dates, fractions, the basic form and dates without a zone.
_FORM: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII
)


def parse(text: str) -> datetime | None:
    """Read ``YYYY-MM-DDThh:mm:ss`` with ``Z`` or ``±hh:mm``; ``None`` for everything else.

    Examples
    --------
    >>> parse("2021-02-23T00:00:00+09:00").isoformat()
    '2021-02-23T00:00:00+09:00'
    >>> parse("2021-02-23T00:00:00")
    """
    found = _FORM.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    sign, hours, minutes = found.groups()[6:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:  # 30 February, 24:00:00, a leap second
        return None


def written(moment: datetime) -> str:
    """A moment as a client writes it, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
