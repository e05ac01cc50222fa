"""What the inventory adds to the expected servers: exclusions, servers that are missing, whose they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cce.assessment import TargetStatus
from cce.pipeline.records import TargetRecord
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cce.api.assets import Asset
    from cce.assessment import Scope
    from cce.pipeline.records import Listing

_MISSING: Final = Text(
    "자산 목록에는 운영 중이나 계정에 해당 인스턴스가 없음",
    "The inventory says that it is in operation, but the account has no such instance.",
)


def join_inventory(
    targets: Iterable[TargetRecord], assets: Sequence[Asset], listing: Listing, scope: Scope
) -> list[TargetRecord]:
    """Join the expected servers of one account and region with its inventory, sorted by srvid.

    An excluded server is skipped with its owner's reason. A server in operation that the account does not
    have is expected and unreachable, or for the listing's reason if the account could not be listed. One that
    is not in operation and yet runs is probed: what runs can be attacked.
    """
    by_srvid = {asset.srvid: asset for asset in assets}
    joined = {target.srvid: _joined(target, by_srvid.get(target.srvid)) for target in targets}
    if _whole(listing, scope):
        reason = Text(listing.reason_ko, listing.reason_en) if listing.reason_en else _MISSING
        for asset in assets:
            if asset.alive and asset.srvid not in joined:
                missing = TargetRecord(
                    listing.assessment_id, asset.srvid, TargetStatus.UNREACHABLE, reason.ko, reason.en
                )
                joined[asset.srvid] = _joined(missing, asset)
    return [target for _, target in sorted(joined.items())]


def _whole(listing: Listing, scope: Scope) -> bool:
    """Whether the scope wants every server there; the inventory knows no tags of EC2."""
    return not scope.tags and (not scope.servers or listing.account in scope.whole)


def _joined(target: TargetRecord, asset: Asset | None) -> TargetRecord:
    if asset is None:
        return target
    told = replace(
        target,
        name=target.name or asset.name,
        role=asset.role,
        service=asset.service,
        owner=asset.owner,
    )
    if not asset.excluded:
        return told
    why = Text(
        f"자산 목록에서 제외됨: {asset.excluded_reason}",
        f"Excluded in the inventory: {asset.excluded_reason}",
    )
    return told.ended(TargetStatus.SKIPPED, why)
