"""What CloudWatch Logs delivers to a subscriber: lines of the access log, in batches."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from cce.errors import AccessLogError, MessageError
from cce.gateway.statistics.access_log import read_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.gateway.statistics.record import AccessRecord, GatewayNote


class _Event(BaseModel):
    id: str
    message: str


class _Data(BaseModel):
    kind: Annotated[str, Field(alias="messageType")]
    events: Annotated[list[_Event], Field(alias="logEvents")]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One batch of the log.

    Parameters
    ----------
    batch
        Names the batch by the ids of its events: the same events delivered again have the same name.
    seen
        What its lines say.
    malformed
        Why a line could not be read, by the event's id.
    """

    batch: str
    seen: tuple[AccessRecord | GatewayNote, ...]
    malformed: Mapping[str, str]


def read_delivery(event: Mapping[str, Any]) -> Delivery:
    """Read the event of a subscription; a line that cannot be read costs only itself.

    A control message, by which CloudWatch Logs tries whether the subscriber is there, is an empty delivery.

    Raises
    ------
    MessageError
        When the event is no delivery.
    """
    try:
        packed = b64decode(event["awslogs"]["data"], validate=True)
        data = _Data.model_validate_json(gzip.decompress(packed))
    except (KeyError, TypeError, Base64Error, OSError, EOFError, zlib.error, ValidationError) as error:
        message = "the event is no delivery of a CloudWatch Logs subscription (awslogs.data, base64 of gzip)"
        raise MessageError(message) from error
    events = {each.id: each.message for each in data.events} if data.kind == "DATA_MESSAGE" else {}
    seen: list[AccessRecord | GatewayNote] = []
    malformed = {}
    for identity, text in events.items():
        try:
            seen.append(read_line(text))
        except AccessLogError as error:
            malformed[identity] = error.message
    batch = hashlib.sha256("\n".join(sorted(events)).encode()).hexdigest()[:32]
    return Delivery(batch, tuple(seen), malformed)
