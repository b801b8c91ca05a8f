"""The life of a case: who may take which step when, what must hold, what is written down."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import workflow
from rectification.choices import CaseStatus, Conclusion, EndReason, PlanStatus
from rectification.models import Acceptance, Case, CaseEvent, FollowUp, Milestone
from rectification.services import cases
from tests.factories import make_user, make_village
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_category,
    make_plan,
    make_round,
)

pytestmark = pytest.mark.django_db

S = CaseStatus
DAY = timedelta(days=1)
OFFICE, TOWNSHIP = Role.OFFICE, Role.TOWNSHIP

# The table of steps, written out: from which status who may take what.
ALLOWED = {
    (S.PROPOSED, "designate", OFFICE),
    (S.PROPOSED, "decline", OFFICE),
    (S.PROPOSED, "end", OFFICE),
    (S.DESIGNATED, "start", OFFICE),
    (S.DESIGNATED, "extend", OFFICE),
    (S.DESIGNATED, "end", OFFICE),
    (S.RECTIFYING, "apply", TOWNSHIP),
    (S.RECTIFYING, "extend", OFFICE),
    (S.RECTIFYING, "end", OFFICE),
    (S.APPLIED, "send_back", OFFICE),
    (S.APPLIED, "inspect", OFFICE),
    (S.APPLIED, "end", OFFICE),
    (S.INSPECTING, "conclude", OFFICE),
    (S.INSPECTING, "end", OFFICE),
    (S.EXTENDED, "apply", TOWNSHIP),
    (S.EXTENDED, "end", OFFICE),
    (S.TRANSFORMED, "release", OFFICE),
    (S.TRANSFORMED, "relapse", OFFICE),
    (S.RELEASED, "relapse", OFFICE),
}
ACTIONS = {
    *("designate", "decline", "start", "apply", "send_back", "inspect"),
    *("conclude", "release", "relapse", "extend", "end"),
}


@pytest.fixture
def office():
    return make_user(OFFICE)


@pytest.fixture
def township():
    return make_user(TOWNSHIP)


def today():
    return clock.today()


def is_refused(case, action, user):
    """Whether right or status forbid a step, whatever is still missing for it."""
    try:
        workflow.check(case, action, by=user)
    except (NotAllowed, Conflict):
        return True
    except DomainError:
        return False
    return False


# --- who may do what when -------------------------------------------------------------------------


def test_the_table_has_these_steps():
    assert set(workflow.STEPS) == ACTIONS


@pytest.mark.parametrize("status", S)
def test_every_status_action_role(status):
    case = make_case(status=status)
    users = {role: make_user(role) for role in Role}
    shown = {
        (status, choice.step.action, role)
        for role, user in users.items()
        for choice in workflow.available(case, user)
    }
    taken = {
        (status, action, role)
        for role, user in users.items()
        for action in ACTIONS
        if not is_refused(case, action, user)
    }
    expected = {row for row in ALLOWED if row[0] == status}
    assert shown == expected
    assert taken == expected


def test_a_refusal_says_who_takes_the_step(office, township):
    case = make_case()
    with pytest.raises(NotAllowed, match="由乡镇办理"):
        workflow.check(case, "apply", by=office)
    with pytest.raises(NotAllowed, match="由组织部办理"):
        workflow.check(case, "extend", by=township)


def test_a_step_out_of_turn_names_the_status_the_case_has(office):
    with pytest.raises(Conflict, match="现在是“整顿中”，不能“认定”"):
        workflow.check(make_case(), "designate", by=office)


# --- each act, from its status --------------------------------------------------------------------


def with_application(case):
    acceptance = Acceptance.objects.create(case=case, serial=1, applied_on=today())
    acceptance.team.add(make_cadre(name="验收组长"))


def approve_plan(case):
    make_plan(case, status=PlanStatus.APPROVED, decided_by=make_user(OFFICE), decided_on=today())


def ready_for(action):
    """Make a case for which an act lacks nothing; return it, the role and what the act is told."""
    status, role, told = {
        "designate": (
            S.PROPOSED,
            OFFICE,
            {
                "minutes_no": "1号",
                "deadline": today() + 9 * DAY,
                "main_category": make_category(),
                "further_categories": [],
            },
        ),
        "decline": (S.PROPOSED, OFFICE, {"minutes_no": "1号", "note": "不符合"}),
        "start": (S.DESIGNATED, OFFICE, {}),
        "apply": (S.RECTIFYING, TOWNSHIP, {}),
        "send_back": (S.APPLIED, OFFICE, {"note": "材料不全"}),
        "inspect": (S.APPLIED, OFFICE, {"team": [make_cadre(name="组员")]}),
        "conclude": (S.INSPECTING, OFFICE, {"conclusion": Conclusion.PASS, "decision_no": "8号"}),
        "release": (S.TRANSFORMED, OFFICE, {}),
        "relapse": (
            S.TRANSFORMED,
            OFFICE,
            {
                "reason": "secretary",
                "note": "书记离任",
                "round": make_round(),
                "main_category": make_category(),
            },
        ),
        "extend": (
            S.RECTIFYING,
            OFFICE,
            {"deadline": today() + 200 * DAY, "decision_no": "5号", "note": "诉讼未结"},
        ),
        "end": (S.RECTIFYING, OFFICE, {"end_reason": EndReason.MISTAKE, "decision_no": "6号"}),
    }[action]
    case = make_case(status=status)
    if action == "start":
        approve_plan(case)
    if status in {S.APPLIED, S.INSPECTING}:
        with_application(case)
    return case, make_user(role), {"on": today(), **told}


def act(action, case, user, told):
    return getattr(cases, action)(case, by=user, **told)


TARGETS = {
    "designate": S.DESIGNATED,
    "decline": S.DECLINED,
    "start": S.RECTIFYING,
    "apply": S.APPLIED,
    "send_back": S.RECTIFYING,
    "inspect": S.INSPECTING,
    "conclude": S.TRANSFORMED,
    "release": S.RELEASED,
    "relapse": S.RELAPSED,
    "extend": S.RECTIFYING,
    "end": S.ENDED,
}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_each_step_leaves_who_when_from_to_and_the_number(action):
    case, user, told = ready_for(action)
    told["on"] = today() - DAY
    before = case.status
    act(action, case, user, told)
    case = Case.objects.get(pk=case.pk)
    event = case.events.get(action=action)
    assert case.status == TARGETS[action]
    assert (event.from_status, event.to_status) == (before, TARGETS[action])
    assert (event.by, event.on) == (user, today() - DAY)
    assert clock.now() - event.at < timedelta(minutes=1)
    assert told.get("note", "") in event.note
    assert event.minutes_no == told.get("minutes_no", told.get("decision_no", ""))


def traces():
    counted = (CaseEvent, Acceptance, Milestone, FollowUp, Case)
    return [model.objects.count() for model in counted]


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_of_two_who_act_on_one_case_the_second_is_told_and_leaves_nothing(action):
    case, user, told = ready_for(action)
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    before = traces(), Case.objects.values().get()
    with pytest.raises(Conflict):
        act(action, case, user, told)
    assert (traces(), Case.objects.values().get()) == before


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_no_step_is_dated_in_the_future(action):
    case, user, told = ready_for(action)
    told["on"] = today() + DAY
    told["deadline"] = today() + 300 * DAY
    if action not in {"designate", "extend"}:
        del told["deadline"]
    with pytest.raises(DomainError, match="不能晚于今天"):
        act(action, case, user, told)
    assert not CaseEvent.objects.exists()


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("designate", "minutes_no"),
        ("decline", "minutes_no"),
        ("decline", "note"),
        ("send_back", "note"),
        ("relapse", "reason"),
        ("relapse", "note"),
        ("extend", "decision_no"),
        ("extend", "note"),
        ("end", "end_reason"),
        ("end", "decision_no"),
    ],
)
def test_a_number_or_reason_that_is_owed_is_not_left_empty(action, name):
    case, user, told = ready_for(action)
    with pytest.raises(DomainError, match="请填写"):
        act(action, case, user, {**told, name: "  "})
    assert Case.objects.get(pk=case.pk).status == case.status


# --- question 7: no designation without the standing committee ------------------------------------


@pytest.mark.parametrize("missing", [{"designated_on": None}, {"minutes_no": ""}])
@pytest.mark.parametrize("status", sorted({*S} - {S.PROPOSED, S.DECLINED, S.ENDED}))
def test_question_07_the_database_holds_no_designated_case_without_minutes(status, missing):
    village = make_village()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(village, status=status, **missing)


def test_question_07_only_the_standing_committees_step_leads_out_of_a_proposal():
    steps = workflow.STEPS.values()
    ways = {step.action: step.targets for step in steps if S.PROPOSED in step.sources}
    assert ways == {"designate": (S.DESIGNATED,), "decline": (S.DECLINED,), "end": (S.ENDED,)}
    assert [step.action for step in steps if S.DESIGNATED in step.targets] == ["designate"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("field", ["on", "minutes_no", "deadline"])
def test_question_07_no_role_designates_without_date_number_and_deadline(client, role, field):
    case = make_case(status=S.PROPOSED, designated_on=None, minutes_no="", deadline=None)
    client.force_login(make_user(role))
    data = {"on": today(), "minutes_no": "〔2026〕3号", "deadline": today() + 90 * DAY, field: ""}
    address = reverse("rectification:case_step", args=[case.pk, "designate"])
    response = client.post(address, data)
    if role == OFFICE:
        assert response.status_code == 422
        assert response.context["form"].errors[field] == ["请填写此项"]
    else:
        assert response.status_code in {403, 404}
    case.refresh_from_db()
    assert (case.status, case.designated_on) == (S.PROPOSED, None)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.SYSADMIN])
def test_question_07_the_admin_skips_it_neither(client, role):
    case = make_case(status=S.PROPOSED, designated_on=None, minutes_no="", deadline=None)
    client.force_login(make_user(role))
    data = {"status": S.DESIGNATED, "minutes_no": "", "designated_on": ""}
    change = reverse("admin:rectification_case_change", args=[case.pk])
    assert client.post(change, data).status_code in {403, 404}
    add = reverse("admin:rectification_case_add")
    assert client.post(add, data).status_code in {403, 404}
    assert list(Case.objects.values_list("status", flat=True)) == [S.PROPOSED]


def test_question_07_the_minutes_stand_on_the_case_and_in_its_record(client, office):
    case = make_case(status=S.PROPOSED, designated_on=None, minutes_no="", deadline=None)
    told = {"minutes_no": "〔2026〕12号", "deadline": today() + 90 * DAY}
    cases.designate(case, by=office, on=today() - DAY, **told)
    assert (case.designated_on, case.minutes_no) == (today() - DAY, "〔2026〕12号")
    event = case.events.get(action="designate")
    assert (event.meeting, event.minutes_no) == ("区委常委会", "〔2026〕12号")
    client.force_login(office)
    page = client.get(f"{case.get_absolute_url()}?tab=history").content.decode()
    assert page.count("〔2026〕12号") >= 2
