"""One case on its way: each act done by whoever may, on its day, through the services' guards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core import clock
from dashboards.demo import plan_texts, texts
from dashboards.demo.problems import KINDS
from dashboards.demo.questions import CAUSES
from rectification.choices import (
    AnswerKind,
    Audience,
    Level,
    PlanStatus,
    Progress,
    TaskStatus,
    VisitMode,
)
from rectification.models import Plan, Problem, Task, Visit
from rectification.models.standards import StandardSlot
from rectification.services import (
    assessments,
    cases,
    escalations,
    people,
    plans,
    problems,
    tasks,
    visits,
)

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from dashboards.demo.problems import Kind
    from dashboards.demo.world import Staff, World
    from rectification.models import Cadre, Case, Category, Escalation


@dataclass
class Walk:
    """A case with the people around it; ``number`` varies who and what."""

    world: World
    case: Case
    number: int
    staff: Staff
    township: User
    # Who fills a slot (by its place) instead of whom the number would choose.
    own: dict[int, Cadre] = field(default_factory=dict)

    # --- onto the list ------------------------------------------------------------------------

    def designate(self, on: date, minutes_no: str) -> None:
        deadline = on + timedelta(days=self.case.round.standard.rectification_days)
        with clock.set_to(on):
            cases.designate(
                self.case,
                by=self.world.office,
                on=on,
                minutes_no=minutes_no,
                deadline=deadline,
            )

    def fill_slots(self, on: date, *, leave_out: int = 0) -> None:
        """Fill the slots of the four ones, the last ``leave_out`` of them not."""
        slots = list(self.case.round.standard.slots.filter(is_enabled=True).order_by("number"))
        with clock.set_to(on):
            for place, slot in enumerate(slots[: len(slots) - leave_out]):
                if slot.kind == StandardSlot.Kind.UNIT:
                    liaison = self.helper(place)
                    holder = {"unit_name": liaison.unit, "liaison": liaison}
                else:
                    holder = {"cadre": self.helper(place)}
                people.assign_slot(
                    self.case,
                    slot,
                    by=self.world.office,
                    started_on=on,
                    **holder,  # type: ignore[arg-type]
                )

    def helper(self, place: int) -> Cadre:
        """Who fills a slot: leader, member of the township's group, first secretary, liaison."""
        if place in self.own:
            return self.own[place]
        if place == 0:
            return self.staff.leaders[self.number % len(self.staff.leaders)]
        if place == 1:
            return self.team[self.number % len(self.team)]
        pool = self.staff.first_secretaries if place == 2 else self.staff.liaisons
        return pool[self.number % len(pool)]

    @property
    def team(self) -> list[Cadre]:
        """The leading group of the village's township."""
        return self.staff.township[self.case.village.township_id]

    # --- diagnosis and plan -------------------------------------------------------------------

    def list_problems(self, on: date, per_category: int = 0) -> list[Problem]:
        """Enter problems of each category of the case (two in all by default), with measures."""
        with clock.set_to(on):
            return [self.add_problem(*pair, on) for pair in self.chosen_kinds(per_category)]

    def chosen_kinds(self, per_category: int = 0) -> list[tuple[Category, Kind]]:
        """Which problems the case has, by category."""
        categories = [self.case.main_category, *self.case.further_categories.all()]
        pairs = []
        for category in categories:
            kinds = KINDS[category.pk]
            count = min(per_category or 3 - len(categories), len(kinds))
            pairs += [(category, kinds[(self.number + step) % len(kinds)]) for step in range(count)]
        return pairs

    def find_more(self, on: date, codes: tuple[str, ...]) -> None:
        """Problems that came up later, of categories the case does not bear."""
        with clock.set_to(on):
            for code in codes:
                kinds = KINDS[code]
                category = self.world.categories[code]
                self.add_problem(category, kinds[self.number % len(kinds)], on)

    def add_problem(self, category: Category, kind: Kind, on: date) -> Problem:
        problem = problems.add_problem(self.new_problem(category, kind, on), by=self.township)
        for task in self.new_tasks(problem, kind, on):
            tasks.add_task(task, by=self.township)
        return problem

    def new_problem(self, category: Category, kind: Kind, on: date, **more: Any) -> Problem:
        """A problem as it would be entered, not saved."""
        return Problem(
            case=self.case,
            title=kind.title,
            detail=kind.detail,
            category=category,
            nature=kind.nature,
            cause_id=CAUSES[category.pk],
            is_historical=kind.is_historical,
            level=Level.TOWNSHIP if kind.level == Level.DISTRICT else kind.level,
            source=kind.source,
            found_on=on,
            households=kind.households,
            deadline=on + timedelta(days=90 if kind.is_historical else 60),
            owner=self.team[(self.number + len(kind.title)) % len(self.team)],
            **more,
        )

    def new_tasks(self, problem: Problem, kind: Kind, on: date, **more: Any) -> list[Task]:
        """The measures against a problem, the first one the first secretary's; not saved."""
        return [
            Task(
                case=self.case,
                problem=problem,
                category=problem.category,
                library=self.world.measures.get(measure),
                measure=measure,
                result_wanted="形成记录，结果公开",
                owner=problem.owner if place else self.helper(2),
                start_on=on,
                deadline=problem.deadline,
                **more,
            )
            for place, measure in enumerate(kind.measures)
        ]

    def plan(
        self, on: date, until: PlanStatus, *, slots_reason: str = "", like: Plan | None = None
    ) -> Plan:
        """Draft the plan and bring it to a status; ``like`` another one whose words it copies."""
        words = plan_texts.copied(like, self) if like else plan_texts.words_of(self)
        plan = Plan(case=self.case, slots_reason=slots_reason, **words)
        with clock.set_to(on):
            plans.add_plan(plan, by=self.township)
        if until == PlanStatus.DRAFTING:
            return plan
        with clock.set_to(on + timedelta(days=1)):
            plans.submit(plan, by=self.township)
        with clock.set_to(on + timedelta(days=3)):
            if until == PlanStatus.APPROVED:
                plans.approve(plan, by=self.world.office, note=texts.APPROVED)
            elif until == PlanStatus.RETURNED:
                plans.send_back(plan, by=self.world.office, reason=texts.RETURNED)
        return plan

    def start(self, on: date) -> None:
        with clock.set_to(on):
            cases.start(self.case, by=self.world.office, on=on)

    # --- work ---------------------------------------------------------------------------------

    def visit(
        self,
        on: date,
        *,
        place: int = 2,
        is_delegated: bool = False,
        days_late: int = 0,
        by: User | None = None,
        moved: Problem | None = None,
    ) -> None:
        """Log a visit of the holder of a slot, entered some days after it."""
        visit = self.new_visit(on, place, is_delegated=is_delegated)
        with clock.set_to(on + timedelta(days=days_late)):
            visits.add_visit(visit, by=by or self.township, problems=[moved] if moved else [])

    def new_visit(self, on: date, place: int, *, is_delegated: bool) -> Visit:
        rng = self.world.rng
        next_step, next_by = rng.choice(texts.NEXT_STEPS)
        return Visit(
            case=self.case,
            visited_on=on,
            visitor=self.helper(place),
            mode=VisitMode.DELEGATED if is_delegated else VisitMode.OWN,
            delegate=rng.choice(texts.DELEGATES) if is_delegated else "",
            audiences=sorted(rng.sample(Audience.values, rng.randrange(1, 4))),
            households=rng.randrange(0, 9),
            no_new_problem=rng.randrange(5) > 0,
            findings=rng.choice(texts.FINDINGS),
            next_step=next_step,
            next_by=next_by,
        )

    def progress(self, problem: Problem, on: date, *, by: User | None = None) -> None:
        """A sentence of progress on each open task of a problem."""
        with clock.set_to(on):
            for task in problem.tasks.open():
                text = self.world.rng.choice(texts.PROGRESS)
                tasks.add_progress(task, by=by or self.township, text=text, on=on)

    def solve(self, problem: Problem, on: date, *, approve: bool = True) -> None:
        """Finish the tasks, ask for the closing, and let the office approve it."""
        kind = next(k for k in KINDS[problem.category_id] if k.title == problem.title)
        problem.refresh_from_db()
        with clock.set_to(on):
            for task in problem.tasks.filter(status=TaskStatus.OPEN):
                tasks.finish(task, by=self.township, on=on, note=texts.DONE)
            problems.request_close(problem, by=self.township, evidence=kind.evidence)
        if approve:
            with clock.set_to(on + timedelta(days=2)):
                problems.approve_close(problem, by=self.world.office)

    def track(self, problem: Problem, on: date, decision_no: str) -> None:
        problem.refresh_from_db()
        with clock.set_to(on):
            for task in problem.tasks.open():
                tasks.finish(task, by=self.township, on=on, note="已做工作，其余转入长期跟踪。")
            problems.track(
                problem,
                by=self.world.office,
                reason="经区委专题会研究，涉及面广，一时难以彻底解决，转入长期跟踪。",
                decision_no=decision_no,
                next_on=on + timedelta(days=400),
            )

    def give_up(self, problem: Problem, on: date, decision_no: str) -> None:
        problem.refresh_from_db()
        with clock.set_to(on):
            for task in problem.tasks.open():
                tasks.drop(task, by=self.township, reason="试过的办法都不成，不再进行。")
            problems.give_up(
                problem,
                by=self.world.office,
                reason="年代久远、凭证灭失，经区委专题会研究，认定不能解决，向群众作了说明。",
                decision_no=decision_no,
            )

    def hand_over(self, problem: Problem, on: date, decision_no: str) -> None:
        problem.refresh_from_db()
        with clock.set_to(on):
            for task in problem.tasks.open():
                tasks.drop(task, by=self.township, reason="问题移交，由接收单位另行安排。")
            reason = "属于行业部门职责，由区直部门接续办理，结果反馈村里。"
            problems.hand_over(problem, by=self.township, reason=reason, decision_no=decision_no)

    def escalate(self, problem: Problem, on: date, *, reply_days: int = 10) -> Escalation:
        problem.refresh_from_db()
        question = texts.ASK_UP.get(problem.category_id, texts.ASK_UP_ELSE)
        with clock.set_to(on):
            return escalations.escalate(
                problem,
                by=self.township,
                question=question,
                reply_days=reply_days,
            )

    def answer(self, asked: Escalation, on: date, kind: AnswerKind, decision_no: str = "") -> None:
        days = 14 if kind == AnswerKind.PASSED_ON else None
        asked.refresh_from_db()
        with clock.set_to(on):
            escalations.answer_escalation(
                asked,
                by=self.world.office if asked.to_level != Level.TOWNSHIP else self.township,
                answer_kind=kind,
                answer=texts.ANSWERS[kind],
                decision_no=decision_no,
                reply_days=days,
            )

    def assess(self, on: date, result: Progress) -> None:
        with clock.set_to(on):
            assessments.assess(
                self.case,
                by=self.world.office,
                on=on,
                result=result,
                meeting=texts.MEETING,
                grounds=texts.ASSESSED[result],
            )


def walk_of(world: World, case: Case) -> Walk:
    """Take up a case; successive cases meet different people."""
    world.cases += 1
    return Walk(
        world=world,
        case=case,
        number=world.cases,
        staff=world.staff_on(case.proposed_on),
        township=world.township_user(case.village),
    )
