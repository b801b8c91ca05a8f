import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from accounts.models import DistrictSettings, User
from core.admin import ScopedAdmin
from tests.factories import OTHER_DISTRICT, PASSWORD, make_district, make_division, make_user
from tests.matrix import AUDITOR, OFFICE, SYSADMIN, TOWNSHIP
from tests.tools.admin import change, opened

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"


@pytest.fixture
def sysadmin(client):
    user = make_user(SYSADMIN)
    client.force_login(user)
    return user


def new_account(client, **fields):
    values = {"username": "zhang", "name": "张三", "role": "township", "department": ""}
    values |= {"division": "990101001000", "first_password": "", **fields}
    return client.post(f"{USERS}add/", values)


def test_every_model_in_the_admin_has_the_one_base():
    assert all(isinstance(item, ScopedAdmin) for item in admin.site._registry.values())


def test_a_new_account_gets_a_first_password_that_it_must_change(client, sysadmin):
    assert new_account(client, role="auditor", division="990101000000").status_code == 302
    user = User.objects.get(username="zhang")
    page = client.get(USERS).content.decode()
    password = re.search(r"初始密码：([\w-]+)", page)[1]
    assert user.check_password(password)
    assert user.must_change_password
    client.logout()
    signed_in = client.post("/sign-in/", {"username": "zhang", "password": password}, follow=True)
    assert "请先修改初始密码" in signed_in.content.decode()


def test_a_first_password_may_be_chosen_but_not_a_weak_one(client, sysadmin):
    assert new_account(client, first_password="12345678901").status_code == 200
    assert not User.objects.filter(username="zhang").exists()
    new_account(client, first_password="Long-enough-1")
    assert User.objects.get(username="zhang").check_password("Long-enough-1")


@pytest.mark.parametrize("code", ["990000000000", "990100000000", "990102000000"])
def test_nobody_gives_an_account_an_area_above_or_beside_the_own(client, sysadmin, code):
    make_district(OTHER_DISTRICT)
    response = new_account(client, division=code)
    assert response.status_code == 200
    assert not User.objects.filter(username="zhang").exists()


def test_an_account_moves_neither_out_of_the_area_nor_into_it(client, sysadmin):
    make_district(OTHER_DISTRICT)
    user = make_user(TOWNSHIP)
    values = {"name": user.name, "role": "township", "department": "", "is_active": "on"}
    address = f"{USERS}{user.pk}/change/"
    assert change(client, address, **values, division="990102000000").status_code == 200
    user.refresh_from_db()
    assert user.division_id == "990101001000"
    assert change(client, address, **values, division="990101002000").status_code == 302
    user.refresh_from_db()
    assert user.division_id == "990101002000"


def test_nobody_changes_the_own_role_area_or_lock(client, sysadmin):
    values = {"name": "新名字", "role": "office", "division": "990101001000", "username": "x"}
    assert change(client, f"{USERS}{sysadmin.pk}/change/", **values).status_code == 302
    before = sysadmin.username, sysadmin.division_id
    sysadmin.refresh_from_db()
    assert sysadmin.name == "新名字"
    assert (sysadmin.role, sysadmin.is_active) == ("sysadmin", True)
    assert (sysadmin.username, sysadmin.division_id) == before


def test_a_reset_ends_the_sessions_and_shows_the_new_password_once(
    client, client_factory, sysadmin
):
    user = make_user(AUDITOR)
    browser = client_factory()
    browser.force_login(user)
    data = {"action": "reset_passwords", "_selected_action": [user.pk]}
    page = client.post(USERS, data, follow=True).content.decode()
    user.refresh_from_db()
    assert user.check_password(re.search(r"新初始密码：([\w-]+)", page)[1])
    assert user.must_change_password
    assert browser.get("/audit/").status_code == 302
    assert "新初始密码" not in client.get(USERS).content.decode()


def test_nobody_resets_the_own_password_without_knowing_it(client, sysadmin):
    data = {"action": "reset_passwords", "_selected_action": [sysadmin.pk]}
    page = client.post(USERS, data, follow=True).content.decode()
    assert "修改自己的密码" in page
    sysadmin.refresh_from_db()
    assert sysadmin.check_password(PASSWORD)


