"""Discover joins the inventory: exclusions, servers that are missing, whose a server is."""

from __future__ import annotations

import pytest

from api_world import asset
from cce.errors import InventoryError, MemberError
from world import HUB, OTHER, World, instance, srvid


def _told(world: World, identity: str) -> dict[str, tuple[str, str]]:
    return {t.srvid: (t.status.value, t.reason_en) for t in world.assessments.targets(identity)}


def test_an_excluded_server_is_skipped_with_its_owners_reason(world: World) -> None:
    world.inventory.assets = [asset(1, excluded=True, excluded_reason="장비 교체 중")]

    identity = world.with_servers(1, 2).planned()

    assert ("skipped", "Excluded in the inventory: 장비 교체 중") == _told(world, identity)[srvid(1)]
    assert "waiting" == _told(world, identity)[srvid(2)][0]
    assert srvid(1).encode() not in next(
        body for key, body in world.objects.bodies.items() if "servers-" in key
    )


def test_a_target_carries_what_the_inventory_says_of_it(world: World) -> None:
    world.inventory.assets = [asset(1, role="db", service="뱅킹", owner="기반팀"), asset(2, OTHER)]

    (target,) = world.assessments.targets(world.with_servers(1).planned())

    assert ("server-1", "db", "뱅킹", "기반팀") == (target.name, target.role, target.service, target.owner)


def test_a_server_in_operation_that_the_account_does_not_have_is_missing(world: World) -> None:
    world.inventory.assets = [
        asset(1),
        asset(2),
        asset(3, alive=False),
        asset(4, excluded=True, excluded_reason="소유자 요청"),
    ]

    told = _told(world, world.with_servers(1).planned())

    assert "waiting" == told[srvid(1)][0]
    assert ("unreachable", "The inventory says that it is in operation") == (
        told[srvid(2)][0],
        told[srvid(2)][1].split(",", maxsplit=1)[0],
    )
    assert srvid(3) not in told
    assert "skipped" == told[srvid(4)][0]


def test_a_server_that_runs_is_probed_whatever_the_inventory_says(world: World) -> None:
    world.inventory.assets = [asset(1, alive=False)]

    assert "waiting" == _told(world, world.with_servers(1).planned())[srvid(1)][0]


@pytest.mark.parametrize("scope", [{"servers": [srvid(1)]}, {"tags": {"Name": ["server-1"]}}])
def test_a_narrowed_scope_expects_no_other_server(world: World, scope: dict[str, object]) -> None:
    world.inventory.assets = [asset(2)]
    world.hub.machines = [instance(1)]

    assert {srvid(1)} == _told(world, world.planned(**scope)).keys()


def test_an_inventory_that_does_not_answer_is_a_gap_and_nothing_is_probed(world: World) -> None:
    world.with_servers(1)
    identity = world.plan()["assessment_id"]
    world.inventory.trouble = InventoryError("it answers 403")

    with pytest.raises(InventoryError):
        world.discover(identity)

    assert {} == _told(world, identity)
    (listing,) = world.assessments.listings(identity)
    assert "The inventory cannot be read: it answers 403" == listing.reason_en


def test_servers_of_the_inventory_are_unreachable_with_their_account(world: World) -> None:
    world.inventory.assets = [
        asset(1, OTHER),
        asset(2, OTHER, excluded=True, excluded_reason="철거"),
        asset(3, OTHER, alive=False),
        asset(1, HUB),
    ]
    identity = world.plan()["assessment_id"]

    with pytest.raises(MemberError):
        world.discover(identity, OTHER)

    told = _told(world, identity)
    assert {srvid(1, OTHER): "unreachable", srvid(2, OTHER): "skipped"} == {k: v[0] for k, v in told.items()}
    assert "The account cannot be reached" in told[srvid(1, OTHER)][1]
