"""DNS: the version of BIND, who may take its zones away, who may change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cce.evidence.model import Unread
from cce.evidence.views import banners, named
from cce.rules.common import ServiceParams, listed, not_in_use
from cce.rules.registry import good, review, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.named import Access, Zone
    from cce.verdict import Check


class ZoneTransfer(ServiceParams):
    """What the zones of localhost count as that distributions ship: they name no host of anybody."""

    local_zones: Literal["judge", "ignore"] = "judge"


#: localhost and the reverse zones of 127, 0 and 255, as Debian's and RHEL's packages have them.
_LOCAL = frozenset(
    {"localhost", "localhost.localdomain", "127.in-addr.arpa", "1.0.0.127.in-addr.arpa", "0.in-addr.arpa"}
    | {"255.in-addr.arpa", f"1.{'0.' * 31}ip6.arpa"}
)


def _unused(params: ServiceParams) -> Check:
    return not_in_use(params.unused, "DNS 서비스", "DNS is not in use.", "named")


@rule("unix.dns-version", ServiceParams)
def dns_version(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """BIND is patched: a person compares its version with what the vendor has published."""
    use = named.units(evidence) or named.answered(evidence)
    if not use:
        yield _unused(params)
        return
    installed = named.package(evidence) if named.units(evidence) else None
    if installed is None:
        ko = "DNS 서비스 사용 중(BIND 패키지 아님): 버전과 최신 보안 패치 적용 여부 확인 필요"
        en = "DNS is in use, but not by a package of BIND; a person must say whether it is patched."
        yield review(ko, en, *use)
        return
    shown = f"{installed.name} {installed.version}"
    ko = f"DNS 서비스 사용 중({shown}): 제조사의 최신 보안 패치인지 확인 필요"
    en = f"DNS is in use ({shown}); a person must say whether that is the vendor's latest security patch."
    system = evidence.meta.get("os.pretty", "")
    yield review(ko, en, installed.fact, *([Fact("os-release", system)] if system else []), *use)


@rule("unix.dns-zone-transfer", ZoneTransfer)
def dns_zone_transfer(evidence: Evidence, params: ZoneTransfer) -> Iterator[Check]:
    """Whole zones are given to named hosts or holders of a key only."""
    if not named.uses(evidence):
        yield _unused(params)
        return
    zones = [
        z
        for z in named.zones(evidence)
        if params.local_zones == "judge" or z.name.rstrip(".").lower() not in _LOCAL
    ]
    if not zones:
        ko, en = (
            "전송할 수 있는 영역(zone)이 설정되어 있지 않음",
            "BIND has no zone that could be transferred.",
        )
        yield good(ko, en, Fact("named.conf", "no primary or secondary zone"))
    for access, names in _grouped(zones, lambda zone: zone.transfer):
        yield _transfer(evidence, access, names)


def _transfer(evidence: Evidence, access: Access, names: list[str]) -> Check:
    shown, facts = (
        listed(names),
        [_fact(access, "allow-transfer unset"), Fact("zones", ", ".join(names[:20]))],
    )
    if access.statement is None:
        facts[0] = _default_transfer(evidence)
    if access.open:
        ko = f"존 전송(Zone Transfer)이 모든 호스트에 허용됨: {shown.ko}"
        return vulnerable(ko, f"Everybody may transfer {shown.en}.", *facts)
    if access.everybody:
        return _unreached(*facts)
    ko = f"존 전송(Zone Transfer)이 허가된 대상으로 제한됨: {shown.ko}"
    return good(ko, f"The transfer of {shown.en} is limited.", *facts)


def _unreached(*facts: Fact) -> Check:
    ko = "DNS 서비스가 외부 요청에 응답하지 않음(listen-on 또는 blackhole)"
    return good(ko, "BIND answers no other host (listen-on or blackhole).", *facts)


def _default_transfer(evidence: Evidence) -> Fact:
    try:
        installed = named.package(evidence)
    except Unread:
        installed = None
    version = f"{installed.name} {installed.version}" if installed else "a BIND of unknown version"
    return Fact("allow-transfer", f"unset (default {named.default_transfer(evidence)} of {version})")


@rule("unix.dns-dynamic-update", ServiceParams)
def dns_dynamic_update(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """Zones are changed over the network by named hosts or holders of a key only, or by nobody."""
    if not named.uses(evidence):
        yield _unused(params)
        return
    zones = [zone for zone in named.zones(evidence) if zone.kind == "primary"]
    if not zones:
        ko, en = "동적 업데이트가 가능한 영역(zone)이 없음", "BIND has no zone that could be updated."
        yield good(ko, en, Fact("named.conf", "no primary zone"))
    for access, names in _grouped(zones, lambda zone: zone.update):
        shown, fact = listed(names), _fact(access, "allow-update unset (default none)")
        if access.open:
            ko = f"동적 업데이트가 모든 호스트에 허용됨: {shown.ko}"
            yield vulnerable(ko, f"Everybody may update {shown.en}.", fact)
        elif access.everybody:
            yield _unreached(fact)
        elif access.statement is None:
            ko = f"동적 업데이트가 비활성화되어 있음: {shown.ko}"
            yield good(ko, f"Dynamic update is off for {shown.en}.", fact)
        else:
            ko = f"동적 업데이트가 제한되어 있음: {shown.ko}"
            yield good(ko, f"Dynamic update of {shown.en} is off or limited.", fact)


@rule("unix.dns-banner", ServiceParams)
def dns_banner(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """BIND answers a question for its version with a text of the organisation's own, or not at all.

    Nobody logs in to DNS. What the guide has is ``version``, of which any text will do that says more than
    the product and its version; ``none`` and an empty one, which tell a stranger nothing, count as well.
    Unset it is the version.
    """
    if not named.uses(evidence):
        yield _unused(params)
        return
    statement = named.version(evidence)
    if statement is None:
        ko = "DNS: named.conf의 options에 version이 설정되어 있지 않음(버전이 노출됨)"
        en = "DNS: options of named.conf set no version: BIND tells its own."
        yield vulnerable(ko, en, Fact("named.conf", "version unset (default: the version of BIND)"))
        return
    where, text = statement.line.where, " ".join(statement.words[1:])
    shown = Fact(where, statement.shown)
    if text.lower() in {"", "none"}:
        yield good(
            f"DNS: 버전을 응답하지 않음({where})", f"DNS: BIND does not tell its version: {where}.", shown
        )
    elif banners.own_version(text):
        ko = f"DNS: version에 안내 문구가 설정되어 있음({where})"
        yield good(ko, f"DNS: version is a text of its own: {where}.", shown)
    else:
        ko = f"DNS: version이 제품명 또는 버전만을 표시함({where})"
        yield vulnerable(ko, f"DNS: version says nothing but the product or its version: {where}.", shown)


def _grouped(
    zones: Iterable[Zone], access_of: Callable[[Zone], Access]
) -> Iterator[tuple[Access, list[str]]]:
    """The zones for which the same statement decides, together."""
    groups: dict[tuple[str, str, bool], tuple[Access, list[str]]] = {}
    for zone in zones:
        access = access_of(zone)
        statement = access.statement
        where = (statement.line.where, statement.shown) if statement else ("", "")
        name = f"{zone.name} (view {zone.view})" if zone.view else zone.name
        groups.setdefault((*where, access.open), (access, []))[1].append(name)
    yield from groups.values()


def _fact(access: Access, default: str) -> Fact:
    if access.statement is None:
        return Fact("named.conf", default)
    return Fact(access.statement.line.where, access.statement.shown)
