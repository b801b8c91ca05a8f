"""The list of problems in a real browser: a search that answers while one types, by one request."""

import pytest

from tests.rectification.factories import make_case, make_problem

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_typing_a_word_asks_once_and_leaving_the_field_not_again(open_page):
    case = make_case()
    make_problem(case, title="账目三年没有公开")
    holder = make_problem(case, title="采石场被少数人强占经营").holder
    page = open_page(user=holder)
    page.goto("/problems/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(lambda answer: "/problems/?q=" in answer.url):
        page.get_by_label("查找").first.type("采石场", delay=50)
    page.get_by_text("账目三年没有公开").first.wait_for(state="detached")
    page.keyboard.press("Tab")
    page.wait_for_timeout(800)
    assert len([url for url in asked if "/problems/?q=" in url]) == 1
    assert page.get_by_text("采石场被少数人强占经营").first.is_visible()
