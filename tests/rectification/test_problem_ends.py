"""The ends of a problem, who says that it is solved, what it waits for, how often it came back."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock
from core.exceptions import DomainError, NotAllowed
from rectification.choices import Level, ProblemStatus, VerdictValue
from rectification.models import Cause, Problem
from rectification.services import problems
from tests.factories import make_user, make_village
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_category,
    make_problem,
    make_task,
)

pytestmark = pytest.mark.django_db

S = ProblemStatus
V = VerdictValue


def today():
    return clock.today()


@pytest.fixture
def problem():
    return make_problem()


@pytest.fixture
def office(problem):
    return make_user(Role.OFFICE, problem.case.round.district)


@pytest.fixture
def township(problem):
    return problem.holder


def close(problem, township, office):
    problems.request_close(problem, by=township, evidence="已公开")
    problems.approve_close(problem, by=office)


def come_back(problem, township, office):
    close(problem, township, office)
    problems.reopen(problem, by=office, reason="又不公开了")


# --- three ends -----------------------------------------------------------------------------------


def test_unsolvable_is_an_end_of_its_own_by_a_decision_of_the_district(problem, office, township):
    with pytest.raises(NotAllowed):
        problems.give_up(problem, by=township, reason="当事人已故", decision_no="区委 9 号")
    problems.give_up(problem, by=office, reason="当事人已故", decision_no="区委 9 号")
    assert (problem.status, problem.decision_no) == (S.UNSOLVABLE, "区委 9 号")
    row = Problem.objects.all().closing_rates()[0]
    assert (row["total"], row["closed"], row["unsolvable"], row["rate"]) == (1, 0, 1, 0)


def test_the_database_knows_no_unsolvable_problem_without_a_decision(problem):
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(status=S.UNSOLVABLE)


def test_each_end_is_counted_apart_by_difficulty():
    case = make_case()
    for status, fields in (
        (S.OPEN, {}),
        (S.HANDED_OVER, {}),
        (S.UNSOLVABLE, {"decision_no": "1"}),
        (S.TRACKED, {"decision_no": "1", "next_on": today()}),
    ):
        make_problem(case, status, nature="major", **fields)
    row = Problem.objects.all().closing_rates()[2]
    ends = {key: row[key] for key in ("total", "closed", "handed_over", "tracked", "unsolvable")}
    assert ends == {"total": 4, "closed": 0, "handed_over": 1, "tracked": 1, "unsolvable": 1}


# --- who says so ----------------------------------------------------------------------------------


def say(problem, by, level, value, said_by=""):
    return problems.add_verdict(problem, by=by, level=level, value=value, said_by=said_by)


def test_village_township_and_district_each_say_whether_it_is_solved(
    client, problem, office, township
):
    say(problem, township, Level.VILLAGE, V.PARTLY, "村民代表")
    say(problem, township, Level.TOWNSHIP, V.SOLVED)
    say(problem, office, Level.DISTRICT, V.SOLVED)
    client.force_login(office)
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "部分解决" in page
    assert "村民代表" in page
    assert [said.value for _, said in problem.verdicts_by_level] == ["partly", "solved", "solved"]


def test_the_village_speaks_through_the_township_with_a_post(problem, office, township):
    with pytest.raises(NotAllowed):
        say(problem, office, Level.VILLAGE, V.SOLVED, "村书记")
    with pytest.raises(DomainError, match="职务"):
        say(problem, township, Level.VILLAGE, V.SOLVED)


def test_what_the_highest_level_last_called_unsolved_is_not_closed(problem, office, township):
    say(problem, township, Level.VILLAGE, V.UNSOLVED, "村民代表")
    with pytest.raises(DomainError, match="没有解决"):
        problems.request_close(problem, by=township, evidence="已公开")
    say(problem, office, Level.DISTRICT, V.PARTLY)
    problems.request_close(problem, by=township, evidence="已公开")
    assert problem.status == S.CLOSING


def test_verdict_add_asks_the_township_who_said_it(client, problem, township):
    client.force_login(township)
    address = reverse("rectification:verdict_add", args=[problem.pk])
    data = {"level": "village", "value": "partly", "on": today().isoformat()}
    assert client.post(address, data).status_code == 422
    assert client.post(address, {**data, "said_by": "老党员"}).status_code == 302
    assert problem.verdicts.get().said_by == "老党员"


# --- opened again ---------------------------------------------------------------------------------


def test_question_22_how_often_it_was_opened_again_is_shown_wherever_it_stands(
    client, problem, office, township
):
    come_back(problem, township, office)
    come_back(problem, township, office)
    client.force_login(office)
    for address in (
        problem.get_absolute_url(),
        reverse("rectification:problem_list"),
        f"{problem.case.get_absolute_url()}?tab=problems",
    ):
        assert "重新打开 2 次" in client.get(address).content.decode(), address
    book = client.get(reverse("rectification:problem_export"))
    names, values = load_workbook(BytesIO(book.content)).active.values
    assert dict(zip(names, values, strict=True))["重新打开次数"] == 2
    assert Problem.objects.all().closing_rates()[0]["reopened"] == 1


def test_problem_list_finds_what_was_opened_again(client, problem, office, township):
    other = make_problem(problem.case)
    come_back(problem, township, office)
    client.force_login(office)
    page = client.get(reverse("rectification:problem_list") + "?reopened=1").context["page"]
    assert problem in page.object_list
    assert other not in page.object_list


# --- parts and what comes first -------------------------------------------------------------------


def test_a_problem_is_not_closed_before_its_parts_and_what_it_waits_for(problem, office, township):
    part = make_problem(problem.case, title="缺一份合同", parent=problem)
    first = make_problem(problem.case, title="先确权")
    problem.waits_for.add(first)
    for hindrance in (part, first):
        with pytest.raises(DomainError, match=hindrance.title):
            problems.request_close(problem, by=township, evidence="已公开")
        close(hindrance, township, office)
    problems.request_close(problem, by=township, evidence="已公开")
    assert problem.status == S.CLOSING


def test_what_another_closed_problem_rests_on_is_not_opened_alone(problem, office, township):
    part = make_problem(problem.case, parent=problem)
    close(part, township, office)
    close(problem, township, office)
    part.refresh_from_db()
    with pytest.raises(DomainError, match="先重新打开"):
        problems.reopen(part, by=office, reason="又出现了")


def test_links_in_a_circle_are_refused_and_the_text_is_kept(client, problem, township):
    other = make_problem(problem.case, parent=problem)
    client.force_login(township)
    data = {
        "title": "改过的题目",
        "category": problem.category_id,
        "nature": "ordinary",
        "source": "visit",
        "found_on": other.found_on.isoformat(),
        "owner": other.owner_id,
        "deadline": other.deadline.isoformat(),
        "parent": problem.pk,
        "waits_for": [problem.pk],
        "version_seen": 1,
    }
    response = client.post(reverse("rectification:problem_edit", args=[other.pk]), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "互相等待" in page
    assert "改过的题目" in page
    assert not other.waits_for.exists()


def test_a_circle_over_several_problems_is_found(problem):
    second, third = make_problem(problem.case), make_problem(problem.case)
    problem.waits_for.add(second)
    second.waits_for.add(third)
    with pytest.raises(DomainError, match="互相等待"):
        problems.revise_problem(
            third, save=third.save, changes=[], by=problem.holder, waits_for=[problem]
        )


def test_a_problem_of_another_case_is_no_part(problem):
    problem.parent = make_problem(make_case(make_village()))
    with pytest.raises(DomainError, match="同一个村"):
        problems.revise_problem(problem, save=problem.save, changes=[], by=problem.holder)


# --- causes and the two orders --------------------------------------------------------------------


def test_a_cause_stands_apart_from_the_type_in_form_filter_and_export(client, problem, office):
    values = {"name": "宗族派性", "help_field": "law"}
    cause = Cause.objects.get_or_create(code="Y13", defaults=values)[0]
    client.force_login(problem.holder)
    make_category("C07", "村务财务公开和民主管理混乱")
    data = {
        "title": "账目没有公开",
        "category": "C07",
        "nature": "complex",
        "level": "village",
        "source": "visit",
        "found_on": today().isoformat(),
        "owner": make_cadre(problem.case.village.township).pk,
        "deadline": (today() + timedelta(days=30)).isoformat(),
        "cause": cause.pk,
        "cause_note": "两大姓互不相让",
    }
    client.post(reverse("rectification:problem_add", args=[problem.case_id]), data)
    client.force_login(office)
    address = reverse("rectification:problem_list") + "?cause=Y13"
    assert [row.title for row in client.get(address).context["page"]] == ["账目没有公开"]
    book = client.get(reverse("rectification:problem_export") + "?cause=Y13")
    names, values = load_workbook(BytesIO(book.content)).active.values
    row = dict(zip(names, values, strict=True))
    assert (row["成因"], row["成因说明"]) == ("宗族派性", "两大姓互不相让")


def test_what_must_wait_comes_after_what_can_be_closed_next(client, problem, office):
    waits = make_problem(problem.case, title="等人的", deadline=today())
    waits.waits_for.add(problem)
    make_task(problem)
    client.force_login(office)
    page = client.get(reverse("rectification:problem_list")).context["page"]
    assert [row.pk for row in page] == [problem.pk, waits.pk]


def test_the_oldest_hard_problems_stand_beside_the_list(client, problem, office):
    late = make_problem(problem.case, nature="major", found_on=today() - timedelta(days=20))
    old = make_problem(problem.case, is_historical=True, found_on=today() - timedelta(days=900))
    client.force_login(office)
    page = client.get(reverse("rectification:problem_list"))
    assert list(page.context["hardest"]) == [old, late]
    assert "共 900 天" in page.content.decode()
