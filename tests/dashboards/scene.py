"""A district made by hand, small enough to count by eye: every number below is counted here.

2026 (the round under way): A 待审定, B 已认定, C 整顿中 (明显提升, past its deadline), D 已转化,
E 待验收, H 已终止 after designation, I 未认定. 2025: F 整顿中 (later assessed 无明显变化),
G 已反弹. J lies in another district. B, C and F have an empty slot.
"""

from datetime import date, datetime
from types import SimpleNamespace

from accounts.roles import Role
from core import clock
from rectification.choices import CaseStatus, Level, Nature, RoundStatus
from rectification.models import Escalation, FollowUp, Screening, StageAssessment
from tests.factories import OTHER_DISTRICT, make_district, make_division, make_user, make_village
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_category,
    make_problem,
    make_round,
    make_slot,
    make_task,
)

TODAY = date(2026, 11, 23)
S = CaseStatus
DATES = {
    2026: {"proposed_on": date(2026, 3, 1), "designated_on": date(2026, 3, 10)},
    2025: {"proposed_on": date(2025, 3, 1), "designated_on": date(2025, 3, 10)},
}
UNDESIGNATED = {"designated_on": None, "minutes_no": "", "deadline": None}


def assess(case, day, result, by):
    return StageAssessment.objects.create(
        case=case, assessed_on=day, result=result, meeting="部务会", grounds="走访和测评", by=by
    )


def make_scene():
    """Make the district; accounts and cases are attributes of what is returned."""
    district = make_district()
    first, second = (make_division(f"{district.code[:6]}00{n}") for n in (1, 2))
    now = make_round(district, 2026)
    before = make_round(district, 2025, status=RoundStatus.CLOSED)
    scene = SimpleNamespace(
        district=district,
        first=first,
        second=second,
        round=now,
        office=make_user(Role.OFFICE, district),
        leader=make_user(Role.LEADER, district),
        above=make_user(Role.LEADER, make_division("9901")),
        township=make_user(Role.TOWNSHIP, first),
        other_township=make_user(Role.TOWNSHIP, second),
    )
    for year, found in ((2026, now), (2025, before)):
        DATES[year]["round"] = found
        make_slot(found.standard)
    _first_township(scene)
    _second_township(scene)
    _screen(scene)
    _other_district(scene)
    return scene


def _screen(scene):
    """Results of the round under way: A listed, D not listed, one village not looked at."""
    listed = {"outcome": "listed", "main_category": scene.a.main_category}
    for village, values in (
        (scene.a.village, listed),
        (scene.d.village, {"outcome": "not_listed"}),
        (make_village(scene.second), {}),
    ):
        Screening.objects.create(round=scene.round, village=village, **values)


def _first_township(scene):
    village = lambda: make_village(scene.first)  # noqa: E731
    now = DATES[2026]
    scene.a = make_case(village(), S.PROPOSED, **(now | UNDESIGNATED))
    scene.b = make_case(village(), S.DESIGNATED, **now)
    disclosure = make_category("C07", "村务财务公开和民主管理混乱")
    scene.b.further_categories.add(disclosure)
    scene.c = make_case(
        village(), **(now | {"deadline": date(2026, 11, 1), "main_category": disclosure})
    )
    assess(scene.c, date(2026, 9, 1), "clear", scene.office)
    scene.late_problem = make_problem(
        scene.c,
        level=Level.DISTRICT,
        nature=Nature.MAJOR,
        deadline=date(2026, 11, 1),
        holder=scene.township,
    )
    scene.late_task = make_task(
        scene.late_problem, deadline=date(2026, 11, 20), holder=scene.township
    )
    scene.d = make_case(village(), S.TRANSFORMED, **now, transformed_on=date(2026, 8, 28))
    scene.look_back = FollowUp.objects.create(case=scene.d, months=3, due_on=date(2026, 11, 28))


def _second_township(scene):
    village = lambda: make_village(scene.second)  # noqa: E731
    now, before = DATES[2026], DATES[2025]
    scene.e = make_case(village(), S.APPLIED, **now)
    make_assignment(scene.e, make_slot(scene.round.standard), make_cadre(scene.second))
    scene.problem = make_problem(scene.e, holder=scene.other_township)
    scene.question = Escalation.objects.create(
        problem=scene.problem,
        from_level=Level.VILLAGE,
        to_level=Level.TOWNSHIP,
        question="请镇里协调测绘",
        asked_by=scene.other_township,
        asked_at=datetime(2026, 11, 10, 9, tzinfo=clock.zone()),
        reply_due_on=date(2026, 11, 25),
    )
    scene.f = make_case(village(), **before)
    assess(scene.f, date(2026, 5, 1), "clear", scene.office)
    assess(scene.f, date(2026, 10, 1), "none", scene.office)
    scene.g = make_case(
        village(),
        S.RELAPSED,
        **before,
        transformed_on=date(2025, 12, 1),
        relapsed_on=date(2026, 6, 1),
        relapse_reason="secretary",
    )
    scene.h = make_case(village(), S.ENDED, **now, ended_on=date(2026, 9, 1))
    scene.i = make_case(village(), S.DECLINED, **(now | UNDESIGNATED))


def _other_district(scene):
    other = make_district(OTHER_DISTRICT)
    dates = {key: value for key, value in DATES[2026].items() if key != "round"}
    scene.j = make_case(make_village(make_division(f"{OTHER_DISTRICT}001")), **dates)
    make_problem(scene.j, deadline=date(2026, 11, 1))
    scene.other_office = make_user(Role.OFFICE, other)
