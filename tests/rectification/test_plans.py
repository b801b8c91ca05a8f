"""The plan: what refuses its approval, by whom, and what it reaches."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, Level, PlanStatus, TaskStatus
from rectification.models import Cadre, Plan
from rectification.services import escalations, plans
from rectification.workflow_problems import PLAN_STEPS, available, missing_for
from tests.factories import make_user
from tests.rectification.factories import (
    holder_of,
    make_assignment,
    make_cadre,
    make_case,
    make_category,
    make_milestone,
    make_plan,
    make_problem,
    make_slot,
    make_task,
)

pytestmark = pytest.mark.django_db

S = PlanStatus
ALLOWED = {
    *product([S.DRAFTING, S.RETURNED], ["submit"], [Role.TOWNSHIP]),
    *product([S.SUBMITTED], ["approve", "return"], [Role.OFFICE]),
}


def today():
    return clock.today()


@pytest.fixture
def case():
    """A designated case with one slot filled and a measure against its main type."""
    case = make_case(status=CaseStatus.DESIGNATED)
    make_assignment(case, make_slot(case.round.standard), make_cadre())
    make_task(case=case)
    return case


@pytest.fixture
def plan(case):
    return make_plan(case, status=S.SUBMITTED)


@pytest.fixture
def office(case):
    return make_user(Role.OFFICE, case.round.district)


def missing(plan, user):
    return [item.text for item in missing_for(plan, PLAN_STEPS["approve"], user)]


@pytest.mark.parametrize(("status", "action", "role"), list(product(PlanStatus, PLAN_STEPS, Role)))
def test_every_status_action_role(status, action, role):
    decided = {"decided_by": make_user(Role.OFFICE)} if status == S.APPROVED else {}
    plan = make_plan(make_case(status=CaseStatus.DESIGNATED), status=status, **decided)
    found = {choice.step.action for choice in available(PLAN_STEPS, plan, make_user(role))}
    assert (action in found) == ((status, action, role) in ALLOWED)


def test_a_complete_plan_is_approved_and_reaches_its_milestone(plan, case, office):
    milestone = make_milestone(case, "plan_approved")
    plans.approve(plan, by=office, note="同意")
    milestone.refresh_from_db()
    assert (plan.status, plan.decided_by, milestone.reached_on) == (S.APPROVED, office, today())


# --- question 12 ----------------------------------------------------------------------------------


def test_question_12_a_main_type_without_a_measure_is_refused(plan, case, office):
    case.tasks.update(status=TaskStatus.DROPPED, end_note="不需要")
    with pytest.raises(DomainError, match="还没有措施") as refusal:
        plans.approve(plan, by=office)
    assert refusal.value.link.endswith(f"?category={case.main_category_id}")


def test_question_12_a_further_type_without_a_measure_is_refused(plan, case, office):
    further = make_category("C09")
    case.further_categories.add(further)
    assert missing(plan, office) == [f"类型“{further}”还没有措施"]


def test_question_12_a_problem_without_a_measure_is_refused(plan, case, office):
    problem = make_problem(case, title="账目不公开")
    assert missing(plan, office) == ["问题“账目不公开”还没有措施"]
    make_task(problem)
    assert missing(plan, office) == []


def test_question_12_a_task_without_a_responsible_person_in_post_is_refused(plan, case, office):
    owner = case.tasks.get().owner
    Cadre.objects.filter(pk=owner.pk).update(to_on=today())
    assert missing(plan, office) == ["任务“公开近三年账目”没有在任的责任人"]


def test_question_12_neither_a_task_nor_a_problem_exists_without_owner_and_deadline(client, case):
    client.force_login(holder_of(case))
    for name in ("problem_add", "task_add"):
        response = client.post(reverse(f"rectification:{name}", args=[case.pk]), {"title": "x"})
        assert response.status_code == 422
        assert {"owner", "deadline"} <= response.context["form"].errors.keys()


def test_question_12_a_problem_of_the_district_needs_its_question(plan, case, office):
    problem = make_problem(case, title="水库产权", level=Level.DISTRICT)
    assert missing(plan, office) == ["问题“水库产权”要由区级解决，还没有写明请求事项"]
    problem.escalations.create(
        from_level=Level.TOWNSHIP,
        to_level=Level.DISTRICT,
        question="请明确产权",
        asked_by=problem.holder,
        reply_due_on=today() + timedelta(days=9),
    )
    assert missing(plan, office) == []


def test_question_12_an_empty_slot_is_refused_unless_the_plan_says_why(plan, case, office):
    make_slot(case.round.standard, "county_leader", number=1, name="县级领导联村")
    assert missing(plan, office) == ["“县级领导联村”还没有安排人（或在方案中写明原因）"]
    plan.slots_reason = "区领导分工调整中"
    assert missing(plan, office) == []


def test_question_12_a_slot_whose_holder_left_counts_as_empty(plan, case, office):
    case.assignments.update(ended_on=today())
    assert missing(plan, office) == ["“第一书记”还没有安排人（或在方案中写明原因）"]


def test_the_drafter_does_not_approve(case, office):
    plan = make_plan(case, status=S.SUBMITTED, drafted_by=office)
    with pytest.raises(DomainError, match="您起草"):
        plans.approve(plan, by=office)


# --- drafting -------------------------------------------------------------------------------------


DRAFT = {"causes": "长期不议事", "goal": "年底转化", "measures": "调整班子"}


def test_a_township_drafts_submits_and_mends_what_was_returned(client, case, office):
    township = holder_of(case)
    client.force_login(township)
    assert client.post(reverse("rectification:plan_add", args=[case.pk]), DRAFT).status_code == 302
    plan = Plan.objects.get()
    assert (plan.number, plan.drafted_by, plan.status) == (1, township, S.DRAFTING)

    client.post(reverse("rectification:plan_submit", args=[plan.pk]))
    client.force_login(office)
    decide = reverse("rectification:plan_decide", args=[plan.pk])
    data = {"decision": "return", "on": today().isoformat(), "note": "目标不具体"}
    assert client.post(decide, data).status_code == 302

    client.force_login(township)
    edit = reverse("rectification:plan_edit", args=[plan.pk])
    plan.refresh_from_db()
    data = {**DRAFT, "goal": "2026年12月底前转化", "version_seen": plan.version}
    assert client.post(edit, data).status_code == 302
    plan.refresh_from_db()
    assert (plan.status, plan.decision_note) == (S.RETURNED, "目标不具体")
    assert plan.history.filter(goal="年底转化").exists()
    plans.submit(plan, by=township)
    assert plan.status == S.SUBMITTED


def test_sending_back_needs_its_reason(client, plan, office):
    client.force_login(office)
    decide = reverse("rectification:plan_decide", args=[plan.pk])
    response = client.post(decide, {"decision": "return", "on": today().isoformat()})
    assert response.status_code == 422
    assert "需要修改什么" in response.content.decode()


def test_an_incomplete_plan_is_refused_on_its_page_with_the_way_to_mend(client, plan, office):
    make_problem(plan.case, title="账目不公开")
    client.force_login(office)
    decide = reverse("rectification:plan_decide", args=[plan.pk])
    response = client.post(decide, {"decision": "approve", "on": today().isoformat()})
    assert response.status_code == 422
    assert "账目不公开" in response.content.decode()
    assert reverse("rectification:task_add", args=[plan.case_id]) in response.content.decode()


def test_a_drafter_is_told_what_the_plan_lacks_and_not_who_approves_it(client, plan, case):
    client.force_login(plan.drafted_by)
    page = client.get(plan.get_absolute_url())
    assert page.context["plan_missing"] == []
    make_problem(case, title="账目不公开")
    page = client.get(plan.get_absolute_url())
    assert [item.text for item in page.context["plan_missing"]] == ["问题“账目不公开”还没有措施"]


def test_a_case_has_one_plan_under_way(plan, case):
    with pytest.raises(DomainError, match="已有"):
        plans.add_plan(Plan(case=case, **DRAFT), by=holder_of(case))


def test_after_an_approved_plan_the_next_one_counts_on(plan, case, office):
    plans.approve(plan, by=office)
    second = plans.add_plan(Plan(case=case, **DRAFT), by=holder_of(case))
    assert second.number == 2


def test_a_submitted_plan_is_not_edited(client, plan):
    client.force_login(plan.drafted_by)
    edit = reverse("rectification:plan_edit", args=[plan.pk])
    assert client.post(edit, {**DRAFT, "version_seen": 1}).status_code == 422


def test_only_the_township_drafts(case, office):
    with pytest.raises(NotAllowed):
        plans.add_plan(Plan(case=case, **DRAFT), by=office)


def test_the_second_of_two_people_is_told(plan, office):
    stale = Plan.objects.get(pk=plan.pk)
    plans.send_back(plan, by=office, reason="目标不具体")
    with pytest.raises(Conflict):
        plans.approve(stale, by=office)
    plan.refresh_from_db()
    assert plan.status == S.RETURNED


def test_plan_detail_shows_people_problems_and_tasks(client, plan, case, office):
    problem = make_problem(case, title="账目不公开")
    make_task(problem, measure="请镇纪委核账")
    client.force_login(office)
    page = client.get(plan.get_absolute_url()).content.decode()
    for words in ("王工作", "账目不公开", "请镇纪委核账", "班子长期不议事"):
        assert words in page


def test_plan_detail_costs_the_same_for_2_problems_and_for_15(client, plan, office, queries_of):
    client.force_login(office)
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            make_task(make_problem(plan.case))
        costs.append(queries_of(client, plan.get_absolute_url()))
    assert costs[0] == costs[1] <= 23


def test_problem_list_milestone_counts_a_question_like_a_task(case):
    milestone = make_milestone(case, "problem_list")
    problem = make_problem(case)
    escalations.escalate(
        problem,
        by=problem.holder,
        question="请协调",
        reply_due_on=today() + timedelta(days=20),
    )
    milestone.refresh_from_db()
    assert milestone.reached_on == today()
