"""``cce gateway url``: where each method of a stage is called, with samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE
from cce.errors import GatewayStateError
from cce.gateway.compiler.model import stage_name
from cce.gateway.samples import note, sample
from cce.text import visible

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from cce.gateway.snapshot import Snapshot

NAME: Final = "url"
HELP: Final = "Print the URL of a deployed stage, and a curl sample of each of its methods."

_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    desk.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print them.

    Raises
    ------
    GatewayStateError
        When the stage was never deployed.
    """
    service = definition_file.service_named(args)
    opened = desk.open_desk(args)
    record = opened.record(service.name, args.stage)
    serving = record.serving if record else None
    snapshot = opened.book.snapshot(record.service, serving.digest) if record and serving else None
    if snapshot is None:
        shown = args.stage or "(default)"
        raise GatewayStateError(f"stage {shown} is not deployed, so it has no URL; apply and deploy it first")
    target, api = opened.target, opened.desk.service(service.name).api
    suffix = _SUFFIXES.get(target.partition, "amazonaws.com")
    base = (
        f"https://{api}-{target.endpoints[0]}.execute-api.{target.region}.{suffix}/{stage_name(args.stage)}"
    )
    write_stdout("".join(f"{visible(line)}\n" for line in _lines(base, snapshot)))
    return NOTHING_VULNERABLE


def _lines(base: str, snapshot: Snapshot) -> Iterable[str]:
    yield base
    if snapshot.stage.hmac and snapshot.stage.hmac.enabled:
        yield "# requests must be signed: cce gateway sign METHOD URL --secret - --curl makes the command"
    yield from (f"{sample(route, base)}{note(route)}" for route in snapshot.serving().routes)
