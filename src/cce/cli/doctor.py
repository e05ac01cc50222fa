"""``cce doctor``: why a private API cannot be called, or why a call leaves the VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli import files, output
from cce.doctor.as_text import as_text
from cce.doctor.collect import SYSTEM, Question, collect
from cce.report.safe import to_json

if TYPE_CHECKING:
    import argparse

    from cce.doctor.ports import Aws, Net

NAME: Final = "doctor"
HELP: Final = (
    "Look, read-only, for what keeps a private API from being called or lets a call leave the VPC. "
    "Exit status: 0 healthy, 1 findings, 2 could not look."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--region", default="", help="(default: the environment's, as the aws command's)")
    parser.add_argument(
        "--vpc", action="append", default=[], metavar="ID", help="look at this VPC only; may be repeated"
    )
    parser.add_argument(
        "--api",
        action="append",
        default=[],
        metavar="ID",
        help="look at this private API only; may be repeated",
    )
    parser.add_argument(
        "--client",
        action="append",
        default=[],
        metavar="CIDR",
        help="a network that calls the API, such as an office behind Direct Connect; may be repeated",
    )
    parser.add_argument(
        "--functions",
        default=SYSTEM,
        metavar="PREFIX",
        help="functions of the system, by how their names begin (default: %(default)s)",
    )
    parser.add_argument(
        "--resolver", default="", metavar="ADDRESS", help="a second resolver to compare the system's with"
    )
    parser.add_argument("--json", action="store_true", help="for programs, in both languages")
    output.add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Look, print, and say by the exit status what was found.

    Raises
    ------
    CceError
        When AWS cannot be asked at all, or the arguments name what does not exist.
    """
    from cce.doctor.run import diagnose, document  # noqa: PLC0415 - it reads the checks' texts

    aws, net = _ports(args.region)
    question = Question(
        vpcs=tuple(args.vpc),
        apis=tuple(args.api),
        clients=tuple(args.client),
        functions=args.functions,
        resolver=args.resolver,
    )
    diagnosis = diagnose(collect(aws, net, question))
    text = to_json(document(diagnosis)) + "\n" if args.json else as_text(diagnosis, args.language)
    files.write_stdout(text)
    return diagnosis.exit_status


def _ports(region: str) -> tuple[Aws, Net]:
    # Here, because boto3 takes longer to import than the other verbs take to run.
    from cce.fleet.net import SocketNet  # noqa: PLC0415
    from cce.fleet.questions import AwsQuestions  # noqa: PLC0415

    return AwsQuestions(region), SocketNet()
