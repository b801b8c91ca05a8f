"""Two people at one record, and one person who sends the same thing again."""

import pytest
from playwright.sync_api import expect

from rectification.choices import CaseStatus, PlanStatus
from rectification.models import Visit
from tests.factories import make_user
from tests.matrix import OFFICE
from tests.rectification.factories import holder_of, make_case, make_helper, make_plan
from tests.tools.browser import only_refusals

# What a page that the browser kept for "Back" does, and an impatient hand: the same form again.
SEND_TWICE = """async () => {
    for (const time of [1, 2]) {
        const body = new FormData(document.querySelector("main form"));
        await fetch(location.href, {method: "POST", body});
    }
}"""
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_of_two_who_edit_the_plan_of_a_case_the_second_is_told(open_page):
    case = make_case(status=CaseStatus.DESIGNATED)
    plan = make_plan(case, status=PlanStatus.DRAFTING)
    first, second = (open_page(user=holder_of(case)) for _ in range(2))
    for page, words in ((first, "先保存的目标"), (second, "后保存的目标")):
        page.goto(f"/plans/{plan.pk}/edit/")
        page.get_by_label("整顿目标").fill(words)
    save(first)
    expect(first.get_by_text("先保存的目标").first).to_be_visible()

    save(second)
    expect(second.get_by_text("别人已经保存了新的内容")).to_be_visible()
    expect(second.get_by_role("cell", name="先保存的目标")).to_be_visible()
    expect(second.get_by_label("整顿目标")).to_have_value("后保存的目标")
    plan.refresh_from_db()
    assert plan.goal == "先保存的目标"

    save(second)
    expect(second.get_by_text("后保存的目标").first).to_be_visible()
    plan.refresh_from_db()
    assert plan.goal == "后保存的目标"
    only_refusals(second)


def test_of_two_who_take_a_step_of_a_case_the_second_is_told_and_keeps_the_text(open_page):
    case = make_case(status=CaseStatus.PROPOSED, designated_on=None, minutes_no="", deadline=None)
    first, second = (open_page(user=make_user(OFFICE)) for _ in range(2))
    for page, number in ((first, "〔2026〕第 1 号"), (second, "〔2026〕第 2 号")):
        page.goto(f"/cases/{case.pk}/steps/designate/")
        page.get_by_label("常委会纪要号").fill(number)
        page.get_by_label("说明").fill(f"按{number}")
    first.get_by_role("button", name="认定", exact=True).click()
    expect(first.get_by_text("〔2026〕第 1 号").first).to_be_visible()

    second.get_by_role("button", name="认定", exact=True).click()
    expect(second.get_by_text("已认定").first).to_be_visible()
    expect(second.get_by_text("〔2026〕第 2 号").first).to_be_visible()
    case.refresh_from_db()
    assert (case.status, case.minutes_no) == (CaseStatus.DESIGNATED, "〔2026〕第 1 号")
    only_refusals(second)


def test_a_visit_sent_three_times_with_one_key_is_one_visit(open_page):
    case = make_case()
    page = open_page(user=make_helper(case), width=390, height=844)
    page.goto(f"/cases/{case.pk}/visits/add/")
    page.get_by_label("了解到的情况").fill("一切照旧")
    page.get_by_text("没有发现新问题").click()
    page.evaluate(SEND_TWICE)
    save(page)
    expect(page.get_by_text("一切照旧")).to_be_visible()
    assert Visit.objects.count() == 1


def save(page):
    page.get_by_role("button", name="保存", exact=True).click()
