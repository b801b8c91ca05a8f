"""阶段评估: date, meeting, result and grounds."""

from __future__ import annotations

from typing import Any

from django import forms

from core import clock
from core.forms import ModelForm
from rectification.choices import Progress
from rectification.models import StageAssessment


class AssessmentForm(ModelForm):
    """An assessment is made once and never edited: a later one takes its place."""

    class Meta:
        model = StageAssessment
        fields = ("assessed_on", "meeting", "result", "grounds")
        widgets = {"grounds": forms.Textarea(attrs={"rows": 6}), "result": forms.RadioSelect}
        help_texts = {
            "meeting": "如“区整顿工作调度会”",
            "grounds": "只有本区组织部、乡镇和本区领导能看到",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = Progress.choices  # type: ignore[attr-defined]
        self.fields["assessed_on"].initial = clock.today()
