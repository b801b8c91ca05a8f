"""Forms behind a guard: a resent post leads to what was saved, a late one keeps its text."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from rectification.models import CaseEvent, Visit
from tests.matrix import OFFICE, TOWNSHIP, World
from tests.rectification.acceptance import SHEET, make_acceptance
from tests.rectification.factories import make_case, make_problem, make_task, make_visit
from tests.rectification.matrix import make_follow_up
from tests.rectification.matrix_rounds import list_in, preparing

pytestmark = pytest.mark.django_db
KEY = uuid.UUID(int=7)


def day(days=0):
    return (clock.today() + timedelta(days=days)).isoformat()


def to_open(w):
    assert w.village  # a round is opened over villages
    return preparing(w).pk, {"due_on": day(20)}


def to_conclude(w):
    acceptance = make_acceptance(w.village)
    words = {**SHEET, "inspected_on": day(-3), "decided_on": day(), "act": "conclude"}
    team = [acceptance.team.get().pk]
    return acceptance.pk, {**words, "team": team, "version_seen": acceptance.version}


# Address, role, and what makes the object and the post; the last word is typed text that must
# still stand on the page when the post comes too late.
FORMS = {
    "round_open": (OFFICE, to_open, ""),
    "round_close": (OFFICE, lambda w: (list_in(w, sent=True).round_id, {}), ""),
    "submission_submit": (
        TOWNSHIP,
        lambda w: (list_in(w, filled=True).pk, {"meeting_on": day(), "note": "党委会研究"}),
        "党委会研究",
    ),
    "submission_return": (
        OFFICE,
        lambda w: (list_in(w, sent=True).pk, {"reason": "理由要写到人"}),
        "理由要写到人",
    ),
    "acceptance_edit": (OFFICE, to_conclude, "组字〔2026〕8号"),
}


@pytest.fixture
def world():
    return World()


@pytest.mark.parametrize("name", FORMS)
def test_a_double_click_leads_to_the_first_result(client, world, name):
    role, build, _ = FORMS[name]
    pk, data = build(world)
    client.force_login(world.user(role))
    address = reverse(f"rectification:{name}", args=[pk])
    answers = [client.post(address, {**data, "submission_key": KEY}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert len({answer.url for answer in answers}) == 1


@pytest.mark.parametrize("name", FORMS)
def test_who_comes_too_late_is_told_and_keeps_the_text(client, world, name):
    role, build, typed = FORMS[name]
    pk, data = build(world)
    client.force_login(world.user(role))
    address = reverse(f"rectification:{name}", args=[pk])
    assert client.post(address, {**data, "submission_key": uuid.uuid4()}).status_code == 302
    late = client.post(address, {**data, "submission_key": uuid.uuid4()})
    assert late.status_code == 409
    page = late.content.decode()
    assert typed in page
    assert "<form" in page


def test_a_look_back_that_comes_after_the_relapse_keeps_its_findings(client, world):
    follow_up = make_follow_up(world)
    client.force_login(world.user(TOWNSHIP))
    type(follow_up.case).objects.update(status="relapsed", relapsed_on=clock.today())
    answer = client.post(
        reverse("rectification:follow_up_edit", args=[follow_up.pk]),
        {"done_on": day(), "is_stable": "yes", "findings": "班子运转正常", "version_seen": 1},
    )
    assert answer.status_code == 409
    assert "班子运转正常" in answer.content.decode()
    follow_up.refresh_from_db()
    assert follow_up.done_on is None


@pytest.mark.parametrize(
    ("make", "name"), [(make_problem, "problem_edit"), (make_task, "task_edit")]
)
def test_what_is_over_is_not_changed_by_its_address(client, world, make, name):
    case = make_case(world.village)
    item = make(case=case)
    type(item).objects.update(status="handed_over" if name == "problem_edit" else "done")
    client.force_login(world.user(TOWNSHIP))
    address = reverse(f"rectification:{name}", args=[item.pk])
    assert "请先重新打开" in client.get(address).content.decode()
    field = "title" if name == "problem_edit" else "measure"
    data = {
        "title": "改过的",
        "measure": "改过的",
        "category": item.category_id,
        "problem": "",
        "nature": "ordinary",
        "source": "visit",
        "found_on": day(-1),
        "start_on": day(-1),
        "deadline": day(30),
        "owner": item.owner_id,
        "version_seen": item.version,
    }
    answer = client.post(address, data)
    assert answer.status_code == 422
    item.refresh_from_db()
    assert getattr(item, field) != "改过的"


@pytest.mark.parametrize("status", ["proposed", "released", "ended"])
def test_a_village_that_is_not_followed_is_not_visited(client, world, status):
    case = make_case(world.village)
    type(case).objects.update(status=status)
    client.force_login(world.user(TOWNSHIP))
    address = reverse("rectification:visit_add", args=[case.pk])
    answer = client.get(address)
    assert answer.status_code == 422
    assert "认定之后、出列之前才记走访" in answer.content.decode()
    page = client.get(case.get_absolute_url() + "?tab=visits").content.decode()
    assert address not in page


def test_a_refused_visit_is_not_said_to_be_saved(client, world):
    visit = make_visit(make_case(world.village))
    client.force_login(world.user(TOWNSHIP))
    type(visit.case).objects.update(status="released")
    data = {
        "visited_on": day(),
        "mode": "own",
        "visitor": visit.visitor_id,
        "audiences": ["cadre"],
        "households": 3,
        "findings": "谈了三户",
        "no_new_problem": "on",
        "next_step": "下周再来",
    }
    answer = client.post(reverse("rectification:visit_add", args=[visit.case_id]), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "走访已保存" not in page
    assert "谈了三户" in page
    assert Visit.objects.count() == 1
    assert not CaseEvent.objects.filter(action="visit").exists()
