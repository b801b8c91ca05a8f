"""Look-backs, and signals of relapse."""

from __future__ import annotations

from typing import Any

from django import forms

from core import clock
from core.forms import Form, ModelForm, VersionedModelForm
from rectification.choices import SignalKind
from rectification.models import FollowUp, RelapseSignal


class FollowUpForm(VersionedModelForm):
    """When it was done, whether the village holds, and what was found."""

    is_stable = forms.TypedChoiceField(
        label="村里情况",
        choices=[("yes", "保持稳定"), ("no", "出现不稳定情况")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        empty_value=None,
    )

    class Meta:
        model = FollowUp
        fields = ("done_on", "is_stable", "findings")
        widgets = {"findings": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"findings": "写班子、矛盾、信访和群众反映；写事不写人"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("done_on", "findings"):
            self.fields[name].required = True
        stable = self.instance.is_stable
        self.initial["is_stable"] = {True: "yes", False: "no", None: None}[stable]
        self.initial["done_on"] = self.instance.done_on or clock.today()


class SignalForm(ModelForm):
    class Meta:
        model = RelapseSignal
        fields = ("kind", "observed_on", "note")
        widgets = {
            "kind": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"note": "发现了什么，从哪里看出来的；写事不写人"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = SignalKind.choices  # type: ignore[attr-defined]
        self.fields["observed_on"].initial = clock.today()


class AnswerSignalForm(Form):
    answer = forms.CharField(
        label="处置情况",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="已经做了什么，现在怎么样，还要谁做什么",
    )
