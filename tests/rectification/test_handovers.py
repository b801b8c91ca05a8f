"""移交: until it is accepted an item stays with whom it was; there is always exactly one owner."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from dashboards import work
from rectification.choices import CaseStatus, HandoverStatus, ProblemStatus
from rectification.models import Assignment, Case, CaseEvent, Handover, Problem
from rectification.services import handovers, people
from rectification.workflow_handovers import HANDOVER_STEPS
from rectification.workflow_problems import available
from tests.factories import make_user, make_village
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_helper,
    make_problem,
    make_slot,
    make_task,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case(status=CaseStatus.RECTIFYING)


@pytest.fixture
def office(case):
    return make_user(Role.OFFICE, case.round.district)


@pytest.fixture
def township(case):
    return make_user(Role.TOWNSHIP, case.village.township)


@pytest.fixture
def helper(case):
    """The first secretary's account, on the case."""
    return make_helper(case)


@pytest.fixture
def slot_of_helper(case, helper):
    return case.assignments.get()


@pytest.fixture
def newcomer(case):
    """A helper account whose cadre is on no case."""
    user = make_user(Role.HELPER, case.round.district)
    make_cadre(case.round.district, name="新书记", account=user)
    return user


def pass_on(item, to, by, reason="轮换"):
    return handovers.propose(item, to, by=by, reason=reason)


# --- until accepted, nothing changes --------------------------------------------------------------


def test_until_accepted_a_slot_stays_with_whom_it_was(case, office, slot_of_helper, newcomer):
    pass_on(slot_of_helper, newcomer.cadre, office)
    assert Assignment.objects.running().get() == slot_of_helper
    assert not Case.objects.visible_to(newcomer).exists()


def test_an_accepted_slot_passes_on_one_day_without_a_gap(office, slot_of_helper, newcomer):
    handover = pass_on(slot_of_helper, newcomer.cadre, office)
    handovers.accept(handover, by=newcomer)
    slot_of_helper.refresh_from_db()
    present = Assignment.objects.running().get()
    assert (present.cadre, present.started_on) == (newcomer.cadre, slot_of_helper.ended_on)
    assert slot_of_helper.end_reason == "移交：轮换"


def test_choosing_somebody_grants_exactly_that_case(case, office, slot_of_helper, newcomer):
    other = make_case(make_village(), round=case.round)
    make_problem(other)
    handover = pass_on(slot_of_helper, newcomer.cadre, office)
    handovers.accept(handover, by=newcomer)
    assert list(Case.objects.visible_to(newcomer)) == [case]
    assert not Problem.objects.visible_to(newcomer).exists()


def test_choosing_somebody_for_a_slot_grants_exactly_that_case(case, office, newcomer):
    make_case(make_village(), round=case.round)
    slot = make_slot(case.round.standard)
    people.assign_slot(case, slot, by=office, cadre=newcomer.cadre, started_on=clock.today())
    assert list(Case.objects.visible_to(newcomer)) == [case]
    people.end_assignment(case.assignments.get(), by=office, on=clock.today(), reason="调离")
    assert not Case.objects.visible_to(newcomer).exists()


def test_a_problem_stays_with_its_owner_until_accepted(case, township, helper):
    problem = make_problem(case, holder=township)
    giver = problem.owner
    handover = pass_on(problem, helper.cadre, township)
    problem.refresh_from_db()
    assert (problem.owner, problem.holder) == (giver, township)

    handovers.accept(handover, by=helper)
    problem.refresh_from_db()
    assert (problem.owner, problem.holder) == (helper.cadre, helper)


def test_a_task_passes_to_whom_accepts_it(case, township, helper):
    task = make_task(case=case, holder=township)
    handovers.accept(pass_on(task, helper.cadre, township), by=helper)
    task.refresh_from_db()
    assert (task.owner, task.holder) == (helper.cadre, helper)


def test_a_refused_item_stays_and_the_reason_is_kept(case, township, helper):
    problem = make_problem(case, holder=township)
    handover = handovers.refuse(pass_on(problem, helper.cadre, township), by=helper, reason="外出")
    problem.refresh_from_db()
    assert problem.owner == handover.from_cadre
    assert (handover.status, handover.decision_note) == (HandoverStatus.REFUSED, "外出")
    assert "外出" in CaseEvent.objects.get(action="handover_refuse").note


def test_a_withdrawn_handover_can_no_longer_be_accepted(case, township, helper):
    handover = pass_on(make_problem(case, holder=township), helper.cadre, township)
    stale = Handover.objects.get(pk=handover.pk)
    handovers.withdraw(handover, by=township, reason="改派")
    with pytest.raises(Conflict, match="已撤回"):
        handovers.accept(handover, by=helper)
    with pytest.raises(DomainError):
        handovers.accept(stale, by=helper)
    assert Problem.objects.get().owner == handover.from_cadre


