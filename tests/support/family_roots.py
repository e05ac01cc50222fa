"""Small root directories of families that cannot be installed here, made of their defaults."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILIES = Path(__file__).parents[1] / "data/families"
_UNIT_FILES = "usr/lib/systemd/system"
_ENABLED = "etc/systemd/system"


def families() -> tuple[str, ...]:
    """The names of the families, such as ``rhel-9``."""
    return tuple(sorted(path.stem for path in FAMILIES.glob("*.yaml")))


def family(name: str) -> dict[str, Any]:
    """The data of one family, see ``tests/data/families/README.md``."""
    data: dict[str, Any] = yaml.safe_load((FAMILIES / f"{name}.yaml").read_text("utf-8"))
    return data


def build(data: Mapping[str, Any], root: Path) -> None:
    """Make the root directory of a family in ``root``; its owners need root's privilege."""
    root.mkdir(parents=True)
    for path, entry in data["files"].items():
        _make(root / path.lstrip("/"), entry or {})
    for unit, wanted_by in data.get("units", {}).items():
        _make(root / _UNIT_FILES / unit, {"content": f"[Install]\nWantedBy={wanted_by or 'none.target'}\n"})
        if wanted_by:
            link = root / _ENABLED / f"{wanted_by}.wants" / unit
            _make(link, {"link": f"/{_UNIT_FILES}/{unit}"})


def _make(path: Path, entry: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if "link" in entry:
        path.symlink_to(entry["link"])
        return
    if entry.get("directory"):
        path.mkdir(exist_ok=True)
    else:
        path.write_text(entry.get("content", ""), "utf-8")
    uid, gid = (int(number) for number in entry.get("owner", "0:0").split(":"))
    os.chown(path, uid, gid)
    path.chmod(int(entry.get("mode", "0755" if entry.get("directory") else "0644"), 8))
