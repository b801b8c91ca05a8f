"""撤回 over the tables of steps: a new row of a table is tested here without being named.

Each step can be taken back by the level that took it, by no other, until another one has acted;
the columns are then as before, and the step and its undo both stay in the record.
"""

from datetime import timedelta

import pytest

from accounts.roles import ROLE_PERMISSIONS, Role
from core import clock
from core.exceptions import DomainError, NotAllowed
from rectification.choices import (
    CaseStatus,
    Conclusion,
    Level,
    ProblemStatus,
    TaskStatus,
)
from rectification.services import problems, tasks, undo
from rectification.workflow import STEPS
from rectification.workflow_problems import PROBLEM_STEPS, TASK_STEPS
from tests.factories import make_division, make_user
from tests.rectification.factories import (
    holder_of,
    make_cadre,
    make_case,
    make_helper,
    make_milestone,
    make_problem,
    make_task,
)
from tests.rectification.test_undo import columns
from tests.rectification.test_workflow import act, ready_for

pytestmark = pytest.mark.django_db

S, T, C = ProblemStatus, TaskStatus, CaseStatus
DAY = timedelta(days=1)
UNDOABLE = [name for name in STEPS if name not in undo.FINAL]
ROLES = (Role.OFFICE, Role.TOWNSHIP, Role.HELPER)


def today():
    return clock.today()


def rows_of(steps):
    return [
        (step.action, source, role)
        for step in steps.values()
        for source in step.sources
        for role in ROLES
        if step.permission in ROLE_PERMISSIONS[role]
    ]


def details(step):
    told = {
        "evidence": "已公开",
        "reason": "有原因",
        "note": "",
        "decision_no": "区委 9 号",
        "on": today(),
        "next_on": today() + 30 * DAY,
    }
    return {name: told[name] for name in step.fields}


def ended(status, by):
    """What a problem of a status has in its columns."""
    asked = {"evidence": "已公开", "closing_by": by}
    return {
        S.CLOSING: asked,
        S.CLOSED: {**asked, "closed_by": make_user(Role.OFFICE), "closed_on": today()},
        S.TRACKED: {"decision_no": "1 号", "next_on": today() + DAY},
        S.UNSOLVABLE: {"decision_no": "1 号", "closed_on": today()},
    }.get(status, {})


def account(role, case):
    match role:
        case Role.TOWNSHIP:
            return make_user(role, case.village.township)
        case Role.HELPER:
            return make_helper(case)
    return make_user(role, case.round.district)


def everybody_else(user, case):
    """An account of each other level, and one of the same level elsewhere."""
    others = [account(role, case) for role in ROLES if role != user.role]
    elsewhere = "990102" if user.role == Role.OFFICE else "990101002"
    return [*others, make_user(user.role, make_division(elsewhere))]


def speak(problem, user):
    """Do something on a problem that stands in its record: what its level says."""
    level = Level.DISTRICT if user.role == Role.OFFICE else Level.TOWNSHIP
    problems.add_verdict(problem, by=user, level=level, value="partly")


# --- every step of every table --------------------------------------------------------------------


@pytest.mark.parametrize(("action", "source", "role"), rows_of(PROBLEM_STEPS))
def test_each_step_of_a_problem_is_taken_back_by_its_level_alone(action, source, role):
    case = make_case()
    problem = make_problem(case, source, **ended(source, make_user(Role.TOWNSHIP)))
    user = account(role, case)
    before = columns(problem)
    problems.ACTS[action](problem, by=user, **details(PROBLEM_STEPS[action]))
    after = columns(problem)
    for other in everybody_else(user, case):
        with pytest.raises(NotAllowed):
            undo.undo(problem, by=other, reason="撤回")
    assert columns(problem) == after
    event = undo.undo(problem, by=user, reason="点错了")
    assert columns(problem) == before
    assert (event.from_status, event.to_status) == (after["status"], source)
    assert (event.undoes.action, event.by, event.note) == (f"problem_{action}", user, "点错了")


