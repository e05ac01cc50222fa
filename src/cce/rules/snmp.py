"""SNMP: its version, its communities, who may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.views import services, snmp
from cce.rules.common import ServiceParams, not_in_use
from cce.rules.registry import good, rule, vulnerable
from cce.text import with_particle
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.snmp import Agent, Community
    from cce.verdict import Check


class SnmpCommunity(ServiceParams):
    """The least length of a community of letters and digits, and of one with special characters too.

    ``None``: nothing is asked of it but that it is none of those that agents are shipped with.
    """

    alphanumeric: int | None = None
    special: int | None = None


def _of_agent(
    evidence: Evidence, params: ServiceParams, checks: Callable[[Agent], Iterator[Check]]
) -> Iterator[Check]:
    """The checks of an agent in use, or what its absence counts as."""
    if services.uses(evidence, "snmp"):
        yield from checks(snmp.agent(evidence))
    else:
        yield not_in_use(params.unused, "SNMP 서비스", "SNMP is not in use.", "snmp")


@rule("unix.snmp-version", ServiceParams)
def snmp_version(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """An agent in use speaks SNMPv3 alone: there is no community, with which v1 and v2c are spoken."""
    yield from _of_agent(evidence, params, _version)


def _version(agent: Agent) -> Iterator[Check]:
    if agent.communities:
        ko = "SNMP v1/v2c 사용 중: Community String이 설정되어 있음"
        en = "SNMP v1 or v2c is in use: a community is configured."
        yield vulnerable(ko, en, *(c.fact for c in agent.communities))
    elif agent.users:
        yield good("SNMP v3만 사용함", "Only SNMPv3 is in use.", *(u.fact for u in agent.users))
    else:
        yield _nobody()


def _nobody() -> Check:
    ko = "SNMP 접근이 허용된 Community String이나 사용자가 없음"
    return good(ko, "No community and no user may ask the agent.", Fact(snmp.CONFIG, "no community, no user"))


@rule("unix.snmp-community", SnmpCommunity)
def snmp_community(evidence: Evidence, params: SnmpCommunity) -> Iterator[Check]:
    """Nobody guesses a community of an agent in use, those that go out with its traps included."""
    yield from _of_agent(evidence, params, lambda agent: _guessed(agent, params))


def _guessed(agent: Agent, params: SnmpCommunity) -> Iterator[Check]:
    if not agent.communities:
        ko = "Community String이 설정되어 있지 않음(SNMP v3)"
        facts = [u.fact for u in agent.users] or [Fact(snmp.CONFIG, "no community")]
        yield good(ko, "No community is configured (SNMPv3).", *facts)
    for community in agent.communities:
        where = community.line.where
        if community.default:
            ko = f"{where}: Community String이 기본값({community.default})임"
            yield vulnerable(ko, f"{where} has the default community {community.default}.", community.fact)
        elif not _complex(community, params):
            ko = f"{where}: Community String이 복잡성 기준에 미달함({_shown(community)})"
            yield vulnerable(
                ko, f"The community of {where} is too simple: {_shown(community)}.", community.fact
            )
        else:
            ko = f"{where}: Community String이 기준을 만족함({_shown(community)})"
            yield good(
                ko, f"The community of {where} meets the criterion: {_shown(community)}.", community.fact
            )


def _complex(community: Community, params: SnmpCommunity) -> bool:
    """Letters and digits in any case; with special characters a shorter one will do."""
    asked = params.alphanumeric
    if "special" in community.classes and params.special is not None:
        asked = params.special if asked is None else min(asked, params.special)
    return asked is None or ({"letters", "digits"} <= community.classes and community.length >= asked)


def _shown(community: Community) -> str:
    return ", ".join([f"length {community.length}", *sorted(community.classes)])


@rule("unix.snmp-access", ServiceParams)
def snmp_access(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """An agent in use answers certain addresses, or users that prove who they are, only."""
    yield from _of_agent(evidence, params, _limited)


def _limited(agent: Agent) -> Iterator[Check]:
    if agent.local:
        ko, en = "SNMP 서비스가 서버 자신에게만 응답함", "The agent listens on the loopback interface alone."
        yield good(ko, en, *(line.fact for line in agent.addresses))
        return
    yield from _asked(agent)


def _asked(agent: Agent) -> Iterator[Check]:
    communities = [c for c in agent.communities if c.lets_in]
    if not communities and not agent.users:
        yield _nobody()
    for community in communities:
        where = community.line.where
        if community.everywhere:
            ko = f"{where}: 모든 주소에서 접근이 허용됨(source {community.source})"
            yield vulnerable(ko, f"{where} lets every address in ({community.source}).", community.fact)
        else:
            ko = f"{where}: 접근이 {with_particle(community.source, '으로/로')} 제한됨"
            yield good(ko, f"{where} lets {community.source} in only.", community.fact)
    for user in agent.users:
        if user.proves:
            yield good(
                f"{user.line.where}: 인증된 사용자만 접근 가능",
                f"{user.line.where} asks for authentication.",
                user.fact,
            )
        else:
            ko = f"{user.line.where}: 인증 없이 접근이 허용된 사용자({user.name})"
            en = f"{user.line.where} lets {user.name} in without authentication."
            yield vulnerable(ko, en, user.fact)
