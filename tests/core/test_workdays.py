"""Working days and the yearly notice that moves them."""

from datetime import date, timedelta

import pytest

from core.models import CalendarDay
from core.notices import NotUnderstood, read_notice
from core.workdays import calendar, due_after, unknown_years, whole_calendar, years_to_warn_of

pytestmark = pytest.mark.django_db

NOTICE = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""


def test_a_deadline_jumps_over_the_holiday_and_says_so():
    due = due_after(date(2026, 9, 29), 3)
    assert due.day == date(2026, 10, 9)
    assert due.words == "9月29日之后第 3 个工作日（跳过10月1日至10月7日国庆节）"


def test_a_saturday_of_the_notice_counts_as_a_working_day():
    due = due_after(date(2026, 5, 7), 2)
    assert due.day == date(2026, 5, 9)
    assert "5月9日调休上班" in due.words


def test_an_ordinary_week_needs_no_remark():
    assert due_after(date(2026, 3, 2), 5).words == "3月2日之后第 5 个工作日"


def test_a_year_without_notice_goes_by_the_weekdays_and_is_named():
    due = due_after(date(2026, 12, 30), 3)
    assert due.day == date(2027, 1, 4)
    assert due.words.endswith("2027年放假通知还没有导入，按周一至周五算）")
    assert unknown_years([2025, 2026, 2027]) == [2027]


@pytest.mark.parametrize("year", range(2014, 2027))
def test_the_shipped_table_has_each_year(year):
    days = CalendarDay.objects.filter(day__year=year)
    off = days.filter(is_working=False).count()
    assert 11 <= off <= 24
    assert all(row.day.weekday() < 5 for row in days if not row.is_working)
    assert all(row.day.weekday() >= 5 for row in days if row.is_working)


def test_the_notice_of_2026_reads_as_the_shipped_table():
    shipped = CalendarDay.objects.filter(day__year=2026).values_list("day", "is_working")
    assert [(row.day, row.is_working) for row in read_notice(NOTICE, 2026)] == list(shipped)


def test_a_holiday_over_the_end_of_a_month_is_read():
    rows = read_notice("劳动节：4月29日至5月3日放假。4月23日、5月6日上班。", 2023)
    assert [row.day for row in rows if not row.is_working] == [
        date(2023, 5, 1),
        date(2023, 5, 2),
        date(2023, 5, 3),
    ]
    assert {row.day for row in rows if row.is_working} == {date(2023, 4, 23), date(2023, 5, 6)}


@pytest.mark.parametrize(
    "text", ["请各单位妥善安排", "春节：放假安排另行通知。", "元旦：13月40日放假。"]
)
def test_what_is_not_understood_is_quoted(text):
    with pytest.raises(NotUnderstood):
        read_notice(text, 2027)


def test_counting_agrees_with_the_calendar_day_by_day():
    known = calendar(date(2026, 1, 1), 300)
    for days in range(1, 60):
        due = known.due(date(2026, 1, 1), days).day
        between = (
            date(2026, 1, 1) + timedelta(n) for n in range(1, (due - date(2026, 1, 1)).days + 1)
        )
        assert sum(known.is_working(day) for day in between) == days


def test_the_whole_calendar_counts_as_a_part_of_it_does():
    assert whole_calendar().due(date(2026, 9, 29), 3) == due_after(date(2026, 9, 29), 3)


def test_the_next_years_notice_is_missed_from_november_on():
    assert years_to_warn_of(date(2026, 10, 31)) == []
    assert years_to_warn_of(date(2026, 11, 1)) == [2027]
    assert years_to_warn_of(date(2027, 2, 1)) == [2027]
