"""Discover: every expected server is listed, with what can be done and why not."""

from __future__ import annotations

import json

import pytest

from cce.errors import MemberError
from cce.pipeline.discover import OPT_OUT
from cce.pipeline.records import ServerRecord
from world import HUB, OTHER, REGION, World, instance, node, srvid


def _statuses(world: World, identity: str) -> dict[str, tuple[str, str]]:
    return {t.srvid: (t.status.value, t.reason_en) for t in world.assessments.targets(identity)}


def test_every_instance_is_a_target_and_only_online_linux_waits(world: World) -> None:
    world.hub.machines = [
        instance(1),
        instance(2),
        instance(3),
        instance(4, "stopped"),
        instance(5, windows=True),
    ]
    world.hub.managed = [
        node(1),
        node(2, "ConnectionLost"),
        node(4, "ConnectionLost"),
        node(5, platform="Windows"),
    ]

    identity = world.planned()

    statuses = _statuses(world, identity)
    assert ["waiting", "unreachable", "unreachable", "skipped", "skipped"] == [
        s for s, _ in statuses.values()
    ]
    assert "ConnectionLost, last seen 2026-11-22T01:00:00Z" in statuses[srvid(2)][1]
    assert "Not managed by SSM" in statuses[srvid(3)][1]
    listed = json.loads(world.objects.bodies[f"plan/{identity}/servers-{HUB}-{REGION}.json"])
    assert [{"srvid": srvid(1), "platform": "linux"}] == listed


def test_a_server_named_in_the_scope_that_does_not_exist_is_still_expected(world: World) -> None:
    identity = world.with_servers(1, 2).planned(servers=[srvid(1), srvid(9)])

    assert ("unreachable", "The account has no such instance.") == _statuses(world, identity)[srvid(9)]
    assert {srvid(1), srvid(9)} == set(_statuses(world, identity))


def test_an_account_without_a_role_is_a_gap_and_its_known_servers_are_unreachable(world: World) -> None:
    world.servers.assessed(ServerRecord(srvid(7, OTHER), "web-7", "Debian", "20251122T013000Z-0000", ""))
    identity = world.plan()["assessment_id"]

    with pytest.raises(MemberError, match="cannot be assumed"):
        world.discover(identity, OTHER)

    assert "unreachable" == _statuses(world, identity)[srvid(7, OTHER)][0]
    assert [OTHER] == [entry.account for entry in world.assessments.listings(identity) if entry.reason_en]


def test_tags_of_the_scope_narrow_the_servers(world: World) -> None:
    world.hub.machines = [instance(1, role="web"), instance(2, role="db"), instance(3)]
    world.hub.managed = [node(1), node(2), node(3)]

    identity = world.planned(tags={"role": ["db"]})

    assert {srvid(2)} == set(_statuses(world, identity))


def test_a_named_server_without_the_tags_of_the_scope_is_skipped_with_that_reason(world: World) -> None:
    world.hub.machines = [instance(1, role="web"), instance(2, role="db")]
    world.hub.managed = [node(1), node(2)]

    identity = world.planned(servers=[srvid(1), srvid(2)], tags={"role": ["db"]})

    assert ("skipped", "It does not carry the tags of the scope.") == _statuses(world, identity)[srvid(1)]
    assert "waiting" == _statuses(world, identity)[srvid(2)][0]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("appliance of a vendor", "Left out by its tag cce-fleet:exclude: appliance of a vendor"),
        ("", "Left out by its tag cce-fleet:exclude, without a reason."),
        ("True", "Left out by its tag cce-fleet:exclude, without a reason."),
    ],
)
def test_a_server_that_opts_out_is_skipped_with_its_owners_reason(
    world: World, value: str, reason: str
) -> None:
    world.hub.machines = [instance(1, **{OPT_OUT: value}), instance(2)]
    world.hub.managed = [node(1), node(2)]

    identity = world.planned(servers=[srvid(1), srvid(2)])  # naming it does not undo its tag

    assert ("skipped", reason) == _statuses(world, identity)[srvid(1)]
    assert "waiting" == _statuses(world, identity)[srvid(2)][0]
