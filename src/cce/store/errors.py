"""How errors of S3 and DynamoDB become ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cce.errors import StoreError
from cce.fleet.clients import NO_ANSWER, code_of, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def as_store_error(place: str) -> Iterator[None]:
    """Raise what goes wrong inside as :class:`~cce.errors.StoreError` that names the place."""
    try:
        yield
    except ClientError as error:
        message = f"{place}: {code_of(error)}: {message_of(error)}"
        raise StoreError(message) from error
    except NO_ANSWER as error:
        message = f"{place}: {error}"
        raise StoreError(message) from error
