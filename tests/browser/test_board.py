"""The leaders' board in a real browser: drawn under the strict policy, on both screens."""

import pytest

from tests.dashboards.scene import make_scene

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_board_draws_its_charts_and_fits_the_screen(open_page, width, height):
    scene = make_scene()
    page = open_page(user=scene.leader, width=width, height=height)
    page.goto("/dashboard/")
    charts = page.locator("[data-chart]")
    for number in range(charts.count()):
        charts.nth(number).locator("canvas").wait_for()
    assert charts.count() == 4
    size = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert size[0] <= size[1]


def test_a_definition_is_one_click_away(open_page):
    page = open_page(user=make_scene().leader)
    page.goto("/dashboard/")
    words = page.get_by_text("明显提升不是转化").first
    assert not words.is_visible()
    page.get_by_text("口径：明显提升").click()
    assert words.is_visible()


def test_choosing_a_round_needs_no_button(open_page):
    page = open_page(user=make_scene().leader)
    page.goto("/dashboard/")
    page.get_by_label("轮次").select_option("all")
    page.wait_for_url("**/dashboard/?year=all")
    assert page.get_by_text("全部轮次 · 数据时间").is_visible()
