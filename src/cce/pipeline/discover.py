"""Discover: list every server that an account is expected to have, and say of each what can be done."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cce.assessment import ServerId, TargetStatus
from cce.errors import InventoryError, MemberError
from cce.pipeline.inventory import join_inventory
from cce.pipeline.plan import read_scope
from cce.pipeline.records import Listing, TargetRecord
from cce.pipeline.tailoring import read_snapshot
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cce.api.assets import Asset
    from cce.assessment import Scope
    from cce.errors import CceError
    from cce.pipeline.ports import Assessments, Inventories, Members, Objects, Servers
    from cce.pipeline.records import Instance, Node
    from cce.tailoring import Tailoring

_STOPPED: Final = Text("인스턴스가 중지됨", "The instance is stopped.")
_NO_PROBE: Final = Text("Windows용 수집기가 아직 없음", "There is no probe for Windows yet.")
_UNMANAGED: Final = Text(
    "SSM에 등록되지 않음(에이전트, 인스턴스 프로파일, 엔드포인트 확인)",
    "Not managed by SSM: look at its agent, its instance profile and the endpoints for ssm and ssmmessages.",
)
_OTHER_TAGS: Final = Text("대상 범위의 태그가 없음", "It does not carry the tags of the scope.")
#: A server that carries this tag is left out; the tag's value is the reason that the report gives.
OPT_OUT: Final = "cce-fleet:exclude"
#: Values that only say yes.
_NO_REASON: Final = frozenset({"", "true", "yes", "y", "1"})
_NO_SUCH: Final = Text("계정에 해당 인스턴스가 없음", "The account has no such instance.")


@dataclass(frozen=True, slots=True)
class Discoverer:
    """Lists the servers of one account and region."""

    objects: Objects
    assessments: Assessments
    servers: Servers
    members: Members
    inventory: Inventories | None = None

    def discover(self, event: dict[str, str]) -> dict[str, Any]:
        """Enter every expected server; those that can be probed go on the list for the map.

        Parameters
        ----------
        event
            ``assessment_id``, ``account``, ``region``.

        Returns
        -------
        dict
            ``assessment_id``, ``bucket``, ``servers_key`` and ``waiting``, the number of servers to probe.

        Raises
        ------
        MemberError
            When the account cannot be listed; that is recorded before.
        InventoryError
            When the inventory does not say which servers are excluded; that is recorded before.
        """
        identity, account, region = event["assessment_id"], event["account"], event["region"]
        scope, tailoring = read_scope(self.objects, identity), read_snapshot(self.objects, identity)
        assets: Sequence[Asset] = ()
        try:
            # First: nothing is probed that its owner excluded, also when the inventory cannot be asked.
            assets = self.inventory.servers(account, region) if self.inventory else ()
            member = self.members.member(account, region)
            # Named servers are listed with whatever tags they have, so that each gets its own reason.
            instances, nodes = member.instances({} if scope.servers else scope.tags), member.nodes()
        except (InventoryError, MemberError) as error:
            reason = _gap(error)
            self._record_gap(Listing(identity, account, region, reason.ko, reason.en), scope, assets)
            raise
        targets = join_inventory(
            expected(
                identity, account, region, scope=scope, instances=instances, nodes=nodes, tailoring=tailoring
            ),
            assets,
            Listing(identity, account, region),
            scope,
        )
        self.assessments.add_targets(targets)
        waiting = [t for t in targets if t.status is TargetStatus.WAITING]
        key = f"plan/{identity}/servers-{account}-{region}.json"
        self.objects.put(
            key, json.dumps([{"srvid": t.srvid, "platform": t.platform} for t in waiting]).encode()
        )
        # Last of all: an account without this entry was not listed to the end, and the report says so.
        self.assessments.add_listing(Listing(identity, account, region))
        return {
            "assessment_id": identity,
            "bucket": self.objects.bucket,
            "servers_key": key,
            "waiting": len(waiting),
        }

    def _record_gap(
        self,
        listing: Listing,
        scope: Scope,
        assets: Sequence[Asset],
    ) -> None:
        identity, account, region = listing.assessment_id, listing.account, listing.region
        named = dict.fromkeys(s for s in scope.servers if s.startswith(f"{account}/{region}/"))
        known = {s.srvid: s.name for s in self.servers.known(account, region)}
        expected_here = list(named) if named and account not in scope.whole else list(known)
        targets = [
            TargetRecord(
                identity,
                srvid,
                TargetStatus.UNREACHABLE,
                listing.reason_ko,
                listing.reason_en,
                known.get(srvid, ""),
            )
            for srvid in expected_here
        ]
        self.assessments.add_targets(join_inventory(targets, assets, listing, scope))
        self.assessments.add_listing(listing)


def _gap(error: CceError) -> Text:
    if isinstance(error, InventoryError):
        return Text(
            f"자산 목록을 확인할 수 없음: {error.message}", f"The inventory cannot be read: {error.message}"
        )
    return Text(f"계정에 접근할 수 없음: {error.message}", f"The account cannot be reached: {error.message}")


def expected(  # noqa: PLR0913 - what a list of targets is made of
    identity: str,
    account: str,
    region: str,
    *,
    scope: Scope,
    instances: Iterable[Instance],
    nodes: Iterable[Node],
    tailoring: Tailoring | None = None,
) -> list[TargetRecord]:
    """Join instances with what SSM knows of them; every expected server is in the answer, once."""
    by_id = {node.instance_id: node for node in nodes}
    named = {srvid for srvid in scope.servers if srvid.startswith(f"{account}/{region}/")}
    targets = {}
    for instance in instances:
        srvid = ServerId(account, region, instance.instance_id).srvid
        if scope.servers and srvid not in named and account not in scope.whole:
            continue
        status, reason = _what_can_be_done(instance, by_id.get(instance.instance_id), scope)
        platform = "windows" if instance.windows else "linux"
        targets[srvid] = TargetRecord(
            assessment_id=identity,
            srvid=srvid,
            status=status,
            reason_ko=reason.ko,
            reason_en=reason.en,
            name=instance.name,
            platform=platform,
            overlays=tailoring.matching(account, instance.tags) if tailoring else (),
        )
    for srvid in sorted(named - targets.keys()):
        targets[srvid] = TargetRecord(identity, srvid, TargetStatus.UNREACHABLE, _NO_SUCH.ko, _NO_SUCH.en)
    return [targets[srvid] for srvid in sorted(targets)]


def _what_can_be_done(instance: Instance, node: Node | None, scope: Scope) -> tuple[TargetStatus, Text]:
    if reason := _left_out(instance, scope):
        return TargetStatus.SKIPPED, reason
    if instance.state in {"stopped", "stopping"}:
        return TargetStatus.SKIPPED, _STOPPED
    if instance.windows or (node and node.platform == "Windows"):
        return TargetStatus.SKIPPED, _NO_PROBE
    if node is None:
        return TargetStatus.UNREACHABLE, _UNMANAGED
    if node.ping != "Online":
        ko = f"SSM 에이전트 응답 없음({node.ping}, 마지막 응답 {node.last_ping})"
        en = f"The SSM agent does not answer ({node.ping}, last seen {node.last_ping})."
        return TargetStatus.UNREACHABLE, Text(ko, en)
    return TargetStatus.WAITING, Text("", "")


def _left_out(instance: Instance, scope: Scope) -> Text | None:
    """Why the scope or the server's own tag leaves it out; what its owner wrote is shown to everybody."""
    if not instance.has_tags(scope.tags):
        return _OTHER_TAGS
    if OPT_OUT not in instance.tags:
        return None
    said = instance.tags[OPT_OUT].strip()
    if said.lower() in _NO_REASON:
        return Text(
            f"태그 {OPT_OUT}로 제외됨(사유 없음)", f"Left out by its tag {OPT_OUT}, without a reason."
        )
    return Text(f"태그 {OPT_OUT}로 제외됨: {said}", f"Left out by its tag {OPT_OUT}: {said}")
