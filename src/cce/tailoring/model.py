"""The form of a tailoring file. What its names mean is checked in :mod:`cce.tailoring.check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StringConstraints,
    Tag,
    model_validator,
)

from cce.assessment import Account, carries_tags
from cce.rules.accepted import Acceptance, Reason, Reference, one_line
from cce.text import Text, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: A target record carries the numbers of those that match its server; more than this nobody can follow.
_MOST_OVERLAYS: Final = 50

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(one_line),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Grounded(_Strict):
    """Something that departs from the guide: it needs a reason."""

    reason: Reason = Field(description="Why this departs from the guide; every report shows it.")
    reference: Reference = Field("", description="A ticket, a decision, a paragraph of the house's rules.")


class Setting(_Grounded):
    """The value of a policy switch."""

    value: Any


class ItemChange(_Grounded):
    """What is changed about one item: it is switched off (or on again), or parameters are set."""

    off: StrictBool | None = Field(
        None, description="true: not judged, listed as not applicable. false: judged again."
    )
    params: dict[str, Any] = Field({}, description="Parameters of the item's rule.")
    rules: dict[str, dict[str, Any]] = Field(
        {}, description="Of an item with several rules: parameters by rule."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        sets = bool(self.params) or bool(self.rules)
        if sets == (self.off is not None):
            message = "write either 'off' or 'params' (for an item of several rules 'rules')"
            raise ValueError(message)
        return self


def _form_of(value: object) -> str:
    return "list" if isinstance(value, list | tuple) else "setting"


PolicyValue = Annotated[
    Annotated[Setting, Tag("setting")] | Annotated[tuple[Acceptance, ...], Tag("list")],
    Discriminator(_form_of),
]


class Layer(_Strict):
    """Policy switches over all items that know them, and changes of single items, which win over those."""

    policy: dict[str, PolicyValue] = Field({}, description="Switches over all items that know them.")
    items: dict[str, dict[str, ItemChange]] = Field({}, description="Changes of items, by benchmark and id.")


class Match(_Strict):
    """The servers an overlay is for: of one of the accounts, and with one of the values of every tag."""

    accounts: tuple[Account, ...] = Field((), description="Account ids, in quotes.")
    tags: dict[str, tuple[str, ...]] = Field(
        {}, description="Tag to its values; an empty list asks for the tag alone."
    )

    @model_validator(mode="after")
    def _not_everything(self) -> Self:
        if not self.accounts and not self.tags:
            message = "name 'accounts' or 'tags'; what is for every server stands outside of the overlays"
            raise ValueError(message)
        return self

    def covers(self, account: str, tags: Mapping[str, str]) -> bool:
        """Whether a server with that account and those tags is meant."""
        return (not self.accounts or account in self.accounts) and carries_tags(tags, self.tags)

    @property
    def text(self) -> Text:
        """``accounts 222222222222; tag Role=bastion``."""
        pairs = [f"{key}={'|'.join(values)}" if values else key for key, values in self.tags.items()]
        tags = [visible(pair) for pair in pairs]
        ko = [f"계정 {', '.join(self.accounts)}"] if self.accounts else []
        en = [f"accounts {', '.join(self.accounts)}"] if self.accounts else []
        return Text("; ".join(ko + [f"태그 {t}" for t in tags]), "; ".join(en + [f"tag {t}" for t in tags]))


class Overlay(Layer):
    """A layer for some servers."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=80), AfterValidator(one_line)
    ] = Field("", description="What it is called in reports.")
    match: Match

    @model_validator(mode="after")
    def _not_nothing(self) -> Self:
        if not self.policy and not self.items:
            message = "it changes nothing; write 'policy' or 'items'"
            raise ValueError(message)
        return self

    @property
    def text(self) -> Text:
        """Whom it is for, with its name if it has one."""
        whom = self.match.text
        return Text(f"{self.name}({whom.ko})", f"{self.name} ({whom.en})") if self.name else whom


class Tailoring(Layer):
    """A tailoring file: what holds for every server, and overlays of which later ones win."""

    tailoring: Name = Field(description="Its name, which every report shows.")
    overlays: tuple[Overlay, ...] = Field(
        (), max_length=_MOST_OVERLAYS, description="For some servers; later ones win."
    )

    def matching(self, account: str, tags: Mapping[str, str]) -> tuple[int, ...]:
        """The overlays of a server, by their numbers from 0, in the order in which they apply."""
        return tuple(n for n, overlay in enumerate(self.overlays) if overlay.match.covers(account, tags))

    def layers(self, overlays: Sequence[int]) -> tuple[tuple[Layer, Text], ...]:
        """What holds for a server with those overlays, each with whom it is for; later ones win."""
        chosen = (self.overlays[number] for number in overlays)
        return ((self, EVERYWHERE), *((overlay, overlay.text) for overlay in chosen))


#: Whom the layer outside of the overlays is for.
EVERYWHERE: Final = Text("모든 서버", "every server")
