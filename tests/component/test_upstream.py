"""Calls of real backends: the client of the relay function and that of the local server, side by side."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from cce.gateway.engine import BODY_LIMIT, Forward
from cce.gateway.relay.upstream import (
    AddressError,
    BrokenError,
    LateError,
    NoAnswerError,
    OversizeError,
    SilentError,
    UnreachableError,
)
from gateway_backend import Backend, backend
from gateway_clients import SECONDS, Client, forward

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["relay", "local"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param)


def test_a_request_arrives_as_it_was_sent(client: Client, there: Backend) -> None:
    lines = (("X-A", "1"), ("x-a", "2"), ("X-Name", "홍"), ("X-Raw", "\udcff"), ("Authorization", "hmac x"))
    target = "/a%2fb/%ED%99%8D?b=2&a=%3d%20+"
    response = client.call(forward(there.url, target, "POST", *lines, body=b"\x00\xff"))[0]
    told = json.loads(response.body)

    assert ("POST", "\x00\xff") == (told["method"], told["body"])
    assert "/a%2Fb/%ED%99%8D?b=2&a=%3D%20+" == told["target"]
    expected = [
        ["authorization", "hmac x"],
        ["content-length", "2"],
        ["host", f"127.0.0.1:{there.port}"],
        ["x-a", "1"],
        ["x-a", "2"],
        ["x-name", "\xed\x99\x8d"],
        ["x-raw", "\xff"],
    ]
    assert expected == sorted(told["headers"])
    assert "1" == response.headers.one("x-backend")


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS", "PUT", "PATCH"])
def test_methods_without_a_body(client: Client, there: Backend, method: str) -> None:
    told = json.loads(client.call(forward(there.url, "/echo", method))[0].body)
    length = [value for name, value in told["headers"] if name == "content-length"]

    assert method == told["method"]
    assert (["0"] if method in {"PUT", "PATCH"} else []) == length


def test_head(client: Client, there: Backend) -> None:
    first, second = client.call(forward(there.url, "/big/5000", "HEAD"), forward(there.url, "/big/3"))

    assert (b"", "5000", b"xxx") == (first.body, first.headers.one("content-length"), second.body)


@pytest.mark.row("156", how="relay")
@pytest.mark.parametrize("status", [200, 204, 304, 400, 404, 500, 503, 599])
def test_statuses_pass(client: Client, there: Backend, status: int) -> None:
    assert status == client.call(forward(there.url, f"/status/{status}"))[0].status


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/chunked", b"abcde"),
        ("/unending", b"until I go"),
        ("/gzip", b"\x1f\x8b not looked into"),
    ],
)
def test_ways_to_send_a_body(client: Client, there: Backend, path: str, body: bytes) -> None:
    assert [body, b"xxx"] == [
        r.body for r in client.call(forward(there.url, path), forward(there.url, "/big/3"))
    ]


def test_an_answer_before_the_answer(client: Client, there: Backend) -> None:
    answers = client.call(forward(there.url, "/interim"), forward(there.url, "/big/3"))

    assert [b"final", b"xxx"] == [response.body for response in answers]
    assert answers[0].headers.one("link") is None, "what was said before is not the answer's"


def test_what_follows_a_chunked_body_is_no_header(client: Client, there: Backend) -> None:
    trailed, then = client.call(forward(there.url, "/trailer"), forward(there.url, "/big/3"))

    assert (b"abc", None, b"xxx") == (trailed.body, trailed.headers.one("set-cookie"), then.body)


def test_octets_of_headers_pass(client: Client, there: Backend) -> None:
    headers = client.call(forward(there.url, "/octets"))[0].headers

    assert ("홍", "\udcff") == (headers.one("x-name"), headers.one("x-raw"))


def test_no_redirect_is_followed_and_no_cookie_kept(client: Client, there: Backend) -> None:
    redirect, _, then = client.call(*[forward(there.url, path) for path in ("/redirect", "/cookie", "/echo")])

    assert (302, f"{there.url}/echo") == (redirect.status, redirect.headers.one("location"))
    assert "cookie" not in dict(json.loads(then.body)["headers"])


def test_no_proxy_of_the_environment_is_used(
    client: Client, there: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert 200 == client.call(forward(there.url, "/echo"))[0].status


def test_connections_are_kept(client: Client) -> None:
    with backend() as own:
        client.call(*[forward(own.url, "/big/10")] * 5)
        assert 1 == own.connections


def test_a_second_answer_reaches_nobody(client: Client, there: Backend) -> None:
    answers = client.call(forward(there.url, "/two"), forward(there.url, "/big/3"))

    assert [b"first", b"xxx"] == [response.body for response in answers]


def failure(client: Client, asked: Forward, seconds: float = SECONDS) -> NoAnswerError:
    with pytest.raises(NoAnswerError) as caught:
        client.call(asked, seconds=seconds)
    return caught.value


@pytest.mark.row("5020001", how="relay")
@pytest.mark.parametrize(
    "path", ["/cut", "/garbage", "/split/cr", "/split/blank", "/status/600", "/status/999"]
)
def test_broken_answers(client: Client, there: Backend, path: str) -> None:
    assert BrokenError is type(failure(client, forward(there.url, path, "POST")))


@pytest.mark.row("5020001", "155", how="relay")
@pytest.mark.parametrize("path", ["/none", "/reset/0"])
def test_a_connection_that_ends_without_a_word(client: Client, there: Backend, path: str) -> None:
    error = failure(client, forward(there.url, path, "POST"))

    assert (SilentError, False, False) == (type(error), error.blocks, error.answers)


@pytest.mark.row("5020001", "156", how="relay")
@pytest.mark.parametrize("path", ["/reset/9", "/reset/17", "/reset/50"])
def test_a_connection_that_is_reset_in_the_middle_of_an_answer(
    client: Client, there: Backend, path: str
) -> None:
    error = failure(client, forward(there.url, path, "POST"))

    assert (BrokenError, False, True) == (type(error), error.blocks, error.answers)


@pytest.mark.row("5020001", "155", how="relay")
def test_nobody_listens(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failure(client, forward(f"http://127.0.0.1:{port}", "/a"))

    assert (UnreachableError, True) == (type(error), error.blocks)


def test_no_such_name(client: Client) -> None:
    assert UnreachableError is type(failure(client, forward("http://backend.invalid", "/a")))


@pytest.mark.row("154", "5040001", "155", how="relay")
@pytest.mark.parametrize("path", ["/sleep/3", "/drip/3", "/head/3"])
def test_late_answers(client: Client, path: str) -> None:
    with backend() as own:
        error = failure(client, forward(own.url, path), seconds=0.4)

        assert (LateError, True) == (type(error), error.blocks)
        assert [] == own.dripped, "it was not waited for to the end"


@pytest.mark.row("153", how="relay")
def test_large_answers(client: Client, there: Backend) -> None:
    assert BODY_LIMIT == len(client.call(forward(there.url, f"/big/{BODY_LIMIT}"))[0].body)
    assert OversizeError is type(failure(client, forward(there.url, f"/big/{BODY_LIMIT + 1}")))


def test_a_kept_connection_that_the_backend_ended(there: Backend) -> None:
    again = forward(there.url, "/once")
    assert [b"once", b"once"] == [response.body for response in Client("local").call(again, again)]

    posted = forward(there.url, "/once", "POST")
    with pytest.raises(SilentError):
        Client("local").call(posted, posted)


@pytest.mark.row("102", how="relay")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_refused_on_aws_before_anything_is_sent(host: str) -> None:
    with backend() as own:
        for kind in ("relay", "local"):
            asked = forward(f"http://{host}:{own.port}", "/echo")
            assert AddressError is type(failure(Client(kind, loopback=False), asked))
        assert (0, []) == (own.connections, own.asked)


@pytest.mark.row("102", how="relay")
def test_a_name_that_leads_to_a_metadata_service(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(_host: str, port: int, *_more: object, **_named: object) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in ("192.0.2.1", "169.254.169.254")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)  # what an attacker's name server would say
    asked = forward("http://rebind.example:10080", "/latest/meta-data")

    assert AddressError is type(failure(client, asked))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, with its key, signed by itself."""
    pem = tmp_path_factory.mktemp("tls") / "localhost.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = [
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(pem),
        "-out",
        str(pem.with_suffix(".crt")),
    ]
    subprocess.run([*command, *names], check=True, capture_output=True, timeout=30)
    with pem.open("ab") as both:
        both.write(pem.with_suffix(".crt").read_bytes())
    return pem


def test_tls_is_for_the_name_and_not_for_the_address(client: Client, certificate: Path) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    names: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: names.append(name)
    trusting = Client(client.kind, tls=ssl.create_default_context(cafile=certificate))
    with backend(tls=serving) as own:
        named = forward(f"https://localhost:{own.port}", "/echo")
        told = dict(json.loads(trusting.call(named)[0].body)["headers"])
        assert (f"localhost:{own.port}", "localhost") == (told["host"], names[0])

        by_address = forward(f"https://127.0.0.1:{own.port}", "/echo")
        assert UnreachableError is type(failure(trusting, by_address)), "the certificate is not the address's"
        assert UnreachableError is type(failure(client, named)), "nobody trusts the certificate"
