"""What no single field can tell: rules and limits that concern several parts of a definition.

Each module tells one part; every problem names its place, what is wrong, why, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.gateway.definition.checks import methods, plugins, services, stages, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.definition.model import Definition
    from cce.yaml_file import Problem


def problems_of(definition: Definition, *, local: bool = False) -> Iterator[Problem]:
    """What is wrong with a definition.

    Parameters
    ----------
    local
        Whether backends on this machine (loopback) are allowed, as the local server wants them.
    """
    yield from services.problems_of(definition)
    for number, service in enumerate(definition.services):
        place = ("services", number)
        yield from tree.problems_of(place, service)
        yield from methods.problems_of(place, service)
        yield from plugins.problems_of(place, service)
        yield from stages.problems_of(place, service, local=local)
