"""The pages of cases: the list and its export, one case and its tabs, the form of a step."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock
from rectification.choices import CaseStatus, Progress
from rectification.models import Acceptance, Case, CaseEvent, StageAssessment
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_category,
    make_helper,
    make_milestone,
    make_plan,
    make_problem,
    make_slot,
    make_task,
    make_visit,
)
from tests.surveys.factories import make_record

pytestmark = pytest.mark.django_db

S = CaseStatus
DAY = timedelta(days=1)
KEY = "0e7b7cde-6d2b-4b43-9a0e-3f3a1f0f7a11"
LIST = "rectification:case_list"
READERS = [Role.OFFICE, Role.TOWNSHIP, Role.LEADER, Role.HELPER]


def today():
    return clock.today()


@pytest.fixture
def case():
    return make_case(make_village(name="清泉村委会"))


@pytest.fixture
def office(client, case):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


def listed(client, query=""):
    return list(client.get(reverse(LIST) + query).context["page"])


def elsewhere(name="别镇村委会"):
    return make_case(make_village(make_division("990101002"), name))


# --- the list -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"清泉村", "石桥村", "别镇村"}),
        ("?q=清泉", {"清泉村"}),
        ("?q=990101002200", {"别镇村"}),
        ("?q=第2镇 别", {"别镇村"}),
        ("?q=没有这个村", set()),
        ("?township=990101001000", {"清泉村", "石桥村"}),
        ("?status=transformed", {"石桥村"}),
        ("?status=open", {"清泉村", "别镇村"}),
        ("?status=ever_transformed", {"石桥村"}),
        ("?category=C01", {"石桥村"}),
        ("?main_category=C01", {"石桥村"}),
        ("?overdue=1", {"别镇村"}),
        ("?year=1999", {"清泉村", "石桥村", "别镇村"}),
        ("?q=桥&status=transformed&category=C01", {"石桥村"}),
        ("?q=桥&status=open", set()),
    ],
)
def test_case_list_filters_stand_in_the_address_and_hold_for_the_export(
    client, case, office, query, expected
):
    make_case(
        make_village(name="石桥村委会"),
        status=S.TRANSFORMED,
        transformed_on=today(),
        main_category=make_category("C01", "班子不全"),
    )
    late = elsewhere()
    Case.objects.filter(pk=late.pk).update(deadline=today() - DAY)
    assert {str(row.village) for row in listed(client, query)} == expected
    assert {row[2] for row in exported(client, query)} == expected


@pytest.mark.parametrize("sort", ["village", "status", "designated", "deadline"])
def test_case_list_is_sorted_by_the_address_both_ways(client, case, office, sort):
    for days in (3, 1, 2):
        make_case(
            status=[S.INSPECTING, S.APPLIED, S.DESIGNATED][days - 1],
            designated_on=today() - days * DAY,
            deadline=today() + days * DAY,
        )
    field = {
        "village": lambda row: row.village.code,
        "status": lambda row: row.status,
        "designated": lambda row: row.designated_on,
        "deadline": lambda row: row.deadline,
    }[sort]
    up = [field(row) for row in listed(client, f"?sort={sort}")]
    assert up == sorted(up)
    assert [field(row) for row in listed(client, f"?sort=-{sort}")] == up[::-1]
    assert [row[3] for row in exported(client, f"?sort=-{sort}")] == [
        row.village.code for row in listed(client, f"?sort=-{sort}")
    ]


def test_the_case_list_is_sorted_by_the_date_it_shows(client, case, office):
    proposed = make_case(status=S.PROPOSED, deadline=None)
    extended = make_case(
        status=S.EXTENDED, deadline=today(), consolidation_until=today() + 99 * DAY
    )
    soon = make_case(deadline=today() + DAY)
    assert listed(client, "?sort=deadline") == [soon, case, extended, proposed]


def test_the_pages_of_the_case_list_join_without_gap_or_repetition(client, office, monkeypatch):
    monkeypatch.setattr("core.http.PAGE_SIZE", 3)
    for _ in range(7):
        make_case()
    seen = [row.pk for page in (1, 2, 3) for row in listed(client, f"?page={page}&sort=deadline")]
    assert sorted(seen) == sorted(Case.objects.values_list("pk", flat=True))
    page = client.get(reverse(LIST) + "?sort=deadline&q=村").content.decode()
    assert "第 1 / 3 页" in page
    assert f'href="{reverse("rectification:case_export")}?sort=deadline&amp;q=' in page


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.OFFICE, "没有符合条件的整顿档案"),
        (Role.TOWNSHIP, "没有符合条件的整顿档案"),
        (Role.HELPER, "现在没有安排给您的村"),
    ],
)
def test_an_empty_case_list_says_what_belongs_there(client, role, words):
    client.force_login(make_user(role))
    assert words in client.get(reverse(LIST)).content.decode()


def test_the_case_table_alone_answers_htmx(client, case, office):
    part = client.get(reverse(LIST), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "清泉村" in part.content.decode()
    assert "HX-Request" in part["Vary"]


# --- the export -----------------------------------------------------------------------------------


def exported(client, query="", name="rectification:case_export"):
    """The rows of a workbook below its head; no cell is a formula."""
    response = client.get(reverse(name) + query)
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return list(sheet.values)[1:]


def test_a_village_named_like_a_formula_stays_text_in_the_export(client, case, office):
    make_case(make_village(name="=1+1"), minutes_no="@号", source_note="-1")
    [row] = exported(client, "?q==1%2B1")
    assert (row[2], row[10]) == ("=1+1", "@号")


def test_the_export_says_what_the_case_says(client, case, office):
    further = make_category("C01", "班子不全")
    case.further_categories.add(further)
    [row] = exported(client)
    assert row[1:4] == (str(case.village.township), "清泉村", case.village.code)
    assert row[4:7] == ("整顿中", str(case.main_category), str(further))
    assert row[9].date() == case.designated_on
    assert row[12:] == (0, *(None,) * 5)


# --- question 37: nobody sees beyond the own villages ---------------------------------------------


def full_case(village):
    """Make a case with one of everything that has an address."""
    case = make_case(village, status=S.INSPECTING)
    owner = make_cadre(village.township, name="外镇人")
    problem = make_problem(case, owner=owner)
    acceptance = Acceptance.objects.create(case=case, serial=1, applied_on=today())
    return {
        "case_detail": case,
        "problem_detail": problem,
        "task_detail": make_task(problem),
        "plan_detail": make_plan(case),
        "visit_detail": make_visit(case, visitor=owner),
        "acceptance_detail": acceptance,
    }


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.HELPER])
def test_question_37_a_typed_in_address_of_another_village_does_not_exist(client, case, role):
    other = full_case(make_village(make_division("990101002")))
    user = make_helper(case) if role == Role.HELPER else make_user(role)
    client.force_login(user)
    assert client.get(case.get_absolute_url()).status_code == 200
    for name, row in other.items():
        assert client.get(reverse(f"rectification:{name}", args=[row.pk])).status_code == 404, name
    for tab in ("visits", "people", "plan", "surveys", "acceptance", "history"):
        address = f"{other['case_detail'].get_absolute_url()}?tab={tab}"
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "rectification:case_export",
        "rectification:problem_export",
        "rectification:visit_export",
        "rectification:screening_export",
        "rectification:task_export",
        "villages:village_export",
        "surveys:record_export",
    ],
)
def test_question_37_an_export_of_a_township_holds_its_own_villages_alone(client, case, name):
    far = make_village(make_division("990101002"), "别镇村委会")
    for village in (case.village, far):
        made = case if village == case.village else make_case(village)
        make_problem(made)
        make_visit(made)
        make_task(case=made)
        make_record(village)
        made.round.screenings.create(village=village)
    client.force_login(make_user(Role.TOWNSHIP))
    words = "".join(str(cell) for row in exported(client, name=name) for cell in row)
    assert "清泉村" in words
    assert "别镇村" not in words
    client.force_login(make_user(Role.HELPER))
    assert client.get(reverse(name)).status_code == 403


def test_question_37_a_list_holds_the_own_villages_alone(client, case):
    elsewhere()
    beside = make_case()
    client.force_login(make_user(Role.TOWNSHIP))
    assert {row.pk for row in listed(client)} == {case.pk, beside.pk}
    assert listed(client, "?township=990101002000&q=别镇") == []
    helper = make_helper(case)
    client.force_login(helper)
    assert [row.pk for row in listed(client)] == [case.pk]
    case.assignments.update(ended_on=today())
    assert listed(client) == []
    assert client.get(case.get_absolute_url()).status_code == 404


# --- one case -------------------------------------------------------------------------------------

TABS = ["problems", "visits", "people", "plan", "surveys", "acceptance", "history"]


@pytest.mark.parametrize("role", READERS)
def test_case_detail_shows_each_reader_the_tabs_it_may_open(client, case, role):
    client.force_login(make_helper(case) if role == Role.HELPER else make_user(role))
    shown = [tab for tab in TABS if (tab, role) != ("surveys", Role.HELPER)]
    for tab in shown:
        page = client.get(f"{case.get_absolute_url()}?tab={tab}")
        assert list(page.context["tabs"]) == shown
        assert f'href="?tab={tab}#tabs" aria-current="page"' in page.content.decode()
    for tab in {"nonsense", *TABS} - {*shown}:
        assert client.get(f"{case.get_absolute_url()}?tab={tab}").context["tab"] == "problems"


def test_the_township_is_led_to_what_the_next_step_lacks_though_another_takes_it(client):
    case = make_case(status=S.DESIGNATED)
    link = f'href="{case.get_absolute_url()}?tab=plan#tabs"'
    for role, is_led in [(Role.TOWNSHIP, True), (Role.LEADER, False)]:
        client.force_login(make_user(role))
        page = client.get(case.get_absolute_url()).content.decode()
        assert "由组织部办理" in page
        assert "乡镇还没有起草整顿方案" in page
        assert (link in page) == is_led


def test_a_step_that_is_ready_is_a_link_to_its_form(client, case, office):
    page = client.get(case.get_absolute_url()).content.decode()
    assert f'href="{reverse("rectification:case_step", args=[case.pk, "extend"])}"' in page
    assert "由乡镇办理" in page
    assert reverse("rectification:case_step", args=[case.pk, "apply"]) not in page


# --- as many queries for many rows as for few -----------------------------------------------------


def fill(count, helper):
    for _ in range(count):
        case = make_case()
        case.further_categories.add(make_category("C01", "班子不全"))
        make_assignment(case, make_slot(case.round.standard), helper)


def test_case_list_and_export_cost_each_role_the_same_for_15_and_100_rows(client, queries_of):
    users = {role: make_user(role) for role in READERS}
    helper = make_cadre(name="李书记", account=users[Role.HELPER])
    addresses = [(role, reverse(LIST)) for role in READERS]
    exporters = (Role.OFFICE, Role.TOWNSHIP, Role.LEADER)
    addresses += [(role, reverse("rectification:case_export")) for role in exporters]

    def costs():
        found = {}
        for role, address in addresses:
            client.force_login(users[role])
            found[role, address] = queries_of(client, address)
        return found

    fill(15, helper)
    few = costs()
    fill(85, helper)
    assert costs() == few
    assert max(few.values()) <= 9


def fill_case(case, count):
    """Put many of everything into a case."""
    slot = make_slot(case.round.standard)
    for number in range(count):
        cadre = make_cadre(case.village.township, name=f"干部{number}")
        ended = {"started_on": today() - 90 * DAY, "ended_on": today() - DAY}
        make_assignment(case, slot, cadre, **ended)
        problem = make_problem(case, owner=cadre)
        make_task(problem, owner=cadre)
        make_task(case=case, owner=cadre)
        make_visit(case, visitor=cadre).problems.add(problem)
        make_record(case.village)
        make_plan(case, number=case.plans.count() + 1, status="returned")
        by = problem.holder
        told = {"result": Progress.SOME, "meeting": "推进会", "grounds": "有进展", "by": by}
        day = today() - case.assessments.count() * DAY
        StageAssessment.objects.create(case=case, assessed_on=day, **told)
        serial = case.acceptances.count() + 1
        Acceptance.objects.create(
            case=case, serial=serial, applied_on=today(), returned_on=today()
        ).team.add(cadre)
        case.signals.create(kind="other", observed_on=today(), note="苗头", raised_by=by)
        CaseEvent.objects.create(
            case=case, problem=problem, action="x", title="办理", on=today(), by=by
        )
        make_milestone(case, f"key-{case.milestones.count()}")


def test_each_tab_of_a_case_costs_the_same_for_few_and_many_entries(client, queries_of):
    case = make_case()
    users = {role: make_user(role) for role in READERS} | {Role.HELPER: make_helper(case)}

    def costs():
        found = {}
        for role, user in users.items():
            client.force_login(user)
            for tab in TABS:
                found[role, tab] = queries_of(client, f"{case.get_absolute_url()}?tab={tab}")
        return found

    fill_case(case, 2)
    few = costs()
    fill_case(case, 13)
    assert costs() == few
    assert max(few.values()) <= 25
