"""区级专题: the same hard cause in several villages, settled by one answer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from dashboards.work import items_for
from rectification.ages import age_of
from rectification.choices import Level, ProblemStatus
from rectification.models import Problem, Topic
from rectification.services import escalations, problems, topics
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import make_case, make_cause, make_problem, make_task

pytestmark = pytest.mark.django_db

S = ProblemStatus


def today():
    return clock.today()


@pytest.fixture
def cause():
    return make_cause()


@pytest.fixture
def rows(cause):
    """Hard problems of one cause in two townships."""
    villages = (make_village(), make_village(make_division("990101002")))
    return [
        make_problem(make_case(village), cause=cause, nature="major", title=f"无证房屋{number}")
        for number, village in enumerate(villages)
    ]


@pytest.fixture
def office(rows):
    return make_user(Role.OFFICE, rows[0].case.round.district)


@pytest.fixture
def liaison(rows):
    return make_user(Role.DEPARTMENT, rows[0].case.round.district)


def make(rows, by, **fields):
    values = {"title": "无证房屋确权", "question": "请明确政策", "reply_days": 10, **fields}
    return topics.make_topic(by=by, cause=rows[0].cause, problems=rows, **values)


def answer(topic, by, rows=(), **fields):
    values = {"answer_kind": "solved", "answer": "按办法确权", "decision_no": "区政 8 号"} | fields
    return topics.answer_topic(topic, by=by, solved=rows, **values)


def statuses(rows):
    return [Problem.objects.get(pk=row.pk).status for row in rows]


def test_the_office_makes_a_topic_of_the_problems_it_selects(client, rows, office):
    client.force_login(office)
    page = client.get(reverse("rectification:topic_list")).content.decode()
    address = reverse("rectification:topic_add", args=["Y09"])
    assert "2 个村 2 个问题" in page
    assert address in page
    data = {
        "title": "无证房屋确权",
        "question": "请明确政策",
        "problems": [row.pk for row in rows],
        "reply_days": 10,
        "department": "civil",
    }
    topic_page = client.post(address, data).url
    topic = Topic.objects.get()
    assert topic_page == topic.get_absolute_url()
    assert {row.pk for row in topic.problems.all()} == {row.pk for row in rows}
    assert rows[0].events.get(action="topic_join").note == "请明确政策"


def test_one_village_alone_makes_no_topic(rows, office):
    with pytest.raises(DomainError, match="2 个村"):
        make(rows[:1], office)


def test_only_problems_of_the_same_cause_join(rows, office):
    rows[1].cause = make_cause("Y13", "宗族派性")
    rows[1].save()
    with pytest.raises(DomainError, match="成因"):
        make(rows, office)
    assert not Topic.objects.exists()


def test_a_problem_stands_in_one_topic(rows, office):
    make(rows, office)
    with pytest.raises(Conflict):
        make([Problem.objects.get(pk=row.pk) for row in rows], office)


def test_one_answer_puts_every_solved_problem_up_for_closing(rows, office):
    topic = make(rows, office)
    colleague = make_user(Role.OFFICE, office.division)
    answer(topic, colleague, rows)
    assert statuses(rows) == [S.CLOSING, S.CLOSING]
    for row in Problem.objects.filter(topic=topic):
        assert row.closing_by == office
        assert "区政 8 号" in row.evidence
        assert row.events.get(action="topic_answer").note == "按办法确权"
        for doer in (office, colleague):  # asked, answered: neither approves
            with pytest.raises(DomainError):
                problems.approve_close(row, by=doer)
        problems.approve_close(row, by=row.holder)
    assert statuses(rows) == [S.CLOSED, S.CLOSED]


def test_what_still_has_a_task_stays_open_and_says_so(rows, office):
    task = make_task(rows[0])
    topic = make(rows, office)
    answer(topic, office, rows)
    assert statuses(rows) == [S.OPEN, S.CLOSING]
    assert task.measure in rows[0].events.get(action="topic_waits").note


def test_what_the_answer_does_not_solve_stays_open_with_the_answer(rows, office):
    topic = make(rows, office)
    answer(topic, office, rows[:1])
    assert statuses(rows) == [S.CLOSING, S.OPEN]
    assert rows[1].events.filter(action="topic_answer").exists()


@pytest.mark.parametrize("kind", ["rule", "refused"])
def test_a_rule_or_a_refusal_closes_nothing(rows, office, kind):
    topic = make(rows, office)
    answer(topic, office, rows, answer_kind=kind)
    assert statuses(rows) == [S.OPEN, S.OPEN]


def test_the_answer_settles_the_question_that_was_handed_up(rows, office):
    rows[0].level = Level.TOWNSHIP
    rows[0].save()
    asked = escalations.escalate(rows[0], by=rows[0].holder, question="请确权", reply_days=10)
    topic = make(rows, office)
    answer(topic, office, rows)
    asked.refresh_from_db()
    assert (asked.answer_kind, asked.answered_by) == ("solved", office)
    assert statuses(rows) == [S.CLOSING, S.CLOSING]


def test_the_lead_department_owes_the_answer_and_sees_no_case(client, rows, office, liaison):
    topic = make(rows, office, department=liaison.department)
    assert [item.noun for item in items_for(liaison, today())] == ["区级专题"]
    assert "区级专题" not in [item.noun for item in items_for(office, today())]
    with pytest.raises(NotAllowed):
        answer(topic, office, rows)
    client.force_login(liaison)
    assert "无证房屋确权" in client.get(reverse("rectification:opinion_list")).content.decode()
    page = client.get(topic.get_absolute_url()).content.decode()
    assert "无证房屋0" in page
    assert rows[0].get_absolute_url() not in page
    data = {"answer_kind": "solved", "answer": "确权", "solved": [row.pk for row in rows]}
    address = reverse("rectification:topic_answer", args=[topic.pk])
    assert client.post(address, data).status_code == 302
    assert statuses(rows) == [S.CLOSING, S.CLOSING]


def test_a_township_sees_the_topic_and_only_its_own_problems_of_it(client, rows, office):
    topic = make(rows, office)
    client.force_login(rows[0].holder)
    page = client.get(topic.get_absolute_url()).content.decode()
    assert "无证房屋0" in page
    assert "无证房屋1" not in page
    stranger = make_user(Role.TOWNSHIP, make_division("990101003"))
    client.force_login(stranger)
    assert client.get(topic.get_absolute_url()).status_code == 404


def test_the_second_of_two_answers_is_told(rows, office):
    topic = make(rows, office)
    stale = Topic.objects.get(pk=topic.pk)
    answer(topic, office, answer_kind="rule")
    with pytest.raises(Conflict):
        answer(stale, office, answer_kind="refused")


def test_the_own_clock_stands_still_while_the_district_owes_the_topic(rows, office):
    with clock.set_to(today() - timedelta(days=12)):
        make(rows, office)
    row = Problem.objects.for_detail().with_questions().get(pk=rows[0].pk)
    assert age_of(row).waited == 12


# --- mending the text -----------------------------------------------------------------------------


def edit_page(client, topic):
    """Open the page of changes; return its address and what it would post."""
    address = reverse("rectification:topic_edit", args=[topic.pk])
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in ("title", "question", "department")}
    return address, {**data, "version_seen": form["version_seen"].value()}


def test_the_office_mends_a_topic_until_it_is_answered_and_the_former_words_stay(
    client, rows, office
):
    topic = make(rows, office)
    client.force_login(office)
    address, data = edit_page(client, topic)
    assert address in client.get(topic.get_absolute_url()).content.decode()
    changed = {"question": "请明确无证房屋确权的年限", "department": "civil"}
    assert client.post(address, {**data, **changed}).status_code == 302
    topic.refresh_from_db()
    assert (topic.question, topic.department) == ("请明确无证房屋确权的年限", "civil")
    page = client.get(topic.get_absolute_url()).content.decode()
    assert "（最初的）：无证房屋确权。请明确政策" in page
    for row in rows:
        event = row.case.events.get(action="topic_edit")
        assert "请明确政策 → 请明确无证房屋确权的年限" in event.note
        assert event.problem == row


def test_the_second_of_two_people_who_mend_a_topic_is_told_and_keeps_the_text(client, rows, office):
    topic = make(rows, office)
    client.force_login(office)
    address, data = edit_page(client, topic)
    assert client.post(address, {**data, "title": "甲"}).status_code == 302
    answer = client.post(address, {**data, "title": "乙"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="乙"' in page
    assert "甲" in page
    assert Topic.objects.get().title == "甲"


def test_an_answered_topic_is_not_mended_and_the_text_is_kept(client, rows, office):
    topic = make(rows, office)
    client.force_login(office)
    address, data = edit_page(client, topic)
    answer(Topic.objects.get(), office, answer_kind="rule")
    response = client.post(address, {**data, "question": "还要明确费用"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "专题已经答复，不能再改；还没有解决的，在问题页面用“上交”" in page
    assert "还要明确费用" in page
    assert address not in client.get(topic.get_absolute_url()).content.decode()
    assert Topic.objects.get().question == "请明确政策"


def test_only_the_office_of_the_district_mends_a_topic(rows, office):
    topic = make(rows, office)
    above = make_user(Role.OFFICE, make_division(f"{office.division_id[:4]}00000000"))
    assert [topics.may_revise(topic, user) for user in (office, above, rows[0].holder)] == [
        True,
        False,
        False,
    ]
    with pytest.raises(NotAllowed):
        topics.revise_topic(topic, save=topic.save, changes=["专题"], by=above)
