"""Plan: what is refused, what is written, and that one trigger is one assessment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cce.assessment import TargetStatus
from cce.errors import MemberError, ScopeError, StoreError
from cce.text import Text
from world import HUB, OTHER, REGION, World, instance, srvid


def test_an_empty_request_plans_every_account(world: World) -> None:
    plan = world.plan()

    jobs = json.loads(world.objects.bodies[plan["accounts_key"]])
    assert [{"account": HUB, "region": REGION}, {"account": OTHER, "region": REGION}] == jobs


@pytest.mark.parametrize(
    ("scope", "named"),
    [
        ({"accounts": ["999999999999"]}, "unknown account 999999999999"),
        ({"regions": ["eu-west-1"]}, "unknown region eu-west-1"),
        ({"servers": ["999999999999/ap-northeast-2/i-0123456789abcdef0"]}, "unknown account 999999999999"),
        ({"servers": ["i-0123456789abcdef0"]}, "scope.servers.0"),
        ({"accounts": [OTHER], "servers": [srvid(1)]}, "the scope's accounts leave it out"),
        ({"items": ["U-99"]}, "unknown item U-99"),
        ({"benchmarks": ["kisa-1999"]}, "no benchmark 'kisa-1999'"),
        ({"benchmarks": []}, "scope.benchmarks"),
        ({"tags": {"role": ["nothing-has-this"]}}, "role=nothing-has-this"),
        ({"acounts": [HUB]}, "scope.acounts"),
    ],
)
def test_what_the_scope_names_wrongly_is_named_in_the_error(
    world: World, scope: dict[str, Any], named: str
) -> None:
    world.members.accounts[OTHER] = world.hub

    with pytest.raises(ScopeError, match=named):
        world.plan({"scope": scope})
    assert {} == world.objects.bodies
    assert {} == world.assessments.records


def test_a_tag_that_a_server_has_is_accepted(world: World) -> None:
    world.hub.machines.append(instance(1, role="web"))

    plan = world.plan({"scope": {"tags": {"role": ["web", "db"]}}})

    assert not plan["duplicate"]


def test_a_tag_is_not_refused_while_an_account_cannot_be_asked(world: World) -> None:
    plan = world.plan({"scope": {"tags": {"role": ["web"]}}})  # the other account has no role to assume

    assert not plan["duplicate"]


def test_a_schedule_that_fires_twice_is_one_assessment(world: World) -> None:
    request = {"trigger": "schedule", "scheduled_time": "2026-11-22T02:00:00Z"}

    first, second = world.plan(request, name="a"), world.plan(request, name="b")

    assert first["assessment_id"] == second["assessment_id"]
    assert (False, True) == (first["duplicate"], second["duplicate"])
    assert first["execution_arn"] == second["execution_arn"]


def test_an_execution_that_dies_while_planning_leaves_its_trigger_to_the_next(world: World) -> None:
    request = {"trigger": "schedule", "scheduled_time": "2026-11-22T02:00:00Z"}
    put = world.objects.put

    def failing(*_: object) -> None:
        message = "S3 does not answer"
        raise StoreError(message)

    world.objects.put = failing  # type: ignore[method-assign] # the bucket is the thing that fails
    with pytest.raises(StoreError):
        world.plan(request, name="a")
    world.objects.put = put  # type: ignore[method-assign] # and is well again

    assert not world.plan(request, name="b")["duplicate"]


def test_the_same_execution_retried_by_the_state_machine_is_no_duplicate(world: World) -> None:
    first, again = world.plan(), world.plan()

    assert first == again


def test_an_execution_named_as_an_assessment_id_has_that_id(world: World) -> None:
    plan = world.plan(name="20261122T013000Z-7f3a")

    assert plan["assessment_id"] == "20261122T013000Z-7f3a"


def test_servers_of_one_account_need_only_that_account(world: World) -> None:
    plan = world.plan({"scope": {"servers": [srvid(1)]}})

    assert [{"account": HUB, "region": REGION}] == json.loads(world.objects.bodies[plan["accounts_key"]])


@pytest.mark.row("R12", how="hub")
def test_a_retry_covers_just_what_was_missing(world: World) -> None:
    identity = world.with_servers(1, 2, 3).planned()
    done, failed, stopped = world.assessments.targets(identity)
    world.assessments.finish(done.assessed(os="", collected_at="", verdict_keys=()))
    world.assessments.finish(failed.ended(TargetStatus.FAILED, Text("", "died")))
    world.assessments.finish(stopped.ended(TargetStatus.SKIPPED, Text("", "The instance is stopped.")))

    retry = world.plan({"retry_of": identity}, name="again")

    record = world.assessments.get(retry["assessment_id"])
    assert record is not None
    assert [srvid(2)] == record.scope["servers"]


def test_a_retry_keeps_the_items_and_takes_accounts_that_were_not_listed_whole(world: World) -> None:
    identity = world.plan({"scope": {"items": ["U-01"]}})["assessment_id"]
    world.with_servers(1).discover(identity)
    with pytest.raises(MemberError):
        world.discover(identity, OTHER)

    retry = world.plan({"retry_of": identity}, name="again")

    record = world.assessments.get(retry["assessment_id"])
    assert record is not None
    # server 1 still waits: no report has ended that assessment
    assert (["U-01"], [srvid(1)], [OTHER]) == tuple(
        record.scope[key] for key in ("items", "servers", "whole")
    )


@pytest.mark.parametrize("earlier", ["20200101T000000Z-0000", "nonsense"])
def test_a_retry_of_nothing_is_refused(world: World, earlier: str) -> None:
    with pytest.raises(ScopeError, match=earlier):
        world.plan({"retry_of": earlier})


def test_a_retry_with_nothing_missing_is_refused(world: World) -> None:
    identity = world.planned()

    with pytest.raises(ScopeError, match="nothing to try again"):
        world.plan({"retry_of": identity}, name="again")
