"""Draft, applied, deployed: what leads from one to the next, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cce.errors import CompileError, DeployError, GatewayStateError
from cce.gateway import states
from cce.gateway.definition.model import Service
from cce.gateway.deploying import Desk
from cce.gateway.records import Deployment, StageRecord
from cce.store.gateway_directory import DirectoryApis, DirectoryBook
from compiled import TARGET, http, snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from cce.gateway.snapshot import Snapshot

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
EMPTY = StageRecord(service="k3j2h1g0f9", stage="dev")


def _draft(path: str = "/v1", **stage: Any) -> Snapshot:
    return snapshot({"/a": {"methods": {"GET": http(path)}}}, name="dev", **stage)


def _deployed(record: StageRecord, draft: Snapshot) -> StageRecord:
    applied = states.apply(record, draft, NOW, "kim")
    return states.completed(states.start(applied, NOW, "kim"), "none")


@pytest.mark.row("46", "50", "51", "52", how="cli")
def test_what_is_applied_already_is_not_applied_again() -> None:
    applied = states.apply(EMPTY, _draft(), NOW, "kim")

    with pytest.raises(GatewayStateError, match=r"409103003\); deploy the stage$"):
        states.apply(applied, _draft(), NOW, "kim")
    with pytest.raises(GatewayStateError, match=r"409103003\); change the definition first$"):
        states.apply(_deployed(EMPTY, _draft()), _draft(), NOW, "kim")
    assert 2 == states.apply(applied, _draft("/v2"), NOW, "kim").version
    assert applied.serving is None


@pytest.mark.row("104", how="cli")
def test_a_tree_without_a_method_is_not_applied() -> None:
    empty = _draft().model_copy(update={"resources": {}})

    with pytest.raises(GatewayStateError, match="400102000"):
        states.apply(EMPTY, empty, NOW, "kim")


@pytest.mark.row("111", "113", "114", how="cli")
def test_a_deployment_serves_when_it_is_complete_and_not_before() -> None:
    with pytest.raises(GatewayStateError, match="nothing was applied"):
        states.start(EMPTY, NOW, "kim")
    served = _deployed(EMPTY, _draft())
    begun = states.start(states.apply(served, _draft("/v2"), NOW, "kim"), NOW, "kim")

    assert (2, "deploying") == (begun.deployments[-1].number, begun.deployments[-1].status)
    assert _draft().digest == begun.serving.digest  # type: ignore[union-attr] # it was deployed
    with pytest.raises(GatewayStateError, match=r"409104001"):
        states.start(begun, NOW, "lee")
    failed = states.failed(begun, "no answer")
    assert _draft().digest == failed.serving.digest  # type: ignore[union-attr] # the same
    assert ("applied, not deployed", "last deployment failed") == states.badges(_draft("/v2"), failed)
    assert 3 == states.start(failed, NOW, "kim").deployments[-1].number


def test_a_deployment_whose_process_is_gone_does_not_stop_the_next() -> None:
    begun = states.start(states.apply(EMPTY, _draft(), NOW, "kim"), NOW, "kim")
    later = states.start(begun, NOW + states.LOST_AFTER, "lee")

    assert [("failure", "it never ended"), ("deploying", "")] == [
        (each.status, each.reason) for each in later.deployments
    ]


@pytest.mark.row("112", how="cli")
def test_nothing_new_is_not_deployed_and_descriptions_are_short() -> None:
    served = _deployed(EMPTY, _draft())
    with pytest.raises(GatewayStateError, match=r"409104002\); change the definition and apply it first$"):
        states.start(served, NOW, "kim")
    applied = states.apply(served, _draft("/v2"), NOW, "kim")
    with pytest.raises(GatewayStateError, match="201 characters"):
        states.start(applied, NOW, "kim", "x" * 201)

    assert "x" * 200 == states.start(applied, NOW, "kim", "x" * 200).deployments[-1].description


@pytest.mark.row("43", "49", "115", "G14", how="cli")
def test_a_roll_back_is_a_new_deployment_of_an_old_snapshot() -> None:
    second = _deployed(_deployed(EMPTY, _draft()), _draft("/v2"))
    back = states.completed(states.roll_back(second, 1, NOW, "kim"), "none")

    assert (3, _draft().digest, "roll back to 1") == (
        back.deployments[-1].number,
        back.serving.digest,  # type: ignore[union-attr] # it was deployed
        back.deployments[-1].description,
    )
    assert ("applied, not deployed",) == states.badges(_draft("/v2"), back)
    for number, words in ((9, r"name one of 1, 2$"), (2, r"409104002\); name another one$")):
        with pytest.raises(GatewayStateError, match=words):
            states.roll_back(second, number, NOW, "kim")
    with pytest.raises(GatewayStateError, match="nothing was ever deployed, so deploy it first"):
        states.roll_back(EMPTY, 1, NOW, "kim")
    broken = states.failed(states.start(states.apply(second, _draft("/v3"), NOW, "k"), NOW, "k"), "no")
    with pytest.raises(GatewayStateError, match="never complete"):
        states.roll_back(broken, 3, NOW, "kim")


@pytest.mark.row("110", how="cli")
def test_a_stage_in_use_is_not_deleted() -> None:
    served, hour = _deployed(EMPTY, _draft()), timedelta(hours=1)
    called = NOW - timedelta(minutes=7)
    with pytest.raises(GatewayStateError, match="called 7 minutes ago"):
        states.check_delete(served, called, NOW, hour, force=False)

    states.check_delete(served, called, NOW, hour, force=True)
    states.check_delete(served, NOW - hour, NOW, hour, force=False)
    states.check_delete(served, None, NOW, hour, force=False)


@pytest.mark.parametrize(
    ("record", "badges"),
    [
        (None, ("draft not applied",)),
        (EMPTY, ("draft not applied",)),
        (states.apply(EMPTY, _draft(), NOW, "kim"), ("not deployed",)),
        (states.apply(EMPTY, _draft("/v2"), NOW, "kim"), ("draft not applied", "not deployed")),
        (_deployed(EMPTY, _draft()), ("up to date",)),
    ],
)
def test_badges_say_what_is_left_to_do(record: StageRecord | None, badges: tuple[str, ...]) -> None:
    assert badges == states.badges(_draft(), record)


# ---------------------------------------------------------------- the desk, with a directory


class Refusing(DirectoryApis):
    """API Gateway on a bad day."""

    def deploy(self, *_given: object) -> None:
        raise DeployError("TooManyRequestsException")


def _service(path: str = "/v1", **stage: Any) -> Service:
    found = _draft(path, **stage)
    return Service(name="회원", resources=found.resources, stages=(found.stage,))


def _desk(folder: Path, apis: type[DirectoryApis] = DirectoryApis) -> Desk:
    return Desk(DirectoryBook(folder), apis(folder), TARGET, lambda _api, _stage: NOW)


def _apply(desk: Desk, service: Service) -> StageRecord:
    return desk.apply(service, service.stages[0], NOW, "kim")


@pytest.mark.row("3", "4", how="cli")
def test_services_have_ids_of_their_own_and_there_are_ten_at_most(tmp_path: Path) -> None:
    desk, book = _desk(tmp_path), DirectoryBook(tmp_path)
    for number in range(10):
        _apply(desk, _service().model_copy(update={"name": f"s{number}"}))

    ids = {record.id for record in book.services()}
    assert (10, {10}) == (len(ids), {len(each) for each in ids})
    with pytest.raises(GatewayStateError, match=r"400101000.*; deploy this one to another stack or --book$"):
        _apply(desk, _service().model_copy(update={"name": "one more"}))


@pytest.mark.row("114", how="cli")
def test_a_failed_deployment_is_noted_and_the_old_one_serves(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    record = _apply(desk, _service())
    desk.deploy("회원", "dev", NOW, "kim", "the first")
    _apply(desk, _service("/v2"))
    with pytest.raises(DeployError):
        _desk(tmp_path, Refusing).deploy("회원", "dev", NOW, "kim")

    found = DirectoryBook(tmp_path).stage(record.service, "dev")
    assert found
    assert found.serving
    assert [("complete", ""), ("failure", "CCE-603: TooManyRequestsException")] == [
        (each.status, each.reason) for each in found.deployments
    ]
    assert 1 == found.serving.number
    document = (tmp_path / "apis" / record.service / "dev.json").read_text("utf-8")
    assert "/v1" in document
    assert "/v2" not in document


def test_what_cannot_be_served_is_refused_when_it_is_applied(tmp_path: Path) -> None:
    with pytest.raises(CompileError):
        _apply(_desk(tmp_path), _service(timeout_seconds=40))

    assert [] == [
        record for s in DirectoryBook(tmp_path).services() for record in DirectoryBook(tmp_path).stages(s.id)
    ]


def test_a_snapshot_that_got_lost_comes_back_by_applying_it_again(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    record = _apply(desk, _service())
    assert record.applied
    (tmp_path / "snapshots" / record.service / f"{record.applied.digest}.json").unlink()
    with pytest.raises(GatewayStateError, match=r"apply the definition again, and deploy$"):
        desk.deploy("회원", "dev", NOW, "kim")

    with pytest.raises(GatewayStateError, match=r"409103003"):
        _apply(desk, _service())
    assert "complete" == desk.deploy("회원", "dev", NOW, "kim").status


def test_of_two_who_write_at_once_one_is_told(tmp_path: Path) -> None:
    book, record = DirectoryBook(tmp_path), _apply(_desk(tmp_path), _service())
    next_one = record.model_copy(
        update={"version": 2, "deployments": (Deployment(number=1, digest="d", at=NOW, by="kim"),)}
    )

    assert [True, False] == [book.put_stage(next_one), book.put_stage(next_one)]


@pytest.mark.row("109", "110", how="cli")
def test_a_deleted_stage_is_gone_and_its_service_keeps_its_id(tmp_path: Path) -> None:
    desk, book = _desk(tmp_path), DirectoryBook(tmp_path)
    record = _apply(desk, _service())
    desk.deploy("회원", "dev", NOW, "kim")
    with pytest.raises(GatewayStateError, match="--force"):
        desk.delete("회원", "dev", NOW, timedelta(hours=1), force=False)
    desk.delete("회원", "dev", NOW, timedelta(hours=1), force=True)

    assert book.stage(record.service, "dev") is None
    assert not (tmp_path / "apis" / record.service / "dev.json").exists()
    assert record.service == _apply(desk, _service()).service
