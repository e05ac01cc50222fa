"""A view is computed once for each server, and what it could not read stays unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import benchmark_ids, load
from cce.evidence.model import Unread
from cce.evidence.views.once import once
from evidence_samples import evidence

if TYPE_CHECKING:
    from cce.evidence.model import Evidence


class Counted:
    """A view that counts how often it was computed."""

    def __init__(self) -> None:
        self.calls = 0
        self.view = once(self._view)

    def _view(self, server: Evidence, path: str) -> int:
        self.calls += 1
        return len(server.lines(path) or ())


def test_the_same_question_about_the_same_server_is_answered_once() -> None:
    counted, server = Counted(), evidence(texts={"/etc/a": "x", "/etc/b": "x\ny"})

    assert [1, 2, 1, 2] == [counted.view(server, p) for p in ("/etc/a", "/etc/b", "/etc/a", "/etc/b")]
    assert 2 == counted.calls


def test_another_server_is_asked_anew() -> None:
    counted = Counted()

    assert [1, 0] == [counted.view(e, "/etc/a") for e in (evidence(texts={"/etc/a": "x"}), evidence())]


def test_what_could_not_be_read_is_unread_every_time() -> None:
    counted, server = Counted(), evidence(unread={("text", "/etc/a"): "denied"})

    for _ in range(2):
        with pytest.raises(Unread, match="/etc/a: denied"):
            counted.view(server, "/etc/a")
    assert 1 == counted.calls


def test_the_parameters_of_every_rule_can_be_remembered() -> None:
    parts = [part for name in benchmark_ids() for item in load(name).items for part in item.parts]

    assert len(parts) == len([hash(params) for _, params in parts])
