"""What a member account's services refuse, in this project's words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cce.errors import MemberError, ThrottledError
from cce.fleet.clients import NO_ANSWER, THROTTLED, UNWELL, code_of, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def as_member_error(account: str, action: str) -> Iterator[None]:
    """Turn what goes wrong with a reading call into our errors.

    Raises
    ------
    ThrottledError
        When the service is busy, unwell or silent; the call may be made again.
    MemberError
        When it refused for good.
    """
    try:
        yield
    except ClientError as error:
        text = f"{action} in account {account}: {code_of(error)}: {message_of(error)}"
        raise (ThrottledError if code_of(error) in THROTTLED | UNWELL else MemberError)(text) from error
    except NO_ANSWER as error:
        message = f"{action} in account {account} does not answer: {error}"
        raise ThrottledError(message) from error
