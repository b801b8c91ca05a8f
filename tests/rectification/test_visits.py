"""Visits: one screen, saved once, own or delegated, late ones marked, no photo and no place."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock
from core.exceptions import DomainError, NotAllowed
from rectification.choices import CaseStatus, VisitMode
from rectification.models import Visit
from rectification.services import visits
from rectification.views.visits import visits_tab
from tests.factories import OTHER_DISTRICT, make_district, make_division, make_user, make_village
from tests.rectification.factories import (
    holder_of,
    make_assignment,
    make_cadre,
    make_case,
    make_helper,
    make_problem,
    make_slot,
    make_visit,
)

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
def helper(case):
    return make_helper(case)


def form_data(visitor, **fields):
    return {
        "visited_on": today().isoformat(),
        "visitor": visitor.pk,
        "mode": "own",
        "audiences": ["cadre", "hardship"],
        "households": "3",
        "no_new_problem": "True",
        "findings": "低保评议有意见",
        **fields,
    }


def add(client, case, data):
    return client.post(reverse("rectification:visit_add", args=[case.pk]), data)


# --- entering -------------------------------------------------------------------------------------


def test_question_15_a_visit_is_saved_with_three_facts_and_one_sentence(client, case, helper):
    client.force_login(helper)
    form = client.get(reverse("rectification:visit_add", args=[case.pk])).context["form"]
    assert form["visited_on"].value() == today()
    assert form["visitor"].value() == helper.cadre.pk
    assert form["mode"].value() == VisitMode.OWN

    data = form_data(helper.cadre)
    for optional in ("audiences", "households"):
        del data[optional]
    assert add(client, case, data).status_code == 302

    visit = Visit.objects.get()
    assert (visit.entered_by, visit.households, visit.audiences) == (helper, 0, [])


def test_question_15_nothing_asks_for_a_photo_or_a_place(client, case, township):
    client.force_login(township)
    page = client.get(reverse("rectification:visit_add", args=[case.pk])).content.decode()
    assert 'type="file"' not in page
    assert "multipart" not in page
    assert "geolocation" not in page


def test_the_same_key_posted_three_times_makes_one_visit(client, case, township):
    client.force_login(township)
    data = form_data(make_cadre(case.village.township))
    data["submission_key"] = "6d3b1d0e-93d4-4a7e-8a3f-0d8a4f4f8f11"
    answers = {add(client, case, data).url for _ in range(3)}
    assert answers == {Visit.objects.get().get_absolute_url()}
    assert case.events.filter(action="visit").count() == 1


def test_question_16_a_delegated_visit_names_who_really_went(client, case, township):
    client.force_login(township)
    leader = make_cadre(case.village.township, name="镇领导")
    data = form_data(leader, mode="delegated")
    response = add(client, case, data)
    assert response.status_code == 422
    assert "写明实际到村的人" in response.content.decode()
    add(client, case, {**data, "delegate": "办公室小刘"})
    visit = Visit.objects.get()
    assert (visit.visitor, visit.mode, visit.delegate) == (leader, "delegated", "办公室小刘")


def test_question_16_own_and_delegated_are_told_apart_wherever_visits_are_read(
    client, case, township
):
    make_visit(case, mode=VisitMode.DELEGATED, delegate="办公室小刘")
    client.force_login(township)
    for address in (
        reverse("rectification:visit_list"),
        Visit.objects.get().get_absolute_url(),
    ):
        assert "办公室小刘" in client.get(address).content.decode()
    listed = reverse("rectification:visit_list")
    assert list(client.get(f"{listed}?mode=own").context["page"]) == []
    assert len(client.get(f"{listed}?mode=delegated").context["page"]) == 1


def test_a_person_who_went_in_person_leaves_no_delegate(client, case, township):
    client.force_login(township)
    data = form_data(make_cadre(case.village.township), delegate="误填")
    add(client, case, data)
    assert Visit.objects.get().delegate == ""


def test_a_visit_does_not_lie_in_the_future_nor_before_the_case(client, case, township):
    client.force_login(township)
    visitor = make_cadre(case.village.township)
    for day in (today() + timedelta(days=1), case.proposed_on - timedelta(days=1)):
        response = add(client, case, form_data(visitor, visited_on=day.isoformat()))
        assert response.status_code == 422
        assert "低保评议有意见" in response.content.decode()


def test_a_visit_names_the_open_problems_it_moved(client, case, township):
    problem = make_problem(case)
    client.force_login(township)
    add(client, case, form_data(problem.owner, problems=[problem.pk]))
    assert list(Visit.objects.get().problems.all()) == [problem]
    assert "低保评议有意见" in client.get(problem.get_absolute_url()).content.decode()


def test_a_visit_takes_no_problem_of_another_village(client, case, township):
    other = make_problem(make_case(make_village()))
    client.force_login(township)
    response = add(client, case, form_data(make_cadre(case.village.township), problems=[other.pk]))
    assert response.status_code == 422
    assert not Visit.objects.exists()


def test_a_visit_takes_no_visitor_of_another_town(client, case, township):
    client.force_login(township)
    stranger = make_cadre(make_division("990101002"))
    assert add(client, case, form_data(stranger)).status_code == 422


def test_a_helper_writes_for_those_on_the_case_and_nobody_else(client, case, helper):
    mate = make_cadre(name="同队队员")
    slot = make_slot(case.round.standard, "resident", number=5)
    make_assignment(case, slot, mate)
    client.force_login(helper)
    assert add(client, case, form_data(mate)).status_code == 302
    assert add(client, case, form_data(make_cadre(name="别的干部"))).status_code == 422


def test_a_helper_visits_only_the_villages_of_running_assignments(client, case, helper):
    helper.cadre.assignments.update(ended_on=today())
    client.force_login(helper)
    assert add(client, case, form_data(helper.cadre)).status_code == 404
    assert list(client.get(reverse("rectification:visit_pick")).context["cases"]) == []


@pytest.mark.parametrize(
    ("status", "right"),
    [
        (CaseStatus.PROPOSED, False),
        (CaseStatus.DESIGNATED, True),
        (CaseStatus.TRANSFORMED, True),
        (CaseStatus.RELEASED, False),
    ],
)
def test_villages_are_visited_from_designation_until_release(client, status, right):
    case = make_case(status=status)
    client.force_login(holder_of(case))
    response = add(client, case, form_data(make_cadre(case.village.township)))
    assert response.status_code == (302 if right else 422)


def test_who_last_went_is_offered_first(client, case, township):
    last = make_cadre(case.village.township, name="上次去的")
    make_cadre(case.village.township, name="没去过")
    make_visit(case, visitor=last, entered_by=township)
    client.force_login(township)
    form = client.get(reverse("rectification:visit_add", args=[case.pk])).context["form"]
    assert form["visitor"].value() == last.pk


def test_visit_pick_begins_with_the_own_villages(client, case, helper):
    other = make_case(make_village())
    make_assignment(other, helper.cadre.assignments.get().slot, helper.cadre, ended_on=today())
    client.force_login(holder_of(case))
    cases = client.get(reverse("rectification:visit_pick")).context["cases"]
    assert {row.pk for row in cases} == {case.pk, other.pk}
    client.force_login(helper)
    assert [row.pk for row in client.get(reverse("rectification:visit_pick")).context["cases"]] == [
        case.pk
    ]


# --- late entry -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "late"), [(2, False), (3, True)])
def test_question_21_a_late_entry_is_marked_with_its_real_time(client, case, days, late):
    entered = datetime(2026, 11, 20, 21, 5, tzinfo=clock.zone())
    with clock.set_to(entered):
        visit = make_visit(case, visited_on=date(2026, 11, 20) - timedelta(days=days))
    client.force_login(visit.entered_by)
    pages = [visit.get_absolute_url(), reverse("rectification:visit_list")]
    for address in pages:
        assert ("补录" in client.get(address).content.decode()) == late
    if late:
        assert "录入时间 2026-11-20 21:05" in client.get(pages[0]).content.decode()


def test_question_21_nobody_chooses_the_time_of_entry(client, case, township):
    client.force_login(township)
    data = form_data(make_cadre(case.village.township), entered_at="2020-01-01T00:00")
    add(client, case, data)
    assert Visit.objects.get().days_late == 0


def test_the_limit_of_late_entry_is_the_standards(case):
    case.round.standard.late_entry_days = 9
    case.round.standard.save()
    visit = make_visit(case, visited_on=today() - timedelta(days=5))
    assert not visit.is_late


# --- correcting -----------------------------------------------------------------------------------


def edit(client, visit, **fields):
    data = {**form_data(visit.visitor, findings=visit.findings), **fields}
    data.setdefault("version_seen", visit.version)
    return client.post(reverse("rectification:visit_edit", args=[visit.pk]), data)


def test_a_correction_keeps_the_former_value(client, case, helper):
    visit = make_visit(case, visitor=helper.cadre, entered_by=helper, households=3)
    client.force_login(helper)
    assert edit(client, visit, households="5").status_code == 302
    visit.refresh_from_db()
    assert visit.households == 5
    assert "走访户数：3 → 5" in case.events.get(action="visit_edit").note


def test_a_helper_corrects_only_the_own_entry(client, case, helper, township):
    visit = make_visit(case, visitor=helper.cadre, entered_by=township)
    client.force_login(helper)
    assert edit(client, visit, findings="改掉").status_code == 403
    visit.refresh_from_db()
    assert visit.findings != "改掉"


def test_the_second_of_two_correctors_is_told(client, case, township):
    visit = make_visit(case)
    client.force_login(township)
    edit(client, visit, findings="先保存的")
    response = edit(client, visit, findings="后保存的")
    assert response.status_code == 409
    assert "后保存的" in response.content.decode()
    visit.refresh_from_db()
    assert visit.findings == "先保存的"


def test_a_correction_does_not_move_the_time_of_entry(client, case, township):
    visit = make_visit(case, entered_at=clock.now() - timedelta(days=9))
    client.force_login(township)
    edit(client, visit, findings="补充")
    entered = visit.entered_at
    visit.refresh_from_db()
    assert visit.entered_at == entered


def test_who_has_no_right_saves_nothing(case):
    leader = make_user(Role.LEADER)
    with pytest.raises(NotAllowed):
        visits.add_visit(Visit(case=case), by=leader, problems=[])
    case.status = CaseStatus.ENDED
    with pytest.raises(DomainError):
        visits.add_visit(Visit(case=case), by=holder_of(case), problems=[])


# --- reading --------------------------------------------------------------------------------------


def test_the_tab_says_with_whom_nobody_has_talked(case, township):
    make_visit(case, audiences=["cadre", "veteran_member"])
    tab = visits_tab(case, township)
    assert tab["met"] == ["村干部", "老党员"]
    assert tab["not_met"] == ["村民代表", "群众威信人士", "困难家庭"]


@pytest.mark.parametrize(
    ("query", "count"),
    [("?q=低保", 1), ("?found=1", 1), ("?since=2026-11-01", 1), ("?until=2026-10-31", 1), ("", 2)],
)
def test_visit_list_filters_stand_in_the_address(client, case, query, count):
    make_visit(case, findings="低保评议", no_new_problem=False, visited_on=date(2026, 11, 5))
    make_visit(case, visited_on=date(2026, 10, 5))
    client.force_login(make_user(Role.OFFICE))
    page = client.get(reverse("rectification:visit_list") + query).context["page"]
    assert len(page.object_list) == count


def test_visit_list_and_export_hold_the_same_rows_of_the_own_area(client, case, township):
    visit = make_visit(case, findings="=1+1")
    make_visit(make_case(make_village(make_division("990101002"))), findings="别的镇")
    make_visit(make_case(make_village(make_division(f"{OTHER_DISTRICT}001"))), findings="别的区")
    client.force_login(township)
    page = client.get(reverse("rectification:visit_list")).context["page"]
    assert list(page) == [visit]
    response = client.get(reverse("rectification:visit_export"))
    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert [row[10] for row in rows[1:]] == ["=1+1"]


def test_no_page_ranks_or_counts_persons(client, case, township):
    make_visit(case)
    client.force_login(make_user(Role.OFFICE, make_district()))
    page = client.get(reverse("rectification:visit_list")).content.decode()
    assert "排名" not in page.replace("不排名", "")
    assert "走访次数" not in page


def test_visit_list_costs_the_same_for_2_rows_and_for_15(client, case, township, queries_of):
    client.force_login(township)
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            make_visit(case, visited_on=today() - timedelta(days=9))
        costs.append(queries_of(client, reverse("rectification:visit_list")))
    assert costs[0] == costs[1] <= 10


def test_visit_form_costs_the_same_for_2_problems_and_for_15(client, case, township, queries_of):
    client.force_login(township)
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            make_problem(case)
        costs.append(queries_of(client, reverse("rectification:visit_add", args=[case.pk])))
    assert costs[0] == costs[1] <= 14
