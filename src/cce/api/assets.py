"""One server of the inventory: the asset record (자산 정보) and its ETag."""

from __future__ import annotations

import hashlib
import json
from ipaddress import ip_address
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo
from pydantic import field_validator as checks

from cce.assessment import INSTANCE, Account, Region, ServerId, Srvid

#: A short text on one line: no control character, which a terminal or a report would obey.
_LINE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
Line = Annotated[str, StringConstraints(max_length=256, pattern=_LINE)]
Note = Annotated[str, StringConstraints(max_length=1024, pattern=_LINE)]
InstanceId = Annotated[str, StringConstraints(pattern=rf"^{INSTANCE}$")]

#: What an address is, for the document; :meth:`AssetFields._is_an_address` decides.
_ADDRESS: Final[dict[str, Any]] = {"anyOf": [{"const": ""}, {"format": "ipv4"}, {"format": "ipv6"}]}

#: For the document: an excluded server has a reason; :meth:`AssetFields._says_why` decides.
_EXCLUSION: Final[dict[str, Any]] = {
    "if": {"properties": {"excluded": {"const": True}}, "required": ["excluded"]},
    "then": {"properties": {"excluded_reason": {"pattern": r"\S"}}, "required": ["excluded_reason"]},
}

#: What an asset is known by; a write never changes it.
IDENTITY: Final = ("srvid", "aws_account_id", "region", "instance-id")


class AssetFields(BaseModel):
    """What people and other systems say of a server; everything but who it is.

    ``etc`` is a free remark (비고). ``alive`` says that the server is in operation (운영 중): one that is not
    found in its account is then missing, not gone. ``excluded`` keeps it out of assessments, with the reason.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, json_schema_extra=_EXCLUSION
    )

    aws_account_name: Line = ""
    os: Line = ""
    version: Line = ""
    ip: Annotated[str, StringConstraints(max_length=45, pattern=r"^[0-9A-Fa-f:.]*$")] = Field(
        default="", json_schema_extra=_ADDRESS
    )
    name: Line = ""
    service: Line = ""
    role: Line = ""
    alive: bool = Field(default=True, strict=True)
    etc: Note = ""
    owner: Line = ""
    excluded: bool = Field(default=False, strict=True)
    excluded_reason: Note = Field(default="", validate_default=True)

    @checks("ip")
    @classmethod
    def _is_an_address(cls, ip: str) -> str:
        if not ip:
            return ip
        try:
            return str(ip_address(ip))
        except ValueError as error:
            raise ValueError("is no IPv4 or IPv6 address") from error

    @checks("excluded_reason")
    @classmethod
    def _says_why(cls, reason: str, info: ValidationInfo) -> str:
        if info.data.get("excluded") and not reason.strip():
            raise ValueError("an excluded server needs a reason")
        return reason


class Asset(AssetFields):
    """A server of the inventory, as the API answers it."""

    srvid: Srvid
    aws_account_id: Account
    region: Region
    instance_id: InstanceId = Field(alias="instance-id")

    @classmethod
    def of(cls, server: ServerId, fields: AssetFields) -> Self:
        """The asset of that server with those fields."""
        identity = {
            "srvid": server.srvid,
            "aws_account_id": server.account,
            "region": server.region,
            "instance-id": server.instance_id,
        }
        given = {name: getattr(fields, name) for name in AssetFields.model_fields}
        return cls.model_validate(given | identity)

    @property
    def server(self) -> ServerId:
        """Account, region and instance."""
        return ServerId(self.aws_account_id, self.region, self.instance_id)

    def as_json(self) -> dict[str, Any]:
        """The record with the names of the API."""
        return self.model_dump(mode="json", by_alias=True)

    @property
    def etag(self) -> str:
        """The strong validator of what is answered, in quotes as in the header (RFC 9110, section 8.8.3)."""
        # Without defaults: a field that a later version adds changes no ETag that somebody holds.
        told = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        canonical = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return f'"{hashlib.sha256(canonical.encode()).hexdigest()[:32]}"'


class AssetChange(AssetFields):
    """The body of a PUT: the whole record. Who the server is may be left out; it stands in the path."""

    srvid: Srvid | None = None
    aws_account_id: Account | None = None
    region: Region | None = None
    instance_id: InstanceId | None = Field(default=None, alias="instance-id")

    def moved(self, server: ServerId) -> list[str]:
        """The identity fields, by the API's names, that say another server than the path."""
        told = dict(
            zip(IDENTITY, (self.srvid, self.aws_account_id, self.region, self.instance_id), strict=True)
        )
        is_ = dict(
            zip(IDENTITY, (server.srvid, server.account, server.region, server.instance_id), strict=True)
        )
        return [name for name in IDENTITY if told[name] not in {None, is_[name]}]
