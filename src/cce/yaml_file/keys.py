"""The keys that a file may have at a place, by the JSON schema of its kind."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.yaml_file.places import Path


def no_such_key(schema: Mapping[str, Any], path: Path) -> str:
    """Say that a key is none, which one was probably meant, and which there are.

    Parameters
    ----------
    path
        The place of the key; it ends with the key itself.
    """
    known = _keys(schema, path[:-1])
    close = get_close_matches(str(path[-1]), known, 1)
    meant = f"did you mean {close[0]}? There are" if close else "there are"
    return f"there is no such key here; {meant}: {', '.join(known)}"


def _keys(schema: Mapping[str, Any], path: Path) -> list[str]:
    node = _meant(schema, schema)
    for part in path:
        below = node.get("properties", {}).get(part) if isinstance(part, str) else node.get("items")
        node = _meant(schema, below if below is not None else node.get("additionalProperties", {}))
    return list(node.get("properties", {}))


def _meant(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node that a reference or a choice with null leads to."""
    for each in (node, *node.get("anyOf", ())):
        if name := each.get("$ref", "").rpartition("/")[2]:
            found: Mapping[str, Any] = schema["$defs"][name]
            return found
    return node
