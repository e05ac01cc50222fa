"""An explanation for a terminal: sentences are wrapped, commands never are, so that they can be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text as Styled

from cce.report import words
from cce.report.as_table import VERDICT_STYLE
from cce.report.deviations import note_text
from cce.report.explanation import parameters
from cce.report.fact_words import fact_text
from cce.text import Text, visible, with_particle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from cce.remedies.kept import PlannedStep
    from cce.remedies.model import Family
    from cce.remedies.plan import Plan
    from cce.report.explanation import Explanation, Related
    from cce.report.words import Language
    from cce.verdict import Check

FAMILY: dict[Family, str] = {
    "debian": "Debian, Ubuntu",
    "rhel": "RHEL, Rocky, Amazon Linux",
    "suse": "SLES",
}


def explanation_view(
    explanation: Explanation, *, language: Language = "ko", remedy: bool = False
) -> RenderableType:
    """The whole explanation, from what the item is to the way back.

    Parameters
    ----------
    remedy
        Print the commands even where there is nothing to do.
    """
    return Group(*_View(explanation, language, remedy=remedy).parts())


class _View:
    def __init__(self, explanation: Explanation, language: Language, *, remedy: bool) -> None:
        self._it = explanation
        self._language = language
        self._remedy = remedy

    def parts(self) -> Iterator[RenderableType]:
        yield from self._item()
        yield from self._editions()
        yield from self._rules()
        yield from self._verdict()
        yield from self._remedies()

    def _say(self, text: Text) -> str:
        return visible(text.ko if self._language == "ko" else text.en)

    def _head(self, ko: str, en: str) -> Styled:
        return Styled(f"\n{self._say(Text(ko, en))}", "bold")

    def _item(self) -> Iterator[RenderableType]:
        data, benchmark = self._it.item.data, self._it.benchmark
        first, second = (data.title_ko, data.title_en)[:: 1 if self._language == "ko" else -1]
        yield Styled.assemble((f"{self._it.item.id}  {first}", "bold"), f"\n{second}")
        severity = self._say(words.SEVERITY[data.severity])
        category = self._say(words.category(data.category))
        automation = self._say(words.AUTOMATION[data.automation])
        yield Styled(f"{benchmark.id} ({benchmark.edition})  {category}  {severity}  {automation}", "dim")
        yield self._head("기준", "Criterion")
        yield _indented(data.criterion_ko)
        if self._language == "en":
            yield _indented(data.criterion_en)
        if deviations := self._it.item.deviations:
            yield _indented(self._say(note_text(deviations)), "magenta")

    def _editions(self) -> Iterator[RenderableType]:
        if self._it.related or self._it.namesake:
            yield self._head("다른 판에서는", "In the other edition")
        for related in self._it.related:
            yield _indented(self._related(related))
        if self._it.namesake:
            benchmark, title = self._it.namesake
            shown = self._say(title)
            same = Text(
                f"{benchmark}의 {with_particle(self._it.item.id, '은/는')} 다른 항목임: {shown}",
                f"{self._it.item.id} of {benchmark} is another item: {shown}",
            )
            yield _indented(self._say(same), "dim")

    def _related(self, related: Related) -> str:
        if not related.item:
            return f"{related.benchmark}: {self._say(related.change)}"
        arrow = "→" if related.direction == "became" else "←"
        title, change = self._say(related.title), self._say(related.change)
        return f"{arrow} {related.benchmark} {related.item} {title} ({change})"

    def _rules(self) -> Iterator[RenderableType]:
        yield self._head("판정 규칙과 값", "Rules and parameters")
        for rule, params in self._it.item.parts:
            yield _indented(rule.id)
            for name, value in parameters(params):
                yield _indented(f"{name} = {visible(value)}", "dim", 4)

    def _verdict(self) -> Iterator[RenderableType]:
        verdict = self._it.verdict
        if verdict is None:
            return
        yield self._head(f"판정: {visible(self._it.server)}", f"Verdict: {visible(self._it.server)}")
        word = (self._say(words.VERDICT[verdict.verdict]), VERDICT_STYLE[verdict.verdict])
        yield _indented(Styled.assemble(word, f"  {self._say(verdict.reason)}"))
        yield self._head("읽은 것", "What was read")
        yield _indented(", ".join(self._it.sources) or "-")
        yield self._head(
            f"세부 점검 {len(verdict.checks)}건(가장 나쁜 결과가 판정이 됨)",
            f"{len(verdict.checks)} sub-checks (the worst decides)",
        )
        for check in verdict.checks:
            yield from self._check(check)

    def _check(self, check: Check) -> Iterator[RenderableType]:
        word = (self._say(words.VERDICT[check.verdict]), VERDICT_STYLE[check.verdict])
        yield _indented(Styled.assemble(word, f"  {self._say(check.reason)}"))
        for fact in check.facts:
            yield _indented(f"{visible(fact.source)} → {self._say(fact_text(fact.value))}", "dim", 6)

    def _remedies(self) -> Iterator[RenderableType]:
        if self._it.nothing_to_do and not self._remedy:
            yield from self._no_remedy()
            return
        last = ""
        for families, plan in self._it.plans:
            name = ", ".join(FAMILY[family] for family in families)
            if plan.remedy.id != last:
                yield self._head(f"조치 {plan.remedy.id}", f"Remedy {plan.remedy.id}")
                yield from self._about(plan)
            last = plan.remedy.id
            yield Styled(f"\n  [{name}]", "cyan")
            yield from self._steps(plan.steps)
            yield Styled(f"  {self._say(Text('되돌리기', 'The way back'))}", "cyan")
            yield from self._steps(plan.undo)
        if self._it.plans:
            yield self._head("확인", "Then see")
            yield _code(f"cce scan --benchmark {self._it.benchmark.id} --items {self._it.item.id}", 4)

    def _no_remedy(self) -> Iterator[RenderableType]:
        if self._it.off:
            why = Text("조정 파일(tailoring)이 이 항목을 끔", "The tailoring switches this item off")
        else:
            why = Text("조치할 것이 없음", "There is nothing to do")
        how = Text("명령은 --remedy로 출력", "--remedy prints the commands all the same")
        yield self._head("조치", "Remedy")
        yield _indented(f"{self._say(why)}. {self._say(how)}.")

    def _about(self, plan: Plan) -> Iterator[RenderableType]:
        yield _indented(self._say(plan.what))
        breaks, effect = self._say(plan.breaks), self._say(words.EFFECT[plan.remedy.effect])
        label = self._say(Text("영향", "May break"))
        yield _indented(Styled.assemble((f"{label}: ", "bold yellow"), breaks))
        label = self._say(Text("적용 시점", "Takes effect"))
        yield _indented(Styled.assemble((f"{label}: ", "bold"), effect))
        if plan.remedy.inputs:
            yield _indented(
                self._say(Text("먼저 이 서버의 값을 정함:", "First set the values of this server:"))
            )
        for entry in plan.remedy.inputs:
            yield _code(f"{entry.name}='{entry.example}'  # {self._say(entry.text)}", 4)

    def _steps(self, steps: Iterable[PlannedStep]) -> Iterator[RenderableType]:
        for number, step in enumerate(steps, 1):
            yield _indented(f"{number}. {self._say(step.text)}", "", 2)
            if step.run:
                yield _code(step.run, 6)


def _indented(text: str | Styled, style: str = "", by: int = 2) -> Padding:
    styled = text if isinstance(text, Styled) else Styled(text, style)
    styled.overflow = "fold"
    return Padding(styled, (0, 0, 0, by), expand=False)


def _code(lines: str, by: int) -> Styled:
    """Commands as they are typed: longer than the terminal they run over, but no line end comes between."""
    indent = " " * by
    return Styled(
        "\n".join(indent + line for line in lines.splitlines()), "green", no_wrap=True, overflow="ignore"
    )
