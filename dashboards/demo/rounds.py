"""Standards and rounds of the demo: opened, screened, submitted, proposed by their services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from core import clock
from dashboards.demo.walk import Walk, walk_of
from rectification.choices import ScreeningOutcome
from rectification.models import Criterion, Screening
from rectification.services import rounds as service
from rectification.services import screening as screening_service
from rectification.services import standards

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dashboards.demo.world import World
    from rectification.models import Round, Standard, TownshipSubmission
    from villages.models import Village

REASONS = {
    "C01": "班子缺员、后继乏人，工作难以开展，需要集中力量解决。",
    "C02": "书记履职情况群众意见大，乡镇多次谈话改进不明显。",
    "C03": "两委长期不和，重大事项议而不决，影响全村工作。",
    "C04": "组织生活长期不正常，党员意见集中。",
    "C05": "上届换届遗留矛盾突出，群众信任度低。",
    "C06": "派性影响村级事务决策，需要区里统筹力量。",
    "C07": "财务和村务公开不落实，群众反复反映。",
    "C08": "矛盾纠纷集中，来访量居全镇前列。",
    "C09": "没有固定活动场所，组织活动难以开展。",
    "C10": "为民服务不到位，群众意见较大。",
}
MEETING_NOTE = "乡镇党委会研究，逐村过了排查结果。"


@dataclass(frozen=True)
class Entry:
    """A village on a township's list."""

    village: Village
    main: str
    further: str = ""


def standard_for(world: World, year: int, on: date) -> Standard:
    """The year's published standard: at first the shipped one, later a copy of the year before."""
    with clock.set_to(on):
        if world.standards:
            last = world.standards[max(world.standards)]
            standard = standards.copy_standard(last, by=world.office, year=year)
        else:
            standard = standards.copy_shipped(world.district, year, by=world.office)
        standards.publish(standard, by=world.office)
    world.standards[year] = standard
    return standard


def open_round(
    world: World, year: int, *, opened_on: date, due_on: date, with_communities: bool = False
) -> Round:
    """Publish the year's standard and open the round."""
    standard = standard_for(world, year, opened_on - timedelta(days=12))
    with clock.set_to(opened_on - timedelta(days=2)):
        opened = service.create_round(
            world.district,
            year,
            by=world.office,
            standard=standard,
            includes_communities=with_communities,
        )
    with clock.set_to(opened_on):
        service.open_round(opened, by=world.office, due_on=due_on)
    world.rounds[year] = opened
    return opened


def enter_listed(world: World, opened: Round, entries: Iterable[Entry], on: date) -> None:
    """Type in the villages that the townships list, with criteria and reason."""
    criteria = list(opened.standard.criteria.all())
    rows = {
        row.village_id: row
        for row in opened.screenings.select_related("village__township", "round__standard")
    }
    with clock.set_to(on):
        for entry in entries:
            hits = [
                item
                for item in criteria
                if item.category_id == entry.main and item.kind == Criterion.Kind.DISCRETIONARY
            ]
            screening_service.enter_screening(
                rows[entry.village.pk],
                by=world.township_user(entry.village),
                outcome=ScreeningOutcome.LISTED,
                main_category=world.categories[entry.main],
                further_categories=[world.categories[entry.further]] if entry.further else [],
                criteria=hits,
                reason=REASONS[entry.main],
            )


def enter_the_rest(world: World, opened: Round, on: date, townships: set[str]) -> None:
    """Look at every other village of some townships and do not list it: plain results, in bulk."""
    for code in sorted(townships):
        rows = opened.screenings.filter(outcome="", village__township_id=code)
        chosen = list(rows.select_related("village"))
        if not chosen:
            continue
        with clock.set_to(on):
            values = {
                "outcome": ScreeningOutcome.NOT_LISTED,
                "entered_by": world.township_user(chosen[0].village),
                "entered_at": clock.now(),
            }
        rows.update(**values, version=F("version") + 1)
        for row in chosen:
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1
        Screening.history.bulk_history_create(chosen, update=True)


def submit(world: World, submission: TownshipSubmission, on: date) -> None:
    """A township sends up its list, the day after its meeting."""
    place = [township.code for township in world.townships].index(submission.township_id)
    with clock.set_to(on):
        service.submit_township_list(
            submission,
            by=world.users[f"township{place + 1}"],
            meeting_on=on - timedelta(days=1),
            note=MEETING_NOTE,
        )


def submit_all(world: World, opened: Round, first_day: date) -> None:
    """All townships send up their lists within three days."""
    for place, submission in enumerate(opened.submissions.select_related("round", "township")):
        submit(world, submission, first_day + timedelta(days=place % 3))


def propose(world: World, opened: Round, entries: Iterable[Entry], on: date) -> list[Walk]:
    """Put the listed villages before the standing committee."""
    villages = [entry.village.pk for entry in entries]
    rows = {
        row.village_id: row
        for row in opened.screenings.filter(village__in=villages).select_related(
            "village__township", "main_category"
        )
    }
    with clock.set_to(on):
        found = service.propose_listed(
            opened, [rows[pk] for pk in villages], by=world.office, on=on
        )
    return [walk_of(world, case) for case in found]


def whole_round(world: World, opened: Round, entries: list[Entry], opened_on: date) -> list[Walk]:
    """From the townships' results to the proposals, within three weeks after the opening."""
    everywhere = {township.code for township in world.townships}
    enter_listed(world, opened, entries, opened_on + timedelta(days=8))
    enter_the_rest(world, opened, opened_on + timedelta(days=10), everywhere)
    submit_all(world, opened, opened_on + timedelta(days=13))
    return propose(world, opened, entries, opened_on + timedelta(days=20))


def close(world: World, opened: Round, on: date) -> None:
    with clock.set_to(on):
        opened.refresh_from_db()
        service.close_round(opened, by=world.office)
