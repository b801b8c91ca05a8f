"""The board and its neighbours: who reads what, from where, at what cost."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from rectification.choices import RoundStatus
from tests.dashboards.scene import TODAY
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import (
    make_assignment,
    make_cadre,
    make_case,
    make_problem,
    make_round,
    make_slot,
)

BOARD = "dashboards:dashboard"


def page(client, user, name, query=""):
    client.force_login(user)
    response = client.get(reverse(name) + query)
    assert response.status_code == 200
    return response


def test_the_board_begins_with_the_round_under_way(client, scene):
    assert page(client, scene.leader, BOARD).context["records"].year == 2026
    scene.round.status = RoundStatus.CLOSED
    scene.round.save()
    make_round(scene.district, 2025).status = RoundStatus.CLOSED
    assert page(client, scene.leader, BOARD).context["records"].year == 2026


@pytest.mark.parametrize(
    ("query", "year"), [("?year=2025", 2025), ("?year=all", None), ("?year=1999", 2026)]
)
def test_the_address_says_the_round(client, scene, query, year):
    assert page(client, scene.leader, BOARD, query).context["records"].year == year


def test_a_district_without_rounds_gets_a_board_that_teaches(client, db, today):
    html = page(client, make_user(Role.LEADER), BOARD).content.decode()
    assert "还没有数据" in html


def test_the_board_says_when_it_was_counted_and_what_each_number_means(client, scene):
    html = page(client, scene.leader, BOARD).content.decode()
    assert "数据时间 2026-11-23 10:00" in html
    assert "明显提升不是转化" in html
    assert html.count("<summary>口径") >= 6 + 6 + 4


def link(case, account):
    cadre = make_cadre(case.round.district, name="周区长", account=account)
    return make_assignment(case, make_slot(case.round.standard, "leader", number=1), cadre)


@pytest.mark.parametrize("name", [BOARD, "dashboards:linked_cases"])
def test_a_leader_reads_the_own_linked_villages(client, scene, name):
    assignment = link(scene.c, scene.leader)
    html = page(client, scene.leader, name).content.decode()
    assert "我的联系村" in html
    assert scene.c.get_absolute_url() in html
    assert scene.b.get_absolute_url() not in html
    assignment.ended_on = TODAY
    assignment.save()
    assert scene.c.get_absolute_url() not in page(client, scene.leader, name).content.decode()


def test_linked_villages_end_at_the_division(client, scene):
    link(scene.j, scene.leader)  # an entry that should not be there
    html = page(client, scene.leader, "dashboards:linked_cases").content.decode()
    assert scene.j.get_absolute_url() not in html


def test_rows_of_another_district_are_on_no_page_and_in_no_number(client, scene):
    scene.j.village.name = "外区的村村委会"
    scene.j.village.save()
    for name in (BOARD, "dashboards:linked_cases", "dashboards:work", "dashboards:reports"):
        client.force_login(scene.office)
        html = client.get(reverse(name)).content.decode()
        assert "外区的村" not in html
        assert "990102" not in html


def test_definitions_are_all_on_one_page(client, scene):
    html = page(client, scene.leader, "dashboards:definitions").content.decode()
    for word in ("明显提升（未转化）", "四个一未配齐的村", "当年反弹"):
        assert word in html


@pytest.mark.parametrize("who", ["office", "leader", "township"])
def test_reports_lead_only_where_the_reader_may_go(client, scene, who):
    user = getattr(scene, who)
    html = page(client, user, "dashboards:reports").content.decode()
    main = html.split('id="messages"')[1].split("</main>")[0]
    for address in {part.split('"')[0] for part in main.split('href="')[1:]}:
        assert client.get(address).status_code == 200, address


def fill(scene, count):
    for number in range(count):
        township = make_division(f"9901010{10 + number % 30}")
        case = make_case(make_village(township), round=scene.round)
        make_problem(case, holder=scene.township, owner=make_cadre(scene.first))


def test_the_board_costs_the_same_for_15_villages_and_for_100(
    client, scene, django_assert_max_num_queries
):
    link(scene.c, scene.leader)
    client.force_login(scene.leader)
    client.get(reverse(BOARD))  # the first page of a session remembers the district
    fill(scene, 15)
    with django_assert_max_num_queries(24) as few:
        client.get(reverse(BOARD))
    fill(scene, 85)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse(BOARD))


def test_linked_villages_cost_the_same_for_3_and_for_12(
    client, scene, django_assert_max_num_queries
):
    cadre = make_cadre(scene.district, account=scene.leader)
    slot = make_slot(scene.round.standard)

    def add(count):
        for _ in range(count):
            case = make_case(make_village(scene.first), round=scene.round)
            make_assignment(case, slot, cadre)

    client.force_login(scene.leader)
    client.get(reverse(BOARD))
    add(3)
    with django_assert_max_num_queries(8) as few:
        client.get(reverse("dashboards:linked_cases"))
    add(9)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("dashboards:linked_cases"))


def test_question_38_nobody_is_put_in_an_order_by_activity(client, scene):
    """More villages at work, more problems: the second township still stands second."""
    for _ in range(5):
        case = make_case(make_village(scene.second), round=scene.round)
        make_problem(case, deadline=TODAY.replace(day=1), holder=scene.other_township)
    html = page(client, scene.leader, BOARD).content.decode()
    board = html.split('class="tile-board"')[1]
    assert board.index(scene.first.name) < board.index(scene.second.name)
    for word in ("排行", "第一名", "积分", "得分"):
        assert word not in html
