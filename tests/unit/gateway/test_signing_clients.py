"""The clients of docs/examples/gateway and ``cce gateway sign --curl``, against a server that verifies."""

from __future__ import annotations

import json
import os
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode
from urllib.request import urlopen

import pytest

from cce.gateway.signing.keys import Algorithm, signature
from cce.gateway.signing.reasons import Accepted, Refused
from signing_server import SigningServer, serving
from signing_world import KEY, PREVIOUS, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).resolve().parents[3] / "docs/examples/gateway"
PAIRS = [
    ("role", "web"),
    ("name", "홍길동 & co"),
    ("tag", "b"),
    ("tag", "a"),
    ("a", ""),
    ("q", "~*'()!+%/;|"),
]
SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]


@pytest.fixture
def server() -> Iterator[SigningServer]:
    with serving(SigningServer()) as started:
        yield started


def ran(command: list[str], **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"SIGNING_SECRET": KEY.secret, "NO_PROXY": "*"} | variables
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)


def python_client(method: str, url: str, *body: str) -> list[str]:
    return [sys.executable, "-I", str(EXAMPLES / "sign.py"), method, url, *body]


def shell_client(shell: str, method: str, url: str, *pairs: str) -> list[str]:
    applet = ["busybox", "sh"] if shell == "busybox" else [shell]
    return [*applet, str(EXAMPLES / "sign.sh"), method, url, *pairs]


def _query() -> str:
    return urlencode(PAIRS)  # with + for blanks: the client makes it canonical


@pytest.mark.row("133", "134", "140", how="local")
@pytest.mark.parametrize("client", ["sign.py", *SHELLS])
def test_a_query_of_any_characters_is_signed_and_arrives(server: SigningServer, client: str) -> None:
    url = f"{server.url}/v1/srv"
    if client == "sign.py":
        done = ran(python_client("GET", f"{url}?{_query()}"))
    else:
        done = ran(shell_client(client, "GET", url, *(f"{name}={value}" for name, value in PAIRS)))

    assert 0 == done.returncode, done.stderr
    (result,) = server.results
    assert isinstance(result, Accepted)
    assert ("current", ()) == (result.key, result.notes)
    assert sorted(PAIRS, key=lambda pair: pair[0]) == parse_qsl(
        json.loads(done.stdout)["query"], keep_blank_values=True
    )


@pytest.mark.row("G4", how="local")
@pytest.mark.parametrize("client", ["sign.py", *SHELLS])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("content", ["", '{"결과": "양호"}\n'])
def test_bodies_are_bound(
    server: SigningServer, tmp_path: Path, client: str, method: str, content: str
) -> None:
    file = tmp_path / "body.json"
    file.write_text(content, "utf-8")
    url = f"{server.url}/v1/results"
    if client == "sign.py":
        done = ran(python_client(method, url, str(file)))
    else:
        done = ran(shell_client(client, method, url), BODY=str(file))

    assert 0 == done.returncode, done.stderr
    assert isinstance(server.results[0], Accepted)
    assert content == json.loads(done.stdout)["body"]


def test_the_function_to_copy_signs_further_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    sign = runpy.run_path(str(EXAMPLES / "sign.py"))["sign"]
    more = {"X-NHN-Client-Id": "portal", "content-type": "application/json"}

    with serving(SigningServer(settings(mandatory_headers=("host", "x-nhn-client-id")))) as server:
        with urlopen(sign("POST", f"{server.url}/v1/srv", KEY.secret, b"{}", more), timeout=30) as answer:  # noqa: S310 - the server above
            assert 200 == answer.status
        with pytest.raises(HTTPError, match="401"):
            urlopen(sign("POST", f"{server.url}/v1/srv", KEY.secret, b"{}"), timeout=30)  # noqa: S310 - the server above

    assert "application/json" == server.requests[0].headers.one("content-type")


@pytest.mark.parametrize("client", ["sign.py", *SHELLS])
@pytest.mark.parametrize("secret", [PREVIOUS.secret, "wrong", "비밀" * 30])
def test_any_secret_is_used_and_a_wrong_one_is_refused(
    server: SigningServer, client: str, secret: str
) -> None:
    url = f"{server.url}/"
    command = python_client("GET", url) if client == "sign.py" else shell_client(client, "GET", url)

    done = ran(command, SIGNING_SECRET=secret)

    assert (secret == PREVIOUS.secret) == isinstance(server.results[0], Accepted)
    assert (done.returncode == 0) == isinstance(server.results[0], Accepted)
    if secret != PREVIOUS.secret:
        assert b"4011008" in done.stdout + done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_a_secret_longer_than_a_block_is_hashed_first(shell: str, tmp_path: Path) -> None:
    # The client's HMAC is its own: compared with openssl's and ours by the header that it sends.
    fake = tmp_path / "curl"
    fake.write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done\n')
    fake.chmod(0o755)
    for secret in ("k" * 64, "k" * 65, "한" * 40, "x"):
        done = ran(
            shell_client(shell, "GET", "https://api.example/v1/srv", "b=2", "a=1"),
            SIGNING_SECRET=secret,
            PATH=f"{tmp_path}:{os.environ['PATH']}",
        )
        words = done.stdout.decode().splitlines()
        date = next(word.split(": ")[1] for word in words if word.startswith("x-nhn-date"))
        text = f"GET\n/v1/srv?a=1&b=2\n{date}\nhost:api.example"
        assert any(signature(secret, Algorithm.SHA256, text) in word for word in words), done
        assert "https://api.example/v1/srv?a=1&b=2" == words[-1]


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_the_shell_client_is_clean() -> None:
    done = ran(["shellcheck", str(EXAMPLES / "sign.sh")])

    assert b"" == done.stdout


def _curl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    made = ran([sys.executable, "-m", "cce", "gateway", "sign", *arguments, "--curl"])
    assert 0 == made.returncode, made.stderr
    assert KEY.secret.encode() not in made.stdout
    return ran([*shlex.split(made.stdout.decode()), "--silent", "--verbose"])


def test_the_curl_command_of_cce_is_let_in(server: SigningServer, tmp_path: Path) -> None:
    body = tmp_path / "a file's name"
    body.write_text('{"a": 1}')
    secret = ("--secret", "env:SIGNING_SECRET")

    _curl("GET", f"{server.url}/v1/srv?role=web&limit=10", *secret, "--header", "x-id: it's me")
    _curl("POST", f"{server.url}/v1/srv", *secret, "--body", str(body))
    _curl("HEAD", f"{server.url}", *secret)

    assert [Accepted] * 3 == [type(result) for result in server.results]
    assert "limit=10&role=web" == server.requests[0].query


def test_what_curl_says_of_a_refused_request_is_explained(server: SigningServer, tmp_path: Path) -> None:
    server.hmac = settings(mandatory_headers=["host", "x-nhn-client-id"])
    done = _curl("GET", f"{server.url}/v1/srv?a=1", "--secret", "env:SIGNING_SECRET")
    assert isinstance(server.results[0], Refused)
    dump = tmp_path / "dump"
    dump.write_bytes(done.stderr)

    explained = ran(
        [
            *(sys.executable, "-m", "cce", "gateway", "explain", str(dump), "--json"),
            *("--secret", "env:SIGNING_SECRET", "--mandatory", "host,x-nhn-client-id"),
        ]
    )

    found = json.loads(explained.stdout)
    assert (1, 4011004, True) == (explained.returncode, found["reason"], found["clock_known"])
    assert "headers= does not list x-nhn-client-id" == found["causes"][0]["detail"]