def test_a_reset_reaches_no_account_of_another_area(client, sysadmin):
    user = make_user(AUDITOR, make_district(OTHER_DISTRICT))
    client.post(USERS, {"action": "reset_passwords", "_selected_action": [user.pk]})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_department_account_must_name_its_department(client, sysadmin):
    response = new_account(client, role="department", division="990101000000")
    assert "要写明部门" in response.content.decode()


def test_lists_filters_and_completion_offer_only_the_own_area(client, sysadmin):
    make_division(f"{OTHER_DISTRICT}001", "外区镇")
    make_user(TOWNSHIP, make_division(f"{OTHER_DISTRICT}001"), name="外区人")
    query = "app_label=accounts&model_name=user&field_name=division&term="
    pages = [USERS, f"{USERS}add/", "/admin/divisions/division/", f"/admin/autocomplete/?{query}"]
    for page in pages:
        content = client.get(page).content.decode()
        assert "外区" not in content
    found = client.get(f"/admin/autocomplete/?{query}第1镇").json()["results"]
    assert [row["id"] for row in found] == ["990101001000"]


def test_what_was_changed_stands_in_the_history_in_chinese(client, sysadmin):
    user = make_user(TOWNSHIP)
    values = {"name": "新名字", "role": "township", "division": user.division_id, "is_active": "on"}
    change(client, f"{USERS}{user.pk}/change/", **values)
    assert LogEntry.objects.get().user == sysadmin
    assert "已修改" in client.get(f"{USERS}{user.pk}/history/").content.decode()


def test_settings_are_kept_for_the_own_district_only(client, sysadmin):
    foreign = DistrictSettings.objects.create(division=make_district(OTHER_DISTRICT))
    values = {"division": "990101000000", "unit_name": "某区", "contact": "", "idle_minutes": 4}
    address = "/admin/accounts/districtsettings/"
    assert client.post(f"{address}add/", values).status_code == 200  # 5 minutes at least
    assert client.post(f"{address}add/", {**values, "idle_minutes": 5}).status_code == 302
    assert client.get(f"{address}{foreign.pk}/change/").status_code == 404


def test_a_division_keeps_code_level_and_parent(client):
    client.force_login(make_user(OFFICE))
    town = make_division("990101001")
    values = {"name": "新镇名", "code": "990101009000", "level": 1, "parent": ""}
    assert (
        change(client, f"/admin/divisions/division/{town.pk}/change/", **values).status_code == 302
    )
    town.refresh_from_db()
    assert (town.name, town.level, town.parent_id) == ("新镇名", 4, "990101000000")


def make_settings(district):
    return DistrictSettings.objects.create(division=district)


@pytest.mark.parametrize(
    ("make", "path", "values"),
    [
        (
            lambda w: make_user(AUDITOR, w, name="甲"),
            "accounts/user",
            {"name": "乙", "role": "auditor", "division": "990101000000", "is_active": "on"},
        ),
        (
            make_settings,
            "accounts/districtsettings",
            {"unit_name": "乙", "contact": "", "idle_minutes": 30},
        ),
        (lambda w: w, "divisions/division", {"name": "乙"}),
    ],
)
def test_the_second_of_two_savers_is_told_and_keeps_the_text(client, sysadmin, make, path, values):
    row = make(make_district())
    address = f"/admin/{path}/{row.pk}/change/"
    page = opened(client, address)
    assert client.post(address, {**page, **values}).status_code == 302
    field = next(iter(values))
    others = {**values, field: "丙"}
    second = client.post(address, {**page, **others})
    text = second.content.decode()
    assert "别人已经保存了新的内容" in text
    assert "已保存的是“乙”" in text
    assert 'value="丙"' in text
    row.refresh_from_db()
    assert getattr(row, field) == "乙"

    again = second.context["adminform"].form.data["seen"]
    assert client.post(address, {**others, "seen": again}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "丙"


def test_nothing_is_deleted_in_the_admin(client, sysadmin):
    user = make_user(TOWNSHIP)
    data = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
    client.post(USERS, data)
    assert client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()
