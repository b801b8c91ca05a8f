"""The pages of problems: lists, filters, exports and the page of a step."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock
from rectification.choices import ProblemStatus
from rectification.models import Escalation, Problem
from rectification.services import problems
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    make_case,
    make_category,
    make_problem,
    make_task,
)

pytestmark = pytest.mark.django_db

S = ProblemStatus


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


# --- lists ----------------------------------------------------------------------------------------


def test_problem_list_begins_with_what_can_be_closed_next(client, office):
    case = make_case(make_village())
    hard, _easy, done = (make_problem(case, title=name) for name in ("难", "易", "完"))
    make_task(hard)
    Problem.objects.filter(pk=done.pk).update(status=S.HANDED_OVER)
    client.force_login(office)
    page = client.get(reverse("rectification:problem_list")).context["page"]
    titles = [row.title for row in page if row.case_id == case.pk]
    assert titles == ["易", "难", "完"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=水", {"水费"}),
        ("?nature=major", {"水费"}),
        ("?level=district", {"水费"}),
        ("?overdue=1", {"水费"}),
        ("?historical=1", {"水费"}),
        ("?category=C01", {"水费"}),
        ("?status=tracked", {"账目"}),
        ("?status=unfinished", {"水费", "账目"}),
        ("?township=990101001000", {"水费", "账目"}),
        ("", {"水费", "账目"}),
    ],
)
def test_problem_list_filters_stand_in_the_address(client, query, expected):
    case = make_case()
    make_problem(
        case,
        title="水费",
        nature="major",
        level="district",
        deadline=today() - timedelta(days=1),
        is_historical=True,
        category=make_category("C01", "班子不全"),
    )
    make_problem(case, S.TRACKED, title="账目", next_on=today(), decision_no="1 号")
    client.force_login(make_user(Role.OFFICE))
    page = client.get(reverse("rectification:problem_list") + query).context["page"]
    assert {row.title for row in page} == expected


def test_problem_list_shows_nothing_of_another_town(client, problem):
    other = make_problem(make_case(make_village(make_division("990101002"))), title="别的镇")
    client.force_login(problem.holder)
    page = client.get(reverse("rectification:problem_list")).context["page"]
    assert [row.pk for row in page] == [problem.pk]
    assert other.title not in str(page.object_list)


def test_problem_export_holds_exactly_the_rows_of_the_list(client, problem):
    make_problem(problem.case, title="=SUM(1)", nature="major")
    make_problem(make_case(make_village(make_division("990101002"))), nature="major")
    client.force_login(problem.holder)
    response = client.get(reverse("rectification:problem_export") + "?nature=major")
    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert [row[3] for row in rows[1:]] == ["=SUM(1)"]


def test_problem_list_costs_the_same_for_2_rows_and_for_15(client, office, queries_of):
    case = make_case(make_village())
    client.force_login(office)
    address = reverse("rectification:problem_list")
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            make_task(make_problem(case))
        costs.append(queries_of(client, address))
    assert costs[0] == costs[1] <= 12


def test_problem_detail_costs_the_same_for_2_tasks_and_for_15(client, problem, queries_of):
    client.force_login(problem.holder)
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            make_task(problem)
        costs.append(queries_of(client, problem.get_absolute_url()))
    assert costs[0] == costs[1] <= 20


def test_the_table_alone_answers_htmx(client, problem, office):
    client.force_login(office)
    address = reverse("rectification:problem_list")
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


# --- pages ----------------------------------------------------------------------------------------


def test_a_step_page_closes_the_problem(client, problem, office, township):
    problems.request_close(problem, by=township, evidence="已公开")
    client.force_login(office)
    address = reverse("rectification:problem_step", args=[problem.pk, "approve_close"])
    assert "已公开" in client.get(address).content.decode()
    response = client.post(address, {"on": today().isoformat()})
    assert response.url == problem.get_absolute_url()
    problem.refresh_from_db()
    assert problem.status == S.CLOSED


def test_a_step_that_is_not_ready_says_what_is_missing(client, problem, township):
    make_task(problem, measure="公开账目")
    client.force_login(township)
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "任务“公开账目”还没有完成" in page
    address = reverse("rectification:problem_step", args=[problem.pk, "request_close"])
    assert client.get(address).status_code == 422
    response = client.post(address, {"evidence": "写了很久的依据"})
    assert response.status_code == 422
    assert "写了很久的依据" in response.content.decode()


def test_an_unknown_step_does_not_exist(client, problem, township):
    client.force_login(township)
    address = reverse("rectification:problem_step", args=[problem.pk, "explode"])
    assert client.get(address).status_code == 404


def test_one_key_asks_once(client, problem, township):
    client.force_login(township)
    data = {
        "question": "请协调",
        "reply_days": 10,
        "submission_key": "0e7b7cde-6d2b-4b43-9a0e-3f3a1f0f7a11",
    }
    address = reverse("rectification:escalation_add", args=[problem.pk])
    for _ in range(3):
        assert client.post(address, data).status_code == 302
    assert problem.escalations.count() == 1


def test_the_pages_of_a_list_join_without_gap_or_repetition(client, office, monkeypatch):
    monkeypatch.setattr("core.http.PAGE_SIZE", 3)
    case = make_case(make_village())
    for number in range(8):
        row = make_problem(case, title=f"问题{number}")
        for _ in range(number % 3):
            make_task(row)
    client.force_login(office)
    address = reverse("rectification:problem_list")
    seen = []
    for number in (1, 2, 3):
        page = client.get(f"{address}?page={number}").context["page"]
        seen += [row.open_task_count for row in page if row.case_id == case.pk]
    assert seen == [0, 0, 0, 1, 1, 1, 2, 2]


# --- 300 problems in a township -------------------------------------------------------------------


@pytest.fixture
def many(problem):
    """Fill the township up to 300 problems, every third with a question to the township."""
    values = {
        "case": problem.case,
        "category": problem.category,
        "nature": "complex",
        "source": "visit",
        "found_on": problem.found_on,
        "deadline": problem.deadline,
        "owner": problem.owner,
        "holder": problem.holder,
    }

    def fill(total):
        have = Problem.objects.count()
        rows = Problem.objects.bulk_create(
            Problem(number=number + 1, title=f"水费纠纷{number}", **values)
            for number in range(have, total)
        )
        Escalation.objects.bulk_create(
            Escalation(
                problem=row,
                from_level="village",
                to_level="township",
                question="请协调",
                asked_by=problem.holder,
                reply_due_on=today(),
            )
            for row in rows[::3]
        )

    return fill


CEILINGS = {
    "rectification:problem_list": 14,
    "rectification:owed_answers": 9,
    "dashboards:work": 32,
}


@pytest.mark.parametrize("name", CEILINGS)
def test_300_problems_of_a_township_cost_no_more_queries_than_15(
    client, problem, many, queries_of, name
):
    client.force_login(problem.holder)
    costs = []
    for total in (15, 100, 300):
        many(total)
        costs.append(queries_of(client, reverse(name)))
    assert costs[0] == costs[1] == costs[2] <= CEILINGS[name]


def test_a_keystroke_of_search_is_one_request_for_the_table_alone(client, problem, many):
    many(300)
    client.force_login(problem.holder)
    address = reverse("rectification:problem_list")
    page = client.get(address).content.decode()
    assert "input changed delay:400ms from:find input[type=search]" in page
    part = client.get(f"{address}?q=水费纠纷299", headers={"HX-Request": "true"})
    assert [row.title for row in part.context["page"]] == ["水费纠纷299"]
    assert "<html" not in part.content.decode()
