"""Make the resources of gateway/private-api.yaml of the API's operations; the rest of that file is kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from cce.api.routes import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.api.operations import Operation

ROOT: Final = Path(__file__).resolve().parent.parent
TARGET: Final = ROOT / "gateway/private-api.yaml"

#: The lines before and after what is made.
_BEGIN: Final = "    resources: # made of the function's operations by `make private-api`\n"
_END: Final = "    stages:\n"


def render(kept: str) -> str:
    """The file with the resources of today; ``kept`` is its text, of which everything else stays.

    Raises
    ------
    ValueError
        When the two lines that stand around the resources are not there once each.
    """
    before, rest = kept.split(_BEGIN)
    _, after = rest.split(_END)
    return "".join([before, _BEGIN, *_resources(), _END, after])


def _resources() -> Iterator[str]:
    by_path: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        for path in operation.paths:
            by_path.setdefault(path, []).append(operation)
    for path, operations in by_path.items():
        yield f"      {json.dumps(path)}:\n        methods:\n"
        yield from (f"          {each.method}: {_method(each)}" for each in operations)


def _method(operation: Operation) -> str:
    method = {"name": operation.summary, "backend": {"function": "ApiFunction"}}
    return str(yaml.safe_dump(method, default_flow_style=True, sort_keys=False, width=sys.maxsize))


if __name__ == "__main__":
    TARGET.write_text(render(TARGET.read_text("utf-8")), encoding="utf-8")
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes\n")
