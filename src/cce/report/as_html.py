"""The report as one HTML file: no script, no network, two languages, made to be printed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cce.benchmarks.bridge import bridge
from cce.findings.change import CHANGE
from cce.report import deviations, history, words
from cce.report.build import worst_first
from cce.report.editions import changes_text, edition_rows
from cce.report.fact_words import fact_text
from cce.text import visible
from cce.verdict import Verdict

if TYPE_CHECKING:
    from cce.report.model import AssessmentReport
    from cce.report.words import Language
    from cce.text import Text

#: What is listed in full before "and n more": the CSV and the JSON have the rest.
_NAMES_SHOWN: Final = 40
_NOT_ASSESSED_ON_FIRST_PAGE: Final = 6
_FACTS_SHOWN: Final = 6
_CHECKS_SHOWN: Final = 60


def render_html(report: AssessmentReport, *, language: Language = "ko", csv_name: str = "") -> str:
    """Write the report as a self-contained HTML page.

    Parameters
    ----------
    language
        Which language shows first; the reader switches without network or script.
    csv_name
        Name of the CSV beside it, which the page points to where it lists only a part; empty for none.
    """
    names = Counter(server.target.name for server in report.servers)
    short = {s.label: s.target.name if names[s.target.name] == 1 else s.label for s in report.servers}
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            short_names=lambda labels: [short[label] or label for label in labels],
            first_language=language,
            csv_name=csv_name,
            details={result.target.server: n for n, result in enumerate(report.details)},
            summaries={server.target.server: server for server in report.servers},
            criteria={(b.id, item.id): item for b in report.benchmarks for item in b.items},
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cce.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals.update(
        {
            "t": _both,
            "tr": _both_words,
            "words": words,
            "effects": words.EFFECT,
            "percent": _percent,
            "fact_text": fact_text,
            "worst_first": worst_first,
            "changes_text": changes_text,
            "edition_rows": edition_rows,
            "bridge": bridge,
            "deviations": deviations,
            "history": history,
            "changes": CHANGE,
            "names_shown": _NAMES_SHOWN,
            "first_page_rows": _NOT_ASSESSED_ON_FIRST_PAGE,
            "facts_shown": _FACTS_SHOWN,
            "checks_shown": _CHECKS_SHOWN,
            "verdict_order": (
                Verdict.GOOD,
                Verdict.VULNERABLE,
                Verdict.REVIEW,
                Verdict.ERROR,
                Verdict.NOT_APPLICABLE,
            ),
        }
    )
    return environment


def _shown(value: Any) -> Any:  # noqa: ANN401 - jinja hands over whatever an expression gave
    """Make every expression of the template safe to look at; autoescape makes it safe as HTML."""
    if isinstance(value, Markup):
        return value
    return visible(value) if isinstance(value, str) else value


_PAIR: Final = Markup('<span lang="ko">{}</span><span lang="en">{}</span>')


def _both(text: Text) -> Markup:
    """Show a text in both languages, of which the style sheet hides one."""
    ko, en = visible(text.ko), visible(text.en)
    return escape(ko) if ko == en else _PAIR.format(ko, en)


def _both_words(ko: str, en: str) -> Markup:
    return _PAIR.format(ko, en)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"
