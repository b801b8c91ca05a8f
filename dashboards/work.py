"""我的待办: what is due from an account, from the tables and dates, soonest first.

Each source is one query and gives items. An item that somebody holds is in that account's list
alone; a duty of the township falls to the office where the township has no account in use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from core.models import Feedback
from dashboards.desk import Desk, Item, item_of, place_of
from dashboards.work_promises import extensions, promises
from dashboards.work_questions import questions
from rectification.choices import (
    WORKING_STATUSES,
    CaseStatus,
    Level,
    PlanStatus,
    ProblemStatus,
    RoundStatus,
    SubmissionStatus,
)
from rectification.guards_deputies import barred_from
from rectification.models import (
    DepartmentOpinion,
    Escalation,
    FollowUp,
    Handover,
    Milestone,
    Plan,
    Problem,
    RelapseSignal,
    Screening,
    Task,
    TownshipSubmission,
)
from rectification.selectors_people import vacancies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date


SEVERE_DAYS, SOON_DAYS, AHEAD_DAYS = 14, 7, 30
LOCAL = (Level.VILLAGE, Level.TOWNSHIP)


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one urgency."""

    key: str
    name: str
    hint: str
    items: list[Item]


def milestone(key: str) -> Subquery:
    """The due date of a case's milestone."""
    return Subquery(Milestone.objects.filter(case=OuterRef("pk"), key=key).values("due_on")[:1])


# --- what an account holds ------------------------------------------------------------------------


def held_problems(desk: Desk) -> Iterable[Item]:
    """Problems the account holds; one that waits for an answer from above is not its turn."""
    waiting = Escalation.objects.unanswered().values("problem_id")
    rows = Problem.objects.visible_to(desk.user).for_list().held_by(desk.user, stands=desk.stands)
    rows = rows.designated()
    for row in rows.filter(status=ProblemStatus.OPEN).exclude(pk__in=waiting):
        words = f"解决“{row.title}”，责任人{row.owner.name}{desk.standing(row)}"
        yield item_of("问题", words, row, row.deadline)
    soon = desk.day + timedelta(days=AHEAD_DAYS)
    for row in rows.filter(status=ProblemStatus.TRACKED, next_on__lte=soon):
        yield item_of("长期跟踪", f"更新“{row.title}”的跟踪情况", row, row.next_on)


def held_tasks(desk: Desk) -> Iterable[Item]:
    rows = Task.objects.visible_to(desk.user).for_list().open().designated()
    rows = rows.held_by(desk.user, stands=desk.stands)
    for row in rows:
        words = f"{row.measure}，责任人{row.owner.name}{desk.standing(row)}"
        yield item_of("任务", words, row, row.deadline)


def handovers(desk: Desk) -> Iterable[Item]:
    """What somebody asks the account, or one it keeps for, to take over."""
    rows = Handover.objects.visible_to(desk.user).for_list()
    for row in rows.awaited_from(desk.user, stands=desk.stands):
        words = f"{row.from_cadre.name}请{row.to_cadre.name}接手{row.kind_words}“{row.item_words}”"
        yield item_of("移交责任", words, row, None)


# --- what waits for an answer ---------------------------------------------------------------------


def closings(desk: Desk) -> Iterable[Item]:
    """Requests to close a problem: the township's for its levels, else the office's.

    Where none of these accounts could approve (it asked, did the work or is deputy of who did), the
    other side's: no request lies with nobody.
    """
    rows = Problem.objects.visible_to(desk.user).for_list()
    found = list(rows.filter(status=ProblemStatus.CLOSING).select_related("case__round"))
    barred = barred_from(found)
    townships = _accounts_of(Role.TOWNSHIP, {row.case.village.township_id for row in found})
    offices = _accounts_of(Role.OFFICE, {row.case.round.district_id for row in found})
    for row in found:
        may = [
            {pk for pk in accounts if pk not in barred[row.pk]}
            for accounts in (
                townships[row.case.village.township_id],
                offices[row.case.round.district_id],
            )
        ]
        near, far = may if row.level in LOCAL else reversed(may)
        if desk.user.pk in (near or far):
            yield item_of("销号", f"核准“{row.title}”的销号申请", row, row.deadline)


def _accounts_of(role: Role, divisions: set[str]) -> dict[str, set[int]]:
    """The accounts in use of some divisions."""
    found: dict[str, set[int]] = {code: set() for code in divisions}
    rows = User.objects.active().filter(role=role, division__in=divisions)
    for code, pk in rows.values_list("division", "pk"):
        found[code].add(pk)
    return found


def opinions(desk: Desk) -> Iterable[Item]:
    for row in DepartmentOpinion.objects.visible_to(desk.user).unanswered().for_list():
        yield item_of("联查征询", f"答复：{row.question}", row, row.due_on, row)  # type: ignore[arg-type]


