"""Every list, for every role that may open it: as many queries for 100 rows as for 15.

Which pages are lists, and who may open them, is read from the permission matrix, so that a new list
is asked without being named here.
"""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import DistrictSettings
from core import clock
from core.models import AuditEntry, Feedback
from divisions.models import Division
from rectification.choices import CaseStatus
from rectification.models import (
    Cadre,
    Cause,
    DepartmentOpinion,
    Deputy,
    FollowUp,
    Handover,
    Screening,
    Topic,
    TownshipSubmission,
)
from tests.factories import make_division, make_file, make_term, make_user, make_village
from tests.matrix import HELPER, LEADER, OFFICE, ROLES, TOWNSHIP, World
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_category,
    make_measure,
    make_milestone,
    make_plan,
    make_problem,
    make_round,
    make_slot,
    make_task,
    make_visit,
)
from tests.rectification.promises import make_promise
from tests.surveys.factories import make_record
from tests.test_permission_matrix import MATRIX

ENDINGS = ("_list", "_export", "_changelist")
# Lists that are not called so.
FURTHER = {"dashboards:work", "dashboards:linked_cases", "rectification:visit_pick"}
# Lists whose rows are given with the product, or one for each district.
SHORT = {"admin:rectification_category_changelist", "admin:accounts_districtsettings_changelist"}
LISTS = [
    (name, role)
    for name, row in MATRIX.items()
    if not row.args and (name in FURTHER or name.endswith(ENDINGS))
    for role in ROLES
    if row.expected(role) == {200}
]


def fill(world, count):
    """Add so many of everything that stands in a list, all of it in the world's first township."""
    now, today = make_round(world.district), clock.today()
    further = make_category("C01", "班子不全")
    helpers = {
        make_slot(now.standard, f"slot_{role}", number=number): cadre_of(world.user(role))
        for number, role in enumerate((OFFICE, LEADER, HELPER), start=30)
    }
    make_slot(now.standard, "nobody", number=40)
    for _ in range(count):
        village = make_village(world.township)
        make_term(village)
        make_file(village, today.year)
        case = make_case(village, round=now)
        case.further_categories.add(further)
        for slot, cadre in helpers.items():
            make_assignment(case, slot, cadre)
        fill_case(world, case)
        make_record(village, round=now, entered_by=world.office)
        screening = Screening.objects.create(
            round=now, village=village, outcome="listed", main_category=further
        )
        screening.further_categories.add(case.main_category)
        DepartmentOpinion.objects.create(
            round=now,
            village=village,
            department=world.department.department,
            question="是否应当列入",
            asked_by=world.office,
            asked_on=today,
            due_on=today,
        )
    for _ in range(count):
        fill_district(world)


def cadre_of(account):
    found = Cadre.objects.filter(account=account).first()
    return found or make_cadre(account.division, account=account)


def fill_case(world, case):
    """Add to a case one of each thing that is entered in it; the helper holds the work."""
    today, township, helper = clock.today(), world.user(TOWNSHIP), world.user(HELPER)
    owner = make_cadre(world.township)
    problem = make_problem(case, owner=owner, holder=township)
    problem.escalations.create(
        from_level="township",
        to_level="district",
        question="请协调",
        asked_by=township,
        reply_due_on=today,
    )
    make_task(problem, owner=owner, holder=helper)
    make_visit(case, visitor=owner, entered_by=township).problems.add(problem)
    make_plan(case, drafted_by=township, status="submitted")
    make_milestone(case, "four_ones")
    make_promise(case, by=township)
    other = make_cadre(world.township, name="接手人")
    Handover.objects.create(
        problem=problem,
        case=case,
        from_cadre=owner,
        to_cadre=other,
        reason="轮换",
        proposed_by=township,
    )
    Deputy.objects.create(
        cadre=owner,
        deputy=other,
        from_on=today,
        to_on=today,
        planned_to_on=today,
        reason="学习",
        made_by=township,
    )
    problem.topic = Topic.objects.create(
        district=world.district,
        title="土地确权",
        cause_id="Y09",
        question="如何确权",
        department=world.department.department,
        reply_due_on=today,
        made_by=world.office,
    )
    problem.save()
    over = make_case(case.village, CaseStatus.TRANSFORMED, round=case.round, transformed_on=today)
    FollowUp.objects.create(case=over, months=3, due_on=today)


def fill_district(world):
    """Add a past round with the township's list, accounts, opinions and log entries."""
    past = make_round(world.district, 1900 + world.district.rounds.count())
    TownshipSubmission.objects.create(round=past, township=world.township)
    make_measure(world.district, f"第 {past.year} 条措施")
    code = f"Z{world.district.causes.count() + 1:02}"
    Cause.objects.create(code=code, name=f"成因{code}", help_field="law", district=world.district)
    account = make_user(TOWNSHIP, world.township)
    for author in (*(world.user(role) for role in ROLES), account):
        area = author.division_id
        Feedback.objects.create(author=author, area_code=area, text="字太小")
        AuditEntry.objects.create(
            user=author, user_name=author.name, area_code=area, act="core:feedback", result=302
        )
    taken = Division.objects.filter(parent=world.district).count()
    make_division(f"{world.district.code[:6]}{taken + 101:03}")


def rows_of(response):
    """How many rows a list has, those on further pages too."""
    if "attachment" in response.get("Content-Disposition", ""):
        with ZipFile(BytesIO(response.content)) as book:
            return book.read("xl/worksheets/sheet1.xml").count(b"<row ") - 1
    context = response.context
    if "cl" in context:
        return context["cl"].result_count
    if "page" in context:
        return context["page"].paginator.count
    if "total" in context:
        return context["total"]
    return len(context["cases"])


def ask(clients, costs):
    """Ask every list once and note its queries; return how many rows each has."""
    rows = {}
    for name, role in LISTS:
        with CaptureQueriesContext(connection) as caught:
            response = clients[role].get(reverse(name))
        assert response.status_code == 200, (name, role)
        costs[name, role] = len(caught)
        rows[name, role] = rows_of(response)
    return rows


def know_the_rows():
    """Let PostgreSQL plan for the rows of this transaction: its own look at them comes later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")  # else a slow machine writes down that a session is in use
def test_every_list_costs_each_role_as_many_queries_for_100_rows_as_for_15(client_factory):
    world = World()
    clients = {role: client_factory() for role in ROLES}
    for role, client in clients.items():
        client.force_login(world.user(role))
    DistrictSettings.objects.create(division=world.district)
    few, many = {}, {}
    for role, client in clients.items():
        client.get(next(reverse(name) for name, reader in LISTS if reader == role))
    fill(world, 15)
    know_the_rows()
    ask(clients, few)
    fill(world, 85)
    know_the_rows()
    rows = ask(clients, many)
    assert {key: count for key, count in rows.items() if count < 100 and key[0] not in SHORT} == {}
    assert {key: (few[key], many[key]) for key in few if few[key] != many[key]} == {}
