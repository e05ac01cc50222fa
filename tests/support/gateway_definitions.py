"""Resource paths, trees and services for tests of the gateway, arbitrary ones and small ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from cce.gateway.definition.mended import validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.gateway.definition.model import Resource, Service

LITERALS = st.text("abcXYZ019._+-", min_size=1, max_size=8)
NAMES = st.text("abcXYZ019_", min_size=1, max_size=8)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=50)


@st.composite
def path_texts(draw: st.DrawFn) -> str:
    """A right path."""
    literals = draw(st.lists(LITERALS, max_size=3))
    names = draw(st.lists(NAMES, max_size=2, unique=True))
    parts = draw(st.permutations([*literals, *(f"{{{name}}}" for name in names)]))
    greedy = draw(st.booleans())
    return "/" + "/".join([*parts, *(["{rest+}"] if greedy and "rest" not in names else [])])


def _headers() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"set": st.dictionaries(LITERALS, TEXTS, min_size=1, max_size=2)},
        optional={"overwrite_below": st.booleans()},
    )


_BACKENDS = st.one_of(
    st.fixed_dictionaries({"http": st.fixed_dictionaries({"path": TEXTS})}),
    st.fixed_dictionaries(
        {
            "custom": st.fixed_dictionaries(
                {"status": st.integers(200, 599)},
                optional={"headers": st.dictionaries(LITERALS, TEXTS, max_size=2), "body": TEXTS},
            )
        }
    ),
    st.just({"function": "ApiFunction"}),
)
_METHOD_PLUGINS = st.fixed_dictionaries(
    {}, optional={"request_headers": _headers(), "response_headers": _headers()}
)
_CORS = st.fixed_dictionaries(
    {"allow_origins": st.lists(TEXTS, min_size=1, max_size=2)},
    optional={"allow_methods": st.lists(TEXTS, max_size=2), "max_age": st.integers(-1, 86400)},
)
_RESOURCES = st.fixed_dictionaries(
    {},
    optional={
        "plugins": st.fixed_dictionaries({}, optional={"request_headers": _headers(), "cors": _CORS}),
        "methods": st.dictionaries(
            st.sampled_from(["HEAD", "OPTIONS", "GET", "POST", "PUT", "DELETE", "PATCH"]),
            st.fixed_dictionaries(
                {"backend": _BACKENDS},
                optional={"name": TEXTS, "description": TEXTS, "plugins": _METHOD_PLUGINS},
            ),
            max_size=3,
        ),
    },
)
_STAGES = st.fixed_dictionaries(
    {"backend": TEXTS},
    optional={
        "name": st.text("abc019", max_size=8),
        "overrides": st.lists(
            st.fixed_dictionaries({"method": TEXTS, "path": TEXTS, "backend": TEXTS}), max_size=2
        ),
        "ip_acl": st.fixed_dictionaries(
            {"mode": st.sampled_from(["allow", "deny"]), "entries": st.lists(TEXTS, min_size=1, max_size=2)}
        ),
        "hmac": st.fixed_dictionaries({"secret": st.just("gateway/a")}, optional={"replay": st.booleans()}),
        "timeout_seconds": st.integers(1, 60),
    },
)


@st.composite
def services(draw: st.DrawFn) -> Service:
    """A service of right form, whose texts may be anything; its paths differ as OpenAPI tells them apart."""
    paths = draw(
        st.lists(path_texts(), min_size=1, max_size=4, unique_by=lambda path: path.replace("+}", "}"))
    )
    service = {
        "name": draw(TEXTS.filter(bool)),
        "description": draw(TEXTS),
        "resources": {path: draw(_RESOURCES) for path in paths},
        "stages": draw(st.lists(_STAGES, max_size=2)),
    }
    return service_of(service)


def service_of(service: Mapping[str, Any]) -> Service:
    """A service as a file would hold it."""
    return validate({"gateway": 1, "services": [service]}).services[0]


def tree_of(resources: Mapping[str, Any]) -> dict[str, Resource]:
    """A resource tree as a file would hold it."""
    return service_of({"name": "a", "resources": resources}).resources
