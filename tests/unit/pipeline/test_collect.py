"""Collect: what a probe printed becomes evidence and verdicts once; everything else gets its reason."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cce.assessment import TargetStatus
from cce.benchmarks import load
from cce.errors import MessageError, StoreError, ThrottledError
from cce.findings.life import finding_of
from cce.fleet.memory import command_id_of
from cce.pipeline.collect import StatusEvent
from cce.text import Text
from world import HUB, REGION, World, srvid

if TYPE_CHECKING:
    from cce.pipeline.records import TargetRecord

RECORDING = Path(__file__).resolve().parents[3] / "lab/recordings/debian12-default.evidence"
COMMAND = command_id_of(0)
PRINTED = RECORDING.read_text("utf-8")


def _event(number: int = 1, status: str = "Success", command: str = COMMAND) -> StatusEvent:
    detail = {"command-id": command, "instance-id": f"i-{number:017x}", "status": status}
    return StatusEvent.parse(json.dumps({"account": HUB, "region": REGION, "detail": detail}))


def _ended(
    world: World, stdout: str = PRINTED, status: str = "Success", details: str = "", stderr: str = ""
) -> str:
    """One server whose command ended like that; returns the assessment's id."""
    identity = world.with_servers(1).planned()
    world.dispatcher.dispatch(world.jobs(identity, 1))
    ((key, run),) = world.hub.runs.items()
    world.hub.runs[key] = replace(run, status=status, details=details or status, stdout=stdout, stderr=stderr)
    return identity


def _target(world: World, identity: str) -> TargetRecord:
    target = world.assessments.target(identity, srvid(1))
    assert target is not None
    return target


def test_evidence_and_verdicts_are_kept_and_the_token_returned(world: World) -> None:
    identity = _ended(world)

    assert "assessed" == world.collector.collect(_event())
    target = _target(world, identity)
    assert ("assessed", "Debian GNU/Linux 12 (bookworm)") == (target.status, target.os)
    assert {"token-1": "success"} == world.callbacks.returned
    evidence = gzip.decompress(world.objects.bodies[f"evidence/{identity}/{srvid(1)}.evidence.gz"])
    lines = gzip.decompress(world.objects.bodies[target.verdict_keys[0]]).splitlines()
    assert evidence.startswith(b"cce\t1\t")
    assert len(load("kisa-2021").items) == len(lines) == len(world.verdicts.lines)
    assert identity == world.servers.records[srvid(1)].assessment_id


def test_a_second_delivery_changes_nothing(world: World) -> None:
    _ended(world)
    world.collector.collect(_event())

    def stored() -> list[dict[object, object]]:
        places = (
            world.objects.bodies,
            world.verdicts.lines,
            world.assessments.entries,
            world.findings.tracks,
        )
        return [dict(place) for place in places]

    before = stored()

    assert "assessed" == world.collector.collect(_event())
    assert before == stored()


def test_the_evidence_stored_first_is_what_is_judged(world: World) -> None:
    identity = _ended(world)
    world.collector.collect(_event())
    stored = dict(world.objects.bodies)
    ((key, run),) = world.hub.runs.items()
    other = (RECORDING.parent / "debian12-misconfigured.evidence").read_text("utf-8")
    world.hub.runs[key] = replace(run, stdout=other)

    world.collector.collect(_event())

    assert stored == world.objects.bodies
    assert "assessed" == _target(world, identity).status


def test_a_second_delivery_after_a_release_judges_nothing_anew(world: World) -> None:
    """The first stopped before its findings; by then another release had other rules."""
    identity = _ended(world)
    world.collector.collect(_event())
    key = _target(world, identity).verdict_keys[0]
    lines = [json.loads(line) for line in gzip.decompress(world.objects.bodies[key]).splitlines()]
    first = [line | {"verdict": "vulnerable"} for line in lines if line["item"] == "U-01"]
    world.objects.put(key, gzip.compress(json.dumps(first[0]).encode()))
    world.assessments.entries[identity, srvid(1)] = replace(
        _target(world, identity), status=TargetStatus.WAITING, verdict_keys=()
    )
    world.findings.tracks.clear()

    world.collector.collect(_event())

    assert ["U-01"] == [track.item for track in world.findings.of(srvid(1))]
    assert "vulnerable" == world.verdicts.lines[srvid(1), identity, "kisa-2021", "U-01"]["verdict"]


