from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import workflow
from rectification.choices import CaseStatus, SignalKind
from rectification.models import FollowUp, RelapseSignal
from rectification.selectors import relapse_hints
from rectification.services import acceptance as acceptance_service
from rectification.services import follow_ups as services
from rectification.services.dates import add_months
from tests.factories import make_division, make_user, make_village
from tests.rectification.acceptance import make_acceptance
from tests.rectification.factories import make_case
from villages.models import SecretaryTerm

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = reverse("rectification:follow_up_list")


def make_transformed(village=None, days_ago=100, **fields):
    """Make a case 已转化 that many days ago."""
    on = clock.today() - days_ago * DAY
    return make_case(village, status=CaseStatus.TRANSFORMED, transformed_on=on, **fields)


def make_follow_up(case=None, months=3, due_on=None, **fields):
    case = case or make_transformed()
    due_on = due_on or clock.today()
    return FollowUp.objects.create(case=case, months=months, due_on=due_on, **fields)


def done(follow_up, **changes):
    values = {"done_on": clock.today(), "is_stable": True, "findings": "班子稳定", **changes}
    for name, value in values.items():
        setattr(follow_up, name, value)
    return follow_up


# --- look-backs -----------------------------------------------------------------------------------


def test_question_31_acceptance_creates_the_look_backs_at_3_6_and_12_months():
    acceptance = make_acceptance()
    acceptance_service.conclude(acceptance, by=make_user(Role.OFFICE))
    found = acceptance.case.follow_ups.values_list("months", "due_on")
    today = clock.today()
    assert list(found) == [(months, add_months(today, months)) for months in (3, 6, 12)]


def test_question_31_what_is_due_this_month_stands_first_and_is_counted(client):
    first, last = clock.today().replace(day=1), add_months(clock.today().replace(day=1), 1) - DAY
    late = make_follow_up(due_on=first - DAY)
    this_month = make_follow_up(due_on=last)
    next_month = make_follow_up(due_on=last + DAY)
    make_follow_up(due_on=last, done_on=clock.today(), is_stable=True, findings="稳定")
    make_follow_up(make_case(status=CaseStatus.RELAPSED), due_on=last)
    client.force_login(make_user(Role.OFFICE))
    page = client.get(LIST)
    assert list(page.context["page"]) == [late, this_month, next_month]
    figures = page.context["figures"]
    assert figures["month"] == len(client.get(f"{LIST}?state=month").context["page"]) == 1
    assert figures["late"] == len(client.get(f"{LIST}?state=late").context["page"]) == 1
    assert len(client.get(f"{LIST}?state=").context["page"]) == 5


@pytest.mark.parametrize(
    ("query", "months"),
    [("months=6", [6]), ("q=乙村", [12]), ("township=990101002000", [12]), ("state=done", [])],
)
def test_follow_up_list_filters_live_in_the_address(client, query, months):
    west = make_village(make_division("990101001"), name="甲村村委会")
    east = make_village(make_division("990101002"), name="乙村村委会")
    make_follow_up(make_transformed(west), months=6)
    make_follow_up(make_transformed(east), months=12)
    client.force_login(make_user(Role.OFFICE))
    assert [row.months for row in client.get(f"{LIST}?{query}").context["page"]] == months


def test_follow_up_list_of_a_township_holds_its_own_villages(client):
    own = make_follow_up(make_transformed(make_village(make_division("990101001"))))
    make_follow_up(make_transformed(make_village(make_division("990101002"))))
    client.force_login(make_user(Role.TOWNSHIP))
    page = client.get(LIST)
    assert list(page.context["page"]) == [own]
    assert page.context["figures"]["month"] == 1


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TOWNSHIP])
def test_follow_up_list_takes_as_many_queries_for_15_rows_as_for_40(
    client, role, django_assert_max_num_queries
):
    client.force_login(make_user(role))
    for _ in range(5):
        case = make_transformed(make_village(make_division("990101001")))
        for months in (3, 6, 12):
            make_follow_up(case, months)
    client.get(LIST)  # the session remembers its district from the first page on
    with django_assert_max_num_queries(8) as few:
        client.get(LIST)
    for _ in range(9):
        case = make_transformed(make_village(make_division("990101001")))
        for months in (3, 6, 12):
            make_follow_up(case, months)
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


