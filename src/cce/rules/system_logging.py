"""System logging: which messages are kept, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator

from cce.evidence.views import journal, selectors, syslog
from cce.rules.registry import Params, good, review, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.journal import Journal
    from cce.evidence.views.selectors import Messages
    from cce.verdict import Check

#: Daemons whose configuration is read here, and the file it stands in.
_DAEMONS: Final = {
    "rsyslog.service": syslog.RSYSLOG,
    "sysklogd.service": syslog.SYSLOGD,
    "inetutils-syslogd.service": syslog.SYSLOGD,
}
_SYSLOG_NG: Final = "/etc/syslog-ng/syslog-ng.conf"


def _selector(text: str) -> str:
    if selectors.selected(text) is None:
        message = f"{text!r} is no selector of syslog"
        raise ValueError(message)
    return text


Selector = Annotated[str, AfterValidator(_selector)]


class SystemLogging(Params):
    """Messages that must be kept, and those that somebody must be shown or that must be kept.

    Without one of ``required`` the server is vulnerable; without another of ``kept`` or ``shown``, the
    guide's example, a person says whether the policy leaves it out.
    """

    required: tuple[Selector, ...] = ("authpriv.info",)
    kept: tuple[Selector, ...] = (
        "*.info;mail.none;authpriv.none;cron.none",
        "authpriv.*",
        "mail.*",
        "cron.*",
    )
    shown: tuple[Selector, ...] = ("*.alert", "*.emerg")


@rule("unix.system-logging", SystemLogging)
def system_logging(evidence: Evidence, params: SystemLogging) -> Iterator[Check]:
    """What the guide's example keeps is kept: in a file, on another host or in a lasting journal.

    What does not reach the daemon is not kept by it. A journal in memory is lost with the next restart
    and keeps nothing. Where a filter decides that is not about facilities, a person says what it keeps.
    """
    daemons, facts = _running(evidence)
    routes = tuple(route for path in daemons for route in syslog.routes(evidence, path))
    came, inputs = _received(evidence, daemons)
    kept, shown = (selectors.both(came, found) for found in (syslog.kept(routes), syslog.shown(routes)))
    facts += (*inputs, *(route.fact for route in routes))
    if _missing(params, kept, shown):
        book = journal.journal(evidence)
        kept, facts = selectors.either(kept, book.kept), facts + book.facts
        if _missing(params, kept, shown) and _uses(evidence, "syslog-ng.service"):
            yield _for_a_person(evidence, facts)
            return
        if not daemons and not book.lasting:
            yield _nothing(book, facts)
            return
    missing = _missing(params, kept, shown)
    required = [s for s in missing if s in params.required]
    if required and not syslog.uncertain(routes):
        names = ", ".join(required)
        ko = f"어디에도 기록되지 않는 로그: {names}"
        yield vulnerable(ko, f"These messages are kept nowhere: {names}.", *facts)
    elif missing:
        names = " / ".join(missing)
        ko = f"가이드 예시 중 기록되지 않는 로그가 있어 로깅 정책과 비교 필요: {names}"
        en = f"These messages of the guide's example are not logged; compare with your policy: {names}."
        yield review(ko, en, *facts)
    else:
        ko = "가이드 예시의 로그(authpriv, mail, cron, 그 밖의 info 이상, alert, emerg)가 모두 기록됨"
        yield good(ko, "Every message of the guide's example is logged.", *facts)


def _running(evidence: Evidence) -> tuple[tuple[str, ...], tuple[Fact, ...]]:
    """The configurations of the daemons that run, and the state of each daemon there is."""
    units = {name: evidence.unit(name) for name in (*_DAEMONS, "syslog-ng.service")}
    facts = tuple(unit.fact for unit in units.values() if unit is not None)
    return tuple(dict.fromkeys(path for n, path in _DAEMONS.items() if _uses(evidence, n))), facts


def _received(evidence: Evidence, daemons: tuple[str, ...]) -> tuple[Messages, tuple[Fact, ...]]:
    """The messages that reach the daemons, and why not all do.

    rsyslog takes them from the journal (imjournal) or from a socket that journald serves (imuxsock).
    """
    loaded = syslog.inputs(evidence, syslog.RSYSLOG) if daemons == (syslog.RSYSLOG,) else None
    if loaded is None or "imjournal" in loaded or ("imuxsock" in loaded and journal.forwards(evidence)):
        return selectors.EVERYTHING, ()
    told = journal.settings(evidence).get("forwardtosyslog")
    facts = (
        Fact(syslog.RSYSLOG, f"modules: {', '.join(sorted(loaded)) or 'no input'}"),
        *([told.fact] if told else []),
    )
    return {"kern": selectors.EVERYTHING["kern"]} if "imklog" in loaded else {}, facts


def _uses(evidence: Evidence, name: str) -> bool:
    unit = evidence.unit(name)
    return unit is not None and unit.runs


def _missing(params: SystemLogging, kept: Messages, shown: Messages) -> list[str]:
    def lacks(wanted: str, there: Messages) -> bool:
        return bool(selectors.without(selectors.selected(wanted) or {}, there))

    seen = selectors.either(kept, shown)
    found = [s for s in (*params.required, *params.kept) if lacks(s, kept)]
    return list(dict.fromkeys([*found, *(s for s in params.shown if lacks(s, seen))]))


def _nothing(book: Journal, facts: tuple[Fact, ...]) -> Check:
    """No daemon, and no journal that lasts."""
    if book.running and book.storage != "none":
        ko = f"로그가 메모리에만 기록되어 재시작 시 사라짐(Storage={book.storage}, {journal.DIRECTORY})"
        en = f"Messages are in memory only and lost with a restart: Storage={book.storage}."
        return vulnerable(ko, en, *facts)
    ko, en = "동작하는 로그 데몬이 없어 로그가 남지 않음", "No logging daemon runs: nothing is kept."
    return vulnerable(ko, en, *facts)


def _for_a_person(evidence: Evidence, facts: tuple[Fact, ...]) -> Check:
    """syslog-ng's graph of sources, filters and destinations is not evaluated here."""
    paths = [p for kind, p in evidence.statuses if kind == "text" and p.startswith("/etc/syslog-ng/")]
    lines = [line for path in sorted({_SYSLOG_NG, *paths}) for line in evidence.lines(path) or ()]
    ko = "syslog-ng 사용 중: 로그 정책에 따른 설정인지 확인 필요"
    en = "syslog-ng is in use; a person must say whether it follows the policy."
    return review(ko, en, *facts, *(line.fact for line in lines[:100]))
