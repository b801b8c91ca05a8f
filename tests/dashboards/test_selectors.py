"""Figures against numbers counted by hand in scene.py, and each against the list it opens."""

import re
from datetime import date

import pytest
from django.urls import reverse

from dashboards import selectors
from dashboards.selectors.definitions import DEFINITIONS
from tests.dashboards.scene import TODAY
from tests.factories import make_division

FIGURE = re.compile(
    r'<a[^>]*href="(?P<address>[^"]+)"[^>]*data-figure="(?P<key>\w+)"[^>]*>(?P<text>.*?)</a>', re.S
)
READERS = ["office", "leader", "above", "other_office"]


def records(scene, reader="office", year=2026):
    return selectors.records_of(getattr(scene, reader), year=year, day=TODAY)


def values(figures):
    return {figure.key: figure.value for figure in figures}


def table(chart):
    return {line.label: [figure.value for figure in line.figures] for line in chart.lines}


@pytest.mark.parametrize(
    ("reader", "year", "expected"),
    [
        ("office", 2026, [6, 4, 1, 1, 1]),
        ("office", None, [7, 4, 1, 2, 1]),
        ("leader", 2026, [6, 4, 1, 1, 1]),
        ("above", 2026, [7, 5, 1, 1, 1]),
        ("other_office", 2026, [1, 1, 0, 0, 0]),
        ("office", 2025, [2, 1, 0, 1, 0]),
    ],
)
def test_outcomes_count_improved_and_transformed_apart(scene, reader, year, expected):
    found = selectors.outcomes(records(scene, reader, year))
    assert [figure.value for figure in found] == expected


def test_stages_put_what_left_the_way_apart(scene):
    found = table(selectors.stages(records(scene)))
    assert found == {
        "待审定": [1],
        "已认定": [1],
        "整顿中": [2],
        "待验收": [1],
        "验收中": [0],
        "延长巩固": [0],
        "已转化": [1],
        "已出列": [0],
        "已反弹": [0],
        "已终止": [1],
        "未认定": [1],
    }
    assert [line.label for line in selectors.stages(records(scene)).lines if line.hint] == [
        "已反弹",
        "已终止",
        "未认定",
    ]


def test_a_round_takes_over_what_was_not_over_at_the_end_of_the_year(scene):
    """F goes on into 2026; G was transformed in 2025, and relapsed later: it belongs to 2025."""
    assert [figure.value for figure in selectors.origins(records(scene))] == [5, 1]
    assert [figure.value for figure in selectors.origins(records(scene, year=2025))] == [2, 0]
    assert selectors.origins(records(scene, year=None)) == []
    scene.f.transformed_on, scene.f.status = date(2026, 1, 1), "transformed"
    scene.f.save()
    assert [figure.value for figure in selectors.origins(records(scene))] == [5, 1]
    scene.f.transformed_on = date(2025, 12, 31)
    scene.f.save()
    assert [figure.value for figure in selectors.origins(records(scene))] == [5, 0]


def test_screening_tells_empty_results_from_no(scene):
    found = values(selectors.screening(records(scene)))
    assert found == {"to_screen": 3, "unscreened": 1, "screened_in": 1}
    assert selectors.screening(records(scene, year=None)) == []
    assert values(selectors.screening(records(scene, year=2025)))["to_screen"] == 0


def test_concerns(scene):
    found = values(selectors.concerns(records(scene)))
    assert found == {
        "overdue_cases": 1,
        "missing_slots": 3,
        "look_backs_month": 1,
        "look_backs_late": 0,
    }
    assert values(selectors.concerns(records(scene, year=2025)))["missing_slots"] == 1


def test_overdue_and_waiting(scene):
    found = values(selectors.overdue(records(scene)))
    assert found == {
        "overdue_problems": 1,
        "overdue_tasks": 1,
        "waiting_questions": 1,
        "reopened_problems": 0,
    }


def test_reopened_problems_count_once_however_often(scene):
    for _ in range(2):
        scene.late_problem.events.create(
            case=scene.c, by=scene.office, on=TODAY, action="problem_reopen", title="重新打开"
        )
    assert values(selectors.overdue(records(scene)))["reopened_problems"] == 1


