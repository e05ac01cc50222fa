"""A tailoring through the real stack: an object in the bucket, servers by tag and account, the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lab import nodes
from stack import BANK, HUB, RECORDINGS

if TYPE_CHECKING:
    from typing import Any

    from stack import Stack

pytestmark = pytest.mark.stack

DEFAULT = RECORDINGS / "debian12-default.evidence"

TAILORING = f"""\
tailoring: example-bank
policy:
  shadow_mode: {{value: "0640", reason: Debian ships it so}}
items:
  kisa-2021:
    U-18: {{off: true, reason: security groups}}
overlays:
- name: bastions
  match: {{tags: {{Role: [bastion]}}}}
  policy: {{lockout_attempts: {{value: 3, reason: exposed}}}}
- match: {{accounts: ["{BANK}"]}}
  items: {{kisa-2021: {{U-18: {{off: false, reason: judged there}}}}}}
"""
ITEMS = ["U-03", "U-08", "U-18"]


def _lines(stack: Stack, identity: str, srvid: str) -> dict[str, dict[str, Any]]:
    name = srvid.replace("/", "_")
    (key,) = [k for k in stack.keys("verdicts/benchmark=kisa-2021/date=") if identity in k and name in k]
    rows = [json.loads(line) for line in stack.read(key).splitlines()]
    return {row["item"]: row for row in rows}


def test_servers_are_judged_by_the_tailoring_of_their_account_and_tags(stack: Stack) -> None:
    plain = stack.server(nodes.Recording(DEFAULT), "tailored", HUB)
    bastion = stack.server(nodes.Recording(DEFAULT), "tailored", HUB, Role="bastion")
    bank = stack.server(nodes.Recording(DEFAULT), "tailored", BANK)
    scope = {"scope": {"tags": {"test": ["tailored"]}, "items": ITEMS}}

    before = stack.assess(scope)
    with stack.tailored(TAILORING):
        ended = stack.assess(scope)
    after = stack.assess(scope)

    identity = ended.assessment_id
    lines = {srvid: _lines(stack, identity, srvid) for srvid in (plain, bastion, bank)}
    assert {"good"} == {rows["U-08"]["verdict"] for rows in lines.values()}
    assert ["not_applicable", "not_applicable"] == [lines[s]["U-18"]["verdict"] for s in (plain, bastion)]
    assert "not_applicable" != lines[bank]["U-18"]["verdict"]
    assert [[], ["3"], []] == [
        [d["value"] for d in lines[s]["U-03"]["tailored"]] for s in (plain, bastion, bank)
    ]
    report = json.loads(stack.read(ended.output["report"]["json"]))
    assert "example-bank" == report["assessment"]["tailoring"]
    assert {("U-08", 3), ("U-18", 2), ("U-03", 1)} == {
        (row["items"][0], row["servers"]) for row in report["deviations"]
    }
    assert TAILORING == stack.read(ended.output["report"]["tailoring"]).decode()
    for guide in (before, after):
        assert "vulnerable" == _lines(stack, guide.assessment_id, plain)["U-08"]["verdict"]
        assert "tailoring" not in guide.output["report"]


def test_a_wrong_tailoring_fails_at_plan_by_its_line_and_nothing_is_sent(stack: Stack) -> None:
    stack.server(nodes.Recording(DEFAULT), "wrong")
    sent = stack.count("ssm:SendCommand")

    with stack.tailored("tailoring: x\npolicy:\n  unused_servic: {value: good, reason: x}\n"):
        ended = stack.assess_tag("wrong")

    assert ("FAILED", "TailoringError") == (ended.status, ended.error)
    assert "tailoring.yaml:3: policy.unused_servic: there is no policy switch" in ended.cause
    assert sent == stack.count("ssm:SendCommand")
