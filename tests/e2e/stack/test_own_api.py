"""The product's own API as a service of the gateway: the file as committed, deployed, signed and called."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import pytest

from gateway_server import Answer, curl
from gateway_stack import GatewayStack, signed_headers
from stack import API_KEY, HUB, REGION
from templates import ROOT

if TYPE_CHECKING:
    from stack import Stack

pytestmark = pytest.mark.stack

SECRET: Final = "cce-gateway-test-secret-00000002"
SRVID: Final = f"{HUB}/{REGION}/i-0c1b2c3d4e5f60718"
ENCODED: Final = quote(SRVID, safe="")


@pytest.fixture(scope="module")
def url(stack: Stack) -> str:
    """Where the service answers. MiniStack knows it by its host, so what is signed is as on AWS."""
    stack.lab.client("secretsmanager").create_secret(Name="cce-gateway/private-api", SecretString=SECRET)
    own = GatewayStack(stack, ROOT / "gateway/private-api.yaml")
    own.ship("v1")
    api = own.done("url", "--stage", "v1").removeprefix("https://").partition("-")[0]
    return f"http://{api}.execute-api.localhost:{urlsplit(stack.lab.endpoint).port}/v1"


def _by_command(method: str, url: str, *more: str) -> Answer:
    """Run what ``cce gateway sign --curl`` prints."""
    command = [sys.executable, "-m", "cce", "gateway", "sign", method, url, "--secret", "env:SIGNING_SECRET"]
    printed = subprocess.run(
        [*command, "--curl", *more],
        env=os.environ | {"SIGNING_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    _, *arguments, target = shlex.split(printed.stdout)
    return curl(target, *arguments)


def _signed(url: str, method: str = "GET", secret: str = SECRET) -> Answer:
    parts = urlsplit(url)
    headers = signed_headers(secret, parts.netloc, parts.path, parts.query, method)
    sent = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    return curl(url, "-X", method, *sent)


@pytest.fixture(scope="module")
def made(url: str, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """The answer to a record that is created."""
    body = tmp_path_factory.mktemp("own") / "record.json"
    body.write_text(json.dumps({"name": "own-1", "service": "인터넷뱅킹", "alive": False}), encoding="utf-8")
    return _by_command("PUT", f"{url}/srv/{ENCODED}", "--header", "If-None-Match: *", "--body", str(body))


def test_a_record_is_created_and_found_where_the_answer_says(url: str, made: Answer) -> None:
    assert (201, f"/v1/srv/{ENCODED}") == (made.status, made.headers["location"])
    found = _by_command("GET", url.removesuffix("/v1") + made.headers["location"])
    assert (200, made.body, made.headers["etag"]) == (found.status, found.body, found.headers["etag"])
    assert "인터넷뱅킹" == json.loads(found.body)["service"]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/srv?account={HUB}&name=own-", 200),
        (f"/srv/{ENCODED}", 200),
        (f"/srv/{SRVID}", 200),
        (f"/srv/{SRVID.rsplit('/', 1)[1]}/findings", 200),
        (f"/srv/{quote(SRVID.replace('/', ':'), safe=':')}", 400),
        (f"/srv/{quote(SRVID.replace('/', ':'), safe='')}", 400),
        ("/assessments/20200101T000000Z-0000", 404),
    ],
)
def test_a_signed_call_is_answered_as_one_with_the_key(
    stack: Stack, url: str, path: str, status: int
) -> None:
    signed = _signed(f"{url}{path}")
    keyed = stack.ask("GET", path)

    assert (status, status, keyed[2]) == (signed.status, keyed[0], json.loads(signed.body))
    assert keyed[1]["content-type"] == signed.headers["content-type"]


def test_the_statistics_are_those_of_the_api_with_the_key(stack: Stack, url: str) -> None:
    """But for one name: which API is its own, the function knows only of the one that asks."""
    signed = json.loads(_signed(f"{url}/gateway/statistics").body)["items"]
    _, _, keyed = stack.ask("GET", "/gateway/statistics")

    assert [each | {"name": ""} for each in keyed["items"]] == [each | {"name": ""} for each in signed]


def test_who_does_not_sign_gets_no_reason(url: str) -> None:
    unsigned, forged = curl(f"{url}/srv"), _signed(f"{url}/srv", secret=SECRET[::-1])

    assert (401, 401, unsigned.body) == (unsigned.status, forged.status, forged.body)
    assert 4011008 == json.loads(unsigned.body)["header"]["resultCode"]
    assert 401 == curl(f"{url}/srv", "-H", f"x-api-key: {API_KEY}").status


def test_what_the_api_does_not_have_is_404(url: str) -> None:
    answers = [_signed(f"{url}/nowhere"), _signed(f"{url}/srv", "DELETE"), curl(f"{url}/nowhere")]

    assert [(404, 4041007)] * 3 == [
        (each.status, json.loads(each.body)["header"]["resultCode"]) for each in answers
    ]
