r"""The string that client and server sign.

``METHOD \n path?query \n x-nhn-date`` and, for each listed header that the request has, ``\n name:value``;
nothing behind the last line. That there is no newline at the end is proved by a signature of NHN's old guide
(tests/data/hmac_vectors.json, V00).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cce.gateway.message import Headers

DATE: Final = "x-nhn-date"

#: Line breaks of a string without headers: behind the method and behind the target.
_BREAKS: Final = 2

Lines = tuple[tuple[str, str], ...]


def target(path: str, query: str) -> str:
    """The path with its query, if there is one."""
    return f"{path}?{query}" if query else path


def lines(headers: Headers, names: Iterable[str]) -> Lines:
    """The lines of the listed headers, in the list's order: names in lower case, values joined by a comma.

    A listed header that the request lacks has no line.
    """
    return lines_of(headers.table(), [name.lower() for name in names])


def lines_of(there: Mapping[str, Sequence[str]], names: Iterable[str]) -> Lines:
    """The same of :meth:`~cce.gateway.message.Headers.table` and names in lower case."""
    return tuple(
        [(name, ",".join([value.strip(" \t") for value in there[name]])) for name in names if name in there]
    )


def string_to_sign(method: str, signed_target: str, date: str, header_lines: Lines) -> str:
    """Put the parts together, as they are."""
    return "\n".join((method, signed_target, date, *[f"{name}:{value}" for name, value in header_lines]))


def is_ambiguous(text: str, header_lines: Lines) -> bool:
    """Whether a part of a string to sign holds a line break: another request would have the same string.

    No HTTP server hands on such a part; this is for what did not come by one.
    """
    return text.count("\n") > _BREAKS + len(header_lines) or "\r" in text
