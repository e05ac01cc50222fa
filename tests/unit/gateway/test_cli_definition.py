"""``cce gateway validate``, ``schema``, ``export`` and ``import``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cce.cli import main

DOCS = Path(__file__).resolve().parents[3] / "docs"
EXAMPLE = DOCS / "examples/gateway/members.yaml"

WRONG = "gateway: 1\nservices:\n- name: a\n  resources: {/a: {}, b: {}}\n  stages: [{backend: 'http://localhost:80'}]\n"


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["gateway", *map(str, arguments)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_a_right_file_is_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = _run(capsys, "validate", EXAMPLE)

    assert (0, "") == (status, err)
    assert out.endswith(": the file is right\n  members: 5 paths, 7 methods; stages: (default), dev\n")


def test_of_a_wrong_file_every_problem_is_one_line(capsys: pytest.CaptureFixture[str], wrong: Path) -> None:
    status, out, err = _run(capsys, "validate", wrong)

    assert (2, "") == (status, out)
    assert [f"{wrong}:4", f"{wrong}:5", f"{wrong}:5"] == [
        ":".join(line.split(":")[:2]) for line in err.splitlines()
    ]


def test_problems_and_warnings_are_there_for_programs_too(
    capsys: pytest.CaptureFixture[str], wrong: Path, tmp_path: Path
) -> None:
    right = tmp_path / "right.yaml"
    right.write_text("gateway: 1\nservices: [{name: a, resources: {/ping: {}}}]", encoding="utf-8")

    refused: dict[str, Any] = json.loads(_run(capsys, "validate", wrong, "--json")[1])
    accepted: dict[str, Any] = json.loads(_run(capsys, "validate", right, "--json")[1])

    assert (False, [4, 5, 5]) == (refused["valid"], [problem["line"] for problem in refused["problems"]])
    assert refused["problems"][0]["message"].startswith(
        "services.0.resources.b: the path 'b' must begin with /"
    )
    assert (True, [], [2]) == (
        accepted["valid"],
        accepted["problems"],
        [warning["line"] for warning in accepted["warnings"]],
    )


def test_a_local_backend_is_right_for_the_local_server(
    capsys: pytest.CaptureFixture[str], wrong: Path
) -> None:
    methods = "{/a: {methods: {GET: {backend: {http: {path: /}}}}}}"
    wrong.write_text(WRONG.replace("{/a: {}, b: {}}", methods), encoding="utf-8")

    assert (2, 0) == (_run(capsys, "validate", wrong)[0], _run(capsys, "validate", wrong, "--local")[0])


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert (DOCS / "gateway.schema.json").read_text("utf-8") == _run(capsys, "schema")[1]


def test_export_and_import_give_the_same_definition(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    document, definition = tmp_path / "e.json", tmp_path / "d.yaml"

    document.write_text(_run(capsys, "export", EXAMPLE, "--service", "members")[1], encoding="utf-8")
    definition.write_text(_run(capsys, "import", document)[1], encoding="utf-8")

    assert document.read_text("utf-8") == _run(capsys, "export", definition)[1]


def test_an_import_that_needs_work_is_printed_with_what_is_wrong(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    document = tmp_path / "d.json"
    document.write_text('{"openapi": "3.0.0", "paths": {"/a": {"get": {}}}}', encoding="utf-8")

    status, out, err = _run(capsys, "import", document, "--stage-backend", "http://169.254.169.254")

    assert 2 == status
    assert "backend: http://169.254.169.254" in out
    assert "the printed definition:" in err
    assert "is a link-local address" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", EXAMPLE, "--service", "none"), "the definition has no service 'none'; it has: members"),
        (
            ("validate", "nowhere.yaml"),
            "nowhere.yaml cannot be read: No such file or directory; see that the name is right",
        ),
        (("validate", DOCS), "cannot be read: Is a directory; name a file in it"),
        (("diff", EXAMPLE, "--book", EXAMPLE), "Not a directory; name a directory that can be written to"),
        (("import", EXAMPLE), "it is neither OpenAPI 3 nor Swagger 2.0"),
    ],
)
def test_what_cannot_be_done_is_said(
    capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...], said: str
) -> None:
    status, out, err = _run(capsys, *arguments)

    assert (2, "") == (status, out)
    assert said in err


def test_a_service_must_be_named_where_there_are_several(
    capsys: pytest.CaptureFixture[str], wrong: Path
) -> None:
    wrong.write_text(
        "gateway: 1\nservices: [{name: a, resources: {/: {}}}, {name: b, resources: {/: {}}}]",
        encoding="utf-8",
    )

    status, _, err = _run(capsys, "export", wrong)

    assert (2, True) == (status, "name one with --service: a, b" in err)
