"""What Apache serves, and what holds there: hosts, directories, directives merged as Apache merges them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import apache_text, apache_version
from cce.evidence.views.apache_layout import LAYOUTS
from cce.evidence.views.apache_place import Layers, Place, pieces, prefixes, same_path
from cce.evidence.views.once import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.apache_layout import Layout
    from cce.evidence.views.apache_text import Directive, Section

_MAX_PLACES: Final = 3000
_ACCESS: Final = ".htaccess"
#: Sections that apply by something else than the path of a directory.
_LOOSE: Final = (
    "directorymatch", "location", "locationmatch", "files", "filesmatch", "if", "elseif", "else",
)  # fmt: skip
#: Directives that leave no request to the document root: redirected or handed on.
_HANDED_ON: Final = frozenset(
    {
        "redirect", "redirectpermanent", "redirecttemp", "redirectmatch", "proxypass", "proxypassmatch",
        "rewriterule",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Host:
    """A virtual host, or the server outside of them; ``parts`` are the sections that make it, outer first."""

    name: str
    parts: tuple[Section, ...]
    root: str  # the document root; empty where every request is handed on
    root_directive: Directive | None  # None: the default
    directories: dict[int, list[tuple[str, Section]]]  # its <Directory> sections by the depth of their paths

    def last(self, name: str) -> Directive | None:
        """The directive of that name that counts: the last, an inner one before an outer one."""
        for part in reversed(self.parts):
            if found := list(part.own(name)):
                return found[-1]
        return None


@dataclass(frozen=True)
class Apache:
    """Apache's configuration on one server."""

    evidence: Evidence
    layout: Layout
    whole: Section
    modules: frozenset[str]

    def loads(self, module: str) -> bool:
        """Whether a module is loaded: ``autoindex``."""
        return apache_text.loads(self.modules, module)

    @cached_property
    def hosts(self) -> tuple[Host, ...]:
        """The hosts that answer requests.

        The server outside of virtual hosts answers only on ports that no virtual host takes.
        """
        virtual = tuple(self.whole.sections("virtualhost"))
        taken = {_address(arg) for section in virtual for arg in section.args}
        ports = {_address(d.args[0])[1] for d in self.whole.own("listen") if d.args}
        every = ("*", "_default_")
        outside = not ports or any(
            not any((host, p) in taken for host in every for p in (port, "*", "")) for port in ports
        )
        main = (self._host("server", (self.whole,)),) if outside else ()
        return (*main, *(self._host(_name(section), (self.whole, section)) for section in virtual))

    def _host(self, name: str, parts: tuple[Section, ...]) -> Host:
        inner = parts[-1]
        own = [d for n in ("documentroot", "virtualdocumentroot") for d in inner.own(n) if d.args]
        if not own and _handed_on(inner):
            return Host(name, parts, "", None, _by_depth(parts))
        found = own or [d for d in self.whole.own("documentroot") if d.args]
        path = found[-1].args[0].partition("%")[0] if found else self.layout.document_root
        return Host(name, parts, self._path(path), found[-1] if found else None, _by_depth(parts))

    def _path(self, path: str) -> str:
        return same_path(path if path.startswith("/") else posixpath.join(self.layout.server_root, path))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every directory that is served, and every section that changes what holds in some of them.

        A directory that all are denied is left out.

        Raises
        ------
        Unread
            When a ``.htaccess`` that counts was not read.
        """
        found: list[Place] = []
        for host in self.hosts:
            found += [place for place in self._of(host) if not place.denied]
            if len(found) > _MAX_PLACES:
                raise Unread(self.layout.main, "too many directories")
        return tuple(found)

    def roots(self) -> Iterator[Place]:
        """The document roots that are served."""
        for host in self.hosts:
            if host.root:
                place = self.place(host, host.root)
                if not place.denied:
                    yield place

    def _of(self, host: Host) -> Iterator[Place]:
        tops = self._tops(host)
        paths = dict.fromkeys(tops)
        for part in host.parts:
            for section in part.sections("directory"):
                path = _section_path(section)
                if path and (_below(path, tops) or self._speaks(section, path)):
                    paths[path] = None
        for path in [p for p in tops if self.place(host, p).may_override]:
            paths |= dict.fromkeys(self._access_directories(path))
        if len(paths) > _MAX_PLACES:
            raise Unread(self.layout.main, "too many directories")
        for path in paths:
            yield self.place(host, path)
        yield from self._loose(host, host.parts, self.place(host, host.root or "/").layers)

    def _tops(self, host: Host) -> list[str]:
        # In a <Location> an Alias names only the directory.
        said = [
            d
            for part in host.parts
            for section, words in ((part, 2), *((s, 1) for s in part.sections("location", "locationmatch")))
            for name in ("alias", "scriptalias")
            for d in section.own(name)
            if len(d.args) == words
        ]
        aliases = [self._path(d.args[-1]) for d in said]
        return [path for path in (host.root, *aliases) if path]

    def _speaks(self, section: Section, path: str) -> bool:
        """Whether a section that is below nothing known to be served counts: it sets Options itself.

        Distributions bring one for homes along, which mod_userdir serves only where it is switched on.
        """
        home = "/public_html" in f"{path}/"
        return any(section.own("options")) and (not home or self._serves_homes())

    def _serves_homes(self) -> bool:
        said = [d.args for d in self.whole.everywhere("userdir") if d.args]
        on = [args for args in said if args[0].lower() != "disabled" or len(args) > 1]
        off = any(len(args) == 1 and args[0].lower() == "disabled" for args in said)
        enabled = any(args[0].lower() == "enabled" for args in said)
        return self.loads("userdir") and bool(on) and (enabled or not off)

    def _loose(
        self, host: Host, parts: tuple[Section, ...], base: Layers, above: str = ""
    ) -> Iterator[Place]:
        for part in parts:
            for section in part.sections(*_LOOSE, "directory"):
                path = _section_path(section) if section.name == "directory" else ""
                if path:
                    yield from self._loose(host, (section,), self.place(host, path).layers, path)
                else:
                    title = f"<{section.name} {' '.join(section.args)}>"
                    layers = (*base, tuple(section.own()))
                    shown = f"{above} {title}".strip()
                    yield Place(shown, host.name, layers, self._defaults, section.name)

    def place(self, host: Host, path: str) -> Place:
        """What holds in a directory that the host serves."""
        layers: list[tuple[Directive, ...]] = [tuple(part.own()) for part in host.parts]
        place = Place(path, host.name, tuple(layers), self._defaults)
        for prefix in prefixes(path):
            for section_path, section in host.directories.get(len(pieces(prefix)), ()):
                if place.matches(prefix, section_path):
                    layers.append(tuple(_with_requirements(section)))
            place = Place(path, host.name, tuple(layers), self._defaults)
            file = posixpath.join(prefix, _ACCESS)
            if ("text", file) in self.evidence.statuses and place.may_override:
                section = apache_text.access_file(self.evidence, self.layout, self.modules, file)
                layers.append(tuple(d for d in _with_requirements(section) if place.may_set(d)))
        return Place(path, host.name, tuple(layers), self._defaults)

    def _defaults(self) -> bool:
        return apache_version.restricted_by_default(self.evidence, self.layout.package)

    def _access_directories(self, top: str) -> list[str]:
        """The directories below ``top`` that hold a ``.htaccess``."""
        names = {d.args for d in self.whole.everywhere("accessfilename")} - {(_ACCESS,)}
        if names:
            raise Unread("AccessFileName", "other files than .htaccess are not collected")
        walk = self.evidence.walk("htaccess")
        walk.require_complete()
        if walk.total > len(walk.hits):
            raise Unread("walk htaccess", f"cut: {len(walk.hits)} of {walk.total} listed")
        paths = {
            key for kind, key in self.evidence.statuses if kind == "text" and key.endswith(f"/{_ACCESS}")
        }
        paths |= {hit.path for hit in walk.hits}
        return sorted(posixpath.dirname(p) for p in paths if _below(p, [top]))


@once
def read(evidence: Evidence, *, old_names: bool = False) -> Apache:
    """Apache's configuration; with ``old_names`` that of ``httpd`` before that of ``apache2``.

    Raises
    ------
    Unread
        When there is none where distributions keep it, or it was not read.
    """
    order = LAYOUTS if not old_names else (*LAYOUTS[2:], *LAYOUTS[:2])
    for layout in order:
        if evidence.lines(layout.main) is not None:
            return Apache(evidence, layout, *apache_text.read(evidence, layout))
    raise Unread(order[0].main, "absent, although Apache is in use")


def _by_depth(parts: tuple[Section, ...]) -> dict[int, list[tuple[str, Section]]]:
    found: dict[int, list[tuple[str, Section]]] = {}
    for part in parts:
        for section in part.sections("directory"):
            if path := _section_path(section):
                found.setdefault(len(pieces(path)), []).append((path, section))
    return found


def _with_requirements(section: Section) -> Iterator[Directive]:
    """The section's directives, and the requirements that stand in its ``<RequireAll>`` and the like."""
    yield from section.own()
    for group in section.sections("requireall", "requireany"):
        yield from group.everywhere("require")


def _handed_on(section: Section) -> bool:
    locations = [s for s in section.sections("location") if s.args[:1] == ("/",)]
    return any(d.name in _HANDED_ON and "/" in d.args for part in (section, *locations) for d in part.own())


def _section_path(section: Section) -> str:
    """The path of a ``<Directory>``; empty for a regular expression, which is not evaluated."""
    first = section.args[0] if section.args else ""
    return same_path(first) if first.startswith("/") else ""


def _below(path: str, tops: list[str]) -> bool:
    return any(path == top or path.startswith(f"{top.rstrip('/')}/") for top in tops)


def _name(section: Section) -> str:
    names = [d.args[0] for d in section.own("servername") if d.args]
    return " ".join(("VirtualHost", *section.args[:1], *names[:1]))


def _address(text: str) -> tuple[str, str]:
    """Host and port of ``*:80``, ``[::]:443``, ``80`` (a port alone is every host)."""
    if text.isdigit():
        return "*", text
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(.*))?", text)
    return (match[1], match[2] or "") if match else (text, "")
