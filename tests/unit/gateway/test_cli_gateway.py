"""``cce gateway sign`` and ``cce gateway explain``."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from authorizer_world import EVENT
from cce.cli import main
from cce.gateway.signing.explain.recording import read
from signing_world import DATE, HOST, KEY, judged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

URL = f"https://{HOST}/v1/srv"


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setenv("SIGNING_SECRET", KEY.secret)
    return "--secret", "env:SIGNING_SECRET"


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    return lambda data: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_sign_prints_headers_that_are_accepted(
    secret: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = tmp_path / "body"
    body.write_bytes(b"{}")
    more = ("--header", "X-Id: 1", "--date", DATE, "--body", str(body))
    assert 0 == main(["gateway", "sign", "POST", f"{URL}?b=1&a=2", *secret, *more])
    out, err = capsys.readouterr()

    request = f"POST /v1/srv?a=2&b=1 HTTP/1.1\nHost: {HOST}\nX-Id: 1\ncontent-length: 2\n{out}\n{{}}"
    assert "current" == getattr(judged(read(request.encode()).request), "key", None)
    assert 'headers="host,x-id,content-digest"' in out
    assert f"send the query in the form that is signed: {URL}?a=2&b=1" in err
    assert KEY.secret not in out + err


def test_sign_takes_the_secret_from_a_file_or_standard_input(
    tmp_path: Path, stdin: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "secret"
    file.write_text(KEY.secret + "\n")
    stdin(KEY.secret.encode() + b"\n")
    asked = ["gateway", "sign", "GET", URL, "--date", DATE, "--secret"]
    assert [0, 0] == [main([*asked, where]) for where in (f"file:{file}", "-")]

    out, err = capsys.readouterr()
    assert out[: len(out) // 2] == out[len(out) // 2 :]
    assert "" == err
    stdin(b"short\n")
    assert 0 == main([*asked, "-", "--sha1"])
    out, err = capsys.readouterr()
    assert "HmacSHA1" in out
    assert "fewer than 32 bytes" in err


@pytest.mark.parametrize("where", ["hunter2-hunter2", "env:ABSENT", "file:/absent", "-"])
def test_a_secret_that_is_not_there_is_named_and_one_on_the_command_line_refused(
    where: str, stdin: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(b"\xff")

    assert 2 == main(["gateway", "sign", "GET", URL, "--secret", where])
    out, err = capsys.readouterr()
    assert "" == out
    assert "CCE-620" in err
    assert "hunter2" not in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["get", URL], "in capitals"),
        (["GET", "/v1/srv"], "https://host"),
        (["GET", "https://user:pw@api.example/"], "https://host"),
        (["GET", "https://[/"], "is no URL"),
        (["GET", "https://api.example/홍"], "percent-encoded"),
        (["GET", "https://api.example:99999/"], "Port out of range"),
        (["GET", URL, "--header", "x"], "NAME: VALUE"),
        (["GET", URL, "--header", "a b: c"], "NAME: VALUE"),
        (["GET", URL, "--header", "Host: other"], "leave it out"),
    ],
)
def test_what_cannot_be_signed_is_refused(
    arguments: list[str], words: str, secret: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["gateway", "sign", *arguments, *secret])
    assert words in capsys.readouterr().err


def test_a_date_that_servers_refuse_is_signed_and_told_of(
    secret: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == main(["gateway", "sign", "GET", URL, *secret, "--date", "yesterday"])
    out, err = capsys.readouterr()

    assert "x-nhn-date: yesterday\n" in out
    assert "servers refuse this --date; write it as 2026-11-22T01:02:03Z" in err


def test_a_body_that_cannot_be_read(secret: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["gateway", "sign", "POST", URL, *secret, "--body", "/absent"])
    assert "body /absent cannot be read" in capsys.readouterr().err


def test_explain_says_what_became_of_an_event(
    secret: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps(EVENT))
    wrong = tmp_path / "string"
    wrong.write_text(f"GET\n/srv?limit=10&role=web\n{DATE}\nhost:{HOST}")
    explained = ["gateway", "explain", str(event), "--language", "en"]

    assert 0 == main([*explained, *secret])
    assert capsys.readouterr().out.startswith("accepted\n")
    assert 2 == main(explained)
    assert "without the secret" in capsys.readouterr().out
    assert 1 == main([*explained, "--signed-string", str(wrong)])
    assert "* stage-left-out: " in capsys.readouterr().out
    assert 1 == main([*explained, *secret, "--mandatory", "host,x-id", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert ("refused", 4011004) == (found["verdict"], found["reason"])
    assert "필수 헤더" in found["causes"][0]["ko"]


def test_explain_reads_standard_input_once(
    stdin: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(json.dumps(EVENT).encode())
    assert 2 == main(["gateway", "explain", "-"])
    assert "" == capsys.readouterr().err
    assert 2 == main(["gateway", "explain", "-", "--secret", "-"])
    assert "name a file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["/absent"], "/absent cannot be read"),
        (["/"], "/ cannot be read: Is a directory; name a file in it"),
        (["/dev/null"], "/dev/null: the recording does not begin with a request line"),
        ([__file__], "give an event of API Gateway (JSON), a raw HTTP request, or what curl -v printed"),
    ],
)
def test_what_cannot_be_explained_is_an_error(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == main(["gateway", "explain", *arguments])
    assert words in capsys.readouterr().err


def test_options_of_the_stage_that_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps(EVENT))

    for option, value, words in (
        ("--window", "-1", "window_seconds is -1; write 0 (not checked) to 86400 (a day)\n"),
        ("--mandatory", "a b", "mandatory_headers holds 'a b', which is no name of a header\n"),
    ):
        assert 2 == main(["gateway", "explain", str(event), option, value])
        said = capsys.readouterr().err
        assert said.endswith(words), "nothing of pydantic's own"
