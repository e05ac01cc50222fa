"""The backend's URL of a request: the stage's or method's base, the backend path, the query.

What the client percent-encoded arrives at the backend as the client wrote it, with its digits in capitals:
that means the same (RFC 3986, 6.2.2.1), and urllib3 writes them so whatever it is given. No variable leads
out of the path that the definition names: ``..`` as a whole segment is refused, however it is encoded, and
so is what no URL can hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

from cce.gateway import values

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What may stand in a path or query without being encoded (RFC 3986), and the sign of what is.
_PATH_SAFE: Final = "-._~!$&'()*+,;=:@/%"
_QUERY_SAFE: Final = _PATH_SAFE + "?"
_LEGAL_PATH: Final = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*", re.ASCII)
_LEGAL_QUERY: Final = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/%?]*", re.ASCII)
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")

#: Where a decoded path has segments for one server or another: IIS also cuts at a backslash.
_SEPARATORS: Final = re.compile(rb"[/\\]")
_DOTS: Final = frozenset({b".", b".."})
_PORTS: Final = {"http": 80, "https": 443}


class InvalidUriError(Exception):
    """The request's variables do not make a path of the backend; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Base:
    """A backend URL, taken apart. ``origin`` names the backend service: scheme, host and port."""

    origin: str
    path: str

    @classmethod
    def of(cls, url: str) -> Base:
        """Read a backend URL that the definition's checks let through."""
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = parts.port or _PORTS[parts.scheme]
        return cls(f"{parts.scheme}://{host}:{port}", parts.path.rstrip("/"))


class BackendUrl:
    """Makes the URLs of one route.

    Parameters
    ----------
    url
        The URL that the path is appended to, with exactly one ``/`` between them.
    path
        The backend path of the definition; it may name path variables.
    variables
        What the resource's path declares.
    """

    def __init__(self, url: str, path: str, variables: Mapping[str, bool]) -> None:
        self.base = Base.of(url)
        self._path = values.parse(f"{self.base.path}/{path.lstrip('/')}", variables)

    def of(self, given: Mapping[str, str], query: str) -> str:
        """The URL for the values of the path variables, which are percent-encoded as the client wrote them.

        Raises
        ------
        InvalidUriError
            When they do not make a path, or one that leads elsewhere.
        """
        path = self._path.render(given)
        if not _LEGAL_PATH.fullmatch(path):
            path = _encoded(path, _PATH_SAFE)
        _check(path)
        target = path
        if query:
            legal = query if _LEGAL_QUERY.fullmatch(query) else _encoded(query, _QUERY_SAFE)
            target = f"{path}?{legal}"
        if "%" in target:
            target = _ENCODED.sub(_in_capitals, target)
        return self.base.origin + target


def _in_capitals(found: re.Match[str]) -> str:
    return found[0].upper()


def _encoded(text: str, safe: str) -> str:
    return quote(text, safe=safe, errors="surrogateescape")


def _check(path: str) -> None:
    if "%" not in path:
        plain = path.encode()
    elif _STRAY_PERCENT.search(path):
        raise InvalidUriError("a % in the path is followed by no two hexadecimal digits")
    else:
        plain = unquote_to_bytes(path)
        if _CONTROL.search(plain):
            raise InvalidUriError("the path holds a control character")
    # Some servers (Tomcat) drop what follows a semicolon before they look for dots.
    if b"." in plain and any(part.partition(b";")[0] in _DOTS for part in _SEPARATORS.split(plain)):
        raise InvalidUriError("a segment of the path is . or ..")
