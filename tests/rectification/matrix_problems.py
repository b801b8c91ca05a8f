"""Rows of the matrix: what the levels say about problems, undoing, topics, the board, first entry."""

from core import clock
from rectification.services import cases, problems, tasks
from tests.matrix import TOWNSHIP, Row
from tests.rectification.factories import make_case
from tests.rectification.matrix_items import STAFF, problem_in, task_of


def asked_to_close(w):
    problem = problem_in(w)
    problems.request_close(problem, by=w.user(TOWNSHIP), evidence="已公开")
    return problem


def finished(w):
    task = task_of(w)
    return tasks.finish(task, by=w.user(TOWNSHIP))


def applied(w):
    case = make_case(w.village)
    cases.apply(case, by=w.user(TOWNSHIP), on=clock.today())
    return case


PROBLEMS = {
    # Whoever took the step takes it back; for the others it is refused.
    "rectification:case_undo": Row({TOWNSHIP: 200}, args=lambda w: [applied(w).pk]),
    "rectification:problem_undo": Row({TOWNSHIP: 200}, args=lambda w: [asked_to_close(w).pk]),
    "rectification:task_undo": Row({TOWNSHIP: 200}, args=lambda w: [finished(w).pk]),
    "rectification:verdict_add": Row(STAFF, args=lambda w: [problem_in(w).pk]),
}
