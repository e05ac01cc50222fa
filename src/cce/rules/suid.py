"""SUID and SGID files."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Annotated, Final

from cce.rules.accepted import Acceptance, accepted_check, split_accepted
from cce.rules.registry import Params, good, review, rule, vulnerable
from cce.rules.switches import Switch
from cce.rules.walk import found, require_listed, walk_facts
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Hit
    from cce.verdict import Check

#: What Debian, Ubuntu, RHEL, Amazon Linux and SLES install with SUID or SGID, and the guide does not name.
_DISTRIBUTION: Final = (
    "/usr/bin/bsd-write", "/usr/bin/chage", "/usr/bin/chfn", "/usr/bin/chsh", "/usr/bin/crontab",
    "/usr/bin/dotlockfile", "/usr/bin/expiry", "/usr/bin/fusermount", "/usr/bin/fusermount3",
    "/usr/bin/gpasswd", "/usr/bin/locate", "/usr/bin/mlocate", "/usr/bin/mount", "/usr/bin/newgidmap",
    "/usr/bin/newuidmap", "/usr/bin/passwd", "/usr/bin/ping", "/usr/bin/ping6", "/usr/bin/pkexec",
    "/usr/bin/plocate", "/usr/bin/ssh-agent", "/usr/bin/su", "/usr/bin/sudo", "/usr/bin/umount",
    "/usr/bin/wall", "/usr/bin/write", "/usr/bin/write.ul", "/usr/sbin/grub2-set-bootflag",
    "/usr/sbin/lockdev", "/usr/sbin/mount.nfs", "/usr/sbin/netreport", "/usr/sbin/pam_extrausers_chkpwd",
    "/usr/sbin/pam_timestamp_check", "/usr/sbin/postdrop", "/usr/sbin/postqueue", "/usr/sbin/userhelper",
    "/usr/sbin/usernetctl", "/usr/lib/dbus-1.0/dbus-daemon-launch-helper",
    "/usr/libexec/dbus-1/dbus-daemon-launch-helper", "/usr/lib/openssh/ssh-keysign",
    "/usr/lib/ssh/ssh-keysign", "/usr/libexec/openssh/ssh-keysign",
    "/usr/lib/policykit-1/polkit-agent-helper-1", "/usr/lib/polkit-1/polkit-agent-helper-1",
    "/usr/lib/snapd/snap-confine", "/usr/lib/x86_64-linux-gnu/utempter/utempter",
    "/usr/lib/aarch64-linux-gnu/utempter/utempter", "/usr/libexec/utempter/utempter",
    "/usr/libexec/sssd/krb5_child", "/usr/libexec/sssd/ldap_child", "/usr/libexec/sssd/proxy_child",
    "/usr/libexec/sssd/selinux_child",
)  # fmt: skip
#: The guide's Linux list of U-13.
_GUIDE: Final = (
    "/sbin/dump", "/sbin/restore", "/sbin/unix_chkpwd", "/usr/bin/at", "/usr/bin/lpq", "/usr/bin/lpq-lpd",
    "/usr/bin/lpr", "/usr/bin/lpr-lpd", "/usr/bin/lprm", "/usr/bin/lprm-lpd", "/usr/bin/newgrp",
    "/usr/sbin/lpc", "/usr/sbin/lpc-lpd", "/usr/sbin/traceroute",
)  # fmt: skip


#: Programs that run whatever they are told. Under such a name a SUID file is a copy that somebody left.
_SHELLS: Final = re.compile(
    r"(?:ba|da|k|mk|pdk|z|c|tc|fi|a|r)?sh|busybox|env|perl[\d.]*|python[\d.]*|ruby[\d.]*|php[\d.]*|lua[\d.]*|"
    r"node|awk|gawk|mawk|vim?|find|nmap|gdb"
)
_SWITCH: Final = Switch(
    "accepted_suid",
    Text("사유가 있어 허용하는 SUID/SGID 파일", "SUID and SGID files that are accepted with a reason"),
    adds=True,
)


class SuidFiles(Params):
    """Files that must not be SUID or SGID, and those whose bit needs no person's judgement.

    ``distribution`` are the files that distributions install so, ``accepted`` those of the organisation.
    """

    forbidden: tuple[str, ...] = _GUIDE
    distribution: tuple[str, ...] = _DISTRIBUTION
    accepted: Annotated[tuple[Acceptance, ...], _SWITCH] = ()


def _merged(path: str) -> str:
    """The path with ``/bin``, ``/sbin``, ``/lib`` below ``/usr``, where most systems have them."""
    return re.sub(r"^/(s?bin|lib(?:64|32)?)/", r"/usr/\1/", path)


@rule("unix.suid-files", SuidFiles)
def suid_files(evidence: Evidence, params: SuidFiles) -> Iterator[Check]:
    """SUID and SGID bits: the guide's list must have none; unknown ones are for a person to see.

    A file of the distribution is accepted only while root owns it, one of the organisation by name or
    pattern; see :func:`_may_accept`.
    """
    walk = evidence.walk("suid")
    forbidden, distribution = (
        {_merged(p) for p in paths} for paths in (params.forbidden, params.distribution)
    )
    accepted, others = split_accepted(walk.hits, params.accepted, _may_accept)
    bad = [h for h in others if _merged(h.path) in forbidden]
    known = [h for h in others if h not in bad and _merged(h.path) in distribution and h.uid == 0]
    unknown = [h for h in others if h not in bad and h not in known]
    ko = f"불필요한 SUID/SGID가 설정된 주요 실행파일 {len(bad)}건"
    yield from found(vulnerable, walk.kind, bad, ko, "Files of the guide's list are SUID or SGID")
    ko = f"용도 확인이 필요한 SUID/SGID 파일 {len(unknown)}건"
    yield from found(review, walk.kind, unknown, ko, "A person must say what these are SUID or SGID for")
    require_listed(walk)
    if accepted:
        yield accepted_check("walk suid", Text("SUID/SGID 파일", "SUID or SGID files"), accepted)
    if known or not walk.hits:
        ko = f"배포판 기본 SUID/SGID 파일 {len(known)}건" if known else "SUID/SGID 파일 없음"
        en = f"{len(known)} files are SUID or SGID as the distribution installs them."
        yield good(ko, en, *walk_facts("suid", known))


def _may_accept(hit: Hit, acceptance: Acceptance) -> bool:
    """Whether the acceptance is about the file and may be.

    Never about a file that others than its owner may write: they would choose what it does. A pattern is
    never about a shell or an interpreter: whoever can put one there would have its owner's rights, accepted.
    """
    path = _merged(hit.path)
    about = acceptance.model_copy(update={"path": _merged(acceptance.path)}).covers(path)
    if not about or hit.mode & 0o022:
        return False
    return acceptance.literal or _SHELLS.fullmatch(posixpath.basename(path)) is None
