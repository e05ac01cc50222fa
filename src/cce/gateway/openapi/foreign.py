"""A definition from somebody else's OpenAPI 3 or Swagger 2.0 document.

Paths, methods, their names and descriptions become methods that pass requests on; servers become the backends
of stages. Everything else is named in the notes: the gateway neither checks nor changes what it passes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, get_args

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.mended import validate
from cce.gateway.definition.model import Method
from cce.gateway.openapi.paths import Paths
from cce.gateway.openapi.servers import stages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cce.gateway.definition.model import Definition

    _Json = Mapping[str, Any]

#: Longest name of a method or service, and longest description, as the model has them.
_NAME: Final = 50
_DESCRIPTION: Final = 200
_READ: Final = frozenset({"openapi", "swagger", "info", "paths", "servers", "host", "basePath", "schemes"})
_METHODS: Final = {method.lower(): method for method in get_args(Method)}


@dataclass(slots=True)
class Notes:
    """What could not be carried over, one sentence each."""

    said: list[str] = field(default_factory=list)

    def left_out(self, place: str, names: Iterable[object], why: str = "") -> None:
        """Note parts of the document that have no counterpart."""
        if shown := ", ".join(sorted(map(str, names))):
            self.said.append(f"{place}: not carried over: {shown}{f' ({why})' if why else ''}")

    def cut(self, place: str, what: str, text: object, limit: int) -> str:
        """A text on one line, cut to what we allow; if it was cut, that is noted."""
        whole = " ".join(text.split()) if isinstance(text, str) else ""
        if len(whole) > limit:
            self.said.append(f"{place}: {what} cut to {limit} characters: {whole}")
        return whole[:limit].rstrip()


def from_foreign(
    document: Mapping[str, Any], name: str, stage_backend: str | None = None
) -> tuple[Definition, tuple[str, ...]]:
    """The definition that a document comes to, and what of the document it does not hold.

    Parameters
    ----------
    name
        What the document is called in messages.
    stage_backend
        Backend URL of the default stage, in place of the document's servers.

    Raises
    ------
    GatewayDefinitionError
        When the document has no path that could be carried over.
    """
    notes = Notes()
    info = _mapping(document.get("info"))
    service = {
        "name": notes.cut("info", "title", info.get("title"), _NAME) or "imported",
        "description": notes.cut("info", "description", info.get("description"), _DESCRIPTION),
        "resources": _resources(_mapping(document.get("paths")), notes),
        "stages": stages_of(document, stage_backend, notes),
    }
    notes.left_out("info", set(info) - {"title", "description"})
    notes.left_out("the document", set(document) - _READ, "the gateway passes requests and answers on unread")
    if not service["resources"]:
        raise GatewayDefinitionError(f"{name}:1: it has no path that could be carried over", *notes.said)
    return validate({"gateway": 1, "services": [service]}), tuple(notes.said)


def _resources(given: _Json, notes: Notes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    paths = Paths(notes.said)
    for text, item in given.items():
        if text.startswith("x-"):
            notes.left_out("paths", [text])
        elif (path := paths.read(text)) is not None:
            methods = {
                _METHODS[key]: _method(f"{_METHODS[key]} {text}", _mapping(operation), path.backend, notes)
                for key, operation in _mapping(item).items()
                if key in _METHODS
            }
            notes.left_out(text, set(_mapping(item)) - set(_METHODS))
            found[path.text] = {"methods": methods}
    return found


def _method(place: str, operation: _Json, backend: str, notes: Notes) -> dict[str, Any]:
    named_by = "summary" if operation.get("summary") else "operationId"
    notes.left_out(place, set(operation) - {named_by, "description"})
    return {
        "name": notes.cut(place, named_by, operation.get(named_by), _NAME),
        "description": notes.cut(place, "description", operation.get("description"), _DESCRIPTION),
        "backend": {"http": {"path": backend}},
    }


def _mapping(value: object) -> _Json:
    return value if isinstance(value, dict) else {}
