"""The image in which ``sam local invoke`` runs functions: whether it can be had here, and making it.

No registry of images is needed, see ``lab/images/build.sh``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from lab.aws import ROOT, venv
from lab.deploy import runtime_parameters
from lab.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Mapping

IMAGE: Final = "public.ecr.aws/lambda/python:3.11-x86_64"
IMAGE_RUNS: Final = {"PythonRuntime": "python3.11", "Architecture": "x86_64"}
BASE: Final = ROOT / ".lab/debian12/base"
ROOTS: Final = ROOT / ".lab/debian12/roots"
IMAGE_SECONDS: Final = 900.0


def unusable() -> str:
    """Why no function can be invoked here; empty when one can."""
    if shutil.which("docker") is None:
        return "there is no docker command"
    if not docker("info"):
        return "no Docker engine answers (docker info)"
    if (runs := runtime_parameters()) != IMAGE_RUNS:
        return f"the image runs {_shown(IMAGE_RUNS)}, the functions are built here for {_shown(runs)}"
    return "" if docker("image", "inspect", IMAGE) else _unmakable()


def _unmakable() -> str:
    """Why the image cannot be made here; empty when it can."""
    if os.geteuid() != 0:
        return f"there is no image {IMAGE}, and making it needs root"
    if not BASE.exists() and shutil.which("debootstrap") is None:
        return f"there is no image {IMAGE}, and making it needs debootstrap"
    return ""


def make_image() -> None:
    """Make the image that the functions run in, unless it is there and up to date.

    Raises
    ------
    LabError
        When it cannot be made, with what was said.
    """
    if not BASE.exists():
        if docker("image", "inspect", IMAGE):
            return  # made of a base elsewhere
        _script("lab/roots/build.sh", str(BASE), str(ROOTS), "default")
    if os.geteuid() == 0:
        # SAM's environment always has pip; the project's own need not.
        _script("lab/images/build.sh", "lambda", str(BASE), PYTHON=str(venv("sam") / "bin/python"))


def _shown(runs: Mapping[str, str]) -> str:
    return " ".join(runs.values())


def docker(*arguments: str) -> bool:
    """Whether a docker command succeeded; its output is not wanted."""
    return (
        subprocess.run(["docker", *arguments], capture_output=True, check=False, timeout=60).returncode == 0
    )


def _script(path: str, *arguments: str, **variables: str) -> None:
    command = [str(ROOT / path), *arguments]
    done = subprocess.run(
        command,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=IMAGE_SECONDS,
    )
    if done.returncode:
        message = f"{path} {' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-4000:]}"
        raise LabError(message)
