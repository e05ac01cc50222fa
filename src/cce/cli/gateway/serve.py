"""``cce gateway serve``: a definition file, served on this machine."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cce.cli.gateway import definition_file
from cce.cli.status import NOT_ASSESSED, NOTHING_VULNERABLE
from cce.errors import GatewayDefinitionError, SecretError, ServeError
from cce.gateway.server.patience import Limits
from cce.gateway.serving import serving
from cce.gateway.signing.guard import Guard
from cce.store.local_secrets import LocalSecrets
from cce.store.memory_services import MemoryServices
from cce.store.memory_signing import MemoryReplays
from cce.store.statistics_file import FileStatistics
from cce.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.definition.model import Service
    from cce.gateway.definition.stage import Stage
    from cce.gateway.message import Request
    from cce.gateway.statistics.record import AccessRecord

NAME: Final = "serve"
HELP: Final = "Serve a definition file on this machine: the same engine as on AWS, without AWS."

_LIMITS: Final = Limits()

#: Seconds of patience; also keeps infinity out.
_LONGEST: Final = 3600


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("file", metavar="FILE", help="the definition")
    parser.add_argument("--service", metavar="NAME", help="which service, where the file has several")
    parser.add_argument(
        "--stage",
        action="append",
        metavar="NAME",
        help="only this stage ('' is the default stage); may be repeated (default: all of them)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="0: any free one (default: %(default)s)")
    parser.add_argument(
        "--secret",
        metavar="REF",
        help="env:NAME or file:PATH in place of the stages' secrets, where the file names those of AWS",
    )
    parser.add_argument(
        "--statistics",
        metavar="FILE",
        default=":memory:",
        help="keep the statistics of the calls in this file (SQLite; default: until the server stops)",
    )
    parser.add_argument(
        "--zone",
        default="Asia/Seoul",
        help="time zone in which a day of the statistics begins at midnight (default: %(default)s)",
    )
    parser.add_argument(
        "--patience",
        type=_patience,
        default=_LIMITS.seconds,
        metavar="SECONDS",
        help="for which a client may keep the server waiting: for a whole head, for the next request, for so "
        "many KiB of a body; raise it to type requests by hand (default: %(default)s)",
    )
    parser.add_argument(
        "--connections",
        type=_connections,
        default=_LIMITS.connections,
        metavar="N",
        help="at most so many at once; what is too many is answered 503 (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until the process is told to stop. 2: the definition is wrong.

    Raises
    ------
    CceError
        When the file or a secret cannot be read, or the port is taken.
    """
    try:
        from cce.gateway.server import banner  # noqa: PLC0415 - what it needs is an extra
        from cce.gateway.server import run as server  # noqa: PLC0415 - the same
        from cce.gateway.server.app import GatewayApp  # noqa: PLC0415 - the same
        from cce.gateway.server.client import AsyncUpstream  # noqa: PLC0415 - the same
        from cce.gateway.server.counting import Counting  # noqa: PLC0415 - the same
        from cce.gateway.server.doorkeeper import Doorkeeper  # noqa: PLC0415 - the same
        from cce.gateway.server.front import Front  # noqa: PLC0415 - the same
        from cce.gateway.server.log import AccessLog  # noqa: PLC0415 - the same
        from cce.gateway.server.own import OwnPaths  # noqa: PLC0415 - the same
        from cce.gateway.server.served import records_of, service_id  # noqa: PLC0415 - the same
        from cce.gateway.server.sites import Sites  # noqa: PLC0415 - the same
    except ImportError as error:
        message = f"the local server needs more packages ({error.name}): pip install 'cce-fleet[gateway]'"
        raise ServeError(message) from error
    try:
        loaded = definition_file.read(args.file, local=True)
        service = definition_file.service_of(loaded.definition, args.service)
        stages = tuple(_with_secret(stage, args.secret) for stage in _stages(service, args.stage))
    except GatewayDefinitionError as error:
        definition_file.say(error.problems)
        return NOT_ASSESSED
    definition_file.say(loaded.warnings, "warning: ")
    zone, secrets = _zone(args.zone), LocalSecrets()
    _check_secrets(stages, secrets)
    servings = tuple(serving(service_id(service.name), service.resources, stage) for stage in stages)
    served = {(service.name, stage.name) for stage in stages}
    services = MemoryServices(records_of(loaded.definition.services, served, datetime.now(UTC)))
    listening = server.listen(args.host, args.port)
    counting = Counting(FileStatistics(args.statistics), zone, _say)
    log, upstream = AccessLog(sys.stderr), AsyncUpstream()

    def record(seen: AccessRecord, request: Request, reason: str) -> None:
        log(seen, request, reason)
        counting(seen, request, reason)

    sites = Sites(servings, Guard(secrets, MemoryReplays()))
    app, doorkeeper = GatewayApp(sites, upstream, record), Doorkeeper(sites, record, log)
    front = Front(app, OwnPaths(counting, services), (upstream.close, log.flush, counting.close))
    address = server.address_of(listening)
    greeting = (f"{service.name}: serving", *banner.lines(servings, address), banner.statistics(address))
    limits = Limits(args.patience, args.connections)
    server.serve(front, doorkeeper, listening, lambda: _say(*greeting), limits)
    return NOTHING_VULNERABLE


def _patience(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and {_LONGEST} seconds")
    return seconds


def _connections(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} leaves no connection")
    return number


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        message = f"no time zone {name!r}: --zone takes a name of IANA's, such as Asia/Seoul or UTC"
        raise ServeError(message) from error


def _stages(service: Service, names: list[str] | None) -> Iterator[Stage]:
    by_name = {stage.name: stage for stage in service.stages}
    if not by_name:
        raise GatewayDefinitionError(f"the service {service.name} has no stage; add one under stages:")
    for name in by_name if names is None else dict.fromkeys(names):
        if name not in by_name:
            there = ", ".join(stage or "'' (the default stage)" for stage in by_name)
            raise GatewayDefinitionError(f"the service {service.name} has no stage {name!r}; it has: {there}")
        yield by_name[name]


def _with_secret(stage: Stage, reference: str | None) -> Stage:
    if reference is None or stage.hmac is None:
        return stage
    return stage.model_copy(update={"hmac": stage.hmac.model_copy(update={"secret": reference})})


def _check_secrets(stages: tuple[Stage, ...], secrets: LocalSecrets) -> None:
    """Fail at the start, not at the first request."""
    for stage in stages:
        if stage.hmac and stage.hmac.enabled:
            try:
                secrets.keys(stage.hmac.secret)
            except SecretError as error:
                name = f"stage {stage.name}" if stage.name else "the default stage"
                message = f"{name}: {error.message}; --secret names another one for this server"
                raise SecretError(message) from error


def _say(*lines: str) -> None:
    sys.stderr.writelines(f"{visible(line)}\n" for line in lines)
    sys.stderr.flush()
