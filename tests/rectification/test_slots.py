"""Gaps and overlaps of a slot, the load of a candidate, and who suits what is wrong."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from rectification.choices import CaseStatus, HelpField
from rectification.matching import field_of, wanted_for
from rectification.models import Assignment, Cause
from rectification.services import people
from rectification.spans import Span, gaps, overlaps
from rectification.views.people import people_tab
from tests.factories import make_user
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_problem,
    make_slot,
)

MAY = [date(2026, 5, day) for day in range(1, 32)]


def span(start, end):
    return Span(MAY[start - 1], MAY[end - 1])


@pytest.mark.parametrize(
    ("held", "free"),
    [
        ([], [span(1, 31)]),
        ([span(1, 31)], []),
        ([span(5, 10)], [span(1, 5), span(10, 31)]),
        ([span(1, 10), span(10, 31)], []),
        ([span(1, 20), span(5, 8), span(25, 31)], [span(20, 25)]),
    ],
)
def test_days_without_anybody_are_found(held, free):
    assert gaps(held, MAY[0], MAY[30]) == free


def test_days_with_two_are_found():
    assert overlaps([span(1, 10), span(8, 20), span(20, 25)]) == [span(8, 10)]
    assert overlaps([span(1, 20), span(5, 8), span(10, 12)]) == [span(5, 8), span(10, 12)]


@pytest.fixture
def case(db):
    return make_case(status=CaseStatus.RECTIFYING)


@pytest.fixture
def office(case):
    return make_user(Role.OFFICE, case.round.district)


def day(number):
    return clock.today() + timedelta(days=number)


def test_a_gap_and_an_overlap_show_per_slot(client, case, office):
    slot = make_slot(case.round.standard)
    make_assignment(case, slot, make_cadre(name="甲"), started_on=day(-190), ended_on=day(-150))
    make_assignment(case, slot, make_cadre(name="乙"), started_on=day(-140), ended_on=day(-50))
    make_assignment(case, slot, make_cadre(name="丙"), started_on=day(-60))
    (row,) = people_tab(case, office)["slot_rows"]
    assert [(gap.start, gap.days) for gap in row.gaps] == [(day(-150), 10)]
    assert [(lap.start, lap.days) for lap in row.overlaps] == [(day(-60), 10)]
    client.force_login(office)
    page = client.get(f"{case.get_absolute_url()}?tab=people").content.decode()
    assert "没有人（10 天）" in page
    assert "有两个人（10 天）" in page


def test_the_days_allowed_for_filling_a_slot_are_no_gap(case, office):
    slot = make_slot(case.round.standard, due_days=7)
    make_assignment(case, slot, make_cadre(), started_on=day(-184))
    (row,) = people_tab(case, office)["slot_rows"]
    assert row.gaps == []
    Assignment.objects.update(started_on=day(-180))
    (row,) = people_tab(case, office)["slot_rows"]
    assert [gap.days for gap in row.gaps] == [10]


def test_a_case_that_ended_grows_no_gap(case, office):
    slot = make_slot(case.round.standard)
    make_assignment(case, slot, make_cadre(), started_on=day(-190), ended_on=day(-30))
    case.transformed_on = day(-30)
    (row,) = people_tab(case, office)["slot_rows"]
    assert row.gaps == []


def test_a_slot_that_fell_empty_says_since_when(client, case, office):
    slot = make_slot(case.round.standard)
    make_assignment(case, slot, make_cadre(), started_on=day(-190), ended_on=day(-30))
    (row,) = people_tab(case, office)["slot_rows"]
    assert (row.vacancy.start, row.vacancy.days, row.past_gaps) == (day(-30), 30, [])
    client.force_login(office)
    page = client.get(f"{case.get_absolute_url()}?tab=people").content.decode()
    assert "起空缺，已 30 天" in page


def test_the_load_shows_before_assigning(client, case, office):
    slot = make_slot(case.round.standard)
    busy = make_cadre(name="忙的人")
    make_assignment(case, make_slot(case.round.standard, "other"), busy)
    make_problem(case, owner=busy)
    make_problem(case, owner=busy, status="handed_over")
    client.force_login(office)
    page = client.get(reverse("rectification:assignment_add", args=[case.pk, slot.pk]))
    assert "忙的人（乡镇党委 组织委员）：在帮 1 村，未结问题 1、任务 0" in page.content.decode()


def test_the_form_costs_no_more_with_more_candidates(client, case, office, queries_of):
    slot = make_slot(case.round.standard)
    make_cadre(name="一个人")
    client.force_login(office)
    address = reverse("rectification:assignment_add", args=[case.pk, slot.pk])
    few = queries_of(client, address)
    for number in range(15):
        make_cadre(name=f"候选人{number}")
    assert queries_of(client, address) <= few


@pytest.mark.parametrize(
    ("unit", "field"),
    [
        ("区财政局", HelpField.ECONOMY),
        ("区委政法委", HelpField.LAW),
        ("区委组织部", HelpField.PARTY),
        ("区妇联", HelpField.PARTY),
        ("区档案馆", None),
    ],
)
def test_a_units_name_tells_its_field(unit, field):
    assert field_of(unit) == field


def cause_of(field):
    return Cause.objects.filter(help_field=field).first() or Cause.objects.create(
        code=f"T{field[0]}", name=field, help_field=field
    )


def test_the_causes_suggest_a_field_and_decide_nothing(client, case, office):
    unit = make_slot(case.round.standard, "unit", kind="unit", name="结对单位")
    make_problem(case, cause=cause_of(HelpField.ECONOMY))
    make_problem(case, cause=cause_of(HelpField.ECONOMY))
    make_problem(case, cause=cause_of(HelpField.LAW))
    make_problem(case)
    make_cadre(name="局里的人", unit="区农业农村局")
    found = wanted_for(case, ["区农业农村局", "区司法局", "区农业农村局"])
    assert [(row.field, row.problems, row.units) for row in found] == [
        (HelpField.ECONOMY, 2, ("区农业农村局",)),
        (HelpField.LAW, 1, ("区司法局",)),
    ]
    client.force_login(office)
    address = reverse("rectification:assignment_add", args=[case.pk, unit.pk])
    page = client.get(address).content.decode()
    assert "2 个问题适合经济部门（治穷），如区农业农村局" in page
    assert "对口：经济部门（治穷）" in page
    client.post(address, {"unit_name": "区档案馆", "started_on": clock.today()})
    assert Assignment.objects.get().unit_name == "区档案馆"


def test_without_causes_nothing_is_suggested(case):
    make_problem(case)
    assert wanted_for(case) == []


def test_an_assignment_that_changes_withdraws_its_handover(case, office):
    slot = make_slot(case.round.standard)
    present = make_assignment(case, slot, make_cadre(name="前任"))
    waiting = present.handovers.create(
        case=case,
        from_cadre=present.cadre,
        to_cadre=make_cadre(name="被请的人"),
        reason="轮换",
        proposed_by=office,
    )
    people.assign_slot(
        case, slot, by=office, cadre=make_cadre(name="后任"), started_on=day(0), reason="调离"
    )
    waiting.refresh_from_db()
    assert waiting.status == "withdrawn"
