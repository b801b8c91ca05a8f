"""A measure of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import policy
from core.forms import VersionedModelForm
from rectification.models import Cause, Measure

if TYPE_CHECKING:
    from accounts.models import User


class MeasureForm(VersionedModelForm):
    """What is done, what it should lead to, and against what."""

    class Meta:
        model = Measure
        fields = ["text", "result_wanted", "category", "cause", "days", "is_in_use"]
        labels = {"text": "措施（一句话）"}
        help_texts = {
            "result_wanted": "做到什么程度算完成",
            "category": "类型和成因至少选一个",
            "days": "选用时据此填任务期限，从认定之日算起",
            "is_in_use": "不再推荐的去掉勾；用过的记录和效果都保留",
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        causes = Cause.objects.offered_to(user, self.instance.cause_id)
        self.fields["cause"].queryset = causes  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        others = Measure.objects.filter(district=self.instance.district_id, text=text)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("措施库里已经有这条措施")
        return text

    def clean(self) -> dict[str, Any] | None:
        for name, refused in policy.check_texts(self.cleaned_data).items():
            self.add_error(name, refused)
        if not self.cleaned_data.get("category") and not self.cleaned_data.get("cause"):
            self.add_error("category", "请选择针对的类型或成因")
        return super().clean()

    def clean_days(self) -> Any:
        days = self.cleaned_data["days"]
        if not days:
            raise forms.ValidationError("天数要大于 0")
        return days
