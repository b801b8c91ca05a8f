"""What the demo promises: a fictional district that obeys every rule and fills every page."""

import csv
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q

from accounts.demo import DEMO_PASSWORD, is_demo
from accounts.models import User
from accounts.roles import Department, Role
from core import clock
from core.models import Feedback
from dashboards.demo import names
from divisions.codes import VillageKind
from divisions.models import Division
from rectification import guards, guards_deputies
from rectification.choices import (
    DESIGNATED_STATUSES,
    OPEN_STATUSES,
    AnswerKind,
    CaseStatus,
    Nature,
    PlanStatus,
    ProblemStatus,
    Progress,
    ScreeningOutcome,
    SubmissionStatus,
)
from rectification.models import (
    Acceptance,
    Assignment,
    Case,
    DepartmentOpinion,
    Escalation,
    FollowUp,
    Plan,
    Problem,
    RelapseSignal,
    Round,
    StageAssessment,
    Standard,
    Task,
    TownshipSubmission,
    Visit,
)
from rectification.services.dates import add_months
from surveys.models import SurveyRecord
from villages.models import SecretaryTerm, Village, VillageFile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
REAL = Path(__file__).parents[1] / "data" / "divisions-110116.csv"
DISTRICT = names.DISTRICT[0]


def current():
    return Round.objects.filter(district=DISTRICT).order_by("-year").first()


def cases(**filters):
    return Case.objects.filter(round__district=DISTRICT, **filters)


# --- the district ---------------------------------------------------------------------------------


def test_a_second_run_is_refused_and_asked_politely_does_nothing():
    before = User.objects.count(), Case.objects.count()
    with pytest.raises(CommandError, match="只能放进空的数据库"):
        call_command("seed_demo")
    call_command("seed_demo", if_empty=True)
    assert (User.objects.count(), Case.objects.count()) == before


def test_the_district_has_16_townships_and_285_villages():
    assert Division.objects.filter(parent=DISTRICT).count() == 16
    villages = Village.objects.filter(code__startswith="990101")
    assert villages.filter(kind=VillageKind.VILLAGE).count() == 285
    assert villages.filter(kind=VillageKind.COMMUNITY).count() == 12


def test_nothing_lies_outside_the_fictional_province():
    assert all(is_demo(code) for code in Division.objects.values_list("code", flat=True))
    assert all(is_demo(code) for code in Village.objects.values_list("code", flat=True))
    assert all(is_demo(code) for code in User.objects.values_list("division_id", flat=True))


def test_no_name_is_that_of_a_real_place_of_the_sample_district():
    with REAL.open(encoding="utf-8") as file:
        real = {row["name"] for row in csv.DictReader(file)}
    short = {name.removesuffix("村委会").removesuffix("居委会") for name in real} - {""}
    invented = {*Village.objects.values_list("name", flat=True)}
    invented |= {*Division.objects.values_list("name", flat=True)}
    assert not real & invented
    assert not [name for name in invented if any(name.startswith(stem) for stem in short)]


def test_names_of_places_are_given_once():
    found = list(Village.objects.values_list("name", flat=True))
    assert len(found) == len(set(found))


def test_every_role_and_every_department_has_an_account_that_can_sign_in():
    assert {*User.objects.values_list("role", flat=True)} == {*Role.values}
    departments = User.objects.filter(role=Role.DEPARTMENT)
    assert {*departments.values_list("department", flat=True)} == {*Department.values}
    for username in ("office1", "township16", "township1b", "leader2", "helper3", "office_other"):
        assert authenticate(username=username, password=DEMO_PASSWORD), username


def test_every_township_has_an_account():
    towns = Division.objects.filter(parent=DISTRICT)
    assert not towns.exclude(accounts__role=Role.TOWNSHIP).exists()


def test_two_offices_make_the_four_eyes_of_an_approval():
    assert User.objects.filter(role=Role.OFFICE, division=DISTRICT).count() == 2


def test_the_second_district_sees_nothing_of_the_first():
    stranger = User.objects.get(username="office_other")
    assert Case.objects.visible_to(stranger).count() == 2
    assert not Case.objects.visible_to(stranger).filter(round__district=DISTRICT).exists()


# --- the past -------------------------------------------------------------------------------------


def test_there_is_no_case_before_2014():
    assert not Case.objects.filter(proposed_on__year__lt=2014).exists()


def test_every_village_has_a_rating_for_each_of_ten_years():
    rated = VillageFile.objects.exclude(rating="").filter(year__range=(2005, 2014))
    counts = rated.values("village").annotate(years=Count("pk")).values_list("years", flat=True)
    assert list(counts) == [10] * 285


