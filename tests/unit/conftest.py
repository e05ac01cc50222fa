"""The sample maker as a fixture."""

from __future__ import annotations

import pytest

from report_samples import Samples


@pytest.fixture
def samples() -> Samples:
    return Samples()
