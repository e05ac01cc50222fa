"""State machines written in YAML, which CloudFormation reads and MiniStack does not."""

from __future__ import annotations

import json
from typing import Any

import yaml

from lab.host.ministack import module


def yaml_definitions() -> None:
    """Make MiniStack's CloudFormation turn a YAML definition into JSON."""
    provisioners = module("services.cloudformation.provisioners")
    read = provisioners._sfn_definition  # noqa: SLF001 - the one place where a definition is read

    def read_any(properties: dict[str, Any]) -> str:
        return as_json(read(properties))

    provisioners._sfn_definition = read_any  # noqa: SLF001


def as_json(definition: str) -> str:
    """The definition as JSON; what is neither JSON nor YAML is left for Step Functions to refuse."""
    try:
        return json.dumps(yaml.safe_load(definition))
    except yaml.YAMLError:
        return definition
