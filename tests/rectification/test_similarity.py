"""How much of a plan stands in another: countable by hand, and shown to who may see it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.roles import Role
from core.exceptions import DomainError
from rectification import selectors_plans, similarity
from rectification.choices import CaseStatus, PlanStatus
from rectification.models import Measure, Plan, Standard
from rectification.selectors_plans import Likeness
from rectification.services import plans
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    holder_of,
    make_assignment,
    make_cadre,
    make_case,
    make_plan,
    make_round,
    make_slot,
    make_task,
)

pytestmark = pytest.mark.django_db

COPIED = {
    "causes": "书记和主任各自为政，遇事不沟通。换届积怨长期没有化解。",
    "goal": "年底前班子恢复正常议事，群众满意率达到九成。",
    "measures": "逐人谈心，开好专题组织生活会。建立两委决定事项台账，逐项明确责任人。",
}
OTHER = {
    "causes": "账目多年没有公开，征地补偿分配规则不清。",
    "goal": "三个季度的收支全部补公开，不再有新的来访。",
    "measures": "请区审计局清理往来款，召开村民会议表决分配办法。",
}


def cut(text, names=()):
    return similarity.sentences((("主要措施", text),), names=tuple(names))


# --- the count ------------------------------------------------------------------------------------


def test_the_share_is_the_characters_of_taken_over_sentences_in_a_hundred():
    own = cut("书记和主任各自为政。下周起每天都公布工程进度。")
    found = similarity.compare(own, cut("村书记和主任各自为政。"))
    assert [(m.length, m.percent, m.is_alike) for m in found.matches] == [
        (9, 100, True),
        (12, 0, False),
    ]
    assert (found.alike, found.total, found.percent) == (9, 21, Decimal("42.8"))


def test_names_figures_and_punctuation_do_not_hide_a_copy():
    own = cut("一是清泉村 3 月底前公开近 3 年账目；", ["清泉村"])
    other = cut("（二）石门村9月底前，公开近5年账目。", ["石门村"])
    assert similarity.compare(own, other).percent == 100


def test_a_sentence_counts_from_four_fifths_of_its_runs():
    own = cut("甲乙丙丁戊己庚")  # five runs of three
    assert similarity.compare(own, cut("甲乙丙丁戊己辛壬")).matches[0].percent == 80
    assert similarity.compare(own, cut("甲乙丙丁戊己辛壬")).alike == 7
    assert similarity.compare(own, cut("甲乙丙丁戊辛壬癸")).matches[0].percent == 60
    assert similarity.compare(own, cut("甲乙丙丁戊辛壬癸")).alike == 0


def test_exactly_the_limit_is_not_above_it():
    taken, own = "甲乙丙丁戊己庚。", "子丑寅卯辰巳。"
    exact = similarity.compare(cut(taken * 2 + own), cut(taken))
    assert (exact.alike, exact.total, exact.percent) == (14, 20, 70)
    assert not Likeness(Plan(), exact, limit=70).is_above
    assert Likeness(Plan(), exact, limit=69).is_above
    above = similarity.compare(cut(taken * 3 + own), cut(taken))
    assert above.percent == Decimal("77.7")
    assert Likeness(Plan(), above, limit=77).is_above


def test_short_sentences_and_empty_plans_count_nothing():
    assert similarity.compare(cut("好的。"), cut("好的。")).percent == 0


# --- question 13 ----------------------------------------------------------------------------------


@pytest.fixture
def village():
    return make_village()


def plan_in(village, township_of=None, **texts):
    """Make a submitted plan of a designated village that lacks nothing for its approval."""
    case = make_case(village, status=CaseStatus.DESIGNATED)
    make_assignment(case, make_slot(case.round.standard), make_cadre())
    make_task(case=case, measure=f"{village}自己的措施，与别村不同：{texts['goal'][:9]}")
    return make_plan(case, status=PlanStatus.SUBMITTED, **texts)


@pytest.fixture
def plan(village):
    return plan_in(village, **COPIED)


@pytest.fixture
def copy(plan):
    return plan_in(make_village(plan.case.village.township), **COPIED)


@pytest.fixture
def office(plan):
    return make_user(Role.OFFICE, plan.case.round.district)


def test_question_13_two_nearly_identical_plans_are_pointed_out_with_their_sentences(
    client, plan, copy, office
):
    unlike = plan_in(make_village(plan.case.village.township), **OTHER)
    client.force_login(holder_of(copy.case))
    page = client.get(copy.get_absolute_url()).content.decode()
    assert "与别村方案雷同" in page
    address = reverse("rectification:plan_similar", args=[copy.pk])
    assert f"{address}?with={plan.pk}" in page
    assert f"?with={unlike.pk}" not in page

    client.force_login(office)
    page = client.get(address, {"with": plan.pk}).content.decode()
    assert page.count("建立两委决定事项台账，逐项明确责任人。") == 2
    likeness = selectors_plans.likenesses(copy)[0]
    comparison = likeness.comparison
    assert likeness.is_above
    assert f"{comparison.alike} ÷ {comparison.total} = <strong>{comparison.percent}%" in page


def test_question_13_an_alike_plan_is_approved_only_with_a_reason(client, copy, office):
    client.force_login(office)
    decide = reverse("rectification:plan_decide", args=[copy.pk])
    data = {"decision": "approve", "on": "2026-01-01", "note": "同意"}
    response = client.post(decide, data)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"similarity_reason"}

    response = client.post(decide, {**data, "similarity_reason": "两村原是一个行政村，问题同源"})
    assert response.status_code == 302
    copy.refresh_from_db()
    assert copy.status == PlanStatus.APPROVED
    assert copy.similarity_reason == "两村原是一个行政村，问题同源"
    assert "相似 100%，本年度提示线 70%" in copy.case.events.get(action="plan_approve").note
    page = client.get(copy.get_absolute_url()).content.decode()
    assert "两村原是一个行政村，问题同源" in page


def test_question_13_the_service_refuses_an_alike_plan_without_a_reason(copy, office):
    with pytest.raises(DomainError, match="写明理由"):
        plans.approve(copy, by=office)
    copy.refresh_from_db()
    assert copy.status == PlanStatus.SUBMITTED


def test_question_13_the_limit_is_the_years_standards(client, copy, office):
    """A part is the village's own words: the line of the year decides, and is shown."""
    Plan.objects.filter(pk=copy.pk).update(causes=OTHER["causes"] + OTHER["goal"])
    plan = Plan.objects.for_list().get(pk=copy.pk)
    percent = selectors_plans.likenesses(plan)[0].percent
    assert 50 < percent < 70
    client.force_login(office)
    decide = reverse("rectification:plan_decide", args=[plan.pk])
    page = client.get(decide)
    assert f"相似 {percent}%，本年度提示线 70%" in page.content.decode()
    assert "similarity_reason" not in page.context["form"].fields

    Standard.objects.filter(pk=plan.case.round.standard_id).update(similarity_percent=50)
    page = client.get(decide)
    assert f"相似 {percent}%，本年度提示线 50%" in page.content.decode()
    assert "similarity_reason" in page.context["form"].fields
    with pytest.raises(DomainError, match="本年度提示线 50%"):
        plans.approve(Plan.objects.for_list().get(pk=plan.pk), by=office)


