"""How Apache merges Options, the way its core does it, oddities included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.evidence.views.apache_text import Directive

ALL_OPTIONS: Final = ("indexes", "includes", "followsymlinks", "execcgi")

#: Options that are on, in lower case, each with what switched it on (``None``: the default).
Options = dict[str, "Directive | None"]


@dataclass(slots=True)
class _State:
    """The options of one layer, or of several merged.

    ``add`` and ``remove`` are what was said with signs; they come to bear again on each layer below that
    only has signs, even where a line between set everything anew.
    """

    on: Options
    add: Options = field(default_factory=dict)
    remove: frozenset[str] = frozenset()
    anew: bool = False  # a line without signs set all of them

    def read(self, directive: Directive) -> None:
        """Apply one Options line of the layer."""
        words = [word.lower() for word in directive.args]
        if any(word[:1] not in "+-" for word in words):
            self.on, self.anew = {}, True
        for word in words:
            sign, name = (word[0], word[1:]) if word[:1] in {"+", "-"} else ("", word)
            names = () if name == "none" else ALL_OPTIONS if name == "all" else (name,)
            switched: Options = dict.fromkeys(names, directive)
            if sign == "-":
                self.remove |= frozenset(names)
                self.add = _without(self.add, names)
                self.on = _without(self.on, names)
                continue
            self.on |= switched
            if sign == "+":
                self.add |= switched
                self.remove -= frozenset(names)

    def under(self, layer: _State) -> _State:
        """What holds below: this one's options, with those of a more specific ``layer``."""
        if layer.anew:
            return layer
        add = _without(self.add, layer.remove) | layer.add
        remove = (self.remove - frozenset(layer.add)) | layer.remove
        return _State(_without(self.on, remove) | add, add, remove)


def _without(options: Options, names: Iterable[str]) -> Options:
    left_out = frozenset(names)
    return {name: said for name, said in options.items() if name not in left_out}


def merged(layers: Iterable[Iterable[Directive]], default: Iterable[str]) -> Options:
    """The options that are on below all layers, the first the outermost."""
    state = _State(dict.fromkeys(default))
    for layer in layers:
        own = _State({})
        for directive in layer:
            if directive.name == "options":
                own.read(directive)
        state = state.under(own)
    return state.on


def set_anew(layers: Iterable[Iterable[Directive]]) -> bool:
    """Whether some line says all that is on, so that the default does not matter."""
    return any(
        word[:1] not in "+-" for layer in layers for d in layer if d.name == "options" for word in d.args
    )
