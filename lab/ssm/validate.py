"""Checks a request against botocore's own model of SSM: lengths, ranges, patterns, enumerations.

The client checks types and required members only; the service checks the rest, in these words.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import botocore.session

from lab.ssm.errors import SsmError, validation


@functools.cache
def _model() -> Any:  # noqa: ANN401 - botocore has no types here
    return botocore.session.get_session().get_service_model("ssm")


def check(operation: str, request: dict[str, Any]) -> None:
    """Refuse a request that breaks a constraint of the model.

    Raises
    ------
    SsmError
        ``ValidationException``, naming every broken constraint.
    """
    model = _model()
    if operation not in model.operation_names:
        raise SsmError("UnknownOperationException", f"SSM has no operation {operation}")
    problems = list(_problems(model.operation_model(operation).input_shape, request, ""))
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        raise validation(f"{count}: {'; '.join(problems)}")


def _problems(shape: Any, value: Any, path: str) -> Any:  # noqa: ANN401 - botocore has no types here
    if shape.type_name == "structure":
        yield from _members(shape, value, path)
        return
    if shape.type_name == "list":
        for index, entry in enumerate(value, 1):
            yield from _problems(shape.member, entry, f"{path}.{index}.member")
    elif shape.type_name == "map":
        for key, entry in value.items():
            yield from _problems(shape.value, entry, f"{path}.{key}.member")
    for constraint in _broken(shape, value):
        yield f"Value '{_shown(value)}' at '{path}' failed to satisfy constraint: Member must {constraint}"


def _members(shape: Any, value: dict[str, Any], path: str) -> Any:  # noqa: ANN401 - botocore has no types here
    for name, member in shape.members.items():
        inner = f"{path}.{name[:1].lower()}{name[1:]}".lstrip(".")
        if name in value:
            yield from _problems(member, value[name], inner)
        elif name in shape.required_members:
            yield f"Value null at '{inner}' failed to satisfy constraint: Member must not be null"


def _broken(shape: Any, value: Any) -> Any:  # noqa: ANN401 - botocore has no types here
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    sized = shape.type_name in {"string", "list", "map"}
    size, noun = (len(value), "have length") if sized else (value, "have value")
    if most is not None and size > most:
        yield f"{noun} less than or equal to {most}"
    if least is not None and size < least:
        yield f"{noun} greater than or equal to {least}"
    if "enum" in shape.metadata and value not in shape.metadata["enum"]:
        yield f"satisfy enum value set: [{', '.join(shape.metadata['enum'])}]"
    pattern = shape.metadata.get("pattern")
    if pattern and shape.type_name == "string" and not re.search(pattern, value):
        yield f"satisfy regular expression pattern: {pattern}"


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON
    text = f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"  # noqa: PLR2004 - a readable message