@pytest.mark.parametrize(("action", "source", "role"), rows_of(PROBLEM_STEPS))
def test_no_step_of_a_problem_is_taken_back_once_another_level_acted(action, source, role):
    case = make_case()
    problem = make_problem(case, source, **ended(source, make_user(Role.TOWNSHIP)))
    user = account(role, case)
    problems.ACTS[action](problem, by=user, **details(PROBLEM_STEPS[action]))
    speak(problem, account(Role.OFFICE if role == Role.TOWNSHIP else Role.TOWNSHIP, case))
    assert undo.undoable(problem, user) is None
    with pytest.raises(DomainError, match="之后已办理"):
        undo.undo(problem, by=user, reason="点错了")


@pytest.mark.parametrize(("action", "source", "role"), rows_of(TASK_STEPS))
def test_each_step_of_a_task_is_taken_back_until_another_level_acted(action, source, role):
    case = make_case()
    user = account(role, case)
    over = {} if source == T.OPEN else {"ended_on": today(), "end_note": "办好了"}
    owner = user.cadre if role == Role.HELPER else make_cadre(case.village.township)
    keeper = user if role == Role.HELPER else holder_of(case)
    task = make_task(make_problem(case), owner=owner, holder=keeper, status=source, **over)
    before = columns(task)
    tasks.ACTS[action](task, by=user, **details(TASK_STEPS[action]))
    for other in everybody_else(user, case):
        with pytest.raises(NotAllowed):
            undo.undo(task, by=other, reason="撤回")
    event = undo.undo(task, by=user, reason="点错了")
    assert columns(task) == before
    assert (event.undoes.action, event.to_status) == (f"task_{action}", source)

    tasks.ACTS[action](task, by=user, **details(TASK_STEPS[action]))
    other = account(Role.OFFICE if role == Role.TOWNSHIP else Role.TOWNSHIP, case)
    following = "reopen" if task.status != T.OPEN else "drop"
    tasks.ACTS[following](task, by=other, reason="还要看")
    with pytest.raises(NotAllowed):
        undo.undo(task, by=user, reason="点错了")


@pytest.mark.parametrize(
    "action", [name for name in STEPS if name not in {*undo.FINAL, "conclude"}]
)
def test_each_step_of_a_case_is_taken_back_by_its_level_alone(action):
    case, user, told = ready_for(action)
    make_milestone_of(case)
    before, sheets = columns(case), sheets_of(case)
    act(action, case, user, told)
    for other in everybody_else(user, case):
        with pytest.raises(NotAllowed):
            undo.undo(case, by=other, reason="撤回")
    event = undo.undo(case, by=user, reason="点错了")
    assert columns(case) == before
    assert sheets_of(case) == sheets or action in {"apply", "inspect"}
    assert (event.undoes.action, event.to_status, event.note) == (action, case.status, "点错了")
    assert not case.milestones.exclude(reached_on=None).exists()
    assert undo.undoable(case, user) is None


def make_milestone_of(case):
    if case.designated_on:
        make_milestone(case, "applied")


def sheets_of(case):
    return [(row.serial, row.returned_on, row.conclusion) for row in case.acceptances.all()]


@pytest.mark.parametrize("action", UNDOABLE)
def test_no_step_of_a_case_is_taken_back_once_another_level_acted(action):
    case, user, told = ready_for(action)
    if action == "conclude":
        told["conclusion"] = Conclusion.PASS
    act(action, case, user, told)
    other = Role.OFFICE if user.role == Role.TOWNSHIP else Role.TOWNSHIP
    speak(make_problem(case), account(other, case))
    with pytest.raises(DomainError, match="之后已办理"):
        undo.undo(case, by=user, reason="点错了")


@pytest.mark.parametrize("action", undo.FINAL)
def test_a_step_that_did_more_than_can_be_taken_back_says_so(action):
    case, user, told = ready_for(action)
    act(action, case, user, told)
    case.refresh_from_db()
    with pytest.raises(DomainError, match="不能撤回"):
        undo.undo(case, by=user, reason="点错了")
