"""Web servers: the size of requests, and what responses tell about the program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pydantic import Field

from cce.evidence.model import Unread
from cce.evidence.views import apache_version
from cce.rules.common import listed
from cce.rules.registry import good, rule, vulnerable
from cce.rules.web import WebParams, each_server, facts_of, speaking, speaking_blocks
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.apache import Apache
    from cce.evidence.views.nginx import Block, Statement
    from cce.verdict import Check


class BodyLimit(WebParams):
    """The most bytes that the limit of a request's body may be; without it any limit will do."""

    max_bytes: int | None = Field(default=None, gt=0)


@rule("unix.web-body-limit", BodyLimit)
def body_limit(evidence: Evidence, params: BodyLimit) -> Iterator[Check]:
    """Every web server in use limits the size of a request's body."""
    yield from each_server(
        evidence,
        params,
        lambda apache: _limit_of_apache(apache, params),
        lambda whole, _: _limit_of_nginx(whole, params),
    )


def _too_large(size: int, params: BodyLimit) -> bool:
    return size == 0 or (params.max_bytes is not None and size > params.max_bytes)


def _size(text: str) -> int:
    """Bytes of ``5000000``, ``10m``, ``1g``."""
    match = re.fullmatch(r"([0-9]{1,18})([kmg]?)", text.strip().lower())
    if match is None:
        raise Unread(text, "no size")
    return int(match[1]) << {"": 0, "k": 10, "m": 20, "g": 30}[match[2]]


def _limit_of_apache(apache: Apache, params: BodyLimit) -> Iterator[Check]:
    said = [(place, place.last("limitrequestbody")) for place in speaking(apache, "limitrequestbody")]
    said = [(place, value if value and value.args else None) for place, value in said]
    unset = 0
    if not said or any(value is None for _, value in said):
        unset = apache_version.default_body_limit(apache.evidence, apache.layout.package)
    default = Fact(apache.layout.main, f"LimitRequestBody unset (default {unset})")
    bad = [(p, v) for p, v in said if _too_large(_size(v.args[0]) if v else unset, params)]
    if bad or (not said and _too_large(unset, params)):
        names = listed(p.path for p, _ in bad)
        ko = f"Apache: 업로드 용량 제한(LimitRequestBody)이 없거나 기준을 초과함: {names.ko}"
        en = f"Apache: LimitRequestBody is unlimited or too large: {names.en}."
        yield vulnerable(ko, en, *facts_of((v for _, v in bad), default) or (default,))
    else:
        ko, en = (
            "Apache: 업로드 용량이 제한됨(LimitRequestBody)",
            "Apache limits the size of a request's body.",
        )
        yield good(ko, en, *facts_of((v for _, v in said), default) or (default,))


_NGINX_DEFAULT: Final = "1m"


def _limit_of_nginx(whole: Block, params: BodyLimit) -> Iterator[Check]:
    name = "client_max_body_size"
    said = [(block, block.value(name)) for block in speaking_blocks(whole, name)]
    bad = [(b, v) for b, v in said if _too_large(_nginx_size(v), params)]
    default = Fact(whole.line.source, f"{name} unset (default {_NGINX_DEFAULT})")
    if bad:
        names = listed(block.title for block, _ in bad)
        ko = f"nginx: 업로드 용량 제한(client_max_body_size)이 없거나 기준을 초과함: {names.ko}"
        en = f"nginx: client_max_body_size is unlimited or too large: {names.en}."
        yield vulnerable(ko, en, *facts_of((v for _, v in bad), default))
    else:
        ko = "nginx: 업로드 용량이 제한됨(client_max_body_size)"
        en = "nginx limits the size of a request's body."
        yield good(ko, en, *facts_of((v for _, v in said), default) or (default,))


def _nginx_size(value: Statement | None) -> int:
    return _size(value.args[0] if value and value.args else _NGINX_DEFAULT)


@rule("unix.web-version-header", WebParams)
def version_header(evidence: Evidence, params: WebParams) -> Iterator[Check]:
    """No web server in use tells its version in headers or on error pages."""
    yield from each_server(evidence, params, _tokens_of_apache, lambda whole, _: _tokens_of_nginx(whole))


def _tokens_of_apache(apache: Apache) -> Iterator[Check]:
    main = apache.layout.main
    tokens = [d for d in apache.whole.everywhere("servertokens") if d.args]
    fact = tokens[-1].fact if tokens else Fact(main, "ServerTokens unset (default Full)")
    if tokens and tokens[-1].args[0].lower() in {"prod", "productonly"}:
        yield good("Apache: ServerTokens가 Prod로 설정됨", "Apache's ServerTokens is Prod.", fact)
    else:
        shown = tokens[-1].args[0] if tokens else "Full"
        ko = f"Apache: 응답 헤더에 버전 등의 정보가 노출됨(ServerTokens {shown})"
        yield vulnerable(ko, f"Apache's ServerTokens is {shown}, not Prod.", fact)
    default = Fact(main, "ServerSignature unset (default Off)")
    hosts = [host.last("serversignature") for host in apache.hosts]
    said = [*hosts, *(p.last("serversignature") for p in speaking(apache, "serversignature"))]
    bad = [d for d in said if d and d.args[:1] and d.args[0].lower() != "off"]
    if bad:
        ko = "Apache: 오류 페이지에 서버 정보가 노출됨(ServerSignature)"
        yield vulnerable(ko, "Apache's ServerSignature is not Off.", *facts_of(bad, default))
    else:
        ko, en = "Apache: ServerSignature가 Off임", "Apache's ServerSignature is Off."
        yield good(ko, en, *facts_of(said, default) or (default,))


def _tokens_of_nginx(whole: Block) -> Iterator[Check]:
    said = [(b, b.value("server_tokens")) for b in speaking_blocks(whole, "server_tokens")]
    # Only nginx Plus takes anything but on, off and build: a text of one's own.
    bad = [(b, v) for b, v in said if v is None or not v.args or v.args[0].lower() in {"on", "build"}]
    default = Fact(whole.line.source, "server_tokens unset (default on)")
    if bad or not said:
        names = listed(block.title for block, _ in bad)
        ko = f"nginx: 응답에 버전 정보가 노출됨(server_tokens): {names.ko}"
        en = f"nginx tells its version (server_tokens): {names.en}."
        yield vulnerable(ko, en, *facts_of((v for _, v in bad), default) or (default,))
    else:
        ko, en = "nginx: server_tokens가 off임", "nginx's server_tokens is off."
        yield good(ko, en, *facts_of((v for _, v in said), default))
