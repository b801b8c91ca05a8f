"""Each date says in one line how it was computed; ages are computed, never stored."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps

from core import clock
from rectification import deadlines
from rectification.choices import CaseStatus
from rectification.models import (
    CaseEvent,
    Escalation,
    Extension,
    FollowUp,
    Milestone,
    MilestoneTemplate,
)
from tests.rectification.factories import holder_of, make_case, make_problem

pytestmark = pytest.mark.django_db

DESIGNATED = date(2026, 3, 12)


@pytest.fixture
def case():
    return make_case(designated_on=DESIGNATED, deadline=DESIGNATED + timedelta(days=270))


def extend_event(case, former):
    return CaseEvent(
        case=case, action="extend", former={"fields": {"deadline": former.isoformat()}}
    )


def test_a_milestone_counts_from_the_designation(case):
    template = MilestoneTemplate(anchor="designated", days=30)
    milestone = Milestone(case=case, key="plan", due_on=DESIGNATED + timedelta(days=30))
    expected = "认定（2026年3月12日）后 30 天"
    assert deadlines.milestone_words(milestone, template, case) == expected
    assert deadlines.milestone_words(milestone, None, case) == expected


def test_a_look_back_counts_from_the_transformation():
    case = make_case(status=CaseStatus.TRANSFORMED, transformed_on=date(2026, 5, 31))
    follow_up = FollowUp(case=case, months=3, due_on=date(2026, 8, 31))
    assert deadlines.follow_up_words(follow_up, case) == "转化（2026年5月31日）后 3 个月"
    template = MilestoneTemplate(anchor="transformed", months=3)
    assert deadlines.milestone_words(Milestone(), template, case).endswith("后 3 个月")


def test_a_cases_deadline_counts_from_the_designation_or_was_set_by_a_meeting(case):
    assert deadlines.case_words(case, []) == "认定（2026年3月12日）后 270 天"
    case.deadline += timedelta(days=1)
    assert deadlines.case_words(case, []) == "由会议确定"


def test_an_extended_case_names_its_first_deadline_and_how_often(case):
    events = [extend_event(case, date(2027, 2, 1)), extend_event(case, date(2026, 12, 7))]
    assert deadlines.case_words(case, events) == "原期限 2026年12月7日，延期 2 次"


def test_a_consolidation_is_named(case):
    case.status = CaseStatus.EXTENDED
    assert deadlines.case_words(case, []).startswith("验收基本合格，延长巩固 6 个月")


def test_a_question_says_what_it_counted_or_who_named_the_day(case):
    problem = make_problem(case)
    with clock.set_to(date(2026, 9, 29)):
        asked_at = clock.now()
    row = Escalation(problem=problem, asked_at=asked_at, reply_due_on=date(2026, 10, 9))
    assert deadlines.reply_words(row) == "2026年9月29日提交时指定"
    row.reply_days = 3
    assert deadlines.reply_words(row) == "9月29日之后第 3 个工作日（跳过10月1日至10月7日国庆节）"
    row.reply_due_on = date(2026, 10, 2)  # answered before the notice came
    assert deadlines.reply_words(row).endswith("（按当时的放假安排）")


def test_an_extended_problem_names_its_first_deadline_and_how_often(case):
    rows = [Extension(former=day) for day in (date(2026, 6, 1), date(2026, 5, 1))]
    assert deadlines.item_words(rows) == "原期限 2026年5月1日，延期 2 次"
    assert deadlines.item_words([]) == ""


def test_the_case_page_explains_its_dates(client, case):
    Milestone.objects.create(
        case=case, key="plan", name="方案批准", number=1, due_on=DESIGNATED + timedelta(days=30)
    )
    client.force_login(holder_of(case))
    page = client.get(case.get_absolute_url()).content.decode()
    assert "认定（2026年3月12日）后 30 天" in page
    assert "认定（2026年3月12日）后 270 天" in page


AGE = re.compile(
    r"(^|_)(age|elapsed|waiting|overdue)(_|$)|days_(since|late|still|waiting|open)|天数|已等|逾期"
)
# Day limits that people set are no age of anything.
LIMITS = {"rectification_days", "due_days", "days", "times"}


def test_no_model_stores_an_age():
    stored = [
        f"{model.__name__}.{field.name}"
        for app in ("core", "accounts", "villages", "rectification", "surveys")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if field.name not in LIMITS
        and (AGE.search(field.name) or AGE.search(str(field.verbose_name)))
    ]
    assert stored == []
