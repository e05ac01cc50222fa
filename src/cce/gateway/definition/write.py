"""A definition as the text of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from cce.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.gateway.definition.model import Definition


class _Dumper(yaml.SafeDumper):
    """Writes every value out: our reader refuses aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the signature is PyYAML's
        return True


def to_yaml(definition: Definition, comments: Iterable[str] = ()) -> str:
    """Write a definition so that reading it gives the same again.

    Parameters
    ----------
    comments
        Lines at the top, without their marks.
    """
    head = "".join(f"# {visible(line)}\n" for line in comments)
    body = yaml.dump(
        definition.model_dump(mode="json", exclude_defaults=True),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=110,
    )
    return head + body
