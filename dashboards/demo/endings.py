"""How a case ends: acceptance, look-backs, release."""

from __future__ import annotations

from dataclasses import dataclass
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

    from dashboards.demo.walk import Walk

# Score and share of satisfied ballots that lead to each conclusion under the shipped lines.
RESULTS = {
    Conclusion.PASS: (Decimal("84.5"), 92),
    Conclusion.CONSOLIDATE: (Decimal("71.0"), 74),
    Conclusion.FAIL: (Decimal("56.5"), 61),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the acceptance found, and by which decision it was concluded."""

    conclusion: Conclusion
    decision_no: str
    decided_on: date


def settle(walk: Walk, on: date, decision_no: str) -> None:
    """Bring every problem to an end before the application: most solved, old ones tracked."""
    for problem in walk.case.problems.filter(status=ProblemStatus.OPEN):
        if problem.is_historical and walk.number % 2:
            walk.track(problem, on, decision_no)
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


def ballot(walk: Walk, on: date, conclusion: Conclusion) -> None:
    """Hold the ballot on the day of the inspection."""
    score_share = RESULTS[conclusion][1]
    expected = 40 + walk.number % 5 * 4
    valid = expected - 5
    good = (valid * score_share + 50) // 100
    tally = Tally(
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
    with clock.set_to(on):
        sheet = walk.case.acceptances.get(conclusion="", returned_on=None)
        write_tally(sheet, tally, by=walk.world.office)


def conclude(walk: Walk, sheet: Sheet, *, new_deadline: date | None = None) -> None:
    """Decide, with the ballot held and the score entered."""
    with clock.set_to(sheet.decided_on):
        row = walk.case.acceptances.get(conclusion="", returned_on=None)
        row.inspected_on = sheet.decided_on - timedelta(days=5)
        row.score = RESULTS[sheet.conclusion][0]
        row.decided_on, row.decision_no = sheet.decided_on, sheet.decision_no
        row.case = walk.case
        acceptance_service.conclude(row, by=walk.world.office, new_deadline=new_deadline)


def accept(
    walk: Walk,
    decided_on: date,
    decision_no: str,
    conclusion: Conclusion = Conclusion.PASS,
    new_deadline: date | None = None,
) -> None:
    """Apply, inspect and conclude within three weeks before the day of the decision."""
    settle(walk, decided_on - timedelta(days=23), f"{decision_no}附")
    apply(walk, decided_on - timedelta(days=20))
    inspect(walk, decided_on - timedelta(days=8))
    ballot(walk, decided_on - timedelta(days=5), conclusion)
    conclude(walk, Sheet(conclusion, decision_no, decided_on), new_deadline=new_deadline)


def look_back(walk: Walk, follow_up: FollowUp, *, is_stable: bool = True) -> None:
    """Do a look-back a few days before it is due."""
    done_on = follow_up.due_on - timedelta(days=4)
    follow_up.done_on, follow_up.is_stable = done_on, is_stable
    lines = texts.STABLE
    follow_up.findings = lines[walk.number % len(lines)] if is_stable else texts.UNSTABLE
    follow_up.case = walk.case
    with clock.set_to(done_on):
        follow_ups.finish(follow_up, by=walk.township)


def look_back_until(walk: Walk, day: date) -> None:
    """Do the look-backs that fell due by a day."""
    for follow_up in walk.case.follow_ups.filter(done_on=None, due_on__lte=day):
        look_back(walk, follow_up)


def release(walk: Walk) -> None:
    """Do all look-backs, then take the village off the list."""
    rows = list(walk.case.follow_ups.order_by("months"))
    for follow_up in rows:
        if follow_up.done_on is None:
            look_back(walk, follow_up)
    on = rows[-1].due_on + timedelta(days=6)
    with clock.set_to(on):
        cases.release(walk.case, by=walk.world.office, on=on)
