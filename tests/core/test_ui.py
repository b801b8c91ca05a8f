from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from core import clock as core_clock
from core.templatetags import ui

TODAY = date(2026, 6, 18)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    noon = datetime(2026, 6, 18, 12, tzinfo=timezone.get_default_timezone())
    monkeypatch.setattr(core_clock, "now", lambda: noon)


def render(text, address="/cases/?page=3&sort=name&q=清泉", **context):
    request = RequestFactory().get(address)
    request.user = SimpleNamespace(pk=7)
    template = Template("{% load ui %}" + text)
    return template.render(Context({"request": request, "csrf_token": "t<", **context}))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (12, "2026年6月30日（周二，还有 12 天）"),
        (0, "2026年6月18日（周四，今天）"),
        (-3, "2026年6月15日（周一，3 天前）"),
        (733, "2028年6月20日（周二，还有 2 年多）"),
    ],
)
def test_a_date_says_weekday_and_distance(days, words):
    assert ui.zh_date(TODAY + timedelta(days=days)) == words


@pytest.mark.parametrize(
    ("days", "long", "short"),
    [
        (12, "2026年6月30日（周二，还有 12 天）", "还有 12 天"),
        (0, "2026年6月18日（周四，今天）", "今天到期"),
        (-3, "2026年6月15日（周一，逾期 3 天）", "逾期 3 天"),
    ],
)
def test_a_deadline_that_passed_is_overdue(days, long, short):
    day = TODAY + timedelta(days=days)
    assert (ui.due_date(day), ui.due_in(day)) == (long, short)
    assert ui.is_late(day) == (days < 0)


def test_a_moment_is_told_in_local_time():
    late = datetime(2026, 6, 17, 20, 30, tzinfo=timezone.get_fixed_timezone(0))
    assert ui.short_date(late) == "2026-06-18"
    assert ui.short_time(late) == "2026-06-18 04:30"
    assert ui.day_date(late) == "2026年6月18日"


@pytest.mark.parametrize(
    "show",
    [ui.zh_date, ui.due_date, ui.due_in, ui.day_date, ui.short_date, ui.short_time, ui.number],
)
def test_what_is_unknown_is_a_dash(show):
    assert show(None) == "—"


def test_the_first_day_counts_as_day_one():
    assert ui.days_since(TODAY) == 1
    assert ui.days_since(TODAY - timedelta(days=83)) == 84
    assert ui.days_since(None) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (Decimal("12.50"), "12.5"),
        (Decimal(100), "100"),
        ("", "—"),
    ],
)
def test_numbers_have_thousands_and_no_idle_zeros(value, words):
    assert ui.number(value) == words


def test_shares_and_answers_are_told_in_words():
    assert (ui.percent(83.333), ui.percent(100), ui.percent(None)) == ("83.3%", "100%", "—")
    assert [ui.yes_no(value) for value in (True, False, None)] == ["是", "否", "—"]
    assert (ui.or_dash(0), ui.or_dash("")) == (0, "—")


def test_every_kind_of_state_has_a_shape_of_its_own():
    assert len(set(ui.SHAPES.values())) == len(ui.SHAPES)
    badge = render('{% status_badge words "bad" %}', words="<逾期>")
    assert "is-bad" in badge
    assert ui.SHAPES["bad"] in badge
    assert "&lt;逾期&gt;" in badge


def test_a_form_carries_token_key_and_account():
    one, other = (render("{% form_tokens %}") for _ in range(2))
    assert 'name="csrfmiddlewaretoken" value="t&lt;"' in one
    assert 'name="filled_in_by" value="7"' in one
    assert one != other, "each button has a key of its own"
    assert 'name="submission_key" value="abc"' in render("{% form_tokens key %}", key="abc")


def test_a_change_of_the_address_keeps_the_rest_and_begins_at_page_one():
    assert render("{% query sort='-name' %}") == "q=%E6%B8%85%E6%B3%89&amp;sort=-name"
    assert render("{% query page=4 %}").endswith("page=4")
    assert "sort" not in render("{% query sort=None %}")


def test_a_column_head_turns_the_order_round():
    assert render("{% sort_query 'name' %}").endswith("sort=-name")
    assert render("{% sort_query 'due' %}").endswith("sort=due")
    assert render("{% sort_state 'name' %}") == "ascending"
    assert render("{% sort_state 'name' %}", "/?sort=-name") == "descending"
    assert render("{% sort_state 'due' %}") == "none"
