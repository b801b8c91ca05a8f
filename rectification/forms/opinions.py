"""Forms of 联查征询: the office asks, a department answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.roles import Department
from core.forms import Form, VersionedModelForm
from rectification.choices import OpinionConclusion, RoundStatus
from rectification.forms.rounds import notified, offer_villages
from rectification.forms.steps import long_text
from rectification.models import DepartmentOpinion, Round
from villages.models import Village

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class AskForm(Form):
    """One question about one village to one department or several."""

    round = forms.ModelChoiceField(
        label="轮次", queryset=Round.objects.none(), empty_label="请选择"
    )
    village = forms.ModelChoiceField(
        label="村", queryset=Village.objects.none(), empty_label="请选择"
    )
    departments = forms.MultipleChoiceField(
        label="征询哪些部门",
        choices=Department.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个部门"},
    )
    question = long_text(
        "征询事项",
        300,
        initial="请就该村是否应列入软弱涣散村党组织提出意见，只写结论和理由，不写案情和个人信息。",
    )
    due_on = forms.DateField(label="请于何日前答复", help_text="至少留出 3 个工作日")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = Round.objects.visible_to(user).filter(status=RoundStatus.OPEN)
        villages = (
            Village.objects.visible_to(user)
            .filter(screenings__round__in=rounds)
            .for_list()
            .distinct()
        )
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]
        offer_villages(self.fields["village"], villages)
        self.initial.setdefault("round", rounds.first())

    def clean_due_on(self) -> date | None:
        return notified(self.cleaned_data["due_on"])


class AnswerForm(VersionedModelForm):
    """A department's opinion: conclusion and reason, no case details."""

    conclusion = forms.ChoiceField(
        label="结论", choices=OpinionConclusion.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = DepartmentOpinion
        fields = ["conclusion", "answer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
