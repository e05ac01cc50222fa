"""Custom responses as mock integrations: API Gateway answers them itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cce.gateway import values
from cce.gateway.compiler import cors, vtl
from cce.gateway.message import WITH_BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cce.gateway.definition.model import CustomResponse
    from cce.gateway.serving import HeaderValues, Route
    from cce.gateway.values import Value

#: Bytes of one mapping template (API Gateway quotas).
TEMPLATE_LIMIT: Final = 300 * 1024

#: Names that Velocity reads as one identifier.
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

#: Content types of requests that a mock answers; it must find a template for what the client says.
_TYPES: Final = (
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "application/xml",
    "multipart/form-data",
    "text/plain",
    "text/xml",
)


def hindrance(route: Route, custom: CustomResponse) -> str:
    """Why API Gateway cannot give this answer itself; empty when it can."""
    body = values.parse(custom.body, route.path.variables)
    headers = answered_headers(route, custom)
    if route.method in WITH_BODY:
        return "a mock picks its template by the Content-Type of the request's body, which the client chooses"
    if not body.static and (kind := dict(headers).get("content-type")) and not kind.static:
        return "its body has variables, and its content type, which says how to escape them, has too"
    if not body.static and re.search("html|xml", shown_type(route, custom)):
        return "its body has variables, and API Gateway's templates cannot escape them for HTML or XML"
    if len(response_template(route, custom).encode()) > TEMPLATE_LIMIT:
        return f"its body is longer than a template of API Gateway may be, {TEMPLATE_LIMIT} bytes"
    for name, value in headers:
        if not _plain(value) and not _IDENTIFIER.fullmatch(name):
            return f"a template of API Gateway cannot set the header {name}"
    return ""


def content_type(custom: CustomResponse) -> str:
    """The answer's content type; JSON where the definition states none, as API Gateway has it."""
    stated = [value for name, value in custom.headers.items() if name.lower() == "content-type"]
    return stated[0] if stated else "application/json"


def shown_type(route: Route, custom: CustomResponse) -> str:
    """The content type that the client sees, the plugin's before the answer's own; in small letters."""
    kind = dict(answered_headers(route, custom)).get("content-type")
    return kind.render(dict.fromkeys(route.path.variables, "")).lower() if kind else ""


def answered_headers(route: Route, custom: CustomResponse) -> HeaderValues:
    """The answer's headers: those of the response, replaced by those of the plugin."""
    named = {"content-type": content_type(custom)} | {n.lower(): v for n, v in custom.headers.items()}
    if not custom.body and "content-type" not in {name.lower() for name in custom.headers}:
        del named["content-type"]
    found = {name: values.parse(value, route.path.variables) for name, value in named.items()}
    return tuple((found | {name.lower(): value for name, value in route.response_headers}).items())


def response_template(route: Route, custom: CustomResponse) -> str:
    """The template that makes body and changing headers."""
    directives = "".join(
        override(name, value, number)
        for number, (name, value) in enumerate(answered_headers(route, custom))
        if not _plain(value)
    )
    if route.cors:
        directives += cors.actual(route.cors)
    express: Callable[[str], str] = vtl.in_json if "json" in shown_type(route, custom) else vtl.as_it_is
    first, text = vtl.text_of(values.parse(custom.body, route.path.variables), "body", express)
    return vtl.template(directives + first, text)


def override(name: str, value: Value, number: int) -> str:
    """The directives that set a response header to a text with variables."""
    first, text = vtl.text_of(value, f"head{number}x", vtl.one_line, vtl.string)
    return f'{first}#set($context.responseOverride.header.{name} = "{text}")'


def integration(status: int, template: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """A mock that answers with a status, static headers and what a template makes."""
    request = '{"statusCode": 200}'
    return {
        "type": "mock",
        # Bodies are bytes to this API (binary media types), and templates want text.
        "contentHandling": "CONVERT_TO_TEXT",
        "passthroughBehavior": "never",
        "requestTemplates": dict.fromkeys(_TYPES, request),
        "responses": {
            "default": {
                "statusCode": str(status),
                "contentHandling": "CONVERT_TO_TEXT",
                "responseParameters": {
                    f"method.response.header.{name}": quoted(value) for name, value in headers.items()
                },
                "responseTemplates": {"application/json": template},
            }
        },
    }


def custom_response(route: Route, custom: CustomResponse) -> dict[str, Any]:
    """The mock integration of a custom response."""
    static = {n: v.render({}) for n, v in answered_headers(route, custom) if _plain(v)}
    return integration(custom.status, response_template(route, custom), static)


def quoted(value: str) -> str:
    """A static value as parameter mappings write it; it holds no single quote, which none can hold."""
    return f"'{value}'"


def _plain(value: Value) -> bool:
    return value.static and "'" not in value.render({})
