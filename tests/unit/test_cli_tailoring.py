"""``--tailoring`` and ``cce tailoring``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from cce.cli import main

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = str(ROOT / "lab/recordings/debian12-default.evidence")
EXAMPLE = str(ROOT / "docs/examples/tailoring.yaml")


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) in {0, 1}
    return capsys.readouterr().out


def _judged(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    text = _printed(capsys, "judge", EVIDENCE, "--format", "json", "--tailoring", EXAMPLE, *arguments)
    document: dict[str, Any] = json.loads(text)
    return document


def _verdict(document: dict[str, Any], item: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in document["verdicts"] if row["item"] == item)
    return found


def test_judge_judges_by_the_file_and_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    document = _judged(capsys)

    assert "example-bank" == document["tailoring"]
    assert ("good", "0400", "0640") == (
        _verdict(document, "U-08")["verdict"],
        *(_verdict(document, "U-08")["tailored"][0][key] for key in ("guide", "value")),
    )
    assert "not_applicable" == _verdict(document, "U-18")["verdict"]
    assert {"U-03", "U-08", "U-13", "U-15", "U-18", "U-54"} <= {
        item for row in document["deviations"] for item in row["items"]
    }


def test_overlays_are_those_of_the_account_and_the_tags_that_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bastion = _judged(capsys, "--tag", "Role=bastion", "--tag", "Env=prod")
    card = _judged(capsys, "--account", "222222222222")

    assert "3" == _verdict(bastion, "U-03")["tailored"][0]["value"]
    assert [] == _verdict(bastion, "U-18")["tailored"]
    assert ("5", []) == (_verdict(card, "U-03")["tailored"][0]["value"], _verdict(card, "U-54")["tailored"])


def test_overlays_that_nobody_asked_for_are_said_to_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    main(["judge", EVIDENCE, "--tailoring", EXAMPLE, "--format", "json"])
    assert "2 overlays of the tailoring are left out: name the server's --account" in capsys.readouterr().err
    main(["judge", EVIDENCE, "--tailoring", EXAMPLE, "--format", "json", "--tag", "Role=web"])
    assert "left out" not in capsys.readouterr().err


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_format_shows_the_deviations(capsys: pytest.CaptureFixture[str], language: str) -> None:
    by = ("judge", EVIDENCE, "--tailoring", EXAMPLE, "--language", language)
    word = {"ko": "조직 기준 적용", "en": "Not as the guide"}[language]

    assert word in _printed(capsys, *by)
    assert word in _printed(capsys, *by, "--format", "html")
    table = list(csv.DictReader(io.StringIO(_printed(capsys, *by, "--format", "csv"))))
    assert [row["item"] for row in table if "seconds: 600 → 900" in row[f"tailored_{language}"]] == ["U-54"]


def test_the_exit_status_is_by_the_tailored_verdicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("tailoring: x\npolicy: {shadow_mode: {value: '0640', reason: Debian}}\n")

    by = ["judge", EVIDENCE, "--items", "U-08", "--format", "json"]
    assert (1, 0) == (main(by), main([*by, "--tailoring", str(file)]))
    assert capsys.readouterr().err == ""


def test_both_editions_are_compared_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    by = ("diff-editions", EVIDENCE, "--tailoring", EXAMPLE)
    document = json.loads(_printed(capsys, *by, "--format", "json"))

    shadow = next(s for s in document["steps"] if s["older"] and s["older"]["item"] == "U-08")
    assert ("good", "good") == (shadow["older"]["verdict"], shadow["newer"]["verdict"])
    assert ["mode"] == [d["parameter"] for d in shadow["newer"]["tailored"]]
    assert {"kisa-2021", "kisa-2026"} == {row["benchmark"] for row in document["deviations"]}
    assert "조직 기준 적용 사항" in _printed(capsys, *by, "--language", "ko")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--tailoring", "/nonexistent/t.yaml"),
            "tailoring /nonexistent/t.yaml cannot be read: No such file",
        ),
        (("--tailoring", "/"), "tailoring / cannot be read: Is a directory"),
        (("--tailoring", EVIDENCE), "debian12-default.evidence:1: "),
    ],
)
def test_a_file_that_is_no_tailoring_is_status_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert 2 == main(["judge", EVIDENCE, *arguments])
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--account", "1"), "'1' is no account id"), (("--tag", "Role"), "'Role' is no tag; write KEY=VALUE")],
)
def test_an_account_or_a_tag_that_is_none_is_refused_with_its_form(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit):
        main(["judge", EVIDENCE, *arguments])
    assert said in capsys.readouterr().err


def test_check_says_what_each_edition_becomes(capsys: pytest.CaptureFixture[str]) -> None:
    text = _printed(capsys, "tailoring", "check", EXAMPLE)

    assert "example-bank: the file is right; 2 overlays" in text
    assert "kisa-2026: " in text
    assert "for bastions (tag Role=bastion): 외부 접점이므로 더 엄격하게" in text
    assert "  U-54\n      as the guide says again, for card (accounts 222222222222)" in text


def test_check_is_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(_printed(capsys, "tailoring", "check", EXAMPLE, "--format", "json"))

    assert ("example-bank", 2) == (document["tailoring"], document["overlays"])
    assert ["5", "3"] == [
        row["value"]
        for row in document["deviations"]
        if row["benchmark"] == "kisa-2021" and row["parameter"] == "attempts"
    ]
    assert [["U-18"], ["U-54"]] == [
        row["items"] for row in document["restored"] if row["benchmark"] == "kisa-2021"
    ]


def test_check_names_each_problem_on_a_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("tailoring: x\npolicy: {a: {value: 1, reason: x}, b: {value: 1, reason: x}}\n")
    assert 2 == main(["tailoring", "check", str(file)])

    lines = capsys.readouterr().err.splitlines()
    assert [f"{file}:2: policy.a: ", f"{file}:2: policy.b: "] == [
        line.partition("there")[0] for line in lines
    ]


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert (ROOT / "docs/tailoring.schema.json").read_text("utf-8") == _printed(capsys, "tailoring", "schema")
