"""The yearly notice: pasted, looked at, taken over; open reply dates follow it with a trace."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import Conflict, NotAllowed
from core.models import CalendarDay
from core.notices import read_notice
from rectification.choices import AnswerKind
from rectification.models import Cause, Escalation, Milestone, Problem, Topic
from rectification.services import calendar, escalations, undo
from tests.factories import make_user
from tests.rectification.factories import make_case, make_milestone, make_problem

pytestmark = pytest.mark.django_db

NOTICE = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。"""
DAYS = read_notice(NOTICE, 2027)
BEFORE_NEW_YEAR = date(2026, 12, 25)  # a Friday


@pytest.fixture
def sysadmin():
    return make_user(Role.SYSADMIN)


@pytest.fixture
def question():
    """Asked in the old year, due in the new one, whose notice nobody knew."""
    problem = make_problem(make_case())
    with clock.set_to(BEFORE_NEW_YEAR):
        return escalations.escalate(problem, by=problem.holder, question="请协调", reply_days=7)


def paste(client, **more):
    data = {"year": 2027, "notice": "国办发明电〔2026〕9号", "text": NOTICE, **more}
    return client.post(reverse("rectification:calendar_import"), data)


def test_a_late_notice_moves_an_open_reply_date_and_leaves_a_trace(question, sysadmin):
    assert question.reply_due_on == date(2027, 1, 5)
    moved = calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin)
    question.refresh_from_db()
    assert (moved, question.reply_due_on) == (1, date(2027, 1, 6))
    event = question.problem.events.get(action="reply_moved")
    assert event.title == "期限随放假通知调整：由 2027年1月5日 改为 2027年1月6日"


def test_an_answered_question_and_one_with_a_named_day_stay_as_they_are(question, sysadmin):
    escalations.answer_escalation(
        question, by=question.problem.holder, answer_kind=AnswerKind.SOLVED, answer="已办"
    )
    other = make_problem(question.problem.case)
    named = Escalation.objects.create(
        problem=other,
        from_level="village",
        to_level="township",
        question="请定",
        asked_by=other.holder,
        reply_due_on=date(2027, 1, 5),
    )
    assert calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin) == 0
    named.refresh_from_db()
    assert named.reply_due_on == date(2027, 1, 5)


def test_a_late_notice_moves_an_open_topic_too_with_a_trace_in_each_case(question, sysadmin):
    problem = question.problem
    office = make_user(Role.OFFICE, problem.case.round.district)
    with clock.set_to(BEFORE_NEW_YEAR):
        topic = Topic.objects.create(
            district=problem.case.round.district,
            title="往来款",
            cause=Cause.objects.first(),
            question="请区里明确",
            reply_due_on=date(2027, 1, 5),
            reply_days=7,
            made_by=office,
            made_at=clock.now(),
        )
    Problem.objects.filter(pk=problem.pk).update(topic=topic)
    assert calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin) == 2
    topic.refresh_from_db()
    assert topic.reply_due_on == date(2027, 1, 6)
    assert problem.events.filter(action="reply_moved").count() == 2


def test_importing_the_notice_again_changes_nothing_more(question, sysadmin):
    calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin)
    assert calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin) == 0
    assert question.problem.events.filter(action="reply_moved").count() == 1
    assert CalendarDay.objects.filter(day__year=2027).count() == len(DAYS)


def test_a_corrected_notice_replaces_the_year_and_leaves_the_others(sysadmin):
    former = CalendarDay.objects.filter(day__year=2026).count()
    calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin)
    calendar.import_notice(
        2027, read_notice("元旦：1月1日放假。", 2027), notice="更正", by=sysadmin
    )
    assert [str(row) for row in calendar.days_of(2027)] == ["1月1日元旦放假"]
    assert CalendarDay.objects.filter(day__year=2026).count() == former


def test_a_corrected_notice_moves_the_dates_again_and_says_each_time_why(question, sysadmin):
    calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin)
    four_days_more = read_notice("元旦：1月1日至6日放假。", 2027)
    assert calendar.import_notice(2027, four_days_more, notice="更正", by=sysadmin) == 1
    question.refresh_from_db()
    assert question.reply_due_on == date(2027, 1, 11)
    titles = question.problem.events.filter(action="reply_moved").order_by("pk")
    assert list(titles.values_list("title", flat=True)) == [
        "期限随放假通知调整：由 2027年1月5日 改为 2027年1月6日",
        "期限随放假通知调整：由 2027年1月6日 改为 2027年1月11日",
    ]


def test_a_question_answered_meanwhile_leaves_the_whole_notice_out(question, sysadmin, monkeypatch):
    stale = [calendar.Moved(Escalation.objects.for_detail().get(), date(2027, 1, 6))]
    Escalation.objects.update(answered_at=clock.now(), answered_by=question.problem.holder)
    monkeypatch.setattr(calendar, "moved_by", lambda _: stale)
    with pytest.raises(Conflict, match="再导入一次"):
        calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin)
    assert not CalendarDay.objects.filter(day__year=2027).exists()
    assert not question.problem.events.filter(action="reply_moved").exists()


def test_dates_counted_by_the_calendar_of_all_days_stay_where_they_are(question, sysadmin):
    """The notice moves working days alone; a deadline in calendar days is what was decided."""
    problem = Problem.objects.get(pk=question.problem_id)
    milestone = make_milestone(problem.case, "accepted")
    before = (problem.deadline, problem.case.deadline, milestone.due_on)
    calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin)
    problem, milestone = Problem.objects.get(pk=problem.pk), Milestone.objects.get(pk=milestone.pk)
    assert (problem.deadline, problem.case.deadline, milestone.due_on) == before


