"""MiniStack: started, waited for, and gone when the lab is."""

from __future__ import annotations

import json
import os
import re
import socket
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import URLError

from lab.errors import LabError
from lab.process import Guarded

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
HUB_ACCOUNT: Final = "111111111111"
REGION: Final = "ap-northeast-2"
START_SECONDS: Final = 60.0
_START: Final = "import sys; sys.path.insert(0, sys.argv.pop(1)); from lab.host.main import main; main()"
# A port can be taken between looking and binding.


def venv(name: str) -> Path:
    """The folder of a tool's virtual environment: ``aws`` or ``sam``.

    ``LAB_AWS_VENV`` and ``LAB_SAM_VENV`` name other ones.

    Raises
    ------
    LabError
        When it is not there.
    """
    folder = Path(os.environ.get(f"LAB_{name.upper()}_VENV", ROOT / ".lab" / name))
    if not (folder / "bin" / "python").exists():
        message = f"the lab's tools are not installed in {folder}; run: make setup"
        raise LabError(message)
    return folder


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MiniStack:
    """MiniStack with IAM enforcement and the lab's hooks, on 127.0.0.1.

    Parameters
    ----------
    folder
        Where it keeps its files, its log and the record of calls (``calls.jsonl``).
    ssm_endpoint
        What the functions find in ``AWS_ENDPOINT_URL_SSM``.
    """

    def __init__(self, folder: Path, ssm_endpoint: str) -> None:
        self._folder = folder
        self._ssm_endpoint = ssm_endpoint
        self._process: Guarded | None = None
        self.port = 0

    @property
    def endpoint(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def calls(self) -> Path:
        """The record of calls, see :mod:`lab.calls`."""
        return self._folder / "calls.jsonl"

    @property
    def log(self) -> Path:
        """What it and the functions logged."""
        return self._folder / "ministack.log"

    def start(self, port: int = 0) -> None:
        """Start it on ``port``, or on a free one; returns before it answers.

        Raises
        ------
        LabError
            When it is not installed.
        """
        self.port = port or free_port()
        (self._folder / "tmp").mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = Guarded(
                [str(venv("aws") / "bin" / "python"), "-c", _START, str(ROOT)],
                environment=self._environment(os.environ),
                stdout=log,
                stderr=log,
            )

    def _environment(self, outer: Mapping[str, str]) -> dict[str, str]:
        kept = {key: outer[key] for key in ("HOME", "LANG") if key in outer}
        folders = [str(venv("aws") / "bin"), outer.get("PATH", "/usr/bin:/bin")]
        return {
            **kept,
            "PATH": os.pathsep.join(folders),
            "TMPDIR": str(self._folder / "tmp"),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_ACCOUNT_ID": HUB_ACCOUNT,
            "MINISTACK_REGION": REGION,
            "AUTH": "true",
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": outer.get("LAB_LOG_LEVEL", "INFO"),
            "S3_DATA_DIR": str(self._folder / "s3"),
            # Instances are records here, servers are the lab's nodes; no engine of this machine is touched.
            "DOCKER_HOST": f"unix://{self._folder / 'no-docker.sock'}",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "AWS_ENDPOINT_URL_SSM": self._ssm_endpoint,
            "LAB_CALLS": str(self.calls),
        }

    def wait(self) -> None:
        """Wait until it answers.

        Raises
        ------
        LabError
            When it ended or did not answer in time; the end of its log is in the message.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._healthy():
                return
            if self._process is None or not self._process.running:
                break
            time.sleep(0.05)
        message = f"MiniStack did not start on port {self.port}:\n{self.tail()}"
        raise LabError(message)

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2) as reply:  # noqa: S310 - the lab's own URL
                return isinstance(json.load(reply), dict)
        except (URLError, OSError, ValueError):
            return False

    def tail(self, lines: int = 20) -> str:
        """The last lines of its log."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """End it, its workers included."""
        if self._process is not None:
            self._process.stop()


def python_runtime() -> str:
    """The Lambda runtime that MiniStack's own interpreter is: functions run in it.

    Raises
    ------
    LabError
        When MiniStack is not installed.
    """
    settings = (venv("aws") / "pyvenv.cfg").read_text(encoding="utf-8")
    version = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", settings, re.MULTILINE)
    if version is None:
        message = f"{venv('aws')}/pyvenv.cfg names no Python version; remove that folder and run: make setup"
        raise LabError(message)
    return f"python{version[1]}.{version[2]}"
