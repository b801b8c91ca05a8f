"""Tasks and their progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock, policy
from core.forms import Form, VersionedModelForm
from rectification.choices import ProblemStatus
from rectification.forms.extensions import not_extended
from rectification.forms.problems import offer_owners
from rectification.forms.steps import long_text, past
from rectification.models import Task

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Case


class TaskForm(VersionedModelForm):
    """A measure with somebody responsible and a deadline, against a problem or a type."""

    target = forms.ChoiceField(label="针对什么", help_text="选一个问题；没有具体问题的选类型")

    class Meta:
        model = Task
        fields = ["measure", "result_wanted", "owner", "start_on", "deadline"]
        labels = {"measure": "措施（一句话）"}
        help_texts = {"result_wanted": "做到什么程度算完成"}

    field_order = ["target", "measure", "result_wanted", "owner", "start_on", "deadline"]

    def __init__(self, *args: Any, case: Case, user: User, target: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.case = case
        row = self.instance
        if row.pk:
            target = f"p{row.problem_id}" if row.problem_id else f"c{row.category_id}"
        self._problems = list(
            case.problems.filter(status__in=(ProblemStatus.OPEN, ProblemStatus.TRACKED))
        )
        self._categories = [case.main_category, *case.further_categories.all()]
        self.fields["target"].choices = self._targets()  # type: ignore[attr-defined]
        self.initial["target"] = target
        self.fields["start_on"].initial = clock.today
        self.fields["deadline"].initial = case.final_date
        offer_owners(self.fields["owner"], case, user, row.owner_id)

    def _targets(self) -> list[Any]:
        problems = [(f"p{item.pk}", str(item)) for item in self._problems]
        categories = [(f"c{item.pk}", item.name) for item in self._categories]
        return [("", "（请选择）"), ("问题", problems), ("类型", categories)]

    def clean_deadline(self) -> date:
        former = self.initial["deadline"] if self.instance.pk else None
        return not_extended(self.cleaned_data["deadline"], former)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kind, key = (target := self.cleaned_data.get("target", ""))[:1], target[1:]
        problem = next((p for p in self._problems if kind == "p" and str(p.pk) == key), None)
        category = next((c for c in self._categories if kind == "c" and c.pk == key), None)
        if problem or category:
            self.instance.problem = problem
            self.instance.category = problem.category if problem else category
        for name, refused in policy.check_texts(self.cleaned_data).items():
            self.add_error(name, refused)
        return cleaned


class ProgressForm(Form):
    """One sentence of progress."""

    text = long_text("进展", 1000, help_text="一句话就够：做了什么、到了哪一步")
    on = forms.DateField(label="日期", initial=clock.today)

    def clean_on(self) -> date:
        return past(self.cleaned_data["on"])
