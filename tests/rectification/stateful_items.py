"""What is done to problems and tasks, and the questions about them (test_stateful.py)."""

from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule

from core import clock
from core.exceptions import DomainError
from rectification.choices import (
    AnswerKind,
)
from rectification.models import (
    Escalation,
    Problem,
    Topic,
)
from rectification.services import (
    escalations,
    problems,
    tasks,
    topics,
)
from rectification.workflow_problems import PROBLEM_STEPS, TASK_STEPS
from tests.rectification import expected
from tests.rectification.stateful_scene import (
    MOST,
    WORDS,
    departments,
    enter_problem,
    enter_task,
    meant,
    picks,
    whoever,
)
from tests.rectification.stateful_village import Village


class ItemActs(Village):
    # --- problems and tasks -----------------------------------------------------------------------

    @rule(who=whoever, pick=picks, number=picks, meant=meant)
    def step_of_problem(self, who, pick, number, meant):
        problem, today = self.problem(pick), clock.today()
        action = self.action(PROBLEM_STEPS, problem, number, meant)
        words = WORDS if meant else " "
        details = {
            "evidence": words,
            "reason": words,
            "decision_no": words,
            "note": "",
            "on": today if meant else today + timedelta(days=1),
            "next_on": today + timedelta(days=30 if meant else 0),
        }
        details = {name: details[name] for name in PROBLEM_STEPS[action].fields}
        self.act(
            problem,
            who,
            meant,
            lambda user: expected.problem_step(user, problem, action),
            lambda row, user: problems.ACTS[action](row, by=user, **details),
            told=meant,
        )

    def action(self, steps, item, number, meant):
        """A step of a table; who means well takes one that begins at the present status."""
        fit = [name for name, step in steps.items() if item.status in step.sources]
        names = fit if meant and fit else sorted(steps)
        return names[number % len(names)]

    @rule(who=whoever, pick=picks, number=picks, meant=meant)
    def step_of_task(self, who, pick, number, meant):
        task, today = self.task(pick), clock.today()
        action = self.action(TASK_STEPS, task, number, meant)
        on = today + timedelta(days=0 if meant else 1)
        details = {"reason": WORDS if meant else " ", "note": "", "on": on}
        details = {name: details[name] for name in TASK_STEPS[action].fields}
        self.act(
            task,
            who,
            meant,
            lambda user: expected.task_step(user, task, action),
            lambda row, user: tasks.ACTS[action](row, by=user, **details),
            told=meant,
        )

    @rule(who=whoever, pick=picks, cadre=st.integers(0, 1), is_part=st.booleans(), meant=meant)
    def add_problem(self, who, pick, cadre, is_part, meant):
        if self.case.problems.count() >= MOST:
            return
        owner, parent = self.scene.cadres[cadre], self.problem(pick) if is_part else None
        self.act(
            self.case,
            who,
            meant,
            lambda user: expected.add_problem(user, self.case, parent),
            lambda row, user: enter_problem(row, user, owner, self.scene.cause, parent=parent),
        )

    @rule(who=whoever, pick=picks, other=picks, meant=meant)
    def wait_for(self, who, pick, other, meant):
        """An edit that lets one problem wait for another."""
        problem, first = self.problem(pick), self.problem(other)

        def edit(row, user):
            def save():
                row.save()
                row.waits_for.set([first])

            problems.revise_problem(row, save=save, changes=[WORDS], by=user, waits_for=[first])

        legal = partial(expected.wait_for, problem=problem, first=first)
        self.act(problem, who, meant, legal, edit)

    @rule(who=whoever, pick=picks, cadre=st.integers(0, 1), meant=meant)
    def add_task(self, who, pick, cadre, meant):
        if self.case.tasks.count() >= MOST:
            return
        problem, owner = self.problem(pick), self.scene.cadres[cadre]
        self.act(
            problem,
            who,
            meant,
            lambda user: expected.add_task(user, problem),
            lambda row, user: enter_task(row, user, owner),
        )

    @rule(who=whoever, pick=picks, meant=meant)
    def add_progress(self, who, pick, meant):
        task = self.task(pick)
        self.act(
            task,
            who,
            meant,
            lambda user: expected.add_progress(user, task),
            lambda row, user: tasks.add_progress(row, by=user, text=WORDS),
        )

    @rule(
        who=whoever,
        pick=picks,
        level=st.sampled_from(("village", "township", "district")),
        value=st.sampled_from(("solved", "unsolved")),
        meant=meant,
    )
    def judge(self, who, pick, level, value, meant):
        problem = self.problem(pick)
        said = {"level": level, "value": value, "said_by": "村民代表" if meant else " "}
        self.act(
            problem,
            who,
            meant,
            lambda user: expected.judge(user, problem, level),
            lambda row, user: problems.add_verdict(row, by=user, **said),
            told=meant or level != "village",
        )

    # --- questions and topics ---------------------------------------------------------------------

    @rule(who=whoever, pick=picks, days=st.sampled_from((10, 10, 10, 1)), meant=meant)
    def escalate(self, who, pick, days, meant):
        problem, asks = self.problem(pick), {"question": WORDS if meant else " "}
        self.act(
            problem,
            who,
            meant,
            lambda user: expected.escalate(user, problem),
            lambda row, user: escalations.escalate(row, by=user, reply_days=days, **asks),
            told=meant and days == 10,
        )

    @rule(who=whoever, pick=picks, kind=st.sampled_from(AnswerKind.values), meant=meant)
    def answer(self, who, pick, kind, meant):
        rows = Escalation.objects.filter(problem__case=self.scene.case)
        waiting = rows.filter(answered_at=None) if meant else rows
        question = self.one(waiting, pick)
        if question is None:
            return
        says = {"answer_kind": kind, "answer": WORDS if meant else " ", "reply_days": 10}
        self.act(
            question,
            who,
            meant,
            lambda user: expected.answer(user, question, kind),
            lambda row, user: escalations.answer_escalation(row, by=user, **says),
            told=meant,
        )

    @rule(who=whoever, pick=picks, department=departments, meant=meant)
    def pass_to_department(self, who, pick, department, meant):
        question = self.one(Escalation.objects.all(), pick)
        if question is None:
            return
        self.act(
            question,
            who,
            meant,
            lambda user: expected.pass_on(user, question),
            lambda row, user: escalations.pass_to_department(row, by=user, department=department),
        )

    @rule(who=whoever, pick=picks, department=departments, meant=meant)
    def make_topic(self, who, pick, department, meant):
        """Its form offers no problem that the account does not see: such a one is not found."""
        rows = [self.fetch(Problem, self.scene.elsewhere), self.problem(pick)]
        asks = {"cause": self.scene.cause, "title": WORDS, "reply_days": 10}
        asks |= {"question": WORDS if meant else " ", "department": department}

        def make(row, user):
            if not all(expected.sees(user, problem.case) for problem in rows):
                raise DomainError("请选一个有效的选项")
            topics.make_topic(by=user, problems=rows, **asks)

        legal = partial(expected.make_topic, rows=rows)
        self.act(rows[0], who, meant, legal, make, told=meant)

    @rule(who=whoever, kind=st.sampled_from(("solved", "rule", "refused")), meant=meant)
    def answer_topic(self, who, kind, meant):
        topic = Topic.objects.first()
        if topic is None:
            return
        says = {"answer_kind": kind, "answer": WORDS if meant else " "}

        def act(row, user):
            solved = row.problems.unfinished() if kind == "solved" else ()
            topics.answer_topic(row, by=user, solved=solved, **says)

        legal = partial(expected.answer_topic, topic=topic)
        self.act(topic, who, meant, legal, act, told=meant)
