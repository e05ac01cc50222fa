"""DOC-19: what a private custom domain lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.doctor.custom_names import custom_names, fits
from cce.doctor.model import Gap
from cce.doctor.policy import Call, Decision, PolicyError, decide
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Domain, Endpoint, Snapshot


@check("domains", "endpoints", "apis", "stages", "records", "balancers")
def judge(snapshot: Snapshot) -> Iterator[Saw | Gap]:
    """Every private custom domain has all that a call needs."""
    for domain in snapshot.domains:
        try:
            missing = [*_missing(snapshot, domain)]
        except PolicyError as error:
            yield Gap(f"apigateway:GetDomainNames {domain.name} policy", str(error))
            continue
        if missing:
            yield Saw(domain.name, Text("; ".join(m.ko for m in missing), "; ".join(m.en for m in missing)))


def _missing(snapshot: Snapshot, domain: Domain) -> Iterator[Text]:
    if domain.status and domain.status != "AVAILABLE":
        yield Text(f"상태가 {domain.status}", f"its status is {domain.status}")
    yield from _mapping(snapshot, domain)
    ours = [e for e in snapshot.api_endpoints if e.id in domain.associations]
    if not ours:
        yield Text(
            "살펴본 엔드포인트와의 접근 연결이 없음", "no access association with a looked-at endpoint"
        )
    if not domain.policy:
        yield Text("도메인 정책이 없음", "it has no policy")
    for endpoint in ours:
        if domain.policy and _denies(snapshot, domain, endpoint):
            yield Text(
                f"도메인 정책이 {endpoint.id}을(를) 허용하지 않음", f"its policy does not admit {endpoint.id}"
            )
    if not any(fits(c.name, domain.name) for c in custom_names(snapshot)):
        yield Text("엔드포인트로 가는 DNS 레코드가 없음", "no DNS record leads to an endpoint")


def _mapping(snapshot: Snapshot, domain: Domain) -> Iterator[Text]:
    if not domain.mappings:
        yield Text("기본 경로 매핑이 없음", "no base path mapping")
    for mapping in domain.mappings:
        stages = {s.name for s in snapshot.stages.get(mapping.api, ())}
        if mapping.api in snapshot.stages and mapping.stage and mapping.stage not in stages:
            path = f"{mapping.base_path or '/'} → {mapping.api}/{mapping.stage}"
            yield Text(
                f"매핑 {path}의 스테이지가 없음", f"mapping {path} leads to a stage that does not exist"
            )


def _denies(snapshot: Snapshot, domain: Domain, endpoint: Endpoint) -> bool:
    """By conditions only: the resource of a domain's policy is the domain itself."""
    call = Call(snapshot.region, snapshot.account, "", endpoint.id, endpoint.vpc, anonymous=True)
    return decide(domain.policy, call) is Decision.DENIED
