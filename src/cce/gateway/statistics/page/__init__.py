"""The page with charts: one file with its script and style, which reads the JSON beside it.

It is served at ``dashboard`` beside ``statistics`` and ``services/…`` (:mod:`cce.api.statistics`) and holds
no data itself. It asks without a key first, for the local server wants none; where it is refused it asks the
reader for the key and keeps it in the tab's session storage.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

#: Parts of the script, in their order; one function around them keeps their names to themselves.
_SCRIPTS: Final = ("elements.js", "chart.js", "tables.js", "questions.js", "dashboard.js")


def _text(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text("utf-8")


_SCRIPT: Final = '"use strict";(() => {\n' + "".join(map(_text, _SCRIPTS)) + "})();\n"
_STYLE: Final = _text("dashboard.css")


def _digest(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


#: Headers of the page's answer. Its own script and style run and no other; it calls its own server alone.
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; script-src 'sha256-{_digest(_SCRIPT)}'; style-src 'sha256-{_digest(_STYLE)}'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@cache
def page() -> bytes:
    """The page in UTF-8; it is the same for everybody. Send it with :data:`HEADERS`."""
    environment = Environment(
        loader=PackageLoader("cce.gateway.statistics.page", ""), autoescape=True, undefined=StrictUndefined
    )
    template = environment.get_template("dashboard.html.j2")
    words = json.loads(_text("words.json"))
    shown = template.render(words=words, ko=words["ko"], script=Markup(_SCRIPT), style=Markup(_STYLE))  # noqa: S704 - files of our own
    return shown.encode()
