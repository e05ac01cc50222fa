"""How a step reads a queue message."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from cce.errors import MessageError

Message = TypeVar("Message", bound=BaseModel)


def read_message(kind: type[Message], body: str, queue: str) -> Message:
    """Read a message body.

    Raises
    ------
    MessageError
        When it is no such message; it goes to the dead-letter queue. Fields are named, values are not.
    """
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) or "body" for problem in error.errors())
        message = f"a message of the {queue} queue is malformed in {fields}"
        raise MessageError(message) from error
