"""The attack list of the signing scheme, A1 to A27; the rest is where it happens (authorizer, logs, docs)."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from cce.errors import SecretError
from cce.gateway.headers import to_backend
from cce.gateway.message import Headers
from cce.gateway.signing.digest import body_problem, content_digest
from cce.gateway.signing.keys import Algorithm, Key
from cce.gateway.signing.reasons import QUERY_NOT_CANONICAL, Accepted, Reason, Refused
from cce.gateway.signing.verify import verify
from signing_world import (
    DATE,
    HOST,
    KEY,
    NOW,
    PREVIOUS,
    asked,
    good,
    judged,
    reason,
    settings,
    with_authorization,
    with_header,
)

if TYPE_CHECKING:
    from cce.gateway.message import Request

ALGORITHM = 'algorithm="HmacSHA256"'
POST = asked("POST", "/v1/srv", body=b'{"a":1}')


def _signature(request: Request) -> str:
    return (request.headers.one("authorization") or "").split('signature="')[1].rstrip('"')


@pytest.mark.row("129", "133", "136", how="authorizer")
@pytest.mark.row("4011001", how="authorizer")
def test_a1_without_authorization() -> None:
    assert reason(good()) is None
    assert Reason.AUTHORIZATION_EMPTY is reason(with_header(good(), "authorization"))
    assert Reason.AUTHORIZATION_EMPTY is reason(with_header(good(), "authorization", " "))


@pytest.mark.row("133", how="authorizer")
@pytest.mark.row("4011009", how="authorizer")
def test_a2_the_scheme_is_hmac_in_any_case() -> None:
    for scheme, expected in (("Bearer", Reason.SCHEME), ("hmacx", Reason.SCHEME), ("HMAC", None)):
        assert expected is reason(with_authorization(good(), ("hmac ", f"{scheme} ")))


@pytest.mark.row("137", how="authorizer")
@pytest.mark.parametrize("name", ["HmacMD5", "hmacsha256", "none", ""])
@pytest.mark.row("4011002", how="authorizer")
def test_a3_algorithms_are_named_exactly(name: str) -> None:
    assert Reason.ALGORITHM is reason(with_authorization(good(), ("HmacSHA256", name)))
    assert Reason.ALGORITHM is reason(with_authorization(good(), (f"{ALGORITHM}, ", "")))


@pytest.mark.row("139", how="authorizer")
@pytest.mark.row("4011003", how="authorizer")
def test_a4_signatures_of_another_form() -> None:
    made = _signature(good())
    assert Reason.SIGNATURE_EMPTY is reason(with_authorization(good(), (f', signature="{made}"', "")))
    assert Reason.SIGNATURE_EMPTY is reason(with_authorization(good(), (made, "")))
    url_safe = made.replace("+", "-").replace("/", "_")
    others = ["???", made.rstrip("="), made + " ", made + "=", "A" * 1_000_000, "가", "\udcff", made.lower()]
    for other in [*others, *([url_safe] if url_safe != made else [])]:
        assert Reason.INVALID is reason(with_authorization(good(), (made, other))), other[:50]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hmac ", 'hmac signature="x", '),
        ("hmac ", 'hmac Algorithm="HmacSHA256", '),
        ("hmac ", 'hmac keyId="1", '),
        ('"HmacSHA256"', '"HmacSHA256'),
        ('"HmacSHA256"', "HmacSHA256"),
        ("hmac ", f"hmac {',' * 10_000}"),
        (", ", " "),
        (", ", ",, "),
        ('signature="', 'signature="" signature="'),
        ('"host"', '"host,,x-a"'),
        ('"host"', '"host x-a"'),
        ('"host"', '"host,"'),
    ],
)
def test_a5_what_can_be_read_in_two_ways_is_refused(old: str, new: str) -> None:
    assert Reason.INVALID is reason(with_authorization(good(), (old, new)))
    assert Reason.INVALID is reason(with_header(good(), "authorization", 'hmac algorithm="HmacSHA256",'))


@pytest.mark.parametrize("more", ['"', '"x', '""', '", signature="', "\\", " x"])
def test_a5_nothing_stands_behind_the_signature(more: str) -> None:
    usual = good().headers.one("authorization") or ""

    assert Reason.INVALID is reason(with_header(good(), "authorization", f"{usual}{more}"))


def test_a5_reading_never_goes_back() -> None:
    blanks, tabs, nested = " " * 10_000, "\t," * 5_000, 'hmac a="' * 1_000

    # A parser that goes back would not end with these.
    for text in (f"hmac {'a' * 10_000}", f"hmac {blanks}x", f"hmac {tabs}", nested):
        assert reason(with_header(good(), "authorization", text)) is not None


def test_a5_blanks_around_commas_and_another_order_are_fine() -> None:
    made = _signature(good())
    written = f'hmac\tsignature = "{made}" ,\theaders="\thost " ,{ALGORITHM}'

    assert reason(with_header(good(), "authorization", written)) is None


@pytest.mark.row("134", "135", "136", how="authorizer")
@pytest.mark.parametrize(
    "date",
    [
        "2026-11-22 01:02:03Z",
        "2026-11-22T01:02:03",
        "2026-11-22T01:02:03+0900",
        "2026-11-22T01:02:03.000Z",
        "2026-W47-7T01:02:03Z",
        "20261122T010203Z",
        "２０２６-11-22T01:02:03Z",
        "2026-11-22T01:02:60Z",
        "2026-11-22T24:00:00Z",
        "2026-02-30T01:02:03Z",
        "10000-11-22T01:02:03Z",
        "0000-11-22T01:02:03Z",
        "2026-11-22t01:02:03z",
        "2026-11-22T01:02:03+24:00",
        "2026-11-22T01:02:03+09:60",
        "2026-11-22T01:02:03Z\n",
        "Sun, 22 Nov 2026 01:02:03 GMT",
    ],
)
@pytest.mark.row("4011006", how="authorizer")
def test_a6_a_date_of_another_form(date: str) -> None:
    signed_so = good(date=date)

    assert Reason.DATE_FORMAT is reason(signed_so, settings(window_seconds=0))


@pytest.mark.row("134", "135", "136", how="authorizer")
@pytest.mark.row("4011005", how="authorizer")
def test_a6_dates_that_are_missing_or_twice() -> None:
    assert Reason.DATE_EMPTY is reason(with_header(good(), "x-nhn-date"))
    assert Reason.DATE_EMPTY is reason(with_header(good(), "x-nhn-date", ""))
    assert Reason.DATE_FORMAT is reason(with_header(good(), "x-nhn-date", DATE, DATE))
    for date in ("2026-11-22T10:02:03+09:00", "2026-11-21T20:02:03-05:00", "2026-11-22T01:02:03-00:00"):
        assert reason(good(date=date)) is None


@pytest.mark.row("123", "126", how="authorizer")
@pytest.mark.row("4011007", how="authorizer")
def test_a7_the_window_is_open_to_its_last_second_on_both_sides() -> None:
    for after, expected in ((300, None), (-300, None), (301, Reason.EXPIRED), (-301, Reason.EXPIRED)):
        assert expected is reason(good(), after=after)
    assert reason(good(), settings(window_seconds=86_400), after=86_400) is None


@pytest.mark.row("127", how="authorizer")
def test_a8_no_window_takes_any_date_of_the_right_form() -> None:
    ten_years = timedelta(days=3650).total_seconds()

    assert reason(good(), settings(window_seconds=0), after=ten_years) is None
    assert Reason.DATE_FORMAT is reason(good(date="yesterday"), settings(window_seconds=0))


@pytest.mark.row("132", "138", how="authorizer")
@pytest.mark.row("4011004", how="authorizer")
def test_a9_a_mandatory_header_that_is_not_signed() -> None:
    assert Reason.HEADERS_MISSING is reason(good(), settings(mandatory_headers=["host", "X-NHN-Client-Id"]))
    both = good(names=("x-nhn-client-id", "host"))
    assert reason(both, settings(mandatory_headers=["host", "X-NHN-Client-Id"])) is None


@pytest.mark.row("132", how="authorizer")
def test_a10_a_mandatory_header_that_is_listed_and_absent() -> None:
    listed = good(names=("host", "x-absent"))

    assert reason(listed) is None
    assert Reason.HEADERS_MISSING is reason(listed, settings(mandatory_headers=["host", "x-absent"]))


@pytest.mark.row("143", how="authorizer")
def test_a11_an_optional_header_that_is_listed_and_absent_has_no_line() -> None:
    without = _signature(good(names=("host",)))

    assert without == _signature(good(names=("host", "x-absent")))


@pytest.mark.row("123", "142", how="authorizer")
def test_a12_listed_headers_are_taken_away_or_added_on_the_way() -> None:
    both = good(names=("host", "x-nhn-client-id", "x-late"))

    assert Reason.INVALID is reason(with_header(both, "x-nhn-client-id"))
    assert Reason.INVALID is reason(with_header(both, "x-late", "1"))
    assert Reason.INVALID is reason(with_authorization(both, ("host,x-nhn-client-id", "host")))
    assert reason(with_header(both, "x-not-listed", "1")) is None


def test_a12_a_signed_header_cannot_be_taken_away_by_connection() -> None:
    both = good(names=("host", "x-nhn-client-id"))

    assert reason(with_header(both, "connection", "close")) is None
    assert Reason.INVALID is reason(with_header(both, "connection", "close, X-NHN-Client-Id"))


@pytest.mark.parametrize("blank", [" ", "\t", "\x0b", "\x85", "\xa0", "\u3000"])
def test_a12_what_is_passed_on_has_every_header_that_is_signed(blank: str) -> None:
    """The check and what takes headers away read one value alike, also where it is no list of names."""
    request = with_header(
        good(names=("host", "x-nhn-client-id")), "connection", f"close,{blank}x-nhn-client-id{blank}"
    )

    assert Reason.INVALID is reason(request) or to_backend(request.headers).one("x-nhn-client-id")


@pytest.mark.row("144", how="authorizer")
def test_a13_the_order_of_the_list_is_the_order_of_the_lines() -> None:
    both = good(names=("host", "x-nhn-client-id"))

    assert Reason.INVALID is reason(
        with_authorization(both, ("host,x-nhn-client-id", "x-nhn-client-id,host"))
    )


def test_a14_a_name_twice_in_the_list() -> None:
    assert Reason.INVALID is reason(good(names=("host", "HOST")))


def test_a15_authorization_cannot_sign_itself_and_the_date_may_be_listed() -> None:
    itself = judged(good(names=("host", "authorization")))
    assert Refused(Reason.INVALID, "headers= names authorization, which cannot sign itself") == itself
    dated = good(names=("host", "x-nhn-date"))
    assert reason(dated) is None
    assert _signature(good()) != _signature(dated)


def test_a16_lines_of_one_name_in_another_order_are_another_string() -> None:
    request = with_header(asked(), "x-tag", "a", "b")
    signed_so = good(request, names=("host", "x-tag"))

    assert reason(signed_so) is None
    assert Reason.INVALID is reason(with_header(signed_so, "x-tag", "b", "a"))


def test_a17_blanks_around_a_value_do_not_count_and_inside_of_it_they_do() -> None:
    signed_so = good(with_header(asked(), "x-a", "1 2"), names=("host", "x-a"))

    assert reason(with_header(signed_so, "x-a", " \t1 2\t ")) is None
    assert Reason.INVALID is reason(with_header(signed_so, "x-a", "1  2"))
    folded = good(with_header(asked(), "x-a", "1\r\n 2"), names=("host", "x-a"))
    assert Reason.INVALID is reason(folded)


@pytest.mark.row("128", "145a", how="authorizer")
def test_a18_names_are_equal_in_any_case() -> None:
    signed_so = good(names=("HOST", "X-Nhn-Client-ID"))
    lines = tuple((name.upper(), value) for name, value in signed_so.headers)

    assert reason(signed_so._replace(headers=Headers(lines))) is None
    assert reason(signed_so, settings(mandatory_headers=["Host", "x-nhn-client-id"])) is None


@pytest.mark.row("145b", how="authorizer")
def test_a19_one_line_with_a_comma_signs_like_two() -> None:
    one = good(with_header(asked(), "x-tag", "a,b"), names=("host", "x-tag"))

    assert reason(with_header(one, "x-tag", "a", "b")) is None


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/v1/a%2Fb", "/v1/a/b"),
        ("/v1/a%2Fb", "/v1/a%2fb"),
        ("/v1/%2e%2e/a", "/v1/../a"),
        ("/v1//a", "/v1/a"),
        ("/v1/a/", "/v1/a"),
        ("/v1/가", unicodedata.normalize("NFD", "/v1/가")),
        ("/v1/A", "/v1/a"),
    ],
)
def test_a20_paths_are_signed_as_they_were_sent(path: str, other: str) -> None:
    request = good(asked(target=path))

    assert reason(request) is None
    assert Reason.INVALID is reason(request._replace(signed_path=other))


@pytest.mark.parametrize(
    "query",
    ["b=1&a=2", "a=x+y", "a", "a=%ed%99%8d", "a=%41", "a=1&&b=2", "q=a;b", "q=a|b", "z=2&z=1&y=0"],
)
def test_a21_any_way_to_write_a_query_matches_its_canonical_form(query: str) -> None:
    canonical = good(asked(target=f"/v1/srv?{query}"))

    # The request comes as the client wrote it; the client signed the canonical form.
    found = judged(canonical._replace(query=query))

    assert isinstance(found, Accepted), found
    assert () == found.notes


@pytest.mark.parametrize(
    "other", ["a=2&a=1&b=3", "a=1&b=3", "a=1&a=2&b=4", "a=1&a=2&c=3", "a=1&a=2&b=3&d", ""]
)
def test_a21_other_pairs_do_not_match(other: str) -> None:
    request = good(asked(target="/v1/srv?a=1&a=2&b=3"))

    assert reason(request._replace(query="b=3&a=1&a=2")) is None
    assert Reason.INVALID is reason(request._replace(query=other))


def test_a21_a_signature_of_the_query_as_written_is_accepted_and_noted() -> None:
    right = good(asked(target="/v1/srv"))
    written = good(asked(target="/v1/srv?b=1&a=2"))
    assert _signature(right) != _signature(written)
    # Signed by hand, because our client writes no other form.
    by_hand = good(asked(target="/v1/srv", signed_path="/v1/srv?b=1&a=2"))

    found = judged(by_hand._replace(signed_path="/v1/srv", query="b=1&a=2"))

    assert isinstance(found, Accepted)
    assert (QUERY_NOT_CANONICAL,) == found.notes


def test_a22_headers_that_override_the_method_are_not_heard() -> None:
    request = good()

    assert reason(with_header(request, "x-http-method-override", "DELETE")) is None
    assert Reason.INVALID is reason(request._replace(method="DELETE"))


@pytest.mark.row("140", how="authorizer")
def test_a23_head_is_not_get() -> None:
    assert Reason.INVALID is reason(good()._replace(method="HEAD"))
    assert reason(good(asked("HEAD"))) is None
    assert Reason.INVALID is reason(good()._replace(method="get"))


@pytest.mark.row("G4", how="authorizer")
def test_a24_a_changed_body_with_the_signature_kept() -> None:
    request = good(POST)
    changed = request._replace(body=b'{"a":2}')

    assert reason(changed) is None  # nobody who sees no body can tell
    assert body_problem(request, settings()) is None
    assert Reason.INVALID is getattr(body_problem(changed, settings()), "reason", None)
    assert body_problem(changed, settings(content_digest=False)) is None
    forged = with_header(changed, "content-digest", content_digest(changed.body))
    assert body_problem(forged, settings()) is None
    assert Reason.INVALID is reason(forged)


@pytest.mark.row("G4", how="authorizer")
def test_a24_a_digest_that_is_not_signed_or_not_one() -> None:
    unsigned = good(POST, names=("host",))
    unsigned = with_authorization(unsigned, ("host,content-digest", "host"))
    assert Reason.HEADERS_MISSING is reason(unsigned)
    assert Reason.HEADERS_MISSING is getattr(body_problem(unsigned, settings()), "reason", None)
    late = good(asked("DELETE"))._replace(body=b"{}")
    assert Reason.HEADERS_MISSING is getattr(body_problem(late, settings()), "reason", None)
    assert body_problem(good(asked("DELETE", body=b"{}")), settings()) is None
    for values in (["sha-512=:x:"], [content_digest(b"x")], [content_digest(POST.body)] * 2, [""]):
        other = with_header(good(POST), "content-digest", *values)
        assert Reason.INVALID is getattr(body_problem(other, settings()), "reason", None)
    more = with_header(good(POST), "content-digest", f"md5=:x:,  {content_digest(POST.body)}")
    assert body_problem(more, settings()) is None


def test_a26_a_signature_of_one_stage_or_api_on_another() -> None:
    request = good()

    assert Reason.INVALID is reason(with_header(request, "host", HOST.replace("01234567ab", "76543210ba")))
    assert Reason.INVALID is reason(request._replace(signed_path="/v2/srv"))


@pytest.mark.row("137", how="authorizer")
def test_a27_the_algorithm_cannot_be_changed_on_the_way() -> None:
    downgraded = with_authorization(good(), ("HmacSHA256", "HmacSHA1"))
    weak = good(algorithm=Algorithm.SHA1)

    assert Reason.INVALID is reason(downgraded, settings(allow_sha1=True))
    assert Reason.ALGORITHM is reason(weak)
    assert reason(weak, settings(allow_sha1=True)) is None


@pytest.mark.row("125", how="authorizer")
def test_a29_secrets_of_any_text_but_none() -> None:
    for secret in ("비밀-пароль", "x", "s" * 200, " "):
        key = Key("current", secret)
        assert isinstance(verify(good(key=key), settings(), [key], NOW), Accepted)
    assert (True, False) == (Key("a", "가" * 10).short, Key("a", "가" * 11).short)
    with pytest.raises(SecretError, match="'current' is empty"):
        Key("current", "")


def test_a29_without_a_secret_nothing_is_accepted() -> None:
    assert Reason.INVALID is getattr(judged(good(), keys=()), "reason", None)


@pytest.mark.row("125", how="authorizer")
def test_two_secrets_are_good_during_a_rotation_and_the_log_says_which() -> None:
    for key in (KEY, PREVIOUS):
        found = judged(good(key=key))
        assert isinstance(found, Accepted)
        assert key.name == found.key
    assert Reason.INVALID is reason(good(key=Key("older", "cce-gateway-test-secret-99999999")))


def test_a30_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import hmac  # noqa: PLC0415 - watched here only

    compared: list[tuple[bytes, bytes]] = []
    original = hmac.compare_digest

    def watched(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return original(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    request = good()._replace(query="role=web&limit=10")
    early = with_header(request, "x-nhn-date", "x")  # refused for its date: compared all the same
    for each in (request, early):
        compared.clear()
        judged(each)
        assert 4 == len(compared)  # two secrets, two forms of the query
        assert all(isinstance(part, bytes) for pair in compared for part in pair)


def test_a33_the_date_that_is_fresh_is_the_date_that_is_signed() -> None:
    old = good(date="2026-11-20T01:02:03Z")

    assert Reason.EXPIRED is reason(with_header(old, "date", DATE))
    assert Reason.INVALID is reason(with_header(old, "x-nhn-date", DATE))


@pytest.mark.row("129", how="authorizer")
def test_of_several_faults_the_first_is_told() -> None:
    request = with_authorization(good(names=()), ("HmacSHA256", "x"))
    request = with_header(request, "x-nhn-date", "x")
    for expected, edit in (
        (Reason.ALGORITHM, ('algorithm="x"', ALGORITHM)),
        (Reason.DATE_FORMAT, None),
    ):
        assert expected is reason(request)
        request = with_authorization(request, edit) if edit else request
    dated = with_header(request, "x-nhn-date", "2020-11-22T01:02:03Z")
    assert Reason.HEADERS_MISSING is reason(dated)
    assert Reason.EXPIRED is reason(dated, settings(mandatory_headers=[]))
    assert Reason.INVALID is reason(dated, settings(mandatory_headers=[], window_seconds=0))
