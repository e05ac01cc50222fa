"""``sam local invoke`` of the built functions, in containers, against a lab that is up.

``python -m lab.sam_local PlanFunction -e events/plan.json`` runs a function against what ``python -m lab up``
keeps. Each function has the configuration and the role of its deployed twin, so IAM decides as it does there.
No registry of images is needed, see ``lab/images``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from lab import deploy, template
from lab.aws import HUB_ACCOUNT, REGION, ROOT
from lab.clients import Clients
from lab.errors import LabError
from lab.images.relay import Relay, gateway
from lab.keep import running
from lab.lab import FOLDER
from lab.process import Guarded
from lab.sam_image import IMAGE_RUNS, docker, make_image, unusable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CALL_SECONDS: Final = 120.0
STATE: Final = ROOT / ".lab/up.json"
_ENDPOINTS: Final = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM")
_CODE: Final = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


@dataclass(frozen=True)
class Answer:
    """What a function returned, or the error it raised in Lambda's form, and what it and SAM logged."""

    result: Any
    log: str

    @property
    def raised(self) -> bool:
        """Whether the function raised."""
        return isinstance(self.result, dict) and "errorType" in self.result


class SamLocal:
    """Functions of a deployed hub, invoked by ``sam local invoke``; a context manager.

    Parameters
    ----------
    environment
        How to reach the lab, :meth:`lab.lab.Lab.environment`.
    stack
        Name of the hub stack.

    Examples
    --------
    >>> with Lab() as lab, SamLocal(lab.environment()) as sam:  # doctest: +SKIP
    ...     sam.invoke("PlanFunction", Path("events/plan.json")).result
    """

    def __init__(self, environment: Mapping[str, str], *, stack: str = "cce-fleet") -> None:
        self._urls = {name: environment[name] for name in _ENDPOINTS}
        self._clients = Clients(self._urls["AWS_ENDPOINT_URL"], self._urls["AWS_ENDPOINT_URL_SSM"])
        self._name = stack
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Let containers reach the lab, and write what SAM reads."""
        with ExitStack() as stack:
            # Named as a lab's folder: one that was left behind is swept.
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-sam-"))
            self._folder = Path(folder)
            self._configurations = self._deployed()
            self._write_template(deploy.build())
            address = gateway()
            self._write_variables(address)
            try:
                stack.enter_context(Relay(address, [_port(url) for url in self._urls.values()]))
            except OSError as error:
                message = f"containers reach this lab for another command already ({error}); end that first"
                raise LabError(message) from error
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing answers containers any more."""
        self._stack.close()

    def invoke(self, function: str, event: Path) -> Answer:
        """Invoke a function by its logical id with the event in a file.

        Raises
        ------
        LabError
            When there is no such function, or SAM failed or took more than two minutes.
        """
        if function not in self._configurations:
            known = ", ".join(sorted(self._configurations))
            message = f"stack {self._name} has no function {function}; it has: {known}"
            raise LabError(message)
        out, err = self._run(self.command(function, event), self.environment(function))
        lines = out.strip().splitlines()
        try:
            return Answer(json.loads(lines[-1]), err)
        except (IndexError, ValueError) as error:
            message = f"{function} gave no answer:\n{out[-2000:]}\n{err[-4000:]}"
            raise LabError(message) from error

    def command(self, function: str, event: Path) -> list[str]:
        """The command line that :meth:`invoke` runs."""
        return ["sam", "local", "invoke", function, "--event", str(event.resolve()), *self.flags()]

    def flags(self, **parameters: str) -> list[str]:
        """What every ``sam local`` command is given, and further parameters of the template."""
        settings = [f"{name}={value}" for name, value in (IMAGE_RUNS | parameters).items()]
        files = {"template": "template.json", "env-vars": "env.json", "config-file": "samconfig.toml"}
        named = [text for flag, file in files.items() for text in (f"--{flag}", str(self._folder / file))]
        return ["--skip-pull-image", *named, "--parameter-overrides", *settings]

    def environment(self, function: str) -> dict[str, str]:
        """The environment of a ``sam local`` command that runs a function with the function's own role."""
        return {
            **deploy.sam_environment(self._folder),
            # SAM itself asks STS who it is; it must ask the lab, not AWS.
            "AWS_ENDPOINT_URL": self._urls["AWS_ENDPOINT_URL"],
            **self._credentials(self._configurations[function]["Role"]),
        }

    def _deployed(self) -> dict[str, dict[str, Any]]:
        """The configuration of each deployed function by logical id."""
        cloudformation = self._clients.client("cloudformation", HUB_ACCOUNT, REGION)
        resources = cloudformation.describe_stack_resources(StackName=self._name)["StackResources"]
        client = self._clients.client("lambda", HUB_ACCOUNT, REGION)
        return {
            each["LogicalResourceId"]: client.get_function_configuration(
                FunctionName=each["PhysicalResourceId"]
            )
            for each in resources
            if each["ResourceType"] == "AWS::Lambda::Function"
        }

    def _write_template(self, built: Path) -> None:
        content = template.read(built)
        # SAM drops a variable of env.json that the template does not declare.
        declared = content["Globals"]["Function"]["Environment"]["Variables"]
        declared.update(dict.fromkeys(_ENDPOINTS, ""))
        for resource in content["Resources"].values():
            if code := _CODE.get(resource["Type"]):
                resource["Properties"][code] = str(built.parent / resource["Properties"][code])
        (self._folder / "template.json").write_text(json.dumps(content), encoding="utf-8")
        (self._folder / "samconfig.toml").write_text("version = 0.1\n", encoding="utf-8")

    def _write_variables(self, address: str) -> None:
        # SAM knows no deployed resources: all values are those of the deployed functions.
        reached = {name: f"http://{address}:{_port(url)}" for name, url in self._urls.items()}
        variables = {
            name: {key: self._from_container(value, reached) for key, value in deployed.items()} | reached
            for name, configuration in self._configurations.items()
            for deployed in (configuration["Environment"]["Variables"],)
        }
        (self._folder / "env.json").write_text(json.dumps(variables), encoding="utf-8")

    def _from_container(self, value: str, reached: Mapping[str, str]) -> str:
        """A variable's value; an address in the lab, such as the API's, is as containers reach it."""
        for name, url in self._urls.items():
            if value.startswith(f"{url}/"):
                return reached[name] + value.removeprefix(url)
        return value

    def _credentials(self, role_arn: str) -> dict[str, str]:
        """Credentials of the function's own role, which is made to trust its account for that."""
        iam = self._clients.client("iam", HUB_ACCOUNT, REGION)
        role = role_arn.rpartition("/")[2]
        trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        statement = {
            "Sid": "SamLocal",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{HUB_ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
        }
        if statement not in trust["Statement"]:
            trust = {**trust, "Statement": [*trust["Statement"], statement]}
            iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
        sts = self._clients.client("sts", HUB_ACCOUNT, REGION)
        given = sts.assume_role(RoleArn=role_arn, RoleSessionName="sam-local")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }

    def _run(self, command: list[str], environment: Mapping[str, str]) -> tuple[str, str]:
        out, err = self._folder / "stdout", self._folder / "stderr"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = Guarded(command, environment=environment, stdout=stdout, stderr=stderr)
            try:
                status = process.process.wait(CALL_SECONDS)
            except subprocess.TimeoutExpired as error:
                message = f"{' '.join(command[:4])} took more than {CALL_SECONDS:.0f} s"
                raise LabError(message) from error
            finally:
                process.stop()
                remove_containers(err.read_text(errors="replace"))
        said = err.read_text(errors="replace")
        if status:
            message = f"{' '.join(command[:4])} failed:\n{said[-6000:]}"
            raise LabError(message)
        return out.read_text(errors="replace"), said


