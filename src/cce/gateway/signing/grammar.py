r"""Reads ``Authorization: hmac algorithm="…", headers="…", signature="…"``.

Blanks around commas and ``=`` are fine (NHN's own sample has one before a comma), the order is free, and
``headers`` may be missing. Everything else is refused: what two parsers could read in two ways is an attack.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from cce.gateway.signing.reasons import Reason, Refused
from cce.text import visible

#: API Gateway takes 10,240 bytes of all headers together.
LIMIT: Final = 10_240

#: Characters that the names of schemes have less than, and signatures more.
LONGEST_SCHEME: Final = 20

#: No two neighbours share a character, so this never goes back: the time is linear.
_PARAMETER: Final = re.compile(r'[ \t]*([A-Za-z]+)[ \t]*=[ \t]*"([^"]*)"[ \t]*')

#: What stands between the values as our client writes them. Reading any other way takes three times as long.
_USUAL: Final = ["hmac algorithm=", ", headers=", ", signature=", ""]
_UNTIL_BLANK: Final = re.compile(r"[^ \t]+")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_NAMES: Final = frozenset({"algorithm", "headers", "signature"})
_BLANKS: Final = " \t"


class MalformedError(Exception):
    """The header cannot be read; ``refused`` says why."""

    def __init__(self, detail: str, reason: Reason = Reason.INVALID) -> None:
        super().__init__(detail)
        self.refused = Refused(reason, detail)


class Authorization(NamedTuple):
    """What the header claims; empty texts stand for what is missing. Names of headers are in lower case."""

    algorithm: str = ""
    headers: tuple[str, ...] = ()
    signature: str = ""

    def __repr__(self) -> str:
        """Without the signature: logs may show it."""
        return f"Authorization(algorithm={self.algorithm!r}, headers={self.headers!r})"


def is_token(text: str) -> bool:
    """Whether the text can be the name of a header (RFC 9110, 5.6.2)."""
    return _TOKEN.fullmatch(text) is not None


def parse(text: str) -> Authorization:
    """Read the value of the header.

    Raises
    ------
    MalformedError
        When it cannot be read, or in more than one way.
    """
    if len(text) > LIMIT:
        raise MalformedError(f"Authorization has {len(text)} characters, more than {LIMIT}")
    parts = text.split('"')
    if parts[::2] == _USUAL and not parts[7:]:  # else one quote more
        algorithm, headers, signature = parts[1::2]
        return Authorization(algorithm, _names(headers), signature)
    scheme, rest = _split(text.strip(_BLANKS))
    if scheme.lower() != "hmac":
        # The header's old form is the signature alone: what may be one is not shown.
        name = shown(scheme) if scheme.isalpha() and len(scheme) < LONGEST_SCHEME else "another"
        raise MalformedError(f"the scheme is {name}, not hmac", Reason.SCHEME)
    parameters = _parameters(rest)
    return Authorization(
        parameters.get("algorithm", ""),
        _names(parameters.get("headers", "")),
        parameters.get("signature", ""),
    )


def shown(text: str) -> str:
    """A name or a date that was sent, as a log may show it: short, and nothing that moves the cursor."""
    short = text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - what a line of a log has room for
    return f"'{visible(short)}'"


def _split(text: str) -> tuple[str, str]:
    scheme = _UNTIL_BLANK.match(text)
    return (scheme[0], text[scheme.end() :]) if scheme else ("", text)


def _parameters(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    place, more = 0, bool(text.strip(_BLANKS))
    while more:
        match = _PARAMETER.match(text, place)
        if not match:
            raise MalformedError('a parameter is not of the form name="value"')
        name, place = match[1].lower(), match.end()
        if name not in _NAMES or name in found:
            fault = "given twice" if name in found else "unknown"
            raise MalformedError(f"the parameter {shown(name)} is {fault}")
        found[name] = match[2]
        more = place < len(text)
        if more and text[place] != ",":
            raise MalformedError("parameters are not separated by commas")
        place += 1
    return found


@lru_cache(maxsize=256)  # each client signs the same ones again and again
def _names(text: str) -> tuple[str, ...]:
    if not text.strip(_BLANKS):
        return ()
    names = tuple([name.strip(_BLANKS).lower() for name in text.split(",")])
    if wrong := [name for name in names if not is_token(name)]:
        raise MalformedError(f"headers= holds {shown(wrong[0])}; it is a list of names separated by commas")
    if len(set(names)) < len(names):
        raise MalformedError("headers= names a header twice")
    if "authorization" in names:
        raise MalformedError("headers= names authorization, which cannot sign itself")
    return names
