"""Security patches: what the server says about them, for the person who knows how they are managed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import release
from cce.rules.common import collected, require_collected
from cce.rules.registry import Params, review, rule
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check

#: Units that install updates by themselves.
_AUTOMATIC: Final = ("apt-daily-upgrade.timer", "dnf-automatic.timer", "yum-cron.service")
_TEXTS: Final = (
    "/var/lib/update-notifier/updates-available",
    "/run/reboot-required.pkgs",
    "/etc/apt/apt.conf.d/20auto-upgrades",
)


@rule("unix.security-patches")
def security_patches(evidence: Evidence, _: Params) -> Iterator[Check]:
    """Always for a person: whether patches follow a policy stands on no server.

    Collected are the release and the end of its support, the last change of any package, and what the
    server itself says of updates and restarts that are due.
    """
    require_collected(lambda: evidence.file(release.PACKAGE_FILES[0]))
    last, ko_last, en_last = _last_change(evidence)
    support, ko_support, en_support = _support(evidence)
    facts = [
        *_system(evidence),
        *support,
        *last,
        *collected(lambda: _reboot(evidence), lambda: _units(evidence), lambda: _texts(evidence)),
    ]
    ko = f"패치 정책과 적용 이력 확인 필요: {ko_support}, {ko_last}"
    en = f"A person must show the patch policy and its history: {en_support}, {en_last}."
    yield review(ko, en, *facts)


def _system(evidence: Evidence) -> Iterator[Fact]:
    for key in ("os.pretty", "kernel"):
        if key in evidence.meta:
            yield Fact(key, evidence.meta[key])
    yield from collected(lambda: _kernels(evidence))


def _kernels(evidence: Evidence) -> Iterator[Fact]:
    installed = evidence.directory("/lib/modules")
    if installed:
        yield Fact("/lib/modules", ", ".join(path.rpartition("/")[2] for path in installed[:20]))


def _support(evidence: Evidence) -> tuple[list[Fact], str, str]:
    """The end of support as a fact and as words."""
    support, today = release.support(evidence), release.read_on(evidence)
    name = evidence.meta.get("os.pretty") or evidence.meta.get("os.id", "")
    if support is None or today is None:
        return [], f"{name or 'OS'} 지원 종료일 미상", f"end of support of {name or 'the OS'} unknown"
    extended = f", extended {support.extended}" if support.extended else ""
    facts = [Fact("end of support", f"{name}: {support.until}{extended}")]
    if today <= support.until:
        return facts, f"{name} 지원 종료일 {support.until}", f"{name} is supported until {support.until}"
    if support.extended and today <= support.extended:
        ko = f"{name} 일반 지원이 {support.until}에 종료됨(연장 지원 {support.extended}까지, 계약 확인)"
        en = f"{name} ended on {support.until}, extended support runs until {support.extended}: is it bought?"
        return facts, ko, en
    end = support.extended or support.until
    return facts, f"{name} 지원이 {end}에 종료됨", f"support of {name} ended on {end}"


def _last_change(evidence: Evidence) -> tuple[list[Fact], str, str]:
    """The newest change of what package managers write, as facts and as words."""
    try:
        changes = release.package_changes(evidence)
    except Unread as unread:
        return (
            [Fact(unread.source, unread.why)],
            "마지막 패키지 변경일 확인 불가",
            "last package change unread",
        )
    facts = [Fact(stat.path, f"changed {release.day(stat.changed)}") for stat in changes]
    newest, today = (release.day(changes[0].changed) if changes else None), release.read_on(evidence)
    if newest is None:
        return facts, "마지막 패키지 변경일 미상", "no trace of a package change"
    ago = f", {(today - newest).days}" if today and today >= newest else ""
    ko_ago, en_ago = (f"({ago[2:]}일 전)", f" ({ago[2:]} days before)") if ago else ("", "")
    return facts, f"마지막 패키지 변경 {newest}{ko_ago}", f"the last package change was on {newest}{en_ago}"


def _reboot(evidence: Evidence) -> Iterator[Fact]:
    if (stat := evidence.file("/run/reboot-required")) is not None:
        yield Fact(stat.path, f"a restart is due since {release.day(stat.changed)}")


def _units(evidence: Evidence) -> Iterator[Fact]:
    for name in _AUTOMATIC:
        if (unit := evidence.unit(name)) is not None:
            yield unit.fact


def _texts(evidence: Evidence) -> Iterator[Fact]:
    for path in _TEXTS:
        yield from (line.fact for line in (evidence.lines(path) or ())[:10])
