"""Every function runs in a container by ``sam local invoke`` with its event, against the local stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lab import nodes
from lab.calls import denied
from stack import HUB, RECORDINGS, REGION

if TYPE_CHECKING:
    from lab.sam_local import Answer, SamLocal
    from stack import Stack

pytestmark = pytest.mark.docker

EVENTS = Path(__file__).resolve().parents[3] / "events"
FUNCTIONS = ("plan", "discover", "dispatch", "collect", "reconcile", "report")
ASSESSMENT = "20261122T013000Z-7f3a"
MESSAGE = "059f36b4-87a3-44ab-83d2-661975830a7d"
INSTANCE = "i-0a1b2c3d4e5f60718"
COMMAND = "e8d3c0e4-71f7-4491-898f-c9b35bee5f3b"


def invoke(sam: SamLocal, name: str, event: Path) -> Answer:
    answer = sam.invoke(f"{name.capitalize()}Function", event)
    assert not answer.raised, answer
    return answer


def with_ids(name: str, folder: Path, **ids: str) -> Path:
    """A copy of a function's event in which only the invented ids are replaced."""
    text = (EVENTS / f"{name}.json").read_text("utf-8")
    for invented, real in ((INSTANCE, ids["instance"]), (COMMAND, ids.get("command", COMMAND))):
        text = text.replace(invented, real)
    copy = folder / f"{name}.json"
    copy.write_text(text, "utf-8")
    return copy


@pytest.fixture(scope="module")
def servers(stack: Stack) -> tuple[str, str]:
    """Two servers of the account that the events name, by srvid."""
    recording = nodes.Recording(RECORDINGS / "debian12-misconfigured.evidence")
    return stack.server(recording, "local"), stack.server(recording, "local")


@pytest.fixture(scope="module")
def answers(sam: SamLocal, servers: tuple[str, str]) -> dict[str, Answer]:
    """What the functions answer to the events as they are checked in, one after the other."""
    assert all(srvid.startswith(f"{HUB}/{REGION}/") for srvid in servers)
    return {name: invoke(sam, name, EVENTS / f"{name}.json") for name in FUNCTIONS}


def test_plan_claims_the_assessment_of_its_event(stack: Stack, answers: dict[str, Answer]) -> None:
    expected = {
        "assessment_id": ASSESSMENT,
        "duplicate": False,
        "execution_arn": f"arn:aws:states:{REGION}:{HUB}:execution:cce-fleet-assessment:{ASSESSMENT}",
        "bucket": stack.outputs["DataBucketName"],
        "accounts_key": f"plan/{ASSESSMENT}/accounts.json",
    }

    assert expected == answers["plan"].result


def test_discover_lists_the_servers_of_the_account(
    stack: Stack, servers: tuple[str, str], answers: dict[str, Answer]
) -> None:
    key = f"plan/{ASSESSMENT}/servers-{HUB}-{REGION}.json"

    assert (2, key) == (answers["discover"].result["waiting"], answers["discover"].result["servers_key"])
    assert set(servers) == {entry["srvid"] for entry in json.loads(stack.read(key))}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("dispatch", f"assessment {ASSESSMENT} expects no server {HUB}/{REGION}/{INSTANCE}"),
        ("collect", f"SSM does not know command {COMMAND} on {INSTANCE} yet"),
    ],
)
def test_the_invented_server_and_command_of_an_event_are_refused_by_name(
    answers: dict[str, Answer], name: str, reason: str
) -> None:
    assert {"batchItemFailures": [{"itemIdentifier": MESSAGE}]} == answers[name].result
    assert reason in answers[name].log


def test_reconcile_finds_nothing_where_nothing_was_sent(answers: dict[str, Answer]) -> None:
    assert {} == answers["reconcile"].result


def test_report_says_that_nothing_was_assessed(answers: dict[str, Answer]) -> None:
    summary = answers["report"].result

    assert ("failed", 2, 2) == (summary["outcome"], summary["expected"], summary["failed"])


def test_functions_in_containers_assess_a_server_together_with_the_deployed_ones(
    stack: Stack, sam: SamLocal, servers: tuple[str, str], tmp_path: Path
) -> None:
    here, deployed = servers
    instance = here.rpartition("/")[2]
    for name in ("plan", "discover"):
        invoke(sam, name, EVENTS / f"{name}.json")

    # One server goes the way of the containers, the other that of the deployed functions up to its event.
    sent = invoke(sam, "dispatch", with_ids("dispatch", tmp_path, instance=instance))
    stack.lab.client("sqs").send_message(QueueUrl=stack.outputs["JobsQueueUrl"], MessageBody=job_of(deployed))
    command = stack.targets(ASSESSMENT)[here]["command_id"]
    stack.eventually(lambda: status_of(stack, here, command) == "Success")
    collected = invoke(sam, "collect", with_ids("collect", tmp_path, instance=instance, command=command))
    after_collect = stack.targets(ASSESSMENT)[here]["status"]
    stack.eventually(lambda: "command_id" in stack.targets(ASSESSMENT)[deployed])
    before_reconcile = stack.targets(ASSESSMENT)[deployed]["status"]
    reconciled = invoke(sam, "reconcile", EVENTS / "reconcile.json")
    stack.eventually(lambda: stack.targets(ASSESSMENT)[deployed]["status"] == "assessed")
    summary = invoke(sam, "report", EVENTS / "report.json").result

    assert [{"batchItemFailures": []}] * 2 == [sent.result, collected.result]
    assert ("assessed", "waiting") == (after_collect, before_reconcile)
    assert {"ended": 1} == reconciled.result
    assert stack.read(f"evidence/{ASSESSMENT}/{here}.evidence.gz").startswith(b"cce\t1\t")
    assert {"U-01": "vulnerable"}.items() <= verdicts(stack, here).items()
    assert verdicts(stack, here) == verdicts(stack, deployed)
    assert ("complete", 2) == (summary["outcome"], summary["assessed"])
    assert [] == denied(stack.lab.calls())


def job_of(srvid: str) -> str:
    body: dict[str, Any] = json.loads(
        json.loads((EVENTS / "dispatch.json").read_text("utf-8"))["Records"][0]["body"]
    )
    return json.dumps({**body, "srvid": srvid})


def status_of(stack: Stack, srvid: str, command: str) -> str:
    answer = stack.lab.client("ssm").get_command_invocation(
        CommandId=command, InstanceId=srvid.rpartition("/")[2]
    )
    return str(answer["Status"])


def verdicts(stack: Stack, srvid: str) -> dict[str, str]:
    return {row["item"]: row["verdict"] for row in stack.verdicts_of(srvid)}
