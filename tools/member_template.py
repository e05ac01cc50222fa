"""Make member/template.yaml of its source and the probe, so that one file is all a member deploys."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from cce.probes import packed_probe

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "member/template.in.yaml"
TARGET: Final = ROOT / "member/template.yaml"
MARK: Final = "@probe@"


def render(source: str, probe: str) -> str:
    """Put the probe's lines where the mark stands, indented as the mark is.

    Raises
    ------
    ValueError
        When the probe holds ``{{``: an SSM document would take what follows for a parameter.
    """
    if "{{" in probe or "}}" in probe:
        message = "the probe holds '{{' or '}}', which an SSM document takes for a parameter"
        raise ValueError(message)
    mark_line = next(line for line in source.splitlines() if line.strip() == MARK)
    indent = mark_line[: mark_line.index(MARK)]
    body = "\n".join(f"{indent}{line}" if line else "" for line in probe.splitlines())
    return source.replace(mark_line, body)


if __name__ == "__main__":
    TARGET.write_text(render(SOURCE.read_text("utf-8"), packed_probe()), encoding="utf-8")
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes\n")
