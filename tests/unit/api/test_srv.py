"""Servers: found by either id, listed in pages, written whole or not at all."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from api_world import HUB, OTHER, REGION, ApiWorld, asset, fields_of, server, told
from cce.api import srv
from cce.errors import RecordError, StoreError

TALK = (
    "aws_account_id",
    "aws_account_name",
    "instance-id",
    "os",
    "version",
    "ip",
    "name",
    "service",
    "role",
    "alive",
    "etc",
)


def _path(number: int, account: str = HUB) -> dict[str, str]:
    return {"srvid": quote(server(number, account).srvid, safe="")}


@pytest.fixture
def world() -> ApiWorld:
    return ApiWorld().with_assets(asset(1), asset(2, role="db", alive=False), asset(1, OTHER), asset(3))


@pytest.mark.row("T2", how="hub")
def test_a_server_has_the_fields_of_the_asset_record_and_an_etag(world: ApiWorld) -> None:
    found = world.ask("getServer", path=_path(1))

    assert 200 == found.status
    assert set(TALK) <= told(found).keys()
    assert (HUB, server(1).instance_id) == (told(found)["aws_account_id"], told(found)["instance-id"])
    assert (
        304 == world.ask("getServer", path=_path(1), headers={"if-none-match": found.headers["ETag"]}).status
    )


def test_an_instance_id_is_enough_where_it_is_unique(world: ApiWorld) -> None:
    assert server(2).srvid == told(world.ask("getServer", path={"srvid": server(2).instance_id}))["srvid"]


def test_an_instance_id_of_two_servers_is_answered_with_both(world: ApiWorld) -> None:
    found = world.ask("getServer", path={"srvid": server(1).instance_id})

    assert 409 == found.status
    assert [server(1).srvid, server(1, OTHER).srvid] == told(found)["candidates"]


@pytest.mark.parametrize("operation", ["getServer", "putServer", "listVerdicts", "listFindings"])
@pytest.mark.parametrize(
    ("srvid", "status"),
    [
        (f"{HUB}%2F{REGION}%2Fi-00000000000000009", 404),
        ("i-00000000000000009", 404),
        ("i-xyz", 400),
        (f"{HUB}/{REGION}", 400),
        ("１１１１１１１１１１１１/ap-northeast-2/i-00000000000000009", 400),
        (f"{HUB}%2F{REGION}%2Fi-00000000000000009%0A", 400),
        ("%ff", 400),
        ("", 400),
    ],
)
def test_an_id_is_malformed_or_unknown(world: ApiWorld, operation: str, srvid: str, status: int) -> None:
    found = world.ask(operation, path={"srvid": srvid}, body={}, headers={"if-match": "*"})

    assert status == found.status
    assert (["srvid"] if status == 400 else []) == fields_of(found)
    assert "application/problem+json" == found.media_type


def _pages(world: ApiWorld, **query: str) -> list[list[str]]:
    pages, token = [], None
    while True:
        page = told(world.ask("listServers", query=query | ({"token": token} if token else {})))
        pages.append([row["srvid"] for row in page["items"]])
        token = page["next"]
        if token is None:
            return pages


def test_pages_hold_every_server_once_in_order(world: ApiWorld) -> None:
    everything = [server(1).srvid, server(2).srvid, server(3).srvid, server(1, OTHER).srvid]

    assert [everything] == _pages(world)
    assert [[srvid] for srvid in everything] == _pages(world, limit="1")
    assert [everything[:2], everything[2:]] == _pages(world, limit="2")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"account": OTHER}, [server(1, OTHER)]),
        ({"account": HUB, "region": REGION, "alive": "false"}, [server(2)]),
        ({"region": "eu-west-1"}, []),
        ({"role": "db"}, [server(2)]),
        ({"service": "bank"}, []),
        ({"name": "web-3"}, [server(3)]),
        ({"name": "WEB"}, []),
    ],
)
def test_filters_narrow_the_list(world: ApiWorld, query: dict[str, str], found: list[object]) -> None:
    assert [[s.srvid for s in found]] == _pages(world, **query)  # type: ignore[attr-defined]


def test_a_filter_that_few_meet_ends_its_page_early(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(srv, "LOOKED_AT", 2)

    assert [[], [server(3).srvid]] == _pages(world, name="web-3")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"account": "12"}, "account"),
        ({"account": "１１１１１１１１１１１１"}, "account"),
        ({"region": "seoul"}, "region"),
        ({"alive": "1"}, "alive"),
        ({"alive": "True"}, "alive"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "١"}, "limit"),
        ({"role": ""}, "role"),
        ({"role": ["a", "b"]}, "role"),
        ({"colour": "red"}, "colour"),
        ({"token": "nonsense"}, "token"),
        ({"token": "W10"}, "token"),
        ({"token": "bnVsbA"}, "token"),
        ({"token": "W1tbW1tb"}, "token"),
        ({"token": "x" * 600}, "token"),
        ({"token": "é"}, "token"),
    ],
)
def test_a_malformed_filter_is_named(world: ApiWorld, query: dict[str, str], field: str) -> None:
    found = world.ask("listServers", query=query)

    assert (400, [field]) == (found.status, fields_of(found))


@pytest.mark.parametrize("values", ["x", ["x", "y"]])
def test_a_name_that_somebody_made_up_is_repeated_in_short(world: ApiWorld, values: object) -> None:
    found = world.ask("listServers", query={"\ud800" + "x" * 500: values})

    assert 400 == found.status
    assert 100 >= max(map(len, fields_of(found)))


def test_a_token_belongs_to_its_filters(world: ApiWorld) -> None:
    token = told(world.ask("listServers", query={"limit": "1"}))["next"]

    found = world.ask("listServers", query={"account": HUB, "token": token})

    assert 400 == found.status
    assert "other filters" in told(found)["detail"]


def test_a_write_replaces_the_whole_record(world: ApiWorld) -> None:
    before = world.ask("getServer", path=_path(2))
    changed = told(before) | {"name": "db-2", "owner": "기반팀", "ip": "2001:DB8::0001"}

    written = world.ask(
        "putServer", path=_path(2), body=changed, headers={"if-match": before.headers["ETag"]}
    )

    assert 200 == written.status
    assert changed | {"ip": "2001:db8::1"} == told(written)
    after = world.ask("getServer", path=_path(2))
    assert (written.body, written.headers["ETag"]) == (after.body, after.headers["ETag"])
    assert before.headers["ETag"] != after.headers["ETag"]
    world.ask("putServer", path=_path(2), body={}, headers={"if-match": "*"})
    assert "" == told(world.ask("getServer", path=_path(2)))["name"]


def test_a_server_is_created_once(world: ApiWorld) -> None:
    headers = {"if-none-match": "*"}

    made = world.ask("putServer", path=_path(9), body={"name": "new"}, headers=headers)

    assert 201 == made.status
    assert f"/v1/srv/{_path(9)['srvid']}" == made.headers["Location"]
    assert 412 == world.ask("putServer", path=_path(9), body={"name": "again"}, headers=headers).status
    assert "new" == world.inventory.assets[server(9).srvid].name


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 428),
        ({"if-match": '"0123"'}, 412),
        ({"if-match": 'W/"0123"'}, 412),
        ({"if-none-match": "*"}, 412),
        ({"if-match": "0123"}, 400),
        ({"if-match": ""}, 400),
        ({"if-match": '"a",' * 2000 + '"b"'}, 400),
        ({"if-none-match": '"0123"'}, 400),
        ({"if-match": "*", "if-none-match": "*"}, 400),
    ],
)
def test_a_write_without_the_right_condition_writes_nothing(
    world: ApiWorld, headers: dict[str, str], status: int
) -> None:
    before = dict(world.inventory.assets)

    assert status == world.ask("putServer", path=_path(1), body={"name": "x"}, headers=headers).status
    assert before == world.inventory.assets


def test_a_weak_tag_of_the_record_writes_nothing(world: ApiWorld) -> None:
    tag = asset(1).etag

    assert 412 == world.ask("putServer", path=_path(1), body={}, headers={"if-match": f"W/{tag}"}).status
    assert 200 == world.ask("putServer", path=_path(1), body={}, headers={"if-match": f'"a", {tag}'}).status


def test_a_write_that_loses_a_race_is_refused(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = asset(1).etag
    monkeypatch.setattr(world.inventory, "put", lambda *_: False)

    assert 412 == world.ask("putServer", path=_path(1), body={}, headers={"if-match": tag}).status


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"aws_account_id": OTHER}, "aws_account_id"),
        ({"instance-id": server(2).instance_id}, "instance-id"),
        ({"region": "eu-west-1"}, "region"),
        ({"srvid": server(2).srvid}, "srvid"),
    ],
)
def test_a_write_never_changes_who_a_server_is(world: ApiWorld, body: dict[str, str], field: str) -> None:
    found = world.ask("putServer", path=_path(1), body=body, headers={"if-match": asset(1).etag})

    assert (409, [field]) == (found.status, fields_of(found))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"alive": "yes"}, "alive"),
        ({"alive": 1}, "alive"),
        ({"alive": None}, "alive"),
        ({"name": 5}, "name"),
        ({"name": "x" * 257}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\u001b[31m"}, "name"),
        ({"ip": "10.111.0"}, "ip"),
        ({"ip": "10.111.0.1\n"}, "ip"),
        ({"aws_account_id": "12"}, "aws_account_id"),
        ({"excluded": True}, "excluded_reason"),
        ({"excluded": True, "excluded_reason": " "}, "excluded_reason"),
        ([], "body"),
        (None, "body"),
    ],
)
def test_a_malformed_body_is_named_and_writes_nothing(world: ApiWorld, body: object, field: str) -> None:
    before = dict(world.inventory.assets)

    found = world.ask("putServer", path=_path(1), body=body, headers={"if-match": "*"})

    assert (400, [field]) == (found.status, fields_of(found))
    assert before == world.inventory.assets


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff", b'{"name": "\\ud800"}', b"[" * 60_000, b'{"alive": NaN}']
)
def test_garbage_is_no_body(world: ApiWorld, raw: bytes) -> None:
    assert 400 == world.ask("putServer", path=_path(1), raw=raw, headers={"if-match": "*"}).status


def test_a_body_over_the_limit_is_refused(world: ApiWorld) -> None:
    raw = b'{"etc": "' + b"x" * 65_536 + b'"}'

    assert 413 == world.ask("putServer", path=_path(1), raw=raw, headers={"if-match": "*"}).status


@pytest.mark.parametrize(
    ("error", "status"), [(StoreError("x"), 503), (RecordError("x"), 500), (KeyError("x"), 500)]
)
def test_trouble_is_a_problem_without_inner_details(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def get(_srvid: str) -> None:
        raise error

    monkeypatch.setattr(world.inventory, "get", get)

    found = world.ask("getServer", path=_path(1))

    assert (status, "application/problem+json") == (found.status, found.media_type)
    assert "CCE-" not in found.body


OLD, NEW = "20251122T013000Z-0000", "20261122T013000Z-0000"


def test_verdicts_are_the_latest_that_have_what_is_asked_for(world: ApiWorld) -> None:
    srvid = server(1).srvid
    world.with_verdict(srvid, OLD, "U-01", "vulnerable")
    world.with_verdict(srvid, OLD, "U-01", benchmark="kisa-2026")
    world.with_verdict(srvid, NEW, "U-01")
    world.with_verdict(srvid, NEW, "U-02", "review", tailored=[{}, {}])

    def asked(**query: str) -> tuple[str | None, list[tuple[str, str]]]:
        found = told(world.ask("listVerdicts", path=_path(1), query=query))
        return found["assessment_id"], [(row["item"], row["verdict"]) for row in found["items"]]

    assert (NEW, [("U-01", "good"), ("U-02", "review")]) == asked()
    assert (NEW, [("U-02", "review")]) == asked(verdict="review")
    assert (NEW, [("U-01", "good")]) == asked(item="U-01")
    assert (NEW, []) == asked(verdict="error")
    assert (OLD, [("U-01", "good")]) == asked(benchmark="kisa-2026")
    assert (OLD, [("U-01", "vulnerable"), ("U-01", "good")]) == asked(assessment=OLD)
    assert (None, []) == asked(item="U-72")


def test_a_server_without_verdicts_has_none_and_an_unknown_one_is_unknown(world: ApiWorld) -> None:
    assert 200 == world.ask("listVerdicts", path=_path(1)).status
    assert 404 == world.ask("listVerdicts", path=_path(9)).status
    world.with_verdict(server(9).srvid, NEW, "U-01")
    assert 200 == world.ask("listVerdicts", path=_path(9), query={"item": "U-02"}).status


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"verdict": "bad"}, "verdict"),
        ({"item": "1"}, "item"),
        ({"benchmark": "../x"}, "benchmark"),
        ({"assessment": "20261122"}, "assessment"),
        ({"limit": "5"}, "limit"),
    ],
)
def test_a_malformed_filter_of_verdicts_is_named(world: ApiWorld, query: dict[str, str], field: str) -> None:
    found = world.ask("listVerdicts", path=_path(1), query=query)

    assert (400, [field]) == (found.status, fields_of(found))
