"""What a round puts forward to the standing committee, and when it can close."""

import pytest
from django.urls import reverse

from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseSource, CaseStatus, RoundStatus, ScreeningOutcome
from rectification.models import Case, Category
from rectification.services import cases, rounds
from tests.factories import (
    make_district,
    make_division,
    make_village,
)
from tests.rectification.factories import make_case
from tests.rectification.rounds import (
    enter,
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


@pytest.fixture
def listed(district, town):
    """A round with one village listed and its township's list sent up."""
    village = make_village(town)
    made = start_round(district)
    enter(made, village, LISTED, further_categories=Category.objects.filter(pk="C07"))
    send_up(made, town)
    return made, village


def test_question_04_a_village_has_several_types_and_one_main_type(listed, office):
    """Can one village have several types with one main type?"""
    made, village = listed
    row = screening_of(made, village)
    assert row.main_category_id == "C03"
    (case,) = rounds.propose_listed(made, [row], by=office, on=clock.today())
    assert case.main_category_id == "C03"
    assert [item.pk for item in case.further_categories.all()] == ["C07"]


def test_the_main_type_is_not_counted_twice(district, town):
    village = make_village(town)
    made = start_round(district)
    enter(made, village, LISTED, further_categories=Category.objects.filter(pk__in=["C03", "C08"]))
    row = screening_of(made, village)
    assert [item.pk for item in row.further_categories.all()] == ["C08"]


def test_chosen_villages_are_put_forward_in_one_act_that_says_which(client, district, office, town):
    villages = [make_village(town) for _ in range(3)]
    made = start_round(district)
    for village in villages:
        enter(made, village, LISTED)
    send_up(made, town)
    client.force_login(office)
    address = reverse("rectification:case_propose", args=[made.pk])
    chosen = [screening_of(made, village).pk for village in villages[:2]]
    preview = client.get(address, {"screening": chosen}).content.decode()
    assert "将为下面 2 个村建立整顿档案" in preview
    assert villages[0].short_name in preview
    assert villages[2].short_name not in preview
    assert not Case.objects.exists()
    answer = client.post(address, {"screening": chosen, "on": clock.today()})
    assert answer.status_code == 302
    assert {case.village_id for case in Case.objects.all()} == {v.pk for v in villages[:2]}
    assert set(Case.objects.values_list("status", "source")) == {("proposed", "round")}


def test_a_list_that_is_not_in_yet_is_not_put_forward(district, office, town):
    village = make_village(town)
    made = start_round(district)
    enter(made, village, LISTED)
    with pytest.raises(DomainError, match="还没有上报"):
        rounds.propose_listed(made, [screening_of(made, village)], by=office, on=clock.today())


def test_proposing_is_all_or_nothing(district, office, town):
    listed, left_out = make_village(town), make_village(town)
    made = start_round(district)
    enter(made, listed, LISTED)
    enter(made, left_out)
    send_up(made, town)
    rows = [screening_of(made, listed), screening_of(made, left_out)]
    with pytest.raises(DomainError, match="不在本轮拟列入"):
        rounds.propose_listed(made, rows, by=office, on=clock.today())
    assert not Case.objects.exists()


def test_of_two_people_proposing_one_is_told(listed, office):
    made, village = listed
    row, stale = screening_of(made, village), screening_of(made, village)
    rounds.propose_listed(made, [row], by=office, on=clock.today())
    with pytest.raises(Conflict, match="刚由他人提请"):
        rounds.propose_listed(made, [stale], by=office, on=clock.today())
    assert Case.objects.count() == 1


def test_a_proposed_village_keeps_its_result(listed, office):
    made, village = listed
    rounds.propose_listed(made, [screening_of(made, village)], by=office, on=clock.today())
    item = made.submissions.get()
    rounds.return_submission(item, by=office, reason="补充说明")
    with pytest.raises(DomainError, match="已经提请认定"):
        enter(made, village)


def test_a_village_still_followed_up_comes_back_by_relapse(listed, office):
    made, village = listed
    earlier = make_case(village, status=CaseStatus.TRANSFORMED, round=made)
    Case.objects.filter(pk=earlier.pk).update(round=_earlier_round(made, office))
    with pytest.raises(DomainError, match="认定反弹") as refusal:
        rounds.propose_listed(made, [screening_of(made, village)], by=office, on=clock.today())
    assert refusal.value.link == earlier.get_absolute_url()


def test_a_new_case_links_the_one_before(listed, office):
    made, village = listed
    earlier = make_case(village, status=CaseStatus.RELEASED, round=_earlier_round(made, office))
    (case,) = rounds.propose_listed(
        made, [screening_of(made, village)], by=office, on=clock.today()
    )
    assert case.previous == earlier


def _earlier_round(made, office):
    return rounds.create_round(
        made.district, made.year - 3, by=office, standard=publish_standard(made.district, 2019)
    )


def test_mid_year_cases_name_their_source(district, office, town):
    village = make_village(town)
    made = start_round(district)
    fields = {
        "round": made,
        "by": office,
        "on": clock.today(),
        "main_category": Category.objects.get(pk="C08"),
    }
    with pytest.raises(DomainError, match="来源和理由"):
        rounds.propose_mid_year(village, source_note="", **fields)
    case = rounds.propose_mid_year(village, source_note="区信访局来函", **fields)
    assert (case.source, case.source_note) == (CaseSource.MID_YEAR, "区信访局来函")
    assert case.events.get().note == "区信访局来函"


def test_a_mid_year_village_lies_in_the_rounds_district(district, office, town):
    make_village(town)
    made = start_round(district)
    foreign = make_village(make_division("990102001"))
    with pytest.raises(NotAllowed):
        rounds.propose_mid_year(
            foreign,
            round=made,
            by=office,
            on=clock.today(),
            main_category=Category.objects.get(pk="C08"),
            source_note="来函",
        )


def test_the_mid_year_form_offers_the_own_district_only(client, district, office, town):
    make_village(town)
    made = start_round(district)
    foreign = make_village(make_division("990102001"))
    client.force_login(office)
    data = {
        "village": foreign.pk,
        "round": made.pk,
        "main_category": "C08",
        "source_note": "来函",
        "on": clock.today(),
    }
    assert client.post(reverse("rectification:case_add"), data).status_code == 422
    assert not Case.objects.exists()


# --- closing --------------------------------------------------------------------------------------


def test_a_round_closes_when_lists_are_in_and_proposals_decided(district, office, town):
    village = make_village(town)
    made = start_round(district)
    with pytest.raises(DomainError, match="还没有上报名单"):
        rounds.close_round(made, by=office)
    enter(made, village, LISTED)
    send_up(made, town)
    with pytest.raises(DomainError, match="没有提请认定"):
        rounds.close_round(made, by=office)
    (case,) = rounds.propose_listed(
        made, [screening_of(made, village)], by=office, on=clock.today()
    )
    with pytest.raises(DomainError, match="待常委会审定"):
        rounds.close_round(made, by=office)
    cases.decline(case, by=office, on=clock.today(), minutes_no="纪要〔2026〕5号", note="已好转")
    rounds.close_round(made, by=office)
    made.refresh_from_db()
    assert (made.status, made.closed_on) == (RoundStatus.CLOSED, clock.today())


def test_results_of_a_closed_round_stay(district, office, town):
    village = make_village(town)
    made = start_round(district)
    enter(made, village)
    send_up(made, town)
    rounds.close_round(made, by=office)
    with pytest.raises(DomainError, match="已结束"):
        enter(made, village, LISTED)
