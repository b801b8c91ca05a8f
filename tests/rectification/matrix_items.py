"""Rows of the matrix: people, problems, tasks, plans, visits; the helper is on the case."""

from datetime import timedelta

from core import clock
from rectification.choices import CaseStatus, PlanStatus
from tests.matrix import DEPARTMENT, HELPER, LEADER, OFFICE, TOWNSHIP, Row
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_category,
    make_plan,
    make_problem,
    make_slot,
    make_task,
    make_visit,
)

OFFICE_ONLY = {OFFICE: 200}
STAFF = {OFFICE: 200, TOWNSHIP: 200}
FIELD = {**STAFF, HELPER: 200}
READERS = {**FIELD, LEADER: 200}


def on_case(w, status=CaseStatus.DESIGNATED):
    """Make a case of the world's village on which the world's helper works."""
    case = make_case(w.village, status=status)
    slot = make_slot(case.round.standard)
    cadre = make_cadre(w.district, name="李书记", account=w.helper)
    make_assignment(case, slot, cadre)
    return case


def task_of(w):
    case = on_case(w)
    return make_task(case=case, holder=w.user(TOWNSHIP), owner=case.assignments.get().cadre)


def plan_of(w, status):
    case = on_case(w)
    make_task(case=case, holder=w.user(TOWNSHIP))
    return make_plan(case, drafted_by=w.user(TOWNSHIP), status=status)


def problem_in(w):
    make_category("C07")
    return make_problem(on_case(w), holder=w.user(TOWNSHIP))


def question_of(w):
    problem = problem_in(w)
    return problem.escalations.create(
        from_level="village",
        to_level="township",
        question="请协调",
        asked_by=w.user(TOWNSHIP),
        reply_due_on=clock.today() + timedelta(days=9),
    )


def assignment_args(w):
    case = on_case(w)
    return [case.pk, case.assignments.get().slot_id]


def visit_of(w):
    case = on_case(w)
    return make_visit(case, visitor=case.assignments.get().cadre, entered_by=w.helper)


ITEMS = {
    # people
    "rectification:cadre_list": Row(STAFF),
    "rectification:cadre_export": Row(STAFF),
    "rectification:cadre_add": Row(STAFF),
    "rectification:cadre_detail": Row(
        READERS, args=lambda w: [on_case(w).assignments.get().cadre_id]
    ),
    "rectification:cadre_edit": Row(STAFF, args=lambda w: [make_cadre(w.township).pk]),
    "rectification:assignment_add": Row(OFFICE_ONLY, args=assignment_args),
    "rectification:assignment_end": Row(
        OFFICE_ONLY, args=lambda w: [on_case(w).assignments.get().pk]
    ),
    # problems
    "rectification:problem_list": Row(READERS),
    "rectification:problem_export": Row({**STAFF, LEADER: 200}),
    "rectification:problem_add": Row(STAFF, args=lambda w: [on_case(w).pk]),
    "rectification:problem_detail": Row(READERS, args=lambda w: [problem_in(w).pk]),
    "rectification:problem_edit": Row(STAFF, args=lambda w: [problem_in(w).pk]),
    "rectification:problem_step": Row(STAFF, args=lambda w: [problem_in(w).pk, "hand_over"]),
    "rectification:escalation_add": Row(FIELD, args=lambda w: [problem_in(w).pk]),
    # A department has the right, but this question was not put to it.
    "rectification:escalation_answer": Row(
        {**STAFF, DEPARTMENT: 404}, args=lambda w: [question_of(w).pk]
    ),
    # tasks
    "rectification:task_list": Row(READERS),
    "rectification:task_export": Row({**STAFF, LEADER: 200}),
    "rectification:task_add": Row(STAFF, args=lambda w: [on_case(w).pk]),
    "rectification:task_detail": Row(READERS, args=lambda w: [task_of(w).pk]),
    "rectification:task_edit": Row(STAFF, args=lambda w: [task_of(w).pk]),
    "rectification:task_step": Row(FIELD, args=lambda w: [task_of(w).pk, "finish"]),
    "rectification:progress_add": Row(FIELD, args=lambda w: [task_of(w).pk]),
    # plans
    "rectification:plan_add": Row({TOWNSHIP: 200}, args=lambda w: [on_case(w).pk]),
    "rectification:plan_detail": Row(READERS, args=lambda w: [plan_of(w, PlanStatus.SUBMITTED).pk]),
    "rectification:plan_edit": Row(
        {TOWNSHIP: 200}, args=lambda w: [plan_of(w, PlanStatus.DRAFTING).pk]
    ),
    "rectification:plan_submit": Row(
        {TOWNSHIP: 302}, method="post", args=lambda w: [plan_of(w, PlanStatus.DRAFTING).pk]
    ),
    "rectification:plan_decide": Row(
        OFFICE_ONLY, args=lambda w: [plan_of(w, PlanStatus.SUBMITTED).pk]
    ),
    # visits
    "rectification:visit_list": Row(READERS),
    "rectification:visit_export": Row({**STAFF, LEADER: 200}),
    "rectification:visit_pick": Row(FIELD),
    "rectification:visit_add": Row(FIELD, args=lambda w: [on_case(w).pk]),
    "rectification:visit_detail": Row(READERS, args=lambda w: [visit_of(w).pk]),
    "rectification:visit_edit": Row(FIELD, args=lambda w: [visit_of(w).pk]),
}
