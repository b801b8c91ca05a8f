"""What the demo shows of plans: a library with results, a copied plan, a mended one."""

import pytest

from rectification.choices import PlanStatus
from rectification.models import Measure, Plan
from rectification.selectors_measures import results
from rectification.selectors_plans import likenesses, versions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_the_library_has_some_thirty_measures_most_with_results():
    found = results(Measure.objects.all())
    assert len(found) >= 30
    assert sum(1 for result in found.values() if result.solved) >= 20
    assert any(result.used > result.solved > 0 for result in found.values())


def test_exactly_one_plan_that_waits_is_a_copy_of_another_villages():
    waiting = Plan.objects.filter(status=PlanStatus.SUBMITTED).for_list()
    alike = [plan for plan in waiting for item in likenesses(plan) if item.is_above]
    assert len(alike) == 1


def test_no_other_plan_of_the_rounds_under_way_reads_like_another():
    this_year = Plan.objects.order_by("-case__round__year").first().case.round.year
    rows = Plan.objects.filter(case__round__year=this_year).for_list()
    alike = {plan.pk for plan in rows if any(i.is_above for i in likenesses(plan))}
    assert len(alike) == 2  # the copy and what it was copied from


def test_a_returned_plan_was_mended_so_that_two_versions_differ():
    plan = Plan.objects.filter(status=PlanStatus.RETURNED).first()
    assert len(versions(plan.case)) == 2
