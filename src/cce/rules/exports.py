"""What NFS shares with everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.views import exports, services
from cce.rules.common import Unused, by_policy
from cce.rules.registry import Params, good, rule, vulnerable
from cce.text import with_particle
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check


class NfsAccess(Params):
    """What an NFS server that is not in use counts as."""

    unused: Unused = "good"


@rule("unix.nfs-access", NfsAccess)
def nfs_access(evidence: Evidence, params: NfsAccess) -> Iterator[Check]:
    """Each share of an NFS server in use names the hosts that may mount it."""
    use = services.uses(evidence, "nfs")
    if not use:
        ko, en = "NFS 서비스를 사용하지 않음", "NFS is not in use."
        yield by_policy(params.unused, ko, en, Fact("nfs", "not in use"))
        return
    shares = exports.shares(evidence)
    for share in shares:
        risks = ", ".join(sorted(share.options & {"no_root_squash", "insecure"}))
        note = f" ({risks})" if risks else ""
        if share.everybody:
            ko = f"{share.line.where}: {share.path} 공유가 모든 호스트에 허용됨{note}"
            yield vulnerable(ko, f"{share.line.where} shares {share.path} with everybody{note}.", share.fact)
        else:
            client = with_particle(share.client, "으로/로")
            ko = f"{share.line.where}: {share.path} 공유가 {client} 제한됨{note}"
            en = f"{share.line.where} shares {share.path} with {share.client} only{note}."
            yield good(ko, en, share.fact)
    if not shares:
        ko, en = "NFS로 공유된 디렉터리가 없음", "NFS is in use and shares nothing."
        yield good(ko, en, Fact(exports.FILE, "no share"), *use)
