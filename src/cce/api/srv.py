"""Operations on servers: the inventory, and the verdicts on one server."""

from __future__ import annotations

import re
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from cce.api.answers import SrvPage, VerdictList, VerdictRow
from cce.api.assets import Asset, AssetChange
from cce.api.conditions import is_known, write_condition
from cce.api.http import Response, answer
from cce.api.paging import next_token, read_token
from cce.api.problems import FieldError, Problem, malformed, unknown
from cce.api.queries import NoQuery, SrvQuery, VerdictQuery
from cce.assessment import INSTANCE, SRVID, ServerId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from cce.api.http import Request
    from cce.api.operations import Api

#: Servers that one page looks at. A filter that few meet ends the page there, with a token to go on.
LOOKED_AT: Final = 2000

#: Assessments that are looked through for the latest that has the benchmark or item asked for.
_LOOKED_BACK: Final = 30


def list_servers(api: Api, request: Request) -> Response:
    """One page of the servers that meet the filters."""
    query = request.parameters(SrvQuery)
    filters = query.filters()
    prefix = _prefix(query)
    last = read_token(query.token, filters)
    found: list[Asset] = []
    more = False
    for number, asset in enumerate(islice(api.inventory.after(prefix, last), LOOKED_AT + 1)):
        if number == LOOKED_AT or (len(found) == query.limit and _meets(asset, query)):
            more = True
            break
        if _meets(asset, query):
            found.append(asset)
        last = asset.srvid
    return answer(SrvPage(items=found, next=next_token(filters, last) if more else None))


def get_server(api: Api, request: Request) -> Response:
    """One server, with its ETag."""
    request.parameters(NoQuery)
    server = find_server(api, request)
    asset = api.inventory.get(server.srvid)
    if asset is None:
        raise unknown(f"server {server.srvid} in the inventory")
    headers = {"ETag": asset.etag}
    if is_known(request.headers.get("if-none-match"), asset.etag):
        return Response(HTTPStatus.NOT_MODIFIED.value, headers=headers)
    return answer(asset, headers=headers)


def put_server(api: Api, request: Request) -> Response:
    """Replace or create the record of one server; the whole of it, or nothing."""
    request.parameters(NoQuery)
    server = find_server(api, request)
    change = request.content(AssetChange)
    if moved := change.moved(server):
        errors = [FieldError(field=name, message="is not that of the server in the path") for name in moved]
        detail = (
            f"{', '.join(moved)}: the body names another server than the path; an identity never changes."
        )
        raise Problem(HTTPStatus.CONFLICT, "identity", detail, errors=errors)
    condition = write_condition(request.headers.get("if-match"), request.headers.get("if-none-match"))
    stored = api.inventory.get(server.srvid)
    if stored is None and condition.exists:
        raise unknown(f"server {server.srvid} in the inventory; create it with If-None-Match: *")
    asset = Asset.of(server, change)
    if not condition.holds(stored.etag if stored else None) or not api.inventory.put(asset, condition):
        detail = (
            "The record was changed since it was read; read it again."
            if condition.exists
            else "There is such a record already."
        )
        raise Problem(HTTPStatus.PRECONDITION_FAILED, "precondition-failed", detail)
    if stored:
        return answer(asset, headers={"ETag": asset.etag})
    headers = {"ETag": asset.etag, "Location": f"/v1/srv/{quote(asset.srvid, safe='')}"}
    return answer(asset, HTTPStatus.CREATED, headers)


def list_verdicts(api: Api, request: Request) -> Response:
    """Verdicts of one server: of the assessment named, or of the latest that has what is asked for."""
    query = request.parameters(VerdictQuery)
    srvid = find_server(api, request).srvid
    if query.assessment:
        assessment, rows = query.assessment, _rows(api, srvid, query.assessment, query)
    else:
        assessment, rows = _latest(api, srvid, query)
    if not rows and api.inventory.get(srvid) is None and not api.verdicts.newest(srvid):
        raise unknown(f"server {srvid} in the inventory or in an assessment")
    chosen = [row for row in rows if query.verdict in {None, row["verdict"]}]
    known = VerdictRow.model_fields
    items = [VerdictRow.model_validate({k: v for k, v in row.items() if k in known}) for row in chosen]
    return answer(VerdictList(srvid=srvid, assessment_id=assessment or None, items=items))


def find_server(api: Api, request: Request) -> ServerId:
    """The server that the path means: by its srvid, or by an instance id that is the inventory's only one.

    Raises
    ------
    Problem
        400 when it is neither, 404 when no server has the instance id, 409 with the srvids when several do.
    """
    text = request.segment("srvid")
    if SRVID.fullmatch(text):
        return ServerId.parse(text)
    if not re.fullmatch(INSTANCE, text):
        raise malformed("srvid", "is no account/region/instance-id (URL-encoded) and no instance id")
    named = api.inventory.named(text)
    if not named:
        raise unknown(f"server {text} in the inventory")
    if len(named) > 1:
        detail = f"{len(named)} servers have the instance id {text}; name one of them whole."
        raise Problem(HTTPStatus.CONFLICT, "ambiguous", detail, candidates=named)
    return ServerId.parse(named[0])


def _prefix(query: SrvQuery) -> str:
    if query.account is None:
        return ""
    return f"{query.account}/{query.region}/" if query.region else f"{query.account}/"


def _meets(asset: Asset, query: SrvQuery) -> bool:
    wanted = (
        (query.region, asset.region),
        (query.service, asset.service),
        (query.role, asset.role),
        (query.alive, asset.alive),
    )
    return all(asked is None or asked == has for asked, has in wanted) and asset.name.startswith(
        query.name or ""
    )


def _latest(api: Api, srvid: str, query: VerdictQuery) -> tuple[str, Sequence[Mapping[str, Any]]]:
    assessment = api.verdicts.newest(srvid)
    for _ in range(_LOOKED_BACK):
        if not assessment or (rows := _rows(api, srvid, assessment, query)):
            return assessment, rows if assessment else ()
        assessment = api.verdicts.newest(srvid, before=assessment)
    return "", ()


def _rows(api: Api, srvid: str, assessment: str, query: VerdictQuery) -> Sequence[Mapping[str, Any]]:
    return [
        row
        for row in api.verdicts.of(srvid, assessment)
        if query.benchmark in {None, row["benchmark"]} and query.item in {None, row["item"]}
    ]
