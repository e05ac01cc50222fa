"""Web servers: the account of the workers, the document root, and files that came with the server."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final, Literal

from cce.evidence.model import Unread
from cce.evidence.views import nginx
from cce.evidence.views.apache_place import same_path
from cce.evidence.views.people import account_fact, has_shell
from cce.rules.common import by_policy, listed
from cce.rules.registry import good, rule, vulnerable
from cce.rules.web import WebParams, each_server, facts_of
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.apache import Apache
    from cce.evidence.views.apache_text import Directive
    from cce.evidence.views.nginx import Block, Statement
    from cce.verdict import Check


class WorkerAccount(WebParams):
    """What a worker's account counts as that gets a session when it logs in."""

    login_shell: Literal["good", "vulnerable"] = "vulnerable"


@rule("unix.web-worker-account", WorkerAccount)
def worker_account(evidence: Evidence, params: WorkerAccount) -> Iterator[Check]:
    """The workers of every web server in use run as an account of their own that is not root."""

    def of_apache(apache: Apache) -> Iterator[Check]:
        users = [d for d in apache.whole.own("user") if d.args]
        groups = [d for d in apache.whole.own("group") if d.args]
        if not users:
            raise Unread(apache.layout.main, "User is not set")
        yield from _user("Apache", evidence, users[-1].args[0], users[-1].fact, params)
        if groups:
            yield from _group("Apache", evidence, groups[-1].args[0], groups[-1].fact)

    def of_nginx(whole: Block, _: str) -> Iterator[Check]:
        value = whole.own("user")
        if value is None or not value.args:
            fact = Fact(whole.line.source, "user unset (default: an account without rights, as built)")
            yield good("nginx: worker가 root로 실행되지 않음", "nginx's workers do not run as root.", fact)
            return
        yield from _user("nginx", evidence, value.args[0], value.fact, params)
        yield from _group("nginx", evidence, value.args[-1], value.fact)

    yield from each_server(evidence, params, of_apache, of_nginx)


def _user(program: str, evidence: Evidence, name: str, fact: Fact, params: WorkerAccount) -> Iterator[Check]:
    _resolved(name, fact)
    accounts = [a for a in evidence.accounts if name in {a.name, f"#{a.uid}"}]
    if name == "#0" or any(a.uid == 0 for a in accounts[:1]):
        ko = f"{program}: worker가 root 권한으로 실행됨({name})"
        yield vulnerable(ko, f"{program}'s workers run as root ({name}).", fact)
        return
    if not accounts and not name.startswith("#"):
        raise Unread("/etc/passwd", f"no account {name}, which {program} runs as")
    facts = (fact, *(account_fact(a) for a in accounts[:1]))
    if accounts and has_shell(accounts[0]):
        shell = accounts[0].shell or "/bin/sh"
        ko = f"{program}: worker 계정 {name}에 로그인 가능한 쉘이 부여되어 있음({shell})"
        yield by_policy(params.login_shell, ko, f"{program}'s account {name} has the shell {shell}.", *facts)
    else:
        ko = f"{program}: worker가 root가 아닌 {name} 계정으로 실행됨"
        yield good(ko, f"{program}'s workers run as {name}.", *facts)


def _group(program: str, evidence: Evidence, name: str, fact: Fact) -> Iterator[Check]:
    _resolved(name, fact)
    if name == "#0" or any(g.gid == 0 for g in evidence.groups if g.name == name):
        ko = f"{program}: worker가 root 그룹으로 실행됨({name})"
        yield vulnerable(ko, f"{program}'s workers run in the group root ({name}).", fact)


def _resolved(name: str, fact: Fact) -> None:
    if "$" in name:
        raise Unread(fact.source, f"{name}: the variable is not set where it is looked for")


class DocumentRoot(WebParams):
    """Document roots that come with a server, shared by whatever is installed."""

    defaults: tuple[str, ...] = (
        "/usr/local/apache/htdocs",
        "/usr/local/apache2/htdocs",
        "/usr/local/nginx/html",
        "/etc/httpd/htdocs",
        "/var/www/html",
        "/srv/www/htdocs",
        "/usr/share/nginx/html",
    )


#: Directories of the system itself, which hold more than what is to be served.
_OF_SYSTEM: Final = frozenset({
    "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/opt", "/proc", "/root", "/run", "/sbin", "/srv",
    "/usr", "/usr/local", "/usr/share", "/var", "/var/lib", "/var/log",
    "/tmp", "/var/tmp",  # noqa: S108 - compared with, not used
})  # fmt: skip


@rule("unix.web-document-root", DocumentRoot)
def document_root(evidence: Evidence, params: DocumentRoot) -> Iterator[Check]:
    """What every web server in use serves stands in a directory of its own, not in the default one."""

    def of_apache(apache: Apache) -> Iterator[Check]:
        roots = [(host.root, host.root_directive) for host in apache.hosts if host.root]
        default = Fact(apache.layout.main, f"DocumentRoot unset (default {apache.layout.document_root})")
        yield _separate("Apache", roots, default, params)

    def of_nginx(whole: Block, prefix: str) -> Iterator[Check]:
        default = Fact(whole.line.source, f"root unset (default {prefix}/html)")
        yield _separate("nginx", nginx_roots(whole, prefix), default, params)

    yield from each_server(evidence, params, of_apache, of_nginx)


