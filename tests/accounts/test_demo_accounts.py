"""run.py decides by this command whether the server may be seen from other machines."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from accounts.roles import Role
from divisions.models import Division

pytestmark = pytest.mark.django_db


def make_account(username, province, role=Role.OFFICE, **fields):
    division, _ = Division.objects.get_or_create(
        code=province.ljust(12, "0"), defaults={"name": "某省", "level": 1}
    )
    return User.objects.create_user(
        username, DEMO_PASSWORD, name="某某", role=role, division=division, **fields
    )


def demo_accounts(capsys):
    call_command("demo_accounts")
    return capsys.readouterr().out.splitlines()


def test_a_database_without_demo_accounts_prints_nothing(capsys):
    make_account("real", "11")
    assert demo_accounts(capsys) == []


def test_an_account_that_cannot_sign_in_is_no_demo_account(capsys):
    make_account("gone", "99", is_active=False)
    assert demo_accounts(capsys) == []


def test_one_account_per_role_is_printed_with_its_password(capsys):
    make_account("office1", "99")
    make_account("office2", "99")
    make_account("leader1", "99", Role.LEADER)
    lines = [line.split() for line in demo_accounts(capsys)]
    assert lines == [
        ["office1", DEMO_PASSWORD, Role.OFFICE.label],
        ["leader1", DEMO_PASSWORD, Role.LEADER.label],
    ]


def test_every_account_of_the_demo_data_can_sign_in_with_what_is_printed(capsys, demo):
    lines = [line.split() for line in demo_accounts(capsys)]
    assert {line[2] for line in lines} == set(Role.labels)
    assert all(authenticate(username=line[0], password=line[1]) for line in lines)
