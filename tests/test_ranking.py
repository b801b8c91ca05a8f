"""底线: no page and no export puts persons or townships in the order of counted activity.

Asked in two ways, of every page, every export and every sort of each: by the queries whose rows
are read, and by what stands on the page, which also finds an order made in Python.
"""

import re
from datetime import timedelta
from importlib import import_module
from io import BytesIO
from itertools import permutations

import pytest
from django.apps import apps
from django.db.models import Aggregate, F, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.urls import get_resolver, resolve, reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock
from dashboards import selectors
from dashboards.selectors import records_of, tiles
from rectification.models import HelpItem, TaskProgress
from tests.dashboards.scene import TODAY
from tests.factories import make_district, make_division, make_user, make_village
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_problem,
    make_round,
    make_slot,
    make_task,
    make_visit,
)
from tests.rectification.promises import make_promise

APPS = ("rectification", "villages", "surveys", "dashboards", "core")
# Problems by what can be closed next, and causes by the villages they trouble: both order the work,
# neither counts what a person or a township did.
BY_COUNT = {("rectification.Problem", "open_task_count"), ("rectification.Problem", "villages")}
# Exports that a role may not open.
CLOSED = {
    Role.OFFICE: set(),
    Role.LEADER: {"opinion_export", "cadre_export", "follow_up_export"},
    Role.TOWNSHIP: {"opinion_export"},
}
# How much was done in each township of the scene and by its cadre; the codes go A, B, C.
DONE = {"A": 1, "B": 3, "C": 2}
BY_DONE = {tuple("BCA"), tuple("ACB")}


# --- what a query orders by -----------------------------------------------------------------------


def counts(expression):
    """Whether a number is counted or summed anywhere in an expression."""
    if isinstance(expression, Aggregate):
        return expression.name in {"Count", "Sum", "Avg"}
    if isinstance(expression, Subquery):
        return any(counts(part) for part in expression.query.annotations.values())
    return any(counts(part) for part in expression.get_source_expressions() if part is not None)


def terms(rows):
    """The names and expressions a query orders by."""
    for term in rows.query.order_by:
        expression = term.expression if isinstance(term, OrderBy) else term
        name = expression.name if isinstance(expression, F) else expression
        yield name.lstrip("-") if isinstance(name, str) else name


def ranked(rows):
    """The counts by which a query orders its rows."""
    for name in terms(rows):
        expression = rows.query.annotations.get(name) if isinstance(name, str) else name
        if expression is not None and counts(expression):
            yield rows.model._meta.label, str(name)


# --- what stands on a page ------------------------------------------------------------------------

MARK = re.compile(r"([ABC])(?:镇|村|干部)")
CONTROLS = re.compile(r"<(form|select|nav|header)\b.*?</\1>", re.DOTALL)
LISTING = re.compile(r"<(tbody|ul|ol|dl)\b[^>]*>(.*?)</\1>", re.DOTALL)


def order_in(texts):
    """In which order the three townships, or what belongs to them, come up for the first time."""
    return tuple(dict.fromkeys(mark for text in texts for mark in MARK.findall(text)))


def orders_of(response):
    """The order in each list and table of a page, or in each sheet of an export."""
    if "spreadsheet" in response["Content-Type"]:
        book = load_workbook(BytesIO(response.content))
        return [
            order_in(str(cell) for row in sheet.values for cell in row) for sheet in book.worksheets
        ]
    if "html" not in response["Content-Type"]:
        return []
    page = CONTROLS.sub("", response.content.decode())
    return [order_in([found[2]]) for found in LISTING.finditer(page)]


# --- the walk -------------------------------------------------------------------------------------


def names_of(namespace):
    _, space = get_resolver().namespace_dict[namespace]
    for name in {key for key in space.reverse_dict if isinstance(key, str)}:
        yield name, space.reverse_dict.getlist(name)[0][0][0][1]


def pages(**rows):
    """The address of every page and export that needs no object, or one of those given."""
    for namespace in APPS:
        for name, params in names_of(namespace):
            row = rows.get(name.split("_")[0])
            if not params:
                yield reverse(f"{namespace}:{name}")
            elif row is not None and len(params) == 1:
                yield reverse(f"{namespace}:{name}", args=[row.pk])


def sorts_of(address):
    """The sorts that the module of a view knows, by name, each with the column it begins with."""
    module = import_module(resolve(address).func.__module__)
    tables = [value for name, value in vars(module).items() if name.endswith("SORTS")]
    return {name: paths[0] for table in tables for name, paths in table.items()}


@pytest.fixture
def asked(monkeypatch):
    """Collect every query whose rows are read, for a list or one by one."""
    found = []

    def spy_on(name):
        method = getattr(QuerySet, name)

        def spy(rows, *args, **options):
            found.append(rows)
            return method(rows, *args, **options)

        monkeypatch.setattr(QuerySet, name, spy)

    spy_on("_fetch_all")
    spy_on("iterator")
    return found


