"""docs/workflow.md shows every step of every table, as the code has it."""

import pytest
from django.core.management import CommandError, call_command

from rectification.choices import CaseStatus
from rectification.management.commands import draw_workflow
from rectification.management.commands.draw_workflow import CHARTS, DOCUMENT, arrows, document
from rectification.workflow import STEPS

ALL_STEPS = [(chart, step) for chart in CHARTS for step in chart.steps.values()]
EACH_STEP = pytest.mark.parametrize(
    ("chart", "step"), ALL_STEPS, ids=[f"{c.title.split()[-1]}-{s.action}" for c, s in ALL_STEPS]
)


def test_the_document_is_up_to_date():
    call_command("draw_workflow", "--check")


@EACH_STEP
def test_a_document_without_a_step_is_refused(chart, step, tmp_path, monkeypatch):
    kept = [line for line in document().splitlines() if f"{step.name} `{step.action}`" not in line]
    old = tmp_path / "workflow.md"
    old.write_text("\n".join(kept) + "\n", encoding="utf-8")
    monkeypatch.setattr(draw_workflow, "DOCUMENT", old)
    with pytest.raises(CommandError, match=r"不一致，请执行.*manage draw_workflow"):
        call_command("draw_workflow", "--check")


def test_a_step_missing_in_the_code_is_noticed(monkeypatch):
    monkeypatch.delitem(STEPS, "extend")
    with pytest.raises(CommandError):
        call_command("draw_workflow", "--check")


def test_a_missing_document_is_noticed_and_then_written(tmp_path, monkeypatch):
    monkeypatch.setattr(draw_workflow, "DOCUMENT", tmp_path / "docs" / "workflow.md")
    with pytest.raises(CommandError):
        call_command("draw_workflow", "--check")
    call_command("draw_workflow")
    call_command("draw_workflow", "--check")


@EACH_STEP
def test_each_step_stands_in_picture_and_table_with_who_and_what_holds(chart, step):
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = lines.index(f"## {chart.title}")
    part = lines[
        start : next((n for n in range(start + 1, len(lines)) if lines[n][:3] == "## "), None)
    ]
    for source, target in arrows(step):
        assert f"    {source} --> {target}: {step.name}" in part
    (row,) = [line for line in part if f"`{step.action}`" in line and step.name in line]
    who, holds = row.strip("| ").split(" | ")[2:]
    assert who
    assert len(holds.split("<br>")) == max(len(step.guards), 1)
    assert all(holds.split("<br>"))


def test_a_case_begins_with_its_proposal():
    assert f"    [*] --> {CaseStatus.PROPOSED.value}: 提请认定" in document()
    assert "| 提请认定 `propose` | – → 待审定 | 组织部经办 |" in document()


def test_a_released_case_that_relapses_stays_released():
    assert arrows(STEPS["relapse"]) == [("transformed", "relapsed"), ("released", "released")]
