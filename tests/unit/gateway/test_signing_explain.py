"""``explain``: every mistake is named, from the signature or from the client's own string."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authorizer_world import EVENT, event_of
from cce.errors import EventError, RecordingError
from cce.gateway.message import Headers
from cce.gateway.signing.canonical import canonical
from cce.gateway.signing.client import authorization
from cce.gateway.signing.explain.as_text import as_text
from cce.gateway.signing.explain.explanation import Explanation, explain
from cce.gateway.signing.explain.recording import Recording, read
from cce.gateway.signing.explain.sentences import REASONS, SENTENCES
from cce.gateway.signing.keys import Algorithm, Key, signature
from cce.gateway.signing.reasons import Reason
from signing_world import (
    HOST,
    KEY,
    NOW,
    VECTORS,
    asked,
    good,
    of_vector,
    settings,
    with_authorization,
    with_header,
)

if TYPE_CHECKING:
    from cce.gateway.message import Request

BARE = settings(window_seconds=0, mandatory_headers=(), content_digest=False, allow_sha1=True)
NAMED = {
    "V11": "query-decoded",
    "N01": "trailing-newline",
    "N02": "query-order",
    "N03": "blank-after-colon",
    "N05": "host-with-scheme",
    "N06": "full-url",
    "N08": "date-rewritten",
    "N09": "method-case",
}


def recorded(request: Request, **more: Any) -> Recording:
    return Recording(request, **{"received": None, "has_body": False} | more)


def causes(explanation: Explanation) -> list[str]:
    return [cause.id for cause in explanation.causes]


@pytest.mark.parametrize(("vector_id", "cause"), NAMED.items())
def test_the_mistake_of_every_wrong_vector_is_named(vector_id: str, cause: str) -> None:
    vector = VECTORS[vector_id]
    recording = recorded(of_vector(vector, like=VECTORS["V10" if vector_id == "V11" else "V01"]))

    by_secret = explain(recording, BARE, [KEY])
    by_string = explain(recording, BARE, client=vector["string_to_sign"])

    assert [cause] == causes(by_secret) == causes(by_string)
    assert ("refused", 4011008) == (by_secret.verdict, by_secret.reason)
    assert ("refused", 4011008) == (by_string.verdict, by_string.reason)
    assert vector["string_to_sign"] == by_secret.client
    assert explain(recording, BARE, [KEY], vector["string_to_sign"]).causes == by_string.causes


def test_every_wrong_vector_has_a_name() -> None:
    assert {v["id"] for v in VECTORS.values() if not v["valid"]} == set(NAMED)


BASE = good(
    with_header(asked(target="/v1/srv/%ED%99%8D?a=1&b=x%20y&c="), "x-tag", "1,2"),
    names=("host", "x-tag", "x-no"),
)
STRING = f"GET\n/v1/srv/%ED%99%8D?a=1&b=x%20y&c=\n2026-11-22T01:02:03Z\nhost:{HOST}\nx-tag:1,2"


@pytest.mark.parametrize(
    ("expected", "edits"),
    [
        (["query-left-out"], [("?a=1&b=x%20y&c=", "")]),
        (["query-plus"], [("%20", "+")]),
        (["query-without-equals"], [("&c=", "&c")]),
        (["query-order"], [("a=1&b=x%20y", "b=x%20y&a=1")]),
        (["query-decoded"], [("%20", " ")]),
        (["path-decoded"], [("%ED%99%8D", "홍")]),
        (["lower-hex"], [("%ED%99%8D", "%ed%99%8d")]),
        (["stage-left-out"], [("/v1/srv", "/srv")]),
        (["full-url"], [("/v1/srv", f"https://{HOST}/v1/srv")]),
        (["host-port"], [(HOST, f"{HOST}:443")]),
        (["host-with-scheme"], [(HOST, f"https://{HOST}")]),
        (["date-rewritten"], [("2026-11-22T01:02:03Z", "2026-11-22T10:02:03+09:00")]),
        (["date-rewritten"], [("2026-11-22T01:02:03Z", "20261122T010203Z")]),
        (["header-case"], [("host:", "Host:"), ("x-tag:", "X-Tag:")]),
        (["header-order"], [(f"\nhost:{HOST}\nx-tag:1,2", f"\nx-tag:1,2\nhost:{HOST}")]),
        (["header-left-out"], [("\nx-tag:1,2", "")]),
        (["absent-header"], [("x-tag:1,2", "x-tag:1,2\nx-no:")]),
        (["values-with-blank"], [("1,2", "1, 2")]),
        (["crlf"], [("\n", "\r\n")]),
        (["trailing-newline", "blank-after-colon"], [("host:", "host: "), ("x-tag:1,2", "x-tag: 1,2\n")]),
        (["stage-left-out", "query-order"], [("/v1/srv", "/srv"), ("a=1&b=x%20y", "b=x%20y&a=1")]),
        ([], []),
    ],
)
def test_mistakes_in_the_string_are_named_alone_and_by_two(
    expected: list[str], edits: list[tuple[str, str]]
) -> None:
    wrong = STRING
    for old, new in edits:
        assert old in wrong
        wrong = wrong.replace(old, new)
    made = authorization(
        Algorithm.SHA256, ("host", "x-tag", "x-no"), signature(KEY.secret, Algorithm.SHA256, wrong)
    )
    recording = recorded(with_header(BASE, "authorization", made))

    assert set(expected) == set(causes(explain(recording, settings(), [KEY])))
    assert set(expected) == set(causes(explain(recording, settings(), client=wrong)))


def _raw(text: str = STRING, secret: str = KEY.secret) -> str:
    return signature(secret, Algorithm.SHA256, text)


@pytest.mark.parametrize(
    ("cause", "made"),
    [
        ("secret-line-end", _raw(secret=KEY.secret + "\n")),
        ("signature-hex", hmac.new(KEY.secret.encode(), STRING.encode(), "sha256").hexdigest()),
        (
            "signature-hex-in-base64",
            b64encode(hmac.new(KEY.secret.encode(), STRING.encode(), "sha256").hexdigest().encode()).decode(),
        ),
        ("signature-base64", _raw().rstrip("=").replace("+", "-").replace("/", "_")),
        ("other-algorithm", signature(KEY.secret, Algorithm.SHA1, STRING)),
        ("unknown", _raw(secret="another")),
        ("unknown", "???"),
        ("unknown", "A" * 1000),
    ],
)
def test_mistakes_with_the_secret_and_the_signature_are_named(cause: str, made: str) -> None:
    header = authorization(Algorithm.SHA256, ("host", "x-tag", "x-no"), made)

    assert [cause] == causes(explain(recorded(with_header(BASE, "authorization", header)), settings(), [KEY]))


@pytest.mark.parametrize(
    ("cause", "secret", "used"),
    [
        ("secret-hex", "00ff" * 8, bytes.fromhex("00ff" * 8)),
        ("secret-base64", b64encode(b"\xff" * 24).decode(), b"\xff" * 24),
        ("secret-line-end", "padded ", b"padded"),
    ],
)
def test_a_secret_that_was_decoded_is_named(cause: str, secret: str, used: bytes) -> None:
    made = b64encode(hmac.new(used, STRING.encode(), "sha256").digest()).decode()
    header = authorization(Algorithm.SHA256, ("host", "x-tag", "x-no"), made)
    recording = recorded(with_header(BASE, "authorization", header))

    assert [cause] == causes(explain(recording, settings(), [Key("current", secret)]))


def test_the_clients_own_string_and_the_secret_together() -> None:
    other = [Key("current", "another-secret-of-thirty-two-bytes")]

    assert ["wrong-secret"] == causes(explain(recorded(BASE), settings(), other, STRING))
    assert [] == causes(explain(recorded(BASE), settings(), [KEY], STRING))
    unlike = explain(recorded(BASE), settings(), [KEY], "GET\nsomething")
    assert "accepted" == unlike.verdict  # what is given is not what was signed
    assert ["unknown-difference", "not-of-this-string"] == causes(unlike)


def test_a_query_signed_as_it_was_sent_is_accepted_and_told() -> None:
    by_hand = good(asked(target="/v1/srv", signed_path="/v1/srv?b=1&a=2"))

    found = explain(recorded(by_hand._replace(signed_path="/v1/srv", query="b=1&a=2")), settings(), [KEY])

    assert ("accepted", ["query-as-sent"]) == (found.verdict, causes(found))


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (with_header(BASE, "authorization"), Reason.AUTHORIZATION_EMPTY),
        (with_authorization(BASE, ("HmacSHA256", "none")), Reason.ALGORITHM),
        (with_authorization(BASE, (_raw(), "")), Reason.SIGNATURE_EMPTY),
        (with_authorization(BASE, ("host,", "")), Reason.HEADERS_MISSING),
        (with_header(BASE, "x-nhn-date"), Reason.DATE_EMPTY),
        (with_header(BASE, "x-nhn-date", "now"), Reason.DATE_FORMAT),
        (with_authorization(BASE, ("hmac", "Bearer")), Reason.SCHEME),
        (with_authorization(BASE, (",", ";")), Reason.INVALID),
    ],
)
def test_what_is_wrong_before_the_signature_is_told_first(request_: Request, reason: Reason) -> None:
    found = explain(recorded(request_), settings(), [KEY])

    assert (f"reason-{reason.value}", reason.value) == (causes(found)[0], found.reason)


@pytest.mark.row("130", "131", how="authorizer")
def test_the_window_is_judged_by_the_recorded_clock_and_not_by_todays() -> None:
    assert "accepted" == explain(recorded(BASE), settings(), [KEY]).verdict
    late = explain(recorded(BASE, received=NOW + timedelta(seconds=400)), settings(), [KEY])

    assert ("refused", 4011007) == (late.verdict, late.reason)
    assert "400 s behind" in late.causes[0].detail


def test_a_body_that_was_recorded_is_compared_with_its_digest() -> None:
    request = good(asked("POST", "/v1/srv", body=b"{}"))
    other = request._replace(body=b"{ }")

    assert [] == causes(explain(recorded(request, has_body=True), settings(), [KEY]))
    assert ["body-digest"] == causes(explain(recorded(other, has_body=True), settings(), [KEY]))
    assert [] == causes(explain(recorded(other), settings(), [KEY]))


def test_a_body_that_was_not_recorded_is_said_to_be_unread() -> None:
    """``curl -v`` prints no body: its digest may be wrong, and the request refused."""
    posted = good(asked("POST", "/v1/srv", body=b"{}"))
    sized = good()._replace(headers=Headers((*good().headers.lines, ("content-length", "2"))))

    for request, has_body, known in (
        (posted, False, False),
        (posted, True, True),
        (sized, False, False),
        (good(), False, True),
    ):
        found = explain(recorded(request, has_body=has_body), settings(), [KEY])
        assert (known, known) == (found.body_known, "hold the body" not in as_text(found, "en"))
    assert explain(recorded(posted), settings(content_digest=False), [KEY]).body_known


def _http(request: Request, mark: str = "") -> str:
    lines = [f"{request.method} {request.signed_path}?{request.query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    return "".join(f"{mark}{line}\r\n" for line in [*lines, ""])


def test_recordings_of_all_kinds_are_the_same_request() -> None:
    curl = (
        "* Connected\r\n"
        + _http(good(), "> ")
        + "< HTTP/1.1 401 Unauthorized\r\n< Date: Sun, 22 Nov 2026 01:02:05 GMT\r\n"
    )
    redirected = _http(asked(target="/other?"), "> ") + curl
    event = json.dumps(EVENT, ensure_ascii=False)
    proxied = _http(good()).replace("GET /v1", f"GET https://{HOST}/v1").replace("\r\n", "\n")

    for text in (_http(good()), curl, redirected, event, proxied):
        recording = read(text.encode())
        request = recording.request
        assert ("GET", "/v1/srv") == (request.method, request.signed_path)
        assert good().query == canonical(request.query)
        assert "accepted" == explain(recording, settings(), [KEY]).verdict
    assert (None, NOW + timedelta(seconds=2), NOW) == tuple(
        read(text.encode()).received for text in (_http(good()), curl, event)
    )


def test_a_body_is_known_only_where_it_is_whole() -> None:
    request = good(asked("POST", "/v1/srv?", body="한\r\n\r\n".encode()))
    sized = request._replace(headers=Headers((*request.headers.lines, ("content-length", "7"))))

    whole = read(_http(sized).encode() + request.body)
    assert (request.body, True) == (whole.request.body, whole.has_body)
    assert not read(_http(sized).encode()).has_body
    assert not read(json.dumps(event_of(request)).encode()).has_body


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", RecordingError, "request line"),
        (b"hello\n", RecordingError, "request line"),
        (b"GET / HTTP/1.1\nno header\n", RecordingError, "name: value"),
        (b"{", RecordingError, "is none"),
        (b"{}", EventError, "httpMethod"),
        (b"> hello\n", RecordingError, "curl"),
        (b"GET http://[ HTTP/1.1\n", RecordingError, "URL"),
    ],
)
def test_what_is_no_recording_is_an_error(data: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read(data)


@given(data=st.binary(max_size=200) | st.text(max_size=80).map(lambda text: f"GET /{text}\n{text}".encode()))
@example(data=b'{"requestContext": {"requestTimeEpoch": 1e400}}')
def test_any_recording_is_explained_or_is_none(data: bytes) -> None:
    try:
        recording = read(data)
    except (RecordingError, EventError):
        return
    for client in (None, "x"):
        as_text(explain(recording, settings(), [KEY], client), "ko")


def test_the_text_shows_line_ends_and_where_the_strings_part() -> None:
    found = explain(recorded(of_vector(VECTORS["N03"], like=VECTORS["V01"])), BARE, [KEY])

    lines = as_text(found, "en").splitlines()

    assert "refused (4011008)" == lines[0]
    assert "  = 1  GET⏎" in lines
    there = lines.index("  + 4  host: kr1-example.api.nhncloudservice.com⏎")
    assert lines[there - 1] == "  - 4  host:kr1-example.api.nhncloudservice.com⏎"
    assert lines[there].index(" kr1") == lines[there + 1].index("^")
    assert "* blank-after-colon: There is a blank behind the colon" in as_text(found, "en")
    assert "콜론 뒤에 공백" in as_text(found, "ko")


def test_the_text_without_a_difference_and_with_what_cannot_be_seen() -> None:
    right = as_text(explain(recorded(BASE), settings(), [KEY]), "en")
    assert "The client signed the same string." in right
    assert "the window was not judged" in right
    alone = as_text(explain(recorded(BASE), settings()), "en")
    assert alone.startswith("cannot be told without the secret\n")
    crlf = as_text(explain(recorded(BASE), settings(), client=STRING.replace("\n", "\r\n")), "en")
    assert "  + 1  GET␍⏎" in crlf
    hidden = as_text(explain(recorded(BASE), settings(), client=STRING + "\u200b\x1b[2J"), "en")
    assert "\\u200b\\x1b[2J" in hidden
    assert KEY.secret not in right + crlf


def test_every_reason_and_sentence_is_said_in_both_languages() -> None:
    assert set(Reason) == set(REASONS)
    assert all(text.ko and text.en for text in [*REASONS.values(), *SENTENCES.values()])
