"""Draw docs/workflow.md from the tables of steps, or say that it is out of date."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.roles import ROLE_PERMISSIONS, Permission
from rectification.choices import (
    CaseStatus,
    HandoverStatus,
    PlanStatus,
    ProblemStatus,
    PromiseState,
    RoundStatus,
    SubmissionStatus,
    TaskStatus,
)
from rectification.services import cases, handovers, plans, problems, promises, rounds, tasks
from rectification.workflow import STEPS
from rectification.workflow_handovers import HANDOVER_STEPS
from rectification.workflow_problems import PLAN_STEPS, PROBLEM_STEPS, TASK_STEPS
from rectification.workflow_promises import PROMISE_STEPS
from rectification.workflow_rounds import ROUND_STEPS, SUBMISSION_STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.db.models import TextChoices

    from rectification.workflow import Step
    from rectification.workflow_problems import ItemStep

DOCUMENT = settings.BASE_DIR / "docs" / "workflow.md"
COMMAND = "python3 run.py manage draw_workflow"

INTRO = f"""\
# Life cycles

Drawn by `{COMMAND}`; do not edit by hand. The checks compare it with the code.

A status moves by a step of these tables and by nothing else. Buttons, refusals, tests and this
page read the same tables. "Who" are the roles whose accounts may take a step; in which area, the
account's scope decides. "Asks for" is what its form demands, by the form's own labels; no day of a
step lies in the future or before the case's last step. "Holds" is what must be true before it; a
refusal says in words what is missing and links to where it is mended. A step and its record are
written in one transaction, and of two people who press at once, or one after the other with the
same page open, the second is told.

A case begins with 提请认定 `propose`: the office takes a village from the round's list, or in
mid-year on a meeting of its own (补充认定, with source and reason), or by a relapse (反弹), which
opens a new case linked to the old one. The standing committee then decides: 认定 or 不予认定.

