"""Questions handed up and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.roles import Department, Role
from core import clock
from core.forms import Form, style_field
from core.workdays import due_after
from rectification.choices import ANSWERS, AnswerKind, Level
from rectification.deadlines import LEAST_REPLY_DAYS, MOST_REPLY_DAYS, USUAL_REPLY_DAYS
from rectification.forms.steps import long_text
from rectification.services.escalations import NEXT_LEVEL

if TYPE_CHECKING:
    from accounts.models import User
    from rectification.models import Escalation


def reply_days_field(**options: Any) -> forms.IntegerField:
    """How many working days the answer may take; the date is computed from it."""
    usual = due_after(clock.today(), USUAL_REPLY_DAYS)
    return forms.IntegerField(
        min_value=LEAST_REPLY_DAYS,
        max_value=MOST_REPLY_DAYS,
        help_text=(
            f"至少留 {LEAST_REPLY_DAYS} 个工作日；填 {USUAL_REPLY_DAYS} 就是 "
            f"{usual.day:%Y年%-m月%-d日}前：{usual.words}"
        ),
        **options,
    )


class EscalationForm(Form):
    """What the level above is asked, and how long the answer may take."""

    question = long_text("请求上级解决什么", 1000, help_text="写清卡在哪里、需要上级做什么决定")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply_days"] = reply_days_field(
            label="请在几个工作日内答复", initial=USUAL_REPLY_DAYS
        )
        style_field(self.fields["reply_days"])


PASSED_ON = AnswerKind.PASSED_ON


class AnswerForm(Form):
    """The answer of the level that was asked; passing it on needs a new day."""

    answer_kind = forms.ChoiceField(
        label="答复结果",
        choices=[(kind.value, kind.label) for kind in ANSWERS],
        widget=forms.RadioSelect,
    )
    answer = long_text("答复内容", 2000, help_text="不予支持的，写明理由；继续上交的，写明本级意见")
    decision_no = forms.CharField(label="文号", max_length=60, required=False)

    def __init__(self, escalation: Escalation, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Level(escalation.to_level) not in NEXT_LEVEL or user.role == Role.DEPARTMENT:
            kinds: Any = self.fields["answer_kind"]
            kinds.choices = [choice for choice in kinds.choices if choice[0] != PASSED_ON]
            self.fields["answer"].help_text = "不予支持的，写明理由"
            return
        self.fields["reply_days"] = reply_days_field(
            label="请上级在几个工作日内答复（只在“继续上交”时填写）", required=False
        )
        style_field(self.fields["reply_days"])

    def clean(self) -> dict[str, Any] | None:
        kind, days = self.cleaned_data.get("answer_kind"), self.cleaned_data.get("reply_days")
        if kind == PASSED_ON and not days and "reply_days" not in self.errors:
            self.add_error("reply_days", "继续上交的，要写明请上级几个工作日内答复")
        return super().clean()


class PassForm(Form):
    """Which department answers for the district; none means the office itself."""

    department = forms.ChoiceField(
        label="请哪个部门答复",
        required=False,
        choices=[("", "（由组织部自己答复）"), *Department.choices],
        help_text="答复期限不变；部门在“待答复”里看到请求事项，看不到档案。没有可用账号的部门，仍由组织部答复",
    )

    def __init__(self, escalation: Escalation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].initial = escalation.department