def feedback(desk: Desk) -> Iterable[Item]:
    for row in Feedback.objects.visible_to(desk.user).for_list().filter(replied_at=None):
        address = reverse("core:feedback_reply", args=[row.pk])
        yield Item("意见建议", f"答复{row.author}：{row.text[:40]}", address)


def plans_to_decide(desk: Desk) -> Iterable[Item]:
    due = Milestone.objects.filter(case=OuterRef("case"), key="plan_approved").values("due_on")
    rows = Plan.objects.visible_to(desk.user).for_list().annotate(due_on=Subquery(due[:1]))
    for row in rows.filter(status=PlanStatus.SUBMITTED).exclude(drafted_by=desk.user):
        yield item_of("方案", f"审批整顿方案（第 {row.number} 稿）", row, row.due_on)


# --- what the office does -------------------------------------------------------------------------

OFFICE_STEPS = {
    CaseStatus.PROPOSED: ("审定", "等待常委会审定，会后录入认定或不予认定"),
    CaseStatus.DESIGNATED: ("启动整顿", "方案已批准，启动整顿"),
    CaseStatus.APPLIED: ("组织验收", "乡镇已申请验收，组织验收或退回"),
    CaseStatus.INSPECTING: ("验收结论", "录入测评和得分，作出验收结论"),
    CaseStatus.TRANSFORMED: ("出列", "回头看都完成，苗头都有答复，可以出列"),
}


def cases_to_move(desk: Desk) -> Iterable[Item]:
    """Cases whose next step is the office's and for which nothing is missing."""
    approved = Plan.objects.filter(case=OuterRef("pk"), status=PlanStatus.APPROVED)
    owed = FollowUp.objects.filter(case=OuterRef("pk"), done_on=None)
    asked = RelapseSignal.objects.filter(case=OuterRef("pk"), answered_on=None)
    ready = Q(status__in=[CaseStatus.PROPOSED, CaseStatus.APPLIED, CaseStatus.INSPECTING])
    ready |= Q(Exists(approved), status=CaseStatus.DESIGNATED)
    ready |= Q(~Exists(owed), ~Exists(asked), status=CaseStatus.TRANSFORMED)
    rows = desk.cases.filter(ready).annotate(
        plan_due=milestone("plan_approved"), accept_due=milestone("accepted")
    )
    for row in rows:
        noun, text = OFFICE_STEPS[CaseStatus(row.status)]
        due = {
            CaseStatus.DESIGNATED: row.plan_due,
            CaseStatus.APPLIED: row.accept_due or row.deadline,
            CaseStatus.INSPECTING: row.accept_due or row.deadline,
        }.get(CaseStatus(row.status))
        yield item_of(noun, text, row, due, row)


def empty_slots(desk: Desk) -> Iterable[Item]:
    cases = desk.cases.missing_slots().annotate(due=milestone("four_ones"))
    for row in vacancies_of(cases):
        address = f"{row.case.get_absolute_url()}?tab=people"
        words = f"还缺{'、'.join(slot.name for slot in row.slots)}，认定已 {row.days} 天，安排到人"
        yield Item("四个一", words, address, row.case.due, place_of(row.case.village))  # type: ignore[attr-defined]


def lists_to_propose(desk: Desk) -> Iterable[Item]:
    """Villages that townships sent up and that nobody has proposed yet, one line a round."""
    sent = TownshipSubmission.objects.filter(
        round=OuterRef("round"),
        township=OuterRef("village__township"),
        status=SubmissionStatus.SUBMITTED,
    )
    rows = Screening.objects.visible_to(desk.user).listed().not_proposed().filter(Exists(sent))
    found = rows.filter(round__status=RoundStatus.OPEN).order_by()
    for pk, name, number in found.values_list("round", "round__name").annotate(n=Count("pk")):
        address = reverse("rectification:round_detail", args=[pk])
        yield Item("提请认定", f"乡镇上报的 {number} 个村还没有提请认定", address, None, name)


# --- what the township does -----------------------------------------------------------------------


def submissions(desk: Desk) -> Iterable[Item]:
    """Lists of an open round that have not gone up."""
    left = Screening.objects.filter(
        round=OuterRef("round"), village__township=OuterRef("township"), outcome=""
    )
    left_count = left.order_by().values("round").annotate(n=Count("pk")).values("n")
    rows = TownshipSubmission.objects.visible_to(desk.user).for_list()
    rows = rows.filter(round__status=RoundStatus.OPEN).exclude(status=SubmissionStatus.SUBMITTED)
    for row in desk.local(rows.annotate(left=Subquery(left_count)), "township"):
        words = f"还有 {row.left} 个村没有排查结果" if row.left else "排查已填完，还没有上报"
        if row.status == SubmissionStatus.RETURNED:
            words = "名单已退回，修改后再上报"
        yield Item(
            "报送", words, row.get_absolute_url(), row.round.due_on, f"{row.township}{row.round}"
        )


