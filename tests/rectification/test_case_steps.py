"""The form of a case's step: saved once, refused in words, nothing typed is ever lost."""

from datetime import date, timedelta

import pytest
from django.db.models import Model
from django.urls import reverse

from accounts.roles import Role
from core import clock
from rectification.choices import CaseStatus, EndReason
from rectification.models import Acceptance, Case, CaseEvent
from rectification.services import cases
from tests.accounts.test_resume import hidden, send_again, sign_in
from tests.factories import make_district, make_division, make_user, make_village
from tests.rectification.acceptance import make_acceptance
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_problem,
    make_round,
    make_slot,
)
from tests.rectification.test_workflow import ACTIONS, TARGETS, ready_for

pytestmark = pytest.mark.django_db

S = CaseStatus
DAY = timedelta(days=1)
KEY = "0e7b7cde-6d2b-4b43-9a0e-3f3a1f0f7a11"
WORDS = "写了很久的\n一段说明"


def today():
    return clock.today()


@pytest.fixture
def office(client):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


def step(case, action):
    return reverse("rectification:case_step", args=[case.pk, action])


def posted(value):
    """A value as a browser posts it."""
    if isinstance(value, list):
        return [posted(item) for item in value]
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def form_of(told, **changes):
    """What a filled form posts."""
    return {name: posted(value) for name, value in {**told, **changes}.items()}


def extension(case, **changes):
    told = {"on": today(), "deadline": case.deadline + 30 * DAY, "decision_no": "5号"}
    return form_of({**told, "note": WORDS, "version_seen": case.version}, **changes)


# --- saved once -----------------------------------------------------------------------------------


@pytest.mark.parametrize("action", sorted(ACTIONS - {"conclude"}))
def test_each_step_goes_through_its_form_and_is_taken_once(client, action):
    case, user, told = ready_for(action)
    client.force_login(user)
    page = client.get(step(case, action)).content.decode()
    key = hidden(page, "submission_key")
    data = form_of(told, submission_key=key, version_seen=hidden(page, "version_seen"))
    answers = [client.post(step(case, action), data) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302] * 3
    assert len({answer.url for answer in answers}) == 1
    assert client.get(answers[0].url).status_code == 200
    assert CaseEvent.objects.filter(action=action).count() == 1
    assert Case.objects.get(pk=case.pk).status == TARGETS[action]
    assert Case.objects.count() == (2 if action == "relapse" else 1)


def test_the_conclusion_is_written_on_the_sheet_of_the_acceptance(client, office):
    acceptance = make_acceptance()
    response = client.get(step(acceptance.case, "conclude"))
    assert response.url == reverse("rectification:acceptance_edit", args=[acceptance.pk])


def test_without_an_acceptance_under_way_nothing_is_concluded(client, office):
    acceptance = make_acceptance(returned_on=today())
    response = client.get(step(acceptance.case, "conclude"))
    assert response.status_code == 422
    assert "没有正在进行的验收记录" in response.content.decode()
    assert (
        f'href="{acceptance.case.get_absolute_url()}?tab=acceptance"' in response.content.decode()
    )


def test_an_unknown_step_does_not_exist(client, office):
    assert client.get(step(make_case(), "explode")).status_code == 404


