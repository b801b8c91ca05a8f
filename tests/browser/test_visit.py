"""A helper writes a visit down on a phone; the township does so on a PC."""

import pytest
from playwright.sync_api import expect

from rectification.models import Visit
from tests.rectification.factories import holder_of, make_case, make_helper, make_problem

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def case():
    return make_case()


def test_a_visit_is_logged_on_one_phone_screen(open_page, case):
    make_problem(case, title="账目三年没有公开")
    page = open_page(user=make_helper(case), **PHONE)
    page.goto("/visits/pick/")
    page.get_by_role("link", name=str(case.village)).click()

    page.get_by_text("老党员").click()
    page.get_by_text("困难家庭").click()
    page.get_by_label("走访", exact=True).fill("3")
    page.get_by_label("了解到的情况").fill("账目已经贴出来，大家还有疑问")
    page.get_by_text("没有发现新问题").click()
    page.get_by_text("账目三年没有公开").click()
    save = page.get_by_role("button", name="保存")
    assert page.evaluate("window.scrollY") == 0
    expect(save).to_be_in_viewport()
    save.click()

    expect(page.get_by_text("走访已保存")).to_be_visible()
    visit = Visit.objects.get()
    assert (visit.audiences, visit.households) == (["veteran_member", "hardship"], 3)
    assert [problem.title for problem in visit.problems.all()] == ["账目三年没有公开"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_who_really_went_is_asked_only_for_a_delegated_visit(open_page, case):
    page = open_page(user=holder_of(case), **PHONE)
    page.goto(f"/cases/{case.pk}/visits/add/")
    delegate = page.get_by_label("实际到村的人")
    expect(delegate).to_be_hidden()
    page.get_by_text("委托他人").click()
    expect(delegate).to_be_visible()


def test_a_double_click_saves_one_visit(open_page, case):
    page = open_page(user=make_helper(case), **PHONE)
    page.goto(f"/cases/{case.pk}/visits/add/")
    page.get_by_label("了解到的情况").fill("一切照旧")
    page.get_by_text("没有发现新问题").click()
    page.get_by_role("button", name="保存").dblclick()
    expect(page.get_by_role("heading", name="走访")).to_be_visible()
    assert Visit.objects.count() == 1


def test_the_filters_of_a_list_change_its_table_and_its_address(open_page, case):
    make_problem(case, title="账目三年没有公开", nature="major")
    make_problem(case, title="路灯不亮")
    page = open_page(user=holder_of(case))
    page.goto("/problems/")
    page.get_by_label("性质").select_option(label="重大")
    expect(page.get_by_role("link", name="路灯不亮")).to_have_count(0)
    expect(page.get_by_role("table").get_by_role("link", name="账目三年没有公开")).to_be_visible()
    assert "nature=major" in page.url
    page.go_back()
    expect(page.get_by_role("link", name="路灯不亮")).to_be_visible()
