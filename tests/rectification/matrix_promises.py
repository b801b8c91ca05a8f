"""Rows of the matrix: holidays, extensions, promises, help items; the helper is on the case."""

from datetime import timedelta

from core import clock
from rectification.models import Extension, HelpItem
from tests.matrix import HELPER, LEADER, OFFICE, SYSADMIN, TOWNSHIP, Row, any_role
from tests.rectification.matrix_items import on_case, problem_in, task_of
from tests.rectification.promises import make_promise

STAFF = {OFFICE: 200, TOWNSHIP: 200}
FIELD = {**STAFF, HELPER: 200}
READERS = {**FIELD, LEADER: 200}


def extension_of(w):
    problem = problem_in(w)
    return Extension.objects.create(
        case=problem.case,
        problem=problem,
        former=problem.deadline,
        wanted=problem.deadline + timedelta(days=30),
        reason="等批复",
        asked_by=w.helper,
        asked_at=clock.now(),
    )


def promise_of(w):
    case = on_case(w)
    return make_promise(case, by=w.user(TOWNSHIP))


def help_of(w):
    case = on_case(w)
    return HelpItem.objects.create(
        case=case,
        kind="economy",
        on=clock.today(),
        what="引进合作社",
        unit_name="区供销社",
        entered_by=w.helper,
    )


PROMISES = {
    # promises and help
    "rectification:promise_list": Row(READERS),
    "rectification:promise_export": Row({**STAFF, LEADER: 200}),
    "rectification:promise_add": Row(STAFF, args=lambda w: [on_case(w).pk]),
    "rectification:promise_detail": Row(READERS, args=lambda w: [promise_of(w).pk]),
    "rectification:promise_edit": Row(STAFF, args=lambda w: [promise_of(w).pk]),
    "rectification:promise_step": Row(STAFF, args=lambda w: [promise_of(w).pk, "arrive"]),
    "rectification:help_add": Row(FIELD, args=lambda w: [on_case(w).pk]),
    "rectification:help_edit": Row(FIELD, args=lambda w: [help_of(w).pk]),
    # more time
    "rectification:problem_extend": Row(FIELD, args=lambda w: [problem_in(w).pk]),
    "rectification:task_extend": Row(FIELD, args=lambda w: [task_of(w).pk]),
    "rectification:extension_detail": Row(READERS, args=lambda w: [extension_of(w).pk]),
    # holidays and working days
    "rectification:calendar": Row(any_role()),
    "rectification:calendar_import": Row({SYSADMIN: 200}),
}
