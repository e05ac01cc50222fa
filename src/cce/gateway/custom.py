"""Answers that the definition states itself, without a backend."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING

from cce.gateway import values
from cce.gateway.headers import body_text, changed, header_value
from cce.gateway.message import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cce.gateway.definition.model import CustomResponse
    from cce.gateway.serving import HeaderValues


class CustomAnswer:
    """One custom response. Where it says no content type, a body is JSON, as API Gateway has it.

    Variables in the body are escaped for its content type: a client cannot break out of the JSON text or
    the HTML that they stand in.

    Parameters
    ----------
    plugin
        What the route sets on its answers: the content type may be among it.
    """

    def __init__(
        self, settings: CustomResponse, variables: Mapping[str, bool], plugin: HeaderValues = ()
    ) -> None:
        self._plugin = plugin
        self._status = settings.status
        stated = {name.lower() for name in settings.headers}
        default = (
            {} if "content-type" in stated or not settings.body else {"content-type": "application/json"}
        )
        self._headers = tuple(
            (name, values.parse(text, variables)) for name, text in (settings.headers | default).items()
        )
        self._body = values.parse(settings.body, variables)

    def of(self, given: Mapping[str, str]) -> Response:
        """The answer for the values of the path variables."""
        headers = Headers(tuple((name, header_value(value, given)) for name, value in self._headers))
        escape = _escape_for(changed(headers, self._plugin, given).one("content-type") or "")
        body = body_text(self._body, given, escape).encode("utf-8", "replace")
        return Response(self._status, headers, body, "gateway")


def _escape_for(content_type: str) -> Callable[[str], str]:
    kind = content_type.lower()
    if "json" in kind:
        return lambda text: json.dumps(text, ensure_ascii=False)[1:-1]
    if "html" in kind or "xml" in kind:
        return html.escape
    return str