def test_sending_an_alike_plan_back_needs_no_reason_for_likeness(client, copy, office):
    client.force_login(office)
    data = {"decision": "return", "on": "2026-01-01", "note": "照抄，请按本村实际重写"}
    decide = reverse("rectification:plan_decide", args=[copy.pk])
    assert client.post(decide, data).status_code == 302


def test_an_unlike_plan_is_approved_without_a_reason(plan, office):
    other = plan_in(make_village(plan.case.village.township), **OTHER)
    plans.approve(other, by=office)
    assert (other.status, other.similarity_reason) == (PlanStatus.APPROVED, "")


def test_measures_of_the_library_are_shared_on_purpose_and_not_counted(plan, copy):
    measure = Measure.objects.create(
        district=plan.case.round.district,
        text="补公开三个季度的财务收支，理财小组逐月审核签字",
        category=plan.case.main_category,
    )
    before = selectors_plans.likenesses(copy)[0].comparison.total
    for item in (plan, copy):
        make_task(case=item.case, measure=measure.text, library=measure)
    assert selectors_plans.likenesses(copy)[0].comparison.total == before
    make_task(case=copy.case, measure="自己写的一条任务措施")
    assert selectors_plans.likenesses(copy)[0].comparison.total == before + 10


def test_another_districts_and_an_older_rounds_plans_are_not_compared(plan):
    district = plan.case.round.district
    old = make_round(district, plan.case.round.year - 2)
    case = make_case(
        make_village(plan.case.village.township), status=CaseStatus.DESIGNATED, round=old
    )
    make_plan(case, **COPIED)
    plan_in(make_village(make_division("220101001")), **COPIED)
    assert selectors_plans.likenesses(plan) == []


def test_only_the_latest_draft_of_a_village_is_compared(plan, copy):
    Plan.objects.filter(pk=plan.pk).delete()
    make_plan(plan.case, **COPIED)
    make_plan(plan.case, number=2, **OTHER)
    assert selectors_plans.likenesses(copy) == []


def test_a_township_does_not_read_another_townships_plan(client, plan):
    township = make_division(f"{plan.case.village.code[:6]}009")
    elsewhere = plan_in(make_village(township, name="远山村"), **COPIED)
    client.force_login(holder_of(plan.case))
    address = reverse("rectification:plan_similar", args=[plan.pk])
    page = client.get(address, {"with": elsewhere.pk}).content.decode()
    assert "外乡镇的一个村" in page
    assert "远山村" not in page
    assert page.count("建立两委决定事项台账") == 1
    assert client.get(elsewhere.get_absolute_url()).status_code == 404


def test_the_record_of_an_approval_names_no_village_of_another_township(plan, copy, office):
    township = make_division(f"{plan.case.village.code[:6]}009")
    elsewhere = plan_in(make_village(township, name="远山村"), **COPIED)
    plans.approve(elsewhere, by=office, similarity_reason="问题同源")
    note = elsewhere.case.events.get(action="plan_approve").note
    assert "与外乡镇的一个村的方案相似 100%" in note
    plans.approve(copy, by=office, similarity_reason="问题同源")
    note = copy.case.events.get(action="plan_approve").note
    assert f"与{plan.case.village}的方案相似 100%" in note


def test_plan_similar_costs_the_same_for_2_plans_and_for_12(client, plan, office, queries_of):
    client.force_login(office)
    address = reverse("rectification:plan_similar", args=[plan.pk])
    costs = []
    for rows in (2, 10):
        for _ in range(rows):
            plan_in(make_village(plan.case.village.township), **COPIED)
        costs.append(queries_of(client, address))
    assert costs[0] == costs[1] <= 12
