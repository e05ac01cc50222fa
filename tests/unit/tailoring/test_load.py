"""A tailoring that is wrong is refused with file, line and remedy; nothing of it is guessed."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.errors import TailoringError
from cce.tailoring import parse
from cce.tailoring.load import LIMIT

HEAD = "tailoring: bank\n"


def _problems(text: str) -> tuple[str, ...]:
    with pytest.raises(TailoringError) as caught:
        parse(dedent(text).encode(), "t.yaml")
    return caught.value.problems


POLICY, OVERLAYS = HEAD + "policy:\n", HEAD + "overlays:\n"
ITEMS_2021, ITEMS_2026 = (f"{HEAD}items:\n  kisa-{year}:\n" for year in (2021, 2026))


def _refused(body: bytes) -> tuple[str, ...]:
    """The problems of a file; none if it is right. No other exception comes out."""
    try:
        parse(body, "t.yaml")
    except TailoringError as error:
        return error.problems
    return ()


WRONG = [
    ("", "1: the file is empty; remove it"),
    ("# nothing\n", "1: the file is empty"),
    ("- a", "1: the file: a tailoring is a mapping that begins with tailoring: NAME"),
    ("policy: {}", "1: tailoring: it is missing: give the tailoring a name"),
    ("tailoring: ''", "1: tailoring: it is empty: give the tailoring a name"),
    (HEAD + "polcy: {}", "2: polcy: there is no such key; see docs/tailoring.md"),
    (HEAD + "policy: [", "3: this is no YAML"),
    (
        HEAD + "policy:\n\tunused_service: {}",
        "3: this is no YAML: found character that cannot start any token; there is a tab",
    ),
    (
        POLICY + "  unused_service: {value: good, reason: ''}",
        "reason: it is empty: every deviation from the guide",
    ),
    (HEAD + "a: &x 1\nb: *x\n", "3: aliases (*x) are not read; write it out"),
    (HEAD + "tailoring: again", "2: 'tailoring' stands here and in line 1; keep one"),
    (HEAD + "policy: !!set {a}", "2: policy: the tag"),
    (HEAD + "policy: !!int many", "2: policy: this is no value of its kind"),
    (HEAD + "policy: !!bool perhaps", "2: policy: this is no value of its kind"),
    (HEAD + "policy: " + "9" * 5000, "2: policy: this is no value of its kind"),
    # In base 60 and 16: read too slowly, or in an instant to what no message can show.
    (HEAD + "policy: " + "1:" * 100_000 + "1", "2: policy: this is no value of its kind"),
    (HEAD + "policy: " + "1:" * 500 + "1.5", "2: policy: this is no value of its kind"),
    (HEAD + "policy: 0x" + "f" * 4000, "2: policy: this is no value of its kind"),
    (HEAD + "policy: {[a]: 1}", "2: a key must be text; write it in quotes"),
    (HEAD + "policy: " + "[" * 30 + "]" * 30, "2: nested too deeply"),
    (HEAD + "---\na: 1", "2: this is no YAML: a second document begins here"),
    (POLICY + "  unused_service: good", "3: policy.unused_service: write it as a mapping, {value: …"),
    (POLICY + "  unused_service: {value: good}", "3: policy.unused_service.reason: it is missing: every"),
    (POLICY + "  unused_service: {reason: x}", "3: policy.unused_service.value: it is missing"),
    (
        POLICY + "  unused_servic: {value: good, reason: x}",
        "3: policy.unused_servic: there is no policy switch 'unused_servic'; near: unused_service",
    ),
    (
        POLICY + "  unused_service:\n    value: bad\n    reason: x",
        "4: policy.unused_service.value: write 'good' or 'not_applicable' (got 'bad')",
    ),
    (
        POLICY + "  shadow_mode: {value: 0640, reason: x}",
        "3: policy.shadow_mode.value: 416 is no file mode; write it in quotes",
    ),
    (
        POLICY + "  lockout_attempts: {value: 0, reason: x}",
        "3: policy.lockout_attempts.value: write 1 or more (got 0)",
    ),
    (
        POLICY + "  lockout_attempts: [{path: /a, reason: x}]",
        "3: policy.lockout_attempts: write it as {value: …",
    ),
    (
        POLICY + "  accepted_suid: {value: /a, reason: x}",
        "3: policy.accepted_suid: write it as a list of {path: …",
    ),
    (POLICY + "  accepted_suid:\n  - /usr/bin/at", "4: policy.accepted_suid.0: write it as a mapping"),
    (POLICY + "  accepted_suid:\n  - {path: /usr/bin/at}", "4: policy.accepted_suid.0.reason: it is missing"),
    (
        POLICY + "  accepted_suid:\n  - {path: '/**', reason: x}",
        "4: policy.accepted_suid.0.path: the first directory must be named",
    ),
    (HEAD + "items: {kisa-1999: {}}", "2: items.kisa-1999: there is no benchmark 'kisa-1999'; near: kisa-20"),
    (
        ITEMS_2021 + "    U-99: {off: true, reason: x}",
        "4: items.kisa-2021.U-99: there is no item of kisa-2021",
    ),
    (ITEMS_2021 + "    U-18: {off: true}", "4: items.kisa-2021.U-18.reason: it is missing: every"),
    (
        ITEMS_2021 + "    U-18: {off: 'yes', reason: x}",
        "4: items.kisa-2021.U-18.off: write true or false, without quotes (got 'yes')",
    ),
    (ITEMS_2021 + "    U-18: {reason: x}", "4: items.kisa-2021.U-18: write either 'off' or 'params'"),
    (ITEMS_2021 + "    U-54: {off: true, params: {seconds: 1}, reason: x}", "write either 'off' or 'params'"),
    (
        ITEMS_2021 + "    U-54:\n      params: {second: 9}\n      reason: x",
        "5: items.kisa-2021.U-54.params.second: there is no parameter of U-54 'second'; near: seconds",
    ),
    (
        ITEMS_2021 + "    U-54:\n      params: {seconds: soon}\n      reason: x",
        "5: items.kisa-2021.U-54.params.seconds: write a whole number, without quotes (got 'soon')",
    ),
    (ITEMS_2021 + "    U-44: {params: {a: 1}, reason: x}", "there is no parameter of U-44 'a': it has none"),
    (
        ITEMS_2026 + "    U-02: {params: {days: 60}, reason: x}",
        "several rules of U-02 have it (unix.password-max-age, unix.password-min-age); write rules:",
    ),
    (
        ITEMS_2026 + "    U-02: {rules: {unix.umask: {}}, reason: x}",
        "4: items.kisa-2026.U-02.rules.unix.umask: there is no rule of U-02",
    ),
    (
        ITEMS_2026 + "    U-02: {rules: {unix.password-max-age: {day: 1}}, reason: x}",
        "no parameter of unix.password-max-age 'day'; near: days",
    ),
    (HEAD + "overlays: [{match: {}, items: {}}]", "2: overlays.0.match: name 'accounts' or 'tags'"),
    (
        HEAD + "overlays: [{match: {tags: {a: []}}}]",
        "2: overlays.0: it changes nothing; write 'policy' or 'items'",
    ),
    (
        HEAD + "overlays: [{policy: {unused_service: {value: good, reason: x}}}]",
        "2: overlays.0.match: it is missing: say for which servers: match: {accounts: [",
    ),
    (
        OVERLAYS + "- match: {accounts: [222222222222]}",
        "3: overlays.0.match.accounts.0: it must be text: write it in quotes",
    ),
    (
        OVERLAYS + "- match: {accounts: ['2222']}",
        "3: overlays.0.match.accounts.0: an account id is twelve digits",
    ),
    (OVERLAYS + "- match: {tags: {Role: bastion}}", "3: overlays.0.match.tags.Role: write it as a list"),
    (
        OVERLAYS + "- match: {tags: {Role: [a]}}\n  policy: {nothing: {value: 1, reason: x}}",
        "4: overlays.0.policy.nothing: there is no policy switch",
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_named_with_its_line_and_its_remedy(text: str, said: str) -> None:
    problems = _problems(text)

    assert [problem for problem in problems if said in problem.removeprefix("t.yaml:")], problems


def test_every_problem_is_named_at_once() -> None:
    problems = _problems(
        """\
        tailoring: bank
        policy:
          lockout_attempts: {value: many, reason: x}
        items:
          kisa-2021:
            U-99: {off: true, reason: x}
            U-54: {params: {second: 1}, reason: x}
        """
    )

    assert ["t.yaml:3", "t.yaml:6", "t.yaml:7"] == [":".join(p.split(":")[:2]) for p in problems]


def test_problems_of_form_hide_none_of_meaning_and_all_stand_in_the_order_of_the_file() -> None:
    problems = _problems(
        """\
        tailoring: bank
        policy:
          unused_service: {value: maybe, reason: ""}
          lockout: {value: 5, reason: x}
        items:
          kisa-2021:
            U-54: {params: {seconds: many}, reason: x}
            U-99: {off: true, reason: x}
            U-18: {off: yep, reason: x}
        overlays:
          - policy:
              shadow_mode: {value: 0640, reason: x}
          - match: {accounts: [222222222222]}
            policy:
              lockout_attempts: {value: 0, reason: x}
          - match: {accounts: ["222222222222"]}
            polcy: {}
        """
    )

    lines = [int(p.split(":")[1]) for p in problems]
    assert [3, 3, 4, 7, 8, 9, 11, 12, 13, 15, 17] == lines, problems


def test_of_very_many_problems_the_first_are_named_and_the_others_counted() -> None:
    items = "".join(f"    X-{n}: {{off: true, reason: x}}\n" for n in range(50))

    problems = _problems(HEAD + "items:\n  kisa-2021:\n" + items)

    assert (21, "and 30 more problems") == (len(problems), problems[-1])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"tailoring: bank\n# \xff", "t.yaml:2: this is not UTF-8"),
        (b"#" * (LIMIT + 1), "t.yaml:1: larger than"),
        (b"tailoring: \x00", "t.yaml:1: this is no YAML"),
    ],
)
def test_a_file_that_is_no_text_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(TailoringError, match=said):
        parse(body, "t.yaml")


def test_a_bare_off_is_the_key_it_looks_like_and_a_byte_order_mark_is_no_text() -> None:
    text = "\ufefftailoring: bank\nitems:\n  kisa-2021:\n    U-18: {off: true, reason: on}\n"

    with pytest.raises(TailoringError, match=r"reason: it must be text: write it in quotes \(got True\)"):
        parse(text.encode(), "t.yaml")
    got = parse(text.replace("reason: on", "reason: 2026-11-22").encode(), "t.yaml")
    assert (True, "2026-11-22") == (got.items["kisa-2021"]["U-18"].off, got.items["kisa-2021"]["U-18"].reason)


def test_a_tailoring_may_be_a_name_alone() -> None:
    assert "bank" == parse(b"tailoring: bank", "t.yaml").tailoring


EXAMPLE = (Path(__file__).resolve().parents[3] / "docs/examples/tailoring.yaml").read_text("utf-8")
PIECES = (
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "\n",
    "*a",
    "&a ",
    "!!int ",
    '"',
    "off",
    "~",
    "1e9",
    "\u202e",
    "<<: ",
    "policy",
    "| ",
)


@given(at=st.integers(0, len(EXAMPLE)), cut=st.integers(0, 40), piece=st.sampled_from(PIECES))
def test_a_file_that_was_damaged_anywhere_is_read_or_refused_by_line(at: int, cut: int, piece: str) -> None:
    problems = _refused((EXAMPLE[:at] + piece + EXAMPLE[at + cut :]).encode())

    assert [] == [p for p in problems if not re.match(r"t\.yaml:\d+: |and \d+ more", p)]


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    _refused(text.encode("utf-8", "surrogatepass"))