def remove_containers(log: str) -> None:
    """Remove the containers of a SAM that was ended before it could; SAM names each first."""
    for container in re.findall(r"SAM_CONTAINER_ID: ([0-9a-f]{12,64})", log):
        docker("rm", "--force", container)


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None  # the lab's URLs all have one
    return port


def kept_lab(state: Path) -> dict[str, str]:
    """How to reach the lab that ``python -m lab up`` keeps; the image is made where it is not there.

    Raises
    ------
    LabError
        When no container can run here, or no lab is up.
    """
    if reason := unusable():
        raise LabError(reason)
    make_image()
    if running(state) is None:
        message = f"no lab is up ({state}); start one with: python -m lab up"
        raise LabError(message)
    environment: dict[str, str] = json.loads(state.read_text(encoding="utf-8"))["environment"]
    return environment


def main(arguments: Sequence[str] | None = None) -> int:
    """Invoke one function; the exit status is 1 when it raised."""
    parser = argparse.ArgumentParser(prog="python -m lab.sam_local", description=__doc__)
    parser.add_argument("function", help="logical id, such as PlanFunction")
    parser.add_argument(
        "-e", "--event", type=Path, required=True, help="file with the event, such as events/plan.json"
    )
    parser.add_argument("--state", type=Path, default=STATE, help="what `python -m lab up` wrote")
    chosen = parser.parse_args(arguments)
    try:
        with SamLocal(kept_lab(chosen.state)) as sam:
            print("+", *sam.command(chosen.function, chosen.event), file=sys.stderr)
            answer = sam.invoke(chosen.function, chosen.event)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    print(answer.log, file=sys.stderr)
    print(json.dumps(answer.result, ensure_ascii=False, indent=1))
    return int(answer.raised)


if __name__ == "__main__":
    sys.exit(main())
