"""Builds and deploys: the hub with the SAM command line, the members with CloudFormation, as on AWS."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lab import template
from lab.aws import HUB_ACCOUNT, REGION, ROOT, python_runtime, venv
from lab.by_api import Stack, make_removed, stack_outputs
from lab.errors import LabError
from lab.gateway import put_gateway_responses
from lab.process import Guarded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lab.clients import Clients

ARTIFACTS: Final = "lab-artifacts"
MEMBER_TEMPLATE: Final = ROOT / "member/template.yaml"
BUILD_FOLDER: Final = ROOT / ".lab/build"
_INPUTS: Final = ("template.yaml", "src", "functions", "statemachines", "pyproject.toml")
_STACK_SECONDS: Final = 60.0
_CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")


@dataclass
class Deployment:
    """A deployed stack: its outputs, and what was made by API because MiniStack does not know it."""

    stack: Stack
    outputs: dict[str, str]
    by_api: list[str] = field(default_factory=list)


def architecture() -> str:
    """The Lambda architecture of this machine: layers are built for it."""
    return "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"


def runtime_parameters() -> dict[str, str]:
    """The parameters by which a stack runs in MiniStack's interpreter on this machine."""
    return {"PythonRuntime": python_runtime(), "Architecture": architecture()}


def build(source: Path = ROOT / "template.yaml", folder: Path = BUILD_FOLDER) -> Path:
    """``sam build``, unless nothing that goes in has changed; returns the built template.

    Raises
    ------
    LabError
        When SAM refuses the template or a dependency cannot be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two labs may start at once
        return _built(source, folder)


def _built(source: Path, folder: Path) -> Path:
    built = folder / "out/template.yaml"
    fingerprint = folder / "fingerprint"
    now = _fingerprint(source)
    if built.exists() and fingerprint.exists() and fingerprint.read_text() == now:
        return built
    fingerprint.unlink(missing_ok=True)
    settings = [f"{name}={value}" for name, value in runtime_parameters().items()]
    _sam(
        [
            "build",
            "--template",
            str(source),
            "--build-dir",
            str(folder / "out"),
            "--cached",
            "--parallel",
            "--cache-dir",
            str(folder / "cache"),
            "--parameter-overrides",
            *settings,
        ],
        folder,
        {},
    )
    fingerprint.write_text(now)
    return built


def _fingerprint(source: Path) -> str:
    """A digest of everything that goes into the build."""
    digest = hashlib.sha256(repr(sorted(runtime_parameters().items())).encode())
    for path in sorted(_input_files(source)):
        digest.update(str(path.relative_to(source.parent)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _input_files(source: Path) -> list[Path]:
    found = [source]
    for name in _INPUTS:
        path = source.parent / name
        found += [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return [each for each in set(found) if "__pycache__" not in each.parts]


def deploy_hub(
    clients: Clients, built: Path, parameters: Mapping[str, str], *, name: str = "cce-fleet"
) -> Deployment:
    """``sam deploy`` of a built template into the hub account.

    Raises
    ------
    LabError
        When the deployment fails, with what SAM said.
    """
    parts = template.split(template.read(built))
    # Beside the built one: the paths in it are relative.
    adapted = built.with_name(f"template.lab.{os.getpid()}.json")
    adapted.write_text(parts.text(), encoding="utf-8")
    s3 = clients.client("s3", HUB_ACCOUNT, REGION)
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    given = {**runtime_parameters(), **parameters}
    given = {key: value for key, value in given.items() if key in parts.template.get("Parameters", {})}
    overrides = (
        ["--parameter-overrides", *(f"{key}={value}" for key, value in given.items())] if given else []
    )
    flags = ["--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"]
    place = ["--stack-name", name, "--s3-bucket", ARTIFACTS, "--region", REGION]
    root = {"AWS_ACCESS_KEY_ID": HUB_ACCOUNT, "AWS_SECRET_ACCESS_KEY": "test"}
    try:
        _sam(
            [
                "deploy",
                "--template-file",
                str(adapted),
                *place,
                "--capabilities",
                *_CAPABILITIES,
                *flags,
                *overrides,
            ],
            built.parent,
            {"AWS_ENDPOINT_URL": clients.endpoint, **root},
        )
    finally:
        adapted.unlink(missing_ok=True)
    stack = Stack(name, HUB_ACCOUNT, REGION)
    lines = make_removed(clients, stack, parts, given)
    lines += put_gateway_responses(clients, stack, parts, given)
    return Deployment(stack, stack_outputs(clients, stack), lines)


def sam_environment(home: Path) -> dict[str, str]:
    """The environment of a SAM command: this machine's without its AWS and SAM settings, and a home apart."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SAM_"))}
    return {
        **kept,
        "PATH": os.pathsep.join([str(venv("sam") / "bin"), kept.get("PATH", "/usr/bin:/bin")]),
        "__SAM_CLI_APP_DIR": str(home),
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": REGION,
    }


def _sam(arguments: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    """Run SAM with a configuration and a home of the lab's own, so that nobody's settings leak in."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "samconfig.toml"
    config.write_text("version = 0.1\n", encoding="utf-8")
    tools = venv("sam") / "bin"
    program = shutil.which("sam", path=str(tools))
    if program is None:
        message = f"the SAM command line is not installed in {tools}; run: make setup"
        raise LabError(message)
    environment = {**sam_environment(home), "SAM_CLI_POLL_DELAY": "0.3", **environment}
    command = [program, *arguments, "--config-file", str(config)]
    with tempfile.TemporaryFile() as said:
        process = Guarded(command, environment=environment, stdout=said, stderr=said, folder=folder)
        try:
            status = process.process.wait()
        finally:
            process.stop()
        if status:
            said.seek(0)
            message = f"sam {arguments[0]} failed:\n{said.read().decode(errors='replace')[-6000:]}"
            raise LabError(message)


def deploy_member(
    clients: Clients,
    account: str,
    parameters: Mapping[str, str],
    *,
    source: Path = MEMBER_TEMPLATE,
    name: str = "cce-fleet-member",
) -> Deployment:
    """Deploy the member stack into an account.

    Raises
    ------
    LabError
        When the deployment fails, with the events that say why.
    """
    parts = template.split(template.read(source))
    stack = Stack(name, account, REGION)
    cloudformation = clients.client("cloudformation", account, REGION)
    given = {key: value for key, value in parameters.items() if key in parts.template.get("Parameters", {})}
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=parts.text(),
        Capabilities=list(_CAPABILITIES),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
    )
    deadline = time.monotonic() + _STACK_SECONDS
    while (
        status := cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    ) != "CREATE_COMPLETE":
        if not status.endswith("IN_PROGRESS") or time.monotonic() > deadline:
            message = f"the member stack of {account} ended {status}: {_reasons(clients, stack)}"
            raise LabError(message)
        time.sleep(0.1)
    return Deployment(stack, stack_outputs(clients, stack), make_removed(clients, stack, parts, given))


def _reasons(clients: Clients, stack: Stack) -> str:
    events = clients.client("cloudformation", stack.account, stack.region).describe_stack_events(
        StackName=stack.name
    )
    failed = [each for each in events["StackEvents"] if each["ResourceStatus"].endswith("FAILED")]
    return "; ".join(
        f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason', '')}" for each in failed
    )
