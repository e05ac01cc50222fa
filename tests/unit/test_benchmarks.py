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

CATALOGUE = Path(__file__).parents[1] / "data/catalogue-unix-2021.yaml"
FIELDS = ("id", "title_ko", "title_en", "category", "severity", "automation")


def item(item_id: str) -> Item:
    return next(i for i in load("kisa-2021").items if i.id == item_id)


def test_the_items_are_those_of_the_catalogue_field_by_field() -> None:
    expected = yaml.safe_load(CATALOGUE.read_text("utf-8"))["items"]

    assert expected == [{f: str(getattr(i.data, f)) for f in FIELDS} for i in load("kisa-2021").items]


def test_every_item_has_a_criterion_in_both_languages() -> None:
    data = [i.data for i in load("kisa-2021").items]

    assert [] == [d.id for d in data if not any("가" <= c <= "힣" for c in d.criterion_ko)]
    assert [] == [d.id for d in data if not d.criterion_en.isascii()]


def test_every_rule_is_used_and_names_its_subject() -> None:
    used = {i.rule.id for i in load("kisa-2021").items}

    assert set(rule_ids()) == used
    assert [] == [rule_id for rule_id in used if not rule_id.startswith("unix.")]


def test_the_2026_edition_can_be_served_by_parameters() -> None:
    hosts = get_rule("unix.file-permissions").params({"paths": ["/etc/hosts"], "mode": "0644"})

    assert 0o644 == hosts.model_dump()["mode"]
    assert 0o600 == item("U-09").params.model_dump()["mode"]


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
    assert "kisa-2021" in benchmark_ids()


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


def test_two_rules_cannot_share_an_id() -> None:
    with pytest.raises(BenchmarkError, match=r"unix\.uid-zero"):
        rule("unix.uid-zero", Params)(lambda _evidence, _params: iter(()))
