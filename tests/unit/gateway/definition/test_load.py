"""A definition file is read whole, or refused line by line; nothing of it is guessed."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.load import load, parse

EXAMPLE = Path(__file__).resolve().parents[4] / "docs/examples/gateway/members.yaml"
TEXT = EXAMPLE.read_text("utf-8")


def _problems(body: bytes) -> tuple[str, ...]:
    """The problems of a file; none if it is right. No other exception comes out."""
    try:
        load(body, "f.yaml")
    except GatewayDefinitionError as error:
        return error.problems
    return ()


@pytest.mark.row("9", how="definition")
def test_a_path_of_255_characters_is_the_longest() -> None:
    path = "/" + "p" * 254

    assert (
        path
        in parse(f"gateway: 1\nservices: [{{name: a, resources: {{{path}: {{}}}}}}]".encode(), "f")
        .services[0]
        .resources
    )


@pytest.mark.row("36", how="definition")
def test_100_methods_are_allowed_and_the_options_that_cors_makes_do_not_count() -> None:
    methods = ", ".join(f"{method}: {{backend: {{custom: {{status: 200}}}}}}" for method in ("GET", "PUT"))
    cors = "plugins: {cors: {allow_origins: ['*']}}"
    paths = "".join(f"    /a{n}: {{{cors}, methods: {{{methods}}}}}\n" for n in range(50))

    assert () == _problems(f"gateway: 1\nservices:\n- name: a\n  resources:\n{paths}".encode())


@pytest.mark.row("120", how="definition")
def test_equal_meanings_have_one_spelling() -> None:
    def stage(path: str, origin: str, entries: str) -> str:
        return f"""\
            gateway: 1
            services:
            - name: a
              resources:
                {path}:
                  plugins: {{cors: {{allow_origins: ["{origin}"]}}}}
                  methods: {{GET: {{backend: {{http: {{path: /}}}}}}}}
              stages:
              - backend: http://b.example
                overrides: [{{method: GET, path: {path}, backend: "http://c.example"}}]
                ip_acl: {{mode: allow, entries: {entries}}}
            """

    one = stage("/a/", "HTTPS://P.example:443", '"10.0.0.1/24 10.0.0.0/24, ::ffff:192.0.2.1"')
    other = stage("/a", "https://p.example", '["10.0.0.0/24", "192.0.2.1"]')

    assert parse(dedent(one).encode(), "f") == parse(dedent(other).encode(), "f")


def test_problems_of_form_hide_none_of_meaning_and_all_stand_in_the_order_of_the_file() -> None:
    body = dedent(
        """\
        gateway: 2
        services:
          - name: a
            resources:
              /a:
                methods:
                  TRACE: {backend: {custom: {status: 200}}}
                  GET: {backend: {custom: {status: 100}}, name: 1}
                  PUT: {backend: {http: {path: abc}}, nam: x}
              /b/{x}: {}
              /b/{y}/c: {plugins: {cors: {allow_origins: 1}, request_headers: {set: {host: x}}}}
              /d: 4
            stages:
            - backend: http://169.254.169.254
              name: A-b
              overrides: [{method: GET, path: /q, backend: "http://c.example"}]
              blocking: {failures: 0}
            - backend: 3
            - backend: http://b.example
              ip_acl: {mode: deny, entries: [x]}
            - 5
          - name: a
            resources: 1
            stages: 2
          - 7
        extra: 1
        """
    )

    *problems, more = _problems(body.encode())

    lines = [int(problem.split(":")[1]) for problem in problems]
    assert [1, 7, 8, 8, 9, 9, 11, 11, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] == lines, problems
    assert "and 3 more problems" == more


def test_a_secret_that_stands_where_only_its_name_may_stand_is_not_repeated() -> None:
    stage = "  stages: [{backend: 'http://b.example', hmac: {secret: 'hush hush!', secrt: hush}}]"
    body = f"gateway: 1\nservices:\n- name: a\n  resources: {{/a: {{}}}}\n{stage}"

    problems = _problems(body.encode())

    assert 2 == len([problem for problem in problems if ".hmac." in problem])
    assert "hush" not in " ".join(problems)


def test_a_byte_order_mark_is_no_text() -> None:
    assert () == _problems(b"\xef\xbb\xbf" + EXAMPLE.read_bytes())


def test_backends_on_this_machine_are_for_the_local_server_only() -> None:
    body = TEXT.replace("https://members.example/api", "http://localhost:8080").encode()

    assert "localhost is the machine that asks" in _problems(body)[0]
    assert "http://localhost:8080" == parse(body, "f", local=True).services[0].stages[0].backend


PIECES = (
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "\n",
    "*a",
    "&a ",
    '"',
    "~",
    "1e9",
    "\u202e",
    "| ",
    "${",
    "/",
    ".inf",
    "GET",
)


@settings(deadline=None, max_examples=60)
@given(at=st.integers(0, len(TEXT)), cut=st.integers(0, 40), piece=st.sampled_from(PIECES))
def test_a_file_that_was_damaged_anywhere_is_read_or_refused_by_line(at: int, cut: int, piece: str) -> None:
    problems = _problems((TEXT[:at] + piece + TEXT[at + cut :]).encode())

    assert [] == [p for p in problems if not re.match(r"f\.yaml:\d+: |and \d+ more", p)]