def test_a_look_back_done_reaches_its_milestone_and_leaves_an_event():
    follow_up, township = make_follow_up(), make_user(Role.TOWNSHIP)
    milestone = follow_up.case.milestones.create(
        key="follow_3", name="3 个月回头看", number=7, due_on=follow_up.due_on
    )
    services.finish(done(follow_up), by=township)
    milestone.refresh_from_db()
    assert milestone.reached_on == clock.today()
    event = follow_up.case.events.get(action="follow_up")
    assert "班子稳定" in event.note
    assert event.by == township


@pytest.mark.parametrize(
    "wrong",
    [
        {"done_on": None},
        {"is_stable": None},
        {"findings": ""},
        {"done_on": clock.today() + DAY},
    ],
)
def test_a_look_back_needs_date_state_and_findings(wrong):
    with pytest.raises(DomainError):
        services.finish(done(make_follow_up(), **wrong), by=make_user(Role.OFFICE))


def test_a_look_back_is_not_done_long_before_its_month():
    early = make_follow_up(due_on=clock.today() + 31 * DAY)
    with pytest.raises(DomainError, match="不早于"):
        services.finish(done(early), by=make_user(Role.OFFICE))
    follow_up = make_follow_up(due_on=clock.today() + 30 * DAY)
    assert services.finish(done(follow_up), by=make_user(Role.OFFICE)).done_on


@pytest.mark.parametrize("status", [CaseStatus.RELAPSED, CaseStatus.RELEASED])
def test_no_look_back_into_a_village_no_longer_transformed(status):
    follow_up = make_follow_up(make_case(status=status))
    with pytest.raises(Conflict):
        services.finish(done(follow_up), by=make_user(Role.OFFICE))


def test_leaders_and_helpers_enter_no_look_back():
    for role in (Role.LEADER, Role.HELPER):
        with pytest.raises(NotAllowed):
            services.finish(done(make_follow_up()), by=make_user(role))


def edit(client, follow_up, **changes):
    data = {
        "done_on": clock.today().isoformat(),
        "is_stable": "yes",
        "findings": "班子稳定，没有新的信访",
        "version_seen": follow_up.version,
        **changes,
    }
    return client.post(reverse("rectification:follow_up_edit", args=[follow_up.pk]), data)


def test_follow_up_edit_keeps_what_was_found(client):
    follow_up, township = make_follow_up(), make_user(Role.TOWNSHIP)
    client.force_login(township)
    assert edit(client, follow_up).status_code == 302
    follow_up.refresh_from_db()
    assert (follow_up.is_stable, follow_up.by) == (True, township)
    assert follow_up.version == 2


def test_a_village_that_does_not_hold_leads_on_to_a_signal(client):
    follow_up = make_follow_up()
    client.force_login(make_user(Role.TOWNSHIP))
    response = edit(client, follow_up, is_stable="no")
    assert response.url.startswith(reverse("rectification:signal_add", args=[follow_up.case_id]))
    assert "请接着登记" in client.get(response.url).content.decode()


def test_a_corrected_look_back_keeps_its_former_words_in_the_event(client):
    follow_up = make_follow_up()
    client.force_login(make_user(Role.TOWNSHIP))
    edit(client, follow_up, findings="一切正常")
    follow_up.refresh_from_db()
    edit(client, follow_up, findings="有两件信访")
    event = follow_up.case.events.first()
    assert event.title.startswith("更正")
    assert "一切正常" in event.note


def test_the_second_of_two_who_enter_a_look_back_is_told(client):
    follow_up = make_follow_up()
    client.force_login(make_user(Role.OFFICE))
    edit(client, follow_up)
    response = edit(client, follow_up, findings="另一份记录")
    assert response.status_code == 409
    assert "另一份记录" in response.content.decode()


def test_follow_up_edit_reaches_no_other_township(client):
    follow_up = make_follow_up(make_transformed(make_village(make_division("990101002"))))
    client.force_login(make_user(Role.TOWNSHIP))
    assert edit(client, follow_up).status_code == 404
    follow_up.refresh_from_db()
    assert follow_up.done_on is None


# --- signals --------------------------------------------------------------------------------------


def make_signal(case=None, kind=SignalKind.PETITIONS, **fields):
    values = {"observed_on": clock.today(), "note": "一个月内信访五件", **fields}
    return services.raise_signal(
        case or make_transformed(), by=make_user(Role.TOWNSHIP), kind=kind, **values
    )


