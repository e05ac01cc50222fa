"""How large: what the probe prints for root directories, against the 24,000 characters of Run Command.

``python -m bench.document ROOT …`` as root.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cce.evidence.frame import unframe
from cce.scan import scan

#: Standard output that Run Command keeps (SSM API reference, GetCommandInvocation).
LIMIT = 24_000


def main(roots: list[str]) -> int:
    """Print one line for each root directory."""
    for root in roots:
        printed = scan(Path(root), timeout_s=300)
        records = unframe(printed)
        share = f"{len(printed) / LIMIT:5.1%} of {LIMIT:,}"
        print(
            f"{Path(root).name:24} {len(printed):7,} characters, {share}; {len(records):9,} bytes of records"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
