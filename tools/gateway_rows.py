"""Make docs/gateway-rows.md: every row of the gateway guide, what realises it, and the tests that show it.

A test says which rows it shows by ``@pytest.mark.row("123", "124", how="native")``; the marker may stand on a
function, a class, a parameter or in ``pytestmark``. Rows that no test shows need a decision in the data file.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
ROWS: Final = ROOT / "tests/data/gateway-rows.yaml"
LESSONS: Final = ROOT / "docs/private-endpoints.md"
TARGET: Final = ROOT / "docs/gateway-rows.md"

#: What may realise a row, as the table explains it.
HOW: Final = {
    "native": "API Gateway itself, from the compiled document",
    "relay": "the relay function, for what API Gateway cannot do",
    "authorizer": "the authorizer function",
    "local": "the engine in `cce gateway serve`; relay and authorizer share it",
    "definition": "refused or decided when the definition file is read",
    "cli": "a verb of `cce gateway`",
    "statistics": "the roll-up of access records, its API and its page",
    "template": "the template of the hub",
    "doctor": "`cce doctor`",
    "hub": "assessments, findings, reports and the private API of the hub",
}

#: How a decision without a test begins, and what the table calls it; any other is a decision.
_WITHOUT: Final = ("Refused", "Not yet", "Out of scope")

_LESSON: Final = re.compile(r"^\| (T\d+) \| (.+) \| (.+) \|$", re.MULTILINE)

_INTRODUCTION: Final = """\
# The gateway guide, row by row

Made by `make gateway-rows` from the markers of the tests; do not edit. The rows are those of NHN
Cloud's console guide for API Gateway (1-173), of its error responses (by result code), of what API
Gateway of AWS cannot do alone (G), of the regulation (R) and of the talk on automating CCE with VPC
endpoints (T). A row is shown by tests, or carries the decision about it; a row that has both is
done otherwise than it says, or by another way than one would think. "Not yet" and "out of scope" are
not realised.

"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``decision`` says why no test shows it, or adds to the tests what a reader should know."""

    row: str
    part: str
    says: str
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A test that shows a row. ``test`` is ``path::name``."""

    row: str
    how: str
    test: str


def rows() -> tuple[Row, ...]:
    """The rows in their order; the lessons of the talk, answered in docs/private-endpoints.md, come last."""
    guide = [Row(**row) for row in yaml.safe_load(ROWS.read_text(encoding="utf-8"))]
    lessons = _LESSON.findall(LESSONS.read_text(encoding="utf-8"))
    return (*guide, *(Row(row, "Lessons of the talk", says, answer) for row, says, answer in lessons))


def shown() -> tuple[Shown, ...]:
    """Every row marker of the tests.

    Raises
    ------
    SystemExit
        When a marker names no row, or says no known ``how``; the text names its place.
    """
    known = {row.row for row in rows()}
    found = [mark for path in sorted((ROOT / "tests").rglob("test_*.py")) for mark in _marks(path)]
    if wrong := [mark for mark in found if mark.row not in known or mark.how not in HOW]:
        raise SystemExit(
            f"no such row or how: {wrong[0]}; rows stand in {ROWS.name}, how is one of {list(HOW)}"
        )
    return tuple(dict.fromkeys(found))


def render() -> str:
    """The document as text, as it is checked in."""
    tests: dict[str, list[Shown]] = defaultdict(list)
    for mark in shown():
        tests[mark.row].append(mark)
    return _INTRODUCTION + _legend() + "".join(_parts(rows(), tests))


def _legend() -> str:
    return "".join(f"* **{how}**: {text}\n" for how, text in HOW.items())


def _parts(every: Iterable[Row], tests: Mapping[str, list[Shown]]) -> Iterator[str]:
    part = ""
    for row in every:
        if row.part != part:
            part = row.part
            yield f"\n## {part}\n\n| row | says | realised by | shown by, or decided |\n|---|---|---|---|\n"
        marks = tests.get(row.row, [])
        how = ", ".join(dict.fromkeys(mark.how for mark in marks)) or _without(row.decision)
        yield f"| {row.row} | {_cell(row.says)} | {how} | {_cell(_evidence(row, marks))} |\n"


def _evidence(row: Row, marks: list[Shown]) -> str:
    links = [f"[{mark.test.split('::')[1]}](../{mark.test.split('::')[0]})" for mark in marks]
    return " · ".join([*([row.decision] if row.decision else []), *dict.fromkeys(links)])


def _without(decision: str) -> str:
    return next((begin.lower() for begin in _WITHOUT if decision.startswith(begin)), "decision")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _marks(path: Path) -> Iterator[Shown]:
    file = path.relative_to(ROOT).as_posix()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        name = node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else path.stem
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.row":
                yield from _of_call(call, f"{file}::{name}")


def _of_call(call: ast.Call, test: str) -> Iterator[Shown]:
    how = next((ast.literal_eval(keyword.value) for keyword in call.keywords if keyword.arg == "how"), "")
    for argument in call.args:
        yield Shown(ast.literal_eval(argument), how, test)


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(rows())} rows, {len(shown())} marks\n")
