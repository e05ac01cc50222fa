"""``cce gateway``: the private API's gateway. A sub-verb is one module, like the verbs of :mod:`cce.cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from cce.cli.gateway import (
    apply,
    compile,  # noqa: A004 - the verb's name
    delete_stage,
    deploy,
    diff,
    explain,
    export,
    history,
    import_openapi,
    rollback,
    schema,
    serve,
    sign,
    status,
    url,
    validate,
)
from cce.cli.gateway.definition_file import say
from cce.cli.status import NOT_ASSESSED
from cce.errors import GatewayDefinitionError

if TYPE_CHECKING:
    import argparse

    from cce.cli import Verb

NAME: Final = "gateway"
HELP: Final = (
    "Check a definition file of the gateway, serve it on this machine, sign requests to it, "
    "apply and deploy it to API Gateway."
)

SUB_VERBS: Final = cast(
    "tuple[Verb, ...]",
    (
        validate,
        serve,
        sign,
        explain,
        schema,
        export,
        import_openapi,
        diff,
        apply,
        deploy,
        status,
        history,
        rollback,
        delete_stage,
        url,
        compile,
    ),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the sub-verbs."""
    verbs = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for verb in SUB_VERBS:
        sub = verbs.add_parser(verb.NAME, help=verb.HELP, description=verb.HELP)
        verb.configure(sub)
        sub.set_defaults(act=verb.run)


def run(args: argparse.Namespace) -> int:
    """Do what the sub-verb does. 2: the definition file is wrong; each problem of it is one line.

    Raises
    ------
    CceError
        What else the sub-verb raises.
    """
    try:
        status: int = args.act(args)
    except GatewayDefinitionError as error:
        say(error.problems)
        return NOT_ASSESSED
    return status
