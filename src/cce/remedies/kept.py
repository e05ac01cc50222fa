"""The commands that keep the present state before a remedy changes it, and that put it back.

What a remedy changes is kept below ``/var/backups/cce``. Keeping twice keeps the first state; undoing twice
does nothing the second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.remedies.model import Family, Remedy

#: Where the former state is kept.
KEPT: Final = "/var/backups/cce"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A sentence and the commands that do it; ``live`` ones need the running system."""

    text: Text
    run: str
    live: bool


def keep(remedy: Remedy, family: Family) -> Iterator[PlannedStep]:
    """The state that the undo needs."""
    kept = f"{KEPT}/{remedy.id}"
    lines = [
        *_each("path", remedy.modes.of(family), _KEEP_MODE, kept),
        *_each("path", _changed(remedy, family), _KEEP_FILE, kept),
        *_each("unit", remedy.service.units if remedy.service else (), _KEEP_UNIT, kept),
    ]
    if lines:
        text = Text(
            f"되돌릴 수 있도록 변경 전 상태를 {kept}에 보관",
            f"Keep the present state in {kept}, for the way back",
        )
        yield PlannedStep(text, "\n".join([f"install -d -m 700 {KEPT} {kept}", *lines]), live=False)


def put_back(remedy: Remedy, family: Family) -> Iterator[PlannedStep]:
    """What is kept comes back, and services that were in use start."""
    kept, units = f"{KEPT}/{remedy.id}", remedy.service.units if remedy.service else ()
    lines = [
        *_each("path", _changed(remedy, family), _RESTORE_FILE, kept),
        *_each("path", remedy.modes.of(family), _RESTORE_MODE, kept),
        *_each("unit", units, _RESTORE_UNIT, kept),
    ]
    if lines:
        text = Text(f"{kept}에 보관한 상태로 복원", f"Put back what is kept in {kept}")
        yield PlannedStep(text, "\n".join(lines), live=False)
    if remedy.service:
        text = Text("사용하던 서비스를 다시 시작", "Start again what was in use")
        yield _now(text, _each("unit", units, _START, kept))


def switch_off(remedy: Remedy) -> Iterator[PlannedStep]:
    """The service is offered by nothing any more."""
    if remedy.service is None:
        return
    kept, units = f"{KEPT}/{remedy.id}", remedy.service.units
    if remedy.service.inetd:
        text = Text("xinetd·inetd 설정에서 해당 서비스를 중지", "Switch the service off in xinetd and inetd")
        yield PlannedStep(text, _INETD_OFF.replace("NAMES", "|".join(remedy.service.inetd)), live=False)
    if units:
        text = Text(
            "설치된 유닛을 비활성화하고 마스크",
            "Disable and mask the units that exist, so that nothing starts them",
        )
        yield PlannedStep(text, "\n".join(_each("unit", units, _MASK_UNIT, kept)), live=False)
    text = Text("실행 중인 서비스를 중지", "Stop what runs now")
    yield _now(text, _each("unit", units, _STOP, kept))


def _changed(remedy: Remedy, family: Family) -> tuple[str, ...]:
    inetd = _INETD_FILES if remedy.service and remedy.service.inetd else ()
    return (*inetd, *remedy.changes.of(family))


def _each(variable: str, words: tuple[str, ...], body: str, kept: str) -> list[str]:
    """The body for each of the words; for a single one without a loop around it."""
    lines = body.replace("KEPT", kept).splitlines()
    if not words:
        return []
    if len(words) == 1 and "*" not in words[0]:
        given = words[0] == f'"${variable}"'
        return lines if given else [f"{variable}={words[0]}", *lines]
    return [f"for {variable} in {' '.join(words)}; do", *(f"  {line}" for line in lines), "done"]


def _now(text: Text, lines: list[str]) -> PlannedStep:
    """What needs the service manager; inetd, whose services they may be, reads its files again."""
    return PlannedStep(
        text, "\n".join([*lines, *_each("unit", ("xinetd", "inetd"), _RESTART, "")]), live=True
    )


_INETD_FILES: Final = ("/etc/xinetd.d/*", "/etc/inetd.conf")

_KEEP_MODE: Final = """\
[ ! -e "$path" ] || [ -e "KEPT$path.mode" ] || {
  mkdir -p "KEPT${path%/*}" && stat -L -c '%u:%g %a' "$path" >"KEPT$path.mode"
}"""
_KEEP_FILE: Final = """\
[ -e "KEPT$path" ] || [ -e "KEPT$path.absent" ] || {
  mkdir -p "KEPT${path%/*}"
  if [ -e "$path" ]; then cp -a "$path" "KEPT$path"; else : >"KEPT$path.absent"; fi
}"""
_KEEP_UNIT: Final = '[ -e "KEPT/$unit" ] || systemctl is-enabled "$unit" >"KEPT/$unit" 2>/dev/null || true'

# What came back is set aside: an undo that runs again then finds nothing, and the next remedy keeps anew.
_RESTORE_MODE: Final = """\
[ ! -e "KEPT$path.mode" ] || {
  read -r owner mode <"KEPT$path.mode" && chown "$owner" "$path" && chmod "$mode" "$path"
  mv "KEPT$path.mode" "KEPT$path.mode.undone"
}"""
_RESTORE_FILE: Final = """\
if [ -e "KEPT$path" ]; then
  cp -a --remove-destination "KEPT$path" "$path" && mv "KEPT$path" "KEPT$path.undone"
elif [ -e "KEPT$path.absent" ]; then
  rm -f "$path" "KEPT$path.absent"
fi"""
_RESTORE_UNIT: Final = """\
case $(cat "KEPT/$unit" 2>/dev/null) in
  enabled*) systemctl unmask "$unit"; systemctl enable "$unit" ;;
  "" | not-found | masked* | alias) ;;
  *) systemctl unmask "$unit" ;;
esac
rm -f KEPT/"$unit"
"""

_MASK_UNIT: Final = """\
case $(cat "KEPT/$unit" 2>/dev/null) in
  "" | not-found | masked* | alias) ;;
  enabled*) systemctl disable "$unit"; systemctl mask "$unit" ;;
  *) systemctl mask "$unit" ;;
esac"""
_INETD_OFF: Final = r"""for file in /etc/xinetd.d/*; do
  [ ! -f "$file" ] || sed -i -E '/^[[:space:]]*service[[:space:]]+(NAMES)[[:space:]]*$/,/^[[:space:]]*\}/{
    /^[[:space:]]*disable[[:space:]]*=/d
    s/^[[:space:]]*\{/&\n\tdisable = yes/
  }' "$file"
done
[ ! -e /etc/inetd.conf ] ||
  sed -i -E 's,^[[:space:]]*([^[:space:]#]*:)?(NAMES)(/[0-9-]+)?[[:space:]],#&,' /etc/inetd.conf"""

_STOP: Final = 'systemctl stop "$unit" || true'
_START: Final = 'if systemctl is-enabled --quiet "$unit"; then systemctl start "$unit"; fi'
_RESTART: Final = 'systemctl try-restart "$unit" || true'
