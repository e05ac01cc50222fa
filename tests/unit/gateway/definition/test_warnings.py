"""What a right definition may not have been meant to say is told with its place; the rest passes silently."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from cce.gateway.definition.load import load

OK = "{backend: {custom: {status: 200}}}"
STAGE = "{backend: 'http://b.example', hmac: {secret: 'env:SECRET'}}"


def _warnings(resources: str, stages: str = "") -> list[str]:
    tree = indent(dedent(resources).strip(), "    ")
    file = f"gateway: 1\nservices:\n- name: a\n  resources:\n{tree}\n"
    if stages:
        file += f"  stages:\n{indent(dedent(stages).strip(), '  ')}\n"
    warnings = load(file.encode(), "f").warnings
    return [warning.removeprefix("f:").replace("services.0.", "", 1) for warning in warnings]


def _of_stage(stage: str) -> list[str]:
    return _warnings(
        f"/a: {{methods: {{GET: {OK}}}}}", f"- backend: http://b.example\n{indent(dedent(stage), '  ')}"
    )


@pytest.mark.row("58", "75", how="definition")
def test_plugins_and_options_that_are_replaced_are_named_with_what_replaces_them() -> None:
    got = _warnings(
        f"""\
        /a:
          plugins:
            cors: {{overwrite_below: true, allow_origins: ["*"]}}
            request_headers: {{overwrite_below: true, set: {{x-a: a}}}}
          methods:
            PUT: {{backend: {{custom: {{status: 200}}}}, plugins: {{request_headers: {{set: {{x-a: d}}}}}}}}
        /a/b:
          plugins:
            cors: {{allow_origins: ["http://o.example"]}}
            request_headers: {{set: {{x-a: b}}}}
          methods:
            OPTIONS: {OK}
            GET: {{backend: {{custom: {{status: 200}}}}, plugins: {{request_headers: {{set: {{x-a: c}}}}}}}}
        /c:
          plugins: {{cors: {{allow_origins: ["*"]}}}}
          methods: {{OPTIONS: {OK}}}
        """
    )

    asked = "the request_headers of /a, which has overwrite_below, replaces this one"
    assert [
        f"10: resources./a.methods.PUT.plugins.request_headers: {asked}",
        "13: resources./a/b.plugins.cors: the cors of /a, which has overwrite_below, replaces this one",
        f"14: resources./a/b.plugins.request_headers: {asked}",
        "16: resources./a/b.methods.OPTIONS: the OPTIONS that the cors of /a makes replaces this one",
        f"17: resources./a/b.methods.GET.plugins.request_headers: {asked}",
        "20: resources./c.methods.OPTIONS: the OPTIONS that the cors of /c makes replaces this one",
    ] == got


@pytest.mark.row("71", how="definition")
@pytest.mark.parametrize(
    ("headers", "hmac", "warned"),
    [
        ('["*"]', "", False),
        ('["*"]', "{secret: gateway/a}", True),
        ('["*"]', "{secret: gateway/a, enabled: false}", False),
        ('["*", Authorization]', "{secret: gateway/a}", False),
    ],
)
def test_a_star_does_not_let_browsers_send_a_signature(headers: str, hmac: str, *, warned: bool) -> None:
    cors = f"{{allow_origins: ['*'], allow_headers: {headers}}}"
    tree = f"/a: {{plugins: {{cors: {cors}}}, methods: {{GET: {OK}}}}}"
    stage = f"- {{backend: 'http://b.example'{f', hmac: {hmac}' if hmac else ''}}}"

    got = [warning for warning in _warnings(tree, stage) if "allow_headers" in warning]

    assert warned == bool(got)
    assert all("list authorization and x-nhn-date" in warning for warning in got)


def test_with_credentials_a_star_is_a_name() -> None:
    plugin = "{allow_origins: ['http://o.example'], allow_credentials: true, expose_headers: ['*']}"

    said = "with allow_credentials browsers take * for a name; list the headers"
    assert [f"5: resources./a.plugins.cors.expose_headers: {said}"] == _warnings(
        f"/a: {{plugins: {{cors: {plugin}}}}}"
    )


@pytest.mark.row("118", "119", "120", "G10", how="definition")
def test_of_a_pasted_list_every_line_that_is_read_otherwise_is_named() -> None:
    got = _of_stage(
        """\
        ip_acl:
          mode: deny
          entries: |
            10.0.0.1/24  # the guide's own example
            10.0.0.0/24, 192.0.2.1

            192.0.2.1
        """
    )

    place = "stages.0.ip_acl"
    passing = "callers with IPv6 addresses pass: a private endpoint has both kinds"
    assert [
        f"9: {place}.mode: {passing}; add ::/0 to refuse them",
        f"11: {place}.entries.0: 10.0.0.1/24 is read as 10.0.0.0/24",
        f"12: {place}.entries.1: 10.0.0.0/24 is 10.0.0.1/24 again; they count once",
        f"14: {place}.entries.3: 192.0.2.1 is 192.0.2.1 again; they count once",
    ] == got


@pytest.mark.row("117", "121", how="definition")
def test_100_addresses_are_allowed_after_equal_ones_are_merged() -> None:
    entries = ", ".join(f"10.0.{n % 100}.1" for n in range(150))

    got = _of_stage(f'ip_acl: {{mode: allow, entries: "{entries}"}}')

    assert 20 < len(got)
    assert all("again; they count once" in warning or "more problems" in warning for warning in got)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("ip_acl: {mode: allow, entries: ['0.0.0.0/0']}", "0.0.0.0/0 is every address: nobody of that kind"),
        (
            "ip_acl: {mode: deny, entries: ['::/0']}",
            "::/0 is every address: everybody of that kind is refused",
        ),
        ("ip_acl: {mode: allow, entries: ['10.0.0.1'], enabled: false}", "the list is switched off"),
        ("timeout_seconds: 30", "API Gateway waits 29 seconds unless its quota is raised"),
        ("hmac: {secret: gateway/a, window_seconds: 0}", "window_seconds is 0"),
        ("hmac: {secret: gateway/a, window_seconds: 5}", "window_seconds is 5"),
        ("hmac: {secret: gateway/a, content_digest: false}", "the body is not protected"),
    ],
)
@pytest.mark.row("116", "127", "130", "154", how="definition")
def test_settings_that_give_something_up_are_named(stage: str, said: str) -> None:
    (got,) = _of_stage(stage)

    assert said in got


@pytest.mark.parametrize(
    ("method", "hmac", "said"),
    [
        (
            "GET: {backend: {function: F}, plugins: {response_headers: {set: {x-a: b}}}}",
            "",
            "take the plugin",
        ),
        ("POST: {backend: {function: F}}", "gateway/a", "wants bodies compared with content-digest"),
        ("GET: {backend: {function: F}}", "gateway/a", ""),
        ("GET: {backend: {custom: {status: 200}}}", "env:SECRET", "for AWS name a secret in Secrets Manager"),
    ],
)
def test_what_could_not_be_applied_is_named_where_it_stands(method: str, hmac: str, said: str) -> None:
    stages = "".join(
        f"- {{name: s{n}, backend: 'http://b.example'{f', hmac: {{secret: {hmac}}}' if hmac else ''}}}\n"
        for n in range(2)
    )

    got = _warnings(f"/a: {{methods: {{{method}}}}}", stages)

    place = "7: stages.0.hmac.secret" if hmac.startswith("env:") else "5: resources./a.methods."
    assert bool(said) == bool(got)
    assert all(said in warning for warning in got)
    assert not got or got[0].startswith(place)


def test_the_local_server_is_not_told_of_aws() -> None:
    tree = f"{{/a: {{methods: {{GET: {OK}}}}}}}"
    file = f"gateway: 1\nservices: [{{name: a, resources: {tree}, stages: [{STAGE}]}}]"

    assert () == load(file.encode(), "f", local=True).warnings
    assert 1 == len(load(file.encode(), "f").warnings)


def test_paths_that_api_gateway_answers_itself_and_credentials_in_the_file_are_named() -> None:
    said = "a credential in a definition is read by all who read the file, and kept in every deployment"
    tree = "/ping: {}\n/a: {plugins: {request_headers: {set: {Authorization: Basic eA==}}}}"

    assert [
        "5: resources./ping: under a domain name of its own API Gateway answers this path itself",
        f"6: resources./a.plugins.request_headers.set.Authorization: {said}",
    ] == _warnings(tree)


def test_a_tree_of_more_parts_than_api_gateway_takes_is_named() -> None:
    tree = "\n".join(f"/a{n}/b/c/d: {{}}" for n in range(80))

    assert [
        "4: resources: the tree has 321 parts of paths; API Gateway takes 300 unless its quota is raised"
    ] == (_warnings(tree))


def test_paths_that_the_local_server_keeps_to_itself_are_named_where_a_default_stage_has_them() -> None:
    tree = f"/-: {{methods: {{GET: {OK}}}}}\n" + "/-/members: {}\n/-/sites/{id}: {}\n/a/-/b: {}\n/{any}/c: {}"
    said = (
        "below /-/ `cce gateway serve` has paths of its own, so it serves this one on named stages only; "
        "begin it with something else, or give the default stage a name"
    )

    assert [f"6: resources./-/members: {said}", f"7: resources./-/sites/{{id}}: {said}"] == _warnings(
        tree, "- {name: dev, backend: 'http://b.example'}\n- {backend: 'http://b.example'}"
    )
    assert [] == _warnings(tree, "- {name: dev, backend: 'http://b.example'}")
