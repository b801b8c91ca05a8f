"""F9: one cadre for several villages at once, within limits; who is at work is not touched."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus
from rectification.models import Assignment
from rectification.services import people
from tests.factories import OTHER_DISTRICT, make_district, make_division, make_user, make_village
from tests.rectification.factories import make_assignment, make_cadre, make_case, make_slot

pytestmark = pytest.mark.django_db
KEY = "county_leader"


@pytest.fixture
def cases():
    made = [make_case(make_village(), status=CaseStatus.RECTIFYING) for _ in range(3)]
    make_slot(made[0].round.standard, KEY, number=1, name="县级领导联村")
    return made


@pytest.fixture
def office(cases):
    return make_user(Role.OFFICE, cases[0].round.district)


@pytest.fixture
def leader():
    return make_cadre(name="区领导")


def slot_of(case):
    return case.round.standard.slots.get(key=KEY)


def assign(cases, leader, office):
    return people.assign_many(cases, KEY, leader, by=office, started_on=clock.today())


def test_several_villages_get_one_cadre_each_with_its_event(cases, leader, office):
    assign(cases, leader, office)
    assert Assignment.objects.running().filter(cadre=leader).count() == 3
    assert [case.events.get().action for case in cases] == ["assign"] * 3


def test_who_holds_a_slot_is_not_touched_and_nothing_is_half_done(cases, leader, office):
    present = make_assignment(cases[2], slot_of(cases[2]), make_cadre(name="现在的人"))
    with pytest.raises(Conflict, match="别的村都没有动"):
        assign(cases, leader, office)
    assert Assignment.objects.get() == present


def test_only_so_many_at_once(cases, leader, office):
    with pytest.raises(DomainError, match="一次最多安排 10 个村"):
        assign(cases * 4, leader, office)
    with pytest.raises(DomainError, match="至少选一个"):
        assign([], leader, office)


def test_only_the_office_assigns(cases, leader):
    with pytest.raises(NotAllowed):
        assign(cases, leader, make_user(Role.TOWNSHIP, cases[0].village.township))
    assert not Assignment.objects.exists()


def test_the_page_offers_only_villages_in_which_the_slot_is_empty(client, cases, leader, office):
    make_assignment(cases[0], slot_of(cases[0]), make_cadre(name="现在的人"))
    abroad = make_division(f"{OTHER_DISTRICT}001")
    make_district(OTHER_DISTRICT)
    foreign = make_case(make_village(abroad))
    make_slot(foreign.round.standard, KEY, number=1, name="县级领导联村")
    client.force_login(office)
    address = reverse("rectification:assign_many", args=[KEY])
    form = client.get(address).context["form"]
    assert set(form.fields["cases"].queryset) == set(cases[1:])

    values = {"cadre": leader.pk, "started_on": clock.today().isoformat()}
    preview = client.get(address, {**values, "cases": [case.pk for case in cases[1:]]})
    assert [row.case for row in preview.context["preview"]] == cases[1:]
    assert "现在帮 0 个村" in preview.content.decode()
    assert not Assignment.objects.filter(cadre=leader).exists()
    for wrong in (cases[0], foreign):
        answer = client.post(address, {**values, "cases": [cases[1].pk, wrong.pk]})
        assert answer.status_code == 422
    assert not Assignment.objects.filter(cadre=leader).exists()

    answer = client.post(address, {**values, "cases": [case.pk for case in cases[1:]]})
    assert answer.status_code == 302
    assert Assignment.objects.filter(cadre=leader).count() == 2


def test_the_page_refuses_more_than_the_limit(client, cases, leader, office):
    more = [make_case(make_village(), round=cases[0].round) for _ in range(8)]
    client.force_login(office)
    address = reverse("rectification:assign_many", args=[KEY])
    chosen = [case.pk for case in [*cases, *more]]
    values = {"cadre": leader.pk, "started_on": clock.today().isoformat(), "cases": chosen}
    assert "一次最多 10 个村" in client.get(address, values).content.decode()
    assert client.post(address, values).status_code == 422


def test_the_list_of_vacancies_leads_there(client, cases, office):
    client.force_login(office)
    page = client.get(reverse("rectification:vacancy_list")).content.decode()
    assert reverse("rectification:assign_many", args=[KEY]) in page


def test_an_unknown_slot_is_not_found(client, office):
    client.force_login(office)
    address = reverse("rectification:assign_many", args=["unknown"])
    assert client.get(address).status_code == 404


def test_who_came_first_at_the_same_moment_is_not_replaced(cases, leader, office, monkeypatch):
    """Somebody fills a slot between the look at the page and the lock on the village."""
    lock, other = people.lock, make_cadre(name="别人")

    def fill_first(case_id):
        lock(case_id)
        if case_id == cases[0].pk:
            make_assignment(cases[0], slot_of(cases[0]), other)

    monkeypatch.setattr(people, "lock", fill_first)
    with pytest.raises(Conflict, match="刚安排了人"):
        assign(cases, leader, office)
    assert not Assignment.objects.filter(cadre=leader).exists()
