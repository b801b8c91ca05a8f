"""Reading a file of divisions (CSV or Excel): rows checked one by one, every fault in words.

The file holds townships and villages alike; what can be said of a row alone is said here. What
needs the other rows or the database (unit above, code twice) ``villages.imports`` checks.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.excel import MAX_UNPACKED_BYTES, is_safe_xlsx
from divisions.codes import CodeError, read_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CODE_HEADS = {"code", "代码", "区划代码", "统计用区划代码"}
NAME_HEADS = {"name", "名称", "区划名称"}
CODE_HEAD, NAME_HEAD = "区划代码", "名称"
TEMPLATE_COLUMNS = ((CODE_HEAD, 18), (NAME_HEAD, 36))
NAME_LENGTH = 80
MAX_ROWS = 1_000_000
MAX_COLUMNS = 50
CHUNK = 1 << 20
LONGEST_SHOWN = 30

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"
GZIP = b"\x1f\x8b"
WHOLE_FLOAT = re.compile(r"(\d{12})\.0+", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SAVE_AGAIN = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"

# What openpyxl lets out when the inside of a workbook is not what it should be.
BROKEN_WORKBOOK = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
)


class Refusal(NamedTuple):
    """One fault: where it stands in the file (row 0: the file as a whole) and how to mend it."""

    row: int
    column: str
    reason: str


class UnreadableFile(Exception):
    """The file as a whole cannot be taken; the message says why, in Chinese."""

    def __init__(self, reason: str, row: int = 0) -> None:
        super().__init__(reason)
        self.refusal = Refusal(row, "", reason)


class Row(NamedTuple):
    """One checked row; ``code`` is empty when it could not be read."""

    number: int
    code: str
    name: str
    level: int
    parent: str
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell whose content cannot be taken as it is."""

    reason: str


@dataclass
class DivisionFile:
    """An open file: its rows can be walked once; ``total`` guesses their number (0: unknown)."""

    rows: Iterator[Row]
    total: int
    notices: list[str] = field(default_factory=list)


Cells = list[Any]


@contextmanager
def open_divisions(content: BinaryIO, name: str) -> Iterator[DivisionFile]:
    """Open a .csv, .csv.gz or .xlsx file, or raise UnreadableFile (also when rows are walked)."""
    magic = content.read(4)
    content.seek(0)
    if not magic:
        raise UnreadableFile("文件是空的，请选择有内容的文件")
    lower = name.lower()
    if lower.endswith(".xlsx"):
        with _open_xlsx(content, magic) as opened:
            yield opened
    elif lower.endswith((".csv", ".csv.gz")):
        yield _open_csv(content, magic)
    else:
        raise UnreadableFile(f"文件“{name}”的类型不能导入，只接受 .xlsx、.csv 和 .csv.gz")


# CSV


def _open_csv(content: BinaryIO, magic: bytes) -> DivisionFile:
    if magic.startswith((ZIP, OLD_EXCEL)):
        raise UnreadableFile(
            "文件的扩展名是 .csv，内容却是 Excel 工作簿，请把扩展名改为 .xlsx 再上传"
        )
    stream: Any = gzip.GzipFile(fileobj=content) if magic.startswith(GZIP) else content
    encoding, lines = _sniff(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding, newline="")
    return _checked(_csv_rows(text), total=max(lines - 1, 0))


def _csv_rows(text: io.TextIOWrapper) -> Iterator[Cells]:
    rows = csv.reader(text)
    try:
        yield from rows
    except csv.Error as error:
        raise UnreadableFile(
            f"第 {rows.line_num} 行附近的引号或换行不合 CSV 格式，{SAVE_AGAIN}", rows.line_num
        ) from error
    finally:
        text.detach()


def _sniff(stream: BinaryIO) -> tuple[str, int]:
    """Tell the encoding of a text file and count its lines, without holding it in memory."""
    for encoding in ("utf-8-sig", "gb18030"):
        stream.seek(0)
        try:
            return encoding, _count_lines(stream, codecs.getincrementaldecoder(encoding)())
        except UnicodeDecodeError:
            continue
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile("压缩文件已损坏，请重新压缩或直接上传 .csv 文件") from error
    raise UnreadableFile(f"文件不是 UTF-8 或 GB18030 编码的文本，{SAVE_AGAIN}")


def _count_lines(stream: BinaryIO, decoder: codecs.IncrementalDecoder) -> int:
    lines = size = 0
    last = b"\n"
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > MAX_UNPACKED_BYTES:
            raise UnreadableFile("文件解开后超过 400 MB，请分省或分市导入")
        if b"\0" in chunk:
            raise UnreadableFile(f"文件不是 UTF-8 或 GB18030 编码的文本，{SAVE_AGAIN}")
        decoder.decode(chunk)
        lines += chunk.count(b"\n")
        last = chunk[-1:]
    decoder.decode(b"", final=True)
    return lines + (last != b"\n")


# Excel


