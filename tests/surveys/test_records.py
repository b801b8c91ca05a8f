import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from core import clock
from surveys.choices import RecordKind, RecordLevel
from surveys.models import SurveyRecord
from tests.factories import make_division, make_user, make_village
from tests.rectification.factories import make_case, make_round
from tests.surveys.factories import make_record

pytestmark = pytest.mark.django_db
LIST = reverse("surveys:record_list")


@pytest.fixture
def office(client):
    user = make_user(Role.OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def township(client):
    user = make_user(Role.TOWNSHIP)
    client.force_login(user)
    return user


def typed(village, **changes):
    """Return what a filled form posts for a seminar in a village."""
    return {
        "round": make_round().pk,
        "place": f"village:{village.pk}",
        "held_on": clock.today().isoformat(),
        "topic": "院坝会",
        "members": "5",
        "villagers": "7",
        "findings": "账目公开不及时",
        **changes,
    }


def add(client, data, kind="seminar"):
    return client.post(reverse("surveys:record_add") + f"?kind={kind}", data)


# --- list and export ------------------------------------------------------------------------------


def test_record_list_shows_the_totals_of_what_is_filtered(client, office):
    village = make_village()
    make_record(village, members=10, villagers=0)
    make_record(village, kind=RecordKind.INTERVIEW, members=1, villagers=2)
    make_record(village, kind=RecordKind.QUESTIONNAIRE)
    page = client.get(LIST).content.decode()
    assert "座谈会 <strong>1</strong> 次" in page
    assert "面对面交谈 <strong>13</strong> 人" in page
    assert "问卷 <strong>18</strong> 份" in page
    only_talks = client.get(LIST + "?kind=interview").content.decode()
    assert "面对面交谈 <strong>3</strong> 人" in only_talks
    assert "问卷 <strong>0</strong> 份" in only_talks


@pytest.mark.parametrize(
    ("query", "topics"),
    [
        ("kind=questionnaire", {"问卷一"}),
        ("township=990101002000", {"东镇座谈", "东镇全镇"}),
        ("q=东镇", {"东镇座谈", "东镇全镇"}),
        ("q=座谈 东镇", {"东镇座谈"}),
        ("round=0", {"问卷一", "东镇座谈", "东镇全镇"}),
        ("kind=seminar&township=990101001000", set()),
    ],
)
def test_record_list_filters_live_in_the_address(client, office, query, topics):
    east = make_division("990101002")
    make_record(
        make_village(make_division("990101001")), kind=RecordKind.QUESTIONNAIRE, topic="问卷一"
    )
    make_record(make_village(east), topic="东镇座谈")
    make_record(township=east, topic="东镇全镇")
    shown = {record.topic for record in client.get(f"{LIST}?{query}").context["page"]}
    assert shown == topics


@pytest.mark.parametrize(
    ("sort", "topics"),
    [
        ("held_on", ["前天", "昨天", "今天"]),
        ("-held_on", ["今天", "昨天", "前天"]),
        ("kind", ["今天", "昨天", "前天"]),  # interview, questionnaire, seminar
    ],
)
def test_record_list_is_sorted_like_every_list_and_so_is_its_export(client, office, sort, topics):
    kinds = (RecordKind.INTERVIEW, RecordKind.QUESTIONNAIRE, RecordKind.SEMINAR)
    for days, (topic, kind) in enumerate(zip(("今天", "昨天", "前天"), kinds, strict=True)):
        make_record(
            make_village(), topic=topic, kind=kind, held_on=clock.today() - timedelta(days=days)
        )
    assert [row.topic for row in client.get(f"{LIST}?sort={sort}").context["page"]] == topics
    _, *rows = read_sheet(client.get(reverse("surveys:record_export") + f"?sort={sort}"))
    assert [row[5] for row in rows] == topics
    assert f'name="sort" value="{sort}"' in client.get(f"{LIST}?sort={sort}").content.decode()


def test_record_list_filters_by_round(client, office):
    village, last_year = make_village(), make_round(year=clock.today().year - 1)
    make_record(village, topic="今年", round=make_round())
    make_record(village, topic="去年", round=last_year)
    page = client.get(f"{LIST}?round={last_year.pk}").context["page"]
    assert [record.topic for record in page] == ["去年"]


def test_a_township_is_not_asked_which_township(client, township):
    assert "township" not in client.get(LIST).context["filter"].form.fields


def test_a_leader_above_filters_by_district_and_tells_rounds_apart(client):
    for code in ("990101", "990102"):
        make_record(make_village(make_division(f"{code}001")), topic=code)
        make_record(topic=f"{code}全区", round=make_round(make_division(code)))
    client.force_login(make_user(Role.LEADER, make_division("9901")))
    page = client.get(f"{LIST}?township=990102000000")
    assert {record.topic for record in page.context["page"]} == {"990102", "990102全区"}
    form = page.context["filter"].form
    labels = [str(label) for _, label in form.fields["round"].choices]
    assert len(set(labels)) == len(labels) == 3
    areas = [str(value) for value, _ in form.fields["township"].choices]
    assert areas == ["", "990101000000", "990102000000"]


def test_record_list_answers_htmx_with_its_table_only(client, office):
    make_record(make_village())
    part = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "村级班子运行情况" in part


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TOWNSHIP, Role.LEADER])
def test_record_list_takes_as_many_queries_for_15_rows_as_for_40(
    client, role, django_assert_max_num_queries
):
    client.force_login(make_user(role))
    village, author = make_village(make_division("990101001")), make_user()
    for number in range(15):
        make_record(village, entered_by=author, topic=f"第{number}次")
    client.get(LIST)  # the session remembers its district from the first page on
    with django_assert_max_num_queries(8) as few:
        client.get(LIST)
    for number in range(25):
        make_record(village, entered_by=author, topic=f"又{number}次")
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


