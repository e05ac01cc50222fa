"""The benchmark's data is the guide's, and wrong data is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from cce import benchmarks
from cce.benchmarks import benchmark_ids, load
from cce.errors import BenchmarkError
from cce.rules import get_rule, rule_ids
from cce.rules.registry import Params, rule

if TYPE_CHECKING:
    from cce.benchmarks import Item

DATA = Path(__file__).parents[1] / "data"
EDITIONS = ("2021", "2026")
FIELDS = ("id", "title_ko", "title_en", "category", "severity", "automation")


def item(item_id: str, benchmark: str = "kisa-2021") -> Item:
    return next(i for i in load(benchmark).items if i.id == item_id)


@pytest.mark.row("R21", how="hub")
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_items_are_those_of_the_catalogue_field_by_field(edition: str) -> None:
    expected = yaml.safe_load((DATA / f"catalogue-unix-{edition}.yaml").read_text("utf-8"))["items"]

    got = load(f"kisa-{edition}").items
    assert expected == [{f: str(getattr(i.data, f)) for f in FIELDS} for i in got]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_item_has_a_criterion_in_both_languages(edition: str) -> None:
    data = [i.data for i in load(f"kisa-{edition}").items]

    assert [] == [d.id for d in data if not any("가" <= c <= "힣" for c in d.criterion_ko)]
    assert [] == [d.id for d in data if not d.criterion_en.isascii()]


def test_every_rule_is_used_and_names_its_subject() -> None:
    used = {r.id for edition in EDITIONS for i in load(f"kisa-{edition}").items for r, _ in i.parts}

    assert set(rule_ids()) == used
    assert [] == [rule_id for rule_id in used if not rule_id.startswith("unix.")]


def test_one_rule_serves_both_editions_with_their_own_thresholds() -> None:
    then, now = item("U-09"), item("U-19", "kisa-2026")

    assert then.rule is now.rule
    assert (0o600, 0o644) == (then.params.model_dump()["mode"], now.params.model_dump()["mode"])


def test_the_password_policy_of_2026_is_one_item_of_several_rules() -> None:
    assert [
        ("unix.password-complexity", {"alternatives": ((3, 8), (2, 10)), "for_root": False}),
        ("unix.password-min-length", {"length": 8}),
        ("unix.password-max-age", {"days": 90, "accounts": "judge"}),
        ("unix.password-min-age", {"days": 1, "accounts": "judge"}),
        ("unix.password-history", {"remember": 4}),
    ] == [(rule.id, params.model_dump()) for rule, params in item("U-02", "kisa-2026").parts]


def test_selected_items_keep_the_order_of_the_guide() -> None:
    assert ["U-01", "U-55"] == [i.id for i in load("kisa-2021").select(("U-55", "U-01")).items]
    assert load("kisa-2021") is load("kisa-2021").select(())


def test_what_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(BenchmarkError, match="U-99"):
        load("kisa-2021").select(("U-01", "U-99"))
    with pytest.raises(BenchmarkError, match=r"kisa-1999.*known: .*kisa-2021"):
        load("kisa-1999")
    with pytest.raises(BenchmarkError, match=r"unix\.nothing"):
        get_rule("unix.nothing")
    assert ("kisa-2021", "kisa-2026") == benchmark_ids()


WRONG_PARAMS = [
    ("unix.account-lockout", {"attempts": "many"}),
    ("unix.account-lockout", {"threshold": 5}),
    ("unix.uid-zero", {"anything": 1}),
    ("unix.file-permissions", {"mode": "0644"}),
    ("unix.umask", {"mask": 22}),
    ("unix.root-remote-login", {"unused": "vulnerable"}),
]


@pytest.mark.parametrize(("rule_id", "params"), WRONG_PARAMS)
def test_parameters_that_do_not_fit_are_refused(rule_id: str, params: dict[str, object]) -> None:
    with pytest.raises(BenchmarkError, match=rule_id):
        get_rule(rule_id).params(params)


@pytest.mark.parametrize("text", ["items: [", "benchmark: x", "- 1", ""])
def test_a_file_that_is_no_benchmark_is_refused_by_name(text: str) -> None:
    with pytest.raises(BenchmarkError, match=r"kisa-2021/unix\.yaml"):
        benchmarks._read("kisa-2021/unix.yaml", text)  # noqa: SLF001 - no file of the package is wrong


ROW = """
benchmark: kisa-2021
edition: "2021.03"
area: unix
items_in_edition: {total}
items:
- id: U-01
  title_ko: 가
  title_en: a
  category: 계정 관리
  severity: 상
  automation: auto
  criterion_ko: 가
  criterion_en: a
"""
ONE = "  rule: unix.uid-zero\n"
TWO = "  rules: [{rule: unix.uid-zero}, {rule: unix.umask, params: {mask: '022'}}]\n"


@pytest.mark.parametrize("binding", [ONE, TWO])
def test_an_item_names_one_rule_or_several(binding: str) -> None:
    data = benchmarks._read("kisa-2021/unix.yaml", ROW.format(total=1) + binding)  # noqa: SLF001
    got = benchmarks._item(data.items[0], data.area)  # noqa: SLF001

    assert [b.rule for b in data.items[0].bound] == got.rule_ids.split(",")
    assert len(data.items[0].bound) == len(got.parts)


@pytest.mark.parametrize(
    ("total", "binding", "why"),
    [
        (1, "", "either one rule"),
        (1, ONE + TWO, "either one rule"),
        (1, TWO + "  params: {mask: '022'}\n", "either one rule"),
        (0, ONE, "items_in_edition"),
        (1, ONE + ROW.partition("items:")[2] + ONE, "more items than the edition's 1"),
        (2, ONE + ROW.partition("items:")[2] + ONE, "one id twice"),
    ],
)
def test_an_item_without_its_rule_or_beyond_its_edition_is_refused(
    total: int, binding: str, why: str
) -> None:
    with pytest.raises(BenchmarkError, match=why):
        benchmarks._read("kisa-2021/unix.yaml", ROW.format(total=total) + binding)  # noqa: SLF001


def test_a_benchmark_says_how_many_items_its_edition_has() -> None:
    whole = load("kisa-2021")

    assert 72 == whole.items_in_edition == whole.select(("U-01",)).items_in_edition


def test_two_rules_cannot_share_an_id() -> None:
    with pytest.raises(BenchmarkError, match=r"unix\.uid-zero"):
        rule("unix.uid-zero", Params)(lambda _evidence, _params: iter(()))
