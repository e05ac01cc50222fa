"""An explanation for a terminal: both strings with visible line ends, line beside line."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from cce.text import Text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cce.gateway.signing.explain.explanation import Explanation
    from cce.report.words import Language

#: How a line end is shown.
NEWLINE: Final = "⏎"
_CR: Final = "␍"

_VERDICTS: Final = {
    "accepted": Text("받아들여짐", "accepted"),
    "refused": Text("거부됨", "refused"),
    "unknown": Text("비밀 키 없이는 알 수 없음", "cannot be told without the secret"),
}
_SERVER: Final = Text("서버가 서명하는 문자열", "The server signs")
_CLIENT: Final = Text("클라이언트가 서명한 문자열", "The client signed")
_SAME: Final = Text("클라이언트도 같은 문자열에 서명함", "The client signed the same string.")
_NO_CLOCK: Final = Text(
    "기록에 서버의 시각이 없어 유효 시간은 판단하지 않음",
    "The recording does not tell the server's clock: the window was not judged.",
)
_NO_BODY: Final = Text(
    "기록에 본문이 없어 content-digest가 본문과 맞는지는 판단하지 않음",
    "The recording does not hold the body: whether content-digest fits it was not judged.",
)


def as_text(explanation: Explanation, language: Language) -> str:
    """Write it in one of the languages."""
    return "".join(f"{line}\n" for line in _lines(explanation, language))


def _lines(explanation: Explanation, language: Language) -> Iterator[str]:
    code = f" ({explanation.reason})" if explanation.reason else ""
    yield f"{getattr(_VERDICTS[explanation.verdict], language)}{code}"
    yield ""
    server = shown_lines(explanation.server)
    if explanation.client in {None, explanation.server}:
        yield f"{getattr(_SERVER, language)}:"
        yield from (f"    {number}  {line}" for number, line in enumerate(server, 1))
        if explanation.client is not None:
            yield getattr(_SAME, language)
    else:
        client = shown_lines(explanation.client or "")
        yield f"- {getattr(_SERVER, language)}, + {getattr(_CLIENT, language)}:"
        yield from _compared(server, client)
    yield ""
    for cause in explanation.causes:
        yield f"* {cause.id}: {getattr(cause.text, language)}"
        if cause.detail:
            yield f"      {cause.detail}"
    if not explanation.clock_known:
        yield f"({getattr(_NO_CLOCK, language)})"
    if not explanation.body_known:
        yield f"({getattr(_NO_BODY, language)})"


def shown_lines(text: str) -> tuple[str, ...]:
    r"""The lines, each with the line end that it has; what cannot be seen is written as its escape.

    Examples
    --------
    >>> shown_lines("GET\n/a")
    ('GET⏎', '/a')
    """
    whole = text.replace("\r", _CR).replace("\n", f"{NEWLINE}\n")
    return tuple(visible(line) for line in whole.split("\n"))


def _compared(server: Sequence[str], client: Sequence[str]) -> Iterator[str]:
    for number, (right, wrong) in enumerate(zip_longest(server, client), 1):
        if right == wrong:
            yield f"  = {number}  {right}"
            continue
        if right is not None:
            yield f"  - {number}  {right}"
        if wrong is not None:
            yield f"  + {number}  {wrong}"
        if right is not None and wrong is not None:
            same = right[: _parting(right, wrong)]
            yield f"    {' ' * len(str(number))}  {' ' * cell_len(same)}^"


def _parting(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
