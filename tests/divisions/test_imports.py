"""Reading a file of divisions: every format in, every fault named with its row."""

import gzip
import io
import re
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from divisions.imports import UnreadableFile, open_divisions

ROWS = [("990101001201", "清泉村委会"), ("990101001202", "=一加一村委会")]


def read(content, name="区划.csv"):
    """Return rows and notices of a file given as bytes."""
    with open_divisions(io.BytesIO(content), name) as opened:
        return list(opened.rows), opened.notices


def csv_bytes(rows, head="code,name", encoding="utf-8", end="\r\n"):
    return end.join([head, *(",".join(row) for row in rows), ""]).encode(encoding)


def xlsx_bytes(rows, head=("区划代码", "名称")):
    """Write rows as a person's workbook: numbers stay numbers, text stays text."""
    book = Workbook()
    sheet = book.active
    for at, row in enumerate([head, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            cell.value = value
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def formula_bytes(rows):
    book = Workbook()
    for row in [("区划代码", "名称"), *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pairs(rows):
    return [(row.code, row.name) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["code,name", "代码,名称", "区划代码,名称", " Code , Name "])
def test_csv_of_every_usual_kind_is_read(encoding, end, head):
    rows, notices = read(csv_bytes(ROWS, head, encoding, end))
    assert pairs(rows) == ROWS
    assert not notices
    assert [row.number for row in rows] == [2, 3]


def test_a_compressed_csv_is_read():
    rows, _ = read(gzip.compress(csv_bytes(ROWS)), "区划.csv.gz")
    assert pairs(rows) == ROWS


def test_a_workbook_is_read_and_a_name_that_begins_with_an_equals_sign_stays_text():
    rows, _ = read(xlsx_bytes(ROWS), "区划.xlsx")
    assert pairs(rows) == ROWS


@pytest.mark.parametrize("code", [990101001201, 990101001201.0, "990101001201", " 990101001201　"])
def test_a_code_stored_as_a_whole_number_is_read_as_its_digits(code):
    rows, _ = read(xlsx_bytes([(code, "清泉村委会")]), "区划.xlsx")
    assert pairs(rows) == [("990101001201", "清泉村委会")]


def test_a_code_written_with_a_decimal_point_by_another_program_is_read():
    rows, _ = read(csv_bytes([("990101001201.0", "清泉村委会")]))
    assert pairs(rows) == [("990101001201", "清泉村委会")]


def test_columns_may_stand_in_any_order_and_extra_ones_are_named():
    rows, notices = read(csv_bytes([("甲", "清泉村委会", "990101001201")], "备注,名称,代码"))
    assert pairs(rows) == [("990101001201", "清泉村委会")]
    assert notices == ["多出的列不导入：备注"]


def test_blank_rows_are_passed_over_and_rows_keep_their_numbers():
    content = "code,name\n\n990101001201,清泉村委会\n,\n990101001202,甘泉村委会\n".encode()
    rows, _ = read(content)
    assert [row.number for row in rows] == [3, 5]


def test_a_row_tells_all_of_its_faults_at_once():
    rows, _ = read(csv_bytes([("12345", "")]))
    assert [refusal.column for refusal in rows[0].refusals] == ["区划代码", "名称"]
    assert all(refusal.row == 2 for refusal in rows[0].refusals)


@pytest.mark.parametrize("rows", [[("=990101001200+1", "清泉村委会")], [(990101001201, '="清泉"')]])
def test_a_formula_cell_is_refused(rows):
    (row,), _ = read(formula_bytes(rows), "区划.xlsx")
    assert "公式" in row.refusals[0].reason


@pytest.mark.parametrize(
    ("name", "word"),
    [("村" * 81, "最多 80"), ('"清\n泉"', "不可见字符"), ("　", "名称为空")],
)
def test_a_name_that_cannot_be_one_is_refused(name, word):
    (row,), _ = read(csv_bytes([("990101001201", name)], end="\n"))
    assert word in row.refusals[0].reason


BROKEN = {
    "nothing in it": (b"", "a.csv", "空的"),
    "only a head": (b"code,name\n", "a.csv", "只有表头"),
    "only a head in a workbook": (xlsx_bytes([]), "a.xlsx", "只有表头"),
    "no head": (csv_bytes(ROWS, "990101001200,西村委会"), "a.csv", "第 1 行应当是表头"),
    "wrong columns": (csv_bytes(ROWS, "编号,村名"), "a.csv", "编号"),
    "a column twice": (csv_bytes([("1", "2", "3")], "代码,名称,名称"), "a.csv", "各一列"),
    "semicolons": (b"code;name\n990101001201;x\n", "a.csv", "code;name"),
    "text called xlsx": (csv_bytes(ROWS), "a.xlsx", "不是 Excel 工作簿"),
    "a workbook called csv": (xlsx_bytes(ROWS), "a.csv", "改为 .xlsx"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xlsx", "旧版 Excel"),
    "a broken zip": (xlsx_bytes(ROWS)[:600], "a.xlsx", "不是 Excel 工作簿"),
    "another kind of file": (b"%PDF-1.7", "a.pdf", "只接受"),
    "UTF-16": ("code,name\n".encode("utf-16"), "a.csv", "UTF-8 或 GB18030"),
    "a picture": (b"\x89PNG\xff\xfe\xfd", "a.csv", "UTF-8 或 GB18030"),
    "half a gzip": (gzip.compress(csv_bytes(ROWS * 99))[:60], "a.csv.gz", "压缩文件已损坏"),
    "a huge field": (b'code,name\n990101001201,"' + b"x" * 200_000, "a.csv", "CSV 格式"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_cannot_be_taken_says_why(what):
    content, name, word = BROKEN[what]
    with pytest.raises(UnreadableFile, match=word):
        read(content, name)


def rezip(content, change):
    """Return a workbook with its parts changed by ``change(name, bytes)``."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableFile, match="已损坏"):
        read(out.getvalue(), "a.xlsx")


def test_a_workbook_with_torn_insides_is_refused():
    torn = rezip(xlsx_bytes(ROWS), lambda name, b: b[: len(b) // 2] if "sheet1" in name else b)
    with pytest.raises(UnreadableFile, match="已损坏"):
        read(torn, "a.xlsx")


def test_a_wrong_dimension_in_a_workbook_does_not_cut_rows():
    wrong = re.compile(rb'<dimension ref="[^"]+"')
    content = rezip(xlsx_bytes(ROWS), lambda name, b: wrong.sub(b'<dimension ref="A1"', b))
    rows, _ = read(content, "a.xlsx")
    assert pairs(rows) == ROWS


def test_a_workbook_that_unpacks_to_a_giant_is_not_opened(monkeypatch):
    monkeypatch.setattr("core.excel.MAX_UNPACKED_BYTES", 1 << 20)
    bomb = rezip(xlsx_bytes(ROWS), lambda name, b: b + bytes(2 << 20) if "sheet1" in name else b)
    with pytest.raises(UnreadableFile, match="大得不正常"):
        read(bomb, "a.xlsx")


def test_a_text_that_unpacks_to_a_giant_is_not_read(monkeypatch):
    monkeypatch.setattr("divisions.imports.MAX_UNPACKED_BYTES", 1 << 20)
    with pytest.raises(UnreadableFile, match="分省"):
        read(gzip.compress(b"1" * (2 << 20)), "a.csv.gz")
