"""Policies of private APIs: what is certain, what depends, and text that is none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.doctor.policy import Call, Decision, PolicyError, condition_keys, decide

CALL = Call("ap-northeast-2", "111111111111", "a1b2c3d4e5", "vpce-0a", "vpc-0a")
ARN = "arn:aws:execute-api:ap-northeast-2:111111111111:a1b2c3d4e5"


def statement(effect: str = "Allow", **more: Any) -> dict[str, Any]:
    basic = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    return {"Effect": effect, **basic, **more}


def when(key: str, value: Any, operator: str = "StringEquals") -> dict[str, Any]:
    return {operator: {key: value}}


@pytest.mark.parametrize(
    ("statements", "decision"),
    [
        ([statement()], Decision.ALLOWED),
        ([], Decision.DENIED),
        ([statement("Deny"), statement()], Decision.DENIED),
        ([statement(Principal={"AWS": "*"})], Decision.ALLOWED),
        ([statement(Principal={"AWS": ["arn:aws:iam::111111111111:root"]})], Decision.DEPENDS),
        ([statement(Action="execute-api:*")], Decision.ALLOWED),
        ([statement(Action="execute-api:ManageConnections")], Decision.DENIED),
        ([statement(NotAction="execute-api:Invoke", Action=[])], Decision.DENIED),
        # places
        ([statement(Resource=f"{ARN}/*")], Decision.ALLOWED),
        ([statement(Resource=f"{ARN}/v1/GET/srv")], Decision.ALLOWED),
        ([statement(Resource=["arn:aws:execute-api:*:*:*"])], Decision.ALLOWED),
        ([statement(Resource=ARN.replace("a1b2c3d4e5", "zzzzzzzzzz") + "/*")], Decision.DENIED),
        ([statement(Resource=ARN.replace("ap-northeast-2", "us-east-1") + "/*")], Decision.DENIED),
        ([statement(), statement("Deny", Resource=f"{ARN}/v1/DELETE/*")], Decision.ALLOWED),
        ([statement(), statement("Deny", Resource="execute-api:/v1/*")], Decision.ALLOWED),
        ([statement(), statement("Deny", Resource=f"{ARN}/*")], Decision.DENIED),
        ([statement(NotResource="x", Resource=[])], Decision.DEPENDS),
        # endpoint and VPC
        ([statement(Condition=when("aws:SourceVpce", "vpce-0a"))], Decision.ALLOWED),
        ([statement(Condition=when("aws:sourcevpce", ["vpce-0b", "vpce-0a"]))], Decision.ALLOWED),
        ([statement(Condition=when("aws:SourceVpce", "vpce-0b"))], Decision.DENIED),
        ([statement(Condition=when("aws:SourceVpc", "vpc-0a"))], Decision.ALLOWED),
        ([statement(Condition=when("aws:SourceVpce", "vpce-*", "StringLike"))], Decision.ALLOWED),
        (
            [statement(Condition=when("aws:SourceVpce", "VPCE-0A", "StringEqualsIgnoreCase"))],
            Decision.ALLOWED,
        ),
        (
            [statement(), statement("Deny", Condition=when("aws:SourceVpce", "vpce-0a", "StringNotEquals"))],
            Decision.ALLOWED,
        ),
        (
            [statement(), statement("Deny", Condition=when("aws:SourceVpce", "vpce-0b", "StringNotEquals"))],
            Decision.DENIED,
        ),
        (
            [statement(), statement("Deny", Condition=when("aws:SourceVpce", "vpce-0*", "StringNotLike"))],
            Decision.ALLOWED,
        ),
        ([statement(Condition=when("aws:SourceVpce", "true", "Null"))], Decision.DENIED),
        ([statement(Condition=when("aws:SourceVpce", "false", "Null"))], Decision.ALLOWED),
        # what a private call never has
        ([statement(Condition=when("aws:SourceIp", "10.0.0.0/8", "IpAddress"))], Decision.DENIED),
        ([statement(Condition=when("aws:SourceIp", "10.0.0.0/8", "IpAddressIfExists"))], Decision.ALLOWED),
        ([statement("Deny", Condition=when("aws:SourceIp", "10.0.0.0/8", "NotIpAddress"))], Decision.DENIED),
        # what is not known here
        ([statement(Condition=when("aws:VpcSourceIp", "10.0.0.0/8", "IpAddress"))], Decision.DEPENDS),
        ([statement(Condition=when("aws:PrincipalOrgID", "o-example"))], Decision.DEPENDS),
        (
            [statement(Condition=when("aws:SourceVpce", "vpce-0a", "ForAnyValue:StringEquals"))],
            Decision.DEPENDS,
        ),
        (
            [statement(), statement("Deny", Condition=when("aws:PrincipalOrgID", "o-example"))],
            Decision.DEPENDS,
        ),
    ],
)
def test_a_policy_is_decided(statements: list[dict[str, Any]], decision: Decision) -> None:
    assert decision is decide(json.dumps({"Statement": statements}), CALL)


@pytest.mark.parametrize(
    ("condition", "decision"),
    [
        (when("aws:PrincipalOrgID", "o-example"), Decision.DENIED),
        (when("aws:PrincipalOrgID", "o-example", "StringEqualsIfExists"), Decision.ALLOWED),
        (when("aws:PrincipalOrgID", "true", "Null"), Decision.ALLOWED),
    ],
)
def test_an_unsigned_call_belongs_to_no_organization(condition: dict[str, Any], decision: Decision) -> None:
    policy = json.dumps({"Statement": statement(Condition=condition)})

    assert decision is decide(policy, replace(CALL, anonymous=True))


def test_an_unsigned_call_is_none_of_the_named_principals() -> None:
    policy = json.dumps({"Statement": statement(Principal={"AWS": "111111111111"})})

    assert Decision.DENIED is decide(policy, replace(CALL, anonymous=True))


def test_without_an_api_only_conditions_count() -> None:
    policy = json.dumps({"Statement": statement(Resource="arn:aws:execute-api:x:1:/domainnames/a.example")})

    assert Decision.ALLOWED is decide(policy, replace(CALL, api=""))


def test_the_escaped_form_of_api_gateway_is_read() -> None:
    policy = json.dumps({"Statement": [statement()]}).replace('"', '\\"').replace("/", "\\/")

    assert Decision.ALLOWED is decide(policy, CALL)


def test_the_keys_of_all_conditions_are_listed() -> None:
    policy = json.dumps(
        {"Statement": [statement(Condition=when("aws:VpcSourceIp", "10.0.0.0/8", "IpAddress"))]}
    )

    assert {"aws:vpcsourceip"} == condition_keys(policy)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.sampled_from(["Allow", "Deny", "*"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["Statement", "Effect", "Principal", "AWS", "Action", "Resource", "Condition", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_anything_is_decided_or_no_policy(document: Any) -> None:
    try:
        decision = decide(json.dumps(document), CALL)
    except PolicyError:
        return
    assert decision in Decision


@given(st.text())
def test_any_text_is_decided_or_no_policy(text: str) -> None:
    try:
        decide(text, CALL)
    except PolicyError:
        return