def test_a_village_counts_once_as_main_type_and_in_every_type_it_has(scene):
    scene.b.further_categories.add(scene.b.main_category)  # an old entry may say it twice
    lines = selectors.categories(records(scene)).lines
    found = {line.figures[0].address.split("main_category=")[1][:3]: line.figures for line in lines}
    assert [figure.value for figure in found["C03"]] == [5, 5]
    assert [figure.value for figure in found["C07"]] == [1, 2]
    assert sum(line.figures[0].value for line in lines) == 6


def test_trend_is_of_all_years_whatever_round_is_chosen(scene):
    expected = {"2025 年": [2, 1, 0], "2026 年": [5, 1, 1]}
    assert table(selectors.trend(records(scene))) == expected
    assert table(selectors.trend(records(scene, year=2025))) == expected


def test_problems_stand_by_level_and_difficulty(scene):
    found = table(selectors.problems_by_level(records(scene)))
    assert found == {"村级": [1, 0, 0], "乡镇": [0, 0, 0], "区级": [0, 0, 1], "区以上": [0, 0, 0]}


def test_tiles_stand_in_the_order_of_the_codes_not_of_their_numbers(scene):
    found = selectors.tiles(records(scene))
    assert [tile.area for tile in found] == [scene.first, scene.second]
    numbers = [[figure.value for figure in tile.figures] for tile in found]
    assert numbers == [[2, 1, 1], [2, 0, 0]]
    of_2025 = selectors.tiles(records(scene, year=2025))
    assert [tile.area for tile in of_2025] == [scene.first, scene.second]
    assert [tile.working.value for tile in of_2025] == [0, 1]


def test_from_above_the_tiles_are_districts(scene):
    make_division("990103", "没有使用本系统的区")
    found = selectors.tiles(records(scene, "above"))
    assert [tile.area.code for tile in found] == ["990101000000", "990102000000"]
    assert [tile.working.value for tile in found] == [4, 1]


def test_every_definition_says_what_counts_and_is_used(scene):
    found = records(scene)
    shown = {f.key for f in selectors.outcomes(found) + selectors.overdue(found)}
    shown |= {f.key for f in selectors.concerns(found) + selectors.origins(found)}
    shown |= {f.key for f in selectors.screening(found)}
    shown |= {f.key for f in selectors.outcomes(records(scene, year=None))}
    for build in selectors.CHARTS.values():
        shown |= set(build(found).definition_keys)
    assert shown == set(DEFINITIONS)
    assert all(len(item.text) > 10 for item in DEFINITIONS.values())


# --- each number opens exactly its rows -----------------------------------------------------------


def figures_on(client, address):
    """Yield address, key and number of every figure a page shows."""
    html = client.get(address).content.decode()
    for found in FIGURE.finditer(html):
        text = re.sub(r"<[^>]+>", " ", found["text"])
        number = re.search(r"[\d,]+", text)[0]
        yield found["address"].replace("&amp;", "&"), found["key"], int(number.replace(",", ""))


@pytest.mark.parametrize("year", ["2026", "2025", "all"])
@pytest.mark.parametrize("reader", READERS)
def test_every_figure_equals_the_rows_of_the_list_it_opens(client, scene, reader, year):
    client.force_login(getattr(scene, reader))
    shown = set(figures_on(client, f"{reverse('dashboards:dashboard')}?year={year}"))
    wrong = []
    for address, key, number in shown:
        response = client.get(address)
        rows = response.context["page"].paginator.count if response.status_code == 200 else None
        if rows != number:
            wrong.append((key, address, number, rows))
    assert not wrong
    assert len(shown) > 50
    assert sum(number for _, _, number in shown) > 5


@pytest.mark.parametrize("key", selectors.CHARTS)
def test_a_chart_draws_the_numbers_of_its_table(client, scene, key):
    client.force_login(scene.leader)
    drawn = client.get(reverse("dashboards:chart_data", args=[key]) + "?year=2026").json()
    chart = selectors.CHARTS[key](records(scene, "leader"))
    assert drawn["labels"] == list(table(chart))
    assert [one["name"] for one in drawn["series"]] == chart.heads
    assert list(zip(*[one["values"] for one in drawn["series"]], strict=True)) == [
        tuple(row) for row in table(chart).values()
    ]


def test_an_unknown_chart_does_not_exist(client, scene):
    client.force_login(scene.leader)
    assert client.get(reverse("dashboards:chart_data", args=["heroes"])).status_code == 404
