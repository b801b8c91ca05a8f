"""联查征询: asked with notice, seen by the one department, answered with who, date and reason."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Department, Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.models import DepartmentOpinion
from rectification.services import opinions, rounds
from tests.factories import (
    OTHER_DISTRICT,
    make_district,
    make_division,
    make_user,
    make_village,
)
from tests.rectification.rounds import enter, office_of, send_up, start_round

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def town():
    make_district()
    return make_division("990101001")


@pytest.fixture
def village(town):
    return make_village(town, "清泉村委会")


@pytest.fixture
def made(village):
    return start_round()


@pytest.fixture
def office():
    return office_of(make_district())


def department(name=Department.PETITION, district=None):
    return make_user(Role.DEPARTMENT, district or make_district(), department=name)


def ask(made, village, office, *departments, **fields):
    values = {
        "question": "该村信访情况是否突出",
        "due_on": clock.today() + timedelta(days=10),
        **fields,
    }
    names = departments or (Department.PETITION,)
    return opinions.ask_departments(village, names, round=made, by=office, **values)


def test_each_asked_department_sees_its_own_question_only(client, made, village, office):
    ask(made, village, office, Department.PETITION, Department.CIVIL)
    client.force_login(department(Department.PETITION))
    rows = list(client.get(reverse("rectification:opinion_list")).context["page"])
    assert [row.department for row in rows] == [Department.PETITION]
    civil = DepartmentOpinion.objects.get(department=Department.CIVIL)
    assert client.get(civil.get_absolute_url()).status_code == 404
    client.force_login(department(Department.PETITION, make_district(OTHER_DISTRICT)))
    assert client.get(rows[0].get_absolute_url()).status_code == 404


def test_question_06_an_opinion_keeps_who_when_and_the_conclusion(client, made, village, office):
    (item,) = ask(made, village, office)
    clerk = department()
    client.force_login(clerk)
    data = {"conclusion": "support", "answer": "积案两件，建议列入", "version_seen": item.version}
    assert client.post(item.get_absolute_url(), data).status_code == 302
    item.refresh_from_db()
    assert (item.conclusion, item.answered_by, item.answered_on) == (
        "support",
        clerk,
        clock.today(),
    )
    client.force_login(office)
    assert (
        "积案两件，建议列入" in client.get(reverse("rectification:opinion_list")).content.decode()
    )


def test_the_township_does_not_read_the_departments_words(client, made, village, office, town):
    (item,) = ask(made, village, office)
    opinions.answer_opinion(item, by=department(), conclusion="support", answer="建议列入，理由甲")
    row = made.screenings.get()
    client.force_login(make_user(Role.TOWNSHIP, town))
    assert "理由甲" not in client.get(row.get_absolute_url()).content.decode()
    client.force_login(office)
    assert "理由甲" in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("due", "accepted"), [(25, False), (26, True)])
def test_a_department_has_three_working_days(made, village, office, due, accepted):
    with clock.set_to(MONDAY):
        if accepted:
            assert ask(made, village, office, due_on=date(2026, 11, due))
        else:
            with pytest.raises(DomainError, match="最早可定在 2026年11月26日"):
                ask(made, village, office, due_on=date(2026, 11, due))


def test_a_weekend_is_no_notice(made, village, office):
    with clock.set_to(date(2026, 11, 27)), pytest.raises(DomainError, match="12月2日"):
        ask(made, village, office, due_on=date(2026, 12, 1))


def test_the_form_tells_it_beside_the_field(client, made, village, office):
    client.force_login(office)
    data = {
        "round": made.pk,
        "village": village.pk,
        "departments": ["petition"],
        "question": "信访情况",
        "due_on": clock.today(),
    }
    answer = client.post(reverse("rectification:opinion_add"), data)
    assert answer.status_code == 422
    assert "3 个工作日" in answer.context["form"].errors["due_on"][0]


def test_a_department_is_asked_once_about_a_village_in_a_round(made, village, office):
    ask(made, village, office)
    with pytest.raises(Conflict, match="已就清泉村征询过"):
        ask(made, village, office, Department.CIVIL, Department.PETITION)
    assert DepartmentOpinion.objects.count() == 1


def test_of_two_people_answering_one_is_told(made, village, office):
    (item,) = ask(made, village, office)
    stale = DepartmentOpinion.objects.get(pk=item.pk)
    opinions.answer_opinion(item, by=department(), conclusion="none", answer="无意见")
    with pytest.raises(Conflict):
        opinions.answer_opinion(stale, by=department(), conclusion="support", answer="列入")


def test_a_corrected_answer_keeps_the_former_one(made, village, office):
    (item,) = ask(made, village, office)
    clerk = department()
    opinions.answer_opinion(item, by=clerk, conclusion="none", answer="无意见")
    opinions.answer_opinion(item, by=clerk, conclusion="support", answer="新发现积案，建议列入")
    assert [row.answer for row in item.history.order_by("history_id")] == [
        "",
        "无意见",
        "新发现积案，建议列入",
    ]


def test_only_the_asked_department_answers(made, village, office):
    (item,) = ask(made, village, office)
    for account in (office, department(Department.CIVIL)):
        with pytest.raises(NotAllowed):
            opinions.answer_opinion(item, by=account, conclusion="none", answer="无")


def test_a_closed_round_takes_no_questions_and_no_answers(made, village, office, town):
    from_before = ask(made, village, office)[0]
    enter(made, village)
    send_up(made, town)
    rounds.close_round(made, by=office)
    with pytest.raises(DomainError, match="已结束"):
        ask(made, village, office, Department.CIVIL)
    item = DepartmentOpinion.objects.get(pk=from_before.pk)
    with pytest.raises(Conflict, match="已经结束"):
        opinions.answer_opinion(item, by=department(), conclusion="none", answer="无")


def test_open_questions_come_first_soonest_due_on_top(client, made, town, office):
    dues = (20, 8, 14)
    villages = [make_village(town) for _ in dues]
    made.screenings.model.objects.bulk_create(
        made.screenings.model(round=made, village=village) for village in villages
    )
    rows = [
        ask(made, village, office, due_on=clock.today() + timedelta(days=days))[0]
        for village, days in zip(villages, dues, strict=True)
    ]
    opinions.answer_opinion(rows[1], by=department(), conclusion="none", answer="无")
    client.force_login(department())
    shown = list(client.get(reverse("rectification:opinion_list")).context["page"])
    assert shown == [rows[2], rows[0], rows[1]]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.DEPARTMENT])
def test_the_list_costs_the_same_for_15_and_100_questions(client, town, office, queries_of, role):
    villages = [make_village(town) for _ in range(100)]
    made = start_round()
    reader = office if role == Role.OFFICE else department()
    client.force_login(reader)
    counts = []
    for chosen in (villages[:15], villages[15:]):
        for village in chosen:
            ask(made, village, office)
        counts.append(queries_of(client, reverse("rectification:opinion_list")))
    assert counts[0] == counts[1]
