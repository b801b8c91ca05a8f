"""A round from opening to closing: who is on it, whose list is in, what goes to the committee."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, RoundStatus, ScreeningOutcome
from rectification.models import Round, Screening, TownshipSubmission
from rectification.services import rounds, standards
from tests.factories import (
    OTHER_DISTRICT,
    make_district,
    make_division,
    make_user,
    make_village,
)
from tests.rectification.factories import make_case, make_round
from tests.rectification.rounds import (
    enter,
    list_of,
    office_of,
    publish_standard,
    screening_of,
    send_up,
    start_round,
)

pytestmark = pytest.mark.django_db
LISTED = ScreeningOutcome.LISTED


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def office(district):
    return office_of(district)


@pytest.fixture
def town():
    return make_division("990101001")


@pytest.fixture
def other_town():
    return make_division("990101002")


def in_ten_days():
    return clock.today() + timedelta(days=10)


def prepare(district, office, **fields):
    standard = publish_standard(district)
    return rounds.create_round(district, standard.year, by=office, standard=standard, **fields)


# --- opening --------------------------------------------------------------------------------------


def test_question_01_one_act_starts_the_screening_of_every_village(
    client, district, office, town, other_town
):
    """Can I start this year's screening in one action, and see which townships are not finished?"""
    villages = [make_village(town), make_village(town), make_village(other_town)]
    made = prepare(district, office)
    client.force_login(office)
    answer = client.post(
        reverse("rectification:round_open", args=[made.pk]), {"due_on": in_ten_days()}
    )
    assert answer.status_code == 302
    assert Screening.objects.filter(round=made, outcome="").count() == len(villages)
    for village in villages[:2]:
        enter(made, village)
    send_up(made, town)
    page = client.get(made.get_absolute_url())
    standing = {row.submission.township_id: row for row in page.context["townships"]}
    assert (standing[town.code].left, standing[town.code].submission.status) == (0, "submitted")
    assert (standing[other_town.code].left, standing[other_town.code].submission.status) == (
        1,
        "open",
    )
    assert "1 / 2" in page.content.decode()


def test_a_round_opens_on_a_published_standard_only(district, office, town):
    make_village(town)
    draft = standards.copy_shipped(district, 2026, by=office)
    made = rounds.create_round(district, 2026, by=office, standard=draft)
    with pytest.raises(DomainError, match="还没有发布"):
        rounds.open_round(made, by=office)
    assert not made.screenings.exists()


def test_communities_are_screened_only_where_ticked(district, office, town):
    make_village(town)
    make_village(town, code="990101001001", name="富乐社区居委会")
    made = prepare(district, office)
    rounds.open_round(made, by=office)
    assert made.screenings.count() == 1
    second = rounds.create_round(
        district, 2027, by=office, standard=made.standard, includes_communities=True
    )
    rounds.open_round(second, by=office)
    assert second.screenings.count() == 2


def test_villages_that_no_longer_exist_are_not_screened(district, office, town):
    make_village(town)
    make_village(town, valid_to=clock.today() - timedelta(days=1))
    made = prepare(district, office)
    rounds.open_round(made, by=office)
    assert made.screenings.count() == 1


def test_a_village_with_an_open_case_goes_on_and_is_not_listed_anew(district, office, town):
    village = make_village(town)
    make_village(town)
    before = rounds.create_round(
        district, 2020, by=office, standard=publish_standard(district, 2020)
    )
    make_case(village, status=CaseStatus.RECTIFYING, round=before)
    made = start_round(district)
    assert screening_of(made, village).outcome == ScreeningOutcome.CONTINUED
    with pytest.raises(DomainError, match="续整"):
        enter(made, village, LISTED)


def test_only_townships_with_villages_owe_a_list(district, office, town, other_town):
    make_village(town)
    made = start_round(district)
    assert [item.township_id for item in made.submissions.all()] == [town.code]


def test_of_two_people_opening_one_is_told_and_nothing_is_doubled(district, office, town):
    make_village(town)
    made = prepare(district, office)
    stale = Round.objects.get(pk=made.pk)
    rounds.open_round(made, by=office)
    with pytest.raises(Conflict):
        rounds.open_round(stale, by=office)
    assert made.screenings.count() == 1


def test_a_deadline_leaves_three_working_days(district, office, town):
    make_village(town)
    made = prepare(district, office)
    with clock.set_to(clock.today()), pytest.raises(DomainError, match="3 个工作日"):
        rounds.open_round(made, by=office, due_on=clock.today() + timedelta(days=1))
    made.refresh_from_db()
    assert made.status == RoundStatus.PREPARING


def test_a_year_has_one_round(district, office):
    made = prepare(district, office)
    with pytest.raises(DomainError, match="已经建立"):
        rounds.create_round(district, made.year, by=office, standard=made.standard)


def test_a_round_uses_the_standard_of_its_own_district(district, office):
    foreign = publish_standard(make_district(OTHER_DISTRICT))
    with pytest.raises(NotAllowed):
        rounds.create_round(district, 2026, by=office, standard=foreign)


