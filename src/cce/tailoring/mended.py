"""A tailoring of wrong form with what is wrong left out, so that the rest is checked in the same go."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from cce.tailoring.model import Tailoring
from cce.yaml_file.mended import mended as mended_file

if TYPE_CHECKING:
    from pydantic import ValidationError

    from cce.yaml_file import Document, Path

_MATCH: Final = {"accounts": ["000000000000"]}
_OVERLAY: Final = {"match": _MATCH, "policy": {"unused_service": {"value": "good", "reason": "-"}}}
#: How many parts of a path name one setting: ``policy.SWITCH``, ``items.BENCHMARK.ITEM``.
_SETTING: Final = {"policy": 2, "items": 3}


def mended(document: Document, error: ValidationError) -> Tailoring | None:
    """The tailoring without the settings that pydantic complains about; ``None`` if that is none either.

    A reason that is missing or empty is filled in: the value beside it can still be checked.
    """
    return mended_file(document, error, Tailoring.model_validate, _leave_out)


def _leave_out(value: Any, path: Path) -> None:  # noqa: ANN401 - whatever YAML holds
    if path[:1] == ("overlays",) and len(path) > 1:
        _of_overlay(value["overlays"], path)
    elif path[-1:] == ("tailoring",):
        value["tailoring"] = "-"
    elif path:
        _of_layer(value, path)


def _of_overlay(overlays: Any, path: Path) -> None:  # noqa: ANN401
    number, rest = path[1], path[2:]
    if not rest:
        overlays[number] = copy.deepcopy(_OVERLAY)
    elif rest[0] == "match":
        overlays[number]["match"] = copy.deepcopy(_MATCH)
    else:
        _of_layer(overlays[number], rest)


def _of_layer(layer: Any, path: Path) -> None:  # noqa: ANN401
    reason = path[-1] == "reason"
    kept = path if reason else path[: _SETTING.get(str(path[0]), 1)]
    for part in kept[:-1]:
        layer = layer[part]
    if reason:
        layer["reason"] = "-"
    else:
        del layer[kept[-1]]