def test_an_unanswered_signal_stands_in_the_way_of_release():
    signal, office = make_signal(), make_user(Role.OFFICE)
    release = workflow.STEPS["release"]
    assert any("信访增多" in item.text for item in workflow.missing_for(signal.case, release))
    services.answer_signal(signal, by=office, answer="已逐件包案化解")
    assert not workflow.missing_for(signal.case, release)


@pytest.mark.parametrize("days", [-101, 1])
def test_a_signal_lies_between_transformation_and_today(days):
    with pytest.raises(DomainError):
        make_signal(observed_on=clock.today() + days * DAY)


def test_only_a_transformed_or_released_village_has_signals():
    make_signal(make_case(status=CaseStatus.RELEASED))
    with pytest.raises(DomainError):
        make_signal(make_case())


def test_a_signal_is_answered_once():
    signal, office = make_signal(), make_user(Role.OFFICE)
    stale = RelapseSignal.objects.get(pk=signal.pk)
    services.answer_signal(signal, by=office, answer="已化解")
    with pytest.raises(Conflict):
        services.answer_signal(stale, by=office, answer="重复答复")
    assert RelapseSignal.objects.get().answer == "已化解"


def test_signal_add_and_signal_answer_work_on_their_pages(client):
    case = make_transformed()
    client.force_login(make_user(Role.TOWNSHIP))
    data = {"kind": "other", "observed_on": clock.today().isoformat(), "note": "院坝里有议论"}
    assert client.post(reverse("rectification:signal_add", args=[case.pk]), data).status_code == 302
    page = reverse("rectification:signal_answer", args=[case.signals.get().pk])
    assert client.post(page, {"answer": "已入户说明"}).status_code == 302
    assert "已入户说明" in client.get(page).content.decode()
    assert client.post(page, {"answer": "再答一次"}).status_code == 409


@pytest.mark.parametrize("name", ["signal_add", "signal_answer"])
def test_signals_of_another_township_do_not_exist(client, name):
    case = make_transformed(make_village(make_division("990101002")))
    pk = case.pk if name == "signal_add" else make_signal(case).pk
    client.force_login(make_user(Role.TOWNSHIP))
    address = reverse(f"rectification:{name}", args=[pk])
    data = {"kind": "other", "observed_on": clock.today().isoformat(), "note": "x", "answer": "x"}
    assert client.post(address, data).status_code == 404
    assert not RelapseSignal.objects.exclude(answer="").exists()


# --- hints ----------------------------------------------------------------------------------------


def make_term(village, ended_on=None):
    return SecretaryTerm.objects.create(
        village=village, name="老周", started_on=clock.today() - 900 * DAY, ended_on=ended_on
    )


@pytest.mark.parametrize(("days_ago", "hinted"), [(20, True), (100, False), (120, False)])
def test_a_secretary_who_left_after_the_transformation_is_hinted_at(days_ago, hinted):
    case = make_transformed(days_ago=100)
    make_term(case.village, ended_on=clock.today() - days_ago * DAY)
    hints = relapse_hints(case)
    assert bool(hints) is hinted
    assert all(hint.kind == SignalKind.SECRETARY and "老周" in hint.text for hint in hints)


@pytest.mark.parametrize(
    ("election", "hinted"),
    [(0, True), (300, True), (-1, False), (400, False), (None, False)],
)
def test_an_election_within_twelve_months_is_hinted_at(election, hinted):
    day = None if election is None else clock.today() + election * DAY
    case = make_transformed(make_village(next_election_on=day))
    assert [hint.kind for hint in relapse_hints(case)] == [SignalKind.ELECTION] * hinted


def test_a_hint_goes_once_its_signal_was_raised():
    case = make_transformed(make_village(next_election_on=clock.today() + 90 * DAY))
    make_term(case.village, ended_on=clock.today() - 10 * DAY)
    assert len(relapse_hints(case)) == 2
    make_signal(case, SignalKind.SECRETARY)
    make_signal(case, SignalKind.ELECTION)
    assert relapse_hints(case) == []


@pytest.mark.parametrize("status", [CaseStatus.RECTIFYING, CaseStatus.RELEASED])
def test_only_a_village_in_its_follow_up_year_is_hinted_at(status):
    village = make_village(next_election_on=clock.today() + 90 * DAY)
    assert relapse_hints(make_case(village, status=status)) == []
