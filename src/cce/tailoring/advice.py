"""What to write instead of a value that a tailoring may not have, by pydantic's kind of error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.yaml_file.advice import absent, remedy_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SWITCH: Final = "write it as a mapping, {value: …, reason: …} for a switch"
_REMEDY: Final = {
    "model_type": _SWITCH,
    "model_attributes_type": _SWITCH,
    "extra_forbidden": "there is no such key; see docs/tailoring.md",
    "string_pattern_mismatch": "an account id is twelve digits in quotes",
}
_NEEDED: Final = {
    "reason": "every deviation from the guide needs a reason",
    "tailoring": "give the tailoring a name, which every report shows",
    "value": "write the value of the switch: {value: …, reason: …}",
    "path": "write the path that is accepted: {path: …, reason: …}",
    "match": 'say for which servers: match: {accounts: ["222222222222"]} or match: {tags: {Role: [web]}}',
}


def advice(problem: ErrorDetails) -> str:
    """Say what to write at the place of the problem instead."""
    if problem["type"] == "model_type" and not problem["loc"]:
        return "a tailoring is a mapping that begins with tailoring: NAME"
    return absent(problem, _NEEDED) or remedy_of(problem, _REMEDY)
