"""What checks do where answers are unusual: unreadable policies, silent resolvers, unseen certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from cce.doctor.as_text import as_text
from cce.doctor.collect.network import groups
from doctor_recordings import healthy

if TYPE_CHECKING:
    from cce.doctor.run import Diagnosis

ALIAS = "a1b2c3d4e5-vpce-0e1e2e3e4e5e6e7e8.execute-api.ap-northeast-2.amazonaws.com"
API = ["aws", "apigateway.get_rest_apis", "items", 0]
ENDPOINT = ["aws", "ec2.describe_vpc_endpoints", "VpcEndpoints", 0]
DOMAINS = ["aws", "apigateway.get_domain_names resourceOwner=SELF", "items"]
LISTENERS = (
    "elbv2.describe_listeners LoadBalancerArn="
    "arn:aws:elasticloadbalancing:ap-northeast-2:111111111111:loadbalancer/net/cmdb/0a1b2c3d4e5f6071"
)


def change(at: list[Any], value: Any) -> dict[str, Any]:
    return {"at": at, "value": value}


def ids(diagnosis: Diagnosis) -> tuple[set[str], dict[str, set[str]]]:
    found = {f.check.meaning.id for f in diagnosis.findings}
    return found, {u.check.meaning.id: {g.action for g in u.gaps} for u in diagnosis.unlooked}


@pytest.mark.parametrize(
    "policy",
    ["nonsense", "[]", '{"Statement": ["x"]}', '{"Statement": [{"Effect": "Allow", "Condition": 1}]}'],
)
def test_a_policy_that_cannot_be_read_is_a_gap(policy: str) -> None:
    found, gaps = ids(healthy(change([*API, "policy"], policy)).diagnosis())

    assert set() == found
    assert {"apigateway:GetRestApi a1b2c3d4e5 policy"} == set().union(*gaps.values())
    assert {"DOC-05", "DOC-06"} <= gaps.keys()


def test_an_endpoint_policy_that_cannot_be_read_is_a_gap() -> None:
    found, gaps = ids(healthy(change([*ENDPOINT, "PolicyDocument"], "{")).diagnosis())

    assert set() == found
    assert {"DOC-20": {"ec2:DescribeVpcEndpoints vpce-0e1e2e3e4e5e6e7e8 policy"}} == gaps


def test_a_domain_policy_that_cannot_be_read_is_a_gap() -> None:
    found, gaps = ids(healthy(change([*DOMAINS, 0, "policy"], "{")).diagnosis())

    assert (set(), {"DOC-19": {"apigateway:GetDomainNames cce.corp.example policy"}}) == (found, gaps)


def test_a_resolver_that_does_not_answer_is_a_gap() -> None:
    found, gaps = ids(healthy(change(["dns", ALIAS], {"status": "failed"})).diagnosis())

    assert set() == found
    assert {"DOC-08", "DOC-09", "DOC-10", "DOC-16"} == gaps.keys()
    assert {f"dns:{ALIAS}"} == set().union(*gaps.values())


def test_a_certificate_that_was_not_seen_is_known_where_tcp_leads_to_a_custom_domain() -> None:
    assert (set(), {}) == ids(healthy(change(["tls"], {})).diagnosis())


def test_a_certificate_behind_a_tls_listener_must_be_seen() -> None:
    recording = healthy(
        change(["tls"], {}),
        change(["aws", LISTENERS, "Listeners", 0, "Protocol"], "TLS"),
        change(DOMAINS, "@first"),
    )

    found, gaps = ids(recording.diagnosis())

    assert set() == found
    assert {"DOC-12": {"tls:cmdb.corp.example"}} == gaps


def test_strict_access_is_no_matter_with_a_custom_domain() -> None:
    recording = healthy(
        change([*API, "securityPolicy"], "SecurityPolicy_TLS13_1_3_2025_09"),
        change([*API, "endpointAccessMode"], "STRICT"),
    )

    assert (set(), {}) == ids(recording.diagnosis())


def test_an_old_agent_is_fine_while_its_endpoint_stays() -> None:
    recording = healthy(
        change(
            ["aws", "ssm.describe_instance_information", "InstanceInformationList", 0, "AgentVersion"],
            "2.3.9.0",
        ),
        change(
            ["aws", "ec2.describe_vpc_endpoints", "VpcEndpoints", 3, "ServiceName"],
            "com.amazonaws.ap-northeast-2.ec2messages",
        ),
    )

    assert (set(), {}) == ids(recording.diagnosis())


def test_servers_that_are_online_prove_that_their_agents_have_a_way() -> None:
    recording = healthy(change(["aws", "ec2.describe_vpc_endpoints", "VpcEndpoints", 2, "State"], "deleting"))

    assert ({"DOC-02"}, {}) == ids(recording.diagnosis())


def test_a_recorded_change_that_was_refused_changed_nothing() -> None:
    events = ["aws", "cloudtrail.lookup_events", "Events", 1]
    told = (
        '{"errorCode": "AccessDenied", "requestParameters":'
        ' {"restApiId": "a1b2c3d4e5", "patchOperations": [{"path": "/policy"}]}}'
    )
    recording = healthy(
        change([*events, "EventTime"], "2026-11-09T00:00:00+00:00"),
        change([*events, "CloudTrailEvent"], told),
    )

    assert (set(), {}) == ids(recording.diagnosis())


def test_an_account_with_nothing_is_healthy() -> None:
    recording = healthy()
    for answer in recording.document["aws"].values():
        for key, value in answer.items():
            if isinstance(value, list):
                answer[key] = []

    assert (set(), {}) == ids(recording.diagnosis())


def test_endpoints_of_other_kinds_and_without_ipv4_are_passed_over() -> None:
    recording = healthy()
    answers = recording.document["aws"]
    other = {"VpcEndpointId": "vpce-0r", "VpcEndpointType": "Resource", "VpcId": "vpc-0a1b2c3d4e5f60718"}
    answers["ec2.describe_vpc_endpoints"]["VpcEndpoints"].append(other | {"State": "available"})
    six = {"SubnetId": "subnet-06", "VpcId": "vpc-0a1b2c3d4e5f60718"}
    six |= {"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "fd00::/64"}]}  # type: ignore[dict-item]
    answers["ec2.describe_subnets"]["Subnets"].append(six)
    interface = {"NetworkInterfaceId": "eni-06a0000000000000a", "Ipv6Addresses": [{"Ipv6Address": "fd00::6"}]}
    answers["ec2.describe_network_interfaces"]["NetworkInterfaces"].append(interface)

    assert (set(), {}) == ids(recording.diagnosis())


def test_no_line_for_people_is_wider_than_its_words_need() -> None:
    text = as_text(healthy(change([*API, "policy"], "")).diagnosis(), "ko")

    assert [] == [line for line in text.splitlines() if cell_len(line) > 100 and len(line.split()) > 3]


def test_many_security_groups_are_asked_for_in_parts() -> None:
    recording = healthy()
    aws = recording.aws

    groups(aws, [f"sg-{n:017x}" for n in range(401)])

    assert [200, 200, 1] == [
        len(question["Filters"][0]["Values"]) for _, _, question in aws.asked if "Filters" in question
    ]
