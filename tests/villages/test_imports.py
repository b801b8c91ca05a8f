"""Loading divisions and villages: checked as a whole, taken as a whole, or not at all."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from accounts.roles import Role
from benchmarks.national_file import national_file
from core.exceptions import Conflict
from divisions.models import Division
from tests.divisions.test_imports import csv_bytes, formula_bytes, xlsx_bytes
from tests.factories import make_district, make_division, make_user, make_village
from villages import imports
from villages.imports import checks, taking
from villages.models import DivisionImport, NameChange, StagedRow, Village

pytestmark = pytest.mark.django_db

DISTRICT_FILE = Path(__file__).parent.parent / "data" / "divisions-110116.csv"
TREE = [
    ("990000000000", "试验省"),
    ("990100000000", "试验市"),
    ("990101000000", "试验区"),
    ("990101001000", "清水镇"),
    ("990101001201", "清泉村委会"),
    ("990101001001", "清泉社区居委会"),
]
STATE = DivisionImport.State


def check(rows, name="区划.csv", **options):
    content = rows if isinstance(rows, bytes) else csv_bytes(rows)
    return imports.check(io.BytesIO(content), name, **options)


def load(rows, **options):
    return imports.apply(check(rows, **options).pk)


def counts(run):
    return run.new_count, run.change_count, run.same_count, run.refused_count


def reasons(run):
    return [(row, column) for row, column, _ in run.refusals]


def stored():
    return Division.objects.count(), Village.objects.count(), StagedRow.objects.count()


def test_a_file_loads_divisions_and_villages_with_what_the_code_says():
    assert counts(load(TREE)) == (6, 0, 0, 0)
    village = Village.objects.get(code="990101001201")
    community = Village.objects.get(code="990101001001")
    assert (village.township.name, village.kind, community.kind) == (
        "清水镇",
        "village",
        "community",
    )
    assert Division.objects.get(code="990101001000").parent_id == "990101000000"
    assert stored() == (4, 2, 0)


def test_the_real_district_file_loads_and_changes_nothing_the_second_time():
    first = load(DISTRICT_FILE.read_bytes())
    second = load(DISTRICT_FILE.read_bytes())
    assert counts(first) == (341, 0, 0, 0)
    assert counts(second) == (0, 0, 341, 0)
    assert Division.objects.townships().count() == 17
    assert Village.objects.filter(kind="village").count() == 284
    assert stored() == (20, 321, 0)


def test_rows_may_stand_in_any_order():
    load(list(reversed(TREE)))
    assert stored() == (4, 2, 0)


def test_towns_without_a_county_hang_on_their_city():
    load(
        [
            ("440000000000", "广东省"),
            ("441900000000", "东莞市"),
            ("441900003000", "东城街道"),
            ("441900003001", "岗贝社区居民委员会"),
        ]
    )
    assert Division.objects.get(code="441900003000").parent_id == "441900000000"
    assert Village.objects.get().township_id == "441900003000"


def test_a_new_name_is_a_change_that_keeps_the_former_one():
    load(TREE)
    run = check([("990101001201", "清泉新村委会"), ("990101001000", "清水街道")])
    assert counts(run) == (0, 2, 0, 0)
    assert list(run.rows.order_by("code").values_list("old_name", "name")) == [
        ("清水镇", "清水街道"),
        ("清泉村委会", "清泉新村委会"),
    ]
    imports.apply(run.pk)
    village = Village.objects.get(code="990101001201")
    assert (village.name, village.version) == ("清泉新村委会", 2)
    assert Division.objects.get(code="990101001000").name == "清水街道"
    assert NameChange.objects.get(code="990101001201").old_name == "清泉村委会"


def test_rows_absent_from_the_file_are_left_alone():
    load(TREE)
    load([("990101001202", "甘泉村委会")])
    assert Village.objects.count() == 3


def test_only_new_rows_get_the_day_they_are_valid_from():
    load(TREE)
    load([TREE[4], ("990101001202", "甘泉村委会")], valid_from="2026-01-01")
    days = dict(Village.objects.values_list("code", "valid_from"))
    assert days["990101001201"] is None
    assert str(days["990101001202"]) == "2026-01-01"


def test_a_row_repeated_exactly_is_taken_once_and_said():
    run = check([*TREE, TREE[4], TREE[4]])
    assert counts(run) == (6, 0, 0, 0)
    assert run.notices == ["有 2 行与前面的行完全相同，只取一次"]
    imports.apply(run.pk)
    assert Village.objects.count() == 2


BAD = {
    "a code of the wrong length": (
        csv_bytes([*TREE, ("99010100120", "西村委会")]),
        "a.csv",
        "11 位",
    ),
    "an unknown unit above": (
        csv_bytes([*TREE, ("990101009201", "西村委会")]),
        "a.csv",
        "990101009000",
    ),
    "a code with two names": (csv_bytes([*TREE, (TREE[4][0], "西村委会")]), "a.csv", "第 6 行是"),
    "wrong columns": (csv_bytes(TREE, "编号,村名"), "a.csv", "编号"),
    "not a workbook": (csv_bytes(TREE), "a.xlsx", "不是 Excel 工作簿"),
    "empty": (b"", "a.csv", "空的"),
    "a code as Excel shows it": (csv_bytes([*TREE, ("1.10116E+11", "西村委会")]), "a.csv", "文本"),
    "a formula": (formula_bytes([*TREE, ("=990101001202", "西村委会")]), "a.xlsx", "公式"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_says_where_and_how_to_mend_it_and_leaves_nothing(what):
    content, name, word = BAD[what]
    run = check(content, name)
    assert run.state == STATE.REFUSED
    assert any(word in reason for _, _, reason in run.refusals)
    with pytest.raises(Conflict, match="有错误"):
        imports.apply(run.pk)
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_at_the_command_ends_with_an_error(what, tmp_path, capsys):
    content, name, word = BAD[what]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_divisions", path)
    assert word in capsys.readouterr().err
    assert stored() == (0, 0, 0)


def test_all_faults_come_at_once_in_the_order_of_the_rows():
    run = check(
        [*TREE, ("99", "甲"), (TREE[4][0], "乙"), ("990101008201", "丙"), ("990101001300", "")]
    )
    assert reasons(run) == [
        (8, "区划代码"),
        (9, "名称"),
        (10, "区划代码"),
        (11, "名称"),
    ]
    assert counts(run) == (6, 0, 0, 4)


def test_a_row_without_a_name_does_not_make_orphans_of_those_below_it():
    run = check([*TREE[:3], (TREE[3][0], ""), *TREE[4:]])
    assert reasons(run) == [(5, "名称")]


def test_only_the_first_faults_are_listed_but_all_are_counted():
    run = check([("12", "甲")] * 300)
    assert len(run.refusals) == 200
    assert run.refused_count == 300


@pytest.mark.parametrize("name", ["a\\b\\村", "100%", "O'村", '"引"村', "㐀𠮷村", "\\N"])
def test_a_name_comes_out_as_it_went_in(name):
    load(TREE)
    imports.apply(check(xlsx_bytes([("990101001202", name)]), "a.xlsx").pk)
    assert Village.objects.get(code="990101001202").name == name


def test_a_name_that_begins_with_an_equals_sign_stays_text():
    load(TREE)
    imports.apply(check(xlsx_bytes([("990101001202", "=一村委会")]), "a.xlsx").pk)
    assert Village.objects.get(code="990101001202").name == "=一村委会"


# --- place ----------------------------------------------------------------------------------------


def test_an_office_loads_only_rows_of_its_own_division():
    office = make_user(Role.OFFICE, make_district())
    make_district("990102")
    run = check([("990101001201", "清泉村委会"), ("990102001201", "他乡村委会")], owner=office)
    assert run.state == STATE.REFUSED
    assert reasons(run) == [(3, "区划代码")]
    assert "范围" in run.refusals[0][2]


def test_the_refusal_does_not_tell_whether_a_unit_elsewhere_exists():
    office = make_user(Role.OFFICE, make_district())
    make_village(make_division("990102001"), "他乡村委会", code="990102001201")
    run = check([("990102001201", "他乡村委会"), ("990102001202", "别村委会")], owner=office)
    first, second = (
        reason.replace("201 ", "").replace("202 ", "") for _, _, reason in run.refusals
    )
    assert first == second


def test_units_above_may_stand_in_the_file_as_they_are_but_not_with_another_name():
    district = make_district()
    office = make_user(Role.OFFICE, district)
    above = [(d.code, d.name) for d in Division.objects.filter(level__lt=3)]
    same = check([*above, ("990101001201", "清泉村委会")], owner=office)
    assert counts(same) == (1, 0, 2, 0)
    other = check([(above[0][0], "别名"), ("990101001201", "清泉村委会")], owner=office)
    assert other.refused_count == 1
    assert "由上级修改" in other.refusals[0][2]


# --- half-done, races, time -----------------------------------------------------------------------


def test_an_import_that_breaks_halfway_leaves_nothing(monkeypatch):
    run = check(TREE)
    monkeypatch.setattr(taking, "_take_changes", _fail)
    with pytest.raises(IntegrityError):
        imports.apply(run.pk)
    assert stored() == (0, 0, 6)
    run.refresh_from_db()
    assert run.state == STATE.READY


def _fail(run):
    raise IntegrityError("torn")


def test_a_check_that_breaks_halfway_leaves_nothing(monkeypatch):
    monkeypatch.setattr(checks, "_check_parents", lambda *_: _fail(None))
    with pytest.raises(IntegrityError):
        check(TREE)
    assert stored() == (0, 0, 0)
    assert not DivisionImport.objects.exists()


def test_of_two_imports_of_the_same_rows_the_second_is_told():
    first, second = check(TREE), check(TREE)
    imports.apply(first.pk)
    with pytest.raises(Conflict, match="改动了同一批"):
        imports.apply(second.pk)
    assert stored()[:2] == (4, 2)


def test_a_name_changed_after_the_preview_is_not_overwritten():
    load(TREE)
    run = check([("990101001201", "甲村委会")])
    load([("990101001201", "乙村委会")])
    with pytest.raises(Conflict, match="改动了同一批"):
        imports.apply(run.pk)
    assert Village.objects.get(code="990101001201").name == "乙村委会"


def test_an_import_is_applied_once():
    run = check(TREE)
    imports.apply(run.pk)
    with pytest.raises(Conflict, match="已经导入过"):
        imports.apply(run.pk)


def test_a_preview_ends_after_a_day_and_its_rows_go(clock):
    run = check(TREE)
    DivisionImport.objects.update(created_at=clock.moment - timedelta(hours=25))
    with pytest.raises(Conflict, match="过期"):
        imports.apply(run.pk)
    other = check(TREE[:1])
    run.refresh_from_db()
    assert run.state == STATE.EXPIRED
    assert set(StagedRow.objects.values_list("run", flat=True)) == {other.pk}


def test_a_file_above_the_limit_is_given_back_untouched():
    with pytest.raises(imports.TooManyRows):
        check(TREE, limit=5)
    assert stored() == (0, 0, 0)
    assert check(TREE, limit=6).state == STATE.READY


# --- the command ----------------------------------------------------------------------------------


def test_the_command_loads_the_district_file(capsys):
    call_command("import_divisions", DISTRICT_FILE)
    assert "新增 341" in capsys.readouterr().out
    assert Village.objects.count() == 321


def test_a_dry_run_shows_and_leaves_nothing(capsys):
    call_command("import_divisions", DISTRICT_FILE, "--dry-run")
    assert "新增 341" in capsys.readouterr().out
    assert stored() == (0, 0, 0)
    assert not DivisionImport.objects.exists()


@pytest.mark.sweep
def test_the_national_file_loads_and_changes_nothing_the_second_time(tmp_path):
    path = national_file(tmp_path)
    rows = 665_271
    for expected in ((rows, 0, 0, 0), (0, 0, rows, 0)):
        with path.open("rb") as content:
            run = imports.check(content, path.name)
        assert counts(run) == expected
        imports.apply(run.pk)
    hanging = Division.objects.filter(level=4, parent__level=2)
    assert hanging.values("parent").distinct().count() == 3
    assert (Division.objects.count(), Village.objects.count()) == (44_699, 620_572)
    assert StagedRow.objects.count() == 0
