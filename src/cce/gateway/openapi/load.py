"""Reads an OpenAPI or Swagger document, in JSON or YAML, and makes a definition of it."""

from __future__ import annotations

import json
from typing import Any, Final

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.write import to_yaml
from cce.gateway.openapi.export import MARK
from cce.gateway.openapi.foreign import from_foreign
from cce.gateway.openapi.own import from_own
from cce.yaml_file import Kind, read_yaml

LIMIT: Final = 10 * 1024 * 1024

KIND: Final = Kind(
    called="an OpenAPI document",
    error=GatewayDefinitionError,
    limit=LIMIT,
    if_empty="it must hold an OpenAPI 3 or Swagger 2.0 document",
    deepest=100,
)


def definition_text(body: bytes, name: str, stage_backend: str | None = None) -> str:
    """The definition file that a document comes to; comments at its top name what it does not hold.

    Parameters
    ----------
    name
        What the document is called in messages and comments.
    stage_backend
        Backend URL of the default stage, in place of the document's servers.

    Raises
    ------
    GatewayDefinitionError
        When it is no such document, or nothing of it could be carried over.
    """
    document = _read(body, name)
    if not isinstance(document, dict) or not _known(document):
        raise GatewayDefinitionError(
            f"{name}:1: it is neither OpenAPI 3 nor Swagger 2.0; the gateway reads those"
        )
    if MARK in document and stage_backend is None:
        return to_yaml(from_own(document, name), (f"Made of {name}.",))
    definition, notes = from_foreign(document, name, stage_backend)
    return to_yaml(
        definition, (f"Made of {name}. What this file does not hold of it:", *(notes or ("nothing",)))
    )


def _read(body: bytes, name: str) -> Any:  # noqa: ANN401 - whatever it holds
    """The document. JSON is nearly YAML, but for the escapes of characters beyond U+FFFF."""
    try:
        document = json.loads(body[: LIMIT + 1])
        json.dumps(document, ensure_ascii=False).encode()  # half of such a pair is no text
    except (ValueError, RecursionError):
        return read_yaml(body, name, KIND).value
    return document


def _known(document: dict[str, object]) -> bool:
    version = str(document.get("openapi", document.get("swagger", "")))
    return version == "2.0" or version.startswith("3.")
