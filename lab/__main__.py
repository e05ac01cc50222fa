"""The lab's command line: ``python -m lab run | up | down``."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from lab.aws import ROOT
from lab.errors import LabError
from lab.keep import down, up
from lab.run import REPORTS, run

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m lab", description="AWS on one machine")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="deploy everything, assess, report")
    running.add_argument("--reports", type=Path, default=REPORTS, help="where the report goes (%(default)s)")
    running.add_argument("--no-containers", action="store_true", help="use no Docker engine")
    running.add_argument("--verbose", action="store_true", help="show how long each phase took")
    running.add_argument("--keep", action="store_true", help="keep the logs and the record of calls")
    staying = commands.add_parser("up", help="deploy everything and stay")
    staying.add_argument(
        "--pace", type=float, default=1.0, help="what a second of a timeout is worth (%(default)s)"
    )
    ending = commands.add_parser("down", help="end what `up` started")
    for command in (staying, ending):
        command.add_argument(
            "--state", type=Path, default=ROOT / ".lab/up.json", help="where `up` says how to reach it"
        )
    chosen = parser.parse_args(arguments)
    # Everything is cleaned up on the way out of the context managers, so every way out must be an exception.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        if chosen.command == "run":
            return run(
                reports=chosen.reports,
                verbose=chosen.verbose,
                containers=not chosen.no_containers,
                keep=chosen.keep,
            )
        return up(chosen.state, pace=chosen.pace) if chosen.command == "up" else down(chosen.state)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _leave(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
