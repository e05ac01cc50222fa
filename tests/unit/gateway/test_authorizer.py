"""The authorizer: allow, 401, 403 or 500, and never in by accident."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from authorizer_world import EVENT, PLACE, AuthorizerWorld, Broken, event_of
from cce.errors import SecretError, StageSettingsError, StoreError, UnauthorizedError, UndecidedError
from cce.gateway.authorizer import Outcome
from cce.gateway.events import Event
from cce.gateway.signing.canonical import canonical
from cce.gateway.signing.ports import Place
from cce.store.memory_signing import MemoryReplays
from signing_world import KEY, NOW, PREVIOUS, asked, good, settings, with_header

ALLOWED, UNAUTHORIZED = Outcome.ALLOWED, Outcome.UNAUTHORIZED


def outcome(event: Any, world: AuthorizerWorld | None = None) -> Outcome:
    return (world or AuthorizerWorld()).decide(event).outcome


@pytest.mark.row("123", "124", "G3", how="authorizer")
def test_a_signed_request_may_call_its_own_method_and_path_alone() -> None:
    decision = AuthorizerWorld().decide(EVENT)

    answer = decision.answer()
    (statement,) = answer["policyDocument"]["Statement"]
    assert ("Allow", EVENT["methodArn"]) == (statement["Effect"], statement["Resource"])
    assert "hmac:current" == answer["principalId"]
    assert ("current", "") == (decision.log["key"], decision.log["notes"])


@pytest.mark.row("129", "G5", how="authorizer")
def test_a_bad_signature_is_401_with_one_text_for_every_reason() -> None:
    for request, code in (
        (with_header(good(), "authorization"), "4011001"),
        (with_header(good(), "x-nhn-date"), "4011005"),
        (good(date="2026-11-22T02:02:03Z"), "4011007"),
        (good()._replace(method="DELETE"), "4011008"),
    ):
        decision = AuthorizerWorld().decide(event_of(request))
        assert (UNAUTHORIZED, code) == (decision.outcome, decision.log["reason"])
        with pytest.raises(UnauthorizedError) as raised:
            decision.answer()
        assert "Unauthorized" == str(raised.value)


@pytest.mark.row("G5", "122", how="authorizer")
def test_an_address_that_may_not_call_is_403_before_any_signature() -> None:
    world = AuthorizerWorld(
        admits=lambda place, request: place == PLACE and str(request.client) != "10.111.0.10"
    )

    for request in (good(), with_header(asked(), "x-forwarded-for", "10.111.0.11")):
        decision = world.decide(event_of(request))
        assert Outcome.ADDRESS_DENIED is decision.outcome
        answer = decision.answer()
        assert "Deny" == answer["policyDocument"]["Statement"][0]["Effect"]
        assert "4031007" == answer["context"]["resultCode"]


@pytest.mark.row("123", how="authorizer")
def test_a25_a_request_that_is_sent_twice() -> None:
    event = event_of(good())
    again = event_of(good()._replace(request_id="another"))
    assert (ALLOWED, ALLOWED) == (outcome(event), outcome(again))

    world = AuthorizerWorld(settings(replay=True))
    assert (ALLOWED, UNAUTHORIZED) == (outcome(event, world), outcome(again, world))
    assert ALLOWED is outcome(event_of(good(date="2026-11-22T01:02:04Z")), world)


@pytest.mark.row("123", how="authorizer")
def test_a25_who_repeats_a_request_with_its_id_is_refused() -> None:
    """API Gateway takes the id from the client (X-Amzn-RequestId), and tells it in every answer."""
    world, event = AuthorizerWorld(settings(replay=True)), event_of(good())

    assert (ALLOWED, UNAUTHORIZED) == (outcome(event, world), outcome(event, world))


def test_a25_a_signature_is_remembered_for_as_long_as_it_is_good_and_only_if_it_is() -> None:
    replays = MemoryReplays()
    world = AuthorizerWorld(settings(replay=True), replays=replays)
    early = NOW - timedelta(seconds=300)

    assert UNAUTHORIZED is outcome(event_of(good(key=replace(KEY, secret="x"))), world)
    assert {} == replays.used
    assert ALLOWED is world.decide(event_of(good()), early).outcome
    ((_, expires),) = replays.used.values()
    assert expires > NOW + timedelta(seconds=300)


def test_a28_a_preflight_passes_where_cors_answers_it_and_other_options_are_signed() -> None:
    lines = (("origin", "https://web.example"), ("access-control-request-method", "GET"))
    preflight = asked("OPTIONS")._replace(headers=asked().headers.replaced(lines))
    generated = AuthorizerWorld(is_preflight=lambda _place, request: request.method == "OPTIONS")

    assert ALLOWED is outcome(event_of(preflight), generated)
    assert UNAUTHORIZED is outcome(event_of(preflight))  # somebody's own OPTIONS: two headers open nothing
    assert ALLOWED is outcome(event_of(good(asked("OPTIONS"))))
    closed = replace(generated, admits=lambda _place, _request: False)
    assert Outcome.ADDRESS_DENIED is outcome(event_of(preflight), closed)


@pytest.mark.parametrize(
    "world",
    [
        AuthorizerWorld(secrets=Broken(SecretError("Secrets Manager does not answer"))),
        AuthorizerWorld(settings(replay=True), replays=Broken(StoreError("DynamoDB does not answer"))),
        AuthorizerWorld(stages=Broken(StageSettingsError("nothing is deployed"))),
        AuthorizerWorld(settings(secret="gateway/other")),
    ],
)
def test_a31_what_cannot_be_decided_is_never_let_in(world: AuthorizerWorld) -> None:
    decision = world.decide(EVENT)

    assert Outcome.UNDECIDED is decision.outcome
    with pytest.raises(UndecidedError, match=decision.log["detail"]):
        decision.answer()


def test_a31_a_stage_that_nobody_deployed_is_not_open() -> None:
    elsewhere = EVENT | {"requestContext": EVENT["requestContext"] | {"stage": "v2"}}

    assert Outcome.UNDECIDED is outcome(elsewhere)


@pytest.mark.row("124", how="authorizer")
def test_a_stage_without_signing_lets_everybody_in() -> None:
    for hmac in (None, settings(enabled=False)):
        assert ALLOWED is outcome(event_of(asked()), AuthorizerWorld(hmac))


def test_a32_logs_hold_no_secret_no_signature_and_no_value_of_a_header() -> None:
    value = "confidential-value"
    request = good(with_header(asked(), "x-token", value), names=("host", "x-token"))
    made = (request.headers.one("authorization") or "").split('signature="')[1].rstrip('"')
    bare = with_header(request, "authorization", made)  # the header's old form

    for each in (request, bare, request._replace(method="PUT"), with_header(request, "host")):
        decision = AuthorizerWorld().decide(event_of(each))
        text = json.dumps(dict(decision.log)) + repr(decision)
        for hidden in (KEY.secret, PREVIOUS.secret, made, value):
            assert hidden not in text


def test_reprs_of_keys_and_claims_hide_what_they_hold() -> None:
    assert KEY.secret not in repr(KEY)


@pytest.mark.row("G3", "T37", how="authorizer")
def test_the_query_is_rebuilt_and_the_path_is_the_one_with_the_stage() -> None:
    request = good(asked(target="/v1/srv?name=%ED%99%8D&tag=b&tag=a&empty=&q=a%20b%2Bc"))
    event = event_of(request)
    shuffled = dict(reversed(event["multiValueQueryStringParameters"].items()))

    assert ALLOWED is outcome(event)
    assert ALLOWED is outcome(event | {"multiValueQueryStringParameters": shuffled})
    read = Event.of(event).request()
    assert (request.query, "/v1/srv", "/srv") == (canonical(read.query), read.signed_path, read.path)
    swapped = event["multiValueQueryStringParameters"] | {"tag": ["a", "b"]}
    assert UNAUTHORIZED is outcome(event | {"multiValueQueryStringParameters": swapped})


def test_pairs_in_the_order_of_the_event_are_the_second_form() -> None:
    by_hand = good(asked(target="/v1/srv", signed_path="/v1/srv?role=web&limit=10"))
    event = event_of(by_hand._replace(signed_path="/v1/srv", query="role=web&limit=10"))

    assert "query_not_canonical" == AuthorizerWorld().decide(event).log["notes"]


@pytest.mark.row("145b", how="authorizer")
def test_every_line_of_a_header_counts_and_two_authorizations_are_refused() -> None:
    request = good(with_header(asked(), "x-tag", "a", "b"), names=("host", "x-tag"))
    assert ALLOWED is outcome(event_of(request))
    twice = with_header(request, "authorization", *request.headers.all("authorization") * 2)

    assert UNAUTHORIZED is outcome(event_of(twice))


def test_an_event_with_single_values_only_is_read_too() -> None:
    bare = {k: v for k, v in EVENT.items() if not k.startswith("multiValue")}

    assert ALLOWED is outcome(bare)


def test_bodies_of_events_are_decoded() -> None:
    plain = Event.of(EVENT | {"body": "한"}).request()
    packed = Event.of(EVENT | {"body": "7ZWc", "isBase64Encoded": True}).request()

    assert "한".encode() == plain.body == packed.body
    assert Outcome.UNDECIDED is outcome(EVENT | {"body": "한", "isBase64Encoded": True})


def test_an_unknown_service_is_another_place() -> None:
    assert "a/b" == str(Place("a", "b"))
