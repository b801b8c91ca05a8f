"""Forms of the screening: one village's result, a township's list going up or back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import ActForm, VersionedModelForm
from rectification.choices import ScreeningOutcome
from rectification.forms.steps import long_text, past
from rectification.guards_rounds import reason_owed
from rectification.models import Category, Screening
from rectification.models.standards import Criterion

if TYPE_CHECKING:
    from datetime import date

CHOICES = [
    (outcome.value, outcome.label)
    for outcome in (ScreeningOutcome.LISTED, ScreeningOutcome.NOT_LISTED)
]


def criterion_words(criterion: Criterion) -> str:
    """A criterion as the form shows it: the direct ones say so."""
    mark = "（直接认定）" if criterion.kind == Criterion.Kind.DIRECT else ""
    return f"{criterion.number}. {criterion.text}{mark}"


class ScreeningForm(VersionedModelForm):
    """One village's result: what applies first, then the outcome and, where it is owed, why."""

    outcome = forms.ChoiceField(
        label="排查结果",
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择列入或不列入"},
    )

    class Meta:
        model = Screening
        fields = ["criteria_hit", "outcome", "main_category", "further_categories", "reason"]
        labels = {"criteria_hit": "符合哪些认定条件"}
        help_texts = {
            "criteria_hit": "没有符合的就不勾；直接认定条件一般应当列入",
            "main_category": "拟列入的村选一个主要类型",
            "further_categories": "可以多选",
            "reason": "符合直接认定条件而不列入，或者没有直接认定条件而列入的，写明理由",
        }
        widgets = {
            "criteria_hit": forms.CheckboxSelectMultiple,
            "further_categories": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        criteria: Any = self.fields["criteria_hit"]
        criteria.queryset = Criterion.objects.filter(standard_id=self.instance.round.standard_id)
        criteria.label_from_instance = criterion_words
        for name in ("main_category", "further_categories"):
            field: Any = self.fields[name]
            field.queryset = Category.objects.order_by("code")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        outcome = data.get("outcome", "")
        if outcome == ScreeningOutcome.LISTED and not data.get("main_category"):
            self.add_error("main_category", "拟列入的村要选定主要类型")
        if outcome == ScreeningOutcome.NOT_LISTED:
            data["main_category"] = None
            data["further_categories"] = Category.objects.none()
        owed = reason_owed(outcome, data.get("criteria_hit", ()))
        if owed and not (data.get("reason") or "").strip() and "reason" not in self.errors:
            self.add_error("reason", owed)
        return data


class SubmitForm(ActForm):
    """The township meeting that agreed on the list."""

    meeting_on = forms.DateField(label="乡镇党委会日期", initial=clock.today)
    note = long_text("说明", 1000, required=False)

    def clean_meeting_on(self) -> date:
        return past(self.cleaned_data["meeting_on"])


class ReturnForm(ActForm):
    """Why a list goes back."""

    reason = long_text("退回原因", 500, help_text="写清要改什么，乡镇会在报送页看到")
