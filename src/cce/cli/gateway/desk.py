"""Where the book of the gateway is: a directory of this machine, or a deployed stack."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cce.errors import GatewayStateError
from cce.fleet.rest_apis import RestApis
from cce.fleet.stacks import read_stack
from cce.gateway.compiler import Target
from cce.gateway.deploying import Desk
from cce.store.gateway_book import DynamoBook
from cce.store.gateway_directory import DirectoryApis, DirectoryBook
from cce.store.objects import S3Objects
from cce.store.statistics import DynamoStatistics

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from cce.fleet.stacks import Stack
    from cce.gateway.records import Book, StageRecord

#: Of a stack of nobody: for looking at what would be compiled, without AWS.
_NOWHERE: Final = "arn:aws:lambda:ap-northeast-2:111111111111:function"


@dataclass(frozen=True, slots=True)
class Opened:
    """The book, the desk that writes it, and who sits there. ``stack`` is ``None`` for a directory."""

    book: Book
    desk: Desk
    target: Target
    who: str
    stack: Stack | None = None

    def record(self, service: str, stage: str) -> StageRecord | None:
        """What the book knows of a stage; ``None`` if nothing."""
        known = {record.name: record.id for record in self.book.services()}
        return self.book.stage(known[service], stage) if service in known else None

    def records(self, service: str) -> Sequence[StageRecord]:
        """What the book knows of the stages of a service."""
        known = {record.name: record.id for record in self.book.services()}
        return self.book.stages(known[service]) if service in known else ()


class _AnyFunction(dict[str, str]):
    """Stands for the functions of a stack that is not there."""

    def __missing__(self, name: str) -> str:
        return f"{_NOWHERE}:{name}"

    def __contains__(self, _name: object) -> bool:
        return True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, one of its stages, and where the book is."""
    add_file(parser)
    parser.add_argument(
        "--stage", default="", metavar="NAME", help="which stage (default: the default stage)"
    )
    add_book(parser)


def add_file(parser: argparse.ArgumentParser) -> None:
    """Add the file and ``--service``."""
    parser.add_argument("file", metavar="FILE", help="the definition, which names the service")
    parser.add_argument("--service", metavar="NAME", help="which service, where there are several")


def add_book(parser: argparse.ArgumentParser) -> None:
    """Add ``--book``, ``--stack``, ``--integration-seconds``."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--book",
        type=Path,
        default=Path(".cce-gateway"),
        metavar="DIR",
        help="keep the book here, without AWS (default: %(default)s)",
    )
    where.add_argument("--stack", metavar="NAME", help="the stack that runs the gateway, on AWS")
    parser.add_argument(
        "--vpc-link",
        default="",
        metavar="ID",
        help="with --book: as if the stack had this VPC link, by which API Gateway calls backends itself",
    )
    parser.add_argument(
        "--integration-seconds",
        type=int,
        default=29,
        metavar="N",
        help="how long API Gateway waits for a backend; more than 29 needs a raised quota (default: 29)",
    )


def open_desk(args: argparse.Namespace) -> Opened:
    """Open the book that the arguments name.

    Raises
    ------
    CceError
        When the stack cannot be asked, or runs no gateway, or --vpc-link is not for it.
    """
    if args.stack and args.vpc_link:
        raise GatewayStateError("--vpc-link is for --book; the stack has the one of its GatewayVpcLinkId")
    if args.stack:
        return _on_aws(read_stack(args.stack), args.integration_seconds)
    target = _target("ap-northeast-2", "aws", ("vpce-0123456789abcdef0",), _AnyFunction(), args)
    book = DirectoryBook(args.book)
    return Opened(book, Desk(book, DirectoryApis(args.book), target, _never), target, getpass.getuser())


def _on_aws(stack: Stack, seconds: int) -> Opened:
    endpoint = stack.output("GatewayEndpointId")
    relay, authorizer = stack.output("GatewayRelayArn"), stack.output("GatewayAuthorizerArn")
    target = Target(
        region=stack.region,
        partition=stack.partition,
        endpoints=(endpoint,),
        relay=relay,
        authorizer=authorizer,
        functions=stack.functions,
        vpc_link=stack.outputs.get("GatewayVpcLinkId", ""),
        integration_seconds=seconds,
    )
    book = DynamoBook(stack.output("GatewayBookTableName"), S3Objects(stack.output("DataBucketName")))
    apis = RestApis(
        endpoints=(endpoint,),
        account=stack.account,
        partition=stack.partition,
        log=stack.output("GatewayLogArn"),
    )
    statistics = DynamoStatistics(stack.output("StatisticsTableName"))
    return Opened(book, Desk(book, apis, target, statistics.last_updated), target, stack.caller, stack)


def _target(
    region: str,
    partition: str,
    endpoints: tuple[str, ...],
    functions: Mapping[str, str],
    args: argparse.Namespace,
) -> Target:
    return Target(
        region=region,
        partition=partition,
        endpoints=endpoints,
        relay=functions["relay"],
        authorizer=functions["authorizer"],
        functions=functions,
        vpc_link=args.vpc_link,
        integration_seconds=args.integration_seconds,
    )


def _never(_api: str, _stage: str) -> datetime | None:
    return None
