"""Web servers: what their rules share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import apache, nginx, web
from cce.rules.common import ServiceParams, guarded, not_in_use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.apache import Apache
    from cce.evidence.views.apache_place import Place
    from cce.evidence.views.apache_text import Directive
    from cce.evidence.views.nginx import Block, Statement
    from cce.verdict import Check, Fact

#: Facts of one check: more sections only say the same again.
MOST_FACTS: Final = 12


class WebParams(ServiceParams):
    """What a server without a web service counts as, and programs on ports 80 and 443 that are none."""

    ignored: tuple[str, ...] = ("sshd", "openvpn", "ocserv")


def each_server(
    evidence: Evidence,
    params: WebParams,
    of_apache: Callable[[Apache], Iterable[Check]],
    of_nginx: Callable[[Block, str], Iterable[Check]],
) -> Iterator[Check]:
    """The checks of every web server in use; of one that is not known here, that it was not checked."""
    servers = web.servers(evidence, params.ignored)
    if not servers:
        yield not_in_use(params.unused, "웹 서비스", "No web server is in use.", "web")

    def checks(server: web.Server) -> Iterable[Check]:
        if server.kind == "apache":
            return of_apache(apache.read(evidence, old_names=server.old_names))
        if server.kind == "nginx":
            return of_nginx(*nginx.read(evidence))
        raise Unread(f"{server.facts[0].value} ({server.program})", "no web server that can be checked here")

    yield from guarded(servers, checks)


def facts_of(said: Iterable[Directive | Statement | None], default: Fact) -> tuple[Fact, ...]:
    """Where the values stand, each once; ``default`` for what no file sets."""
    facts = dict.fromkeys(one.fact if one else default for one in said)
    return tuple(facts)[:MOST_FACTS]


def speaking(apache_: Apache, name: str) -> list[Place]:
    """The served directories, and the sections that set ``name`` themselves."""
    return [place for place in apache_.places if place.speaks(name)]


def speaking_blocks(whole: Block, name: str) -> list[Block]:
    """The servers and locations, and the conditions that set ``name`` themselves."""
    return [block for block in nginx.contexts(whole) if block.name != "if" or block.own(name)]
