"""Problems as they are entered and changed, and what each level says about their solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core import clock
from core.forms import Form, VersionedModelForm
from rectification.choices import Level, VerdictValue
from rectification.forms.extensions import not_extended
from rectification.forms.people import cadre_words
from rectification.forms.steps import beside, long_text, past
from rectification.models import Cadre, Category, Cause, Problem
from rectification.services.limits import check_solved_after_found

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from rectification.models import Case


def offer_owners(field: forms.Field, case: Case, user: User, present: int | None = None) -> None:
    """Offer the cadres in post who can be responsible in this case, and the present one.

    Who is responsible and in post passes the item on by a handover, which the other one accepts.
    """
    cadres = Cadre.objects.visible_to(user).for_case(case, present=present)
    field.queryset = cadres  # type: ignore[attr-defined]
    field.label_from_instance = cadre_words  # type: ignore[attr-defined]
    owner = Cadre.objects.in_post().filter(pk=present) if present else Cadre.objects.none()
    if owner.exists():
        field.queryset = owner  # type: ignore[attr-defined]
        field.disabled = True
        field.help_text = "要换责任人，用页面上的“移交责任”，对方接手后才换"


class ProblemForm(VersionedModelForm):
    """What is wrong, whose it is to solve and by when."""

    class Meta:
        model = Problem
        fields = [
            "title",
            "detail",
            "category",
            "nature",
            "cause",
            "cause_note",
            "is_historical",
            "level",
            "source",
            "found_on",
            "households",
            "owner",
            "deadline",
            "parent",
            "waits_for",
        ]
        labels = {"title": "是什么问题（一句话）", "is_historical": "历史遗留问题"}
        help_texts = {
            "detail": "只写事情，不写村民姓名",
            "level": "先由哪一级解决；上一级的事项可以以后再上交",
            "households": "只填户数",
            "cause": "为什么会有这个问题；与类型分开记",
            "cause_note": "成因里没有合适的，或要补充的，写在这里",
            "waits_for": "这些没有办结之前，本问题不能销号",
        }
        widgets = {"nature": forms.RadioSelect, "waits_for": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.case = case
        self.fields["found_on"].initial = clock.today
        self.fields["deadline"].initial = case.final_date
        self.fields["category"].initial = case.main_category_id
        self.fields["nature"].choices = self.fields["nature"].choices[1:]  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.order_by("code")  # type: ignore[attr-defined]
        causes = Cause.objects.offered_to(user, self.instance.cause_id)
        self.fields["cause"].queryset = causes  # type: ignore[attr-defined]
        if self.instance.pk:
            # The level of a problem changes by handing it up, with a question and an answer.
            self.fields["level"].disabled = True
            self.fields["level"].help_text = "要上一级解决的，用“上交”"
        self._offer_problems(case, user)
        offer_owners(self.fields["owner"], case, user, self.instance.owner_id)

    def _offer_problems(self, case: Case, user: User) -> None:
        """Offer the other problems of the case; where there is none, nothing is asked."""
        others = Problem.objects.visible_to(user).filter(case=case).order_by("number")
        others = others.exclude(pk=self.instance.pk)
        for name in ("parent", "waits_for"):
            self.fields[name].queryset = others  # type: ignore[attr-defined]
        if not others.exists():
            del self.fields["parent"], self.fields["waits_for"]

    def clean_found_on(self) -> date:
        return past(self.cleaned_data["found_on"])

    def clean_deadline(self) -> date:
        former = self.initial["deadline"] if self.instance.pk else None
        return not_extended(self.cleaned_data["deadline"], former)

    def clean(self) -> dict[str, Any] | None:
        found, deadline = self.cleaned_data.get("found_on"), self.cleaned_data.get("deadline")
        if found and deadline:
            try:
                beside(check_solved_after_found, deadline, found)
            except forms.ValidationError as refusal:
                self.add_error("deadline", refusal)
        return super().clean()


class VerdictForm(Form):
    """What one level says about whether a problem is solved; half-solved is an answer."""

    level = forms.ChoiceField(label="谁的认定", widget=forms.RadioSelect)
    value = forms.ChoiceField(label="结果", choices=VerdictValue.choices, widget=forms.RadioSelect)
    said_by = forms.CharField(
        label="表态人（职务）",
        max_length=40,
        required=False,
        help_text="村里的认定要写明是谁说的，只写职务，如村民代表、村党支部书记，不写村民姓名",
    )
    note = long_text("说明", 300, required=False)
    on = forms.DateField(label="日期", initial=clock.today)

    def __init__(self, levels: Iterable[Level], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(level.value, level.label) for level in levels]
        self.fields["level"].choices = choices  # type: ignore[attr-defined]
        self.fields["level"].initial = choices[-1][0]
        if Level.VILLAGE not in dict(choices):
            del self.fields["said_by"]

    def clean_on(self) -> date:
        return past(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any] | None:
        data = self.cleaned_data
        if data.get("level") == Level.VILLAGE and not data.get("said_by"):
            self.add_error("said_by", "写明是谁说的（职务）")
        return super().clean()
