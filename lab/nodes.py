"""What a command runs on: servers, and servers that misbehave in the ways real ones do."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

from lab.execute import Outcome, run_script

if TYPE_CHECKING:
    import threading
    from pathlib import Path

MEGABYTE = 1024 * 1024


class Node(Protocol):
    """A server as Run Command sees it.

    ``online`` is what DescribeInstanceInformation reports, ``accepts`` whether SendCommand takes its id,
    ``reachable`` whether a command that was taken is ever delivered.
    """

    kind: ClassVar[str]

    @property
    def online(self) -> bool:
        """Whether the listing shows it as Online."""
        ...

    @property
    def accepts(self) -> bool:
        """Whether SendCommand takes its id."""
        ...

    @property
    def reachable(self) -> bool:
        """Whether a command that was taken is delivered."""
        ...

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:
        """Run the script for at most ``timeout`` seconds, or until ``cancelled``."""
        ...


class _Well:
    """A node that is there and takes commands."""

    online = True
    accepts = True
    reachable = True


class _Absent:
    """A node no command reaches, so nothing runs on it."""

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:  # noqa: ARG002 - the protocol's
        """See :class:`Node`."""
        message = (
            f"a command was run on a node of kind {self.__class__.__name__.lower()}, which none can reach"
        )
        raise AssertionError(message)


@dataclass(frozen=True)
class Machine(_Well):
    """The machine that the lab runs on."""

    kind: ClassVar[str] = "machine"

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:
        """See :class:`Node`."""
        return run_script(["nice", "sh", "{script}"], script, timeout=timeout, cancelled=cancelled)


@dataclass(frozen=True)
class Root(_Well):
    """A root directory: an unpacked image, a chroot. The probe reads it by ``CCE_ROOT``."""

    kind: ClassVar[str] = "root"
    path: Path

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:
        """See :class:`Node`."""
        environment = {"CCE_ROOT": str(self.path)}
        return run_script(
            ["nice", "sh", "{script}"], script, timeout=timeout, cancelled=cancelled, environment=environment
        )


# The script comes by standard input, is stored as the agent stores it, and must not read itself as input.
_IN_CONTAINER = 's=$(mktemp) && cat >"$s" && sh "$s" </dev/null; e=$?; rm -f "$s"; exit $e'


@dataclass(frozen=True)
class Container(_Well):
    """A running container, by the Docker command line."""

    kind: ClassVar[str] = "container"
    container_id: str

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:
        """See :class:`Node`."""
        command = ["docker", "exec", "-i", self.container_id, "sh", "-c", _IN_CONTAINER]
        return run_script(command, script, timeout=timeout, cancelled=cancelled, by_stdin=True)


@dataclass(frozen=True)
class Recording(_Well):
    """Prints what the probe once printed on a real server; takes ``seconds`` for it."""

    kind: ClassVar[str] = "recording"
    path: Path
    seconds: float = 0.0

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:  # noqa: ARG002 - recorded before
        """See :class:`Node`."""
        if cancelled.wait(min(self.seconds, timeout)):
            return Outcome(cancelled=True)
        return Outcome(self.path.read_bytes())


@dataclass(frozen=True)
class Offline(_Absent):
    """Known to Systems Manager, its agent silent: ``ConnectionLost``; SendCommand refuses its id."""

    kind: ClassVar[str] = "offline"
    online = False
    accepts = False
    reachable = False


@dataclass(frozen=True)
class Flaky(_Absent):
    """Listed as Online, refused by SendCommand a moment later."""

    kind: ClassVar[str] = "flaky"
    online = True
    accepts = False
    reachable = False


@dataclass(frozen=True)
class Undelivered(_Absent):
    """Takes the command and never fetches it: the delivery timeout passes."""

    kind: ClassVar[str] = "undelivered"
    online = True
    accepts = True
    reachable = False


@dataclass(frozen=True)
class Dies(_Well):
    """Prints half of a recording and then nothing more until the execution timeout."""

    kind: ClassVar[str] = "dies"
    path: Path

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:  # noqa: ARG002 - recorded before
        """See :class:`Node`."""
        document = self.path.read_bytes()
        stopped = cancelled.wait(timeout)
        return Outcome(document[: len(document) // 2], status=-1, timed_out=not stopped, cancelled=stopped)


@dataclass(frozen=True)
class Printing(_Well):
    """Succeeds and prints what it is told to: nothing, garbage, 10 MB."""

    kind: ClassVar[str] = "printing"
    output: bytes = field(repr=False)
    status: int = 0

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:  # noqa: ARG002 - prints at once
        """See :class:`Node`."""
        return Outcome(self.output, status=self.status)


def silent() -> Printing:
    """A server whose probe succeeds and prints nothing."""
    return Printing(b"")


def garbage() -> Printing:
    """A server whose probe prints bytes that are no evidence; the same at every run."""
    return Printing(random.Random(1).randbytes(5000))  # noqa: S311 - no secret


def huge() -> Printing:
    """A server whose probe prints 10 MB of text."""
    line = b"-----BEGIN CCE EVIDENCE 1 base64 bytes=1 sha256=0-----\n"
    return Printing(line * (10 * MEGABYTE // len(line)))


def failing() -> Printing:
    """A server on which the script exits with status 1."""
    return Printing(b"", status=1)
