"""The pages of villages: what they show, to whom, at what cost."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock as core_clock
from tests.factories import (
    make_district,
    make_division,
    make_file,
    make_term,
    make_user,
    make_village,
)
from tests.rectification.factories import make_case, make_helper
from villages.models import Village, VillageFile

pytestmark = pytest.mark.django_db

THIS_YEAR = core_clock.today().year


@pytest.fixture
def office(client):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def village():
    return make_village(name="清泉村委会")


def page(client, name, *args, **query):
    response = client.get(reverse(f"villages:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


# --- list -----------------------------------------------------------------------------------------


def test_each_account_lists_the_villages_of_its_own_area(client):
    here = make_village(make_division("990101001"), "本镇村委会")
    make_village(make_division("990101002"), "邻镇村委会")
    make_village(make_division("990102001"), "外区村委会")
    for role, shown in ((Role.OFFICE, 2), (Role.TOWNSHIP, 1), (Role.LEADER, 2)):
        client.force_login(
            make_user(role, make_division("990101001") if role == Role.TOWNSHIP else None)
        )
        text = page(client, "village_list")
        assert f"共 {shown} 个村" in text
        assert here.short_name in text
        assert "外区" not in text


def test_a_helper_knows_the_villages_of_running_assignments_alone(village):
    make_village(name="别村委会")
    case = make_case(village)
    helper, former = make_helper(case), make_helper(case, ended_on=core_clock.today())
    make_file(village, 2025)
    assert list(Village.objects.visible_to(helper)) == [village]
    assert VillageFile.objects.visible_to(helper).count() == 1
    assert not Village.objects.visible_to(former).exists()


def test_the_list_is_narrowed_by_the_address(client, office, village):
    other = make_village(make_division("990101002"), "甘泉社区居委会", code="990101002001")
    assert "甘泉" not in page(client, "village_list", q="清泉")
    assert "清泉" not in page(client, "village_list", q="990101002")
    assert "清泉" not in page(client, "village_list", township=other.township_id)
    assert "清泉" not in page(client, "village_list", kind="community")
    assert "没有符合条件的村" in page(client, "village_list", q="没有")


def test_the_list_offers_no_township_of_another_district(client, office, village):
    make_district("990102")
    assert "990102001000" not in page(client, "village_list")
    assert "清泉" in page(
        client, "village_list", township="990102001000"
    )  # not a choice: no filter


def test_what_needs_watching_is_found(client, office):
    today = core_clock.today()
    vacant, never = make_village(name="甲村委会"), make_village(name="乙村委会")
    make_term(vacant, ended_on=date(2024, 1, 1), end_reason="term")
    soon = make_village(name="丙村委会", next_election_on=today)
    make_term(soon)
    make_file(soon, THIS_YEAR)
    assert names(client, watch="vacant") == {vacant}
    assert names(client, watch="election") == {soon}
    assert names(client, watch="no_file") == {vacant, never}


def names(client, **query):
    response = client.get(reverse("villages:village_list"), query)
    return set(response.context["page"].object_list)


def test_the_list_is_sorted_by_the_address(client, office):
    first = make_village(name="甲村委会", next_election_on=date(2030, 1, 1))
    second = make_village(name="乙村委会", next_election_on=date(2029, 1, 1))
    response = client.get(reverse("villages:village_list"), {"sort": "election"})
    assert list(response.context["page"]) == [second, first]
    response = client.get(reverse("villages:village_list"), {"sort": "-election"})
    assert list(response.context["page"]) == [first, second]


def test_htmx_gets_the_table_alone(client, office, village):
    address = reverse("villages:village_list")
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_a_secretary_never_noted_is_unknown_and_not_vacant(client, office, village):
    assert "未登记" in page(client, "village_list")
    make_term(village, ended_on=date(2025, 1, 1), end_reason="resigned")
    assert "空缺" in page(client, "village_list")


def fill(count):
    for _ in range(count):
        row = make_village(name="某村委会")
        make_term(row)
        make_file(row, THIS_YEAR, rating="good")


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TOWNSHIP, Role.LEADER])
def test_the_list_needs_as_many_queries_for_100_rows_as_for_15(
    client, role, django_assert_max_num_queries
):
    client.force_login(make_user(role))
    fill(15)
    address = reverse("villages:village_list")
    client.get(address)
    with django_assert_max_num_queries(7) as few:
        client.get(address)
    fill(85)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_the_export_holds_exactly_what_the_list_shows(client, office, village):
    make_village(name="=甘泉村委会")
    make_village(make_division("990102001"), "外区村委会")
    rows = exported(client)
    assert [row[2] for row in rows] == ["名称", "清泉村委会", "=甘泉村委会"]
    assert rows[1][1] == village.code
    assert [row[2] for row in exported(client, q="甘泉")] == ["名称", "=甘泉村委会"]


def exported(client, **query):
    response = client.get(reverse("villages:village_export"), query)
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return list(sheet.values)


# --- one village ----------------------------------------------------------------------------------


def test_the_page_shows_the_file_of_a_year_beside_the_year_before(client, office, village):
    make_file(village, 2025, households=120, petitions=0)
    make_file(village, 2024, households=118)
    text = page(client, "village_detail", village.pk, year=2025)
    assert "120" in text
    assert "118" in text
    assert "未填" in text
    lines = {line.label: line for part in parts(client, village, 2025) for line in part.lines}
    assert (lines["信访件数"].value, lines["信访件数"].previous) == ("0", "")


def parts(client, village, year):
    response = client.get(reverse("villages:village_detail", args=[village.pk]), {"year": year})
    return response.context["file"].parts


def test_the_newest_file_is_shown_first_and_a_wrong_year_is_harmless(client, office, village):
    make_file(village, 2023)
    for query in ({}, {"year": "1066"}, {"year": "x"}):
        response = client.get(reverse("villages:village_detail", args=[village.pk]), query)
        assert response.context["file"].year == 2023


def test_the_strip_tells_ratings_and_who_came_and_went(client, office, village):
    make_file(village, THIS_YEAR, rating="bad")
    make_term(
        village, "老支书", date(2015, 1, 1), ended_on=date(THIS_YEAR, 1, 5), end_reason="term"
    )
    make_term(village, "新支书", date(THIS_YEAR, 1, 6))
    response = client.get(reverse("villages:village_detail", args=[village.pk]))
    year = response.context["strip"][-1]
    assert len(response.context["strip"]) == 10
    assert (year.year, year.rating) == (THIS_YEAR, "差")
    assert [mark.text for mark in year.marks] == ["老支书离任（换届）", "新支书任职"]


def test_a_leader_reads_and_is_offered_nothing_to_write(client, village):
    make_term(village)
    client.force_login(make_user(Role.LEADER))
    text = page(client, "village_detail", village.pk)
    assert "/edit/" not in text
    assert "登记书记" not in text


def test_the_village_page_costs_the_same_over_many_years(
    client, office, village, django_assert_max_num_queries
):
    address = reverse("villages:village_detail", args=[village.pk])
    client.get(address)
    with django_assert_max_num_queries(8) as few:
        client.get(address)
    for year in range(2000, THIS_YEAR):
        make_file(village, year, rating="good")
        make_term(village, f"书记{year}", date(year, 1, 1), ended_on=date(year, 12, 1))
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_a_village_of_a_neighbouring_township_does_not_exist(client):
    client.force_login(make_user(Role.TOWNSHIP))
    other = make_village(make_division("990101002"), "邻镇村委会")
    make_file(other, 2025)
    term = make_term(other)
    for name, args in [
        ("village_detail", [other.pk]),
        ("village_edit", [other.pk]),
        ("village_file_edit", [other.pk, 2025]),
        ("village_file_history", [other.pk, 2025]),
        ("secretary_term_add", [other.pk]),
        ("secretary_term_edit", [term.pk]),
    ]:
        assert client.get(reverse(f"villages:{name}", args=args)).status_code == 404
    assert (
        client.post(reverse("villages:village_file_edit", args=[other.pk, 2024])).status_code == 404
    )
    assert VillageFile.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("清泉村委会", "清泉村"),
        ("清泉村村民委员会", "清泉村"),
        ("清泉村民委员会", "清泉村"),
        ("清泉社区居民委员会", "清泉社区"),
        ("清泉社区居委会", "清泉社区"),
        ("清泉居委会", "清泉"),
        ("雁栖虚拟社区", "雁栖虚拟社区"),
        ("居委会", "居委会"),
    ],
)
def test_a_village_has_an_everyday_name(name, short):
    assert str(Village(name=name)) == short
