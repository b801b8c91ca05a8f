"""Question 10: after designation, which villages lack any of the four ones, and for how long?"""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from dashboards import work
from rectification.choices import CaseStatus
from rectification.models import Case
from rectification.selectors_people import vacancies_of
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import make_assignment, make_cadre, make_case, make_slot

pytestmark = pytest.mark.django_db

LIST = "rectification:vacancy_list"


def day(number):
    return clock.today() + timedelta(days=number)


@pytest.fixture
def case():
    """A village designated 20 days ago; of two slots that were due after 7 and 30 days, none."""
    made = make_case(status=CaseStatus.DESIGNATED, designated_on=day(-20))
    make_slot(made.round.standard, due_days=7)
    make_slot(made.round.standard, "leader", number=1, name="联村领导", due_days=30)
    return made


@pytest.fixture
def office(case):
    return make_user(Role.OFFICE, case.round.district)


def fill(case, key="first_secretary", **fields):
    return make_assignment(case, make_slot(case.round.standard, key), make_cadre(), **fields)


def listed(client, **asked):
    return [row.case for row in client.get(reverse(LIST), asked).context["rows"]]


def test_question_10_villages_without_all_slots_are_listed_with_days_elapsed(client, case, office):
    client.force_login(office)
    page = client.get(reverse(LIST))
    (row,) = page.context["rows"]
    assert (row.case, row.days) == (case, 20)
    assert [(slot.name, slot.is_late) for slot in row.slots] == [
        ("联村领导", False),
        ("第一书记", True),
    ]
    text = page.content.decode()
    assert "20 天" in text
    assert "已超过时限" in text


def test_question_10_a_village_leaves_the_list_when_the_last_slot_is_filled(client, case, office):
    client.force_login(office)
    fill(case)
    assert listed(client) == [case]
    fill(case, "leader")
    assert listed(client) == []


def test_question_10_it_comes_back_when_somebody_leaves(client, case, office):
    fill(case, "leader")
    fill(case, ended_on=day(0))
    client.force_login(office)
    assert listed(client) == [case]


@pytest.mark.parametrize("status", [CaseStatus.PROPOSED, CaseStatus.TRANSFORMED, CaseStatus.ENDED])
def test_question_10_only_villages_at_work_are_listed(client, case, office, status):
    Case.objects.update(status=status)
    client.force_login(office)
    assert listed(client) == []


def test_the_longest_without_stands_first(client, case, office):
    older = make_case(make_village(), round=case.round, designated_on=day(-90))
    client.force_login(office)
    assert listed(client) == [older, case]


def test_the_list_narrows_by_slot_lateness_and_township(client, case, office):
    other = make_division(f"{case.village.code[:6]}002")
    second = make_case(make_village(other), round=case.round, designated_on=day(-3))
    fill(second, "leader")
    client.force_login(office)
    assert listed(client, slot="leader") == [case]
    assert set(listed(client, slot="first_secretary")) == {case, second}
    assert listed(client, late="1") == [case]
    assert listed(client, township=other.code) == [second]
    assert listed(client, q=case.village.name) in ([case], [case, second])


def test_the_export_holds_the_rows_of_the_list(client, case, office):
    client.force_login(office)
    answer = client.get(reverse("rectification:vacancy_export"))
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)
    line = next(row for row in rows if str(case.village) in row)
    assert "联村领导；第一书记" in line
    assert 20 in line


def test_a_township_sees_its_own_villages_alone(client, case):
    other = make_user(Role.TOWNSHIP, make_division(f"{case.village.code[:6]}002"))
    client.force_login(other)
    assert listed(client) == []
    client.force_login(make_user(Role.TOWNSHIP, case.village.township))
    assert listed(client) == [case]


def test_the_offices_list_of_work_names_who_is_missing(client, case, office):
    (item,) = [i for i in work.items_for(office, clock.today()) if i.noun == "四个一"]
    assert "还缺联村领导、第一书记，认定已 20 天" in item.text
    client.force_login(office)
    page = client.get(reverse("dashboards:work"))
    assert reverse(LIST) in page.content.decode()


def test_the_dashboard_opens_the_list(client, case, office):
    client.force_login(office)
    page = client.get(reverse("dashboards:dashboard"))
    (figure,) = [f for f in page.context["concerns"] if f.address.startswith(reverse(LIST))]
    assert figure.value == 1
    assert len(client.get(figure.address).context["rows"]) == 1


def test_the_list_costs_no_more_with_more_villages(client, case, office, queries_of):
    client.force_login(office)
    few = queries_of(client, reverse(LIST))
    for _ in range(15):
        make_case(make_village(), round=case.round, designated_on=day(-9))
    assert queries_of(client, reverse(LIST)) <= few


def test_a_case_without_a_designation_has_no_days(case):
    Case.objects.update(designated_on=None, status=CaseStatus.PROPOSED)
    assert vacancies_of(Case.objects.for_list()) == []
