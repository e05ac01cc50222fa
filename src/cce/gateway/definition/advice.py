"""What to write instead of a value that a definition may not have, by pydantic's kind of error."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cce.gateway.definition.model import Definition
from cce.yaml_file.advice import absent, remedy_of
from cce.yaml_file.keys import no_such_key

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MAPPING: Final = "write it as a mapping: key: …"
_REMEDY: Final = {
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "too_short": "it is empty; write at least one",
}
_NAME: Final = (
    "a stage's name is a part of its URL: digits and lower-case letters only; the default one has none"
)
_LATER: Final = "1xx announces an answer that is still to come, and neither API Gateway nor Lambda sends one"
_MAX_AGE: Final = "write -1 (browsers keep no preflight's answer) to 86400 seconds (a day)"
_BACKEND: Final = "write {http: {path: /…}}, {custom: {status: 200}} or {function: NAME}"
_METHODS: Final = "a method is one of HEAD, OPTIONS, GET, POST, PUT, DELETE and PATCH"
#: By key and kind of error, where that says more; the limits are those of the model.
_OF_KEY: Final[dict[str, dict[str, str]]] = {
    "gateway": {"literal_error": "write 1, the version of the format that is read here"},
    "services": {
        "too_long": "a file has at most 10 services; put the others into another project's",
        "tuple_type": "write it as a list: a - before the name of each service",
    },
    "stages": {
        "too_long": "a service has at most 10 stages; take some out",
        "tuple_type": "write it as a list: a - before each stage",
    },
    "resources": {"dict_type": "write the path, a colon, and below it its methods: /path: {methods: …}"},
    "methods": {"dict_type": "write the method, a colon, and below it its backend: {GET: {backend: …}}"},
    "backend": {"model_type": _BACKEND, "model_attributes_type": _BACKEND},
    "ip_acl": {"model_type": "write {mode: allow, entries: [10.0.0.0/24]}"},
    "hmac": {"model_type": "write {secret: NAME}, the name of a secret in Secrets Manager"},
    "name": {"string_pattern_mismatch": _NAME},
    "[key]": {"literal_error": _METHODS},
    "function": {"string_pattern_mismatch": "write the logical id of a function in the template"},
    "status": {
        "greater_than_equal": f"{_LATER}; write 200 to 599",
        "less_than_equal": "there is no such status; write 200 to 599",
    },
    "cors": {"extra_forbidden": "CORS is of a path, not of one method; write it among the path's plugins"},
    "max_age": {"greater_than_equal": _MAX_AGE, "less_than_equal": _MAX_AGE},
    "set": {"too_short": "no header is named; name one, or take the plugin out"},
    "allow_origins": {"too_short": "no origin is named; name one, or take the plugin out"},
    "timeout_seconds": {
        "less_than_equal": "a backend has 60 seconds at most; write 60 or less",
        "greater_than": "a backend needs some time; write more than 0 seconds",
    },
}
_NEEDED: Final = {
    "gateway": "a definition begins with gateway: 1",
    "services": "write services: [{name: …, resources: {…}}]",
    "name": "name the service; commands and lists call it by that",
    "resources": 'write the tree: resources: {"/path": {methods: {GET: …}}}',
    "backend": "say what answers: a method has {http: {path: /…}} or {custom: {status: 200}}, a stage a URL",
    "path": "write the path: /…",
    "status": "write the status of the answer: 200 to 599",
    "mode": "write allow (only those listed) or deny (all but those)",
    "entries": "write the addresses: [10.0.0.0/24, 10.1.2.3]",
    "secret": "say where the secret is: the name of a secret in Secrets Manager",
}


def advice(problem: ErrorDetails) -> str:
    """Say what to write at the place of the problem instead."""
    if problem["type"] == "model_type" and not problem["loc"]:
        return "a definition is a mapping that begins with gateway: 1"
    if missing := absent(problem, _NEEDED):
        return missing
    key = str(problem["loc"][-1]) if problem["loc"] else ""
    # Under hmac anything may be the secret that somebody wrote there by mistake.
    secret = "hmac" in problem["loc"]
    own = {**_REMEDY, **_OF_KEY.get(key, {})}
    if problem["type"] == "extra_forbidden" and "extra_forbidden" not in own:
        own["extra_forbidden"] = no_such_key(_schema(), problem["loc"])
    return remedy_of(problem, own, secret=secret)


@cache
def _schema() -> dict[str, Any]:
    return Definition.model_json_schema()
