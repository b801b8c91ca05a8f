"""The computed result, the ballots' rules, recusal, the decision: rules of the services."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, Conclusion
from rectification.models import Acceptance, Assignment, Case, Standard
from rectification.services import acceptance as services
from rectification.services import cases
from rectification.services.dates import add_months
from tests.factories import make_district, make_user
from tests.rectification.acceptance import SHEET, make_acceptance
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_round,
    make_slot,
    make_standard,
)

DAY = timedelta(days=1)
STANDARD = Standard(
    pass_score=Decimal(70),
    fail_score=Decimal(60),
    pass_satisfaction=Decimal(80),
    fail_satisfaction=Decimal(50),
    quorum_percent=67,
    min_ballots=15,
    min_member_percent=30,
)


@st.composite
def sheets(draw):
    """A sheet whose figures agree with each other."""
    votes = draw(st.lists(st.integers(0, 60), min_size=3, max_size=3).filter(any))
    tenths = draw(st.integers(0, 1000))
    return Acceptance(
        valid=sum(votes),
        satisfied=votes[0],
        basically=votes[1],
        dissatisfied=votes[2],
        score=Decimal(tenths) / 10,
        veto=draw(st.sampled_from(["", "", "", "发生群体性事件"])),
    )


# --- 28: score, veto, satisfaction and the reasons ------------------------------------------------


@given(sheets())
def test_question_28_the_result_follows_from_score_satisfaction_and_veto(sheet):
    conclusion, reasons = services.compute(sheet, STANDARD)
    rate = sheet.satisfaction
    if sheet.veto or sheet.score < 60 or rate < 50:
        assert conclusion == Conclusion.FAIL
    elif sheet.score >= 70 and rate >= 80:
        assert conclusion == Conclusion.PASS
    else:
        assert conclusion == Conclusion.CONSOLIDATE
    said = "；".join(reasons)
    assert f"{services.figure(sheet.score)} 分" in said
    assert f"{services.figure(rate)}%" in said
    assert sheet.veto in said


@given(sheets(), st.integers(0, 100))
def test_question_28_a_better_score_never_gives_a_worse_result(sheet, more):
    before, _ = services.compute(sheet, STANDARD)
    sheet.score = min(Decimal(100), sheet.score + more)
    after, _ = services.compute(sheet, STANDARD)
    assert services.STRICTNESS.index(after) <= services.STRICTNESS.index(before)


@given(sheets())
def test_question_28_one_voter_more_content_never_gives_a_worse_result(sheet):
    before, _ = services.compute(sheet, STANDARD)
    if sheet.dissatisfied:
        sheet.dissatisfied -= 1
        sheet.satisfied += 1
    after, _ = services.compute(sheet, STANDARD)
    assert services.STRICTNESS.index(after) <= services.STRICTNESS.index(before)


@pytest.mark.parametrize(
    ("sheet", "conclusion", "reason"),
    [
        ({}, Conclusion.PASS, "验收得分 85 分，达到合格线 70 分"),
        ({"score": 70}, Conclusion.PASS, "验收得分 70 分，达到合格线 70 分"),
        ({"score": Decimal("69.9")}, Conclusion.CONSOLIDATE, "未达到合格线 70 分"),
        ({"score": 60}, Conclusion.CONSOLIDATE, "不低于不合格线 60 分"),
        ({"score": Decimal("59.9")}, Conclusion.FAIL, "验收得分 59.9 分，低于不合格线 60 分"),
        (
            {"satisfied": 14, "basically": 10, "dissatisfied": 6},
            Conclusion.PASS,
            "满意率（满意 14 + 基本满意 10，有效 30 票） 80%，达到合格线 80%",
        ),
        ({"satisfied": 14, "basically": 9, "dissatisfied": 7}, Conclusion.CONSOLIDATE, "76.7%"),
        ({"satisfied": 8, "basically": 6, "dissatisfied": 16}, Conclusion.FAIL, "46.7%，低于"),
        ({"veto": "发生群体性事件"}, Conclusion.FAIL, "有一票否决事项：发生群体性事件"),
    ],
)
def test_question_28_each_line_gives_its_result_with_the_reason(sheet, conclusion, reason):
    found, reasons = services.compute(Acceptance(**{**SHEET, **sheet}), STANDARD)
    assert found == conclusion
    assert reason in "；".join(reasons)


@given(sheets())
def test_question_27_the_rate_is_satisfied_and_basically_of_valid(sheet):
    exact = Fraction(100 * (sheet.satisfied + sheet.basically), sheet.valid)
    assert abs(Fraction(sheet.satisfaction) - exact) <= Fraction(1, 20)
    assert sheet.satisfaction == sheet.satisfaction.quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_question_27_the_rate_compared_is_the_rate_printed():
    sheet = Acceptance(**{**SHEET, "valid": 10000, "satisfied": 7995, "basically": 0})
    conclusion, reasons = services.compute(sheet, STANDARD)
    assert str(sheet.satisfaction) == "80.0"
    assert conclusion == Conclusion.PASS
    assert "80%，达到合格线 80%" in reasons[1]


# --- 25: the ballot -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ({}, ""),
        ({"present": 20}, "到会率低于 67%"),
        ({"valid": 14}, "少于规定的 15 张"),
        ({"members_present": 2}, "低于 30%"),
        ({"returned": 31}, "多于发放的 30 票，测评无效"),
        ({"valid": None}, ""),
    ],
)
def test_question_25_the_ballots_rules_are_checked(sheet, words):
    problems = "；".join(services.invalid_ballots(Acceptance(**{**SHEET, **sheet}), STANDARD))
    assert words in problems
    assert bool(problems) is bool(words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"present": 31},
        {"issued": 31},
        {"returned": 31},
        {"valid": 31, "satisfied": 21},
        {"satisfied": 21},
        {"members_present": 11},
        {"members_expected": 40, "members_present": 31},
        {"score": 101},
    ],
)
def test_question_25_the_database_refuses_ballots_that_contradict_themselves(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_acceptance(**wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"present": 20, "issued": 20}, {"members_present": 2}])
def test_question_25_no_conclusion_rests_on_a_void_ballot(wrong):
    acceptance = make_acceptance()
    for name, value in wrong.items():
        setattr(acceptance, name, value)
    with pytest.raises(DomainError, match="还不能审定"):
        services.conclude(acceptance, by=make_user(Role.OFFICE))
    acceptance.refresh_from_db()
    assert acceptance.conclusion == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stricter", "words"),
    [
        ({"min_ballots": 31}, "有效票 30 张，少于规定的 31 张"),
        ({"min_member_percent": 90}, "应参加测评的党员 10 人，参加 8 人，低于 90%"),
        ({"pass_score": 90}, "未达到合格线 90 分"),
        ({"pass_satisfaction": 95}, "未达到合格线 95%"),
    ],
)
def test_question_24_sample_rules_and_lines_are_those_of_the_years_standard(stricter, words):
    district, year = make_district(), clock.today().year
    found = []
    for number, lines in enumerate([{}, stricter]):
        standard = make_standard(district, year - number, **lines)
        case = make_case(round=make_round(district, year - number, standard=standard))
        acceptance = Acceptance(case=case, **{**SHEET, "members_present": 8})
        _, reasons = services.compute(acceptance, standard)
        found.append("；".join([*services.invalid_ballots(acceptance, standard), *reasons]))
    this_year, another = found
    assert words in another
    assert words not in this_year


# --- the decision ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_question_28_a_pass_transforms_the_village_and_keeps_the_reasons():
    acceptance = make_acceptance()
    services.conclude(acceptance, by=make_user(Role.OFFICE))
    case = Case.objects.get(pk=acceptance.case_id)
    assert case.status == CaseStatus.TRANSFORMED
    assert case.transformed_on == acceptance.decided_on
    assert acceptance.conclusion == acceptance.computed == Conclusion.PASS
    assert len(acceptance.computed_reasons) == 2
    assert "达到合格线" in case.events.get(action="conclude").note


@pytest.mark.django_db
def test_question_28_basically_passed_means_six_months_more():
    acceptance = make_acceptance(score=65)
    services.conclude(acceptance, by=make_user(Role.OFFICE))
    case = Case.objects.get(pk=acceptance.case_id)
    assert case.status == CaseStatus.EXTENDED
    assert case.consolidation_until == add_months(clock.today(), 6)


@pytest.mark.django_db
def test_people_may_lower_the_result_with_a_reason():
    acceptance, office = make_acceptance(), make_user(Role.OFFICE)
    with pytest.raises(DomainError, match="要写明从严的理由"):
        services.conclude(acceptance, by=office, conclusion=Conclusion.CONSOLIDATE)
    services.conclude(
        acceptance,
        by=office,
        conclusion=Conclusion.CONSOLIDATE,
        lowered_reason="书记任职不满三个月",
    )
    assert acceptance.computed == Conclusion.PASS
    assert acceptance.conclusion == Conclusion.CONSOLIDATE
    assert "书记任职不满三个月" in acceptance.case.events.get(action="conclude").note


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [Conclusion.PASS, Conclusion.CONSOLIDATE])
def test_nobody_raises_the_result(chosen):
    acceptance = make_acceptance(score=40)
    with pytest.raises(DomainError, match="只能从严"):
        services.conclude(
            acceptance, by=make_user(Role.OFFICE), conclusion=chosen, lowered_reason="照顾"
        )


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(services.SHEET_FIELDS) - services.OPTIONAL_FIELDS))
def test_a_sheet_with_a_gap_is_not_concluded(name):
    acceptance = make_acceptance(**{name: "" if name == "decision_no" else None})
    with pytest.raises(DomainError, match=services.label(name)):
        services.conclude(acceptance, by=make_user(Role.OFFICE))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "dates",
    [
        {"decided_on": clock.today() + DAY},
        {"inspected_on": clock.today() + DAY},
        {"inspected_on": clock.today() - 11 * DAY},
    ],
)
def test_the_dates_stand_in_their_order(dates):
    with pytest.raises(DomainError, match="日期"):
        services.conclude(make_acceptance(**dates), by=make_user(Role.OFFICE))


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.LEADER, Role.HELPER])
def test_only_the_office_concludes(role):
    with pytest.raises(NotAllowed):
        services.conclude(make_acceptance(), by=make_user(role))


@pytest.mark.django_db
def test_a_concluded_acceptance_is_sealed():
    acceptance, office = make_acceptance(), make_user(Role.OFFICE)
    services.conclude(acceptance, by=office)
    with pytest.raises(Conflict, match="已经审定"):
        services.conclude(acceptance, by=office)


@pytest.mark.django_db
def test_of_two_who_conclude_at_once_one_is_told():
    acceptance, office = make_acceptance(), make_user(Role.OFFICE)
    stale = Acceptance.objects.select_related("case__round__standard").get(pk=acceptance.pk)
    services.conclude(acceptance, by=office)
    with pytest.raises(Conflict):
        services.conclude(stale, by=office)
    assert acceptance.case.events.filter(action="conclude").count() == 1


# --- 29: recusal ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("as_liaison", [False, True])
def test_question_29_who_helped_the_village_is_barred_from_its_team(as_liaison):
    acceptance, office = make_acceptance(), make_user(Role.OFFICE)
    helper = make_cadre(name="帮扶人")
    who = {"unit_name": "区水务局", "liaison": helper} if as_liaison else {"cadre": helper}
    Assignment.objects.create(
        case=acceptance.case,
        slot=make_slot(acceptance.case.round.standard),
        started_on=clock.today() - 100 * DAY,
        ended_on=clock.today() - 50 * DAY,
        **who,
    )
    acceptance.team.add(helper)
    with pytest.raises(DomainError, match="帮扶人帮扶过该村，应当回避"):
        services.conclude(acceptance, by=office)
    acceptance.refresh_from_db()
    assert acceptance.conclusion == ""
    acceptance.team.remove(helper)
    services.conclude(acceptance, by=office)
    assert acceptance.conclusion


# --- 30: a failed acceptance ----------------------------------------------------------------------


@pytest.mark.django_db
def test_question_30_a_failed_acceptance_needs_a_new_deadline():
    acceptance = make_acceptance(score=40)
    for deadline in (None, clock.today()):
        with pytest.raises(DomainError, match="重新确定整顿期限"):
            services.conclude(acceptance, by=make_user(Role.OFFICE), new_deadline=deadline)
    acceptance.refresh_from_db()
    assert acceptance.conclusion == ""


@pytest.mark.django_db
def test_question_30_after_a_failure_the_second_application_keeps_the_first():
    acceptance, office = make_acceptance(score=40), make_user(Role.OFFICE)
    township = make_user(Role.TOWNSHIP)
    deadline = clock.today() + 90 * DAY
    services.conclude(acceptance, by=office, new_deadline=deadline)
    case = Case.objects.get(pk=acceptance.case_id)
    assert (case.status, case.deadline) == (CaseStatus.RECTIFYING, deadline)
    cases.apply(case, by=township, on=clock.today())
    first, second = case.acceptances.order_by("serial")
    assert (first.pk, first.conclusion, first.score) == (acceptance.pk, Conclusion.FAIL, 40)
    assert (second.serial, second.conclusion) == (2, "")
