"""What holds between the steps of a case: the order of days, one relapse, the types decided."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import DomainError
from rectification.choices import CaseStatus, RoundStatus
from rectification.models import Case, DepartmentOpinion, Round
from rectification.services import cases
from tests.factories import make_user
from tests.matrix import World
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_category,
    make_slot,
)
from tests.rectification.matrix_rounds import opinion_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def office():
    return make_user(Role.OFFICE)


def proposed(office, days_ago=10):
    case = make_case(status=CaseStatus.PROPOSED)
    village, round = case.village, case.round
    case.delete()
    return cases.propose(
        village,
        round=round,
        by=office,
        on=clock.today() - days_ago * DAY,
        main_category=make_category(),
    )


def decided(case, office, days_ago, **more):
    on = clock.today() - days_ago * DAY
    return cases.designate(
        case, by=office, on=on, minutes_no="3号", deadline=on + 270 * DAY, **more
    )


def test_no_step_happens_before_the_one_it_follows(office):
    case = proposed(office, days_ago=10)
    with pytest.raises(DomainError, match="不能早于上一步的日期"):
        decided(case, office, days_ago=11)
    case.refresh_from_db()
    assert case.status == CaseStatus.PROPOSED
    assert decided(case, office, days_ago=10)


def test_the_form_says_beside_the_date_that_it_is_too_early(client, office):
    case = proposed(office, days_ago=10)
    client.force_login(office)
    answer = client.post(
        reverse("rectification:case_step", args=[case.pk, "decline"]),
        {"on": (clock.today() - 400 * DAY).isoformat(), "minutes_no": "3号", "note": "不符合条件"},
    )
    assert answer.status_code == 422
    assert "不能早于上一步的日期" in str(answer.context["form"].errors["on"])


def test_the_meeting_may_correct_the_types_and_the_former_stay_in_the_record(office):
    case = proposed(office)
    main, further = make_category("C07", "村务财务公开和民主管理混乱"), make_category()
    former = case.main_category.short_name
    decided(case, office, 3, main_category=main, further_categories=[further, main])
    case.refresh_from_db()
    assert case.main_category == main
    assert list(case.further_categories.all()) == [further]
    assert f"类型由“{former}”改为" in case.events.get(action="retype").title


def test_types_left_as_proposed_write_no_correction(office):
    case = proposed(office)
    decided(case, office, 3, main_category=case.main_category, further_categories=[])
    assert not case.events.filter(action="retype").exists()


def test_a_village_relapses_once_from_one_transformation(office):
    case = make_case(status=CaseStatus.RELEASED, transformed_on=clock.today() - 90 * DAY)
    told = {"reason": "dispute", "note": "矛盾又起", "round": case.round}
    new = cases.relapse(case, by=office, on=clock.today(), main_category=case.main_category, **told)
    Case.objects.filter(pk=new.pk).update(status=CaseStatus.ENDED, ended_on=clock.today())
    case.refresh_from_db()
    with pytest.raises(DomainError, match="已经认定反弹"):
        cases.relapse(case, by=office, on=clock.today(), main_category=case.main_category, **told)
    assert case.followers.count() == 1


def test_a_relapse_is_listed_in_no_round_before_its_case(client, office):
    case = make_case(status=CaseStatus.TRANSFORMED, transformed_on=clock.today() - 90 * DAY)
    earlier = Round.objects.create(
        district=case.round.district,
        year=case.round.year - 1,
        standard=case.round.standard,
        status=RoundStatus.CLOSED,
    )
    client.force_login(office)
    page = client.get(reverse("rectification:case_step", args=[case.pk, "relapse"]))
    offered = set(page.context["form"].fields["round"].queryset)
    assert case.round in offered
    assert earlier not in offered


def test_a_slot_has_one_holder_at_a_time():
    case = make_case()
    slot = make_slot(case.round.standard)
    make_assignment(case, slot, make_cadre())
    with pytest.raises(IntegrityError), transaction.atomic():
        make_assignment(case, slot, make_cadre(name="另一人"))


def test_the_questions_of_a_round_end_with_it():
    world = World()
    opinion = opinion_in(world)
    assert opinion in DepartmentOpinion.objects.unanswered()
    Round.objects.filter(pk=opinion.round_id).update(status=RoundStatus.CLOSED)
    assert opinion not in DepartmentOpinion.objects.unanswered()
