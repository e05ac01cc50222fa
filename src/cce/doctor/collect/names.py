"""Names that may lead to an API: load balancers and hosted zones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cce.doctor.model import Balancer, Record, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.doctor.ports import Aws

_ADDRESSED = ("A", "AAAA", "CNAME")


def balancers(aws: Aws) -> tuple[Balancer, ...]:
    """Every network load balancer with each of its target groups of addresses."""
    found = {
        row["LoadBalancerArn"]: row
        for row in aws.rows("elbv2", "describe_load_balancers", "LoadBalancers")
        if row["Type"] == "network"
    }
    if not found:
        return ()
    result = []
    for group in aws.rows("elbv2", "describe_target_groups", "TargetGroups"):
        fronts = [arn for arn in group.get("LoadBalancerArns", []) if arn in found]
        if group.get("TargetType") == "ip" and fronts:
            result += [_balancer(aws, found[arn], group) for arn in fronts]
    return tuple(result)


def _balancer(aws: Aws, row: Mapping[str, Any], group: Mapping[str, Any]) -> Balancer:
    arn = group["TargetGroupArn"]
    health = aws.rows("elbv2", "describe_target_health", "TargetHealthDescriptions", TargetGroupArn=arn)
    attributes = aws.rows("elbv2", "describe_target_group_attributes", "Attributes", TargetGroupArn=arn)
    listeners = aws.rows("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=row["LoadBalancerArn"])
    return Balancer(
        name=row["LoadBalancerName"],
        dns_name=row["DNSName"],
        listeners=tuple(listener["Protocol"] for listener in listeners),
        target_group=group["TargetGroupName"],
        targets=tuple(Target(h["Target"]["Id"], h["TargetHealth"]["State"]) for h in health),
        keeps_client_ip={"Key": "preserve_client_ip.enabled", "Value": "true"} in attributes,
    )


def records(aws: Aws) -> tuple[Record, ...]:
    """The records of every hosted zone that give a name an address."""
    return tuple(
        record
        for zone in aws.rows("route53", "list_hosted_zones", "HostedZones")
        for record in _of_zone(aws, zone)
    )


def _of_zone(aws: Aws, zone: Mapping[str, Any]) -> Iterator[Record]:
    private = zone.get("Config", {}).get("PrivateZone", False)
    vpcs: tuple[str, ...] = ()
    if private:
        answer = aws.answer("route53", "get_hosted_zone", Id=zone["Id"])
        vpcs = tuple(vpc["VPCId"] for vpc in answer.get("VPCs", []))
    for row in aws.rows(
        "route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
    ):
        if row["Type"] not in _ADDRESSED:
            continue
        values = [v["Value"] for v in row.get("ResourceRecords", [])]
        if "AliasTarget" in row:
            values.append(row["AliasTarget"]["DNSName"].removeprefix("dualstack."))
        yield Record(
            name=plain(row["Name"]),
            kind=row["Type"],
            values=tuple(plain(v) for v in values),
            private=private,
            vpcs=vpcs,
        )


def plain(name: str) -> str:
    """A DNS name in small letters without its final dot."""
    return name.rstrip(".").lower()
