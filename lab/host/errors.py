"""The names of a function's errors: Lambda reports the exception's class, by which state machines retry.

MiniStack reports ``Runtime.HandlerError`` for all of them; the class stands in the traceback that it logs.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lab.host.ministack import module

_TRACEBACK: Final = "Traceback (most recent call last):\n"
_RAISED: Final = re.compile(r"^([A-Za-z_][\w.]*)(?:: |$)", re.MULTILINE)
NAMELESS: Final = "Runtime.HandlerError"


def name_errors() -> None:
    """Make MiniStack report the class of the exception that a handler raised."""
    functions = module("services.lambda_svc")
    execute = functions._execute_function_warm  # noqa: SLF001 - the one place where the local executor runs a function

    def named(func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON
        result: dict[str, Any] = execute(func, event, request_id)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and body.get("errorType") == NAMELESS:
            body["errorType"] = error_class(str(result.get("log", ""))) or NAMELESS
        return result

    functions._execute_function_warm = named  # noqa: SLF001


def error_class(log: str) -> str:
    """The class of the last exception in a log, without its module; empty when the log holds no traceback."""
    last = log.rpartition(_TRACEBACK)[2] if _TRACEBACK in log else ""
    raised = _RAISED.search(last)
    return raised[1].rpartition(".")[2] if raised else ""
