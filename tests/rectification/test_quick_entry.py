"""首次登记: no more to fill in than the seven columns of the poorest ledger there is."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from core import clock
from dashboards.work import items_for
from rectification.choices import CaseStatus
from rectification.models import Cadre, Case
from tests.factories import (
    make_district,
    make_division,
    make_file,
    make_term,
    make_user,
    make_village,
)
from tests.rectification.factories import make_category, make_round

pytestmark = pytest.mark.django_db

LEDGER = ("党组织名称", "党员人数", "负责人", "联系方式", "存在的主要问题", "整改措施", "备注")
ADDRESS = "rectification:case_quick_add"


@pytest.fixture
def village():
    make_category("C07", "村务财务公开和民主管理混乱")
    make_round()
    make_user(Role.TOWNSHIP)
    return make_village()


@pytest.fixture
def office(client):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


def data(village, **fields):
    return {
        "village": village.pk,
        "members": 43,
        "secretary": "李清泉",
        "main_category": "C07",
        "problems": "1. 账目三年没有公开\n2. 印章由个人保管\n",
        "measures": "补公开三个季度收支\n印章交专人保管",
        **fields,
    }


def test_the_first_record_asks_no_more_than_the_ledger_of_seven_columns(client, village, office):
    form = client.get(reverse(ADDRESS)).context["form"]
    assert len(form.visible_fields()) <= len(LEDGER)
    assert not [name for name in form.fields if "phone" in name or "contact" in name]
    assert sum(field.required for field in form.fields.values()) == 3


def test_seven_fields_make_a_case_with_its_problems_and_measures(client, village, office):
    response = client.post(reverse(ADDRESS), data(village, remark="巡察发现"))
    case = Case.objects.get()
    assert response.url == case.get_absolute_url()
    assert (case.status, case.village, case.source_note) == (
        CaseStatus.PROPOSED,
        village,
        "巡察发现",
    )
    found = [(row.title, [t.measure for t in row.tasks.all()]) for row in case.problems.all()]
    assert found == [
        ("账目三年没有公开", ["补公开三个季度收支"]),
        ("印章由个人保管", ["印章交专人保管"]),
    ]
    owner = case.problems.first().owner
    assert (owner.name, owner.post) == ("李清泉", "村党组织书记")
    assert village.files.get(year=clock.today().year).members == 43


def test_what_is_not_designated_yet_is_nobodys_work(client, village, office):
    client.post(reverse(ADDRESS), data(village))
    township = Case.objects.get().problems.first().holder
    assert items_for(township, clock.today()) == []
    for name in ("problem_list", "task_list"):
        assert not client.get(reverse(f"rectification:{name}")).context["page"].object_list
    case = Case.objects.get()
    assert "账目三年没有公开" in client.get(case.get_absolute_url()).content.decode()


def test_measures_that_match_no_problem_serve_the_type(client, village, office):
    client.post(reverse(ADDRESS), data(village, measures="只有一条措施"))
    task = Case.objects.get().tasks.get()
    assert (task.problem, task.category_id) == (None, "C07")


def test_a_secretary_on_record_is_not_asked_again(client, village, office):
    make_term(village, name="王在任")
    client.post(reverse(ADDRESS), data(village, secretary=""))
    assert Cadre.objects.get().name == "王在任"


def test_a_figure_on_record_is_not_overwritten(client, village, office):
    make_file(village, clock.today().year, members=50)
    response = client.post(reverse(ADDRESS), data(village))
    assert response.status_code == 422
    page = response.content.decode()
    assert "党员总数是 50" in page
    assert "印章交专人保管" in page
    assert not Case.objects.exists()


def test_case_quick_add_takes_no_village_of_another_district(client, village, office):
    make_district("990102")
    stranger = make_village(make_division("990102001"))
    assert client.post(reverse(ADDRESS), data(stranger)).status_code == 422
    assert not Case.objects.exists()
