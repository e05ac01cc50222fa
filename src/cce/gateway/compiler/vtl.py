"""Texts in API Gateway's mapping templates (Velocity), so that nothing in them is read as a template.

A reference to a client's value is never inside a template's text: Velocity does not read values again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.gateway.values import Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.gateway.values import Value

#: The signs that mean something to Velocity, or inside its double quotes, and the variable that holds each.
_SIGNS: Final = {"#": "hash", "$": "dollar", "\\": "back", '"': "quote"}
_CODES: Final = {"hash": "%23", "dollar": "%24", "back": "%5C", "quote": "%22", "none": ""}

#: A directive takes the blanks and the line end behind it along.
_TAKEN: Final = re.compile(r"[ \t]*[\r\n]")


def literal(text: str) -> str:
    """A text as it is written in a template."""
    return "".join(f"${{{_SIGNS[char]}}}" if char in _SIGNS and char != '"' else char for char in text)


def string(text: str) -> str:
    """A text as it is written between double quotes of a template."""
    return literal(text).replace('"', "${quote}")


def in_json(name: str) -> str:
    """The expression for a path variable inside a JSON text."""
    # escapeJavaScript writes \' too, which JSON does not know (API Gateway developer guide, $util).
    return f"""$util.escapeJavaScript($input.params().path.get("{name}")).replaceAll("\\\\'","'")"""


def as_it_is(name: str) -> str:
    """The expression for a path variable in a text of no form."""
    return f'$input.params().path.get("{name}")'


def one_line(name: str) -> str:
    r"""The expression for a path variable in a header: what decodes to a line break begins no other one."""
    return f"""{as_it_is(name)}.replaceAll("\\p{{Cntrl}}","")"""


def text_of(
    value: Value, prefix: str, express: Callable[[str], str], write: Callable[[str], str] = literal
) -> tuple[str, str]:
    """A text with variables.

    Parameters
    ----------
    prefix
        Begins the names of the template's own variables.
    express
        Makes the expression for a path variable.
    write
        :func:`literal` or :func:`string`, by where the text will stand.

    Returns
    -------
    tuple
        The directives that must stand before it, and the text.
    """
    names = sorted({part.name for part in value.parts if isinstance(part, Reference)})
    variables = {name: f"{prefix}{number}" for number, name in enumerate(names)}
    set_first = "".join(f"#set(${variables[name]} = {express(name)})" for name in names)
    text = "".join(
        f"${{{variables[part.name]}}}" if isinstance(part, Reference) else write(part) for part in value.parts
    )
    return set_first, text


def template(directives: str, text: str) -> str:
    """A whole template: directives, then the text as it stands."""
    if _TAKEN.match(text) and (directives or _used(text)):
        text = "${none}" + text
    used = _used(directives + text)
    signs = "".join(
        f"#set(${name} = $util.urlDecode('{code}'))" if code else f"#set(${name} = '')"
        for name, code in _CODES.items()
        if name in used
    )
    return f"{signs}{directives}{text}"


def _used(text: str) -> set[str]:
    return {name for name in _CODES if f"${{{name}}}" in text}
