"""The plan as a Word file: the headings of its form, the fonts of official papers, the lists."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from accounts.roles import Role
from core import clock
from core.word import Paper
from rectification.choices import CaseStatus
from tests.factories import make_user
from tests.rectification.factories import (
    holder_of,
    make_assignment,
    make_cadre,
    make_case,
    make_milestone,
    make_plan,
    make_problem,
    make_slot,
    make_task,
)

pytestmark = pytest.mark.django_db

HEADINGS = [
    "一、基本情况",
    "二、存在问题及原因",
    "三、整顿目标",
    "四、整顿措施",
    "五、时间安排",
    "六、组织保障",
]


@pytest.fixture
def plan():
    case = make_case(status=CaseStatus.DESIGNATED)
    make_assignment(case, make_slot(case.round.standard), make_cadre())
    make_milestone(case, "plan_approved", days=30)
    problem = make_problem(case, title="账目不公开")
    make_task(problem, measure="请镇纪委核账", result_wanted="公开三年收支")
    return make_plan(case)


def downloaded(client, plan, user=None):
    client.force_login(user or holder_of(plan.case))
    response = client.get(reverse("rectification:plan_document", args=[plan.pk]))
    assert response.status_code == 200
    return response


def opened(content):
    return Document(io.BytesIO(content))


def texts(document):
    return [line.text for line in document.paragraphs]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def fonts(line):
    return {run._element.rPr.rFonts.get(qn("w:eastAsia")) for run in line.runs}


def test_question_14_the_plan_has_the_six_headings_of_its_form_in_order(client, plan):
    document = opened(downloaded(client, plan).content)
    headings = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]
    assert headings == HEADINGS


def test_question_14_the_three_lists_are_tables_that_carry_the_records(client, plan):
    document = opened(downloaded(client, plan).content)
    assert {"问题清单", "任务清单", "责任清单"} <= set(texts(document))
    measures, schedule, problems, tasks, duties = map(cells, document.tables)
    assert measures[1][1:4] == ["问题 1", "请镇纪委核账", "公开三年收支"]
    assert schedule[1][1] == "认定后第 30 天"
    assert problems[1][1] == "账目不公开"
    assert tasks[1][1] == "1. 账目不公开"
    assert duties[1][2:5] == ["王工作", "乡镇党委", "组织委员"]


def test_question_14_page_and_fonts_are_those_of_official_papers(client, plan):
    document = opened(downloaded(client, plan).content)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert section.page_width - section.left_margin - section.right_margin == pytest.approx(
        Mm(156), abs=Mm(0.1)
    )
    by_text = {line.text: line for line in document.paragraphs}
    title = document.paragraphs[0]
    assert (fonts(title), title.runs[0].font.size.pt) == ({"方正小标宋简体"}, 22)
    assert fonts(by_text["一、基本情况"]) == {"黑体"}
    assert fonts(by_text["年底前恢复“四议两公开”"]) == {"仿宋_GB2312"}
    normal = document.styles["Normal"]
    assert (normal.font.size.pt, normal.paragraph_format.line_spacing.pt) == (16, 28.95)


def test_question_14_each_font_names_one_that_stands_in_for_it(client, plan):
    content = downloaded(client, plan).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        table = archive.read("word/fontTable.xml").decode()
        assert archive.namelist().count("word/fontTable.xml") == 1
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in table


def test_question_14_pages_are_numbered_outside_and_the_data_has_its_time(client, plan):
    document = opened(downloaded(client, plan).content)
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer._element.xml
        assert footer.paragraphs[0].text == "—  —"
    assert document.settings.odd_and_even_pages_header_footer
    assert any(line.startswith("数据时间：") for line in texts(document))


def test_question_14_wide_lists_lie_and_their_heads_stand_on_each_page(client, plan):
    document = opened(downloaded(client, plan).content)
    assert round(document.sections[1].page_width.mm) == 297
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_file_has_a_chinese_name_and_the_type_of_word(client, plan):
    response = downloaded(client, plan)
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert "docx" in response["Content-Disposition"]
    assert "utf-8" in response["Content-Disposition"]


def test_the_page_offers_the_file_and_shows_the_days_from_the_designation(client, plan):
    client.force_login(holder_of(plan.case))
    page = client.get(plan.get_absolute_url()).content.decode()
    assert reverse("rectification:plan_document", args=[plan.pk]) in page
    assert "认定后第 30 天" in page
    for heading in HEADINGS:
        assert heading in page


def test_the_file_is_written_for_a_helper_of_the_case_too(client, plan):
    helper = make_user(Role.HELPER, plan.case.round.district)
    cadre = make_cadre(plan.case.round.district, account=helper)
    slot = make_slot(plan.case.round.standard, "partner", number=4)
    make_assignment(plan.case, slot, cadre)
    assert texts(opened(downloaded(client, plan, helper).content))


def test_the_file_costs_the_same_for_2_problems_and_for_15(client, plan, queries_of):
    client.force_login(holder_of(plan.case))
    address = reverse("rectification:plan_document", args=[plan.pk])
    costs = []
    for rows in (2, 13):
        for _ in range(rows):
            make_task(make_problem(plan.case))
        costs.append(queries_of(client, address))
    assert costs[0] == costs[1] <= 16


def test_text_from_elsewhere_with_control_characters_is_still_a_paper():
    paper = Paper("试")
    paper.text("甲\x07乙\x00　丙")
    paper.table([("问题", 1)], [["丁\x01"]])
    assert texts(opened(paper.content()))[0] == "甲乙　丙"


def test_a_late_clock_shows_in_the_data_time(client, plan):
    with clock.set_to(clock.today() + timedelta(days=3)):
        words = texts(opened(downloaded(client, plan).content))
        today = clock.today()
    assert any(f"{today:%Y年%-m月%-d日}" in line for line in words if "数据时间" in line)