def test_two_answers_at_once_one_wins_and_the_other_is_told(case, township, helper):
    handover = pass_on(make_problem(case, holder=township), helper.cadre, township)
    stale = Handover.objects.get(pk=handover.pk)
    handovers.accept(handover, by=helper)
    with pytest.raises(Conflict, match="刚由他人"):
        handovers.refuse(stale, by=helper, reason="不接")
    assert Handover.objects.get().status == HandoverStatus.ACCEPTED


def test_an_item_is_passed_to_one_at_a_time(case, township, helper):
    problem = make_problem(case, holder=township)
    pass_on(problem, helper.cadre, township)
    with pytest.raises(Conflict, match="等待对方接手"):
        pass_on(problem, make_cadre(case.village.township, name="另一人"), township)


# --- who answers ----------------------------------------------------------------------------------


def test_the_township_accepts_for_whom_has_no_account_and_it_shows(case, township, helper):
    problem = make_problem(case, owner=helper.cadre, holder=helper)
    receiver = make_cadre(case.village.township, name="老王")
    handover = pass_on(problem, receiver, township)
    handovers.accept(handover, by=township)
    problem.refresh_from_db()
    assert (problem.owner, problem.holder) == (receiver, township)
    assert handover.is_answered_for
    assert f"{township.name}代老王" in CaseEvent.objects.get(action="handover_accept").note


@pytest.mark.parametrize("action", ["accept", "refuse"])
def test_nobody_answers_for_whom_has_an_account(case, township, office, helper, action):
    handover = pass_on(make_problem(case, holder=township), helper.cadre, township)
    note = {"note": ""} if action == "accept" else {"reason": "不行"}
    for other in (township, office):
        with pytest.raises(DomainError, match="本人"):
            handovers.ACTS[action](handover, by=other, **note)
    assert Handover.objects.get().is_waiting


def test_a_leader_whose_account_only_reads_is_kept_for_by_the_township(case, office, township):
    leader = make_user(Role.LEADER, case.round.district)
    receiver = make_cadre(case.round.district, name="区领导", account=leader)
    present = make_assignment(case, make_slot(case.round.standard), make_cadre(name="前任"))
    handover = pass_on(present, receiver, office)
    assert not available(HANDOVER_STEPS, handover, leader)
    handovers.accept(handover, by=township)
    assert Assignment.objects.running().get().cadre == receiver


def test_an_account_that_is_switched_off_no_longer_answers(case, township, helper):
    handover = pass_on(make_problem(case, holder=township), helper.cadre, township)
    helper.is_active = False
    helper.save()
    handovers.accept(Handover.objects.for_list().get(), by=township)
    handover.refresh_from_db()
    assert handover.status == HandoverStatus.ACCEPTED


@pytest.mark.parametrize("role", [Role.LEADER, Role.DEPARTMENT, Role.AUDITOR, Role.SYSADMIN])
def test_other_roles_pass_nothing_on(case, role, township):
    with pytest.raises(NotAllowed):
        pass_on(make_problem(case), make_cadre(name="别人"), make_user(role, case.round.district))


def test_a_helper_passes_on_only_what_is_the_own(case, township, helper):
    with pytest.raises(NotAllowed):
        pass_on(make_problem(case, holder=township), make_cadre(name="别人"), helper)
    own = make_problem(case, owner=helper.cadre, holder=helper)
    assert pass_on(own, make_cadre(case.village.township, name="别人"), helper).is_waiting


def test_the_one_asked_sees_the_handover_and_not_the_case(client, office, slot_of_helper, newcomer):
    handover = pass_on(slot_of_helper, newcomer.cadre, office)
    client.force_login(newcomer)
    page = client.get(handover.get_absolute_url())
    assert "接手后可看该村档案" in page.content.decode()
    assert client.get(handover.case.get_absolute_url()).status_code == 404


# --- what becomes of it meanwhile -----------------------------------------------------------------


def test_what_is_over_or_with_somebody_else_can_no_longer_be_taken(case, township, helper):
    problem = make_problem(case, holder=township)
    handover = pass_on(problem, helper.cadre, township)
    Problem.objects.update(owner=make_cadre(name="另定的人"))
    with pytest.raises(DomainError, match="另定责任人"):
        handovers.accept(Handover.objects.for_list().get(), by=helper)
    assert handover.is_waiting
    problem.refresh_from_db()
    again = pass_on(problem, helper.cadre, township)
    handover.refresh_from_db()
    assert (handover.status, again.is_waiting) == (HandoverStatus.WITHDRAWN, True)


@pytest.mark.parametrize("status", [ProblemStatus.CLOSED, ProblemStatus.HANDED_OVER])
def test_what_is_over_is_not_passed_on(case, township, helper, office, status):
    closed = {"closed_by": office, "closing_by": township} if status == "closed" else {}
    problem = make_problem(case, status=status, holder=township, **closed)
    with pytest.raises(DomainError, match="不用移交"):
        pass_on(problem, helper.cadre, township)


