"""The form of a step: just the fields its row of the table asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.exceptions import DomainError
from core.forms import ActForm, Form, style_field

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from rectification.querysets import CaseEventQuerySet
    from rectification.workflow_problems import ItemStep


def long_text(label: str, limit: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": 3}), **options
    )


FIELDS: dict[str, Callable[[], forms.Field]] = {
    "evidence": lambda: long_text(
        "解决情况和依据",
        2000,
        help_text="写清结果，以及能说明结果的材料，如会议纪要、公示、交接手续；不要求照片",
    ),
    "on": lambda: forms.DateField(label="日期", initial=clock.today),
    "note": lambda: long_text("说明", 300, required=False),
    "reason": lambda: long_text("原因", 300),
    "decision_no": lambda: forms.CharField(label="区级决定文号", max_length=60),
    "next_on": lambda: forms.DateField(label="下次跟踪日期"),
}


def latest_act(events: CaseEventQuerySet) -> str:
    """Who did what last, in a sentence; empty when nobody did."""
    latest = events.select_related("by").first()
    return f"{latest.by}办理了“{latest.title}”。{latest.note}" if latest else ""


class ItemForm(ActForm):
    """For an act on a problem, a task or a plan: their events tell who was first."""

    def what_happened(self) -> str:
        noun = str(self.item._meta.model_name)
        events = self.item.case.events.filter(action__startswith=f"{noun}_")
        if noun != "plan":  # an event names no plan; a case has one under way
            events = events.filter(**{noun: self.item})
        return latest_act(events) or super().what_happened()


class StepForm(ItemForm):
    """Asks for what a step needs; ``optional`` names fields this row may leave empty."""

    def __init__(
        self, step: ItemStep, *args: Any, optional: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        ask(self, step, optional)

    def clean_on(self) -> date:
        return past(self.cleaned_data["on"])


class PlainStepForm(Form):
    """Asks for what a step needs, for a row that is decided only once."""

    def __init__(self, step: ItemStep, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, step)


def ask(form: forms.BaseForm, step: ItemStep, optional: tuple[str, ...] = ()) -> None:
    """Give a form the fields of a step."""
    for name in step.fields:
        field = form.fields[name] = FIELDS[name]()
        field.required = field.required and name not in optional
        style_field(field)


def beside(check: Callable[..., None], *values: Any) -> None:
    """Ask a rule of the services inside a form, so that its refusal stands beside the field."""
    try:
        check(*values)
    except DomainError as refusal:
        raise forms.ValidationError(refusal.message) from refusal


def past(day: date) -> date:
    """Refuse a day in the future beside its field."""
    if day > clock.today():
        raise forms.ValidationError("日期不能晚于今天")
    return day
