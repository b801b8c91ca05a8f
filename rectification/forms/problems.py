"""Problems, and the questions handed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import Form, VersionedModelForm
from rectification.choices import AnswerKind, Level
from rectification.forms.people import cadre_words
from rectification.forms.steps import long_text, past
from rectification.models import Cadre, Category, Problem
from rectification.services.dates import add_working_days
from rectification.services.problems import NEXT_LEVEL, REPLY_DAYS, earliest_reply

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Case, Escalation


def offer_owners(field: forms.Field, case: Case, user: User, present: int | None = None) -> None:
    """Offer the cadres in post who can be responsible in this case, and the present one."""
    cadres = Cadre.objects.visible_to(user).for_case(case, present=present)
    field.queryset = cadres  # type: ignore[attr-defined]
    field.label_from_instance = cadre_words  # type: ignore[attr-defined]


class ProblemForm(VersionedModelForm):
    """What is wrong, whose it is to solve and by when."""

    class Meta:
        model = Problem
        fields = [
            "title",
            "detail",
            "category",
            "nature",
            "is_historical",
            "level",
            "source",
            "found_on",
            "households",
            "owner",
            "deadline",
        ]
        labels = {"title": "是什么问题（一句话）", "is_historical": "历史遗留问题"}
        help_texts = {
            "detail": "只写事情，不写村民姓名",
            "level": "先由哪一级解决；上一级的事项可以以后再上交",
            "households": "只填户数",
        }
        widgets = {"nature": forms.RadioSelect}

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.case = case
        self.fields["found_on"].initial = clock.today
        self.fields["deadline"].initial = case.final_date
        self.fields["category"].initial = case.main_category_id
        self.fields["nature"].choices = self.fields["nature"].choices[1:]  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.order_by("code")  # type: ignore[attr-defined]
        if self.instance.pk:
            # The level of a problem changes by handing it up, with a question and an answer.
            self.fields["level"].disabled = True
            self.fields["level"].help_text = "要上一级解决的，用“上交”"
        offer_owners(self.fields["owner"], case, user, self.instance.owner_id)

    def clean_found_on(self) -> date:
        return past(self.cleaned_data["found_on"])

    def clean(self) -> dict[str, Any] | None:
        found, deadline = self.cleaned_data.get("found_on"), self.cleaned_data.get("deadline")
        if found and deadline and deadline < found:
            self.add_error("deadline", "解决期限不能早于发现日期")
        return super().clean()


def _usual_reply() -> date:
    return add_working_days(clock.today(), 10)


class EscalationForm(Form):
    """What the level above is asked, and by when."""

    question = long_text("请求上级解决什么", 1000, help_text="写清卡在哪里、需要上级做什么决定")
    reply_due_on = forms.DateField(label="请于何日前答复", initial=_usual_reply)

    def clean_reply_due_on(self) -> date:
        return _long_enough(self.cleaned_data["reply_due_on"])


def _long_enough(day: date) -> date:
    if day < earliest_reply():
        raise forms.ValidationError(f"至少留 {REPLY_DAYS} 个工作日，最早 {earliest_reply()}")
    return day


class AnswerForm(Form):
    """The answer of the level that was asked; passing it on needs a new day."""

    answer_kind = forms.ChoiceField(
        label="答复结果", choices=AnswerKind.choices, widget=forms.RadioSelect
    )
    answer = long_text("答复内容", 2000, help_text="不予支持的，写明理由；继续上交的，写明本级意见")
    decision_no = forms.CharField(label="文号", max_length=60, required=False)
    reply_due_on = forms.DateField(
        label="请上级何日前答复", required=False, help_text="只在“继续上交”时填写"
    )

    def __init__(self, escalation: Escalation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Level(escalation.to_level) not in NEXT_LEVEL:
            kinds = [choice for choice in AnswerKind.choices if choice[0] != AnswerKind.PASSED_ON]
            self.fields["answer_kind"].choices = kinds  # type: ignore[attr-defined]
            del self.fields["reply_due_on"]

    def clean(self) -> dict[str, Any] | None:
        kind, day = self.cleaned_data.get("answer_kind"), self.cleaned_data.get("reply_due_on")
        if kind == AnswerKind.PASSED_ON:
            if not day:
                self.add_error("reply_due_on", "继续上交的，要写明请上级何日前答复")
            elif day < earliest_reply():
                self.add_error("reply_due_on", f"至少留 {REPLY_DAYS} 个工作日")
        return super().clean()
