"""CORS: origins, methods and headers that a browser understands as they are meant (Fetch standard)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

from cce.gateway.definition.checks.headers import TOKEN
from cce.gateway.definition.model import Method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.definition.plugins import Cors
    from cce.yaml_file import Path, Problem

_METHODS: Final = get_args(Method)
_ORIGIN: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?"
)
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_LAST_PORT: Final = 65535


def problems_of(place: Path, cors: Cors) -> Iterator[Problem]:
    """What is wrong with a CORS plugin."""
    yield from _of_origins((*place, "allow_origins"), cors)
    for number, method in enumerate(cors.allow_methods):
        if method not in _METHODS:
            yield (
                (*place, "allow_methods", number),
                f"{method!r} is none of {', '.join(_METHODS)}; write them out, in capitals",
            )
    for field in ("allow_headers", "expose_headers"):
        for number, name in enumerate(getattr(cors, field)):
            if not TOKEN.fullmatch(name):
                yield (*place, field, number), f"{name!r} is no name of a header; write one name per entry"


def origin(text: str) -> str:
    """The one spelling of an origin, as browsers send it: small letters, no default port.

    Raises
    ------
    ValueError
        When it is none; the text says why and what to do.
    """
    if text == "null":
        raise ValueError(
            "null is the origin of files and sandboxes of every kind, so it proves nothing; only * covers it"
        )
    found = _ORIGIN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no origin; {_why_none(text)}")
    scheme, host, port = found["scheme"].lower(), found["host"].lower(), found["port"]
    if port and not 1 <= int(port) <= _LAST_PORT:
        raise ValueError(f"{port} is no port; write 1 to {_LAST_PORT}")
    if port is None or str(int(port)) == _DEFAULT_PORTS.get(scheme):
        return f"{scheme}://{host}"
    return f"{scheme}://{host}:{int(port)}"


def _of_origins(place: Path, cors: Cors) -> Iterator[Problem]:
    if "*" in cors.allow_origins:
        if cors.allow_credentials:
            why = "* with allow_credentials would let every site act as the user, and browsers refuse it"
            yield place, f"{why}; name the origins"
        if set(cors.allow_origins) != {"*"}:
            yield place, "* covers every origin; write it alone, or take it out"
    seen: dict[str, str] = {}
    for number, text in enumerate(cors.allow_origins):
        try:
            spelling = "*" if text == "*" else origin(text)
        except ValueError as error:
            yield (*place, number), str(error)
            continue
        if spelling in seen:
            yield (*place, number), f"{seen[spelling]} is the same origin; keep one"
        seen.setdefault(spelling, text)


def _why_none(text: str) -> str:
    if "*" in text:
        return "a part of a name cannot be *: write every origin, or * alone"
    if "," in text:
        return "write one origin per entry of the list"
    scheme, mark, rest = text.partition("://")
    if not mark:
        return f"it lacks the scheme: write https://{text}"
    if "@" in rest:
        return "it holds a user, which no browser sends; write scheme://host[:port]"
    if "/" in rest or "?" in rest or "#" in rest:
        return f"it ends with the host and its port: write {scheme}://{re.split('[/?#]', rest)[0]}"
    return "write scheme://host[:port]; names that are not ASCII in their xn-- form"
