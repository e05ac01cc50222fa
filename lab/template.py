"""Reading CloudFormation templates, and taking out what MiniStack does not know.

The template stays what AWS gets; the lab deploys a copy without the unknown resources and makes those by API.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a Ref to such a resource gives, as a property of it.
UNKNOWN: Final = {
    "AWS::SSM::Document": "Name",
    "AWS::Events::EventBusPolicy": "StatementId",
    "AWS::ApiGateway::DomainNameV2": "DomainName",
    "AWS::ApiGateway::BasePathMappingV2": "BasePath",
    "AWS::ApiGateway::DomainNameAccessAssociation": "AccessAssociationSource",
}
OUTPUT_PREFIX: Final = "LabGetAtt"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, read into their long form."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)
# A date in a template is text: AWSTemplateFormatVersion, a policy's Version.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> dict[str, Any]:
    """A template as plain data, every intrinsic function in its long form."""
    template: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return template


@dataclass
class Split:
    """A template that MiniStack can deploy, and the resources that were taken out of it.

    ``get_atts`` maps the name of an added output to the attribute that it shows, so that the removed
    resources' properties can be filled in after the deployment.
    """

    template: dict[str, Any]
    removed: dict[str, dict[str, Any]] = field(default_factory=dict)
    get_atts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def text(self) -> str:
        """The template as JSON, which is YAML too."""
        return json.dumps(self.template, indent=1)


def split(template: dict[str, Any]) -> Split:
    """Take the unknown resources out of a template, and what refers to them."""
    copy = json.loads(json.dumps(template))
    resources = copy["Resources"]
    removed = {name: body for name, body in resources.items() if body["Type"] in UNKNOWN}
    for name in removed:
        del resources[name]
    named = {name: body["Properties"].get(UNKNOWN[body["Type"]], name) for name, body in removed.items()}
    copy = _without(copy, named)
    for body in copy["Resources"].values():
        _drop_depends_on(body, removed)
    result = Split(copy, removed)
    found = {each for body in removed.values() for each in _get_atts(body.get("Properties", {}))}
    wanted = sorted(each for each in found if each[0] not in removed)  # those are known when they are made
    for number, (resource, attribute) in enumerate(wanted):
        output = f"{OUTPUT_PREFIX}{number}"
        result.get_atts[output] = (resource, attribute)
        entry: dict[str, Any] = {"Value": {"Fn::GetAtt": [resource, attribute]}}
        if condition := copy["Resources"][resource].get("Condition"):
            entry["Condition"] = condition
        copy.setdefault("Outputs", {})[output] = entry
    return result


def _without(value: Any, named: dict[str, Any]) -> Any:  # noqa: ANN401 - any part of a template
    if isinstance(value, dict):
        if set(value) == {"Ref"} and value["Ref"] in named:
            return named[value["Ref"]]
        return {key: _without(entry, named) for key, entry in value.items()}
    if isinstance(value, list):
        return [_without(entry, named) for entry in value]
    return value


def _drop_depends_on(body: dict[str, Any], removed: dict[str, Any]) -> None:
    needs = body.get("DependsOn", [])
    left = [each for each in ([needs] if isinstance(needs, str) else needs) if each not in removed]
    body.pop("DependsOn", None)
    if left:
        body["DependsOn"] = left


def _get_atts(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any part of a template
    if isinstance(value, dict):
        for key, entry in value.items():
            if key == "Fn::GetAtt":
                resource, attribute = entry if isinstance(entry, list) else entry.split(".", 1)
                yield resource, attribute
            elif key == "Fn::Sub":
                text = entry if isinstance(entry, str) else entry[0]
                yield from (
                    tuple(name.split(".", 1))  # type: ignore[misc] # two parts: the name has a dot
                    for name in _references(text)
                    if "." in name
                )
            else:
                yield from _get_atts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _get_atts(entry)


def _references(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("${")[1:] if not part.startswith("!")]