A question handed up (上交), a district topic (区级专题) and a wish for more time (延期) wait for
one answer and have no table: `rectification/services/escalations.py`, `topics.py`, `extensions.py`.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """How a thing of this life cycle comes to be: the service that creates it, and whose right.

    ``ways`` are the services that call it, each with a rule of its own.
    """

    name: str
    service: Callable[..., Any]
    permission: Permission
    asks: str
    ways: tuple[Callable[..., Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """One life cycle: its heading, its statuses in order (the first is where it begins)."""

    title: str
    source: str
    entry: Entry
    statuses: type[TextChoices]
    steps: Mapping[str, Step] | Mapping[str, ItemStep]


CHARTS = (
    Chart(
        "整顿档案 case",
        "`STEPS` in `rectification/workflow.py`",
        Entry(
            "提请认定",
            cases.propose,
            Permission.CASE_MANAGE,
            "提请日期、主要类型；补充认定还要村、轮次、来源和理由",
            (rounds.propose_listed, rounds.propose_mid_year, cases.relapse),
        ),
        CaseStatus,
        STEPS,
    ),
    Chart(
        "问题 problem",
        "`PROBLEM_STEPS` in `rectification/workflow_problems.py`",
        Entry(
            "登记问题",
            problems.add_problem,
            Permission.PROBLEM_EDIT,
            "是什么问题、类型、性质、解决层级、来源、发现日期、责任人、解决期限",
        ),
        ProblemStatus,
        PROBLEM_STEPS,
    ),
    Chart(
        "任务 task",
        "`TASK_STEPS` in `rectification/workflow_problems.py`",
        Entry(
            "安排任务",
            tasks.add_task,
            Permission.PROBLEM_EDIT,
            "针对什么、措施、责任人、开始日期、完成期限",
        ),
        TaskStatus,
        TASK_STEPS,
    ),
    Chart(
        "整顿方案 plan",
        "`PLAN_STEPS` in `rectification/workflow_problems.py`",
        Entry("起草方案", plans.add_plan, Permission.PLAN_DRAFT, "问题成因、整顿目标、主要措施"),
        PlanStatus,
        PLAN_STEPS,
    ),
    Chart(
        "移交责任 handover",
        "`HANDOVER_STEPS` in `rectification/workflow_handovers.py`",
        Entry("提出移交", handovers.propose, Permission.HANDOVER, "接手人、移交原因"),
        HandoverStatus,
        HANDOVER_STEPS,
    ),
    Chart(
        "承诺 promise",
        "`PROMISE_STEPS` in `rectification/workflow_promises.py`",
        Entry(
            "登记承诺",
            promises.add_promise,
            Permission.PROBLEM_EDIT,
            "种类、承诺内容、承诺人或承诺单位、承诺日期、兑现期限",
        ),
        PromiseState,
        PROMISE_STEPS,
    ),
    Chart(
        "年度轮次 round",
        "`ROUND_STEPS` in `rectification/workflow_rounds.py`",
        Entry("新建轮次", rounds.create_round, Permission.ROUND_MANAGE, "年度、采用的标准"),
        RoundStatus,
        ROUND_STEPS,
    ),
    Chart(
        "乡镇名单 township's list",
        "`SUBMISSION_STEPS` in `rectification/workflow_rounds.py`",
        Entry("启动排查", rounds.open_round, Permission.ROUND_MANAGE, "乡镇上报截止日期"),
        SubmissionStatus,
        SUBMISSION_STEPS,
    ),
)


def arrows(step: Step | ItemStep) -> list[tuple[str, str]]:
    """Return the moves of a step, from and to. No target: the status stays.

    As many targets as sources belong together in pairs (反弹: a released case stays released);
    otherwise each source leads to each target.
    """
    if not step.targets:
        return [(source, source) for source in step.sources]
    if len(step.sources) == len(step.targets):
        return list(zip(step.sources, step.targets, strict=True))
    return [(source, target) for source in step.sources for target in step.targets]


def roles_with(permission: Permission) -> str:
    """Return the roles that have a right, in words."""
    roles = (role.label for role, rights in ROLE_PERMISSIONS.items() if permission in rights)
    return "、".join(map(str, roles))


def promise(what: Callable[..., Any]) -> str:
    """Return what a guard or a service promises: the first line of its docstring."""
    text = inspect.getdoc(what)
    if not text:
        raise CommandError(f"{what.__name__} 没有说明，请在它的文档字符串里写一句要满足什么")
    return text.splitlines()[0].replace("|", "\\|")


def labels(statuses: type[TextChoices], keys: tuple[str, ...]) -> str:
    """Return statuses in words; none means that the status stays."""
    return "、".join(str(statuses(key).label) for key in keys) or "（不变）"


def diagram(chart: Chart) -> Iterator[str]:
    """Yield the lines of a state diagram; a status that no step leaves is an end."""
    moves = [(*move, step.name) for step in chart.steps.values() for move in arrows(step)]
    yield "stateDiagram-v2"
    for status in chart.statuses:
        yield f'    state "{status.label}" as {status.value}'
    yield f"    [*] --> {next(iter(chart.statuses)).value}: {chart.entry.name}"
    for source, target, name in moves:
        yield f"    {source} --> {target}: {name}"
    left = {source for source, target, _ in moves if source != target}
    for status in chart.statuses:
        if status not in left:
            yield f"    {status.value} --> [*]"


def rows(chart: Chart) -> Iterator[tuple[str, ...]]:
    """Yield the table's rows: action, from and to, who, what the form asks for, what holds."""
    entry = chart.entry
    first = next(iter(chart.statuses))
    action = f"{entry.name} `{entry.service.__name__}`"
    rules = "<br>".join(promise(service) for service in (entry.service, *entry.ways))
    yield action, f"– → {first.label}", roles_with(entry.permission), entry.asks, rules
    for step in chart.steps.values():
        way = f"{labels(chart.statuses, step.sources)} → {labels(chart.statuses, step.targets)}"
        holds = "<br>".join(promise(guard) for guard in step.guards) or "–"
        yield (
            f"{step.name} `{step.action}`",
            way,
            roles_with(step.permission),
            step.asks or "–",
            holds,
        )


def section(chart: Chart) -> Iterator[str]:
    """Yield the lines of one life cycle."""
    yield from ("", f"## {chart.title}", "", f"Source: {chart.source}.", "", "```mermaid")
    yield from diagram(chart)
    yield from (
        "```",
        "",
        "| action | from → to | who | asks for | holds |",
        "|---|---|---|---|---|",
    )
    for row in rows(chart):
        yield f"| {' | '.join(row)} |"


def document() -> str:
    """Return the whole page."""
    lines = [line for chart in CHARTS for line in section(chart)]
    return INTRO + "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "按流程表画出 docs/workflow.md"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="只比较，不写；与流程表不一致则退出码为 1"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = document()
        if not options["check"]:
            DOCUMENT.parent.mkdir(exist_ok=True)
            DOCUMENT.write_text(text, encoding="utf-8", newline="\n")
            return
        if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
            raise CommandError(f"docs/workflow.md 与流程表不一致，请执行 {COMMAND} 重新生成后提交")
