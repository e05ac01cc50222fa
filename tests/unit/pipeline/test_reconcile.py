"""Reconcile: with no events at all every target still ends, and nothing is ended that still runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cce.errors import UnansweredError
from cce.fleet.memory import command_id_of
from cce.pipeline.collect import StatusEvent
from cce.pipeline.records import Invocation
from world import HUB, World, srvid

if TYPE_CHECKING:
    from cce.assessment import TargetStatus


def _sent(world: World, *numbers: int) -> str:
    identity = world.with_servers(*numbers).planned()
    world.dispatcher.dispatch(world.jobs(identity, *numbers))
    return identity


def _end(world: World, status: str = "Success") -> None:
    world.hub.runs = {key: replace(run, status=status) for key, run in world.hub.runs.items()}


def _status(world: World, identity: str, number: int) -> TargetStatus:
    target = world.assessments.target(identity, srvid(number))
    assert target is not None
    return target.status


def test_an_ended_command_without_event_is_handed_to_collect_in_the_form_of_the_event(world: World) -> None:
    _sent(world, 1)
    _end(world)

    found = world.reconcile()

    assert {"ended": 1} == found
    event = StatusEvent.model_validate(world.results.bodies[0])
    assert (HUB, command_id_of(0), "Success") == (event.account, event.detail.command_id, event.detail.status)


def test_a_running_command_is_left_alone_before_its_deadline(world: World) -> None:
    identity = _sent(world, 1)
    world.now += timedelta(minutes=24)

    assert {"running": 1} == world.reconcile()
    assert "waiting" == _status(world, identity, 1)


def test_a_command_past_its_deadline_ends_its_target(world: World) -> None:
    identity = _sent(world, 1)
    world.now += timedelta(minutes=26)

    assert {"expired": 1} == world.reconcile()
    assert "failed" == _status(world, identity, 1)
    assert "time limit" in world.callbacks.returned["token-1"]


def test_an_ended_command_that_collect_cannot_handle_ends_its_target_at_last(world: World) -> None:
    identity = _sent(world, 1)
    _end(world)
    world.now += timedelta(minutes=56)

    assert {"expired": 1} == world.reconcile()
    assert "failed" == _status(world, identity, 1)


def test_a_claim_whose_command_was_sent_is_adopted(world: World) -> None:
    identity = world.with_servers(1).planned()
    world.hub.trouble = [UnansweredError("read time-out")]
    world.dispatcher.dispatch(world.jobs(identity, 1))
    run = Invocation("lost", f"i-{1:017x}", identity, "InProgress", "InProgress")
    world.hub.runs["lost", run.instance_id] = run

    assert {"running": 1} == world.reconcile()
    world.now += timedelta(minutes=4)
    assert {"adopted": 1} == world.reconcile()

    target = world.assessments.target(identity, srvid(1))
    assert target is not None
    assert ("sent", "lost") == (target.step, target.command_id)


def test_a_claim_whose_command_was_never_sent_is_released_and_its_message_sends(world: World) -> None:
    identity = world.with_servers(1).planned()
    world.hub.trouble = [UnansweredError("read time-out")]
    world.dispatcher.dispatch(world.jobs(identity, 1))
    world.now += timedelta(minutes=4)

    assert {"released": 1} == world.reconcile()
    world.dispatcher.dispatch(world.jobs(identity, 1))
    assert 1 == len(world.hub.sent)
    assert "waiting" == _status(world, identity, 1)


def test_an_ended_command_is_handed_over_once_while_collect_is_behind(world: World) -> None:
    _sent(world, 1)
    _end(world)

    assert [{"ended": 1}, {"handed": 1}] == [world.reconcile(), world.reconcile()]
    assert 1 == len(world.results.bodies)
    world.now += timedelta(minutes=8)
    assert {"ended": 1} == world.reconcile()


def test_an_account_that_does_not_answer_waits_and_then_expires(world: World) -> None:
    identity = _sent(world, 1)
    del world.members.accounts[HUB]

    found = world.reconcile()
    assert 1 == found["unanswered"]
    assert "cannot be assumed" in found["reasons"][0]
    world.now += timedelta(minutes=26)
    assert 1 == world.reconcile()["expired"]
    assert "failed" == _status(world, identity, 1)
