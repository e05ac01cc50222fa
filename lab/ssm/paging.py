"""MaxResults and NextToken."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, TypeVar

from lab.ssm.errors import SsmError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def page(entries: Sequence[T], request: dict[str, Any], *, default: int) -> tuple[list[T], dict[str, str]]:
    """The page that a request asks for, and the ``NextToken`` for the answer when more follow.

    Raises
    ------
    SsmError
        ``InvalidNextToken``.
    """
    start = 0
    if token := request.get("NextToken"):
        try:
            start = int(base64.b64decode(token, validate=True))
        except (ValueError, binascii.Error) as problem:
            raise SsmError("InvalidNextToken", "The specified token is not valid.") from problem
    end = start + request.get("MaxResults", default)
    more = {"NextToken": base64.b64encode(str(end).encode()).decode()} if end < len(entries) else {}
    return list(entries[start:end]), more