def test_opening_leaves_a_first_trace_of_every_row(district, office, town):
    make_village(town)
    made = start_round(district)
    assert made.screenings.get().history.count() == 1
    assert made.submissions.get().history.count() == 1


# --- the townships' lists -------------------------------------------------------------------------


def test_a_list_goes_up_only_when_every_village_has_a_result(district, town):
    first, second = make_village(town), make_village(town)
    made = start_round(district)
    enter(made, first)
    with pytest.raises(DomainError, match="还有 1 个村没有排查结果") as refusal:
        send_up(made, town)
    assert f"township={town.code}" in refusal.value.link
    enter(made, second)
    assert send_up(made, town).status == "submitted"


def test_an_empty_list_goes_up_too(client, district, office, town):
    village = make_village(town)
    made = start_round(district)
    enter(made, village)
    item = send_up(made, town)
    assert item.meeting_on == clock.today()
    client.force_login(office)
    assert "零报告" in client.get(item.get_absolute_url()).content.decode()


def test_the_township_meeting_is_not_in_the_future(district, town):
    village = make_village(town)
    made = start_round(district)
    enter(made, village)
    with pytest.raises(DomainError, match="不能晚于今天"):
        rounds.submit_township_list(
            list_of(made, town),
            by=make_user(Role.TOWNSHIP, town),
            meeting_on=clock.today() + timedelta(days=1),
        )


def test_of_two_people_sending_a_list_up_one_is_told(district, town):
    village = make_village(town)
    made = start_round(district)
    enter(made, village)
    stale = list_of(made, town)
    send_up(made, town)
    with pytest.raises(Conflict):
        rounds.submit_township_list(
            stale, by=make_user(Role.TOWNSHIP, town), meeting_on=clock.today()
        )


def test_a_returned_list_can_be_mended_and_sent_again(client, district, office, town):
    village = make_village(town)
    made = start_round(district)
    enter(made, village)
    item = send_up(made, town)
    with pytest.raises(DomainError, match="已经上报"):
        enter(made, village, LISTED)
    client.force_login(office)
    address = reverse("rectification:submission_return", args=[item.pk])
    assert client.post(address, {"reason": "请核实该村班子情况"}).status_code == 302
    town_user = make_user(Role.TOWNSHIP, town)
    client.force_login(town_user)
    assert "请核实该村班子情况" in client.get(item.get_absolute_url()).content.decode()
    enter(made, village, LISTED)
    item.refresh_from_db()
    rounds.submit_township_list(item, by=town_user, meeting_on=clock.today())
    statuses = [row.status for row in item.history.order_by("history_id")]
    assert statuses == ["open", "submitted", "returned", "submitted"]


def test_a_township_does_not_return_lists(district, town):
    village = make_village(town)
    made = start_round(district)
    enter(made, village)
    item = send_up(made, town)
    with pytest.raises(NotAllowed):
        rounds.return_submission(item, by=make_user(Role.TOWNSHIP, town), reason="改")


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER, Role.TOWNSHIP])
def test_another_district_sees_nothing_of_a_round(client, district, town, role):
    make_village(town)
    made = start_round(district)
    area = make_district(OTHER_DISTRICT)
    if role == Role.TOWNSHIP:
        area = make_division(f"{OTHER_DISTRICT}001")
    client.force_login(make_user(role, area))
    assert client.get(made.get_absolute_url()).status_code == 404
    assert list(client.get(reverse("rectification:round_list")).context["page"]) == []


def test_a_township_sees_its_own_line_of_a_round(client, district, town, other_town):
    make_village(town)
    make_village(other_town)
    made = start_round(district)
    client.force_login(make_user(Role.TOWNSHIP, town))
    page = client.get(made.get_absolute_url())
    assert [row.submission.township_id for row in page.context["townships"]] == [town.code]
    assert client.get(list_of(made, other_town).get_absolute_url()).status_code == 404


def test_a_rounds_page_costs_the_same_for_15_and_100_listed_villages(
    client, district, office, town, queries_of
):
    for _ in range(100):
        make_village(town)
    made = start_round(district)
    rows = made.screenings.order_by("pk")
    client.force_login(office)
    counts = []
    for last in (rows[14], rows[99]):
        rows.filter(pk__lte=last.pk).update(outcome=LISTED, main_category="C03")
        make_case(last.village, status=CaseStatus.PROPOSED, round=made)
        counts.append(queries_of(client, made.get_absolute_url()))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("townships", [3, 20])
def test_the_lists_of_a_round_cost_the_same_for_few_and_many_townships(
    client, office, district, django_assert_max_num_queries, townships
):
    for number in range(townships):
        make_village(make_division(f"990101{101 + number}"))
    start_round(district)
    client.force_login(office)
    address = reverse("rectification:submission_list")
    client.get(address)
    with django_assert_max_num_queries(6):
        assert len(client.get(address).context["page"].object_list) == townships
    assert TownshipSubmission.objects.count() == townships


def test_the_newest_round_stands_first(client, district):
    for year in (2024, 2026, 2025):
        make_round(district, year)
    client.force_login(make_user(Role.OFFICE, district))
    rows = client.get(reverse("rectification:round_list")).context["page"]
    assert [row.year for row in rows] == [2026, 2025, 2024]
