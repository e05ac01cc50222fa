"""Who calls: functions of the looked-at system and hosts with an SSM agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.model import Function, Host

if TYPE_CHECKING:
    from cce.doctor.ports import Aws


def functions(aws: Aws, prefix: str) -> tuple[Function, ...]:
    """The functions whose names begin with the prefix."""
    found = []
    for row in aws.rows("lambda", "list_functions", "Functions"):
        if not row["FunctionName"].startswith(prefix):
            continue
        config = row.get("VpcConfig", {})
        found.append(
            Function(
                name=row["FunctionName"],
                vpc=config.get("VpcId", ""),
                subnets=tuple(config.get("SubnetIds", [])),
                groups=tuple(config.get("SecurityGroupIds", [])),
            )
        )
    return tuple(found)


def hosts(aws: Aws) -> tuple[Host, ...]:
    """The running instances of the region with what SSM knows of their agents."""
    agents = {
        row["InstanceId"]: row
        for row in aws.rows("ssm", "describe_instance_information", "InstanceInformationList")
    }
    running = aws.rows(
        "ec2",
        "describe_instances",
        "Reservations",
        Filters=[{"Name": "instance-state-name", "Values": ["running"]}],
    )
    return tuple(
        Host(
            id=row["InstanceId"],
            vpc=row.get("VpcId", ""),
            subnet=row.get("SubnetId", ""),
            address=row.get("PrivateIpAddress", ""),
            groups=tuple(g["GroupId"] for g in row.get("SecurityGroups", [])),
            agent=agents.get(row["InstanceId"], {}).get("AgentVersion", ""),
            online=agents.get(row["InstanceId"], {}).get("PingStatus") == "Online",
        )
        for reservation in running
        for row in reservation.get("Instances", [])
    )
