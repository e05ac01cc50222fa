"""Whatever awk a distribution has, the evidence is the same: mawk (Debian), gawk (RHEL, SLES), busybox's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from cce.evidence.frame import unframe
from cce.probes import linux_probe

if TYPE_CHECKING:
    from pathlib import Path

    from hostile_root import Printed

AWKS = ("mawk", "gawk", "busybox")
TIMES = re.compile(rb"^meta\t(started|finished)\t\d+$", re.MULTILINE)


@pytest.mark.parametrize("awk", AWKS)
def test_every_awk_prints_the_same_records(
    tmp_path: Path, hostile_root: Path, hostile: Printed, awk: str
) -> None:
    program = shutil.which(awk)

    assert program is not None, f"{awk} is not installed; .ci/run installs it"
    (tmp_path / "awk").symlink_to(program)
    line = "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"
    assert 1 == linux_probe().count(line)
    script = linux_probe().replace(line, line.replace("=", f"={tmp_path}:"))
    done = subprocess.run(
        ["sh", "-c", script, "probe", "--root", hostile_root],
        capture_output=True,
        env={"PATH": os.environ["PATH"]},
        check=True,
        timeout=60,
    )

    assert b"" == done.stderr
    assert TIMES.sub(b"", hostile.records) == TIMES.sub(b"", unframe(done.stdout.decode()))
