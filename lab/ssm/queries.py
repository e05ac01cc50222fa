"""The operations that only read: instances, commands, invocations."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from lab.ssm.errors import SsmError
from lab.ssm.paging import page
from lab.ssm.views import command_view, invocation_view, result_view

if TYPE_CHECKING:
    from lab.ssm.state import Command, Invocation, Place, Server

# For about as long a command that was just sent is not to be found yet.
CONSISTENCY_SECONDS: Final = 0.1
_INSTANCE_PAGE: Final = 10
_COMMAND_PAGE: Final = 50


def describe_instance_information(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeInstanceInformation.

    Raises
    ------
    SsmError
        ``InvalidInstanceInformationFilterValue``, ``InvalidFilterKey``, ``InvalidNextToken``.
    """
    wanted = [(each["Key"], each["Values"]) for each in request.get("Filters", [])]
    wanted += [(each["key"], each["valueSet"]) for each in request.get("InstanceInformationFilterList", [])]
    views = [_instance_view(each) for _, each in sorted(place.servers.items())]
    for key, values in wanted:
        member = {"InstanceIds": "InstanceId", "PlatformTypes": "PlatformType"}.get(key, key)
        if member not in {"InstanceId", "PingStatus", "PlatformType", "ResourceType", "AgentVersion"}:
            raise SsmError("InvalidFilterKey", f"The filter key {key} is not valid.")
        views = [each for each in views if each[member] in values]
    found, more = page(views, request, default=_INSTANCE_PAGE)
    return {"InstanceInformationList": found, **more}


def _instance_view(server: Server) -> dict[str, Any]:
    return {
        "InstanceId": server.instance_id,
        "PingStatus": "Online" if server.node.online else "ConnectionLost",
        "LastPingDateTime": time.time() - (0 if server.node.online else 86_400),
        "AgentVersion": server.agent_version,
        "IsLatestVersion": True,
        "PlatformType": "Linux",
        "PlatformName": server.platform_name,
        "PlatformVersion": server.platform_version,
        "ResourceType": "EC2Instance",
        "IPAddress": server.address,
        "ComputerName": server.name,
        "SourceId": server.instance_id,
        "SourceType": "AWS::EC2::Instance",
    }


def get_command_invocation(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    """GetCommandInvocation.

    Raises
    ------
    SsmError
        ``InvocationDoesNotExist``, also for a moment after SendCommand; ``InvalidPluginName``.
    """
    command = place.commands.get(request["CommandId"])
    invocation = command.invocations.get(request["InstanceId"]) if command else None
    if command is None or invocation is None or not _visible(command):
        raise SsmError("InvocationDoesNotExist")
    if request.get("PluginName", command.step) != command.step:
        raise SsmError("InvalidPluginName")
    return result_view(command, invocation)


def list_commands(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    """ListCommands, newest first."""
    found = [
        each
        for each in _commands(place, request)
        if request.get("InstanceId") is None or request["InstanceId"] in each.invocations
    ]
    kept = [each for each in found if _kept(each, each.status()[0], request)]
    views, more = page([command_view(each) for each in kept], request, default=_COMMAND_PAGE)
    return {"Commands": views, **more}


def list_command_invocations(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    """ListCommandInvocations, newest command first."""
    found: list[tuple[Command, Invocation]] = [
        (command, invocation)
        for command in _commands(place, request)
        for invocation in command.invocations.values()
        if request.get("InstanceId") in {None, invocation.instance_id}
        and _kept(command, invocation.status[0], request)
    ]
    chosen, more = page(found, request, default=_COMMAND_PAGE)
    details = bool(request.get("Details"))
    views = [
        invocation_view(command, each, place.servers.get(each.instance_id), details=details)
        for command, each in chosen
    ]
    return {"CommandInvocations": views, **more}


def _visible(command: Command) -> bool:
    return time.time() - command.requested >= CONSISTENCY_SECONDS


def _commands(place: Place, request: dict[str, Any]) -> list[Command]:
    wanted = request.get("CommandId")
    if wanted is not None and wanted not in place.commands:
        raise SsmError("InvalidCommandId")
    found = [each for key, each in list(place.commands.items()) if wanted in {None, key} and _visible(each)]
    return sorted(found, key=lambda each: each.requested, reverse=True)


def _kept(command: Command, status: str, request: dict[str, Any]) -> bool:
    return all(_matches(command, status, each["key"], each["value"]) for each in request.get("Filters", []))


def _matches(command: Command, status: str, key: str, value: str) -> bool:
    if key == "Status":
        return value == status
    if key == "DocumentName":
        return value == command.document.name
    if key == "InvokedAfter":
        return command.requested > _seconds(value)
    if key == "InvokedBefore":
        return command.requested < _seconds(value)
    raise SsmError("InvalidFilterKey", f"The filter key {key} is not valid.")


def _seconds(value: str) -> float:
    return datetime.fromisoformat(value).timestamp()
