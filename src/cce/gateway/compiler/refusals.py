"""API Gateway's own refusals, in the words of :mod:`cce.gateway.refusal`, for pages too where it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cce.gateway.compiler import cors
from cce.gateway.refusal import Refusals, body_of

if TYPE_CHECKING:
    from cce.gateway.definition.plugins import Cors
    from cce.gateway.serving import Serving

_REQUEST_ID: Final = {"gatewayresponse.header.x-request-id": "context.requestId"}

_OWN: Final = "the refusals that API Gateway makes itself (401, 403, 404, 413)"
_STATIC: Final = "their headers are static, and the paths of this stage admit different origins"
_ANY_PAGE: Final = f"pages of every origin can read {_OWN}, which say no more than their code: {_STATIC}"
_NO_PAGE: Final = (
    f"pages of other origins cannot read {_OWN}: {_STATIC}, some with credentials, which * does not admit"
)


def gateway_responses(serving: Serving) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The refusals by API Gateway's names for them, and what is to be said about them."""
    origin, notes = _headers(serving)
    headers = _REQUEST_ID | origin
    found = {
        case.value.gateway_type: {
            "statusCode": case.value.status.value,
            "responseParameters": headers,
            "responseTemplates": {"application/json": body_of(case.value)},
        }
        for case in Refusals
        if case.value.gateway_type
    }
    found["RESOURCE_NOT_FOUND"] = found["MISSING_AUTHENTICATION_TOKEN"]
    defaults = {kind: {"responseParameters": headers} for kind in ("DEFAULT_4XX", "DEFAULT_5XX")}
    return {str(kind): found[kind] for kind in sorted(found, key=str)} | defaults, notes


def _headers(serving: Serving) -> tuple[dict[str, str], tuple[str, ...]]:
    """CORS headers for every refusal: one set for the whole API, which cannot name several origins."""
    plugins = [route.cors for route in serving.routes if route.cors]
    if not plugins:
        return {}, ()
    wanted = {_static(settings) for settings in plugins}
    lines = wanted.pop()
    if lines and not wanted:
        return {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in lines}, ()
    if any(settings.allow_credentials for settings in plugins):
        return {}, (_NO_PAGE,)
    return {"gatewayresponse.header.access-control-allow-origin": "'*'"}, (_ANY_PAGE,)


def _static(settings: Cors) -> tuple[tuple[str, str], ...] | None:
    if len(settings.allow_origins) != 1:
        return None
    return (("access-control-allow-origin", settings.allow_origins[0]), *cors.actual_lines(settings))
