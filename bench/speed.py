"""How fast: probe and judgement against a bare ``find``, OpenSCAP and Lynis on one root directory.

``python -m bench.speed ROOT [--rounds 5] [--more-files 300000]`` as root, after
``bench/rivals.sh``. Every contestant works on the same tree; rounds are interleaved and the medians
compared, because these machines are shared. What counts are the ratios of one run. It is no test: nothing
fails when a figure is missed, the table says so.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from bench.contestants import CONTESTANTS, Contestant
from bench.measure import Measured, measure

#: Spread over so many directories, as logs, caches and source trees are.
FILES_PER_DIRECTORY = 1000
#: OpenSCAP walks a tree of 300,000 more files for minutes: once is enough.
SLOW_S = 30.0


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("root", type=Path, help="what bench/rivals.sh made")
    parser.add_argument(
        "--rounds", type=int, default=5, help="of the quick contestants (default: %(default)s)"
    )
    parser.add_argument("--more-files", type=int, default=0, metavar="N", help="add N empty files meanwhile")
    parser.add_argument("--only", default="", metavar="NAMES", help="of these contestants, by commas")
    args = parser.parse_args()
    root = args.root.resolve()
    added = root / "srv/bench"
    try:
        _add_files(added, args.more_files)
        count = sum(1 for _ in root.rglob("*"))
        print(f"{count:,} files and directories below the root, {args.rounds} rounds")
        chosen = [c for c in CONTESTANTS if not args.only or c.name in args.only.split(",")]
        results = _run(chosen, root, args.rounds)
    finally:
        shutil.rmtree(added, ignore_errors=True)
    _print(results)
    return 0


def _add_files(top: Path, number: int) -> None:
    for n in range(number):
        directory = top / f"{n // FILES_PER_DIRECTORY:04}"
        if n % FILES_PER_DIRECTORY == 0:
            directory.mkdir(parents=True)
        (directory / f"file-{n}").touch()


def _run(contestants: list[Contestant], root: Path, rounds: int) -> dict[str, Measured]:
    """Interleaved: a slow minute of the machine hits all of them."""
    results = {c.name: Measured() for c in contestants}
    for number in range(rounds):
        for contestant in contestants:
            result = results[contestant.name]
            if number and max(result.seconds) > SLOW_S:
                continue
            with contestant.prepared(root) as work:
                measure(work, result, with_memory=number == 0)
            print(".", end="", flush=True)
    print()
    return results


def _print(results: dict[str, Measured]) -> None:
    find = results["find"].median if "find" in results else None
    for name, result in results.items():
        ratio = f"{result.median / find:8.1f} × find" if find else ""
        memory = f"{result.peak_kib / 1024:7.1f} MiB" if result.peak_kib else " " * 11
        print(f"{name:16} {result.median:9.3f} s  {memory}  {ratio}")
    for line in _targets(results):
        print(line)


def _targets(results: dict[str, Measured]) -> list[str]:
    """The issue's targets that this run can speak of."""
    if not {"probe", "judge"} <= set(results):
        return []
    ours = results["probe"].median + results["judge"].median
    lines = [f"probe + judge    {ours:9.3f} s"]
    for name, limit in (("find", None), ("oscap-high", 10), ("lynis", 40)):
        if name not in results:
            continue
        rival = results[name].median
        if limit is None:
            lines.append(f"  beyond find: {ours - rival:.3f} s (target: at most 1 s)")
        else:
            lines.append(f"  1/{rival / ours:.0f} of {name} (target: 1/{limit})")
    return lines


if __name__ == "__main__":
    sys.exit(main())
