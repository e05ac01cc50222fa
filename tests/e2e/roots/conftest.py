"""Real Debian 12 root directories."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from debian_roots import PROJECT


@pytest.fixture(scope="session")
def roots() -> Path:
    """The directory that holds all roots: ``CCE_ROOTS``, or built and kept in ``.lab/debian12``."""
    if os.geteuid() != 0:
        pytest.skip("root directories hold other users' files and devices: needs root")
    if given := os.environ.get("CCE_ROOTS"):
        return Path(given)
    base, out = PROJECT / ".lab/debian12/base", PROJECT / ".lab/debian12/roots"
    if not base.exists() and shutil.which("debootstrap") is None:
        pytest.skip("debootstrap is not installed")
    subprocess.run([PROJECT / "lab/roots/build.sh", base, out], check=True, timeout=900)
    return out
