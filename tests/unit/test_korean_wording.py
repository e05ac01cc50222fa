"""What Korean readers read: particles, words for what could not be read, facts in our own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.evidence.model import Unread
from cce.report.deviations import change_text
from cce.report.fact_words import fact_text
from cce.rules.common import listed, unread_check, why_ko
from cce.rules.registry import good
from cce.text import Particle, Text, with_particle
from cce.verdict import Deviation, Fact

PARTICLES = st.sampled_from(["은/는", "이/가", "을/를", "과/와", "으로/로"])


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("권한", "이/가", "권한이"),
        ("파일", "으로/로", "파일로"),
        ("정책", "으로/로", "정책으로"),
        ("서버", "은/는", "서버는"),
        ("TMOUT", "이/가", "TMOUT이"),
        ("root", "이/가", "root가"),
        ("bin", "이/가", "bin이"),
        ("cron", "을/를", "cron을"),
        ("at", "을/를", "at를"),
        ("0640", "을/를", "0640을"),
        ("0644", "을/를", "0644를"),
        ("8", "으로/로", "8로"),
        ("10", "으로/로", "10으로"),
        ("10.111.0.0/16", "으로/로", "10.111.0.0/16으로"),
        ("*.example", "으로/로", "*.example로"),
        ("U-11", "은/는", "U-11은"),
        ("계정(ftp)", "이/가", "계정(ftp)이"),
        ("(ftp)", "과/와", "(ftp)와"),
        ("", "을/를", "를"),
    ],
)
def test_the_last_sound_picks_the_particle(word: str, particle: Particle, expected: str) -> None:
    assert expected == with_particle(word, particle)


@given(st.text(), PARTICLES)
def test_any_text_gets_one_form_of_the_particle(word: str, particle: Particle) -> None:
    got = with_particle(word, particle)

    assert got.removeprefix(word) in particle.split("/")


@pytest.mark.parametrize(
    ("why", "ko"),
    [
        ("denied", "권한 없음"),
        ("timeout", "시간 초과"),
        ("cut", "내용 잘림"),
        ("error", "읽기 오류"),
        ("special", "특수 파일"),
        ("skipped", "건너뜀"),
        ("not collected", "수집되지 않음"),
        ("cut: 200 of 235 listed", "내용 잘림: 235건 중 200건만 수집됨"),
        ("absent, although named is in use", "named 사용 중이나 파일이 없음"),
        ("absent or empty, although Apache is in use", "Apache 사용 중이나 파일이 없거나 비어 있음"),
        ("umask $X cannot be evaluated", "umask $X cannot be evaluated"),
    ],
)
def test_why_something_could_not_be_read_is_said_in_korean(why: str, ko: str) -> None:
    got = unread_check(Unread("/etc/x", why))

    assert (ko, f"/etc/x 확인 불가({ko})") == (why_ko(why), got.reason.ko)
    assert f"/etc/x could not be read: {why}." == got.reason.en
    assert why == got.facts[0].value, "what is stored stays as it was"


@pytest.mark.parametrize(
    ("value", "ko", "en"),
    [
        ("not in use", "사용하지 않음", "not in use"),
        ("absent", "없음", "absent"),
        ("TMOUT unset", "TMOUT 설정 없음", "TMOUT unset"),
        ("Banner unset (default none)", "Banner 설정 없음(기본값 none)", "Banner unset (default none)"),
        ("could not be read: denied", "확인 불가(권한 없음)", "could not be read: denied"),
        (
            "24 users refused, all others allowed",
            "24명 차단, 나머지 모두 허용",
            "24 users refused, all others allowed",
        ),
        ("PASS_MAX_DAYS\t99999", "PASS_MAX_DAYS 99999", "PASS_MAX_DAYS 99999"),
        ("unset TMOUT; evil", "unset TMOUT; evil", "unset TMOUT; evil"),
    ],
)
def test_facts_in_our_own_words_are_translated_and_what_was_read_is_not(value: str, ko: str, en: str) -> None:
    assert Text(ko, en) == fact_text(value)


@given(st.text())
def test_no_fact_breaks_its_translation(value: str) -> None:
    assert fact_text(value).ko.isprintable()


def test_a_list_says_how_many_of_how_many_it_shows() -> None:
    names = [f"/f{n}" for n in range(7)]

    assert Text("/f0, /f1", "/f0, /f1") == listed(names[:2])
    assert "/f4 (7개 중 5개 표시)" in listed(names).ko
    assert "/f4 (5 of 235 shown)" in listed(names, 235).en
    assert "/f1 (235개 중 2개 표시)" in listed(names[:2], 235).ko


def test_a_verdict_that_a_tailoring_sets_has_its_korean_name() -> None:
    row = Deviation("r", "unused", "good", "not_applicable", "why", "", Text("모든 서버", "every server"))

    assert Text("unused: 양호 → 해당없음", "unused: good → not_applicable") == change_text(row)


def test_a_tab_aligns_a_line_of_a_file_but_is_shown_in_a_name() -> None:
    line, name = Fact("/etc/login.defs:3", "UMASK\t\t022"), Fact("walk suid", "/srv/a\tb 4755")

    assert ("UMASK  022", "/srv/a\\tb 4755") == tuple(
        f.value for f in good("양호", "Good.", line, name).facts
    )
