"""Views computed once for each server: several rules, and both editions, ask for the same."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from cce.evidence.model import Evidence, Unread

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Concatenate

P = ParamSpec("P")
T = TypeVar("T")


def once(view: Callable[Concatenate[Evidence, P], T]) -> Callable[Concatenate[Evidence, P], T]:
    """Keep what a view returns, or the :class:`Unread` that it raises, with the evidence it was read from.

    The arguments beside the evidence must be hashable, and nobody may change the result.
    """

    @wraps(view)
    def kept(evidence: Evidence, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key: Any = (view, args, tuple(kwargs.items()))
        if key not in evidence.memo:
            try:
                evidence.memo[key] = view(evidence, *args, **kwargs)
            except Unread as unread:
                evidence.memo[key] = unread
        value = evidence.memo[key]
        if isinstance(value, Unread):
            raise Unread(value.source, value.why)
        return cast("T", value)

    return kept
