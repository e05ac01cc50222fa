"""The schema for editors is in step with the rules, and the example of the documentation is right."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from cce.benchmarks import benchmark_ids, load
from cce.tailoring import apply, parse
from cce.tailoring.load import KIND
from cce.tailoring.schema import schema
from cce.yaml_file import read_yaml

DOCS = Path(__file__).resolve().parents[3] / "docs"
EXAMPLE = DOCS / "examples/tailoring.yaml"


def test_the_schema_in_the_documentation_is_that_of_the_rules() -> None:
    """To make it again: ``make tailoring-schema``."""
    assert json.loads((DOCS / "tailoring.schema.json").read_text("utf-8")) == schema()


def test_the_example_is_right_and_changes_both_editions() -> None:
    tailoring = parse(EXAMPLE.read_bytes(), EXAMPLE.name)

    for benchmark_id in benchmark_ids():
        assert any(item.deviations for item in apply(load(benchmark_id), tailoring).items)
    assert ((0,), (1,)) == (
        tailoring.matching("111111111111", {"Role": "bastion"}),
        tailoring.matching("222222222222", {}),
    )


def test_the_schema_accepts_the_example() -> None:
    document = read_yaml(EXAMPLE.read_bytes(), EXAMPLE.name, KIND)

    jsonschema.Draft202012Validator.check_schema(schema())
    assert [] == list(jsonschema.Draft202012Validator(schema()).iter_errors(document.value))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"tailoring": "x", "policy": {"unused_service": "good"}},
        {"tailoring": "x", "policy": {"unused_services": {"value": "good", "reason": "x"}}},
        {"tailoring": "x", "policy": {"unused_service": {"value": "good"}}},
        {"tailoring": "x", "policy": {"lockout_attempts": {"value": "5 times", "reason": "x"}}},
        {"tailoring": "x", "items": {"kisa-2021": {"U-99": {"off": True, "reason": "x"}}}},
        {"tailoring": "x", "items": {"kisa-2021": {"U-54": {"params": {"second": 1}, "reason": "x"}}}},
        {"tailoring": "x", "items": {"kisa-2021": {"U-54": {"params": {"seconds": 1}}}}},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(wrong: dict[str, object]) -> None:
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(wrong))
