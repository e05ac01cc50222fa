"""What a file holds with what is wrong left out, so that the rest is checked in the same go."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.yaml_file.places import Document, Path

Form = TypeVar("Form")

#: Leaving something out may leave its neighbourhood empty, which is wrong in its turn.
_ROUNDS: Final = 3


def mended(
    document: Document,
    error: ValidationError,
    validate: Callable[[Any], Form],
    leave_out: Callable[[Any, Path], None],
) -> Form | None:
    """What the file means without what pydantic complains about; ``None`` if that is nothing either.

    Parameters
    ----------
    leave_out
        Takes the value of the file and the place of a problem, and takes or makes good what is there. The
        place of something that is missing ends with its key.
    """
    value = copy.deepcopy(document.value)
    for _ in range(_ROUNDS):
        for problem in error.errors(include_url=False):
            missing = (str(problem["loc"][-1]),) if problem["type"] == "missing" else ()
            try:
                leave_out(value, (*document.known(problem["loc"]), *missing))
            except (KeyError, IndexError, TypeError):
                continue  # two problems of one setting: it is left out already
        try:
            return validate(value)
        except ValidationError as again:
            error = again
    return None
