"""Whether an account may take a step of a case, or take one back: as expected.py, for these."""

from accounts.roles import Role
from core import clock
from rectification.choices import (
    AnswerKind,
    CaseStatus,
    PlanStatus,
)
from rectification.models import (
    Case,
    Problem,
    Task,
)
from rectification.workflow import STEPS
from rectification.workflow_problems import PROBLEM_STEPS, TASK_STEPS
from tests.rectification.expected import (
    P,
    S,
    can,
    has_open_tasks,
    is_hard,
    sees,
    solved,
    stands_open,
    waits,
)

# --- cases ----------------------------------------------------------------------------------------


def is_settled(problem):
    decided = problem.escalations.exclude(answered_at=None)
    decided = decided.exclude(answer_kind__in=(AnswerKind.PASSED_ON, AnswerKind.WITHDRAWN)).exists()
    if problem.status == S.HANDED_OVER:
        return not is_hard(problem) or bool(problem.decision_no)
    return problem.status not in {S.OPEN, S.CLOSING} or (decided and not is_hard(problem))


def case_step(user, case, action):
    step, today = STEPS[action], clock.today()
    late = case.status != CaseStatus.EXTENDED or case.consolidation_until <= today
    holds = {
        "start": lambda: case.plans.filter(status=PlanStatus.APPROVED).exists(),
        "apply": lambda: late and all(map(is_settled, case.problems.all())),
        "release": lambda: not case.follow_ups.filter(done_on=None).exists(),
    }
    return (
        sees(user, case)
        and can(user, step.permission)
        and case.status in step.sources
        and holds.get(action, lambda: True)()
    )


# --- undo -----------------------------------------------------------------------------------------

SILENT = {"undo", "progress", "visit_add", "visit_edit", "problem_holder", "task_holder", "retype"}
FINAL = {"release", "relapse", "end"}


def steps_of(item):
    """The events that moved an item and were not taken back, the latest first."""
    if isinstance(item, Case):
        events, names = item.events.filter(problem=None, task=None), set(STEPS)
    elif isinstance(item, Problem):
        names = {f"problem_{name}" for name in PROBLEM_STEPS} | {"escalate"}
        events = item.events.filter(task=None)
    else:
        names, events = {f"task_{name}" for name in TASK_STEPS}, item.events.all()
    rows = events.filter(undone_by=None).select_related("by").order_by("-pk")
    return [event for event in rows if event.action in names]


def right_of(item, event):
    if event.action == "escalate":
        return P.PROGRESS_ADD
    if isinstance(item, Case):
        return STEPS[event.action].permission
    name = event.action.split("_", 1)[1]
    return (PROBLEM_STEPS if isinstance(item, Problem) else TASK_STEPS)[name].permission


def undo(user, item):
    case = item if isinstance(item, Case) else item.case
    event = next(iter(steps_of(item)), None)
    if event is None or not sees(user, case):
        return False
    own = event.by == user
    if user.role != Role.HELPER:
        own = (event.by.role, event.by.division_id) == (user.role, user.division_id)
    later = item.events.filter(pk__gt=event.pk, undone_by=None).select_related("by")
    later = [row for row in later if row.action not in SILENT]
    barred = any(row.by.role != user.role for row in later)
    if event.action == "designate":
        barred = bool(later)
    return own and can(user, right_of(item, event)) and not barred and _fits(item, event, case)


def _fits(item, event, case):
    """Whether the state before the step is one that may be."""
    if isinstance(item, Case):
        done = item.follow_ups.exclude(done_on=None).exists()
        return event.action not in FINAL and not (event.action == "conclude" and done)
    if any(row.pk > event.pk for row in steps_of(case)):
        return False
    if isinstance(item, Task):
        return item.problem.status in {S.OPEN, S.TRACKED}
    if event.action == "escalate":
        return waits(item)
    return {
        S.OPEN: lambda: stands_open(item),
        S.TRACKED: lambda: stands_open(item),
        S.CLOSING: lambda: stands_open(item) and solved(item) and not waits(item),
        S.CLOSED: lambda: solved(item) and not waits(item),
        S.HANDED_OVER: lambda: not waits(item),
        S.UNSOLVABLE: lambda: not waits(item) and not has_open_tasks(item),
    }[event.from_status]()
