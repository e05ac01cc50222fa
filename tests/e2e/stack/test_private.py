"""The whole system in a network namespace of loopback alone: whatever reaches out, fails here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from lab import deploy
from lab.aws import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.stack

#: Shows the interfaces of the namespace, then becomes the command. The namespace ends with its last process.
_INSIDE: Final = 'ip link set lo up && ip -brief link && exec "$@"'
_SECONDS: Final = 400


def test_an_assessment_finishes_where_there_is_no_network(tmp_path: Path) -> None:
    deploy.build()  # pip fetches what the layer is made of, as on the machine of whoever deploys

    run = subprocess.run(
        [
            *("unshare", "--net", "--", "sh", "-c", _INSIDE, "sh"),
            *(sys.executable, "-m", "lab", "run", "--no-containers", "--reports", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        timeout=_SECONDS,
        check=False,
    )

    assert 0 == run.returncode, run.stdout[-3000:] + run.stderr[-3000:]
    assert ["lo"] == [
        line.split()[0] for line in run.stdout.splitlines() if "LOOPBACK" in line or "UP" in line
    ]
    assert "IAM refused" not in run.stdout
    (report,) = tmp_path.glob("*/report.json")
    statuses = [server["status"] for server in json.loads(report.read_text("utf-8"))["servers"]]
    assert statuses.count("assessed") >= len(statuses) - 2 > 0  # one is offline and one dies, by design
