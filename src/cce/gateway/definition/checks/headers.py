"""Headers that a definition sets: their names, which of them are not its to set and why, their values.

What API Gateway drops, replaces or renames (``x-amzn-Remapped-…``) is in "Amazon API Gateway important
notes", Developer Guide. Refused here, nothing differs between a native method, a relayed one and the local
server.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.gateway.definition.checks import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.yaml_file import Path, Problem

#: RFC 9110, 5.6.2.
TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")

#: RFC 9110, 5.5, without what only old servers send: visible ASCII, with blanks and tabs inside.
_VALUE: Final = re.compile(r"[\x20-\x7e\t]*")

_HOP: Final = "it is about one connection (RFC 9110, 7.6.1), not about the message"
_LENGTH: Final = "it is computed from the body"
_OURS: Final = "the gateway sets it itself"
_RENAMED: Final = "API Gateway would rename it to x-amzn-Remapped-… or replace it"

_BOTH: Final = {
    "connection": _HOP,
    "keep-alive": _HOP,
    "proxy-connection": _HOP,
    "proxy-authenticate": _HOP,
    "proxy-authorization": _HOP,
    "te": _HOP,
    "trailer": _HOP,
    "transfer-encoding": _HOP,
    "upgrade": _HOP,
    "via": "it names the proxies that a message passed, and API Gateway drops it",
    "content-length": _LENGTH,
    "expect": "API Gateway answers it itself",
    "max-forwards": "API Gateway drops it",
}
_CLIENT: Final = "it says who the client is, which the gateway knows and a definition does not"
#: Of requests to a backend.
ASKED: Final = {
    **_BOTH,
    "host": "it is that of the backend URL",
    "forwarded": _CLIENT,
    "x-forwarded-for": _CLIENT,
    "x-forwarded-host": _CLIENT,
    "x-forwarded-port": _CLIENT,
    "x-forwarded-proto": _CLIENT,
}
#: Of answers to a client, a backend's or a custom one.
ANSWER: Final = {
    **_BOTH,
    "authorization": _RENAMED,
    "content-encoding": "the body stays as it is, so no client could read it",
    "content-md5": _RENAMED,
    "date": _RENAMED,
    "host": _RENAMED,
    "server": _RENAMED,
    "user-agent": _RENAMED,
    "www-authenticate": _RENAMED,
    "x-request-id": _OURS,
}
#: Beginnings of names that are taken.
_TAKEN: Final = {"x-amzn-": "names that begin so are API Gateway's", "x-gw-": _OURS}


def problems_of(
    place: Path, given: Mapping[str, str], variables: Mapping[str, bool], refused: Mapping[str, str]
) -> Iterator[Problem]:
    """What is wrong with headers to set.

    Parameters
    ----------
    refused
        Names in lower case that may not be set, and why: :data:`ASKED` or :data:`ANSWER`.
    """
    seen: dict[str, str] = {}
    for name, value in given.items():
        here = (*place, name)
        if not TOKEN.fullmatch(name):
            yield here, f"{name!r} is no name of a header (RFC 9110): letters, digits and - are"
            continue
        lower = name.lower()
        if lower in seen:
            yield here, f"{seen[lower]} is the same header: names ignore case; keep one"
        seen.setdefault(lower, name)
        if why := refused.get(lower) or next((t for p, t in _TAKEN.items() if lower.startswith(p)), ""):
            yield here, f"{name} cannot be set: {why}; take it out"
        yield from _of_value(here, value, variables)


def _of_value(here: Path, value: str, variables: Mapping[str, bool]) -> Iterator[Problem]:
    if not value.strip(" \t"):
        yield here, "the value is empty; headers can be added and replaced, not deleted: write a value"
    elif any(char in value for char in "\r\n\0"):
        yield here, "the value holds a line break or NUL, which would begin another header; write one line"
    elif not _VALUE.fullmatch(value):
        yield (
            here,
            "the value holds characters that are not ASCII, which no header carries safely; encode them",
        )
    elif value != value.strip(" \t"):
        yield here, "the value has blanks around it, which get lost on the way; take them out"
    yield from texts.problems_of(here, value, variables)
