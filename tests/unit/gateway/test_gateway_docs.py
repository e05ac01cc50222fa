"""docs/gateway.md begins with a file that works, and names every verb."""

from __future__ import annotations

import re
from pathlib import Path

from cce.cli.gateway import SUB_VERBS
from cce.gateway.definition.load import load

DOCS = Path(__file__).resolve().parents[3] / "docs"
TEXT = (DOCS / "gateway.md").read_text("utf-8")


def test_the_first_file_of_the_guide_is_right() -> None:
    loaded = load(TEXT.split("```yaml\n")[1].split("```")[0].encode(), "orders.yaml")

    assert () == tuple(loaded.warnings)
    assert ["dev", "prod"] == [stage.name for stage in loaded.definition.services[0].stages]


def test_the_guide_names_the_verbs_that_there_are() -> None:
    table = TEXT.split("| verb of `cce gateway` |")[1].split("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    used = set(re.findall(r"cce gateway ([a-z-]+)", TEXT))

    assert {verb.NAME for verb in SUB_VERBS} == set(re.findall(r"`([a-z-]+)`", "".join(rows)))
    assert used <= {verb.NAME for verb in SUB_VERBS}


def test_links_to_the_guide_lead_to_its_sections() -> None:
    sections = {
        re.sub(r"[^a-z0-9 -]", "", line[3:].lower()).replace(" ", "-")
        for line in TEXT.splitlines()
        if line.startswith("## ")
    }
    texts = [
        TEXT,
        *((DOCS / name).read_text("utf-8") for name in ("api.md", "signing.md", "../CHANGELOG.md")),
    ]

    links = {link for text in texts for link in re.findall(r"\]\((?:docs/)?(?:gateway\.md)?#([^)]+)\)", text)}
    assert links <= sections | {"private-api"}
