"""Random people do random things to a case, most of them not theirs to do, in any order.

After each act: it was done exactly when the tables, the rows and the plain rules of expected.py
allow it; a refused one changed nothing; each open item and each owed answer is in the list of one
account or unit; the events lead to the state the rows are in.
"""

from datetime import timedelta
from functools import partial

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from core import clock
from rectification.choices import (
    Conclusion,
    HandoverStatus,
)
from rectification.models import (
    Assignment,
    Case,
    Extension,
    Handover,
    Problem,
    Task,
)
from rectification.services import (
    acceptance,
    cases,
    extensions,
    handovers,
    people,
    undo,
)
from rectification.workflow import STEPS
from rectification.workflow_handovers import HANDOVER_STEPS
from tests.rectification import expected, expected_steps
from tests.rectification.acceptance import SHEET
from tests.rectification.stateful_items import ItemActs
from tests.rectification.stateful_scene import (
    CASE_ACTS,
    WORDS,
    kinds,
    make_scene,
    meant,
    picks,
    whoever,
)

pytestmark = pytest.mark.django_db


class VillageAndPeople(ItemActs):
    # --- handing over, more time, people ----------------------------------------------------------

    @rule(who=whoever, pick=picks, kind=kinds, cadre=st.integers(0, 2), meant=meant)
    def propose_handover(self, who, pick, kind, cadre, meant):
        to_cadre = self.scene.cadres[cadre]
        item = self.one(kind.objects.filter(case=self.scene.case), pick)
        if item is None:
            return
        why = {"reason": WORDS if meant else " "}
        self.act(
            item,
            who,
            meant,
            lambda user: expected.propose(user, item, to_cadre),
            lambda row, user: handovers.propose(row, to_cadre, by=user, **why),
            told=meant,
        )

    @rule(who=whoever, pick=picks, action=st.sampled_from(sorted(HANDOVER_STEPS)), meant=meant)
    def step_of_handover(self, who, pick, action, meant):
        waiting = Handover.objects.filter(status=HandoverStatus.PROPOSED)
        handover = self.one(waiting if meant else Handover.objects.all(), pick)
        if handover is None:
            return
        name = HANDOVER_STEPS[action].fields[0]
        details = {name: WORDS if meant else " "}
        self.act(
            handover,
            who,
            meant,
            lambda user: expected.handover_step(user, handover, action),
            lambda row, user: handovers.ACTS[action](row, by=user, **details),
            told=meant or name == "note",
        )

    @rule(who=whoever, pick=picks, kind=st.sampled_from((Problem, Task)), meant=meant)
    def ask_time(self, who, pick, kind, meant):
        item = self.one(kind.objects.filter(case=self.scene.case), pick)
        wanted = item.deadline + timedelta(days=10)
        asks = {"wanted": wanted, "reason": WORDS if meant else " "}
        self.act(
            item,
            who,
            meant,
            lambda user: expected.ask_time(user, item, wanted),
            lambda row, user: extensions.ask(row, by=user, **asks),
            told=meant,
        )

    @rule(who=whoever, pick=picks, is_granted=st.booleans(), meant=meant)
    def decide_time(self, who, pick, is_granted, meant):
        asked = self.one(Extension.objects.all(), pick)
        if asked is None:
            return
        says = {"is_granted": is_granted, "note": WORDS if meant else " "}
        self.act(
            asked,
            who,
            meant,
            lambda user: expected.decide(user, asked, is_granted=is_granted),
            lambda row, user: extensions.decide(row, by=user, **says),
            told=meant or is_granted,
        )

    @rule(who=whoever, cadre=st.integers(1, 2), meant=meant)
    def fill_the_slot(self, who, cadre, meant):
        person, slot = self.scene.cadres[cadre], self.scene.slot
        told = {"started_on": clock.today(), "cadre": person}
        self.act(
            self.case,
            who,
            meant,
            lambda user: expected.assign(user, self.case, person),
            lambda row, user: people.assign_slot(row, slot, by=user, **told),
        )

    @rule(who=whoever, meant=meant)
    def empty_the_slot(self, who, meant):
        row = Assignment.objects.filter(case=self.scene.case, ended_on=None).first()
        if row is None:
            return
        told = {"on": clock.today(), "reason": WORDS}
        self.act(
            row,
            who,
            meant,
            lambda user: expected.may_assign(user, self.case),
            lambda row, user: people.end_assignment(row, by=user, **told),
        )

    @rule(name=st.sampled_from(("helper", "township", "second_township", "newcomer", "civil")))
    def switch_account(self, name):
        """The system administrator closes an account, or opens it again."""
        user = self.user(name)
        user.is_active = not user.is_active
        user.save()
        self.check_lists()

    # --- the case, and taking back ----------------------------------------------------------------

    @rule(who=whoever, number=picks, meant=meant)
    def step_of_case(self, who, number, meant):
        case, today = self.case, clock.today()
        steps = {name: STEPS[name] for name in CASE_ACTS}
        action, words = self.action(steps, case, number, meant), WORDS if meant else " "
        details = {
            "start": {},
            "apply": {},
            "release": {},
            "send_back": {"note": words},
            "inspect": {"team": [self.scene.judge] if meant else []},
            "extend": {"note": words, "decision_no": words},
            "end": {"end_reason": "mistake", "decision_no": words},
        }[action]
        if action == "extend":
            details["deadline"] = case.deadline + timedelta(days=9)
        self.act(
            case,
            who,
            meant,
            lambda user: expected_steps.case_step(user, case, action),
            lambda row, user: cases.ACTS[action](row, by=user, on=today, **details),
            told=meant or not details,
        )

    @rule(who=whoever, conclusion=st.sampled_from(Conclusion.values), meant=meant)
    def conclude(self, who, conclusion, meant):
        today = clock.today()
        sheet = self.case.acceptances.filter(conclusion="", returned_on=None).first()
        if sheet is None:
            return

        def act(row, user):
            for name, value in {**SHEET, "inspected_on": today, "decided_on": today}.items():
                setattr(row, name, value)
            row.score = 85 if meant else None
            acceptance.conclude(
                row,
                by=user,
                conclusion=Conclusion(conclusion),
                lowered_reason=WORDS,
                new_deadline=today + timedelta(days=200),
            )

        legal = partial(expected_steps.case_step, case=self.case, action="conclude")
        self.act(sheet, who, meant, legal, act, told=meant)

    @rule(who=whoever, action=st.sampled_from(("designate", "decline")), meant=meant)
    def decide_on_the_other(self, who, action, meant):
        case, today = self.fetch(Case, self.scene.proposed), clock.today()
        words = WORDS if meant else " "
        more = {"designate": {"deadline": today + timedelta(days=90)}, "decline": {"note": words}}
        details = {"minutes_no": words, **more[action]}
        self.act(
            case,
            who,
            meant,
            lambda user: expected_steps.case_step(user, case, action),
            lambda row, user: cases.ACTS[action](row, by=user, on=today, **details),
            told=meant,
        )

    @rule(who=whoever, pick=picks, kind=st.sampled_from((Problem, Task, Case)), meant=meant)
    def take_back(self, who, pick, kind, meant):
        own = Q(pk=self.scene.case.pk) | Q(pk=self.scene.proposed.pk)
        rows = kind.objects.filter(own if kind is Case else Q(case=self.scene.case))
        moved = [row.pk for row in rows if expected_steps.steps_of(row)]
        item = self.one(rows.filter(pk__in=moved) if meant and moved else rows, pick)
        why = {"reason": WORDS if meant else " "}
        self.act(
            item,
            who,
            meant,
            lambda user: expected_steps.undo(user, item),
            lambda row, user: undo.undo(row, by=user, **why),
            told=meant,
        )

    @rule(who=whoever, pick=picks, number=picks, kind=st.sampled_from((Problem, Task, Case)))
    def step_and_back(self, who, pick, number, kind):
        """Somebody takes a step and finds at once that it was the wrong one."""
        if kind is Case:
            self.step_of_case(who=who, number=number, meant=True)
            item = self.case
        elif kind is Problem:
            self.step_of_problem(who=who, pick=pick, number=number, meant=True)
            item = self.problem(pick)
        else:
            self.step_of_task(who=who, pick=pick, number=number, meant=True)
            item = self.task(pick)
        self.act(
            item,
            who,
            meant=True,
            legal=lambda user: expected_steps.undo(user, item),
            act=lambda row, user: undo.undo(row, by=user, reason=WORDS),
        )


def play(**options):
    VillageAndPeople.scene = make_scene()
    run_state_machine_as_test(
        VillageAndPeople,
        settings=settings(
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **options,
        ),
    )


def test_no_guard_is_bypassed_nothing_is_without_an_owner_and_the_events_replay():
    play(max_examples=15, stateful_step_count=15, derandomize=True)


@pytest.mark.sweep
def test_no_guard_is_bypassed_in_many_more_runs():
    play(max_examples=80, stateful_step_count=30)
