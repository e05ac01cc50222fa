"""Methods: exactly one backend each, and what may stand in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.gateway.definition.checks import headers, texts, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.gateway.definition.model import Backend, CustomResponse, Service
    from cce.yaml_file import Path, Problem

#: RFC 9110: an answer with one of these has no body.
_BODILESS: Final = frozenset({204, 205, 304})

#: What a path may hold (RFC 3986, 3.3); everything else stands there percent-encoded.
_PATH: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
_DOTS: Final = re.compile(r"(?:^|/)(?:\.|%2[eE]){1,2}(?:/|$)")


def problems_of(place: Path, service: Service) -> Iterator[Problem]:
    """What is wrong with the methods of a service."""
    for text, template in tree.parsed(service.resources).items():
        for method, definition in service.resources[text].methods.items():
            here = (*place, "resources", text, "methods", method, "backend")
            yield from _of_backend(here, definition.backend, template.variables)


def _of_backend(place: Path, backend: Backend, variables: Mapping[str, bool]) -> Iterator[Problem]:
    given = [kind for kind, value in backend if value is not None]
    if len(given) != 1:
        what = f"{' and '.join(given)} are given" if given else "nothing is given"
        yield place, f"{what}; a method has exactly one backend: keep one of http, custom and function"
    if backend.http is not None:
        yield from _of_path((*place, "http", "path"), backend.http.path, variables)
    if backend.custom is not None:
        yield from _of_answer((*place, "custom"), backend.custom, variables)


def _of_path(place: Path, path: str, variables: Mapping[str, bool]) -> Iterator[Problem]:
    if not path.startswith("/"):
        yield place, f"{path!r} must begin with /: it follows the stage's backend URL"
        return
    if path.startswith("//"):
        yield place, f"{path!r} begins with //, which names another host; write one /"
        return
    value = texts.read(path, variables)
    if isinstance(value, str):
        yield place, value
        return
    static = "".join(part for part in value.parts if isinstance(part, str))
    if wrong := _wrong_in(static):
        yield place, wrong


def _wrong_in(static: str) -> str:
    for mark, name in (("?", "query"), ("#", "fragment")):
        if mark in static:
            return f"it holds a {name} ({mark}); the client's query is passed on, so write the path alone"
    if "{" in static or "}" in static:
        return "a variable is written ${request.path.NAME} here, or ${request.path.NAME+} for {NAME+}"
    if _DOTS.search(static):
        return "it holds . or .. as a segment, which backends read differently; write the path that is meant"
    if not _PATH.fullmatch(static):
        return f"{static[_end(static)]!r} cannot stand in a path; write it percent-encoded"
    return ""


def _end(static: str) -> int:
    found = _PATH.match(static)
    return found.end() if found else 0


def _of_answer(place: Path, answer: CustomResponse, variables: Mapping[str, bool]) -> Iterator[Problem]:
    yield from headers.problems_of((*place, "headers"), answer.headers, variables, headers.ANSWER)
    yield from texts.problems_of((*place, "body"), answer.body, variables)
    if answer.body and answer.status in _BODILESS:
        why = f"an answer with status {answer.status} has no body (RFC 9110)"
        yield (*place, "body"), f"{why}; take it out or write another status"
