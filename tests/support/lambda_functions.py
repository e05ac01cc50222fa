"""A function's folder as Lambda loads it, and its events."""

from __future__ import annotations

import importlib.util
import json
import sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import ModuleType

    import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
CONTEXT: Final = SimpleNamespace(
    function_name="function",
    memory_limit_in_mb=128,
    invoked_function_arn="arn:aws:lambda:ap-northeast-2:111111111111:function:function",
    aws_request_id="11111111-2222-4333-8444-555555555555",
)

_LOADED: Final = count()


def load_function(name: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """``functions/{name}/app.py`` in that environment, as a module of its own."""
    # Loggers of one service are one logger: it would write to the standard output of an earlier test.
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"{name}-{next(_LOADED)}")
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    spec = importlib.util.spec_from_file_location(f"{name}_function", ROOT / f"functions/{name}/app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, f"{name}_function", module)  # dataclasses look there
    spec.loader.exec_module(module)
    return module


def event_of(name: str) -> dict[str, Any]:
    """The event that is checked in."""
    return dict(json.loads((ROOT / f"events/{name}.json").read_text("utf-8")))
