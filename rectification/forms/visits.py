"""The visit form: one phone screen, under a minute, no photo and no place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import VersionedModelForm
from rectification.choices import OPEN_PROBLEM_STATUSES, Audience, VisitMode
from rectification.forms.people import cadre_words
from rectification.forms.steps import past
from rectification.models import Cadre, Visit

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from rectification.models import Case


class VisitForm(VersionedModelForm):
    """One visit. Defaults: today, the person who last went, in person."""

    audiences = forms.MultipleChoiceField(
        label="和谁谈了",
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    no_new_problem = forms.TypedChoiceField(
        label="有没有新问题",
        choices=[("True", "没有发现新问题"), ("False", "发现了新问题")],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项"},
    )

    class Meta:
        model = Visit
        fields = [
            "visited_on",
            "visitor",
            "mode",
            "delegate",
            "audiences",
            "households",
            "problems",
            "no_new_problem",
            "findings",
            "next_step",
            "next_by",
        ]
        labels = {"mode": "谁到的村"}
        help_texts = {"delegate": ""}
        widgets = {
            "mode": forms.RadioSelect,
            "problems": forms.CheckboxSelectMultiple,
            "findings": forms.Textarea(attrs={"rows": 2, "placeholder": "一两句话；不写村民姓名"}),
            "delegate": forms.TextInput(attrs={"placeholder": "受托人姓名和职务"}),
            "next_step": forms.TextInput(attrs={"placeholder": "没有可不填"}),
        }

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.case = case
        cadres = Cadre.objects.visible_to(user).who_visit(case, user, self.instance.visitor_id)
        visitor, problems = self.fields["visitor"], self.fields["problems"]
        visitor.queryset = cadres  # type: ignore[attr-defined]
        visitor.label_from_instance = cadre_words  # type: ignore[attr-defined]
        problems.queryset = self._problems(case)  # type: ignore[attr-defined]
        self.fields["delegate"].required = False
        self.fields["households"].required = False
        if not self.instance.pk and not self.is_bound:
            self.fields["visited_on"].initial = clock.today
            visitor.initial = _usual_visitor(case, user)
            self.initial.pop("no_new_problem", None)
            self.initial["households"] = None

    def _problems(self, case: Case) -> Any:
        """Open problems, and those this visit already names."""
        open_ones = case.problems.filter(status__in=OPEN_PROBLEM_STATUSES)
        if not self.instance.pk:
            return open_ones
        return (open_ones | case.problems.filter(visits=self.instance)).distinct()

    def clean_visited_on(self) -> date:
        day = past(self.cleaned_data["visited_on"])
        if day < self.instance.case.proposed_on:
            raise forms.ValidationError("早于这次整顿的提请日期，请核对年份")
        return day

    def clean_households(self) -> int:
        return self.cleaned_data["households"] or 0

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        mode, delegate = self.cleaned_data.get("mode"), self.cleaned_data.get("delegate")
        if mode == VisitMode.OWN:
            self.cleaned_data["delegate"] = ""
        elif mode == VisitMode.DELEGATED and not delegate:
            self.add_error("delegate", "委托他人的，请写明实际到村的人")
        return cleaned


def _usual_visitor(case: Case, user: User) -> int | None:
    """The account's own cadre, else who this account last wrote down for this village."""
    own = Cadre.objects.filter(account=user).in_post().first()
    if own:
        return own.pk
    last = case.visits.filter(entered_by=user).order_by("-entered_at").first()
    return last.visitor_id if last else None
