"""Help by kind; comfort gifts are counted apart and never as help."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from core.exceptions import NotAllowed
from rectification.choices import HelpKind
from rectification.models import HelpItem
from rectification.selectors_help import count_help
from rectification.services import help_items
from tests.factories import make_division, make_user
from tests.rectification.factories import holder_of, make_case, make_helper
from tests.rectification.promises import make_help

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case()


@pytest.fixture
def township(case):
    return holder_of(case)


def test_a_comfort_gift_is_never_help(case):
    for kind in HelpKind:
        make_help(case, kind)
    make_help(case, HelpKind.COMFORT)
    count = count_help(HelpItem.objects.all())
    assert (count.help, count.comfort) == (4, 2)
    assert "慰问" not in dict(count.lines)
    assert HelpItem.objects.help().count() == count.help
    assert HelpItem.objects.comfort().count() == count.comfort


def test_the_case_page_counts_comfort_apart(client, case, township):
    make_help(case, HelpKind.DISPUTE)
    make_help(case, HelpKind.COMFORT)
    client.force_login(township)
    page = client.get(f"{case.get_absolute_url()}?tab=people").content.decode()
    assert "帮扶事项 1 件，慰问 1 次" in page


def test_the_definitions_say_that_comfort_is_no_help(client, case):
    client.force_login(make_user(Role.OFFICE, case.round.district))
    page = client.get(reverse("dashboards:definitions")).content.decode()
    assert "慰问（送钱送物）另数，不算帮扶" in page


def test_a_helper_enters_and_corrects_the_own_help(client, case):
    helper = make_helper(case)
    client.force_login(helper)
    data = {
        "kind": "education",
        "on": clock.today(),
        "what": "党员培训两期",
        "cadre": helper.cadre.pk,
    }
    response = client.post(reverse("rectification:help_add", args=[case.pk]), data)
    item = HelpItem.objects.get()
    assert response.url == item.get_absolute_url()
    assert item.entered_by == helper
    edit = reverse("rectification:help_edit", args=[item.pk])
    data |= {"what": "党员培训三期", "version_seen": item.version}
    assert client.post(edit, data).status_code == 302
    event = case.events.get(action="help_edit")
    assert "做了什么：党员培训两期 → 党员培训三期" in event.note


def test_a_helper_does_not_correct_what_others_entered(client, case, township):
    item = make_help(case, by=township)
    helper = make_helper(case)
    client.force_login(helper)
    assert client.get(reverse("rectification:help_edit", args=[item.pk])).status_code == 403
    with pytest.raises(NotAllowed):
        help_items.revise_help(item, save=item.save, changes=[], by=helper)


def test_somebody_helped(client, case, township):
    client.force_login(township)
    data = {"kind": "team", "on": clock.today(), "what": "补选委员"}
    response = client.post(reverse("rectification:help_add", args=[case.pk]), data)
    assert response.status_code == 422
    assert "请选择帮扶人，或者填写帮扶单位" in response.content.decode()


def test_help_of_another_town_does_not_exist(client, case, township):
    item = make_help(case, by=township)
    other = make_division(f"{township.division_id[:6]}002")
    client.force_login(make_user(Role.TOWNSHIP, other))
    assert client.get(reverse("rectification:help_edit", args=[item.pk])).status_code == 404


def test_who_only_reads_enters_no_help(case):
    item = make_help(case)
    with pytest.raises(NotAllowed):
        help_items.add_help(item, by=make_user(Role.LEADER, case.round.district))
    assert not case.events.exists()
