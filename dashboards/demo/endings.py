"""How a case ends: acceptance, look-backs, release. Stories in the sense of the schedule."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core import clock
from dashboards.demo import texts
from rectification.choices import Conclusion, ProblemStatus
from rectification.models import FollowUp
from rectification.services import acceptance as acceptance_service
from rectification.services import cases, follow_ups
from surveys.services import Tally, write_tally

if TYPE_CHECKING:
    from datetime import date

    from dashboards.demo.schedule import Story
    from dashboards.demo.walk import Walk

# Score and share of satisfied ballots that lead to each conclusion under the shipped lines.
RESULTS = {
    Conclusion.PASS: (Decimal("84.5"), 92),
    Conclusion.CONSOLIDATE: (Decimal("71.0"), 74),
    Conclusion.FAIL: (Decimal("56.5"), 61),
}


def decision(walk: Walk, on: date) -> str:
    """The number of a decision on an acceptance."""
    return f"云委组验〔{on.year}〕{walk.number}号"


def accept(
    walk: Walk,
    decided_on: date,
    conclusion: Conclusion = Conclusion.PASS,
    new_deadline: date | None = None,
) -> Story:
    """Settle the problems, apply, inspect and conclude within four weeks before the decision."""
    yield decided_on - timedelta(days=24)
    settle(walk, decided_on - timedelta(days=24))
    yield decided_on - timedelta(days=20)
    apply(walk, decided_on - timedelta(days=20))
    yield decided_on - timedelta(days=8)
    inspect(walk, decided_on - timedelta(days=8))
    yield decided_on
    conclude(walk, decided_on, conclusion, new_deadline=new_deadline)


def follow_and_release(walk: Walk) -> Story:
    """Do the three look-backs, then take the village off the list."""
    rows = list(walk.case.follow_ups.order_by("months"))
    for follow_up in rows:
        yield follow_up.due_on - timedelta(days=4)
        look_back(walk, follow_up)
    on = rows[-1].due_on + timedelta(days=6)
    yield on
    with clock.set_to(on):
        cases.release(walk.case, by=walk.world.office, on=on)
    yield from solve_tracked(walk, on + timedelta(days=240))


def solve_tracked(walk: Walk, on: date) -> Story:
    """What was tracked beyond the case is solved at last."""
    yield on + timedelta(days=2)
    for problem in walk.case.problems.tracked():
        walk.solve(problem, on)


def settle(walk: Walk, on: date) -> None:
    """Bring every problem to an end before the application: most solved, some old ones tracked."""
    for problem in walk.case.problems.filter(status=ProblemStatus.OPEN):
        if problem.is_historical and walk.number % 2:
            walk.track(problem, on, f"云委专题纪〔{on.year}〕{walk.number}号")
        else:
            walk.solve(problem, on - timedelta(days=3))


def apply(walk: Walk, on: date) -> None:
    with clock.set_to(on):
        cases.apply(walk.case, by=walk.township, on=on, note=texts.APPLY_NOTE)


def send_back(walk: Walk, on: date) -> None:
    with clock.set_to(on):
        cases.send_back(walk.case, by=walk.world.office, on=on, note=texts.SENT_BACK)


def inspect(walk: Walk, on: date) -> None:
    with clock.set_to(on):
        team = walk.staff.inspectors[:3]
        cases.inspect(walk.case, by=walk.world.office, on=on, team=team)


def count_ballots(walk: Walk, conclusion: Conclusion) -> Tally:
    """A ballot within the rules, with the share of satisfied that leads to a conclusion."""
    expected = 40 + walk.number % 5 * 4
    valid = expected - 5
    good = (valid * RESULTS[conclusion][1] + 50) // 100
    return Tally(
        expected=expected,
        present=expected - 3,
        members_expected=expected // 2,
        members_present=expected // 2 - 2,
        issued=expected - 3,
        returned=expected - 4,
        valid=valid,
        satisfied=good * 3 // 4,
        basically=good - good * 3 // 4,
        dissatisfied=valid - good,
    )


def ballot(walk: Walk, on: date, conclusion: Conclusion) -> None:
    """Write the counted ballot before the rest of the sheet is known."""
    with clock.set_to(on):
        sheet = walk.case.acceptances.get(conclusion="", returned_on=None)
        write_tally(sheet, count_ballots(walk, conclusion), by=walk.world.office)


def conclude(
    walk: Walk, on: date, conclusion: Conclusion, *, new_deadline: date | None = None
) -> None:
    """Decide on a sheet that holds ballot and score."""
    with clock.set_to(on):
        row = walk.case.acceptances.get(conclusion="", returned_on=None)
        for name, value in asdict(count_ballots(walk, conclusion)).items():
            setattr(row, name, value)
        row.inspected_on = on - timedelta(days=5)
        row.score = RESULTS[conclusion][0]
        row.decided_on, row.decision_no = on, decision(walk, on)
        row.case = walk.case
        acceptance_service.conclude(row, by=walk.world.office, new_deadline=new_deadline)


def look_back(walk: Walk, follow_up: FollowUp, *, is_stable: bool = True) -> None:
    """Do a look-back a few days before it is due."""
    done_on = follow_up.due_on - timedelta(days=4)
    follow_up.done_on, follow_up.is_stable = done_on, is_stable
    lines = texts.STABLE
    follow_up.findings = lines[walk.number % len(lines)] if is_stable else texts.UNSTABLE
    follow_up.case = walk.case
    with clock.set_to(done_on):
        follow_ups.finish(follow_up, by=walk.township)
