"""Rows of the matrix: handovers, deputies, vacancies; the helper is on the case."""

from datetime import timedelta

from core import clock
from rectification.services import deputies, handovers
from tests.matrix import HELPER, LEADER, OFFICE, TOWNSHIP, Row
from tests.rectification.factories import make_cadre, make_problem
from tests.rectification.matrix_items import on_case

STAFF = {OFFICE: 200, TOWNSHIP: 200}
FIELD = {**STAFF, HELPER: 200}
READERS = {**FIELD, LEADER: 200}


def problem_of_helper(w):
    case = on_case(w)
    owner = case.assignments.get().cadre
    return make_problem(case, owner=owner, holder=w.user(TOWNSHIP))


def handover_of(w):
    problem = problem_of_helper(w)
    receiver = make_cadre(w.township, name="接手人")
    return handovers.propose(problem, receiver, by=w.user(TOWNSHIP), reason="轮换")


def deputy_of(w):
    today = clock.today()
    return deputies.add_deputy(
        make_cadre(w.township),
        make_cadre(w.township, name="代理人"),
        by=w.user(TOWNSHIP),
        from_on=today,
        to_on=today + timedelta(days=9),
        reason="学习",
    )


def slot_key(w):
    return [on_case(w).assignments.get().slot.key]


PEOPLE = {
    "rectification:deputy_list": Row(STAFF),
    "rectification:deputy_add": Row(STAFF, args=lambda w: [make_cadre(w.township).pk]),
    "rectification:deputy_end": Row(STAFF, args=lambda w: [deputy_of(w).pk]),
    "rectification:silence_list": Row({OFFICE: 200}),
    "rectification:assign_many": Row({OFFICE: 200}, args=slot_key),
    "rectification:vacancy_list": Row(READERS),
    "rectification:vacancy_export": Row({**STAFF, LEADER: 200}),
    "rectification:handover_list": Row(FIELD),
    "rectification:handover_detail": Row(READERS, args=lambda w: [handover_of(w).pk]),
    "rectification:handover_add": Row(FIELD, args=lambda w: ["problem", problem_of_helper(w).pk]),
    # The helper sees who is asked; the township answers for whom has no account.
    "rectification:handover_step": Row(
        {OFFICE: 422, TOWNSHIP: 200, HELPER: 422}, args=lambda w: [handover_of(w).pk, "accept"]
    ),
}
