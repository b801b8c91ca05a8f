"""The ten categories, the shipped standard, and what happens to a standard over the years."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from accounts.roles import Role
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification import shipped
from rectification.models import Category, Standard, StandardSlot
from rectification.services import standards
from tests.factories import OTHER_DISTRICT, make_district, make_user
from tests.rectification.rounds import publish_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def office(district):
    return make_user(Role.OFFICE, district)


@pytest.fixture
def draft(district, office):
    return standards.copy_shipped(district, 2026, by=office)


def test_the_ten_central_categories_are_there_from_the_start():
    codes = list(Category.objects.values_list("code", flat=True))
    assert codes == [f"C{number:02}" for number in range(1, 11)]
    assert all(c.name and c.short_name and c.definition for c in Category.objects.all())


def test_the_categories_can_be_taken_away_and_brought_back():
    migration = importlib.import_module("rectification.migrations.0002_categories")
    editor = SimpleNamespace(connection=connection)
    migration.remove_categories(apps, editor)
    assert not Category.objects.exists()
    migration.add_categories(apps, editor)
    migration.add_categories(apps, editor)
    assert Category.objects.count() == 10


def test_question_03_every_local_criterion_maps_to_a_central_type(draft):
    assert set(draft.criteria.values_list("category_id", flat=True)) == {
        f"C{number:02}" for number in range(1, 11)
    }


def test_the_shipped_standard_has_the_four_ones_and_two_further_slots_off(draft):
    enabled = list(draft.slots.filter(is_enabled=True).values_list("key", flat=True))
    assert enabled == ["county_leader", "township_leader", "first_secretary", "paired_unit"]
    assert draft.slots.get(key="paired_unit").kind == StandardSlot.Kind.UNIT
    assert set(draft.slots.filter(is_enabled=False).values_list("key", flat=True)) == {
        "resident_cadre",
        "liaison",
    }


def test_the_shipped_milestones_keep_their_days(draft):
    days = dict(draft.milestones.filter(anchor="designated").values_list("key", "days"))
    assert days == {
        "four_ones": 7,
        "problem_list": 20,
        "plan_approved": 30,
        "mid_assessment": 120,
        "applied": 240,
        "accepted": 270,
    }
    months = dict(draft.milestones.filter(anchor="transformed").values_list("key", "months"))
    assert months == {"follow_3": 3, "follow_6": 6, "follow_12": 12}


def test_direct_criteria_carry_their_numbers(draft):
    vacancy = draft.criteria.get(indicator="书记空缺月数")
    assert (vacancy.kind, vacancy.comparison, vacancy.threshold) == ("direct", "gt", 3)
    satisfaction = draft.criteria.get(indicator="群众满意率（%）")
    assert (satisfaction.comparison, satisfaction.threshold) == ("lt", 60)


def test_a_district_edits_its_copy_and_another_keeps_its_own(draft, office):
    other_district = make_district(OTHER_DISTRICT)
    other_office = make_user(Role.OFFICE, other_district)
    other = standards.copy_shipped(other_district, 2026, by=other_office)
    draft.criteria.filter(number=1).update(threshold=6)
    assert other.criteria.get(number=1).threshold == 3
    assert Standard.objects.visible_to(office).get() == draft


def test_a_standard_is_published_once_with_who_and_when(draft, office):
    standards.publish(draft, by=office)
    draft.refresh_from_db()
    assert draft.is_frozen
    assert draft.published_by == office
    assert draft.published_at
    assert [row.status for row in draft.history.all()] == ["published", "draft"]


def test_of_two_people_publishing_one_is_told(draft, office):
    stale = Standard.objects.get(pk=draft.pk)
    standards.publish(draft, by=office)
    with pytest.raises(Conflict, match="已发布的标准不能再改"):
        standards.publish(stale, by=office)


@pytest.mark.parametrize(
    ("part", "words"), [("criteria", "认定条件"), ("slots", "帮扶力量"), ("milestones", "进度节点")]
)
def test_an_incomplete_standard_is_not_published(draft, office, part, words):
    getattr(draft, part).all().delete()
    with pytest.raises(DomainError, match=words):
        standards.publish(draft, by=office)
    draft.refresh_from_db()
    assert not draft.is_frozen


def test_a_frequency_names_a_slot_that_exists(draft, office):
    draft.slots.filter(key="county_leader").update(key="leader")
    with pytest.raises(DomainError, match="county_leader"):
        standards.publish(draft, by=office)


def test_question_02_next_years_copy_takes_all_and_leaves_last_years_unchanged(office, district):
    old = publish_standard(district, 2026, stall_days=45, similarity_percent=60)
    new = standards.copy_standard(old, by=office, year=2027)
    assert (new.year, new.edition, new.status, new.stall_days) == (2027, 1, "draft", 45)
    assert new.revises is None
    assert new.similarity_percent == 60
    for part in standards.PARTS:
        assert getattr(new, part).count() == getattr(old, part).count() > 0
    new.criteria.all().delete()
    assert old.criteria.count() == len(shipped.CRITERIA)


def test_a_published_standard_is_mended_by_a_new_edition_with_its_reason(office, district):
    old = publish_standard(district, 2026)
    with pytest.raises(DomainError, match="修订原因"):
        standards.copy_standard(old, by=office, reason=" ")
    new = standards.copy_standard(old, by=office, reason="满意率线误填")
    assert (new.year, new.edition, new.revises) == (2026, 2, old)
    assert new.revision_reason == "满意率线误填"


def test_a_draft_needs_no_new_edition(draft, office):
    with pytest.raises(DomainError, match="直接修改"):
        standards.copy_standard(draft, by=office, reason="改一处")


def test_a_year_has_one_first_edition(draft, office, district):
    with pytest.raises(DomainError, match="已有 2026 年的标准"):
        standards.copy_shipped(district, 2026, by=office)
    source = standards.copy_shipped(district, 2025, by=office)
    with pytest.raises(DomainError, match="2026 年的标准已经建立"):
        standards.copy_standard(source, by=office, year=2026)


def test_nobody_keeps_the_standard_of_another_district(draft, district):
    stranger = make_user(Role.OFFICE, make_district(OTHER_DISTRICT))
    for act in (
        lambda: standards.publish(draft, by=stranger),
        lambda: standards.copy_standard(draft, by=stranger, year=2027),
        lambda: standards.copy_shipped(district, 2028, by=stranger),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_township_keeps_no_standard(draft):
    with pytest.raises(NotAllowed):
        standards.publish(draft, by=make_user(Role.TOWNSHIP))
