"""Asks everything once and makes the snapshot. What is refused leaves a gap; the rest is still read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING, Final

from cce.doctor.collect import apis, callers, names, network
from cce.doctor.collect.gaps import Gaps
from cce.doctor.custom_names import custom_names
from cce.doctor.errors import NothingToLookAtError
from cce.doctor.model import Snapshot, within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.doctor.model import Answer
    from cce.doctor.ports import Aws, Net

#: How far CloudTrail's event history reaches (CloudTrail user guide).
HISTORY: Final = timedelta(days=90)

#: What the names of this system's functions begin with, unless its stack is called otherwise.
SYSTEM: Final = "cce-fleet"

#: Services that functions and agents call by name, and whose names private DNS leads to an endpoint.
NAMED_SERVICES: Final = ("ec2", "sqs", "ssm", "ssmmessages", "states", "sts")


@dataclass(frozen=True, slots=True)
class Question:
    """What to look at; empty fields mean everything.

    Parameters
    ----------
    clients
        Networks of callers outside of the VPC, such as an office behind Direct Connect.
    functions
        What the names of the system's own functions begin with.
    resolver
        Address of a resolver to compare the system's with; none is asked without it.
    stands_in
        The VPC that the doctor runs in, where its own addresses do not tell, as in a Lambda.
    """

    vpcs: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    functions: str = SYSTEM
    resolver: str = ""
    stands_in: str = ""

    def check(self) -> None:
        """Refuse clients that are no networks.

        Raises
        ------
        NothingToLookAtError
            With the first that is none.
        """
        for client in self.clients:
            try:
                ip_network(client, strict=False)
            except ValueError as error:
                message = f"client {client!r} is no address or network: {error}"
                raise NothingToLookAtError(message) from error


def collect(aws: Aws, net: Net, question: Question) -> Snapshot:
    """Make the snapshot.

    Raises
    ------
    NothingToLookAtError
        When the question names what does not exist.
    RefusedError
        When AWS does not even say whose credentials these are.
    """
    question.check()
    account = aws.answer("sts", "get_caller_identity")["Account"]
    gaps = Gaps()
    snapshot = Snapshot(region=aws.region, account=account, named_vpcs=question.vpcs)
    snapshot = _of_the_region(aws, snapshot, question, gaps)
    snapshot = _of_the_apis(aws, _narrowed(snapshot, question, gaps), gaps)
    snapshot = _of_the_groups(aws, snapshot, gaps)
    snapshot = _seen_from_here(net, snapshot, question, gaps)
    return replace(snapshot, gaps=gaps.all())


def _of_the_region(aws: Aws, snapshot: Snapshot, question: Question, gaps: Gaps) -> Snapshot:
    with gaps.reading("endpoints", "network"):
        snapshot = replace(snapshot, vpcs=network.vpcs(aws))
    with gaps.reading("endpoints"):
        snapshot = replace(snapshot, endpoints=network.endpoints(aws))
    with gaps.reading("network"):
        snapshot = replace(snapshot, subnets=network.subnets(aws))
    with gaps.reading("apis", "public_apis"):
        private, public = apis.rest_apis(aws)
        snapshot = replace(snapshot, apis=private, public_apis=public)
    with gaps.reading("public_apis"):
        snapshot = replace(snapshot, public_apis=(*snapshot.public_apis, *apis.http_apis(aws)))
    with gaps.reading("domains"):
        snapshot = replace(snapshot, domains=apis.domains(aws))
    with gaps.reading("functions"):
        snapshot = replace(snapshot, functions=callers.functions(aws, question.functions))
    with gaps.reading("hosts"):
        snapshot = replace(snapshot, hosts=callers.hosts(aws))
    with gaps.reading("balancers"):
        snapshot = replace(snapshot, balancers=names.balancers(aws))
    with gaps.reading("records"):
        return replace(snapshot, records=names.records(aws))
    return snapshot


def _narrowed(snapshot: Snapshot, question: Question, gaps: Gaps) -> Snapshot:
    """Drop the VPCs and APIs that are not asked about."""
    if not gaps.missing("endpoints"):
        _check_known("VPC", question.vpcs, snapshot.vpcs, snapshot.region)
    if not gaps.missing("apis"):
        _check_known("private API", question.apis, {a.id for a in snapshot.apis}, snapshot.region)
    used = {e.vpc for e in snapshot.api_endpoints}
    used |= {f.vpc for f in snapshot.functions} | {h.vpc for h in snapshot.hosts}
    wanted = set(question.vpcs) or used
    return replace(
        snapshot,
        vpcs={vpc: networks for vpc, networks in snapshot.vpcs.items() if vpc in wanted},
        endpoints=tuple(e for e in snapshot.endpoints if e.vpc in wanted),
        hosts=tuple(h for h in snapshot.hosts if h.vpc in wanted),
        functions=tuple(f for f in snapshot.functions if not f.vpc or f.vpc in wanted),
        apis=tuple(a for a in snapshot.apis if not question.apis or a.id in question.apis),
    )


def _check_known(kind: str, asked: Iterable[str], known: Iterable[str], region: str) -> None:
    have = sorted(known)
    for name in asked:
        if name not in have:
            message = f"no {kind} {name!r} in {region}; there are: {', '.join(have) or 'none'}"
            raise NothingToLookAtError(message)


def _of_the_apis(aws: Aws, snapshot: Snapshot, gaps: Gaps) -> Snapshot:
    ids = [api.id for api in snapshot.apis]
    with gaps.reading("methods"):
        snapshot = replace(snapshot, methods={api: apis.methods(aws, api) for api in ids})
    with gaps.reading("stages", "changes"):
        snapshot = replace(snapshot, stages={api: apis.stages(aws, api) for api in ids})
    oldest = [stage.deployed for stages in snapshot.stages.values() for stage in stages]
    if not oldest:
        return snapshot
    with gaps.reading("changes"):
        since = max(min(oldest), datetime.now(UTC) - HISTORY)
        return replace(snapshot, changes=apis.changes(aws, ids, since))
    return snapshot


def _of_the_groups(aws: Aws, snapshot: Snapshot, gaps: Gaps) -> Snapshot:
    ids = {group for endpoint in snapshot.endpoints for group in endpoint.groups}
    ids |= {group for function in snapshot.functions for group in function.groups}
    ids |= {group for host in snapshot.hosts for group in host.groups}
    with gaps.reading("groups"):
        return replace(snapshot, groups=network.groups(aws, ids))
    return snapshot


def _seen_from_here(net: Net, snapshot: Snapshot, question: Question, gaps: Gaps) -> Snapshot:
    own = net.own_addresses()
    stands_in = question.stands_in or _home(snapshot, own)
    here = tuple(address for address in own if within(address, snapshot.vpcs.get(stands_in, ())))
    asked = [alias for _, _, alias in snapshot.aliases()]
    services = [f"{service}.{snapshot.suffix}" for service in NAMED_SERVICES] if stands_in else []
    answers = {name: net.resolve(name) for name in (*asked, *services)}
    references = {name: net.resolve(name, question.resolver) for name in asked if question.resolver}
    _note_silence(answers, "", gaps)
    _note_silence(references, question.resolver, gaps)
    probed = {c.name: net.certificate(c.name) for c in custom_names(snapshot)}
    return replace(
        snapshot,
        clients=(*question.clients, *here),
        stands_in=stands_in,
        answers=answers,
        references=references,
        certificates=probed,
    )


def _home(snapshot: Snapshot, own: Iterable[str]) -> str:
    """The looked-at VPC that one of the addresses lies in."""
    homes = (v for v, networks in snapshot.vpcs.items() if any(within(address, networks) for address in own))
    return next(homes, "")


def _note_silence(answers: dict[str, Answer], resolver: str, gaps: Gaps) -> None:
    for name, answer in answers.items():
        if answer.status == "failed":
            asked = f"resolver {resolver}" if resolver else "the system's resolver"
            gaps.note("answers", f"dns:{name}", f"{asked} does not answer")
