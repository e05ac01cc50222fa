"""Every vector: the string, the signature, what the server says."""

from __future__ import annotations

from typing import Any

import pytest

from cce.gateway.message import Headers
from cce.gateway.signing.client import authorization
from cce.gateway.signing.digest import body_problem, content_digest
from cce.gateway.signing.keys import Key, signature
from cce.gateway.signing.reasons import Accepted, Reason, Refused
from cce.gateway.signing.to_sign import string_to_sign
from cce.gateway.signing.verify import verify
from signing_world import NOW, VECTORS, algorithm_of, of_vector, settings

ACCEPTED = [v for v in VECTORS.values() if v["valid"] and v["id"] != "V00"]
REFUSED = [v for v in VECTORS.values() if not v["valid"]]
#: NHN's scheme alone, as the vectors have it.
BARE = settings(window_seconds=0, mandatory_headers=(), content_digest=False, allow_sha1=True)


def _by_id(vector: dict[str, Any]) -> str:
    return str(vector["id"])


@pytest.mark.row("137", "139", "140", "141", "142", "144", "145a", "145c", how="authorizer")
@pytest.mark.parametrize("vector", VECTORS.values(), ids=_by_id)
def test_the_signature_is_that_of_the_string(vector: dict[str, Any]) -> None:
    made = signature(vector["secret"], algorithm_of(vector), vector["string_to_sign"])

    assert vector["signature"] == made


@pytest.mark.parametrize("vector", [VECTORS["V00"], *ACCEPTED], ids=_by_id)
def test_the_string_is_that_of_the_parts(vector: dict[str, Any]) -> None:
    lines = tuple((name, value) for name, value in vector["signed_headers"])

    made = string_to_sign(vector["method"], vector["request_target"], vector["x_nhn_date"], lines)

    assert vector["string_to_sign"] == made


@pytest.mark.parametrize("vector", ACCEPTED, ids=_by_id)
def test_a_good_vector_is_accepted(vector: dict[str, Any]) -> None:
    found = verify(of_vector(vector), BARE, [Key("current", vector["secret"])], NOW)

    assert isinstance(found, Accepted), found
    assert ("current", ()) == (found.key, found.notes)


@pytest.mark.parametrize("vector", ACCEPTED, ids=_by_id)
def test_a_client_writes_the_header_of_the_vector(vector: dict[str, Any]) -> None:
    names = [name for name, _ in vector["signed_headers"]]

    made = authorization(algorithm_of(vector), names, vector["signature"])

    assert vector["authorization"].replace("Host,X-NHN-Client-Id,X-Nhn-Client-IP", ",".join(names)) == made


@pytest.mark.parametrize("vector", REFUSED, ids=_by_id)
def test_what_a_wrong_client_signs_is_refused(vector: dict[str, Any]) -> None:
    right = VECTORS["V10" if vector["id"] == "V11" else "V01"]

    found = verify(of_vector(vector, like=right), BARE, [Key("current", vector["secret"])], NOW)

    assert isinstance(found, Refused)
    assert Reason.INVALID is found.reason


@pytest.mark.row("145b", how="authorizer")
def test_lines_of_one_header_are_joined_by_a_comma_without_a_blank() -> None:
    vector = VECTORS["V08"]
    request = of_vector(vector)
    two = Headers((*request.headers.without(["x-tag"]).lines, ("x-tag", "a"), ("X-Tag", "b")))

    found = verify(request._replace(headers=two), BARE, [Key("current", vector["secret"])], NOW)

    assert isinstance(found, Accepted)


def test_the_body_of_v13_is_the_one_that_was_signed() -> None:
    body = b'{"result":"good"}'
    request = of_vector(VECTORS["V13"])

    assert request.headers.one("content-digest") == content_digest(body)
    assert body_problem(request._replace(body=body), settings()) is None
    assert body_problem(request._replace(body=body + b" "), settings()) is not None
