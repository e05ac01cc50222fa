"""What stands in a definition file. Limits of one field are here; what concerns several is in ``checks``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cce.gateway.definition.plugins import HEADERS, Cors, HeaderChange
from cce.gateway.definition.stage import Stage

Method = Literal["HEAD", "OPTIONS", "GET", "POST", "PUT", "DELETE", "PATCH"]
#: The keys of the tree, for editors; ``checks.tree`` says what else they must be.
_PATHS: dict[str, Any] = {"propertyNames": {"pattern": "^/"}}
Alias = Annotated[str, Field(max_length=50)]
Description = Annotated[str, Field(max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class HttpBackend(_Part):
    """Pass the request on to the stage's backend URL, followed by ``path``; it may name path variables."""

    path: str = Field(
        description="Begins with /. ${request.path.v} is the value of {v}, ${request.path.v+} that of {v+}.",
        json_schema_extra={"pattern": "^/(?!/)"},
    )


class CustomResponse(_Part):
    """Answer without a backend. Values of headers and the body may name path variables."""

    status: Annotated[int, Field(ge=200, le=599)] = Field(description="200 to 599; 1xx cannot be sent.")
    headers: dict[str, str] = Field(
        {}, description="Name to value; may name path variables.", json_schema_extra=HEADERS
    )
    body: str = Field("", description="May name path variables.")


class Backend(_Part):
    """Where a method's answer comes from: exactly one of these."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    http: HttpBackend | None = Field(None, description="Pass the request on to the stage's backend URL.")
    custom: CustomResponse | None = Field(None, description="Answer without a backend.")
    function: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]*$", max_length=255)] | None = Field(
        None, description="A Lambda function of the stack by its logical id; goes beyond the guide."
    )


class MethodPlugins(_Part):
    """Plugins of one method; each wins over that of its path."""

    request_headers: HeaderChange | None = Field(None, description="Set headers before the backend is asked.")
    response_headers: HeaderChange | None = Field(None, description="Set headers before the client is told.")


class PathPlugins(MethodPlugins):
    """Plugins of a path: they hold for its methods, and with ``overwrite_below`` for the whole subtree."""

    cors: Cors | None = Field(None, description="Let pages of other origins call.")


class MethodDefinition(_Part):
    """One method of a path."""

    name: Alias = Field("", description="Shown in lists; at most 50 characters.")
    description: Description = Field("", description="At most 200 characters.")
    backend: Backend = Field(description="Exactly one of http, custom and function.")
    plugins: MethodPlugins = Field(MethodPlugins(), description="Each wins over that of the path.")


class Resource(_Part):
    """One path. Its methods are only those listed here, and the OPTIONS that a CORS plugin makes."""

    plugins: PathPlugins = Field(PathPlugins(), description="They hold for the methods of this path.")
    methods: dict[Method, MethodDefinition] = Field({}, description="HTTP method to what it does.")


class Service(_Part):
    """One API: exactly one resource tree, several stages."""

    name: Annotated[str, Field(min_length=1, max_length=50)] = Field(
        description="Unique in the file; at most 50 characters."
    )
    description: Description = Field("", description="At most 200 characters.")
    resources: Annotated[dict[str, Resource], Field(min_length=1)] = Field(
        description="The tree, written flat: full path to what is there. "
        "To delete a path with all below it, take every line of them out.",
        json_schema_extra=_PATHS,
    )
    stages: Annotated[tuple[Stage, ...], Field(max_length=10)] = Field((), description="At most 10.")


class Definition(_Part):
    """A definition file of the gateway."""

    gateway: Literal[1] = Field(description="The version of the file's format.")
    services: Annotated[tuple[Service, ...], Field(min_length=1, max_length=10)] = Field(
        description="At most 10."
    )
