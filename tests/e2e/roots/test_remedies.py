"""What a remedy prints for Debian does what it says on a real Debian, and its undo brings the past back.

The commands run in a copy of the root, all remedies one after the other, then their undos in the opposite
order. Steps marked ``live`` need a service manager or the network and are left out.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import yaml

from cce.benchmarks import load
from cce.evidence import records
from cce.judge import judge
from cce.remedies import load_remedies
from cce.remedies.kept import PlannedStep
from cce.remedies.plan import plan
from cce.scan import scan
from cce.text import Text
from cce.verdict import Verdict
from debian_roots import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cce.remedies.plan import Plan
    from cce.verdict import ItemVerdict

pytestmark = pytest.mark.roots

STATES = (
    "misconfigured",
    "default",
    "edge-misconfigured",
    "office-misconfigured",
    "legacy-misconfigured",
    "legacy-default",
)
BENCHMARKS = ("kisa-2021", "kisa-2026")
REMEDIES = {remedy.id: remedy for remedy in load_remedies()}
#: Tools keep the former table in these and add to the end of those; the group wheel stays.
REWRITTEN = frozenset(
    {"etc/group", "etc/gshadow", *(f"etc/{n}-" for n in ("group", "gshadow", "passwd", "shadow"))}
)
#: Directories that a remedy made stay, and so does what web-root copied.
MADE = frozenset({"srv/www", "srv/www/site", "etc/sysusers.d", "etc/systemd/timesyncd.conf.d"})
#: Where remedies change anything.
PARTS = ("etc", "usr", "home", "root", "srv", "opt", "dev", "var/spool")


@dataclass(frozen=True, slots=True)
class Case:
    """A remedy as it is run on a root, and what an assessment must say afterwards."""

    state: str
    remedy: str
    item: str
    benchmark: str
    inputs: tuple[Mapping[str, str], ...]
    good: bool
    spares: tuple[str, ...]  # no longer blamed
    says: str  # in the reason of one of the good checks
    plant: str  # a command that makes the fault first

    @property
    def plan(self) -> Plan:
        """The remedy with the thresholds of its item."""
        item = next(item for item in load(self.benchmark).items if item.id == self.item)
        return plan(REMEDIES[self.remedy], "debian", item)


def cases() -> list[Case]:
    rows = yaml.safe_load((PROJECT / "tests/data/remedies-proven.yaml").read_text("utf-8"))
    return [
        Case(
            state=state,
            remedy=row["remedy"],
            item=row["item"],
            benchmark=row.get("benchmark", "kisa-2021"),
            inputs=tuple(row.get("inputs", [{}])),
            good=row.get("good", False),
            spares=tuple(row.get("spares", ())),
            says=row.get("says", ""),
            plant=row.get("plant", ""),
        )
        for state in STATES
        for row in rows[state]
    ]


@dataclass(frozen=True, slots=True)
class Course:
    """A root's verdicts as found, after all remedies, and after all undos; what files differ in the end."""

    before: Mapping[tuple[str, str], ItemVerdict]
    after: Mapping[tuple[str, str], ItemVerdict]
    undone: Mapping[tuple[str, str], ItemVerdict]
    left: frozenset[str]


def run_in(root: Path, steps: Iterable[PlannedStep], inputs: Mapping[str, str]) -> None:
    """Run the commands as root of the directory, with the variables that a person sets first."""
    settings = [f"{name}='{value}'" for name, value in inputs.items()]
    script = "\n".join([*settings, *(step.run for step in steps if step.run and not step.live)])
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "DEBIAN_FRONTEND": "noninteractive",
    }
    done = subprocess.run(
        ["chroot", root, "sh", "-eu"],
        input=script, env=environment, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert 0 == done.returncode, f"{script}\n{done.stdout}\n{done.stderr}"


def verdicts_of(root: Path) -> dict[tuple[str, str], ItemVerdict]:
    evidence = records.read(scan(root, timeout_s=60))
    return {(name, verdict.item): verdict for name in BENCHMARKS for verdict in judge(evidence, load(name))}


def tree(root: Path) -> dict[str, object]:
    """Owner, mode and contents of each file."""
    paths = (path for part in PARTS for path in (root / part).rglob("*"))
    return {str(path.relative_to(root)): _state(path) for path in paths}


def _state(path: Path) -> object:
    status = path.lstat()
    if path.is_symlink():
        return path.readlink()
    contents = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
    return status.st_mode, status.st_uid, status.st_gid, contents


@pytest.fixture(scope="session")
def courses(roots: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Course]]:
    place = tmp_path_factory.mktemp("remedies")
    yield {state: _course(roots / state, place / state) for state in STATES}
    shutil.rmtree(place)


def _course(original: Path, root: Path) -> Course:
    subprocess.run(["cp", "-a", original, root], check=True, timeout=120)
    run = [(case, inputs) for case in cases() if case.state == original.name for inputs in case.inputs]
    run_in(root, [PlannedStep(Text("", ""), case.plant, live=False) for case, _ in run], {})
    start, before = tree(root), verdicts_of(root)
    for case, inputs in run:
        # A person may paste the commands again: the second run must not take the first state for its own.
        run_in(root, case.plan.steps, inputs)
        run_in(root, case.plan.steps, inputs)
    after = verdicts_of(root)
    for case, inputs in reversed(run):
        run_in(root, case.plan.undo, inputs)
        run_in(root, case.plan.undo, inputs)
    end = tree(root)
    left = frozenset(path for path in start.keys() | end.keys() if start.get(path) != end.get(path))
    return Course(before, after, verdicts_of(root), left)


def said(verdict: ItemVerdict) -> str:
    return "\n".join(f"{fact.source} {fact.value}" for fact in verdict.facts)


@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c.state}-{c.remedy}-{c.item}")
def test_the_remedy_does_away_with_what_the_item_blamed(case: Case, courses: Mapping[str, Course]) -> None:
    key = (case.benchmark, case.item)
    before, after = courses[case.state].before[key], courses[case.state].after[key]

    assert Verdict.GOOD != before.verdict, "nothing to do here: the case proves nothing"
    assert [] == [name for name in case.spares if name not in said(before) or name in said(after)]
    assert not case.good or Verdict.GOOD == after.verdict, after.reason.en
    reasons = [check.reason.en for check in after.checks if check.verdict is Verdict.GOOD]
    assert any(case.says in reason for reason in reasons or [""])


@pytest.mark.parametrize("state", STATES)
def test_the_undos_bring_every_verdict_back(state: str, courses: Mapping[str, Course]) -> None:
    before, undone = courses[state].before, courses[state].undone

    assert {key: v.verdict for key, v in before.items()} == {key: v.verdict for key, v in undone.items()}


@pytest.mark.parametrize("state", STATES)
def test_the_undos_leave_every_file_as_it_was(state: str, courses: Mapping[str, Course]) -> None:
    assert courses[state].left <= REWRITTEN | MADE
