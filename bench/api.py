"""How fast the private API answers ``GET /v1/srv/{srvid}``, against a bare Lambda behind the same gateway.

``python -m bench.api [--clients 50] [--every 1]``, after ``make setup``. Everything runs
on the local stack: the gateway, the functions' processes, DynamoDB and the clients share this machine, so
only the ratios of one run say something, and they say it of the emulator as much as of the API. Rounds are
interleaved. It is no test: nothing fails when a figure is missed, the table says so.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import urllib3

from bench.bare import with_beside
from lab import deploy, template
from lab.aws import HUB_ACCOUNT, REGION
from lab.lab import Lab

if TYPE_CHECKING:
    from pathlib import Path

#: Invented.
_KEY: Final = "invented-key-of-the-benchmark"
_SRVID: Final = f"{HUB_ACCOUNT}/{REGION}/i-0a1b2c3d4e5f60718"
_SRV: Final = f"/srv/{quote(_SRVID, safe='')}"
_RECORD: Final = {"name": "web-1", "service": "인터넷뱅킹", "role": "web", "owner": "기반팀"}

#: What is asked, by the name in the table.
_PATHS: Final = {"bare": "/bare", "reading": "/reading", "api": _SRV}

#: The most that the API's p99 may be, in p99s of the bare Lambda.
_TARGET: Final = 1.5
_PATIENCE_S: Final = 60.0

#: Further clients in each step of warming up.
_STEP: Final = 4

#: Processes that 50 requests a second keep busy, with room for a bad second.
_PACED: Final = 16

#: What MiniStack waits for a line of the function's log before it answers; nobody here writes one.
_WAIT_S: Final = 0.050


class Clients:
    """Callers in parallel, each over a connection that it keeps."""

    def __init__(self, number: int, url: str) -> None:
        self._number = number
        self._url = url
        self._pool = urllib3.PoolManager(maxsize=number, block=True, retries=False, timeout=_PATIENCE_S)
        self._threads = ThreadPoolExecutor(number)

    def ask(self, method: str, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        """One request with the key; a bad status is an error, as figures of refusals mean nothing."""
        sent = {"x-api-key": _KEY, **{name.replace("_", "-"): value for name, value in headers.items()}}
        body = json.dumps(_RECORD) if method == "PUT" else None
        answer = self._pool.request(method, self._url + path, headers=sent, body=body)
        if answer.status not in {200, 201}:
            message = f"{method} {path}: {answer.status} {answer.data[:200]!r}"
            raise RuntimeError(message)
        return answer

    def warm(self, path: str, processes: int) -> None:
        """Ask with more and more clients: the emulator starts a process for each, slowly."""
        for number in range(_STEP, processes + _STEP, _STEP):
            self.load(path, 1, clients=min(number, self._number))

    def load(self, path: str, requests: int, *, every: float = 0.0, clients: int = 0) -> list[float]:
        """The seconds of each of ``requests`` requests of every client, or of so many clients.

        With ``every`` a client asks at that interval, the clients' beginnings spread over it, and a time
        counts from when the request was due: an answer that is late makes the next one late too.
        """
        number = clients or self._number
        began = time.perf_counter()

        def one_client(position: int) -> list[float]:
            first = began + every * position / number
            return [self._timed(path, first + every * n if every else 0.0) for n in range(requests)]

        return [s for times in self._threads.map(one_client, range(number)) for s in times]

    def _timed(self, path: str, due: float) -> float:
        now = time.perf_counter()
        if due > now:
            time.sleep(due - now)
        began = due or now
        self.ask("GET", path)
        return time.perf_counter() - began

    def close(self) -> None:
        """End the threads and connections."""
        self._threads.shutdown()
        self._pool.clear()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", type=int, default=50, help="in parallel (default: %(default)s)")
    parser.add_argument("--requests", type=int, default=10, help="of each client in a round")
    parser.add_argument("--rounds", type=int, default=7, help="of each contestant")
    every = "seconds from one request of a client to its next; 0: as soon as it is answered"
    parser.add_argument("--every", type=float, default=1.0, help=f"{every} (default: %(default)s)")
    args = parser.parse_args()
    with Lab() as lab:
        clients = Clients(args.clients, _deployed(lab))
        try:
            results = _run(clients, args)
        finally:
            clients.close()
    pace = f"each asks every {args.every:g} s" if args.every else "each asks again as soon as it is answered"
    print(
        f"{args.clients} clients, {pace}; {args.rounds} interleaved rounds of {args.requests} requests each"
    )
    _print(results)
    return 0


def _deployed(lab: Lab) -> str:
    """Deploy the hub with the functions beside the API's; returns the URL of the stage."""
    built = deploy.build()
    beside = _written(with_beside(template.read(built), json.dumps(_RECORD), _SRVID), built)
    try:
        given = {"ScheduleState": "DISABLED", "ApiKey": _KEY, "ApiRequestsPerSecond": "10000"}
        hub = lab.deploy_hub(given, built=beside)
    finally:
        beside.unlink(missing_ok=True)
    return f"{lab.endpoint}/_aws/execute-api/{hub.outputs['ApiId']}/v1"


def _written(changed: dict[str, object], built: Path) -> Path:
    # Beside the built one: the paths in it are relative.
    path = built.with_name("template.bench.json")
    path.write_text(json.dumps(changed), encoding="utf-8")
    return path


def _run(clients: Clients, args: argparse.Namespace) -> dict[str, list[list[float]]]:
    """The times of every round by contestant; interleaved, so that a slow second hits all of them."""
    clients.ask("PUT", _SRV, If_None_Match="*")
    for path in _PATHS.values():
        clients.warm(path, min(args.clients, _PACED) if args.every else args.clients)
    results: dict[str, list[list[float]]] = {name: [] for name in _PATHS}
    for number in range(args.rounds + 1):
        for name, path in _PATHS.items():
            times = clients.load(path, args.requests, every=args.every)
            results[name] += [times] if number else []  # the first is still for warming up
            print(".", end="", flush=True)
    print()
    return results


def _print(results: dict[str, list[list[float]]]) -> None:
    """Medians over the rounds: one bad second of a shared machine decides a p99 of all of them."""
    for name, rounds in results.items():
        p99s = [_p99(times) for times in rounds]
        middle = statistics.median(map(statistics.median, rounds))
        print(
            f"{name:8} median {middle * 1000:7.1f} ms  p99 {statistics.median(p99s) * 1000:7.1f} ms"
            f" ({min(p99s) * 1000:.1f} to {max(p99s) * 1000:.1f})  {_ratio(results, name):5.2f} × bare"
        )
    print(f"p99 of the API: {_ratio(results, 'api'):.2f} × the bare Lambda's (target: {_TARGET})")
    print(f"  without the emulator's wait of 50 ms in both: {_ratio(results, 'api', _WAIT_S):.2f} ×")


def _ratio(results: dict[str, list[list[float]]], name: str, less: float = 0.0) -> float:
    """The p99 in p99s of the bare Lambda, round by round; the median."""
    pairs = zip(results[name], results["bare"], strict=True)
    return statistics.median((_p99(own) - less) / (_p99(bare) - less) for own, bare in pairs)


def _p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[98]


if __name__ == "__main__":
    sys.exit(main())
