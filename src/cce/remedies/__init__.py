"""What to do about an item: remedies as data, one YAML file per chapter, and how they are written out."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from cce.errors import BenchmarkError
from cce.remedies.model import FAMILIES, Family, Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FAMILIES", "Family", "Remedy", "family_of", "load_remedies", "remedies_of"]


class _FileData(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    remedies: tuple[Remedy, ...]


@cache
def load_remedies() -> tuple[Remedy, ...]:
    """Every remedy, in the order of the files.

    Raises
    ------
    BenchmarkError
        When the data is wrong; the message names the file.
    """
    names = sorted(path.name for path in files(__name__).iterdir() if path.name.endswith(".yaml"))
    found = tuple(remedy for name in names for remedy in _read(name).remedies)
    ids = [remedy.id for remedy in found]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        message = f"two remedies have the id {', '.join(twice)}"
        raise BenchmarkError(message)
    return found


def remedies_of(benchmark_id: str, item_id: str) -> tuple[Remedy, ...]:
    """The remedies of an item; none if the item is not of the guide."""
    return _by_item().get((benchmark_id, item_id), ())


def family_of(meta: Mapping[str, str]) -> Family | None:
    """The family of a server by its ``os.id`` and ``os.id_like``; ``None`` if it is of no known one."""
    names = (meta.get("os.id", ""), *meta.get("os.id_like", "").split())
    return next((_FAMILY[name] for name in names if name in _FAMILY), None)


_FAMILY: dict[str, Family] = {
    "debian": "debian",
    "ubuntu": "debian",
    **dict.fromkeys(("rhel", "fedora", "centos", "rocky", "almalinux", "ol", "amzn"), "rhel"),
    **dict.fromkeys(("suse", "sles", "sled", "opensuse", "opensuse-leap"), "suse"),
}


@cache
def _by_item() -> dict[tuple[str, str], tuple[Remedy, ...]]:
    found: dict[tuple[str, str], list[Remedy]] = defaultdict(list)
    for remedy in load_remedies():
        for benchmark, items in remedy.items.items():
            for item in items:
                found[benchmark, item].append(remedy)
    return {key: tuple(remedies) for key, remedies in found.items()}


def _read(name: str) -> _FileData:
    try:
        return _FileData.model_validate(_parsed(files(__name__).joinpath(name).read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        message = f"remedy file {name} is wrong: {error}"
        raise BenchmarkError(message) from error


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever the YAML holds; the model checks it
    # The C loader is ten times faster; it is missing only where PyYAML was built without libyaml.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
