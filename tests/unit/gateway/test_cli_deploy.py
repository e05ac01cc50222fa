"""``cce gateway`` from the draft to the roll-back, with a book in a directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cce.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLE = Path(__file__).resolve().parents[3] / "docs/examples/gateway/members.yaml"


@pytest.fixture
def cce(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, str, str]]:
    file = tmp_path / "members.yaml"
    file.write_bytes(EXAMPLE.read_bytes())

    def run(verb: str, *arguments: str) -> tuple[int, str, str]:
        status = main(["gateway", verb, str(file), *arguments, "--book", str(tmp_path / "book")])
        said = capsysbinary.readouterr()
        return status, said.out.decode(), said.err.decode()

    return run


def _change(tmp_path: Path) -> None:
    file = tmp_path / "members.yaml"
    file.write_text(file.read_text("utf-8").replace("max_age: 600", "max_age: 601"), encoding="utf-8")


@pytest.mark.row("46", "47", "49", "111", "112", "113", "115", how="cli")
def test_a_change_goes_through_every_state(cce: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    assert "draft not applied" in cce("status")[1]
    assert 0 == cce("apply", "--stage", "dev")[0]
    assert "not deployed" in cce("status")[1]
    assert "deployment 1 of" in cce("deploy", "--stage", "dev", "--description", "the first")[1]
    assert "serves deployment 1     up to date" in cce("status")[1]

    _change(tmp_path)
    status, diff, _ = cce("diff", "--stage", "dev")
    assert (0, True) == (status, diff.startswith("stage dev: draft not applied\n"))
    assert "~ /members: plugins.cors.max_age: 600 -> 601" in diff
    assert "  relay    POST    /members\n" in diff
    assert "a proxy of API Gateway adds none" in diff
    assert 0 == cce("apply", "--stage", "dev")[0]
    assert 0 == cce("deploy", "--stage", "dev")[0]
    assert "deployment 3 serves" in cce("rollback", "--stage", "dev", "--to", "1")[1]
    assert [("*", "3"), ("2", ""), ("1", "")] == [
        (line.split()[0], line.split()[1] if line.startswith("*") else "")
        for line in cce("history", "--stage", "dev")[1].splitlines()
    ]


@pytest.mark.row("50", "109", "110", "149", how="cli")
def test_what_the_state_forbids_ends_in_2_and_one_line(cce: Callable[..., tuple[int, str, str]]) -> None:
    for verb, arguments, words in (
        ("deploy", (), "nothing of service 'members' was applied yet"),
        ("url", (), "is not deployed, so it has no URL"),
        ("delete-stage", (), "say --yes"),
        ("apply", ("--stage", "prod"), "has no stage prod; it has: (default), dev; name one with --stage"),
    ):
        status, out, said = cce(verb, *arguments)
        assert (2, "", 1, True) == (status, out, len(said.splitlines()), words in said), said
    assert "never deployed\n" == cce("history")[1]


@pytest.mark.row("21", "94", "98", "99", "100", "101", "148", how="cli")
def test_the_url_names_api_and_endpoint_and_shows_every_method(
    cce: Callable[..., tuple[int, str, str]],
) -> None:
    cce("apply")
    cce("deploy")
    lines = cce("url")[1].splitlines()

    assert "-vpce-0123456789abcdef0.execute-api.ap-northeast-2.amazonaws.com/default" in lines[0]
    assert "# requests must be signed: cce gateway sign" in lines[1]
    assert f"curl -X POST {lines[0]}/members   # add a member" in lines
    assert f"curl -I {lines[0]}/status   # alive" in lines
    assert f"curl -g '{lines[0]}/members/{{memberId}}'   # one member" in lines
    origin = "-H 'Origin: https://portal.example' -H 'Access-Control-Request-Method: GET'"
    assert f"curl -X OPTIONS {origin} {lines[0]}/members   # preflights of browsers" in lines
    assert [] == [line for line in lines[2:] if not line.startswith("curl ")]
    assert 0 == cce("delete-stage", "--yes")[0]
    assert 2 == cce("url")[0]


@pytest.mark.row("48", how="cli")
def test_a_service_without_a_stage_is_not_applied(
    cce: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "members.yaml"
    file.write_text(file.read_text("utf-8").partition("    stages:")[0], "utf-8")

    assert "has no stage (default); it has: none" in cce("apply")[2]
    assert not (tmp_path / "book").exists()


@pytest.mark.row("40", "60", how="cli")
def test_looking_at_a_draft_stores_nothing(cce: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    assert [0, 0, 0] == [cce(verb)[0] for verb in ("diff", "compile", "status")]
    assert not (tmp_path / "book").exists()


@pytest.mark.row("5", "107", how="cli")
def test_every_service_is_listed_with_its_stages_also_those_that_left_the_file(
    cce: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    cce("apply", "--stage", "dev")
    cce("deploy", "--stage", "dev")
    file = tmp_path / "members.yaml"
    tree = "{/a: {methods: {GET: {backend: {custom: {status: 200}}}}}}"
    other = f"  - {{name: 출금, resources: {tree}, stages: [{{name: v1, backend: 'http://b.example'}}]}}\n"
    file.write_text(file.read_text("utf-8").replace("name: dev", "name: test") + other, "utf-8")

    assert [
        "service members",
        "  (default)                       serves nothing          draft not applied",
        "  test                            serves nothing          draft not applied",
        "  dev                             serves deployment 1     not in the file; delete-stage removes it",
        "service 출금",
        "  v1                              serves nothing          draft not applied",
    ] == cce("status")[1].splitlines()
    assert ["service 출금"] == cce("status", "--service", "출금")[1].splitlines()[:1]
    assert 0 == cce("delete-stage", "--stage", "dev", "--service", "members", "--yes")[0]


@pytest.mark.row("75", "127", how="cli")
def test_what_the_file_gives_up_is_said_before_it_is_applied(
    cce: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "members.yaml"
    file.write_text(file.read_text("utf-8").replace("window_seconds: 300", "window_seconds: 0"), "utf-8")

    for verb in ("diff", "apply"):
        assert "warning: " in cce(verb)[2]
    assert "window_seconds is 0" in cce("compile")[2]


def test_a_damaged_book_is_named(cce: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    cce("apply", "--stage", "dev")
    services = tmp_path / "book/services.json"
    services.write_text("[{", "utf-8")

    status, _, said = cce("status")

    assert (2, True) == (status, f"the book's {services} is damaged" in said), said


@pytest.mark.row("23", how="cli")
def test_with_a_vpc_link_diff_shows_what_api_gateway_would_do_alone(
    cce: Callable[..., tuple[int, str, str]], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    dev = ("--stage", "dev")
    without, linked = cce("diff", *dev)[1], cce("diff", *dev, "--vpc-link", "a1b2c3")[1]

    assert "  relay    GET     /files/{file+}\n           API Gateway would call the backend from" in without
    assert "  native   GET     /files/{file+}\n           API Gateway passes the request on by" in linked
    of_stack = ["gateway", "diff", str(tmp_path / "members.yaml"), "--stack", "cce", "--vpc-link", "a1b2c3"]
    assert 2 == main(of_stack)
    assert b"--vpc-link is for --book" in capsysbinary.readouterr().err


def test_compile_prints_the_document_and_what_may_surprise(cce: Callable[..., tuple[int, str, str]]) -> None:
    status, out, said = cce("compile", "--stage", "dev")

    assert (0, "3.0.1") == (status, json.loads(out)["openapi"])
    assert said.startswith("note: pages of other origins cannot read the refusals")


@pytest.mark.row("154", "G7", how="cli")
def test_a_raised_quota_is_named(cce: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    file = tmp_path / "members.yaml"
    file.write_text(file.read_text("utf-8").replace("timeout_seconds: 20", "timeout_seconds: 50"), "utf-8")

    assert "CCE-602" in cce("apply")[2]
    assert 0 == cce("apply", "--integration-seconds", "60")[0]
