"""Which day may follow which: the service refuses it in the words that stand beside the field."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import DomainError
from rectification.choices import AnswerKind, CaseStatus, Level
from rectification.deadlines import reply_words
from rectification.models import Escalation, Problem, Task
from rectification.services import cases, escalations, extensions, problems, tasks
from tests.factories import make_user
from tests.rectification.factories import make_case, make_problem, make_task

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = date(2026, 9, 14)


@pytest.fixture(autouse=True)
def on_a_monday():
    with clock.set_to(MONDAY):
        yield


@pytest.fixture
def problem():
    return make_problem()


@pytest.fixture
def township(problem):
    return problem.holder


@pytest.fixture
def office(problem):
    return make_user(Role.OFFICE, problem.case.round.district)


def refused(act, words):
    with pytest.raises(DomainError) as refusal:
        act()
    assert words in refusal.value.message


def beside(client, user, address, field, **data):
    """What a page writes beside a field."""
    client.force_login(user)
    answer = client.post(address, data)
    assert answer.status_code == 422
    return str(answer.context["form"].errors[field])


# --- problems and tasks ---------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_problem, make_task])
def test_more_time_is_asked_for_a_day_after_the_present_one(client, township, make):
    item = make()
    words = "要晚于现在的期限"
    refused(lambda: extensions.ask(item, by=township, wanted=item.deadline, reason="等批复"), words)
    address = reverse(f"rectification:{item._meta.model_name}_extend", args=[item.pk])
    form = {"wanted": item.deadline, "reason": "等批复"}
    assert words in beside(client, township, address, "wanted", **form)


def test_more_time_is_asked_for_a_day_to_come(client, problem, township):
    Problem.objects.update(deadline=MONDAY - 9 * DAY)
    problem.refresh_from_db()
    for day in (MONDAY - DAY, MONDAY):
        ask = {"by": township, "wanted": day, "reason": "等批复"}
        refused(lambda ask=ask: extensions.ask(problem, **ask), "要晚于今天")
    address = reverse("rectification:problem_extend", args=[problem.pk])
    form = {"wanted": MONDAY, "reason": "等批复"}
    assert "要晚于今天" in beside(client, township, address, "wanted", **form)


@pytest.mark.parametrize(
    ("make", "revise"),
    [(make_problem, problems.revise_problem), (make_task, tasks.revise_task)],
)
def test_an_edit_that_moves_a_deadline_back_is_refused_by_the_service(township, make, revise):
    item = make()
    former = item.deadline
    item.deadline += DAY
    refused(lambda: revise(item, save=item.save, changes=["期限"], by=township), "请用“申请延期”")
    assert type(item).objects.get(pk=item.pk).deadline == former
    item.deadline = former - DAY
    revise(item, save=item.save, changes=["期限"], by=township)
    assert type(item).objects.get(pk=item.pk).deadline == former - DAY


def test_a_problem_is_not_solved_before_it_was_found(problem, township):
    words = "解决期限不能早于发现日期"
    fields = {"category": problem.category, "owner": problem.owner, "level": Level.VILLAGE}
    fresh = Problem(
        case=problem.case, title="新问题", found_on=MONDAY, deadline=MONDAY - DAY, **fields
    )
    refused(lambda: problems.add_problem(fresh, by=township), words)
    problem.deadline = problem.found_on - DAY
    refused(
        lambda: problems.revise_problem(problem, save=problem.save, changes=[], by=township), words
    )


def test_a_task_does_not_end_before_it_starts(problem, township):
    task = make_task(problem)
    words = "完成期限不能早于开始日期"
    fresh = Task(
        case=problem.case,
        problem=problem,
        category=problem.category,
        owner=problem.owner,
        measure="新任务",
        start_on=MONDAY,
        deadline=MONDAY - DAY,
    )
    refused(lambda: tasks.add_task(fresh, by=township), words)
    task.deadline = task.start_on - DAY
    refused(lambda: tasks.revise_task(task, save=task.save, changes=[], by=township), words)


# --- cases ----------------------------------------------------------------------------------------


def test_a_case_is_extended_beyond_its_deadline(office):
    case = make_case(status=CaseStatus.RECTIFYING)
    act = {"by": office, "on": MONDAY, "decision_no": "5 号", "note": "汛期停工"}
    refused(lambda: cases.extend(case, deadline=case.deadline, **act), "新的整顿期限应晚于原期限")


def test_a_case_is_not_due_on_the_day_of_its_designation(office):
    case = make_case(status=CaseStatus.PROPOSED, designated_on=None, deadline=None, minutes_no="")
    act = {"by": office, "on": MONDAY, "minutes_no": "3 号"}
    refused(lambda: cases.designate(case, deadline=MONDAY, **act), "整顿期限应晚于认定日期")


# --- answers --------------------------------------------------------------------------------------


def ask(problem, by, **due):
    return escalations.escalate(problem, by=by, question="请协调水务局", **due)


@pytest.mark.parametrize(
    "due", [{"reply_days": 0}, {"reply_days": 2}, {"reply_due_on": MONDAY + 2 * DAY}]
)
def test_an_answer_is_not_asked_for_within_three_working_days(problem, township, due):
    refused(lambda: ask(problem, township, **due), "答复期限至少留 3 个工作日")
    assert not Escalation.objects.exists()


def test_passing_on_leaves_the_same_days(problem, office, township):
    asked = ask(problem, township, reply_days=5)
    Escalation.objects.update(to_level=Level.DISTRICT)
    Problem.objects.update(level=Level.DISTRICT)
    asked = Escalation.objects.for_detail().get(pk=asked.pk)
    act = {"by": office, "answer_kind": AnswerKind.PASSED_ON, "answer": "请市里定"}
    refused(
        lambda: escalations.answer_escalation(asked, reply_due_on=MONDAY + DAY, **act),
        "答复期限至少留 3 个工作日，最早可定在 2026年9月17日：9月14日之后第 3 个工作日",
    )
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_a_day_named_by_hand_says_so_in_one_line(problem, township):
    asked = ask(problem, township, reply_due_on=MONDAY + 3 * DAY)
    assert reply_words(asked) == "2026年9月14日提交时指定"
    counted = ask(make_problem(problem.case), township, reply_days=3)
    assert counted.reply_due_on == asked.reply_due_on
    assert reply_words(counted).startswith("9月14日之后第 3 个工作日")