def test_there_is_a_round_for_every_year_since_2014():
    years = Round.objects.filter(district=DISTRICT).order_by("year").values_list("year", flat=True)
    assert list(years) == list(range(2014, clock.today().year + 1))


def test_the_29_were_all_transformed_by_2016():
    ends = cases(round__year=2014).values_list("transformed_on__year", flat=True)
    assert sorted({*ends}) == [2014, 2015, 2016]
    assert len(ends) == 29


def test_later_rounds_are_small():
    later = Round.objects.filter(district=DISTRICT, year__range=(2015, clock.today().year - 2))
    sizes = later.annotate(size=Count("cases")).values_list("size", flat=True)
    assert all(2 <= size <= 5 for size in sizes)


def test_cases_ended_in_each_way():
    found = {*cases().values_list("status", flat=True)}
    assert found == {*CaseStatus.values}
    assert {*cases(status="ended").values_list("end_reason", flat=True)} == {"merged", "mistake"}
    conclusions = {*Acceptance.objects.values_list("conclusion", flat=True)} - {""}
    assert conclusions == {"pass", "consolidate", "fail"}


def test_a_relapsed_case_has_its_successor():
    relapsed = cases(status=CaseStatus.RELAPSED)
    assert relapsed.count() > 2
    assert not relapsed.filter(followers=None).exists()


def test_a_case_that_runs_on_stands_in_the_next_round_as_continued():
    continued = Round.objects.get(district=DISTRICT, year=2015).screenings.filter(
        outcome=ScreeningOutcome.CONTINUED
    )
    assert continued.count() == 21


# --- the present ----------------------------------------------------------------------------------


def test_every_list_of_a_township_is_in_another_state():
    lists = TownshipSubmission.objects.filter(round=current())
    assert {*lists.values_list("status", flat=True)} == {*SubmissionStatus.values}
    listed = Count("round__screenings", filter=Q(round__screenings__outcome="listed"))
    assert lists.filter(status=SubmissionStatus.SUBMITTED).annotate(n=listed).exists()
    results = (
        current()
        .screenings.values("village__township")
        .annotate(
            done=Count("pk", filter=~Q(outcome="")),
            all=Count("pk"),
            listed=Count("pk", filter=Q(outcome="listed")),
        )
    )
    shares = [(row["done"], row["all"], row["listed"]) for row in results]
    assert any(done == 0 for done, _, _ in shares)
    assert any(0 < done < total for done, total, _ in shares)
    assert any(done == total and not number for done, total, number in shares)


def test_departments_owe_and_gave_answers():
    for department in Department:
        asked = DepartmentOpinion.objects.filter(department=department)
        assert asked.exclude(conclusion="").exists(), department
    assert DepartmentOpinion.objects.filter(conclusion="", due_on__lt=clock.today()).exists()


@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_an_open_case_stands_at_each_stage(status):
    assert cases(status=status).exists()


@pytest.mark.parametrize("status", PlanStatus)
def test_a_plan_stands_at_each_stage(status):
    assert Plan.objects.filter(status=status, case__status__in=OPEN_STATUSES).exists()


@pytest.mark.parametrize("status", ProblemStatus)
def test_a_problem_of_a_present_case_stands_at_each_stage(status):
    year = clock.today().year
    assert Problem.objects.filter(case__round__year__gte=year - 1, status=status).exists()


@pytest.mark.parametrize("nature", Nature)
def test_problems_of_each_difficulty_are_open(nature):
    assert Problem.objects.open().filter(nature=nature).exists()


def test_tasks_are_overdue_and_stalled():
    today = clock.today()
    assert Task.objects.overdue(today).exists()
    assert Task.objects.stalled(today).exists()


def test_questions_wait_above_and_were_answered():
    assert Escalation.objects.unanswered().filter(to_level="district").exists()
    kinds = {*Escalation.objects.exclude(answered_at=None).values_list("answer_kind", flat=True)}
    assert kinds >= {AnswerKind.RULE, AnswerKind.SOLVED}


def test_visits_are_own_and_delegated_and_some_came_late():
    recent = Visit.objects.filter(visited_on__gt=clock.today() - timedelta(days=30))
    recent = recent.select_related("case__round__standard")
    assert {visit.mode for visit in recent} == {"own", "delegated"}
    assert {visit.is_late for visit in recent} == {True, False}


