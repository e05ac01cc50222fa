"""Stages: where a tree is deployed to, and what guards it there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cce.gateway.signing.settings import Hmac


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Override(_Part):
    """Another backend URL for one method of one path, on this stage only."""

    method: str
    path: str
    backend: str
    enabled: bool = True


class IpAcl(_Part):
    """Which client addresses may call: only those listed (``allow``), or all but those (``deny``)."""

    mode: Literal["allow", "deny"]
    entries: Annotated[tuple[str, ...], Field(min_length=1, max_length=100)]
    enabled: bool = True


class Blocking(_Part):
    """When a backend that does not answer is left alone for a while.

    Only failing connections and answers that do not come in time count; what the backend answers never does.
    """

    failures: Annotated[int, Field(ge=1, le=1000)] = 5
    seconds: Annotated[int, Field(ge=1, le=3600)] = 30
    enabled: bool = True


class Stage(_Part):
    """One stage. An empty ``name`` is the default stage, whose URL names no stage."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]*$", max_length=30)] = ""
    description: Annotated[str, Field(max_length=200)] = ""
    backend: str
    overrides: tuple[Override, ...] = ()
    ip_acl: IpAcl | None = None
    hmac: Hmac | None = None
    blocking: Blocking = Blocking()
    timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 29
