"""Who runs against whom. Rivals run inside the root directory, where they take it for their server."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cce.benchmarks import benchmark_ids, load
from cce.evidence.records import read
from cce.judge import judge
from cce.probes import linux_probe
from cce.scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Work: TypeAlias = "list[str] | Callable[[], object]"

_CONTENT = "/usr/share/xml/scap/ssg/content/ssg-debian12-ds.xml"
_PROFILE = "xccdf_org.ssgproject.content_profile_"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program or a call, made for a root directory; ``inside`` needs /proc there."""

    name: str
    work: Callable[[Path], Work]
    inside: bool = False

    @contextmanager
    def prepared(self, root: Path) -> Iterator[Work]:
        """The work; for one that runs inside, the root is a file system of its own meanwhile, with /proc.

        OpenSCAP walks local file systems only and takes their list from /proc/mounts: in a plain directory it
        finds none and is done early.
        """
        if not self.inside:
            yield self.work(root)
            return
        with _mounted(root, "--bind", str(root)), _mounted(root / "proc", "-t", "proc", "proc"):
            yield self.work(root)


@contextmanager
def _mounted(place: Path, *what: str) -> Iterator[None]:
    subprocess.run(["mount", *what, place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


def _judging(root: Path) -> Callable[[], object]:
    """Parse and judge under every edition, with the benchmarks loaded as in a Lambda that is warm."""
    printed = scan(root, timeout_s=300)
    benchmarks = [load(name) for name in benchmark_ids()]

    def work() -> None:
        evidence = read(printed)
        for benchmark in benchmarks:
            judge(evidence, benchmark)

    work()
    return work


def _inside(*command: str) -> Callable[[Path], Work]:
    return lambda root: ["chroot", str(root), *command]


def _oscap(profile: str) -> Callable[[Path], Work]:
    return _inside("oscap", "xccdf", "eval", "--profile", _PROFILE + profile, _CONTENT)


CONTESTANTS = (
    Contestant("find", lambda root: ["find", str(root), "-xdev"]),
    Contestant("probe", lambda root: ["sh", "-c", linux_probe(), "probe", "--root", str(root)]),
    Contestant("judge", _judging),
    Contestant(
        "cce scan",
        lambda root: [
            sys.executable, "-m", "cce", "scan", "--root", str(root), "--format", "json",
            "--benchmark", ",".join(benchmark_ids()),
        ],
    ),
    Contestant("oscap-standard", _oscap("standard"), inside=True),
    Contestant("oscap-high", _oscap("anssi_bp28_high"), inside=True),
    Contestant("lynis", _inside("lynis", "audit", "system", "--quick", "--no-colors"), inside=True),
)  # fmt: skip
