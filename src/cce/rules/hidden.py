"""Hidden files and directories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.rules.registry import Params, review, rule
from cce.rules.walk import below, hit_names, walk_facts
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Hit, Walk
    from cce.verdict import Check


#: The probe keeps strange names apart, so that thousands of files in /tmp cannot push them off the list.
_ODD: Final = ("hidden_name", "hidden_dev", "hidden_odd")


class HiddenFiles(Params):
    """Paths that are known; an entry that ends in ``/`` means all below."""

    accepted: tuple[str, ...] = ()


@rule("unix.hidden-files", HiddenFiles)
def hidden_files(evidence: Evidence, params: HiddenFiles) -> Iterator[Check]:
    """Always for a person. The odd ones stand first.

    Odd are names that begin with two dots or hold blanks or control bytes, programs, and whatever is
    hidden in ``/tmp``, ``/var/tmp`` or ``/dev``. The probe leaves out names that every server has, and
    what stands in a hidden directory, which is listed itself.
    """
    odd, others = [evidence.walk(kind) for kind in _ODD], [evidence.walk("hidden")]
    odd_hits, odd_total = _open(odd, params.accepted)
    hits, total = _open(others, params.accepted)
    hits = [hit for hit in hits if hit.path not in {h.path for h in odd_hits}]
    unfinished = [walk for walk in (*odd, *others) if walk.status not in {"ok", "cut"}]
    ko, en = (
        f"숨김 파일·디렉터리 {odd_total + total}건 확인 필요",
        f"{odd_total + total} hidden files or directories",
    )
    if odd_hits:
        names = hit_names(odd_hits, odd_total)
        ko, en = f"{ko}(의심 {odd_total}건: {names.ko})", f"{en}, {odd_total} of them odd: {names.en}"
    if unfinished:
        ko, en = f"{ko}, 일부 경로는 확인하지 못함", f"{en}; not every path could be walked"
    facts = [
        *walk_facts("hidden_odd", odd_hits),
        *walk_facts("hidden", hits),
        *(Fact(f"walk {walk.kind}", walk.status) for walk in unfinished),
    ]
    yield review(ko, f"A person must check: {en}.", *(facts or [Fact("walk hidden", "0")]))


def _open(walks: list[Walk], accepted: tuple[str, ...]) -> tuple[list[Hit], int]:
    """The hits that are not accepted, each path once, and how many there are with those not listed."""
    hits = {hit.path: hit for walk in walks for hit in walk.hits}
    left = [hit for path, hit in hits.items() if not below(path, accepted)]
    return left, sum(walk.total for walk in walks) - (sum(len(walk.hits) for walk in walks) - len(left))
