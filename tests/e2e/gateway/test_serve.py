"""``cce gateway serve`` as its user has it: a process, curl, a backend, a log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from cce.gateway.engine import BODY_LIMIT
from cce.gateway.message import Headers, Request
from cce.gateway.signing.client import signed
from cce.gateway.signing.dates import written
from cce.gateway.signing.keys import Key
from cce.gateway.statistics.access_log import read_line
from gateway_server import Served, curl, served
from gateway_world import cors, definition, fixed, to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway_backend import Backend

_KEY = Key("current", "cce-gateway-test-secret-00000001")


def tree() -> dict[str, object]:
    return {
        "/members": {
            "methods": {"GET": to("/echo"), "POST": to("/echo"), "HEAD": to("/big/50")},
            "plugins": cors("https://portal.example"),
        },
        "/members/{id}": {"methods": {"GET": to("/m/${request.path.id}")}},
        "/files/{file+}": {"methods": {"GET": to("/d/${request.path.file+}")}},
        "/custom": {"methods": {"GET": fixed(418, '{"tea": true}')}},
        "/slow": {"methods": {"GET": to("/sleep/3")}},
        "/length": {"methods": {"POST": to("/length")}},
        "/lost": {"methods": {"GET": to("/status/404")}},
        "/report": {"methods": {"GET": {"backend": {"function": "ReportFunction"}}}},
    }


def stages(url: str) -> list[dict[str, object]]:
    return [
        {"backend": url},
        {"name": "based", "backend": f"{url}/base"},
        {"name": "dev", "backend": url, "timeout_seconds": 0.3, "blocking": {"failures": 2, "seconds": 60}},
        {"name": "shut", "backend": url, "ip_acl": {"mode": "deny", "entries": ["127.0.0.0/8"]}},
        {"name": "signed", "backend": url, "hmac": {"secret": "env:GATEWAY_SECRET", "replay": True}},
    ]


@pytest.fixture(scope="module")
def gateway(there: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    directory = tmp_path_factory.mktemp("gateway")
    file = definition(tree(), *stages(there.url))
    with served(directory, file, GATEWAY_SECRET=_KEY.secret) as server:
        yield server


@pytest.mark.row("94", "98", "99", "106", how="local")
def test_the_first_part_of_the_path_is_the_stage(gateway: Served) -> None:
    assert "/echo?a=1&a=%20" == json.loads(curl(f"{gateway.url}/members?a=1&a=%20").body)["target"]
    assert "/base/echo" == json.loads(curl(f"{gateway.url}/based/members").body)["target"]
    assert [404, 404] == [curl(f"{gateway.url}/{path}").status for path in ("prod/members", "devmembers")]


@pytest.mark.row("12", "13", "26", "150", how="local")
def test_the_path_arrives_as_curl_wrote_it(gateway: Served) -> None:
    answer = curl(f"{gateway.url}/files/a%2fb/%ED%99%8D/c%20d")

    assert "/d/a%2Fb/%ED%99%8D/c%20d" == json.loads(answer.body)["target"]
    assert "backend" == answer.headers["x-gw-origin"]


@pytest.mark.row("18", "35", "150", "4041007", how="local")
def test_a_404_says_whose_it_is(gateway: Served) -> None:
    ours, theirs = curl(f"{gateway.url}/nowhere"), curl(f"{gateway.url}/lost")

    assert (404, 404) == (ours.status, theirs.status)
    assert ({"isSuccessful": False, "resultCode": 4041007, "resultMessage": "URL Not Found"}, None) == (
        json.loads(ours.body)["header"],
        ours.headers.get("x-gw-origin"),
    )
    assert (b"by the backend", "backend") == (theirs.body, theirs.headers["x-gw-origin"])
    assert 404 == curl(f"{gateway.url}/members", "-X", "DELETE").status


@pytest.mark.row("20", how="local")
def test_head(gateway: Served) -> None:
    answer = curl(f"{gateway.url}/members", "-I")

    assert (200, "50", b"") == (answer.status, answer.headers["content-length"], answer.body)


@pytest.mark.row("24", "171", how="local")
def test_custom_answers_and_functions(gateway: Served) -> None:
    custom = curl(f"{gateway.url}/custom")

    assert (418, b'{"tea": true}', "application/json") == (
        custom.status,
        custom.body,
        custom.headers["content-type"],
    )
    assert 502 == curl(f"{gateway.url}/report").status
    assert "only API Gateway" in gateway.line('"resourcePath":"/report"')


@pytest.mark.row("116", "4031007", how="local")
def test_the_ip_acl(gateway: Served) -> None:
    answer = curl(f"{gateway.url}/shut/members", "-H", "X-Forwarded-For: 10.111.0.1")

    assert (403, 4031007) == (answer.status, json.loads(answer.body)["header"]["resultCode"])


@pytest.mark.row("152", "4131000", how="local")
def test_bodies(gateway: Served) -> None:
    for expect in ("Expect:", "Expect: 100-continue"):
        large = curl(f"{gateway.url}/length", "--data-binary", "@-", "-H", expect, stdin=b"x" * BODY_LIMIT)
        assert (200, str(BODY_LIMIT).encode()) == (large.status, large.body)
    chunked = curl(
        f"{gateway.url}/length", "--data-binary", "@-", "-H", "Transfer-Encoding: chunked", stdin=b"abc"
    )
    assert b"3" == chunked.body
    over = curl(
        f"{gateway.url}/length",
        "--data-binary",
        "@-",
        "-H",
        "Expect: 100-continue",
        stdin=b"x" * (BODY_LIMIT + 1),
    )
    assert (413, 4131000) == (over.status, json.loads(over.body)["header"]["resultCode"])


@pytest.mark.row("154", "155", "5040001", "5030001", how="local")
def test_a_late_backend_is_blocked(gateway: Served, there: Backend) -> None:
    slow, before = f"{gateway.url}/dev/slow", len(there.asked)

    assert [504, 504, 503] == [curl(slow).status for _ in range(3)]
    assert 2 == len(there.asked) - before


def signed_arguments(url: str, method: str = "GET", body: bytes = b"") -> list[str]:
    host, _, rest = url.removeprefix("http://").partition("/")
    path, _, query = f"/{rest}".partition("?")
    asked = Request(
        method, path, path, query, Headers((("Host", host),)), ip_address("127.0.0.1"), "id", body
    )
    made = signed(asked, _KEY, written(datetime.now(UTC)))
    lines = [f"{name}: {value}" for name, value in made.headers if name.lower() != "host"]
    return ["-X", method, *(argument for line in lines for argument in ("-H", line))]


@pytest.mark.row("123", "124", "129", "133", "134", how="local")
def test_signed_requests(gateway: Served) -> None:
    url = f"{gateway.url}/signed/members?b=2&a=1"
    canonical = f"{gateway.url}/signed/members?a=1&b=2"
    arguments = signed_arguments(canonical)

    assert [200, 401] == [curl(canonical, *arguments).status for _ in range(2)], "a signature is good once"
    unsigned = curl(url)
    assert (401, 4011008) == (unsigned.status, json.loads(unsigned.body)["header"]["resultCode"])
    assert "4011001" in gateway.line(unsigned.headers["x-request-id"])
    assert _KEY.secret not in gateway.said


@pytest.mark.row("123", how="local")
def test_a_changed_body(gateway: Served) -> None:
    url = f"{gateway.url}/signed/members"

    assert 200 == curl(url, *signed_arguments(url, "POST", b"ten"), "--data-binary", "ten").status
    assert 401 == curl(url, *signed_arguments(url, "POST", b"two"), "--data-binary", "ten").status


@pytest.mark.row("166", "167", "168", "171", how="local")
def test_the_access_log(gateway: Served) -> None:
    answer = curl(f"{gateway.url}/members/id7")
    line = gateway.line('"resourcePath":"/members/{id}"')
    record = read_line(line)

    assert ("members", "", "GET", "/members/{id}", 200, "backend", len(answer.body)) == (
        record.service,
        record.stage,
        record.method,
        record.path,
        record.status,
        record.answered_by,
        record.bytes_out,
    )
    assert "127.0.0.1" == json.loads(line)["client"]


@pytest.mark.row("148", how="local")
def test_it_says_where_every_stage_is_and_how_to_call_it(gateway: Served) -> None:
    for name in ("", "/dev", "/shut", "/signed"):
        assert f"curl {gateway.url}{name}/members\n" in gateway.said
        assert f"curl -g '{gateway.url}{name}/members/{{id}}'\n" in gateway.said
    preflight = "-H 'Origin: https://portal.example' -H 'Access-Control-Request-Method: GET'"
    assert f"curl -X OPTIONS {preflight} {gateway.url}/members " in gateway.said
    assert "HMAC: sign with `cce gateway sign`" in gateway.said


def test_two_requests_of_one_connection(gateway: Served) -> None:
    command = ["curl", "-sS", "-o", os.devnull, "-o", os.devnull, "-w", "%{http_code} %{num_connects};"]
    both = [f"{gateway.url}/custom", f"{gateway.url}/members"]
    done = subprocess.run([*command, *both], capture_output=True, text=True, timeout=30, check=True)

    assert "418 1;200 0;" == done.stdout


def test_requests_under_way_are_answered_before_it_stops(there: Backend, tmp_path: Path) -> None:
    answers: list[int] = []
    file = definition({"/slow": {"methods": {"GET": to("/sleep/1.5")}}}, {"backend": there.url})
    with served(tmp_path, file) as server:
        before = len(there.asked)
        caller = threading.Thread(target=lambda: answers.append(curl(f"{server.url}/slow").status))
        caller.start()
        while len(there.asked) == before:
            time.sleep(0.02)
        server.stop(signal.SIGTERM)
        caller.join(20)

        assert [200] == answers
        assert '"status":"200"' in server.said, "the log is whole"


def start(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cce", "gateway", "serve", str(path), "--port", "0", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_what_keeps_it_from_starting(tmp_path: Path) -> None:
    wrong, right = tmp_path / "wrong.yaml", tmp_path / "right.yaml"
    wrong.write_text("gateway: 1\nservices: [{name: a, resources: {x: {}}}]\n")
    right.write_bytes(
        definition({"/a": {"methods": {"GET": fixed(200)}}}, {"hmac": {"secret": "prod/gateway"}})
    )
    cases = [
        (start(wrong), "wrong.yaml:2:"),
        (start(tmp_path / "none.yaml"), "cannot be read"),
        (start(right, "--service", "b"), "no service 'b'; it has: members"),
        (start(right, "--stage", "dev"), "no stage 'dev'; it has: '' (the default stage)"),
        (start(right), "the default stage: a local secret is named as env:NAME or file:PATH"),
        (start(right, "--secret", "env:GATEWAY_NONE"), "no variable GATEWAY_NONE"),
        (start(right, "--secret", "env:PATH", "--host", "192.0.2.1"), "cannot listen on 192.0.2.1"),
        (start(right, "--secret", "env:PATH", "--zone", "Asia/Nowhere"), "no time zone 'Asia/Nowhere'"),
        (start(right, "--secret", "env:PATH", "--statistics", str(tmp_path)), "statistics in"),
        (start(right, "--patience", "0"), "argument --patience: '0' is not between 0 and"),
        (start(right, "--connections", "0"), "argument --connections: '0' leaves no connection"),
    ]
    for done, message in cases:
        assert (2, True) == (done.returncode, message in done.stderr), done.stderr
        assert "Traceback" not in done.stderr
