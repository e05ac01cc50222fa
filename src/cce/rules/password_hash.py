"""How passwords are hashed: those in use, and those that will be set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.model import Shadow, Unread
from cce.evidence.views.quality import password_stacks
from cce.evidence.views.settings import login_defs
from cce.rules.common import guarded, listed
from cce.rules.registry import Params, good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Account, Evidence
    from cce.evidence.views import pam
    from cce.verdict import Check

_DEFS: Final = "/etc/login.defs"
#: The methods that pam_unix takes as arguments; of several the last counts. Without one it asks login.defs.
_METHODS: Final = frozenset({"md5", "bigcrypt", "sha256", "sha512", "blowfish", "gost_yescrypt", "yescrypt"})
_NAMES: Final = {
    "1": "MD5", "des": "DES", "bsdi": "BSDi DES", "3": "NT", "md5": "SunMD5", "sha1": "SHA-1",
}  # fmt: skip


class PasswordHash(Params):
    """What counts as SHA-2 or stronger: crypt(5) prefixes, and methods of pam_unix and login.defs.

    bcrypt, scrypt and yescrypt are at least as strong: our reading of the guide's words.
    """

    schemes: tuple[str, ...] = ("5", "6", "7", "y", "gy", "2a", "2b", "2y")
    methods: tuple[str, ...] = ("sha256", "sha512", "blowfish", "bcrypt", "gost_yescrypt", "yescrypt")


@rule("unix.password-hash", PasswordHash)
def password_hash(evidence: Evidence, params: PasswordHash) -> Iterator[Check]:
    """New passwords are hashed with a strong method, and those that are stored were.

    login.defs is what shadow-utils and, where its line names no method, pam_unix take; unset it means DES.
    """
    yield from guarded((_of_login_defs, _of_pam, _of_shadow, _of_passwd), lambda look: look(evidence, params))


def _of_login_defs(evidence: Evidence, params: PasswordHash) -> Iterator[Check]:
    if evidence.lines(_DEFS) is None:
        return  # not used here; PAM's own default is judged with its line
    setting = login_defs(evidence).get("ENCRYPT_METHOD")
    if setting is None:
        ko = f"{_DEFS}: ENCRYPT_METHOD 설정되어 있지 않음(기본값 DES)"
        yield vulnerable(ko, f"{_DEFS} sets no ENCRYPT_METHOD: DES.", Fact(_DEFS, "ENCRYPT_METHOD unset"))
        return
    check = good if setting.value.lower() in params.methods else vulnerable
    ko = f"{setting.line.where}: ENCRYPT_METHOD {setting.value}(기준 SHA-2 이상)"
    yield check(ko, f"{setting.line.where} sets ENCRYPT_METHOD {setting.value}.", setting.fact)


def _of_pam(evidence: Evidence, params: PasswordHash) -> Iterator[Check]:
    lines = dict.fromkeys(stack.unix for stack in password_stacks(evidence) if stack.unix is not None)
    yield from guarded(lines, lambda line: _of_line(evidence, line, params))


def _of_line(evidence: Evidence, line: pam.PamLine, params: PasswordHash) -> Iterator[Check]:
    named = [a for a in line.arguments if a in _METHODS]
    facts: tuple[Fact, ...] = (line.fact,)
    if named:
        method = named[-1]
    elif (setting := login_defs(evidence).get("ENCRYPT_METHOD")) is not None:
        method, facts = setting.value, (line.fact, setting.fact)
    elif evidence.lines(_DEFS) is None:
        raise Unread(_DEFS, "absent")  # SLES keeps it elsewhere
    else:
        method, facts = "DES", (line.fact, Fact(_DEFS, "ENCRYPT_METHOD unset"))
    check = good if method.lower() in params.methods else vulnerable
    ko = f"{line.line.where}: 새 비밀번호의 해시 방식 {method}(기준 SHA-2 이상)"
    yield check(ko, f"{line.line.where}: pam_unix hashes new passwords with {method}.", *facts)


def _of_shadow(evidence: Evidence, params: PasswordHash) -> Iterator[Check]:
    """Every stored hash, a locked account's too: unlocking brings it back, and who reads it can crack it."""
    rows = [row for row in evidence.shadow or () if row.state in {"set", "locked"}]
    yield from _stored(rows, params)


def _stored(rows: list[Shadow] | list[Account], params: PasswordHash) -> Iterator[Check]:
    weak = [row for row in rows if row.scheme not in params.schemes]
    facts = tuple(_shown(row) for row in weak or rows)
    if weak:
        names = listed(row.name for row in weak)
        ko = f"SHA-2보다 약한 방식으로 저장된 비밀번호: {names.ko}"
        yield vulnerable(ko, f"Weaker than SHA-2 are the stored passwords of: {names.en}.", *facts)
    elif rows:
        ko = f"저장된 비밀번호 {len(rows)}건 모두 SHA-2 이상의 방식임"
        yield good(ko, f"All {len(rows)} stored passwords are hashed with SHA-2 or stronger.", *facts)


def _shown(row: Shadow | Account) -> Fact:
    name = _NAMES.get(row.scheme, row.scheme)
    path, state = ("/etc/shadow", row.state) if isinstance(row, Shadow) else ("/etc/passwd", row.password)
    return Fact(f"{path}:{row.line}", f"{row.name} {state} scheme={name}")


def _of_passwd(evidence: Evidence, params: PasswordHash) -> Iterator[Check]:
    """A hash in passwd is what counts for its account; an older probe does not say its scheme."""
    rows = [a for a in evidence.accounts if a.password == "hash"]  # noqa: S105 - a state
    yield from _stored([a for a in rows if a.scheme], params)
    yield from guarded((a for a in rows if not a.scheme), _unknown)


def _unknown(account: Account) -> Iterator[Check]:
    raise Unread(f"/etc/passwd:{account.line} {account.name}", "scheme of the hash not collected")