def read_sheet(response):
    rows = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    return list(rows)


def test_record_export_holds_exactly_the_rows_shown(client, office):
    village = make_village()
    make_record(village, topic="=1+1", members=3, villagers=0)
    make_record(village, kind=RecordKind.QUESTIONNAIRE, topic="问卷")
    head, *rows = read_sheet(client.get(reverse("surveys:record_export") + "?kind=seminar"))
    assert [row[head.index("主题")] for row in rows] == ["=1+1"]
    assert rows[0][head.index("面对面人数")] == 3
    assert rows[0][head.index("发放")] is None


def test_record_export_of_a_township_holds_no_other_townships_rows(client, township):
    make_record(make_village(make_division("990101002")))
    own = make_record(make_village(make_division("990101001")), topic="本镇")
    _, *rows = read_sheet(client.get(reverse("surveys:record_export")))
    assert len(rows) == 1
    assert own.topic in rows[0]


# --- entry ----------------------------------------------------------------------------------------


def test_record_add_keeps_a_seminar_with_its_people(client, township):
    village = make_village()
    response = add(client, typed(village))
    record = SurveyRecord.objects.get()
    assert response.url == record.get_absolute_url()
    assert (record.people, record.level, record.village) == (12, RecordLevel.VILLAGE, village)
    assert record.entered_by == township


def test_record_add_keeps_a_questionnaire_for_the_whole_district(client, office):
    make_village()
    data = typed(make_village(), place="district", issued="30", returned="28", valid="27")
    add(client, data, "questionnaire")
    record = SurveyRecord.objects.get()
    assert (record.level, record.village, record.township) == (RecordLevel.DISTRICT, None, None)
    assert (record.returned, record.people) == (28, 0)


@pytest.mark.parametrize(
    ("changes", "kind", "field"),
    [
        ({"held_on": (clock.today() + timedelta(days=1)).isoformat()}, "seminar", "held_on"),
        ({"members": "", "villagers": "0"}, "seminar", "members"),
        ({"issued": "10", "returned": "11", "valid": "1"}, "questionnaire", "returned"),
        ({"issued": "10", "returned": "9", "valid": "10"}, "questionnaire", "valid"),
        ({"issued": "10"}, "questionnaire", "returned"),
        ({"place": ""}, "seminar", "place"),
    ],
)
def test_record_add_says_beside_the_field_what_is_wrong(client, office, changes, kind, field):
    response = add(client, typed(make_village(), **changes), kind)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "账目公开不及时" in response.content.decode()
    assert not SurveyRecord.objects.exists()


@pytest.mark.parametrize("place", ["village", "township:990101002000", "district"])
def test_a_township_cannot_put_a_record_into_another_area(client, township, place):
    foreign = make_village(make_division("990101002"))
    make_village()
    place = f"village:{foreign.pk}" if place == "village" else place
    response = add(client, typed(foreign, place=place))
    assert "place" in response.context["form"].errors
    assert not SurveyRecord.objects.exists()


def test_a_record_cannot_be_put_into_a_round_of_another_district(client, office):
    foreign = make_round(make_division("990102"))
    response = add(client, typed(make_village(), round=foreign.pk))
    assert "round" in response.context["form"].errors


def test_a_double_click_saves_one_record(client, office):
    village = make_village()
    page = client.get(reverse("surveys:record_add"))
    data = typed(village, submission_key=page.context["submission_key"])
    first, second = add(client, data), add(client, data)
    assert first.url == second.url
    assert SurveyRecord.objects.count() == 1


# --- correction -----------------------------------------------------------------------------------


def edited(record, **changes):
    return typed(record.village, version_seen=record.version, round=record.round_id, **changes)


def test_record_edit_shows_the_former_figure(client, office):
    record = make_record(make_village(), members=6)
    address = reverse("surveys:record_edit", args=[record.pk])
    client.post(address, edited(record, members="8"))
    page = client.get(record.get_absolute_url()).content.decode()
    assert "更正记录" in page
    assert office.name in page


def test_the_second_of_two_who_edit_a_record_is_told_and_keeps_the_text(client, office):
    record = make_record(make_village(), topic="原主题")
    address = reverse("surveys:record_edit", args=[record.pk])
    client.post(address, edited(record, topic="甲的主题"))
    response = client.post(address, edited(record, topic="乙的主题", place="district"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "乙的主题" in page
    assert "甲的主题" in page
    assert "在哪里" in {change.label for change in response.context["form"].changes}
    assert SurveyRecord.objects.get().topic == "甲的主题"


def test_a_record_cannot_be_moved_into_another_township(client, township):
    record = make_record(make_village())
    foreign = make_village(make_division("990101002"))
    address = reverse("surveys:record_edit", args=[record.pk])
    response = client.post(address, edited(record, place=f"village:{foreign.pk}"))
    assert response.status_code == 422
    record.refresh_from_db()
    assert record.village_id != foreign.pk


def test_a_late_entry_shows_as_such_with_both_dates(client, office):
    record = make_record(make_village(), held_on=clock.today() - timedelta(days=9))
    page = client.get(record.get_absolute_url()).content.decode()
    assert "补录" in page
    assert "9 天后录入" in page


# --- the case page's part -------------------------------------------------------------------------


def test_case_part_shows_the_villages_records_and_a_way_to_add_one(client, township):
    case = make_case(make_village())
    make_record(case.village, round=case.round, topic="村民代表座谈会")
    address = reverse("surveys:case_part", args=[case.pk])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "村民代表座谈会" in part
    assert f"place=village:{case.village_id}" in part
    assert "<html" in client.get(address).content.decode()
