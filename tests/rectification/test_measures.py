"""The library of measures: what each achieved, who edits it, and how a task is taken from it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, NotAllowed
from rectification.choices import CaseStatus, ProblemStatus, TaskStatus
from rectification.models import Cause, Measure
from rectification.selectors_measures import prefilled, results, suggestions
from rectification.services.measures import save_measure
from tests.factories import make_district, make_division, make_user, make_village
from tests.rectification.factories import (
    holder_of,
    make_cadre,
    make_case,
    make_category,
    make_measure,
    make_plan,
    make_problem,
    make_task,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case(status=CaseStatus.DESIGNATED)


@pytest.fixture
def office(case):
    return make_user(Role.OFFICE, case.round.district)


@pytest.fixture
def measure(case):
    return make_measure(case.round.district, "补公开三年账目", result_wanted="张榜公布")


def used(case, measure, *, days=None, **fields):
    """A task from the library; with days its problem was closed so long after its start."""
    problem = make_problem(case)
    task = make_task(problem, library=measure, measure=measure.text, **fields)
    if days is not None:
        type(problem).objects.filter(pk=problem.pk).update(
            status=ProblemStatus.CLOSED,
            closed_on=task.start_on + timedelta(days=days),
            closing_by=make_user(Role.TOWNSHIP),
            closed_by=make_user(Role.OFFICE),
        )
    return task


# --- what a measure achieved ----------------------------------------------------------------------


def test_a_measure_shows_how_often_it_was_used_solved_and_how_long_it_took(case, measure):
    for days in (30, 60, 150):
        used(case, measure, days=days)
    used(case, measure)
    result = results([measure])[measure.pk]
    assert (result.used, result.solved, result.months) == (4, 3, Decimal("2.0"))


def test_a_dropped_task_is_no_use_and_a_finished_one_is_not_yet_solved(case, measure):
    used(case, measure, status=TaskStatus.DROPPED, end_note="不需要")
    used(case, measure, status=TaskStatus.DONE)
    result = results([measure])[measure.pk]
    assert (result.used, result.solved, result.months) == (1, 0, None)


def test_an_unused_measure_has_an_empty_result(measure):
    result = results([measure])[measure.pk]
    assert (result.used, result.solved, result.months) == (0, 0, None)


def test_measure_list_and_detail_tell_the_same_figures(client, case, measure, office):
    for days in (45, 90):
        used(case, measure, days=days)
    client.force_login(office)
    rows = client.get(reverse("rectification:measure_list")).context["rows"]
    assert [(r.result.used, r.result.solved, r.result.months) for r in rows] == [
        (2, 2, Decimal("2.2"))
    ]
    page = client.get(measure.get_absolute_url()).content.decode()
    assert "用过 2 次，解决 2 次，中位 2.2 个月" in page


def test_the_figures_are_the_districts_and_the_tasks_below_the_own(client, case, measure):
    elsewhere = make_case(make_village(make_division(f"{case.village.code[:6]}009"), name="远山村"))
    used(elsewhere, measure, days=60)
    client.force_login(holder_of(case))
    page = client.get(measure.get_absolute_url()).content.decode()
    assert "用过 1 次，解决 1 次" in page
    assert "远山村" not in page


def test_measure_list_costs_the_same_for_2_measures_and_for_15(client, case, office, queries_of):
    client.force_login(office)
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            used(case, make_measure(case.round.district), days=30)
        costs.append(queries_of(client, reverse("rectification:measure_list")))
    assert costs[0] == costs[1] <= 12


def test_measure_list_is_narrowed_by_word_category_cause_and_use(client, case, measure, office):
    cause = Cause.objects.get(pk="Y05")
    other = make_measure(case.round.district, "调解宅基地纠纷", cause=cause, is_in_use=False)
    client.force_login(office)

    def found(**query):
        page = client.get(reverse("rectification:measure_list"), query).context["page"]
        return set(page.object_list)

    assert found() == {measure, other}
    assert found(q="账目") == {measure}
    assert found(category=measure.category_id) == {measure}
    assert found(cause="Y05") == {other}
    assert found(is_in_use="False") == {other}


# --- the office edits it --------------------------------------------------------------------------

FIELDS = {"text": "每月公开收支", "result_wanted": "公示栏可查", "days": "60", "is_in_use": "on"}


def test_the_office_adds_a_measure_to_its_district(client, office):
    make_category("C07", "村务财务公开和民主管理混乱")
    client.force_login(office)
    data = {**FIELDS, "category": "C07", "cause": "Y05"}
    assert client.post(reverse("rectification:measure_add"), data).status_code == 302
    measure = Measure.objects.get()
    assert (measure.district_id, measure.cause_id, measure.days) == (office.division_id, "Y05", 60)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"category": ""}, "category"),
        ({"text": "补公开三年账目"}, "text"),
        ({"text": ""}, "text"),
        ({"days": "0"}, "days"),
    ],
)
def test_a_measure_needs_a_text_of_its_own_an_aim_and_days(client, measure, office, change, field):
    client.force_login(office)
    data = {**FIELDS, "category": measure.category_id, **change}
    response = client.post(reverse("rectification:measure_add"), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Measure.objects.count() == 1


def test_an_edited_measure_keeps_its_former_wording(client, measure, office):
    client.force_login(office)
    address = reverse("rectification:measure_edit", args=[measure.pk])
    data = {**FIELDS, "category": measure.category_id, "version_seen": measure.version}
    assert client.post(address, data).status_code == 302
    page = client.get(measure.get_absolute_url()).content.decode()
    assert "每月公开收支" in page
    assert "补公开三年账目" in page


def test_the_second_of_two_editors_is_told_and_keeps_the_text(client, measure, office):
    client.force_login(office)
    address = reverse("rectification:measure_edit", args=[measure.pk])
    data = {**FIELDS, "category": measure.category_id, "version_seen": measure.version}
    client.post(address, data)
    response = client.post(address, {**data, "text": "另一种写法"})
    assert response.status_code == 409
    assert "另一种写法" in response.content.decode()


def test_a_township_does_not_edit_the_library(case, measure):
    with pytest.raises(NotAllowed):
        save_measure(lambda: measure, by=holder_of(case))


def test_the_same_measure_added_by_two_at_once_is_told_to_the_second(measure, office):
    with pytest.raises(Conflict):
        save_measure(lambda: make_measure(measure.district, measure.text), by=office)
    assert Measure.objects.count() == 1


def test_another_districts_library_does_not_exist(client, office):
    foreign = make_measure(make_district("220101"), "别区的措施")
    client.force_login(office)
    assert client.get(foreign.get_absolute_url()).status_code == 404
    assert "别区的措施" not in client.get(reverse("rectification:measure_list")).content.decode()


# --- choosing for a case --------------------------------------------------------------------------


def names(aims):
    return [(aim.query, [row.measure.text for row in aim.rows]) for aim in aims]


def test_a_case_is_offered_what_suits_its_problems_causes_and_types(case, measure):
    district = case.round.district
    of_cause = make_measure(district, "请审计清理老账", cause_id="Y09")
    of_category = make_measure(district, "理财小组逐月签字", category=make_category("C07"))
    make_measure(district, "停用的", category=make_category("C07"), is_in_use=False)
    make_measure(district, "不相干的", category=make_category("C09"))
    make_measure(make_district("220101"), "别区的", category=make_category("C07"))
    problem = make_problem(case, cause_id="Y09")
    assert names(suggestions(case, holder_of(case))) == [
        (f"problem={problem.pk}", [of_cause.text, of_category.text]),
        (f"category={case.main_category_id}", [measure.text]),
    ]


def test_what_solved_more_comes_first_and_what_is_taken_is_marked(case, measure):
    better = make_measure(case.round.district, "更有效的")
    used(case, better, days=30)
    make_task(case=case, library=measure)
    (aim,) = [a for a in suggestions(case, holder_of(case)) if a.query.startswith("category")]
    assert [(row.measure.text, row.is_taken) for row in aim.rows] == [
        ("更有效的", False),
        (measure.text, True),
    ]


def test_measure_pick_costs_the_same_for_2_problems_and_for_15(client, case, queries_of):
    client.force_login(holder_of(case))
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            used(case, make_measure(case.round.district, category=make_category("C07")))
        costs.append(queries_of(client, reverse("rectification:measure_pick", args=[case.pk])))
    assert costs[0] == costs[1] <= 13


def test_a_task_from_the_library_begins_with_its_words_and_its_deadline(client, case, measure):
    Measure.objects.filter(pk=measure.pk).update(days=250)
    township = holder_of(case)
    owner = make_cadre(case.village.township)
    client.force_login(township)
    picked = client.get(reverse("rectification:measure_pick", args=[case.pk])).content.decode()
    address = reverse("rectification:task_add", args=[case.pk])
    query = f"?category={case.main_category_id}&measure={measure.pk}"
    assert (address + query).replace("&", "&amp;") in picked

    form = client.get(address + query).context["form"]
    due_on = case.designated_on + timedelta(days=250)
    assert [form[name].value() for name in ("measure", "result_wanted", "deadline")] == [
        "补公开三年账目",
        "张榜公布",
        due_on,
    ]
    data = {
        "target": f"c{case.main_category_id}",
        "measure": "补公开近三年账目和合同",
        "owner": owner.pk,
        "start_on": clock.today().isoformat(),
        "deadline": due_on.isoformat(),
    }
    assert client.post(address + query, data).status_code == 302
    task = case.tasks.get()
    assert (task.library, task.measure) == (measure, "补公开近三年账目和合同")


def test_a_deadline_that_has_passed_is_not_offered(case, measure):
    Measure.objects.filter(pk=measure.pk).update(days=10)
    measure.refresh_from_db()
    assert "deadline" not in prefilled(case, measure)


@pytest.mark.parametrize("key", ["x", "0", "999999"])
def test_an_address_with_an_unknown_measure_gives_an_empty_task(client, case, key):
    client.force_login(holder_of(case))
    address = reverse("rectification:task_add", args=[case.pk])
    response = client.get(address, {"measure": key})
    assert response.status_code == 200
    assert response.context["form"]["measure"].value() is None


def test_a_measure_of_another_district_is_not_taken(client, case):
    foreign = make_measure(make_district("220101"), "别区的措施")
    client.force_login(holder_of(case))
    address = reverse("rectification:task_add", args=[case.pk])
    response = client.get(address, {"measure": foreign.pk})
    assert response.context["form"]["measure"].value() is None


def test_the_draft_of_a_plan_shows_the_library_beside_it(client, case, measure):
    client.force_login(holder_of(case))
    for address in (
        reverse("rectification:plan_add", args=[case.pk]),
        reverse("rectification:plan_edit", args=[make_plan(case).pk]),
    ):
        page = client.get(address).content.decode()
        assert "补公开三年账目" in page
        assert f"measure={measure.pk}" in page
