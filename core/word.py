"""Official papers as Word files: page, fonts and headings as GB/T 9704-2012 sets them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

LATIN = "Times New Roman"
TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEADING_FONT = "黑体"
SECOND_FONT = "楷体_GB2312"
NUMBER_FONT = "宋体"
# What Word and WPS take where the first font is not installed.
FALLBACKS = {
    TITLE_FONT: "小标宋,宋体",
    BODY_FONT: "仿宋",
    SECOND_FONT: "楷体",
    HEADING_FONT: "SimHei",
    NUMBER_FONT: "SimSun",
}
# 二号, 三号, 四号, and 小四 for tables.
TITLE_SIZE, BODY_SIZE, NUMBER_SIZE, TABLE_SIZE = Pt(22), Pt(16), Pt(14), Pt(12)
# 22 lines on 225 mm.
LINE, TABLE_LINE = Pt(28.95), Pt(17)
# Top, bottom, left, right: the type area is 156 mm by 225 mm.
MARGINS = (Mm(37), Mm(35), Mm(28), Mm(26))
WIDTH_MM, LANDSCAPE_MM = 156, 225

NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ALIGN = WD_ALIGN_PARAGRAPH


class Paper:
    """A paper written from the top: title, headings, text, tables."""

    def __init__(self, title: str) -> None:
        self._document = Document()
        self._document.core_properties.title = title
        self._document.core_properties.author = ""
        self._document.core_properties.comments = ""
        self._document.settings.odd_and_even_pages_header_footer = True
        self._width = WIDTH_MM
        _style(self._document.styles["Normal"], BODY_FONT)
        _style(self._document.styles["Heading 1"], HEADING_FONT)
        _style(self._document.styles["Heading 2"], SECOND_FONT)
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        _set_margins(section, MARGINS)
        _number_pages(section)
        _name_fallbacks(self._document)

    def title(self, text: str) -> None:
        line = self._line("Normal", text, TITLE_FONT, align=ALIGN.CENTER)
        line.paragraph_format.line_spacing = Pt(36)
        line.runs[0].font.size = TITLE_SIZE

    def subtitle(self, text: str) -> None:
        """A line in brackets under the title."""
        self._line("Normal", text, SECOND_FONT, align=ALIGN.CENTER)
        self._document.add_paragraph()

    def heading(self, text: str) -> None:
        """一、"""
        _indent(self._line("Heading 1", text, HEADING_FONT))

    def second_heading(self, text: str) -> None:
        """（一）"""
        _indent(self._line("Heading 2", text, SECOND_FONT))

    def text(self, text: str) -> None:
        """Paragraphs, one for each line of the text."""
        for words in filter(None, map(str.strip, text.splitlines())):
            _indent(self._line("Normal", words, BODY_FONT, align=ALIGN.JUSTIFY))

    def signature(self, *lines: str) -> None:
        """Who and when, at the right below the text."""
        self._document.add_paragraph()
        for words in lines:
            line = self._line("Normal", words, BODY_FONT, align=ALIGN.RIGHT)
            line.paragraph_format.right_indent = BODY_SIZE * 2

    def note(self, text: str) -> None:
        """A small line."""
        line = self._line("Normal", text, BODY_FONT)
        line.paragraph_format.line_spacing = TABLE_LINE
        line.runs[0].font.size = TABLE_SIZE

    def annex(self, number: str, title: str) -> None:
        """附件: its number at the left, its title in the middle, both kept with what follows."""
        top = self._line("Normal", number, HEADING_FONT)
        head = self._line("Normal", title, TITLE_FONT, align=ALIGN.CENTER)
        for line in (top, head):
            line.paragraph_format.keep_with_next = True

    def landscape(self) -> None:
        """Go on on pages that lie, for wide tables."""
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        top, bottom, left, right = MARGINS
        _set_margins(section, (left, right, bottom, top))
        self._width = LANDSCAPE_MM

    def table(self, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> None:
        """``columns`` are (head, share of the width); the head row stands on each page."""
        table = self._document.add_table(rows=1, cols=len(columns), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for (head, _), cell in zip(columns, table.rows[0].cells, strict=True):
            _fill(cell, head, HEADING_FONT, ALIGN.CENTER)
        _mark_row(table.rows[0], "w:tblHeader", "w:cantSplit")
        for row in rows:
            added = table.add_row()
            _mark_row(added, "w:cantSplit")
            for value, cell in zip(row, added.cells, strict=True):
                _fill(cell, "" if value is None else str(value), BODY_FONT)
        shares = sum(share for _, share in columns)
        for place, (_, share) in enumerate(columns):
            width = Mm(self._width * share / shares)
            table.columns[place].width = width
            for cell in table.columns[place].cells:
                cell.width = width
        self._document.add_paragraph().paragraph_format.line_spacing = TABLE_LINE

    def content(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _line(
        self, style: str, text: str, font: str, align: WD_ALIGN_PARAGRAPH | None = None
    ) -> Paragraph:
        line = self._document.add_paragraph(style=style)
        line.alignment = align  # type: ignore[assignment]
        _set_font(line.add_run(_printable(text)), font)
        return line


def docx_response(filename: str, content: bytes) -> HttpResponse:
    """Send a paper as a download under a Chinese name."""
    response = HttpResponse(content, content_type=DOCX)
    header = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = header or "attachment"
    return response


def _printable(text: str) -> str:
    """Leave out the characters that XML does not know."""
    return NOT_XML.sub("", text)


def _style(style: ParagraphStyle, font: str) -> None:
    """Give a style its fonts, black, without the spacing of the ready-made ones."""
    style.font.size = BODY_SIZE
    style.font.bold = False
    color = style.element.get_or_add_rPr().find(qn("w:color"))
    if color is not None:
        style.element.get_or_add_rPr().remove(color)
    _set_fonts(style.element.get_or_add_rPr().get_or_add_rFonts(), font)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = LINE


def _set_font(run: Run, font: str) -> None:
    _set_fonts(run._element.get_or_add_rPr().get_or_add_rFonts(), font)


def _set_fonts(fonts: Any, font: str) -> None:
    """Chinese in one font, Latin letters and figures in another; no font of the theme."""
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), LATIN)
    fonts.set(qn("w:eastAsia"), font)


def _indent(line: Paragraph) -> None:
    """Begin two characters further in, whatever the font."""
    indent = line._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(int(BODY_SIZE.pt * 2 * 20)))


def _set_margins(section: Section, margins: Sequence[Any]) -> None:
    top, bottom, left, right = margins
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right
    section.footer_distance = Mm(25)


def _number_pages(section: Section) -> None:
    """— 1 — outside: odd pages at the right, even ones at the left, one character in."""
    for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = NUMBER_SIZE
        run = line.add_run("— ")
        _add_page_field(run)
        run.add_text(" —")
        run.font.size = NUMBER_SIZE
        _set_font(run, NUMBER_FONT)


def _add_page_field(run: Run) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = "PAGE"
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)


def _fill(cell: _Cell, text: str, font: str, align: WD_ALIGN_PARAGRAPH | None = None) -> None:
    line = cell.paragraphs[0]
    line.alignment = align
    line.paragraph_format.line_spacing = TABLE_LINE
    run = line.add_run(_printable(text))
    run.font.size = TABLE_SIZE
    _set_font(run, font)


def _mark_row(row: Any, *marks: str) -> None:
    """``w:tblHeader``: repeated on each page; ``w:cantSplit``: never across two pages."""
    for mark in marks:
        row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _name_fallbacks(document: Any) -> None:
    """Write the table of fonts with what stands in for each."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    content = f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'
    part = document.part
    for key, relation in list(part.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            part.drop_rel(key)
    table = Part(
        PackURI("/word/fontTable.xml"),
        CONTENT_TYPE.WML_FONT_TABLE,
        content.encode(),
        part.package,
    )
    part.relate_to(table, RELATIONSHIP_TYPE.FONT_TABLE)