def test_what_is_seen_of_every_item_is_followed_up(world: World) -> None:
    identity = _ended(world)
    world.collector.collect(_event())

    tracks = world.findings.of(srvid(1))
    lines = {(key[2], key[3]): line["verdict"] for key, line in world.verdicts.lines.items()}
    assert lines == {(t.benchmark, t.item): t.newest.verdict for t in tracks}
    assert {identity} == {t.newest.assessment_id for t in tracks}
    assert {"open"} == {found.state for t in tracks if (found := finding_of(t))}


def test_findings_that_cannot_be_stored_end_no_target_and_the_message_comes_again(world: World) -> None:
    identity = _ended(world)
    world.findings.save = lambda _: False  # type: ignore[method-assign] # as in a conflict that never ends
    with pytest.raises(StoreError, match="findings of"):
        world.collector.collect(_event())
    assert ("waiting", {}) == (_target(world, identity).status, world.callbacks.returned)
    assert {} == world.servers.records

    del world.findings.save
    assert "assessed" == world.collector.collect(_event())
    assert len(load("kisa-2021").items) == len(world.findings.of(srvid(1)))


def test_items_of_the_scope_are_all_that_is_judged(world: World) -> None:
    identity = world.with_servers(1).planned(items=["U-01", "U-07"])
    world.dispatcher.dispatch(world.jobs(identity, 1))
    ((key, run),) = world.hub.runs.items()
    world.hub.runs[key] = replace(run, status="Success", stdout=PRINTED)

    world.collector.collect(_event())

    assert ["U-01", "U-07"] == [item for *_, item in world.verdicts.lines]


def test_one_evidence_is_judged_under_every_benchmark_of_the_scope(world: World) -> None:
    both = ("kisa-2021", "kisa-2026")
    identity = world.with_servers(1).planned(benchmarks=[*both, both[0]])
    world.dispatcher.dispatch(world.jobs(identity, 1))
    ((key, run),) = world.hub.runs.items()
    world.hub.runs[key] = replace(run, status="Success", stdout=PRINTED)

    world.collector.collect(_event())

    stored = {}
    for name in _target(world, identity).verdict_keys:
        rows = [json.loads(row) for row in gzip.decompress(world.objects.bodies[name]).splitlines()]
        stored |= {(row["benchmark"], row["item"]): row["verdict"] for row in rows}
    expected = [(benchmark, item.id) for benchmark in both for item in load(benchmark).items]
    assert expected == list(stored)
    assert set(expected) == {(benchmark, item) for *_, benchmark, item in world.verdicts.lines}
    # /etc/hosts is 0644: beyond the 600 of 2021, within the 644 of 2026.
    assert ("vulnerable", "good") == (stored["kisa-2021", "U-09"], stored["kisa-2026", "U-19"])
    assert set(both) == set(world.servers.records[srvid(1)].counts)


