"""Stages: where a tree is deployed to, and what guards it there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cce.gateway.signing.settings import Hmac


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


#: Of backend URLs, for editors; ``checks.backend_url`` says what else they must be.
_URL: dict[str, Any] = {"pattern": "^https?://", "maxLength": 150}


def _lines(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, str):
        return tuple(value.split("\n"))
    return tuple(value) if isinstance(value, list) else value


class Override(_Part):
    """Another backend URL for one method of one path, on this stage only."""

    method: str = Field(description="One that the path has.")
    path: str = Field(description="A path of the service, as it is written there.")
    backend: str = Field(description="The URL in place of the stage's.", json_schema_extra=_URL)
    enabled: bool = Field(default=True, description="false: kept, but not in force.")


class IpAcl(_Part):
    """Which client addresses may call: only those listed (``allow``), or all but those (``deny``)."""

    mode: Literal["allow", "deny"] = Field(
        description="allow: only those listed may call. deny: all but those."
    )
    entries: Annotated[
        tuple[str, ...],
        BeforeValidator(_lines, json_schema_input_type=str | tuple[str, ...]),
    ] = Field(
        description="Addresses and networks (10.0.0.0/24), at most 100: a list, or a text (|) of lines that "
        "hold one or several, separated by commas or blanks; # begins a comment."
    )
    enabled: bool = Field(default=True, description="false: kept, but not in force.")


class Blocking(_Part):
    """When a backend that does not answer is left alone for a while.

    Only failing connections and answers that do not come in time count; what the backend answers never does.
    """

    failures: Annotated[int, Field(ge=1, le=1000)] = Field(5, description="In a row, of one backend.")
    seconds: Annotated[int, Field(ge=1, le=3600)] = Field(30, description="How long it is left alone.")
    every_method: bool = Field(
        default=False,
        description="true: also for methods that API Gateway could pass on alone; they go through the relay.",
    )
    enabled: bool = Field(default=True, description="false: it is asked every time.")


class Stage(_Part):
    """One stage: a step to which the tree is deployed, with its own URL."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]*$", max_length=30)] = Field(
        "", description="Digits and lower-case letters. Empty: the default stage, whose URL names no stage."
    )
    description: Annotated[str, Field(max_length=200)] = Field("", description="At most 200 characters.")
    backend: str = Field(
        description="URL of the backend: https://host[:port][/path], at most 150 characters.",
        json_schema_extra=_URL,
    )
    overrides: tuple[Override, ...] = Field((), description="Other backend URLs of single methods.")
    ip_acl: IpAcl | None = Field(None, description="Which client addresses may call.")
    hmac: Hmac | None = Field(None, description="Whether and how requests must be signed.")
    blocking: Blocking = Field(Blocking(), description="When a silent backend is left alone.")
    timeout_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        29, description="How long a backend may take; more than 29 needs a raised quota of API Gateway."
    )

    @property
    def compares_bodies(self) -> bool:
        """Whether bodies must be those that their signatures name."""
        return self.hmac is not None and self.hmac.enabled and self.hmac.content_digest
