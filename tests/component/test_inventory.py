"""The inventory table: in order, found by either id, written under a condition; and what the API reads."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from api_world import HUB, OTHER, REGION, asset, server
from aws_by_moto import make_table
from cce.api.conditions import Condition
from cce.assessment import TargetStatus
from cce.errors import RecordError, StoreError
from cce.fleet.executions import AwsExecutions
from cce.pipeline.records import AssessmentRecord, TargetRecord
from cce.store import inventory as inventory_module
from cce.store.assessments import DynamoAssessments
from cce.store.inventory import DynamoInventory
from cce.store.memory import MemoryInventory
from cce.store.objects import S3Objects
from cce.store.verdicts import DynamoVerdicts

NEW, ANY = Condition(exists=False), Condition(exists=True)


@pytest.fixture(params=["dynamodb", "memory"])
def inventory(request: pytest.FixtureRequest, aws: None) -> DynamoInventory | MemoryInventory:  # noqa: ARG001 - it is there
    if request.param == "memory":
        return MemoryInventory()
    return DynamoInventory(make_table("i", "kind", "srvid", instance=("instance-id", "srvid")))


def test_a_record_comes_back_as_it_was(inventory: DynamoInventory) -> None:
    kept = asset(1, owner="기반팀", excluded=True, excluded_reason="교체", ip="2001:db8::1", alive=False)

    assert inventory.get(kept.srvid) is None
    assert inventory.put(kept, NEW)
    assert (kept, kept.etag) == (inventory.get(kept.srvid), inventory.get(kept.srvid).etag)  # type: ignore[union-attr]


def test_a_record_is_written_only_under_its_condition(inventory: DynamoInventory) -> None:
    first, second = asset(1), asset(1, name="second")
    assert not inventory.put(first, ANY)
    assert not inventory.put(first, Condition(exists=True, tags=(first.etag,)))
    assert inventory.get(first.srvid) is None
    assert inventory.put(first, NEW)

    assert not inventory.put(second, NEW)
    assert not inventory.put(second, Condition(exists=True, tags=(second.etag, '"x"')))
    assert first == inventory.get(first.srvid)
    assert inventory.put(second, Condition(exists=True, tags=('"x"', first.etag)))
    assert not inventory.put(first, Condition(exists=True, tags=(first.etag,)))
    assert inventory.put(first, ANY)
    assert first == inventory.get(first.srvid)


def test_servers_come_in_order_behind_a_key(
    inventory: DynamoInventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory_module, "_ROWS", 2)
    servers = [asset(n, account) for account in (HUB, OTHER) for n in range(1, 6)]
    for each in reversed(servers):
        inventory.put(each, NEW)
    here = f"{HUB}/{REGION}/"

    assert servers == list(inventory.after("", ""))
    assert servers[3:] == list(inventory.after("", servers[2].srvid))
    assert servers[:5] == list(inventory.after(here, ""))
    assert servers[5:] == list(inventory.after(f"{OTHER}/", servers[2].srvid))
    assert servers[1:5] == list(inventory.after(here, servers[0].srvid))
    assert [] == list(inventory.after(here, servers[4].srvid))
    assert [] == list(inventory.after(here, "zzz"))
    assert [] == list(inventory.after("333333333333/", ""))


def test_an_instance_id_finds_every_server_that_has_it(inventory: DynamoInventory) -> None:
    for each in (asset(1, OTHER), asset(1), asset(2)):
        inventory.put(each, NEW)

    assert [server(1).srvid, server(1, OTHER).srvid] == inventory.named(server(1).instance_id)
    assert [] == inventory.named(server(9).instance_id)


@pytest.mark.usefixtures("aws")
def test_a_record_that_somebody_broke_is_an_error_not_an_empty_one() -> None:
    inventory = DynamoInventory(make_table("i", "kind", "srvid", instance=("instance-id", "srvid")))
    srvid = server(1).srvid
    boto3.resource("dynamodb").Table("i").put_item(
        Item={"kind": "server", "srvid": srvid, "instance-id": "x"}
    )

    with pytest.raises(RecordError, match=srvid):
        inventory.get(srvid)
    with pytest.raises(StoreError, match="elsewhere"):
        DynamoInventory("elsewhere").get(srvid)


@pytest.mark.usefixtures("aws")
def test_verdicts_are_read_by_assessment_the_newest_first() -> None:
    verdicts = DynamoVerdicts(make_table("v", "srvid", "verdict_key"))
    srvid, ids = server(1).srvid, ["20251122T013000Z-0000", "20261122T013000Z-0000"]
    for identity in ids:
        line = {"srvid": srvid, "assessment_id": identity, "benchmark": "kisa-2021"}
        rest = dict.fromkeys(("rule", "severity", "verdict", "reason_ko", "reason_en"), "x")
        verdicts.add([line | rest | {"item": item} for item in ("U-02", "U-01")])

    assert ids[1] == verdicts.newest(srvid)
    assert ids[0] == verdicts.newest(srvid, before=ids[1])
    assert "" == verdicts.newest(srvid, before=ids[0])
    assert "" == verdicts.newest(server(2).srvid)
    assert ["U-01", "U-02"] == [row["item"] for row in verdicts.of(srvid, ids[0])]


@pytest.mark.usefixtures("aws")
def test_assessments_are_listed_the_newest_first_and_without_their_targets() -> None:
    assessments = DynamoAssessments(
        make_table("a", "assessment_id", "entry", newest=("kind", "assessment_id"))
    )
    ids = [f"2026112{day}T013000Z-0000" for day in range(3)]
    for identity in ids:
        assessments.claim(AssessmentRecord(identity, "arn", {"accounts": "all"}, "api", "2026"))
        assessments.add_targets([TargetRecord(identity, server(1).srvid, TargetStatus.WAITING)])

    assert ids[::-1] == [record.assessment_id for record in assessments.newest("", 5)]
    assert [ids[1]] == [record.assessment_id for record in assessments.newest(ids[2], 1)]
    assert {"accounts": "all"} == assessments.newest("", 1)[0].scope


@pytest.mark.usefixtures("aws")
def test_a_link_opens_one_object_for_a_while() -> None:
    link = S3Objects("data").link("reports/x/report.html", 300)

    # the region's own host: a VPC without a way to the internet reaches no other
    assert link.startswith("https://s3.ap-northeast-2.amazonaws.com/data/reports/x/report.html?")
    assert "X-Amz-Expires=300" in link


MACHINE = f"arn:aws:states:{REGION}:{HUB}:stateMachine:cce-fleet-assessment"
EXECUTION = f"arn:aws:states:{REGION}:{HUB}:execution:cce-fleet-assessment:x"


@pytest.fixture
def executions(aws: None) -> tuple[AwsExecutions, Stubber]:  # noqa: ARG001 - it is there
    executions = AwsExecutions(MACHINE)
    stubber = Stubber(executions._states)  # noqa: SLF001 - answers of AWS are played there
    stubber.activate()
    return executions, stubber


def test_an_execution_is_started_once(executions: tuple[AwsExecutions, Stubber]) -> None:
    states, stubber = executions
    asked = {"stateMachineArn": MACHINE, "name": "x", "input": '{"scope": {}}'}
    stubber.add_response("start_execution", {"executionArn": EXECUTION, "startDate": 0}, asked)
    stubber.add_client_error("start_execution", "ExecutionAlreadyExists")
    stubber.add_client_error("start_execution", "AccessDeniedException")

    assert [True, False] == [states.start("x", {"scope": {}}) for _ in range(2)]
    with pytest.raises(StoreError, match="StartExecution"):
        states.start("x", {})


@pytest.mark.parametrize(
    ("status", "cause", "said"),
    [
        ("RUNNING", "", ""),
        ("SUCCEEDED", "", ""),
        ("TIMED_OUT", "", "TIMED_OUT"),
        ("FAILED", '{"errorMessage": "CCE-102: no such tag"}', "FAILED: CCE-102: no such tag"),
        ("FAILED", "[1]", "FAILED: [1]"),
    ],
)
def test_an_execution_says_why_it_ended_badly(
    executions: tuple[AwsExecutions, Stubber], status: str, cause: str, said: str
) -> None:
    states, stubber = executions
    answer = {
        "executionArn": EXECUTION,
        "stateMachineArn": MACHINE,
        "status": status,
        "startDate": 0,
        "cause": cause,
    }
    stubber.add_response("describe_execution", answer, {"executionArn": EXECUTION})
    stubber.add_client_error("describe_execution", "ExecutionDoesNotExist")

    assert [said, None] == [states.refusal("x"), states.refusal("x")]
