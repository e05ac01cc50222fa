"""Commands and invocations as the API shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from lab.ssm.documents import DEFAULT_TIMEOUT_SECONDS
from lab.ssm.state import DELIVERY_TIMED_OUT, ERRORS, OPEN

if TYPE_CHECKING:
    from lab.ssm.state import Command, Invocation, Server

# GetCommandInvocation's limits, and that of the overview (the agent's MaximumPluginOutputSize).
STDOUT_CHARACTERS: Final = 24_000
STDERR_CHARACTERS: Final = 8_000
OVERVIEW_CHARACTERS: Final = 2_500
# The folder of the S3 output, between the instance and the step.
OUTPUT_FOLDER: Final = "awsrunShellScript"
_CUT: Final = "\n---Output truncated---"


def text(output: bytes) -> str:
    """Output as JSON can carry it."""
    return output.decode("utf-8", "replace")


def timestamp(seconds: float) -> str:
    """A time as GetCommandInvocation writes it; empty for never."""
    return (
        datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:23] + "Z" if seconds else ""
    )


def delivery_timeout(command: Command) -> int:
    """Seconds a command waits to be delivered."""
    return int(command.request.get("TimeoutSeconds", DEFAULT_TIMEOUT_SECONDS))


def command_view(command: Command) -> dict[str, Any]:
    """A command as SendCommand and ListCommands show it."""
    status, details = command.status()
    statuses = [each.status for each in command.invocations.values()]
    request = command.request
    return {
        "CommandId": command.command_id,
        "DocumentName": command.document.name,
        "DocumentVersion": request.get("DocumentVersion", "$DEFAULT"),
        "Comment": command.comment,
        "InstanceIds": list(request.get("InstanceIds", [])),
        "Targets": request.get("Targets", []),
        "Parameters": request.get("Parameters", {}),
        "RequestedDateTime": command.requested,
        "ExpiresAfter": command.requested + delivery_timeout(command),
        "Status": status,
        "StatusDetails": details,
        "OutputS3BucketName": request.get("OutputS3BucketName", ""),
        "OutputS3KeyPrefix": request.get("OutputS3KeyPrefix", ""),
        "MaxConcurrency": request.get("MaxConcurrency", "50"),
        "MaxErrors": request.get("MaxErrors", "0"),
        "TargetCount": len(statuses),
        "CompletedCount": sum(each not in OPEN for each in statuses),
        "ErrorCount": sum(each in ERRORS for each in statuses),
        "DeliveryTimedOutCount": statuses.count(DELIVERY_TIMED_OUT),
        "TimeoutSeconds": delivery_timeout(command),
    }


def invocation_view(
    command: Command, invocation: Invocation, server: Server | None, *, details: bool
) -> dict[str, Any]:
    """An invocation as ListCommandInvocations shows it."""
    status, status_details = invocation.status
    view = {
        "CommandId": command.command_id,
        "InstanceId": invocation.instance_id,
        "InstanceName": server.name if server else "",
        "Comment": command.comment,
        "DocumentName": command.document.name,
        "DocumentVersion": command.request.get("DocumentVersion", "$DEFAULT"),
        "RequestedDateTime": command.requested,
        "Status": status,
        "StatusDetails": status_details,
        "StandardOutputUrl": invocation.stdout_url,
        "StandardErrorUrl": invocation.stderr_url,
        "CommandPlugins": [],
    }
    if details:
        view["CommandPlugins"] = [
            {
                "Name": command.step,
                "Status": status,
                "StatusDetails": status_details,
                "ResponseCode": invocation.response_code,
                "ResponseStartDateTime": invocation.started or None,
                "ResponseFinishDateTime": invocation.ended or None,
                "Output": overview(invocation),
                "StandardOutputUrl": invocation.stdout_url,
                "StandardErrorUrl": invocation.stderr_url,
            }
        ]
    return view


def overview(invocation: Invocation) -> str:
    """Both outputs together, cut as the agent cuts them for the overview."""
    output = text(invocation.stdout)
    if invocation.stderr:
        output += "\n----------ERROR-------\n" + text(invocation.stderr)
    return output if len(output) < OVERVIEW_CHARACTERS else output[: OVERVIEW_CHARACTERS - len(_CUT)] + _CUT


def result_view(command: Command, invocation: Invocation) -> dict[str, Any]:
    """An invocation as GetCommandInvocation shows it: its output, once it has ended, up to the limits."""
    status, details = invocation.status
    ended = invocation.status not in OPEN
    return {
        "CommandId": command.command_id,
        "InstanceId": invocation.instance_id,
        "Comment": command.comment,
        "DocumentName": command.document.name,
        "DocumentVersion": command.request.get("DocumentVersion", "$DEFAULT"),
        "PluginName": command.step,
        "ResponseCode": invocation.response_code,
        "ExecutionStartDateTime": timestamp(invocation.started),
        "ExecutionElapsedTime": f"PT{max(0.0, invocation.ended - invocation.started):.3f}S" if ended else "",
        "ExecutionEndDateTime": timestamp(invocation.ended),
        "Status": status,
        "StatusDetails": details,
        "StandardOutputContent": text(invocation.stdout)[:STDOUT_CHARACTERS] if ended else "",
        "StandardOutputUrl": invocation.stdout_url,
        "StandardErrorContent": text(invocation.stderr)[:STDERR_CHARACTERS] if ended else "",
        "StandardErrorUrl": invocation.stderr_url,
    }
