"""The one exception family of this project.

Every error that a user or the state machine can meet is a :class:`CceError`. Its ``code`` is stable
(it may be matched in ``ErrorEquals``, in a log query or in a script), its text names the thing, the
place and the remedy. The class name is what Step Functions sees as the error's name.
"""

from __future__ import annotations

from typing import ClassVar

from cce.text import Text


class CceError(Exception):
    """Base of all errors of cce-fleet."""

    code: ClassVar[str] = "CCE-000"
    retryable: ClassVar[bool] = False

    def __str__(self) -> str:
        """The message behind its code, as logs and reasons show it."""
        return f"{self.code}: {super().__str__()}"

    @property
    def message(self) -> str:
        """The message without its code."""
        return super().__str__()


class FileError(CceError):
    """A file that a person wrote is wrong. ``problems`` names each place and its remedy, one line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class ConfigurationError(CceError):
    """A function's environment is incomplete or wrong."""

    code = "CCE-100"


class BenchmarkError(CceError):
    """The data of a benchmark is wrong: an unknown edition or rule, or parameters that do not fit."""

    code = "CCE-101"


class ScopeError(CceError):
    """The scope of an assessment names something that does not exist, or is malformed."""

    code = "CCE-102"


class TailoringError(FileError):
    """A tailoring file is wrong."""

    code = "CCE-103"


class EvidenceError(CceError):
    """What a probe printed is no evidence: garbage, half a document, another schema version.

    ``ko`` is the message as Korean reports show it.
    """

    code = "CCE-200"

    def __init__(self, message: str, ko: str = "") -> None:
        super().__init__(message)
        self.text = Text(ko=ko or f"증적을 읽을 수 없음: {message}", en=message)


class MemberError(CceError):
    """A member account cannot be used: its role cannot be assumed, or it refuses a call."""

    code = "CCE-300"


class InvalidInstancesError(CceError):
    """SSM refused a whole call because of one of its instance ids; halving finds which."""

    code = "CCE-301"


class ThrottledError(CceError):
    """AWS asked us to slow down more often than the client retries."""

    code = "CCE-302"
    retryable = True


class UnansweredError(CceError):
    """AWS did not answer a call that may have taken effect; reconcile finds out."""

    code = "CCE-303"


class InventoryError(CceError):
    """The inventory does not answer, refuses, or answers what is no list of servers."""

    code = "CCE-304"


class DocumentError(MemberError):
    """The account's SSM document does not run this release's probe; nothing is sent to it."""

    code = "CCE-305"


class AccountsError(CceError):
    """The accounts to check cannot be found: the registry is empty or wrong, or Organizations refuses."""

    code = "CCE-306"


class StoreError(CceError):
    """S3 or DynamoDB refused a read or a write."""

    code = "CCE-400"
    retryable = True


class RecordError(CceError):
    """A stored record, such as a verdict line, does not have the form it was written in."""

    code = "CCE-401"


class OutputError(CceError):
    """A file of the command line cannot be read or written."""

    code = "CCE-402"


class MessageError(CceError):
    """A queue message is malformed; it goes to the dead-letter queue."""

    code = "CCE-500"


class GatewayDefinitionError(FileError):
    """A definition file of the gateway is wrong."""

    code = "CCE-600"


class GatewayStateError(CceError):
    """The state of a stage forbids it: already applied, nothing changed, a deployment runs."""

    code = "CCE-601"


class CompileError(CceError):
    """API Gateway cannot serve a stage as it is defined."""

    code = "CCE-602"


class DeployError(CceError):
    """API Gateway refused a deployment, or did not answer."""

    code = "CCE-603"


class UpstreamError(CceError):
    """A backend gave no answer that can be passed on; :mod:`cce.gateway.relay.upstream` has the cases."""

    code = "CCE-605"


class ServeError(CceError):
    """The local server of the gateway cannot start."""

    code = "CCE-606"


class SnapshotError(CceError):
    """The snapshot that a deployed stage names is not there, or is not what its name says."""

    code = "CCE-607"


class SecretError(CceError):
    """A secret that signs requests cannot be read, or is empty."""

    code = "CCE-620"


class RecordingError(CceError):
    """A recorded request, or the string that a client signed, cannot be read."""

    code = "CCE-621"


class StageSettingsError(CceError):
    """Nothing is deployed on a stage, or what is deployed there cannot be read."""

    code = "CCE-622"


class EventError(CceError):
    """What came to a function is no request of API Gateway."""

    code = "CCE-623"


class UnauthorizedError(CceError):
    """A signature is not good. Its text is the word by which API Gateway knows to answer 401."""

    code = "CCE-624"

    def __str__(self) -> str:
        """The word."""
        return "Unauthorized"


class UndecidedError(CceError):
    """Whether a request may be let in could not be found out, so it is not."""

    code = "CCE-625"


class PeriodError(CceError):
    """A period of statistics that cannot be answered; ``field`` is its end that is wrong, from or to."""

    code = "CCE-630"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field} {message}")
        self.field, self.reason = field, message


class AccessLogError(CceError):
    """A line of the gateway's access log does not have the form that it is written in."""

    code = "CCE-631"
