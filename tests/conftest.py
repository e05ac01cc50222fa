"""How the tests are split among processes (``make test``: two)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

#: By folder: what the tests make takes long, and must not be made twice at a time.
_MADE_ONCE: Final = {
    "tests/e2e/roots/": "root directories",
    "tests/e2e/stack/": "local stack",
    "tests/e2e/docker/": "local stack",
    "tests/component/lab/": "local stack",
}


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Give the tests to processes by what they make, else by file: those of one share its servers."""
    return _Together(config, log)


class _Together(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((made for folder, made in _MADE_ONCE.items() if file.startswith(folder)), file)
