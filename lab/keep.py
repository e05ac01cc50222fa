"""``python -m lab up`` and ``down``: a lab that stays until it is asked to end."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final

from lab.containers import Containers
from lab.errors import LabError
from lab.fleet import demo
from lab.lab import MEMBERS, Lab
from lab.setup import API_KEY, OPTIONS, Phases, add_fleet, api_url, change_environment, deploy_all

if TYPE_CHECKING:
    from pathlib import Path

STOP_SECONDS: Final = 30.0


def up(state: Path, *, pace: float = 1.0) -> int:
    """Deploy everything, write how to reach it to ``state`` (JSON), and stay until interrupted.

    ``state`` holds ``pid``, ``environment`` (what to export), ``outputs`` (the hub stack's), ``api`` and
    ``servers``.

    Raises
    ------
    LabError
        When a lab is up already.
    """
    if (pid := running(state)) is not None:
        message = f"a lab is up already (process {pid}); end it with: python -m lab down"
        raise LabError(message)
    ended = threading.Event()
    with ExitStack() as stack:
        boxes = Containers()
        stack.callback(boxes.stop)
        lab = stack.enter_context(Lab(pace=pace))
        hub = deploy_all(lab, Phases(), OPTIONS)
        url = api_url(lab, hub.outputs)
        change_environment(lab, "DiscoverFunction", INVENTORY_URL=url)
        fleet = demo(MEMBERS, boxes.start(1, print))
        ids = add_fleet(lab, fleet)
        servers = [
            {"account": entry.account, "instance_id": each, "name": entry.name, "kind": entry.node.kind}
            for entry, each in zip(fleet, ids, strict=True)
        ]
        about = {
            "pid": os.getpid(),
            "environment": lab.environment(),
            "outputs": hub.outputs,
            "api": {"url": url, "key": API_KEY},
            "servers": servers,
        }
        state.parent.mkdir(parents=True, exist_ok=True)
        stack.callback(state.unlink, missing_ok=True)
        state.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        print(
            f"the lab is up; {state} says how to reach it. Ctrl-C or `python -m lab down` ends it.",
            flush=True,
        )
        ended.wait()
    return 0


def down(state: Path) -> int:
    """End the lab that ``up`` started; nothing to do is fine."""
    pid = running(state)
    if pid is None:
        print("no lab is up")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while running(state) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    print("the lab is down")
    return 0


def running(state: Path) -> int | None:
    """The process of the lab that ``state`` tells of, if it lives."""
    with suppress(FileNotFoundError, ValueError, KeyError, ProcessLookupError):
        pid = int(json.loads(state.read_text(encoding="utf-8"))["pid"])
        os.kill(pid, 0)
        return pid
    return None
