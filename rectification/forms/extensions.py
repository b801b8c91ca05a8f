"""Asking for more time, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.forms import Form
from rectification.deadlines import day_words
from rectification.forms.steps import beside, long_text
from rectification.services.limits import check_extended, check_not_extended

if TYPE_CHECKING:
    from datetime import date

    from rectification.models import Problem, Task


class ExtensionForm(Form):
    """Until when, and why."""

    wanted = forms.DateField(label="延到何日")
    reason = long_text("延期原因", 300, help_text="写清卡在哪里、延期后怎么办")

    def __init__(self, item: Problem | Task, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["wanted"].help_text = f"现在的期限是 {day_words(item.deadline)}"

    def clean_wanted(self) -> date:
        day: date = self.cleaned_data["wanted"]
        beside(check_extended, day, self.item.deadline)
        return day


class DecisionForm(Form):
    """Granted or refused, the latter with its reason."""

    is_granted = forms.TypedChoiceField(
        label="审批结果",
        choices=[("1", "同意延期"), ("0", "不同意")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    note = long_text("审批意见", 300, required=False, help_text="不同意的，写明理由")

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("is_granted") is False and not self.cleaned_data.get("note"):
            self.add_error("note", "不同意的，请写明理由")
        return super().clean()


def not_extended(day: date, former: date | None) -> date:
    """Refuse a later deadline in a form of changes: that is asked for and granted by two people."""
    beside(check_not_extended, day, former)
    return day
