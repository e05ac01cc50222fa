"""Mail servers: EXPN and VRFY, which tell strangers what accounts there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.views import exim, postfix, sendmail
from cce.evidence.views.networks import Reach
from cce.rules.common import ServiceParams, guarded
from cce.rules.mail import each_mta, each_smtpd, privacy_facts
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.mail import Mta
    from cce.rules.mail import Judge
    from cce.verdict import Check


@rule("unix.mail-expn-vrfy", ServiceParams)
def expn_vrfy(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """Strangers cannot ask which accounts there are by EXPN and VRFY.

    sendmail: ``noexpn`` and ``novrfy``, or ``goaway``. Postfix, which has no EXPN: ``disable_vrfy_command``
    for each SMTP server. Exim answers neither unless an ACL accepts it.
    """
    judges: dict[Mta, Judge] = {"sendmail": _ask_sendmail, "postfix": _ask_postfix, "exim": _ask_exim}
    yield from each_mta(evidence, params.unused, judges)


def _ask_sendmail(evidence: Evidence) -> Iterator[Check]:
    lines = sendmail.configuration(evidence)
    flags = sendmail.privacy(lines)
    missing = [flag for flag in ("noexpn", "novrfy") if flag not in flags]
    where = [line.fact for line in sendmail.listens(lines)]
    if missing:
        ko = f"sendmail: PrivacyOptions에 {', '.join(missing)} 옵션이 없음"
        en = f"sendmail answers strangers: PrivacyOptions has no {', '.join(missing)}."
        yield vulnerable(ko, en, *privacy_facts(lines), *where)
    else:
        ko = "sendmail: expn, vrfy 명령어가 제한됨"
        yield good(ko, "sendmail refuses EXPN and VRFY.", *privacy_facts(lines), *where)


def _ask_postfix(evidence: Evidence) -> Iterator[Check]:
    where = postfix.listens(evidence)

    def check(server: postfix.SmtpServer) -> Iterator[Check]:
        shown = (server.fact("disable_vrfy_command"), server.line.fact, where)
        if server.switched_on("disable_vrfy_command"):
            ko = f"postfix({server.listen}): vrfy 명령어가 제한됨"
            yield good(ko, f"postfix ({server.listen}) refuses VRFY.", *shown)
        else:
            ko = f"postfix({server.listen}): vrfy 명령어가 허용됨(disable_vrfy_command)"
            yield vulnerable(ko, f"postfix ({server.listen}) answers VRFY (disable_vrfy_command).", *shown)

    yield from each_smtpd(evidence, check)


def _ask_exim(evidence: Evidence) -> Iterator[Check]:
    read = exim.configuration(evidence)

    def check(name: str) -> Iterator[Check]:
        option, command = read.option(name), name.rpartition("_")[2].upper()
        # Of these commands only who asks counts, not how wide a network of one's own is.
        line = read.opening(name, Reach(ipv4=1, ipv6=1))
        shown = [option.fact if option else Fact(read.path, f"{name} unset (default: refused)")]
        if line is not None:
            ko = f"exim: {command} 명령어가 허용됨"
            yield vulnerable(ko, f"exim answers {command}.", *shown, line.fact)
        else:
            ko = f"exim: {command} 명령어가 제한됨"
            yield good(ko, f"exim refuses {command}.", *shown)

    yield from guarded(("acl_smtp_expn", "acl_smtp_vrfy"), check)
