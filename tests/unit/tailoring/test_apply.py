"""What a tailoring makes of a benchmark: parameters, never verdicts, and every deviation is noted."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import benchmark_ids, load
from cce.judge import judge_item
from cce.rules.switches import switches_of
from cce.tailoring import apply, parse
from cce.tailoring.check import known_switches
from evidence_samples import evidence

if TYPE_CHECKING:
    from cce.benchmarks import Item
    from cce.tailoring import Tailoring


def _tailoring(text: str) -> Tailoring:
    return parse(("tailoring: bank\n" + dedent(text)).encode(), "t.yaml")


def _item(text: str, item_id: str, benchmark: str = "kisa-2021", overlays: tuple[int, ...] = ()) -> Item:
    tailored = apply(load(benchmark), _tailoring(text), overlays)
    return next(item for item in tailored.items if item.id == item_id)


def _changes(item: Item) -> list[tuple[str, str, str, str, str]]:
    return [(d.parameter, d.guide, d.value, d.effect, d.reason) for d in item.deviations]


@pytest.mark.parametrize("benchmark_id", benchmark_ids())
def test_a_tailoring_that_says_nothing_changes_nothing(benchmark_id: str) -> None:
    assert load(benchmark_id) == apply(load(benchmark_id), _tailoring(""))


@pytest.mark.parametrize("benchmark_id", benchmark_ids())
def test_the_parameters_of_every_item_survive_the_way_through_a_tailoring(benchmark_id: str) -> None:
    """A rule whose parameters could not be written down again could not be tailored."""
    for item in load(benchmark_id).items:
        for rule, params in item.parts:
            assert params == rule.params(params.model_dump(mode="json")), item.id


def test_every_switch_is_of_one_type() -> None:
    types: dict[str, set[str]] = {}
    for benchmark_id in benchmark_ids():
        for item in load(benchmark_id).items:
            for rule, _ in item.parts:
                for parameter, switch in switches_of(rule.params_type):
                    field = rule.params_type.model_fields[parameter]
                    types.setdefault(switch.name, set()).add(str(field.annotation))

    assert {
        "unused_service",
        "shadow_mode",
        "lockout_attempts",
        "accepted_suid",
        "accepted_world_writable",
    } <= (known_switches().keys())
    assert {1} == {len(found) for found in types.values()}


@pytest.mark.parametrize("benchmark_id", benchmark_ids())
def test_the_switch_for_unused_services_reaches_every_item_about_a_service(benchmark_id: str) -> None:
    tailored = apply(
        load(benchmark_id), _tailoring("policy: {unused_service: {value: not_applicable, reason: x}}")
    )

    for before, item in zip(load(benchmark_id).items, tailored.items, strict=True):
        values = {getattr(params, "unused", "not_applicable") for _, params in item.parts}
        if any(getattr(params, "service", "x") is None for _, params in before.parts):
            assert before == item  # a file that every server has
        else:
            assert {"not_applicable"} == values, item.id


CHANGED = [
    ("policy: {lockout_attempts: {value: 5, reason: x}}", "U-03", ("attempts", "10", "5", "tighter", "x")),
    ("policy: {lockout_attempts: {value: 20, reason: x}}", "U-03", ("attempts", "10", "20", "looser", "x")),
    ("policy: {shadow_mode: {value: '0640', reason: x}}", "U-08", ("mode", "0400", "0640", "looser", "x")),
    ("policy: {shadow_mode: {value: '0000', reason: x}}", "U-08", ("mode", "0400", "0000", "tighter", "x")),
    ("policy: {shadow_mode: {value: '0040', reason: x}}", "U-08", ("mode", "0400", "0040", "", "x")),
    (
        "policy: {accepted_suid: [{path: /opt/a, reason: x}]}",
        "U-13",
        ("accepted", "-", "/opt/a", "looser", "x"),
    ),
    (
        "items: {kisa-2021: {U-54: {params: {seconds: 900}, reason: x}}}",
        "U-54",
        ("seconds", "600", "900", "looser", "x"),
    ),
    (
        "items: {kisa-2021: {U-46: {params: {length: 12}, reason: x}}}",
        "U-46",
        ("length", "8", "12", "tighter", "x"),
    ),
    (
        "items: {kisa-2021: {U-01: {params: {accepted: ['no', prohibit-password]}, reason: x}}}",
        "U-01",
        ("accepted", '["no"]', '["no", "prohibit-password"]', "", "x"),
    ),
    ("items: {kisa-2021: {U-18: {off: true, reason: x}}}", "U-18", ("", "judged", "off", "looser", "x")),
]


@pytest.mark.parametrize(("text", "item_id", "change"), CHANGED)
def test_a_deviation_says_both_values_and_which_way_only_where_that_is_certain(
    text: str, item_id: str, change: tuple[str, str, str, str, str]
) -> None:
    assert [change] == _changes(_item(text, item_id))


def test_a_value_that_is_the_guides_own_is_no_deviation() -> None:
    item = _item("policy: {lockout_attempts: {value: 10, reason: x}}", "U-03")

    assert () == item.deviations


def test_the_shadow_mode_is_about_no_other_file() -> None:
    text = "policy: {shadow_mode: {value: '0640', reason: x}}"
    tailored = apply(load("kisa-2021"), _tailoring(text))

    assert ["U-08"] == [item.id for item in tailored.items if item.deviations]
    assert ["mode"] == [d.parameter for d in _item(text, "U-18", "kisa-2026").deviations]


def test_a_rule_of_several_is_named_or_found_by_its_parameter() -> None:
    text = """\
        items:
          kisa-2026:
            U-02: {rules: {unix.password-max-age: {days: 60}}, params: {length: 10}, reason: x}
        """
    item = _item(text, "U-02", "kisa-2026")

    assert [("unix.password-min-length", "length", "10"), ("unix.password-max-age", "days", "60")] == [
        (d.rule, d.parameter, d.value) for d in item.deviations
    ]
    assert ["unix.password-max-age"] == [
        rule.id for rule, params in item.parts if getattr(params, "days", 0) == 60
    ]


OVERLAYS = """\
policy:
  lockout_attempts: {value: 5, reason: house}
  accepted_suid: [{path: /opt/a, reason: everywhere}]
