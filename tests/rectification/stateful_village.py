"""One run: how anybody acts on a village, and what holds after each act (test_stateful.py)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from accounts.models import User
from accounts.roles import Role
from core import clock
from core.exceptions import DomainError
from dashboards import work
from dashboards.desk import Desk
from dashboards.work_promises import extensions as extensions_of
from dashboards.work_questions import questions as questions_of
from rectification.choices import (
    CaseStatus,
    HandoverStatus,
    TaskStatus,
)
from rectification.models import (
    Case,
    Escalation,
    Extension,
    Handover,
    Problem,
    Task,
    Topic,
)
from rectification.services import cases, escalations, extensions, handovers, problems
from tests.rectification import expected
from tests.rectification.replay import assert_events_tell_the_same
from tests.rectification.stateful_scene import (
    ACTORS,
    AT_WORK,
    MOST,
    WORDS,
    S,
    page_of,
    rows_of_everything,
)

C = CaseStatus


class Village(RuleBasedStateMachine):
    """One case; ``scene`` is laid once and each run is rolled back to it."""

    scene: SimpleNamespace

    def __init__(self):
        super().__init__()
        self.run = transaction.atomic()
        self.run.__enter__()

    def teardown(self):
        self.check_lists(ACTORS)
        transaction.set_rollback(True)
        self.run.__exit__(None, None, None)

    @initialize(status=st.sampled_from((C.DESIGNATED, C.DESIGNATED, C.APPLIED, C.INSPECTING)))
    def go_ahead(self, status):
        """Half of the runs begin behind an application, the others with something waiting."""
        if status == C.DESIGNATED:
            self.leave_something_waiting(self.scene.township)
        else:
            township, office = self.scene.township, self.scene.office
            for problem in self.case.problems.all():
                problems.hand_over(problem, by=township, reason=WORDS)
            cases.start(self.case, by=office, on=clock.today())
            cases.apply(self.case, by=township, on=clock.today())
        if status == C.INSPECTING:
            cases.inspect(self.case, by=office, on=clock.today(), team=[self.scene.judge])

    def leave_something_waiting(self, township):
        first, second = self.case.problems.order_by("pk")
        escalations.escalate(first, by=township, question=WORDS, reply_days=10)
        handovers.propose(second, self.scene.cadres[2], by=township, reason=WORDS)
        wanted = second.deadline + timedelta(days=10)
        extensions.ask(second, by=township, wanted=wanted, reason=WORDS)

    # --- what every act goes through --------------------------------------------------------------

    def act(self, row, who, meant, legal, act, *, told=True):
        """Let somebody act on a row as a page does: one the account sees, or there is none.

        ``legal`` tells of an account whether it may; ``told`` whether what was filled in will do.
        """
        user = self.choose(who, meant, legal)
        if not user.is_active:
            return
        is_legal = told and bool(legal(user))
        seen = type(row).objects.visible_to(user).filter(pk=row.pk).first()
        if seen is None:
            assert not is_legal
        elif is_legal:
            act(seen, user)
            self.check()
        else:
            self.refuse(lambda: act(seen, user))

    def choose(self, who, meant, legal):
        users = [self.user(name) for name in ACTORS]
        users = users[who:] + users[:who]
        able = (user for user in users if user.is_active and legal(user))
        return next(able, users[0]) if meant and who % 3 else users[0]  # or the wrong person

    def refuse(self, act):
        before = rows_of_everything()
        with pytest.raises(DomainError):
            act()
        assert rows_of_everything() == before

    def check(self):
        self.check_state()
        self.check_lists()
        for case in (self.case, self.fetch(Case, self.scene.proposed)):
            assert_events_tell_the_same(case)

    def user(self, name):
        return User.objects.get(pk=getattr(self.scene, name).pk)

    def fetch(self, model, row):
        return model.objects.get(pk=row.pk)

    @property
    def case(self):
        return self.fetch(Case, self.scene.case)

    def one(self, rows, pick):
        """The row somebody means; the newest come first."""
        found = list(rows.order_by("-pk")[: MOST + 1])
        return found[pick % len(found)] if found else None

    def problem(self, pick):
        return self.one(Problem.objects.filter(case=self.scene.case), pick)

    def task(self, pick):
        return self.one(Task.objects.filter(case=self.scene.case), pick)

    # --- what holds at any time -------------------------------------------------------------------

    def check_state(self):
        for problem in self.case.problems.all():
            waiting = problem.escalations.filter(answered_at=None).first()
            if waiting:
                assert (problem.status, problem.level) == (S.OPEN, waiting.to_level)
            if problem.status == S.CLOSED:
                assert expected.solved(problem)
                assert problem.closed_by_id not in {problem.closing_by_id, None}
            elif problem.status == S.CLOSING:
                assert problem.closing_by_id
        case, today = self.case, clock.today()
        sheets = case.acceptances.filter(conclusion="", returned_on=None)
        asked = case.status in {C.APPLIED, C.INSPECTING}
        assert sheets.count() == asked or case.status == C.ENDED
        assert all(sheet.team.exists() for sheet in sheets if case.status == C.INSPECTING)
        assert (case.status == C.TRANSFORMED) == (case.transformed_on is not None)
        assert case.follow_ups.count() == (3 if case.transformed_on else 0)
        assert (case.status == C.RECTIFYING) <= (case.started_on is not None)
        if case.status == C.EXTENDED:
            assert case.consolidation_until > today

    def check_lists(self, names=AT_WORK):
        """Each open item, and each answer that is owed, is with one account or one unit.

        Those who have nothing to do with the village are asked at the end of a run.
        """
        users = [user for name in names if (user := self.user(name)).is_active]
        for kind, statuses in (
            (Problem, {S.OPEN, S.TRACKED}),
            (Task, {TaskStatus.OPEN}),
        ):
            live = kind.objects.filter(case=self.scene.case, status__in=statuses)
            lists = {user: self.held(kind, user) for user in users}
            for item in live:
                here = [user for user in users if item.pk in lists[user]]
                assert len(here) == 1, here
                assert expected.sees(here[0], item.case)
        self.check_waiting(users)

    def held(self, kind, user):
        if user.role not in expected.HOLDERS:
            return set()
        return set(kind.objects.visible_to(user).held_by(user).values_list("pk", flat=True))

    def check_waiting(self, users):
        found = {}
        for source, rows in (
            (questions_of, Escalation.objects.filter(answered_at=None)),
            (questions_of, Topic.objects.filter(answered_at=None)),
            (extensions_of, Extension.objects.filter(is_granted=None)),
            (work.handovers, Handover.objects.filter(status=HandoverStatus.PROPOSED)),
            (work.closings, Problem.objects.filter(case=self.scene.case, status=S.CLOSING)),
        ):
            for row in rows:
                if source not in found:
                    found[source] = self.desks(source, users)
                self.check_one_list(row, found[source].get(page_of(row), []))

    def desks(self, source, users):
        """Who finds which page in the list, by its address."""
        found = {}
        for user in users:
            if source in work.SOURCES.get(Role(user.role), ()):
                for item in source(Desk(user, clock.today())):
                    found.setdefault(item.address.removesuffix("answer/"), []).append(user)
        return found

    def check_one_list(self, row, here):
        if isinstance(row, Problem):
            barred = expected.doers(row)
            assert not {user.pk for user in here} & barred
            assert len({(user.role, user.division_id) for user in here}) == 1
        elif isinstance(row, Handover):
            assert len(here) == expected.is_live_handover(row)
            assert set(here) <= set(expected.keepers(row))
        elif isinstance(row, Extension) and not expected.is_running(row.item):
            assert here == []
        else:
            assert here
            assert len({(user.role, user.division_id, user.department) for user in here}) == 1
            assert set(here) <= set(expected.answerable(row))