@contextmanager
def _open_xlsx(content: BinaryIO, magic: bytes) -> Iterator[DivisionFile]:
    if magic == OLD_EXCEL:
        raise UnreadableFile(f"这是旧版 Excel（.xls）或加了密码的文件，{SAVE_AGAIN}")
    if not magic.startswith(ZIP) or not is_safe_xlsx(content):
        raise UnreadableFile(
            f"文件的扩展名是 .xlsx，内容却不是 Excel 工作簿（或大得不正常），{SAVE_AGAIN}"
        )
    try:
        book = load_workbook(content, read_only=True)
        sheet = book.worksheets[0]
    except BROKEN_WORKBOOK as error:
        raise UnreadableFile(f"Excel 工作簿已损坏，{SAVE_AGAIN}") from error
    total = (sheet.max_row or 1) - 1
    sheet.reset_dimensions()  # a wrong <dimension> would silently cut the rows
    try:
        opened = _checked(_xlsx_rows(sheet), total=total)
        if len(book.worksheets) > 1:
            opened.notices.append(f"工作簿有多个工作表，只读取了第一个“{sheet.title}”")
        yield opened
    finally:
        book.close()


def _xlsx_rows(sheet: Any) -> Iterator[Cells]:
    try:
        for row in sheet.iter_rows(max_col=MAX_COLUMNS):
            yield [_cell_text(cell) for cell in row]
    except BROKEN_WORKBOOK as error:
        raise UnreadableFile(f"Excel 工作簿已损坏，{SAVE_AGAIN}") from error


def _cell_text(cell: Any) -> str | CellFault:
    """A cell as text: whole numbers as their digits, text as it stands, formulas refused."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return CellFault("单元格是公式，请复制该列后“选择性粘贴—数值”再上传")
    if cell.data_type == "e":
        return CellFault(f"单元格是错误值 {value}，请改正")
    if cell.data_type == "n":
        return f"{value:.0f}" if float(value).is_integer() else str(value)
    if cell.data_type == "s":
        return str(value)
    return CellFault("单元格是日期或逻辑值，请把该列设为“文本”格式后重新填写")


# Both


def _checked(rows: Iterator[Cells], total: int) -> DivisionFile:
    """Read the head now, check the rows when they are walked."""
    head = next(rows, None)
    if head is None:
        raise UnreadableFile("文件是空的，请选择有内容的文件")
    code_at, name_at, extra = _columns(head)
    notices = []
    if extra:
        notices.append(f"多出的列不导入：{'、'.join(extra)}")
    return DivisionFile(_check_rows(rows, code_at, name_at), total, notices)


def _columns(head: Cells) -> tuple[int, int, list[str]]:
    """Find the two columns by their heads; name what else there is."""
    heads = [cell.strip() if isinstance(cell, str) else "（公式）" for cell in head]
    codes = [at for at, text in enumerate(heads) if text.lower() in CODE_HEADS]
    names = [at for at, text in enumerate(heads) if text.lower() in NAME_HEADS]
    if len(codes) == 1 and len(names) == 1:
        known = {codes[0], names[0]}
        return codes[0], names[0], [t for at, t in enumerate(heads) if t and at not in known]
    shown = "、".join(f"“{text[:20]}”" for text in heads if text) or "空白"
    raise UnreadableFile(
        f"第 1 行应当是表头，并且恰有“{CODE_HEAD}”和“{NAME_HEAD}”各一列"
        f"（也可写 code、name），现在第 1 行是：{shown}。请照模板改好表头再上传",
        1,
    )


def _check_rows(rows: Iterable[Cells], code_at: int, name_at: int) -> Iterator[Row]:
    seen = 0
    for number, cells in enumerate(rows, start=2):
        if not any(cells):
            continue
        seen += 1
        if seen > MAX_ROWS:
            raise UnreadableFile(f"文件超过 {MAX_ROWS:,} 行，请分省或分市导入")
        yield check_row(number, _at(cells, code_at), _at(cells, name_at))
    if not seen:
        raise UnreadableFile("文件只有表头，没有数据行，请从第 2 行起填写区划代码和名称")


def _at(cells: Sequence[Any], index: int) -> str | CellFault:
    return cells[index] if index < len(cells) else ""


def check_row(number: int, raw_code: str | CellFault, raw_name: str | CellFault) -> Row:
    """Check what one row says by itself; all of its faults at once."""
    refusals: list[Refusal] = []
    code, level, parent = "", 0, ""
    try:
        info = read_code(_code_text(raw_code))
        code, level, parent = info.code, int(info.level), info.parent
    except CodeError as error:
        refusals.append(Refusal(number, CODE_HEAD, str(error)))
    name = raw_name.strip() if isinstance(raw_name, str) else ""
    if fault := _name_fault(raw_name, name):
        refusals.append(Refusal(number, NAME_HEAD, fault))
        name = ""
    return Row(number, code, name, level, parent, tuple(refusals))


def _code_text(raw: str | CellFault) -> str:
    if isinstance(raw, CellFault):
        raise CodeError(raw.reason)
    text = raw.strip()
    if not text:
        raise CodeError("代码为空，请填写 12 位代码")
    if len(text) > LONGEST_SHOWN:
        raise CodeError(f"代码“{text[:12]}……”有 {len(text)} 位，应为 12 位，请改正")
    whole = WHOLE_FLOAT.fullmatch(text)
    return whole[1] if whole else text


def _name_fault(raw: str | CellFault, name: str) -> str:
    """Say what is wrong with a name, or nothing."""
    if isinstance(raw, CellFault):
        return raw.reason
    if not name:
        return "名称为空，请填写"
    if len(name) > NAME_LENGTH:
        return f"名称有 {len(name)} 个字，最多 {NAME_LENGTH} 个字"
    if CONTROL.search(name):
        return "名称中有换行或不可见字符，请删去后重新填写"
    return ""
