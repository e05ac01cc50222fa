"""A report of both editions shows what the results become under the newer one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cce.assessment import Outcome, ServerId, Target, TargetStatus
from cce.benchmarks import load
from cce.judge import judge
from cce.report.as_html import render_html
from cce.report.as_json import render_json
from cce.report.build import build_report
from cce.report.model import ServerResult
from cce.verdict import Verdict
from evidence_samples import evidence

if TYPE_CHECKING:
    from cce.report.model import AssessmentReport
    from report_samples import Samples

BENCHMARKS = (load("kisa-2021"), load("kisa-2026"))
EDITIONS = tuple(b.id for b in BENCHMARKS)


def server(number: int, hosts_mode: int, *, editions: tuple[str, ...] = EDITIONS) -> ServerResult:
    """A server whose /etc/hosts has that mode: 600 is 2021's limit, 644 is 2026's."""
    facts = evidence(files={"/etc/hosts": (hosts_mode, 0)})
    target = Target(
        ServerId("111111111111", "ap-northeast-2", f"i-{number:017x}"),
        TargetStatus.ASSESSED,
        name=f"web-{number}",
    )
    return ServerResult(target, {b.id: judge(facts, b) for b in BENCHMARKS if b.id in editions})


def report(samples: Samples, *servers: ServerResult) -> AssessmentReport:
    assert Outcome.PARTIAL == samples.run.outcome

    return build_report(samples.run, servers, benchmarks=BENCHMARKS)


@pytest.fixture
def changed(samples: Samples) -> AssessmentReport:
    return report(samples, server(1, 0o644), server(2, 0o644), server(3, 0o600))


def test_servers_are_counted_by_what_their_verdict_becomes(changed: AssessmentReport) -> None:
    assert changed.editions is not None
    hosts = next(s for s in changed.editions.steps if s.step.older and s.step.older.id == "U-09")

    assert {(Verdict.VULNERABLE, Verdict.GOOD): 2, (Verdict.GOOD, Verdict.GOOD): 1} == hosts.servers
    assert {(Verdict.VULNERABLE, Verdict.GOOD): 2} == hosts.changes


def test_the_page_names_the_items_and_the_servers_that_change(changed: AssessmentReport) -> None:
    page = render_html(changed)

    section = page.partition('id="editions"')[2].partition("</section>")[0]
    assert ["U-09", "U-19", "2 servers"] == [w for w in ("U-09", "U-19", "2 servers") if w in section]
    assert "U-01" not in section  # the same under both
    assert 3 == page.count("differ from kisa-2021")


def test_programs_get_the_same(changed: AssessmentReport) -> None:
    editions = json.loads(render_json(changed))["editions"]

    step = next(s for s in editions["steps"] if s["older"] == "U-09")
    assert ("U-19", [{"then": "vulnerable", "now": "good", "servers": 2}]) == (
        step["newer"],
        step["verdicts"],
    )


def test_a_report_of_one_edition_says_nothing_of_the_other(samples: Samples) -> None:
    one = report(samples, server(1, 0o644, editions=("kisa-2021",)))

    assert one.editions is None
    assert 'id="editions"' not in render_html(one)
    assert json.loads(render_json(one))["editions"] is None