@pytest.mark.parametrize(
    ("stdout", "status", "details", "target", "why"),
    [
        ("", "Success", "Success", "failed", "nothing"),
        ("\x00garbage\xff", "Success", "Success", "failed", "no evidence"),
        (PRINTED[: len(PRINTED) // 2], "TimedOut", "Execution Timed Out", "failed", "ExecutionTimedOut"),
        (PRINTED.replace("EVIDENCE 1", "EVIDENCE 9"), "Success", "Success", "failed", "version"),
        ("", "TimedOut", "Delivery Timed Out", "unreachable", "did not reach the server"),
        ("", "Cancelled", "Terminated", "unreachable", "did not reach the server"),
        ("", "Failed", "Failed", "failed", "sh: out of memory"),
    ],
)
def test_a_command_without_evidence_ends_its_target_with_the_reason(  # noqa: PLR0913 - one column each
    world: World, *, stdout: str, status: str, details: str, target: str, why: str
) -> None:
    identity = _ended(world, stdout, status, details, stderr="trace\nsh: out of memory\n")

    assert target == world.collector.collect(_event(status=status))
    assert (target, True) == (_target(world, identity).status, why in _target(world, identity).reason_en)
    assert world.callbacks.returned["token-1"].startswith(target)
    assert [] == [key for key in world.objects.bodies if key.startswith(("evidence/", "verdicts/"))]


def test_a_failed_command_with_whole_evidence_counts(world: World) -> None:
    _ended(world, status="Failed")

    assert "assessed" == world.collector.collect(_event(status="Failed"))


def test_output_over_the_limit_is_read_from_s3_where_it_lies_whole(world: World) -> None:
    long = "x" * 24_000 + "\n" + PRINTED
    identity = _ended(world, stdout=long[:24_000])
    key = f"output/{HUB}/{identity}/{COMMAND}/i-{1:017x}/awsrunShellScript/probe/stdout"
    world.objects.put(key, long.encode())

    assert "assessed" == world.collector.collect(_event())


@pytest.mark.parametrize("status", ["failed", "unreachable"])
def test_late_evidence_is_kept_and_contradicts_no_report(world: World, status: str) -> None:
    identity = _ended(world)
    reason = Text("늦음", "No result came within the time limit.")
    world.assessments.finish(_target(world, identity).ended(TargetStatus(status), reason))

    assert "late" == world.collector.collect(_event())
    assert status == _target(world, identity).status
    assert [True] == [
        key.startswith("evidence/") for key in world.objects.bodies if not key.startswith("plan/")
    ]
    assert ({}, {}, {}) == (world.verdicts.lines, world.servers.records, world.findings.tracks)
    assert world.callbacks.returned["token-1"].startswith(status)


def test_a_newer_token_of_a_repeated_message_is_returned_too(world: World) -> None:
    identity = _ended(world)
    world.assessments.add_token(identity, srvid(1), "newer")

    world.collector.collect(_event())

    assert {"token-1": "success", "newer": "success"} == world.callbacks.returned


def test_evidence_that_was_taken_and_is_gone_is_an_error_and_not_a_verdict(world: World) -> None:
    identity = _ended(world)
    world.objects.put_new = lambda *_: False  # type: ignore[method-assign] # as in a conflict of two writers

    with pytest.raises(StoreError, match="was taken and is not there"):
        world.collector.collect(_event())
    assert "waiting" == _target(world, identity).status


def test_an_invocation_that_ssm_does_not_know_yet_comes_again(world: World) -> None:
    _ended(world)

    with pytest.raises(ThrottledError, match="does not know command"):
        world.collector.collect(_event(command=command_id_of(9)))


def test_somebody_elses_command_is_left_alone(world: World) -> None:
    _ended(world)
    ((key, run),) = world.hub.runs.items()
    for comment in ("", "patch the servers", "20200101T000000Z-0000"):
        world.hub.runs[key] = replace(run, comment=comment)

        assert "not ours" == world.collector.collect(_event())
    assert {} == world.callbacks.returned


def test_a_status_that_is_not_the_last_is_left_alone(world: World) -> None:
    _ended(world, status="InProgress")

    assert ["running", "running"] == [
        world.collector.collect(_event(status=s)) for s in ("InProgress", "Success")
    ]


@pytest.mark.parametrize("body", ["", "[]", '{"account": "1"}', '{"detail": {"command-id": 1}}'])
def test_a_malformed_event_is_refused_by_name(body: str) -> None:
    with pytest.raises(MessageError, match="results queue is malformed in"):
        StatusEvent.parse(body)
