"""Mail servers: what their rules share, and their version.

Each MTA in use is judged by its own configuration. One that listens on the machine alone is in use all the
same (the guide makes no exception); the facts say where it listens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.model import Unread
from cce.evidence.views import mail, postfix, sendmail
from cce.evidence.views.mail import MTAS, Mta
from cce.rules.common import ServiceParams, by_policy, guarded, not_in_use
from cce.rules.registry import good, review, rule
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cce.evidence.model import Evidence, Line
    from cce.rules.common import Unused
    from cce.verdict import Check

    #: What judges one MTA in use.
    Judge = Callable[[Evidence], Iterator[Check]]


def each_mta(evidence: Evidence, unused: Unused, judges: Mapping[Mta, Judge]) -> Iterator[Check]:
    """The checks of each MTA in use. A program that nobody here knows cannot be judged."""
    found = False

    def check(mta: Mta) -> Iterator[Check]:
        use = mail.uses(evidence, mta)
        if use and mta not in judges:
            raise Unread(use[0].source, f"a mail server that is not known here: {use[0].value}")
        if use:
            yield from judges[mta](evidence)

    for result in guarded(MTAS, check):
        found = True
        yield result
    if not found:
        yield _no_mail(unused)


def _no_mail(unused: Unused) -> Check:
    return not_in_use(unused, "메일 서비스(SMTP)", "No mail server is in use.", "mail")


def each_smtpd(evidence: Evidence, check: Callable[[postfix.SmtpServer], Iterator[Check]]) -> Iterator[Check]:
    """The checks of each SMTP server of Postfix; without an ``smtpd`` nothing comes in by SMTP."""
    servers = postfix.servers(evidence)
    yield from guarded(servers, check)
    if not servers:
        ko = "postfix: SMTP 수신(smtpd)을 하지 않음"
        yield good(ko, "postfix runs no smtpd.", Fact(postfix.MASTER, "no smtpd"))


def privacy_facts(lines: tuple[Line, ...]) -> list[Fact]:
    """The lines of ``sendmail.cf`` that set privacy flags."""
    found = [line.fact for line in sendmail.privacy_lines(lines)]
    return found or [Fact("sendmail.cf", "PrivacyOptions unset")]


class MailVersion(ServiceParams):
    """The MTAs whose version the item asks about; another one in use counts as none."""

    servers: tuple[Mta, ...] = MTAS


@rule("unix.mail-version", MailVersion)
def mail_version(evidence: Evidence, params: MailVersion) -> Iterator[Check]:
    """A person compares the installed version of each MTA in use with its vendor's advisories.

    What counts is the release of the package, which vendors raise when they carry a fix back, not the
    version in the banner. A port that no known MTA explains may be any of them.
    """
    rest: list[Fact] = []
    found = False

    def check(mta: Mta) -> Iterator[Check]:
        use = mail.uses(evidence, mta)
        if not use:
            return
        if mta not in (*params.servers, "other"):
            rest.extend(use)
            return
        packages = mail.packages(evidence, mta)
        shown = ", ".join(f"{p.name} {p.version}" for p in packages)
        if packages:
            ko = f"{shown} 사용 중: 배포판의 보안 공지와 패키지 릴리스를 비교하여 최신 패치 여부 확인 필요"
            en = f"{shown} is in use; compare its release with the vendor's security advisories."
        else:
            name = "알 수 없는 메일 서버" if mta == "other" else mta
            ko = f"{name} 사용 중이나 설치된 패키지 기록이 없음: 버전과 최신 패치 여부 확인 필요"
            subject = "A mail server not known here" if mta == "other" else mta
            en = f"{subject} is in use, and no package record says its version; ask for it."
        yield review(ko, en, *(p.fact for p in packages), *use)

    for result in guarded(MTAS, check):
        found = True
        yield result
    if not found:
        names = ", ".join(params.servers)
        if rest:
            ko = f"점검 대상 메일 서버({names})를 사용하지 않음(다른 메일 서버 사용 중)"
            yield by_policy(params.unused, ko, f"{names} is not in use; another mail server is.", *rest)
        else:
            yield _no_mail(params.unused)
