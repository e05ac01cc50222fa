"""Mail servers as relays: whether strangers can send to strangers through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from cce.evidence.model import Unread
from cce.evidence.views import exim, postfix, sendmail
from cce.evidence.views.networks import Reach
from cce.rules.common import ServiceParams, listed
from cce.rules.mail import each_mta, each_smtpd
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.mail import Mta
    from cce.rules.mail import Judge
    from cce.verdict import Check


class MailRelay(ServiceParams):
    """How short the prefix of a public network that may relay can be.

    The guide gives no number; a /16 is more than most organisations have. Private networks are one's own.
    """

    ipv4_prefix: int = Field(default=16, ge=1, le=32)
    ipv6_prefix: int = Field(default=32, ge=1, le=128)

    @property
    def reach(self) -> Reach:
        """The two as the views take them."""
        return Reach(self.ipv4_prefix, self.ipv6_prefix)


@rule("unix.mail-relay", MailRelay)
def mail_relay(evidence: Evidence, params: MailRelay) -> Iterator[Check]:
    """No MTA in use relays for strangers."""
    reach = params.reach
    judges: dict[Mta, Judge] = {
        "sendmail": lambda e: _sendmail(e, reach),
        "postfix": lambda e: _postfix(e, reach),
        "exim": lambda e: _exim(e, reach),
    }
    yield from each_mta(evidence, params.unused, judges)


def _sendmail(evidence: Evidence, reach: Reach) -> Iterator[Check]:
    """What counts is ``sendmail.cf``: a promiscuous one lacks the rule that ends in "Relaying denied"."""
    lines = sendmail.configuration(evidence)
    where = [line.fact for line in sendmail.listens(lines)]
    denials, by_sender = sendmail.denials(lines), sendmail.by_sender(lines)
    wide = [
        (key, line) for key, line in sendmail.relayed_for(evidence, lines) if sendmail.too_wide(key, reach)
    ]
    if not denials:
        ko = "sendmail: 릴레이 거부 규칙(Relaying denied)이 없음(promiscuous_relay)"
        en = 'sendmail relays for everybody: its rules do not end in "Relaying denied" (promiscuous_relay).'
        yield vulnerable(ko, en, Fact("sendmail.cf", "check_rcpt refuses nobody"), *where)
    if by_sender:
        ko = "sendmail: 발신자 주소만으로 릴레이를 허용함(relay_local_from)"
        en = "sendmail relays for whoever names a local sender (relay_local_from)."
        yield vulnerable(ko, en, *(line.fact for line in by_sender), *where)
    if wide:
        keys = listed(key for key, _ in wide)
        ko = f"sendmail: 릴레이 허용 범위가 지나치게 넓음({keys.ko})"
        yield vulnerable(ko, f"sendmail relays for too many: {keys.en}.", *(line.fact for _, line in wide))
    if denials and not by_sender and not wide:
        ko, en = "sendmail: 메일 릴레이가 제한됨", "sendmail relays only for those whom it lists."
        yield good(ko, en, *(line.fact for line in denials[:1]), *where)


def _postfix(evidence: Evidence, reach: Reach) -> Iterator[Check]:
    """Each SMTP server has a list that refuses strangers before anything in it lets them pass."""
    where = postfix.listens(evidence)

    def check(server: postfix.SmtpServer) -> Iterator[Check]:
        if server.loopback:
            ko = f"postfix({server.listen}): 로컬 접속만 받음"
            yield good(ko, f"postfix ({server.listen}) listens on the machine alone.", server.line.fact)
            return
        name = server.refusing(reach)
        if name is not None:
            ko = f"postfix({server.listen}): 메일 릴레이가 제한됨({name})"
            en = f"postfix ({server.listen}) refuses to relay for strangers ({name})."
            yield good(ko, en, server.fact(name), server.fact("mynetworks"), server.line.fact, where)
            return
        wide = server.wide_networks(reach)
        shown = [server.fact(n) for n in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")]
        facts = (*shown, server.fact("mynetworks"), server.line.fact, where)
        if wide:
            nets = listed(wide)
            ko = f"postfix({server.listen}): 릴레이 허용 범위가 지나치게 넓음(mynetworks {nets.ko})"
            en = f"postfix ({server.listen}) relays for too many: mynetworks holds {nets.en}."
        else:
            ko = f"postfix({server.listen}): 릴레이 제한(reject_unauth_destination)이 적용되지 않음"
            en = f"postfix ({server.listen}): no list refuses strangers (reject_unauth_destination)."
        yield vulnerable(ko, en, *facts)

    yield from each_smtpd(evidence, check)


def _exim(evidence: Evidence, reach: Reach) -> Iterator[Check]:
    """The ACL for recipients accepts no stranger, and no list that relays holds everybody.

    Debian makes the configuration from ``update-exim4.conf.conf`` at each start: what stands there is in
    effect from then on, also where it was not made anew yet.
    """
    read = exim.configuration(evidence)
    interfaces = read.options.get("local_interfaces")
    where = interfaces.fact if interfaces else Fact(read.path, "local_interfaces unset (default all)")
    found = False
    for name in ("relay_from_hosts", "relay_to_domains"):
        if (setting := read.lists.get(name)) and (item := read.wide(setting.value, reach)):
            found = True
            ko = f"exim: {name}의 릴레이 허용 범위가 지나치게 넓음({item})"
            yield vulnerable(ko, f"exim relays for too many: {name} holds {item}.", setting.fact, where)
    if read.path != exim.FILES[0]:
        for name in ("dc_relay_nets", "dc_relay_domains"):
            setting = exim.debian(evidence).get(name)
            wide = [
                i
                for i in exim.debian_items(setting.value if setting else "")
                if i == "*" or reach.too_wide(i)
            ]
            if setting and wide:
                found = True
                ko = f"exim: {name}의 릴레이 허용 범위가 지나치게 넓음({wide[0]})"
                yield vulnerable(ko, f"exim relays for too many: {name} holds {wide[0]}.", setting.fact)
    if found:
        return
    for name in ("relay_from_hosts", "relay_to_domains"):
        if (setting := read.lists.get(name)) and (item := read.unknown(setting.value)):
            raise Unread(setting.line.where, f"{name} holds {item}, not collected")
    opening, option = read.opening("acl_smtp_rcpt", reach), read.option("acl_smtp_rcpt")
    if opening is not None:
        ko = f"exim: {opening.where}에서 모든 수신자를 허용하여 릴레이가 제한되지 않음"
        yield vulnerable(ko, f"exim accepts any recipient at {opening.where}.", opening.fact, where)
    else:
        shown = option.fact if option else Fact(read.path, "acl_smtp_rcpt unset (default: refused)")
        lists = [s.fact for n in ("relay_from_hosts", "relay_to_domains") if (s := read.lists.get(n))]
        yield good(
            "exim: 메일 릴레이가 제한됨", "exim relays only for those whom it lists.", shown, *lists, where
        )
