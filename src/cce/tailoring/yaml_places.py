"""YAML read with the line of every value, so that an error can name it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from cce.errors import TailoringError

Path = tuple[str | int, ...]

#: A tailoring nests six deep; more is no tailoring, and the readers of YAML are recursive.
_DEEPEST: Final = 20
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN: Final = {
    f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "bool", "float", "null")
}


@dataclass
class Document:
    """What a file holds and where: ``lines`` has the line of every key and list entry, from 1."""

    name: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def problem(self, path: Path, message: str, missing: str = "") -> str:
        """Name file, line and place of a problem.

        Parts that the file does not have are left out: pydantic names the branches of a union too.
        ``missing`` is the key that should be there.
        """
        known = self.known(path)
        place = ".".join(map(str, (*known, missing) if missing else known)) or "the file"
        return f"{self.name}:{self.line(path)}: {place}: {message}"

    def known(self, path: Path) -> Path:
        """The parts of a path that the file has."""
        known: Path = ()
        for part in path:
            if (*known, part) in self.lines:
                known = (*known, part)
        return known

    def line(self, path: Path) -> int:
        """The line of the innermost part of a path that the file has; 1 for none."""
        return self.lines.get(self.known(path), 1)


def read_yaml(text: str, name: str) -> Document:
    """Read one YAML document of plain mappings, lists and scalars.

    Keys are text as they are written: YAML takes a bare ``off`` for a boolean. A key that stands twice, an
    alias and a tag are refused.

    Raises
    ------
    TailoringError
        When it is no such YAML.
    """
    document = Document(name)
    try:
        _check_events(text, document)
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise TailoringError(f"{name}:1: the file is empty; remove it to judge as the guide says")
            document.value = _value(node, (), document, loader)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise TailoringError(_of_yaml(error, name, text)) from error
    return document


def _check_events(text: str, document: Document) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1  # type: ignore[union-attr] # the loaders always mark
        if isinstance(event, yaml.AliasEvent):
            raise TailoringError(
                f"{document.name}:{line}: aliases (*{event.anchor}) are not read; write it out"
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise TailoringError(f"{document.name}:{line}: nested too deeply to be a tailoring")


def _value(node: yaml.Node, path: Path, document: Document, loader: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    if isinstance(node, yaml.MappingNode) and node.tag in _PLAIN:
        return _mapping(node, path, document, loader)
    if isinstance(node, yaml.SequenceNode) and node.tag in _PLAIN:
        values = []
        for number, entry in enumerate(node.value):
            document.lines[*path, number] = entry.start_mark.line + 1
            values.append(_value(entry, (*path, number), document, loader))
        return values
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, path, document, loader)
    message = f"the tag {node.tag} is not read here"
    raise TailoringError(document.problem(path, message))


def _scalar(node: yaml.ScalarNode, path: Path, document: Document, loader: Any) -> Any:  # noqa: ANN401
    if node.tag not in _PLAIN:
        # A date is text here: nothing in a tailoring is one, and a reason may look like one.
        return node.value
    try:
        return loader.construct_object(node)
    except (ValueError, LookupError) as error:  # !!int many, or more digits than Python reads
        raise TailoringError(
            document.problem(path, "this is no value of its kind; write it in quotes")
        ) from error


def _mapping(node: yaml.MappingNode, path: Path, document: Document, loader: Any) -> dict[str, Any]:  # noqa: ANN401
    values: dict[str, Any] = {}
    for key_node, entry in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise TailoringError(f"{document.name}:{line}: a key must be text")
        key = key_node.value
        if key in values:
            earlier = document.lines[*path, key]
            raise TailoringError(
                f"{document.name}:{line}: {key!r} stands here and in line {earlier}; keep one"
            )
        document.lines[*path, key] = line
        values[key] = _value(entry, (*path, key), document, loader)
    return values


def _of_yaml(error: yaml.YAMLError, name: str, text: str) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    said, lines = getattr(error, "problem", None) or str(error), text.split("\n")
    if mark and "\t" in lines[min(mark.line, len(lines) - 1)]:
        remedy = "there is a tab in this line; write blanks instead"
    else:
        remedy = (
            "see that the line is indented with blanks as its neighbours, and that quotes and brackets close"
        )
    return f"{name}:{line}: this is no YAML: {said}; {remedy}"
