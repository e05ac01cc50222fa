"""Mail servers: who may run their queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import exim, sendmail
from cce.rules.common import ServiceParams
from cce.rules.mail import each_mta, privacy_facts
from cce.rules.registry import good, rule, vulnerable
from cce.text import with_particle
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.mail import Mta
    from cce.rules.mail import Judge
    from cce.verdict import Check


class MailQueue(ServiceParams):
    """Programs of the queue that others must not be able to run; ``null`` asks for none."""

    postfix_program: str | None = "/usr/sbin/postsuper"
    exim_program: str | None = None


@rule("unix.mail-queue", MailQueue)
def mail_queue(evidence: Evidence, params: MailQueue) -> Iterator[Check]:
    """Ordinary users cannot run the mail queue.

    sendmail: ``PrivacyOptions`` holds ``restrictqrun`` (``goaway`` does not imply it). Postfix: the guide's
    sign is that others cannot execute ``postsuper``, although the program itself refuses them. Exim: its own
    switch is ``prod_requires_admin``, on by default. That others may execute ``exiqgrep``, which only lists
    what Exim lets its caller see, is asked for where ``exim_program`` names it: some readings of 2026 do.
    """
    judges: dict[Mta, Judge] = {
        "sendmail": _queue_sendmail,
        "postfix": lambda e: _program(e, "postfix", params.postfix_program),
        "exim": lambda e: _queue_exim(e, params.exim_program),
    }
    yield from each_mta(evidence, params.unused, judges)


def _queue_sendmail(evidence: Evidence) -> Iterator[Check]:
    lines = sendmail.configuration(evidence)
    line = sendmail.privacy(lines).get("restrictqrun")
    if line is not None:
        ko = "sendmail: 일반 사용자의 큐 실행이 제한됨(restrictqrun)"
        yield good(ko, "sendmail keeps users from running the queue (restrictqrun).", line.fact)
    else:
        ko = "sendmail: PrivacyOptions에 restrictqrun이 없어 일반 사용자가 큐를 실행할 수 있음"
        en = "sendmail lets users run the queue: PrivacyOptions has no restrictqrun."
        yield vulnerable(ko, en, *privacy_facts(lines))


_OTHERS_EXECUTE: Final = 0o001


def _program(evidence: Evidence, mta: Mta, path: str | None) -> Iterator[Check]:
    if path is None:
        return
    stat = evidence.file(path)
    if stat is None:
        raise Unread(path, f"absent, although {mta} is in use")
    shown = Fact(path, stat.shown)
    if stat.mode & _OTHERS_EXECUTE:
        ko = f"{mta}: 일반 사용자가 {with_particle(path, '을/를')} 실행할 수 있음({stat.mode:04o})"
        yield vulnerable(ko, f"{mta}: others may execute {path} ({stat.mode:04o}).", shown)
    else:
        ko = f"{mta}: 일반 사용자가 {with_particle(path, '을/를')} 실행할 수 없음({stat.mode:04o})"
        yield good(ko, f"{mta}: others may not execute {path} ({stat.mode:04o}).", shown)


def _queue_exim(evidence: Evidence, program: str | None) -> Iterator[Check]:
    read = exim.configuration(evidence)
    on, setting = read.is_on("prod_requires_admin", default=True)
    shown = setting.fact if setting else Fact(read.path, "prod_requires_admin unset (default true)")
    if on:
        ko = "exim: 관리자만 큐를 실행할 수 있음(prod_requires_admin)"
        yield good(ko, "exim lets only its administrators run the queue (prod_requires_admin).", shown)
    else:
        ko = "exim: 일반 사용자가 큐를 실행할 수 있음(prod_requires_admin 해제)"
        yield vulnerable(ko, "exim lets users run the queue (prod_requires_admin is off).", shown)
    yield from _program(evidence, "exim", program)