def nginx_roots(whole: Block, prefix: str) -> list[tuple[str, Statement | None]]:
    """The directories that nginx serves files from, with what says so (``None``: the default)."""
    roots: list[tuple[str, Statement | None]] = []
    for block in nginx.contexts(whole):
        if block.serves_files and (block.name != "if" or block.own("root", "alias")):
            value = block.value("root", "alias")
            path = value.args[0] if value and value.args else "html"
            roots.append((same_path(posixpath.join(prefix, path)), value))
    return list(dict.fromkeys(roots))


def _separate(
    program: str,
    roots: list[tuple[str, Directive | None]] | list[tuple[str, Statement | None]],
    default: Fact,
    params: DocumentRoot,
) -> Check:
    shared = {*params.defaults, *_OF_SYSTEM}
    bad = [(path, said) for path, said in roots if path in shared]
    if bad:
        names = listed(path for path, _ in bad)
        ko = f"{program}: 기본 또는 시스템 디렉터리를 웹 경로로 사용함: {names.ko}"
        en = f"{program} serves a default or a system directory: {names.en}."
        return vulnerable(ko, en, *facts_of((said for _, said in bad), default))
    names = listed(path for path, _ in roots)
    ko = (
        f"{program}: 별도의 디렉터리를 웹 경로로 사용함: {names.ko}"
        if roots
        else f"{program}: 제공하는 디렉터리가 없음"
    )
    en = (
        f"{program} serves directories of its own: {names.en}."
        if roots
        else f"{program} serves no directory."
    )
    return good(ko, en, *facts_of((said for _, said in roots), default) or (Fact(default.source, "no root"),))


_MANUALS: Final = (
    "/usr/share/httpd/manual", "/usr/share/apache2/manual", "/var/www/manual", "/usr/local/apache2/manual",
    "/usr/local/apache2/htdocs/manual", "/usr/local/apache/htdocs/manual", "/etc/httpd/htdocs/manual",
)  # fmt: skip
_DEBIAN_MANUAL: Final = "/usr/share/doc/apache2-doc/manual"
_SAMPLES: Final = tuple(
    f"{top}/cgi-bin/{name}"
    for top in ("/usr/lib", "/var/www", "/srv/www", "/usr/local/apache2", "/usr/local/apache")
    for name in ("test-cgi", "printenv")
)


class DefaultFiles(WebParams):
    """What the page counts as that a server delivers while it has none of its own."""

    default_page: Literal["good", "vulnerable"] = "vulnerable"


@rule("unix.web-default-files", DefaultFiles)
def default_files(evidence: Evidence, params: DefaultFiles) -> Iterator[Check]:
    """No manual, sample program or default page that came with a web server in use is left."""

    def of_apache(apache: Apache) -> Iterator[Check]:
        aliases = {place.path for place in apache.places}
        manuals = [p for p in (*_MANUALS, *_SAMPLES) if evidence.file(p) is not None]
        if _DEBIAN_MANUAL in aliases and evidence.file(_DEBIAN_MANUAL) is not None:
            manuals.append(_DEBIAN_MANUAL)
        roots = dict.fromkeys(host.root for host in apache.hosts if host.root)
        # Red Hat's welcome.conf answers with its test page while there is no other.
        welcome = [
            d
            for host in apache.hosts
            for part in host.parts
            for d in part.own("alias")
            if d.args[:1] == ("/.noindex.html",)
        ]
        yield from _left("Apache", evidence, params, manuals, list(roots), [d.fact for d in welcome[:1]])

    def of_nginx(whole: Block, prefix: str) -> Iterator[Check]:
        roots = dict.fromkeys(path for path, _ in nginx_roots(whole, prefix))
        yield from _left("nginx", evidence, params, [], list(roots), [])

    yield from each_server(evidence, params, of_apache, of_nginx)


def _left(  # noqa: PLR0913, PLR0917 - what there may be
    program: str,
    evidence: Evidence,
    params: DefaultFiles,
    files: list[str],
    roots: list[str],
    pages: list[Fact],
) -> Iterator[Check]:
    files = [
        *files,
        *(p for root in roots if (p := f"{root.rstrip('/')}/manual") not in files and _exists(evidence, p)),
    ]
    if files:
        names = listed(files)
        ko = f"{program}: 설치 시 제공된 매뉴얼·샘플 파일이 남아 있음: {names.ko}"
        en = f"{program}: manuals or samples are left: {names.en}."
        yield vulnerable(ko, en, *(Fact(path, "exists") for path in files))
    for root in roots:
        top = root.rstrip("/")
        pages += [line.fact for line in evidence.lines(f"{top}/index.html") or ()]
        if _exists(evidence, f"{top}/index.nginx-debian.html"):
            pages.append(Fact(f"{top}/index.nginx-debian.html", "exists"))
    if pages:
        names = listed(fact.source for fact in pages)
        ko = f"{program}: 기본 페이지가 남아 있음: {names.ko}"
        yield by_policy(params.default_page, ko, f"{program}'s default page is left: {names.en}.", *pages)
    if not files and not pages:
        ko = f"{program}: 기본 매뉴얼·샘플·기본 페이지가 존재하지 않음"
        en = f"{program}: no manual, sample or default page is left."
        yield good(ko, en, *(Fact(root, "no default file") for root in roots or [program]))


def _exists(evidence: Evidence, path: str) -> bool:
    if "$" in path:
        raise Unread(path, "the path has a variable")
    return evidence.file(path) is not None
