"""Decides and records the calls that the state machine makes itself.

MiniStack enforces IAM at its front door; the state machine's integrations go in by the back door, so on it a
machine without any permission works. Here each such call is evaluated against the machine's execution role
and, when refused, fails the state as AWS does.
"""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Any

from lab.host.ministack import module

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab.host.record import Recorder

_machine: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar(
    "lab_state_machine", default=None
)


class Decider:
    """Evaluates a call against the execution role of the machine that is running."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def require(self, action: str, resource: str) -> None:
        """Record the call; raise the machine's own error when its role may not make it."""
        machine = _machine.get()
        if machine is None:  # a task outside an execution: TestState by the deployment's caller
            return
        evaluator = module("core.iam_evaluator")
        _, _, _, region, account, _, name = machine["stateMachineArn"].split(":", 6)
        role = machine["roleArn"].rpartition("/")[2]
        principal = f"arn:aws:sts::{account}:assumed-role/{role}/{name}"
        context = evaluator.EvalContext(
            principal_arn=principal,
            principal_type="AssumedRole",
            principal_account=account,
            action=action,
            resource_arn=resource,
            region=region,
        )
        result = evaluator.evaluate(context, evaluator._gather_role_policies(role, account))  # noqa: SLF001 - no public name
        allowed = result.decision == "Allow"
        self._recorder.write(
            action=action,
            principal=principal,
            account=account,
            resource=resource,
            decision="allow" if allowed else "deny",
        )
        if not allowed:
            message = f"{principal} is not authorized to perform: {action} on resource: {resource}"
            raise module("services.stepfunctions")._ExecutionError("States.Permissions", message)  # noqa: SLF001 - its only error type


def decide_states(recorder: Recorder) -> None:
    """Hook the places where MiniStack's interpreter leaves the state machine."""
    states = module("services.stepfunctions")
    decider = Decider(recorder)
    run = states._run_execution  # noqa: SLF001 - the one place where an execution starts

    def run_known(execution_arn: str) -> None:
        execution = states._executions.get(execution_arn) or {}  # noqa: SLF001
        _machine.set(states._state_machines.get(execution.get("stateMachineArn", "")))  # noqa: SLF001
        run(execution_arn)

    states._run_execution = run_known  # noqa: SLF001
    _before(
        states,
        "_call_lambda",
        lambda ref, _event: decider.require("lambda:InvokeFunction", _function_arn(ref)),
    )
    _before(
        states,
        "_s3_object_text",
        lambda bucket, key: decider.require("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}"),
    )
    _before(states, "_run_distributed_map", lambda *_: decider.require("states:StartExecution", _own_arn()))
    table = states._SERVICE_DISPATCH  # noqa: SLF001
    _before_entry(
        table,
        "sqs:sendMessage",
        lambda _, data: decider.require("sqs:SendMessage", _queue_arn(data["QueueUrl"])),
    )
    _before_entry(table, "sns:publish", lambda _, data: decider.require("sns:Publish", data["TopicArn"]))


def _before(owner: Any, name: str, check: Callable[..., None]) -> None:  # noqa: ANN401 - a module
    original = getattr(owner, name)

    def checked(*arguments: Any) -> Any:  # noqa: ANN401 - as the original
        check(*arguments)
        return original(*arguments)

    setattr(owner, name, checked)


def _before_entry(table: dict[str, Any], integration: str, check: Callable[..., None]) -> None:
    key = f"arn:aws:states:::{integration}"
    original = table[key]

    def checked(resource: str, data: dict[str, Any]) -> Any:  # noqa: ANN401 - as the original
        check(resource, data)
        return original(resource, data)

    table[key] = checked


def _place() -> tuple[str, str]:
    responses = module("core.responses")
    return responses.get_region(), responses.get_account_id()


def _own_arn() -> str:
    machine = _machine.get()
    return str(machine["stateMachineArn"]) if machine else "*"


def _function_arn(reference: str) -> str:
    region, account = _place()
    return (
        reference
        if reference.startswith("arn:")
        else f"arn:aws:lambda:{region}:{account}:function:{reference}"
    )


def _queue_arn(url: str) -> str:
    region, _ = _place()
    account, name = url.rstrip("/").split("/")[-2:]
    return f"arn:aws:sqs:{region}:{account}:{name}"
