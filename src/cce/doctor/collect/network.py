"""Endpoints, security groups, subnets and routes, as EC2 describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cce.doctor.model import Endpoint, Rule, SecurityGroup, Subnet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cce.doctor.ports import Aws

_ALL_PORTS: Final = (0, 65535)

#: Values that one filter takes (EC2 API reference).
_FILTER_VALUES: Final = 200


def vpcs(aws: Aws) -> dict[str, tuple[str, ...]]:
    """Every VPC of the region with its networks."""
    return {v["VpcId"]: _networks(v) for v in aws.rows("ec2", "describe_vpcs", "Vpcs")}


def _networks(row: Mapping[str, Any]) -> tuple[str, ...]:
    four = [a["CidrBlock"] for a in row.get("CidrBlockAssociationSet", [])] or [row["CidrBlock"]]
    six = [a["Ipv6CidrBlock"] for a in row.get("Ipv6CidrBlockAssociationSet", [])]
    return (*four, *six)


def endpoints(aws: Aws) -> tuple[Endpoint, ...]:
    """Every VPC endpoint of the region, with the addresses of its interfaces."""
    rows = aws.rows("ec2", "describe_vpc_endpoints", "VpcEndpoints")
    wanted = [i for row in rows for i in row.get("NetworkInterfaceIds", [])]
    addresses = _addresses(aws, wanted)
    return tuple(_endpoint(row, addresses) for row in rows)


def _addresses(aws: Aws, interfaces: list[str]) -> dict[str, tuple[str, ...]]:
    if not interfaces:
        return {}
    # By filter: an interface that went away meanwhile would fail a question by id as a whole.
    found = aws.rows(
        "ec2",
        "describe_network_interfaces",
        "NetworkInterfaces",
        Filters=[{"Name": "interface-type", "Values": ["vpc_endpoint"]}],
    )
    return {
        row["NetworkInterfaceId"]: (
            *([row["PrivateIpAddress"]] if "PrivateIpAddress" in row else []),
            *(six["Ipv6Address"] for six in row.get("Ipv6Addresses", [])),
        )
        for row in found
        if row["NetworkInterfaceId"] in interfaces
    }


def _endpoint(row: Mapping[str, Any], addresses: Mapping[str, tuple[str, ...]]) -> Endpoint:
    return Endpoint(
        id=row["VpcEndpointId"],
        vpc=row["VpcId"],
        service=row.get("ServiceName", "").rsplit(".", 1)[-1],  # resource endpoints have none
        kind=row["VpcEndpointType"],
        state=row["State"],
        private_dns=row.get("PrivateDnsEnabled", False),
        groups=tuple(g["GroupId"] for g in row.get("Groups", [])),
        addresses=tuple(a for i in row.get("NetworkInterfaceIds", []) for a in addresses.get(i, ())),
        dns_names=tuple(d["DnsName"] for d in row.get("DnsEntries", [])),
        route_tables=tuple(row.get("RouteTableIds", [])),
        policy=row.get("PolicyDocument", ""),
    )


def groups(aws: Aws, ids: Iterable[str]) -> dict[str, SecurityGroup]:
    """The security groups of the ids, with prefix lists spelt out."""
    wanted = sorted(set(ids))
    rows = [
        row
        for start in range(0, len(wanted), _FILTER_VALUES)
        for row in aws.rows(
            "ec2",
            "describe_security_groups",
            "SecurityGroups",
            Filters=[{"Name": "group-id", "Values": wanted[start : start + _FILTER_VALUES]}],
        )
    ]
    lists: dict[str, tuple[str, ...]] = {}
    return {
        row["GroupId"]: SecurityGroup(
            row["GroupId"],
            tuple(_rules(aws, row.get("IpPermissions", []), lists)),
            tuple(_rules(aws, row.get("IpPermissionsEgress", []), lists)),
        )
        for row in rows
    }


def _rules(aws: Aws, permissions: list[Mapping[str, Any]], lists: dict[str, tuple[str, ...]]) -> list[Rule]:
    found = []
    for row in permissions:
        if row["IpProtocol"] not in {"-1", "tcp", "6"}:
            continue
        first, last = (
            _ALL_PORTS if row["IpProtocol"] == "-1" else (row.get("FromPort", 0), row.get("ToPort", 65535))
        )
        for each in row.get("PrefixListIds", []):
            if each["PrefixListId"] not in lists:
                lists[each["PrefixListId"]] = _prefix_list(aws, each["PrefixListId"])
        networks = [
            *(each["CidrIp"] for each in row.get("IpRanges", [])),
            *(each["CidrIpv6"] for each in row.get("Ipv6Ranges", [])),
            *(n for each in row.get("PrefixListIds", []) for n in lists[each["PrefixListId"]]),
        ]
        named = tuple(each["GroupId"] for each in row.get("UserIdGroupPairs", []))
        found.append(Rule(first, last, tuple(networks), named))
    return found


def _prefix_list(aws: Aws, name: str) -> tuple[str, ...]:
    rows = aws.rows("ec2", "get_managed_prefix_list_entries", "Entries", PrefixListId=name)
    return tuple(row["Cidr"] for row in rows)


def subnets(aws: Aws) -> dict[str, Subnet]:
    """Every subnet of the region, with the gateway of its default route."""
    tables = aws.rows("ec2", "describe_route_tables", "RouteTables")
    of_subnet: dict[str, Mapping[str, Any]] = {}
    main: dict[str, Mapping[str, Any]] = {}
    for table in tables:
        for tie in table.get("Associations", []):
            if "SubnetId" in tie:
                of_subnet[tie["SubnetId"]] = table
            elif tie.get("Main"):
                main[table["VpcId"]] = table
    return {
        row["SubnetId"]: _subnet(row, of_subnet.get(row["SubnetId"]) or main.get(row["VpcId"], {}))
        for row in aws.rows("ec2", "describe_subnets", "Subnets")
    }


def _subnet(row: Mapping[str, Any], table: Mapping[str, Any]) -> Subnet:
    six = [a["Ipv6CidrBlock"] for a in row.get("Ipv6CidrBlockAssociationSet", [])]
    return Subnet(
        id=row["SubnetId"],
        vpc=row["VpcId"],
        networks=(*([row["CidrBlock"]] if "CidrBlock" in row else []), *six),
        internet=next((way for route in table.get("Routes", []) if (way := _way_out(route))), ""),
        route_table=table.get("RouteTableId", ""),
    )


def _way_out(route: Mapping[str, Any]) -> str:
    """The gateway to the internet that a route of everything leads to."""
    if "0.0.0.0/0" not in route.values() and "::/0" not in route.values():
        return ""
    if route.get("State", "active") != "active":
        return ""
    ways = [route.get(key, "") for key in ("NatGatewayId", "GatewayId", "EgressOnlyInternetGatewayId")]
    return next((way for way in ways if way and not way.startswith(("local", "vpce-", "vgw-"))), "")
