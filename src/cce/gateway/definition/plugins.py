"""Plugins of paths and methods."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Plugin(BaseModel):
    """What every plugin has."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    #: On a path: also for everything below it, in place of the same plugin there.
    overwrite_below: bool = False


class HeaderChange(Plugin):
    """Set headers: added where absent, replaced where present. Values may name path variables."""

    set: Annotated[dict[str, str], Field(min_length=1)]


class Cors(Plugin):
    """Let pages of other origins call; adds an OPTIONS method that answers their preflights."""

    allow_origins: Annotated[tuple[str, ...], Field(min_length=1)]
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    allow_credentials: bool = False
    max_age: Annotated[int, Field(ge=-1, le=86400)] | None = None
