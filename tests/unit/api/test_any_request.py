"""Whatever is asked, the answer is no defect: its status is below 500, and a problem says what was wrong."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api_world import HUB, ApiWorld, asset, server, told
from cce.api.http import Request
from cce.api.problems import ProblemDetails
from cce.api.routes import OPERATIONS, perform
from cce.pipeline.records import AssessmentRecord

IDENTITY = "20261122T013000Z-7f3a"
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)
NAMES = (
    "account",
    "region",
    "role",
    "alive",
    "name",
    "limit",
    "token",
    "verdict",
    "item",
    "assessment",
    "format",
    "from",
    "to",
)
MOMENTS = ("2026-11-22T00:30:00Z", "2026-11-22T10:30:00+09:00", "0001-01-01T00:00:00+14:00", "1763771400")
VALUES = (
    st.sampled_from([HUB, "ap-northeast-2", "true", "1", "good", "U-01", IDENTITY, "html", *MOMENTS])
    | ANYTHING
)
QUERIES = st.dictionaries(st.sampled_from(NAMES) | ANYTHING, st.lists(VALUES, max_size=2), max_size=3)
TAGS = st.sampled_from(["*", '"0123"', 'W/"0123"', asset(1).etag]) | ANYTHING
HEADERS = st.dictionaries(st.sampled_from(["if-match", "if-none-match"]), TAGS)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("name", "alive", "ip", "excluded", "excluded_reason", "srvid", "instance-id", "scope", "retry_of")
BODIES = st.binary(max_size=60) | (st.dictionaries(st.sampled_from(FIELDS), JSON) | JSON).map(
    lambda value: json.dumps(value).encode()
)
PATHS = st.fixed_dictionaries(
    {
        "srvid": st.sampled_from([quote(server(1).srvid, safe=""), server(1).instance_id, server(9).srvid])
        | ANYTHING,
        "assessment_id": st.just(IDENTITY) | ANYTHING,
        "service": st.just("a1b2c3d4e5") | ANYTHING,
        "stage": st.sampled_from(["-", "prod"]) | ANYTHING,
    }
)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
@settings(max_examples=150, deadline=None)
@given(path=PATHS, query=QUERIES, headers=HEADERS, body=BODIES)
def test_no_request_is_answered_with_a_defect(operation: Any, **asked: Any) -> None:
    world = ApiWorld().with_assets(asset(1))
    world.assessments.claim(AssessmentRecord(IDENTITY, "arn", {}, "api", "2026", ended_at="2026"))
    before = dict(world.inventory.assets)

    found = perform(operation, world.api, Request(**asked))

    assert found.status < 500, found
    if found.status >= 400:
        problem = ProblemDetails.model_validate_json(found.body)
        assert found.status == problem.status
        assert (found.status == 400) <= bool(problem.errors)
        assert before == world.inventory.assets
        assert {} == world.executions.started
    elif found.status != 304 and not operation.page:
        told(found)
