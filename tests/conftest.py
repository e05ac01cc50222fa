"""How the tests are split among processes (``make test``: two)."""

from __future__ import annotations

from typing import Final

import pytest

#: By marker, the first that a test has: what is made once, takes long, and must not be made twice at a time.
_MADE_ONCE: Final = {"roots": "roots", "stack": "lab", "docker": "lab"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what uses the same of these, else the tests of one file, which share its servers."""
    for item in items:
        used = [group for marker, group in _MADE_ONCE.items() if item.get_closest_marker(marker)]
        item.add_marker(pytest.mark.xdist_group(used[0] if used else item.nodeid.partition("::")[0]))
