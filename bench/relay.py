"""The relay function in this process, and a bare call of urllib3 to the same backend."""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import urllib3

from cce.gateway.blocking import MemoryTroubles
from cce.gateway.definition.load import parse
from cce.gateway.relay.client import PooledUpstream
from cce.gateway.relay.function import RelayFunction
from cce.gateway.snapshot import Snapshot
from cce.store.memory import MemoryObjects
from cce.store.snapshots import DeployedSnapshots, key_of

if TYPE_CHECKING:
    from collections.abc import Callable

_EVENT: Final = Path(__file__).resolve().parent.parent / "events/relay.json"
_CALLS: Final = 1000
_SECONDS: Final = 25.0


class Relay:
    """Both, ready."""

    def __init__(self, backend: str) -> None:
        path = "/members/${request.path.memberId}"
        method = {"backend": {"http": {"path": path}}, "plugins": {"response_headers": {"set": {"x-a": "1"}}}}
        resources = {"/members/{memberId}": {"methods": {"GET": method}}}
        service = {"name": "bench", "resources": resources, "stages": [{"backend": backend}]}
        text = json.dumps({"gateway": 1, "services": [service]})
        read = parse(text.encode(), "bench", local=True).services[0]
        snapshot = Snapshot(service="bench", resources=read.resources, stage=read.stages[0])
        name = f"bench/{snapshot.digest}"
        objects = MemoryObjects()
        objects.put(key_of(name), snapshot.text().encode())
        self._event: dict[str, Any] = json.loads(_EVENT.read_text("utf-8"))
        self._event["stageVariables"] = {"snapshot": name}
        upstream = PooledUpstream(loopback=True)
        self._function = RelayFunction(DeployedSnapshots(objects), MemoryTroubles(), upstream)
        self._bare = urllib3.PoolManager()
        self._url = f"{backend}/members/%ED%99%8D?b=1&b=2&q=a%20b"

    def measured(self, rounds: int) -> dict[str, float]:
        """Median seconds of a call of each, rounds interleaved."""
        works: dict[str, Callable[[], object]] = {
            "urllib3": lambda: self._bare.request("GET", self._url),
            "relay": lambda: self._function.answer(self._event, datetime.now(UTC), _SECONDS),
        }
        found: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds):
            for name, work in works.items():
                found[name].append(_timed(work))
        return {name: statistics.median(seconds) for name, seconds in found.items()}


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(_CALLS):
        work()
    return (time.perf_counter() - began) / _CALLS
