"""A local stack whose functions are also invoked in containers, by ``sam local invoke``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lab.lab import Lab
from lab.sam_image import make_image, unusable
from lab.sam_local import SamLocal
from stack import PACE, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack in which nothing happens by itself: no status event arrives, no schedule fires."""
    if reason := unusable():
        pytest.skip(reason)
    make_image()
    with Lab(pace=PACE) as lab:
        lab.faults.drop = 1.0
        deployed = Stack.deploy(lab)
        scheduler = lab.client("scheduler")
        for schedule in scheduler.list_schedules()["Schedules"]:
            scheduler.delete_schedule(Name=schedule["Name"], GroupName=schedule["GroupName"])
        yield deployed


@pytest.fixture(scope="module")
def sam(stack: Stack) -> Iterator[SamLocal]:
    with SamLocal(stack.lab.environment()) as local:
        yield local
