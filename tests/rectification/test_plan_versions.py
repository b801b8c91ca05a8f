"""Every wording of a plan is kept, and two of them are compared word by word."""

import pytest
from django.urls import reverse

from rectification import selectors_plans
from rectification.choices import CaseStatus, PlanStatus
from rectification.differences import Kind, compare_texts
from rectification.services import plans
from tests.rectification.factories import holder_of, make_case, make_plan


def marked(old, new):
    """The pieces of a difference in short: -gone-, +come+, else as it is."""
    signs = {Kind.SAME: "{}", Kind.ADDED: "+{}+", Kind.REMOVED: "-{}-"}
    lines = compare_texts(old, new)
    return ["".join(signs[piece.kind].format(piece.text) for piece in line) for line in lines]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("年底转化。", "年底转化。", ["年底转化。"]),
        ("2026年底前转化。", "2027年底前转化。", ["-2026-+2027+年底前转化。"]),
        ("开会。公开账目。", "公开账目。", ["-开会。-", "公开账目。"]),
        ("公开账目。", "公开账目。补选委员。", ["公开账目。", "+补选委员。+"]),
        ("账目公开不及时。", "两委不议事。", ["-账目公开不及时。-", "+两委不议事。+"]),
        ("", "补选委员。", ["+补选委员。+"]),
        ("", "", []),
    ],
)
def test_what_was_struck_out_and_added_is_marked_in_its_sentence(old, new, expected):
    assert marked(old, new) == expected


@pytest.fixture
def plan(db):
    case = make_case(status=CaseStatus.DESIGNATED)
    return make_plan(case, goal="年底前转化。", status=PlanStatus.DRAFTING)


def test_each_saved_wording_is_a_version_and_a_step_is_none(plan):
    plans.submit(plan, by=plan.drafted_by)
    plan.goal = "明年六月底前转化。"
    plan.save()
    make_plan(plan.case, number=2, goal="明年三月底前转化。")
    names = [version.name for version in selectors_plans.versions(plan.case)]
    assert names == ["第 1 稿（初稿）", "第 1 稿（第 1 次修改）", "第 2 稿（初稿）"]


def test_plan_versions_shows_the_last_two_in_words_as_well_as_in_colour(client, plan):
    plan.goal = "明年底前转化。"
    plan.save()
    client.force_login(holder_of(plan.case))
    page = client.get(reverse("rectification:plan_versions", args=[plan.case_id])).content.decode()
    assert "［增：明］" in page
    assert '<ins class="diff-added">' in page


def test_plan_versions_compares_the_two_that_are_asked_for(client, plan):
    for goal in ("二稿目标。", "三稿目标。"):
        plan.goal = goal
        plan.save()
    first, second, _ = selectors_plans.versions(plan.case)
    client.force_login(holder_of(plan.case))
    address = reverse("rectification:plan_versions", args=[plan.case_id])
    page = client.get(address, {"old": first.key, "new": second.key}).content.decode()
    assert "二稿目标" in page
    assert "三稿" not in page


def test_plan_versions_of_a_case_without_a_plan_says_so(client, db):
    case = make_case()
    client.force_login(holder_of(case))
    page = client.get(reverse("rectification:plan_versions", args=[case.pk])).content.decode()
    assert "还没有整顿方案" in page
