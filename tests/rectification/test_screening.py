"""Every village's result: who may type it in, what it owes, what it used to be."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core.exceptions import Conflict, DomainError, NotAllowed
from core.forms import KEY_FIELD
from core.models import new_key
from rectification.choices import ScreeningOutcome
from rectification.models import Category, Screening
from rectification.services.screening import enter_screening
from tests.factories import make_district, make_division, make_user, make_village
from tests.rectification.rounds import (
    direct_criterion,
    discretionary_criterion,
    enter,
    list_of,
    office_of,
    publish_standard,
    screening_of,
    send_up,
    start_round,
)

pytestmark = pytest.mark.django_db
LISTED, NOT_LISTED = ScreeningOutcome.LISTED, ScreeningOutcome.NOT_LISTED


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
def clerk(town):
    return make_user(Role.TOWNSHIP, town)


@pytest.fixture
def row(made, village):
    return screening_of(made, village)


def fill_in(**changes):
    return {"outcome": "not_listed", "version_seen": 1, KEY_FIELD: new_key(), **changes}


# --- what a result owes ---------------------------------------------------------------------------


def test_question_05_a_direct_criterion_left_out_demands_a_reason_beside_the_field(
    client, row, clerk, made
):
    client.force_login(clerk)
    data = fill_in(criteria_hit=[direct_criterion(made).pk])
    answer = client.post(row.get_absolute_url(), data)
    assert answer.status_code == 422
    assert "直接认定条件而不列入" in answer.context["form"].errors["reason"][0]
    row.refresh_from_db()
    assert row.outcome == ""
    answer = client.post(row.get_absolute_url(), {**data, "reason": "新书记已于上月到任"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.reason) == (NOT_LISTED, "新书记已于上月到任")


def test_the_rule_holds_without_the_form_too(made, village):
    with pytest.raises(DomainError, match="直接认定条件而不列入"):
        enter(made, village, criteria=[direct_criterion(made)])


def test_listing_without_a_direct_criterion_says_why(made, village):
    hit = [discretionary_criterion(made)]
    with pytest.raises(DomainError, match="没有直接认定条件而列入"):
        enter(made, village, LISTED, criteria=hit, reason=" ")
    assert enter(made, village, LISTED, criteria=hit, reason="群众反映强烈").outcome == LISTED


def test_a_direct_hit_is_listed_without_a_word(made, village):
    row = enter(made, village, LISTED, criteria=[direct_criterion(made)], reason="")
    assert row.outcome == LISTED


def test_a_listed_village_has_a_main_type(client, row, clerk):
    client.force_login(clerk)
    answer = client.post(row.get_absolute_url(), fill_in(outcome="listed", reason="群众意见大"))
    assert answer.status_code == 422
    assert "主要类型" in answer.context["form"].errors["main_category"][0]


def test_criteria_are_those_of_the_rounds_standard(made, village):
    other = publish_standard(year=2019)
    with pytest.raises(DomainError, match="不属于本轮"):
        enter(made, village, criteria=[other.criteria.first()], reason="无")


def test_nobody_types_in_a_continuation(made, village):
    with pytest.raises(DomainError, match="续整由系统"):
        enter(made, village, ScreeningOutcome.CONTINUED)


# --- who ------------------------------------------------------------------------------------------


def test_the_office_may_enter_on_behalf_and_the_row_says_who(client, row):
    office = office_of(make_district())
    client.force_login(office)
    assert client.post(row.get_absolute_url(), fill_in()).status_code == 302
    row.refresh_from_db()
    assert row.entered_by == office


def test_a_leader_reads_and_does_not_write(client, row, made, village):
    leader = make_user(Role.LEADER, make_district())
    client.force_login(leader)
    page = client.get(row.get_absolute_url())
    assert "form-actions" not in page.content.decode()
    assert client.post(row.get_absolute_url(), fill_in()).status_code == 403
    with pytest.raises(NotAllowed):
        enter(made, village, by=leader)


def test_another_townships_village_does_not_exist(client, row):
    client.force_login(make_user(Role.TOWNSHIP, make_division("990101002")))
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.post(row.get_absolute_url(), fill_in()).status_code == 404


def test_a_township_lists_counts_and_exports_its_own_villages_alone(client, made, village, row):
    client.force_login(make_user(Role.TOWNSHIP, make_division("990101002")))
    enter(made, village, LISTED)
    assert not client.get(reverse("rectification:screening_list")).context["page"].object_list
    export = client.get(reverse("rectification:screening_export"))
    assert load_workbook(io.BytesIO(export.content)).active.max_row == 1
    assert not client.get(made.get_absolute_url()).context["listed"]


# --- two people, and the trace --------------------------------------------------------------------


def test_the_second_of_two_people_is_told_and_keeps_the_text(client, row, clerk, made, village):
    client.force_login(clerk)
    enter(made, village, reason="书记已调整")
    answer = client.post(row.get_absolute_url(), fill_in(reason="我写的理由"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的理由" in text
    assert "书记已调整" in text
    row.refresh_from_db()
    assert row.reason == "书记已调整"


def test_a_stale_copy_is_refused(made, village, clerk):
    stale = screening_of(made, village)
    enter(made, village)
    with pytest.raises(Conflict):
        enter_screening(stale, by=clerk, outcome=NOT_LISTED)


def test_one_key_saves_once(client, row, clerk):
    client.force_login(clerk)
    data = fill_in()
    for _ in range(3):
        assert client.post(row.get_absolute_url(), data).status_code == 302
    assert row.history.exclude(outcome="").count() == 1


def test_a_changed_result_keeps_the_former_one(client, row, made, village, clerk):
    enter(made, village, criteria=[direct_criterion(made)], reason="书记空缺两个月，未到三个月")
    enter(
        made,
        village,
        LISTED,
        criteria=[direct_criterion(made), discretionary_criterion(made)],
        reason="",
    )
    client.force_login(clerk)
    history = client.get(row.get_absolute_url()).context["history"]
    assert [past.row.outcome for past in history] == [LISTED, NOT_LISTED]
    assert [past.criteria for past in history] == [[1, 8], [1]]
    assert history[1].row.reason == "书记空缺两个月，未到三个月"


def test_a_village_no_longer_listed_loses_its_types_but_not_their_trace(made, village):
    enter(made, village, LISTED, further_categories=Category.objects.filter(pk="C08"))
    row = enter(made, village, NOT_LISTED)
    assert row.main_category is None
    assert not row.further_categories.exists()
    former = row.history.filter(outcome="listed").first()
    assert former.main_category_id == "C03"


# --- pages ----------------------------------------------------------------------------------------


def test_saving_leads_to_the_next_village_without_a_result(client, town, village, clerk):
    second, third = make_village(town), make_village(town)
    made = start_round()
    enter(made, second)
    client.force_login(clerk)
    answer = client.post(screening_of(made, village).get_absolute_url(), fill_in(next="1"))
    assert answer.url == screening_of(made, third).get_absolute_url()
    answer = client.post(screening_of(made, third).get_absolute_url(), fill_in(next="1"))
    assert answer.url == list_of(made, town).get_absolute_url()


def test_a_sent_list_shows_its_results_without_a_form(client, made, village, clerk, row):
    enter(made, village)
    send_up(made, village.township)
    client.force_login(clerk)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "已经上报" in page
    assert 'name="outcome"' not in page


def test_the_list_shows_what_is_missing_and_where_to_mend_it(client, made, town, clerk, row):
    client.force_login(clerk)
    page = client.get(list_of(made, town).get_absolute_url()).content.decode()
    assert "还有 1 个村没有排查结果" in page
    assert row.get_absolute_url() in page


def test_a_list_that_is_not_ready_refuses_by_its_address_too(client, made, town, clerk):
    client.force_login(clerk)
    address = reverse("rectification:submission_submit", args=[list_of(made, town).pk])
    answer = client.post(address, {"meeting_on": "2026-01-05"})
    assert answer.status_code == 422
    assert "还有 1 个村没有排查结果" in answer.content.decode()


@pytest.fixture
def three(town):
    """One village listed, one left out against a direct criterion, one not looked at."""
    villages = [make_village(town) for _ in range(3)]
    made = start_round()
    enter(made, villages[0], LISTED)
    enter(made, villages[1], criteria=[direct_criterion(made)], reason="书记已到任")
    return villages


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("outcome=none", [2]),
        ("outcome=listed", [0]),
        ("left_out=1", [1]),
        ("category=C03", [0]),
        ("q=第2村", [1]),
        ("", [0, 1, 2]),
    ],
)
def test_filters_live_in_the_address_and_hold_for_the_export(client, three, clerk, query, expected):
    client.force_login(clerk)
    address = reverse("rectification:screening_list")
    shown = [item.village for item in client.get(f"{address}?{query}").context["page"]]
    assert shown == [three[index] for index in expected]
    export = client.get(f"{reverse('rectification:screening_export')}?{query}")
    sheet = load_workbook(io.BytesIO(export.content)).active
    names = [cells[2] for cells in sheet.iter_rows(min_row=2, values_only=True)]
    assert names == [three[index].short_name for index in expected]


def test_htmx_gets_the_table_alone(client, made, clerk):
    client.force_login(clerk)
    answer = client.get(reverse("rectification:screening_list"), headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TOWNSHIP, Role.LEADER])
def test_the_list_costs_the_same_for_15_and_100_villages(client, town, queries_of, role):
    for _ in range(100):
        make_village(town)
    made = start_round()
    rows = made.screenings.order_by("pk")
    area = town if role == Role.TOWNSHIP else make_district()
    client.force_login(make_user(role, area))
    address = f"{reverse('rectification:screening_list')}?outcome=listed"
    counts = []
    for last in (rows[14].pk, rows[99].pk):
        rows.filter(pk__lte=last).update(outcome=LISTED, main_category="C03")
        for row in rows.filter(pk__lte=last):
            row.criteria_hit.add(direct_criterion(made))
        counts.append(queries_of(client, address))
    assert counts[0] == counts[1]
    assert Screening.objects.listed().count() == 100
