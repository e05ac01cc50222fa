"""What the example of the documentation says is what is read: each of its parts, by the rows of the guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from cce.gateway.definition.load import load, parse
from cce.gateway.definition.model import HttpBackend, Service
from cce.gateway.definition.plugins import HeaderChange

EXAMPLE = Path(__file__).resolve().parents[4] / "docs/examples/gateway/members.yaml"
DOCUMENTS = "/documents/${request.path.file+}"


@pytest.fixture(scope="module")
def example() -> Service:
    (service,) = parse(EXAMPLE.read_bytes(), EXAMPLE.name).services
    return service


def test_the_example_is_right_and_gives_no_warning() -> None:
    assert () == load(EXAMPLE.read_bytes(), EXAMPLE.name).warnings


@pytest.mark.row("2", "7", "8", "17", "19", "21", "22", how="definition")
def test_a_service_has_paths_and_these_methods_with_names_and_descriptions(example: Service) -> None:
    paths = ("/files/{file+}", "/members", "/members/{memberId}", "/reports", "/status")
    assert paths == tuple(sorted(example.resources))
    assert ("members", "회원 조회와 변경. The members of Example Bank.") == (
        example.name,
        example.description,
    )
    methods = example.resources["/members"].methods
    assert [("GET", "list members"), ("POST", "add a member")] == [(m, d.name) for m, d in methods.items()]
    assert "One page of members; the query is passed on as it is." == methods["GET"].description


@pytest.mark.row("12", "13", "23", "24", "29", "30", "31", how="definition")
def test_a_method_asks_a_backend_or_states_the_whole_answer(example: Service) -> None:
    one, files = (example.resources[path].methods for path in ("/members/{memberId}", "/files/{file+}"))
    answer = one["DELETE"].backend.custom

    assert [HttpBackend(path="/v2/members/${request.path.memberId}"), HttpBackend(path=DOCUMENTS)] == [
        method.backend.http for method in (one["GET"], files["GET"])
    ]
    assert answer
    assert (403, {"content-type": "application/json"}) == (answer.status, answer.headers)
    assert '{"member": "${request.path.memberId}", "reason": "not offered"}' == answer.body


@pytest.mark.row("53", "57", "61", "64", "65", "68", "70", "71", "72", "79", "81", how="definition")
def test_plugins_are_of_a_path_or_of_a_method(example: Service) -> None:
    of_path, one = example.resources["/members"].plugins, example.resources["/members/{memberId}"]
    cors, asked = of_path.cors, of_path.request_headers

    assert cors
    assert (True, True, 600) == (cors.overwrite_below, cors.allow_credentials, cors.max_age)
    assert ("https://portal.example", "https://portal.example:8443") == cors.allow_origins
    assert ("GET", "POST", "PUT", "DELETE") == cors.allow_methods
    assert ("x-request-id", 5) == (cors.expose_headers[0], len(cors.allow_headers))
    assert asked == HeaderChange(overwrite_below=True, set={"x-caller": "portal"})
    assert one.plugins.response_headers == HeaderChange(set={"cache-control": "no-store"})


@pytest.mark.row("55", "82", "88", "90", "91", how="definition")
def test_a_method_has_response_headers_of_its_own(example: Service) -> None:
    own = example.resources["/members/{memberId}"].methods["GET"].plugins.response_headers

    assert own
    assert {"cache-control": "private, max-age=30", "x-member": "id-${request.path.memberId}"} == own.set


@pytest.mark.row("94", "95", "96", "99", "102", "103", "118", "124", "128", "146", "147", how="definition")
def test_stages_have_backends_overrides_lists_and_signing(example: Service) -> None:
    default, dev = example.stages
    files, post = default.overrides

    assert ["", "dev"] == [stage.name for stage in example.stages]
    assert ("https://members.example/api", "http://10.111.3.4:10080") == (default.backend, dev.backend)
    assert "For the developers." == dev.description
    assert [True, False] == [files.enabled, post.enabled]
    assert ("GET", "/files/{file+}", "https://files.example:10443/store") == (
        files.method,
        files.path,
        files.backend,
    )
    assert default.ip_acl
    assert ("10.111.0.0/16", "192.0.2.10", "192.0.2.11", "2001:db8:111::/48") == default.ip_acl.entries
    assert dev.ip_acl
    assert ("deny", ("203.0.113.7", "2001:db8:bad::/48")) == (dev.ip_acl.mode, dev.ip_acl.entries)
    assert default.hmac
    assert ("cce-gateway/members", ("host", "x-nhn-client-id")) == (
        default.hmac.secret,
        default.hmac.mandatory_headers,
    )
