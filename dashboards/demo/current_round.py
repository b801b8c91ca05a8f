"""This year's round in full swing: lists in every state, questions to departments, proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from dashboards.demo import current_cases, rounds, texts
from dashboards.demo.terms import VACANT_PLACES
from rectification.choices import ScreeningOutcome
from rectification.models import Criterion
from rectification.services import opinions
from rectification.services import rounds as service
from rectification.services import screening as screening_service

if TYPE_CHECKING:
    from datetime import date

    from dashboards.demo.schedule import Schedule, Story
    from dashboards.demo.world import World
    from rectification.models import Round

OPENED_AGO, DUE_AHEAD = 75, 9
# By the place of the township: villages on its list. The last township has not begun.
FIRST_LISTS = {0: 3, 1: 1, 2: 2, 4: 2, 7: 3, 12: 2}
ZERO_REPORTS = (5, 6, 14)
SECOND_LISTS = {9: 2, 13: 2}
RETURNED = 10
HALF_DONE = (3, 11)
READY_TO_SUBMIT = 8
CATEGORIES = (
    ("C07", ""),
    ("C03", "C10"),
    ("C08", ""),
    ("C02", ""),
    ("C07", "C03"),
    ("C06", ""),
    ("C10", ""),
    ("C01", ""),
    ("C08", "C07"),
    ("C03", ""),
    ("C04", ""),
    ("C05", ""),
    ("C09", ""),
)


def tell(world: World, schedule: Schedule) -> Story:
    """The round; it adds the stories of its cases."""
    opened_on = world.ago(OPENED_AGO)
    yield opened_on
    opened = rounds.open_round(
        world,
        world.today.year,
        opened_on=opened_on,
        due_on=world.ahead(DUE_AHEAD),
        with_communities=True,
    )
    first = entries_of(world, FIRST_LISTS)
    yield world.ago(62)
    rounds.enter_listed(world, opened, first, world.ago(66))
    explain_left_out(world, opened, world.ago(66))
    fill(world, opened, {*FIRST_LISTS, *ZERO_REPORTS}, world.ago(64))
    send(world, opened, {*FIRST_LISTS, *ZERO_REPORTS}, world.ago(62))
    yield world.ago(52)
    ask(world, opened, first)
    yield world.ago(48)
    walks = rounds.propose(world, opened, first, world.ago(48))
    current_cases.add_first(schedule, walks)
    yield from second_batch(world, opened)


def second_batch(world: World, opened: Round) -> Story:
    """Lists that came up later, one sent back, others not finished."""
    second = entries_of(world, SECOND_LISTS)
    yield world.ago(24)
    rounds.enter_listed(world, opened, second, world.ago(27))
    fill(world, opened, {*SECOND_LISTS, RETURNED}, world.ago(26))
    send(world, opened, {*SECOND_LISTS, RETURNED}, world.ago(24))
    yield world.ago(20)
    send_back(world, opened)
    half_done(world, opened)
    fill(world, opened, {READY_TO_SUBMIT}, world.ago(20))
    yield world.ago(5)
    rounds.propose(world, opened, second, world.ago(5))
    mid_year(world, opened)


def entries_of(world: World, lists: dict[int, int]) -> list[rounds.Entry]:
    """The villages on the lists of some townships, with their categories."""
    places = [place for place, count in lists.items() for _ in range(count)]
    return [
        rounds.Entry(world.free_village(place), *CATEGORIES[number % len(CATEGORIES)])
        for number, place in enumerate(places)
    ]


def codes(world: World, places: set[int]) -> set[str]:
    return {world.townships[place].code for place in places}


def fill(world: World, opened: Round, places: set[int], on: date) -> None:
    """Give every village of these townships that has no result yet its plain one."""
    rounds.enter_the_rest(world, opened, on, codes(world, places))


def send(world: World, opened: Round, places: set[int], on: date) -> None:
    rows = opened.submissions.filter(township__in=codes(world, places))
    for submission in rows.select_related("round", "township"):
        rounds.submit(world, submission, on)


def send_back(world: World, opened: Round) -> None:
    code = world.townships[RETURNED].code
    with clock.set_to(world.ago(20)):
        service.return_submission(
            opened.submissions.select_related("round", "township").get(township=code),
            by=world.office,
            reason="两个村信访件数居前，名单里没有列入也没有说明，请逐村核实后再报。",
        )


def half_done(world: World, opened: Round) -> None:
    """Two townships have results for the first half of their villages only."""
    for place in HALF_DONE:
        township = world.townships[place]
        villages = world.villages[township.code]
        half = [row.pk for row in villages[: len(villages) // 2]]
        rows = opened.screenings.filter(outcome="", village__in=half)
        with clock.set_to(world.ago(20)):
            for row in rows.select_related("village__township", "round__standard"):
                screening_service.enter_screening(
                    row,
                    by=world.township_user(row.village),
                    outcome=ScreeningOutcome.NOT_LISTED,
                )


def explain_left_out(world: World, opened: Round, on: date) -> None:
    """A village with a direct hit is left out, with the written reason that it owes."""
    township = world.townships[ZERO_REPORTS[0]]
    village = world.villages[township.code][-1]
    hit = opened.standard.criteria.filter(kind=Criterion.Kind.DIRECT, category="C04").first()
    row = opened.screenings.select_related("village__township", "round__standard").get(
        village=village
    )
    with clock.set_to(on):
        screening_service.enter_screening(
            row,
            by=world.township_user(village),
            outcome=ScreeningOutcome.NOT_LISTED,
            criteria=[hit] if hit else [],
            reason="今年已确定 2 名发展对象并公示，情况正在改变，由乡镇跟进。",
        )


def ask(world: World, opened: Round, entries: list[rounds.Entry]) -> None:
    """Put questions about the listed villages to the departments; most are answered."""
    departments = list(texts.QUESTIONS)
    answers = list(texts.OPINIONS)
    for number, entry in enumerate(entries):
        for step in range(2):
            department = departments[(number * 2 + step) % len(departments)]
            is_late = number % 4 == 3
            with clock.set_to(world.ago(52)):
                asked = opinions.ask_departments(
                    entry.village,
                    [department],
                    round=opened,
                    by=world.office,
                    question=texts.QUESTIONS[department],
                    due_on=world.ago(12) if is_late else world.ahead(4),
                )
            if is_late or number % 5 == 4:
                continue
            conclusion = answers[(number + step) % len(answers)]
            with clock.set_to(world.ago(50 - step)):
                opinions.answer_opinion(
                    asked[0],
                    by=world.users[f"department{departments.index(department) + 1}"],
                    conclusion=conclusion,
                    answer=texts.OPINIONS[conclusion],
                )


def mid_year(world: World, opened: Round) -> None:
    """补充认定: a village whose secretary's post has been vacant for more than three months."""
    township, place = VACANT_PLACES[0]
    village = world.villages[world.townships[township].code][place]
    world.taken.add(village.pk)
    with clock.set_to(world.ago(4)):
        service.propose_mid_year(
            village,
            round=opened,
            by=world.office,
            on=world.ago(4),
            main_category=world.categories["C01"],
            source_note="书记岗位空缺超过三个月，日常工作停滞，经部务会研究补充提请。",
        )
