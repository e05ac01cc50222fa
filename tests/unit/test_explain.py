"""``cce explain``: what an item wants, what was read, what to do."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from cce.benchmarks import load
from cce.cli import main
from cce.judge import judge_item
from cce.remedies import FAMILIES
from cce.remedies.plan import fitting
from cce.report.as_table import as_text
from cce.report.explanation import explain, explanation_json, parameters
from cce.report.explanation_view import explanation_view
from debian_roots import RECORDINGS
from evidence_samples import evidence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cce.benchmarks import Item

RECORDING = str(RECORDINGS / "debian12-misconfigured.evidence")


def item(item_id: str, benchmark: str = "kisa-2021") -> Item:
    return next(i for i in load(benchmark).items if i.id == item_id)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["explain", *arguments])
    return status, capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(said(capsys, *arguments, "--format", "json")[1])
    return loaded


def test_without_evidence_it_says_what_the_item_wants_and_what_to_do_on_every_family(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, text = said(capsys, "u-02", "--language", "en")

    assert 0 == status
    assert text.startswith("U-02  Password complexity\n패스워드 복잡성 설정\nkisa-2021 (2021.03)")
    data = item("U-02").data
    flat = " ".join(text.split())
    assert data.criterion_ko in flat
    assert data.criterion_en in flat
    assert "unix.password-complexity" in text
    assert "alternatives = 3/8, 2/10" in text
    for name in ("[Debian, Ubuntu]", "[RHEL, Rocky, Amazon Linux]", "[SLES]", "May break", "The way back"):
        assert name in text
    assert "Verdict:" not in text


def test_with_evidence_it_shows_every_sub_check_with_its_facts_and_the_server_s_family_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, text = said(capsys, "U-01", "--evidence", RECORDING, "--language", "en")

    assert 1 == status
    assert "Verdict: debian12-misconfigured" in text
    assert "2 sub-checks (the worst decides)" in text
    assert "/etc/ssh/sshd_config.d/10-vendor.conf:1 → PermitRootLogin yes" in text
    assert "[Debian, Ubuntu]" in text
    assert "SLES" not in text
    assert "systemctl reload ssh\n" in text
    assert "systemctl reload sshd" not in text


@pytest.mark.parametrize(("benchmark", "mode"), [("kisa-2021", "600"), ("kisa-2026", "644")])
def test_thresholds_in_the_commands_are_those_of_the_edition(
    benchmark: str, mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = {"kisa-2021": "U-09", "kisa-2026": "U-19"}[benchmark]

    _, text = said(capsys, name, "--benchmark", benchmark, "--family", "rhel")

    assert f"chmod {mode} /etc/hosts\n" in text
    assert f"mode = 0{mode}\n" in text


def test_it_says_what_the_item_is_in_the_other_edition(capsys: pytest.CaptureFixture[str]) -> None:
    _, older = said(capsys, "U-09", "--language", "en")
    _, newer = said(capsys, "U-02", "--benchmark", "kisa-2026", "--language", "en")

    assert "→ kisa-2026 U-19 " in older
    assert "U-09 of kisa-2026 is another item: No groups without accounts" in older
    assert [f"← kisa-2021 {name}" for name in ("U-02", "U-46", "U-47", "U-48")] == re.findall(
        r"← kisa-2021 \S+", newer
    )
    assert "is another item" not in newer


def test_an_item_that_only_the_newer_edition_has_is_found_without_naming_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without = load("kisa-2021").select(tuple(i.id for i in load("kisa-2021").items if i.id != "U-13"))
    monkeypatch.setattr("cce.cli.explain.load", lambda name: without if name == "kisa-2021" else load(name))

    assert "kisa-2026" == document(capsys, "U-13")["benchmark"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["U-011"], "kisa-2021 or kisa-2026 has no item 'U-011'; near: U-01"),
        (["U-01", "--benchmark", "kisa-2012"], "there is no benchmark 'kisa-2012'; near: kisa-20"),
        (["U-01", "--root", "/nonexistent/x"], "root directory /nonexistent/x does not exist"),
        (["U-01", "--evidence", "/nonexistent/x"], "evidence /nonexistent/x cannot be read"),
    ],
)
def test_what_is_unknown_is_named_with_what_is_near(
    arguments: Sequence[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == main(["explain", *arguments])
    assert message in capsys.readouterr().err


def test_json_holds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    got = document(capsys, "U-07", "--evidence", RECORDING)

    assert ("kisa-2021", "2021.03", "U-07", "상", "auto") == tuple(
        got[key] for key in ("benchmark", "edition", "item", "severity", "automation")
    )
    assert {"rule": "unix.file-permissions"}.items() <= got["rules"][0].items()
    assert ["/etc/passwd"] == got["read"]
    assert "vulnerable" == got["verdict"]["checks"][0]["verdict"]
    (remedy,) = got["remedies"]
    assert ("passwd-mode", ["debian"], "now") == tuple(
        remedy[k] for k in ("remedy", "families", "takes_effect")
    )
    assert "chmod 644 /etc/passwd" in remedy["steps"][-1]["commands"]
    assert remedy["undo"]


def test_a_remedy_that_is_the_same_everywhere_is_written_once(capsys: pytest.CaptureFixture[str]) -> None:
    (remedy,) = document(capsys, "U-07")["remedies"]

    assert list(FAMILIES) == remedy["families"]


OFF = "tailoring: bank\nitems:\n  kisa-2021:\n    U-44: {off: true, reason: Elsewhere.}\n"


@pytest.mark.parametrize(
    ("name", "tailoring", "line"),
    [
        ("U-12", "", "There is nothing to do. --remedy prints the commands all the same."),
        ("U-44", OFF, "The tailoring switches this item off. --remedy prints"),
    ],
)
def test_where_nothing_is_to_be_done_the_commands_are_for_who_asks(
    name: str, tailoring: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = str(RECORDINGS / "debian12-default.evidence")
    arguments = [name, "--evidence", recording, "--language", "en"]
    if tailoring:
        (tmp_path / "t.yaml").write_text(tailoring)
        arguments += ["--tailoring", str(tmp_path / "t.yaml")]

    _, short = said(capsys, *arguments)
    _, full = said(capsys, *arguments, "--remedy")

    assert line in " ".join(short.split())
    assert "The way back" not in short
    assert "The way back" in full
    assert line not in full


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_sentences_keep_within_the_terminal_and_commands_stay_whole(width: int, language: Any) -> None:
    explanation = explain(load("kisa-2021"), item("U-03"))

    text = as_text(explanation_view(explanation, language=language), width=width)

    lines = text.splitlines()
    commands = {
        f"      {line}"
        for _, written in explanation.plans
        for step in (*written.steps, *written.undo)
        for line in step.run.splitlines()
    }
    assert commands <= set(lines)
    assert [] == [
        line for line in lines if cell_len(line) > width and line not in commands and "cce" not in line
    ]


def test_output_to_a_pipe_has_no_colour_and_no_trailing_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    _, text = said(capsys, "U-01", "--evidence", RECORDING)

    assert "\x1b" not in text
    assert [] == [line for line in text.splitlines() if line != line.rstrip()]


def test_a_hostile_server_writes_nothing_invisible() -> None:
    hostile = evidence(passwd="root:0:/root:/bin/bash\nto\x1b[31mor:0:/root:/bin/bash")
    judged = judge_item(hostile, item("U-44"))

    explanation = explain(load("kisa-2021"), item("U-44"), server="a\x1b[2J\u202eb", verdict=judged)
    text = as_text(explanation_view(explanation))

    assert "tor" not in text
    assert not set("\x1b\u202e") & set(text)


def test_parameters_are_written_as_people_write_them() -> None:
    _, params = item("U-11").parts[0]

    shown = dict(parameters(params))

    assert "0640" == shown["mode"]
    assert "root, bin, sys" == shown["owners"]
    assert "-" == shown["service"]


@pytest.mark.parametrize("benchmark", ["kisa-2021", "kisa-2026"])
def test_every_item_can_be_explained_in_both_forms(benchmark: str) -> None:
    for each in load(benchmark).items:
        explanation = explain(load(benchmark), each)

        assert each.data.title_en in as_text(explanation_view(explanation, language="en"), width=200)
        shown = {plan["remedy"] for plan in explanation_json(explanation)["remedies"]}
        assert {remedy.id for remedy in fitting(benchmark, each)} == shown


def test_a_tailored_threshold_is_in_the_criterion_s_note_and_in_the_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tailoring.yaml"
    text = "tailoring: bank\nitems:\n  kisa-2021:\n    U-54: {params: {seconds: 900}, reason: Long forms.}\n"
    file.write_text(text)

    _, shown = said(capsys, "U-54", "--tailoring", str(file), "--language", "en")

    assert "seconds: 600 → 900 (looser) - Long forms." in " ".join(shown.split())
    assert "'TMOUT=900'" in shown
