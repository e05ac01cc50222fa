"""Which benchmark and which items: the arguments, and errors that name what was probably meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from cce.benchmarks import benchmark_ids, load
from cce.errors import BenchmarkError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cce.benchmarks import Benchmark

DEFAULT_BENCHMARK = "kisa-2021"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--benchmark`` and ``--items``."""
    parser.add_argument(
        "--benchmark",
        default=DEFAULT_BENCHMARK,
        metavar="ID",
        help="edition of the guide (default: %(default)s)",
    )
    parser.add_argument(
        "--items",
        type=_item_ids,
        default=(),
        metavar="U-01,U-07",
        help="only these items (default: all; 'cce benchmarks' lists them)",
    )


def selected(args: argparse.Namespace) -> Benchmark:
    """Load the benchmark the arguments name, narrowed to their items.

    Raises
    ------
    BenchmarkError
        When the benchmark or an item is unknown; the message names it and the nearest that exist.
    """
    if args.benchmark not in benchmark_ids():
        near = _nearest(args.benchmark, benchmark_ids())
        message = f"there is no benchmark {args.benchmark!r}; {near}. 'cce benchmarks' lists them"
        raise BenchmarkError(message)
    benchmark = load(args.benchmark)
    known = [item.id for item in benchmark.items]
    for item in args.items:
        if item not in known:
            message = (
                f"{benchmark.id} has no item {item!r}; {_nearest(item, known)}. 'cce benchmarks' lists them"
            )
            raise BenchmarkError(message)
    return benchmark.select(args.items)


def _item_ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip().upper() for part in text.split(",") if part.strip())


def _nearest(wanted: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(wanted, known, n=4, cutoff=0.5)
    return f"near: {', '.join(near)}" if near else f"there are {', '.join(known)}"
