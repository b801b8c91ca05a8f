"""Of two people with the form of a step open, the second is told what the first one did."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from rectification.choices import PlanStatus, ProblemStatus
from rectification.models import Plan, Problem, Round, Task, TownshipSubmission
from rectification.services import tasks
from tests.accounts.test_resume import hidden
from tests.factories import make_district, make_user, make_village
from tests.rectification.factories import make_case, make_plan, make_problem, make_task
from tests.rectification.rounds import list_of, start_round

pytestmark = pytest.mark.django_db

WORDS = "写了很久的一段话"


def address(name, *args):
    return reverse(f"rectification:{name}", args=args)


def on_problem():
    problem = make_problem(make_case())
    data = {"reason": WORDS, "decision_no": "区委〔2026〕1号"}
    return problem, address("problem_step", problem.pk, "hand_over"), data


def on_task():
    task = make_task(case=make_case())
    return task, address("task_step", task.pk, "drop"), {"reason": WORDS}


def on_plan():
    plan = make_plan(status=PlanStatus.SUBMITTED)
    data = {"decision": "return", "on": clock.today().isoformat(), "note": WORDS}
    return plan, address("plan_decide", plan.pk), data


def on_list():
    village = make_village()
    item = list_of(start_round(make_district()), village.township)
    TownshipSubmission.objects.update(status="submitted")
    item.refresh_from_db()
    return item, address("submission_return", item.pk), {"reason": WORDS}


def on_round():
    make_village()
    item = start_round(make_district())
    Round.objects.update(status="preparing", opened_on=None)
    item.submissions.all().delete()
    item.screenings.all().delete()
    due = item.due_on.isoformat()
    return item, address("round_open", item.pk), {"due_on": due}


@pytest.mark.parametrize("scene", [on_problem, on_task, on_plan, on_list, on_round])
def test_who_opened_the_step_before_another_change_is_told_once_and_keeps_the_text(client, scene):
    item, page, data = scene()
    client.force_login(make_user(Role.OFFICE))
    opened = hidden(client.get(page).content.decode(), "version_seen")
    assert opened == str(item.version)
    type(item).objects.filter(pk=item.pk).update(version=item.version + 1)  # the status stays
    told = client.post(page, {**data, "version_seen": opened})
    words = told.content.decode()
    assert told.status_code == 409
    assert "您打开之后，别人已经办理或改动过。" in words
    assert all(value in words for value in data.values())
    item.refresh_from_db()
    former = item.status
    again = client.post(page, {**data, "version_seen": hidden(words, "version_seen")})
    assert again.status_code == 302
    item.refresh_from_db()
    assert item.status != former


def test_the_second_reads_who_took_which_step(client):
    task, page, data = on_task()
    first = make_user(Role.TOWNSHIP, task.case.village.township, name="先办的人")
    client.force_login(make_user(Role.OFFICE))
    opened = hidden(client.get(page).content.decode(), "version_seen")
    tasks.drop(task, by=first, reason="已由县里统一办理")
    tasks.reopen(task, by=first, reason="县里退回")
    told = client.post(page, {**data, "version_seen": opened})
    assert told.status_code == 409
    assert "先办的人办理了“任务重新打开”" in told.content.decode()
    assert "县里退回" in told.content.decode()
    assert Task.objects.get().status == "open"


def test_an_edit_meanwhile_counts_like_a_step(client):
    problem, page, data = on_problem()
    client.force_login(make_user(Role.OFFICE))
    opened = hidden(client.get(page).content.decode(), "version_seen")
    form = client.get(address("problem_edit", problem.pk)).context["form"]
    edited = {name: form[name].value() or "" for name in form.fields} | {"title": "改过的问题"}
    assert client.post(address("problem_edit", problem.pk), edited).status_code == 302
    told = client.post(page, {**data, "version_seen": opened})
    assert told.status_code == 409
    assert "修改问题" in told.content.decode()
    assert Problem.objects.get().status == ProblemStatus.OPEN


def test_a_plan_changed_after_the_page_was_opened_is_not_handed_in_unseen(client):
    plan = make_plan()
    client.force_login(plan.drafted_by)
    page = client.get(plan.get_absolute_url()).content.decode()
    opened = hidden(page, "version_seen")
    Plan.objects.update(version=plan.version + 1)
    answer = client.post(address("plan_submit", plan.pk), {"version_seen": opened})
    assert answer.status_code == 409
    assert Plan.objects.get().status == PlanStatus.DRAFTING
    fresh = hidden(client.get(plan.get_absolute_url()).content.decode(), "version_seen")
    assert client.post(address("plan_submit", plan.pk), {"version_seen": fresh}).status_code == 302
    assert Plan.objects.get().status == PlanStatus.SUBMITTED
