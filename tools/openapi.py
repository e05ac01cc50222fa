"""Make docs/openapi.json of the operations of the API."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from cce.api.openapi import document

TARGET: Final = Path(__file__).resolve().parent.parent / "docs/openapi.json"


def render() -> str:
    """The document as text, as it is checked in."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes\n")