PLAN_WORDS = {
    None: "起草整顿方案",
    PlanStatus.DRAFTING.value: "整顿方案还在起草，完成后报批",
    PlanStatus.RETURNED.value: "整顿方案被退回，修改后再报批",
}


def plans_to_draft(desk: Desk) -> Iterable[Item]:
    """Cases without a plan, and drafts that have not been sent in."""
    latest = Plan.objects.filter(case=OuterRef("pk")).order_by("-number")
    rows = desk.local_cases.filter(status__in=WORKING_STATUSES).annotate(
        plan_pk=Subquery(latest.values("pk")[:1]),
        plan_status=Subquery(latest.values("status")[:1]),
        due=milestone("plan_approved"),
    )
    drafts = Q(plan_status__in=[PlanStatus.DRAFTING, PlanStatus.RETURNED])
    none_yet = Q(plan_pk=None, status=CaseStatus.DESIGNATED)
    for row in rows.filter(drafts | none_yet):
        words = PLAN_WORDS[row.plan_status]
        name = "plan_detail" if row.plan_pk else "plan_add"
        address = reverse(f"rectification:{name}", args=[row.plan_pk or row.pk])
        yield Item("方案", words, address, row.due, place_of(row.village))


def cases_to_apply(desk: Desk) -> Iterable[Item]:
    """Cases whose deadline comes near, and consolidations that are over."""
    soon = desk.day + timedelta(days=AHEAD_DAYS)
    near = Q(status=CaseStatus.RECTIFYING, deadline__lte=soon)
    over = Q(status=CaseStatus.EXTENDED, consolidation_until__lte=desk.day)
    for row in desk.local_cases.filter(near | over):
        words = "延长巩固期满，再次申请验收"
        if row.status == CaseStatus.RECTIFYING:
            words = "整顿期限将满，了结问题后申请验收"
        yield item_of("申请验收", words, row, row.final_date, row)


def look_backs(desk: Desk) -> Iterable[Item]:
    soon = desk.day + timedelta(days=AHEAD_DAYS)
    rows = FollowUp.objects.visible_to(desk.user).for_list().due_by(soon)
    for row in desk.local(rows, "case__village__township"):
        yield item_of("回头看", f"转化后 {row.months} 个月的回头看", row, row.due_on)


def signals(desk: Desk) -> Iterable[Item]:
    rows = RelapseSignal.objects.visible_to(desk.user).for_list().unanswered()
    for row in desk.local(rows, "case__village__township"):
        yield item_of("反弹苗头", f"{row.get_kind_display()}：{row.note[:40]}", row, None)


HELD = (held_problems, held_tasks, handovers)
LOCAL_DUTIES = (submissions, plans_to_draft, cases_to_apply, look_backs, signals)
SOURCES: dict[Role, tuple[Callable[[Desk], Iterable[Item]], ...]] = {
    Role.OFFICE: (
        *HELD,
        closings,
        questions,
        plans_to_decide,
        cases_to_move,
        empty_slots,
        lists_to_propose,
        feedback,
        extensions,
        promises,
        *LOCAL_DUTIES,
    ),
    Role.TOWNSHIP: (*HELD, closings, questions, extensions, promises, *LOCAL_DUTIES),
    Role.HELPER: HELD,
    Role.DEPARTMENT: (questions, opinions),
}


def items_for(user: User, day: date) -> list[Item]:
    """Everything due from an account, soonest first; what has no date comes last."""
    desk = Desk(user, day)
    sources = SOURCES.get(Role(user.role), ())
    items = [item for source in sources for item in source(desk)]
    return sorted(items, key=lambda item: (item.due is None, item.due or day))


def grouped(items: list[Item], day: date) -> list[Group]:
    """Items by urgency: 严重逾期, 逾期, 7天内, 以后; a group without items is left out."""
    found: dict[str, list[Item]] = {"severe": [], "late": [], "soon": [], "later": []}
    for item in items:
        left = (item.due - day).days if item.due else SOON_DAYS + 1
        key = "later" if left > SOON_DAYS else "soon" if left >= 0 else "late"
        found["severe" if left < -SEVERE_DAYS else key].append(item)
    names = {
        "severe": ("严重逾期", f"超过期限 {SEVERE_DAYS} 天以上"),
        "late": ("逾期", f"超过期限 {SEVERE_DAYS} 天以内"),
        "soon": (f"{SOON_DAYS}天内", "今天起 7 天内到期"),
        "later": ("以后", "7 天以后到期，或没有规定期限"),
    }
    return [Group(key, *names[key], rows) for key, rows in found.items() if rows]
