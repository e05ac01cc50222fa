"""The ``cce`` command as a user runs it: a process, its output, its exit status."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from cce.evidence.frame import frame, unframe
from debian_roots import RECORDINGS

if TYPE_CHECKING:
    from pathlib import Path

_CCE = (sys.executable, "-m", "cce")
_PASSWD = "root:x:0:0:root:/root:/bin/bash\nkim:x:1000:1000:김:/home/kim:/bin/bash\n"
_GROUP = "root:x:0:\nkim:x:1000:\n"
_HOSTILE = "=<script>alert(1)\n\x1b[2J\u202e한글"
_COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-7]")


def environment(**more: str) -> dict[str, str]:
    """A plain environment: nothing of the tester's locale or colours."""
    kept = {key: os.environ[key] for key in ("PATH", "PYTHONPATH") if key in os.environ}
    return {**kept, "LANG": "ko_KR.UTF-8", "HOME": "/nonexistent", **more}


def cce(*arguments: str, stdin: bytes | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command."""
    return subprocess.run(
        [*_CCE, *arguments],
        input=stdin,
        env=environment(**env),
        capture_output=True,
        timeout=120,
        check=False,
    )


def record_bytes(passwd: str, **meta: str) -> bytes:
    """Records of a server of which only ``/etc/passwd`` is known; ``passwd`` is its file record's end."""
    facts = {
        "started": "1795311000",
        "finished": "1795311004",
        "hostname": "web-1",
        "mode": "live",
        "euid": "0",
    }
    rows = [
        "cce\t1\t1.0.0",
        *(f"meta\t{key}\t{value}" for key, value in (facts | meta).items()),
        "table\t/etc/passwd\tok",
        "account\t1\troot\t0\t0\t/root\t/bin/bash\tx",
        "table\t/etc/group\tok",
        "group\t1\troot\t0\t",
        f"file\t/etc/passwd\t{passwd}",
    ]
    return "".join(f"{row}\n" for row in [*rows, f"end\t{len(rows)}"]).encode()


GOOD = record_bytes("ok\tf\t0644\t0\t0\t1200")
VULNERABLE = record_bytes("ok\tf\t0666\t0\t0\t1200")
DENIED = record_bytes("denied\t\t\t\t\t", euid="1000")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small root directory whose ``/etc/passwd`` anybody may write, with a file of a hostile name."""
    root = tmp_path / "root"
    for directory in ("etc", "srv", "home/kim", "root"):
        (root / directory).mkdir(parents=True)
    (root / "etc/passwd").write_text(_PASSWD)
    (root / "etc/passwd").chmod(0o666)
    (root / "etc/group").write_text(_GROUP)
    (root / "etc/hostname").write_text("image-1\n")
    (root / "etc" / _HOSTILE).write_text("")
    (root / "etc" / _HOSTILE).chmod(0o666)
    return root


@pytest.fixture
def evidence(root: Path, tmp_path: Path) -> Path:
    """What the probe printed for that root directory."""
    path = tmp_path / "evidence.txt"
    done = cce("scan", "--root", str(root), "--items", "U-07", "--save-evidence", str(path))
    assert (1, b"") == (done.returncode, done.stderr)
    return path


def document(done: subprocess.CompletedProcess[bytes]) -> Any:
    assert done.returncode in {0, 1}, done.stderr
    return json.loads(done.stdout)


def test_a_scan_of_a_root_directory_prints_the_document_and_ends_with_1(root: Path) -> None:
    done = cce("scan", "--root", str(root), "--format", "json", "--items", "U-07,U-15")

    result = document(done)
    assert 1 == done.returncode
    keys = ["server", "benchmark", "collected_at", "tailoring", "deviations", "summary", "verdicts"]
    assert keys == list(result)
    assert "kisa-2021" == result["benchmark"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["collected_at"])
    assert ["U-07", "U-15"] == [verdict["item"] for verdict in result["verdicts"]]
    passwd = result["verdicts"][0]
    assert ("상", "vulnerable") == (passwd["severity"], passwd["verdict"])
    assert "/etc/passwd" == passwd["evidence"][0]["source"]
    assert {"judged", "score", "weighted", "good", "vulnerable"} <= set(result["summary"])


def test_all_items_of_a_root_directory_are_judged(root: Path) -> None:
    result = document(cce("scan", "--root", str(root), "--format", "json"))
    editions = json.loads(cce("benchmarks", "--format", "json").stdout)

    assert [item["item"] for item in editions[0]["items"]] == [v["item"] for v in result["verdicts"]]


BOTH = ("--benchmark", "kisa-2021,kisa-2026")


@pytest.mark.row("R6", how="hub")
def test_one_scan_is_judged_under_both_editions(root: Path) -> None:
    """/etc/passwd is U-07 in 2021 and U-16 in 2026."""
    arguments = ("scan", "--root", str(root), *BOTH, "--items", "U-07,U-16", "--format")

    listed = document(cce(*arguments, "json"))
    rows = list(csv.DictReader(io.StringIO(cce(*arguments, "csv").stdout.decode("utf-8-sig"))))
    shown = [cce(*arguments, kind).stdout.decode() for kind in ("table", "html")]

    passwd = {"kisa-2021": "U-07", "kisa-2026": "U-16"}
    assert list(passwd) == [one["benchmark"] for one in listed]
    for one in listed:
        verdicts = {v["item"]: v for v in one["verdicts"]}
        got = verdicts[passwd[one["benchmark"]]]
        assert ("vulnerable", "/etc/passwd") == (got["verdict"], got["evidence"][0]["source"])
    judged = {(row["benchmark"], row["item"]): row["verdict"] for row in rows}
    assert ["vulnerable"] * 2 == [judged[key] for key in passwd.items()]
    assert [True] * 4 == [name in text for text in shown for name in passwd]


def test_benchmarks_may_be_repeated_or_written_with_commas(evidence: Path) -> None:
    repeated = cce("judge", str(evidence), "--benchmark", "kisa-2021", "--benchmark", "kisa-2026")

    assert repeated.stdout == cce("judge", str(evidence), *BOTH).stdout
    assert 2 == cce("judge", str(evidence), "--benchmark", ",").returncode


RECORDING = str(RECORDINGS / "debian12-default.evidence")


def test_the_editions_are_compared_without_evidence() -> None:
    done = cce("diff-editions", "--format", "json")

    compared = json.loads(done.stdout)
    hosts = next(s for s in compared["steps"] if s["older"] and s["older"]["item"] == "U-09")
    assert (0, b"") == (done.returncode, done.stderr)
    assert ("kisa-2021", "kisa-2026") == (compared["older"], compared["newer"])
    assert ("U-19", ["renumbered", "criterion"]) == (hosts["newer"]["item"], hosts["changes"])
    assert (None, None) == (hosts["older"]["verdict"], hosts["newer"]["verdict"])
    assert "600 → 644" in hosts["change_ko"]


def test_a_servers_verdicts_become_what_the_newer_edition_makes_of_them() -> None:
    done = cce("diff-editions", RECORDING, "--format", "json")

    steps = json.loads(done.stdout)["steps"]
    sides = {
        (s["older"]["item"] if s["older"] else None, s["newer"]["item"]): (
            s["older"]["verdict"] if s["older"] else None,
            s["newer"]["verdict"],
            s["differs"],
        )
        for s in steps
    }
    assert 1 == done.returncode
    assert ("vulnerable", "good", True) == sides["U-09", "U-19"]
    assert ("vulnerable", "vulnerable", False) == sides["U-47", "U-02"]
    assert (None, "good", False) == sides[None, "U-13"]
    assert (None, "good", False) == sides[None, "U-17"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_comparison_fits_80_columns_and_names_the_verdict_on_both_sides(language: str) -> None:
    done = cce("diff-editions", RECORDING, "--language", language, COLUMNS="80")

    lines = done.stdout.decode().splitlines()
    hosts = next(n for n, line in enumerate(lines) if line.strip().startswith("U-09"))
    then, now = {"ko": ("취약", "→ 양호"), "en": ("Vulnerable", "→ Good")}[language]
    assert max(cell_len(line) for line in lines) <= 80
    assert lines[hosts].rstrip().endswith(then)
    assert lines[hosts + 1].rstrip().endswith(now)
    assert any("WEB-04" in line for line in lines)


def test_a_comparison_says_what_was_not_read_and_refuses_garbage(tmp_path: Path) -> None:
    said = cce("diff-editions", "-", stdin=GOOD).stderr.decode()
    garbage = cce("diff-editions", "-", stdin=b"nothing")
    written = cce("diff-editions", "--output", str(tmp_path / "d.txt"))

    assert re.search(r"kisa-2026: \d+ of \d+ items could not be checked", said)
    assert (2, b"") == (garbage.returncode, garbage.stdout)
    assert (0, b"") == (written.returncode, written.stdout)
    assert "U-72" in (tmp_path / "d.txt").read_text("utf-8")


def test_the_table_fits_80_columns_when_piped(root: Path) -> None:
    done = cce("scan", "--root", str(root), *BOTH, COLUMNS="80")

    lines = done.stdout.decode().splitlines()
    assert any("취약" in line for line in lines)
    assert max(cell_len(line) for line in lines) <= 80
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("kind", ["table", "json", "csv", "html"])
def test_a_hostile_file_name_is_harmless_in_every_format(root: Path, kind: str) -> None:
    done = cce("scan", "--root", str(root), "--items", "U-15", "--format", kind, "--language", "ko")

    text = done.stdout.decode("utf-8-sig")
    assert 1 == done.returncode
    assert not set("\x1b\u202e") & set(text)
    assert "한글" in text
    assert kind != "html" or "<script" not in text
    assert kind != "csv" or not any(
        cell.startswith("=") for row in csv.reader(io.StringIO(text)) for cell in row
    )


def test_saved_evidence_is_judged_to_the_same_document(root: Path, evidence: Path) -> None:
    again = cce("judge", str(evidence), "--items", "U-07", "--format", "json")
    stdin = cce("judge", "-", "--items", "U-07", "--format", "json", stdin=evidence.read_bytes())

    assert document(again) == document(stdin)
    assert "vulnerable" == document(again)["verdicts"][0]["verdict"]
    assert root.exists()


def test_stored_records_are_judged_like_the_frame_they_came_in(evidence: Path, tmp_path: Path) -> None:
    stored = tmp_path / "evidence.gz"
    stored.write_bytes(gzip.compress(unframe(evidence.read_text())))

    assert cce("judge", str(evidence)).stdout == cce("judge", str(stored)).stdout


@pytest.mark.parametrize(("records", "status"), [(GOOD, 0), (VULNERABLE, 1), (DENIED, 2)])
def test_the_exit_status_is_0_good_1_vulnerable_2_not_assessed(records: bytes, status: int) -> None:
    done = cce("judge", "-", "--items", "U-07", stdin=records)

    assert status == done.returncode, done.stderr


def test_what_was_not_readable_without_root_is_said(tmp_path: Path) -> None:
    path = tmp_path / "frame"
    path.write_text(frame(DENIED))

    done = cce("judge", str(path), "--items", "U-07")

    said = done.stderr.decode()
    assert "1 of 1 items could not be checked (점검불가): U-07" in said
    assert "/etc/passwd: denied" in said
    assert "run it as root" in said


@pytest.mark.parametrize(
    "garbage", [b"", b"bash: command not found\n", frame(GOOD).encode()[:-60], GOOD[:-20], b"\x1f\x8bnothing"]
)
def test_garbage_is_status_2_with_a_message(garbage: bytes) -> None:
    done = cce("judge", "-", stdin=garbage)

    assert (2, b"") == (done.returncode, done.stdout)
    assert done.stderr.startswith(b"cce: CCE-200: ")
    assert 1 == done.stderr.count(b"\n")


def test_a_gzip_bomb_is_refused() -> None:
    done = cce("judge", "-", stdin=gzip.compress(bytes(40 * 1024 * 1024)))

    assert 2 == done.returncode
    assert b"larger than" in done.stderr


def test_an_unknown_item_is_status_2_and_names_the_near_ones() -> None:
    done = cce("judge", "-", "--items", "U-07,U-0B", stdin=GOOD)

    assert 2 == done.returncode
    assert re.search(rb"kisa-2021 has no item 'U-0B'; near: .*U-0\d", done.stderr)


def test_an_output_file_is_replaced_whole(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text("old")

    done = cce("judge", "-", "--items", "U-07", "--format", "html", "--output", str(report), stdin=VULNERABLE)

    assert (1, b"") == (done.returncode, done.stdout)
    assert report.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert "web-1" in report.read_text("utf-8")
    assert [report] == list(tmp_path.iterdir())


def test_colour_is_for_terminals_and_not_with_no_color() -> None:
    assert _COLOUR.search(on_a_terminal())
    assert not _COLOUR.search(on_a_terminal(NO_COLOR="1"))


def on_a_terminal(**env: str) -> str:
    """What the command prints on a terminal of 80 columns."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*_CCE, "judge", "-", "--items", "U-07"],
        stdin=subprocess.PIPE,
        stdout=slave,
        env=environment(TERM="xterm-256color", COLUMNS="80", **env),
    )
    os.close(slave)
    process.communicate(frame(VULNERABLE).encode(), timeout=60)
    shown = os.read(master, 65536).decode()
    os.close(master)
    assert 1 == process.returncode
    return shown


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    process = subprocess.Popen([*_CCE, "benchmarks"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    process.stdout.close()

    assert process.stderr
    assert b"" == process.stderr.read()
    assert 141 == process.wait(timeout=60)
    process.stderr.close()


def test_ctrl_c_is_no_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen([*_CCE, "judge", str(pipe)], stderr=subprocess.PIPE)
    with pipe.open("wb"):  # opens when the command reads
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)

    assert (130, b"") == (process.returncode, said)


def test_the_version_is_printed() -> None:
    assert re.fullmatch(rb"cce \d+\.\d+\.\d+\n", cce("--version").stdout)


def test_the_editions_are_listed_with_titles_in_both_languages() -> None:
    listed = cce("benchmarks").stdout.decode()

    assert "kisa-2021  edition 2021.03, 72 of 72 items" in listed
    assert "kisa-2026  edition 2026, 75 of 93 items" in listed
    assert "U-01" in listed
    assert "root 계정 원격" in listed


def test_a_full_disk_behind_standard_output_is_an_error_of_one_line(root: Path) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        command = [*_CCE, "scan", "--root", root, "--items", "U-07"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)

    assert 2 == done.returncode
    assert b"cce: CCE-402: standard output cannot be written: No space left on device\n" == done.stderr


def test_a_directory_that_is_no_root_directory_says_what_is_missing(tmp_path: Path) -> None:
    done = cce("scan", "--root", str(tmp_path), "--items", "U-07")

    assert 2 == done.returncode
    assert b"cce: there is no /etc\n" in done.stderr
