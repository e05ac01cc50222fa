"""Web servers: directory listings, symbolic links, and what is above the document root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cce.evidence.views import nginx
from cce.rules.common import listed
from cce.rules.registry import good, review, rule, vulnerable
from cce.rules.web import MOST_FACTS, WebParams, each_server, facts_of, speaking, speaking_blocks
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.apache import Apache
    from cce.evidence.views.apache_place import Place
    from cce.evidence.views.apache_text import Directive
    from cce.evidence.views.nginx import Block, Statement
    from cce.verdict import Check


@rule("unix.web-directory-listing", WebParams)
def directory_listing(evidence: Evidence, params: WebParams) -> Iterator[Check]:
    """No web server in use lists the contents of a directory without an index page."""
    yield from each_server(evidence, params, _listing_of_apache, _listing_of_nginx)


def _listing_of_apache(apache_: Apache) -> Iterator[Check]:
    places = speaking(apache_, "options")
    bad = [(p, p.options["indexes"]) for p in places if "indexes" in p.options]
    if bad:
        names = listed(p.path for p, _ in bad)
        loaded = apache_.loads("autoindex")
        ko = f"Apache: Options Indexes로 디렉터리 리스팅이 허용됨: {names.ko}"
        en = f"Apache lists directories by Options Indexes: {names.en}."
        if not loaded:
            ko, en = f"{ko} (mod_autoindex는 로드되지 않음)", f"{en} mod_autoindex is not loaded."
        default = Fact(apache_.layout.main, "Options unset (default All)")
        yield vulnerable(ko, en, *facts_of((d for _, d in bad), default))
        return
    default = Fact(apache_.layout.main, "Options unset (default FollowSymLinks)")
    ko, en = "Apache: 디렉터리 리스팅이 허용된 경로가 없음", "Apache lists no directory."
    yield good(ko, en, *facts_of((p.last("options") for p in places), default) or (_nothing(apache_),))


def _nothing(apache_: Apache) -> Fact:
    return Fact(apache_.layout.main, "no directory is served")


def _listing_of_nginx(whole: Block, _: str) -> Iterator[Check]:
    blocks = speaking_blocks(whole, "autoindex")
    said = [(block, block.value("autoindex")) for block in blocks]
    bad = [(block, value) for block, value in said if value and [a.lower() for a in value.args[:1]] == ["on"]]
    default = Fact(whole.line.source, "autoindex unset (default off)")
    if bad:
        names = listed(block.title for block, _ in bad)
        ko = f"nginx: autoindex on으로 디렉터리 리스팅이 허용됨: {names.ko}"
        yield vulnerable(ko, f"nginx lists directories: {names.en}.", *facts_of((v for _, v in bad), default))
    else:
        ko, en = "nginx: autoindex를 사용하지 않음", "nginx lists no directory."
        yield good(ko, en, *facts_of((v for _, v in said), default) or (default,))


class SymbolicLinks(WebParams):
    """What links count as that are followed only where owner of link and target are the same."""

    owner_match: Literal["good", "vulnerable"] = "good"


@rule("unix.web-symbolic-links", SymbolicLinks)
def symbolic_links(evidence: Evidence, params: SymbolicLinks) -> Iterator[Check]:
    """No web server in use follows symbolic links."""
    yield from each_server(
        evidence,
        params,
        lambda apache_: _links_of_apache(apache_, params),
        lambda whole, _: _links_of_nginx(whole, params),
    )


def _links_of_apache(apache_: Apache, params: SymbolicLinks) -> Iterator[Check]:
    # In <Location> and <Files> Apache ignores the two options.
    places = [p for p in speaking(apache_, "options") if not p.kind.startswith(("location", "files"))]
    bad = [(p, said) for p in places for said in _followed(p, params)]
    default = Fact(apache_.layout.main, "Options unset (default FollowSymLinks)")
    if bad:
        names = listed(p.path for p, _ in bad)
        ko = f"Apache: 심볼릭 링크 사용이 허용됨: {names.ko}"
        en = f"Apache follows symbolic links: {names.en}."
        yield vulnerable(ko, en, *facts_of((d for _, d in bad), default))
        return
    owner = any("symlinksifownermatch" in p.options for p in places)
    ko = "소유자가 같은 경우로 제한됨" if owner else "허용되지 않음"
    en = "only where the owners are the same" if owner else "nowhere"
    yield good(
        f"Apache: 심볼릭 링크 사용이 {ko}",
        f"Apache follows symbolic links {en}.",
        *facts_of((p.last("options") for p in places), default) or (_nothing(apache_),),
    )


def _followed(place: Place, params: SymbolicLinks) -> Iterator[Directive | None]:
    """What lets links be followed; SymLinksIfOwnerMatch restricts FollowSymLinks where both are on."""
    owner = "symlinksifownermatch"
    name = owner if owner in place.options else "followsymlinks"
    if name in place.options and (name != owner or params.owner_match == "vulnerable"):
        yield place.options[name]


def _links_of_nginx(whole: Block, params: SymbolicLinks) -> Iterator[Check]:
    blocks = [b for b in speaking_blocks(whole, "disable_symlinks") if b.serves_files]
    said = [(block, block.value("disable_symlinks")) for block in blocks]
    accepted = {"on", *(("if_not_owner",) if params.owner_match == "good" else ())}
    bad = [
        (block, value)
        for block, value in said
        if not (value and value.args[:1] and value.args[0] in accepted)
    ]
    default = Fact(whole.line.source, "disable_symlinks unset (default off)")
    if bad:
        names = listed(block.title for block, _ in bad)
        ko = f"nginx: 심볼릭 링크 사용이 허용됨(disable_symlinks): {names.ko}"
        en = f"nginx follows symbolic links: {names.en}."
        yield vulnerable(ko, en, *facts_of((v for _, v in bad), default))
    else:
        none = Fact(whole.line.source, "no location serves files")
        ko, en = "nginx: 심볼릭 링크 사용이 제한됨", "nginx follows no symbolic link that it must not."
        yield good(ko, en, *facts_of((v for _, v in said), default) or (none,))


class ParentDirectory(WebParams):
    """What ``AllowOverride None`` without a login counts as.

    The guide's text wants ``AllowOverride AuthConfig`` (or ``All``) and a login by ``.htaccess`` for each
    directory, of which ``None`` is the opposite; but ``None`` is also what Apache's makers recommend, and
    a public site has no login. So a person judges, unless ``vulnerable`` is asked for.
    """

    override_none: Literal["review", "vulnerable"] = "review"


@rule("unix.web-parent-directory", ParentDirectory)
def parent_directory(evidence: Evidence, params: ParentDirectory) -> Iterator[Check]:
    """Requests do not get above the document root: logins by directory, and no alias that leaves its own."""
    yield from each_server(evidence, params, lambda apache_: _above_apache(apache_, params), _above_nginx)


def _above_apache(apache_: Apache, params: ParentDirectory) -> Iterator[Check]:
    main = apache_.layout.main
    served = {place.path for place in apache_.places}  # reads every .htaccess that counts
    roots = [place for place in apache_.roots() if place.path in served]
    default = Fact(main, "AllowOverride unset (default None)")
    facts = facts_of((p.last("allowoverride") for p in roots), default)
    if not roots:
        ko, en = "Apache: 직접 제공하는 디렉터리가 없음", "Apache serves no directory itself."
        yield good(ko, en, _nothing(apache_))
        return
    met = [p for p in roots if p.asks_for_login]
    if met:
        names = listed(p.path for p in met)
        ko = f"Apache: 사용자 인증으로 접근이 제한됨: {names.ko}"
        en = f"Apache asks for a login: {names.en}."
        yield good(ko, en, *facts_of((p.last("authtype") for p in met), default), *facts)
    rest = [p for p in roots if p not in met]
    if rest:
        shown = listed(f"{p.path} AllowOverride {' '.join(p.override)}" for p in rest)
        literal = params.override_none == "vulnerable" and any(p.override == ("none",) for p in rest)
        ko = f"Apache: 사용자 인증이 없는 경로: {shown.ko}"
        en = f"Apache serves these without a login: {shown.en}"
        if literal:
            yield vulnerable(f"{ko} (AllowOverride None)", f"{en}; AllowOverride is None.", *facts)
        else:
            ko = f"{ko}; 상위 디렉터리 접근 제한(AllowOverride AuthConfig와 인증)이 필요한지 확인 필요"
            yield review(ko, f"{en}; a person must say whether they need one.", *facts)


def _above_nginx(whole: Block, _: str) -> Iterator[Check]:
    locations = [b for b in nginx.contexts(whole) if b.name == "location"]
    bad = [(b, alias) for b in locations if (alias := _leaves(b))]
    if bad:
        names = listed(block.title for block, _ in bad)
        ko = f"nginx: alias 설정으로 상위 디렉터리에 접근할 수 있음: {names.ko}"
        en = f"nginx: an alias lets requests out of its directory: {names.en}."
        yield vulnerable(ko, en, *(alias.fact for _, alias in bad[:MOST_FACTS]))
        return
    fact = Fact(whole.line.source, "no location without / at its end has an alias with one")
    ko, en = (
        "nginx: 상위 디렉터리로 벗어나는 alias가 없음",
        "No alias of nginx lets requests out of its directory.",
    )
    yield good(ko, en, fact)


def _leaves(block: Block) -> Statement | None:
    """The alias by which ``/x../`` reaches the directory above: ``location /x`` with ``alias /srv/x/``."""
    alias = block.own("alias")
    prefix = block.args[-1] if block.args[:-1] in {(), ("^~",)} and block.args else ""
    if alias and alias.args and prefix and not prefix.startswith("@"):
        return alias if not prefix.endswith("/") and alias.args[0].endswith("/") else None
    return None
