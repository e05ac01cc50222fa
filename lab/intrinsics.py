"""CloudFormation's intrinsic functions, for the properties of resources that the lab makes by API."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lab.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_VALUE: Final = object()
_REFERENCE: Final = re.compile(r"\$\{([^!}][^}]*)\}")


def parameter_values(template: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Every parameter's value: the given one or its default; lists as lists."""
    values: dict[str, Any] = {}
    for name, about in template.get("Parameters", {}).items():
        value = str(given.get(name, about.get("Default", "")))
        values[name] = (
            value.split(",") if about["Type"].startswith(("CommaDelimitedList", "List<")) else value
        )
    return values


@dataclass
class Resolver:
    """Resolves intrinsic functions.

    Parameters
    ----------
    references
        What ``Ref`` gives: parameters, pseudo parameters, physical ids of resources.
    attributes
        What ``Fn::GetAtt`` gives, by (resource, attribute).
    conditions
        The template's ``Conditions``.
    """

    references: Mapping[str, Any]
    attributes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:  # noqa: ANN401 - any part of a template
        """The value with every function replaced; members that are ``AWS::NoValue`` vanish.

        Raises
        ------
        LabError
            When it holds a function or a name that is not known here.
        """
        if isinstance(value, list):
            return [each for each in map(self.resolve, value) if each is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref":
                return self._reference(argument)
            if name.startswith("Fn::"):
                return self._function(name, argument)
        entries = {key: self.resolve(entry) for key, entry in value.items()}
        return {key: entry for key, entry in entries.items() if entry is not NO_VALUE}

    def holds(self, name: str) -> bool:
        """Whether a condition of the template holds."""
        return self._condition(self.conditions[name])

    def _condition(self, value: Any) -> bool:  # noqa: ANN401 - any condition
        name, argument = next(iter(value.items()))
        if name == "Condition":
            return self.holds(argument)
        if name == "Fn::Equals":
            left, right = (str(self.resolve(each)) for each in argument)
            return left == right
        parts = [self._condition(each) for each in argument]
        return {"Fn::And": all(parts), "Fn::Or": any(parts), "Fn::Not": not parts[0]}[name]

    def _reference(self, name: str) -> Any:  # noqa: ANN401 - a parameter can be a list
        if name == "AWS::NoValue":
            return NO_VALUE
        if name not in self.references:
            message = f"Ref {name}: the deployed stack has no such parameter or resource"
            raise LabError(message)
        return self.references[name]

    def _attribute(self, resource: str, attribute: str) -> str:
        try:
            return self.attributes[resource, attribute]
        except KeyError:
            message = f"GetAtt {resource}.{attribute}: not known after the deployment"
            raise LabError(message) from None

    def _function(self, name: str, argument: Any) -> Any:  # noqa: ANN401 - any function
        if name == "Fn::GetAtt":
            resource, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
            return self._attribute(resource, attribute)
        if name == "Fn::Sub":
            return self._sub(argument)
        if name == "Fn::Join":
            return str(argument[0]).join(map(str, self.resolve(argument[1])))
        if name == "Fn::If":
            return self.resolve(argument[1] if self.holds(argument[0]) else argument[2])
        if name == "Fn::Select":
            return self.resolve(argument[1])[int(self.resolve(argument[0]))]
        if name == "Fn::Split":
            return self.resolve(argument[1]).split(argument[0])
        message = f"the lab does not know {name} in a resource that it makes by API"
        raise LabError(message)

    def _sub(self, argument: Any) -> str:  # noqa: ANN401 - text, or text and names
        text, own = (argument, {}) if isinstance(argument, str) else (argument[0], self.resolve(argument[1]))

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name in own:
                return str(own[name])
            resource, dot, attribute = name.partition(".")
            return self._attribute(resource, attribute) if dot else str(self._reference(name))

        return _REFERENCE.sub(value, text).replace("${!", "${")
