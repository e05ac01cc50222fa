"""How every boto3 client of this project is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.config import Config
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.exceptions import HTTPClientError

from cce import __version__

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

#: Four attempts with back-off and jitter; a call that hangs gives up before the shortest Lambda does (60 s).
CONFIG: Final = Config(
    retries={"mode": "standard", "total_max_attempts": 4},
    connect_timeout=3,
    read_timeout=8,
    user_agent_extra=f"cce-fleet/{__version__}",
)

#: For SendCommand, which has no client token: a second attempt could run the probe twice.
ONE_ATTEMPT: Final = CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))

#: Codes by which services say "slow down".
THROTTLED: Final = frozenset(
    {"Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"}
)

#: Codes by which a service says that it is not well; the call may be made again.
UNWELL: Final = frozenset({"InternalFailure", "InternalServerError", "ServiceUnavailable", "RequestExpired"})

#: AWS did not answer. Other errors of botocore, such as a parameter that does not fit, are defects of ours.
NO_ANSWER: Final = (HTTPClientError, BotoConnectionError)


def code_of(error: ClientError) -> str:
    """The service's code of an error, such as ``AccessDeniedException``."""
    return error.response.get("Error", {}).get("Code", "Unknown")


def message_of(error: ClientError) -> str:
    """The service's message of an error."""
    return error.response.get("Error", {}).get("Message", str(error))
