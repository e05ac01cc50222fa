"""Verdict lines: one flat JSON object per (server, benchmark, item), as stored for Athena."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cce.assessment import ServerId
from cce.errors import RecordError
from cce.report.deviations import deviation_json
from cce.text import Text
from cce.verdict import Check, Deviation, Fact, ItemVerdict, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """A stored verdict: what was judged, where, when, by which probe.

    ``collected_at`` is ISO 8601 in UTC, the time the probe finished on the server.
    """

    server: ServerId
    assessment_id: str
    benchmark: str
    verdict: ItemVerdict
    collected_at: str
    probe_version: str


def verdict_line(record: VerdictRecord) -> dict[str, Any]:
    """Flatten a record into the object of one JSON line; the names are the columns Athena sees."""
    verdict, server = record.verdict, record.server
    return {
        "srvid": server.srvid,
        "account": server.account,
        "region": server.region,
        "instance_id": server.instance_id,
        "assessment_id": record.assessment_id,
        "benchmark": record.benchmark,
        "item": verdict.item,
        "rule": verdict.rule,
        "severity": str(verdict.severity),
        "verdict": str(verdict.verdict),
        "reason_ko": verdict.reason.ko,
        "reason_en": verdict.reason.en,
        "evidence": facts_json(verdict.facts),
        "checks": [_check_line(check) for check in verdict.checks],
        "collected_at": record.collected_at,
        "probe_version": record.probe_version,
        "tailored": [_deviation_line(deviation) for deviation in verdict.deviations],
    }


def read_verdict_line(line: Mapping[str, Any]) -> VerdictRecord:
    """Build the record back from the object of one JSON line.

    Raises
    ------
    RecordError
        When a column is missing or holds what it cannot hold; the message names the server and the item.
    """
    try:
        return VerdictRecord(
            server=ServerId(_text(line, "account"), _text(line, "region"), _text(line, "instance_id")),
            assessment_id=_text(line, "assessment_id"),
            benchmark=_text(line, "benchmark"),
            verdict=_verdict(line),
            collected_at=_text(line, "collected_at"),
            probe_version=_text(line, "probe_version"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        where = f"{line.get('srvid')} {line.get('item')}" if hasattr(line, "get") else repr(line)[:80]
        message = f"verdict line of {where} is malformed: {type(error).__name__} {error}"
        raise RecordError(message) from error


def _deviation_line(deviation: Deviation) -> dict[str, str]:
    return {"rule": deviation.rule, **deviation_json(deviation)}


def facts_json(facts: Iterable[Fact]) -> list[dict[str, str]]:
    """Facts as every JSON of this project shows them: ``[{"source": …, "value": …}]``."""
    return [{"source": fact.source, "value": fact.value} for fact in facts]


def _check_line(check: Check) -> dict[str, Any]:
    return {
        "verdict": str(check.verdict),
        "reason_ko": check.reason.ko,
        "reason_en": check.reason.en,
        "evidence": facts_json(check.facts),
    }


def _verdict(line: Mapping[str, Any]) -> ItemVerdict:
    return ItemVerdict(
        item=_text(line, "item"),
        rule=_text(line, "rule"),
        severity=Severity(line["severity"]),
        verdict=Verdict(line["verdict"]),
        reason=_reason(line),
        facts=_facts(line),
        checks=tuple(Check(Verdict(c["verdict"]), _reason(c), _facts(c)) for c in line["checks"]),
        # Lines of before there was tailoring have no such column.
        deviations=tuple(map(_deviation, line.get("tailored", ()))),
    )


def _deviation(row: Mapping[str, Any]) -> Deviation:
    names = ("rule", "parameter", "guide", "value", "reason", "reference", "effect")
    applies = Text(_text(row, "applies_ko"), _text(row, "applies_en"))
    return Deviation(**{name: _text(row, name) for name in names}, applies=applies)


def _reason(line: Mapping[str, Any]) -> Text:
    return Text(ko=_text(line, "reason_ko"), en=_text(line, "reason_en"))


def _facts(line: Mapping[str, Any]) -> tuple[Fact, ...]:
    return tuple(Fact(_text(fact, "source"), _text(fact, "value")) for fact in line["evidence"])


def _text(line: Mapping[str, Any], key: str) -> str:
    value = line[key]
    if not isinstance(value, str):
        message = f"{key} is {type(value).__name__}, not text"
        raise TypeError(message)
    return value
