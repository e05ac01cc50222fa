"""``cce gateway serve`` as a process, and curl."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Seconds within which a process starts or ends, on a machine that others use too.
_PATIENCE: Final = 30.0
_LISTENS: Final = re.compile(r"^(?:the default stage|stage \w+): (http://[^/\s]+)", re.MULTILINE)


@dataclass(frozen=True)
class Served:
    """A server that runs; its messages and its access log are in ``output``."""

    url: str
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def said(self) -> str:
        """What it has written so far."""
        return self.output.read_text("utf-8")

    def line(self, needle: str) -> str:
        """A line that holds the needle; the log comes a moment after the answer."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if found := [line for line in self.said.splitlines() if needle in line]:
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f"{needle} is not in:\n{self.said}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop, and wait for its end."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE)


@contextmanager
def served(directory: Path, definition: bytes, *arguments: str, **environment: str) -> Iterator[Served]:
    """Serve a definition until the end of the block."""
    file, output = directory / "gateway.yaml", directory / "output"
    file.write_bytes(definition)
    command = [sys.executable, "-m", "cce", "gateway", "serve", str(file), "--port", "0", *arguments]
    with output.open("wb") as written:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=written, stderr=written, env=os.environ | environment
        )
    try:
        yield Served(_address(process, output), process, output)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(_PATIENCE)


def _address(process: subprocess.Popen[bytes], output: Path) -> str:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if found := _LISTENS.search(output.read_text("utf-8")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"the server does not run:\n{output.read_text('utf-8')}")


@dataclass(frozen=True)
class Answer:
    """What curl got."""

    status: int
    headers: dict[str, str]
    body: bytes


def curl(url: str, *arguments: str, stdin: bytes | None = None) -> Answer:
    """Ask with curl; the path goes out as it is written."""
    done: Any = subprocess.run(
        ["curl", "-sS", "-i", "--path-as-is", "-g", "--max-time", "20", *arguments, url],
        input=stdin,
        capture_output=True,
        check=True,
        timeout=_PATIENCE,
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    named = (line.partition(": ") for line in lines)
    return Answer(int(first.split()[1]), {name.lower(): value for name, _, value in named}, body)
