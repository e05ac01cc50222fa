"""The snapshot that checks judge: what AWS, resolvers and TLS servers answered, in the field's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: What a snapshot is collected in; a part that could not be read leaves a gap, and its checks do not run.
Part = Literal[
    "endpoints",
    "apis",
    "public_apis",
    "methods",
    "stages",
    "changes",
    "groups",
    "network",
    "functions",
    "hosts",
    "balancers",
    "records",
    "domains",
    "answers",
]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be looked at: the call, such as ``ec2:DescribeVpcEndpoints``, and why."""

    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A VPC endpoint. ``service`` is short, such as ``execute-api``; ``addresses`` are its interfaces'."""

    id: str
    vpc: str
    service: str
    kind: str
    state: str
    private_dns: bool = False
    groups: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    dns_names: tuple[str, ...] = ()
    route_tables: tuple[str, ...] = ()
    policy: str = ""

    @property
    def serves(self) -> bool:
        """Whether the plain name of the service leads here for those who do nothing special."""
        return self.state == "available" and (self.kind == "Gateway" or self.private_dns)


@dataclass(frozen=True, slots=True)
class Api:
    """A private REST API. ``endpoints`` are the ids that it is associated with."""

    id: str
    name: str
    endpoints: tuple[str, ...] = ()
    policy: str = ""
    security_policy: str = ""
    access_mode: str = ""


@dataclass(frozen=True, slots=True)
class PublicApi:
    """An API that is called by a public ``execute-api`` name; ``kind`` such as ``REST REGIONAL``."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method of an API, such as ``OPTIONS /v1/srv`` without authorization (``NONE``)."""

    verb: str
    path: str
    authorization: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, and when the deployment that it serves was made."""

    name: str
    deployed: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a security group: ports of TCP (or all) to or from networks and groups."""

    first: int
    last: int
    networks: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A security group, reduced to what it lets through by TCP."""

    id: str
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet. ``internet`` is the gateway of its default route, such as ``nat-…``; empty without one."""

    id: str
    vpc: str
    networks: tuple[str, ...]
    internet: str = ""
    route_table: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function of the looked-at system; ``vpc`` is empty for one outside of every VPC."""

    name: str
    vpc: str = ""
    subnets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """A running EC2 instance. ``agent`` is the SSM agent's version, empty for one that SSM does not know."""

    id: str
    vpc: str
    subnet: str
    address: str = ""
    groups: tuple[str, ...] = ()
    agent: str = ""
    online: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """An address behind a network load balancer, and its health."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Balancer:
    """A network load balancer with one of its target groups of addresses; ``listeners`` are protocols."""

    name: str
    dns_name: str
    listeners: tuple[str, ...]
    target_group: str
    targets: tuple[Target, ...]
    keeps_client_ip: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a hosted zone; an alias has its target as its value; ``vpcs`` see a private zone."""

    name: str
    kind: str
    values: tuple[str, ...]
    private: bool = False
    vpcs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BasePath:
    """What a base path of a custom domain leads to."""

    base_path: str
    api: str
    stage: str


@dataclass(frozen=True, slots=True)
class Domain:
    """A private custom domain name; ``associations`` are the endpoints that it may be called through."""

    name: str
    status: str
    policy: str = ""
    mappings: tuple[BasePath, ...] = ()
    associations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a resolver said: ``ok``, ``nodata`` (name without address), ``nxdomain`` or ``failed``."""

    status: Literal["ok", "nodata", "nxdomain", "failed"]
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a TLS server showed for a name: the names it is for; ``reached`` is false if none was seen."""

    reached: bool
    names: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Snapshot:
    """Everything that checks may look at. Mappings are by id of the API, or by name for DNS and TLS.

    ``stands_in`` is the looked-at VPC that the doctor itself runs in; empty if it is in none.
    """

    region: str
    account: str
    vpcs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named_vpcs: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    apis: tuple[Api, ...] = ()
    public_apis: tuple[PublicApi, ...] = ()
    methods: Mapping[str, tuple[Method, ...]] = field(default_factory=dict)
    stages: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)
    changes: Mapping[str, datetime] = field(default_factory=dict)
    groups: Mapping[str, SecurityGroup] = field(default_factory=dict)
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    functions: tuple[Function, ...] = ()
    hosts: tuple[Host, ...] = ()
    balancers: tuple[Balancer, ...] = ()
    records: tuple[Record, ...] = ()
    domains: tuple[Domain, ...] = ()
    clients: tuple[str, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    references: Mapping[str, Answer] = field(default_factory=dict)
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    stands_in: str = ""
    gaps: Mapping[Part, tuple[Gap, ...]] = field(default_factory=dict)

    @cached_property
    def api_endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints that private APIs are called through."""
        return tuple(e for e in self.endpoints if e.service == "execute-api")

    @cached_property
    def suffix(self) -> str:
        """The domain of this region's service names."""
        return f"{self.region}.amazonaws.com" + (".cn" if self.region.startswith("cn-") else "")

    def associated(self, api: Api) -> tuple[Endpoint, ...]:
        """The looked-at endpoints that the API is associated with."""
        return tuple(e for e in self.api_endpoints if e.id in api.endpoints)

    def callable_through(self, api: Api) -> tuple[Endpoint, ...]:
        """The endpoints through which the API is meant to be called: the associated, else all there are."""
        return self.associated(api) or self.api_endpoints

    def alias(self, api: Api, endpoint: Endpoint) -> str:
        """The Route 53 alias by which AWS names the API at the endpoint."""
        return f"{api.id}-{endpoint.id}.execute-api.{self.suffix}"

    def aliases(self) -> tuple[tuple[Api, Endpoint, str], ...]:
        """Every alias that ought to resolve: of an associated, available endpoint."""
        return tuple(
            (api, endpoint, self.alias(api, endpoint))
            for api in self.apis
            for endpoint in self.associated(api)
            if endpoint.state == "available"
        )

    def domains_of(self, api: Api) -> tuple[Domain, ...]:
        """The private custom domains by which the API can be called through a looked-at endpoint."""
        ids = {e.id for e in self.api_endpoints}
        return tuple(
            d
            for d in self.domains
            if any(m.api == api.id for m in d.mappings) and ids.intersection(d.associations)
        )

    def fronted(self, balancer: Balancer) -> tuple[Endpoint, ...]:
        """The API endpoints of which the load balancer has an address as a target."""
        targets = {t.address for t in balancer.targets}
        return tuple(e for e in self.api_endpoints if targets.intersection(e.addresses))

    def serves(self, vpc: str, service: str) -> bool:
        """Whether calls of the service by its plain name stay in the VPC."""
        return any(e.vpc == vpc and e.service == service and e.serves for e in self.endpoints)


def within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an address lies in one of the networks; text that is no address lies nowhere."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return any(ip in ip_network(n, strict=False) for n in networks)
