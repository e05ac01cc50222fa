"""How fast: ``cce gateway serve`` against a bare nginx before the same backend, and the relay's own share.

``python -m bench.gateway [--rounds 15] [--seconds 2] [--connections 16]`` with Debian's nginx and wrk.
Whoever is measured has one core to itself, wrk and the backend share another. Rounds are interleaved and
medians compared, because these machines are shared: what counts are the ratios of one run. It is no test.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.request import urlopen

import cce
from bench.relay import Relay
from cce.gateway.message import Headers, Request
from cce.gateway.signing.client import signed
from cce.gateway.signing.dates import written
from cce.gateway.signing.keys import Key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

_BACKEND, _NGINX, _GATEWAY = 18091, 18092, 18093
_SECRET: Final = "cce-gateway-bench-secret-0000001"  # noqa: S105 - an invented one
_PATIENCE_S: Final = 20

#: Where another Python finds what this one has.
_PACKAGES: Final = (sysconfig.get_path("purelib"), str(Path(cce.__file__).parents[1]))

_COMMON: Final = """
worker_processes 1; daemon off; pid {name}.pid; error_log {name}.err;
events {{ worker_connections 1024; }}
http {{
  keepalive_requests 1000000000;
  client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
"""

_BACKEND_CONF: Final = """
  access_log off;
  server {{ listen 127.0.0.1:{port}; location / {{ default_type application/json;
    return 200 '{{"members":[{{"id":"id1","name":"kim"}}]}}'; }} }}
}}
"""

_PROXY_CONF: Final = """
  access_log {name}.log;
  upstream b {{ server 127.0.0.1:{backend}; keepalive 64; keepalive_requests 1000000000; }}
  server {{ listen 127.0.0.1:{port};
    location / {{ proxy_pass http://b; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
}}
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="(default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=2, help="of one measurement (default: %(default)s)")
    python_help = "which Python runs the server, of this version (default: this one)"
    parser.add_argument("--python", default=sys.executable, help=python_help)
    parser.add_argument("--connections", type=int, default=16, help="of wrk (default: %(default)s)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        work = Path(name)
        running.enter_context(_nginx(work, "backend", _BACKEND_CONF, _BACKEND, core=1))
        running.enter_context(_nginx(work, "nginx", _PROXY_CONF, _NGINX, core=0))
        running.enter_context(_gateway(work, args.python))
        _print_server(_rounds(args))
        _print_relay(Relay(f"http://127.0.0.1:{_BACKEND}"), args.rounds)
    return 0


def _rounds(args: argparse.Namespace) -> dict[str, list[float]]:
    """Requests a second of each contestant, interleaved."""
    contestants = {
        "nginx": [f"http://127.0.0.1:{_NGINX}/members/id1"],
        "cce": [f"http://127.0.0.1:{_GATEWAY}/members/id1"],
        "HMAC off": _signed(f"http://127.0.0.1:{_GATEWAY}", "/open/members/id1"),
        "HMAC on": _signed(f"http://127.0.0.1:{_GATEWAY}", "/signed/members/id1"),
    }
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(args.rounds):
        for name, arguments in contestants.items():
            found[name].append(_wrk(arguments, args))
            print(".", end="", flush=True)
    print()
    return found


def _wrk(arguments: list[str], args: argparse.Namespace) -> float:
    command = ["wrk", "-t1", f"-c{args.connections}", f"-d{args.seconds}s", *arguments]
    done = subprocess.run(
        _on(1, command), capture_output=True, text=True, check=True, timeout=args.seconds + _PATIENCE_S
    )
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    if rate is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"wrk did not measure what was meant:\n{done.stdout}")
    return float(rate[1])


def _signed(server: str, path: str) -> list[str]:
    """Wrk's arguments for a request that is signed beforehand: its date is good for five minutes."""
    host = Headers((("Host", server.removeprefix("http://")),))
    request = Request("GET", path, path, "", host, ip_address("127.0.0.1"), "bench")
    made = signed(request, Key("current", _SECRET), written(datetime.now(UTC)))
    lines = [f"{name}: {value}" for name, value in made.headers if name != "Host"]
    return [f"{server}{path}", *(argument for line in lines for argument in ("-H", line))]


def _print_server(found: dict[str, list[float]]) -> None:
    for name, rates in found.items():
        rate = statistics.median(rates)
        print(f"{name:12} {rate:9.0f} requests/s  {1e6 / rate:7.1f} µs each")
    print(f"one request: {_ratio(found, 'cce', 'nginx'):.1f} × nginx (target: at most 8)")
    print(f"HMAC on: {_ratio(found, 'HMAC on', 'HMAC off'):.2f} × off, signed requests (target: at most 1.3)")


def _ratio(found: dict[str, list[float]], one: str, other: str) -> float:
    """How much longer one takes: the median of the rounds, in each of which both met the same machine."""
    return statistics.median(theirs / ours for ours, theirs in zip(found[one], found[other], strict=True))


def _print_relay(relay: Relay, rounds: int) -> None:
    found = relay.measured(rounds)
    for name, seconds in found.items():
        print(f"{name:12} {seconds * 1e6:7.1f} µs each")
    print(f"the relay's own share: {(found['relay'] - found['urllib3']) * 1e6:.0f} µs of a request")


def _on(core: int, command: list[str]) -> list[str]:
    """A command on one core, where there are several."""
    return ["taskset", "-c", str(core), *command] if (os.cpu_count() or 1) > 1 else command


@contextmanager
def _started(command: list[str], url: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, url)
        yield
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(url, timeout=1):  # noqa: S310 - of this machine
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{process.args!r} does not answer at {url}")


def _nginx(work: Path, name: str, conf: str, port: int, core: int) -> AbstractContextManager[None]:
    file = work / f"{name}.conf"
    file.write_text((_COMMON + conf).format(name=work / name, port=port, backend=_BACKEND))
    command = _on(core, ["nginx", "-p", str(work), "-c", str(file)])
    return _started(command, f"http://127.0.0.1:{port}/")


def _gateway(work: Path, python: str) -> AbstractContextManager[None]:
    path = "/members/${request.path.id}"
    method = {"backend": {"http": {"path": path}}}
    backend = f"http://127.0.0.1:{_BACKEND}"
    stages = [
        {"backend": backend},
        {"name": "open", "backend": backend},
        {"name": "signed", "backend": backend, "hmac": {"secret": "env:BENCH_SECRET"}},
    ]
    service = {
        "name": "bench",
        "resources": {"/members/{id}": {"methods": {"GET": method}}},
        "stages": stages,
    }
    file = work / "gateway.yaml"
    file.write_text(json.dumps({"gateway": 1, "services": [service]}))
    os.environ |= {"BENCH_SECRET": _SECRET, "PYTHONPATH": os.pathsep.join(_PACKAGES)}
    serve = [python, "-m", "cce", "gateway", "serve", str(file), "--port", str(_GATEWAY)]
    return _started(_on(0, serve), f"http://127.0.0.1:{_GATEWAY}/members/id1")


if __name__ == "__main__":
    sys.exit(main())
