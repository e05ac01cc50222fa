"""Mistakes that clients make in the string to sign: each a function from the right draft to wrong ones."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from itertools import islice, permutations
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from cce.gateway.signing import dates
from cce.gateway.signing.canonical import pairs_of, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cce.gateway.message import Request
    from cce.gateway.signing.explain.draft import Draft
    from cce.gateway.signing.verify import Claim

    Mistake = Callable[[Draft, Request, Claim], Iterator[Draft]]

#: Orders that are tried: of five pairs all, of more only some.
_ORDERS: Final = 120
_HEX: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_SCHEMES: Final = ("https://", "http://")
_PORTS: Final = (":443", ":80")


def _trailing_newline(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, end=draft.newline)


def _blank_after_colon(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, colon=": ")


def _full_url(draft: Draft, request: Request, _claim: Claim) -> Iterator[Draft]:
    for host in request.headers.all("host"):
        yield from (replace(draft, before_path=f"{scheme}{host}") for scheme in _SCHEMES)
        yield replace(draft, before_path=host)


def _host_with_scheme(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    for scheme in _SCHEMES:
        yield _with_host(draft, lambda host, scheme=scheme: scheme + host)  # type: ignore[misc]


def _host_port(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield _with_host(draft, lambda host: host.partition(":")[0])
    for port in _PORTS:
        yield _with_host(draft, lambda host, port=port: host + port)  # type: ignore[misc]


def _method_case(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, method=draft.method.lower())
    yield replace(draft, method=draft.method.upper())


def _date_rewritten(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    moment = dates.parse(draft.date)
    if moment is None:
        return
    for zone in (UTC, timezone(timedelta(hours=9))):
        try:
            there = moment.astimezone(zone)
        except OverflowError:
            continue
        plain, offset = f"{there:%Y-%m-%dT%H:%M:%S}", f"{there:%z}"
        colon = f"{offset[:3]}:{offset[3:]}"
        ends = ["Z", ".000Z", "+00:00", "+0000", ""] if zone is UTC else [colon, offset, f".000{colon}", ""]
        yield from (replace(draft, date=plain + end) for end in ends)
        yield replace(draft, date=f"{there:%Y%m%dT%H%M%S}Z")


def _query_order(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    for order in islice(permutations(pairs_of(draft.query)), _ORDERS):
        yield replace(draft, query=written(order))


def _query_decoded(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, query=unquote(draft.query))


def _query_as_sent(draft: Draft, request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, query=request.query)


def _query_left_out(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, query="")


def _query_plus(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, query=draft.query.replace("%20", "+"))


def _query_without_equals(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, query="&".join(pair.removesuffix("=") for pair in draft.query.split("&")))


def _lower_hex(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    for path in {draft.path, _lowered(draft.path)}:
        for query in {draft.query, _lowered(draft.query)}:
            yield replace(draft, path=path, query=query)


def _path_decoded(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, path=unquote(draft.path))


def _stage_left_out(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    _, _, below = draft.path.removeprefix("/").partition("/")
    yield replace(draft, path=f"/{below}")


def _crlf(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    yield replace(draft, newline="\r\n")


def _header_case(draft: Draft, request: Request, _claim: Claim) -> Iterator[Draft]:
    sent = {name.lower(): name for name, _ in request.headers}
    yield replace(draft, lines=tuple((sent.get(name, name), value) for name, value in draft.lines))
    yield replace(draft, lines=tuple((name.title(), value) for name, value in draft.lines))


def _header_order(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    for order in islice(permutations(draft.lines), _ORDERS):
        yield replace(draft, lines=order)


def _header_left_out(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    for number in range(len(draft.lines)):
        yield replace(draft, lines=draft.lines[:number] + draft.lines[number + 1 :])
    yield replace(draft, lines=())


def _absent_header(draft: Draft, _request: Request, claim: Claim) -> Iterator[Draft]:
    values = dict(draft.lines)
    yield replace(draft, lines=tuple((name, values.get(name, "")) for name in claim.said.headers))


def _values_with_blank(draft: Draft, _request: Request, _claim: Claim) -> Iterator[Draft]:
    spaced = ((name, re.sub(r",[ \t]*", ", ", value)) for name, value in draft.lines)
    yield replace(draft, lines=tuple(spaced))


#: By their ids, the likelier first; :mod:`cce.gateway.signing.explain.sentences` says them in words.
MISTAKES: Final[Mapping[str, Mistake]] = {
    "query-as-sent": _query_as_sent,
    "trailing-newline": _trailing_newline,
    "blank-after-colon": _blank_after_colon,
    "query-decoded": _query_decoded,
    "query-order": _query_order,
    "query-left-out": _query_left_out,
    "query-plus": _query_plus,
    "query-without-equals": _query_without_equals,
    "full-url": _full_url,
    "host-with-scheme": _host_with_scheme,
    "host-port": _host_port,
    "method-case": _method_case,
    "date-rewritten": _date_rewritten,
    "stage-left-out": _stage_left_out,
    "path-decoded": _path_decoded,
    "lower-hex": _lower_hex,
    "header-case": _header_case,
    "header-order": _header_order,
    "header-left-out": _header_left_out,
    "absent-header": _absent_header,
    "values-with-blank": _values_with_blank,
    "crlf": _crlf,
}


def _with_host(draft: Draft, change: Callable[[str], str]) -> Draft:
    changed = ((name, change(value) if name == "host" else value) for name, value in draft.lines)
    return replace(draft, lines=tuple(changed))


def _lowered(text: str) -> str:
    return _HEX.sub(lambda found: found[0].lower(), text)
