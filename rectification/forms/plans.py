"""The plan of a village and the decision on it."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import VersionedModelForm
from rectification.forms.steps import FIELDS, ItemForm, past
from rectification.models import Plan

APPROVE, RETURN = "approve", "return"


class PlanForm(VersionedModelForm):
    """What the township writes; people, problems and tasks come from the records."""

    class Meta:
        model = Plan
        fields = ["causes", "goal", "measures", "slots_reason"]
        labels = {"slots_reason": "力量没有配齐的原因"}
        help_texts = {
            "causes": "按类型写清为什么会这样",
            "goal": "到什么时候、达到什么程度",
            "measures": "总的思路；具体措施写成任务，这里不用重复",
            "slots_reason": "四个一力量都配齐的不填",
        }
        widgets = {
            "causes": forms.Textarea(attrs={"rows": 5}),
            "measures": forms.Textarea(attrs={"rows": 5}),
        }


class DecideForm(ItemForm):
    """Approve, or send back with what is to be changed."""

    decision = forms.ChoiceField(
        label="审批结果",
        choices=[(APPROVE, "批准"), (RETURN, "退回修改")],
        widget=forms.RadioSelect,
    )
    on = FIELDS["on"]()
    note = forms.CharField(
        label="审批意见",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        help_text="退回的要写明改什么",
    )

    similarity_reason = forms.CharField(
        label="与别村方案相似仍然批准的理由",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, limit: int | None, **kwargs: Any) -> None:
        """``limit``: how much a plan may read like another, where this one reads more like it."""
        super().__init__(*args, **kwargs)
        if limit is None:
            del self.fields["similarity_reason"]
            return
        self.fields[
            "similarity_reason"
        ].help_text = f"方案与别村相似超过本年度提示线 {limit}%，批准时必须说明，如两村问题同出一因"

    def clean_on(self) -> Any:
        return past(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("decision") == RETURN and not self.cleaned_data.get("note"):
            self.add_error("note", "退回要写明需要修改什么")
        is_unexplained = self.cleaned_data.get("similarity_reason") == ""
        if self.cleaned_data.get("decision") == APPROVE and is_unexplained:
            self.add_error("similarity_reason", "请说明为什么相似仍然批准，或者选择退回修改")
        return cleaned
