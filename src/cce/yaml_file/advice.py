"""What to write instead of a value that a file may not have, by pydantic's kind of error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

_NUMBER: Final = "write a whole number, without quotes"
_SWITCH: Final = "write true or false, without quotes"
_DECIMAL: Final = "write a number, without quotes and without its unit"
_LIST: Final = "write it as a list: [a, b], or each entry behind a - on a line of its own"
#: A text in braces stands for what pydantic says about the limit.
_REMEDY: Final = {
    "string_type": "it must be text: write it in quotes",
    "string_too_long": "it is too long: write at most {max_length} characters",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_long": "there are too many: write at most {max_length}",
    "dict_type": "write it as a mapping: {{key: …}}",
    "int_parsing": _NUMBER,
    "int_type": _NUMBER,
    "int_from_float": _NUMBER,
    "int_parsing_size": _NUMBER,
    "float_type": _DECIMAL,
    "float_parsing": _DECIMAL,
    "finite_number": _DECIMAL,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "literal_error": "write {expected}",
    "greater_than_equal": "write {ge} or more",
    "greater_than": "write more than {gt}",
    "less_than_equal": "write {le} or less",
    "less_than": "write less than {lt}",
}


def remedy_of(problem: ErrorDetails, own: Mapping[str, str], *, secret: bool = False) -> str:
    """Say what to write instead, and what is there.

    Parameters
    ----------
    own
        Remedies of this kind of file by pydantic's kind of error; they win over those of every file.
    secret
        Whether what is there may be a secret, and is not shown.
    """
    kind = problem["type"]
    remedy = own.get(kind) or _REMEDY.get(kind, "").format(**problem.get("ctx", {}))
    said = remedy or problem["msg"].removeprefix("Value error, ")
    if problem["input"] is None and kind != "extra_forbidden":
        return f"nothing is written here: {said}"
    return said if secret else f"{said} (got {_got(problem['input'])})"


def absent(problem: ErrorDetails, needed: Mapping[str, str]) -> str | None:
    """What to write where something is missing or empty; ``None`` when the problem is another.

    Parameters
    ----------
    needed
        What to write, by key.
    """
    if problem["type"] not in {"missing", "string_too_short"}:
        return None
    key = str(problem["loc"][-1])
    state = "it is missing" if problem["type"] == "missing" else "it is empty"
    return f"{state}: {needed.get(key, f'write {key}: …')}"


def _got(value: Any) -> str:  # noqa: ANN401 - whatever the file holds
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"  # noqa: PLR2004 - what a line has room for
