"""Plays the events of a case from the first to the last: the rows must stand where they lead."""

from dataclasses import dataclass, field

from rectification.choices import ProblemStatus, TaskStatus
from rectification.models import CaseEvent
from rectification.services.escalations import NEXT_LEVEL
from rectification.workflow import STEPS

MOVING = {"problem", "task", "propose", "undo", *(name.partition("_")[0] for name in STEPS)}
BEGIN = {"problem_add": ProblemStatus.OPEN, "task_add": TaskStatus.OPEN}


@dataclass
class Replayed:
    """Statuses by the events alone, by key; levels of the problems that were ever handed up.

    ``gaps`` are events that do not begin where the ones before them ended.
    """

    cases: dict[int, str] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    tasks: dict[int, str] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)
    gaps: list[CaseEvent] = field(default_factory=list)
    asked: dict[int, list[CaseEvent]] = field(default_factory=dict)

    def take(self, event):
        noun = event.action.partition("_")[0]
        if event.action in BEGIN:
            rows, key = self._row(event)
            rows[key] = BEGIN[event.action]
        elif event.to_status and noun in MOVING:
            self._move(event)
        if event.problem_id and not event.task_id:
            self._hand(event)

    def _row(self, event):
        if event.task_id:
            return self.tasks, event.task_id
        return (
            (self.problems, event.problem_id) if event.problem_id else (self.cases, event.case_id)
        )

    def _move(self, event):
        rows, key = self._row(event)
        if event.from_status != rows.get(key, ""):
            self.gaps.append(event)
        rows[key] = event.to_status

    def _hand(self, event):
        """A question goes one level up; taken back, or given back by an answer, it goes down."""
        key, asked = event.problem_id, self.asked.setdefault(event.problem_id, [])
        if event.action == "escalate":
            self._level_was(event, level_before(event))
            asked.append(event)
            self.levels[key] = NEXT_LEVEL[level_before(event)]
        elif event.undoes_id and event.undoes in asked:
            asked.remove(event.undoes)
            self.levels[key] = level_before(event.undoes)
        elif level_before(event):
            self._level_was(event, level_before(event))
            self.levels[key] = level_before(asked[-1])

    def _level_was(self, event, before):
        if self.levels.get(event.problem_id, before) != before:
            self.gaps.append(event)


def level_before(event):
    return event.former.get("fields", {}).get("level", "")


def replay(case):
    found = Replayed()
    for event in case.events.order_by("pk").select_related("undoes"):
        found.take(event)
    return found


def assert_events_tell_the_same(case):
    """The rows of a case stand where its events lead."""
    found = replay(case)
    assert not found.gaps
    assert found.cases == {case.pk: case.status}
    assert found.problems == dict(case.problems.values_list("pk", "status"))
    assert found.tasks == dict(case.tasks.values_list("pk", "status"))
    levels = dict(case.problems.values_list("pk", "level"))
    assert found.levels == {pk: levels[pk] for pk in found.levels}
    for problem in case.problems.exclude(pk__in=found.levels):
        assert problem.level == problem.history.last().level
