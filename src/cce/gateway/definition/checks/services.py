"""Services: names that tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.definition.model import Definition
    from cce.yaml_file import Problem


def problems_of(definition: Definition) -> Iterator[Problem]:
    """Names that stand twice or cannot be written on a command line."""
    seen: dict[str, int] = {}
    for number, service in enumerate(definition.services):
        place = ("services", number, "name")
        if not service.name.isprintable() or service.name != service.name.strip():
            yield (
                place,
                f"{service.name!r} has blanks around it or characters that are not seen; take them out",
            )
        if service.name in seen:
            yield place, f"services.{seen[service.name]} has the name {service.name!r} too; give each its own"
        seen.setdefault(service.name, number)
