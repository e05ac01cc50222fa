"""Owner and mode of the files below ``/var/log``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator

from cce.evidence.model import Unread
from cce.rules.common import Mode  # noqa: TC001 - pydantic needs the type at run time
from cce.rules.registry import Params, good, rule, vulnerable
from cce.rules.walk import found, require_listed, walk_facts
from cce.text import with_particle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Hit
    from cce.verdict import Check

#: The probe lists what root does not own or what has more bits than these.
_LISTED_BEYOND: Final = 0o644


def _seen_by_the_probe(mode: int) -> int:
    if mode & _LISTED_BEYOND != _LISTED_BEYOND:
        message = f"the probe lists only log files beyond {_LISTED_BEYOND:04o}; {mode:04o} cannot be judged"
        raise ValueError(message)
    return mode


class LogFiles(Params):
    """The owners that logs may have, and the loosest mode.

    The guide knows root alone. Services that write logs of their own (``syslog``, ``postgres``, ``mysql``)
    are agreed on in a tailoring.
    """

    owners: tuple[str, ...] = ("root",)
    mode: Annotated[Mode, AfterValidator(_seen_by_the_probe)] = _LISTED_BEYOND


@rule("unix.log-files", LogFiles)
def log_files(evidence: Evidence, params: LogFiles) -> Iterator[Check]:
    """No regular file below ``/var/log`` has another owner or more mode bits."""
    walk = evidence.walk("log_file")
    top = [hit for hit in walk.hits if hit.kind == "d"]
    hits = [hit for hit in walk.hits if hit.kind != "d"]
    foreign = [hit for hit in hits if not _owned(evidence, hit, params.owners)]
    loose = [hit for hit in hits if hit.mode & ~params.mode]
    owners = "·".join(params.owners)
    ko = f"소유자가 {with_particle(owners, '이/가')} 아닌 로그 파일 {len(foreign)}건"
    en = f"Log files that {' or '.join(params.owners)} does not own"
    yield from found(vulnerable, walk.kind, foreign, ko, en)
    ko = f"권한이 {with_particle(f'{params.mode:04o}', '을/를')} 넘는 로그 파일 {len(loose)}건"
    yield from found(
        vulnerable, walk.kind, loose, ko, f"Log files with more mode bits than {params.mode:04o}"
    )
    require_listed(walk)
    if not top:  # the walk names the directory itself when it comes by
        raise Unread("walk log_file", "/var/log was not walked")
    if not foreign and not loose:
        ko = f"로그 파일의 소유자가 모두 {owners}이고 권한이 {params.mode:04o} 이하"
        en = f"Log files belong to {' or '.join(params.owners)} and are {params.mode:04o} or tighter."
        yield good(ko, en, *walk_facts(walk.kind, top))


def _owned(evidence: Evidence, hit: Hit, owners: tuple[str, ...]) -> bool:
    if hit.uid == 0:
        return "root" in owners
    return len(owners) > 1 and any(row.uid == hit.uid and row.name in owners for row in evidence.accounts)
