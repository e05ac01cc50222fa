"""Whether a policy lets a call of a private API through: yes, no, or it depends on what is not known here.

Only what the callers of a private API have in common is known: the endpoint, its VPC and the API. Conditions
on anything else (an organization, an address) count as "depends", so that a finding is never a guess.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Decision(Enum):
    """What a policy says to a call."""

    ALLOWED = "allowed"
    DENIED = "denied"
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of some method of an API through an endpoint; without ``api`` resources are not looked at.

    ``anonymous`` calls are not signed (an API key signs nothing): no ``aws:Principal…`` key exists for them.
    """

    region: str
    account: str
    api: str
    endpoint: str
    vpc: str
    anonymous: bool = False


class PolicyError(ValueError):
    """The text is no policy."""


#: Facts that no call of a private API has: the caller's public address (developer guide, condition keys).
_ABSENT: Final = frozenset({"aws:sourceip"})

_Maybe = bool | None


def decide(policy: str, call: Call) -> Decision:
    """Evaluate a resource or an endpoint policy for the call.

    A denial counts only if it covers the whole API, an allowance if it covers any of its methods: the
    question is whether anything of the API can be called.

    Raises
    ------
    PolicyError
        When the text is not JSON of a policy's form.
    """
    statements = _statements(policy)
    denied = [_applies(s, call, whole=True) for s in statements if s.get("Effect") == "Deny"]
    allowed = [_applies(s, call, whole=False) for s in statements if s.get("Effect") == "Allow"]
    if True in denied or not any(a is not False for a in allowed):
        return Decision.DENIED
    if None in denied or True not in allowed:
        return Decision.DEPENDS
    return Decision.ALLOWED


def condition_keys(policy: str) -> frozenset[str]:
    """The condition keys that a policy uses, in small letters."""
    found: set[str] = set()
    for statement in _statements(policy):
        for test in _mapping(statement.get("Condition", {})).values():
            found.update(str(key).lower() for key in _mapping(test))
    return frozenset(found)


def _statements(policy: str) -> list[Mapping[str, Any]]:
    try:
        document = _mapping(json.loads(unescaped(policy)))
    except (ValueError, RecursionError) as error:
        message = f"not a policy: {error}"
        raise PolicyError(message) from error
    return [_mapping(s) for s in _list(document.get("Statement", []))]


def unescaped(policy: str) -> str:
    r"""The JSON of a policy as API Gateway answers it: ``{\"Version\": …}``."""
    return policy.replace('\\"', '"').replace("\\/", "/") if policy.lstrip().startswith('{\\"') else policy


def _applies(statement: Mapping[str, Any], call: Call, *, whole: bool) -> _Maybe:
    return _all(
        [
            _principal(statement, call),
            _action(statement),
            _resource(statement, call, whole=whole),
            *(
                _condition(str(operator), str(key), [str(v) for v in _list(values)], call)
                for operator, test in _mapping(statement.get("Condition", {})).items()
                for key, values in _mapping(test).items()
            ),
        ]
    )


def _all(parts: Iterable[_Maybe]) -> _Maybe:
    known = list(parts)
    if False in known:
        return False
    return None if None in known else True


def _principal(statement: Mapping[str, Any], call: Call) -> _Maybe:
    named = statement.get("Principal")
    if named == "*" or (isinstance(named, dict) and "*" in _list(named.get("AWS", []))):
        return True
    return False if call.anonymous else None


def _action(statement: Mapping[str, Any]) -> _Maybe:
    if "NotAction" in statement:
        return not _matches("execute-api:invoke", statement["NotAction"])
    return _matches("execute-api:invoke", statement.get("Action", []))


def _matches(action: str, patterns: object) -> bool:
    return any(fnmatchcase(action, str(pattern).lower()) for pattern in _list(patterns))


def _resource(statement: Mapping[str, Any], call: Call, *, whole: bool) -> _Maybe:
    if not call.api:
        return True
    if "NotResource" in statement:
        return None
    found = [_covers(str(pattern), call) for pattern in _list(statement.get("Resource", "*"))]
    if "whole" in found:
        return True
    # A denial of a part leaves the rest; an allowance of a part lets something through.
    return not whole and "part" in found


def _covers(pattern: str, call: Call) -> str:
    """Whether a pattern covers the ``whole`` API, a ``part`` of it or nothing."""
    if pattern == "*":
        return "whole"
    if pattern.startswith("execute-api:/"):  # short for the API that the policy is of
        return "whole" if pattern == "execute-api:/*" else "part"
    fields = pattern.split(":", 5)
    wanted = ("arn", None, "execute-api", call.region, call.account)
    api, _, rest = fields[-1].partition("/")
    fits = all(w is None or fnmatchcase(w, f) for w, f in zip(wanted, fields[:5], strict=False))
    if len(fields) <= len(wanted) or not fits or not fnmatchcase(call.api, api):
        return ""
    return "whole" if rest in {"*", "*/*", "*/*/*"} or (api == "*" and not rest) else "part"


def _condition(operator: str, key: str, values: list[str], call: Call) -> _Maybe:
    operator, key = operator.lower(), key.lower()
    optional = operator.endswith("ifexists")
    operator = operator.removesuffix("ifexists")
    known = {"aws:sourcevpce": call.endpoint, "aws:sourcevpc": call.vpc}
    absent = key in _ABSENT or (call.anonymous and key.startswith("aws:principal"))
    if operator == "null":
        exists = key in known or (False if absent else None)
        return None if exists is None else ("true" in values) is not exists
    if absent:
        return optional or "not" in operator  # a negated test of a key that is not there holds
    if ":" in operator or key not in known:
        return None
    test = _TESTS.get(operator)
    return None if test is None else test(known[key], values)


def _equals(value: str, values: list[str]) -> bool:
    return value in values


def _like(value: str, values: list[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in values)


def _no_case(value: str, values: list[str]) -> bool:
    return value.lower() in {v.lower() for v in values}


_TESTS: Final[dict[str, Callable[[str, list[str]], bool]]] = {
    "stringequals": _equals,
    "stringnotequals": lambda value, values: not _equals(value, values),
    "stringlike": _like,
    "stringnotlike": lambda value, values: not _like(value, values),
    "stringequalsignorecase": _no_case,
    "stringnotequalsignorecase": lambda value, values: not _no_case(value, values),
}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        message = f"{value!r} where an object belongs"
        raise PolicyError(message)
    return value
