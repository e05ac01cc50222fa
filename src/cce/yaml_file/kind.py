"""What differs between the kinds of files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cce.errors import FileError


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Parameters
    ----------
    called
        As messages call it: ``a tailoring``.
    error
        What is raised when a file is wrong.
    limit
        Most bytes of a file.
    if_empty
        What to do about an empty file.
    deepest
        Most levels of nesting; the readers of YAML are recursive.
    """

    called: str
    error: type[FileError]
    limit: int
    if_empty: str
    deepest: int = 20
