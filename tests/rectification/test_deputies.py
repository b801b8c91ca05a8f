"""代理: a deputy sees and does what is the absent's, for some days; four eyes hold all the same."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import DomainError, NotAllowed
from core.models import AuditEntry
from dashboards import work
from rectification.choices import CaseStatus, PlanStatus, ProblemStatus
from rectification.models import Case, CaseEvent, Deputy, Problem, Task
from rectification.services import deputies, handovers, plans, problems, tasks
from tests.factories import make_user, make_village
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_helper,
    make_plan,
    make_problem,
    make_slot,
    make_task,
)

pytestmark = pytest.mark.django_db


def in_days(number):
    return clock.today() + timedelta(days=number)


@pytest.fixture
def case():
    return make_case(status=CaseStatus.RECTIFYING)


@pytest.fixture
def office(case):
    return make_user(Role.OFFICE, case.round.district)


@pytest.fixture
def township(case):
    user = make_user(Role.TOWNSHIP, case.village.township, name="张书记")
    make_cadre(case.village.township, name="张书记", account=user)
    return user


@pytest.fixture
def second(case, township):
    """Another account of the township, tied to its own cadre."""
    user = make_user(Role.TOWNSHIP, case.village.township, name="赵委员")
    make_cadre(case.village.township, name="赵委员", account=user)
    return user


@pytest.fixture
def helper(case):
    return make_helper(case)


@pytest.fixture
def stranger(case):
    """A helper account of the district that is on no case."""
    user = make_user(Role.HELPER, case.round.district, name="孙干事")
    make_cadre(case.round.district, name="孙干事", account=user)
    return user


def stand_in(absent, deputy, by, begin=0, days=9):
    return deputies.add_deputy(
        absent, deputy, by=by, from_on=in_days(begin), to_on=in_days(begin + days), reason="学习"
    )


# --- what a deputy sees ---------------------------------------------------------------------------


def test_a_deputy_sees_exactly_the_cases_of_the_absent(case, office, helper, stranger):
    other = make_helper(make_case(make_village(), round=case.round), make_slot(case.round.standard))
    assert not Case.objects.visible_to(stranger).exists()
    stand_in(helper.cadre, stranger.cadre, office)
    assert list(Case.objects.visible_to(stranger)) == [case]
    assert Case.objects.visible_to(other).count() == 1


def test_only_from_the_first_to_the_last_day(case, office, helper, stranger):
    stand_in(helper.cadre, stranger.cadre, office, begin=3, days=4)
    seen = []
    for day in (0, 2, 3, 7, 8):
        with clock.set_to(in_days(day)):
            seen.append(Case.objects.visible_to(stranger).exists())
    assert seen == [False, False, True, True, False]


def test_the_items_of_the_absent_stand_in_the_list_of_the_deputy(case, office, helper, stranger):
    make_problem(case, owner=helper.cadre, holder=helper)
    make_task(case=case, owner=helper.cadre, holder=helper)
    stand_in(helper.cadre, stranger.cadre, office)
    found = [item.text for item in work.items_for(stranger, clock.today())]
    assert len(found) == 2
    assert all("您代理李书记" in text for text in found)
    assert len(work.items_for(helper, clock.today())) == 2


def test_the_owner_and_the_holder_stay(case, office, helper, stranger):
    problem = make_problem(case, owner=helper.cadre, holder=helper)
    stand_in(helper.cadre, stranger.cadre, office)
    problem.refresh_from_db()
    assert (problem.owner, problem.holder) == (helper.cadre, helper)


# --- what shows that somebody acted for somebody --------------------------------------------------


def test_the_event_says_for_whom_the_deputy_acted(client, case, office, helper, stranger):
    task = make_task(case=case, owner=helper.cadre, holder=helper)
    stand_in(helper.cadre, stranger.cadre, office)
    tasks.finish(task, by=stranger, note="办好了")
    event = CaseEvent.objects.get(action="task_finish")
    assert (event.by, event.acted_for) == (stranger, helper.cadre)
    client.force_login(office)
    page = client.get(task.get_absolute_url()).content.decode()
    assert "孙干事（代李书记）" in page


def test_the_log_says_for_whom_the_deputy_acted(client, case, office, helper, stranger):
    task = make_task(case=case, owner=helper.cadre, holder=helper)
    stand_in(helper.cadre, stranger.cadre, office)
    client.force_login(stranger)
    address = reverse("rectification:progress_add", args=[task.pk])
    client.post(address, {"text": "已经公开账目", "on": clock.today()})
    client.post(reverse("core:feedback"), {"text": "很好", "page": "/"})
    entry, other = AuditEntry.objects.filter(user=stranger).order_by("pk")
    assert entry.record == f"pk={task.pk} 代李书记"
    assert "代" not in other.record


def test_what_a_deputy_does_in_the_own_right_is_not_for_anybody(case, office, township, second):
    task = make_task(case=case, owner=second.cadre, holder=second)
    stand_in(township.cadre, second.cadre, office)
    tasks.add_progress(task, by=second, text="自己的事")
    assert CaseEvent.objects.get(action="progress").acted_for is None


def test_a_visit_of_a_deputy_on_no_case_is_for_the_absent(client, case, office, helper, stranger):
    stand_in(helper.cadre, stranger.cadre, office)
    client.force_login(stranger)
    address = reverse("rectification:visit_add", args=[case.pk])
    values = {
        "visited_on": clock.today(),
        "visitor": stranger.cadre.pk,
        "mode": "own",
        "no_new_problem": "True",
        "findings": "看了账目公开栏",
    }
    assert client.post(address, values).status_code == 302
    assert CaseEvent.objects.get(action="visit").acted_for == helper.cadre


# --- four eyes ------------------------------------------------------------------------------------


def asked_to_close(case, owner, by):
    problem = make_problem(case, owner=owner, holder=by)
    return problems.request_close(problem, by=by, evidence="账目已公开")


def test_question_23_the_deputy_of_the_doer_does_not_approve(case, office, township, second):
    stand_in(township.cadre, second.cadre, office)
    problem = asked_to_close(case, township.cadre, township)
    with pytest.raises(DomainError, match="代理关系"):
        problems.approve_close(problem, by=second)
    assert problems.approve_close(problem, by=office).status == ProblemStatus.CLOSED


def test_question_23_the_absent_does_not_approve_what_the_deputy_did(
    case, office, township, second
):
    stand_in(township.cadre, second.cadre, office, days=1)
    problem = asked_to_close(case, township.cadre, second)
    with clock.set_to(in_days(30)), pytest.raises(DomainError, match="代理关系"):
        problems.approve_close(problem, by=township)


def test_question_23_work_on_a_task_bars_the_deputy_too(case, office, township, second):
    problem = make_problem(case, owner=township.cadre, holder=township)
    task = make_task(problem, owner=township.cadre, holder=township)
    tasks.add_progress(task, by=township, text="进了一步")
    tasks.finish(task, by=township)
    problems.request_close(problem, by=office, evidence="账目已公开")
    stand_in(township.cadre, second.cadre, office)
    with pytest.raises(DomainError, match="代理关系"):
        problems.approve_close(problem, by=second)


def test_a_closing_that_no_account_of_the_township_may_approve_is_the_offices(
    case, office, township, second
):
    asked_to_close(case, township.cadre, township)
    lists = {user: work.items_for(user, clock.today()) for user in (office, second)}
    assert [user for user, items in lists.items() if any(i.noun == "销号" for i in items)] == [
        second
    ]
    stand_in(township.cadre, second.cadre, office)
    lists = {user: work.items_for(user, clock.today()) for user in (office, second)}
    assert [user for user, items in lists.items() if any(i.noun == "销号" for i in items)] == [
        office
    ]


def test_the_deputy_of_the_drafter_does_not_approve_the_plan(case, office):
    colleague = make_user(Role.OFFICE, case.round.district)
    for user, name in ((office, "甲"), (colleague, "乙")):
        make_cadre(case.round.district, name=name, account=user)
    plan = make_plan(case, drafted_by=office, status=PlanStatus.SUBMITTED)
    stand_in(office.cadre, colleague.cadre, office)
    with pytest.raises(DomainError, match="代理关系"):
        plans.approve(plan, by=colleague)


# --- who, when ------------------------------------------------------------------------------------


def test_a_deputy_answers_a_handover_for_the_absent(case, office, township, helper, stranger):
    stand_in(helper.cadre, stranger.cadre, office)
    problem = make_problem(case, holder=township)
    handover = handovers.propose(problem, helper.cadre, by=township, reason="轮换")
    handovers.accept(handover, by=stranger)
    problem.refresh_from_db()
    assert problem.owner == helper.cadre
    assert "代李书记" in CaseEvent.objects.get(action="handover_accept").note


@pytest.mark.parametrize("role", [Role.HELPER, Role.LEADER, Role.DEPARTMENT, Role.SYSADMIN])
def test_nobody_else_sets_a_deputy(case, helper, stranger, role):
    with pytest.raises(NotAllowed):
        stand_in(helper.cadre, stranger.cadre, make_user(role, case.round.district))


def test_a_township_sets_deputies_of_its_own_units_alone(case, township, second, helper, stranger):
    with pytest.raises(NotAllowed):
        stand_in(helper.cadre, stranger.cadre, township)
    assert stand_in(township.cadre, second.cadre, township).state == "代理中"


def test_a_deputy_is_of_the_same_division(office, township, stranger):
    with pytest.raises(DomainError, match="同属一个区划"):
        stand_in(township.cadre, stranger.cadre, office)


def test_no_chain_and_no_second_deputy(case, office, township, second):
    third = make_cadre(case.village.township, name="第三人")
    stand_in(township.cadre, second.cadre, office)
    with pytest.raises(DomainError, match="已有代理人"):
        stand_in(township.cadre, third, office, begin=5)
    with pytest.raises(DomainError, match="正在代理别人"):
        stand_in(second.cadre, third, office)
    with pytest.raises(DomainError, match="也由别人代理"):
        stand_in(third, township.cadre, office)
    assert stand_in(township.cadre, third, office, begin=10)


@pytest.mark.parametrize("period", [(-1, 5, "以前办的事"), (0, 300, "最长"), (3, -2, "不能早于")])
def test_a_deputyship_is_neither_backdated_nor_for_ever(office, township, second, period):
    begin, days, words = period
    with pytest.raises(DomainError, match=words):
        stand_in(township.cadre, second.cadre, office, begin=begin, days=days)


def test_who_has_left_neither_has_nor_is_a_deputy(case, office, township):
    gone = make_cadre(case.village.township, name="走了的", to_on=clock.today())
    for pair in ((township.cadre, gone), (gone, township.cadre)):
        with pytest.raises(DomainError, match="离任"):
            stand_in(*pair, office)


def test_an_earlier_end_keeps_the_day_first_set(case, office, helper, stranger):
    made = stand_in(helper.cadre, stranger.cadre, office)
    deputies.end_deputy(made, by=office, on=clock.today())
    made.refresh_from_db()
    assert (made.to_on, made.planned_to_on, made.ended_by) == (clock.today(), in_days(9), office)
    with clock.set_to(in_days(1)):
        assert not Case.objects.visible_to(stranger).exists()
    with pytest.raises(DomainError):
        deputies.end_deputy(made, by=office, on=in_days(20))


def test_a_deputyship_stands_in_the_record_of_the_case(case, office, helper, stranger):
    stand_in(helper.cadre, stranger.cadre, office)
    assert "孙干事代李书记" in CaseEvent.objects.get(case=case, action="deputy").note


# --- pages ----------------------------------------------------------------------------------------


def test_a_deputy_is_set_and_ended_on_the_page_of_the_cadre(client, office, helper, stranger):
    client.force_login(office)
    address = reverse("rectification:deputy_add", args=[helper.cadre.pk])
    values = {"deputy": stranger.cadre.pk, "from_on": in_days(0), "to_on": in_days(9)}
    assert client.post(address, {**values, "reason": ""}).status_code == 422
    client.post(address, {**values, "reason": "党校学习"})
    page = client.get(helper.cadre.get_absolute_url()).content.decode()
    assert "党校学习" in page
    end = reverse("rectification:deputy_end", args=[Deputy.objects.get().pk])
    assert end in page
    assert client.post(end, {"on": in_days(2)}).status_code == 302
    assert Deputy.objects.get().to_on == in_days(2)


def test_the_form_offers_the_cadres_of_the_same_division(client, office, helper, township):
    client.force_login(office)
    page = client.get(reverse("rectification:deputy_add", args=[helper.cadre.pk]))
    assert "张书记" not in page.content.decode()


def test_deputies_do_not_change_what_others_see(case, office, helper, stranger, township):
    make_problem(case, holder=township)
    before = (Problem.objects.visible_to(township).count(), Task.objects.count())
    stand_in(helper.cadre, stranger.cadre, office)
    assert (Problem.objects.visible_to(township).count(), Task.objects.count()) == before


def test_the_list_of_deputies_filters_by_time(client, case, office, helper, stranger):
    stand_in(helper.cadre, stranger.cadre, office)
    client.force_login(office)
    address = reverse("rectification:deputy_list")
    assert "孙干事" in client.get(address, {"when": "now"}).content.decode()
    assert "孙干事" not in client.get(address, {"when": "past"}).content.decode()
