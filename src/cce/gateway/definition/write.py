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


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # PyYAML writes line ends of Unicode (U+0085, U+2028) as they are, unless it must quote doubly.
    style = None if all(line.isprintable() for line in text.split("\n")) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


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
