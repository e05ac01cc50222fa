"""``sam local start-api``: the private API on this machine, each call in a container, against a lab.

``python -m lab.sam_api`` serves it until Ctrl-C. SAM's gateway knows no resource policy, no key and no stage:
it asks for no ``x-api-key``, and paths begin with ``/srv`` or ``/assessments``.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final, Self

from lab.aws import free_port
from lab.errors import LabError
from lab.process import Guarded
from lab.sam_local import STATE, SamLocal, kept_lab, remove_containers

if TYPE_CHECKING:
    from collections.abc import Sequence

_START_SECONDS: Final = 60.0

#: The template has the API only with a key; SAM asks nobody for it.
_ANY_KEY: Final = "invented-key-of-sam-local"


class SamApi:
    """The private API of a deployed hub, served by ``sam local start-api``; a context manager.

    Parameters
    ----------
    sam
        The functions that are deployed, entered already.
    port
        Of 127.0.0.1; 0 is a free one.
    """

    def __init__(self, sam: SamLocal, port: int = 0) -> None:
        self._sam = sam
        self._port = port or free_port()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def command(self) -> list[str]:
        """The command line that serves it."""
        what = ["sam", "local", "start-api", "--host", "127.0.0.1", "--port", str(self._port)]
        return [*what, *self._sam.flags(ApiKey=_ANY_KEY)]

    def __enter__(self) -> Self:
        """Start SAM and wait until it answers."""
        self._log = tempfile.NamedTemporaryFile(prefix="cce-lab-sam-api-")
        environment = self._sam.environment("ApiFunction")
        self._process = Guarded(
            self.command(), environment=environment, stdout=self._log.file, stderr=self._log.file
        )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if not self._process.running or time.monotonic() > deadline:
                said = self.log()
                self.__exit__()
                message = f"sam local start-api did not begin to answer:\n{said[-4000:]}"
                raise LabError(message)
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        """End SAM and its containers."""
        self._process.stop()
        remove_containers(self.log())
        self._log.close()

    def log(self) -> str:
        """What SAM and the functions said so far."""
        return Path(self._log.name).read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
            return True
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the API until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m lab.sam_api", description=__doc__)
    parser.add_argument("--port", type=int, default=3000, help="(default: %(default)s)")
    parser.add_argument("--state", type=Path, default=STATE, help="what `python -m lab up` wrote")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with SamLocal(kept_lab(chosen.state)) as sam, SamApi(sam, chosen.port) as api:
            print("+", *api.command(), file=sys.stderr)
            print(f"the API answers at {api.url}, such as {api.url}/srv; Ctrl-C ends it", flush=True)
            Event().wait()
    except KeyboardInterrupt:
        print("the API has ended")
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
