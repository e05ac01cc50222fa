"""NFS and Samba: whether somebody without an account gets at what is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cce.evidence.views import samba
from cce.evidence.views.settings import whole_number
from cce.rules.common import ServiceParams, guarded, not_in_use
from cce.rules.exports import each_share
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.exports import Share
    from cce.verdict import Check


class AnonymousNfs(ServiceParams):
    """``anonymous_ids``: the numbers that ``anonuid`` and ``anongid`` may have; none by the guide's text."""

    anonymous_ids: tuple[int, ...] = ()


@rule("unix.anonymous-nfs", AnonymousNfs)
def anonymous_nfs(evidence: Evidence, params: AnonymousNfs) -> Iterator[Check]:
    """No share gives unknown users an account's rights, or a client's root those of root."""
    yield from each_share(evidence, params, lambda share: _nfs_share(share, params))


def _nfs_share(share: Share, params: AnonymousNfs) -> Check:
    given = [o for o in share.anonymous_ids if _number(o) not in params.anonymous_ids]
    found = [*sorted(share.options & {"no_root_squash"}), *given]
    if found:
        names = ", ".join(found)
        ko = f"{share.line.where}: {share.path} 공유에 익명 접근 설정({names})이 있음"
        return vulnerable(ko, f"{share.line.where} shares {share.path} with {names}.", share.fact)
    ko = f"{share.line.where}: {share.path} 공유에 anonuid·anongid·no_root_squash 설정이 없음"
    en = f"{share.line.where} shares {share.path} without anonuid, anongid or no_root_squash."
    return good(ko, en, share.fact)


def _number(option: str) -> int | None:
    return whole_number(option.partition("=")[2])


class AnonymousSamba(ServiceParams):
    """``guest_mapping``: what ``map to guest`` but ``never`` counts as where no share is open to guests.

    The guide's remedy sets it to never; Debian ships ``bad user``.
    """

    guest_mapping: Literal["good", "vulnerable"] = "vulnerable"


@rule("unix.anonymous-samba", AnonymousSamba)
def anonymous_samba(evidence: Evidence, params: AnonymousSamba) -> Iterator[Check]:
    """No share is open to guests, and no account without a password is let in."""
    use = samba.uses(evidence)
    if not use:
        yield not_in_use(params.unused, "Samba 서비스", "Samba is not in use.", "samba")
        return
    conf = samba.read(evidence)
    yield from guarded((_open_shares, _user_shares), lambda look: look(evidence, conf))
    empty = conf.globals.settings.get("nullpasswords")
    if empty is not None and conf.globals.is_on("nullpasswords", default=False):
        ko = f"{empty.line.where}: 패스워드가 없는 계정의 Samba 접속이 허용됨(null passwords)"
        yield vulnerable(
            ko, f"{empty.line.where} lets in accounts without a password (null passwords).", empty.fact
        )
    mapped = conf.globals.settings.get("maptoguest")
    if mapped is not None and mapped.value.lower() != "never" and params.guest_mapping == "vulnerable":
        ko = f"{mapped.line.where}: 인증에 실패한 사용자가 guest로 연결됨(map to guest = {mapped.value})"
        yield vulnerable(
            ko, f"{mapped.line.where} makes who fails to log in a guest ({mapped.value}).", mapped.fact
        )


def _open_shares(_: Evidence, conf: samba.Samba) -> Iterator[Check]:
    found = samba.guests(conf)
    mapped = conf.globals.settings.get("maptoguest")
    note = mapped.fact if mapped else Fact(samba.FILE, "map to guest unset (default Never)")
    for share, setting in found:
        ko = f"{share.fact.source}: [{share.name}] 공유에 익명(guest) 접근이 허용됨"
        en = f"{share.fact.source}: the share [{share.name}] is open to guests."
        yield vulnerable(ko, en, share.fact, setting.fact, note)
    if not found:
        ko, en = "익명(guest) 접근이 허용된 Samba 공유가 없음", "No share of Samba is open to guests."
        yield good(ko, en, Fact(samba.FILE, f"{len(conf.shares)} shares, none with guest ok"), note)


def _user_shares(evidence: Evidence, conf: samba.Samba) -> Iterator[Check]:
    for line in samba.user_shares(evidence, conf):
        ko = f"{line.source}: 사용자 공유에 익명(guest) 접근이 허용됨"
        yield vulnerable(ko, f"{line.source}: a user's share is open to guests.", line.fact)
