"""What the JSON schemas of our files have in common."""

from __future__ import annotations

from typing import Any, Final

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def without_titles(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out the titles that pydantic makes of the fields' names."""
    if isinstance(value, dict):
        return {
            key: without_titles(entry)
            for key, entry in value.items()
            if not (key == "title" and isinstance(entry, str))
        }
    return [without_titles(entry) for entry in value] if isinstance(value, list) else value
