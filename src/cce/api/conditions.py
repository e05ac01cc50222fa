"""``If-Match`` and ``If-None-Match``: a write says what it believes to replace (RFC 9110, section 13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from cce.api.problems import Problem, malformed

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e]*"'
_LIST: Final = rf"\s*{_TAG}(?:\s*,\s*{_TAG})*\s*"
_TAGS: Final = re.compile(_LIST)

#: More than anybody has to say of one server: 16 tags.
LONGEST: Final = 1600

#: What the headers may hold: any record, or tags. A write's ``If-None-Match`` holds only the former.
ANY: Final = r"^\s*\*\s*$"
ANY_OR_TAGS: Final = rf"^(?:\s*\*\s*|{_LIST})$"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be true of the stored record for a write to happen.

    ``tags`` are the ETags of which it must have one; empty with ``exists`` true means any record. With
    ``exists`` false there must be none.
    """

    exists: bool
    tags: tuple[str, ...] = ()

    def holds(self, stored: str | None) -> bool:
        """Whether a record with that ETag, or none, may be replaced."""
        if stored is None or not self.exists:
            return (stored is not None) is self.exists
        return not self.tags or stored in self.tags


def write_condition(if_match: str | None, if_none_match: str | None) -> Condition:
    """Read the headers of a write.

    Raises
    ------
    Problem
        428 when there is none: a blind write could undo somebody's change. 400 when one is malformed.
    """
    if if_match is not None and if_none_match is not None:
        raise malformed("If-Match", "give If-Match to change a record or If-None-Match to create one")
    if if_none_match is not None:
        if if_none_match.strip() != "*":
            raise malformed("If-None-Match", "a write takes only *")
        return Condition(exists=False)
    if if_match is None:
        detail = "Send If-Match with the ETag that GET answered, or If-None-Match: * for a new server."
        raise Problem(HTTPStatus.PRECONDITION_REQUIRED, "precondition-required", detail)
    if if_match.strip() == "*":
        return Condition(exists=True)
    # A weak tag never matches a write; one that cannot match stands for them, as no tag would mean any.
    tags = tuple(tag for tag in _read("If-Match", if_match) if not tag.startswith("W/"))
    return Condition(exists=True, tags=tags or ('"weak"',))


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller of a GET has the record already."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag in {tag.removeprefix("W/") for tag in _read("If-None-Match", if_none_match)}


def _read(header: str, text: str) -> list[str]:
    if len(text) > LONGEST or not _TAGS.fullmatch(text):
        raise malformed(header, 'is no list of ETags, such as "0a1b2c"')
    return re.findall(_TAG, text)
