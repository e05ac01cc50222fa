"""The JSON schema of a definition file, for editors; ``docs/gateway.schema.json`` holds it."""

from __future__ import annotations

from typing import Any

from cce.gateway.definition.model import Definition
from cce.yaml_file.schema import DRAFT, without_titles


def schema() -> dict[str, Any]:
    """Build the schema. It knows the form of a file; what concerns several parts only ``validate`` tells."""
    return {"$schema": DRAFT, **without_titles(Definition.model_json_schema())}
