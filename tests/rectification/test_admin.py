"""The admin of the rectification: the standard is kept here, everything else is only read."""

import re

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import NotAllowed
from rectification.forms.measures import MeasureForm
from rectification.forms.problems import ProblemForm
from rectification.models import Cause, Criterion, Measure, Problem, Round, Standard
from rectification.services import causes, standards
from tests.factories import OTHER_DISTRICT, make_district, make_user, make_village
from tests.matrix import World
from tests.rectification.factories import (
    make_case,
    make_cause,
    make_measure,
    make_problem,
    make_visit,
)
from tests.rectification.matrix_problems import topic_of
from tests.rectification.rounds import publish_standard, start_round
from tests.tools.admin import change, opened

pytestmark = pytest.mark.django_db
LIST = "admin:rectification_standard_changelist"


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def office(district, client):
    user = make_user(Role.OFFICE, district)
    client.force_login(user)
    return user


@pytest.fixture
def draft(district, office):
    return standards.copy_shipped(district, 2026, by=office)


def page_of(row):
    return reverse(f"admin:rectification_{row._meta.model_name}_change", args=[row.pk])


def form_data(client, standard):
    """Return what the change page of a standard would post."""
    page = client.get(page_of(standard))
    data = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def act(client, action, *rows, **fields):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(reverse(LIST), data, follow=True).content.decode()


# --- the standard ---------------------------------------------------------------------------------


def test_a_new_standard_is_the_own_districts_with_all_shipped_parts(client, office, district):
    address = reverse("admin:rectification_standard_add")
    data = {"year": 2027, "name": "2027 年标准", "district": f"{OTHER_DISTRICT}000000"}
    assert client.post(address, data).status_code == 302
    made = Standard.objects.get()
    assert (made.district, made.year, made.name) == (district, 2027, "2027 年标准")
    assert made.criteria.exists()
    assert made.slots.exists()
    assert client.post(address, data).status_code == 422


