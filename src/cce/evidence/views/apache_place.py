"""One directory that Apache serves: what its layers of directives come to."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from cce.evidence.views.apache_options import ALL_OPTIONS, Options, merged, set_anew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cce.evidence.views.apache_text import Directive

Layers = tuple[tuple["Directive", ...], ...]

#: What AllowOverride must name for a directive in .htaccess; those not here need All.
_CLASS_OF: Final = {
    "options": "options", "authtype": "authconfig", "authuserfile": "authconfig", "require": "authconfig",
    "order": "limit", "allow": "limit", "deny": "limit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A directory as one host serves it, or a section that applies by something else (``kind``).

    ``layers`` are the directives of the server, the host, and of every section and ``.htaccess`` on the
    way to it, the later before the earlier. ``restricted`` tells what Apache does where nothing is set.
    """

    path: str
    host: str
    layers: Layers
    restricted: Callable[[], bool]
    kind: str = "directory"

    def speaks(self, name: str) -> bool:
        """Whether the place has a say: a section by something else only where it sets ``name`` itself."""
        return self.kind == "directory" or any(d.name == name for d in self.layers[-1])

    def last(self, name: str) -> Directive | None:
        """The directive of that name that counts."""
        return next((d for layer in reversed(self.layers) for d in reversed(layer) if d.name == name), None)

    @property
    def options(self) -> Options:
        """The options that are on, in lower case, with what switched them on (``None``: the default)."""
        known = set_anew(self.layers) or self.restricted()
        return merged(self.layers, ("followsymlinks",) if known else ALL_OPTIONS)

    @property
    def denied(self) -> bool:
        """Whether nobody gets anything from here."""
        for layer in reversed(self.layers):
            required = [tuple(a.lower() for a in d.args) for d in layer if d.name == "require"]
            if required or any(d.name == "authmerging" for d in layer):
                return bool(required) and set(required) == {("all", "denied")}
            old = [tuple(a.lower() for a in d.args) for d in layer if d.name == "deny"]
            if old or any(d.name in {"order", "allow"} for d in layer):
                return ("from", "all") in old and not any(d.name == "allow" for d in layer)
        return False

    @property
    def override(self) -> tuple[str, ...]:
        """What ``.htaccess`` may say, in lower case: the words of AllowOverride, or its default."""
        directive = self.last("allowoverride")
        if directive is not None:
            return tuple(word.lower() for word in directive.args)
        return ("none",) if self.restricted() else ("all",)

    @property
    def _listed(self) -> tuple[str, ...]:
        directive = self.last("allowoverridelist")
        words = tuple(word.lower() for word in directive.args) if directive else ()
        return () if words == ("none",) else words

    @property
    def may_override(self) -> bool:
        """Whether a ``.htaccess`` is read at all."""
        return bool(self._listed) or self.override != ("none",)

    def may_set(self, directive: Directive) -> bool:
        """Whether a ``.htaccess`` here may hold the directive."""
        words = self.override
        if "all" in words or directive.name in self._listed:
            return True
        wanted = _CLASS_OF.get(directive.name, "all")
        some = next((w.partition("=")[2].split(",") for w in words if w.startswith(f"{wanted}=")), None)
        if some is not None:
            return all(arg.lower().lstrip("+-") in some for arg in directive.args)
        return wanted in words

    @property
    def asks_for_login(self) -> bool:
        """Whether who comes must log in."""
        for layer in reversed(self.layers):
            required = [d.args[0].lower() for d in layer if d.name == "require" and d.args]
            if required:
                login = {"valid-user", "user", "group", "ldap-user", "ldap-group", "file-owner"}
                scheme = self.last("authtype")
                return bool(login & set(required)) and scheme is not None and scheme.args[:1] != ("None",)
        return False

    @staticmethod
    def matches(path: str, pattern: str) -> bool:
        """Whether a ``<Directory>`` path, perhaps with wildcards, means that directory."""
        if path == pattern:
            return True
        ours, theirs = pieces(path), pieces(pattern)
        return len(ours) == len(theirs) and all(map(fnmatchcase, ours, theirs))


def same_path(path: str) -> str:
    """The path without slashes at its end or doubled ones."""
    return posixpath.normpath(path.replace("//", "/")) if path else ""


def pieces(path: str) -> list[str]:
    """The names in a path."""
    return [piece for piece in path.split("/") if piece]


def prefixes(path: str) -> Iterator[str]:
    """``/``, ``/srv``, ``/srv/www`` of ``/srv/www``; at most 60."""
    yield "/"
    shown = ""
    for piece in pieces(path)[:60]:
        shown += f"/{piece}"
        yield shown
