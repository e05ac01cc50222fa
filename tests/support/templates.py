"""The templates as AWS gets them: loaded, and transformed by SAM's own translator."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import boto3
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

ROOT: Final = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)


def load(path: str) -> dict[str, Any]:
    """A template of this project as data, short forms spelt out."""
    return yaml.load((ROOT / path).read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader


@cache
def hub() -> dict[str, Any]:
    """The hub template after the SAM transform."""
    template = load("template.yaml")
    for resource in template["Resources"].values():  # what `sam package` writes there
        properties = resource.get("Properties", {})
        for key in ("CodeUri", "ContentUri", "DefinitionUri"):
            if key in properties:
                properties[key] = f"s3://packaged/{properties[key]}"
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="ap-northeast-2"))
    parameters = {name: value.get("Default", "") for name, value in template["Parameters"].items()}
    parameters |= {"Accounts": "111111111111", "AWS::Region": "ap-northeast-2"}
    return translator.translate(template, parameters)


@cache
def member() -> dict[str, Any]:
    """The member template; it needs no transform."""
    return load("member/template.yaml")


def resources(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Name and properties of every resource of one type."""
    found = template["Resources"].items()
    return {name: resource.get("Properties", {}) for name, resource in found if resource["Type"] == kind}


def assessment() -> dict[str, Any]:
    """The state machine's definition."""
    return yaml.safe_load((ROOT / "statemachines/assessment.asl.yaml").read_text("utf-8"))


def substituted() -> str:
    """The state machine's text with values where the template substitutes them."""
    text = (ROOT / "statemachines/assessment.asl.yaml").read_text("utf-8")
    text = re.sub(r"\$\{\w*(Concurrency|Seconds|Percentage)\}", "5", text)
    text = re.sub(r"\$\{(\w+)FunctionArn\}", r"arn:aws:lambda:ap-northeast-2:111111111111:function:\1", text)
    text = text.replace("${TopicArn}", "arn:aws:sns:ap-northeast-2:111111111111:topic")
    return text.replace("${JobsQueueUrl}", "https://sqs.example/jobs").replace("${Partition}", "aws")


def states_of(machine: dict[str, Any], path: str = "") -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Every state by its path (``Accounts/Discover``), with the machine it belongs to; into maps as well."""
    found = {}
    for name, state in machine["States"].items():
        found[f"{path}{name}"] = (state, machine)
        if "ItemProcessor" in state:
            found |= states_of(state["ItemProcessor"], f"{path}{name}/")
    return found


def text_of(value: object) -> str:
    """A template value as one text, to look into."""
    return json.dumps(value, ensure_ascii=False)
