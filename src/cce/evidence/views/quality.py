"""Which passwords the system accepts: pam_pwquality or pam_cracklib with what they are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.views import pam
from cce.evidence.views.settings import pwquality_conf, whole_number

if TYPE_CHECKING:
    from cce.evidence.model import Evidence
    from cce.evidence.views.settings import Setting
    from cce.verdict import Fact

#: The stack of ``passwd`` and the shared ones it usually comes from, Debian's and RHEL's.
SERVICES: Final = ("passwd", "common-password", "system-auth", "password-auth")
_CREDITS: Final = ("lcredit", "ucredit", "dcredit", "ocredit")
_CLASSES: Final = 4
_FLOOR: Final = 6  # neither module accepts less
_DEFAULTS: Final = {
    "pam_pwquality": {"minlen": 8, **dict.fromkeys(_CREDITS, 0)},
    "pam_cracklib": {"minlen": 9, **dict.fromkeys(_CREDITS, 1)},
}
#: The last releases with a libpwquality before 1.3, which has cracklib's defaults.
_LAST_OLD: Final = {
    "rhel": 7, "centos": 7, "ol": 7, "scientific": 7, "amzn": 2018, "debian": 8, "ubuntu": 15, "sles": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quality:
    """What one password stack demands of a new password.

    ``length`` is the shortest password that passes: ``minlen`` less the credits that letters of a class
    may earn. ``classes`` of four (lower, upper, digit, other) must occur.
    """

    module: pam.PamLine
    length: int
    classes: int
    enforced: bool
    for_root: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class PasswordStack:
    """The password stack of one service: its quality module, if one is asked before pam_unix."""

    service: str
    unix: pam.PamLine | None
    quality: Quality | None


def password_stacks(evidence: Evidence) -> tuple[PasswordStack, ...]:
    """The different stacks that change passwords; services that share one appear once.

    Raises
    ------
    Unread
        When a stack, or a configuration file of a module in it, was not read.
    """
    stacks: dict[tuple[pam.PamLine | None, ...], PasswordStack] = {}
    for service in SERVICES:
        lines = pam.stack(evidence, service, "password")
        if not lines:
            continue
        unix = next((i for i, m in enumerate(lines) if m.module == "pam_unix"), len(lines))
        module = next((m for m in lines[:unix] if m.module in _DEFAULTS), None)
        at_unix = lines[unix] if unix < len(lines) else None
        quality = None if module is None else _quality(evidence, module)
        stacks.setdefault((module, at_unix), PasswordStack(service, at_unix, quality))
    return tuple(stacks.values())


def _quality(evidence: Evidence, module: pam.PamLine) -> Quality:
    conf = pwquality_conf(evidence) if module.module == "pam_pwquality" else {}
    names = ("minlen", "minclass", *_CREDITS, "enforcing", "enforce_for_root")
    facts = (module.fact, *(conf[n].fact for n in names if n in conf and module.option(n) is None))

    def number(name: str, default: int) -> int:
        return _number(module, conf, name, default)

    defaults = _DEFAULTS["pam_cracklib" if _is_old(evidence) else module.module]
    credits_ = [number(name, defaults[name]) for name in _CREDITS]
    length = max(_FLOOR, number("minlen", defaults["minlen"]) - sum(c for c in credits_ if c > 0))
    classes = max(sum(c < 0 for c in credits_), min(number("minclass", 0), _CLASSES))
    for_root = "enforce_for_root" in module.arguments or "enforce_for_root" in conf
    enforced = module.denies and number("enforcing", 1) != 0
    return Quality(module, length, classes, enforced, for_root, facts)


def _is_old(evidence: Evidence) -> bool:
    last = _LAST_OLD.get(evidence.meta.get("os.id", ""))
    version = whole_number(evidence.meta.get("os.version_id", "").partition(".")[0])
    return last is not None and version is not None and version <= last


def _number(module: pam.PamLine, conf: dict[str, Setting], name: str, default: int) -> int:
    """An argument of the PAM line wins over the file; what is no number leaves the next one in effect."""
    setting = conf.get(name)
    for text in (module.option(name), setting.value if setting else None):
        value = whole_number(text) if text is not None else None
        if value is not None:
            return value
    return default
