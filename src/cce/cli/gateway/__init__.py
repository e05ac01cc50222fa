"""``cce gateway``: the private API's gateway. A sub-verb is one module, like the verbs of :mod:`cce.cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from cce.cli.gateway import explain, sign

if TYPE_CHECKING:
    import argparse

    from cce.cli import Verb

NAME: Final = "gateway"
HELP: Final = "Sign requests to the gateway, and explain why a signature does not fit."

SUB_VERBS: Final = cast("tuple[Verb, ...]", (sign, explain))


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the sub-verbs."""
    verbs = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for verb in SUB_VERBS:
        sub = verbs.add_parser(verb.NAME, help=verb.HELP, description=verb.HELP)
        verb.configure(sub)
        sub.set_defaults(act=verb.run)


def run(args: argparse.Namespace) -> int:
    """Do what the sub-verb does.

    Raises
    ------
    CceError
        What the sub-verb raises.
    """
    status: int = args.act(args)
    return status