@pytest.fixture
def scene():
    """Three townships alike in everything but how much was done there."""
    district = make_district(townships=0)
    now, today = make_round(district), clock.today()
    slot = make_slot(now.standard)
    for number, (mark, done) in enumerate(DONE.items(), start=1):
        township = make_division(f"{district.code[:6]}00{number}", f"{mark}镇")
        user = make_user(Role.TOWNSHIP, township)
        cadre = make_cadre(township, name=f"{mark}干部", unit="乡镇党委")
        for _ in range(done):
            case = make_case(make_village(township, f"{mark}村村委会"), round=now)
            do_one_of_each(case, cadre, user, today)
            make_assignment(case, slot, cadre)
    return case


def do_one_of_each(case, cadre, user, today):
    problem = make_problem(case, owner=cadre, holder=user)
    task = make_task(problem, owner=cadre, holder=user)
    TaskProgress.objects.create(task=task, on=today, text="已公示", by=user)
    make_visit(case, visitor=cadre, entered_by=user).problems.add(problem)
    make_promise(case, by=user)
    common = {"case": case, "kind": "team", "what": "谈心", "cadre": cadre, "entered_by": user}
    HelpItem.objects.create(on=today, **common)
    problem.escalations.create(
        from_level="township",
        to_level="district",
        question="请协调",
        asked_by=user,
        reply_due_on=today + timedelta(days=9),
    )


class Walk:
    """Opens pages and notes what was opened, sorted, and found in the order of what was done."""

    def __init__(self, client, asked):
        self.client, self.asked = client, asked
        self.opened, self.wrong = set(), set()
        self.known, self.sorted = set(), set()
        self.compared = 0  # lists in which all three townships came up

    def open(self, address):
        if not self.look(address):
            return
        self.opened.add(resolve(address).url_name)
        if not resolve(address).url_name.endswith(("_list", "_export")):
            return
        module = resolve(address).func.__module__
        for name, column in sorts_of(address).items():
            self.known.add((module, name))
            self.look(f"{address}?sort=-{name}")
            if any(column in list(terms(rows)) for rows in self.asked):
                self.sorted.add((module, name))

    def look(self, address):
        self.asked.clear()
        response = self.client.get(address)
        if response.status_code != 200:
            return False
        orders = orders_of(response)
        self.compared += sum(set(order) == set(DONE) for order in orders)
        found = {item for rows in self.asked for item in ranked(rows)} - BY_COUNT
        found |= set(orders) & BY_DONE
        self.wrong |= {(address, item) for item in found}
        return True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "compared"), [(Role.OFFICE, 50), (Role.LEADER, 40), (Role.TOWNSHIP, 0)]
)
def test_question_38_no_page_or_export_ranks_by_counts(client, asked, scene, role, compared):
    township = scene.village.township
    client.force_login(make_user(role, township if role == Role.TOWNSHIP else None))
    walk = Walk(client, asked)
    for address in pages(round=scene.round, case=scene, cadre=scene.assignments.get().cadre):
        walk.open(address)
    assert walk.wrong == set()
    # What follows says that the walk looked: at each export, each sort, and lists of all three.
    exports = {name for app in APPS for name, _ in names_of(app) if name.endswith("_export")}
    assert exports - walk.opened == CLOSED[role]
    assert walk.known - walk.sorted == set()
    assert walk.compared >= compared


@pytest.mark.django_db
def test_question_38_the_townships_stand_in_the_order_of_their_codes():
    district = make_district(townships=3)
    for number, cases in ((1, 1), (2, 3), (3, 2)):
        for _ in range(cases):
            make_problem(make_case(make_village(make_division(f"{district.code[:6]}00{number}"))))
    office = make_user(Role.OFFICE, district)
    board = tiles(records_of(office, year=None, day=TODAY))
    codes = [tile.area.code for tile in board]
    assert codes == sorted(codes)
    assert len(codes) == 3


# --- that the search finds one --------------------------------------------------------------------


def test_the_search_for_rankings_finds_one():
    cadres = apps.get_model("rectification", "Cadre").objects.with_load()
    assert list(ranked(cadres.order_by("-problem_count"))) == [
        ("rectification.Cadre", "problem_count")
    ]
    assert list(ranked(cadres.order_by("name"))) == []


def test_the_reading_of_a_page_finds_a_ranking():
    rows = [f"<tr><td>{mark}镇</td><td>{DONE[mark]}</td></tr>" for mark in "BCA"]
    page = f"<select><option>A镇<option>B镇</select><tbody>{''.join(rows)}</tbody>"
    listing = LISTING.search(CONTROLS.sub("", page))
    assert order_in([listing[2]]) in BY_DONE
    ranks = {tuple(sorted(DONE, key=DONE.get, reverse=down)) for down in (True, False)}
    assert ranks == BY_DONE
    assert len(BY_DONE & set(permutations("ABC"))) == 2


@pytest.mark.django_db
def test_the_walk_finds_an_order_made_in_python(client, asked, scene, monkeypatch):
    def by_problems(records):
        return sorted(tiles(records), key=lambda tile: -tile.working.value)

    monkeypatch.setattr(selectors, "tiles", by_problems)
    client.force_login(make_user(Role.LEADER))
    walk = Walk(client, asked)
    walk.open(reverse("dashboards:dashboard"))
    assert {found for _, found in walk.wrong} == {tuple("BCA")}
