"""Every list sorts by what its heads offer, empty values last both ways, and exports that order."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from rectification.choices import CaseStatus
from tests.factories import make_user, make_village
from tests.rectification.factories import make_case, make_task

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def office(client):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


def listed(client, name, query=""):
    return list(client.get(reverse(f"rectification:{name}") + query).context["page"])


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_case_without_the_date_comes_last_both_ways(client, office, sign):
    blank = make_case(status=CaseStatus.PROPOSED, designated_on=None, deadline=None)
    for days in (2, 1):
        make_case(make_village(), designated_on=clock.today() - days * DAY)
    assert [row == blank for row in listed(client, "case_list", f"?sort={sign}designated")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_task_without_progress_comes_last_both_ways(client, office, sign):
    case = make_case()
    blank = make_task(case=case)
    noted = make_task(case=case, last_progress_on=clock.today())
    assert listed(client, "task_list", f"?sort={sign}progress") == [noted, blank]
