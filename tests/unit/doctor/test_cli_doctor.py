"""``cce doctor`` from its arguments to what it prints and its exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cce.cli import doctor, main
from doctor_recordings import FAULTS, Recording, fault, healthy, refusing

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def start(recording: Recording, *arguments: str) -> int:
        monkeypatch.setattr(doctor, "_ports", lambda _region: (recording.aws, recording.net))
        return main(["doctor", "--language", "en", *arguments])

    return start


def of(name: str) -> Recording:
    return fault(next(path for path in FAULTS if path.stem == name))[0]


def test_healthy_is_0(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == run(healthy())
    assert capsys.readouterr().out.endswith("healthy: nothing found\n")


def test_a_finding_is_1_and_says_what_was_seen_why_it_matters_and_what_to_do(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == run(of("doc-02-pending"))

    lines = capsys.readouterr().out.splitlines()
    start = lines.index("DOC-02 [high] The VPC endpoint is missing or not available: vpce-0e1e2e3e4e5e6e7e8")
    assert "  saw: the execute-api endpoint of vpc-0a1b2c3d4e5f60718 is pending" == lines[start + 1]
    assert lines[start + 2].startswith("  why: ")
    assert any(line.startswith("  do: ") for line in lines[start:])
    assert "findings: 1" == lines[-1]


def test_korean_is_spoken_too(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    run(of("doc-02-pending"), "--language", "ko")

    out = capsys.readouterr().out
    assert "DOC-02 [상] VPC 엔드포인트가 없거나 사용 가능 상태가 아님" in out
    assert "확인: " in out


def test_what_could_not_be_read_is_2_and_named(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == run(refusing("ec2.describe_vpc_endpoints"))

    out = capsys.readouterr().out
    assert "unread: ec2:DescribeVpcEndpoints: AccessDeniedException: not authorized" in out
    assert out.endswith("not healthy: some checks could not look\n")


def test_findings_beside_something_unread_are_1_and_both_are_told(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    denied = {"Error": {"Code": "AccessDenied", "Message": "no"}}
    recording = healthy(
        {"at": ["aws", "elbv2.describe_load_balancers"], "value": denied},
        {"at": ["aws", "ec2.describe_vpc_endpoints", "VpcEndpoints", 0, "State"], "value": "pending"},
    )

    assert 1 == run(recording)
    assert capsys.readouterr().out.endswith("findings: 1, checks that could not look: 4\n")


def test_json_holds_both_languages(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == run(of("doc-04-no-policy"), "--json")

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert ("findings", "ap-northeast-2", "111111111111") == (told["status"], told["region"], told["account"])
    assert 1 == told["exit_status"]
    (finding,) = told["findings"]
    assert {"id", "severity", "resource", "title", "saw", "why", "do"} == finding.keys()
    assert all({"ko", "en"} == finding[part].keys() for part in ("title", "saw", "why", "do"))
    assert [] == told["not_looked"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--vpc", "vpc-0nothing"], "no VPC 'vpc-0nothing' in ap-northeast-2; there are: vpc-0a1b"),
        (["--api", "zzzzzzzzzz"], "no private API 'zzzzzzzzzz' in ap-northeast-2; there are: a1b2c3d4e5"),
        (["--client", "10.20.0.0/33"], "client '10.20.0.0/33' is no address or network"),
    ],
)
def test_what_does_not_exist_is_2(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert 2 == run(healthy(), *arguments)
    assert message in capsys.readouterr().err


def test_without_credentials_it_is_2(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == run(refusing("sts.get_caller_identity"))
    assert "CCE-600: sts:GetCallerIdentity: AccessDeniedException" in capsys.readouterr().err


def test_a_named_vpc_without_an_endpoint_is_told(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    other = {"VpcId": "vpc-0other", "CidrBlock": "10.112.0.0/24", "State": "available"}
    recording = healthy()
    recording.document["aws"]["ec2.describe_vpcs"]["Vpcs"].append(other)

    assert 1 == run(recording, "--vpc", "vpc-0other")
    assert "vpc-0other\n  saw: it has no execute-api endpoint" in capsys.readouterr().out


def test_names_from_aws_cannot_move_the_cursor(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["aws", "apigateway.get_rest_apis", "items", 0]
    recording = healthy(
        {"at": [*at, "name"], "value": "x\x1b[2Jy\nDOC-99 [high] forged"},
        {"at": [*at, "policy"], "value": ""},
    )

    run(recording)

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert not any(line.startswith("DOC-99") for line in out.splitlines())
