"""Promises: what, how much, by when, arrived or not, who confirmed it in the village."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from dashboards import work
from rectification.choices import PromiseState
from rectification.forms.promises import POSTS
from rectification.models import Promise
from rectification.services import promises
from rectification.workflow_promises import PROMISE_STEPS
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    holder_of,
    make_assignment,
    make_cadre,
    make_case,
    make_slot,
)
from tests.rectification.promises import make_promise

pytestmark = pytest.mark.django_db


def today():
    return clock.today()


@pytest.fixture
def case():
    return make_case()


@pytest.fixture
def township(case):
    return holder_of(case)


@pytest.fixture
def office(case):
    return make_user(Role.OFFICE, case.round.district)


@pytest.fixture
def promise(case, township):
    return make_promise(case, by=township)


# --- the life of a promise ------------------------------------------------------------------------


def test_a_promise_arrives_and_is_confirmed_in_the_village(promise, township):
    promises.arrive(promise, by=township, arrived_on=today(), arrived_amount=Decimal("20"))
    assert promise.status == PromiseState.ARRIVED
    promises.confirm(promise, by=township, confirmed_by_whom="村民代表", confirmed_on=today())
    promise.refresh_from_db()
    assert (promise.status, promise.confirmed_by_whom) == (PromiseState.CONFIRMED, "村民代表")
    actions = promise.case.events.values_list("action", flat=True)
    assert set(actions) == {"promise_arrive", "promise_confirm"}


def test_nothing_is_confirmed_before_it_arrived(promise, township):
    with pytest.raises(Conflict, match="未到位"):
        promises.confirm(promise, by=township, confirmed_by_whom="村民代表")


def test_a_withdrawn_promise_keeps_its_reason_and_is_over(promise, township):
    with pytest.raises(DomainError, match="收回原因"):
        promises.withdraw(promise, by=township, withdrawn_reason=" ")
    promises.withdraw(promise, by=township, withdrawn_reason="项目调整")
    promise.refresh_from_db()
    assert (promise.status, promise.withdrawn_reason) == (PromiseState.WITHDRAWN, "项目调整")
    with pytest.raises(Conflict):
        promises.arrive(promise, by=township, arrived_on=today(), arrived_amount=Decimal("1"))


def test_an_arrived_promise_is_not_withdrawn(promise, township):
    promises.arrive(promise, by=township, arrived_on=today(), arrived_amount=Decimal("20"))
    with pytest.raises(Conflict):
        promises.withdraw(promise, by=township, withdrawn_reason="不给了")


def test_of_two_who_act_at_once_the_second_is_told(promise, township):
    stale = Promise.objects.get(pk=promise.pk)
    promises.arrive(promise, by=township, arrived_on=today(), arrived_amount=Decimal("20"))
    with pytest.raises(Conflict, match="刚被他人"):
        promises.withdraw(stale, by=township, withdrawn_reason="项目调整")
    promise.refresh_from_db()
    assert promise.status == PromiseState.ARRIVED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"arrived_amount": None}, "到位金额"),
        ({"arrived_on": "tomorrow"}, "不能晚于今天"),
        ({"arrived_on": "long ago"}, "不能早于承诺日期"),
    ],
)
def test_an_arrival_has_its_day_and_its_amount(promise, township, fields, words):
    days = {
        "tomorrow": today() + timedelta(days=1),
        "long ago": promise.promised_on - timedelta(days=1),
    }
    values = {"arrived_on": today(), "arrived_amount": Decimal("20"), **fields}
    values["arrived_on"] = days.get(values["arrived_on"], values["arrived_on"])
    with pytest.raises(DomainError, match=words):
        promises.arrive(promise, by=township, **values)


def test_less_than_promised_is_shown_as_short(client, promise, township):
    promises.arrive(promise, by=township, arrived_on=today(), arrived_amount=Decimal("5"))
    client.force_login(township)
    page = client.get(reverse("rectification:promise_list") + "?state=short").content.decode()
    assert "金额不足" in page
    assert "到位 5" in page


def test_every_step_of_the_table_has_its_act():
    assert set(PROMISE_STEPS) == set(promises.ACTS)


# --- pages ----------------------------------------------------------------------------------------


def test_promise_add_enters_it_under_the_account(client, case, township):
    leader = make_cadre(case.round.district, name="赵区长")
    make_assignment(case, make_slot(case.round.standard, "county_leader"), leader)
    client.force_login(township)
    data = {
        "kind": "project",
        "what": "硬化环村路",
        "cadre": leader.pk,
        "promised_on": today(),
        "due_on": today() + timedelta(days=90),
    }
    response = client.post(reverse("rectification:promise_add", args=[case.pk]), data)
    found = Promise.objects.get()
    assert response.url == found.get_absolute_url()
    assert found.entered_by == township
    assert "硬化环村路" in client.get(f"{case.get_absolute_url()}?tab=people").content.decode()


def test_promise_add_asks_for_somebody_who_promised(client, case, township):
    client.force_login(township)
    data = {
        "kind": "policy",
        "what": "减免",
        "promised_on": today(),
        "due_on": today() - timedelta(days=1),
    }
    response = client.post(reverse("rectification:promise_add", args=[case.pk]), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "请选择承诺人，或者填写承诺单位" in text
    assert "兑现期限不能早于承诺日期" in text


@pytest.mark.parametrize("role", [Role.HELPER, Role.LEADER])
def test_who_only_reads_enters_and_changes_no_promise(promise, role):
    reader = make_user(role, promise.case.round.district)
    with pytest.raises(NotAllowed):
        promises.add_promise(make_promise(promise.case), by=reader)
    with pytest.raises(NotAllowed):
        promises.revise_promise(promise, save=promise.save, changes=["金额"], by=reader)
    assert not promise.case.events.exists()


def test_promise_edit_keeps_the_former_values(client, promise, township):
    client.force_login(township)
    data = {
        "kind": "money",
        "what": promise.what,
        "amount": "30",
        "unit_name": promise.unit_name,
        "promised_on": promise.promised_on,
        "due_on": promise.due_on,
        "version_seen": promise.version,
    }
    address = reverse("rectification:promise_edit", args=[promise.pk])
    assert client.post(address, data).status_code == 302
    event = promise.case.events.get(action="promise_edit")
    assert "金额（万元）：20.00 → 30" in event.note


def test_a_promise_that_is_over_is_not_edited(client, promise, township):
    promises.withdraw(promise, by=township, withdrawn_reason="项目调整")
    client.force_login(township)
    data = {
        "kind": "money",
        "what": "改了",
        "unit_name": "局",
        "promised_on": promise.promised_on,
        "due_on": promise.due_on,
        "version_seen": promise.version,
    }
    response = client.post(reverse("rectification:promise_edit", args=[promise.pk]), data)
    assert response.status_code == 422
    assert "已收回，不能再改" in response.content.decode()


def test_who_confirmed_is_chosen_as_a_post_never_typed_as_a_name(client, promise, township):
    promises.arrive(promise, by=township, arrived_on=today(), arrived_amount=Decimal("20"))
    client.force_login(township)
    address = reverse("rectification:promise_step", args=[promise.pk, "confirm"])
    data = {"confirmed_by_whom": "张三", "confirmed_on": today()}
    assert client.post(address, data).status_code == 422
    response = client.post(address, {**data, "confirmed_by_whom": POSTS[0]})
    assert response.status_code == 302
    assert POSTS[0] in client.get(promise.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"路", "钱", "人"}),
        ("?q=路", {"路"}),
        ("?kind=people", {"人"}),
        ("?state=overdue", {"路"}),
        ("?state=owed", {"路", "钱"}),
        ("?state=withdrawn", {"人"}),
        ("?sort=-due", {"路", "钱", "人"}),
    ],
)
def test_promise_list_filters_stand_in_the_address(client, case, township, query, expected):
    late = today() - timedelta(days=1)
    make_promise(case, what="路", kind="project", due_on=late)
    make_promise(case, what="钱")
    gone = make_promise(case, what="人", kind="people")
    promises.withdraw(gone, by=township, withdrawn_reason="调走")
    client.force_login(township)
    page = client.get(reverse("rectification:promise_list") + query).context["page"]
    assert {row.what for row in page} == expected


def test_promise_export_holds_exactly_the_rows_of_the_list(client, promise, township):
    make_promise(make_case(make_village(make_division(f"{township.division_id[:6]}002"))))
    make_promise(promise.case, what="=1+1", kind="policy")
    client.force_login(township)
    response = client.get(reverse("rectification:promise_export") + "?kind=policy")
    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert [row[3] for row in rows[1:]] == ["=1+1"]


def test_promise_list_shows_nothing_of_another_town(client, promise, township):
    other = make_promise(make_case(make_village(make_division(f"{township.division_id[:6]}002"))))
    client.force_login(township)
    page = client.get(reverse("rectification:promise_list")).context["page"]
    assert [row.pk for row in page] == [promise.pk]
    assert client.get(other.get_absolute_url()).status_code == 404


def test_promise_list_costs_the_same_for_2_rows_and_for_15(client, case, office, queries_of):
    client.force_login(office)
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            make_promise(case, unit_name="", cadre=make_cadre(case.round.district))
        costs.append(queries_of(client, reverse("rectification:promise_list")))
    assert costs[0] == costs[1] <= 10


# --- my work --------------------------------------------------------------------------------------


def lists_with_it(people):
    return [
        name
        for name, user in people.items()
        if [item for item in work.items_for(user, today()) if item.noun == "承诺"]
    ]


@pytest.mark.parametrize("who", ["township", "office"])
def test_an_overdue_promise_is_in_one_list_of_whoever_entered_it(case, township, office, who):
    people = {"township": township, "office": office}
    make_promise(case, by=people[who], due_on=today() - timedelta(days=1))
    assert lists_with_it(people) == [who]


def test_an_overdue_promise_of_a_township_without_account_falls_to_the_office(
    case, township, office
):
    make_promise(case, by=township, due_on=today() - timedelta(days=1))
    township.is_active = False
    township.save()
    assert lists_with_it({"office": office}) == ["office"]


def test_an_arrived_promise_waits_for_the_village(promise, township):
    assert lists_with_it({"township": township}) == []
    promises.arrive(promise, by=township, arrived_on=today(), arrived_amount=Decimal("20"))
    assert lists_with_it({"township": township}) == ["township"]
