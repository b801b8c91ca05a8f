"""Who fills the four ones, and who holds what a cadre owns."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus
from rectification.models import Assignment, Cadre, Case, Problem, StandardSlot
from rectification.services import cases, people
from rectification.services.holders import holder_for
from rectification.views.people import people_tab
from tests.factories import OTHER_DISTRICT, make_district, make_division, make_user, make_village
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_helper,
    make_milestone,
    make_problem,
    make_slot,
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
def township(case):
    return make_user(Role.TOWNSHIP, case.village.township)


def today():
    return clock.today()


# --- slots ----------------------------------------------------------------------------------------


def test_question_11_a_change_of_person_keeps_the_history_with_dates(case, office):
    slot = make_slot(case.round.standard)
    old, new = make_cadre(name="前任"), make_cadre(name="后任")
    begun = today() - timedelta(days=50)
    people.assign_slot(case, slot, by=office, cadre=old, started_on=begun)

    people.assign_slot(case, slot, by=office, cadre=new, started_on=today(), reason="轮换")

    former, present = Assignment.objects.order_by("started_on")
    assert (former.cadre, former.started_on, former.ended_on) == (old, begun, today())
    assert former.end_reason == "轮换"
    assert (present.cadre, present.ended_on) == (new, None)


def test_question_11_one_leader_can_hold_several_villages(case, office):
    slot, leader = make_slot(case.round.standard), make_cadre(name="区领导")
    other = make_case(make_village(), status=CaseStatus.DESIGNATED)
    people.assign_slot(case, slot, by=office, cadre=leader, started_on=today())
    people.assign_slot(other, slot, by=office, cadre=leader, started_on=today())
    assert leader.assignments.running().count() == 2


def test_question_10_an_empty_slot_shows_the_days_since_designation(case, office):
    make_slot(case.round.standard)
    tab = people_tab(case, office)
    assert [row.present for row in tab["slot_rows"]] == [None]
    assert tab["days_empty"] == 190


def test_the_milestone_is_reached_on_the_day_the_last_slot_is_filled(case, office):
    milestone = make_milestone(case, "four_ones")
    secretary = make_slot(case.round.standard)
    unit = make_slot(
        case.round.standard, "paired_unit", kind=StandardSlot.Kind.UNIT, number=4, name="结对单位"
    )
    make_slot(case.round.standard, "resident", number=5, is_enabled=False)
    people.assign_slot(
        case, secretary, by=office, cadre=make_cadre(), started_on=today() - timedelta(days=20)
    )
    milestone.refresh_from_db()
    assert milestone.reached_on is None

    filled = today() - timedelta(days=10)
    people.assign_slot(case, unit, by=office, unit_name="区农业农村局", started_on=filled)

    milestone.refresh_from_db()
    assert milestone.reached_on == filled


@pytest.mark.parametrize("status", [CaseStatus.PROPOSED, CaseStatus.TRANSFORMED, CaseStatus.ENDED])
def test_slots_are_filled_between_designation_and_the_end(status):
    case = make_case(status=status)
    slot, office = make_slot(case.round.standard), make_user(Role.OFFICE, case.round.district)
    with pytest.raises(DomainError, match="认定之后"):
        people.assign_slot(case, slot, by=office, cadre=make_cadre(), started_on=today())


def test_a_slot_wants_what_its_kind_says(case, office):
    unit = make_slot(case.round.standard, "unit", kind=StandardSlot.Kind.UNIT)
    with pytest.raises(DomainError, match="结对单位"):
        people.assign_slot(case, unit, by=office, cadre=make_cadre(), started_on=today())
    with pytest.raises(DomainError, match="干部"):
        slot = make_slot(case.round.standard)
        people.assign_slot(case, slot, by=office, unit_name="区财政局", started_on=today())


def test_a_slot_of_another_standard_is_refused(case, office):
    district = make_district(OTHER_DISTRICT)
    foreign = make_slot(make_case(make_village(make_division("990102001"))).round.standard)
    assert foreign.standard.district == district
    with pytest.raises(DomainError, match="没有启用"):
        people.assign_slot(case, foreign, by=office, cadre=make_cadre(), started_on=today())


def test_an_assignment_does_not_begin_in_the_future_nor_before_the_former(case, office):
    slot, cadre = make_slot(case.round.standard), make_cadre()
    with pytest.raises(DomainError, match="不能晚于今天"):
        people.assign_slot(
            case, slot, by=office, cadre=cadre, started_on=today() + timedelta(days=1)
        )
    people.assign_slot(case, slot, by=office, cadre=cadre, started_on=today())
    with pytest.raises(DomainError, match="不能更早"):
        people.assign_slot(
            case,
            slot,
            by=office,
            cadre=make_cadre(name="别人"),
            started_on=today() - timedelta(days=1),
        )


def test_only_the_office_assigns(case, township):
    slot = make_slot(case.round.standard)
    with pytest.raises(NotAllowed):
        people.assign_slot(case, slot, by=township, cadre=make_cadre(), started_on=today())
    with pytest.raises(NotAllowed):
        held = make_assignment(case, slot, make_cadre())
        people.end_assignment(held, by=township, on=today(), reason="调走")


def test_ending_a_stale_assignment_is_a_conflict(case, office):
    held = make_assignment(case, make_slot(case.round.standard), make_cadre())
    stale = Assignment.objects.get(pk=held.pk)
    people.end_assignment(held, by=office, on=today(), reason="调走")
    with pytest.raises(Conflict):
        people.end_assignment(stale, by=office, on=today(), reason="再次")
    held.refresh_from_db()
    assert held.end_reason == "调走"


# --- holders --------------------------------------------------------------------------------------


def test_the_owner_holds_the_item_when_the_own_account_sees_the_case(case, township):
    helper = make_helper(case)
    assert holder_for(case, helper.cadre) == helper


def test_without_an_account_the_township_keeps_the_item(case, township):
    assert holder_for(case, make_cadre()) == township


@pytest.mark.parametrize("reason", ["inactive", "not assigned", "left"])
def test_an_account_that_cannot_work_on_the_case_holds_nothing(case, township, reason):
    helper = make_helper(case)
    cadre = helper.cadre
    if reason == "inactive":
        helper.is_active = False
        helper.save()
    elif reason == "not assigned":
        Assignment.objects.update(ended_on=today())
    else:
        Cadre.objects.filter(pk=cadre.pk).update(to_on=today())
    assert holder_for(case, Cadre.objects.get(pk=cadre.pk)) == township


def test_a_township_without_an_account_leaves_the_item_to_the_office(case, office):
    assert holder_for(case, make_cadre()) == office


def test_when_nobody_can_hold_it_the_refusal_says_so(case):
    with pytest.raises(DomainError, match="开通乡镇账号"):
        holder_for(case, make_cadre())


def test_when_an_assignment_ends_the_open_items_fall_to_the_township(case, office, township):
    helper = make_helper(case)
    owner = helper.cadre
    problem = make_problem(case, owner=owner, holder=helper)
    task = make_task(problem, owner=owner, holder=helper)
    finished = make_task(problem, owner=owner, holder=helper, status="done")

    people.end_assignment(owner.assignments.get(), by=office, on=today(), reason="轮换")

    for item in (problem, task, finished):
        item.refresh_from_db()
    assert (problem.owner, problem.holder) == (owner, township)
    assert task.holder == township
    assert finished.holder == helper
    assert {e.action for e in case.events.all()} >= {"problem_holder", "task_holder", "assign_end"}


def test_when_a_cadre_leaves_the_open_items_fall_to_the_township(case, township, client):
    helper = make_helper(case)
    cadre = helper.cadre
    Cadre.objects.filter(pk=cadre.pk).update(division=case.village.township)
    problem = make_problem(case, owner=cadre, holder=helper)
    client.force_login(make_user(Role.OFFICE, case.round.district))
    data = cadre_data(cadre, to_on=today().isoformat(), account=helper.pk)

    response = client.post(reverse("rectification:cadre_edit", args=[cadre.pk]), data)

    assert response.status_code == 302, response.context["form"].errors
    problem.refresh_from_db()
    assert problem.holder == township


def test_when_a_village_is_released_nobody_helps_it_any_more(office, township):
    case = make_case(make_village(), status=CaseStatus.TRANSFORMED)
    helper = make_helper(case)
    tracked = make_problem(
        case, "tracked", owner=helper.cadre, holder=helper, next_on=today(), decision_no="5 号"
    )
    cases.release(case, by=office, on=today())
    assert helper.cadre.assignments.get().ended_on == today()
    assert not Case.objects.visible_to(helper).exists()
    tracked.refresh_from_db()
    assert tracked.holder == township


def test_every_open_item_has_one_owner_and_one_holder_that_sees_it(case, office, township):
    """Whatever is done to assignments, each open item stays in the list of one able account."""
    helper = make_helper(case)
    problem = make_problem(case, owner=helper.cadre, holder=helper)
    slot = helper.cadre.assignments.get().slot
    for step in range(3):
        other = make_cadre(name=f"第{step}任")
        people.assign_slot(case, slot, by=office, cadre=other, started_on=today(), reason="轮换")
        problem.refresh_from_db()
        assert type(case).objects.visible_to(problem.holder).filter(pk=case.pk).exists()


@pytest.mark.parametrize("left", ["helper", "township", "both townships"])
def test_an_item_whose_account_is_closed_is_in_exactly_one_list(case, office, township, left):
    helper, second = make_helper(case), make_user(Role.TOWNSHIP, township.division)
    make_user(Role.TOWNSHIP, make_division("990101002"))
    make_user(Role.OFFICE, case.round.district)
    holder = helper if left == "helper" else township
    problem = make_problem(case, owner=helper.cadre, holder=holder)
    for account in [township, second] if left == "both townships" else [holder]:
        account.is_active = False
        account.save()

    lists = [u for u in User.objects.active() if problem in Problem.objects.held_by(u)]

    assert lists == [{"helper": township, "township": second, "both townships": office}[left]]


# --- cadres ---------------------------------------------------------------------------------------


def cadre_data(cadre=None, **fields):
    values = {
        "name": "张三",
        "post": "组织委员",
        "unit": "镇党委",
        "division": cadre.division_id if cadre else "990101001000",
        "version_seen": cadre.version if cadre else "",
    }
    return {**values, **fields}


def test_a_township_enters_its_own_cadres(client, township):
    client.force_login(township)
    response = client.post(reverse("rectification:cadre_add"), cadre_data())
    assert response.status_code == 302
    assert Cadre.objects.get().division == township.division


def test_cadre_add_takes_no_unit_of_another_town(client, township):
    client.force_login(township)
    other = make_division("990101002")
    response = client.post(reverse("rectification:cadre_add"), cadre_data(division=other.pk))
    assert response.status_code == 422
    assert not Cadre.objects.exists()


def test_cadre_add_takes_no_account_of_another_town(client, township):
    client.force_login(township)
    stranger = make_user(Role.TOWNSHIP, make_division("990101002"))
    response = client.post(reverse("rectification:cadre_add"), cadre_data(account=stranger.pk))
    assert response.status_code == 422


def test_a_township_sees_who_helps_its_villages_but_edits_only_its_own(client, case, township):
    leader = make_cadre(make_district(), name="区领导")
    make_assignment(case, make_slot(case.round.standard), leader)
    client.force_login(township)
    assert client.get(reverse("rectification:cadre_detail", args=[leader.pk])).status_code == 200
    assert client.get(reverse("rectification:cadre_edit", args=[leader.pk])).status_code == 404


def test_the_second_of_two_editors_is_told(client, township):
    cadre = make_cadre(township.division)
    client.force_login(township)
    address = reverse("rectification:cadre_edit", args=[cadre.pk])
    client.post(address, cadre_data(cadre, post="副书记"))
    response = client.post(address, cadre_data(cadre, post="武装部长"))
    assert response.status_code == 409
    assert "武装部长" in response.content.decode()
    cadre.refresh_from_db()
    assert cadre.post == "副书记"


def test_question_38_cadre_detail_lists_facts_and_no_totals(client, case, township):
    cadre = make_cadre(case.village.township)
    make_problem(case, owner=cadre, title="账目不公开")
    client.force_login(township)
    page = client.get(reverse("rectification:cadre_detail", args=[cadre.pk])).content.decode()
    assert "账目不公开" in page
    assert "次走访" not in page


def test_cadre_list_costs_the_same_for_2_rows_and_for_15(client, case, township, queries_of):
    client.force_login(township)
    costs = []
    for rows in (2, 13):
        for number in range(rows):
            slot = make_slot(
                case.round.standard, key=f"slot_{rows}_{number}", number=rows * 20 + number
            )
            make_assignment(case, slot, make_cadre(township.division, name=f"干部{number}"))
        costs.append(queries_of(client, reverse("rectification:cadre_list")))
    assert costs[0] == costs[1] <= 10


def test_an_assignment_cannot_name_a_cadre_of_another_district(client, case, office):
    slot = make_slot(case.round.standard)
    stranger = make_cadre(make_district(OTHER_DISTRICT))
    client.force_login(office)
    address = reverse("rectification:assignment_add", args=[case.pk, slot.pk])
    data = {"cadre": stranger.pk, "started_on": today().isoformat()}
    assert client.post(address, data).status_code == 422
    assert not case.assignments.exists()


def test_the_day_shown_is_the_day_of_the_clock(case, office):
    with clock.set_to(date(2026, 12, 1)):
        assert (
            people_tab(case, office)["days_empty"] == (date(2026, 12, 1) - case.designated_on).days
        )
