"""Texts in both languages as data files hold them: remedies, the doctor's checks."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from cce.text import Text

#: A text that says something.
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class FrozenData(BaseModel):
    """A part of a data file: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Both(FrozenData):
    """A sentence in both languages."""

    ko: Sentence
    en: Sentence

    @property
    def text(self) -> Text:
        """It as reports take it."""
        return Text(self.ko, self.en)
