"""What to write instead of a value that a tailoring may not have, by pydantic's kind of error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SWITCH: Final = "write it as a mapping, {value: …, reason: …} for a switch"
_NUMBER: Final = "write a whole number, without quotes"
#: A text in braces stands for what pydantic says about the limit.
_REMEDY: Final = {
    "model_type": _SWITCH,
    "model_attributes_type": _SWITCH,
    "extra_forbidden": "there is no such key; see docs/tailoring.md",
    "string_type": "it must be text: write it in quotes",
    "string_pattern_mismatch": "an account id is twelve digits in quotes",
    "string_too_long": "it is too long: write at most {max_length} characters",
    "tuple_type": "write it as a list: [a, b]",
    "list_type": "write it as a list: [a, b]",
    "too_long": "there are too many: write at most {max_length}",
    "dict_type": "write it as a mapping: {{key: …}}",
    "int_parsing": _NUMBER,
    "int_type": _NUMBER,
    "int_from_float": _NUMBER,
    "int_parsing_size": _NUMBER,
    "bool_type": "write true or false, without quotes",
    "bool_parsing": "write true or false, without quotes",
    "literal_error": "write {expected}",
    "greater_than_equal": "write {ge} or more",
    "greater_than": "write more than {gt}",
    "less_than_equal": "write {le} or less",
    "less_than": "write less than {lt}",
}
_REASON: Final = "every deviation from the guide needs a reason"
_NAME: Final = "give the tailoring a name, which every report shows"
_NEEDED: Final = {
    "reason": _REASON,
    "tailoring": _NAME,
    "value": "write the value of the switch: {value: …, reason: …}",
    "path": "write the path that is accepted: {path: …, reason: …}",
    "match": 'say for which servers: match: {accounts: ["222222222222"]} or match: {tags: {Role: [web]}}',
}


def advice(problem: ErrorDetails) -> str:
    """Say what to write at the place of the problem instead."""
    kind, loc = problem["type"], problem["loc"]
    key = str(loc[-1]) if loc else ""
    if kind in {"missing", "string_too_short"}:
        state = "it is missing" if kind == "missing" else "it is empty"
        return f"{state}: {_NEEDED.get(key, f'write {key}: …')}"
    if kind == "model_type" and not loc:
        return "a tailoring is a mapping that begins with tailoring: NAME"
    remedy = _REMEDY.get(kind, "")
    if remedy not in {_SWITCH, ""}:
        remedy = remedy.format(**problem.get("ctx", {}))
    return f"{remedy or problem['msg'].removeprefix('Value error, ')} (got {_got(problem['input'])})"


def _got(value: Any) -> str:  # noqa: ANN401 - whatever the file holds
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"  # noqa: PLR2004 - what a line has room for