items:
  kisa-2021:
    U-03: {params: {attempts: 6}, reason: item}
    U-18: {off: true, reason: groups}
overlays:
- match: {accounts: ["222222222222"]}
  policy:
    lockout_attempts: {value: 4, reason: account}
    accepted_suid: [{path: /opt/b, reason: account}]
- name: bastions
  match: {tags: {Role: [bastion, jump], Env: []}}
  items:
    kisa-2021:
      U-03: {params: {attempts: 3}, reason: bastion}
      U-18: {off: false, reason: bastion}
"""


@pytest.mark.parametrize(
    ("account", "tags", "overlays", "attempts"),
    [
        ("111111111111", {}, (), "6 item"),  # an item's own value wins over the switch
        ("222222222222", {}, (0,), "4 account"),  # what comes later wins over both
        ("111111111111", {"Role": "jump", "Env": "x"}, (1,), "3 bastion"),
        ("111111111111", {"Role": "jump"}, (), "6 item"),
        ("111111111111", {"Role": "web", "Env": "x"}, (), "6 item"),
        ("222222222222", {"Role": "bastion", "Env": ""}, (0, 1), "3 bastion"),
    ],
)
def test_later_layers_win_for_the_servers_they_match(
    account: str, tags: dict[str, str], overlays: tuple[int, ...], attempts: str
) -> None:
    assert overlays == _tailoring(OVERLAYS).matching(account, tags)

    (deviation,) = _item(OVERLAYS, "U-03", overlays=overlays).deviations
    assert attempts == f"{deviation.value} {deviation.reason}"


def test_accepted_paths_add_up_and_each_says_whom_it_is_for() -> None:
    item = _item(OVERLAYS, "U-13", overlays=(0, 1))

    assert [("/opt/a", "every server"), ("/opt/b", "accounts 222222222222")] == [
        (d.value, d.applies.en) for d in item.deviations
    ]


def test_an_item_switched_off_is_not_applicable_with_the_reason_and_an_overlay_may_bring_it_back() -> None:
    server = evidence()
    off, back = _item(OVERLAYS, "U-18"), _item(OVERLAYS, "U-18", overlays=(1,))

    verdict = judge_item(server, off)
    assert ("not_applicable", "The tailoring switches this item off: groups") == (
        verdict.verdict,
        verdict.reason.en,
    )
    assert "groups" in verdict.reason.ko
    assert off.deviations == verdict.deviations
    assert next(i for i in load("kisa-2021").items if i.id == "U-18") == back


def test_a_verdict_carries_the_deviations_it_was_judged_with() -> None:
    text = "policy: {shadow_mode: {value: '0640', reason: Debian}}"
    server = evidence(files={"/etc/shadow": (0o600, 0)})

    assert ("good", "Debian") == (
        (verdict := judge_item(server, _item(text, "U-08"))).verdict,
        verdict.deviations[0].reason,
    )
