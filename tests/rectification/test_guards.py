"""What must hold before a step of a case: each refusal says what is missing and leads there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import DomainError
from rectification import workflow
from rectification.choices import AnswerKind, CaseStatus, PlanStatus, ProblemStatus
from rectification.models import FollowUp, RelapseSignal
from rectification.services import cases
from tests.factories import make_user
from tests.rectification.acceptance import make_acceptance
from tests.rectification.factories import (
    make_assignment,
    make_case,
    make_plan,
    make_problem,
    make_slot,
)

pytestmark = pytest.mark.django_db

S = CaseStatus
DAY = timedelta(days=1)


@pytest.fixture
def township():
    return make_user(Role.TOWNSHIP)


def today():
    return clock.today()


def without_plan():
    case = make_case(status=S.DESIGNATED)
    return case, "start", "还没有起草整顿方案", f"{case.get_absolute_url()}?tab=plan#tabs"


def with_a_plan_not_approved():
    case = make_case(status=S.DESIGNATED)
    plan = make_plan(case, status=PlanStatus.SUBMITTED)
    return case, "start", "整顿方案现在是“待批准”，要先批准", plan.get_absolute_url()


def with_an_open_problem():
    case = make_case()
    problem = make_problem(case, title="账目不清")
    return case, "apply", "“账目不清”还没有销号，也没有上级决定", problem.get_absolute_url()


def with_a_closing_that_waits():
    case = make_case()
    problem = make_problem(case, ProblemStatus.CLOSING, title="账目不清")
    return case, "apply", "“账目不清”还没有销号", problem.get_absolute_url()


def with_a_question_passed_on():
    case = make_case()
    problem = make_problem(case, title="权属不清")
    ask(problem, AnswerKind.PASSED_ON)
    return case, "apply", "“权属不清”还没有销号，也没有上级决定", problem.get_absolute_url()


def with_a_historical_problem():
    case = make_case()
    problem = make_problem(case, title="老欠账", is_historical=True)
    ask(problem, AnswerKind.REFUSED)
    return case, "apply", "“老欠账”还没有解决", problem.get_absolute_url()


def with_a_problem_of_the_main_type():
    case = make_case()
    problem = make_problem(case, title="班子内耗", category=case.main_category)
    ask(problem, AnswerKind.RULE)
    return case, "apply", "“班子内耗”还没有解决", problem.get_absolute_url()


def with_a_hard_problem_handed_over_without_decision():
    case = make_case()
    problem = make_problem(case, ProblemStatus.HANDED_OVER, title="老欠账", is_historical=True)
    return case, "apply", "“老欠账”移交缺少区级决定文号", problem.get_absolute_url()


def before_the_consolidation_is_over():
    case = make_case(status=S.EXTENDED, consolidation_until=today() + DAY)
    return case, "apply", "延长巩固期到", case.get_absolute_url()


def team_of(acceptance):
    """Where the team is changed."""
    return reverse("rectification:acceptance_edit", args=[acceptance.pk]) + "#team"


def without_an_acceptance():
    case = make_case(status=S.INSPECTING)
    return case, "conclude", "还没有验收记录", f"{case.get_absolute_url()}?tab=acceptance#tabs"


def without_a_team():
    acceptance = make_acceptance()
    acceptance.team.clear()
    return acceptance.case, "conclude", "还没有验收组成员", team_of(acceptance)


def with_a_helper_in_the_team():
    acceptance = make_acceptance()
    case = acceptance.case
    earlier = make_case(case.village, status=S.RELAPSED)
    make_assignment(
        earlier, make_slot(case.round.standard), acceptance.team.get(), ended_on=today() - DAY
    )
    return case, "conclude", "验收组长帮扶过该村，应当回避", team_of(acceptance)


def with_a_look_back_owed():
    case = make_case(status=S.TRANSFORMED, transformed_on=today() - 200 * DAY)
    owed = FollowUp.objects.create(case=case, months=12, due_on=today())
    return case, "release", "12 个月的回头看还没有完成", owed.get_absolute_url()


def with_an_open_signal():
    case = make_case(status=S.TRANSFORMED, transformed_on=today() - 200 * DAY)
    signal = RelapseSignal.objects.create(
        case=case, kind="petitions", observed_on=today(), note="信访增多", raised_by=make_user()
    )
    return case, "release", "苗头“信访增多”还没有处置答复", signal.get_absolute_url()


def with_another_case_open():
    case = make_case(status=S.RELEASED)
    other = make_case(case.village)
    return case, "relapse", "已有正在进行的整顿档案", other.get_absolute_url()


def ask(problem, kind):
    problem.escalations.create(
        from_level="village",
        to_level="township",
        question="请协调",
        asked_by=problem.holder,
        reply_due_on=today(),
        answer="已研究",
        answer_kind=kind,
        answered_by=problem.holder,
        answered_at=clock.now(),
    )


GUARDED = [
    without_plan,
    with_a_plan_not_approved,
    with_an_open_problem,
    with_a_closing_that_waits,
    with_a_question_passed_on,
    with_a_historical_problem,
    with_a_problem_of_the_main_type,
    with_a_hard_problem_handed_over_without_decision,
    before_the_consolidation_is_over,
    without_an_acceptance,
    without_a_team,
    with_a_helper_in_the_team,
    with_a_look_back_owed,
    with_an_open_signal,
    with_another_case_open,
]


@pytest.mark.parametrize("scene", GUARDED)
def test_a_step_that_lacks_something_says_what_and_where_to_mend_it(client, scene):
    case, action, words, link = scene()
    user = make_user(Role.TOWNSHIP if action == "apply" else Role.OFFICE)
    with pytest.raises(DomainError, match=words) as refusal:
        workflow.check(case, action, by=user)
    assert refusal.value.link == link

    client.force_login(user)
    page = client.get(case.get_absolute_url()).content.decode()
    name = workflow.STEPS[action].name
    assert f"disabled>{name}</button>" in page
    assert words in page
    assert f'href="{link}"' in page
    typed = client.get(reverse("rectification:case_step", args=[case.pk, action]))
    assert typed.status_code == 422
    assert words in typed.content.decode()
    assert f'href="{link}"' in typed.content.decode()
    assert client.get(link).status_code == 200


def test_a_problem_with_a_decision_or_handed_over_does_not_hold_the_application(township):
    case = make_case()
    ask(make_problem(case), AnswerKind.REFUSED)
    make_problem(case, ProblemStatus.HANDED_OVER)
    tracked = {"is_historical": True, "decision_no": "1号", "next_on": today()}
    make_problem(case, ProblemStatus.TRACKED, **tracked)
    closed = {"closing_by": township, "closed_by": make_user(), "closed_on": today()}
    make_problem(case, ProblemStatus.CLOSED, evidence="已公开", **closed)
    cases.apply(case, by=township, on=today())
    assert case.status == S.APPLIED


def test_the_refusal_counts_what_is_missing(township):
    case = make_case()
    for _ in range(3):
        make_problem(case)
    with pytest.raises(DomainError, match="共差 3 项"):
        cases.apply(case, by=township, on=today())
