"""DOC-12: a name of one's own, or a load balancer's, shows a certificate that is for other names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.doctor.custom_names import custom_names, domain_of, is_for
from cce.doctor.model import Certificate, Gap
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.custom_names import CustomName
    from cce.doctor.model import Snapshot

_UNSEEN = Certificate(reached=False)


@check("endpoints", "balancers", "records", "domains")
def judge(snapshot: Snapshot) -> Iterator[Saw | Gap]:
    """Every name that leads to an API shows a certificate for it, or must, where none was seen."""
    for custom in custom_names(snapshot):
        seen = snapshot.certificates.get(custom.name, _UNSEEN)
        if seen.reached:
            if not is_for(seen, custom.name):
                names = ", ".join(seen.names)
                yield Saw(
                    custom.name,
                    Text(
                        f"{_where(custom)}의 인증서는 {names}용",
                        f"the certificate at {_where(custom)} is for {names}",
                    ),
                )
        elif not domain_of(snapshot, custom.name):
            if custom.balancer and "TLS" in custom.balancer.listeners:
                yield Gap(f"tls:{custom.name}", seen.reason or "no certificate seen")
            else:
                yield _by_its_way(custom, f"*.execute-api.{snapshot.suffix}")


def _by_its_way(custom: CustomName, certificate: str) -> Saw:
    """Nothing was seen, but what is there to see is known: no other certificate than AWS's own."""
    where = _where(custom)
    return Saw(
        custom.name,
        Text(
            f"{where}(으)로 감. 그 이름의 프라이빗 사용자 지정 도메인이 없어 인증서는 {certificate}용",
            f"leads to {where}; without a private custom domain the certificate is for {certificate}",
        ),
    )


def _where(custom: CustomName) -> str:
    return f"NLB {custom.balancer.name}" if custom.balancer else "VPC endpoint"