def test_question_02_the_office_changes_criteria_and_numbers_without_a_programmer(client, draft):
    data = form_data(client, draft)
    data |= {"stall_days": 45, "similarity_percent": 60, "criteria-0-threshold": "6"}
    assert client.post(page_of(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.stall_days, draft.similarity_percent) == (45, 60)
    assert draft.criteria.get(number=1).threshold == 6
    assert draft.history.count() == 2


def test_a_limit_below_which_no_plan_is_listed_is_refused(client, draft):
    answer = client.post(page_of(draft), {**form_data(client, draft), "similarity_percent": 29})
    assert answer.status_code in {200, 422}
    draft.refresh_from_db()
    assert draft.similarity_percent == 70


def test_each_box_of_a_row_is_named_for_screen_readers(client, draft):
    page = client.get(page_of(draft)).content.decode()
    assert 'aria-label="对应类型，第 2 行"' in page
    assert 'aria-label="阈值，第 17 行"' in page


def test_the_second_of_two_people_is_told_and_keeps_the_text(client, draft):
    data = form_data(client, draft)
    assert client.post(page_of(draft), {**data, "stall_days": 40}).status_code == 302
    answer = client.post(page_of(draft), {**data, "stall_days": 60})
    text = answer.content.decode()
    assert "别人已经保存了新的内容" in text
    assert 'value="60"' in text
    draft.refresh_from_db()
    assert draft.stall_days == 40


def test_publishing_freezes_the_standard_against_a_post_by_hand(client, office, draft):
    data = form_data(client, draft)
    assert "已发布" in act(client, "publish", draft)
    page = client.get(page_of(draft)).content.decode()
    assert 'name="stall_days"' not in page
    assert 'name="criteria-0-threshold"' not in page
    data |= {"stall_days": 60, "criteria-0-threshold": "9"}
    assert client.post(page_of(draft), data).status_code == 403
    draft.refresh_from_db()
    assert draft.stall_days == 30
    assert draft.criteria.get(number=1).threshold == 3


def test_an_incomplete_standard_says_what_is_missing(client, draft):
    draft.milestones.all().delete()
    assert "没有进度节点" in act(client, "publish", draft)
    draft.refresh_from_db()
    assert not draft.is_frozen


def test_a_standard_is_copied_for_next_year_and_as_a_new_edition(client, office, district):
    made = publish_standard(district, 2026)
    act(client, "copy_to_next_year", made)
    assert Standard.objects.get(year=2027).criteria.count() == made.criteria.count()
    assert "要写明修订原因" in act(client, "copy_to_new_edition", made)
    act(client, "copy_to_new_edition", made, reason="满意率线误填")
    assert Standard.objects.get(edition=2).revision_reason == "满意率线误填"


def test_another_districts_standard_is_out_of_reach(client, office):
    foreign = publish_standard(make_district(OTHER_DISTRICT))
    assert client.get(page_of(foreign)).status_code == 404
    act(client, "copy_to_next_year", foreign)
    assert not Standard.objects.filter(year=foreign.year + 1).exists()


def test_nothing_of_a_standard_is_deleted_as_a_whole(client, draft):
    address = reverse("admin:rectification_standard_delete", args=[draft.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert Criterion.objects.filter(standard=draft).exists()


# --- rounds ---------------------------------------------------------------------------------------


def test_a_rounds_name_changes_until_it_opens_and_its_status_never(client, office, district):
    make_village()
    standard = publish_standard(district)
    made = Round.objects.create(
        district=district, year=standard.year, name="年度轮次", standard=standard
    )
    data = {"name": "今年的轮次", "status": "open", "due_on": clock.today()}
    assert change(client, page_of(made), **data).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.status, made.due_on) == ("今年的轮次", "preparing", None)


def test_a_round_changed_here_is_a_new_version_for_its_page(client, office, district):
    standard = publish_standard(district)
    made = Round.objects.create(
        district=district, year=standard.year, name="年度轮次", standard=standard
    )
    page = opened(client, page_of(made))
    assert client.post(page_of(made), {**page, "name": "甲"}).status_code == 302
    assert "已保存的是“甲”" in client.post(page_of(made), {**page, "name": "乙"}).content.decode()
    made.refresh_from_db()
    assert (made.name, made.version) == ("甲", 2)


def test_an_open_round_is_read_only(client, office, district):
    make_village()
    made = start_round(district)
    assert client.post(page_of(made), {"name": "改名"}).status_code == 403


# --- causes ---------------------------------------------------------------------------------------


@pytest.fixture
def own_cause(client, office):
    address = reverse("admin:rectification_cause_add")
    data = {"name": "征地补偿分配不清", "help_field": "law", "is_in_use": "on"}
    assert client.post(address, data).status_code == 302
    return Cause.objects.get(name=data["name"])


def test_the_office_adds_a_cause_of_its_own_and_no_other_district_sees_it(
    client, own_cause, district
):
    assert (own_cause.code, own_cause.district) == ("Z01", district)
    stranger = make_user(Role.OFFICE, make_district(OTHER_DISTRICT))
    client.force_login(stranger)
    assert client.get(page_of(own_cause)).status_code == 404
    assert own_cause not in Cause.objects.offered_to(stranger)
    assert own_cause in Cause.objects.offered_to(make_user(Role.TOWNSHIP))
    address = reverse("admin:rectification_cause_add")
    again = {"name": own_cause.name, "help_field": "law", "is_in_use": "on"}
    assert client.post(address, again).status_code == 302
    assert Cause.objects.get(district=stranger.division).code == "Z02"


def test_a_used_cause_is_retired_and_stays_with_what_used_it(client, own_cause, office):
    problem = make_problem(cause=own_cause)
    assert change(client, page_of(own_cause), name=own_cause.name, help_field="law").status_code
    own_cause.refresh_from_db()
    assert not own_cause.is_in_use
    fresh = ProblemForm(case=problem.case, user=office, instance=Problem(case=problem.case))
    assert own_cause not in fresh.fields["cause"].queryset
    assert own_cause in (
        ProblemForm(case=problem.case, user=office, instance=problem).fields["cause"].queryset
    )
    assert (
        own_cause
        in MeasureForm(user=office, instance=Measure(district=office.division, cause=own_cause))
        .fields["cause"]
        .queryset
    )
    assert own_cause not in MeasureForm(user=office).fields["cause"].queryset
    problem.refresh_from_db()
    assert problem.cause == own_cause


@pytest.mark.parametrize("make", [make_cause, make_measure])
def test_a_word_of_the_vocabularies_is_never_deleted(client, office, make):
    row = make()
    name = f"admin:rectification_{row._meta.model_name}"
    address = reverse(f"{name}_delete", args=[row.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(reverse(f"{name}_changelist"), data)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_shipped_cause_is_read_and_not_changed(client, office):
    shipped = Cause.objects.get(pk="Y01")
    page = client.get(page_of(shipped)).content.decode()
    assert "各区县共用" in page
    assert 'name="name"' not in page
    assert client.post(page_of(shipped), {"name": "改名"}).status_code == 403
    with pytest.raises(NotAllowed, match="各区县共用"):
        causes.save_cause(shipped, by=office)


@pytest.mark.parametrize(
    ("name", "words"), [("没有按期换届", "已经有这一条"), ("不打卡", "国办函〔2026〕12号")]
)
def test_a_cause_is_named_once_and_within_the_law(client, office, name, words):
    address = reverse("admin:rectification_cause_add")
    answer = client.post(address, {"name": name, "help_field": "law", "is_in_use": "on"})
    assert words in answer.content.decode()
    assert not Cause.objects.exclude(district=None).exists()


# --- what is only read ----------------------------------------------------------------------------


def make_a_topic():
    return topic_of(World())


@pytest.mark.parametrize("make", [make_case, make_problem, make_visit, make_measure, make_a_topic])
def test_records_are_read_and_link_to_their_page(client, office, make):
    row = make()
    address = reverse(f"admin:rectification_{row._meta.model_name}_changelist")
    assert f'href="{row.get_absolute_url()}"' in client.get(address).content.decode()
    page = client.get(page_of(row)).content.decode()
    assert f'href="{row.get_absolute_url()}"' in page
    assert 'name="status"' not in page
    assert client.post(page_of(row), {"status": "closed"}).status_code == 403


def test_a_search_finds_by_village_and_stays_in_the_district(client, office):
    near = make_case(make_village(name="清泉村委会"))
    make_case(make_village(make_district(OTHER_DISTRICT), name="清泉村委会", code="990102001201"))
    address = reverse("admin:rectification_case_changelist")
    found = client.get(address, {"q": "清泉"}).context["cl"].queryset
    assert list(found) == [near]


def test_a_related_row_is_linked_only_for_those_who_may_open_it(client, district, office):
    visit = make_visit(make_case(make_village()), entered_by=office)
    page = client.get(page_of(visit)).content.decode()
    assert f'href="{page_of(visit.case)}"' in page
    assert "/admin/accounts/user/" not in page
    assert f'<div class="readonly">{office}</div>' in page


def test_every_page_that_a_page_of_the_admin_links_opens(client, district, office):
    visit = make_visit(make_case(make_village()), entered_by=office)
    for row in (visit, visit.case, visit.visitor, visit.case.round, visit.case.round.standard):
        page = client.get(page_of(row)).content.decode()
        for address in set(re.findall(r'<div class="readonly"><a href="([^"]+)"', page)):
            assert client.get(address).status_code == 200, address
