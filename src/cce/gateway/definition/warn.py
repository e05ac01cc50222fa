"""What a right definition may not have been meant to say: a sentence each, with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.gateway import paths
from cce.gateway.definition import addresses, not_on_aws
from cce.gateway.signing import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.gateway.definition.model import Definition, MethodPlugins, Resource, Service
    from cce.gateway.definition.plugins import Cors
    from cce.gateway.definition.stage import IpAcl, Stage
    from cce.gateway.paths import PathTemplate
    from cce.yaml_file import Path, Problem

#: What API Gateway waits for a backend unless its quota is raised, in seconds.
_QUOTA_SECONDS: Final = 29
#: Resources of one API, of which every part of a path is one, unless the quota is raised.
_QUOTA_RESOURCES: Final = 300
#: Answered by API Gateway itself under a domain name of one's own.
_HEALTH_CHECKS: Final = ("/ping", "/sping")
#: First part of the local server's own paths (:mod:`cce.gateway.server.own`).
_OWN: Final = "-"

_PLUGINS: Final = ("cors", "request_headers", "response_headers")


def warnings_of(definition: Definition, *, local: bool = False) -> tuple[Problem, ...]:
    """The warnings about a definition that has no problems, each with its place in it.

    Parameters
    ----------
    local
        Whether it is for the local server, which serves what API Gateway cannot.
    """
    return tuple(
        warning
        for number, service in enumerate(definition.services)
        for warning in (
            *_of_service(("services", number), service),
            *(() if local else not_on_aws.warnings_of(("services", number), service)),
        )
    )


def _of_service(place: Path, service: Service) -> Iterator[Problem]:
    tree = {paths.parse(text): text for text in service.resources}
    signed = any(stage.hmac is not None and stage.hmac.enabled for stage in service.stages)
    yield from _of_tree((*place, "resources"), tree)
    if any(not stage.name for stage in service.stages):
        yield from _of_default_stage((*place, "resources"), tree)
    for path, text in tree.items():
        here, resource = (*place, "resources", text), service.resources[text]
        if resource.plugins.cors:
            yield from _of_cors((*here, "plugins", "cors"), resource.plugins.cors, signed=signed)
        yield from _of_replaced(here, path, tree, service.resources)
        yield from _of_credentials((*here, "plugins"), resource.plugins)
        for method, definition in resource.methods.items():
            yield from _of_credentials((*here, "methods", method, "plugins"), definition.plugins)
    for number, stage in enumerate(service.stages):
        yield from _of_stage((*place, "stages", number), stage)


def _of_tree(here: Path, tree: Mapping[PathTemplate, str]) -> Iterator[Problem]:
    for path, text in tree.items():
        if path.text in _HEALTH_CHECKS:
            yield (*here, text), "under a domain name of its own API Gateway answers this path itself"
    parts = {path.segments[:depth] for path in tree for depth in range(len(path.segments) + 1)}
    if len(parts) > _QUOTA_RESOURCES:
        limit = f"API Gateway takes {_QUOTA_RESOURCES} unless its quota is raised"
        yield here, f"the tree has {len(parts)} parts of paths; {limit}"


def _of_default_stage(here: Path, tree: Mapping[PathTemplate, str]) -> Iterator[Problem]:
    for path, text in tree.items():
        if path.text.startswith(f"/{_OWN}/"):
            said = "below /-/ `cce gateway serve` has paths of its own, so it serves this one on named stages"
            yield (
                (*here, text),
                f"{said} only; begin it with something else, or give the default stage a name",
            )


def _of_cors(place: Path, cors: Cors, *, signed: bool) -> Iterator[Problem]:
    if signed and not any(name.lower() == "authorization" for name in cors.allow_headers):
        said = "a stage wants signed requests, and browsers send no Authorization that is not listed"
        yield (*place, "allow_headers"), f"{said} (* does not cover it); list authorization and x-nhn-date"
    for field in ("allow_headers", "expose_headers"):
        if "*" in getattr(cors, field) and cors.allow_credentials:
            yield (*place, field), "with allow_credentials browsers take * for a name; list the headers"


def _of_replaced(
    here: Path, path: PathTemplate, tree: Mapping[PathTemplate, str], resources: Mapping[str, Resource]
) -> Iterator[Problem]:
    """What of a path is not in force because of a plugin above it, or of CORS."""
    text = tree[path]
    resource = resources[text]
    for name in _PLUGINS:
        if (highest := _highest(name, path, tree, resources)) is None:
            continue
        said = f"the {name} of {highest}, which has overwrite_below, replaces this one"
        if highest != text and getattr(resource.plugins, name) is not None:
            yield (*here, "plugins", name), said
        for method, definition in resource.methods.items():
            if getattr(definition.plugins, name, None) is not None:
                yield (*here, "methods", method, "plugins", name), said
    cors = _highest("cors", path, tree, resources) or (text if resource.plugins.cors else None)
    if cors and "OPTIONS" in resource.methods:
        yield (*here, "methods", "OPTIONS"), f"the OPTIONS that the cors of {cors} makes replaces this one"


def _highest(
    name: str, path: PathTemplate, tree: Mapping[PathTemplate, str], resources: Mapping[str, Resource]
) -> str | None:
    """The highest path above, or the path itself, whose plugin overwrites what is below it."""
    found = [
        (len(parent.segments), text)
        for parent, text in tree.items()
        if path.within(parent)
        and (plugin := getattr(resources[text].plugins, name)) is not None
        and plugin.overwrite_below
    ]
    return min(found)[1] if found else None


def _of_credentials(place: Path, plugins: MethodPlugins) -> Iterator[Problem]:
    for name in plugins.request_headers.set if plugins.request_headers else ():
        if name.lower() == "authorization":
            yield (
                (*place, "request_headers", "set", name),
                "a credential in a definition is read by all who read the file, and kept in every deployment",
            )


def _of_stage(place: Path, stage: Stage) -> Iterator[Problem]:
    if stage.timeout_seconds > _QUOTA_SECONDS:
        yield (
            (*place, "timeout_seconds"),
            f"API Gateway waits {_QUOTA_SECONDS} seconds unless its quota is raised; raise it to deploy",
        )
    for sentence in settings.warnings_of(stage.hmac) if stage.hmac else ():
        yield (*place, "hmac"), sentence
    if stage.ip_acl:
        yield from _of_addresses((*place, "ip_acl"), stage.ip_acl)


def _of_addresses(place: Path, acl: IpAcl) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for entry in addresses.entries_of(acl.entries):
        if isinstance(entry.network, str):
            continue
        here, shown = (*place, "entries", entry.line), addresses.shown(entry.network)
        if shown in seen:
            yield here, f"{entry.text} is {seen[shown]} again; they count once"
        elif shown != entry.text:
            yield here, f"{entry.text} is read as {shown}"
        if entry.network.prefixlen == 0:
            who = (
                "nobody of that kind is refused"
                if acl.mode == "allow"
                else "everybody of that kind is refused"
            )
            yield here, f"{entry.text} is every address: {who}"
        seen.setdefault(shown, entry.text)
    if acl.mode == "deny" and not any(":" in shown for shown in seen):
        yield (
            (*place, "mode"),
            "callers with IPv6 addresses pass: a private endpoint has both kinds; add ::/0 to refuse them",
        )
    if not acl.enabled:
        yield (*place, "enabled"), "the list is switched off: every address may call"
