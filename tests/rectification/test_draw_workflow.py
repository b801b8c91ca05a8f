"""docs/workflow.md shows every step of every table, as the code has it."""

import pytest
from django.core.management import CommandError, call_command

from accounts.roles import Role
from rectification.choices import CaseStatus
from rectification.forms.acceptance import AcceptanceForm
from rectification.forms.cases import STEP_FORMS
from rectification.forms.plans import DecideForm
from rectification.forms.promises import PromiseStepForm
from rectification.forms.rounds import CloseForm, MidYearForm, OpenForm, ProposeForm
from rectification.forms.screening import ReturnForm, SubmitForm
from rectification.forms.steps import StepForm
from rectification.management.commands import draw_workflow
from rectification.management.commands.draw_workflow import CHARTS, DOCUMENT, arrows, document
from rectification.models import Promise
from rectification.services.acceptance import OPTIONAL_FIELDS, SHEET_FIELDS
from rectification.workflow import STEPS
from rectification.workflow_handovers import HANDOVER_STEPS
from rectification.workflow_problems import PLAN_STEPS, PROBLEM_STEPS, TASK_STEPS
from rectification.workflow_promises import PROMISE_STEPS
from rectification.workflow_rounds import ROUND_STEPS, SUBMISSION_STEPS
from tests.factories import make_user
from tests.rectification.acceptance import make_acceptance
from tests.rectification.factories import make_case, make_problem

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
    who, asks, holds = row.strip("| ").split(" | ")[2:]
    assert who
    assert asks == (step.asks or "–")
    assert len(holds.split("<br>")) == max(len(step.guards), 1)
    assert all(holds.split("<br>"))


def test_a_case_begins_with_its_proposal():
    assert f"    [*] --> {CaseStatus.PROPOSED.value}: 提请认定" in document()
    (row,) = [line for line in document().splitlines() if "提请认定 `propose` |" in line]
    assert row.startswith("| 提请认定 `propose` | – → 待审定 | 组织部经办 |")
    asks, holds = row.strip("| ").split(" | ")[3:]
    assert not missing_in(asks, ProposeForm.base_fields, leave_out={"screening"})
    assert not missing_in(asks, MidYearForm.base_fields, leave_out={"on"})
    for way in ("at most one open case", "that the townships listed", "补充认定", "反弹"):
        assert way in holds


# --- what the forms demand ------------------------------------------------------------------------


def missing_in(asks, fields, *, leave_out=()):
    """The labels of required fields that a row does not name."""
    wanted = {name: str(field.label) for name, field in fields.items() if field.required}
    return [label for name, label in wanted.items() if name not in leave_out and label not in asks]


@pytest.mark.parametrize("action", STEP_FORMS)
@pytest.mark.django_db
def test_a_row_names_each_field_that_the_form_of_a_cases_step_demands(action):
    form = STEP_FORMS[action](case=make_case(), user=make_user(Role.OFFICE))
    assert not missing_in(STEPS[action].asks, form.fields)


def test_every_step_of_a_case_has_a_form_and_says_what_it_demands():
    assert set(STEPS) - {"conclude"} == set(STEP_FORMS)
    assert all(step.asks for step in STEPS.values())


@pytest.mark.django_db
def test_the_row_of_the_conclusion_names_the_sheet_and_the_rules_of_the_ballot():
    asks = STEPS["conclude"].asks
    form = AcceptanceForm(instance=make_acceptance(), user=make_user(Role.OFFICE))
    demanded = {name for name in SHEET_FIELDS if name not in OPTIONAL_FIELDS} | {"team"}
    assert [form[name].label for name in demanded if form[name].label not in asks] == []
    for rule in ("到会率", "有效票数", "党员参加率", "只能比标准得出的更严", "新的整顿期限"):
        assert rule in asks


ITEM_TABLES = (PROBLEM_STEPS, TASK_STEPS, HANDOVER_STEPS)
ITEM_STEPS = [step for table in ITEM_TABLES for step in table.values()]


@pytest.mark.parametrize("step", ITEM_STEPS, ids=lambda step: step.name)
@pytest.mark.django_db
def test_a_row_names_each_field_that_the_step_of_a_problem_or_task_demands(step):
    assert not missing_in(step.asks, StepForm(step, item=make_problem()).fields)


@pytest.mark.parametrize("step", PROMISE_STEPS.values(), ids=lambda step: step.name)
def test_a_row_names_each_field_that_the_step_of_a_promise_demands(step):
    assert not missing_in(step.asks, PromiseStepForm(step, Promise(amount=1)).fields)


@pytest.mark.parametrize(
    ("step", "form"),
    [
        (PLAN_STEPS["approve"], DecideForm),
        (PLAN_STEPS["return"], DecideForm),
        (ROUND_STEPS["open"], OpenForm),
        (ROUND_STEPS["close"], CloseForm),
        (SUBMISSION_STEPS["submit"], SubmitForm),
        (SUBMISSION_STEPS["return"], ReturnForm),
    ],
)
def test_a_row_names_each_field_that_the_form_of_a_plan_round_or_list_demands(step, form):
    assert not missing_in(step.asks, form.base_fields)


def test_a_released_case_that_relapses_stays_released():
    assert arrows(STEPS["relapse"]) == [("transformed", "relapsed"), ("released", "released")]
