from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from rectification.choices import CaseStatus, ProblemStatus, RelapseReason
from rectification.models import Case, Problem
from rectification.selectors import comparisons, strip_years
from rectification.views.acceptance import acceptance_tab
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import make_cadre, make_case, make_category

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YEAR = clock.today().year


def strip_of(client, village, role=Role.OFFICE):
    client.force_login(make_user(role))
    return client.get(reverse("rectification:village_strip", args=[village.pk]))


def make_history(village, year, **fields):
    values = {
        "status": CaseStatus.RELEASED,
        "proposed_on": date(year, 2, 1),
        "designated_on": date(year, 3, 1),
        "deadline": date(year, 12, 1),
        "transformed_on": date(year, 11, 1),
        "released_on": date(year + 1, 11, 5),
        **fields,
    }
    return make_case(village, **values)


def make_tracked(case):
    office = make_user(Role.OFFICE)
    return Problem.objects.create(
        case=case,
        number=1,
        title="宅基地历史纠纷",
        category=case.main_category,
        nature="major",
        source="petition",
        found_on=case.designated_on,
        deadline=case.deadline,
        owner=make_cadre(name="李包村"),
        holder=office,
        status=ProblemStatus.TRACKED,
        decision_no="区整顿办〔2026〕2号",
        next_on=clock.today() + 30 * DAY,
    )


def test_question_09_the_strip_spans_ten_years_up_to_this_one(client):
    years = strip_of(client, make_village()).context["strip"].years
    assert years == strip_years() == list(range(YEAR - 9, YEAR + 1))


def test_question_09_the_strip_marks_listed_transformed_and_released_in_their_years(client):
    village = make_village()
    make_history(village, YEAR - 3)
    make_history(village, YEAR - 12)
    strip = strip_of(client, village).context["strip"]
    marks = {
        year: [mark.name for mark in found]
        for year, found in zip(strip.years, strip.marks, strict=True)
        if found
    }
    assert marks == {YEAR - 3: ["列入", "转化"], YEAR - 2: ["出列"]}


def test_a_proposal_that_was_declined_leaves_no_mark(client):
    village = make_village()
    make_case(village, status=CaseStatus.DECLINED)
    assert strip_of(client, village).context["strip"].is_empty


def test_problems_tracked_for_long_stay_with_owner_and_next_date(client):
    village = make_village()
    problem = make_tracked(make_history(village, YEAR - 2))
    page = strip_of(client, village).content.decode()
    assert problem.title in page
    assert "李包村" in page
    assert f"{problem.next_on.month}月{problem.next_on.day}日" in page


def test_the_strip_is_a_part_for_htmx_and_a_page_without(client):
    village = make_village()
    page = strip_of(client, village)
    assert "<html" in page.content.decode()
    address = reverse("rectification:village_strip", args=[village.pk])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_the_strip_of_another_townships_village_does_not_exist(client):
    village = make_village(make_division("990101002"))
    assert strip_of(client, village, Role.TOWNSHIP).status_code == 404


def test_the_strip_takes_as_many_queries_for_one_case_as_for_four(
    client, django_assert_max_num_queries
):
    village = make_village()
    make_history(village, YEAR - 1)
    client.force_login(make_user(Role.OFFICE))
    address = reverse("rectification:village_strip", args=[village.pk])
    client.get(address)  # the session remembers its district from the first page on
    with django_assert_max_num_queries(7) as few:
        client.get(address)
    for years in (3, 5, 7):
        make_history(village, YEAR - years)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


# --- relapse --------------------------------------------------------------------------------------


@pytest.fixture
def relapsed():
    """A relapsed case and the one that followed it, in one village."""
    village = make_village()
    disunity, disclosure = make_category("C03"), make_category("C07", "村务财务不公开")
    earlier = make_history(
        village,
        YEAR - 3,
        status=CaseStatus.RELAPSED,
        relapsed_on=date(YEAR - 1, 3, 1),
        relapse_reason=RelapseReason.SECRETARY,
        main_category=disunity,
        released_on=None,
    )
    later = make_case(village, previous=earlier, main_category=disclosure)
    later.further_categories.add(disunity)
    return earlier, later


@pytest.mark.parametrize("number", [0, 1])
def test_a_relapse_compares_the_causes_from_either_case(relapsed, number):
    [pair] = comparisons(Case.objects.all(), around=relapsed[number])
    assert (pair.earlier, pair.later) == relapsed
    assert not pair.is_same_cause
    assert pair.shared == ["班子不团结、内耗严重"]


def test_a_case_without_relapse_compares_nothing(relapsed):
    assert comparisons(Case.objects.all(), around=make_case()) == []


def test_a_helper_does_not_learn_of_an_earlier_case_of_somebody_else(relapsed):
    assert acceptance_tab(relapsed[1], make_user(Role.HELPER))["comparisons"] == []


def test_question_09_the_strip_shows_the_relapse_and_its_causes(client, relapsed):
    page = strip_of(client, relapsed[0].village)
    assert "反弹" in [mark.name for marks in page.context["strip"].marks for mark in marks]
    assert "书记变动" in page.content.decode()
    assert "部分原因重复" in page.content.decode()
