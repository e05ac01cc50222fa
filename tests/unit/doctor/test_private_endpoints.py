"""docs/private-endpoints.md names every lesson, every check and every permission, as the code has them."""

from __future__ import annotations

import re
from pathlib import Path

from cce.doctor.checks import CHECKS
from cce.doctor.collect import collect
from doctor_recordings import healthy

TEXT = (Path(__file__).parents[3] / "docs" / "private-endpoints.md").read_text("utf-8")
ROWS = {m[1]: m[2] for m in re.finditer(r"^\| (T\d+) \| [^|]+ \| ([^|]+) \|$", TEXT, re.MULTILINE)}

#: How IAM calls services that boto3 calls otherwise.
IAM = {"apigatewayv2": "apigateway", "elbv2": "elasticloadbalancing"}


def test_every_lesson_has_an_answer() -> None:
    assert [f"T{n}" for n in range(1, 38)] == list(ROWS)
    assert all(re.search(r"template|decision|DOC-\d\d", answer) for answer in ROWS.values())


def test_lessons_and_checks_name_each_other() -> None:
    by_check = {(lesson, c.meaning.id) for c in CHECKS.values() for lesson in c.meaning.lessons}
    by_row = {(row, id_) for row, answer in ROWS.items() for id_ in re.findall(r"DOC-\d\d", answer)}

    assert by_check == by_row


def test_the_permissions_are_those_of_the_questions() -> None:
    recording = healthy()
    twin = recording.aws
    collect(twin, recording.net, recording.question)
    needed = set()
    for service, operation, _ in twin.asked:
        name = IAM.get(service, service)
        needed.add(
            "apigateway:GET" if name == "apigateway" else f"{name}:{operation.title().replace('_', '')}"
        )

    listed = set(re.findall(r'"([a-z0-9]+:[A-Za-z]+)"', TEXT))
    assert needed - {"sts:GetCallerIdentity"} == listed  # which needs no permission