def test_who_left_the_post_takes_nothing(case, township):
    gone = make_cadre(case.village.township, name="离任的", to_on=clock.today())
    with pytest.raises(DomainError, match="离任"):
        pass_on(make_problem(case, holder=township), gone, township)


def test_nobody_passes_to_oneself(case, township):
    problem = make_problem(case, holder=township)
    with pytest.raises(DomainError, match="现在就由"):
        pass_on(problem, problem.owner, township)


def test_the_open_items_go_along_with_the_slot(case, office, helper, slot_of_helper, newcomer):
    problem = make_problem(case, owner=helper.cadre, holder=helper)
    task = make_task(case=case, owner=helper.cadre, holder=helper)
    done = make_task(case=case, owner=helper.cadre, holder=helper, status="done")
    handovers.accept(pass_on(slot_of_helper, newcomer.cadre, office), by=newcomer)
    for item in (problem, task, done):
        item.refresh_from_db()
    assert (problem.owner, problem.holder) == (newcomer.cadre, newcomer)
    assert (task.owner, task.holder) == (newcomer.cadre, newcomer)
    assert done.owner == helper.cadre
    assert CaseEvent.objects.filter(action="handover_along").count() == 2


def test_a_units_liaison_passes_on_and_the_unit_stays(case, office, township):
    slot = make_slot(case.round.standard, "paired_unit", kind="unit", name="结对单位")
    people.assign_slot(
        case,
        slot,
        by=office,
        unit_name="区财政局",
        liaison=make_cadre(name="老联络员"),
        started_on=clock.today() - timedelta(days=9),
    )
    new = make_cadre(name="新联络员")
    handovers.accept(pass_on(case.assignments.get(), new, office), by=township)
    present = case.assignments.running().get()
    assert (present.unit_name, present.liaison) == ("区财政局", new)


# --- pages ----------------------------------------------------------------------------------------


def test_a_handover_stands_in_the_list_of_whom_it_waits_for(case, office, township, helper):
    make_user(Role.TOWNSHIP, case.village.township)
    handover = pass_on(make_problem(case, holder=township), helper.cadre, township)
    kept = pass_on(make_problem(case, holder=township), make_cadre(case.village.township), township)
    found = {
        user: [i.address for i in work.items_for(user, clock.today()) if i.noun == "移交责任"]
        for user in (office, township, helper)
    }
    assert found == {
        office: [],
        township: [kept.get_absolute_url()],
        helper: [handover.get_absolute_url()],
    }


def test_the_form_shows_the_load_of_each_candidate(client, case, township, helper):
    make_problem(case, owner=helper.cadre, holder=helper)
    make_task(case=case, owner=helper.cadre, holder=helper)
    problem = make_problem(case, holder=township)
    client.force_login(township)
    page = client.get(reverse("rectification:handover_add", args=["problem", problem.pk]))
    assert "李书记（乡镇党委 组织委员）：在帮 1 村，未结问题 1、任务 1" in page.content.decode()


def test_a_handover_is_proposed_and_accepted_on_its_pages(client, case, township, helper):
    problem = make_problem(case, holder=township)
    client.force_login(township)
    address = reverse("rectification:handover_add", args=["problem", problem.pk])
    client.post(address, {"to_cadre": helper.cadre.pk, "reason": "更熟悉情况"})
    assert "正在移交给李书记" in client.get(problem.get_absolute_url()).content.decode()

    client.force_login(helper)
    step = reverse("rectification:handover_step", args=[Handover.objects.get().pk, "accept"])
    assert client.post(step, {"note": ""}).status_code == 302
    problem.refresh_from_db()
    assert problem.owner == helper.cadre


def test_a_refused_form_keeps_the_text(client, case, township, helper):
    problem = make_problem(case, holder=township)
    pass_on(problem, helper.cadre, township)
    client.force_login(township)
    address = reverse("rectification:handover_add", args=["problem", problem.pk])
    answer = client.post(address, {"to_cadre": helper.cadre.pk, "reason": "再提一次的原因"})
    assert answer.status_code == 409
    assert "再提一次的原因" in answer.content.decode()


def test_an_unknown_kind_or_step_is_not_found(client, case, township, helper):
    client.force_login(township)
    problem = make_problem(case, holder=township)
    kind = reverse("rectification:handover_add", args=["village", problem.pk])
    handover = pass_on(problem, helper.cadre, township)
    step = reverse("rectification:handover_step", args=[handover.pk, "burn"])
    assert [client.get(kind).status_code, client.get(step).status_code] == [404, 404]


def test_the_list_costs_no_more_with_more_rows(client, case, township, helper, queries_of):
    client.force_login(township)
    address = reverse("rectification:handover_list")
    pass_on(make_problem(case, holder=township), helper.cadre, township)
    few = queries_of(client, address)
    for _ in range(15):
        pass_on(make_problem(case, holder=township), helper.cadre, township)
    assert queries_of(client, address) <= few
