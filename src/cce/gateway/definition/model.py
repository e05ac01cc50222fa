"""What stands in a definition file. Limits of one field are here; what concerns several is in ``checks``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cce.gateway.definition.plugins import Cors, HeaderChange
from cce.gateway.definition.stage import Stage

Method = Literal["HEAD", "OPTIONS", "GET", "POST", "PUT", "DELETE", "PATCH"]
Alias = Annotated[str, Field(max_length=50)]
Description = Annotated[str, Field(max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class HttpBackend(_Part):
    """Pass the request on to the stage's backend URL, followed by ``path``; it may name path variables."""

    path: str


class CustomResponse(_Part):
    """Answer without a backend. Values of headers and the body may name path variables."""

    status: Annotated[int, Field(ge=200, le=599)]
    headers: dict[str, str] = {}
    body: str = ""


class Backend(_Part):
    """Where a method's answer comes from: exactly one of these.

    ``function`` is a Lambda function of the stack by its logical id; it goes beyond the guide.
    """

    http: HttpBackend | None = None
    custom: CustomResponse | None = None
    function: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]*$", max_length=255)] | None = None


class MethodPlugins(_Part):
    """Plugins of one method; each wins over that of its path."""

    request_headers: HeaderChange | None = None
    response_headers: HeaderChange | None = None


class PathPlugins(MethodPlugins):
    """Plugins of a path: they hold for its methods, and with ``overwrite_below`` for the whole subtree."""

    cors: Cors | None = None


class MethodDefinition(_Part):
    """One method of a path."""

    name: Alias = ""
    description: Description = ""
    backend: Backend
    plugins: MethodPlugins = MethodPlugins()


class Resource(_Part):
    """One path."""

    plugins: PathPlugins = PathPlugins()
    methods: dict[Method, MethodDefinition] = {}


class Service(_Part):
    """One API: exactly one resource tree, several stages."""

    name: Annotated[str, Field(min_length=1, max_length=50)]
    description: Description = ""
    resources: Annotated[dict[str, Resource], Field(min_length=1)]
    stages: Annotated[tuple[Stage, ...], Field(max_length=10)] = ()


class Definition(_Part):
    """A definition file. ``gateway`` is the version of its format."""

    gateway: Literal[1]
    services: Annotated[tuple[Service, ...], Field(min_length=1, max_length=10)]
