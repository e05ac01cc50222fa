"""The settings of a stage: what is refused at save, and what is warned of."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from cce.gateway.signing.settings import Hmac, warnings_of
from signing_world import settings


@pytest.mark.row("124", "125", "126", "128", how="authorizer")
def test_the_defaults_are_the_safe_ones_and_give_no_warning() -> None:
    hmac = Hmac(secret="gateway/v1")

    assert (300, ("host",), False, True, False, True) == (
        hmac.window_seconds,
        hmac.mandatory_headers,
        hmac.allow_sha1,
        hmac.content_digest,
        hmac.replay,
        hmac.enabled,
    )
    assert () == warnings_of(hmac)
    assert hmac == Hmac.model_validate_json(hmac.model_dump_json())


@pytest.mark.row("125", how="authorizer")
@pytest.mark.parametrize(
    "reference",
    [
        "gateway/v1",
        "arn:aws:secretsmanager:ap-northeast-2:111111111111:secret:gateway/v1-AbCdEf",
        "arn:aws-cn:secretsmanager:cn-north-1:111111111111:secret:x-AbCdEf",
        "env:SIGNING_SECRET",
        "file:/run/secrets/signing",
    ],
)
def test_a_secret_is_named_by_its_place(reference: str) -> None:
    assert reference == settings(secret=reference).secret


@pytest.mark.parametrize(
    "value", ["", "a secret with blanks", "p@ss!word", "env:", "env:1A", "file:", "비밀"]
)
def test_what_may_be_the_secret_itself_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(ValidationError) as raised:
        settings(secret=value)

    (problem,) = raised.value.errors()
    assert "must say where the secret is, never be it" in problem["msg"]
    assert value in {"", "env:", "file:"} or value not in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"window_seconds": -1}, "window_seconds is -1; write 0 (not checked) to 86400"),
        ({"window_seconds": 86_401}, "window_seconds is 86401; write 0 (not checked) to 86400"),
        ({"window_seconds": "300"}, "valid integer"),
        ({"mandatory_headers": ["host", "Authorization"]}, "carries the signature: take it out"),
        ({"mandatory_headers": ["a b"]}, "'a b', which is no name of a header"),
        ({"mandatory_headers": 5}, "must be a list of names"),
        ({"mandatory_headers": [5]}, "valid string"),
        ({"replay": True, "window_seconds": 0}, "replay: true needs window_seconds above 0"),
        ({"clock": 1}, "Extra inputs"),
        ({"enabled": "yes"}, "valid boolean"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_remedy(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as raised:
        settings(**changes)

    assert words in raised.value.errors()[0]["msg"]


@pytest.mark.row("128", how="authorizer")
def test_names_are_compared_in_lower_case_and_may_be_a_comma_list() -> None:
    assert ("host", "x-id") == settings(mandatory_headers="Host, X-ID,host").mandatory_headers
    assert ("host", "x-id") == settings(mandatory_headers=["HOST", "x-id"]).mandatory_headers
    assert () == settings(mandatory_headers="").mandatory_headers


@pytest.mark.row("125", how="definition")
@pytest.mark.parametrize(
    ("reference", "random"),
    [
        ("kJ8s+/d9fk3nD0sLmQp2vXyZ7aBcDeFgHiJkLmNoPqR=", True),
        ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", True),
        ("hunter2hunter2hunter2hunter2hunt", True),
        ("gateway/members", False),
        ("prod/gateway/MembersServiceSigningKey2024", False),
        ("team-3/v2/api-7/stage-1/key-2026-11", False),
        ("arn:aws:secretsmanager:ap-northeast-2:111111111111:secret:x9y8z7a6b5c4d3e2f1g0-A1b2C3", False),
        ("file:/run/secrets/a1b2c3d4e5f6g7h8i9j0k1l2", False),
    ],
)
def test_a_secret_in_place_of_its_name_is_warned_of_and_not_shown(reference: str, *, random: bool) -> None:
    found = warnings_of(settings(secret=reference))

    assert random == bool(found)
    assert all("looks like the secret itself" in text and reference not in text for text in found)


@pytest.mark.row("127", "130", how="authorizer")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"window_seconds": 0}, "repeat it for ever"),
        ({"window_seconds": 9}, "too old before it is checked"),
        ({"mandatory_headers": ["x-id"]}, "lacks host"),
        ({"allow_sha1": True}, "weaker algorithm"),
        ({"content_digest": False}, "the body is not protected"),
        ({"enabled": False, "window_seconds": 0}, "requests need no signature"),
    ],
)
def test_what_gives_something_up_is_warned_of(changes: dict[str, Any], words: str) -> None:
    (warning,) = warnings_of(settings(**changes))

    assert words in warning
    assert () == warnings_of(settings(window_seconds=10))
