"""The operation on findings: those of one server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.api.answers import FindingPage, FindingRow, Recurrence, Seen
from cce.api.http import answer
from cce.api.paging import next_token, read_token
from cce.api.problems import unknown
from cce.api.queries import FindingQuery
from cce.api.srv import find_server
from cce.findings.life import finding_of

if TYPE_CHECKING:
    from cce.api.http import Request, Response
    from cce.api.operations import Api
    from cce.findings.life import Finding
    from cce.findings.track import Sighting


def list_findings(api: Api, request: Request) -> Response:
    """One page of the findings of one server: every item that was vulnerable once, whatever it is now."""
    query = request.parameters(FindingQuery)
    srvid = find_server(api, request).srvid
    last = read_token(query.token, query.filters())
    tracks = api.findings.of(srvid)
    if not tracks and api.inventory.get(srvid) is None and not api.verdicts.newest(srvid):
        raise unknown(f"server {srvid} in the inventory or in an assessment")
    found = [finding for track in tracks if track.key > last and (finding := finding_of(track))]
    chosen = [finding for finding in found if _meets(finding, query)]
    page = chosen[: query.limit]
    more = len(chosen) > query.limit
    token = next_token(query.filters(), page[-1].track.key) if more else None
    return answer(FindingPage(srvid=srvid, items=[_row(finding) for finding in page], next=token))


def _meets(finding: Finding, query: FindingQuery) -> bool:
    wanted = (
        (query.state, finding.state),
        (query.benchmark, finding.track.benchmark),
        (query.severity, finding.track.severity),
        (query.item, finding.track.item),
    )
    return all(asked is None or asked == has for asked, has in wanted)


def _row(finding: Finding) -> FindingRow:
    track, latest = finding.track, finding.episodes[-1]
    return FindingRow(
        srvid=track.srvid,
        benchmark=track.benchmark,
        item=track.item,
        severity=track.severity,
        rule=track.rule,
        state=finding.state,
        first_seen=_seen(finding.episodes[0].opened),
        last_seen=_seen(latest.last),
        fixed=_seen(latest.fixed) if latest.fixed else None,
        recurrences=[
            Recurrence(
                opened=_seen(each.opened),
                last=_seen(each.last),
                fixed=_seen(each.fixed) if each.fixed else None,
            )
            for each in finding.recurrences
        ],
        newest=_seen(track.newest),
        reason_ko=track.reason.ko,
        reason_en=track.reason.en,
    )


def _seen(sighting: Sighting) -> Seen:
    return Seen(at=sighting.at, assessment_id=sighting.assessment_id, verdict=sighting.verdict)
