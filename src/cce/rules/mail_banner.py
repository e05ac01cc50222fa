"""Mail servers: the greeting, where the guide wants a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.model import Unread
from cce.evidence.views import banners, exim, postfix, sendmail
from cce.rules.common import ServiceParams
from cce.rules.mail import each_mta, each_smtpd
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.mail import Mta
    from cce.rules.mail import Judge
    from cce.verdict import Check


@rule("unix.smtp-banner", ServiceParams)
def smtp_banner(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """Each mail server in use greets with a message of the organisation's own.

    As with the other banners any message counts, for no program can tell whether it warns. What a mail server
    says by itself is none: host, program, version, time, ``ESMTP``, that it is ready. To leave the version
    out is therefore not enough.

    sendmail: ``SmtpGreetingMessage``. Postfix: ``smtpd_banner`` for each SMTP server. Exim: ``smtp_banner``.
    """
    judges: dict[Mta, Judge] = {"sendmail": _sendmail, "postfix": _postfix, "exim": _exim}
    yield from each_mta(evidence, params.unused, judges)


def _sendmail(evidence: Evidence) -> Iterator[Check]:
    lines = sendmail.configuration(evidence)
    found = sendmail.greeting(lines)
    unset = Fact(lines[0].source if lines else "sendmail.cf", "SmtpGreetingMessage unset (default)")
    yield _judged("sendmail", found[1] if found else "", found[0].fact if found else unset)


def _postfix(evidence: Evidence) -> Iterator[Check]:
    def check(server: postfix.SmtpServer) -> Iterator[Check]:
        yield _judged(f"postfix({server.listen})", server.greeting(), server.fact("smtpd_banner"))

    yield from each_smtpd(evidence, check)


def _exim(evidence: Evidence) -> Iterator[Check]:
    read = exim.configuration(evidence)
    option = read.option("smtp_banner")
    default = "$smtp_active_hostname ESMTP Exim $version_number $tod_full"
    unset = Fact(read.path, f"smtp_banner unset (default {default})")
    yield _judged("exim", option.value if option else "", option.fact if option else unset)


def _judged(name: str, text: str, said: Fact) -> Check:
    """The check of a greeting; parts of it that are not known make none of it a message."""
    if banners.own_greeting(text):
        ko = f"{name}: SMTP 경고 메시지가 설정되어 있음({said.source})"
        return good(ko, f"{name} greets with a message: {said.source}.", said)
    if "<shortened>" in text or "<redacted>" in text or banners.computed(text):
        raise Unread(said.source, "the greeting is not known as a whole")
    ko = f"{name}: SMTP 경고 메시지가 설정되어 있지 않음"
    return vulnerable(ko, f"{name} greets without a message of its own.", said)
