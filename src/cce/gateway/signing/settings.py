"""How a stage wants its requests signed, as the definition file says it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cce.gateway.signing.grammar import is_token, shown

#: A day, as NHN has it.
WINDOW_LIMIT: Final = 86_400

#: Less may be over before an authorizer has started (row 130 of the feature list).
WINDOW_ADVISED: Final = 10

#: How places begin that the local server reads, and nobody on AWS.
LOCAL_PLACES: Final = ("env:", "file:")

_REFERENCE: Final = re.compile(
    r"env:[A-Za-z_][A-Za-z0-9_]*"
    r"|file:\S.*"
    r"|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}"
    r"|[A-Za-z0-9/_+=.@-]{1,512}"
)
_ITSELF: Final = (
    "secret looks like the secret itself, which all who read the file would have: store a new one in Secrets "
    "Manager, and write its name here"
)
#: What a name is put together from; in Base64 it stands about once in thirty characters.
_SEPARATOR: Final = re.compile(r"[/_.@-]")
#: Of a random text: pieces as long as this, in which letters and digits change as often as this.
_RANDOM_LENGTH: Final = 20
_RANDOM_CHANGES: Final = 4


class Hmac(BaseModel):
    """Signing on one stage. Every default is the safe one.

    The definition file is read by many, kept in Git and copied into every deployment, and none of them ever
    forgets: so it says where the secret is. A secret also changes without a deployment; during a rotation two
    are valid, AWSCURRENT and AWSPREVIOUS.
    """

    # Inputs are not shown: what stands in `secret` by mistake may be the secret itself.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    secret: str = Field(
        description="Where the secret is, never the secret: the name or ARN of a secret in Secrets Manager, "
        "or env:NAME or file:PATH for the local server."
    )
    window_seconds: int = Field(
        300,
        description="How far x-nhn-date may be from the server's clock, before and after; 0: not checked.",
        json_schema_extra={"minimum": 0, "maximum": WINDOW_LIMIT},
    )
    mandatory_headers: tuple[str, ...] = Field(
        ("host",),
        description="Each must be in the request and in its signature. A list, or a text with commas.",
    )
    allow_sha1: bool = Field(default=False, description="Whether HmacSHA1 is good enough.")
    content_digest: bool = Field(
        default=True,
        description="Whether POST, PUT, PATCH and all that comes with a body must sign content-digest, which "
        "is compared with the body. On AWS the relay function calls every HTTP backend for that.",
    )
    replay: bool = Field(
        default=False,
        description="true: a signature is good once. Two equal requests of one second have equal ones.",
    )
    enabled: bool = Field(default=True, description="false: kept, but not in force.")

    @field_validator("secret")
    @classmethod
    def _where_the_secret_is(cls, value: str) -> str:
        if not _REFERENCE.fullmatch(value):
            raise ValueError(
                "secret must say where the secret is, never be it: the name or ARN of a secret in Secrets "
                "Manager, or env:NAME or file:PATH for the local server"
            )
        return value

    @field_validator("window_seconds")
    @classmethod
    def _window(cls, value: int) -> int:
        if not 0 <= value <= WINDOW_LIMIT:
            raise ValueError(f"window_seconds is {value}; write 0 (not checked) to {WINDOW_LIMIT} (a day)")
        return value

    @field_validator("mandatory_headers", mode="before", json_schema_input_type=str | tuple[str, ...])
    @classmethod
    def _listed(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)):
            raise ValueError("mandatory_headers must be a list of names: [host, x-nhn-client-id]")  # noqa: TRY004 - pydantic's
        return tuple(part.strip().lower() if isinstance(part, str) else part for part in parts if part != "")

    @field_validator("mandatory_headers")
    @classmethod
    def _names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not is_token(name):
                raise ValueError(f"mandatory_headers holds {shown(name)}, which is no name of a header")
        if "authorization" in names:
            raise ValueError(
                "mandatory_headers holds authorization, which carries the signature: take it out"
            )
        return tuple(dict.fromkeys(names))

    @model_validator(mode="after")
    def _replay_needs_a_window(self) -> Hmac:
        if self.replay and not self.window_seconds:
            raise ValueError(
                "replay: true needs window_seconds above 0: it says how long a signature is remembered"
            )
        return self


def warnings_of(hmac: Hmac) -> tuple[str, ...]:
    """What the settings give up, a sentence each, for whoever saves or looks at them."""
    if not hmac.enabled:
        return ("HMAC is switched off: requests need no signature",)
    return tuple(sentence for holds, sentence in _warnings(hmac) if holds)


def _warnings(hmac: Hmac) -> tuple[tuple[bool, str], ...]:
    window = hmac.window_seconds
    return (
        (_looks_random(hmac.secret), _ITSELF),
        (window == 0, "window_seconds is 0: whoever recorded a request can repeat it for ever; write 300"),
        (
            0 < window < WINDOW_ADVISED,
            f"window_seconds is {window}: a request may be too old before it is checked; write 300",
        ),
        (
            "host" not in hmac.mandatory_headers,
            "mandatory_headers lacks host: what is signed for another API with this secret is accepted here",
        ),
        (hmac.allow_sha1, "allow_sha1 is on: clients may choose the weaker algorithm"),
        (
            not hmac.content_digest,
            "content_digest is off: the body is not protected, a signature covers URL, date and headers only",
        ),
    )


def _looks_random(reference: str) -> bool:
    """Whether a name looks as only a secret does; places and ARNs are what they say."""
    return ":" not in reference and (
        reference.endswith("=") or any(_is_random(piece) for piece in _SEPARATOR.split(reference))
    )


def _is_random(piece: str) -> bool:
    changes = sum(one.isdigit() is not other.isdigit() for one, other in pairwise(piece))
    return len(piece) >= _RANDOM_LENGTH and changes >= _RANDOM_CHANGES
