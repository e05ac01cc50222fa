"""The SSM document of a member account, looked at before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.errors import DocumentError, EvidenceError
from cce.fleet.refusals import as_member_error
from cce.probes.document import check_document

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

REMEDY: Final = "deploy this release's member/template.yaml there"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was looked at: SendCommand names both, so that SSM runs no other one."""

    version: str
    sha256: str


def checked_document(ssm: SSMClient, account: str, name: str) -> Document:
    """Read the default version of a document and accept it only if it runs this release's probe.

    The hash is asked for before the content: whoever replaces the document between the two calls, or after
    them, has another hash than the one that is sent.

    Raises
    ------
    DocumentError
        When it runs something else; the message says what, and the remedy.
    MemberError, ThrottledError
        When it cannot be read.
    """
    with as_member_error(account, "ssm:DescribeDocument"):
        try:
            about = ssm.describe_document(Name=name)["Document"]  # the default version
        except ssm.exceptions.InvalidDocument as error:
            message = f"account {account} has no document {name}; {REMEDY}"
            raise DocumentError(message) from error
    version = about["DocumentVersion"]
    with as_member_error(account, "ssm:GetDocument"):
        content = ssm.get_document(Name=name, DocumentVersion=version, DocumentFormat="JSON")["Content"]
    try:
        check_document(content)
    except EvidenceError as error:
        message = f"document {name} version {version} of account {account} {error.message}; {REMEDY}"
        raise DocumentError(message) from error
    if about.get("HashType") != "Sha256":
        message = f"document {name} version {version} of account {account} has no SHA-256; {REMEDY}"
        raise DocumentError(message)
    return Document(version, about["Hash"])
