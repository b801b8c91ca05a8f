"""Who says that a problem is solved, what came back, what departments owe, and district topics."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.roles import Department
from core import clock
from rectification.choices import AnswerKind, Level, ProblemStatus, VerdictValue
from rectification.models import Cause, Escalation, Problem
from rectification.selectors_owed import common_causes
from rectification.services import escalations, problems, topics

if TYPE_CHECKING:
    from datetime import date

    from dashboards.demo.world import World
    from rectification.models import Topic

# What lies behind the problems of each type.
CAUSES = {
    "C01": "Y02",
    "C02": "Y08",
    "C03": "Y03",
    "C04": "Y03",
    "C05": "Y01",
    "C06": "Y13",
    "C07": "Y05",
    "C08": "Y09",
    "C09": "Y06",
    "C10": "Y06",
}
SAID_BY = ("村民代表", "老党员", "村民小组长")
NOTES = {
    VerdictValue.SOLVED: "",
    VerdictValue.PARTLY: "主要的解决了，还有几户没有落实。",
    VerdictValue.UNSOLVED: "说是办了，群众没有看到结果。",
}


def make_questions(world: World) -> None:
    """Make two topics, speak for the levels, ask a department and reopen two problems."""
    make_topics(world)
    make_verdicts(world)
    ask_department(world)
    reopen_some(world)


def closed_lately(world: World) -> list[Problem]:
    """Problems of cases still at work that were closed, newest first."""
    rows = Problem.objects.filter(
        status=ProblemStatus.CLOSED, case__round__district=world.district, case__transformed_on=None
    )
    return list(rows.for_detail().order_by("-closed_on", "pk"))


def make_verdicts(world: World) -> None:
    """The village and the township of what was closed, the district of every third."""
    values = (VerdictValue.SOLVED, VerdictValue.SOLVED, VerdictValue.PARTLY)
    for number, problem in enumerate(closed_lately(world)[:18]):
        township = world.township_user(problem.case.village)
        closed_on: date = problem.closed_on  # type: ignore[assignment]
        on = min(closed_on + timedelta(days=2), world.today)
        with clock.set_to(on):
            value = values[number % len(values)]
            problems.add_verdict(
                problem,
                by=township,
                level=Level.VILLAGE,
                value=value,
                said_by=SAID_BY[number % len(SAID_BY)],
                note=NOTES[value],
            )
            problems.add_verdict(
                problem, by=township, level=Level.TOWNSHIP, value=VerdictValue.SOLVED
            )
            if number % 3 == 0:
                problems.add_verdict(
                    problem, by=world.office, level=Level.DISTRICT, value=VerdictValue.SOLVED
                )


def reopen_some(world: World) -> None:
    """Two problems of open cases that came back."""
    found = [row for row in closed_lately(world) if row.case.status == "rectifying"]
    for problem in found[2:4]:
        with clock.set_to(world.ago(1)):
            problems.reopen(
                problem, by=world.office, reason="回访时群众反映又出现了，重新安排措施。"
            )


def ask_department(world: World) -> None:
    """Put the oldest question to the district to a department, the newest stays the office's."""
    rows = Escalation.objects.unanswered().filter(
        to_level=Level.DISTRICT, problem__case__round__district=world.district
    )
    asked = rows.for_detail().order_by("asked_at").first()
    if asked:
        with clock.set_to(world.ago(2)):
            escalations.pass_to_department(
                asked, by=world.office, department=Department.AGRICULTURE
            )


def make_topics(world: World) -> None:
    """One topic that a rule settled, and one that a department owes."""
    rows = Problem.objects.filter(case__round__district=world.district, case__transformed_on=None)
    causes = common_causes(rows.filter(case__designated_on__isnull=False), topics.LEAST_VILLAGES)
    for number, common in enumerate(causes[:2]):
        hard = list(rows.oldest_hard().filter(cause=common.code, topic=None).for_detail())
        topic = make_topic(world, common.code, hard, world.ago(30 if number else 9))
        if number:
            with clock.set_to(world.ago(12)):
                topics.answer_topic(
                    topic,
                    by=world.users["department2"],
                    answer_kind=AnswerKind.RULE,
                    answer="按区里统一口径办理：先确权、后处置，争议大的依法裁决，乡镇组织村民会议表决。",
                    decision_no=f"云政专题纪〔{world.today.year}〕12号",
                )


def make_topic(world: World, code: str, hard: list[Problem], on: date) -> Topic:
    cause = Cause.objects.get(code=code)
    with clock.set_to(on):
        return topics.make_topic(
            by=world.office,
            cause=cause,
            title=f"几个村“{cause}”的共性难题",
            question="几个村卡在同一处，村和乡镇都没有权限决定，请区里明确政策口径并安排办理。",
            problems=hard[:6],
            reply_days=15,
            department=Department.POLITICS_LAW,
        )
