"""Who may change what runs when the system starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.rules.common import Mode, Unused, by_policy
from cce.rules.registry import Params, good, rule, vulnerable
from cce.rules.walk import found, require_listed, walk_facts
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check

_KIND = "start_script"


class StartScripts(Params):
    """The mode bits that must not be set; ``unused`` is for a server that has no start script."""

    forbidden: Mode = 0o002
    unused: Unused = "good"


@rule("unix.start-scripts", StartScripts)
def start_scripts(evidence: Evidence, params: StartScripts) -> Iterator[Check]:
    """What the names in ``/etc/init.d``, ``/etc/rc*.d`` and ``/etc/systemd/system`` lead to.

    Directories count as files do: who may write in one adds a script. A link to ``/dev/null``, which
    masks a unit, starts nothing.
    """
    walk = evidence.walk(_KIND)
    hits = [hit for hit in walk.hits if hit.kind in {"f", "d"}]
    foreign = [hit for hit in hits if hit.uid != 0]
    loose = [hit for hit in hits if hit.mode & params.forbidden]
    ko = f"소유자가 root가 아닌 시작 스크립트 {len(foreign)}건"
    yield from found(vulnerable, _KIND, foreign, ko, "Start scripts that root does not own")
    ko = f"허용되지 않은 권한 비트({params.forbidden:04o})가 있는 시작 스크립트 {len(loose)}건"
    yield from found(vulnerable, _KIND, loose, ko, f"Start scripts with mode bits of {params.forbidden:04o}")
    require_listed(walk)
    if not hits:
        yield by_policy(
            params.unused, "시작 스크립트가 없음", "There is no start script.", Fact(f"walk {_KIND}", "0")
        )
    elif not foreign and not loose:
        ko = f"시작 스크립트 {len(hits)}건 모두 소유자 root, 권한 비트 {params.forbidden:04o} 없음"
        en = f"root owns all {len(hits)} start scripts, none has mode bits of {params.forbidden:04o}."
        yield good(ko, en, *walk_facts(_KIND, hits))
