"""The modules of MiniStack that the hooks reach into, loaded when first asked for.

By name, because MiniStack lives in another virtual environment than the tools that check this code.
"""

from __future__ import annotations

import importlib
from typing import Any


def module(name: str) -> Any:  # noqa: ANN401 - a module of a package that is not installed here
    """The module ``ministack.<name>``."""
    return importlib.import_module(f"ministack.{name}")
