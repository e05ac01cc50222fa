"""The pieces of the command line that need no probe."""

from __future__ import annotations

import os
import stat
import threading
from argparse import Namespace
from typing import TYPE_CHECKING

import pytest

from cce.cli import files, main
from cce.cli.selection import selected
from cce.cli.status import exit_status
from cce.cli.unread import unread_lines
from cce.errors import BenchmarkError, OutputError
from cce.evidence.model import Evidence
from cce.verdict import Fact, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from report_samples import Samples


def evidence(**meta: str) -> Evidence:
    return Evidence(1, "1.0.0", meta, {})


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([Verdict.GOOD, Verdict.REVIEW], 0),
        ([Verdict.GOOD, Verdict.ERROR, Verdict.REVIEW], 2),
        ([Verdict.NOT_APPLICABLE], 0),
        ([Verdict.GOOD, Verdict.VULNERABLE], 1),
        ([Verdict.ERROR, Verdict.VULNERABLE], 1),
        ([Verdict.ERROR, Verdict.ERROR], 2),
        ([], 2),
    ],
)
def test_the_exit_status_says_whether_something_is_vulnerable(
    samples: Samples, verdicts: list[Verdict], status: int
) -> None:
    assert status == exit_status([samples.verdict("U-01", verdict) for verdict in verdicts])


def test_an_unknown_item_is_named_with_those_near_it() -> None:
    with pytest.raises(BenchmarkError, match=r"no item 'U-011'; near: .*U-01"):
        selected(Namespace(benchmark=["kisa-2021"], items=("U-011",)))


def test_an_unknown_benchmark_is_named_with_those_near_it() -> None:
    with pytest.raises(BenchmarkError, match=r"no benchmark 'kisa-2012'; near: .*kisa-2021"):
        selected(Namespace(benchmark=["kisa-2021", "kisa-2012"], items=()))


def test_items_may_be_written_small_and_with_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["judge", "/nonexistent/x", "--items", " u-01 , u-07"])
    assert "evidence /nonexistent/x cannot be read: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["scan", "--format", "pdf"], ["fly"], ["scan", "--timeout", "0"]])
def test_bad_arguments_are_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert 2 == caught.value.code
    assert "usage: cce" in capsys.readouterr().err


def test_a_root_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["scan", "--root", "/nonexistent/root"])
    assert "root directory /nonexistent/root does not exist" in capsys.readouterr().err


def test_an_output_directory_that_does_not_exist_is_named_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == main(["scan", "--root", "/nonexistent/root", "--output", f"{tmp_path}/no/report.html"])
    assert f"directory {tmp_path}/no does not exist" in capsys.readouterr().err


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old and longer")
    path.chmod(0o640)

    files.write(path, b"new")

    assert b"new" == path.read_bytes()
    assert 0o640 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(tmp_path.iterdir())


def test_evidence_is_readable_for_its_owner_only(tmp_path: Path) -> None:
    files.write(tmp_path / "e", b"x", private=True)

    assert 0o600 == stat.S_IMODE((tmp_path / "e").stat().st_mode)


def test_a_link_is_followed_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")

    files.write(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert b"new" == (tmp_path / "real").read_bytes()


def test_a_pipe_is_written_through_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()

    files.write(pipe, b"new")
    reader.join(timeout=10)

    assert [b"new"] == read
    assert pipe.is_fifo()


def test_a_directory_is_no_output_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a directory"):
        files.write(tmp_path, b"x")


def test_what_could_not_be_read_is_said_with_the_remedy(samples: Samples) -> None:
    verdicts = [
        samples.verdict("U-01", Verdict.GOOD),
        samples.verdict("U-02", Verdict.ERROR, facts=(Fact("/etc/shadow\x1b", "denied"),)),
    ]

    lines = unread_lines({"kisa-2021": verdicts}, evidence(euid="1000"))

    assert [
        "1 of 2 items could not be checked (점검불가): U-02",
        r"not read: /etc/shadow\x1b: denied",
        "it ran without root privileges; run it as root to read everything",
    ] == lines
    assert 2 == len(unread_lines({"kisa-2021": verdicts}, evidence(euid="0")))
    assert [] == unread_lines({"kisa-2021": verdicts[:1]}, evidence(euid="1000"))


def test_what_could_not_be_read_is_said_for_each_edition(samples: Samples) -> None:
    good = [samples.verdict("U-01", Verdict.GOOD)]
    unread = [samples.verdict("U-02", Verdict.ERROR, facts=(Fact("/etc/shadow", "denied"),))]

    assert [
        "kisa-2026: 1 of 1 items could not be checked (점검불가): U-02",
        "not read: /etc/shadow: denied",
    ] == unread_lines({"kisa-2021": good, "kisa-2026": unread}, evidence(euid="0"))


def test_several_benchmarks_are_taken_once_each_in_the_order_given() -> None:
    def ids(*benchmarks: str) -> list[str]:
        return [b.id for b in selected(Namespace(benchmark=list(benchmarks) or None, items=()))]

    assert ["kisa-2021"] == ids()
    assert ["kisa-2026", "kisa-2021"] == ids("kisa-2026", "kisa-2021", "kisa-2026")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (("U-01",), {"kisa-2021": ["U-01"], "kisa-2026": ["U-01"]}),
        # 2026 has 67 items; the mode of NFS's configuration, U-69 in 2021, is part of U-40
        (("U-69", "U-01"), {"kisa-2021": ["U-01", "U-69"], "kisa-2026": ["U-01"]}),
        (("U-69",), {"kisa-2021": ["U-69"]}),
    ],
)
def test_items_are_each_editions_own_and_an_edition_without_any_is_left_out(
    items: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    got = selected(Namespace(benchmark=["kisa-2021", "kisa-2026"], items=items))

    assert expected == {b.id: [item.id for item in b.items] for b in got}


def test_a_defect_of_cce_is_never_taken_for_something_vulnerable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_args: Namespace) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("cce.cli.benchmarks.run", broken)

    assert 2 == main(["benchmarks"])
    assert "this is a defect of cce" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--items", "--benchmark"])
def test_an_option_that_names_nothing_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["judge", "x", option, " , "])

    assert "it names none" in capsys.readouterr().err
