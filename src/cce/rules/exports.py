"""NFS: what its rules share, and whom it shares with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.views import exports, services
from cce.rules.common import ServiceParams, not_in_use
from cce.rules.registry import good, rule, vulnerable
from cce.text import with_particle
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.exports import Share
    from cce.verdict import Check


@rule("unix.nfs-access", ServiceParams)
def nfs_access(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """Each share of an NFS server in use names the hosts that may mount it."""
    yield from each_share(evidence, params, _access)


def _access(share: Share) -> Check:
    risks = ", ".join(sorted(share.options & {"no_root_squash", "insecure"}))
    note = f" ({risks})" if risks else ""
    if share.everybody:
        ko = f"{share.line.where}: {share.path} 공유가 모든 호스트에 허용됨{note}"
        return vulnerable(ko, f"{share.line.where} shares {share.path} with everybody{note}.", share.fact)
    ko = f"{share.line.where}: {share.path} 공유가 {with_particle(share.client, '으로/로')} 제한됨{note}"
    en = f"{share.line.where} shares {share.path} with {share.client} only{note}."
    return good(ko, en, share.fact)


def each_share(evidence: Evidence, params: ServiceParams, check: Callable[[Share], Check]) -> Iterator[Check]:
    """The check of each share of an NFS server in use, or what its absence counts as."""
    use = services.uses(evidence, "nfs")
    if not use:
        yield not_in_use(params.unused, "NFS 서비스", "NFS is not in use.", "nfs")
        return
    shares = exports.shares(evidence)
    for share in shares:
        yield check(share)
    if not shares:
        ko, en = "NFS로 공유된 디렉터리가 없음", "NFS is in use and shares nothing."
        yield good(ko, en, Fact(exports.FILE, "no share"), *use)
