"""YAML read with the line of every value, so that an error can name it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from cce.yaml_file import unreadable

if TYPE_CHECKING:
    from cce.errors import FileError
    from cce.yaml_file.kind import Kind

Path = tuple[str | int, ...]

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN: Final = {
    f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "bool", "float", "null")
}

_NUMBERS: Final = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
#: Characters of a number. In base 60 or 16 a long one takes minutes to read, or cannot be shown.
_LONGEST_NUMBER: Final = 100


@dataclass
class Document:
    """What a file holds and where.

    ``lines`` has the line of every key and list entry, from 1; of a text that is written as a block
    (``|``) that of each of its lines too, as if it were a list of them.
    """

    name: str
    kind: Kind
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

    def wrong(self, line: int, message: str) -> FileError:
        """The error to raise where the file cannot be read any further."""
        return self.kind.error(f"{self.name}:{line}: {message}")

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


def read_yaml(body: bytes, name: str, kind: Kind) -> Document:
    """Read one YAML document of plain mappings, lists and scalars, in UTF-8 with or without a mark.

    Keys are text as they are written: YAML takes a bare ``off`` for a boolean. A key that stands twice, an
    alias and a tag are refused.

    Parameters
    ----------
    name
        What the file is called in messages.

    Raises
    ------
    FileError
        When it is no such YAML; of the class that the kind names.
    """
    document = Document(name, kind)
    text = _text(body, document)
    try:
        _check_events(text, document)
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise document.wrong(1, f"the file is empty; {kind.if_empty}")
            document.value = _value(node, (), document, loader)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise document.wrong(*unreadable.of_text(text, error)) from error
    return document


def _text(body: bytes, document: Document) -> str:
    kind = document.kind
    if len(body) > kind.limit:
        said = f"larger than {kind.limit} bytes, as no {kind.called.split()[-1]} is"
        raise document.wrong(1, f"{said}; see that it is the right file")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise document.wrong(*unreadable.of_bytes(body, error)) from error


def _check_events(text: str, document: Document) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1  # type: ignore[union-attr] # the loaders always mark
        if isinstance(event, yaml.AliasEvent):
            raise document.wrong(line, f"aliases (*{event.anchor}) are not read; write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > document.kind.deepest:
            raise document.wrong(
                line, f"nested too deeply to be {document.kind.called}; see that brackets close"
            )


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
    message = f"the tag {node.tag} is not read here; take it out"
    raise document.kind.error(document.problem(path, message))


def _scalar(node: yaml.ScalarNode, path: Path, document: Document, loader: Any) -> Any:  # noqa: ANN401
    if node.tag not in _PLAIN:
        # A date is text here: nothing in our files is one, and a reason may look like one.
        return node.value
    if node.style == "|":
        first = node.start_mark.line + 2  # the text begins below its mark
        for number, _ in enumerate(node.value.split("\n")):
            document.lines[*path, number] = first + number
    message = "this is no value of its kind; write it in quotes"
    if node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
        raise document.kind.error(document.problem(path, message))
    try:
        return loader.construct_object(node)
    except (ValueError, LookupError) as error:  # !!int many
        raise document.kind.error(document.problem(path, message)) from error


def _mapping(node: yaml.MappingNode, path: Path, document: Document, loader: Any) -> dict[str, Any]:  # noqa: ANN401
    values: dict[str, Any] = {}
    for key_node, entry in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise document.wrong(line, "a key must be text; write it in quotes")
        key = key_node.value
        if key in values:
            earlier = document.lines[*path, key]
            raise document.wrong(line, f"{key!r} stands here and in line {earlier}; keep one")
        document.lines[*path, key] = line
        values[key] = _value(entry, (*path, key), document, loader)
    return values
