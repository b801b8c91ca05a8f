"""Rows of the matrix: verdicts on problems, undoing, topics, the board of owed answers."""

from core import clock
from rectification.services import cases, escalations, problems, tasks, topics
from tests.factories import make_village
from tests.matrix import DEPARTMENT, HELPER, LEADER, OFFICE, TOWNSHIP, Row
from tests.rectification.factories import make_case, make_cause, make_problem
from tests.rectification.matrix_items import READERS, STAFF, on_case, problem_in, task_of


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


def put_to_district(w):
    problem = problem_in(w)
    problem.level = "township"
    problem.save()
    return escalations.escalate(problem, by=w.user(TOWNSHIP), question="请协调", reply_days=10)


def topic_of(w):
    cause = make_cause()
    problem = make_problem(on_case(w), cause=cause, holder=w.user(TOWNSHIP))
    other = make_problem(make_case(make_village(w.township)), cause=cause)
    department = w.user(DEPARTMENT).department
    return topics.make_topic(
        by=w.user(OFFICE),
        cause=cause,
        title="确权",
        question="请明确政策",
        problems=[problem, other],
        reply_days=10,
        department=department,
    )


TOPIC_READERS = {OFFICE: 200, TOWNSHIP: 200, LEADER: 200, HELPER: 200, DEPARTMENT: 200}
PROBLEMS = {
    "rectification:case_quick_add": Row({OFFICE: 200}),
    # Whoever took the step takes it back; for the others it is refused.
    "rectification:case_undo": Row({TOWNSHIP: 200}, args=lambda w: [applied(w).pk]),
    "rectification:problem_undo": Row({TOWNSHIP: 200}, args=lambda w: [asked_to_close(w).pk]),
    "rectification:task_undo": Row({TOWNSHIP: 200}, args=lambda w: [finished(w).pk]),
    "rectification:escalation_pass": Row({OFFICE: 200}, args=lambda w: [put_to_district(w).pk]),
    "rectification:owed_answers": Row(READERS),
    "rectification:topic_list": Row(READERS),
    "rectification:topic_add": Row({OFFICE: 200}, args=lambda w: [make_cause().pk], foreign=None),
    "rectification:topic_detail": Row(TOPIC_READERS, args=lambda w: [topic_of(w).pk]),
    "rectification:topic_edit": Row({OFFICE: 200}, args=lambda w: [topic_of(w).pk]),
    "rectification:topic_answer": Row({DEPARTMENT: 200}, args=lambda w: [topic_of(w).pk]),
    "rectification:verdict_add": Row(STAFF, args=lambda w: [problem_in(w).pk]),
}