def test_a_moved_date_does_not_bar_taking_the_question_back(question, sysadmin):
    calendar.import_notice(2027, DAYS, notice="通知", by=sysadmin)
    problem = Problem.objects.for_detail().get(pk=question.problem_id)
    assert undo.undoable(problem, problem.holder).action == "escalate"


def test_only_the_system_administrator_imports():
    with pytest.raises(NotAllowed):
        calendar.import_notice(2027, DAYS, notice="通知", by=make_user(Role.OFFICE))


# --- pages ----------------------------------------------------------------------------------------


def test_calendar_import_shows_the_days_before_it_takes_them(client, question, sysadmin):
    client.force_login(sysadmin)
    page = paste(client).content.decode()
    assert "2月14日" in page
    assert "有 1 个还没有答复的期限会随之调整" in page
    assert not CalendarDay.objects.filter(day__year=2027).exists()

    response = paste(client, confirmed="1")
    assert response.url == reverse("rectification:calendar") + "?year=2027"
    assert CalendarDay.objects.filter(day__year=2027).count() == len(DAYS)


def test_calendar_import_gives_the_text_back_for_a_correction(client, sysadmin):
    client.force_login(sysadmin)
    page = paste(client, again="1").content.decode()
    assert "2月14日（周日）上班" in page
    assert "读出日子，先核对" in page
    assert not CalendarDay.objects.filter(day__year=2027).exists()


def test_calendar_import_keeps_the_text_it_does_not_understand(client, sysadmin):
    client.force_login(sysadmin)
    response = paste(client, text="春节：放假安排另行通知。")
    assert response.status_code == 422
    assert "春节：放假安排另行通知" in response.content.decode()
    assert "没有读出日子" in response.content.decode()


def test_calendar_shows_a_years_days(client):
    client.force_login(make_user(Role.HELPER))
    page = client.get(reverse("rectification:calendar") + "?year=2026").content.decode()
    assert "10月10日" in page
    assert "调休上班" in page


@pytest.mark.parametrize("year", ["", "abc", "99999999999"])
def test_calendar_of_no_year_is_this_years(client, year):
    client.force_login(make_user(Role.HELPER))
    page = client.get(reverse("rectification:calendar") + f"?year={year}")
    assert page.context["year"] == clock.today().year


# --- warnings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "warned"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True)]
)
@pytest.mark.parametrize(
    ("role", "address"),
    [(Role.OFFICE, "dashboards:work"), (Role.SYSADMIN, "admin:accounts_user_changelist")],
)
def test_from_november_the_missing_notice_is_named_to_office_and_sysadmin(
    client, role, address, day, warned
):
    client.force_login(make_user(role))
    with clock.set_to(day):
        page = client.get(reverse(address)).content.decode()
    assert ("2027 年的放假调休通知还没有导入" in page) == warned


@pytest.fixture
def asked_of_a_department(question):
    """The question and a topic, both put to a department of the district."""
    district = question.problem.case.round.district
    liaison = make_user(Role.DEPARTMENT, district)
    Escalation.objects.update(to_level="district", department=liaison.department)
    Topic.objects.create(
        district=district,
        title="往来款",
        cause=Cause.objects.first(),
        question="请区里明确",
        department=liaison.department,
        reply_due_on=date(2027, 1, 5),
        reply_days=7,
        made_by=make_user(Role.OFFICE, district),
        made_at=question.asked_at,
    )
    return liaison


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("owed_answers", Role.OFFICE),
        ("topic_list", Role.OFFICE),
        ("topic_list", Role.LEADER),
        ("topic_detail", Role.OFFICE),
        ("topic_detail", Role.DEPARTMENT),
        ("topic_answer", Role.DEPARTMENT),
        ("opinion_add", Role.OFFICE),
        ("opinion_list", Role.DEPARTMENT),
        ("escalation_answer", Role.DEPARTMENT),
        ("escalation_pass", Role.OFFICE),
        ("problem_detail", Role.LEADER),
    ],
)
def test_every_page_with_a_date_in_working_days_says_that_the_year_is_unknown(
    client, asked_of_a_department, question, name, role
):
    district = asked_of_a_department.division
    users = {Role.DEPARTMENT: asked_of_a_department}
    client.force_login(users.get(role) or make_user(role, district))
    rows = {"topic": Topic.objects.get(), "escalation": question, "problem": question.problem}
    row = None if name in {"topic_list", "opinion_add"} else rows.get(name.split("_")[0])
    with clock.set_to(date(2026, 12, 28)):
        page = client.get(reverse(f"rectification:{name}", args=[row.pk] if row else []))
    assert page.status_code == 200
    assert re.search(r"2027 ?年的?放假(调休)?通知还没有导入", page.content.decode())


def test_a_page_that_counts_working_days_warns_of_an_unknown_year(client):
    problem = make_problem()
    client.force_login(problem.holder)
    with clock.set_to(date(2027, 3, 1)):
        page = client.get(reverse("rectification:escalation_add", args=[problem.pk]))
    assert "2027 年的放假调休通知还没有导入" in page.content.decode()


def test_problem_detail_explains_the_reply_date(client, question):
    client.force_login(question.problem.holder)
    page = client.get(question.problem.get_absolute_url()).content.decode()
    assert "12月25日之后第 7 个工作日（2027年放假通知还没有导入，按周一至周五算）" in page
