"""Plugins of paths and methods."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

#: Headers to set, for editors; ``checks.headers`` says what else they must be.
HEADERS: dict[str, Any] = {
    "propertyNames": {"pattern": "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"},
    "additionalProperties": {"type": "string", "minLength": 1},
}
_METHODS: dict[str, Any] = {
    "items": {"enum": ["HEAD", "OPTIONS", "GET", "POST", "PUT", "DELETE", "PATCH"]},
}


class Plugin(BaseModel):
    """What every plugin has."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    overwrite_below: bool = Field(
        default=False, description="On a path: also for all below it, in place of the same plugin there."
    )


class HeaderChange(Plugin):
    """Set headers: added where absent, replaced where present. Values may name path variables."""

    set: Annotated[dict[str, str], Field(min_length=1)] = Field(
        description="Name to value. ${request.path.v} is the value of the path variable v.",
        json_schema_extra=HEADERS,
    )


class Cors(Plugin):
    """Let pages of other origins call; adds an OPTIONS method that answers their preflights."""

    allow_origins: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        description="scheme://host[:port] each, or * alone for every origin."
    )
    allow_methods: tuple[str, ...] = Field(
        (), description="Methods that a preflight is granted.", json_schema_extra=_METHODS
    )
    allow_headers: tuple[str, ...] = Field((), description="Request headers that a preflight is granted.")
    expose_headers: tuple[str, ...] = Field((), description="Response headers that scripts may read.")
    allow_credentials: bool = Field(
        default=False, description="Whether cookies and the like may be sent; not with the origin *."
    )
    max_age: Annotated[int, Field(ge=-1, le=86400)] | None = Field(
        None, description="Seconds for which browsers keep a preflight's answer; -1: not at all."
    )