# --- refused in words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "changes", "field", "words"),
    [
        ("designate", {"minutes_no": ""}, "minutes_no", "请填写此项"),
        ("designate", {"minutes_no": "   "}, "minutes_no", "请填写此项"),
        ("designate", {"on": ""}, "on", "请填写此项"),
        ("designate", {"on": "明天"}, "on", "日期"),
        ("designate", {"on": today() + DAY}, "on", "日期不能晚于今天"),
        ("designate", {"deadline": today()}, "deadline", "整顿期限应晚于认定日期"),
        ("decline", {"minutes_no": ""}, "minutes_no", "请填写此项"),
        ("start", {"on": today() + DAY}, "on", "日期不能晚于今天"),
        ("apply", {"on": ""}, "on", "请填写此项"),
        ("send_back", {"on": today() + DAY}, "on", "日期不能晚于今天"),
        ("inspect", {"team": []}, "team", "请填写此项"),
        ("inspect", {"team": [987654]}, "team", "987654"),
        ("release", {"on": ""}, "on", "请填写此项"),
        ("relapse", {"reason": ""}, "reason", "请填写此项"),
        ("relapse", {"round": ""}, "round", "请填写此项"),
        ("extend", {"deadline": today()}, "deadline", "应晚于原期限"),
        ("extend", {"decision_no": ""}, "decision_no", "请填写此项"),
        ("end", {"end_reason": ""}, "end_reason", "请填写此项"),
        ("end", {"decision_no": ""}, "decision_no", "请填写此项"),
        ("end", {"end_reason": EndReason.MERGED}, "successor_village", "要选定承接的村"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_keeps_the_text(
    client, action, changes, field, words
):
    case, user, told = ready_for(action)
    client.force_login(user)
    data = form_of(told, note=WORDS, submission_key=KEY, **changes)
    response = client.post(step(case, action), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    page = response.content.decode()
    assert words in page.split(f'id="id_{field}_error"')[1]
    assert WORDS in page
    assert not CaseEvent.objects.exists()
    assert client.post(step(case, action), {**data, **form_of(told)}).status_code == 302


@pytest.mark.parametrize("action", ["decline", "send_back", "relapse", "extend"])
def test_a_reason_that_is_owed_is_asked_for_beside_its_field(client, action):
    case, user, told = ready_for(action)
    client.force_login(user)
    response = client.post(step(case, action), form_of(told, note=" "))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["note"]


def test_a_helper_of_the_village_is_refused_as_inspector_by_name(client, office):
    case, _, told = ready_for("inspect")
    make_assignment(case, make_slot(case.round.standard), told["team"][0])
    response = client.post(step(case, "inspect"), form_of(told, note=WORDS))
    assert response.status_code == 422
    assert "组员帮扶过该村，应当回避" in response.content.decode()
    assert WORDS in response.content.decode()


def test_nothing_of_another_district_is_taken_from_the_post(client):
    far = make_district("990102")
    village = make_village(make_division("990102001"), "外区村委会")
    for action, field, row in [
        ("inspect", "team", [make_cadre(far)]),
        ("end", "successor_village", village),
        ("relapse", "round", make_round(far)),
    ]:
        case, user, told = ready_for(action)
        client.force_login(user)
        response = client.post(step(case, action), form_of(told, **{field: row}))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert "外区村" not in client.get(step(case, action)).content.decode()


# --- nothing typed is lost ------------------------------------------------------------------------


def test_a_step_refused_at_the_last_moment_keeps_the_text_and_leads_to_the_mend(client):
    case, user, told = ready_for("apply")
    problem = make_problem(case, title="账目不清")
    client.force_login(user)
    response = client.post(step(case, "apply"), form_of(told, note=WORDS))
    page = response.content.decode()
    assert response.status_code == 422
    assert "“账目不清”还没有销号" in page
    assert f'href="{problem.get_absolute_url()}"' in page
    assert WORDS in page
    assert not Acceptance.objects.exists()


def test_of_two_savers_the_second_reads_what_the_first_did_keeps_the_text_and_decides(
    client, client_factory, office
):
    case = make_case()
    first = make_user(Role.OFFICE, name="先办的人")
    other = client_factory()
    other.force_login(first)
    data = extension(case)
    longer = case.deadline + 60 * DAY
    assert other.post(step(case, "extend"), extension(case, note="先说的理由")).status_code == 302
    second = client.post(step(case, "extend"), {**data, "deadline": longer.isoformat()})
    page = second.content.decode()
    assert second.status_code == 409
    assert "先办的人办理了“延期”" in page
    assert "先说的理由" in page
    assert WORDS in page
    assert longer.isoformat() in page
    assert case.events.count() == 1
    again = {**data, "deadline": longer.isoformat(), "version_seen": hidden(page, "version_seen")}
    assert client.post(step(case, "extend"), again).status_code == 302
    case.refresh_from_db()
    assert case.deadline == longer


def test_who_comes_after_the_case_has_moved_on_reads_where_it_stands(client, office):
    case, _, told = ready_for("inspect")
    opened = hidden(client.get(step(case, "inspect")).content.decode(), "version_seen")
    cases.send_back(case, by=make_user(name="先办的人"), on=today(), note="缺公示材料")
    data = form_of(told, note=WORDS, version_seen=opened)
    page = client.post(step(case, "inspect"), data)
    assert page.status_code == 409
    assert "缺公示材料" in page.content.decode()
    assert "现在是“整顿中”" in page.content.decode()
    assert WORDS in page.content.decode()
    data["version_seen"] = hidden(page.content.decode(), "version_seen")
    again = client.post(step(case, "inspect"), data)
    assert again.status_code == 409
    assert "不能“组织验收”" in again.content.decode()
    assert WORDS in again.content.decode()
    assert not CaseEvent.objects.filter(action="inspect").exists()


def test_a_session_that_ended_loses_nothing_and_the_step_is_taken_once(client, office):
    case = make_case()
    page = client.get(step(case, "extend")).content.decode()
    data = extension(case, submission_key=hidden(page, "submission_key"))
    data["filled_in_by"] = office.pk
    client.logout()
    expired = client.post(step(case, "extend"), data)
    assert expired.status_code == 401
    assert not CaseEvent.objects.exists()
    assert sign_in(client, office, expired).url == "/resume/"
    kept = client.get("/resume/").content.decode()
    assert "写了很久的" in kept
    assert send_again(client, kept).url == case.get_absolute_url()
    assert "写了很久的" in CaseEvent.objects.get().note
    client.post(step(case, "extend"), data)
    assert CaseEvent.objects.count() == 1
