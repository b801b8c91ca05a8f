"""The frame of every page in a real browser: sizes, menus, lost sessions, two savers."""

import pytest
from playwright.sync_api import expect

from core.models import Feedback
from tests.factories import PASSWORD, make_user
from tests.matrix import AUDITOR, OFFICE, SYSADMIN, TOWNSHIP
from tests.tools.browser import only_refusals

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SIZES = {"office PC": (1366, 768), "phone": (390, 844)}
PAGES = [
    (AUDITOR, "/audit/"),
    (AUDITOR, "/feedback/new/"),
    (SYSADMIN, "/health/"),
    (SYSADMIN, "/password/"),
    (SYSADMIN, "/admin/accounts/user/"),
    (SYSADMIN, "/admin/accounts/user/add/"),
]


@pytest.fixture(params=SIZES.values(), ids=SIZES)
def size(request):
    return dict(zip(("width", "height"), request.param, strict=True))


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_a_page_fits_its_screen(open_page, size, role, address):
    page = open_page(user=make_user(role), **size)
    page.goto(address)
    expect(page.get_by_text("非涉密系统，严禁录入国家秘密")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def sign_in(page, user):
    page.get_by_label("账号").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_what_was_typed_survives_a_lost_session(open_page, size):
    user = make_user(TOWNSHIP)
    page = open_page(user=user, **size)
    page.goto("/feedback/new/")
    page.get_by_label("您的意见或建议").fill("第一行\n第二行")
    page.context.clear_cookies()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("您填写的内容已保留")).to_be_visible()
    sign_in(page, user)
    expect(page.get_by_role("heading", name="您刚才填写的内容还在")).to_be_visible()
    page.get_by_role("button", name="继续保存").click()
    expect(page.get_by_text("意见已收到")).to_be_visible()
    assert Feedback.objects.get().text.split() == ["第一行", "第二行"]
    only_refusals(page)


def test_of_two_savers_the_second_is_told_and_keeps_the_text(open_page):
    author, office = make_user(TOWNSHIP), make_user(OFFICE)
    row = Feedback.objects.create(author=author, area_code=author.division_id, text="字太小")
    first, second = (open_page(user=office) for _ in range(2))
    for page, words in ((first, "先保存的"), (second, "后保存的")):
        page.goto(f"/feedback/{row.pk}/reply/")
        page.get_by_label("答复").fill(words)
    first.get_by_role("button", name="保存答复").click()
    expect(first.get_by_text("答复已保存")).to_be_visible()
    second.get_by_role("button", name="保存答复").click()
    expect(second.get_by_text("别人已经保存了新的内容")).to_be_visible()
    expect(second.get_by_role("cell", name="先保存的")).to_be_visible()
    expect(second.get_by_label("答复")).to_have_value("后保存的")
    second.get_by_role("button", name="保存答复").click()
    expect(second.get_by_text("答复已保存")).to_be_visible()
    row.refresh_from_db()
    assert row.reply == "后保存的"
    only_refusals(second)


def test_a_double_click_sends_once(open_page):
    page = open_page(user=make_user(TOWNSHIP))
    page.goto("/feedback/new/")
    page.get_by_label("您的意见或建议").fill("一次")
    page.get_by_role("button", name="提交").dblclick()
    expect(page.get_by_text("意见已收到")).to_be_visible()
    assert Feedback.objects.count() == 1


def test_the_account_menu_opens_closes_and_signs_out(open_page, size):
    page = open_page(user=make_user(AUDITOR), **size)
    page.goto("/audit/")
    sign_out = page.get_by_role("button", name="退出登录")
    page.locator(".brand-bar summary").click()
    expect(sign_out).to_be_visible()
    page.keyboard.press("Escape")
    expect(sign_out).to_be_hidden()
    page.locator(".brand-bar summary").click()
    sign_out.click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
