"""Every list sorts by what its heads offer, empty values last both ways, and exports that order."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import NamedTuple

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock, http
from rectification.choices import CaseStatus
from rectification.models import DepartmentOpinion, FollowUp, Screening, TownshipSubmission
from rectification.views import follow_ups, opinions, people, rounds, screening, tasks
from tests.factories import make_district, make_division, make_user, make_village
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_category,
    make_round,
    make_task,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def office(client):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


def listed(client, name, query=""):
    return list(client.get(reverse(f"rectification:{name}") + query).context["page"])


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_case_without_the_date_comes_last_both_ways(client, office, sign):
    blank = make_case(status=CaseStatus.PROPOSED, designated_on=None, deadline=None)
    for days in (2, 1):
        make_case(make_village(), designated_on=clock.today() - days * DAY)
    assert [row == blank for row in listed(client, "case_list", f"?sort={sign}designated")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_task_without_progress_comes_last_both_ways(client, office, sign):
    case = make_case()
    blank = make_task(case=case)
    noted = make_task(case=case, last_progress_on=clock.today())
    assert listed(client, "task_list", f"?sort={sign}progress") == [noted, blank]


# --- the lists of work: sort, filters and export --------------------------------------------------


class Kind(NamedTuple):
    """A list: what its heads sort by, and the column of its export that holds a row's name."""

    noun: str
    sorts: dict
    column: int
    name_of: Callable


LISTS = [
    Kind("task", tasks.SORTS, 2, lambda row: row.measure),
    Kind("cadre", people.SORTS, 0, lambda row: row.name),
    Kind("follow_up", follow_ups.SORTS, 1, lambda row: str(row.case.village)),
    Kind("opinion", opinions.SORTS, 4, lambda row: row.question),
    Kind("screening", screening.SORTS, 2, lambda row: str(row.village)),
    Kind("submission", screening.LIST_SORTS, 1, lambda row: str(row.township)),
    Kind("round", rounds.SORTS, 0, lambda row: row.name),
]
EACH_LIST = pytest.mark.parametrize("kind", LISTS, ids=[kind.noun for kind in LISTS])
STATE = {"follow_up": "state=&"}  # without a state: only what is owed


@pytest.fixture
def rows(office):
    """Three of everything, in two townships; each date that may be empty is so in one of them."""
    today, author, by_year = clock.today(), make_user(), make_round()
    for number in range(3):
        town = make_division(f"99010100{number + 1}")
        village = make_village(town, name=f"第{number}村村委会")
        past = make_round(year=2001 + number, name=f"={number} 年轮次", due_on=day(number))
        done = make_case(village, CaseStatus.TRANSFORMED, transformed_on=today)
        cadre = make_cadre(town, name=f"={number}", unit=f"单位{2 - number}")
        fields = {"measure": f"=措施{number}", "owner": cadre, "holder": author}
        make_task(case=make_case(village), last_progress_on=day(number), **fields)
        FollowUp.objects.create(
            case=done, months=3, due_on=today, done_on=day(number), findings="好"
        )
        Screening.objects.create(
            round=by_year, village=village, main_category=make_category() if number else None
        )
        TownshipSubmission.objects.create(round=past, township=town)
        DepartmentOpinion.objects.create(
            round=by_year,
            village=village,
            department="police",
            question=f"=问{number}",
            asked_by=office,
            asked_on=today,
            due_on=today + number * DAY,
            answered_on=day(number),
        )


def day(number):
    return clock.today() - number * DAY if number else None


def exported(client, noun, query=""):
    answer = client.get(reverse(f"rectification:{noun}_export") + query)
    sheet = load_workbook(BytesIO(answer.content)).active
    assert "f" not in {cell.data_type for row in sheet for cell in row}
    return list(sheet.iter_rows(min_row=2, values_only=True))


def value(row, path):
    for name in path.split("__"):
        row = getattr(row, name)
    return row


@EACH_LIST
def test_the_heads_of_a_list_sort_it_both_ways_with_empty_values_last(client, rows, kind):
    state = STATE.get(kind.noun, "")
    page = client.get(reverse(f"rectification:{kind.noun}_list") + f"?{state}").content.decode()
    assert set(re.findall(r"[?;]sort=(\w+)\"", page)) == set(kind.sorts)
    for sort, (path, *_) in kind.sorts.items():
        for sign in ("", "-"):
            found = listed(client, f"{kind.noun}_list", f"?{state}sort={sign}{sort}")
            values = [value(row, path) for row in found]
            filled = [item for item in values if item is not None]
            assert len(found) >= 3
            assert filled == sorted(filled, reverse=bool(sign))
            assert values[: len(filled)] == filled
            names = [
                row[kind.column]
                for row in exported(client, kind.noun, f"?{state}sort={sign}{sort}")
            ]
            assert names == [kind.name_of(row) for row in found]


@pytest.mark.parametrize(
    ("noun", "query", "count"),
    [
        ("task", "q=措施1", 1),
        ("cadre", "q=单位1", 1),
        ("follow_up", "state=done", 2),
        ("follow_up", "", 1),
        ("opinion", "state=done", 2),
        ("opinion", "q=问2", 1),
        ("screening", "township=990101002000", 1),
        ("submission", "township=990101002000", 1),
        ("submission", "year=2002", 1),
        ("submission", "status=late", 2),
        ("submission", "status=submitted", 0),
        ("submission", "q=第2镇", 1),
        ("round", "q=1 年轮次", 1),
        ("round", "status=closed", 0),
    ],
)
def test_a_filter_in_the_address_holds_for_list_and_export(client, rows, noun, query, count):
    assert len(listed(client, f"{noun}_list", f"?{query}")) == count
    assert len(exported(client, noun, f"?{query}")) == count


@EACH_LIST
def test_a_list_names_its_export_only_to_who_may_take_it(client, rows, kind):
    page = client.get(reverse(f"rectification:{kind.noun}_list") + "?sort=x").content.decode()
    assert f'{reverse(f"rectification:{kind.noun}_export")}?sort=x"' in page


def test_a_department_and_a_helper_take_nothing_along(client, rows):
    for role, noun in ((Role.DEPARTMENT, "opinion"), (Role.HELPER, "task")):
        client.force_login(make_user(role, make_district()))
        page = client.get(reverse(f"rectification:{noun}_list"))
        assert page.status_code == 200
        assert reverse(f"rectification:{noun}_export") not in page.content.decode()
        assert client.get(reverse(f"rectification:{noun}_export")).status_code == 403


@EACH_LIST
def test_an_export_holds_nothing_of_another_area(client, rows, kind):
    if kind.noun in {"round", "cadre"}:  # the district's, which its townships see too
        other = make_user(Role.OFFICE, make_division("990102"))
    else:
        other = make_user(Role.TOWNSHIP, make_division("990101009"))
    client.force_login(other)
    if kind.noun == "opinion":
        assert client.get(reverse("rectification:opinion_export")).status_code == 403
    else:
        assert exported(client, kind.noun) == []


def test_rounds_come_in_pages(client, rows, monkeypatch):
    monkeypatch.setattr(http, "PAGE_SIZE", 2)
    first, second = (listed(client, "round_list", f"?page={number}") for number in (1, 2))
    assert len(first) == len(second) == 2
    assert not set(first) & set(second)


def test_no_list_of_persons_or_townships_is_sorted_by_how_much_was_done():
    own = {path for paths in people.SORTS.values() for path in paths}
    lists = {path for paths in screening.LIST_SORTS.values() for path in paths}
    assert own == {"name", "unit", "division_id"}
    assert lists == {"round__year", "township_id", "status", "round__due_on"}
