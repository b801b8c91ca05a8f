"""Rows of the matrix: holidays, extensions, promises, help items; the helper is on the case."""

from datetime import timedelta

from core import clock
from rectification.models import Extension
from tests.matrix import HELPER, LEADER, OFFICE, SYSADMIN, TOWNSHIP, Row, any_role
from tests.rectification.matrix_items import problem_in, task_of

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


PROMISES = {
    # more time
    "rectification:problem_extend": Row(FIELD, args=lambda w: [problem_in(w).pk]),
    "rectification:task_extend": Row(FIELD, args=lambda w: [task_of(w).pk]),
    "rectification:extension_detail": Row(READERS, args=lambda w: [extension_of(w).pk]),
    # holidays and working days
    "rectification:calendar": Row(any_role()),
    "rectification:calendar_import": Row({SYSADMIN: 200}),
}
