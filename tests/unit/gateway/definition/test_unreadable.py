"""A file that is no definition at all, or has not its form, is refused with what to do about it."""

from __future__ import annotations

import pytest

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.load import LIMIT, load


def _problems(body: bytes) -> tuple[str, ...]:
    with pytest.raises(GatewayDefinitionError) as caught:
        load(body, "f.yaml")
    return caught.value.problems


NO_YAML = "this is no YAML: "
LAYOUT = (
    "see that the line is indented with blanks as its neighbours, that quotes and brackets close, and that a "
    "text with ': ' or ' #' stands in quotes"
)

NO_TOKEN = "found character that cannot start any token"
NO_VALUE = "mapping values are not allowed in this context"
WIDE = "there is a wide blank in the line before"
QUOTE = f"{LAYOUT}; there is a typographic quote in this line, where YAML wants '\"'"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "1: the file is empty; a definition begins with gateway: 1"),
        (b"# nothing\n", "1: the file is empty; a definition begins with gateway: 1"),
        (b"- a", "1: the file: a definition is a mapping that begins with gateway: 1"),
        (b"gateway: 1\n# \xff", "2: this is not UTF-8; save the file as UTF-8"),
        ("gateway: 1".encode("utf-16"), "1: this is UTF-16; save the file as UTF-8"),
        (
            b"\x89PNG\r\n\x1a\n\0\0",
            "1: this is no text but data of a program; see that it is the right file",
        ),
        (
            b"#" * (LIMIT + 1),
            f"1: larger than {LIMIT} bytes, as no definition is; see that it is the right file",
        ),
        (b"gateway: 1\ngateway: 1", "2: 'gateway' stands here and in line 1; keep one"),
        (b"a: &a [1]\nb: [*a, *a]", "2: aliases (*a) are not read; write it out"),
        (
            b"a: " + b"[" * 30 + b"]" * 30,
            "1: nested too deeply to be a definition; see that brackets close",
        ),
        (b"a: 1\n{id}: 2", "2: a key must be text; write it in quotes"),
        (
            b"openapi: 3.0.3\ninfo: {title: a}",
            "1: this is an OpenAPI document; make a definition of it: cce gateway import f.yaml",
        ),
        (b"a: 1\n---\nb: 1", f"2: {NO_YAML}a second document begins here; take --- and what follows it out"),
        (b"a: 1\nb: \0", f"2: {NO_YAML}U+0000 may not stand in it; take it out"),
        (
            b"a:\n  b: 1\n c: 2",
            f"3: {NO_YAML}did not find expected key, in what begins in line 1; {LAYOUT}",
        ),
        (b"a:\n\tb: 1", f"2: {NO_YAML}{NO_TOKEN}; there is a tab in this line; write blanks"),
        ("a:\n  b:\n\u3000c: 1\n  d: 2".encode(), f"4: {NO_YAML}{NO_VALUE}; {WIDE}; write blanks"),
        ("a: {b: \u201cc: d\u201d}".encode(), f"1: {NO_YAML}did not find expected ',' or '}}'; {QUOTE}"),
    ],
)
def test_a_file_that_is_none_is_refused(body: bytes, said: str) -> None:
    assert (f"f.yaml:{said}",) == _problems(body)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("", "stages.0: nothing is written here: write it as a mapping: key: …"),
        ("{backend: }", "stages.0.backend: nothing is written here: it must be text: write it in quotes"),
        ("{backend: 'http://b.example', timeout_seconds: 29s}", "write a number, without quotes and without"),
        (
            "{backend: 'http://b.example', hmac: gateway/a}",
            "stages.0.hmac: write {secret: NAME}, the name of",
        ),
        ("{backend: 'http://b.example', ip_acl: [10.0.0.1]}", "write {mode: allow, entries: [10.0.0.0/24]}"),
        (
            "{backend: 'http://b.example', hmac: {secret: a, alow_sha1: true}}",
            "did you mean allow_sha1? There",
        ),
        ("{backend: 'http://b.example', <<: {}}", "there is no such key here; there are: name, description"),
    ],
)
def test_what_to_write_instead_is_said(stage: str, said: str) -> None:
    tree = "{/a: {methods: {GET: {backend: {custom: {status: 200}}}}}}"

    (problem,) = _problems(
        f"gateway: 1\nservices:\n- name: a\n  resources: {tree}\n  stages:\n  - {stage}\n".encode()
    )

    assert said in problem
