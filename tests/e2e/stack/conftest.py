"""One local stack for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lab.lab import Lab
from stack import PACE, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Lab(pace=PACE) as lab:
        yield Stack.deploy(lab)
