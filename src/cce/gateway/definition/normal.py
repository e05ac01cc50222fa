"""A right definition in its one spelling, so that equal meanings have equal digests.

Paths lose the / at their end, address lists their comments, host bits and repetitions, origins their default
ports and capitals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.gateway import paths
from cce.gateway.definition import addresses
from cce.gateway.definition.checks.cors import origin

if TYPE_CHECKING:
    from cce.gateway.definition.model import Definition, PathPlugins, Resource, Service
    from cce.gateway.definition.stage import IpAcl, Override, Stage


def normalised(definition: Definition) -> Definition:
    """The one spelling of a definition that has no problems."""
    return definition.model_copy(update={"services": tuple(map(_service, definition.services))})


def _service(service: Service) -> Service:
    resources = {paths.parse(path).text: _resource(each) for path, each in service.resources.items()}
    return service.model_copy(update={"resources": resources, "stages": tuple(map(_stage, service.stages))})


def _resource(resource: Resource) -> Resource:
    return resource.model_copy(update={"plugins": _plugins(resource.plugins)})


def _plugins(plugins: PathPlugins) -> PathPlugins:
    if plugins.cors is None:
        return plugins
    origins = tuple(text if text == "*" else origin(text) for text in plugins.cors.allow_origins)
    return plugins.model_copy(update={"cors": plugins.cors.model_copy(update={"allow_origins": origins})})


def _stage(stage: Stage) -> Stage:
    return stage.model_copy(
        update={
            "overrides": tuple(map(_override, stage.overrides)),
            "ip_acl": _ip_acl(stage.ip_acl) if stage.ip_acl else None,
        }
    )


def _override(override: Override) -> Override:
    return override.model_copy(update={"path": paths.parse(override.path).text})


def _ip_acl(acl: IpAcl) -> IpAcl:
    return acl.model_copy(update={"entries": addresses.normal(acl.entries)})
