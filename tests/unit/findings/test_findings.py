"""The life of a finding: what opens, fixes and brings it back, in whatever order verdicts arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.findings.change import ChangeKind, change_of
from cce.findings.life import Finding, FindingState, finding_of
from cce.findings.track import KEPT, evidence_time, follow, track_of
from cce.text import Text
from cce.verdict import Deviation, ItemVerdict, Severity, Verdict
from finding_samples import SRVID, E, G, N, R, V, at, days, followed, identity, seen

if TYPE_CHECKING:
    import random


def _verdict(verdict: Verdict, **changed: object) -> ItemVerdict:
    given = ItemVerdict("U-01", "unix.a", Severity.HIGH, verdict, Text(f"{verdict} 이유", verdict), (), ())
    return replace(given, **changed)  # type: ignore[arg-type] # fields of the verdict


def _finding(*verdicts: Verdict) -> Finding:
    found = finding_of(followed(days(*verdicts)))
    assert found
    return found


@pytest.mark.row("R5", "R7", how="hub")
@pytest.mark.parametrize(
    ("verdicts", "state", "recurred"),
    [
        ((V,), "open", 0),
        ((G, V), "open", 0),
        ((V, V), "open", 0),
        ((V, G), "fixed", 0),
        ((V, N), "fixed", 0),
        ((V, R), "open", 0),
        ((V, E), "open", 0),
        ((V, G, E), "fixed", 0),
        ((V, G, V), "recurred", 1),
        ((V, G, V, V), "recurred", 1),
        ((V, G, E, V), "recurred", 1),
        ((V, G, V, N), "fixed", 1),
        ((V, E, V), "open", 0),
        ((V, G, V, G, V), "recurred", 2),
    ],
)
def test_what_opens_fixes_and_brings_back(verdicts: tuple[Verdict, ...], state: str, recurred: int) -> None:
    found = _finding(*verdicts)

    assert (state, recurred) == (found.state, len(found.recurrences))


@pytest.mark.parametrize("verdicts", [(G,), (N, G), (R,), (E, R, G)])
def test_what_was_never_vulnerable_is_no_finding(verdicts: tuple[Verdict, ...]) -> None:
    assert finding_of(followed(days(*verdicts))) is None


@pytest.mark.row("R7", how="hub")
def test_a_finding_says_when_it_was_seen_fixed_and_back_and_by_which_assessment() -> None:
    found = _finding(V, V, N, G, V, E)

    first, second = found.episodes
    assert [(0, 1, 2), (4, 4, None)] == [
        tuple(None if s is None else int(s.at[8:10]) - 1 for s in (e.opened, e.last, e.fixed))
        for e in (first, second)
    ]
    assert first.fixed
    assert (identity(2), N) == (first.fixed.assessment_id, first.fixed.verdict)
    assert found.unread
    assert (at(5), E) == (found.unread.at, found.unread.verdict)


def test_severity_rule_and_reason_are_those_of_the_newest_evidence() -> None:
    changed = _verdict(G, severity=Severity.LOW, rule="unix.b")
    newer = track_of(
        changed, srvid=SRVID, benchmark="kisa-2021", assessment_id=identity(1), collected_at=at(1)
    )
    assert newer

    for track in (follow(seen(0, V), newer), follow(newer, seen(0, V))):
        assert (Severity.LOW, "unix.b", "good") == (track.severity, track.rule, track.reason.en)


def test_an_item_that_a_tailoring_switched_off_says_nothing() -> None:
    off = Deviation("", "", "judged", "off", "why", "", Text("모든 서버", "every server"))
    verdict = _verdict(N, deviations=(off,))

    assert track_of(verdict, srvid=SRVID, benchmark="b", assessment_id=identity(1), collected_at="") is None


def test_the_same_evidence_judged_again_changes_nothing() -> None:
    known = followed(days(V, V))

    assert known == follow(known, seen(1, G))
    assert known == follow(known, seen(0, G))


def test_an_old_verdict_that_comes_late_opens_nothing_that_was_found_good() -> None:
    late = follow(seen(5, G), seen(1, V))

    found = finding_of(late)
    assert found
    assert (FindingState.FIXED, 5) == (found.state, int(late.newest.at[8:10]) - 1)


def test_two_assessments_side_by_side_count_by_their_evidence() -> None:
    """The one that started first read the server last."""
    early, late = identity(0), "20260101T014000Z-0000"
    read_last = track_of(
        _verdict(G), srvid=SRVID, benchmark="b", assessment_id=early, collected_at="2026-01-01T03:00:00Z"
    )
    read_first = track_of(
        _verdict(V), srvid=SRVID, benchmark="b", assessment_id=late, collected_at="2026-01-01T02:00:00Z"
    )
    assert read_last
    assert read_first

    found = finding_of(follow(read_last, read_first))
    assert found
    assert FindingState.FIXED is found.state


@pytest.mark.parametrize(
    ("collected_at", "at"),
    [
        ("2026-11-22T02:15:07Z", "2026-11-22T02:15:07Z"),
        ("2099-01-01T00:00:00Z", "2026-11-22T01:30:00Z"),
        ("1970-01-01T00:00:00Z", "2026-11-22T01:30:00Z"),
        ("", "2026-11-22T01:30:00Z"),
        ("0001-01-01T00:00:00+14:00", "2026-11-22T01:30:00Z"),
    ],
)
def test_a_clock_outside_of_the_assessment_does_not_count(collected_at: str, at: str) -> None:
    assert at == evidence_time("20261122T013000Z-7f3a", collected_at)


# ------------------------------------------------------------------ any order, any number of times

_VERDICTS = st.lists(st.sampled_from([V, G, N, R, E]), min_size=1, max_size=KEPT)


@given(_VERDICTS, st.randoms(use_true_random=False), st.data())
def test_any_order_with_repetitions_ends_as_the_order_of_the_evidence(
    verdicts: list[Verdict], chance: random.Random, data: st.DataObject
) -> None:
    tracks = days(*verdicts)
    again = data.draw(st.lists(st.sampled_from(tracks), max_size=8))
    shuffled = [*tracks, *again]
    chance.shuffle(shuffled)

    assert followed(tracks) == followed(shuffled)


@given(_VERDICTS, st.integers(0, KEPT), st.integers(0, KEPT))
def test_parts_that_were_followed_apart_join_alike(verdicts: list[Verdict], one: int, two: int) -> None:
    tracks = days(*verdicts)
    left, right = tracks[: one + 1], tracks[min(two, len(tracks) - 1) :]
    whole = {t.newest for t in (*left, *right)}
    expected = followed([t for t in tracks if t.newest in whole])

    assert expected == follow(followed(left), followed(right)) == follow(followed(right), followed(left))


@given(st.lists(st.sampled_from([V, V, V, G, G, E]), min_size=1, max_size=90), st.randoms())
def test_a_long_life_stays_short_and_keeps_its_states_and_first_dates(
    verdicts: list[Verdict], chance: random.Random
) -> None:
    """However late a message comes: the episodes are right. In order, so is every date."""
    tracks = days(*verdicts)
    whole = finding_of(replace(tracks[-1], sightings=tuple(t.newest for t in tracks)))
    thinned = followed(tracks)
    chance.shuffle(tracks)
    shuffled = finding_of(followed(tracks))

    in_order = finding_of(thinned)
    assert (whole and whole.episodes) == (in_order and in_order.episodes)
    assert (whole and whole.state) == (shuffled and shuffled.state)
    assert len(whole.episodes if whole else ()) == len(shuffled.episodes if shuffled else ())
    turns = 2 * len(whole.episodes) if whole else 0
    assert len(thinned.sightings) <= max(KEPT, 2 * turns + 3)


# ------------------------------------------------------------------ what one assessment changed


@pytest.mark.parametrize(
    ("verdicts", "kind", "unread"),
    [
        ((V,), "new", False),
        ((G, V), "new", False),
        ((V, V), "open", False),
        ((V, E), "open", True),
        ((V, G), "fixed", False),
        ((V, E, N), "fixed", False),
        ((V, G, V), "recurred", False),
        ((V, G, V, V), "open", False),
        ((V, G, V, G), "fixed", False),
    ],
)
def test_what_an_assessment_changed(verdicts: tuple[Verdict, ...], kind: str, *, unread: bool) -> None:
    tracks = days(*verdicts)
    change = change_of(followed(tracks), tracks[-1])

    assert change
    assert (kind, unread) == (change.kind, change.unread)


@pytest.mark.parametrize("verdicts", [(G,), (E,), (V, G, G), (V, G, E)])
def test_what_an_assessment_left_alone(verdicts: tuple[Verdict, ...]) -> None:
    tracks = days(*verdicts)

    assert change_of(followed(tracks), tracks[-1]) is None


@given(st.lists(st.sampled_from([V, G, N, R, E]), min_size=1, max_size=60), st.data())
def test_what_an_assessment_changed_stays_the_same_whatever_comes_after(
    verdicts: list[Verdict], data: st.DataObject
) -> None:
    tracks = days(*verdicts)
    day = data.draw(st.integers(0, len(tracks) - 1))
    then = change_of(followed(tracks[: day + 1]), tracks[day])
    later = change_of(followed(tracks), tracks[day])

    assert (then and (then.kind, then.unread)) == (later and (later.kind, later.unread))
    assert [(e.opened, e.fixed) for e in (then.episodes if then else ())] == [
        (e.opened, e.fixed) for e in (later.episodes if later else ())
    ]


def test_an_assessment_of_before_there_were_findings_is_not_made_up() -> None:
    assert change_of(None, seen(3, V)) is None
    assert change_of(seen(4, V), seen(3, V)) is None
    assert ChangeKind.NEW is change_of(seen(4, V), seen(4, V)).kind  # type: ignore[union-attr] # it is there
