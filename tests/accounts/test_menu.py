import pytest
from django.urls import reverse

from accounts.menu import FIRST_PAGES, MENUS, first_page, menu_for
from accounts.models import User
from accounts.roles import ROLE_PERMISSIONS, Role
from tests.factories import make_user
from tests.matrix import OFFICE, ROLES, TOWNSHIP
from tests.test_permission_matrix import MATRIX


def account(role):
    return User(role=role, division_id="990101000000")


@pytest.mark.parametrize("role", ROLES)
def test_a_menu_shows_only_pages_that_the_role_may_open(role):
    assert [link.label for link in menu_for(account(role), "/")] == [e.label for e in MENUS[role]]
    for entry in MENUS[role]:
        assert entry.permission in ROLE_PERMISSIONS[role]
        assert MATRIX[entry.url_name].expected(role) == {200}


@pytest.mark.parametrize("role", ROLES)
def test_the_first_page_of_each_role_opens(role):
    assert MATRIX[FIRST_PAGES[role]].expected(role) == {200}
    assert first_page(account(role)) == reverse(FIRST_PAGES[role])


def current(role, path):
    return [link.label for link in menu_for(account(role), path) if link.is_current]


@pytest.mark.parametrize(
    ("path", "labels"),
    [("/", ["待办"]), ("/cases/", ["整顿档案"]), ("/cases/12/", ["整顿档案"]), ("/feedback/", [])],
)
def test_the_menu_marks_the_part_that_is_shown(path, labels):
    assert current(OFFICE, path) == labels


@pytest.mark.parametrize(
    ("role", "path", "label"),
    [
        (OFFICE, "/submissions/3/", "年度轮次"),
        (OFFICE, "/acceptances/3/edit/", "整顿档案"),
        (OFFICE, "/follow-ups/", "问题"),
        (OFFICE, "/owed-answers/", "问题"),
        (OFFICE, "/handovers/5/", "问题"),
        (OFFICE, "/measures/add/", "问题"),
        (OFFICE, "/help/5/edit/", "整顿档案"),
        (TOWNSHIP, "/cases/12/", "我的村"),
        (TOWNSHIP, "/surveys/add/", "问题"),
        (TOWNSHIP, "/screenings/5/", "报送"),
        (Role.HELPER, "/problems/5/", "我的村"),
        (Role.HELPER, "/promises/", "我的村"),
        (Role.LEADER, "/cases/12/", "驾驶舱"),
        (Role.LEADER, "/topics/5/", "驾驶舱"),
        (Role.LEADER, "/dashboard/linked/", "我的联系村"),
        (Role.DEPARTMENT, "/", "待答复"),
        (Role.DEPARTMENT, "/opinions/5/answer/", "待答复"),
    ],
)
def test_the_menu_marks_the_part_that_a_page_belongs_to(role, path, label):
    assert current(role, path) == [label]


def test_a_longer_address_wins_over_the_one_it_lies_under():
    assert current(TOWNSHIP, reverse("rectification:visit_pick")) == ["记走访"]


def test_a_role_without_a_menu_is_an_error():
    assert set(MENUS) == set(FIRST_PAGES) == set(Role)


@pytest.mark.django_db
def test_the_menu_stands_in_the_admin_too(client):
    client.force_login(make_user(Role.SYSADMIN))
    page = client.get(reverse("admin:accounts_user_changelist")).content.decode()
    for name in ("villages:import_divisions", "core:health"):
        assert f'href="{reverse(name)}"' in page
