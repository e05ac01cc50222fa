"""Whatever is sent: what is signed is accepted, what is changed is not, and nothing ends in an exception."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from authorizer_world import EVENT, AuthorizerWorld, event_of
from cce.gateway.authorizer import Outcome
from cce.gateway.message import Headers, Request
from cce.gateway.signing.canonical import canonical, pairs_of
from cce.gateway.signing.client import signed
from cce.gateway.signing.dates import parse as parse_date
from cce.gateway.signing.grammar import Authorization, MalformedError, parse
from cce.gateway.signing.keys import Algorithm, Key, signature
from cce.gateway.signing.reasons import Accepted, Refused
from cce.gateway.signing.verify import verify
from signing_world import DATE, HOST, NOW, good, settings, with_header

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12)
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
NAMES = st.from_regex(r"x-[a-z]{1,4}", fullmatch=True)
VALUES = TEXT.map(lambda text: text.strip(" \t"))
SEGMENTS = TEXT.map(lambda text: quote(text, safe=""))
QUERIES = st.lists(st.tuples(SEGMENTS, SEGMENTS).map("=".join), max_size=4).map("&".join)
KEYS = TEXT.filter(bool).map(lambda secret: Key("current", secret))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    headers = [("host", HOST), *draw(st.lists(st.tuples(NAMES, VALUES), max_size=4))]
    path = "/v1/" + "/".join(draw(st.lists(SEGMENTS, max_size=3)))
    body = draw(st.binary(max_size=20))
    method = draw(st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]))
    return Request(
        method, path, path, draw(QUERIES), Headers(tuple(headers)), ip_address("10.111.0.10"), "id", body
    )


def _signed(request: Request, key: Key) -> Request:
    names = dict.fromkeys(name for name, _ in request.headers)
    return signed(request, key, DATE, tuple(names))


@given(request=requests(), key=KEYS)
def test_what_is_signed_is_accepted(request: Request, key: Key) -> None:
    found = verify(_signed(request, key), settings(), [key], NOW)

    assert isinstance(found, Accepted), found


@given(request=requests(), key=KEYS)
def test_what_is_signed_is_accepted_by_the_authorizer(request: Request, key: Key) -> None:
    assume(request.query == "" or pairs_of(request.query))
    world = AuthorizerWorld()
    world.secrets.secrets = {"gateway/test": (key,)}
    event = event_of(_signed(request, key))

    assert Outcome.ALLOWED is world.decide(event).outcome


@given(request=requests(), key=KEYS, data=st.data())
def test_any_change_of_a_signed_part_is_refused(request: Request, key: Key, data: st.DataObject) -> None:
    before = _signed(request, key)
    changed = data.draw(st.sampled_from([_path, _query, _header, _date, _method]))(before, data)
    assume(_meaning(before) != _meaning(changed))

    assert isinstance(verify(changed, settings(window_seconds=0), [key], NOW), Refused)


@given(request=requests(), key=KEYS, other=KEYS)
def test_another_secret_is_refused(request: Request, key: Key, other: Key) -> None:
    # HMAC fills short keys up with zero bytes: keys that differ in those alone are one key.
    assume(key.secret.rstrip("\0") != other.secret.rstrip("\0"))

    assert isinstance(verify(_signed(request, key), settings(), [other], NOW), Refused)


def _path(request: Request, data: st.DataObject) -> Request:
    return request._replace(signed_path=request.signed_path + "/" + data.draw(SEGMENTS))


def _query(request: Request, data: st.DataObject) -> Request:
    return request._replace(query=data.draw(QUERIES))


def _date(request: Request, data: st.DataObject) -> Request:
    other = data.draw(st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")))
    return with_header(request, "x-nhn-date", other)


def _method(request: Request, data: st.DataObject) -> Request:
    return request._replace(method=data.draw(st.sampled_from(["GET", "POST", "DELETE", "get"])))


def _header(request: Request, data: st.DataObject) -> Request:
    names = sorted({name for name, _ in request.headers} - {"authorization", "x-nhn-date"})
    name = data.draw(st.sampled_from(names))
    return with_header(request, name, *data.draw(st.lists(VALUES, max_size=2)))


def _meaning(request: Request) -> tuple[Any, ...]:
    """The parts as the scheme covers them: a query by its pairs, lines of a header joined."""
    names = sorted({name.lower() for name, _ in request.headers})
    lines = {name: ",".join(request.headers.all(name)) for name in names}
    return request.method, request.signed_path, canonical(request.query), lines


@given(text=ANYTHING | st.text('hmac="\t ,ghostlirzdue', max_size=80).map("hmac ".__add__))
@example(text="hmac")
@example(text="")
def test_the_parser_reads_or_refuses(text: str) -> None:
    try:
        read = parse(text)
    except MalformedError as error:
        assert isinstance(error.refused, Refused)  # noqa: PT017 - there are two right ends
    else:
        assert isinstance(read, Authorization)


INSIDE = st.text('HmacShost, -x1"=', max_size=12) | TEXT


@given(algorithm=INSIDE, headers=INSIDE, signature=INSIDE)
@example(algorithm="HmacSHA256", headers="host, X-Id", signature="c2ln")
@example(algorithm="", headers="host,host", signature="")
def test_the_usual_way_to_write_it_means_what_others_mean(
    algorithm: str, headers: str, signature: str
) -> None:
    usual = f'hmac algorithm="{algorithm}", headers="{headers}", signature="{signature}"'
    other = f'HMAC algorithm ="{algorithm}" ,headers="{headers}",\tSignature="{signature}" '

    assert _read(usual) == _read(other)


def _read(text: str) -> Authorization | Refused:
    try:
        return parse(text)
    except MalformedError as error:
        return error.refused


@given(secret=st.text(min_size=1, max_size=200), text=ANYTHING, algorithm=st.sampled_from(Algorithm))
@example(secret="k" * 64, text="", algorithm=Algorithm.SHA256)
@example(secret="k" * 65, text="", algorithm=Algorithm.SHA1)
def test_a_signature_is_the_hmac_of_the_text(secret: str, text: str, algorithm: Algorithm) -> None:
    hashed = hmac.digest(secret.encode(), text.encode("utf-8", "surrogatepass"), algorithm.digest)

    assert b64encode(hashed).decode() == signature(secret, algorithm, text)


@given(text=ANYTHING | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"))
def test_dates_are_read_or_not(text: str) -> None:
    moment = parse_date(text)

    assert moment is None or moment.tzinfo is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANYTHING,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANYTHING, inner, max_size=3),
    max_leaves=6,
)
FIELDS = [*sorted(EVENT), "body", "isBase64Encoded"]


@how(max_examples=300, deadline=None)
@given(changes=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3), inner=st.booleans())
def test_no_event_ends_in_an_exception_or_is_let_in_by_accident(changes: Any, inner: bool) -> None:  # noqa: FBT001 - drawn
    unsigned = event_of(with_header(good(), "authorization"))
    event = unsigned | changes
    if inner:
        event = unsigned | {"requestContext": unsigned["requestContext"] | {"identity": changes}}

    assert AuthorizerWorld().decide(event).outcome in {Outcome.UNAUTHORIZED, Outcome.UNDECIDED}


@how(max_examples=300)
@given(event=JSON)
def test_what_is_no_event_is_not_let_in(event: Any) -> None:
    assert Outcome.UNDECIDED is AuthorizerWorld().decide(event).outcome


@given(headers=st.dictionaries(ANYTHING, st.lists(ANYTHING, max_size=2), max_size=4), text=ANYTHING)
def test_no_header_ends_in_an_exception(headers: dict[str, list[str]], text: str) -> None:
    headers |= {"Authorization": [f'hmac algorithm="HmacSHA256", signature="{text}"'], "x-nhn-date": [text]}

    for event in (EVENT | {"multiValueHeaders": headers}, json.loads(json.dumps(EVENT)) | {"path": text}):
        decision = AuthorizerWorld(settings(mandatory_headers=[])).decide(event)
        assert isinstance(decision.outcome, Outcome)
        json.dumps(dict(decision.log)).encode()


@pytest.mark.parametrize("query", ["", "&", "=", "=&=", "a", "%", "%zz=%", "a=%ff", "+=+", "a=b=c", "&&a"])
@given(more=ANYTHING)
def test_a_canonical_query_is_its_own_canonical_form(query: str, more: str) -> None:
    for each in (query, query + more.encode("utf-8", "replace").decode()):
        assert canonical(canonical(each)) == canonical(each)
        assert sorted(pairs_of(each)) == sorted(pairs_of(canonical(each)))
