"""The lab's SSM without its protocol: the operations, what each needs in IAM, and the switches for tests."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lab.ssm import documents, queries, send
from lab.ssm.errors import SsmError
from lab.ssm.state import State
from lab.ssm.validate import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab.ssm.identity import Authorizer, Request
    from lab.ssm.runner import Runner
    from lab.ssm.state import Place, Server

    Operation = Callable[[Place, dict[str, Any]], dict[str, Any]]

# Actions that IAM decides on the document; the others know no resource.
_ON_DOCUMENT: Final = frozenset(
    {"CreateDocument", "DescribeDocument", "GetDocument", "UpdateDocument", "DeleteDocument"}
)


@dataclass
class Throttle:
    """Refuses the next calls of an operation with ThrottlingException; ``{"SendCommand": 2}``."""

    left: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, operation: str) -> None:
        """Count a call.

        Raises
        ------
        SsmError
            ``ThrottlingException`` while calls are to be refused.
        """
        with self._lock:
            if self.left.get(operation, 0) <= 0:
                return
            self.left[operation] -= 1
        raise SsmError("ThrottlingException", "Rate exceeded")


class Ssm:
    """Systems Manager of every account of the lab."""

    def __init__(self, authorizer: Authorizer, runner: Runner) -> None:
        self.state = State()
        self.throttle = Throttle()
        self.authorizer = authorizer
        self.runner = runner
        self._operations: dict[str, Operation] = {
            "CreateDocument": _create_document,
            "UpdateDocument": _update_document,
            "DescribeDocument": _describe_document,
            "GetDocument": _get_document,
            "DeleteDocument": _delete_document,
            "DescribeInstanceInformation": queries.describe_instance_information,
            "SendCommand": lambda place, request: send.send_command(place, request, self.runner),
            "CancelCommand": send.cancel_command,
            "GetCommandInvocation": queries.get_command_invocation,
            "ListCommands": queries.list_commands,
            "ListCommandInvocations": queries.list_command_invocations,
        }

    def register(self, account: str, region: str, server: Server) -> None:
        """Make a server known, as its agent does when it starts; a known id is replaced."""
        with self.state.lock:
            self.state.place(account, region).servers[server.instance_id] = server

    def call(self, operation: str, request: dict[str, Any], signed: Request) -> dict[str, Any]:
        """Do one operation for whoever signed the request.

        Raises
        ------
        SsmError
            Everything that AWS would answer with an error.
        """
        if operation not in self._operations:
            raise SsmError("UnknownOperationException", f"The lab's SSM does not do {operation}.")
        caller = self.authorizer.authorize(signed, needs(operation, request, signed.region))
        self.throttle.check(operation)
        check(operation, request)
        with self.state.lock:
            return self._operations[operation](self.state.place(caller.account, signed.region), request)


def needs(operation: str, request: dict[str, Any], region: str) -> list[tuple[str, str]]:
    """What IAM is asked: (action, resource) pairs, with ``{account}`` for the caller's account."""
    action = f"ssm:{operation}"
    if operation == "SendCommand":
        name = str(request.get("DocumentName", ""))
        document = name if name.startswith("arn:") else f"arn:aws:ssm:{region}:{{account}}:document/{name}"
        ids = [*request.get("InstanceIds", [])]
        ids += [each for target in request.get("Targets", []) for each in target.get("Values", [])]
        return [(action, document)] + [
            (action, f"arn:aws:ec2:{region}:{{account}}:instance/{each}") for each in ids
        ]
    if operation in _ON_DOCUMENT:
        return [(action, f"arn:aws:ssm:{region}:{{account}}:document/{request.get('Name', '')}")]
    return [(action, "*")]


def _create_document(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    return {"DocumentDescription": documents.create(place.documents, request).description(1)}


def _update_document(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    document = documents.update(place.documents, request)
    return {"DocumentDescription": document.description(document.version())}


def _describe_document(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    document = documents.find(place.documents, request["Name"])
    return {"Document": document.description(document.version(request.get("DocumentVersion", "$DEFAULT")))}


def _get_document(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    document = documents.find(place.documents, request["Name"])
    version = document.version(request.get("DocumentVersion", "$DEFAULT"))
    about = document.description(version)
    kept = {
        key: about[key]
        for key in ("Name", "DocumentVersion", "Status", "DocumentType", "DocumentFormat", "CreatedDate")
    }
    return {**kept, "Content": document.content(version)}


def _delete_document(place: Place, request: dict[str, Any]) -> dict[str, Any]:
    del place.documents[documents.find(place.documents, request["Name"]).name]
    return {}
