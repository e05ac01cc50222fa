"""Which benchmarks and which items: the arguments, and errors that name what was probably meant."""

from __future__ import annotations

import argparse
import difflib
from typing import TYPE_CHECKING

from cce.benchmarks import benchmark_ids, load
from cce.errors import BenchmarkError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cce.benchmarks import Benchmark

DEFAULT_BENCHMARK = "kisa-2021"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--benchmark`` and ``--items``."""
    parser.add_argument(
        "--benchmark",
        type=_names,
        action="extend",
        metavar="ID",
        help=f"edition of the guide; several, by commas or repeated, judge the same evidence under each "
        f"(default: {DEFAULT_BENCHMARK})",
    )
    parser.add_argument(
        "--items",
        type=_item_ids,
        default=(),
        metavar="U-01,U-07",
        help="only these items, by each edition's own ids (default: all; 'cce benchmarks' lists them)",
    )


def selected(args: argparse.Namespace) -> tuple[Benchmark, ...]:
    """Load the benchmarks the arguments name, narrowed to their items.

    Of several, one that has none of the items is left out.

    Raises
    ------
    BenchmarkError
        When a benchmark or an item is unknown; the message names it and the nearest that exist.
    """
    benchmarks = [_known(name) for name in dict.fromkeys(args.benchmark or (DEFAULT_BENCHMARK,))]
    known = list(dict.fromkeys(item.id for benchmark in benchmarks for item in benchmark.items))
    for item in args.items:
        if item not in known:
            names = " or ".join(benchmark.id for benchmark in benchmarks)
            message = f"{names} has no item {item!r}; {_nearest(item, known)}. 'cce benchmarks' lists them"
            raise BenchmarkError(message)
    return tuple(_narrowed(benchmarks, args.items))


def _known(name: str) -> Benchmark:
    if name not in benchmark_ids():
        near = _nearest(name, benchmark_ids())
        message = f"there is no benchmark {name!r}; {near}. 'cce benchmarks' lists them"
        raise BenchmarkError(message)
    return load(name)


def _narrowed(benchmarks: Sequence[Benchmark], items: tuple[str, ...]) -> Iterator[Benchmark]:
    for benchmark in benchmarks:
        here = tuple(item.id for item in benchmark.items if item.id in items)
        if here or not items:
            yield benchmark.select(here)


def _names(text: str) -> list[str]:
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names:
        raise argparse.ArgumentTypeError("it names none; leave the option out for the default")
    return names


def _item_ids(text: str) -> tuple[str, ...]:
    return tuple(name.upper() for name in _names(text))


def _nearest(wanted: str, known: Sequence[str]) -> str:
    area, _, number = wanted.partition("-")
    if (padded := f"{area}-{number:0>2}") in known:
        return f"near: {padded}"
    close = difflib.get_close_matches(wanted, known, n=len(known), cutoff=0.5)
    # Of names equally near, those that begin alike are what was meant.
    near = sorted(close, key=lambda name: not name.startswith(wanted[:-1]))[:4]
    return f"near: {', '.join(near)}" if near else f"there are {', '.join(known)}"
