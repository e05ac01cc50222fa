"""Dispatch: a probe runs once per server whatever the queue repeats; a bad server stops no other."""

from __future__ import annotations

import pytest

from cce.assessment import TargetStatus
from cce.errors import DocumentError, MemberError, MessageError, StoreError, ThrottledError, UnansweredError
from cce.pipeline.dispatch import Job
from cce.text import Text
from world import HUB, World, srvid


def _ids(*numbers: int) -> tuple[str, ...]:
    return tuple(f"i-{n:017x}" for n in numbers)


def test_at_most_fifty_servers_go_into_one_command(world: World) -> None:
    numbers = range(1, 121)
    identity = world.with_servers(*numbers).planned()

    world.dispatcher.dispatch(world.jobs(identity, *numbers))

    assert [50, 50, 20] == [len(ids) for _, ids in world.hub.sent]


def test_a_repeated_message_never_runs_the_probe_again_but_its_token_counts(world: World) -> None:
    identity = world.with_servers(1).planned()
    job = world.jobs(identity, 1)[0]

    world.dispatcher.dispatch([job])
    world.dispatcher.dispatch([job.model_copy(update={"task_token": "newer"})])

    target = world.assessments.target(identity, srvid(1))
    assert 1 == len(world.hub.sent)
    assert target is not None
    assert {"token-1", "newer"} == set(target.task_tokens)


@pytest.mark.parametrize(("status", "returned"), [("assessed", "success"), ("failed", "failed: it died")])
def test_a_message_repeated_after_the_end_gets_its_token_back(
    world: World, status: str, returned: str
) -> None:
    identity = world.with_servers(1).planned()
    target = world.assessments.targets(identity)[0]
    world.assessments.finish(target.ended(TargetStatus(status), Text("", "it died")))

    world.dispatcher.dispatch(world.jobs(identity, 1))

    assert {"token-1": returned} == world.callbacks.returned
    assert [] == world.hub.sent


def test_one_bad_id_is_isolated_and_the_other_servers_are_sent(world: World) -> None:
    numbers = range(1, 11)
    identity = world.with_servers(*numbers).planned()
    world.hub.refused = set(_ids(4))

    world.dispatcher.dispatch(world.jobs(identity, *numbers))

    sent = {i for _, ids in world.hub.sent for i in ids}
    bad = world.assessments.target(identity, srvid(4))
    assert set(_ids(1, 2, 3, 5, 6, 7, 8, 9, 10)) == sent
    assert bad is not None
    assert (TargetStatus.UNREACHABLE, True) == (bad.status, "InvalidInstanceId" in bad.reason_en)
    assert ["token-4"] == list(world.callbacks.returned)


def test_a_throttled_command_releases_its_servers_for_the_next_try(world: World) -> None:
    identity = world.with_servers(1, 2).planned()
    world.hub.trouble = [ThrottledError("slow down")]
    jobs = world.jobs(identity, 1, 2)

    again = world.dispatcher.dispatch(jobs)
    world.dispatcher.dispatch(jobs)

    assert {srvid(1), srvid(2)} == set(again)
    assert [_ids(1, 2)] == [ids for _, ids in world.hub.sent]


def test_a_command_without_an_answer_is_left_to_reconcile(world: World) -> None:
    identity = world.with_servers(1).planned()
    world.hub.trouble = [UnansweredError("read time-out")]

    again = world.dispatcher.dispatch(world.jobs(identity, 1))
    world.dispatcher.dispatch(world.jobs(identity, 1))

    target = world.assessments.target(identity, srvid(1))
    assert {srvid(1)} == again.keys()
    assert [] == world.hub.sent
    assert target is not None
    assert ("claimed", "waiting") == (target.step, target.status)


@pytest.mark.parametrize("role_is_gone", [True, False])
def test_an_account_that_refuses_ends_its_servers_with_the_reason(
    world: World, *, role_is_gone: bool
) -> None:
    identity = world.with_servers(1, 2).planned()
    if role_is_gone:
        del world.members.accounts[HUB]
    else:
        world.hub.trouble = [MemberError("ssm:SendCommand: AccessDeniedException")]

    again = world.dispatcher.dispatch(world.jobs(identity, 1, 2))

    expected = "unreachable" if role_is_gone else "failed"
    assert {} == again
    assert [expected, expected] == [t.status for t in world.assessments.targets(identity)]
    assert {"token-1", "token-2"} == set(world.callbacks.returned)


def test_a_document_of_another_release_fails_its_servers_with_the_remedy(world: World) -> None:
    identity = world.with_servers(1, 2).planned()
    world.hub.trouble = [DocumentError("document x runs another release; deploy member/template.yaml there")]

    world.dispatcher.dispatch(world.jobs(identity, 1, 2))

    targets = world.assessments.targets(identity)
    assert {TargetStatus.FAILED} == {t.status for t in targets}
    assert {"document x runs another release; deploy member/template.yaml there"} == {
        t.reason_en for t in targets
    }
    assert {True} == {t.reason_ko.startswith("계정의 SSM 문서가 이 버전의 것이 아님") for t in targets}


def test_a_table_that_fails_in_the_middle_of_a_batch_loses_no_server(world: World) -> None:
    identity = world.with_servers(1, 2, 3).planned()
    claim = world.assessments.claim_target

    def failing(assessment_id: str, server: str, token: str, now: str) -> bool:
        if server == srvid(2):
            message = "throttled"
            raise StoreError(message)
        return claim(assessment_id, server, token, now)

    world.assessments.claim_target = failing  # type: ignore[method-assign] # the table is the thing that fails

    again = world.dispatcher.dispatch(world.jobs(identity, 1, 2, 3))

    assert {srvid(2)} == again.keys()
    assert [_ids(1, 3)] == [ids for _, ids in world.hub.sent]


def test_a_job_that_no_plan_entered_comes_again_until_the_dead_letter_queue(world: World) -> None:
    identity = world.with_servers(1).planned()

    again = world.dispatcher.dispatch([*world.jobs(identity, 1), *world.jobs("20200101T000000Z-0000", 2)])

    assert {srvid(2): MessageError} == {key: type(error) for key, error in again.items()}
    assert [_ids(1)] == [ids for _, ids in world.hub.sent]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"assessment_id": "x", "srvid": "../etc", "platform": "linux", "task_token": "t"}',
    ],
)
def test_a_malformed_message_is_refused_by_name(body: str) -> None:
    with pytest.raises(MessageError, match="jobs queue is malformed in"):
        Job.parse(body)
