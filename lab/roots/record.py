"""Records what the probe prints on the roots that ``build.sh`` made.

``python -m lab.roots.record ROOTS`` (as root) writes ``lab/recordings/debian12-STATE.evidence``. The
recordings are the servers of the demo that need no root directory. They are refused when they hold a
password hash of a root or a path of this machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cce.errors import CceError
from cce.evidence.frame import unframe
from cce.evidence.records import parse
from cce.scan import scan
from lab.errors import LabError

#: The servers without network services in every state, and of those with services what the demo shows.
RECORDED = (
    "default", "hardened", "misconfigured",
    "edge-default", "office-hardened", "office-misconfigured", "legacy-misconfigured",
)  # fmt: skip
RECORDINGS = Path(__file__).parents[1] / "recordings"
PROBE_SECONDS = 60
#: In every password hash of the roots, see states/common.sh.
SECRET = b"InventedHash"


def record(root: Path) -> str:
    """What the probe prints on that root.

    Raises
    ------
    LabError
        When it holds what must not leave a server, or the probe did not read everything.
    """
    stdout = scan(root, timeout_s=PROBE_SECONDS)
    document = unframe(stdout)
    for what in (SECRET, str(root.resolve()).encode()):
        if what in document:
            raise LabError(f"the evidence of {root} holds {what!r}; the probe leaks")
    evidence = parse(document)
    if incomplete := [w.kind for w in evidence.walks.values() if w.status != "ok"]:
        raise LabError(
            f"the walk of {root} is incomplete ({', '.join(incomplete)}); record on an idle machine"
        )
    return stdout


def main(arguments: list[str]) -> int:
    """Record them."""
    if len(arguments) != 1:
        print("usage: python -m lab.roots.record ROOTS", file=sys.stderr)
        return 2
    try:
        for state in RECORDED:
            target = RECORDINGS / f"debian12-{state}.evidence"
            target.write_text(record(Path(arguments[0]) / state))
            print(f"{target.name}: {target.stat().st_size} characters")
    except CceError as error:
        print(f"record: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
