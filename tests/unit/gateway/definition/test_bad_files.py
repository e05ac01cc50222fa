"""What a definition may not say is refused with line, place, reason and remedy (gateway-bad.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.load import load

DATA = Path(__file__).resolve().parents[3] / "data/gateway-bad.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(DATA.read_text("utf-8"))


@pytest.mark.row("1", "2", "3", "4", "7", "9", "10", "11", "14", "20", "21", "22", how="definition")
@pytest.mark.row("23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", how="definition")
@pytest.mark.row("36", "55", "62", "65", "66", "67", "69", "70", "71", "72", "81", how="definition")
@pytest.mark.row("82", "83", "86", "90", "91", "96", "97", "99", "102", "103", "104", how="definition")
@pytest.mark.row("105", "116", "117", "119", "120", "121", "124", "125", "126", "128", how="definition")
@pytest.mark.row("146", "147", "154", "155", how="definition")
@pytest.mark.parametrize("case", CASES, ids=[f"{n}-row-{'-'.join(c['rows'])}" for n, c in enumerate(CASES)])
def test_a_file_that_breaks_a_rule_is_refused_in_these_words(case: dict[str, Any]) -> None:
    with pytest.raises(GatewayDefinitionError) as caught:
        load(case["file"].encode(), "f")

    assert case["said"] == [problem.removeprefix("f:") for problem in caught.value.problems]