def test_look_backs_are_due_this_month_and_overdue():
    today = clock.today()
    owed = FollowUp.objects.open()
    assert owed.filter(due_on__lt=today).exists()
    assert owed.filter(due_on__range=(today, add_months(today, 1))).count() >= 3


def test_signals_and_feedback_wait_and_were_answered():
    assert RelapseSignal.objects.filter(answered_on=None).exists()
    assert RelapseSignal.objects.exclude(answered_on=None).exists()
    assert Feedback.objects.filter(reply="").exists()
    assert Feedback.objects.exclude(reply="").exists()


def test_stage_assessments_of_each_kind_are_recent():
    recent = StageAssessment.objects.filter(assessed_on__gt=clock.today() - timedelta(days=60))
    assert {*recent.values_list("result", flat=True)} == {*Progress.values}


def test_helpers_and_a_leader_have_cases_of_their_own():
    for username in ("helper1", "helper2", "helper3", "leader1"):
        running = Assignment.objects.running().of_account(User.objects.get(username=username))
        assert running.exists(), username


def test_this_years_investigation_has_begun():
    assert SurveyRecord.objects.filter(round=current()).values("kind").distinct().count() == 3


def test_next_years_standard_is_being_drafted():
    drafts = Standard.objects.filter(district=DISTRICT, status=Standard.Status.DRAFT)
    assert [draft.year for draft in drafts] == [clock.today().year + 1]


# --- the rules ------------------------------------------------------------------------------------


def test_nothing_happened_today_or_later():
    today = clock.today()
    for model, day in (
        (Case, "proposed_on"),
        (Visit, "visited_on"),
        (StageAssessment, "assessed_on"),
        (FollowUp, "done_on"),
        (SurveyRecord, "held_on"),
    ):
        assert not model.objects.filter(**{f"{day}__gte": today}).exists(), model


def test_a_designated_case_has_minutes_deadline_and_event():
    designated = Case.objects.filter(status__in=DESIGNATED_STATUSES)
    assert not designated.filter(Q(minutes_no="") | Q(deadline=None)).exists()
    for case in designated.prefetch_related("events"):
        assert "designate" in {event.action for event in case.events.all()}, case


def test_every_case_being_rectified_rests_on_an_approved_plan():
    started = Case.objects.exclude(started_on=None)
    assert not started.exclude(plans__status=PlanStatus.APPROVED).exists()
    approved = Plan.objects.filter(status=PlanStatus.APPROVED)
    assert not approved.filter(decided_by=F("drafted_by")).exists()


def test_no_accepted_case_has_an_unsettled_problem():
    for case in Case.objects.exclude(transformed_on=None):
        assert not guards.problems_are_settled(case), case


def test_no_acceptance_team_holds_a_helper_of_the_village():
    for acceptance in Acceptance.objects.exclude(conclusion="").select_related("case"):
        assert not guards.helpers_among(acceptance.case, acceptance.team.all()), acceptance


def test_nobody_approved_the_closing_of_the_own_work():
    closed = Problem.objects.filter(status=ProblemStatus.CLOSED)
    for problem in closed.select_related("case"):
        barred = guards_deputies.barred_from([problem])[problem.pk]
        assert problem.closed_by_id not in barred, problem


def test_a_released_case_has_its_three_look_backs():
    released = Case.objects.filter(status=CaseStatus.RELEASED)
    assert not released.filter(follow_ups__done_on=None).exists()
    counts = released.annotate(n=Count("follow_ups")).values_list("n", flat=True)
    assert {*counts} == {3}


def test_every_open_item_has_an_owner_in_post_and_an_account():
    owned = Task.objects.open().owned_in_post().count()
    assert owned == Task.objects.open().count()
    assert not Problem.objects.unfinished().filter(holder__is_active=False).exists()


def test_no_village_had_two_secretaries_at_once():
    for village in Village.objects.prefetch_related("terms"):
        terms = sorted(village.terms.all(), key=lambda term: term.started_on)
        for earlier, later in pairwise(terms):
            assert earlier.ended_on <= later.started_on, village


def test_two_posts_of_secretary_are_vacant_and_some_are_to_be_replaced():
    vacant = Village.objects.filter(kind=VillageKind.VILLAGE, code__startswith="990101").exclude(
        terms__ended_on=None
    )
    assert vacant.count() == 2
    assert SecretaryTerm.objects.exclude(to_replace_since=None).exists()


def test_every_row_of_the_demo_satisfies_its_constraints():
    for model in apps.get_models():
        if model._meta.app_label in {"villages", "surveys"} and model._meta.constraints:
            for row in model.objects.all()[:40]:
                row.validate_constraints()
