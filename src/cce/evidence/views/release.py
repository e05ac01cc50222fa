"""The release of the operating system: until when its vendor patches it, and when it was patched last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import yaml

from cce.evidence.model import Unread

if TYPE_CHECKING:
    from cce.evidence.model import Evidence, FileStat

_LAST_SECOND: Final = 253_402_300_799  # of the year 9999, the last that a date can hold
#: What a package manager writes when it installs or removes something.
PACKAGE_FILES: Final = (
    "/var/lib/dpkg/status",
    "/var/log/apt/history.log",
    "/var/lib/rpm/Packages",
    "/var/lib/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/Packages.db",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/var/log/dnf.rpm.log",
    "/var/log/yum.log",
    "/var/log/zypp/history",
)


@dataclass(frozen=True, slots=True)
class Support:
    """The last days of a release's support, and of the extended one if there is any."""

    until: date
    extended: date | None = None


@cache
def load() -> dict[str, dict[str, Support]]:
    """The table of releases: by ID, then by VERSION_ID of os-release."""
    text = files(__package__).joinpath("os_support.yaml").read_text("utf-8")
    return {
        distribution: {version: Support(**days) for version, days in releases.items()}
        for distribution, releases in yaml.safe_load(text).items()
    }


def support(evidence: Evidence) -> Support | None:
    """When the support of the server's release ends; ``None`` for a release that the table does not have."""
    releases = load().get(evidence.meta.get("os.id", ""), {})
    version = evidence.meta.get("os.version_id", "")
    return releases.get(version) or releases.get(version.partition(".")[0])


def day(epoch: int | None) -> date | None:
    """The day in UTC of a number of seconds; ``None`` for one beyond any calendar."""
    if epoch is None or not 0 <= epoch <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(epoch, UTC).date()


def read_on(evidence: Evidence) -> date | None:
    """The day on which the evidence was collected, which stands for today."""
    finished = evidence.meta.get("finished", "")
    return day(int(finished)) if finished.isascii() and finished.isdigit() and len(finished) < 20 else None  # noqa: PLR2004


def package_changes(evidence: Evidence) -> tuple[FileStat, ...]:
    """What the package managers of the server wrote, the newest first.

    Raises
    ------
    Unread
        When there is nothing of it and something could not be read.
    """
    found, unread = [], None
    for path in PACKAGE_FILES:
        try:
            stat = evidence.file(path)
        except Unread as error:
            unread = unread or error
        else:
            found += [stat] if stat is not None and day(stat.changed) else []
    if unread is not None and not found:
        raise unread
    return tuple(sorted(found, key=lambda stat: stat.changed or 0, reverse=True))
