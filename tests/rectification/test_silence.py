"""挂名: silence is shown as silence, to the person first, then to the office; nobody is ranked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from rectification.choices import CaseStatus
from rectification.models import Assignment, CaseEvent, Promise
from rectification.selectors_people import parts_of, silence_of
from rectification.services import deputies
from tests.factories import make_user, make_village
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_problem,
    make_slot,
    make_visit,
)

pytestmark = pytest.mark.django_db

MINE, ALL = "dashboards:linked_cases", "rectification:silence_list"


def day(number):
    return clock.today() + timedelta(days=number)


@pytest.fixture
def case():
    return make_case(status=CaseStatus.RECTIFYING, designated_on=day(-84))


@pytest.fixture
def office(case):
    return make_user(Role.OFFICE, case.round.district)


@pytest.fixture
def leader(case):
    user = make_user(Role.LEADER, case.round.district)
    make_cadre(case.round.district, name="区领导", account=user)
    return user


@pytest.fixture
def linked(case, leader):
    slot = make_slot(case.round.standard, "county_leader", number=1, name="县级领导联村")
    return make_assignment(case, slot, leader.cadre, started_on=day(-84))


def page_of(client, user, name=MINE):
    client.force_login(user)
    return client.get(reverse(name)).content.decode()


def promise(case, **fields):
    values = {
        "kind": "money",
        "what": "修村路的三十万元",
        "promised_on": day(-10),
        "due_on": day(50),
        "entered_by": make_user(Role.OFFICE, case.round.district),
        **fields,
    }
    return Promise.objects.create(case=case, **values)


def answer(case, level="district", **fields):
    return make_problem(case, title="宅基地纠纷").escalations.create(
        from_level="township",
        to_level=level,
        question="请区里明确",
        asked_by=make_user(Role.TOWNSHIP, case.village.township),
        reply_due_on=day(-20),
        **{"answer_kind": "rule", "answer": "按规定", "answered_at": clock.now(), **fields},
    )


# --- the person -----------------------------------------------------------------------------------


def test_silence_is_shown_as_silence_to_the_person(client, linked, leader):
    assert "认定 84 天，没有决定、没有承诺、没有到村" in page_of(client, leader)


def test_decisions_promises_and_own_visits_are_listed(client, case, linked, leader):
    answer(case)
    promise(case, cadre=leader.cadre)
    make_visit(case, visitor=leader.cadre, visited_on=day(-5))
    page = page_of(client, leader)
    assert "已明确政策：宅基地纠纷" in page
    assert "修村路的三十万元" in page
    assert "没有决定" not in page


def test_what_is_lacking_is_named_beside_what_is_there(client, case, linked, leader):
    promise(case, cadre=leader.cadre)
    page = page_of(client, leader)
    assert "认定 84 天，没有决定、没有到村" in page


def test_days_count_from_the_post_when_it_began_later(client, case, linked, leader):
    Assignment.objects.update(started_on=day(-12))
    assert "担任 12 天，没有决定、没有承诺、没有到村" in page_of(client, leader)


def silent(case):
    return Assignment.objects.filter(case=case).silent().exists()


@pytest.mark.parametrize(
    "leave",
    [
        lambda case, cadre: make_visit(case, visitor=cadre),
        lambda case, cadre: promise(case, cadre=cadre),
        lambda case, cadre: answer(case),
    ],
)
def test_one_of_the_three_breaks_the_silence(case, linked, leader, leave):
    assert silent(case)
    leave(case, leader.cadre)
    assert not silent(case)


@pytest.mark.parametrize(
    "leave",
    [
        lambda case, cadre: make_visit(
            case, visitor=cadre, mode="delegated", delegate="办公室李主任"
        ),
        lambda case, cadre: make_visit(case, visitor=cadre, visited_on=day(-100)),
        lambda case, cadre: make_visit(case),
        lambda case, cadre: promise(case, unit_name="区财政局"),
        lambda case, cadre: promise(
            case, cadre=cadre, withdrawn_on=day(0), withdrawn_reason="没有资金"
        ),
        lambda case, cadre: answer(case, answer_kind="passed_on"),
        lambda case, cadre: answer(case, answer_kind="", answered_at=None),
        lambda case, cadre: answer(case, level="township"),
        lambda case, cadre: make_visit(make_case(make_village(), round=case.round), visitor=cadre),
    ],
    ids=[
        "somebody else went for them",
        "before the designation",
        "somebody else's visit",
        "somebody else's promise",
        "a promise taken back",
        "a question passed on",
        "a question unanswered",
        "an answer of the level below",
        "a visit to another village",
    ],
)
def test_these_do_not_break_the_silence(case, linked, leader, leave):
    leave(case, leader.cadre)
    assert silent(case)


def test_an_answer_of_the_township_is_a_decision_of_the_townships_people(case):
    slot = make_slot(case.round.standard, "township_leader", number=2, name="乡镇班子包村")
    make_assignment(case, slot, make_cadre(case.village.township))
    answer(case, level="township")
    assert not silent(case)


def test_the_page_lists_an_answer_of_the_township_for_its_own_people_alone(case, linked, office):
    slot = make_slot(case.round.standard, "township_leader", number=2, name="乡镇班子包村")
    near = make_assignment(case, slot, make_cadre(case.village.township))
    answer(case, level="township")
    rows = Assignment.objects.filter(pk__in=[linked.pk, near.pk]).with_signs().for_list()
    found = {part.assignment.pk: part.decisions for part in parts_of(rows, office)}
    assert [sign.text for sign in found[near.pk]] == ["已明确政策：宅基地纠纷"]
    assert found[linked.pk] == []


def test_a_numbered_decision_of_the_district_counts(case, linked, office):
    values = {"case": case, "by": office, "on": day(-1), "title": "延期", "minutes_no": "纪要 5 号"}
    CaseEvent.objects.create(action="designate", **values)
    assert silent(case)
    CaseEvent.objects.create(action="extend", **values)
    assert not silent(case)


def test_a_units_promise_counts_for_its_liaison(case):
    slot = make_slot(case.round.standard, "paired_unit", kind="unit", name="结对单位")
    make_assignment(case, slot, unit_name="区财政局", liaison=make_cadre(name="联络员"))
    assert silent(case)
    promise(case, unit_name="区财政局")
    assert not silent(case)


def test_a_deputy_sees_the_villages_of_the_absent_as_theirs(client, case, linked, leader, office):
    other = make_user(Role.LEADER, case.round.district)
    cadre = make_cadre(case.round.district, name="代理领导", account=other)
    deputies.add_deputy(
        leader.cadre, cadre, by=office, from_on=day(0), to_on=day(9), reason="党校学习"
    )
    assert "您代理区领导" in page_of(client, other)


def test_nobody_elses_villages_are_on_the_page(client, case, linked, leader):
    other = make_case(make_village(), round=case.round, designated_on=day(-84))
    make_assignment(other, make_slot(case.round.standard), make_cadre(name="别的领导"))
    assert str(other.village) not in page_of(client, leader)


def test_the_page_costs_no_more_with_more_villages(client, case, linked, leader, queries_of):
    client.force_login(leader)
    few = queries_of(client, reverse(MINE))
    for _ in range(15):
        other = make_case(make_village(), round=case.round, designated_on=day(-84))
        make_assignment(other, linked.slot, leader.cadre)
        make_visit(other, visitor=leader.cadre)
    assert queries_of(client, reverse(MINE)) <= few + 1


def test_the_page_agrees_with_the_offices_list(case, linked, leader):
    answer(case)
    (part,) = parts_of(Assignment.objects.with_signs().for_list(), leader)
    assert [sign.text for sign in part.decisions] == ["已明确政策：宅基地纠纷"]
    assert silence_of(part.assignment) == "认定 84 天，没有承诺、没有到村"


# --- the office, later ----------------------------------------------------------------------------


def test_the_office_sees_it_only_after_the_days_of_the_standard(client, case, linked, office):
    assert "认定 84 天，没有决定、没有承诺、没有到村" in page_of(client, office, ALL)
    case.round.standard.stall_days = 90
    case.round.standard.save()
    assert "认定 84 天" not in page_of(client, office, ALL)


def test_on_the_case_the_person_sees_it_first(client, case, linked, leader, office):
    tab = f"{case.get_absolute_url()}?tab=people"
    township = make_user(Role.TOWNSHIP, case.village.township)

    def shown(user):
        client.force_login(user)
        return "没有到村" in client.get(tab).content.decode()

    assert [shown(user) for user in (leader, office, township)] == [True, True, False]
    case.round.standard.stall_days = 90
    case.round.standard.save()
    assert [shown(user) for user in (leader, office, township)] == [True, False, False]


def test_the_offices_list_is_by_village_and_not_by_counts(client, case, linked, office):
    longer = make_case(make_village(), round=case.round, designated_on=day(-300))
    make_assignment(longer, linked.slot, make_cadre(name="更久"), started_on=day(-300))
    client.force_login(office)
    rows = client.get(reverse(ALL), {"sort": "-visits"}).context["rows"]
    assert [item.case for item, _ in rows] == [case, longer]


def test_a_village_whose_case_is_over_is_not_listed(client, case, linked, office):
    type(case).objects.update(status=CaseStatus.TRANSFORMED, transformed_on=day(0))
    assert "认定 84 天" not in page_of(client, office, ALL)
