"""Root's PATH."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.model import Unread
from cce.evidence.views import search_path, shell
from cce.evidence.views.people import uses_csh
from cce.evidence.views.settings import login_defs
from cce.rules.common import listed
from cce.rules.registry import Params, good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.search_path import Element, Path
    from cce.verdict import Check


class RootPath(Params):
    """Whether a relative element is tolerated at the end of PATH, as the guide does."""

    tolerate_last: bool = True


@rule("unix.root-path", RootPath)
def root_path(evidence: Evidence, params: RootPath) -> Iterator[Check]:
    """Root's PATH has no element that means the current directory: what the shell got, what its files say."""
    live = shell.printed(evidence, "root PATH")
    if live is not None:
        bad = _relative([Fact("root PATH", e or "(empty)") for e in live.value.split(":")], params)
        yield _path_check([f.value for f in bad], (live,))
    system = shell.system(evidence)
    paths = search_path.built((*system, *shell.of_root(evidence)))
    if uses_csh(evidence):
        paths += search_path.built((*shell.csh(evidence), *shell.csh_of_root(evidence)))
    wrong = [element for path in paths for element in _relative_elements(path, params)]
    if wrong:
        facts = dict.fromkeys(e.statement.fact for e in wrong)
        yield _path_check([e.text or "(empty)" for e in wrong], tuple(facts))
        return
    facts = dict.fromkeys(e.statement.fact for path in paths for e in path)
    if not facts and live is None:
        if (setting := login_defs(evidence).get("ENV_SUPATH")) is None:
            raise Unread("root PATH", "set in no file that was read")
        elements = setting.value.removeprefix("PATH=").split(":")
        bad = _relative([Fact(setting.line.where, e) for e in elements], params)
        yield _path_check([f.value or "(empty)" for f in bad], (setting.fact,))
    elif facts:
        yield _path_check([], tuple(facts))


def _relative(elements: list[Fact], params: RootPath) -> list[Fact]:
    judged = elements[:-1] if params.tolerate_last else elements
    return [e for e in judged if not e.value.startswith(("/", "$", "~"))]


def _relative_elements(path: Path, params: RootPath) -> list[Element]:
    judged = path[:-1] if params.tolerate_last else path
    return [e for e in judged if e.relative and e.text != "$PATH"]


def _path_check(bad: list[str], facts: tuple[Fact, ...]) -> Check:
    where = listed(f.source for f in facts)
    if bad:
        shown = listed(bad)
        ko = f"root PATH에 현재 디렉터리를 뜻하는 값 포함: {shown.ko} ({where.ko})"
        return vulnerable(ko, f"Root's PATH has relative elements: {shown.en} ({where.en}).", *facts)
    ko, en = (
        f"root PATH에 현재 디렉터리를 뜻하는 값 없음({where.ko})",
        f"Root's PATH has only absolute elements ({where.en}).",
    )
    return good(ko, en, *facts)
