"""The tailoring of an assessment: read once by ``plan``, then the same for all of its servers.

``plan`` keeps a copy beside the plan. Whoever changes ``config/tailoring.yaml`` meanwhile changes the next
assessment, not this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.benchmarks import load
from cce.tailoring import apply, parse
from cce.tailoring.load import LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.assessment import Scope
    from cce.benchmarks import Benchmark
    from cce.pipeline.ports import Objects
    from cce.tailoring import Tailoring

#: Where an organisation puts its tailoring; without it the guide holds as it is.
CONFIG_KEY: Final = "config/tailoring.yaml"


def snapshot_key_of(identity: str) -> str:
    """Where the plan of an assessment keeps its tailoring; empty if there was none."""
    return f"plan/{identity}/tailoring.yaml"


def read_config(objects: Objects) -> tuple[bytes, Tailoring | None]:
    """The organisation's tailoring as it is now and as it stands in the bucket; nothing if there is none.

    Raises
    ------
    TailoringError
        When it is wrong; each problem names the line and the remedy.
    """
    body = objects.get(CONFIG_KEY, limit=LIMIT + 1)
    if body is None:
        return b"", None
    return body, parse(body, f"s3://{objects.bucket}/{CONFIG_KEY}")


def read_snapshot(objects: Objects, identity: str) -> Tailoring | None:
    """The tailoring of the assessment; ``None`` if it has none.

    Raises
    ------
    TailoringError
        When this version of the rules does not take it any more.
    """
    key = snapshot_key_of(identity)
    body = objects.get(key)
    return parse(body, f"s3://{objects.bucket}/{key}") if body else None


def benchmarks_of(
    scope: Scope, tailoring: Tailoring | None = None, overlays: Sequence[int] = ()
) -> list[Benchmark]:
    """The benchmarks of a scope, narrowed to its items, as a server with those overlays is judged."""
    chosen = []
    for benchmark in map(load, dict.fromkeys(scope.benchmarks)):
        here = tuple(item.id for item in benchmark.items if item.id in scope.items)
        if here or not scope.items:
            chosen.append(benchmark.select(here))
    return chosen if tailoring is None else [apply(benchmark, tailoring, overlays) for benchmark in chosen]
