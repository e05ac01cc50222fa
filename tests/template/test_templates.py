"""The templates after SAM's transform: private, encrypted, and nothing gets lost."""

from __future__ import annotations

import json

import pytest

import templates
from cce.probes import linux_probe, unpacked
from templates import hub, member, resources, text_of

FUNCTIONS = resources(hub(), "AWS::Lambda::Function")
QUEUES = resources(hub(), "AWS::SQS::Queue")


def test_every_work_queue_has_a_dead_letter_queue_and_five_tries() -> None:
    work = {name: queue for name, queue in QUEUES.items() if not name.endswith("Dlq")}

    assert {"JobsQueue", "ResultsQueue"} == work.keys()
    for queue in work.values():
        assert 5 == queue["RedrivePolicy"]["maxReceiveCount"]


@pytest.mark.parametrize(
    ("queue", "function"), [("JobsQueue", "DispatchFunction"), ("ResultsQueue", "CollectFunction")]
)
def test_a_message_stays_hidden_for_six_times_the_functions_time_out(queue: str, function: str) -> None:
    mapping = next(
        m
        for m in resources(hub(), "AWS::Lambda::EventSourceMapping").values()
        if function in text_of(m["FunctionName"])
    )

    window = mapping.get("MaximumBatchingWindowInSeconds", 0)
    assert QUEUES[queue]["VisibilityTimeout"] >= 6 * FUNCTIONS[function]["Timeout"] + window
    assert ["ReportBatchItemFailures"] == mapping["FunctionResponseTypes"]


@pytest.mark.parametrize("template", [hub(), member()], ids=["hub", "member"])
def test_every_rule_and_schedule_has_a_dead_letter_queue(template: dict[str, object]) -> None:
    targets = [t for rule in resources(template, "AWS::Events::Rule").values() for t in rule["Targets"]]
    targets += [schedule["Target"] for schedule in resources(template, "AWS::Scheduler::Schedule").values()]

    assert targets
    assert [] == [target for target in targets if "DeadLetterConfig" not in target]


def test_every_queue_refuses_plain_http() -> None:
    policies = [*resources(hub(), "AWS::SQS::QueuePolicy").values()]
    guarded = {text_of(q) for p in policies if "aws:SecureTransport" in text_of(p) for q in p["Queues"]}

    assert {text_of({"Ref": name}) for name in QUEUES} == guarded


def test_the_bucket_is_private_versioned_encrypted_and_tls_only() -> None:
    bucket = resources(hub(), "AWS::S3::Bucket")["DataBucket"]
    policy = text_of(resources(hub(), "AWS::S3::BucketPolicy")["DataBucketPolicy"])

    assert "Enabled" == bucket["VersioningConfiguration"]["Status"]
    assert "aws:kms" in text_of(bucket["BucketEncryption"])
    assert {True} == set(bucket["PublicAccessBlockConfiguration"].values())
    assert "aws:SecureTransport" in policy
    assert bucket["LifecycleConfiguration"]["Rules"]


def test_the_tailoring_never_expires_and_only_the_plan_reads_it() -> None:
    rules = resources(hub(), "AWS::S3::Bucket")["DataBucket"]["LifecycleConfiguration"]["Rules"]
    expiring = {rule.get("Prefix", "") for rule in rules if "ExpirationInDays" in rule}
    roles = {name: text_of(role) for name, role in resources(hub(), "AWS::IAM::Role").items()}

    assert {"plan/", "output/", "evidence/", "verdicts/", "reports/"} == expiring
    assert ["PlanFunctionRole"] == [name for name, text in roles.items() if "/config/" in text]


def test_every_table_is_on_demand_recoverable_and_encrypted() -> None:
    for table in resources(hub(), "AWS::DynamoDB::Table").values():
        assert "PAY_PER_REQUEST" == table["BillingMode"]
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert table["SSESpecification"]["SSEEnabled"]


@pytest.mark.row("R4", how="template")
def test_the_schedule_has_a_time_zone_and_gives_up_within_the_hour() -> None:
    schedule = resources(hub(), "AWS::Scheduler::Schedule")["AssessmentSchedule"]

    assert {"Ref": "ScheduleTimezone"} == schedule["ScheduleExpressionTimezone"]
    assert schedule["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 3600
    assert "<aws.scheduler.scheduled-time>" in text_of(schedule["Target"]["Input"])


def test_the_schedule_asks_for_the_editions_of_its_parameter() -> None:
    template, values = resources(hub(), "AWS::Scheduler::Schedule")["AssessmentSchedule"]["Target"]["Input"][
        "Fn::Sub"
    ]

    assert {"Fn::Join": ['", "', {"Ref": "ScheduleBenchmarks"}]} == values["Listed"]
    filled = template.replace("${Listed}", 'kisa-2021", "kisa-2026')
    assert ["kisa-2021", "kisa-2026"] == json.loads(filled)["scope"]["benchmarks"]


def test_the_state_machine_may_start_its_own_children() -> None:
    role = text_of(resources(hub(), "AWS::IAM::Role")["AssessmentRole"])

    assert "states:StartExecution" in role
    assert "stateMachine:${AWS::StackName}-assessment" in role


def test_the_member_role_can_send_one_document_and_nothing_else() -> None:
    role = resources(member(), "AWS::IAM::Role")["MemberRole"]
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    sending = next(s for s in statements if s["Action"] == "ssm:SendCommand")
    rest = [action for s in statements if s is not sending for action in s["Action"]]

    assert {True} == {action.split(":")[1].startswith(("Describe", "List", "Get")) for action in rest}
    assert "document/${DocumentName}" in text_of(sending["Resource"])
    assert "sts:ExternalId" in text_of(role["AssumeRolePolicyDocument"])


def test_the_document_takes_no_parameters() -> None:
    document = resources(member(), "AWS::SSM::Document")["LinuxProbe"]["Content"]

    assert "parameters" not in document
    assert "{{" not in text_of(document["mainSteps"][0]["inputs"]["runCommand"])


def test_the_member_template_holds_the_probe_as_it_is() -> None:
    document = resources(member(), "AWS::SSM::Document")["LinuxProbe"]["Content"]

    (script,) = document["mainSteps"][0]["inputs"]["runCommand"]
    assert linux_probe() == unpacked(script)


def test_the_member_template_can_be_deployed_without_a_bucket() -> None:
    """CloudFormation takes a body of 51,200 bytes; more must come from S3."""
    assert 51_200 > (templates.ROOT / "member/template.yaml").stat().st_size
