"""The way to the first account of a real site."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from core.audit import act_words
from core.models import AuditEntry
from tests.factories import make_district, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_district()


def create(username="admin", **options):
    given = {"role": "sysadmin", "division": "990101000000", **options}
    call_command("create_account", username, **given)


def test_the_first_administrator_signs_in_with_the_printed_password(client, capsys, district):
    create("admin", name="王管理")
    password = re.search(r"初始密码：(\S+?)（", capsys.readouterr().out)[1]
    client.post(reverse("accounts:sign_in"), {"username": "admin", "password": password})
    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[0][0] == reverse("accounts:password_change")
    user = User.objects.get(username="admin")
    assert (user.name, user.role, user.division) == ("王管理", Role.SYSADMIN, district)
    assert password not in user.password


def test_a_department_account_names_its_department(capsys, district):
    create("minzheng", role="department", department="civil")
    assert User.objects.get().department == "civil"
    assert User.objects.get().name == "minzheng"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"role": "boss"}, "没有“boss”这个角色.*sysadmin（系统管理员）"),
        ({"division": "110116"}, "没有代码为 110116 的区划.*import_divisions"),
        ({"role": "department", "department": "army"}, "没有“army”这个部门.*civil（民政）"),
        ({"role": "department"}, "要写明部门"),
        ({"department": "civil"}, "其他角色不填"),
        ({"username": "taken"}, "已有人使用"),
        ({"username": "x" * 41}, "账号|40"),
    ],
)
def test_what_is_wrong_is_told_in_chinese_and_makes_no_account(district, options, words):
    make_user(username="taken")
    with pytest.raises(CommandError, match=words):
        create(**{"username": "admin", **options})
    assert User.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_an_account_made_at_the_console_stands_in_the_log(capsys, district):
    create()
    entry = AuditEntry.objects.visible_to(make_user(Role.AUDITOR)).get()
    assert (entry.user_name, act_words(entry.act)) == ("服务器控制台", "在服务器上建立账号")


def test_there_is_no_superuser_and_the_command_says_what_to_use(district):
    with pytest.raises(CommandError, match="create_account"):
        call_command("createsuperuser")
    with pytest.raises(CommandError, match="create_account"):
        call_command("createsuperuser", "--noinput", "--username", "root")
    assert not User.objects.exists()
