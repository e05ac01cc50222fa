"""Servers of a foreign document as stages: the first is the default stage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.gateway.openapi.foreign import Notes

#: Stages of a service, as the model has it.
_MOST: Final = 10
_DESCRIPTION: Final = 200


def stages_of(document: Mapping[str, Any], backend: str | None, notes: Notes) -> list[dict[str, Any]]:
    """The stages that a document's servers come to, or the default stage with the backend that is given."""
    servers = list(_servers(document, notes))
    if backend is not None:
        notes.left_out("servers", (url for url, _ in servers), "--stage-backend takes their place")
        return [{"backend": backend}]
    if not servers:
        notes.said.append("servers: none with a full URL, so there is no stage; add one, or --stage-backend")
    notes.left_out("servers", (url for url, _ in servers[_MOST:]), f"a service has at most {_MOST} stages")
    return [
        {
            "name": f"server{number + 1}" if number else "",
            "description": notes.cut(f"server {url}", "description", description, _DESCRIPTION),
            "backend": url,
        }
        for number, (url, description) in enumerate(servers[:_MOST])
    ]


def _servers(document: Mapping[str, Any], notes: Notes) -> Iterator[tuple[str, object]]:
    given = _of_swagger(document) if "host" in document else document.get("servers")
    for server in given if isinstance(given, list) else ():
        if not isinstance(server, dict) or not isinstance(server.get("url"), str):
            continue
        url = _filled(server["url"], server.get("variables"), notes)
        if url.startswith(("http://", "https://")):
            yield url.rstrip("/"), server.get("description")
        else:
            notes.said.append(f"servers: {url} names no host, so it is no backend")


def _of_swagger(document: Mapping[str, Any]) -> list[dict[str, str]]:
    schemes = document.get("schemes")
    base = document.get("basePath") or ""
    return [
        {"url": f"{scheme}://{document['host']}{base}"}
        for scheme in (schemes if isinstance(schemes, list) and schemes else ["https"])
    ]


def _filled(url: str, variables: object, notes: Notes) -> str:
    """The URL with the defaults of its variables."""
    known = variables if isinstance(variables, dict) else {}

    def default(found: re.Match[str]) -> str:
        variable = known.get(found[1])
        value = variable.get("default") if isinstance(variable, dict) else None
        if not isinstance(value, str):
            return found[0]
        notes.said.append(f"server {url}: {found[0]} is {value} here, its default")
        return value

    return re.sub(r"\{([^{}]*)\}", default, url)
