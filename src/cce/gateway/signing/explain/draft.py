"""A string to sign as somebody may build it, rightly or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cce.gateway.signing.to_sign import target

if TYPE_CHECKING:
    from cce.gateway.message import Request
    from cce.gateway.signing.to_sign import Lines
    from cce.gateway.signing.verify import Claim


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts and how they are put together; the defaults are the right way.

    Parameters
    ----------
    before_path
        What stands before the path.
    end
        What stands behind the last line.
    """

    method: str
    path: str
    query: str
    date: str
    lines: Lines
    before_path: str = ""
    newline: str = "\n"
    colon: str = ":"
    end: str = ""

    @classmethod
    def right(cls, request: Request, claim: Claim, query: str) -> Draft:
        """What the server signs, with one form of the query."""
        return cls(request.method, request.signed_path, query, claim.date, claim.lines)

    @property
    def text(self) -> str:
        """The string."""
        first = (self.method, self.before_path + target(self.path, self.query), self.date)
        headers = (f"{name}{self.colon}{value}" for name, value in self.lines)
        return self.newline.join((*first, *headers)) + self.end
