"""SendCommand and CancelCommand: what is refused, and what is handed to the runner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lab.ssm import documents
from lab.ssm.errors import SsmError, validation
from lab.ssm.state import OPEN, Command, Invocation
from lab.ssm.views import command_view

if TYPE_CHECKING:
    from lab.ssm.runner import Runner
    from lab.ssm.state import Place

MAX_INSTANCE_IDS: Final = 50


def send_command(place: Place, request: dict[str, Any], runner: Runner) -> dict[str, Any]:
    """SendCommand: every id must be good, or nothing is sent.

    Raises
    ------
    SsmError
        ``InvalidDocument``, ``InvalidDocumentVersion``, ``InvalidParameters``, ``DuplicateInstanceId``,
        ``InvalidInstanceId``, ``ValidationException``.
    """
    ids = _instance_ids(request)
    document = documents.find(place.documents, request["DocumentName"])
    version = document.version(request.get("DocumentVersion", "$DEFAULT"))
    if request.get("DocumentHash", document.sha256(version)) != document.sha256(version):
        raise validation("The document hash does not match the hash of the document's content.")
    step = document.step(version, request.get("Parameters", {}))
    for instance_id in ids:
        server = place.servers.get(instance_id)
        if server is None or not server.node.accepts:
            # AWS names no id: the caller has to find out which one it was.
            raise SsmError("InvalidInstanceId", f"Instances not in a valid state for account {place.account}")
    command = Command(document, version, step.name, ids, request)
    command.invocations = {instance_id: Invocation(instance_id) for instance_id in ids}
    limits = (
        allowance(request.get("MaxConcurrency", "50"), len(ids)) or 1,
        allowance(request.get("MaxErrors", "0"), len(ids)),
    )
    place.commands[command.command_id] = command
    runner.start(place, command, step, limits)
    return {"Command": command_view(command)}


def _instance_ids(request: dict[str, Any]) -> list[str]:
    ids = list(request.get("InstanceIds", []))
    for target in request.get("Targets", []):
        if target.get("Key") != "InstanceIds":
            raise validation(
                f"The lab's Run Command takes targets by InstanceIds, not by {target.get('Key')!r}."
            )
        ids += target.get("Values", [])
    if not ids:
        raise validation("InstanceIds or Targets is required.")
    if len(ids) > MAX_INSTANCE_IDS:
        raise validation(f"{len(ids)} instances; at most {MAX_INSTANCE_IDS} are allowed.")
    if len(set(ids)) != len(ids):
        raise SsmError("DuplicateInstanceId", "You cannot specify an instance ID in more than one target.")
    return ids


def allowance(value: str, total: int) -> int:
    """A number of servers, or a percentage of them rounded down, as MaxErrors and MaxConcurrency mean it."""
    number = re.match(r"\d+", value)
    if number is None:
        raise validation(f"{value!r} is neither a number nor a percentage.")
    return total * int(number[0]) // 100 if value.endswith("%") else int(number[0])


def cancel_command(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    """CancelCommand: servers that have not ended stop.

    Raises
    ------
    SsmError
        ``InvalidCommandId``.
    """
    command = place.commands.get(request["CommandId"])
    if command is None:
        raise SsmError("InvalidCommandId")
    if any(each.status in OPEN for each in command.invocations.values()):
        command.stopping.set()
    return {}
