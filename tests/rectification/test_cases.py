"""One open case a village, and the ways a case can go to its end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError
from rectification.choices import (
    OPEN_STATUSES,
    CaseSource,
    CaseStatus,
    Conclusion,
    EndReason,
    PlanStatus,
)
from rectification.models import Assignment, Case
from rectification.services import acceptance as acceptances
from rectification.services import cases
from tests.factories import make_user, make_village
from tests.rectification.acceptance import SHEET
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_category,
    make_plan,
    make_round,
    make_slot,
)

pytestmark = pytest.mark.django_db

S = CaseStatus
DAY = timedelta(days=1)


@pytest.fixture
def office():
    return make_user(Role.OFFICE)


@pytest.fixture
def township():
    return make_user(Role.TOWNSHIP)


def today():
    return clock.today()


def fresh(case):
    return Case.objects.get(pk=case.pk)


# --- one open case a village ----------------------------------------------------------------------


def propose(village, by, **told):
    return cases.propose(
        village, round=make_round(), by=by, on=today(), main_category=make_category(), **told
    )


@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_a_village_has_one_open_case(office, status):
    case = make_case(status=status)
    with pytest.raises(DomainError, match="已有正在进行的整顿档案") as refusal:
        propose(case.village, office)
    assert refusal.value.link == case.get_absolute_url()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(case.village, status=S.PROPOSED)


@pytest.mark.parametrize("status", sorted({*S} - {*OPEN_STATUSES}))
def test_a_case_that_is_over_leaves_the_village_free(office, status):
    village = make_village()
    make_case(village, status=status)
    assert propose(village, office).status == S.PROPOSED


def test_of_two_who_propose_a_village_at_once_the_second_is_told(office, monkeypatch):
    village = make_case(status=S.PROPOSED).village
    monkeypatch.setattr(type(Case.objects.all()), "open", lambda rows: rows.none())
    with pytest.raises(Conflict, match="刚由他人建立"):
        propose(village, office)
    assert Case.objects.count() == 1


def test_only_the_office_proposes(township):
    with pytest.raises(DomainError, match="由组织部办理"):
        propose(make_village(), township)


# --- the whole way --------------------------------------------------------------------------------


def conclude(case, office, **sheet):
    """Fill the sheet of the acceptance under way and decide."""
    deadline = sheet.pop("new_deadline", None)
    acceptance = case.acceptances.get(conclusion="", returned_on=None)
    values = {**SHEET, "inspected_on": today(), "decided_on": today(), **sheet}
    for name, value in values.items():
        setattr(acceptance, name, value)
    acceptance.save()
    acceptances.conclude(acceptance, by=office, new_deadline=deadline)
    return fresh(case)


def inspect(case, office):
    cases.inspect(case, by=office, on=today(), team=[make_cadre(name="验收组长")])


def test_a_case_walks_from_proposal_to_release(office, township):
    case = propose(make_village(), office)
    cases.designate(
        case, by=office, on=today(), minutes_no="3号", deadline=today() + 200 * DAY, note="同意"
    )
    make_plan(case, status=PlanStatus.APPROVED, decided_by=office, decided_on=today())
    cases.start(case, by=office, on=today())
    cases.apply(case, by=township, on=today(), note="问题都已解决")
    inspect(case, office)
    case = conclude(case, office)
    assert (case.status, case.transformed_on) == (S.TRANSFORMED, today())
    assert list(case.follow_ups.values_list("months", flat=True)) == [3, 6, 12]
    with pytest.raises(DomainError, match="回头看还没有完成（共差 3 项）"):
        cases.release(case, by=office, on=today())
    case.follow_ups.update(done_on=today(), findings="班子稳定")
    cases.release(case, by=office, on=today())
    assert (case.status, case.released_on) == (S.RELEASED, today())
    way = case.events.filter(from_status__gt="").exclude(action="acceptance_sheet")
    assert [(e.action, e.from_status, e.to_status, e.by) for e in way.order_by("pk")] == [
        ("designate", S.PROPOSED, S.DESIGNATED, office),
        ("start", S.DESIGNATED, S.RECTIFYING, office),
        ("apply", S.RECTIFYING, S.APPLIED, township),
        ("inspect", S.APPLIED, S.INSPECTING, office),
        ("conclude", S.INSPECTING, S.TRANSFORMED, office),
        ("release", S.TRANSFORMED, S.RELEASED, office),
    ]


def test_a_proposal_may_be_declined_and_the_village_proposed_again(office):
    case = propose(make_village(), office)
    cases.decline(case, by=office, on=today(), minutes_no="4号", note="问题已解决")
    assert (case.status, case.designated_on, case.is_open) == (S.DECLINED, None, False)
    assert propose(case.village, office).pk != case.pk


def test_what_is_sent_back_returns_where_it_came_from_and_keeps_the_application(office, township):
    case = make_case(status=S.EXTENDED, consolidation_until=today())
    for _ in range(2):
        cases.apply(case, by=township, on=today())
        cases.send_back(case, by=office, on=today(), note="缺公示材料")
        assert case.status == S.EXTENDED
    cases.apply(case, by=township, on=today())
    sent_back = case.acceptances.exclude(returned_on=None).order_by("serial")
    assert [item.serial for item in sent_back] == [1, 2]
    inspect(case, office)
    assert case.acceptances.get(serial=3).team.count() == 1


def test_basically_passed_means_applying_again_when_the_months_are_over(office, township):
    case = make_case()
    cases.apply(case, by=township, on=today())
    inspect(case, office)
    case = conclude(case, office, score=65)
    assert case.status == S.EXTENDED
    with pytest.raises(DomainError, match="延长巩固期到"):
        cases.apply(case, by=township, on=today())
    with clock.set_to(case.consolidation_until):
        cases.apply(case, by=township, on=today())
    assert case.status == S.APPLIED
    assert case.acceptances.get(serial=1).conclusion == Conclusion.CONSOLIDATE


def test_nobody_who_helped_the_village_is_sent_to_inspect_it(office):
    case = make_case(status=S.APPLIED)
    helper = make_cadre(name="帮扶人")
    make_assignment(case, make_slot(case.round.standard), helper)
    with pytest.raises(DomainError, match="帮扶人帮扶过该村，应当回避"):
        cases.inspect(case, by=office, on=today(), team=[helper])
    with pytest.raises(DomainError, match="请选择验收组成员"):
        cases.inspect(case, by=office, on=today(), team=[])
    assert fresh(case).status == S.APPLIED


def test_an_extension_leads_to_a_later_day_and_keeps_the_former_one(office):
    case = make_case()
    former = case.deadline
    told = {"by": office, "on": today(), "decision_no": "5号", "note": "诉讼未结"}
    with pytest.raises(DomainError, match="应晚于原期限"):
        cases.extend(case, deadline=former, **told)
    cases.extend(case, deadline=former + 30 * DAY, **told)
    assert (case.status, case.deadline) == (S.RECTIFYING, former + 30 * DAY)
    note = case.events.get(action="extend").note
    assert f"由 {former.year}年{former.month}月{former.day}日 延至" in note
    assert "诉讼未结" in note


def test_a_merged_village_names_who_takes_over_and_its_helpers_leave(office):
    case = make_case()
    make_assignment(case, make_slot(case.round.standard), make_cadre())
    told = {"by": office, "on": today(), "end_reason": EndReason.MERGED, "decision_no": "民〔3〕号"}
    with pytest.raises(DomainError, match="要选定承接的村"):
        cases.end(case, **told)
    successor = make_village()
    cases.end(case, successor_village=successor, **told)
    assert (case.status, case.successor_village) == (S.ENDED, successor)
    assert not Assignment.objects.filter(ended_on=None).exists()


@pytest.mark.parametrize(
    ("status", "after"), [(S.TRANSFORMED, S.RELAPSED), (S.RELEASED, S.RELEASED)]
)
def test_a_relapse_opens_a_linked_case_and_keeps_the_first(office, status, after):
    case = make_case(status=status, transformed_on=today() - 300 * DAY)
    make_assignment(case, make_slot(case.round.standard), make_cadre())
    new = cases.relapse(
        case,
        by=office,
        on=today(),
        reason="secretary",
        note="书记离任后班子涣散",
        round=make_round(),
        main_category=make_category(),
    )
    case = fresh(case)
    assert (case.status, case.relapsed_on, case.relapse_reason) == (after, today(), "secretary")
    assert (new.status, new.previous, new.source) == (S.PROPOSED, case, CaseSource.RELAPSE)
    assert new.source_note == "书记离任后班子涣散"
    assert not Assignment.objects.filter(ended_on=None).exists()
    assert [*case.events.filter(action="relapse").values_list("to_status", flat=True)] == [after]
    assert new.events.get(action="propose").by == office
