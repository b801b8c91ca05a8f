"""The demo on other days than today: the turn of the year, a leap day; and the same day twice."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from core import clock
from dashboards.demo.schedule import Schedule
from dashboards.demo.world import elections_until, next_election
from rectification.choices import OPEN_STATUSES
from rectification.models import Case, CaseEvent, FollowUp, Problem, Round, Visit
from surveys.models import SurveyRecord
from villages.models import SecretaryTerm, VillageFile

TODAY = date(2026, 6, 30)
LONG = pytest.mark.sweep  # seeding takes seconds: only on request


def test_the_schedule_does_acts_of_all_stories_in_the_order_of_their_days():
    done = []

    def story(name, *days):
        for number in days:
            yield TODAY - timedelta(days=number)
            done.append((name, number))

    schedule = Schedule(TODAY)
    schedule.add(story("a", 30, 10))
    schedule.add(story("b", 20, 5))
    schedule.run()
    assert done == [("a", 30), ("b", 20), ("a", 10), ("b", 5)]


def test_the_schedule_leaves_out_what_would_happen_today_or_later():
    done = []

    def story():
        for number in (2, 1, 0, -1):
            yield TODAY - timedelta(days=number)
            done.append(number)

    schedule = Schedule(TODAY)
    schedule.add(story())
    schedule.run()
    assert done == [2, 1]


def test_a_story_that_an_act_adds_is_told_too():
    done = []
    schedule = Schedule(TODAY)

    def child():
        yield TODAY - timedelta(days=4)
        done.append("child")

    def parent():
        yield TODAY - timedelta(days=5)
        schedule.add(child())
        yield TODAY - timedelta(days=3)
        done.append("parent")

    schedule.add(parent())
    schedule.run()
    assert done == ["child", "parent"]


def test_terms_are_three_years_up_to_2018_and_five_after():
    years = [day.year for day in elections_until(date(2027, 1, 1))]
    assert years == [2004, 2007, 2010, 2013, 2016, 2018, 2021, 2026]
    assert next_election(date(2026, 3, 10)) == date(2031, 3, 10)
    assert next_election(date(2026, 3, 9)) == date(2026, 3, 10)


@LONG
@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2028, 2, 29), date(2027, 12, 31)])
def test_the_demo_is_whole_on_any_day(day):
    with clock.set_to(day):
        call_command("seed_demo")
        call_command("verify_figures")
        rounds = Round.objects.filter(district="990101000000").order_by("year")
        assert [row.year for row in rounds] == list(range(2014, day.year + 1))
        present = {
            *Case.objects.filter(round__year__gte=day.year - 1).values_list("status", flat=True)
        }
        assert present >= {*OPEN_STATUSES, "transformed", "relapsed"}
        owed = FollowUp.objects.open()
        assert owed.filter(due_on__lt=day).exists()
        assert owed.filter(due_on__range=(day, day + timedelta(days=31))).exists()
        assert not CaseEvent.objects.filter(on__gte=day).exists()


def contents():
    """What the demo says, without keys and moments."""
    return {
        "cases": list(
            Case.objects.order_by("pk").values_list("village__code", "status", "deadline")
        ),
        "problems": list(Problem.objects.order_by("pk").values_list("title", "status", "deadline")),
        "visits": list(Visit.objects.order_by("pk").values_list("visited_on", "findings", "mode")),
        "terms": list(SecretaryTerm.objects.order_by("pk").values_list("name", "started_on")),
        "files": list(
            VillageFile.objects.order_by("pk").values_list("year", "collective_income", "rating")
        ),
        "surveys": list(SurveyRecord.objects.order_by("pk").values_list("held_on", "topic")),
        "events": list(CaseEvent.objects.order_by("pk").values_list("on", "title", "note")),
    }


@LONG
@pytest.mark.django_db
def test_the_same_day_gives_the_same_data():
    found = []
    for _ in range(2):
        with transaction.atomic():
            call_command("seed_demo")
            found.append(contents())
            transaction.set_rollback(True)
    assert found[0] == found[1]
