"""The OpenAPI document against the deployed API: Schemathesis asks what it allows and what it does not.

No answer is a 5xx, and every answer is as the document says: status, content type, headers, schema. The
requests are the same in every run. A stack of its own, as they leave records behind.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method

from lab.lab import Lab
from stack import API_KEY, PACE, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[3]

#: A request that is well formed may still meet a record that it did not expect: 404, 409, 412, 428.
ACCEPTED = ["2xx", "3xx", "404", "409", "412", "428"]
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}}
)

#: What they are asked is right or wrong by two values together: a scope, a period.
PAIRED = {"startAssessment", "getStageStatistics", "listResourceStatistics"}
API = schemathesis.openapi.from_path(ROOT / "docs/openapi.json", config=CONFIG)


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Stack]:
    with Lab(pace=PACE) as lab:
        yield Stack.deploy(lab)


def _only_the_api_can_tell(case: schemathesis.Case) -> bool:
    """Whether a request that fits the schema may be wrong: by what the API gave or knows, or by a pair."""
    if "token" in (case.query or {}) or {"If-Match", "If-None-Match"} <= set(case.headers or {}):
        return True
    return case.operation.definition.raw.get("operationId") in PAIRED


def _stop(fuzzed: Stack, assessment: str) -> None:
    """End an assessment that was started: dozens at once would slow down what is asked next."""
    execution = fuzzed.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    fuzzed.lab.client("stepfunctions").stop_execution(executionArn=f"{execution}:{assessment}")


@API.parametrize()
@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_document_says(fuzzed: Stack, case: schemathesis.Case) -> None:
    excluded = [unsupported_method]  # an unknown method is 404 here, as an unknown path is
    if _only_the_api_can_tell(case):
        excluded.append(positive_data_acceptance)

    answer = case.call_and_validate(
        base_url=fuzzed.api_url, headers={"x-api-key": API_KEY}, excluded_checks=excluded, timeout=60
    )

    if answer.status_code == HTTPStatus.ACCEPTED:
        _stop(fuzzed, answer.json()["assessment_id"])
