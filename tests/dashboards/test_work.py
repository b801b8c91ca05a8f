"""我的待办: each open item stands in the list of whom it waits for, and in no other."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Department, Role
from core import clock
from core.models import Feedback
from dashboards import work
from rectification.choices import (
    CaseStatus,
    Level,
    PlanStatus,
    ProblemStatus,
    ScreeningOutcome,
    SubmissionStatus,
    TaskStatus,
)
from rectification.models import (
    DepartmentOpinion,
    FollowUp,
    Problem,
    RelapseSignal,
    Screening,
    TaskProgress,
    TownshipSubmission,
)
from rectification.services import problems
from tests.dashboards.scene import TODAY
from tests.factories import make_user, make_village
from tests.rectification.factories import (
    make_case,
    make_helper,
    make_milestone,
    make_plan,
    make_problem,
    make_slot,
    make_task,
)


def lines(user, noun=None):
    """What an account reads in its list: (noun, text), of one noun if given."""
    found = work.items_for(user, TODAY)
    return [(item.noun, item.text) for item in found if noun in {None, item.noun}]


def seen_by(scene, noun, **more):
    """Who has an item of a noun in the list."""
    people = {
        "office": scene.office,
        "township": scene.township,
        "other_township": scene.other_township,
        "other_office": scene.other_office,
        **more,
    }
    return {name for name, user in people.items() if lines(user, noun)}


def test_a_problem_and_a_task_are_their_holders_alone(scene):
    assert seen_by(scene, "问题") == {"township"}  # that of the second township waits for an answer
    assert seen_by(scene, "任务") == {"township"}
    helper = make_helper(scene.c, make_slot(scene.c.round.standard, "partner", number=4))
    scene.late_problem.holder = helper
    scene.late_problem.save()
    assert seen_by(scene, "问题", helper=helper) == {"helper"}


def test_every_open_problem_and_task_is_in_exactly_one_list(scene):
    make_helper(scene.e, make_slot(scene.e.round.standard, "partner", number=4))
    other = Problem.objects.get(case=scene.j)  # of the other district
    found = [
        item.address
        for user in User.objects.filter(role__in=[Role.OFFICE, Role.TOWNSHIP, Role.HELPER])
        for item in work.items_for(user, TODAY)
        if item.noun in {"问题", "任务", "上交事项"}
    ]
    pages = {item.get_absolute_url() for item in (scene.late_problem, scene.late_task, other)}
    pages.add(reverse("rectification:escalation_answer", args=[scene.question.pk]))
    assert sorted(found) == sorted(pages)


def test_a_question_waits_with_the_level_it_was_handed_to(scene):
    assert seen_by(scene, "上交事项") == {"other_township"}
    scene.question.to_level = Level.DISTRICT
    scene.question.save()
    assert seen_by(scene, "上交事项") == {"office"}
    scene.question.answered_at = clock.now()
    scene.question.save()
    assert seen_by(scene, "上交事项") == set()
    assert seen_by(scene, "问题") == {"township", "other_township"}


def test_a_tracked_problem_comes_back_on_its_day(scene):
    values = {"decision_no": "区委办〔2026〕9号", "status": ProblemStatus.TRACKED}
    make_problem(scene.c, holder=scene.township, next_on=date(2026, 12, 1), **values)
    make_problem(scene.c, holder=scene.township, next_on=date(2027, 6, 1), **values)
    assert len(lines(scene.township, "长期跟踪")) == 1


@pytest.fixture
def closing(scene):
    scene.late_problem.status = ProblemStatus.CLOSING
    scene.late_problem.closing_by = scene.township
    scene.late_problem.level = Level.VILLAGE
    scene.late_problem.save()
    return scene.late_problem


def test_closing_is_approved_by_another_account_of_the_township(scene, closing):
    colleague = make_user(Role.TOWNSHIP, scene.first)
    assert seen_by(scene, "销号", colleague=colleague) == {"colleague"}
    assert lines(scene.township, "问题") == []


def test_closing_comes_to_the_office_where_no_account_of_the_township_may_approve(scene, closing):
    assert seen_by(scene, "销号") == {"office"}
    doer = make_user(Role.TOWNSHIP, scene.first)
    TaskProgress.objects.create(task=scene.late_task, on=TODAY, text="已公开", by=doer)
    assert seen_by(scene, "销号", doer=doer) == {"office"}


def test_closing_of_a_district_problem_is_the_offices(scene, closing):
    closing.level = Level.DISTRICT
    closing.save()
    colleague = make_user(Role.TOWNSHIP, scene.first)
    assert seen_by(scene, "销号", colleague=colleague) == {"office"}


def test_closing_lies_with_the_township_where_the_only_office_account_asked(scene, closing):
    closing.level, closing.closing_by = Level.DISTRICT, scene.office
    closing.evidence = "已公开"
    closing.save()
    assert seen_by(scene, "销号") == {"township"}
    closing.tasks.update(status=TaskStatus.DROPPED, ended_on=TODAY, end_note="不再需要")
    problems.approve_close(closing, by=scene.township)
    assert seen_by(scene, "销号") == set()


def test_a_plan_goes_from_the_township_to_the_office_and_back(scene):
    assert lines(scene.township, "方案") == [("方案", "起草整顿方案")]
    plan = make_plan(scene.b, drafted_by=scene.township, status=PlanStatus.SUBMITTED)
    assert seen_by(scene, "方案") == {"office"}
    for status in (PlanStatus.RETURNED, PlanStatus.DRAFTING):
        plan.status = status
        plan.save()
        assert seen_by(scene, "方案") == {"township"}
    plan.status, plan.decided_by, plan.decided_on = PlanStatus.APPROVED, scene.office, TODAY
    plan.save()
    assert seen_by(scene, "方案") == set()
    assert seen_by(scene, "启动整顿") == {"office"}


def test_the_office_moves_cases_that_are_ready(scene):
    assert seen_by(scene, "审定") == {"office"}
    assert seen_by(scene, "组织验收") == {"office"}
    assert seen_by(scene, "启动整顿") == set()
    assert seen_by(scene, "出列") == set()
    scene.look_back.done_on, scene.look_back.findings = TODAY, "稳定"
    scene.look_back.save()
    assert seen_by(scene, "出列") == {"office"}


def test_empty_slots_are_the_offices(scene):
    make_milestone(scene.b, "four_ones")
    places = [item.place for item in work.items_for(scene.office, TODAY) if item.noun == "四个一"]
    assert len(places) == 3
    assert seen_by(scene, "四个一") == {"office", "other_office"} - {"other_office"}


def screen(scene, **fields):
    return Screening.objects.create(round=scene.round, village=make_village(scene.first), **fields)


def test_a_list_is_the_townships_until_it_has_gone_up(scene):
    sent = TownshipSubmission.objects.create(round=scene.round, township=scene.first)
    screen(scene)
    listed = screen(scene, outcome=ScreeningOutcome.LISTED, main_category=scene.a.main_category)
    assert lines(scene.township, "报送") == [("报送", "还有 1 个村没有排查结果")]
    assert seen_by(scene, "报送") == {"township"}
    sent.status = SubmissionStatus.SUBMITTED
    sent.save()
    assert seen_by(scene, "报送") == set()
    assert lines(scene.office, "提请认定") == [("提请认定", "乡镇上报的 1 个村还没有提请认定")]
    make_case(listed.village, CaseStatus.PROPOSED, round=scene.round)
    assert lines(scene.office, "提请认定") == []


def test_a_township_is_told_when_to_apply(scene):
    assert lines(scene.township, "申请验收") == [("申请验收", "整顿期限将满，了结问题后申请验收")]
    scene.c.status, scene.c.consolidation_until = CaseStatus.EXTENDED, TODAY + timedelta(days=1)
    scene.c.save()
    assert lines(scene.township, "申请验收") == []
    scene.c.consolidation_until = TODAY
    scene.c.save()
    assert lines(scene.township, "申请验收") == [("申请验收", "延长巩固期满，再次申请验收")]


def test_look_backs_and_signals_are_the_townships(scene):
    RelapseSignal.objects.create(
        case=scene.d, kind="petitions", observed_on=TODAY, note="信访增多", raised_by=scene.office
    )
    FollowUp.objects.create(case=scene.d, months=6, due_on=date(2027, 2, 28))
    assert seen_by(scene, "回头看") == {"township"}
    assert len(lines(scene.township, "回头看")) == 1
    assert seen_by(scene, "反弹苗头") == {"township"}


def test_the_office_does_what_a_township_without_an_account_cannot(scene):
    scene.township.is_active = False
    scene.township.save()
    nouns = {noun for noun, _ in lines(scene.office)}
    assert {"回头看", "方案", "申请验收"} <= nouns


def test_a_department_sees_only_its_own_open_questions(scene):
    civil = make_user(Role.DEPARTMENT, scene.district, department=Department.CIVIL)
    petition = make_user(Role.DEPARTMENT, scene.district, department=Department.PETITION)
    opinion = DepartmentOpinion.objects.create(
        round=scene.round,
        village=scene.a.village,
        department=Department.CIVIL,
        question="低保有没有反映",
        asked_by=scene.office,
        asked_on=TODAY,
        due_on=TODAY + timedelta(days=5),
    )
    assert lines(civil) == [("联查征询", "答复：低保有没有反映")]
    assert lines(petition) == []
    opinion.answered_on = TODAY
    opinion.save()
    assert lines(civil) == []


def test_feedback_waits_with_the_office_of_the_area(scene):
    Feedback.objects.create(
        author=scene.township, area_code=scene.township.division_id, text="按钮太小"
    )
    assert seen_by(scene, "意见建议") == {"office"}


def test_items_stand_by_urgency_and_say_it_in_words(scene):
    items = [
        work.Item("任务", name, "/", TODAY + timedelta(days=days) if days is not None else None)
        for name, days in [
            ("a", -15), ("b", -14), ("c", -1), ("d", 0), ("e", 7), ("f", 8), ("g", None)
        ]
    ]  # fmt: skip
    found = {
        group.name: [item.text for item in group.items] for group in work.grouped(items, TODAY)
    }
    assert found == {
        "严重逾期": ["a"],
        "逾期": ["b", "c"],
        "7天内": ["d", "e"],
        "以后": ["f", "g"],
    }


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["office", "township", "other_township"])
def test_work_page_shows_all_items_and_each_opens_its_page(client, scene, who):
    user = getattr(scene, who)
    client.force_login(user)
    response = client.get(reverse("dashboards:work"))
    items = work.items_for(user, TODAY)
    assert f"我的待办 {len(items)} 件" in response.content.decode()
    assert len(items) > 0
    for item in items:
        assert client.get(item.address).status_code == 200, item


def test_work_page_says_overdue_in_days(client, scene):
    client.force_login(scene.township)
    html = client.get(reverse("dashboards:work")).content.decode()
    assert "逾期 22 天" in html
    assert "严重逾期" in html


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TOWNSHIP, Role.HELPER, Role.DEPARTMENT])
def test_an_empty_list_says_what_will_stand_there(client, db, today, role):
    client.force_login(make_user(role))
    html = client.get(reverse("dashboards:work")).content.decode()
    assert "我的待办 0 件" in html
    assert "会出现在这里" in html


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.LEADER, "dashboards:dashboard"),
        (Role.AUDITOR, "core:audit_list"),
        (Role.SYSADMIN, "admin:accounts_user_changelist"),
    ],
)
def test_roles_without_a_list_are_led_to_their_first_page(client, db, role, name):
    client.force_login(make_user(role))
    assert client.get("/").url == reverse(name)


def fill(scene, count):
    """Many villages with everything a list of work can hold."""
    for _ in range(count):
        case = make_case(make_village(scene.first), round=scene.round, deadline=TODAY)
        problem = make_problem(case, holder=scene.township)
        make_task(problem, holder=scene.township)
        make_plan(case, drafted_by=scene.township, status=PlanStatus.SUBMITTED)
        asked = datetime(2026, 11, 1, tzinfo=clock.zone())
        problem.escalations.create(
            from_level=Level.TOWNSHIP,
            to_level=Level.DISTRICT,
            question="请协调",
            asked_by=scene.township,
            asked_at=asked,
            reply_due_on=TODAY,
        )


@pytest.mark.parametrize("who", ["office", "township"])
def test_the_list_costs_the_same_for_15_rows_and_for_100(scene, who, django_assert_max_num_queries):
    user = getattr(scene, who)
    fill(scene, 15)
    with django_assert_max_num_queries(22) as few:
        work.items_for(user, TODAY)
    fill(scene, 85)
    with django_assert_max_num_queries(len(few)):
        assert len(work.items_for(user, TODAY)) > 100
